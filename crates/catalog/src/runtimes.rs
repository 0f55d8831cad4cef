//! What a CI machine needs to build and test: language runtimes and the backing services beside a test job. `data/reasoning/runtimes.toml`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::figure::{Figure, Sources};

/// The file of runtimes and engines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Runtimes {
    /// Always `siteplan/runtimes@1`.
    pub schema: String,
    /// The program of `data/tools` that installs several runtimes on one machine.
    pub installer: String,
    /// Sources by key.
    pub sources: Sources,
    /// The runtimes.
    pub runtime: Vec<Runtime>,
    /// The engines of databases, caches and queues.
    pub engine: Vec<EngineFacts>,
    /// Programs of tests that need more than their package.
    #[serde(default)]
    pub test_tool: Vec<TestTool>,
}

/// A program of tests that needs more than its package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestTool {
    /// How a line calls it.
    pub calls: String,
    /// The line that installs the rest, as npm runs it.
    pub install: String,
    /// What that is, for people.
    pub what: String,
    /// Key in `[sources]`.
    pub source: String,
}

impl Runtimes {
    /// The runtime of a language. A package manager that is a runtime of its own (`bun`) goes first.
    pub fn of(&self, language: &str, package_manager: Option<&str>) -> Option<&Runtime> {
        let by_manager =
            |manager| self.runtime.iter().find(|r| r.package_managers.iter().any(|m| m == manager));
        let by_language = || self.runtime.iter().find(|r| r.languages.iter().any(|l| l == language));
        package_manager.and_then(by_manager).or_else(by_language)
    }

    /// What is known of an engine.
    pub fn engine(&self, engine: &str) -> Option<&EngineFacts> {
        self.engine.iter().find(|facts| facts.id == engine)
    }
}

/// A language runtime.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Runtime {
    /// Its id, by which CI hosts set it up (`node`, `python`, …).
    pub id: String,
    /// Its name.
    pub name: String,
    /// Languages of the Survey that it runs.
    pub languages: Vec<String>,
    /// Those of them whose version in the Survey is the runtime's own (TypeScript's is its compiler's).
    #[serde(default)]
    pub versioned_by: Vec<String>,
    /// Package managers that are runtimes of their own and belong to it.
    #[serde(default)]
    pub package_managers: Vec<String>,
    /// Version that is taken where the repository names none.
    pub default_version: Figure<String>,
    /// Number of parts of a version that matter (`22` one, `3.12` two).
    pub version_parts: u32,
    /// Container image with `{version}`.
    pub image: String,
}

/// How tests sign in to a throw-away database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EngineAccess {
    /// The user, who is its administrator.
    pub user: String,
    /// The password.
    pub password: String,
    /// The name of the database.
    pub database: String,
}

/// An engine of a database, cache or queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EngineFacts {
    /// Its id, by the Survey's names.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What passes between it and the application (`SQL`).
    pub label: String,
    /// Container image with `{version}`; absent where it lives inside the application.
    #[serde(default)]
    pub image: Option<String>,
    /// Version of the image where the repository names none.
    #[serde(default)]
    pub default_version: Option<Figure<String>>,
    /// Its port.
    #[serde(default)]
    pub port: Option<u16>,
    /// Environment of the container, with `{user}`, `{password}` and `{database}`: throw-away test credentials only.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Further environment that makes a user besides the one of `test_access`.
    #[serde(default)]
    pub env_of_others: BTreeMap<String, String>,
    /// How tests sign in where the repository does not say.
    #[serde(default)]
    pub test_access: Option<EngineAccess>,
    /// Command that tells whether the container is ready.
    #[serde(default)]
    pub health_command: Option<String>,
    /// Address for the tests, with `{host}`, `{user}`, `{password}` and `{database}`.
    #[serde(default)]
    pub test_url: Option<String>,
    /// Variables that hold its address, the usual one first.
    #[serde(default)]
    pub variables: Vec<String>,
    /// Line that copies its data to a file by hand.
    #[serde(default)]
    pub dump: Option<String>,
}
