//! A file that a stage wants written; only the binary writes it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a file belongs to, so that a person can ask for one part alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// A document below the spec folder.
    Document,
    /// The CI host's pipeline, or the scripts that stand for one.
    Pipeline,
    /// The way back: the rollback workflow.
    Rollback,
    /// A platform's own configuration and infrastructure code.
    Platform,
    /// A container image: `Dockerfile` and `.dockerignore`.
    Image,
    /// The health endpoint and its contract.
    Health,
    /// `.env.example` and what sets the variables.
    Environment,
}

/// A file to write, relative to the repository's root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct File {
    /// What it belongs to.
    pub part: Part,
    /// Path relative to the root, with `/` as separator, never leaving it.
    pub path: String,
    /// The whole text, ending in a newline.
    pub contents: String,
    /// What the file is for, in a few words.
    pub purpose: String,
    /// Language tag for a fenced code block (`yaml`, `toml`, …).
    pub syntax: String,
}
