//! `project.json` of an Nx workspace → [`Manifest`], for applications that have no `package.json` of their own.

use serde_json::Value;
use siteplan_catalog::signals::Ecosystem;

use super::manifest::{Manifest, Script, Trait};
use super::structured;
use crate::text::{line_of_key, one_line};
use crate::tree::{folder, name};

/// The key under which a target's executor stands among the programs of the manifest.
pub(crate) const EXECUTOR: &str = "executor ";

/// Reads a `project.json`; none where the file is another tool's of that name.
pub(crate) fn read(path: &str, text: &str) -> Result<Option<Manifest>, String> {
    let value = structured::jsonc(text)?;
    let schema = value["$schema"].as_str().unwrap_or_default();
    let ours = ["targets", "architect"].iter().any(|key| value[*key].is_object()) || schema.contains("/nx/");
    if !ours || folder(path).is_empty() {
        return Ok(None);
    }
    let mut manifest = Manifest::new(Ecosystem::Npm);
    let given = value["name"].as_str().unwrap_or_else(|| name(folder(path)));
    manifest.name = Some((given.to_owned(), line_of_key(text, "name")));
    if value["projectType"].as_str() == Some("library") {
        manifest.traits.insert(Trait::Library);
    }
    manifest.traits.insert(Trait::Task);
    for key in ["targets", "architect"] {
        for (target, content) in structured::fields(&value[key]) {
            read_target(&mut manifest, target, content, text);
        }
    }
    Ok(Some(manifest))
}

/// A target is a script; what it makes and by which executor is kept beside it.
fn read_target(manifest: &mut Manifest, target: &str, content: &Value, text: &str) {
    let executor = content["executor"].as_str().or_else(|| content["builder"].as_str()).unwrap_or_default();
    let options = &content["options"];
    let mut commands = options["commands"].as_array().into_iter().flatten();
    let first = options["command"]
        .as_str()
        .or_else(|| content["command"].as_str())
        .or_else(|| commands.find_map(|one| one["command"].as_str().or_else(|| one.as_str())));
    let script = Script { text: one_line(first.unwrap_or(executor)), line: line_of_key(text, target) };
    manifest.scripts.insert(target.to_owned(), script);
    if !executor.is_empty() {
        manifest.programs.insert(format!("{EXECUTOR}{target}"), Some(executor.to_owned()));
    }
    if target == "build" {
        let output = options["outputPath"].as_str().or_else(|| options["outputPath"]["base"].as_str());
        let first = structured::strings(&content["outputs"]).into_iter().next();
        let output = output.map(str::to_owned).or(first.filter(|one| !one.contains("options")));
        let output = output.map(|one| one.trim_start_matches("{workspaceRoot}/").to_owned());
        manifest.programs.insert("output".to_owned(), output.filter(|one| !one.contains('{')));
        manifest.main = options["main"].as_str().or_else(|| options["browser"].as_str()).map(str::to_owned);
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::readers::manifest::Trait;

    #[test]
    fn targets_are_scripts() {
        let text = r#"{"projectType": "application", "targets": {"build": {"executor": "@nx/webpack:webpack",
            "options": {"outputPath": "dist/apps/api", "main": "apps/api/src/main.ts"}}, "start": {"command": "node x.js"}}}"#;
        let manifest = read("apps/api/project.json", text).expect("valid").expect("a project");
        assert_eq!(manifest.name.map(|(name, _)| name).as_deref(), Some("api"));
        assert_eq!(manifest.programs["output"].as_deref(), Some("dist/apps/api"));
        assert_eq!(manifest.scripts["start"].text, "node x.js");
        assert!(!manifest.traits.contains(&Trait::Library));
        assert!(read("a/project.json", r#"{"version": 3}"#).expect("valid").is_none());
    }
}
