//! What a question is about.

use std::fmt;

use serde::Serialize;
use siteplan_model::gate::Gate;

/// A gate, or a setting that refines the answers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Subject {
    /// A question that must be answered.
    Gate(Gate),
    /// A question that is asked only while an answer would change the recommendation: the key of its setting.
    Refinement(String),
}

impl Subject {
    /// The key in files and flags.
    pub fn key(&self) -> &str {
        match self {
            Self::Gate(gate) => gate.key(),
            Self::Refinement(key) => key,
        }
    }

    /// The gate, if it is one.
    pub fn gate(&self) -> Option<Gate> {
        match self {
            Self::Gate(gate) => Some(*gate),
            Self::Refinement(_) => None,
        }
    }
}

impl From<Gate> for Subject {
    fn from(gate: Gate) -> Self {
        Self::Gate(gate)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.key())
    }
}
