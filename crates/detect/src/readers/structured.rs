//! JSON, JSON with comments, TOML, YAML → one value tree, with an error that names the line.

use serde_json::{Map, Value};

/// JSON; a byte order mark, comments and trailing commas are forgiven only where `jsonc` is asked for.
pub(crate) fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| format!("not valid JSON at line {}", error.line()))
}

/// JSON with comments.
pub(crate) fn jsonc(text: &str) -> Result<Value, String> {
    json(&without_comments(text))
}

/// TOML.
pub(crate) fn toml(text: &str) -> Result<Value, String> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| crate::text::line_at(text, span.start));
        format!("not valid TOML at line {line}")
    })
}

/// YAML, the first document of a stream.
pub(crate) fn yaml(text: &str) -> Result<Value, String> {
    Ok(yaml_documents(text)?.into_iter().next().unwrap_or(Value::Null))
}

/// YAML, all documents.
pub(crate) fn yaml_documents(text: &str) -> Result<Vec<Value>, String> {
    serde_saphyr::from_multiple(text).map_err(|error| {
        let line = error.location().map_or(1, |location| location.line());
        format!("not valid YAML at line {line}")
    })
}

/// Fields of an object; none of anything else.
pub(crate) fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// Strings of an array, or a single string.
pub(crate) fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().filter_map(scalar).collect(),
        _ => Vec::new(),
    }
}

/// A scalar as text.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// All values at a dotted path, in which `*` stands for each element.
pub(crate) fn at_path<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    let mut found = vec![value];
    for part in path.split('.') {
        found = found
            .into_iter()
            .flat_map(|value| match (part, value) {
                ("*", Value::Array(items)) => items.iter().collect::<Vec<_>>(),
                ("*", Value::Object(fields)) => fields.values().collect(),
                (name, Value::Object(fields)) => fields.get(name).into_iter().collect(),
                _ => Vec::new(),
            })
            .collect();
    }
    found
}

/// Blanks comments and trailing commas, keeping every line where it was.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut in_string = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' if in_string => {
                out.push(c);
                out.extend(chars.next());
            }
            '"' => {
                in_string = !in_string;
                out.push(c);
            }
            '/' if !in_string && chars.peek() == Some(&'/') => {
                while chars.peek().is_some_and(|next| *next != '\n') {
                    chars.next();
                }
            }
            '/' if !in_string && chars.peek() == Some(&'*') => {
                chars.next();
                let mut last = ' ';
                for inner in chars.by_ref() {
                    if inner == '\n' {
                        out.push('\n');
                    }
                    if last == '*' && inner == '/' {
                        break;
                    }
                    last = inner;
                }
            }
            '}' | ']' if !in_string => {
                let kept = out.trim_end().len();
                if out[..kept].ends_with(',') {
                    out.replace_range(kept - 1..kept, " ");
                }
                out.push(c);
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{at_path, jsonc, toml, yaml};

    #[test]
    fn comments_and_trailing_commas_are_blanked() {
        let value = jsonc("{ // a\n \"u\": \"http://x\", /* b\n */ \"l\": [1, 2,], }").expect("valid");
        assert_eq!(value["u"], "http://x");
        assert_eq!(value["l"][1], 2);
    }

    #[test]
    fn errors_name_the_line() {
        assert_eq!(toml("a = 1\nb = = 2").expect_err("broken"), "not valid TOML at line 2");
        assert!(yaml("a: [1\nb: 2").expect_err("broken").starts_with("not valid YAML at line"));
    }

    #[test]
    fn a_path_with_a_star_finds_each() {
        let value = yaml("s:\n- p: /a\n- p: /b\n").expect("valid");
        assert_eq!(at_path(&value, "s.*.p").len(), 2);
    }
}
