//! `build.sbt`, `project/plugins.sbt`, `build.mill`, `build.sc` → [`Manifest`].

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use siteplan_catalog::signals::Ecosystem;

use super::gradle::only;
use super::manifest::{MOST_STATEMENTS, Manifest, Scope, Trait};
use super::pattern::pattern;
use crate::text::{line_at, line_text};

/// Reads the literal statements of an sbt build.
pub(crate) fn read(text: &str) -> Manifest {
    static PROJECT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?m)^lazy\s+val\s+`?([\w-]+)`?\s*(?::\s*\w+\s*)?=\s*\(?\s*(?:project|crossProject|\(project|Project)",
        )
    });
    static FOLDER: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\bfile\(\s*"([^"]+)"\s*\)"#));
    static USES: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?s)\.dependsOn\(([^)]*)"));
    let starts: Vec<(usize, String)> = PROJECT
        .captures_iter(text)
        .filter_map(|found| Some((found.get(0)?.start(), found[1].to_owned())))
        .take(200)
        .collect();
    let mut blocks: Vec<(String, String, usize, usize)> = Vec::new();
    for (index, (start, value)) in starts.iter().enumerate() {
        let end = starts.get(index + 1).map_or(text.len(), |(next, _)| *next);
        // A block ends where the next statement begins at the margin.
        let block = &text[*start..end];
        let end = block
            .match_indices('\n')
            .find(|(at, _)| block[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic()))
            .map_or(end, |(at, _)| start + at);
        let folder =
            FOLDER.captures(&text[*start..end]).map_or_else(|| value.clone(), |found| found[1].to_owned());
        blocks.push((value.clone(), folder, *start, end));
    }
    let values = values(text);
    let inside: Vec<(usize, usize)> = blocks
        .iter()
        .filter(|(_, folder, ..)| folder != ".")
        .map(|(_, _, start, end)| (*start, *end))
        .collect();
    let mut next = 0;
    let outside = only(text, |at| {
        while inside.get(next).is_some_and(|(_, end)| *end <= at) {
            next += 1;
        }
        !inside.get(next).is_some_and(|(start, end)| (*start..*end).contains(&at))
    });
    let mut manifest = statements(&outside, &values, 1);
    let folders: BTreeMap<&str, &str> =
        blocks.iter().map(|(value, folder, _, _)| (value.as_str(), folder.as_str())).collect();
    for (value, folder, start, end) in &blocks {
        let used: Vec<String> = USES
            .captures_iter(&text[*start..*end])
            .flat_map(|found| found[1].split(',').map(|one| one.trim().to_owned()).collect::<Vec<_>>())
            .filter_map(|one| {
                let name = one.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()?;
                folders.get(name).map(|folder| (*folder).to_owned())
            })
            .collect();
        if folder == "." {
            manifest.build.uses.extend(used);
            continue;
        }
        let mut part = statements(&text[*start..*end], &values, line_at(text, *start));
        let up: String = folder.split('/').map(|_| "../").collect();
        part.build.uses.extend(used.iter().map(|folder| format!("{up}{folder}")));
        part.build.properties.insert("project".to_owned(), value.clone());
        part.name.get_or_insert_with(|| (value.clone(), Some(line_at(text, *start))));
        manifest.build.described.push((folder.clone(), part));
    }
    manifest
}

/// Literal values by name (`val http4sVersion = "0.23"`).
fn values(text: &str) -> BTreeMap<String, String> {
    static VALUE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"\bval\s+(\w+)\s*(?::\s*String\s*)?=\s*"([\w.+-]+)""#));
    VALUE.captures_iter(text).take(200).map(|found| (found[1].to_owned(), found[2].to_owned())).collect()
}

/// Statements of a part of a build, whose first line has that number.
fn statements(text: &str, values: &BTreeMap<String, String>, first: u32) -> Manifest {
    static DEPENDENCY: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#""([\w.-]+)"\s*%%?%?\s*"([\w.-]+)"\s*%\s*("?[\w.-]+"?)"#));
    static PLUGINS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\benablePlugins\(([^)]*)\)"));
    static SETTING: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\b(name|version|organization|scalaVersion|executableScriptName|mainClass)\b[^:=\n]{0,60}:=\s*(?:Some\(\s*)?("*[\w.+ -]+"*)"#,
        )
    });
    static CROSS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"\bcrossScalaVersions\b[^:=\n]{0,60}:=\s*\w+\(\s*"([\w.]+)""#));
    let mut manifest = Manifest::new(Ecosystem::Maven);
    let line = |found: &Captures<'_>| found.get(0).map(|whole| line_at(text, whole.start()) + first - 1);
    let value = |written: &str| match written.trim().strip_prefix('"') {
        Some(literal) => Some(literal.trim_matches('"').to_owned()),
        None => values.get(written.trim()).cloned(),
    };
    for found in DEPENDENCY.captures_iter(text).take(MOST_STATEMENTS) {
        let name = format!("{}:{}", &found[1], &found[2]);
        let end = found.get(0).map_or(0, |whole| whole.end());
        let after = line_text(text, end).split(&found[0]).nth(1).unwrap_or_default().to_ascii_lowercase();
        let tested = after.trim_start().starts_with('%') && (after.contains("test") || after.contains("it,"));
        let scope = if tested { Scope::Development } else { Scope::Production };
        manifest.depend(&name, value(&found[3]).as_deref(), scope, line(&found));
    }
    for found in PLUGINS.captures_iter(text).take(MOST_STATEMENTS) {
        for plugin in found[1].split(',').map(str::trim).filter(|plugin| !plugin.is_empty()) {
            manifest.depend(&format!("{plugin}:plugin"), None, Scope::Production, line(&found));
            if plugin.contains("AppPackaging")
                || plugin.starts_with("Play")
                || plugin == "JavaServerAppPackaging"
            {
                manifest.traits.insert(Trait::Program);
            }
        }
    }
    for found in SETTING.captures_iter(text).take(MOST_STATEMENTS) {
        let Some(value) = value(&found[2]) else { continue };
        match &found[1] {
            "name" => manifest.name = Some((value, line(&found))),
            "version" => manifest.build.version = Some(value),
            "organization" => manifest.build.group = Some(value),
            "scalaVersion" => manifest.pin("scala", &value, line(&found)),
            "executableScriptName" => manifest.build.product = Some(value),
            _ => {
                manifest.build.main = Some(value);
                manifest.traits.insert(Trait::Program);
            }
        }
    }
    if let Some(found) = CROSS.captures(text).filter(|_| !manifest.pins.iter().any(|pin| pin.tool == "scala"))
    {
        manifest.pin("scala", &found[1], line(&found));
    }
    manifest
}

/// Reads a Mill build: its dependencies, and its modules in the order in which they stand.
pub(crate) fn read_mill(text: &str) -> Manifest {
    static DEPENDENCY: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"\b(?:ivy|mvn)"([\w.-]+):{1,3}([\w.-]+)(?:[:;]([\w.+-]+))?"#));
    static MODULE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?m)^\s*object\s+`?([\w-]+)`?\s+extends\s+[^\n{]*Module"));
    static SCALA: LazyLock<Regex> = LazyLock::new(|| pattern(r#"def\s+scalaVersion\s*=\s*"([\w.]+)""#));
    let mut manifest = Manifest::new(Ecosystem::Maven);
    let line = |found: &Captures<'_>| found.get(0).map(|whole| line_at(text, whole.start()));
    for found in DEPENDENCY.captures_iter(text).take(MOST_STATEMENTS) {
        let name = format!("{}:{}", &found[1], &found[2]);
        let tested = ["test", "munit", "scalamock"].iter().any(|word| found[2].contains(word));
        let scope = if tested { Scope::Development } else { Scope::Production };
        manifest.depend(&name, found.get(3).map(|version| version.as_str()), scope, line(&found));
    }
    let modules = MODULE.captures_iter(text).map(|found| found[1].to_owned());
    manifest.modules = modules.filter(|module| !matches!(module.as_str(), "test" | "tests" | "it")).collect();
    if let Some(found) = SCALA.captures(text) {
        manifest.pin("scala", &found[1], line(&found));
    }
    manifest
}

#[cfg(test)]
mod tests {
    use super::{read, read_mill};
    use crate::readers::manifest::Scope;

    #[test]
    fn projects_of_one_build_are_told_apart() {
        let text = "val V = \"0.23.1\"\nlazy val core = project.settings(libraryDependencies += \"a\" %% \"b\" % V)\n\
            lazy val api = (project in file(\"services/api\"))\n  .dependsOn(core)\n  .enablePlugins(JavaAppPackaging)\n  .settings(\n    name := \"shop-api\",\n    libraryDependencies += \"org.http4s\" %% \"http4s-dsl\" % V,\n    libraryDependencies += \"t\" %% \"u\" % V % Test\n  )\n";
        let manifest = read(text);
        assert!(manifest.dependencies.is_empty());
        let (folder, api) = &manifest.build.described[1];
        assert_eq!(
            (folder.as_str(), api.name.as_ref().expect("named").0.as_str()),
            ("services/api", "shop-api")
        );
        assert_eq!(api.dependencies[0].version.as_deref(), Some("0.23.1"));
        assert_eq!(api.dependencies[1].scope, Scope::Development);
        assert_eq!(api.build.uses, ["../../core"]);
        assert_eq!(read("name := \"x\"\nscalaVersion := \"3.3.1\"\n").pins[0].version, "3.3.1");
    }

    #[test]
    fn mill_names_its_modules() {
        let manifest = read_mill(
            "object web extends ScalaModule {\n  def ivyDeps = Agg(ivy\"com.lihaoyi::cask:0.9.1\")\n  object test extends ScalaTests\n}\n",
        );
        assert_eq!(manifest.modules, ["web"]);
        assert_eq!(manifest.dependencies[0].name, "com.lihaoyi:cask");
    }
}
