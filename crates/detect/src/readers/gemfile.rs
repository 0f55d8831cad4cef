//! `Gemfile` → [`Manifest`]: literal `gem` lines and the groups around them.

use std::sync::LazyLock;

use regex::Regex;
use siteplan_catalog::signals::Ecosystem;

use super::manifest::{Manifest, Scope};
use super::pattern::pattern;

/// Reads a `Gemfile`.
pub(crate) fn read(text: &str) -> Manifest {
    static GEM: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"^\s*gem\s*\(?\s*["']([^"']+)["'](?:\s*,\s*["']([^"']+)["'])?(.*)$"#));
    static RUBY: LazyLock<Regex> = LazyLock::new(|| pattern(r#"^\s*ruby\s*\(?\s*["']([^"']+)["']"#));
    let mut manifest = Manifest::new(Ecosystem::Gem);
    let mut groups: Vec<Scope> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.split(" #").next().unwrap_or(line);
        let trimmed = line.trim();
        if trimmed.starts_with('#') {
            continue;
        }
        if trimmed.ends_with(" do") || trimmed.contains(" do |") {
            let outer = groups.last().copied().unwrap_or(Scope::Production);
            groups.push(if trimmed.starts_with("group") { scope_of(trimmed) } else { outer });
        } else if trimmed == "end" {
            groups.pop();
        } else if let Some(found) = GEM.captures(line) {
            let inline = found.get(3).map_or("", |rest| rest.as_str());
            let scope = match groups.last().copied().unwrap_or(Scope::Production) {
                Scope::Production if inline.contains("group") => scope_of(inline),
                other => other,
            };
            manifest.depend(&found[1], found.get(2).map(|version| version.as_str()), scope, Some(number));
        } else if let Some(found) = RUBY.captures(line) {
            manifest.pin("ruby", &found[1], Some(number));
        }
    }
    manifest
}

/// A group is for production unless it names only development and test.
fn scope_of(line: &str) -> Scope {
    let production =
        line.contains(":production") || line.contains("\"production\"") || line.contains(":default");
    let development = line.contains("dev") || line.contains("test");
    if development && !production { Scope::Development } else { Scope::Production }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::readers::manifest::Scope;

    #[test]
    fn groups_decide_the_scope() {
        let text = "ruby \"3.3.0\"\ngem 'rails', '~> 8.0'\ngroup :development, :test do\n  gem 'sqlite3'\nend\ngem \"pg\"\n";
        let manifest = read(text);
        let scopes: Vec<_> = manifest.dependencies.iter().map(|d| d.scope).collect();
        assert_eq!(scopes, [Scope::Production, Scope::Development, Scope::Production]);
        assert_eq!(manifest.dependencies[0].version.as_deref(), Some("~> 8.0"));
        assert_eq!(manifest.pins[0].version, "3.3.0");
    }
}
