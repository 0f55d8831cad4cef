//! `pyproject.toml`, `requirements*.txt`, `Pipfile`, `setup.py`, `environment.yml` → [`Manifest`].

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;
use siteplan_catalog::signals::Ecosystem;

use super::manifest::{Manifest, Scope, Script, python_name, python_requirement};
use super::pattern::pattern;
use super::structured::{self, fields, strings};
use crate::text::{line_at, line_of};

/// Groups and extras whose name says that they are not for production.
const DEVELOPMENT_GROUPS: &[&str] = &[
    "dev",
    "test",
    "lint",
    "doc",
    "typ",
    "format",
    "ci",
    "debug",
    "mypy",
    "style",
    "quality",
    "bench",
    "stubs",
    "notebook",
    "jupyter",
    "local",
    "pre-commit",
    "build",
    "coverage",
    "check",
];

/// Reads a `pyproject.toml` in the forms of PEP 621, PEP 735, Poetry, PDM and uv.
pub(crate) fn read_pyproject(text: &str) -> Result<Manifest, String> {
    let value = structured::toml(text)?;
    let mut manifest = Manifest::new(Ecosystem::Pypi);
    let project = &value["project"];
    let poetry = &value["tool"]["poetry"];
    if let Some(name) = project["name"].as_str().or_else(|| poetry["name"].as_str()) {
        manifest.name = Some((name.to_owned(), line_of(text, "name")));
    }
    for requirement in strings(&project["dependencies"]) {
        require(&mut manifest, &requirement, Scope::Production, text);
    }
    for (group, list) in fields(&project["optional-dependencies"]) {
        let scope = if is_development(group) { Scope::Development } else { Scope::Optional };
        for requirement in strings(list) {
            require(&mut manifest, &requirement, scope, text);
        }
    }
    // Without a project table the groups are all there is, and the one that is not for development is production.
    let only_groups = project["dependencies"].is_null() && poetry.is_null();
    for (group, requirements) in fields(&value["dependency-groups"]) {
        let production = only_groups && !is_development(group);
        let scope = if production { Scope::Production } else { Scope::Development };
        if production {
            manifest.modules.push(format!("group:{group}"));
        }
        for requirement in strings(requirements) {
            require(&mut manifest, &requirement, scope, text);
        }
    }
    for (_, requirements) in fields(&value["tool"]["pdm"]["dev-dependencies"]) {
        for requirement in strings(requirements) {
            require(&mut manifest, &requirement, Scope::Development, text);
        }
    }
    for requirement in strings(&value["tool"]["uv"]["dev-dependencies"]) {
        require(&mut manifest, &requirement, Scope::Development, text);
    }
    read_poetry(&mut manifest, poetry, text);
    if let Some(version) = project["requires-python"].as_str() {
        manifest.pin("python", version, line_of(text, "requires-python"));
    }
    for (name, target) in fields(&project["scripts"]).chain(fields(&poetry["scripts"])) {
        if let Some(target) = target.as_str() {
            manifest.programs.insert(name.clone(), Some(target.to_owned()));
        }
    }
    read_tasks(&mut manifest, &value["tool"], text);
    manifest.package_manager = manager_of(&value, text);
    manifest.built_by = builder_of(&value, text);
    read_pixi_tables(&mut manifest, &value["tool"]["pixi"], text);
    manifest.members = strings(&value["tool"]["uv"]["workspace"]["members"]);
    if !manifest.members.is_empty() && manifest.dependencies.is_empty() {
        manifest.traits.insert(super::manifest::Trait::WorkspaceRoot);
    }
    for tool in ["pytest", "ruff"] {
        if !value["tool"][tool].is_null() {
            manifest.modules.push(tool.to_owned());
        }
    }
    Ok(manifest)
}

fn read_poetry(manifest: &mut Manifest, poetry: &Value, text: &str) {
    let version_of = |spec: &Value| spec.as_str().or_else(|| spec["version"].as_str()).map(str::to_owned);
    for (name, spec) in fields(&poetry["dependencies"]) {
        let line = line_of(text, &format!("\n{name} =")).map(|line| line + 1).or_else(|| line_of(text, name));
        if name == "python" {
            manifest.pin("python", &version_of(spec).unwrap_or_default(), line);
            continue;
        }
        let scope = if spec["optional"] == true { Scope::Optional } else { Scope::Production };
        manifest.depend(&python_name(name), version_of(spec).as_deref(), scope, line);
    }
    let groups = fields(&poetry["group"]).map(|(name, group)| {
        let scope = match (is_development(name), group["optional"] == true) {
            (true, _) => Scope::Development,
            (false, true) => Scope::Optional,
            (false, false) => Scope::Production,
        };
        (scope, &group["dependencies"])
    });
    for (scope, list) in groups.chain([(Scope::Development, &poetry["dev-dependencies"])]) {
        for (name, spec) in fields(list) {
            let version = version_of(spec);
            manifest.depend(&python_name(name), version.as_deref(), scope, line_of(text, name));
        }
    }
}

/// Task runners that live in `pyproject.toml`: taskipy, poe, pdm, hatch.
fn read_tasks(manifest: &mut Manifest, tool: &Value, text: &str) {
    let tables = [
        &tool["taskipy"]["tasks"],
        &tool["poe"]["tasks"],
        &tool["pdm"]["scripts"],
        &tool["hatch"]["envs"]["default"]["scripts"],
    ];
    for table in tables {
        for (name, task) in fields(table) {
            if let Some(command) = task.as_str().or_else(|| task["cmd"].as_str()) {
                let script = Script { text: command.to_owned(), line: line_of(text, command) };
                manifest.scripts.insert(name.clone(), script);
            }
        }
    }
}

/// The package manager whose own table is there.
fn manager_of(value: &Value, text: &str) -> Option<(String, Option<u32>)> {
    let tool = &value["tool"];
    let stated = [
        ("uv", !tool["uv"].is_null()),
        ("poetry", !tool["poetry"].is_null()),
        ("pdm", !tool["pdm"].is_null()),
        ("pixi", !tool["pixi"].is_null()),
        ("rye", !tool["rye"].is_null()),
        // `[tool.hatch.build]` alone configures the build back end, which every manager can use.
        ("hatch", !tool["hatch"]["envs"].is_null()),
    ];
    let (name, _) = stated.into_iter().find(|(_, there)| *there)?;
    Some((name.to_owned(), line_of(text, &format!("[tool.{name}"))))
}

/// The package manager that brings the build back end.
fn builder_of(value: &Value, text: &str) -> Option<(String, Option<u32>)> {
    let backend = value["build-system"]["build-backend"].as_str()?;
    let (_, name) = [("poetry", "poetry"), ("pdm", "pdm"), ("uv_build", "uv")]
        .into_iter()
        .find(|(part, _)| backend.starts_with(part))?;
    Some((name.to_owned(), line_of(text, "build-backend")))
}

fn require(manifest: &mut Manifest, requirement: &str, scope: Scope, text: &str) {
    if let Some((name, version)) = python_requirement(requirement) {
        let line = line_of(text, requirement).or_else(|| line_of(text, &name));
        manifest.depend(&name, version.as_deref(), scope, line);
    }
}

fn is_development(group: &str) -> bool {
    DEVELOPMENT_GROUPS.iter().any(|word| group.to_ascii_lowercase().starts_with(word))
}

/// Reads a requirements file; its name says whether it is for development.
pub(crate) fn read_requirements(path: &str, text: &str) -> Manifest {
    let mut manifest = Manifest::new(Ecosystem::Pypi);
    let name = crate::tree::name(path).to_ascii_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let scope =
        if words.iter().any(|word| is_development(word)) { Scope::Development } else { Scope::Production };
    // A compiled file says below each line what asked for it; what no requirements file did came with something else.
    let compiled = text.contains("# via -r ") || text.contains("#   -r ");
    let lines: Vec<&str> = text.lines().collect();
    for (number, line) in (1..).zip(text.lines()) {
        let Some((name, version)) = python_requirement(line) else { continue };
        let reasons = lines[number..].iter().take_while(|next| next.trim_start().starts_with('#'));
        let inline = line.contains("# via");
        let said = reasons.clone().next().is_some_and(|next| next.contains("# via")) || inline;
        let asked = line.contains("# via -r ") || reasons.clone().any(|next| next.contains("-r "));
        let scope = if compiled && said && !asked { Scope::Optional } else { scope };
        manifest.depend(&name, version.as_deref(), scope, u32::try_from(number).ok());
    }
    manifest
}

/// Reads a `Pipfile`.
pub(crate) fn read_pipfile(text: &str) -> Result<Manifest, String> {
    let value = structured::toml(text)?;
    let mut manifest = Manifest::new(Ecosystem::Pypi);
    for (table, scope) in [("packages", Scope::Production), ("dev-packages", Scope::Development)] {
        for (name, spec) in fields(&value[table]) {
            let version = spec.as_str().or_else(|| spec["version"].as_str());
            manifest.depend(
                &python_name(name),
                version.map(|v| v.trim_start_matches("==")),
                scope,
                line_of(text, name),
            );
        }
    }
    for field in ["python_full_version", "python_version"] {
        if let Some(version) = value["requires"][field].as_str() {
            manifest.pin("python", version, line_of(text, field));
        }
    }
    for (name, script) in fields(&value["scripts"]) {
        if let Some(script) = script.as_str() {
            manifest
                .scripts
                .insert(name.clone(), Script { text: script.to_owned(), line: line_of(text, script) });
        }
    }
    Ok(manifest)
}

/// Reads what a `setup.py` or `setup.cfg` says in literals; nothing of it is run.
pub(crate) fn read_setup(text: &str) -> Manifest {
    static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?m)\bname\s*=\s*["']?([A-Za-z0-9._-]+)"#));
    static REQUIRES: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?s)install_requires\s*=\s*(?:\[(.*?)\]|\n((?:[ \t]+[^\n]+\n)+))"));
    static CONSOLE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"(?s)["']?console_scripts["']?\s*(?:[:=]\s*\[(.*?)\]|=[ \t]*\n((?:[ \t]+[^\n]+\n?)+))"#)
    });
    static PYTHON: LazyLock<Regex> = LazyLock::new(|| pattern(r#"python_requires\s*=\s*["']?([^"'\n]+)"#));
    let mut manifest = Manifest::new(Ecosystem::Pypi);
    if let Some(found) = NAME.captures(text) {
        manifest.name = Some((found[1].to_owned(), None));
    }
    if let Some(list) = REQUIRES.captures(text).and_then(|found| found.get(1).or_else(|| found.get(2))) {
        for item in list.as_str().split(['\n', ',']) {
            let item = item.trim().trim_matches(['"', '\'', ' ']);
            if let Some((name, version)) = python_requirement(item) {
                manifest.depend(&name, version.as_deref(), Scope::Production, line_of(text, item));
            }
        }
    }
    for found in CONSOLE.captures_iter(text).take(1) {
        let list = found.get(1).or_else(|| found.get(2)).map_or("", |list| list.as_str());
        for entry in list.split(['\n', ',']) {
            let entry = entry.trim().trim_matches(['"', '\'', ' ']);
            if let Some((name, target)) = entry.split_once('=') {
                manifest.programs.insert(name.trim().to_owned(), Some(target.trim().to_owned()));
            }
        }
    }
    if let Some(found) = PYTHON.captures(text) {
        let line = line_at(text, found.get(0).map_or(0, |whole| whole.start()));
        manifest.pin("python", &found[1], Some(line));
    }
    manifest
}

/// Reads a `pixi.toml`.
pub(crate) fn read_pixi(text: &str) -> Result<Manifest, String> {
    let value = structured::toml(text)?;
    let mut manifest = Manifest::new(Ecosystem::Pypi);
    let name = value["workspace"]["name"].as_str().or_else(|| value["project"]["name"].as_str());
    manifest.name = name.map(|name| (name.to_owned(), line_of(text, "name")));
    read_pixi_tables(&mut manifest, &value, text);
    Ok(manifest)
}

fn read_pixi_tables(manifest: &mut Manifest, value: &Value, text: &str) {
    for (name, spec) in fields(&value["dependencies"]).chain(fields(&value["pypi-dependencies"])) {
        let version = spec.as_str().or_else(|| spec["version"].as_str());
        if name == "python" {
            manifest.pin("python", version.unwrap_or_default(), line_of(text, "python"));
        } else {
            manifest.depend(&python_name(name), version, Scope::Production, line_of(text, name));
        }
    }
    for (name, task) in fields(&value["tasks"]) {
        if let Some(command) = task.as_str().or_else(|| task["cmd"].as_str()) {
            let script = Script { text: command.to_owned(), line: line_of(text, command) };
            manifest.scripts.insert(name.clone(), script);
        }
    }
}

/// Reads a conda `environment.yml`.
pub(crate) fn read_conda(text: &str) -> Result<Manifest, String> {
    let value = structured::yaml(text)?;
    let mut manifest = Manifest::new(Ecosystem::Pypi);
    for item in value["dependencies"].as_array().into_iter().flatten() {
        let pip = strings(&item["pip"]);
        let own = item.as_str().map(|one| one.replace('=', "==").replace("====", "=="));
        for requirement in pip.iter().chain(&own) {
            if let Some((name, version)) = python_requirement(requirement) {
                if name == "python" {
                    manifest.pin("python", version.as_deref().unwrap_or_default(), line_of(text, "python"));
                } else {
                    manifest.depend(&name, version.as_deref(), Scope::Production, line_of(text, &name));
                }
            }
        }
    }
    Ok(manifest)
}

#[cfg(test)]
mod tests {
    use super::{read_pipfile, read_pyproject, read_requirements, read_setup};
    use crate::readers::manifest::Scope;

    #[test]
    fn poetry_groups_are_for_development() {
        let text = "[tool.poetry]\nname = \"a\"\n[tool.poetry.dependencies]\npython = \"^3.11\"\nfastapi = \"^0.1\"\n\
            [tool.poetry.group.dev.dependencies]\npytest = \"*\"\n";
        let manifest = read_pyproject(text).expect("valid");
        assert_eq!(manifest.pins[0].version, "^3.11");
        assert_eq!(manifest.dependencies[0].line, Some(5));
        assert_eq!(manifest.dependencies[1].scope, Scope::Development);
        assert_eq!(manifest.package_manager.expect("stated").0, "poetry");
    }

    #[test]
    fn a_requirements_file_for_tests_is_not_production() {
        assert_eq!(
            read_requirements("requirements-dev.txt", "pytest\n").dependencies[0].scope,
            Scope::Development
        );
        assert_eq!(read_requirements("requirements.txt", "# c\nFlask==3\n").dependencies[0].line, Some(2));
    }

    #[test]
    fn pipfile_and_setup_are_read() {
        let pipfile =
            read_pipfile("[packages]\nflask = \"*\"\n[requires]\npython_version = \"3.9\"\n").expect("valid");
        assert_eq!((pipfile.pins[0].version.as_str(), pipfile.dependencies.len()), ("3.9", 1));
        let setup = read_setup("setup(name='x', install_requires=['Flask>=1', 'redis'])");
        assert_eq!(setup.dependencies.len(), 2);
        let setup =
            read_setup("setup(entry_points={'console_scripts': ['shop = shop.cli:main', \"b=c:d\"]})");
        assert_eq!(setup.programs["shop"].as_deref(), Some("shop.cli:main"));
        assert_eq!(setup.programs.len(), 2);
        let setup = read_setup("[options.entry_points]\nconsole_scripts =\n    shop = shop.cli:main\n");
        assert_eq!(setup.programs.len(), 1);
    }
}
