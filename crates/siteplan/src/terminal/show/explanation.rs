//! An Explanation → the facts, the terms worked out from them, and the sources, for somebody who wants to argue.

use std::collections::BTreeMap;
use std::fmt::Write;

use siteplan_model::explanation::{Explanation, Input, Operation, Origin, Reference, Term};

use super::super::numbers;
use super::super::sanitise::line;
use super::super::style::{QUIET, STRONG, columns, padded, paint, wrapped};

/// Whole thousands stand apart from here on: below it a year would be torn apart, and four digits are read at once.
const APART_FROM: f64 = 10_000.0;

/// A number of an explanation, which may be a year.
fn number(value: f64) -> String {
    let digits = numbers::number(value);
    if value.abs() < APART_FROM { digits.replace(',', "") } else { digits }
}

/// The whole explanation at a width.
pub(crate) fn explanation_at(explanation: &Explanation, width: usize) -> String {
    let title = format!("{} · {}", line(&explanation.name), explanation.criterion);
    let value = format!("{} ± {}", number(round(explanation.value)), number(round(explanation.half_width)));
    let mut text = format!("{}   {}\n", paint(STRONG, &title), paint(STRONG, &value));
    say(&mut text, "  ", &explanation.formula, width);
    let answers: Vec<String> =
        explanation.answers.iter().map(|(key, answer)| format!("{key} {answer}")).collect();
    say(&mut text, "  for ", &answers.join(", "), width);

    let sources = sources(explanation);
    let of = |origin| explanation.inputs.iter().filter(move |input| input.from == origin);
    let used = |input: &Input| explanation.terms.iter().any(|term| term.of.contains(&input.id));
    section(&mut text, "Facts", of(Origin::Fact), &sources, width, &used);
    section(&mut text, "Of the application", of(Origin::Application), &sources, width, &used);
    section(&mut text, "Assumptions about use", of(Origin::Assumption), &sources, width, &used);
    section(
        &mut text,
        "Parameters of the method (criteria.toml)",
        of(Origin::Parameter),
        &sources,
        width,
        &used,
    );
    for scale in &explanation.scales {
        let values: Vec<String> =
            scale.values.iter().map(|(word, value)| format!("{word} {}", number(*value))).collect();
        say(&mut text, "    ", &format!("{}: {}", scale.key, values.join(", ")), width);
        quiet(&mut text, "      ", &scale.reason, width);
    }

    heading(&mut text, "Worked out");
    let numbers: BTreeMap<u32, f64> = explanation
        .inputs
        .iter()
        .map(|input| (input.id, input.value))
        .chain(explanation.terms.iter().map(|term| (term.id, term.value)))
        .collect();
    let names = explanation.terms.iter().map(|term| columns(&term.name)).max().unwrap_or(0).min(width / 2);
    for (index, term) in explanation.terms.iter().enumerate() {
        let first = format!("    {} = ", padded(&line(&term.name), names));
        let (formula, result) = (formula(term, &numbers), number(term.value));
        // A sum of one thing is that thing.
        let worked = if formula == result { result } else { format!("{formula} = {result}") };
        let shown = wrapped(&first, &worked, width);
        let last = index + 1 == explanation.terms.len();
        text.push_str(&if last { paint(STRONG, &shown) } else { shown });
        text.push('\n');
    }
    let because =
        format!("half-width {}: {}", number(round(explanation.half_width)), explanation.half_width_because);
    say(&mut text, "    ", &because, width);

    if !explanation.weighs.is_empty() {
        heading(&mut text, "How much it counts");
        for words in &explanation.weighs {
            say(&mut text, "    ", words, width);
        }
    }
    if !sources.is_empty() {
        heading(&mut text, "Sources");
        for (index, source) in sources.iter().enumerate() {
            let dated = source.as_of.as_ref().map(|date| format!(", as of {date}")).unwrap_or_default();
            let words = format!("{} (seen {}{dated}, {})", source.url, source.seen, source.grade);
            quiet(&mut text, &format!("    [{}] ", index + 1), &words, width);
        }
    }
    text
}

/// One kind of input, each with its number, its words and its place.
fn section<'e>(
    text: &mut String,
    title: &str,
    inputs: impl Iterator<Item = &'e Input>,
    sources: &[&Reference],
    width: usize,
    used: &impl Fn(&Input) -> bool,
) {
    // The same parameter may enter twice.
    let mut shown: Vec<&Input> = Vec::new();
    for input in inputs {
        if !shown
            .iter()
            .any(|other| other.name == input.name && other.at == input.at && other.words == input.words)
        {
            shown.push(input);
        }
    }
    if shown.is_empty() {
        return;
    }
    heading(text, title);
    let names = shown.iter().map(|input| columns(&input.name)).max().unwrap_or(0).min(width / 2);
    let values = shown.iter().map(|input| columns(&number(input.value))).max().unwrap_or(0);
    for input in shown {
        let value = number(input.value);
        let first = format!(
            "    {}  {}{value}",
            padded(&line(&input.name), names),
            " ".repeat(values.saturating_sub(columns(&value)))
        );
        let mark = input.source.as_ref().and_then(|source| sources.iter().position(|known| *known == source));
        let mut details: Vec<String> = Vec::new();
        details.extend(input.words.clone());
        details.extend(mark.map(|mark| format!("[{}]", mark + 1)));
        if !used(input) && input.from == Origin::Fact {
            details.push("(beneath the cost)".to_owned());
        }
        let detail = line(&details.join(" "));
        text.push_str(&if detail.is_empty() {
            first
        } else {
            wrapped(&format!("{first}  "), &detail, width)
        });
        text.push('\n');
        let place = input.at.as_ref().filter(|_| input.from != Origin::Parameter);
        let noted: Vec<&str> = place.map(String::as_str).into_iter().chain(input.note.as_deref()).collect();
        if !noted.is_empty() {
            quiet(text, "      ", &noted.join(": "), width);
        }
    }
}

fn heading(text: &mut String, title: &str) {
    let _ = writeln!(text, "\n  {}", paint(STRONG, title));
}

fn say(text: &mut String, first: &str, words: &str, width: usize) {
    text.push_str(&wrapped(first, &line(words), width));
    text.push('\n');
}

fn quiet(text: &mut String, first: &str, words: &str, width: usize) {
    text.push_str(&paint(QUIET, &wrapped(first, &line(words), width)));
    text.push('\n');
}

/// The sources in the order of their first use.
fn sources(explanation: &Explanation) -> Vec<&Reference> {
    let mut all: Vec<&Reference> = Vec::new();
    for source in explanation.inputs.iter().filter_map(|input| input.source.as_ref()) {
        if !all.contains(&source) {
            all.push(source);
        }
    }
    all
}

/// A term with its numbers in the place of names.
fn formula(term: &Term, numbers: &BTreeMap<u32, f64>) -> String {
    let of: Vec<String> =
        term.of.iter().map(|id| numbers.get(id).copied().map_or_else(String::new, number)).collect();
    let at = |index: usize| of.get(index).map_or("", String::as_str);
    match term.operation {
        Operation::Sum => {
            if of.is_empty() {
                "nothing".to_owned()
            } else {
                of.join(" + ")
            }
        }
        Operation::Difference => format!("{} − {}", at(0), at(1)),
        Operation::Product => of.join(" × "),
        Operation::Quotient => format!("{} / {}", at(0), at(1)),
        Operation::Mean | Operation::Smallest if of.len() == 1 => at(0).to_owned(),
        Operation::Mean => format!("({}) / {}", of.join(" + "), of.len()),
        Operation::WeightedMean => {
            let products: Vec<String> = of.chunks(2).map(|pair| pair.join(" × ")).collect();
            let shares: Vec<&str> = of.iter().skip(1).step_by(2).map(String::as_str).collect();
            format!("({}) / ({})", products.join(" + "), shares.join(" + "))
        }
        Operation::Complement => format!("1 − {}", at(0)),
        Operation::Unit => format!("{}, held between 0 and 1", at(0)),
        Operation::Larger => format!("the larger of {} and {}", at(0), at(1)),
        Operation::Smallest => format!("the smallest of {}", of.join(", ")),
        Operation::LogarithmOver => format!("ln(max(1, {})) / ln({})", at(0), at(1)),
        Operation::LogarithmOfOneMoreOver => format!("ln(1 + {}) / ln(1 + {})", at(0), at(1)),
        Operation::ExponentialOfMinus => format!("e to the power of −{}", at(0)),
        Operation::Nothing => format!("1 if {} is nothing, else 0", at(0)),
    }
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_year_is_not_torn_apart() {
        assert_eq!(
            [2026.0, 4096.0, 43_800.0, 0.206, -1.0].map(number),
            ["2026", "4096", "43,800", "0.206", "−1"]
        );
    }
}
