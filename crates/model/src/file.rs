//! A file that a stage wants written; only the binary writes it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A file to write, relative to the repository's root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct File {
    /// Path relative to the root, with `/` as separator, never leaving it.
    pub path: String,
    /// The whole text, ending in a newline.
    pub contents: String,
    /// What the file is for, in a few words.
    pub purpose: String,
    /// Language tag for a fenced code block (`yaml`, `toml`, …).
    pub syntax: String,
}
