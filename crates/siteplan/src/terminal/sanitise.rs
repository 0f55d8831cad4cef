//! Text from a repository → text that a terminal can show without being steered by it.

/// One line without control characters, escape sequences' beginnings, and marks that turn the direction of writing.
pub(crate) fn line(text: &str) -> String {
    text.chars().filter_map(harmless).collect()
}

/// A line of code: the same, but its tabs stay.
pub(crate) fn code(text: &str) -> String {
    text.chars().filter_map(|c| if c == '\t' { Some(c) } else { harmless(c) }).collect()
}

/// The same, at most `width` characters wide; what is cut off leaves an ellipsis.
pub(crate) fn short(text: &str, width: usize) -> String {
    let clean = line(text);
    if textwrap::core::display_width(&clean) <= width {
        return clean;
    }
    let mut kept = String::new();
    for c in clean.chars() {
        let mut longer = kept.clone();
        longer.push(c);
        if textwrap::core::display_width(&longer) + 1 > width {
            break;
        }
        kept = longer;
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// A character as it may be shown: white space becomes a space, what steers the terminal becomes visible or is dropped.
fn harmless(c: char) -> Option<char> {
    let turns_direction =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_invisible =
        matches!(c, '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}' | '\u{feff}' | '\u{61c}');
    match c {
        '\t' | '\n' | '\r' => Some(' '),
        _ if turns_direction || is_invisible => None,
        _ if c.is_control() => Some('\u{fffd}'),
        _ => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::{line, short};

    #[test]
    fn a_repository_cannot_steer_the_terminal() {
        assert_eq!(line("next\u{1b}[2J\u{7}"), "next\u{fffd}[2J\u{fffd}");
        assert_eq!(line("a\tb\r\nc"), "a b  c");
        assert_eq!(line("abc\u{202e}txt\u{9b}31m"), "abctxt\u{fffd}31m");
        assert_eq!(line("naïve 日本"), "naïve 日本");
    }

    #[test]
    fn what_is_cut_off_leaves_an_ellipsis() {
        assert_eq!(short("beginner", 8), "beginner");
        assert_eq!(short("beginner", 5), "begi…");
        assert_eq!(short("日本語", 4), "日…");
    }
}
