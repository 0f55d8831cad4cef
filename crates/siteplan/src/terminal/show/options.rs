//! A Recommendation → the table of options, everything about each, and the recommendation with what would change it.

use std::collections::BTreeMap;
use std::fmt::Write;

use siteplan_model::recommendation::{Exclusion, PlatformOption, Recommendation, RecommendationCertainty};

use super::super::question::letter;
use super::super::sanitise::{line, short};
use super::super::style::{GOOD, QUIET, STRONG, WARNING, columns, padded, paint, wrapped};

/// Columns of the words before a detail.
const LABELS: usize = 14;
/// Columns between two columns of the table.
const GAP: usize = 3;
/// No name is cut shorter in the table.
const SHORTEST_NAME: usize = 24;

/// The whole recommendation at a width.
pub(crate) fn recommendation_at(recommendation: &Recommendation, width: usize) -> String {
    let mut text = table(&recommendation.options, recommendation, width);
    for (index, option) in recommendation.options.iter().enumerate() {
        text.push('\n');
        text.push_str(&block(index, option, width));
    }
    text.push('\n');
    text.push_str(&conclusion(recommendation, width));
    text
}

/// One line for each option.
fn table(options: &[PlatformOption], recommendation: &Recommendation, width: usize) -> String {
    let header = ["", "confidence", "a month", "expected", "what it asks of you", ""].map(str::to_owned);
    let row = |(index, option): (usize, &PlatformOption)| {
        [
            format!("{}  {}", letter(index), line(&option.name)),
            format!(
                "{:<6} {:>3.0}",
                option.confidence.level.label().to_lowercase(),
                hundredths(option.confidence.support)
            ),
            option.monthly_usd.span(),
            option.monthly_usd.expected.rounded(),
            effort(option),
            standing(option, recommendation),
        ]
    };
    let mut rows = vec![header];
    rows.extend(options.iter().enumerate().map(row));
    let mut widths: [usize; 6] =
        std::array::from_fn(|column| rows.iter().map(|row| columns(&row[column])).max().unwrap_or(0));
    // A long name gives way, so that each option stays in one line.
    let others: usize = widths[1..].iter().map(|width| width + GAP).sum();
    widths[0] = widths[0].min(width.saturating_sub(others + 2).max(SHORTEST_NAME));
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        let mut cells = String::from("  ");
        for (column, cell) in row.iter().enumerate() {
            cells.push_str(&padded(&short(cell, widths[column]), widths[column] + GAP));
        }
        let cells = cells.trim_end();
        let style = match number {
            0 => QUIET,
            _ if options[number - 1].platform == recommendation.recommended => STRONG,
            _ => anstyle::Style::new(),
        };
        text.push_str(&paint(style, cells));
        text.push('\n');
    }
    text
}

/// The name of a platform that is among the options, else its id.
fn name(recommendation: &Recommendation, id: &str) -> String {
    let option = recommendation.options.iter().find(|option| option.platform.as_str() == id);
    option.map_or_else(|| id.to_owned(), |option| line(&option.name))
}

/// `1 file, 1 credential, 0 tools`
fn effort(option: &PlatformOption) -> String {
    let effort = &option.effort;
    [counted(effort.files, "file"), counted(effort.credentials, "credential"), counted(effort.tools, "tool")]
        .join(", ")
}

/// What sets an option apart: recommended, in use, too dear, ruled out.
fn standing(option: &PlatformOption, recommendation: &Recommendation) -> String {
    let mut words = Vec::new();
    if option.platform == recommendation.recommended {
        words.push("recommended".to_owned());
    }
    if option.current {
        words.push("in use now".to_owned());
    }
    if !option.within_budget {
        words.push("above the budget".to_owned());
    }
    let others =
        option.violates.iter().filter(|broken| option.within_budget || broken.constraint != "budget");
    words.extend(others.map(|broken| format!("breaks {}", line(&broken.constraint))));
    words.join(", ")
}

/// Everything about one option.
fn block(index: usize, option: &PlatformOption, width: usize) -> String {
    let title = format!("{}  {}", letter(index), line(&option.name));
    let mut text = format!("{}  {}\n", paint(STRONG, &title), paint(QUIET, option.philosophy.label()));
    let confidence = &option.confidence;
    let mut rated = format!(
        "{}: a good choice in {:.0} of 100 scenarios, the best in {:.0}",
        confidence.level.label(),
        hundredths(confidence.support),
        hundredths(confidence.wins)
    );
    for condition in &confidence.conditions {
        let _ = write!(rated, "; {} if {}", condition.level.label(), answers(&condition.when));
    }
    let mut add = |label: &str, detail: &str| {
        if !detail.is_empty() {
            text.push_str(&wrapped(&format!("   {}", padded(label, LABELS)), &line(detail), width));
            text.push('\n');
        }
    };
    add("Confidence", &rated);
    for broken in &option.violates {
        add("Breaks", &format!("{}: {} ({})", broken.constraint, broken.because, broken.relax));
    }
    list(&mut add, "Best for", &option.best_for);
    list(&mut add, "Pros", &option.pros);
    list(&mut add, "Cons", &option.cons);
    list(&mut add, "Avoid if", &option.avoid_if);
    add("Reasoning", &option.reasoning);
    add("Cost", &cost(option));
    add("Complexity", &complexity(option));
    let placed: Vec<String> =
        option.placement.iter().map(|p| format!("{}: {} {}", p.service, p.platform, p.plan)).collect();
    add("Runs as", &placed.join(" · "));
    add("Reference", &option.reference);
    text
}

fn list(add: &mut impl FnMut(&str, &str), label: &str, items: &[String]) {
    for (index, item) in items.iter().enumerate() {
        add(if index == 0 { label } else { "" }, &format!("· {item}"));
    }
}

fn cost(option: &PlatformOption) -> String {
    let within = if option.within_budget { "within the budget" } else { "above the budget" };
    let cost = format!(
        "{} a month for all environments, {} expected, {within}",
        option.monthly_usd.span(),
        option.monthly_usd.expected.rounded()
    );
    if option.price_note.is_empty() { cost } else { format!("{cost}. {}", option.price_note) }
}

fn complexity(option: &PlatformOption) -> String {
    format!(
        "{}: {} to create, {} to write, {} to set, {} to install",
        option.complexity.label(),
        counted(option.effort.resources, "thing"),
        counted(option.effort.files, "file"),
        counted(option.effort.credentials, "credential"),
        counted(option.effort.tools, "tool"),
    )
}

/// The recommendation, how sure it is, what would change it, what was ruled out.
fn conclusion(recommendation: &Recommendation, width: usize) -> String {
    let sure = match recommendation.certainty {
        RecommendationCertainty::Confident => "Confident",
        RecommendationCertainty::Moderate => "Moderately confident",
        RecommendationCertainty::Uncertain => "Uncertain",
    };
    let mut text = format!(
        "{}\n",
        paint(
            GOOD,
            &paint(
                STRONG,
                &format!("Recommendation: {}", name(recommendation, recommendation.recommended.as_str()))
            )
        )
    );
    let mut say = |words: &str| {
        text.push_str(&wrapped("  ", &line(words), width));
        text.push('\n');
    };
    say(&sentence(&recommendation.because));
    say(&sentence(&format!("{sure}: {}", recommendation.certainty_because)));
    if let Some(first) = recommendation.options.first() {
        say(&format!(
            "It is a good choice in {:.0} of 100. That is no chance that the deployment succeeds: it says how much \
             depends on what is not known.",
            hundredths(first.confidence.support)
        ));
    }
    if !recommendation.would_change.is_empty() {
        text.push_str("\n  It would change\n");
        for flip in &recommendation.would_change {
            let words = format!(
                "if {} → {}: {}",
                answers(&flip.when),
                line(recommendation.platform_name(&flip.then)),
                flip.because
            );
            text.push_str(&wrapped("    ", &line(&words), width));
            text.push('\n');
        }
    }
    text.push_str(&ruled_out(recommendation, width));
    if !recommendation.worth_asking.is_empty() {
        let asked = recommendation.worth_asking.join(", ");
        text.push_str(&wrapped("  ", &line(&format!("Could still change it: {asked}")), width));
        text.push('\n');
    }
    text
}

fn ruled_out(recommendation: &Recommendation, width: usize) -> String {
    let mut by_platform: BTreeMap<&str, Vec<&Exclusion>> = BTreeMap::new();
    for exclusion in &recommendation.excluded {
        by_platform.entry(recommendation.platform_name(&exclusion.platform)).or_default().push(exclusion);
    }
    if by_platform.is_empty() {
        return String::new();
    }
    let mut text = format!("\n  {}\n", paint(WARNING, "Ruled out"));
    for (platform, broken) in by_platform {
        let because: Vec<String> = broken
            .iter()
            .map(|exclusion| format!("{} ({})", exclusion.because, exclusion.constraint))
            .collect();
        text.push_str(&wrapped("    ", &line(&format!("{platform}: {}", because.join("; "))), width));
        text.push('\n');
    }
    text
}

/// `budget = free and scale = low`
fn answers(when: &BTreeMap<String, String>) -> String {
    let all: Vec<String> = when.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    all.join(" and ")
}

fn sentence(text: &str) -> String {
    let text = text.trim_end_matches('.');
    if text.is_empty() { String::new() } else { format!("{text}.") }
}

fn hundredths(share: f64) -> f64 {
    (share * 100.0).round()
}

fn counted(count: u32, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
