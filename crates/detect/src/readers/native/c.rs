//! `CMakeLists.txt`, `meson.build`, `conanfile.*`, `vcpkg.json` → [`Manifest`].

use std::sync::LazyLock;

use regex::Regex;
use siteplan_catalog::signals::Ecosystem;

use super::MOST;
use crate::readers::manifest::{Manifest, Scope};
use crate::readers::pattern::pattern;
use crate::readers::structured::{self, scalar};
use crate::text::{line_at, line_of};

/// CMake. A program is found in the build folder under its target's name.
pub(super) fn read_cmake(text: &str) -> Manifest {
    static PROJECT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?mi)^\s*project\s*\(\s*([\w.-]+)"));
    static PROGRAM: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?mi)^\s*add_executable\s*\(\s*(\$\{PROJECT_NAME\}|[\w.-]+)\s*([^)]*)"));
    static PACKAGE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?mi)^\s*(?:find_package|FetchContent_Declare|CPMAddPackage|pkg_check_modules)\s*\(\s*(?:NAME\s+)?([\w.-]+)",
        )
    });
    static LINKED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)target_link_libraries\s*\(\s*[^\s)]+\s+([^)]*)"));
    let mut manifest = Manifest::new(Ecosystem::C);
    let line = |found: &regex::Captures<'_>| found.get(0).map(|whole| line_at(text, whole.end()));
    let project = PROJECT.captures(text);
    manifest.name = project.as_ref().map(|found| (found[1].to_owned(), line(found)));
    for found in PROGRAM.captures_iter(text) {
        let target = match &found[1] {
            "${PROJECT_NAME}" => match &project {
                Some(project) => project[1].to_owned(),
                None => continue,
            },
            target => target.to_owned(),
        };
        if !["IMPORTED", "ALIAS"].iter().any(|word| found[2].contains(word)) {
            manifest.programs.insert(target.clone(), Some(target));
        }
    }
    for found in PACKAGE.captures_iter(text) {
        manifest.depend(&found[1].to_ascii_lowercase(), None, Scope::Production, line(&found));
    }
    for found in LINKED.captures_iter(text).take(MOST) {
        for library in found[1].split_whitespace().take(MOST / 10) {
            let name = library.split("::").next().unwrap_or(library).to_ascii_lowercase();
            let known = manifest.dependencies.iter().any(|one| one.name == name);
            let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
            if manifest.dependencies.len() < MOST
                && !known
                && plain
                && !matches!(name.as_str(), "private" | "public" | "interface")
            {
                manifest.depend(&name, None, Scope::Production, line(&found));
            }
        }
    }
    manifest
}

/// Meson.
pub(super) fn read_meson(text: &str) -> Manifest {
    static PROJECT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^\s*project\(\s*'([^']+)'"));
    static PROGRAM: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bexecutable\(\s*'([^']+)'"));
    static PACKAGE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bdependency\(\s*'([^']+)'"));
    let mut manifest = Manifest::new(Ecosystem::C);
    let line = |found: &regex::Captures<'_>| found.get(0).map(|whole| line_at(text, whole.start()));
    manifest.name = PROJECT.captures(text).map(|found| (found[1].to_owned(), line(&found)));
    for found in PROGRAM.captures_iter(text) {
        manifest.programs.insert(found[1].to_owned(), Some(found[1].to_owned()));
    }
    for found in PACKAGE.captures_iter(text) {
        manifest.depend(&found[1].to_ascii_lowercase(), None, Scope::Production, line(&found));
    }
    manifest
}

/// Conan, as a list or as a program.
pub(super) fn read_conan(text: &str) -> Manifest {
    static REQUIREMENT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?m)^\s*(?:[^"'\n#]*["'])?([a-z][\w+.-]*)/([\w.\[\]<>=~^ -]+)"#));
    let mut manifest = Manifest::new(Ecosystem::C);
    for found in REQUIREMENT.captures_iter(text).take(MOST) {
        let line = found.get(1).map(|name| line_at(text, name.start()));
        let before = &text[..found.get(1).map_or(0, |name| name.start())];
        let tool = before.rfind('[').is_some_and(|at| {
            before[at..].starts_with("[tool_requires") || before[at..].starts_with("[build_requires")
        }) || before.lines().next_back().is_some_and(|line| line.contains("tool_requires("));
        let scope = if tool { Scope::Development } else { Scope::Production };
        manifest.depend(&found[1], Some(&found[2]), scope, line);
    }
    manifest
}

/// vcpkg.
pub(super) fn read_vcpkg(text: &str) -> Result<Manifest, String> {
    let value = structured::jsonc(text)?;
    let mut manifest = Manifest::new(Ecosystem::C);
    manifest.name = value["name"].as_str().map(|name| (name.to_owned(), line_of(text, "\"name\"")));
    for one in value["dependencies"].as_array().into_iter().flatten().take(MOST) {
        if let Some(name) = scalar(one).or_else(|| scalar(&one["name"])) {
            manifest.depend(&name, None, Scope::Production, line_of(text, &format!("\"{name}\"")));
        }
    }
    Ok(manifest)
}

#[cfg(test)]
mod tests {
    use super::{read_cmake, read_conan, read_meson, read_vcpkg};

    #[test]
    fn programs_and_libraries() {
        let manifest = read_cmake(
            "project(shop CXX)\nfind_package(Drogon CONFIG REQUIRED)\nadd_executable(${PROJECT_NAME} main.cc)\ntarget_link_libraries(shop PRIVATE Drogon::Drogon pq)\n",
        );
        assert_eq!(manifest.programs["shop"].as_deref(), Some("shop"));
        let names: Vec<_> = manifest.dependencies.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["drogon", "pq"]);
        assert_eq!(manifest.dependencies[0].line, Some(2));
        let manifest = read_meson("project('shop', 'cpp')\nexecutable('shop', 'main.cpp')\n");
        assert!(manifest.programs.contains_key("shop"));
        let manifest = read_conan("[requires]\ncrowcpp-crow/1.0+5\n[tool_requires]\ncmake/3.2\n");
        assert_eq!(
            (manifest.dependencies[0].name.as_str(), manifest.dependencies[0].line),
            ("crowcpp-crow", Some(2))
        );
        assert_eq!(manifest.dependencies[1].scope, crate::readers::manifest::Scope::Development);
        let manifest = read_vcpkg("{\"name\": \"a\", \"dependencies\": [\"fmt\", {\"name\": \"oatpp\"}]}")
            .expect("valid");
        assert_eq!(manifest.dependencies[1].name, "oatpp");
    }
}
