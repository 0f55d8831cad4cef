//! The variables → `.env.example`, which names them and holds no value of a secret.

use siteplan_model::design::Design;
use siteplan_model::file::File;

/// The files.
pub(crate) fn files(_design: &Design) -> Vec<File> {
    Vec::new()
}
