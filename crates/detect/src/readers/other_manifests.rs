//! Manifests whose literal statements are few: `mix.exs` → [`Manifest`].

use std::sync::LazyLock;

use regex::Regex;
use siteplan_catalog::signals::Ecosystem;

use super::manifest::{Manifest, Scope, Trait};
use super::pattern::pattern;
use crate::text::line_at;

/// Reads a `mix.exs`.
pub(crate) fn read_mix(text: &str) -> Manifest {
    static DEPENDENCY: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\{:(\w+),\s*(?:"([^"]*)")?([^}]*)\}"#));
    static APP: LazyLock<Regex> = LazyLock::new(|| pattern(r"app:\s*:(\w+)"));
    static ELIXIR: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\belixir:\s*(?:"([^"]+)"|@(\w+))"#));
    static RELEASES: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"releases:\s*(?:\[\s*(\w+):|\w+)|def(?:p)? releases do\s*\[\s*(\w+):"));
    static ALIAS: LazyLock<Regex> = LazyLock::new(|| pattern(r#""?([\w.]+)"?:\s*\["#));
    let mut manifest = Manifest::new(Ecosystem::Hex);
    let at = |found: &regex::Captures<'_>| found.get(0).map(|whole| line_at(text, whole.start()));
    for found in DEPENDENCY.captures_iter(text) {
        let options = &found[3];
        let development = options.contains("only:") && !options.contains(":prod");
        let scope = if development { Scope::Development } else { Scope::Production };
        manifest.depend(&found[1], found.get(2).map(|version| version.as_str()), scope, at(&found));
    }
    if let Some(found) = APP.captures(text) {
        manifest.name = Some((found[1].to_owned(), at(&found)));
    }
    if let Some(found) = ELIXIR.captures(text) {
        // A module attribute holds what is said in several places.
        let attribute = found.get(2).map(|name| format!("@{} \"", name.as_str()));
        let version = attribute.as_ref().map_or_else(
            || found.get(1).map(|version| version.as_str()),
            |start| text.split_once(start.as_str()).and_then(|(_, rest)| rest.split('"').next()),
        );
        manifest.pin("elixir", version.unwrap_or_default(), at(&found));
    }
    if text.contains("apps_path:") {
        manifest.traits.insert(Trait::WorkspaceRoot);
    }
    for found in RELEASES.captures_iter(text) {
        manifest.modules.push("releases".to_owned());
        let name = found.get(1).or_else(|| found.get(2));
        manifest.main = manifest.main.take().or_else(|| name.map(|name| name.as_str().to_owned()));
    }
    for found in ALIAS.captures_iter(text) {
        manifest.modules.push(found[1].to_owned());
    }
    manifest
}

#[cfg(test)]
mod tests {
    use super::read_mix;
    use crate::readers::manifest::Scope;

    #[test]
    fn mix_scopes() {
        let text = "app: :shop, elixir: \"~> 1.17\"\n{:phoenix, \"~> 1.7\"},\n{:credo, \"~> 1.0\", only: [:dev, :test]}";
        let manifest = read_mix(text);
        assert_eq!(manifest.dependencies[0].scope, Scope::Production);
        assert_eq!(manifest.dependencies[1].scope, Scope::Development);
        assert_eq!(manifest.pins[0].version, "~> 1.17");
    }
}
