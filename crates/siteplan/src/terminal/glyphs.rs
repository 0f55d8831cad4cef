//! Signs beyond ASCII → signs that a terminal without UTF-8 can show, one for one, so that columns stay where they are.

use std::env;

/// Text as this terminal can show it.
pub(crate) fn shown(text: String) -> String {
    let variable = |name| env::var(name).unwrap_or_default();
    let locale = [variable("LC_ALL"), variable("LC_CTYPE"), variable("LANG")];
    if cfg!(windows) || speaks_unicode(&locale, &variable("TERM")) { text } else { ascii(&text) }
}

/// Whether the strongest locale variable that says anything names UTF-8.
fn speaks_unicode(locale: &[String], term: &str) -> bool {
    let says = locale.iter().find(|value| !value.is_empty()).map(|value| value.to_lowercase());
    term != "dumb" && says.is_some_and(|value| value.contains("utf-8") || value.contains("utf8"))
}

/// The signs that siteplan itself writes; letters of other alphabets stay, because they are somebody's text.
fn ascii(text: &str) -> String {
    text.chars().map(sign).collect()
}

fn sign(c: char) -> char {
    match c {
        '█' | '▉' | '▊' | '▋' | '▌' => '#',
        '▍' | '▎' | '▏' => '|',
        '─' | '–' | '—' | '−' => '-',
        '·' => '*',
        '×' => 'x',
        '→' | '›' => '>',
        '±' | '…' => '~',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{ascii, speaks_unicode};

    #[test]
    fn the_strongest_variable_decides() {
        let locale = |all: &str, ctype: &str, lang: &str| [all.to_owned(), ctype.to_owned(), lang.to_owned()];
        assert!(speaks_unicode(&locale("", "", "de_DE.UTF-8"), "xterm-256color"));
        assert!(speaks_unicode(&locale("C.utf8", "", "C"), "xterm"));
        assert!(!speaks_unicode(&locale("C", "", "en_US.UTF-8"), "xterm"));
        assert!(!speaks_unicode(&locale("", "", ""), "xterm"));
        assert!(!speaks_unicode(&locale("", "", "en_US.UTF-8"), "dumb"));
    }

    #[test]
    fn signs_are_replaced_one_for_one() {
        let text = "today  ███▌ $13–27 · 2 × 7";
        assert_eq!(ascii(text), "today  #### $13-27 * 2 x 7");
        assert_eq!(ascii(text).chars().count(), text.chars().count());
    }
}
