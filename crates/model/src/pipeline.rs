//! CI/CD as a typed value, the same for every CI host; an emitter turns it into one host's file.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A whole pipeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Pipeline {
    /// Title, for example `Deploy to Render`.
    pub name: String,
    /// What starts it.
    pub triggers: Triggers,
    /// The jobs; each names what it waits for.
    pub jobs: Vec<Job>,
}

/// What starts a pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Triggers {
    /// The branch whose pushes deploy.
    pub branch: String,
    /// Whether pull requests run the tests.
    pub pull_requests: bool,
    /// Whether a person can start it.
    pub manual: bool,
}

/// What a job is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum JobPurpose {
    /// Lint and tests.
    Test,
    /// Builds the image or artifact that is promoted.
    Build,
    /// Migrates, releases and verifies one environment.
    Deploy,
}

/// One job on one machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Job {
    /// Kebab-case id, unique in the pipeline.
    pub id: String,
    /// Title.
    pub name: String,
    /// What it is for.
    pub purpose: JobPurpose,
    /// Ids of the jobs it waits for.
    pub needs: Vec<String>,
    /// Whether it runs on pull requests too; jobs that do get no secrets.
    pub on_pull_requests: bool,
    /// The environment it deploys to.
    pub environment: Option<JobEnvironment>,
    /// Whether it exchanges an identity token for cloud credentials.
    pub identity_token: bool,
    /// Minutes after which it is stopped.
    pub timeout_minutes: u32,
    /// Backing services beside the job.
    pub services: Vec<ServiceContainer>,
    /// Environment of all its steps.
    pub env: BTreeMap<String, EnvValue>,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// The environment a job deploys to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JobEnvironment {
    /// `staging`, `production`, …
    pub name: String,
    /// Its address, where one is known before the first deploy.
    pub url: Option<String>,
    /// Whether a person starts or approves the job.
    pub approval: bool,
}

/// A backing service beside a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ServiceContainer {
    /// Host name.
    pub name: String,
    /// Image with tag.
    pub image: String,
    /// Port.
    pub port: u16,
    /// Its environment (throw-away test credentials only).
    pub env: BTreeMap<String, String>,
    /// Command that tells whether it is ready.
    pub health_command: String,
}

/// A value in a job's environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EnvValue {
    /// The text itself.
    Literal(String),
    /// The host's secret of this name.
    Secret(String),
    /// The host's plain variable of this name.
    Variable(String),
}

/// One step of a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "step")]
pub enum Step {
    /// Checks the code out.
    Checkout,
    /// Installs a language runtime, with its package cache.
    Runtime {
        /// The runtime (`node`, `python`, `go`, …).
        runtime: String,
        /// Its version.
        version: String,
        /// The package manager whose cache is kept.
        package_manager: Option<String>,
        /// Container image that holds it, for hosts that run jobs in images.
        image: String,
    },
    /// Exchanges the job's identity token for cloud credentials.
    CloudLogin {
        /// The cloud (`aws`, `google`, `azure`).
        cloud: String,
    },
    /// Runs a shell line.
    Run {
        /// Title.
        name: String,
        /// The line, already quoted.
        command: String,
        /// Folder relative to the root.
        directory: String,
    },
}
