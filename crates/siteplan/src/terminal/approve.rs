//! The one approval before anything is written: the decisions, what they imply, which are hard to undo.

use std::fmt::Write as _;
use std::io::{self, Write};

use siteplan_interview::{Decision, Interview};
use siteplan_model::design::Design;
use siteplan_model::gate::Gate;

use super::ask::{Asker, Menu, Picked};
use super::drive::{Ending, drive};
use super::question::{KEYS, aligned};
use super::sanitise::{line, short};
use super::style::{self, QUIET, STRONG, WARNING, columns, padded, paint, wrapped};

/// What a person says to a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Approval {
    /// Write it.
    Yes,
    /// Write no document; the answers stand.
    No,
    /// An answer was changed: the plan is another one now, and must be worked out and approved anew.
    Changed,
    /// Escape: the answers are to be kept, one of them may be open again.
    Leave,
}

/// Shows what is decided and asks for yes, no, or a change; `None` is control-C.
pub(super) fn approve(
    interview: &mut Interview<'_>,
    design: &Design,
    asker: &mut dyn Asker,
    out: &mut dyn Write,
) -> io::Result<Option<Approval>> {
    let decisions = interview.decisions();
    loop {
        write!(out, "{}", decided(&decisions, design, style::width()))?;
        let rows = [
            ("yes", "write the plan"),
            ("no", "write no document"),
            ("modify", "change one of these answers"),
        ];
        let menu = Menu {
            heading: "Do you approve these decisions?".to_owned(),
            rows: aligned(&rows.map(|(label, text)| (label.to_owned(), text.to_owned())), style::width()),
            start: 0,
            keys: KEYS,
        };
        return Ok(Some(match asker.pick(&menu)? {
            Picked::Row(0) => Approval::Yes,
            Picked::Row(1) => Approval::No,
            Picked::Row(_) => match modify(interview, &decisions, asker, out)? {
                Some(Ending::Answered) => Approval::Changed,
                Some(Ending::Left) => Approval::Leave,
                Some(Ending::Interrupted) => return Ok(None),
                None => continue,
            },
            Picked::Escape => Approval::Leave,
            Picked::Interrupt => return Ok(None),
        }));
    }
}

/// Opens one decision again and asks it, with whatever follows from it; `None` if no one was chosen.
fn modify(
    interview: &mut Interview<'_>,
    decisions: &[Decision],
    asker: &mut dyn Asker,
    out: &mut dyn Write,
) -> io::Result<Option<Ending>> {
    let row = |decision: &Decision| (decision.text.clone(), decision.label.clone());
    let rows: Vec<(String, String)> = decisions.iter().map(row).collect();
    let menu = Menu {
        heading: "Which answer do you want to change?".to_owned(),
        rows: aligned(&rows, style::width()),
        start: 0,
        keys: "↑↓ move · enter choose · type to filter · esc back to the decisions",
    };
    let chosen = match asker.pick(&menu)? {
        Picked::Row(index) => decisions.get(index),
        Picked::Escape => None,
        Picked::Interrupt => return Ok(Some(Ending::Interrupted)),
    };
    let Some(decision) = chosen else { return Ok(None) };
    interview.reopen(decision.subject.clone());
    drive(interview, &Gate::ALL, asker, out).map(Some)
}

/// The decisions with what they imply and who gave them, the cost, what is hard to undo, what to know first.
fn decided(decisions: &[Decision], design: &Design, width: usize) -> String {
    let name = |decision: &Decision| decision.subject.key().replace('_', " ");
    let column = decisions.iter().map(|decision| columns(&name(decision))).max().unwrap_or(0);
    let room = width.saturating_sub(column + 5);
    let mut text = title("Before anything is written: what is decided");
    for decision in decisions {
        let by = format!("({})", decision.provenance);
        let label = short(&decision.label, room.saturating_sub(columns(&by) + 1));
        let key = padded(&name(decision), column);
        let _ = writeln!(text, "  {key}  {label} {}", paint(QUIET, &by));
        if !decision.implies.is_empty() {
            let implied = short(&decision.implies, room);
            let _ = writeln!(text, "  {}  {}", " ".repeat(column), paint(QUIET, &implied));
        }
    }
    let cost = &design.cost;
    let cost = format!(
        "All environments together: {} a month, {} expected; {}",
        cost.total.span(),
        cost.total.expected.rounded(),
        cost.budget.summary
    );
    let _ = writeln!(text, "\n{}", wrapped("  ", &line(&cost), width));
    for (heading, items) in [("Hard to undo", &design.hard_to_undo), ("To know first", &design.warnings)] {
        if !items.is_empty() {
            text.push_str(&title(heading));
        }
        for item in items {
            let _ = writeln!(text, "{}", paint(WARNING, &wrapped("  · ", &line(item), width)));
        }
    }
    text.push('\n');
    text
}

fn title(text: &str) -> String {
    format!("\n{}\n", paint(STRONG, text))
}
