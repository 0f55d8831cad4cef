//! Go programs that let Viper read their environment → the variables behind its keys.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;
use super::source::{Reading, VariableRead};
use crate::text::{line_at, line_text};

/// Reads a file that sets Viper up; the keys that it names there are the variables.
pub(super) fn read(text: &str) -> Vec<VariableRead> {
    static PREFIX: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\.SetEnvPrefix\(\s*"(\w+)""#));
    static KEY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\.(?:SetDefault\(\s*"([\w.-]+)"\s*,\s*("[^"\n]*"|\d+|true|false)?|(?:Get(?:String|Int|Bool|Duration|StringSlice|Float64|Int64)|BindEnv|BindPFlag)\(\s*"([\w.-]+)")"#,
        )
    });
    if !text.contains("AutomaticEnv()") {
        return Vec::new();
    }
    let prefix = PREFIX.captures(text).map(|found| format!("{}_", &found[1])).unwrap_or_default();
    let mut found: BTreeMap<String, VariableRead> = BTreeMap::new();
    for key in KEY.captures_iter(text) {
        let Some(name) = key.get(1).or_else(|| key.get(3)) else { continue };
        let variable = format!("{prefix}{}", name.as_str()).replace(['.', '-'], "_").to_ascii_uppercase();
        let default = key.get(2).map(|value| value.as_str().trim_matches('"').to_owned());
        let one = found.entry(variable.clone()).or_insert_with(|| VariableRead {
            name: variable,
            // What Viper does not find has its type's empty value.
            reading: Reading::Optional,
            default: None,
            while_building: false,
            line: line_at(text, name.start()),
            seen: line_text(text, name.start()).to_owned(),
        });
        one.default = one.default.take().or(default);
    }
    found.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn keys_are_variables_with_the_prefix() {
        let text = "viper.SetDefault(\"driver\", \"sqlite\")\nviper.SetEnvPrefix(\"memo\")\nviper.AutomaticEnv()\nx(viper.GetString(\"db.dsn-ro\"))\n";
        let found = read(text);
        let shown: Vec<_> =
            found.iter().map(|one| (one.name.as_str(), one.default.as_deref(), one.line)).collect();
        assert_eq!(shown, [("MEMO_DB_DSN_RO", None, 4), ("MEMO_DRIVER", Some("sqlite"), 1)]);
        assert!(read("viper.GetString(\"a\")").is_empty());
    }
}
