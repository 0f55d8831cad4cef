//! A tree to a [`Survey`]: what is there, with evidence, nothing of it run.
//!
//! One walk reads each file at most once and hands it to the reader of its format (`readers`), which turns it into a
//! small record. Only when all records are there does anybody decide (`decide`), so that no file wins by being first.
//! What a name *means* (a package, a file, a route) stands in the catalog's signal tables, not here.

mod commands;
mod component;
mod decide;
mod evidence;
mod glob;
mod inherit;
mod one_file;
mod readers;
mod text;
mod tree;
mod walk;

use std::path::{Path, PathBuf};

use siteplan_catalog::signals::Signals;
use siteplan_model::survey::Survey;

#[doc(hidden)]
pub use one_file::OneFile;

/// What a survey needs besides the tree.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The folder of the documents, relative to the root; `02_ARCHITECTURE.md` is looked for there first.
    pub spec_path: &'a str,
    /// How the root was named by the person, for [`Survey::root`].
    pub root_name: &'a str,
    /// Files of the tree that siteplan wrote itself, sorted: a plan must not find its own words and take them for somebody's.
    pub own: &'a [String],
    /// What names mean.
    pub signals: &'a Signals,
}

/// Why a tree cannot be surveyed at all. Whatever is wrong with a single file is in [`Survey::skipped`] instead.
#[derive(Debug, thiserror::Error)]
pub enum DetectError {
    /// There is nothing at the path.
    #[error("`{}` does not exist; give the folder of a repository", .0.display())]
    Missing(PathBuf),
    /// The path is a file.
    #[error("`{}` is not a directory; give the folder that holds it", .0.display())]
    NotADirectory(PathBuf),
    /// The folder cannot be listed.
    #[error("cannot read the directory `{}`: {source}; check its permissions", path.display())]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
}

/// Surveys the tree at `root`. The same tree gives the same Survey, byte for byte.
pub fn survey(root: &Path, options: &Options<'_>) -> Result<Survey, DetectError> {
    let metadata = std::fs::metadata(root).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => DetectError::Missing(root.to_owned()),
        _ => DetectError::Unreadable { path: root.to_owned(), source },
    })?;
    if !metadata.is_dir() {
        return Err(DetectError::NotADirectory(root.to_owned()));
    }
    std::fs::read_dir(root).map_err(|source| DetectError::Unreadable { path: root.to_owned(), source })?;
    let mut tree = walk::walk(root, options);
    decide::containers::sort(&mut tree, options.signals);
    let folder =
        root.canonicalize().ok().and_then(|path| path.file_name().map(|n| n.to_string_lossy().into_owned()));
    let survey = decide::decide(&tree, options, &folder.unwrap_or_else(|| "application".to_owned()));
    Ok(text::without_control_characters(survey))
}

#[cfg(test)]
#[path = "../benches/generated/mod.rs"]
mod generated;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use siteplan_catalog::signals::Signals;

    use crate::{Options, generated, glob, survey};

    /// Patterns that are tried while a tree is decided on.
    fn work(write: impl Fn(&Path) -> std::io::Result<()>) -> u64 {
        let signals = Signals::builtin().expect("built-in");
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        write(folder.path()).expect("a tree");
        let before = glob::TRIED.get();
        survey(folder.path(), &Options { spec_path: "specs", root_name: ".", own: &[], signals: &signals })
            .expect("a survey");
        glob::TRIED.get() - before
    }

    #[test]
    fn twice_the_files_are_twice_the_work() {
        let of = |files| work(|root| generated::monorepo(root, files));
        let (one, two) = (of(600), of(1_200));
        assert!(one > 0 && two <= one * 5 / 2, "{one} patterns tried for 600 files, {two} for 1,200");
        let of = |files| work(|root| generated::flat(root, files));
        let (one, two) = (of(600), of(1_200));
        assert!(
            two <= one * 5 / 2 + 100,
            "{one} patterns tried for 600 files in one folder, {two} for 1,200"
        );
    }
}
