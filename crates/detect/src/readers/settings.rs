//! Fields of a pydantic settings class → environment variables.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;
use super::source::{Reading, VariableRead};

/// A class that reads its fields from the environment.
struct Class {
    prefix: String,
    indent: usize,
}

/// Reads settings classes of a Python file, and classes that inherit from them.
pub(crate) fn read(text: &str) -> Vec<VariableRead> {
    static CLASS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(\s*)class\s+(\w+)\s*\((.*)\)\s*:"));
    static FIELD: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(\s+)(\w+)\s*:\s*([^=#]+?)\s*(?:=\s*(.+?))?\s*(?:#.*)?$"));
    static PREFIX: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"env_prefix\s*[=:"']+\s*["']?([A-Za-z0-9_]*)"#));
    static ALIAS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?:validation_alias|alias|env)\s*=\s*["']([A-Za-z_]\w*)["']"#));
    if !text.contains("Settings") {
        return Vec::new();
    }
    let mut prefixes: BTreeMap<String, String> = BTreeMap::new();
    let mut class: Option<Class> = None;
    let mut found: Vec<VariableRead> = Vec::new();
    let mut first_of_class = 0;
    let mut header = String::new();
    for (number, line) in (1..).zip(text.lines()) {
        // A header may run over several lines.
        let joined = if header.is_empty() { line.to_owned() } else { format!("{header} {}", line.trim()) };
        let opens = joined.trim_start().starts_with("class ") && joined.contains('(');
        if opens && !joined.trim_end().ends_with(':') && joined.len() < 1000 {
            header = joined;
            continue;
        }
        header.clear();
        let line = if opens { joined.as_str() } else { line };
        let indent = line.len() - line.trim_start().len();
        if let Some(open) = &class {
            let ends = !line.trim().is_empty()
                && indent <= open.indent
                && !line.trim_start().starts_with([')', '#']);
            if ends {
                class = None;
            }
        }
        if let Some(header) = CLASS.captures(line) {
            let bases = &header[3];
            let inherited = bases.split(',').map(str::trim).find_map(|base| prefixes.get(base).cloned());
            let is_settings = inherited.is_some()
                || bases
                    .split(',')
                    .any(|base| base.trim().rsplit('.').next().is_some_and(|b| b.ends_with("Settings")));
            if is_settings {
                let own = PREFIX.captures(bases).map(|prefix| prefix[1].to_owned());
                let prefix = own.or(inherited).unwrap_or_default();
                prefixes.insert(header[2].to_owned(), prefix.clone());
                class = Some(Class { prefix, indent: header[1].len() });
                first_of_class = found.len();
            }
            continue;
        }
        let Some(open) = &mut class else { continue };
        if let Some(prefix) = PREFIX.captures(line) {
            prefix[1].clone_into(&mut open.prefix);
            // The configuration may stand below the fields that it speaks of.
            for field in &mut found[first_of_class..] {
                field.name = format!("{}{}", open.prefix.to_ascii_uppercase(), field.name);
            }
            continue;
        }
        let Some(field) = FIELD.captures(line) else { continue };
        let name = &field[2];
        let deeper = field[1].len() > open.indent + 4;
        if deeper || name.starts_with('_') || name == "model_config" || field[3].contains("ClassVar") {
            continue;
        }
        let value = field.get(4).map(|value| value.as_str());
        let alias = value.and_then(|value| ALIAS.captures(value)).map(|alias| alias[1].to_owned());
        let optional = value.is_some_and(|value| {
            !value.starts_with("Field(")
                || value.contains("default")
                || !(value.contains("...") || value.ends_with("Field()"))
        });
        found.push(VariableRead {
            name: alias.unwrap_or_else(|| format!("{}{}", open.prefix, name).to_ascii_uppercase()),
            reading: if optional { Reading::Optional } else { Reading::Strict },
            default: value.and_then(literal),
            while_building: false,
            line: number,
            seen: line.to_owned(),
        });
    }
    found
}

/// A default that is a plain value.
fn literal(value: &str) -> Option<String> {
    let plain = value.trim_matches(['"', '\'']);
    let quoted = plain.len() + 2 == value.len();
    let number = value.parse::<f64>().is_ok() || matches!(value, "True" | "False");
    (number || (quoted && !plain.contains(['"', '\'', '(']))).then(|| plain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::readers::source::Reading;

    #[test]
    fn fields_are_variables_with_their_prefix() {
        let text = "class Base(BaseSettings, env_prefix=\"app_\"):\n    debug: bool = False\n    secret_key: str\n\nclass Db(Base):\n    url: str = \"x\"\n    def f(self):\n        y: int = 3\n";
        let found = read(text);
        let shown: Vec<_> = found.iter().map(|f| (f.name.as_str(), f.reading)).collect();
        assert_eq!(
            shown,
            [
                ("APP_DEBUG", Reading::Optional),
                ("APP_SECRET_KEY", Reading::Strict),
                ("APP_URL", Reading::Optional)
            ]
        );
    }
}
