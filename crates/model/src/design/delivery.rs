//! Sections 3 and 4: from a push to production, environments and their variables.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::CodeHostId;
use crate::money::UsdRange;
use crate::pipeline::Pipeline;
use crate::script::Script;

/// Section 3: from a push to production.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Delivery {
    /// Whether a push deploys.
    pub automatic: bool,
    /// Where the code is hosted.
    pub code_host: CodeHostId,
    /// The CI host, as people read it (`GitHub Actions`).
    pub ci_name: String,
    /// File of the pipeline.
    pub pipeline_path: String,
    /// The branch that deploys.
    pub branch: String,
    /// Whether production waits for a person.
    pub production_approval: bool,
    /// What the approval needs of the host's plan, when it waits.
    pub approval_note: Option<String>,
    /// The way of a change, step by step, in sentences.
    pub workflow: Vec<String>,
    /// The pipeline.
    pub pipeline: Pipeline,
    /// The pipeline that returns an environment to an earlier release, started by a person.
    #[serde(default)]
    pub rollback_pipeline: Option<Pipeline>,
    /// Its file; absent where it stands in the file of the pipeline.
    #[serde(default)]
    pub rollback_path: Option<String>,
    /// The scripts that pipelines and people run, in the order in which they are used.
    #[serde(default)]
    pub scripts: Vec<Script>,
    /// How a machine gets several language runtimes, where a job needs them and no image holds them all: what it does, and a line
    /// that puts a program named `mise` into `~/.local/bin`.
    #[serde(default)]
    pub runtime_installer: Option<Command>,
    /// What else deploys already, and that it must stop, in sentences.
    #[serde(default)]
    pub other_deployers: Vec<String>,
    /// The commands that deploy by hand, in order.
    pub deploy_commands: Vec<Command>,
    /// Names that the CI host must hold, with their purpose.
    pub ci_secrets: Vec<NamedValue>,
    /// Names of plain values that the CI host must hold, with their purpose.
    pub ci_variables: Vec<NamedValue>,
    /// Existing CI that is reused, in a sentence.
    pub existing_ci: Option<String>,
    /// Monthly cost of CI, in a sentence.
    pub ci_cost_note: String,
    /// What is open (no test command found, …), in sentences.
    pub gaps: Vec<String>,
    /// Window in which production is not deployed.
    pub freeze_window: Option<String>,
    /// The one thing that deploys.
    #[serde(default)]
    pub deployer: Deployer,
    /// How the platform's own deploy-on-push is kept from deploying a second time.
    pub only_one_deployer: String,
    /// `owner/name` on the code host, where it is known, for platforms whose file names the repository.
    #[serde(default)]
    pub repository: Option<String>,
}

/// What deploys a push: exactly one thing does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Deployer {
    /// The pipeline, or a person with its commands; the platform's own deploy-on-push is off.
    #[default]
    Pipeline,
    /// The platform, once the commit's checks have passed; the pipeline only tests.
    PlatformAfterChecks,
}

/// A shell line with what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Command {
    /// What it does, in a few words.
    pub purpose: String,
    /// The line, already quoted.
    pub line: String,
}

/// A name with what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NamedValue {
    /// The name.
    pub name: String,
    /// What it is for.
    pub purpose: String,
}

/// Section 4: environments and their variables.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Environments {
    /// The environments, in the order in which a change passes through them.
    pub list: Vec<EnvironmentPlan>,
    /// The variables.
    pub variables: Vec<VariablePlan>,
    /// Why this set, and its risk, in a sentence.
    pub because: String,
}

/// One environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EnvironmentPlan {
    /// Its name.
    pub name: String,
    /// Its address from the platform's pattern, or `assigned at the first deploy`.
    pub url: String,
    /// What it is for.
    pub purpose: String,
    /// What deploys to it.
    pub trigger: String,
    /// How it is made on this platform.
    pub made_by: String,
    /// Its monthly cost.
    pub monthly_usd: UsdRange,
}

/// Which part of the address of a database or cache a variable holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DataPart {
    /// The whole, as a URL.
    #[default]
    Url,
    /// The whole, as a URL for JDBC, without user and password.
    Jdbc,
    /// The whole, as the keywords of ADO.NET.
    Keywords,
    /// The host name.
    Host,
    /// The port.
    Port,
    /// The user.
    User,
    /// The password.
    Password,
    /// The name of the database.
    Name,
}

impl DataPart {
    /// What it is, for people.
    pub fn called(self) -> &'static str {
        match self {
            Self::Url => "connection string",
            Self::Jdbc => "JDBC address",
            Self::Keywords => "connection string in keywords",
            Self::Host => "host",
            Self::Port => "port",
            Self::User => "user",
            Self::Password => "password",
            Self::Name => "database name",
        }
    }
}

/// One variable over all environments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VariablePlan {
    /// Its name.
    pub name: String,
    /// Whether it is a secret.
    pub secret: bool,
    /// Whether the application fails without it.
    pub required: bool,
    /// When it is read, as people read it.
    pub when: String,
    /// Value or where it comes from, by environment; never a secret value.
    pub values: BTreeMap<String, String>,
    /// Where it is stored.
    pub stored_in: String,
    /// The file that reads it, `path:line`.
    pub read_by: Option<String>,
    /// Engine of the data service whose address it holds, or a part of it, for platform files that wire the two.
    #[serde(default)]
    pub data: Option<String>,
    /// Which part of that address it holds.
    #[serde(default)]
    pub part: DataPart,
    /// Whether the platform gives that part by itself; else somebody sets the variable.
    #[serde(default)]
    pub wired: bool,
    /// The default that the code falls back to, or an example shows, where production can run with it.
    #[serde(default)]
    pub default: Option<String>,
    /// The very value by environment, where it is known and no secret, for platform files.
    #[serde(default)]
    pub literals: BTreeMap<String, String>,
}
