//! The lines around a read → whether a condition decides on it, and whether a later test stops the program.

use super::source::Reading;
use crate::text::line_text;

/// What ends a program.
const STOPS: &[&str] =
    &["throw ", "process.exit", "raise ", "log.Fatal", "panic(", "die(", "sys.exit", "os.Exit", "abort("];
/// Whether a text ends the program as a failure.
pub(super) fn stops(text: &str) -> bool {
    STOPS.iter().any(|stop| {
        text.match_indices(stop)
            .any(|(at, _)| !text[at + stop.len()..].trim_start_matches('(').starts_with("0)"))
    })
}

/// Texts of a condition that asks for the production environment.
const PRODUCTION: &[&str] = &["prod", "not debug", "!debug"];
/// No more mentions of a name are looked at.
const MOST_MENTIONS: usize = 40;
/// No more lines are looked back.
const MOST_LINES: usize = 400;

/// Whether the read at `offset` happens only where a setting says so: in the block of an `if` at the top of a configuration, or
/// of one that compares a setting with a fixed word. Production's own block is no such condition.
pub(super) fn is_conditional(text: &str, offset: usize) -> bool {
    let own = line_text(text, offset);
    let mut depth = indent(own);
    if depth == 0 {
        return false;
    }
    let mut conditions: Vec<&str> = Vec::new();
    let mut in_function = false;
    for line in text[..offset - offset_in_line(text, offset)].lines().rev().take(MOST_LINES) {
        let trimmed = line.trim_start();
        let here = indent(line);
        if trimmed.is_empty() || here >= depth || trimmed.starts_with(['}', ')', ']', '#']) && here > 0 {
            continue;
        }
        depth = here;
        let opened = trimmed.trim_start_matches(['}', ' ']);
        if is_condition(opened) {
            conditions.push(opened);
        } else if is_function(opened) {
            in_function = true;
        }
        if depth == 0 {
            break;
        }
    }
    conditions.iter().any(|condition| {
        let lower = condition.to_ascii_lowercase();
        let unlike = lower.contains("!=") || lower.contains("unless");
        let production = PRODUCTION.iter().any(|word| lower.contains(word)) && !unlike;
        let of_environment =
            ["process.env", "ENV[", "environ", "getenv"].iter().any(|text| condition.contains(text));
        let words = of_environment || condition.contains("==") && condition.contains(['"', '\'']);
        let of_request =
            ["method", "GET", "POST", "PUT", "DELETE"].iter().any(|word| condition.contains(word));
        !production && !lower.contains("__name__") && (!in_function || (words && !of_request))
    })
}

fn offset_in_line(text: &str, offset: usize) -> usize {
    offset - text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn is_condition(line: &str) -> bool {
    ["if ", "if(", "elif ", "elsif ", "else if ", "else if(", "unless ", "case ", "when "]
        .iter()
        .any(|word| line.starts_with(word))
}

fn is_function(line: &str) -> bool {
    let keyword = [
        "def ",
        "async def ",
        "class ",
        "func ",
        "fn ",
        "pub fn ",
        "function ",
        "async function ",
        "export ",
    ]
    .iter()
    .any(|word| line.starts_with(word));
    keyword || line.trim_end().ends_with("=> {") || (line.contains('(') && line.trim_end().ends_with('{'))
}

/// What a test of the name to which the read is assigned makes of it: a stop in its block demands the value, any other block
/// knows how to do without. `None` where nothing tests it.
pub(super) fn judged_later(text: &str, offset: usize, before: &str) -> Option<Reading> {
    let name = assigned(before)?;
    let start = offset + text[offset..].find('\n')?;
    let mut judged = None;
    for (at, _) in text[start..].match_indices(name).take(MOST_MENTIONS) {
        let at = start + at;
        let line = line_text(text, at);
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let whole = !text[..at].ends_with(word) && !text[at + name.len()..].starts_with(word);
        let opened = line.trim_start().trim_start_matches(['}', ' ']);
        if !whole || !is_condition(opened) || !asks_for_absence(opened, name) {
            continue;
        }
        let depth = indent(line);
        let body = text[at..].lines().skip(1).take(12).take_while(|next| {
            next.trim().is_empty() || indent(next) > depth || next.trim_start().starts_with([']', ')'])
        });
        let stops = std::iter::once(line).chain(body).any(stops);
        if stops {
            return Some(Reading::Strict);
        }
        judged = Some(Reading::Tested);
    }
    judged
}

/// Whether a condition is about a value that is not there, or not fit.
fn asks_for_absence(condition: &str, name: &str) -> bool {
    let plain = condition.replace(' ', "");
    ["!", "not", "unless", "if(", "if"].iter().any(|word| {
        plain.match_indices(&format!("{word}{name}")).any(|(at, found)| {
            let after = &plain[at + found.len()..];
            after.is_empty() || after.starts_with([')', ':', '{', '&', '|']) || after.starts_with("then")
        })
    }) || [" in ", " is None", " == null", " === undefined", " == \"\"", " === ''"]
        .iter()
        .any(|test| condition.contains(&format!("{name}{test}")))
}

/// The name on the left of an assignment.
fn assigned(before: &str) -> Option<&str> {
    let left = before.trim_end();
    // What stands between the name and the read is at most a call that turns it into something else.
    let (left, _) = left.rsplit_once('=').filter(|(_, call)| !call.contains([';', ',']))?;
    let left = left.trim_end_matches([':', ' ', '|', '?']);
    let name = left.split([':', ' ']).filter(|part| !part.is_empty()).find(|part| {
        !matches!(*part, "const" | "let" | "var" | "export" | "readonly" | "static" | "public" | "private")
    })?;
    let plain = name.len() > 2 && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    plain.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::{is_conditional, judged_later};
    use crate::readers::source::Reading;

    fn conditional(text: &str) -> bool {
        is_conditional(text, text.find("READ").expect("the read"))
    }

    #[test]
    fn a_block_that_a_setting_opens_is_conditional() {
        assert!(conditional("USE = 1\nif USE:\n    A = 1\n    B = READ\n"));
        assert!(!conditional("if not DEBUG:\n    B = READ\n"));
        assert!(!conditional("if config_env() == :prod do\n  x = READ\n"));
        assert!(!conditional("def f(x):\n    if x:\n        return READ\n"));
        assert!(conditional("class A {\n  f() {\n    if (this.type === \"mariadb\") {\n      p = READ;\n"));
        assert!(!conditional("function f(req) {\n  if (req.method === 'POST') {\n    READ\n"));
        assert!(!conditional("A = READ\n"));
    }

    #[test]
    fn a_later_test_says_whether_the_program_can_do_without() {
        let judged = |text: &str| {
            let at = text.find("READ").expect("the read");
            judged_later(text, at, text[..at].lines().last().unwrap_or_default())
        };
        assert_eq!(
            judged("const key = READ;\nif (!key) {\n  throw new Error('x');\n}\n"),
            Some(Reading::Strict)
        );
        assert_eq!(judged("const key = READ;\nif (!key) {\n  return null;\n}\n"), Some(Reading::Tested));
        assert_eq!(
            judged("KEY = READ\nif not DEBUG and KEY in [\n    'a',\n]:\n    raise X('a')\n"),
            Some(Reading::Strict)
        );
        assert_eq!(judged("const key = READ;\nuse(key);\n"), None);
    }
}
