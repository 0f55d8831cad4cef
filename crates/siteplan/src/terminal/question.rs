//! One question at the terminal: its choices as menu rows, and around them the step back, the reason, and what else is taken.

use std::io;

use siteplan_interview::{Choice, Prompt, PromptKind, Subject};
use siteplan_model::gate::Gate;

use super::ask::{Asker, Echo, Field, Menu, Picked, Written};
use super::sanitise::{line, short};
use super::style::{columns, padded};

/// What somebody replied to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// An answer, in words that the interview understands.
    Answer(String),
    /// The step back.
    Back,
    /// The wish to know more.
    Why,
    /// Enough for today.
    Leave,
    /// Control-C.
    Interrupt,
}

/// What a row stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Row {
    Answer(String),
    Others,
    Line,
    Back,
    Why,
}

/// Keys at a menu.
pub(crate) const KEYS: &str = "↑↓ move · enter answer · type to filter · esc save and leave";
const KEYS_OF_A_SUBMENU: &str = "↑↓ move · enter answer · type to filter · esc back to the question";

/// The first columns of the row that goes one step back.
pub(crate) const BACK: &str = "← back";
/// The first columns of the row that tells why a question is asked.
const WHY: &str = "? why";

/// Asks one question until there is a reply.
pub(crate) fn ask(prompt: &Prompt, asker: &mut dyn Asker, width: usize) -> io::Result<Reply> {
    let (menu, rows) = menu(prompt, width);
    loop {
        let row = match asker.pick(&menu)? {
            Picked::Row(index) => rows.get(index).cloned().unwrap_or(Row::Why),
            Picked::Escape => return Ok(Reply::Leave),
            Picked::Interrupt => return Ok(Reply::Interrupt),
        };
        let reply = match row {
            Row::Answer(value) => Some(Reply::Answer(value)),
            Row::Back => Some(Reply::Back),
            Row::Why => Some(Reply::Why),
            Row::Others => other(prompt, asker, width)?,
            Row::Line => written(prompt, asker)?,
        };
        if let Some(reply) = reply {
            return Ok(reply);
        }
    }
}

/// `2 of 12 · What is your deployment expertise level?`, `would decide · Where must the application and its data be?`
fn heading(prompt: &Prompt) -> String {
    match prompt.subject {
        Subject::Gate(_) => format!("{} of {} · {}", prompt.number, prompt.of, line(&prompt.text)),
        Subject::Refinement(_) => format!("would decide · {}", line(&prompt.text)),
    }
}

fn menu(prompt: &Prompt, width: usize) -> (Menu, Vec<Row>) {
    let first = prompt.preselected().to_owned();
    let mut rows = match &prompt.kind {
        PromptKind::Choice { choices, others, number, several } => {
            let mut rows: Vec<(String, String, Row)> =
                choices.iter().enumerate().map(|(index, choice)| chosen(prompt, index, choice)).collect();
            if !prompt.choices().any(|choice| choice.value == first) && !first.is_empty() {
                rows.push((first.clone(), marked(prompt, &first, ""), Row::Answer(first.clone())));
            }
            if !others.is_empty() {
                let more = format!("{} more in the catalog", others.len());
                rows.push(("another one".to_owned(), more, Row::Others));
            }
            if let Some(number) = number {
                let label = if *several { "several" } else { "a number" };
                rows.push((label.to_owned(), number.replace('`', ""), Row::Line));
            }
            rows
        }
        PromptKind::Text { example } => listed(prompt, &first, example),
    };
    let why = "what this question decides, and how to answer it".to_owned();
    rows.push((BACK.to_owned(), String::new(), Row::Back));
    rows.push((WHY.to_owned(), why, Row::Why));
    let start = rows.iter().position(|(_, _, row)| *row == Row::Answer(first.clone())).unwrap_or(0);
    let (shown, rows): (Vec<(String, String)>, Vec<Row>) =
        rows.into_iter().map(|(label, description, row)| ((label, description), row)).unzip();
    (Menu { heading: heading(prompt), rows: aligned(&shown, width), start, keys: KEYS }, rows)
}

fn chosen(prompt: &Prompt, index: usize, choice: &Choice) -> (String, String, Row) {
    let label = match prompt.subject {
        Subject::Gate(Gate::Platform) => format!("{}  {}", letter(index), choice.label),
        _ => choice.label.clone(),
    };
    let description = marked(prompt, &choice.value, &choice.description);
    (label, description, Row::Answer(choice.value.clone()))
}

/// The rows of a list of names: the one to offer, another one, none.
fn listed(prompt: &Prompt, first: &str, example: &str) -> Vec<(String, String, Row)> {
    let count = first.split(',').filter(|name| !name.trim().is_empty()).count();
    let (label, names) = match count {
        0 | 1 => (first.to_owned(), ""),
        _ => (format!("these {count}"), first),
    };
    let mut rows = vec![
        (label, marked(prompt, first, names), Row::Answer(first.to_owned())),
        ("a different list".to_owned(), format!("names such as {example}"), Row::Line),
    ];
    if first != prompt.default {
        rows.push((prompt.default.clone(), String::new(), Row::Answer(prompt.default.clone())));
    }
    rows
}

/// A description behind what speaks for its choice: it was given before, is proposed, or is the default.
fn marked(prompt: &Prompt, value: &str, description: &str) -> String {
    let proposed = prompt.proposed.as_ref().is_some_and(|proposal| proposal.value == value);
    let mark = if prompt.given.as_deref() == Some(value) {
        "your answer before"
    } else if proposed && prompt.subject == Subject::Gate(Gate::Platform) {
        "recommended"
    } else if proposed {
        "proposed"
    } else if prompt.proposed.is_none() && prompt.default == value {
        "default"
    } else {
        ""
    };
    [mark, description].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// A, B, C, …
pub(crate) fn letter(index: usize) -> char {
    u8::try_from(index).ok().and_then(|index| b'A'.checked_add(index)).map_or('?', char::from)
}

/// Labels and descriptions in two columns, each row in one line.
pub(crate) fn aligned(rows: &[(String, String)], width: usize) -> Vec<String> {
    let clean: Vec<(String, String)> =
        rows.iter().map(|(label, description)| (line(label), line(description))).collect();
    let column = clean.iter().map(|(label, _)| columns(label)).max().unwrap_or(0).min(width / 2);
    let row = |(label, description): &(String, String)| {
        let text = format!("{}   {description}", padded(label, column));
        short(text.trim_end(), width.saturating_sub(4))
    };
    clean.iter().map(row).collect()
}

/// The choices behind `another one`.
fn other(prompt: &Prompt, asker: &mut dyn Asker, width: usize) -> io::Result<Option<Reply>> {
    let PromptKind::Choice { others, .. } = &prompt.kind else { return Ok(None) };
    let row = |choice: &Choice| (choice.label.clone(), choice.description.clone());
    let rows: Vec<(String, String)> = others.iter().map(row).collect();
    let menu =
        Menu { heading: heading(prompt), rows: aligned(&rows, width), start: 0, keys: KEYS_OF_A_SUBMENU };
    Ok(match asker.pick(&menu)? {
        Picked::Row(index) => others.get(index).map(|choice| Reply::Answer(choice.value.clone())),
        Picked::Escape => None,
        Picked::Interrupt => Some(Reply::Interrupt),
    })
}

/// The line behind `a number` or `a different list`.
fn written(prompt: &Prompt, asker: &mut dyn Asker) -> io::Result<Option<Reply>> {
    let (initial, help, echo) = match &prompt.kind {
        PromptKind::Choice { number, .. } => (String::new(), number.clone().unwrap_or_default(), Echo::Kept),
        PromptKind::Text { .. } if prompt.preselected() == prompt.default => {
            (String::new(), prompt.help.clone(), Echo::Wiped)
        }
        PromptKind::Text { .. } => (prompt.preselected().to_owned(), prompt.help.clone(), Echo::Wiped),
    };
    let field = Field { heading: heading(prompt), initial: line(&initial), help: line(&help), echo };
    Ok(match asker.write(&field)? {
        Written::Line(text) => Some(Reply::Answer(text)),
        Written::Escape => None,
        Written::Interrupt => Some(Reply::Interrupt),
    })
}
