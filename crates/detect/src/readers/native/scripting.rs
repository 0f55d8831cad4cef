//! `*.rockspec`, `cpanfile`, `Makefile.PL`, `renv.lock`, `DESCRIPTION`, `install.R`, `Project.toml` → [`Manifest`].

use std::sync::LazyLock;

use regex::Regex;
use siteplan_catalog::signals::Ecosystem;

use super::MOST;
use crate::readers::manifest::{Manifest, Scope};
use crate::readers::pattern::pattern;
use crate::readers::structured::{self, fields};
use crate::text::{line_at, line_of};

/// Lua.
pub(super) fn read_rockspec(text: &str) -> Manifest {
    static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?m)^package\s*=\s*["']([^"']+)"#));
    static PACKAGE: LazyLock<Regex> = LazyLock::new(|| pattern(r#"["']([\w-]+)\s*([^"']*)["']"#));
    let mut manifest = Manifest::new(Ecosystem::Rocks);
    if let Some(found) = NAME.captures(text) {
        let line = found.get(0).map(|whole| line_at(text, whole.start()));
        manifest.name = Some((found[1].to_owned(), line));
    }
    let Some(start) = text.find("dependencies") else { return manifest };
    let rest = &text[start..];
    for found in PACKAGE.captures_iter(&rest[..rest.find('}').unwrap_or(rest.len())]) {
        let line = found.get(1).map(|name| line_at(text, start + name.start()));
        if &found[1] == "lua" {
            manifest.pin("lua", &found[2], line);
        } else {
            manifest.depend(&found[1], Some(&found[2]), Scope::Production, line);
        }
    }
    manifest
}

/// Perl.
pub(super) fn read_perl(text: &str) -> Manifest {
    static REQUIRES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?m)^\s*(requires|test_requires|recommends)\s*\(?\s*["']?([\w:]+)["']?(?:\s*(?:=>|,)\s*["']?v?([\d._]+))?|^\s*["']?([A-Z][\w:]+)["']?\s*=>\s*["']?v?([\d._]+)"#,
        )
    });
    let mut manifest = Manifest::new(Ecosystem::Cpan);
    for found in REQUIRES.captures_iter(text) {
        let line = found.get(0).map(|whole| line_at(text, whole.start()));
        let name = found.get(2).or_else(|| found.get(4)).map_or("", |name| name.as_str());
        let version = found.get(3).or_else(|| found.get(5)).map(|version| version.as_str());
        if name == "perl" {
            manifest.pin("perl", version.unwrap_or_default(), line);
            continue;
        }
        let aside = found.get(1).is_some_and(|word| word.as_str() != "requires");
        let scope = if aside { Scope::Development } else { Scope::Production };
        manifest.depend(name, version, scope, line);
    }
    manifest
}

/// R, with the versions of all packages.
pub(super) fn read_renv(text: &str) -> Result<Manifest, String> {
    let value = structured::json(text)?;
    let mut manifest = Manifest::new(Ecosystem::Cran);
    if let Some(version) = value["R"]["Version"].as_str() {
        manifest.pin("r", version, line_of(text, "\"Version\""));
    }
    for (name, package) in fields(&value["Packages"]).take(MOST) {
        let line = line_of(text, &format!("\"{name}\""));
        manifest.depend(name, package["Version"].as_str(), Scope::Production, line);
    }
    Ok(manifest)
}

/// R, as a package or as a script that installs.
pub(super) fn read_r(text: &str) -> Manifest {
    static FIELD: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^(\w+):"));
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| pattern(r#"["']([A-Za-z][\w.]*)["']"#));
    let mut manifest = Manifest::new(Ecosystem::Cran);
    if text.contains("install.packages") || text.contains("install_") {
        for found in QUOTED.captures_iter(text) {
            let line = found.get(0).map(|whole| line_at(text, whole.start()));
            manifest.depend(&found[1], None, Scope::Production, line);
        }
        return manifest;
    }
    let mut field = String::new();
    for (number, line) in (1..).zip(text.lines()) {
        let mut value = line;
        if let Some(found) = FIELD.captures(line) {
            found[1].clone_into(&mut field);
            value = &line[found[0].len()..];
        }
        match field.as_str() {
            "Package" => manifest.name = Some((value.trim().to_owned(), Some(number))),
            "Imports" | "Depends" => {
                for item in value.split(',').map(str::trim).filter(|item| !item.is_empty()) {
                    let (name, version) = item.split_once('(').unwrap_or((item, ""));
                    let version = version.trim_end_matches(')');
                    match name.trim() {
                        "R" => manifest.pin("r", version, Some(number)),
                        name => manifest.depend(name, Some(version), Scope::Production, Some(number)),
                    }
                }
            }
            _ => {}
        }
    }
    manifest
}

/// Julia.
pub(super) fn read_julia(text: &str) -> Result<Manifest, String> {
    let value = structured::toml(text)?;
    let mut manifest = Manifest::new(Ecosystem::Julia);
    manifest.name = value["name"].as_str().map(|name| (name.to_owned(), line_of(text, "name")));
    for (name, _) in fields(&value["deps"]).take(MOST) {
        let version = value["compat"][name].as_str();
        manifest.depend(name, version, Scope::Production, line_of(text, &format!("{name} =")));
    }
    if let Some(version) = value["compat"]["julia"].as_str() {
        manifest.pin("julia", version, line_of(text, "julia ="));
    }
    Ok(manifest)
}

#[cfg(test)]
mod tests {
    use super::{read_julia, read_perl, read_r, read_renv, read_rockspec};

    fn names(manifest: &super::Manifest) -> Vec<&str> {
        manifest.dependencies.iter().map(|one| one.name.as_str()).collect()
    }

    #[test]
    fn lists_of_packages() {
        let manifest = read_perl(
            "requires 'perl', '5.030';\nrequires 'Mojolicious', '9.0';\ntest_requires 'Test::More';\n",
        );
        assert_eq!(
            (names(&manifest), manifest.pins[0].version.as_str()),
            (vec!["Mojolicious", "Test::More"], "5.030")
        );
        let manifest = read_perl("WriteMakefile(\n  PREREQ_PM => {\n    'Dancer2' => '0.3',\n  },\n);\n");
        assert_eq!(names(&manifest), ["Dancer2"]);
        let manifest =
            read_rockspec("package = \"shop\"\ndependencies = {\n  \"lua >= 5.1\",\n  \"lapis\",\n}\n");
        assert_eq!((names(&manifest), manifest.dependencies[0].line), (vec!["lapis"], Some(4)));
        let manifest =
            read_renv("{\"R\": {\"Version\": \"4.3.1\"}, \"Packages\": {\"shiny\": {\"Version\": \"1.8\"}}}")
                .expect("valid");
        assert_eq!((names(&manifest), manifest.pins[0].version.as_str()), (vec!["shiny"], "4.3.1"));
        let manifest = read_r("Package: shop\nImports: plumber (>= 1.0),\n    DBI\n");
        assert_eq!(names(&manifest), ["plumber", "DBI"]);
        let manifest = read_r("install.packages(c('shiny', \"DT\"))\n");
        assert_eq!(names(&manifest), ["shiny", "DT"]);
        let manifest = read_julia("[deps]\nGenie = \"c43c\"\n[compat]\njulia = \"1.9\"\n").expect("valid");
        assert_eq!((names(&manifest), manifest.pins[0].version.as_str()), (vec!["Genie"], "1.9"));
    }
}
