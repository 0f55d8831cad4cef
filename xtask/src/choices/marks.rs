//! The catalog's signals and `marks.toml` → what in a repository speaks of a platform.

use regex::{Regex, RegexSet, RegexSetBuilder};
use serde::Deserialize;
use siteplan_catalog::signals::{Marker, Signals};

use crate::failure::{Failure, Outcome};

const TABLE: &str = include_str!("marks.toml");
/// Where CI systems keep their files.
const CI: &[&str] =
    &[".github/", ".gitlab-ci", ".circleci/", ".buildkite/", "bitbucket-pipelines", ".travis"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    folders: Vec<String>,
    files: Vec<String>,
    mentions: Vec<String>,
}

/// A file that belongs to a platform where it holds one of the texts, or in any case where there is none.
#[derive(Debug)]
struct OwnFile {
    path: Regex,
    contains: Vec<String>,
}

/// What in a repository speaks of a platform.
#[derive(Debug)]
pub(crate) struct Marks {
    folders: Vec<String>,
    files: Vec<OwnFile>,
    mentions: RegexSet,
}

impl Marks {
    /// Those of the catalog's platforms, of files that say how an application is built and started, and of infrastructure code.
    pub(crate) fn new(signals: &Signals) -> Outcome<Self> {
        let broken = |error: &dyn std::fmt::Display| Failure::new(format!("marks.toml: {error}"));
        let table: Table = toml::from_str(TABLE).map_err(|error| broken(&error))?;
        let mentions = RegexSetBuilder::new(&table.mentions)
            .case_insensitive(true)
            .build()
            .map_err(|error| broken(&error))?;
        let mut files = Vec::new();
        let mut own = |pattern: &str, contains: &[String]| -> Outcome {
            let path = as_regex(pattern).map_err(|error| broken(&error))?;
            files.push(OwnFile { path, contains: contains.to_vec() });
            Ok(())
        };
        for pattern in &table.files {
            own(pattern, &[])?;
        }
        // What only hints at a platform is a file for something else that mentions it, and so is every file of a CI system.
        let says_all = |marker: &&Marker| !marker.weak;
        for marker in signals.platforms.iter().chain(&signals.infrastructure).filter(says_all) {
            let general = marker.expertise.is_some() && marker.expertise.as_deref() != Some("advanced");
            for pattern in marker.files.iter().filter(|pattern| !general && !is_ci(pattern)) {
                own(pattern, &marker.contains)?;
            }
        }
        for statement in &signals.statements {
            let needs: Vec<String> = statement.needs.iter().map(|key| format!("{key}:")).collect();
            for pattern in &statement.files {
                own(pattern, &needs)?;
            }
        }
        Ok(Self { folders: table.folders, files, mentions })
    }

    /// Whether a folder of that name belongs to a platform.
    pub(crate) fn owns_folder(&self, name: &str) -> bool {
        self.folders.iter().any(|folder| folder == name)
    }

    /// Whether the file as a whole belongs to a platform.
    pub(crate) fn owns_file(&self, path: &str, text: &str) -> bool {
        self.files.iter().any(|file| {
            file.path.is_match(path)
                && (file.contains.is_empty() || file.contains.iter().any(|one| text.contains(one.as_str())))
        }) || (is_ci(path) && self.mentions.is_match(text))
    }

    /// Whether a line mentions a platform.
    pub(crate) fn mentioned_in(&self, line: &str) -> bool {
        self.mentions.is_match(line)
    }
}

fn is_ci(path: &str) -> bool {
    CI.iter().any(|start| path.starts_with(start))
}

/// A path pattern of the catalog as a regular expression over paths that are relative to the root.
fn as_regex(pattern: &str) -> Result<Regex, regex::Error> {
    let anywhere = !pattern.starts_with('/');
    let escaped = regex::escape(pattern.trim_start_matches('/'));
    let body = escaped.replace(r"\*\*/", "(.*/)?").replace(r"\*", "[^/]*");
    Regex::new(&format!("{}{body}$", if anywhere { "(^|/)" } else { "^" }))
}

#[cfg(test)]
mod tests {
    use siteplan_catalog::signals::Signals;

    use super::{Marks, as_regex};

    #[test]
    fn patterns_are_those_of_the_catalog() {
        let fits = |pattern: &str, path: &str| as_regex(pattern).expect("a pattern").is_match(path);
        assert!(fits("fly.toml", "apps/a/fly.toml") && !fits("fly.toml", "butterfly.toml"));
        assert!(fits("/app.json", "app.json") && !fits("/app.json", "mobile/app.json"));
        assert!(fits("k8s/**/*.yaml", "k8s/a.yaml") && fits("k8s/**/*.yaml", "ops/k8s/b/c.yaml"));
        assert!(fits("copilot/*/manifest.yml", "copilot/web/manifest.yml"));
    }

    #[test]
    fn a_file_belongs_to_a_platform_by_its_name_or_by_what_it_holds() {
        let marks = Marks::new(&Signals::builtin().expect("signals")).expect("marks");
        assert!(marks.owns_file("fly.toml", "app = 'x'"));
        assert!(marks.owns_file("app.yaml", "runtime: python312\n"));
        assert!(!marks.owns_file("app.yaml", "title: x\n"));
        assert!(marks.owns_file(".github/workflows/a.yml", "run: flyctl deploy\n"));
        assert!(!marks.owns_file(".github/workflows/b.yml", "run: cargo test\n"));
        assert!(!marks.owns_file("docker-compose.yml", "services: {}\n"), "compose is no platform's own");
        assert!(marks.owns_folder("terraform") && !marks.owns_folder("src"));
        assert!(marks.mentioned_in("deployed on Fly.io") && !marks.mentioned_in("let it fly"));
    }
}
