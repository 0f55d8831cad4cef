//! The health contract → the endpoint for the framework in use, and the contract as OpenAPI.

use siteplan_model::design::Design;
use siteplan_model::file::File;

/// The files.
pub(crate) fn files(_design: &Design) -> Vec<File> {
    Vec::new()
}
