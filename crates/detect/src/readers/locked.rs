//! `Gemfile.lock` → the versions that are really installed, and the Ruby that they were resolved for.

use std::collections::BTreeMap;

use super::manifest::Pin;

/// What a lock file says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Locked {
    pub(crate) versions: BTreeMap<String, String>,
    pub(crate) pins: Vec<Pin>,
}

/// Reads a `Gemfile.lock`: packages stand four spaces deep, their dependencies six.
pub(crate) fn read_gems(text: &str) -> Locked {
    let mut locked = Locked::default();
    let mut in_ruby = false;
    for (number, line) in (1..).zip(text.lines()) {
        if !line.starts_with(' ') {
            in_ruby = line == "RUBY VERSION";
            continue;
        }
        let body = line.trim();
        if in_ruby {
            // `ruby 3.3.0p0`: the patch level of the interpreter is no part of its version.
            let version =
                body.strip_prefix("ruby ").map(|rest| rest.split('p').next().unwrap_or(rest).trim());
            locked.pins.extend(version.map(|version| Pin {
                tool: "ruby".to_owned(),
                version: version.to_owned(),
                line: Some(number),
            }));
            in_ruby = false;
        } else if line.starts_with("    ") && !line.starts_with("     ") {
            let named = body.strip_suffix(')').and_then(|body| body.split_once(" ("));
            if let Some((name, version)) =
                named.filter(|(_, version)| version.starts_with(|c: char| c.is_ascii_digit()))
            {
                // A platform stands behind the version: `1.18.2-x86_64-linux`.
                let version = version.split('-').next().unwrap_or(version);
                locked.versions.entry(name.to_owned()).or_insert_with(|| version.to_owned());
            }
        }
    }
    locked
}

#[cfg(test)]
mod tests {
    use super::read_gems;

    #[test]
    fn packages_are_told_from_their_dependencies() {
        let text = "GEM\n  remote: https://rubygems.org/\n  specs:\n    rails (8.0.1)\n      actionpack (= 8.0.1)\n    nokogiri (1.18.2-x86_64-linux)\n\nDEPENDENCIES\n  rails (~> 8.0)\n\nRUBY VERSION\n   ruby 3.3.6p108\n\nBUNDLED WITH\n   2.5.6\n";
        let locked = read_gems(text);
        assert_eq!(locked.versions.len(), 2);
        assert_eq!(locked.versions["rails"], "8.0.1");
        assert_eq!(locked.versions["nokogiri"], "1.18.2");
        assert_eq!((locked.pins[0].version.as_str(), locked.pins[0].line), ("3.3.6", Some(12)));
    }
}
