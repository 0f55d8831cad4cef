//! `package.json`, `deno.json` → [`Manifest`].

use serde_json::Value;
use siteplan_catalog::signals::Ecosystem;

use super::manifest::{Manifest, Scope, Script, Trait};
use super::structured;
use crate::text::{line_of_key, one_line};

/// Reads a `package.json`.
pub(crate) fn read(text: &str) -> Result<Manifest, String> {
    let value = structured::json(text)?;
    let Value::Object(_) = value else { return Err("not a JSON object".to_owned()) };
    let mut manifest = Manifest::new(Ecosystem::Npm);
    if let Some(name) = value["name"].as_str() {
        manifest.name = Some((name.to_owned(), line_of_key(text, "name")));
    }
    for (field, scope) in [
        ("dependencies", Scope::Production),
        ("optionalDependencies", Scope::Optional),
        ("peerDependencies", Scope::Optional),
        ("devDependencies", Scope::Development),
    ] {
        for (name, version) in structured::fields(&value[field]) {
            manifest.depend(name, version.as_str(), scope, line_of_key(text, name));
        }
    }
    read_scripts(&mut manifest, &value["scripts"], text);
    for (tool, version) in structured::fields(&value["engines"]) {
        if let Some(version) = version.as_str() {
            manifest.pin(tool, version, line_of_key(text, tool));
        }
    }
    let runtime = &value["devEngines"]["runtime"];
    let several = runtime.as_array().into_iter().flatten();
    for one in several.chain([runtime]) {
        if let (Some(tool), Some(version)) = (one["name"].as_str(), one["version"].as_str()) {
            manifest.pin(tool, version, line_of_key(text, "devEngines"));
        }
    }
    // A package manager that is a runtime of its own says with its version which one runs the application.
    if let Some((tool, version)) = value["packageManager"].as_str().and_then(|stated| stated.split_once('@'))
    {
        manifest.pin(tool, version.split('+').next().unwrap_or(version), line_of_key(text, "packageManager"));
    }
    // Volta pins exactly what the team runs; `engines` only says what is allowed.
    for (tool, version) in structured::fields(&value["volta"]) {
        if let Some(version) = version.as_str() {
            manifest.pins.insert(
                0,
                super::manifest::Pin {
                    tool: tool.clone(),
                    version: version.to_owned(),
                    line: line_of_key(text, "volta"),
                },
            );
        }
    }
    manifest.package_manager = package_manager(&value, text);
    let members =
        if value["workspaces"].is_array() { &value["workspaces"] } else { &value["workspaces"]["packages"] };
    manifest.members = structured::strings(members);
    if !manifest.members.is_empty() {
        manifest.traits.insert(Trait::WorkspaceRoot);
    }
    manifest.main = value["main"].as_str().map(str::to_owned);
    if value["type"].as_str() == Some("module") {
        manifest.traits.insert(Trait::EsModules);
    }
    if let Some(path) = value["bin"].as_str() {
        manifest.programs.insert("bin".to_owned(), Some(path.to_owned()));
    }
    for (name, path) in structured::fields(&value["bin"]) {
        manifest.programs.insert(name.clone(), path.as_str().map(str::to_owned));
    }
    let importable =
        ["exports", "module", "types", "typings", "publishConfig"].iter().any(|k| !value[*k].is_null());
    let started = manifest.scripts.contains_key("start");
    let internal = !value["exports"].is_null() && !started;
    if internal || importable && value["private"].as_bool() != Some(true) {
        manifest.traits.insert(Trait::Library);
    }
    Ok(manifest)
}

/// Reads a `deno.json`, whose tasks are scripts and whose imports are dependencies.
pub(crate) fn read_deno(text: &str) -> Result<Manifest, String> {
    let value = structured::jsonc(text)?;
    let Value::Object(_) = value else { return Err("not a JSON object".to_owned()) };
    let mut manifest = Manifest::new(Ecosystem::Npm);
    if let Some(name) = value["name"].as_str() {
        manifest.name = Some((name.to_owned(), line_of_key(text, "name")));
    }
    for (name, target) in structured::fields(&value["imports"]) {
        let target = target.as_str().unwrap_or_default();
        let line = line_of_key(text, name);
        if let Some((package, version)) = package_of(target) {
            manifest.depend(package, version, Scope::Production, line);
        }
        // A name that the application itself gives to an address often is the package's own.
        if target.starts_with("http") {
            manifest.depend(name.trim_end_matches('/'), None, Scope::Production, line);
        }
    }
    // What others import by `jsr:` is a library; an application has no exports.
    if !value["exports"].is_null() && !value["version"].is_null() {
        manifest.traits.insert(Trait::Library);
    }
    read_scripts(&mut manifest, &value["tasks"], text);
    let members =
        if value["workspace"].is_array() { &value["workspace"] } else { &value["workspace"]["members"] };
    manifest.members = structured::strings(members);
    if !manifest.members.is_empty() {
        manifest.traits.insert(Trait::WorkspaceRoot);
    }
    manifest.package_manager = Some(("deno".to_owned(), None));
    Ok(manifest)
}

/// Name and version of the package that a specifier means (`npm:hono@4/cors`, `jsr:@oak/oak@17`, `https://deno.land/x/oak@v12/mod.ts`,
/// `express`); none for a file of the application's own.
pub(crate) fn package_of(specifier: &str) -> Option<(&str, Option<&str>)> {
    let addresses = ["https://deno.land/x/", "https://esm.sh/", "https://cdn.skypack.dev/", "npm:", "jsr:"];
    let plain = addresses.iter().find_map(|prefix| specifier.strip_prefix(prefix));
    let plain = plain.unwrap_or(specifier).trim_start_matches('/');
    if plain.starts_with(['.', '~', '#']) || plain.contains("://") || plain.starts_with("@/") {
        return None;
    }
    let slashes = if plain.starts_with('@') { 2 } else { 1 };
    let end = plain.match_indices('/').nth(slashes - 1).map_or(plain.len(), |(at, _)| at);
    let package = &plain[..end];
    let (name, version) = match package.char_indices().skip(1).find(|(_, c)| *c == '@') {
        Some((at, _)) => (&package[..at], Some(&package[at + 1..])),
        None => (package, None),
    };
    (!name.is_empty()).then_some((name, version))
}

fn read_scripts(manifest: &mut Manifest, scripts: &Value, text: &str) {
    for (name, script) in structured::fields(scripts) {
        let script = script.as_str().or_else(|| script["command"].as_str());
        if let Some(script) = script {
            let script = Script { text: one_line(script), line: line_of_key(text, name) };
            manifest.scripts.insert(name.clone(), script);
        }
    }
}

/// `packageManager` (Corepack) or `devEngines.packageManager`.
fn package_manager(value: &Value, text: &str) -> Option<(String, Option<u32>)> {
    let stated = value["packageManager"]
        .as_str()
        .or_else(|| value["devEngines"]["packageManager"]["name"].as_str())?;
    let name = stated.split('@').next().filter(|name| !name.is_empty())?;
    Some((name.to_owned(), line_of_key(text, "packageManager")))
}

#[cfg(test)]
mod tests {
    use super::{package_of, read, read_deno};
    use crate::readers::manifest::Scope;

    #[test]
    fn scopes_scripts_and_the_package_manager_are_read() {
        let text = "{\n\"name\": \"shop\",\n\"packageManager\": \"pnpm@9.1.0\",\n\"scripts\": {\"start\": \"node a.js\"},\n\
            \"dependencies\": {\"next\": \"15.1.0\"},\n\"devDependencies\": {\"vite\": \"*\"}}";
        let manifest = read(text).expect("valid");
        assert_eq!(manifest.package_manager, Some(("pnpm".to_owned(), Some(3))));
        assert_eq!(manifest.scripts["start"].text, "node a.js");
        assert_eq!(manifest.dependencies[0].line, Some(5));
        assert_eq!(manifest.dependencies[1].scope, Scope::Development);
    }

    #[test]
    fn specifiers_of_packages() {
        assert_eq!(package_of("npm:hono@4.1/cors"), Some(("hono", Some("4.1"))));
        assert_eq!(package_of("jsr:@oak/oak@17"), Some(("@oak/oak", Some("17"))));
        assert_eq!(package_of("https://deno.land/x/oak@v12/mod.ts"), Some(("oak", Some("v12"))));
        assert_eq!(package_of("@nestjs/core"), Some(("@nestjs/core", None)));
        assert_eq!(package_of("./app.ts"), None);
        assert_eq!(package_of("https://example.com/a.ts"), None);
    }

    #[test]
    fn a_deno_file_may_hold_comments() {
        let manifest = read_deno("{\n// c\n\"tasks\": {\"start\": \"deno run -A main.ts\",},\n\"imports\": {\"fresh\": \"jsr:@fresh/core@^2\"}}").expect("valid");
        assert_eq!(manifest.scripts["start"].text, "deno run -A main.ts");
        assert_eq!(manifest.dependencies[0].name, "@fresh/core");
    }

    #[test]
    fn a_broken_file_says_where() {
        assert_eq!(read("{\n\"a\": 1,\n}").expect_err("broken"), "not valid JSON at line 3");
    }
}
