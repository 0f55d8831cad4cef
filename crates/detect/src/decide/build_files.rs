//! The tree → the files by which a build installs and sets up, which an image gets before the sources.

use siteplan_catalog::signals::Signals;

use crate::tree::{Tree, is_aside, name};

/// More than this and nobody lists them one by one.
const MOST: usize = 400;

/// The paths, sorted.
pub(super) fn of(tree: &Tree, signals: &Signals) -> Vec<String> {
    let rules = &signals.files;
    let build = tree.matching(&rules.build_files);
    let examples = tree.paths.iter().map(String::as_str);
    let examples = examples.filter(|path| rules.example_env_files.iter().any(|known| known == name(path)));
    let mut found: Vec<String> =
        build.chain(examples).filter(|path| !is_aside(rules, path)).map(str::to_owned).collect();
    found.sort();
    found.dedup();
    found.truncate(MOST);
    found
}
