//! A shell script → the environment variables that it expects from outside.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;
use super::source::{Reading, VariableRead};
use crate::text::{line_at, line_text};

/// Reads a script. What it sets itself, and what only its functions and loops know, is none of the environment's.
pub(super) fn read(text: &str) -> Vec<VariableRead> {
    static USE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\$(?:\{(?P<long>[A-Z][A-Z0-9_]*)(?:(?P<how>:?[-=?+])(?P<rest>[^}\n]*))?\}|(?P<short>[A-Z][A-Z0-9_]*))",
        )
    });
    static SET: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?m)(?:^|[;&|]|\bthen|\bdo)\s*(?:export\s+|local\s+|readonly\s+|declare\s+(?:-\w+\s+)*)?([A-Z][A-Z0-9_]*)=|\b(?:for|read(?:\s+-\w+)*)\s+([A-Z][A-Z0-9_]*)\b",
        )
    });
    let mut own: BTreeSet<(&str, usize)> = BTreeSet::new();
    for found in SET.captures_iter(text) {
        if let Some(name) = found.get(1).or_else(|| found.get(2)) {
            own.insert((name.as_str(), name.start()));
        }
    }
    let mut found = Vec::new();
    for use_of in USE.captures_iter(text) {
        let Some(name) = use_of.name("long").or_else(|| use_of.name("short")) else { continue };
        let line = line_text(text, name.start());
        // `A=${A:-x}` sets what it reads; any other assignment above makes the value the script's own.
        let set_before = own
            .range((name.as_str(), 0)..(name.as_str(), name.start()))
            .any(|(_, at)| name.start() - at > name.len() + "=\"${".len());
        if line.trim_start().starts_with('#') || set_before {
            continue;
        }
        let how = use_of.name("how").map_or("", |how| how.as_str());
        let default = use_of
            .name("rest")
            .filter(|_| how.ends_with(['-', '=']))
            .map(|rest| rest.as_str().trim_matches(['"', '\'']));
        let tested = line.contains("[ ") || line.contains("[[ ") || line.trim_start().starts_with("case ");
        let reading = match how {
            ":?" | "?" => Reading::Strict,
            "" if tested || super::blocks::is_conditional(text, name.start()) => Reading::Tested,
            "" => Reading::Plain,
            _ => Reading::Optional,
        };
        found.push(VariableRead {
            name: name.as_str().to_owned(),
            reading,
            default: default.filter(|value| !value.contains('$')).map(str::to_owned),
            while_building: false,
            line: line_at(text, name.start()),
            seen: line.to_owned(),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::readers::source::Reading;

    #[test]
    fn what_a_script_expects() {
        let text = "#!/bin/sh\nB=1\nexec app --port ${PORT:-80} --db $DATABASE_URL $B\n: ${KEY:?missing}\n\
            if [ -n \"$MOUNT\" ]; then\n  use $TOKEN\nfi\nfor X in a; do echo $X; done\n";
        let found = read(text);
        let shown: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.reading)).collect();
        assert_eq!(
            shown,
            [
                ("PORT", Reading::Optional),
                ("DATABASE_URL", Reading::Plain),
                ("KEY", Reading::Strict),
                ("MOUNT", Reading::Tested),
                ("TOKEN", Reading::Tested),
            ]
        );
        assert_eq!(found[0].default.as_deref(), Some("80"));
    }
}
