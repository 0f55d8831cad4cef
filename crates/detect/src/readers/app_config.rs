//! `application.yml`, `application.conf`, `appsettings.json`, `server.xml`, Symfony's `config/*.yaml`, … → variables, keys, data source.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;
use super::providers::{self, Provider};
use super::source::{Reading, VariableRead};
use super::{app_keys, variables};
use crate::text::{line_at, line_text};
use crate::tree::{folder, has_ending, name};

/// What a configuration file of an application says.
#[derive(Clone, Debug, Default)]
pub(crate) struct AppConfig {
    pub(crate) variables: Vec<VariableRead>,
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
    /// The profile for which alone it holds.
    pub(crate) profile: Option<String>,
}

impl AppConfig {
    /// The values of a key, written with dots.
    pub(crate) fn of<'c>(&'c self, key: &'c str) -> impl Iterator<Item = &'c Key> + 'c {
        self.keys.iter().filter(move |one| {
            let mut parts = key.split('.');
            one.path.iter().all(|part| parts.next() == Some(part)) && parts.next().is_none()
        })
    }
}

/// Whether a file is the configuration of an application by its name, wherever it stands.
pub(crate) fn is_one(lower: &str, path: &str) -> bool {
    let ending = |endings: &[&str]| has_ending(lower, endings);
    let home = name(folder(path));
    (lower.starts_with("application") && ending(&["yml", "yaml", "properties", "conf"]))
        || (lower.starts_with("bootstrap") && ending(&["yml", "yaml", "properties"]))
        || (lower.starts_with("appsettings") && ending(&["json"]))
        || matches!(
            lower,
            "microprofile-config.properties"
                | "app.conf"
                | "server.xml"
                | "config.edn"
                | "system.edn"
                | "uwsgi.ini"
                | "rocket.toml"
                | "config.yml"
                | "config.yaml"
        )
        || (home == ".streamlit" && lower == "config.toml")
        || (home == "conf" && ending(&["json"]))
}

/// Reads a configuration file line by line, whatever its format.
pub(crate) fn read(path: &str, text: &str) -> AppConfig {
    static VARIABLE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\$\{(?<asked>\??)(?<name>[A-Z][A-Z0-9_]*)(?<default>:[^}\n]*)?\}|%env\((?:\w+:)*(?<symfony>[A-Z][A-Z0-9_]*)\)%",
        )
    });
    static DEFAULT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?m)^\s*env\((?<name>[A-Z][A-Z0-9_]*)\):[ \t]*(?<value>[^\s#]\S*)"));
    static URL: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"\b((?:jdbc:)?[a-z][a-z0-9+]*):(?://|[a-z]+:)[^\s"'}]*"#));
    let mut config = AppConfig { providers: providers::read(text, |_| true), ..AppConfig::default() };
    // Rails fills its YAML in with Ruby.
    config.variables.extend(variables::read("ruby", text));
    config.keys = app_keys::read(path, text);
    for found in VARIABLE.captures_iter(text) {
        let Some(name) = found.name("name").or_else(|| found.name("symfony")) else { continue };
        let default =
            found.name("default").map(|value| value.as_str()[1..].trim_start_matches('-').to_owned());
        config.variables.push(VariableRead {
            name: name.as_str().to_owned(),
            // HOCON's `${?NAME}` leaves what stood before where there is no such variable.
            reading: if default.is_some() || found.name("asked").is_some_and(|mark| !mark.is_empty()) {
                Reading::Optional
            } else {
                Reading::Strict
            },
            default,
            while_building: false,
            line: line_at(text, name.start()),
            seen: line_text(text, name.start()).to_owned(),
        });
    }
    // Symfony gives defaults as parameters.
    for found in DEFAULT.captures_iter(text) {
        let Some(name) = found.name("name") else { continue };
        config.variables.push(VariableRead {
            name: name.as_str().to_owned(),
            reading: Reading::Optional,
            default: Some(found["value"].trim_matches(['"', '\'']).to_owned()),
            while_building: false,
            line: line_at(text, name.start()),
            seen: line_text(text, name.start()).to_owned(),
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

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn spring_in_both_formats() {
        let text =
            "server.port=${PORT:9000}\nspring.datasource.url=jdbc:postgresql://localhost/x\nk=${SECRET}\n";
        let config = read("application.properties", text);
        assert_eq!(config.of("server.port").next().expect("a key").value, "${PORT:9000}");
        assert_eq!(config.urls[0].1, 2);
        assert_eq!(config.variables.len(), 2);
        let config = read("application.yml", "db:\n  host: x\n");
        let key = config.of("db.host").next().expect("a key");
        assert_eq!((key.value.as_str(), key.line), ("x", 2));
        assert!(config.of("db").next().is_none());
    }
}
