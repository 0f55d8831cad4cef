//! `Package.swift` → [`Manifest`].

use std::sync::LazyLock;

use regex::Regex;
use siteplan_catalog::signals::Ecosystem;

use crate::readers::manifest::{Manifest, Scope};
use crate::readers::pattern::pattern;
use crate::text::{line_at, line_text};

/// Reads one. A package is known by the last part of its address.
pub(super) fn read(text: &str) -> Manifest {
    static PACKAGE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"\.package\(\s*(?:name:\s*"[^"]*"\s*,\s*)?url:\s*"([^"]+)"\s*,\s*([^)\n]*)"#)
    });
    static VERSION: LazyLock<Regex> = LazyLock::new(|| pattern(r#""(\d[^"]*)""#));
    static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\bPackage\(\s*name:\s*"([^"]+)""#));
    static PROGRAM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"\.(executableTarget|executable)\(\s*name:\s*"([^"]+)"(?:[^()]*?\bpath:\s*"([^"]+)")?"#)
    });
    static TOOLS: LazyLock<Regex> = LazyLock::new(|| pattern(r"swift-tools-version:\s*([\d.]+)"));
    let mut manifest = Manifest::new(Ecosystem::Swift);
    let commented = |at: usize| line_text(text, at).trim_start().starts_with("//");
    let at = |found: &regex::Captures<'_>| found.get(0).map_or(0, |whole| whole.start());
    for found in PACKAGE.captures_iter(text).filter(|found| !commented(at(found))) {
        let name = found[1].trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let version = VERSION.captures(&found[2]).map(|version| version[1].to_owned());
        manifest.depend(
            name.trim_end_matches(".git"),
            version.as_deref(),
            Scope::Production,
            Some(line_at(text, at(&found))),
        );
    }
    if let Some(found) = NAME.captures(text) {
        manifest.name = Some((found[1].to_owned(), Some(line_at(text, at(&found)))));
    }
    let mut products = Vec::new();
    for found in PROGRAM.captures_iter(text).filter(|found| !commented(at(found))) {
        if &found[1] == "executable" {
            products.push(found[2].to_owned());
        } else {
            let folder = found
                .get(3)
                .map_or_else(|| format!("Sources/{}", &found[2]), |path| path.as_str().to_owned());
            manifest.programs.insert(found[2].to_owned(), Some(folder));
        }
    }
    // A product is what is built by name; its target may be called otherwise.
    for product in products {
        manifest.programs.entry(product).or_insert(None);
    }
    if let Some(found) = TOOLS.captures(text) {
        manifest.pin("swift", &found[1], Some(line_at(text, at(&found))));
    }
    manifest
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn packages_and_programs() {
        let manifest = read(
            "// swift-tools-version:5.9\nlet package = Package(\n name: \"shop\",\n dependencies: [\n  // .package(url: \"https://x/y.git\", from: \"1.0.0\"),\n  .package(url: \"https://github.com/vapor/vapor.git\", from: \"4.99.3\"),\n ],\n targets: [.executableTarget(name: \"App\", dependencies: [])])\n",
        );
        assert_eq!(manifest.dependencies.len(), 1);
        assert_eq!(manifest.dependencies[0].version.as_deref(), Some("4.99.3"));
        assert_eq!(manifest.dependencies[0].line, Some(6));
        assert_eq!(manifest.programs["App"].as_deref(), Some("Sources/App"));
        assert_eq!(manifest.pins[0].version, "5.9");
    }
}
