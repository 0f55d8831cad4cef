//! Open questions and nobody to ask: every one of them with its choices and the flag that answers it.

use serde::Serialize;
use siteplan_interview::MissingGate;
use siteplan_model::gate::Gate;

use crate::error::{Failure, Outcome};
use crate::output::{self, Output};

/// Columns wider than this do not push the ones behind them aside.
const WIDEST: usize = 46;
/// Characters of a reason.
const LONGEST_REASON: usize = 80;

/// What programs get instead of a result.
#[derive(Debug, Serialize)]
struct MissingAnswers<'a> {
    schema: &'static str,
    missing: &'a [MissingGate],
}

/// The failure of a run that would have to ask; with `--format json` the questions are printed as JSON first.
pub(crate) fn failure(missing: &[MissingGate], output: Output) -> Outcome<Failure> {
    if !output.is_text() {
        output::json(&MissingAnswers { schema: "siteplan/missing@1", missing })?;
    }
    let count = match missing.len() {
        1 => "one answer is missing".to_owned(),
        2 => "two answers are missing".to_owned(),
        3 => "three answers are missing".to_owned(),
        count => format!("{count} answers are missing"),
    };
    let rows: Vec<[String; 4]> = missing.iter().map(row).collect();
    let width =
        |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0).min(WIDEST);
    let (gates, choices, flags) = (width(0), width(1), width(2));
    let lines = rows.iter().map(|[gate, choice, flag, proposed]| {
        format!("{gate:gates$}  {choice:choices$}  {flag:flags$}  {proposed}").trim_end().to_owned()
    });
    Ok(Failure::input_required(format!("{count} and there is no terminal to ask at; nothing was written"))
        .details(lines)
        .hint("or --defaults to take every proposed and stated default; the document will say so"))
}

fn row(missing: &MissingGate) -> [String; 4] {
    let proposed = match &missing.proposed {
        Some(proposal) if proposal.because.is_empty() => format!("(proposed: {})", proposal.value),
        Some(proposal) => format!("(proposed: {}; {})", proposal.value, shortened(&proposal.because)),
        None => format!("(default: {})", missing.default),
    };
    let choices = missing.choices.join(" | ");
    let choices = match missing.gate {
        Gate::Platform => format!("{choices} | any other of the catalog"),
        Gate::RequiredSecrets => format!("names such as {choices}"),
        _ => choices,
    };
    [missing.gate.to_string(), choices, missing.flag.clone(), proposed]
}

/// A reason that fits beside its row; the whole of it is in the JSON form.
fn shortened(reason: &str) -> String {
    let mut words = String::new();
    for word in reason.split_whitespace() {
        if words.chars().count() + word.chars().count() > LONGEST_REASON {
            return format!("{} …", words.trim_end_matches([',', ';', ':', '.', ' ']));
        }
        words.push_str(if words.is_empty() { "" } else { " " });
        words.push_str(word);
    }
    words
}
