//! Where in a decision log siteplan's record is, or where one can be added.

use std::ops::Range;

use super::{BEGIN, DecisionError, END};

/// What a log holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Scan {
    /// siteplan's record with its markers, in bytes.
    Record(Range<usize>),
    /// No record; one may be added at this byte.
    AddAt(usize),
}

/// What the lines so far have opened.
#[derive(Clone, Copy)]
enum Open {
    Text,
    /// A fence of this character and length, opened at this byte.
    Fence(char, usize, usize),
    /// An HTML comment, opened at this byte.
    Comment(usize),
}

/// Finds the markers that stand on lines of their own, outside fences and comments of other people.
pub(super) fn scan(text: &str) -> Result<Scan, DecisionError> {
    let mut open = Open::Text;
    let mut begin: Option<(usize, usize)> = None;
    let mut record: Option<(usize, Range<usize>)> = None;
    let mut at = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let bom = if at == 0 && line.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let start = at + bom;
        let content = line[bom..].trim_end();
        at += line.len();
        if !matches!(open, Open::Text) || !matches!(content, BEGIN | END) {
            open = step(open, content, start);
            continue;
        }
        match (content, begin, &record) {
            (BEGIN, Some((outer, _)), _) => return Err(DecisionError::Nested { line: number, outer }),
            (BEGIN, None, Some((first, _))) => {
                return Err(DecisionError::Twice { line: number, first: *first });
            }
            (BEGIN, None, None) => begin = Some((number, start)),
            (_, None, _) => return Err(DecisionError::NoBegin { line: number }),
            (_, Some((line, from)), _) => {
                record = Some((line, from..start + END.len()));
                begin = None;
            }
        }
    }
    match (begin, record, open) {
        (Some((line, _)), ..) => Err(DecisionError::NoEnd { line }),
        (None, Some((_, range)), _) => Ok(Scan::Record(range)),
        (None, None, Open::Text) => Ok(Scan::AddAt(text.len())),
        (None, None, Open::Fence(_, _, opened) | Open::Comment(opened)) => Ok(Scan::AddAt(opened)),
    }
}

fn step(open: Open, line: &str, start: usize) -> Open {
    match open {
        Open::Comment(_) if line.contains("-->") => Open::Text,
        Open::Fence(mark, length, _) => match fence(line) {
            Some((same, run, "")) if same == mark && run >= length => Open::Text,
            _ => open,
        },
        Open::Comment(_) => open,
        Open::Text => match fence(line) {
            Some((mark, run, info)) if mark == '~' || !info.contains('`') => Open::Fence(mark, run, start),
            _ if opens_comment(line) => Open::Comment(start),
            _ => Open::Text,
        },
    }
}

/// The mark, length and rest of a line that may open or close a fence.
fn fence(line: &str) -> Option<(char, usize, &str)> {
    let text = unindented(line)?;
    let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let run = text.chars().take_while(|c| *c == mark).count();
    (run >= 3).then(|| (mark, run, text[run..].trim()))
}

fn opens_comment(line: &str) -> bool {
    unindented(line).and_then(|text| text.strip_prefix("<!--")).is_some_and(|rest| !rest.contains("-->"))
}

/// The line without its indentation, if that is too small to make it code.
fn unindented(line: &str) -> Option<&str> {
    let text = line.trim_start_matches(' ');
    (line.len() - text.len() <= 3 && !text.starts_with('\t')).then_some(text)
}
