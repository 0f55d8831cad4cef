//! `gleam.toml`, `rebar.config`, `*.cabal`, `dune-project`, `dune`, `*.opam` → [`Manifest`].

use std::sync::LazyLock;

use regex::Regex;
use siteplan_catalog::signals::Ecosystem;

use super::{MOST, stem};
use crate::readers::manifest::{Manifest, Scope};
use crate::readers::pattern::pattern;
use crate::readers::structured::{self, fields};
use crate::text::{line_at, line_of};
use crate::tree::folder;

/// The longest list of libraries that is looked through.
const LONGEST_LIST: usize = 20_000;

fn place(text: &str, found: &regex::Captures<'_>) -> Option<u32> {
    found.get(0).map(|whole| line_at(text, whole.start()))
}

/// Gleam. Its program is the module that is called like the project.
pub(super) fn read_gleam(text: &str) -> Result<Manifest, String> {
    let value = structured::toml(text)?;
    let mut manifest = Manifest::new(Ecosystem::Hex);
    if let Some(name) = value["name"].as_str() {
        manifest.name = Some((name.to_owned(), line_of(text, "name")));
        if value["target"].as_str() != Some("javascript") {
            manifest.programs.insert(name.to_owned(), Some(format!("src/{name}.gleam")));
        }
    }
    for (key, scope) in [
        ("dependencies", Scope::Production),
        ("dev-dependencies", Scope::Development),
        ("dev_dependencies", Scope::Development),
    ] {
        for (name, version) in fields(&value[key]).take(MOST) {
            manifest.depend(
                name,
                version.as_str(),
                scope,
                line_of(text, &format!("\n{name}")).map(|n| n + 1),
            );
        }
    }
    if let Some(version) = value["gleam"].as_str() {
        manifest.pin("gleam", version, line_of(text, "\ngleam ").map(|line| line + 1));
    }
    Ok(manifest)
}

/// Erlang, as rebar3 reads it. A release is what is deployed.
pub(super) fn read_rebar(text: &str) -> Manifest {
    static DEPENDENCIES: LazyLock<Regex> = LazyLock::new(|| pattern(r"\{deps\s*,\s*\["));
    static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^\s*\{?\s*(\w+)"));
    static RELEASE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\{release\s*,\s*\{\s*'?(\w+)'?"));
    let mut manifest = Manifest::new(Ecosystem::Hex);
    if let Some(found) = DEPENDENCIES.find(text) {
        for (offset, item) in items(text, found.end()).into_iter().take(MOST) {
            if let Some(name) = NAME.captures(item) {
                manifest.depend(&name[1], None, Scope::Production, Some(line_at(text, offset)));
            }
        }
    }
    for found in RELEASE.captures_iter(text) {
        manifest.programs.insert(found[1].to_owned(), None);
        manifest.name.get_or_insert((found[1].to_owned(), place(text, &found)));
    }
    manifest
}

/// The items of an Erlang list that begins at `start`, each with its place, up to the closing bracket.
fn items(text: &str, start: usize) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let (mut depth, mut from) = (0_i32, start);
    for (at, c) in text[start..].char_indices().map(|(at, c)| (start + at, c)) {
        match c {
            '[' | '{' | '(' => depth += 1,
            ']' if depth == 0 => {
                found.push((from, &text[from..at]));
                return found;
            }
            ']' | '}' | ')' => depth -= 1,
            ',' if depth == 0 => {
                found.push((from, &text[from..at]));
                from = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// Haskell, as Cabal writes it.
pub(super) fn read_cabal(text: &str) -> Manifest {
    static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?mi)^name:\s*([\w-]+)"));
    let mut manifest = Manifest::new(Ecosystem::Hackage);
    manifest.name = NAME.captures(text).map(|found| (found[1].to_owned(), place(text, &found)));
    let mut scope = Scope::Production;
    let mut program: Option<(String, String)> = None;
    let mut field = String::new();
    for (number, line) in (1..).zip(text.lines()) {
        let body = line.split("--").next().unwrap_or_default();
        let words: Vec<&str> = body.split_whitespace().collect();
        if !line.starts_with([' ', '\t']) && !words.is_empty() {
            field.clear();
            let first = words[0].to_ascii_lowercase();
            match first.as_str() {
                "executable" => {
                    scope = Scope::Production;
                    let name = words.get(1).copied().unwrap_or_default().to_owned();
                    manifest.programs.insert(name.clone(), None);
                    program = Some((name, String::new()));
                }
                "test-suite" | "benchmark" => (scope, program) = (Scope::Development, None),
                "library" | "common" => (scope, program) = (Scope::Production, None),
                _ => {}
            }
        }
        let (key, value) = match body.split_once(':') {
            Some((key, value)) if key.trim().chars().all(|c| c.is_ascii_alphabetic() || c == '-') => {
                field = key.trim().to_ascii_lowercase();
                (field.as_str(), value)
            }
            _ => (field.as_str(), body),
        };
        match (key, &mut program) {
            ("hs-source-dirs", Some((_, folder))) if folder.is_empty() => {
                value
                    .split([',', ' '])
                    .find(|part| !part.trim().is_empty())
                    .unwrap_or_default()
                    .clone_into(folder);
            }
            ("main-is", Some((name, folder))) if !value.trim().is_empty() => {
                let main = crate::tree::join(folder.trim(), value.trim());
                manifest.programs.insert(name.clone(), Some(main));
            }
            ("build-depends", _) => {
                for item in value.split(',').map(str::trim).filter(|item| !item.is_empty()) {
                    let end =
                        item.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(item.len());
                    let (name, version) = item.split_at(end);
                    let more = manifest.dependencies.len() < MOST;
                    if more && !name.is_empty() && !manifest.dependencies.iter().any(|one| one.name == name) {
                        manifest.depend(name, Some(version), scope, Some(number));
                    }
                }
            }
            _ => {}
        }
    }
    manifest
}

/// OCaml's `dune-project` and `dune`: names of packages and programs.
pub(super) fn read_dune(path: &str, text: &str) -> Manifest {
    static PROGRAMS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\(executables?\b"));
    static NAMES: LazyLock<Regex> = LazyLock::new(|| pattern(r"\((?:names?)\s+([\w\s-]+)\)"));
    static LIBRARIES: LazyLock<Regex> = LazyLock::new(|| pattern(r"\((?:libraries|depends)\s+"));
    static WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"[A-Za-z][\w.-]*"));
    let mut manifest = Manifest::new(Ecosystem::Opam);
    let project = crate::tree::name(path) == "dune-project";
    if project && let Some(found) = NAMES.captures(text) {
        let name = found[1].split_whitespace().next().unwrap_or("app").to_owned();
        manifest.name = Some((name, place(text, &found)));
    }
    if let Some(found) = PROGRAMS.find(text).filter(|_| !project)
        && let Some(names) = NAMES.captures(&text[found.end()..])
    {
        for program in names[1].split_whitespace() {
            manifest.programs.insert(program.to_owned(), Some(format!("{program}.exe")));
        }
    }
    for found in LIBRARIES.find_iter(text).take(MOST / 10) {
        let mut depth = 0_i32;
        let rest = text.get(found.end()..found.end() + LONGEST_LIST).unwrap_or(&text[found.end()..]);
        let end = rest.find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth < 0
        });
        for word in WORD.find_iter(&rest[..end.unwrap_or(rest.len())]) {
            if manifest.dependencies.len() >= MOST / 4 {
                break;
            }
            let line = line_at(text, found.end() + word.start());
            manifest.depend(word.as_str(), None, Scope::Production, Some(line));
        }
    }
    manifest
}

/// OCaml's package description.
pub(super) fn read_opam(path: &str, text: &str) -> Manifest {
    static DEPENDENCY: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?m)^\s*"([\w-]+)"\s*(?:\{([^}]*)\})?"#));
    let mut manifest = Manifest::new(Ecosystem::Opam);
    let name = stem(path);
    if !name.is_empty() && name != "opam" {
        manifest.name = Some((name.to_owned(), None));
    } else {
        manifest.name =
            Some((crate::tree::name(folder(path)).to_owned(), None)).filter(|(n, _)| !n.is_empty());
    }
    let Some(start) = text.find("depends:") else { return manifest };
    let rest = &text[start..];
    let list = &rest[..rest.find("\n]").unwrap_or(rest.len())];
    for found in DEPENDENCY.captures_iter(list) {
        let options = found.get(2).map_or("", |options| options.as_str());
        let scope = if options.contains("with-test") || options.contains("with-doc") {
            Scope::Development
        } else {
            Scope::Production
        };
        let line = found.get(1).map(|name| line_at(text, start + name.start()));
        manifest.depend(&found[1], None, scope, line);
    }
    manifest
}

#[cfg(test)]
mod tests {
    use super::{read_cabal, read_dune, read_gleam, read_opam, read_rebar};

    fn names(manifest: &super::Manifest) -> Vec<&str> {
        manifest.dependencies.iter().map(|one| one.name.as_str()).collect()
    }

    #[test]
    fn cabal_files() {
        let manifest = read_cabal(
            "name:    shop\nversion: 0.1\nlibrary\n  build-depends:\n      base >=4\n    , servant-server\nexecutable shop-exe\n  hs-source-dirs: app\n  main-is: Main.hs\n  build-depends: base, warp ==3.3\ntest-suite t\n  build-depends: hspec\n",
        );
        assert_eq!(manifest.programs["shop-exe"].as_deref(), Some("app/Main.hs"));
        assert_eq!(names(&manifest), ["base", "servant-server", "warp", "hspec"]);
        assert_eq!(manifest.dependencies[3].scope, crate::readers::manifest::Scope::Development);
    }

    #[test]
    fn lists_of_other_kinds() {
        let manifest = read_gleam("name = \"shop\"\n\n[dependencies]\nwisp = \"~> 1.0\"\n").expect("valid");
        assert_eq!((names(&manifest), manifest.dependencies[0].line), (vec!["wisp"], Some(4)));
        let manifest = read_rebar(
            "{deps, [\n  {cowboy, \"2.9\"},\n  jsx\n]}.\n{relx, [{release, {shop, \"0.1\"}, [shop]}]}.\n",
        );
        assert_eq!(names(&manifest), ["cowboy", "jsx"]);
        assert!(manifest.programs.contains_key("shop"));
        let manifest = read_dune(
            "bin/dune",
            "(executable\n (public_name shop)\n (name main)\n (libraries dream lwt))\n",
        );
        assert_eq!(names(&manifest), ["dream", "lwt"]);
        assert_eq!(manifest.programs["main"].as_deref(), Some("main.exe"));
        let manifest =
            read_opam("shop.opam", "depends: [\n  \"dream\" {>= \"1.0\"}\n  \"alcotest\" {with-test}\n]\n");
        assert_eq!(names(&manifest), ["dream", "alcotest"]);
    }

    #[test]
    fn lists_that_nobody_writes_are_cut_off() {
        let dune = "(libraries ".repeat(60_000);
        assert_eq!(read_dune("bin/dune", &dune).dependencies.len(), 250);
        let cabal = format!(
            "name: a\nlibrary\n  build-depends: {}",
            (0..5000).map(|n| format!("p{n}")).collect::<Vec<_>>().join(", ")
        );
        assert_eq!(read_cabal(&cabal).dependencies.len(), 1000);
    }
}
