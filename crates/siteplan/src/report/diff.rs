//! A planned file → a unified diff, plain for programs and patches, coloured and harmless on a terminal.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use similar::TextDiff;

use crate::ownership::{Action, Planned};
use crate::terminal::{code, paint};

const OLD: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default();
const PLACE: Style = AnsiColor::Cyan.on_default();
const HEAD: Style = Style::new().bold();

/// How a file would change; empty if it would not.
pub(super) fn of(file: &Planned) -> String {
    // Edits that stay are no change.
    if matches!(file.action, Action::Kept | Action::Edited | Action::Left | Action::Unchanged) {
        return String::new();
    }
    // A text that is written although it stays gets back its permission to be run.
    if file.before == file.after {
        let path = &file.path;
        return format!("diff --git a/{path} b/{path}\nold mode 100644\nnew mode 100755\n");
    }
    let name = |text: &Option<String>, side: &str| {
        if text.is_some() { format!("{side}/{}", file.path) } else { "/dev/null".to_owned() }
    };
    unified(
        file.before.as_deref().unwrap_or_default(),
        file.after.as_deref().unwrap_or_default(),
        Some((&name(&file.before, "a"), &name(&file.after, "b"))),
    )
}

/// The same for people.
pub(super) fn shown(file: &Planned) -> String {
    painted(&of(file))
}

/// How one text differs from another, for people.
pub(super) fn between(old: &str, new: &str) -> String {
    painted(&unified(old, new, None))
}

fn unified(old: &str, new: &str, names: Option<(&str, &str)>) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut unified = diff.unified_diff();
    unified.context_radius(3);
    if let Some((old, new)) = names {
        unified.header(old, new);
    }
    unified.to_string()
}

/// The lines of a diff in their colours, without what could steer a terminal.
fn painted(diff: &str) -> String {
    let mut text = String::new();
    for line in diff.lines() {
        let style = match line.as_bytes() {
            [b'+', b'+', b'+', b' ', ..] | [b'-', b'-', b'-', b' ', ..] => HEAD,
            [b'@', b'@', ..] => PLACE,
            [b'+', ..] => NEW,
            [b'-', ..] => OLD,
            _ => Style::new(),
        };
        let _ = writeln!(text, "{}", paint(style, &code(line)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{of, painted};
    use crate::ownership::{Action, Planned};

    #[test]
    fn a_file_cannot_steer_the_terminal_through_its_diff() {
        let file = Planned {
            path: "a".to_owned(),
            action: Action::Foreign,
            before: Some("\u{1b}[2Jold\u{202e}\tend\n".to_owned()),
            after: Some("new\n".to_owned()),
        };
        let shown = anstream_free(&painted(&of(&file)));
        assert!(shown.contains("-\u{fffd}[2Jold\tend\n"), "{shown:?}");
        assert!(shown.contains("--- a/a\n+++ b/a\n"), "{shown:?}");
    }

    /// The text without its styles.
    fn anstream_free(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }
}
