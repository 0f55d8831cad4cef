//! A service without an image → its `Dockerfile` and `.dockerignore`.

use siteplan_model::design::Design;
use siteplan_model::file::File;

/// The files.
pub(crate) fn files(_design: &Design) -> Vec<File> {
    Vec::new()
}
