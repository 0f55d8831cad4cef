//! What the walk brought home: all paths, and for each file that was read its record.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use siteplan_catalog::signals::FileRules;
use siteplan_model::survey::Skipped;

use crate::decide::containers::Purpose;
use crate::glob;
use crate::readers::ci::CiFile;
use crate::readers::git::Git;
use crate::readers::{FileFacts, Record};

/// A surveyed tree. Paths are relative, with `/`; the root is the empty string.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// All files, sorted.
    pub(crate) paths: Vec<String>,
    /// What was read from those that can matter.
    pub(crate) facts: BTreeMap<String, FileFacts>,
    /// Places in that order by name, by name up to the first dot, by ending.
    by_key: [HashMap<String, Vec<usize>>; 3],
    /// The files that gave a record: few among many.
    recorded: BTreeSet<String>,
    /// The same by the folder that they lie in.
    recorded_in: BTreeMap<String, Vec<String>>,
    /// The container builds among them, with what each is for.
    pub(crate) builds: Vec<(String, Purpose)>,
    /// The compose files among them, those for production first, with whether each is for development.
    pub(crate) compose_files: Vec<(String, bool)>,
    /// What was not read, and why.
    pub(crate) skipped: Vec<Skipped>,
    /// What the `.git` folder states.
    pub(crate) git: Git,
}

impl Tree {
    /// Whether a file is on disk.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.paths.binary_search_by(|known| known.as_str().cmp(path)).is_ok()
    }

    /// Whether a folder holds any file.
    pub(crate) fn has_folder(&self, folder: &str) -> bool {
        self.below(folder).next().is_some()
    }

    /// All files below a folder, sorted.
    fn below<'t>(&'t self, folder: &str) -> impl Iterator<Item = &'t str> + 't {
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let first = self.paths.partition_point(|path| *path < start);
        self.paths[first..].iter().map(String::as_str).take_while(move |path| path.starts_with(&start))
    }

    /// Files that fit one of the patterns, sorted.
    pub(crate) fn matching<'t>(&'t self, patterns: &[String]) -> impl Iterator<Item = &'t str> + 't {
        let mut found: Vec<usize> = Vec::new();
        for pattern in patterns {
            let fits = |at: &usize| glob::matches(pattern, &self.paths[*at]);
            match glob::key(pattern) {
                Some(key) => {
                    let named = self.by_key[key.kind()].get(key.text());
                    found.extend(named.into_iter().flatten().copied().filter(fits));
                }
                None => found.extend((0..self.paths.len()).filter(|at| fits(at))),
            }
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|at| self.paths[at].as_str())
    }

    /// The record of a file.
    pub(crate) fn record(&self, path: &str) -> Option<&Record> {
        self.facts.get(path).and_then(|facts| facts.record.as_ref())
    }

    /// Records of the files that lie in a folder itself, sorted by path.
    pub(crate) fn records_in<'t>(&'t self, folder: &str) -> impl Iterator<Item = (&'t str, &'t Record)> + 't {
        let paths = self.recorded_in.get(folder).map(Vec::as_slice).unwrap_or_default();
        paths.iter().filter_map(|path| self.record(path).map(|record| (path.as_str(), record)))
    }

    /// All CI files, sorted by path.
    pub(crate) fn ci_files(&self) -> impl Iterator<Item = (&str, &CiFile)> {
        self.records().filter_map(|(path, record)| match record {
            Record::Ci(ci) => Some((path, ci)),
            _ => None,
        })
    }

    /// All records with their paths, sorted by path.
    pub(crate) fn records(&self) -> impl Iterator<Item = (&str, &Record)> {
        self.recorded.iter().filter_map(|path| self.record(path).map(|record| (path.as_str(), record)))
    }

    /// Takes a file; files come in the order of their paths.
    pub(crate) fn add(&mut self, path: String) {
        let at = self.paths.len();
        for key in glob::keys(&path).into_iter().flatten() {
            let known = &mut self.by_key[key.kind()];
            match known.get_mut(key.text()) {
                Some(places) => places.push(at),
                None => {
                    known.insert(key.text().to_owned(), vec![at]);
                }
            }
        }
        self.paths.push(path);
    }

    /// Takes what was read from a file.
    pub(crate) fn take(&mut self, path: String, facts: FileFacts) {
        if facts.record.is_some() {
            self.recorded.insert(path.clone());
            self.recorded_in.entry(folder(&path).to_owned()).or_default().push(path.clone());
        }
        self.facts.insert(path, facts);
    }
}

/// The folder of a path, the empty string for the root.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub(crate) fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a file's name has one of these endings, given without the dot.
pub(crate) fn has_ending(path: &str, endings: &[&str]) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
}

/// A path below a folder.
pub(crate) fn join(folder: &str, rest: &str) -> String {
    let rest = rest.trim_start_matches("./").trim_end_matches('/');
    if folder.is_empty() {
        rest.to_owned()
    } else if rest.is_empty() || rest == "." {
        folder.to_owned()
    } else {
        format!("{folder}/{rest}")
    }
}

/// A relative path resolved against a folder, `None` where it leaves the root.
pub(crate) fn resolve(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

/// `path` relative to `folder`, where it lies below it.
pub(crate) fn relative<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(path);
    }
    path.strip_prefix(folder)?.strip_prefix('/')
}

/// Whether a file is beside the application: tests, examples, documentation.
pub(crate) fn is_aside(rules: &FileRules, path: &str) -> bool {
    is_aside_folder(rules, folder(path))
        || rules.test_endings.iter().any(|ending| path.ends_with(ending.as_str()))
}

/// Whether a whole folder is beside the application.
pub(crate) fn is_aside_folder(rules: &FileRules, folder: &str) -> bool {
    // Below `src/main` every folder is a package of the application, whatever it is called (`com/example`).
    let above_packages = match folder.find("src/main/") {
        Some(at) if at == 0 || folder.as_bytes()[at - 1] == b'/' => &folder[..at],
        _ => folder,
    };
    let mut in_sources = false;
    above_packages.split('/').any(|part| {
        // A package cannot be called `x-example`, so below the sources `x_example` is that package.
        let package = in_sources && part.contains('_');
        in_sources |= part == "src";
        let part = part.to_ascii_lowercase();
        let last = part.rsplit(['-', '_']).next().unwrap_or_default();
        rules
            .aside_folders
            .iter()
            .any(|aside| *aside == part || (last == aside && part.len() > last.len() + 1 && !package))
    })
}

/// Whether a file's name says that it is for development only (`compose.override.yml`, `Dockerfile.dev`).
pub(crate) fn is_for_development(rules: &FileRules, path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| rules.development_words.iter().any(|development| development == word))
}

/// Whether a source file is for development by its own name (`settings/local.py`, `environments/test.rb`).
pub(crate) fn is_development_source(rules: &FileRules, path: &str) -> bool {
    let stem = name(path).split('.').next().unwrap_or_default();
    rules.development_words.iter().any(|word| word == stem)
}

#[cfg(test)]
mod tests {
    use super::{join, relative, resolve};

    #[test]
    fn paths_never_leave_the_root() {
        assert_eq!(resolve("a/b", "../c").as_deref(), Some("a/c"));
        assert_eq!(resolve("a", "../../c"), None);
        assert_eq!(join("", "./x"), "x");
        assert_eq!(join("a", "."), "a");
        assert_eq!(relative("ab/c", "a"), None);
    }
}
