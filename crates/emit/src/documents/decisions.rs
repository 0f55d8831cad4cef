//! The decision log: siteplan's own record between two markers, every other byte as it was.

use siteplan_model::design::Design;
use thiserror::Error;

use super::template::sentence;
use super::view::environment_names;
use crate::markdown::{Place, inline};
use scan::{Scan, scan};

mod scan;

/// The line before siteplan's record.
pub const BEGIN: &str = "<!-- siteplan:begin deployment-infrastructure -->";
/// The line after siteplan's record.
pub const END: &str = "<!-- siteplan:end deployment-infrastructure -->";

/// Markers that do not enclose one record. Nothing can be written until a person has mended them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DecisionError {
    /// A begin marker that nothing ends.
    #[error(
        "line {line}: `{BEGIN}` has no end; add the line `{END}` after siteplan's record, or delete line {line}"
    )]
    NoEnd {
        /// Its line, from 1.
        line: usize,
    },
    /// An end marker that nothing begins.
    #[error(
        "line {line}: `{END}` has no begin; add the line `{BEGIN}` before siteplan's record, or delete line {line}"
    )]
    NoBegin {
        /// Its line, from 1.
        line: usize,
    },
    /// A begin marker inside a record.
    #[error(
        "line {line}: a second `{BEGIN}` inside the record that begins at line {outer}; delete one of the two lines"
    )]
    Nested {
        /// Its line, from 1.
        line: usize,
        /// The line of the marker before it.
        outer: usize,
    },
    /// A second record.
    #[error(
        "line {line}: a second record between siteplan's markers, the first begins at line {first}; delete one of the two"
    )]
    Twice {
        /// The line of the second begin marker, from 1.
        line: usize,
        /// The line of the first.
        first: usize,
    },
}

/// The decision log with this plan's record in it: replaced where it stands, else added at the end.
///
/// The text around the record stays byte for byte; the record takes the line ends of the file. Where an unclosed
/// fence or comment would swallow an added record, it is added before that. Applied twice it changes nothing.
pub fn decisions(existing: Option<&str>, design: &Design) -> Result<String, DecisionError> {
    with_decision(existing, &decision(design))
}

/// The record that a decision log holds between siteplan's markers, with them and with plain line ends; `None` if it holds none.
pub fn decision_in(existing: &str) -> Result<Option<String>, DecisionError> {
    Ok(match scan(existing)? {
        Scan::Record(range) => Some(existing[range].replace("\r\n", "\n")),
        Scan::AddAt(_) => None,
    })
}

/// The decision log with a record in it, as [`decisions`] puts it there. The record has its markers and plain line ends.
pub fn with_decision(existing: Option<&str>, record: &str) -> Result<String, DecisionError> {
    let Some(text) = existing.filter(|text| !text.is_empty()) else {
        return Ok(format!("# Decisions\n\n{record}\n"));
    };
    let newline = if is_crlf(text) { "\r\n" } else { "\n" };
    let record = record.replace('\n', newline);
    Ok(match scan(text)? {
        Scan::Record(range) => format!("{}{record}{}", &text[..range.start], &text[range.end..]),
        Scan::AddAt(at) => {
            let (before, after) = text.split_at(at);
            let gap = gap_after(before, newline);
            let rest = if after.is_empty() { String::new() } else { format!("{newline}{after}") };
            format!("{before}{gap}{record}{newline}{rest}")
        }
    })
}

/// By the first line end; text that is one line ending in a carriage return gets its newline from us.
fn is_crlf(text: &str) -> bool {
    text.find('\n').map_or(text, |at| &text[..at]).ends_with('\r')
}

/// What is missing to one blank line after `before`.
fn gap_after(before: &str, newline: &str) -> String {
    let text = before.trim_start_matches('\u{feff}');
    let mut ends = text.rsplit('\n');
    match (ends.next(), ends.next()) {
        (Some(""), None) => String::new(),
        (Some(""), Some(last)) if last.trim().is_empty() => String::new(),
        (Some(""), Some(_)) => newline.to_owned(),
        _ => newline.repeat(2),
    }
}

/// A plan's record with its markers, without a newline at its end.
pub fn decision(design: &Design) -> String {
    let platform = &design.platform;
    let delivery = &design.delivery;
    let prose = |text: &str| inline(text, Place::Prose);
    let pipeline = if delivery.automatic { delivery.ci_name.clone() } else { "Manual".to_owned() };
    let database = design
        .database
        .as_ref()
        .map_or_else(|| "None".to_owned(), |database| format!("{} on {}", database.kind, database.hosting));
    let points: Vec<String> = if design.hard_to_undo.is_empty() {
        vec!["- None".to_owned()]
    } else {
        design.hard_to_undo.iter().map(|point| format!("- {}", prose(point))).collect()
    };
    let reasons: Vec<String> = platform.reasons.iter().map(|reason| prose(&sentence(reason))).collect();
    [
        BEGIN.to_owned(),
        "## Deployment Infrastructure".to_owned(),
        format!("**Date**: {}", design.date),
        format!("**Platform**: {}", prose(&platform.name)),
        format!("**Reasoning**: {}", reasons.join(" ")),
        format!("**Cost**: {}/month", design.cost.total.span()),
        format!("**Deployment complexity**: {}", platform.complexity),
        format!("**CI/CD**: {}", prose(&pipeline)),
        format!("**Environments**: {}", prose(&environment_names(design))),
        format!("**Database**: {}", prose(&database)),
        format!("**Secrets**: {}", prose(&design.secrets.storage)),
        format!("**Points of no easy return**:\n\n{}", points.join("\n")),
        format!("**References**: /{}/{}", prose(design.spec_path.trim_matches('/')), super::DOCUMENT_NAME),
        END.to_owned(),
    ]
    .join("\n\n")
}
