//! The one approval before anything is written: the decisions, what they imply, which are hard to undo.

use std::io::{self, Write};

use siteplan_interview::{Decision, Interview};
use siteplan_model::gate::Gate;

use super::ask::{Asker, Menu, Picked};
use super::question::{KEYS, aligned};
use super::sanitise::{line, short};
use super::style::{self, QUIET, WARNING, columns, padded, paint, wrapped};
use super::{Ending, Next, heading};

/// Shows the decisions and asks for yes, no, or a change.
pub(super) fn approve(
    interview: &mut Interview<'_>,
    asker: &mut dyn Asker,
    out: &mut dyn Write,
) -> io::Result<Next> {
    let decisions = interview.decisions();
    write!(out, "{}", decided(&decisions, style::width()))?;
    if let Some(cost) = cost(interview) {
        writeln!(out, "{}", wrapped("  ", &cost, style::width()))?;
    }
    let rows = [
        ("yes".to_owned(), "write the plan".to_owned()),
        ("no".to_owned(), "write no document; the answers are kept".to_owned()),
        ("modify".to_owned(), "change one of these answers".to_owned()),
    ];
    let menu = Menu {
        heading: "Do you approve these decisions?".to_owned(),
        rows: aligned(&rows, style::width()),
        start: 0,
        keys: KEYS,
    };
    match asker.pick(&menu)? {
        Picked::Row(0) => Ok(Next::End(Ending::Approved)),
        Picked::Row(1) => Ok(Next::End(Ending::Declined)),
        Picked::Row(_) => modify(interview, &decisions, asker),
        Picked::Escape => Ok(Next::End(Ending::Left)),
        Picked::Interrupt => Ok(Next::End(Ending::Interrupted)),
    }
}

/// Opens the question of one decision.
fn modify(interview: &mut Interview<'_>, decisions: &[Decision], asker: &mut dyn Asker) -> io::Result<Next> {
    let row = |decision: &Decision| (decision.text.clone(), decision.label.clone());
    let rows: Vec<(String, String)> = decisions.iter().map(row).collect();
    let menu = Menu {
        heading: "Which answer do you want to change?".to_owned(),
        rows: aligned(&rows, style::width()),
        start: 0,
        keys: "↑↓ move · enter choose · type to filter · esc back to the decisions",
    };
    match asker.pick(&menu)? {
        Picked::Row(index) => {
            if let Some(decision) = decisions.get(index) {
                interview.reopen(decision.gate);
            }
        }
        Picked::Escape => {}
        Picked::Interrupt => return Ok(Next::End(Ending::Interrupted)),
    }
    Ok(Next::Go)
}

/// The decisions with what they imply and who gave them, then those that are hard to undo.
fn decided(decisions: &[Decision], width: usize) -> String {
    let name = |gate: Gate| gate.key().replace('_', " ");
    let column = decisions.iter().map(|decision| columns(&name(decision.gate))).max().unwrap_or(0);
    let mut text = format!("\n{}\n\n", heading("Before anything is written: what is decided"));
    for decision in decisions {
        let by = format!("({})", decision.provenance);
        let room = width.saturating_sub(column + 6);
        let label = short(&decision.label, room.saturating_sub(columns(&by) + 1));
        let key = padded(&name(decision.gate), column);
        text.push_str(&format!("  {key}  {label} {}\n", paint(QUIET, &by)));
        if !decision.implies.is_empty() {
            let implied = short(&decision.implies, room);
            text.push_str(&format!("  {}  {}\n", " ".repeat(column), paint(QUIET, &implied)));
        }
    }
    let hard: Vec<&Decision> =
        decisions.iter().filter(|decision| !decision.hard_to_undo.is_empty()).collect();
    if !hard.is_empty() {
        text.push_str(&format!("\n{}\n", heading("Hard to undo")));
        for decision in hard {
            let why = format!("{}: {}", line(&decision.label), line(&decision.hard_to_undo));
            let key = padded(&name(decision.gate), column);
            text.push_str(&paint(WARNING, &wrapped(&format!("  {key}  "), &why, width)));
            text.push('\n');
        }
    }
    text.push('\n');
    text
}

/// What the chosen platform is expected to cost under all these answers.
fn cost(interview: &Interview<'_>) -> Option<String> {
    let platform = interview.brief().answers.platform.as_ref()?;
    let recommendation = interview.recommendation();
    let option = recommendation.options.iter().find(|option| option.platform == *platform);
    let ranked = recommendation.ranking.iter().find(|ranked| ranked.platform == *platform);
    let monthly = option.map(|o| o.monthly_usd).or_else(|| ranked.map(|r| r.monthly_usd))?;
    Some(format!(
        "All environments together: {} a month, {} expected.",
        monthly.span(),
        monthly.expected.rounded()
    ))
}
