//! Text from a repository → text that is safe to keep: no control characters, one line, a line number.

use siteplan_model::survey::Survey;

/// The most that is kept of one line as evidence.
const SEEN: usize = 120;
/// The most of a line that is looked at on either side of what was found in it.
const AROUND: usize = 500;

/// Replaces every control character, so that nothing from a repository can steer a terminal or forge a line.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Control characters, and the marks that reorder what a person sees.
fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// One line out of several, white space collapsed: how a folded command is shown.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A line as evidence: trimmed and cut to a length that a table can show.
pub(crate) fn seen(line: &str) -> String {
    let line = one_line(line);
    match line.char_indices().nth(SEEN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// One-based number of the line that holds the byte at `offset`.
pub(crate) fn line_at(text: &str, offset: usize) -> u32 {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    let breaks = memchr::memchr_iter(b'\n', before).count();
    u32::try_from(breaks).unwrap_or(u32::MAX - 1) + 1
}

/// The line itself; of a line that no person wrote, what stands around the place: it is looked at and kept once for each find.
pub(crate) fn line_text(text: &str, offset: usize) -> &str {
    let (first, last) = (
        text.floor_char_boundary(offset.saturating_sub(AROUND)),
        text.ceil_char_boundary(offset.saturating_add(AROUND)),
    );
    let start = text[first..offset].rfind('\n').map_or(first, |at| first + at + 1);
    let end = text[offset..last].find('\n').map_or(last, |at| offset + at);
    &text[start..end]
}

/// One-based number of the first line that holds `needle`.
pub(crate) fn line_of(text: &str, needle: &str) -> Option<u32> {
    if needle.is_empty() {
        return None;
    }
    text.find(needle).map(|offset| line_at(text, offset))
}

/// Line of `"key":` in JSON.
pub(crate) fn line_of_key(text: &str, key: &str) -> Option<u32> {
    let quoted = format!("\"{key}\"");
    text.match_indices(&quoted)
        .find(|(at, _)| text[at + quoted.len()..].trim_start().starts_with(':'))
        .map(|(at, _)| line_at(text, at))
        .or_else(|| line_of(text, &quoted))
}

/// A Survey in which no string holds a control character, whichever reader it came through.
///
/// The detour over a value tree is what makes this hold for fields that are added later.
pub(crate) fn without_control_characters(survey: Survey) -> Survey {
    let Ok(value) = serde_json::to_value(&survey) else { return survey };
    serde_json::from_value(clean_value(value)).unwrap_or(survey)
}

fn clean_value(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::String(text) if text.chars().any(is_unsafe) => Value::String(clean(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(clean_value).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(key, field)| (clean(&key), clean_value(field))).collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{clean, line_of_key, line_text, one_line, seen};

    #[test]
    fn escapes_of_terminals_do_not_survive() {
        assert_eq!(clean("a\u{1b}[31mb\nc"), "a\u{fffd}[31mb\u{fffd}c");
        assert_eq!(clean("grün"), "grün");
    }

    #[test]
    fn the_line_of_a_key_is_not_that_of_an_equal_value() {
        assert_eq!(line_of_key("{\n \"a\": \"b\",\n \"b\": 1\n}", "b"), Some(3));
    }

    #[test]
    fn of_an_endless_line_only_the_surroundings_are_kept() {
        let text = format!("a\n{}here{}\nb", "ü".repeat(4000), "ü".repeat(4000));
        let line = line_text(&text, text.find("here").expect("it stands there"));
        assert!(line.contains("here") && line.len() <= 1002, "{}", line.len());
        assert_eq!(line_text("a\nbc\nd", 3), "bc");
    }

    #[test]
    fn long_lines_are_cut_between_characters() {
        assert_eq!(one_line("a  b\n c"), "a b c");
        assert!(seen(&"ü".repeat(300)).chars().count() == 121);
    }
}
