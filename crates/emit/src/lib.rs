//! A Design to files: documents, pipelines, platform files, images, the health endpoint. Nothing is decided here; what is
//! written was designed.

mod ci_hosts;
pub mod documents;
mod environment;
mod hcl;
mod health;
mod images;
mod markdown;
mod names;
mod platforms;
mod yaml;

use siteplan_model::design::Design;
use siteplan_model::file::File;

pub use ci_hosts::pipeline_files;
pub use platforms::{platform_files, platforms_with_files};

/// Every file that the design describes, documents aside, in the order in which a person reads them.
pub fn files(design: &Design) -> Vec<File> {
    let parts: [fn(&Design) -> Vec<File>; 5] =
        [pipeline_files, platform_files, images::files, health::files, environment::files];
    parts.iter().flat_map(|files| files(design)).collect()
}
