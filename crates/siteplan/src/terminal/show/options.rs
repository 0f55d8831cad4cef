//! A Recommendation → one screen that can be argued with (the options in a table, why the first is recommended, what would
//! change that, what it rests on), then everything about each option, then what was ruled out.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

use siteplan_model::cost::CostLine;
use siteplan_model::digits::hundredths;
use siteplan_model::id::PlatformId;
use siteplan_model::money::Usd;
use siteplan_model::recommendation::{Confidence, Effort, Flip, PlatformOption, Ranked, Recommendation};

use super::super::numbers::price;
use super::super::question::letter;
use super::super::sanitise::line;
use super::super::style::{QUIET, STRONG, WARNING, columns, padded, paint, wrapped};
use super::super::table::{Row, Side, table};

/// Columns of the words before a detail.
const LABELS: usize = 14;
/// Columns of an option's name, or all that it has, for which a row gives up its last cells: they then stand below it.
const NAMED: usize = 20;
/// Columns around the cells of a row, and between two of them.
const AROUND: usize = 2;
/// Changed answers that are told with their reason on the first screen; more are named only.
const FLIPS_TOLD: usize = 5;
/// Loads and prices at which something changes that are told on the first screen.
const BREAK_EVENS_TOLD: usize = 2;
/// Prices that are cited on the first screen.
const PRICES_CITED: usize = 3;

/// The whole recommendation at a width, with the lines of the recommended option's bill where they are known.
pub(crate) fn recommendation_at(
    recommendation: &Recommendation,
    prices: &[CostLine],
    width: usize,
) -> String {
    let mut text = options(recommendation, width);
    text.push('\n');
    text.push_str(&argument(recommendation, prices, width));
    for (index, option) in recommendation.options.iter().enumerate() {
        text.push('\n');
        text.push_str(&block(index, option, width));
    }
    text.push_str(&changes_in_full(recommendation, width));
    text.push_str(&firmness(recommendation, width));
    text.push_str(&ruled_out(recommendation, width));
    text
}

/// The same for somebody who is about to choose: what decides stands last, where the eye is.
pub(crate) fn before_choice(recommendation: &Recommendation, width: usize) -> String {
    let mut text = String::new();
    for (index, option) in recommendation.options.iter().enumerate() {
        text.push_str(&block(index, option, width));
        text.push('\n');
    }
    text.push_str(&options(recommendation, width));
    text.push('\n');
    text.push_str(&argument(recommendation, &[], width));
    text
}

/// One line for each option.
fn options(recommendation: &Recommendation, width: usize) -> String {
    let head = ["", "confidence", "a month", "expected", "what it asks of you", ""].map(str::to_owned);
    let told: Vec<[String; 6]> = recommendation
        .options
        .iter()
        .enumerate()
        .map(|(index, option)| {
            let level = option.confidence.level.label().to_lowercase();
            [
                format!("{}  {}", letter(index), line(&option.name)),
                rating(&level, &option.confidence),
                option.monthly_usd.span(),
                option.monthly_usd.expected.rounded(),
                effort(&option.effort),
                standing(option, recommendation),
            ]
        })
        .collect();
    let widest: [usize; 6] = std::array::from_fn(|column| {
        std::iter::once(&head).chain(&told).map(|cells| columns(&cells[column])).max().unwrap_or(0)
    });
    let fits = |count: &usize| {
        let others: usize = widest[1..*count].iter().map(|cell| cell + AROUND).sum();
        AROUND + widest[0].min(NAMED) + others <= width
    };
    let count = [6, 5].into_iter().find(fits).unwrap_or(4);
    let mut rows = vec![Row::new(kept(head, count)).styled(QUIET)];
    for (option, cells) in recommendation.options.iter().zip(told) {
        let below = cells[count..].iter().filter(|cell| !cell.is_empty());
        let below = below.cloned().collect::<Vec<_>>().join("; ");
        let best = option.platform == recommendation.recommended;
        let style = if best { STRONG } else { anstyle::Style::new() };
        rows.push(Row::new(kept(cells, count)).styled(style).with_below(below));
    }
    let sides = [Side::Left, Side::Left, Side::Left, Side::Right, Side::Left, Side::Left];
    table(&kept(sides, count), 0, &rows, 2, width)
}

/// A level with the share that it comes from; where nothing was compared there is none.
fn rating(level: &str, confidence: &Confidence) -> String {
    if confidence.alone {
        format!("{level:<6}   –")
    } else {
        format!("{level:<6} {:>3}", hundredths(confidence.support))
    }
}

/// The cells of a row; without room the last ones stand below it.
fn kept<T: Clone>(cells: [T; 6], count: usize) -> Vec<T> {
    cells.into_iter().take(count).collect()
}

/// `1 file, 1 credential, 1 tool`; what is none is left out.
fn effort(effort: &Effort) -> String {
    let all = [(effort.files, "file"), (effort.credentials, "credential"), (effort.tools, "tool")];
    let told: Vec<String> =
        all.into_iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(count, noun)).collect();
    if told.is_empty() { "nothing to set up".to_owned() } else { told.join(", ") }
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
    match &option.within_budget_with {
        _ if option.price_is_open => words.push("price not known".to_owned()),
        Some(with) => words.push(format!("above the budget but with {}", line(&with.words))),
        None if option.within_budget => {}
        None => words.push("above the budget".to_owned()),
    }
    if option.confidence.alone {
        words.push("the only one left".to_owned());
    }
    let others =
        option.violates.iter().filter(|broken| option.within_budget || broken.constraint != "budget");
    words.extend(others.map(|broken| format!("breaks {}", line(&broken.constraint))));
    words.join(", ")
}

/// Everything about one option.
fn block(index: usize, option: &PlatformOption, width: usize) -> String {
    let title = format!("{}  {}", letter(index), line(&option.name));
    let philosophy = option.philosophy.label();
    let gap = if columns(&title) + 2 + columns(philosophy) <= width { "  " } else { "\n   " };
    let title = paint(STRONG, &wrapped("", &title, width));
    let mut text = format!("{title}{gap}{}\n", paint(QUIET, philosophy));
    let confidence = &option.confidence;
    let rated = if confidence.alone {
        format!("{}: the only one left, compared with none", confidence.level.label())
    } else {
        format!(
            "{}: a good choice in {} of 100 scenarios, the best in {}",
            confidence.level.label(),
            hundredths(confidence.support),
            hundredths(confidence.wins)
        )
    };
    let mut add = |label: &str, detail: &str| {
        if !detail.is_empty() {
            text.push_str(&wrapped(&format!("   {}", padded(label, LABELS)), &line(detail), width));
            text.push('\n');
        }
    };
    add("Confidence", &rated);
    for broken in &option.violates {
        add("Breaks", &format!("{}: {}", broken.constraint, broken.because));
    }
    if !option.violates.is_empty() {
        add("Feasible with", &lifted(option));
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
    if let Some(leaving) = &option.leaving {
        add("Leaving it", &leaving.summary);
    }
    add("Reference", &option.reference);
    text
}

/// What lifts all that an option breaks; where no answer does, what it would take of each.
fn lifted(option: &PlatformOption) -> String {
    let each = || option.violates.iter().map(|broken| broken.relax.as_str()).collect::<Vec<_>>().join("; ");
    option
        .feasible_with
        .as_ref()
        .map_or_else(|| format!("no other answer; {}", each()), |it| it.words.clone())
}

fn list(add: &mut impl FnMut(&str, &str), label: &str, items: &[String]) {
    for (index, item) in items.iter().enumerate() {
        add(if index == 0 { label } else { "" }, &format!("· {item}"));
    }
}

fn cost(option: &PlatformOption) -> String {
    let within = match (option.price_is_open, option.within_budget) {
        (true, _) => "without what has no known price and may cost more than the rest",
        (false, true) => "within the budget",
        (false, false) => "above the budget",
    };
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

/// Why the first option is recommended, how sure that is, what would change it, what it rests on.
fn argument(recommendation: &Recommendation, prices: &[CostLine], width: usize) -> String {
    let mut text = String::new();
    let mut say = |words: &str| {
        text.push_str(&wrapped("  ", &line(words), width));
        text.push('\n');
    };
    say(&sentence(&recommendation.because));
    // The level stands in the table: a second word for it would be a second scale.
    let because = sentence(&capital(&recommendation.certainty_because));
    let weighed = |first: &&PlatformOption| first.feasible && !first.confidence.alone;
    match recommendation.options.first().filter(weighed) {
        Some(first) => say(&format!(
            "{because} It is a good choice in {} of 100. That is no chance that the deployment succeeds: it says how much \
             depends on what is not known.",
            hundredths(first.confidence.support)
        )),
        None => say(&because),
    }
    text.push_str(&changes(recommendation, width));
    text.push_str(&rests_on(recommendation, prices, width));
    if !recommendation.worth_asking.is_empty() {
        let asked = recommendation.worth_asking.join(", ");
        text.push_str(&labelled("Worth asking", &format!("{asked}: an answer could still change it"), width));
    }
    text
}

/// What leads to another recommendation, one line each; the reasons in full stand below the options.
fn changes(recommendation: &Recommendation, width: usize) -> String {
    let flips = &recommendation.would_change;
    if flips.is_empty() && break_evens(recommendation).next().is_none() {
        return labelled("It would change", "with no single other answer", width);
    }
    let mut text = format!("  {}\n", paint(STRONG, "It would change"));
    let told = &flips[..flips.len().min(FLIPS_TOLD)];
    let conditions: Vec<String> = told.iter().map(|flip| format!("if {}", answers(&flip.when))).collect();
    let longest = conditions.iter().map(|condition| columns(condition)).max().unwrap_or(0);
    for (condition, flip) in conditions.iter().zip(told) {
        let (condition, then) = (line(condition), then(recommendation, flip));
        // The reason stands beside its answer, or below it where it would have no room.
        let words = if longest <= width / 2 {
            wrapped(&format!("    {}  → ", padded(&condition, longest)), &then, width)
        } else {
            format!("    {condition}\n{}", wrapped("      → ", &then, width))
        };
        text.push_str(&words);
        text.push('\n');
    }
    let rest = &flips[told.len()..];
    if !rest.is_empty() {
        let others: Vec<String> = rest
            .iter()
            .map(|flip| format!("{} → {}", answers(&flip.when), recommendation.platform_name(&flip.then)))
            .collect();
        text.push_str(&wrapped("    also if ", &line(&others.join("; ")), width));
        text.push('\n');
    }
    for words in break_evens(recommendation).take(BREAK_EVENS_TOLD) {
        text.push_str(&wrapped("    ", &line(&words), width));
        text.push('\n');
    }
    text
}

/// The platform of a changed answer, and why.
fn then(recommendation: &Recommendation, flip: &Flip) -> String {
    let name = line(recommendation.platform_name(&flip.then));
    if flip.because.starts_with(&name) {
        line(&flip.because)
    } else {
        line(&format!("{name}: {}", flip.because))
    }
}

/// Every change with its whole reason.
fn changes_in_full(recommendation: &Recommendation, width: usize) -> String {
    if recommendation.would_change.is_empty() && break_evens(recommendation).next().is_none() {
        return String::new();
    }
    let mut text = format!("\n  {}\n", paint(STRONG, "What would change it, in full"));
    let flips = recommendation
        .would_change
        .iter()
        .map(|flip| format!("if {} → {}", answers(&flip.when), then(recommendation, flip)));
    for words in flips.chain(break_evens(recommendation)) {
        text.push_str(&wrapped("    · ", &line(&words), width));
        text.push('\n');
    }
    text
}

/// The loads and prices at which something changes, the nearest of each kind first.
fn break_evens(recommendation: &Recommendation) -> impl Iterator<Item = String> {
    let mut loads = recommendation.break_even_load.iter().map(|point| point.because.clone());
    let mut prices = recommendation.break_even_price.iter().map(|point| point.because.clone());
    let nearest = [loads.next(), prices.next()].into_iter().flatten().collect::<Vec<_>>();
    nearest.into_iter().chain(loads).chain(prices)
}

/// How far the recommendation carries: the weights within which it stays, and the uncertain values that it hangs on.
fn firmness(recommendation: &Recommendation, width: usize) -> String {
    let hundredth = |share: f64| hundredths(share).to_string();
    let mut rows =
        vec![Row::new(["criterion", "weighs", "stays from", "to", "else"].map(str::to_owned)).styled(QUIET)];
    for interval in &recommendation.weight_stability {
        let name = |id: &Option<PlatformId>| id.as_ref().map(|id| line(recommendation.platform_name(id)));
        let below = name(&interval.below).map(|name| format!("below: {name}"));
        let above = name(&interval.above).map(|name| format!("above: {name}"));
        if below.is_none() && above.is_none() {
            continue;
        }
        let otherwise: Vec<String> = below.into_iter().chain(above).collect();
        let [weight, from, to] = [interval.weight, interval.from, interval.to].map(hundredth);
        rows.push(Row::new([interval.criterion.clone(), weight, from, to, otherwise.join(", ")]));
    }
    let mut text = String::new();
    if rows.len() > 1 {
        let _ = writeln!(text, "\n  {}", paint(STRONG, "Weights of a hundred within which it stays"));
        let sides = [Side::Left, Side::Right, Side::Right, Side::Right, Side::Left];
        text.push_str(&table(&sides, 4, &rows, 4, width));
    }
    if !recommendation.load_bearing.is_empty() {
        let _ = writeln!(text, "\n  {}", paint(STRONG, "Uncertain values that it hangs on"));
        for value in &recommendation.load_bearing {
            let words =
                format!("{} (siteplan explain {} {} .)", value.because, value.platform, value.criterion);
            text.push_str(&wrapped("    ", &line(&words), width));
            text.push('\n');
        }
    }
    text
}

/// The dearest lines of the recommended option's bill, each with the site and the day on which its page was read; the page itself
/// stands below the bill.
fn rests_on(recommendation: &Recommendation, prices: &[CostLine], width: usize) -> String {
    let mut dear: Vec<&CostLine> = prices.iter().filter(|of| of.monthly.expected > Usd::ZERO).collect();
    dear.sort_by_key(|of| Reverse(of.monthly.expected));
    let mut items: Vec<&str> = Vec::new();
    let mut cited: Vec<String> = Vec::new();
    for of in dear {
        let what = if of.item.is_empty() { of.component.as_str() } else { of.item.as_str() };
        // The same plan may cost a little more in production, for its storage.
        if !items.contains(&what) && cited.len() < PRICES_CITED {
            items.push(what);
            let page = of.source.trim_start_matches("https://");
            let site = page.split('/').next().unwrap_or(page);
            let each =
                if of.unit.ends_with("month") { String::new() } else { format!(" for each {}", of.unit) };
            let part = if of.item.is_empty() || each.is_empty() { "" } else { &of.component };
            let what = if part.is_empty() { what.to_owned() } else { format!("{what} {part}") };
            cited.push(format!("{} {}{each} ({site}, {})", line(&what), price(of.unit_price), of.seen));
        }
    }
    if cited.is_empty() {
        return String::new();
    }
    let more = format!(
        "every line of the bill: siteplan cost · every value: siteplan explain {} simplicity PATH",
        recommendation.recommended
    );
    let more = paint(QUIET, &wrapped("    ", &more, width));
    format!("{}{more}\n", labelled("It rests on", &cited.join(" · "), width))
}

/// A line that begins with what it is about.
fn labelled(label: &str, words: &str, width: usize) -> String {
    let all = wrapped("  ", &line(&format!("{label}   {words}")), width);
    let painted = all.replacen(label, &paint(STRONG, label), 1);
    format!("{painted}\n")
}

/// What was ruled out, each with what would have to change, in the order of the ranking: what needs the least comes first, of what is
/// about as near what suits better.
fn ruled_out(recommendation: &Recommendation, width: usize) -> String {
    let out: Vec<&Ranked> = recommendation.ranking.iter().filter(|ranked| !ranked.feasible).collect();
    if out.is_empty() {
        return String::new();
    }
    let title = "Ruled out, the nearest first, of about equally near ones what suits better";
    let mut text = format!("\n{}\n", paint(WARNING, &wrapped("  ", title, width)));
    for one in out {
        let broken = recommendation.excluded.iter().filter(|exclusion| exclusion.platform == one.platform);
        let because: Vec<String> =
            broken.map(|exclusion| format!("{} ({})", exclusion.because, exclusion.constraint)).collect();
        let lifted = one.feasible_with.as_ref().map(|it| format!("; feasible with {}", it.words));
        let words = format!("{}: {}{}", one.name, because.join("; "), lifted.unwrap_or_default());
        text.push_str(&wrapped("    ", &line(&words), width));
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

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn counted(count: u32, noun: &str) -> String {
    match count {
        0 => format!("no {noun}"),
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}
