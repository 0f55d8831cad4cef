//! Manifests whose literal statements are few: `mix.exs`, `*.csproj`/`*.fsproj` → [`Manifest`].

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
    static ELIXIR: LazyLock<Regex> = LazyLock::new(|| pattern(r#"elixir:\s*"([^"]+)""#));
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
        manifest.pin("elixir", &found[1], at(&found));
    }
    for found in ALIAS.captures_iter(text) {
        manifest.modules.push(found[1].to_owned());
    }
    manifest
}

/// Reads a .NET project file.
pub(crate) fn read_dotnet(path: &str, text: &str) -> Manifest {
    static SDK: LazyLock<Regex> = LazyLock::new(|| pattern(r#"<Project\s+Sdk="([^"]+)""#));
    static PACKAGE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"<(?:PackageReference|FrameworkReference)\s+Include="([^"]+)"(?:\s+Version="([^"]+)")?"#)
    });
    static TARGET: LazyLock<Regex> = LazyLock::new(|| pattern(r"<TargetFrameworks?>([^<]+)<"));
    static OUTPUT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)<OutputType>(\w+)<"));
    let mut manifest = Manifest::new(Ecosystem::Nuget);
    let at = |found: &regex::Captures<'_>| found.get(0).map(|whole| line_at(text, whole.start()));
    let name = crate::tree::name(path);
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    manifest.name = Some((name.to_owned(), None));
    if let Some(found) = SDK.captures(text) {
        manifest.depend(&found[1], None, Scope::Production, at(&found));
        if found[1].ends_with(".Web") || found[1].ends_with(".Worker") {
            manifest.traits.insert(Trait::Program);
        }
    }
    for found in PACKAGE.captures_iter(text) {
        manifest.depend(
            &found[1],
            found.get(2).map(|version| version.as_str()),
            Scope::Production,
            at(&found),
        );
    }
    if let Some(found) = TARGET.captures(text) {
        let version = found[1].split(';').next_back().unwrap_or_default().trim_start_matches("netcoreapp");
        manifest.pin("dotnet", version.trim_start_matches("net"), at(&found));
    }
    if OUTPUT.captures(text).is_some_and(|found| found[1].eq_ignore_ascii_case("exe")) {
        manifest.traits.insert(Trait::Program);
    }
    if text.contains("Microsoft.NET.Test.Sdk") || text.contains("<IsTestProject>true") {
        manifest.modules.push("tests".to_owned());
    }
    manifest
}

#[cfg(test)]
mod tests {
    use super::{read_dotnet, read_mix};
    use crate::readers::manifest::Scope;

    #[test]
    fn mix_scopes() {
        let text = "app: :shop, elixir: \"~> 1.17\"\n{:phoenix, \"~> 1.7\"},\n{:credo, \"~> 1.0\", only: [:dev, :test]}";
        let manifest = read_mix(text);
        assert_eq!(manifest.dependencies[0].scope, Scope::Production);
        assert_eq!(manifest.dependencies[1].scope, Scope::Development);
        assert_eq!(manifest.pins[0].version, "~> 1.17");
    }

    #[test]
    fn a_dotnet_sdk_counts_as_a_package() {
        let text =
            "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><TargetFramework>net8.0</TargetFramework></Project>";
        let manifest = read_dotnet("src/Api/Api.csproj", text);
        assert_eq!(manifest.dependencies[0].name, "Microsoft.NET.Sdk.Web");
        assert_eq!(manifest.pins[0].version, "8.0");
    }
}
