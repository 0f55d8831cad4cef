//! What the environment gives an application: the variables that it reads, and how its tests sign in to a database.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fact::Evidence;

/// An environment variable that the code reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EnvironmentVariable {
    /// Its name.
    pub name: String,
    /// Whether its value must be kept secret.
    pub secret: bool,
    /// Whether the application fails without it.
    pub required: bool,
    /// Whether it is read at build time, at run time, or both.
    pub when: VariableTime,
    /// The default that the code or `.env.example` gives; never set for a secret.
    pub default: Option<String>,
    /// What production makes of that default.
    #[serde(default)]
    pub default_use: DefaultUse,
    /// The value that a deployed application needs, where it is certain whatever the application (`production` of `NODE_ENV`).
    #[serde(default)]
    pub deployed: Option<String>,
    /// Where it is read.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}

/// What production makes of a default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DefaultUse {
    /// Nothing: there is none, or it is one of development (an address of this machine, a debug switch).
    #[default]
    None,
    /// An example gives it, and production can run with it; without the variable the code has none.
    Example,
    /// The code itself falls back to it, and production can run with it.
    Code,
}

/// When a variable is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum VariableTime {
    /// Only while building (inlined into a browser bundle, for example).
    Build,
    /// Only while running.
    Run,
    /// In both.
    Both,
}

/// How tests sign in to a throw-away database, as their settings in the repository say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TestAccess {
    /// The engine.
    pub engine: String,
    /// The user.
    #[serde(default)]
    pub user: Option<String>,
    /// The password, which everybody can read in the repository; empty for none.
    #[serde(default)]
    pub password: Option<String>,
    /// The name of the database.
    #[serde(default)]
    pub database: Option<String>,
    /// The port on this machine.
    #[serde(default)]
    pub port: Option<u16>,
    /// Where it was seen.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}
