//! What the walk brought home: all paths, and for each file that was read its record.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use siteplan_catalog::signals::FileRules;
use siteplan_model::survey::Skipped;

use crate::decide::containers::Purpose;
use crate::glob::Index;
use crate::readers::ci::CiFile;
use crate::readers::git::Git;
use crate::readers::workloads::Workloads;
use crate::readers::{FileFacts, Record};

/// A surveyed tree. Paths are relative, with `/`; the root is the empty string.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// All files, sorted.
    pub(crate) paths: Vec<String>,
    /// What was read from those that can matter, each with its place among the paths.
    facts: Vec<(usize, FileFacts)>,
    /// The paths by what patterns ask for.
    index: Index,
    /// What was asked for, with what was found: many components ask for the same.
    asked: RefCell<HashMap<Vec<String>, Rc<[usize]>>>,
    /// The files that gave a record, by their places among the facts: few among many.
    recorded: Vec<usize>,
    /// The files that state health checks or limits of workloads, likewise.
    with_workloads: Vec<usize>,
    /// The records by the folder that they lie in.
    recorded_in: HashMap<String, Vec<usize>>,
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
    pub(crate) fn matching<'t>(&'t self, patterns: &[String]) -> impl Iterator<Item = &'t str> + use<'t> {
        let known = self.asked.borrow().get(patterns).cloned();
        let found = known.unwrap_or_else(|| {
            let found: Rc<[usize]> = self.index.matching(&self.paths, patterns, "").into();
            self.asked.borrow_mut().insert(patterns.to_vec(), Rc::clone(&found));
            found
        });
        (0..found.len()).map(move |at| self.paths[found[at]].as_str())
    }

    /// What was read from a file.
    pub(crate) fn facts_of(&self, path: &str) -> Option<&FileFacts> {
        let place = self.paths.binary_search_by(|known| known.as_str().cmp(path)).ok()?;
        let found = self.facts.binary_search_by_key(&place, |(place, _)| *place).ok()?;
        Some(&self.facts[found].1)
    }

    /// All that was read, sorted by path.
    pub(crate) fn facts(&self) -> impl Iterator<Item = (&str, &FileFacts)> {
        self.facts.iter().map(|(place, facts)| (self.paths[*place].as_str(), facts))
    }

    /// Health checks and limits of workloads, sorted by path: few files among many.
    pub(crate) fn workloads(&self) -> impl Iterator<Item = (&str, &Workloads)> {
        let stated = self.with_workloads.iter().filter_map(|place| self.facts.get(*place));
        stated.map(|(place, facts)| (self.paths[*place].as_str(), &facts.workloads))
    }

    /// The record of a file.
    pub(crate) fn record(&self, path: &str) -> Option<&Record> {
        self.facts_of(path).and_then(|facts| facts.record.as_deref())
    }

    fn recorded_at(&self, place: usize) -> Option<(&str, &Record)> {
        let (place, facts) = self.facts.get(place)?;
        Some((self.paths[*place].as_str(), facts.record.as_deref()?))
    }

    /// Records of the files that lie in a folder itself, sorted by path.
    pub(crate) fn records_in<'t>(&'t self, folder: &str) -> impl Iterator<Item = (&'t str, &'t Record)> {
        let places = self.recorded_in.get(folder).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|place| self.recorded_at(*place))
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
        self.recorded.iter().filter_map(|place| self.recorded_at(*place))
    }

    /// Takes a file with what was read from it; files come in the order of their paths.
    pub(crate) fn take(&mut self, path: String, facts: Option<FileFacts>) {
        if let Some(facts) = facts {
            if facts.record.is_some() {
                let place = self.facts.len();
                self.recorded.push(place);
                self.recorded_in.entry(folder(&path).to_owned()).or_default().push(place);
            }
            if !facts.workloads.is_empty() {
                self.with_workloads.push(self.facts.len());
            }
            self.facts.push((self.paths.len(), facts));
        }
        self.paths.push(path);
    }

    /// To be called once all files are there.
    pub(crate) fn complete(&mut self) {
        self.facts.shrink_to_fit();
        self.index = Index::new(self.paths.iter().map(String::as_str));
    }
}

/// The folder of a path, the empty string for the root.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A folder and those above it, the root (the empty string) last.
pub(crate) fn upwards(home: &str) -> impl Iterator<Item = &str> {
    let mut next = Some(home);
    std::iter::from_fn(move || {
        let current = next?;
        next = (!current.is_empty()).then(|| folder(current));
        Some(current)
    })
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
        let last = part.rsplit(['-', '_']).next().unwrap_or_default();
        let also_last = part.len() > last.len() + 1 && !package;
        rules
            .aside_folders
            .iter()
            .any(|aside| part.eq_ignore_ascii_case(aside) || (also_last && last.eq_ignore_ascii_case(aside)))
    })
}

/// Whether one of the words that a text consists of is in a list.
pub(crate) fn has_word(text: &str, list: &[String]) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| list.iter().any(|known| known == word))
}

/// Whether a file's name says that it is for development only (`compose.override.yml`, `Dockerfile.dev`).
pub(crate) fn is_for_development(rules: &FileRules, path: &str) -> bool {
    has_word(&path.to_ascii_lowercase(), &rules.development_words)
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
