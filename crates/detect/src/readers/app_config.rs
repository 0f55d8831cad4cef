//! `application.yml`, `application.properties`, Symfony's `config/*.yaml` → variables, port, data source.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;
use super::providers::{self, Provider};
use super::source::{Listening, Reading, VariableRead};
use super::variables;
use crate::text::{line_at, line_text};

/// What a configuration file of an application says.
#[derive(Clone, Debug, Default)]
pub(crate) struct AppConfig {
    pub(crate) variables: Vec<VariableRead>,
    pub(crate) port: Option<Listening>,
    /// Connection URLs with their line.
    pub(crate) urls: Vec<(String, u32)>,
    /// Its keys that hold a plain value.
    pub(crate) keys: Vec<Key>,
    /// Engines that it names (`adapter: postgresql`).
    pub(crate) providers: Vec<Provider>,
}

/// A plain value of a layered configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) path: Vec<String>,
    pub(crate) value: String,
    pub(crate) line: u32,
}

/// Reads a configuration file line by line, whatever its format.
pub(crate) fn read(text: &str) -> AppConfig {
    static VARIABLE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\$\{(?<name>[A-Z][A-Z0-9_]*)(?<default>:[^}\n]*)?\}|%env\((?:\w+:)*(?<symfony>[A-Z][A-Z0-9_]*)\)%",
        )
    });
    static PORT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?m)^server\.port\s*=\s*(?:\$\{\w+:)?(\d{2,5})|^(?:server|application|app|http|web):\s*\n(?:[ \t]+[^\n]*\n)*?[ \t]+port:\s*(?:\$\{\w+:)?(\d{2,5})|^(?:quarkus\.http\.port|micronaut\.server\.port)\s*=\s*(\d{2,5})",
        )
    });
    static URL: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"\b((?:jdbc:)?[a-z][a-z0-9+]*):(?://|[a-z]+:)[^\s"'}]*"#));
    let mut config = AppConfig { providers: providers::read(text), ..AppConfig::default() };
    // Rails fills its YAML in with Ruby.
    config.variables.extend(variables::read("ruby", text));
    config.keys = keys(text);
    for found in VARIABLE.captures_iter(text) {
        let Some(name) = found.name("name").or_else(|| found.name("symfony")) else { continue };
        let default =
            found.name("default").map(|value| value.as_str()[1..].trim_start_matches('-').to_owned());
        config.variables.push(VariableRead {
            name: name.as_str().to_owned(),
            reading: if default.is_some() { Reading::Optional } else { Reading::Strict },
            default,
            while_building: false,
            line: line_at(text, name.start()),
            seen: line_text(text, name.start()).to_owned(),
        });
    }
    if let Some(port) = PORT.captures(text).and_then(|found| found.iter().skip(1).flatten().next()) {
        config.port = port.as_str().parse().ok().map(|number| Listening {
            port: number,
            line: line_at(text, port.start()),
            seen: line_text(text, port.start()).trim().to_owned(),
        });
    }
    for found in URL.captures_iter(text) {
        let whole = found.get(0).map_or(0, |whole| whole.start());
        if !line_text(text, whole).trim_start().starts_with('#') {
            config.urls.push((found[0].to_owned(), line_at(text, whole)));
        }
    }
    config
}

/// The paths of plain values in YAML, by indentation: enough for a configuration, and with its lines.
fn keys(text: &str) -> Vec<Key> {
    let mut open: Vec<(usize, String)> = Vec::new();
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let body = line.trim_start();
        let Some((key, value)) = body.split_once(':') else { continue };
        let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !plain {
            continue;
        }
        let indent = line.len() - body.len();
        while open.last().is_some_and(|(above, _)| *above >= indent) {
            open.pop();
        }
        open.push((indent, key.to_owned()));
        if !value.trim().is_empty() {
            let value = value.trim().split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']);
            found.push(Key {
                path: open.iter().map(|(_, key)| key.clone()).collect(),
                value: value.to_owned(),
                line: number,
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn spring_in_both_formats() {
        let config = read(
            "server.port=${PORT:9000}\nspring.datasource.url=jdbc:postgresql://localhost/x\nk=${SECRET}\n",
        );
        assert_eq!(config.port.expect("a port").port, 9000);
        assert_eq!(config.urls[0].1, 2);
        assert_eq!(config.variables.len(), 2);
        let key = &read("db:\n  host: x\n").keys[0];
        assert_eq!((key.path.join("."), key.value.as_str(), key.line), ("db.host".to_owned(), "x", 2));
        assert_eq!(read("server:\n  ssl: x\n  port: 8081\n").port.expect("a port").port, 8081);
    }
}
