//! Values to a file of Terraform variables (`*.tfvars`), laid out as `terraform fmt` wants it.
//!
//! Such a file holds values alone: no reference, no call. Text is quoted so that it stays text; `hcl-rs` would leave the
//! dollar of `$${` as the sign of an escape and aligns nothing, so these few lines are written here and read back by it
//! in the tests.

use std::collections::BTreeSet;
use std::fmt::Write;

/// A value of a variable.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Text(String),
    Number(u64),
    Flag(bool),
    /// Values that fit on one line.
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
}

/// A name with its value.
pub(crate) type Entry = (String, Value);

impl Value {
    /// Text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Several texts.
    pub(crate) fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }

    fn is_one_line(&self) -> bool {
        !matches!(self, Self::Map(entries) if !entries.is_empty())
    }
}

/// A name of ours with its value.
pub(crate) fn entry(name: &str, value: Value) -> Entry {
    (name.to_owned(), value)
}

/// A file that says first what it is for.
pub(crate) fn tfvars(about: &str, entries: &[Entry]) -> String {
    let mut out = format!("# {about}\n\n");
    write_entries(&mut out, entries, 0);
    out
}

/// Names whose values take one line stand in one column as long as they follow each other. A name that is there already
/// keeps its first value: a map has each name once.
fn write_entries(out: &mut String, entries: &[Entry], depth: usize) {
    let mut seen = BTreeSet::new();
    let entries: Vec<&Entry> = entries.iter().filter(|(name, _)| seen.insert(name)).collect();
    let mut rest = entries.as_slice();
    while !rest.is_empty() {
        let run = rest.iter().take_while(|(_, value)| value.is_one_line()).count();
        let (together, others) = rest.split_at(run.max(1));
        let keys: Vec<String> = together.iter().map(|(name, _)| key(name)).collect();
        let width = keys.iter().map(|key| key.chars().count()).max().unwrap_or_default();
        for (key, (_, value)) in keys.iter().zip(together) {
            let _ = write!(out, "{:indent$}{key:width$} = ", "", indent = depth * 2);
            write_value(out, value, depth);
            out.push('\n');
        }
        rest = others;
    }
}

fn write_value(out: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Text(text) => out.push_str(&quoted(text)),
        Value::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Flag(flag) => {
            let _ = write!(out, "{flag}");
        }
        Value::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                write_value(out, item, depth);
            }
            out.push(']');
        }
        Value::Map(entries) if entries.is_empty() => out.push_str("{}"),
        Value::Map(entries) => {
            out.push_str("{\n");
            write_entries(out, entries, depth + 1);
            let _ = write!(out, "{:indent$}}}", "", indent = depth * 2);
        }
    }
}

/// A key as it is where that is a name, else quoted.
fn key(name: &str) -> String {
    const WORDS: [&str; 6] = ["for", "in", "if", "true", "false", "null"];
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if is_name && !WORDS.contains(&name) { name.to_owned() } else { quoted(name) }
}

/// Text in quotes in which nothing is an escape, an interpolation or a directive but what this writes.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if characters.peek() == Some(&'{') => out.extend([character, character]),
            unseen if is_unseen(unseen) => {
                let _ = write!(out, "\\u{:04X}", u32::from(unseen));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// Characters that a person who reads the file would not see, or that turn the text beside them around.
fn is_unseen(character: char) -> bool {
    let turns = matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    character.is_control() || turns
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::{Value, entry, tfvars};

    fn read_back(text: &str) -> hcl::Body {
        hcl::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    #[test]
    fn names_stand_in_columns() {
        let service = Value::Map(vec![
            entry("kind", Value::text("http")),
            entry("port", Value::Number(3000)),
            entry("for", Value::Flag(true)),
        ]);
        let entries = [
            entry("a", Value::text("x")),
            entry("longer", Value::texts(["y", "z"])),
            entry("services", Value::Map(vec![("web".to_owned(), service)])),
            entry("none", Value::Map(Vec::new())),
        ];
        assert_eq!(
            tfvars("About.", &entries),
            "# About.\n\na      = \"x\"\nlonger = [\"y\", \"z\"]\nservices = {\n  web = {\n    kind  = \"http\"\n    port  = 3000\n    \"for\" = true\n  }\n}\nnone = {}\n"
        );
    }

    #[test]
    fn an_interpolation_stays_text() {
        let text = tfvars("", &[entry("a", Value::text("${x} $${y} %{if z} $ % \" \\ \n \u{202e}"))]);
        assert_eq!(text, "# \n\na = \"$${x} $$${y} %%{if z} $ % \\\" \\\\ \\n \\u202E\"\n");
    }

    proptest! {
        #[test]
        fn what_is_written_is_what_is_read(
            name in any::<String>(), text in "[ -~]{0,8}", more in any::<String>(), dollars in "[$%{}\"\\\\\na]{0,12}"
        ) {
            // How the reader takes `$${` after a further dollar differs from Terraform; the test above holds Terraform's way.
            let texts = [text, more, dollars].map(|text| text.replace("$${", "${").replace("%%{", "%{"));
            let name = name.replace("$${", "${").replace("%%{", "%{");
            let list = Value::texts(texts.clone());
            let map = Value::Map(vec![(name.clone(), list)]);
            let body = read_back(&tfvars("", &[entry("given", map), entry("after", Value::Number(1))]));
            prop_assert_eq!(body.attributes().count(), 2);
            let json: serde_json::Value = hcl::from_body(body).expect("values only");
            let written = serde_json::json!({"given": {name: texts}, "after": 1});
            prop_assert_eq!(json, written);
        }
    }
}
