//! A tree in a temporary folder, written from pairs of path and text, and its Survey.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use siteplan_catalog::signals::Signals;
use siteplan_detect::{Options, survey};
use siteplan_model::survey::{Service, Survey};
use tempfile::TempDir;

/// The signal tables that are compiled in.
pub(crate) static SIGNALS: LazyLock<Signals> =
    LazyLock::new(|| Signals::builtin().expect("built-in signals"));

/// Writes a tree.
pub(crate) fn write(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
    }
    folder
}

/// Surveys a folder.
pub(crate) fn survey_of(root: &Path) -> Survey {
    let options = Options { spec_path: "specs", root_name: ".", own: &[], signals: &SIGNALS };
    survey(root, &options).expect("a survey")
}

/// Writes a tree and surveys it.
pub(crate) fn surveyed(files: &[(&str, &str)]) -> Survey {
    survey_of(write(files).path())
}

/// The service of a folder and kind.
pub(crate) fn service<'s>(survey: &'s Survey, path: &str) -> &'s Service {
    survey
        .services
        .iter()
        .find(|service| service.path == path)
        .unwrap_or_else(|| panic!("no service at `{path}`; there are {:?}", services(survey)))
}

/// All services as `path:kind`.
pub(crate) fn services(survey: &Survey) -> Vec<String> {
    survey.services.iter().map(|service| format!("{}:{}", service.path, service.kind)).collect()
}

/// A start command, for comparison.
pub(crate) fn start(survey: &Survey) -> &str {
    survey.commands.start.as_deref().unwrap_or("none")
}
