//! CI/CD as a typed value, the same for every CI host; an emitter turns it into one host's file.
//!
//! What a step does stands in a script ([`crate::script`]) that every host and a person run alike; the pipeline says when,
//! in which order, with which rights and values.

use std::collections::{BTreeMap, BTreeSet};

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
#[expect(clippy::struct_excessive_bools, reason = "each is an event of the host that starts it or does not")]
pub struct Triggers {
    /// The branch that deploys.
    pub branch: String,
    /// Whether pushes to that branch start it.
    #[serde(default = "yes")]
    pub push: bool,
    /// Whether pull requests start it.
    pub pull_requests: bool,
    /// Whether a closed pull request starts it, to end its preview.
    #[serde(default)]
    pub pull_request_closed: bool,
    /// Whether a person can start it.
    pub manual: bool,
    /// What that person can say.
    #[serde(default)]
    pub inputs: Vec<Input>,
}

fn yes() -> bool {
    true
}

/// What a person who starts a pipeline can say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// Its name in snake case.
    pub name: String,
    /// What it means.
    pub description: String,
    /// Its values, where they are known; free text if empty.
    pub choices: Vec<String>,
    /// What it is when nothing is said.
    pub default: String,
    /// Whether it must be said.
    pub required: bool,
}

/// What a job is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum JobPurpose {
    /// Lint and tests, or waiting for the workflow that runs them.
    Test,
    /// Builds the image or artifact that is promoted.
    Build,
    /// Migrates, releases and verifies one environment, and takes the release back where that fails.
    Deploy,
    /// Makes or ends the preview of a pull request.
    Preview,
    /// Returns an environment to an earlier release.
    Rollback,
}

/// On which starts of the pipeline a job runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// On the branch that deploys, pushed or started by a person there.
    #[default]
    Branch,
    /// On that branch and on every pull request, forks included: such a job gets no secrets.
    BranchAndPullRequests,
    /// On an open pull request of the repository itself, never of a fork.
    PullRequest,
    /// When a pull request of the repository itself is closed, never of a fork.
    PullRequestClosed,
    /// Only when a person starts the pipeline.
    Manual,
}

/// What a job may do on the CI host, beyond nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// Reads the code.
    ReadCode,
    /// Reads the runs of other workflows.
    ReadRuns,
    /// Exchanges an identity token for cloud credentials.
    IdentityToken,
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
    /// Ids of the jobs it waits for; it does not run if one of them failed.
    pub needs: Vec<String>,
    /// When it runs.
    #[serde(default)]
    pub occasion: Occasion,
    /// The environment it deploys to.
    pub environment: Option<JobEnvironment>,
    /// What it may do.
    #[serde(default)]
    pub permissions: BTreeSet<Permission>,
    /// What no other job of any pipeline may hold at the same time (`production`); later ones wait.
    #[serde(default)]
    pub exclusive: Option<String>,
    /// Minutes after which it is stopped.
    pub timeout_minutes: u32,
    /// A workflow of the repository that it calls in place of steps.
    #[serde(default)]
    pub calls: Option<String>,
    /// Variables that its scripts set for later jobs, and note in the file [`DIGESTS`](crate::script::DIGESTS).
    #[serde(default)]
    pub hands_on: Vec<String>,
    /// Backing services beside the job.
    pub services: Vec<ServiceContainer>,
    /// Environment of all its steps.
    pub env: BTreeMap<String, EnvValue>,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

impl Job {
    /// Whether pull requests from forks run it too.
    pub fn on_pull_requests(&self) -> bool {
        self.occasion == Occasion::BranchAndPullRequests
    }

    /// All that it and its steps read of the host, by the name that they know it by.
    pub fn values(&self) -> BTreeMap<String, EnvValue> {
        let of_steps = self.steps.iter().filter_map(|step| match step {
            Step::Script { env, .. } => Some(env),
            _ => None,
        });
        let all = std::iter::once(&self.env).chain(of_steps).flatten();
        all.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// Whether it exchanges an identity token for cloud credentials.
    pub fn identity_token(&self) -> bool {
        self.permissions.contains(&Permission::IdentityToken)
    }
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
    /// The input that names the environment, where a person chooses it.
    #[serde(default)]
    pub chosen_by: Option<String>,
}

/// A backing service beside a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ServiceContainer {
    /// Host name.
    pub name: String,
    /// Image with tag, and with digest where one is known.
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
    /// What the person who started the pipeline said for the input of this name.
    Input(String),
    /// What another job, one that this one needs, hands on.
    Handed {
        /// The job.
        job: String,
        /// The variable.
        variable: String,
    },
    /// The number of the pull request.
    PullRequest,
    /// The host's own token for this job, with the job's permissions.
    Token,
}

/// One step of a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "step")]
pub enum Step {
    /// Checks the code out.
    Checkout {
        /// How much of the history comes along.
        #[serde(default)]
        history: History,
    },
    /// Installs a language runtime, with its package cache.
    Runtime {
        /// The runtime (`node`, `python`, `go`, …).
        runtime: String,
        /// Its version.
        version: String,
        /// The package manager whose cache is kept.
        package_manager: Option<String>,
        /// Files, relative to the root, by whose contents that cache is known (`web/package-lock.json`).
        #[serde(default)]
        lock_files: Vec<String>,
        /// Container image that holds it, for hosts that run jobs in images.
        image: String,
    },
    /// Exchanges the job's identity token for cloud credentials.
    CloudLogin {
        /// The cloud (`aws`, `google`, `azure`).
        cloud: String,
    },
    /// Stops the job where a person has started a rollback of the environment since this pipeline was started by a push: what
    /// waited behind that rollback is not released unasked.
    AfterRollback {
        /// The environment.
        environment: String,
        /// Title of the pipeline that rolls back.
        pipeline: String,
        /// Its file, where it has one of its own.
        path: Option<String>,
    },
    /// Waits until another workflow of the host has finished for this commit, and fails if it failed.
    AwaitWorkflow {
        /// Its file.
        path: String,
        /// Minutes to wait at most.
        minutes: u32,
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
    /// Runs one of the scripts.
    Script {
        /// Title.
        name: String,
        /// Id, unique in the job, by which other steps name it; the script's own name.
        id: String,
        /// Name of the script, a file of the folder `deploy`.
        script: String,
        /// Its arguments.
        arguments: Vec<Argument>,
        /// When it runs.
        #[serde(default)]
        when: When,
        /// Minutes after which it is stopped, which counts as its failure; with the job alone, if absent.
        #[serde(default)]
        minutes: Option<u32>,
        /// What it reads of the host beside the environment of the job: its secrets, which no other step sees.
        #[serde(default)]
        env: BTreeMap<String, EnvValue>,
    },
    /// Keeps files for a later job.
    Upload {
        /// Name by which they are downloaded.
        name: String,
        /// Paths relative to the root.
        paths: Vec<String>,
        /// Days that they are kept.
        days: u32,
    },
    /// Brings the files of an earlier job back to their paths.
    Download {
        /// Name under which they were kept.
        name: String,
    },
}

/// How much of the history a checkout brings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum History {
    /// The commit alone.
    #[default]
    Commit,
    /// All of it: to push it elsewhere, or to compare with the release that serves.
    Whole,
}

/// An argument of a script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Argument {
    /// A word.
    Word(String),
    /// What the person who started the pipeline said for the input of this name.
    Input(String),
}

/// When a step runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// When every step before it has succeeded.
    #[default]
    Succeeded,
    /// When the first of these steps of the same job was begun and the last one has not succeeded: one of them has failed, was
    /// stopped because it took too long, or a person has cancelled the job meanwhile. The job stays failed.
    FailedAny(Vec<String>),
    /// When this step of the same job has succeeded, although the job has failed before it; the job stays failed.
    SucceededAfterFailure(String),
}
