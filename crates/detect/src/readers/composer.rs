//! `composer.json` → [`Manifest`].

use siteplan_catalog::signals::Ecosystem;

use super::manifest::{Manifest, Scope, Script};
use super::structured::{self, fields};
use crate::text::line_of_key;

/// Reads a `composer.json`.
pub(crate) fn read(text: &str) -> Result<Manifest, String> {
    let value = structured::json(text)?;
    let mut manifest = Manifest::new(Ecosystem::Composer);
    if let Some(name) = value["name"].as_str() {
        let short = name.rsplit('/').next().unwrap_or(name);
        manifest.name = Some((short.to_owned(), line_of_key(text, "name")));
    }
    for (table, scope) in [("require", Scope::Production), ("require-dev", Scope::Development)] {
        for (name, version) in fields(&value[table]) {
            let line = line_of_key(text, name);
            if name == "php" {
                manifest.pin("php", version.as_str().unwrap_or_default(), line);
            } else {
                manifest.depend(name, version.as_str(), scope, line);
            }
        }
    }
    if let Some(version) = value["config"]["platform"]["php"].as_str() {
        manifest.pin("php", version, line_of_key(text, "platform"));
    }
    // The folder that scaffolding fills when the packages are installed.
    let extra = &value["extra"];
    let scaffold = extra["drupal-scaffold"]["locations"]["web-root"].as_str();
    let root =
        scaffold.or_else(|| extra["public-dir"].as_str()).or_else(|| extra["typo3/cms"]["web-dir"].as_str());
    manifest.main = root
        .map(|root| root.trim_start_matches("./").trim_end_matches('/'))
        .filter(|root| {
            !root.is_empty()
                && !root.starts_with(['/', '.', '-'])
                && root.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.'))
        })
        .map(str::to_owned);
    for (name, script) in fields(&value["scripts"]) {
        let lines = structured::strings(script);
        if let Some(last) = lines.last() {
            let script = Script { text: last.clone(), line: line_of_key(text, name) };
            manifest.scripts.insert(name.clone(), script);
        }
    }
    // Plug-ins are installed into an application; what is none of these is one.
    let parts = [
        "library",
        "bundle",
        "plugin",
        "muplugin",
        "theme",
        "module",
        "extension",
        "package",
        "component",
        "metapackage",
    ];
    if value["type"].as_str().is_some_and(|kind| parts.iter().any(|part| kind.ends_with(part))) {
        manifest.traits.insert(super::manifest::Trait::Library);
    }
    Ok(manifest)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn the_php_requirement_is_a_version() {
        let text = "{\"require\": {\"php\": \"^8.2\", \"laravel/framework\": \"^11.0\"}}";
        let manifest = read(text).expect("valid");
        assert_eq!(manifest.pins[0].version, "^8.2");
        assert_eq!(manifest.dependencies.len(), 1);
    }
}
