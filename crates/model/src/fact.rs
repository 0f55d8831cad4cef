//! A value together with why it is believed.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far a fact can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// A guess with a reason.
    Low,
    /// Probably so; a runner-up is plausible.
    Medium,
    /// Stated by the repository.
    High,
}

/// One place in the tree that speaks for a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Path relative to the root, with `/` as separator.
    pub path: String,
    /// One-based line, where a line is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What was seen there, never a secret value.
    pub seen: String,
}

impl Evidence {
    /// `path:line`, or the path alone.
    pub fn place(&self) -> String {
        match self.line {
            Some(line) => format!("{}:{line}", self.path),
            None => self.path.clone(),
        }
    }
}

/// A value, its certainty, its evidence, and what it would have been otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fact<T> {
    /// The value itself.
    pub value: T,
    /// How far it can be relied on.
    pub certainty: Certainty,
    /// Where it was seen; best evidence first.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// The second-best value, when there was doubt.
    pub runner_up: Option<T>,
}

impl<T> Fact<T> {
    /// A fact without rival.
    pub fn new(value: T, certainty: Certainty, evidence: Vec<Evidence>) -> Self {
        Self { value, certainty, evidence, runner_up: None }
    }

    /// The place to look first, as `path:line`.
    pub fn place(&self) -> Option<String> {
        self.evidence.first().map(Evidence::place)
    }
}

/// Evidence by field, for records whose fields are plain values.
pub type EvidenceByField = BTreeMap<String, Vec<Evidence>>;
