//! Text → a string literal of a language, in which nothing of the text is syntax.

use std::fmt::Write as _;

/// Languages in which endpoints are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    /// JavaScript, TypeScript, Python, Java, Go, C#: double quotes with the escapes of JSON, which all of them share.
    CLike,
    /// Rust: double quotes, code points in braces.
    Rust,
    /// Ruby and PHP: single quotes, in which only the quote and the backslash are special.
    SingleQuoted,
    /// Elixir: double quotes in which `#{` begins code.
    Elixir,
}

/// The literal, with its quotes. Only letters, digits and plain punctuation stand in it as they are; characters that a
/// language cannot name in its quotes are left out.
pub(super) fn literal(language: Language, text: &str) -> String {
    let quote = if language == Language::SingleQuoted { '\'' } else { '"' };
    let mut written = String::from(quote);
    for c in text.chars() {
        match (language, c) {
            (Language::SingleQuoted, '\'' | '\\') | (_, '"' | '\\') | (Language::Elixir, '#') => {
                // Single quotes know no escape of a double one, and need none.
                if !(language == Language::SingleQuoted && c == '"') {
                    written.push('\\');
                }
                written.push(c);
            }
            (Language::SingleQuoted, c) if c.is_control() => {}
            (_, '\n') => written.push_str("\\n"),
            (_, '\r') => written.push_str("\\r"),
            (_, '\t') => written.push_str("\\t"),
            (_, c) if is_plain(c) => written.push(c),
            (Language::SingleQuoted, c) => written.push(c),
            (Language::Rust, c) => push_code(&mut written, "\\u{", u32::from(c), "}"),
            (Language::Elixir, c) => push_code(&mut written, "\\x{", u32::from(c), "}"),
            (Language::CLike, c) => {
                // Beyond the first plane Python and Go would read two halves as two characters; no path has such.
                if u32::from(c) <= 0xFFFF {
                    let _ = write!(written, "\\u{:04x}", u32::from(c));
                }
            }
        }
    }
    written.push(quote);
    written
}

/// Printable ASCII stands for itself. Java reads `\u` before it looks for quotes, so that controls are never written so there:
/// they are left to the escapes above or dropped by the caller's paths, which have none.
fn is_plain(c: char) -> bool {
    c.is_ascii_graphic() || c == ' '
}

fn push_code(written: &mut String, before: &str, code: u32, after: &str) {
    let _ = write!(written, "{before}{code:x}{after}");
}

/// Text within a comment: one line that ends no comment and begins no other.
pub(super) fn comment(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() || is_line_end(c) { ' ' } else { c }).collect();
    // Python and Elixir end their heads by three quotes, C-like languages by a star and a slash; Java reads `\u` in comments,
    // Elixir `#{` in its heads.
    let line = line.replace('\\', "/").replace("*/", "* /");
    line.replace("#{", "# {").replace("\"\"\"", "\" \" \"")
}

/// Line ends that only some languages know.
fn is_line_end(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Language, comment, literal};

    const ALL: [Language; 4] = [Language::CLike, Language::Rust, Language::SingleQuoted, Language::Elixir];

    /// What is left of a literal when its escapes are taken out: nothing in it may end or open anything.
    fn bare(literal: &str) -> String {
        let inside = &literal[1..literal.len() - 1];
        let mut left = String::new();
        let mut characters = inside.chars();
        while let Some(c) = characters.next() {
            if c == '\\' {
                characters.next().expect("an escape has a second character");
            } else {
                left.push(c);
            }
        }
        left
    }

    proptest! {
        #[test]
        fn nothing_leaves_a_literal(text in any::<String>()) {
            for language in ALL {
                let written = literal(language, &text);
                let quote = if language == Language::SingleQuoted { '\'' } else { '"' };
                prop_assert!(written.len() >= 2 && written.starts_with(quote) && written.ends_with(quote));
                let left = bare(&written);
                prop_assert!(!left.contains(quote), "{language:?} {written}");
                prop_assert!(!left.chars().any(char::is_control), "{language:?} {written}");
                prop_assert!(language != Language::Elixir || !left.contains('#'), "{written}");
            }
        }

        #[test]
        fn what_json_can_say_is_said(text in "[ -~\n\r\t\u{e0}-\u{17f}]*") {
            let written = literal(Language::CLike, &text);
            prop_assert_eq!(serde_json::from_str::<String>(&written).expect("the escapes of JSON"), text);
        }

        #[test]
        fn nothing_leaves_a_comment(text in any::<String>()) {
            let written = comment(&text);
            prop_assert!(!written.contains("*/") && !written.contains("\"\"\"") && !written.contains('\\'));
            let ends = |c: char| c.is_control() || super::is_line_end(c);
            prop_assert!(!written.chars().any(ends), "a comment is one line");
        }
    }

    #[test]
    fn code_of_ruby_and_elixir_stays_text() {
        assert_eq!(literal(Language::SingleQuoted, "/#{`id`}'"), "'/#{`id`}\\''");
        assert_eq!(literal(Language::Elixir, "/#{x}"), "\"/\\#{x}\"");
        assert_eq!(literal(Language::Rust, "/\u{e9}\""), "\"/\\u{e9}\\\"\"");
    }
}
