//! One module for each command. Each turns its flags into one call of the pipeline and its result into output.

pub(crate) mod catalog;
pub(crate) mod completions;
pub(crate) mod cost;
mod criterion;
pub(crate) mod detect;
pub(crate) mod explain;
pub(crate) mod generate;
pub(crate) mod plan;
pub(crate) mod recommend;
pub(crate) mod schema;
