//! A Design to files: documents, pipelines, platform files. Nothing is decided here; what is written was designed.

mod ci_hosts;
pub mod documents;
mod markdown;
mod names;
mod platforms;
mod yaml;

pub use ci_hosts::pipeline_files;
pub use platforms::{platform_files, platforms_with_files};
