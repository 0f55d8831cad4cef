//! Prose: what could become structure is escaped, pairs of backticks stay code spans.

use super::{code, one_line};

/// Where the text will stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a paragraph, a list item or a blockquote.
    Prose,
    /// In a table's cell, where a pipe ends the cell.
    Cell,
}

/// Text as one line of Markdown that shows it. Bare addresses become code spans, so that no foreign text is a link.
pub(crate) fn inline(text: &str, place: Place) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text.as_str();
    let mut is_first = true;
    while !rest.is_empty() {
        let (prose, after) = rest.split_at(next_span(rest).unwrap_or(rest.len()));
        escape(prose, is_first, place, &mut out);
        is_first &= prose.is_empty();
        match span_at(after) {
            Some((content, length)) => {
                is_first = false;
                out.push_str(&code(content, place));
                rest = &after[length..];
            }
            None => rest = after,
        }
    }
    out
}

/// Where the next code span or bare address begins.
fn next_span(text: &str) -> Option<usize> {
    let mut at = 0;
    while at < text.len() {
        if span_at(&text[at..]).is_some() && !follows_letter(text, at) {
            return Some(at);
        }
        at += match run(&text[at..], '`') {
            0 => text[at..].chars().next().map_or(1, char::len_utf8),
            ticks => ticks,
        };
    }
    None
}

fn follows_letter(text: &str, at: usize) -> bool {
    !text[at..].starts_with('`') && text[..at].ends_with(char::is_alphanumeric)
}

/// The content of the code span or bare address at the start of the text, and the length of the whole.
fn span_at(text: &str) -> Option<(&str, usize)> {
    let ticks = run(text, '`');
    if ticks > 0 {
        let mut at = ticks;
        while let Some(found) = text[at..].find('`') {
            at += found;
            match run(&text[at..], '`') {
                closing if closing == ticks => {
                    let content = text[ticks..at].trim();
                    return (!content.is_empty()).then_some((content, at + ticks));
                }
                other => at += other,
            }
        }
        return None;
    }
    let scheme = ["https://", "http://", "ftp://", "www."].iter().find(|scheme| starts_with(text, scheme))?;
    let end = text.find(|c: char| c == ' ' || "<>`\"'|".contains(c)).unwrap_or(text.len());
    let address = text[..end].trim_end_matches(|c: char| ".,;:!?)]}*_~".contains(c));
    (address.len() > scheme.len()).then_some((address, address.len()))
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

fn run(text: &str, of: char) -> usize {
    text.chars().take_while(|c| *c == of).count()
}

/// Escapes prose that holds no code span; `is_first` if it starts the value.
fn escape(text: &str, is_first: bool, place: Place, out: &mut String) {
    let chars: Vec<char> = text.chars().collect();
    // The mark of an ordered list is the character after its number.
    let mark = chars.iter().position(|c| !c.is_ascii_digit());
    let block_mark = if is_first && opens_block(&chars) { mark } else { None };
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|i| chars[i]);
        if block_mark == Some(at) || is_special(c, before, chars.get(at + 1).copied(), &chars[at..], place) {
            out.push('\\');
        }
        out.push(c);
    }
}

/// Every character of ASCII punctuation escaped: for text that no renderer may read in two ways.
pub(super) fn escape_all(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Whether a character could begin or end structure where it stands.
fn is_special(c: char, before: Option<char>, after: Option<char>, from_here: &[char], place: Place) -> bool {
    let blank = |neighbour: Option<char>| neighbour == Some(' ');
    match c {
        '\\' => after.is_none_or(|c| c.is_ascii_punctuation()),
        '`' => true,
        '|' => place == Place::Cell,
        '<' => after.is_none_or(|c| c.is_ascii_alphabetic() || "/!?".contains(c)),
        '&' => is_entity(from_here),
        '*' => !(blank(before) && blank(after)),
        '_' => !(blank(before) && blank(after) || is_letter(before) && is_letter(after)),
        // One that only opens (`~5 minutes`, `~/bin`) is no structure as long as none closes.
        '~' => {
            let only_opens = blank(before) || (matches!(before, None | Some('(')) && is_letter(after));
            after == Some('~') || !only_opens
        }
        ']' => matches!(after, Some('(' | '[' | ':') | None),
        '[' => before.is_none(),
        _ => false,
    }
}

fn is_letter(neighbour: Option<char>) -> bool {
    neighbour.is_some_and(char::is_alphanumeric)
}

fn is_entity(from_here: &[char]) -> bool {
    let name = from_here[1..].iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '#').count();
    name > 0 && from_here.get(1 + name) == Some(&';')
}

/// Whether text at the start of a line would open a heading, list, quote, fence, rule or setext underline.
fn opens_block(chars: &[char]) -> bool {
    let Some(&first) = chars.first() else { return false };
    let run = chars.iter().take_while(|c| **c == first).count();
    let after_run = chars.get(run);
    let only_marks = chars.iter().all(|c| *c == first || *c == ' ');
    match first {
        '#' => run <= 6 && after_run.is_none_or(|c| *c == ' '),
        '>' => true,
        '-' | '+' => (run == 1 && after_run.is_none_or(|c| *c == ' ')) || only_marks,
        '=' | ':' => only_marks || chars.iter().all(|c| "=:- ".contains(*c)),
        '~' => run >= 3,
        _ if first.is_ascii_digit() => {
            let digits = chars.iter().take_while(|c| c.is_ascii_digit()).count();
            matches!(chars.get(digits), Some('.' | ')')) && chars.get(digits + 1).is_none_or(|c| *c == ' ')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, inline};

    fn prose(text: &str) -> String {
        inline(text, Place::Prose)
    }

    #[test]
    fn ordinary_prose_stays_as_it_is() {
        for text in [
            "DATABASE_URL is read by src/env.ts:3 (Next.js 15.1, `pnpm test`).",
            "Low: < 100 users, ~5 minutes, 3 * 4 = 12, C# & F#",
            "`test` runs `pnpm test` with Postgres 16 beside it, because `src/db.test.ts:4` connects to one",
            "$13–27 a month, [optional] parts, 50 % off; AT&T",
            "-q is a flag, +1 more, 2026-11-22, 4.5 GB, C:\\Users",
            "the first | the second",
            "see ~/bin, (~5 minutes)",
        ] {
            assert_eq!(prose(text), text);
        }
    }

    #[test]
    fn structure_is_escaped() {
        for (text, markdown) in [
            ("# heading", "\\# heading"),
            ("- item", "\\- item"),
            ("1. item", "1\\. item"),
            ("12) item", "12\\) item"),
            ("> quote", "\\> quote"),
            ("---", "\\---"),
            ("===", "\\==="),
            ("*", "\\*"),
            ("a *b* __c__", "a \\*b\\* \\_\\_c\\_\\_"),
            ("<b>x</b> <!-- y", "\\<b>x\\</b> \\<!-- y"),
            ("[x](javascript:1)", "\\[x\\](javascript:1)"),
            ("a ![x](y)", "a ![x\\](y)"),
            ("[x]: y", "\\[x\\]: y"),
            ("&lt;b&gt;", "\\&lt;b\\&gt;"),
            ("one ` tick", "one \\` tick"),
            ("two\n\n# lines", "two # lines"),
            ("ends in \\", "ends in \\\\"),
            ("\\*", "\\\\\\*"),
            ("~~gone~~", "\\~\\~gone\\~\\~"),
            ("see https://a.example/x_y.", "see `https://a.example/x_y`."),
            ("\u{202e}evil\u{0}", "evil"),
            ("``a`b``", "``a`b``"),
            ("a``b", "a\\`\\`b"),
        ] {
            assert_eq!(prose(text), markdown, "{text:?}");
        }
    }

    #[test]
    fn a_pipe_ends_no_cell() {
        assert_eq!(inline("a|b", Place::Cell), "a\\|b");
        assert_eq!(inline("`a|b`", Place::Cell), "`a\\|b`");
        assert_eq!(inline("`a\\|b`", Place::Cell), "a\\\\\\|b");
    }
}
