//! `Cargo.toml` → [`Manifest`]. A feature of a dependency counts as a dependency of its own (`sqlx/postgres`).

use serde_json::Value;
use siteplan_catalog::signals::Ecosystem;

use super::manifest::{Manifest, Scope, Trait};
use super::structured::{self, fields, strings};
use crate::text::line_of;

/// Stands for the version of a dependency that the workspace gives.
pub(crate) const OF_WORKSPACE: &str = "workspace";

/// Reads a `Cargo.toml`.
pub(crate) fn read(text: &str) -> Result<Manifest, String> {
    let value = structured::toml(text)?;
    let mut manifest = Manifest::new(Ecosystem::Crate);
    let package = &value["package"];
    if let Some(name) = package["name"].as_str() {
        manifest.name = Some((name.to_owned(), line_of(text, "name")));
    }
    if let Some(version) = package["rust-version"].as_str() {
        manifest.pin("rust", version, line_of(text, "rust-version"));
    }
    if let Some(default) = package["default-run"].as_str() {
        manifest.main = Some(default.to_owned());
    }
    for (table, scope) in [("dependencies", Scope::Production), ("dev-dependencies", Scope::Development)] {
        depend_on_all(&mut manifest, &value[table], scope, text);
    }
    // What a workspace declares is used by its members, who only say `workspace = true`.
    depend_on_all(&mut manifest, &value["workspace"]["dependencies"], Scope::Optional, text);
    // A feature that somebody can switch on brings what it names: `postgres = ["diesel/postgres"]`.
    for (_, enabled) in fields(&value["features"]) {
        for one in strings(enabled).iter().filter(|one| one.contains('/')) {
            let name = one.replace("?/", "/");
            if !manifest.dependencies.iter().any(|known| known.name == name) {
                manifest.depend(&name, None, Scope::Optional, line_of(text, one));
            }
        }
    }
    manifest.build.declares = !value["workspace"]["dependencies"].is_null();
    manifest.members = strings(&value["workspace"]["members"]);
    if !value["workspace"].is_null() && package.is_null() {
        manifest.traits.insert(Trait::WorkspaceRoot);
    }
    for program in value["bin"].as_array().into_iter().flatten() {
        let path = program["path"].as_str().map(str::to_owned);
        if let Some(name) = program["name"].as_str() {
            manifest.programs.insert(name.to_owned(), path);
        }
    }
    if !value["lib"].is_null() {
        manifest.traits.insert(Trait::Library);
    }
    Ok(manifest)
}

fn depend_on_all(manifest: &mut Manifest, table: &Value, scope: Scope, text: &str) {
    for (key, spec) in fields(table) {
        let name = spec["package"].as_str().unwrap_or(key);
        let line = line_of(text, &format!("\n{key} "))
            .map(|line| line + 1)
            .or_else(|| line_of(text, &format!("dependencies.{key}]")).or_else(|| line_of(text, key)));
        let of_workspace = (spec["workspace"] == true).then_some(OF_WORKSPACE);
        let version = spec.as_str().or_else(|| spec["version"].as_str()).or(of_workspace);
        let scope = if spec["optional"] == true { Scope::Optional } else { scope };
        manifest.depend(name, version, scope, line);
        for feature in strings(&spec["features"]) {
            manifest.depend(&format!("{name}/{feature}"), None, scope, line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn features_count_as_dependencies() {
        let text = "[package]\nname = \"a\"\n[dependencies]\naxum = \"0.8\"\nsqlx = { version = \"0.8\", features = [\"postgres\"] }\n";
        let manifest = read(text).expect("valid");
        let names: Vec<_> = manifest.dependencies.iter().map(|d| (d.name.as_str(), d.line)).collect();
        assert_eq!(names, [("axum", Some(4)), ("sqlx", Some(5)), ("sqlx/postgres", Some(5))]);
    }
}
