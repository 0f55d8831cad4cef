//! Values → single instructions of a Dockerfile. Text from a repository never becomes a second instruction, a variable or an
//! option: what a line cannot hold as it is goes into a JSON list.

use crate::names::is_variable;

/// A line longer than this is broken between its words.
const LONG: usize = 200;

/// Whether a text is one line that no reader takes apart.
pub(super) fn is_one(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(char::is_control)
}

/// A list with a line for each text that is one.
pub(super) fn lines(texts: &[String]) -> String {
    let kept: Vec<&str> = texts.iter().map(String::as_str).filter(|text| is_one(text)).collect();
    kept.join("\n") + "\n"
}

/// A comment; a line that looks like an instruction to the parser is none.
pub(super) fn comment(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("# {}\n", text.replace('=', " = ").trim())
}

/// A build argument.
pub(super) fn argument(name: &str, default: Option<&str>) -> String {
    match default {
        _ if !is_variable(name) => String::new(),
        Some(default) if is_one(default) => format!("ARG {name}={}\n", value(&default.replace('$', "\\$"))),
        _ => format!("ARG {name}\n"),
    }
}

/// Variables in one instruction.
pub(super) fn environment(variables: &[(&str, &str)]) -> String {
    let kept = variables.iter().filter(|(name, text)| is_variable(name) && is_one(text));
    let pairs: Vec<String> = kept.map(|(name, text)| format!("{name}={}", value(text))).collect();
    if pairs.is_empty() { String::new() } else { format!("ENV {}\n", pairs.join(" \\\n    ")) }
}

/// A value in double quotes, in which a dollar sign stays what it is: `\$` for the sign itself.
fn value(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._/-:@+,$".contains(c);
    if text.chars().all(plain) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek() == Some(&'$') => quoted.push('\\'),
            '\\' | '"' => quoted.extend(['\\', letter]),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// A path outside of a JSON list.
pub(super) fn path(path: &str) -> String {
    value(&path.replace('$', "\\$"))
}

/// A copy. Names with anything but letters, digits and `._/-+@` go into a JSON list.
pub(super) fn copy(from: Option<&str>, sources: &[String], to: &str, owner: Option<&str>) -> String {
    let plain = |path: &str| path.chars().all(|c| c.is_ascii_alphanumeric() || "._/-+@".contains(c));
    let from = from.map(|from| format!(" --from={from}")).unwrap_or_default();
    let owner = owner.map(|owner| format!(" --chown={owner}")).unwrap_or_default();
    let line = format!("COPY{from}{owner}");
    let paths: Vec<String> = sources.iter().cloned().chain(std::iter::once(to.to_owned())).collect();
    if paths.iter().all(|path| plain(path) && !path.starts_with('-')) {
        format!("{line} {}\n", paths.join(" "))
    } else {
        let escaped: Vec<String> = paths.iter().map(|path| path.replace('$', "\\$")).collect();
        format!("{line} {}\n", words(&escaped))
    }
}

/// A shell line, as it is where a Dockerfile can hold it, else as the argument of a shell.
pub(super) fn run(line: &str, waived: &[String]) -> String {
    let rules =
        if waived.is_empty() { String::new() } else { format!("# hadolint ignore={}\n", waived.join(",")) };
    let line = line.trim();
    let shown = is_one(line)
        && !line.ends_with('\\')
        && !line.contains("<<")
        && !line.starts_with(['[', '-', '#'])
        && (!waived.is_empty() || is_simple(line));
    let written = if shown {
        let broken = line.replace(" && ", " \\\n    && ");
        // Only a line of the catalog, which waives a rule, holds quoted words side by side and nothing else around them.
        if !waived.is_empty() && line.len() > LONG { broken.replace("' '", "' \\\n    '") } else { broken }
    } else {
        words(&["sh".to_owned(), "-c".to_owned(), line.to_owned()])
    };
    format!("{rules}RUN {written}\n")
}

/// Whether a shell takes a line for plain words, one command after the other.
fn is_simple(line: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || " ._/-:@+,=&'()[]|^*".contains(c);
    line.chars().all(plain) && !line.replace(" && ", "").contains('&')
}

/// Words as the JSON list that Dockerfiles read.
pub(super) fn words(words: &[String]) -> String {
    let list: Vec<String> =
        words.iter().map(|word| serde_json::Value::from(word.replace('\0', "")).to_string()).collect();
    format!("[{}]", list.join(", "))
}
