//! The smaller tables: secrets managers, CI hosts, monitors, migration tools, programs of platforms. One file each.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siteplan_model::id::{CodeHostId, MigrationToolId, SecretsServiceId};
use siteplan_model::money::Usd;

use crate::figure::{Figure, Sources};
use crate::platform::{Ability, CommandTemplate};

/// A secrets manager. One file of `data/secrets-services` each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretsService {
    /// Always `siteplan/secrets-service@1`.
    pub schema: String,
    /// Its id; the file's name.
    pub id: SecretsServiceId,
    /// Its name.
    pub name: String,
    /// The cloud it belongs to (`aws`, `google`, `azure`), if it does.
    #[serde(default)]
    pub cloud: Option<String>,
    /// The vendor's documentation.
    pub reference: String,
    /// Sources by key.
    pub sources: Sources,
    /// US dollars for each secret and month.
    pub usd_per_secret: Figure<Usd>,
    /// US dollars a month whatever the number of secrets.
    pub usd_per_month: Figure<Usd>,
    /// Secrets that are free.
    pub free_secrets: Figure<u32>,
    /// Price of each person or machine that uses it, where those are paid.
    #[serde(default)]
    pub users: Option<UserPrice>,
    /// Whether it rotates secrets by itself.
    pub rotation: Figure<String>,
    /// Command that sets one, `NAME` standing for the name; the value comes from standard input, a prompt or a file.
    pub set: CommandTemplate,
    /// How one reaches them.
    pub access: Figure<String>,
    /// Who can view them.
    pub viewers: Figure<String>,
}

/// A program that the platforms' commands call, and how exactly one version of it is installed. One file of `data/tools` each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Always `siteplan/tool@1`.
    pub schema: String,
    /// Its id, which is the program's name; the file's name.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Sources by key.
    pub sources: Sources,
    /// The version that is installed.
    pub version: Figure<String>,
    /// Line that installs `{version}` below `~/.local`, its program in `~/.local/bin`, on Linux with x86-64.
    pub line: String,
    /// Line that succeeds where it is there already; for a program, if absent, that it is found on the path.
    #[serde(default)]
    pub present: Option<String>,
    /// How the line sees to it that nothing else is installed, in a phrase; absent if it does not.
    #[serde(default)]
    pub checked: Option<String>,
    /// Why it does not; absent if it does.
    #[serde(default)]
    pub unchecked: Option<String>,
}

/// A price for each user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPrice {
    /// Users that are free.
    pub free: u32,
    /// US dollars for each paid user and month.
    pub usd_per_month: Usd,
    /// Who is paid for once there are more than the free ones.
    pub paid: PaidUsers,
    /// Key in `[sources]`.
    pub source: String,
}

/// Who is paid for once there are more users than are free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PaidUsers {
    /// Those beyond the free ones.
    Further,
    /// All of them.
    All,
}

/// A place for code with its CI. One file of `data/ci-hosts` each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CiHost {
    /// Always `siteplan/ci-host@1`.
    pub schema: String,
    /// Its id; the file's name.
    pub id: CodeHostId,
    /// The code host's name (`GitHub`).
    pub name: String,
    /// The CI's name (`GitHub Actions`).
    pub ci_name: String,
    /// Whether it stands for any CI or none: the pipeline is a set of scripts.
    #[serde(default)]
    pub scripts_only: bool,
    /// Name by which the Survey knows the CI (`github-actions`).
    pub survey_name: String,
    /// File of the pipeline.
    pub pipeline_path: String,
    /// File of the pipeline where the repository has one of that name already.
    #[serde(default)]
    pub pipeline_path_if_taken: Option<String>,
    /// Whether the CI reads one file alone, which includes the others.
    #[serde(default)]
    pub includes: bool,
    /// File of the workflow that rolls back; absent where it stands in the file of the pipeline.
    #[serde(default)]
    pub rollback_path: Option<String>,
    /// The same where the repository has a file of that name already.
    #[serde(default)]
    pub rollback_path_if_taken: Option<String>,
    /// The vendor's documentation.
    pub reference: String,
    /// Sources by key.
    pub sources: Sources,
    /// Minutes a month that a private repository has free.
    pub free_minutes: Figure<u32>,
    /// US dollars for each further minute.
    pub usd_per_minute: Figure<Usd>,
    /// Whether production can wait for an approval, and what that needs, in a sentence.
    pub approval: Figure<String>,
    /// Whether a deployment can wait for a person without any paid plan, and how, in a sentence.
    pub manual_start: Figure<String>,
    /// What becomes of a release that meets another one, or a rollback, of the same environment, in a sentence.
    pub one_at_a_time: Figure<String>,
    /// Whether a job can ask it if a person has started a rollback meanwhile.
    pub tells_rollbacks: Figure<Ability>,
    /// Whether jobs can prove who they are to a cloud.
    pub identity_token: Figure<Ability>,
    /// Command that stores a secret, `NAME` standing for the name.
    #[serde(default)]
    pub set_secret: Option<CommandTemplate>,
    /// Command that stores a plain variable.
    #[serde(default)]
    pub set_variable: Option<CommandTemplate>,
    /// Commands that keep values for one environment, `{environment}` standing for it; absent where no command line does.
    #[serde(default)]
    pub for_environment: Option<EnvironmentCommands>,
    /// Where secrets and variables are kept, in words.
    pub secrets_place: String,
}

/// How a CI host keeps what only one environment may see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentCommands {
    /// Command that makes the environment; absent where storing a value makes it.
    #[serde(default)]
    pub make: Option<CommandTemplate>,
    /// Command that stores a secret of it, `NAME` standing for the name.
    pub set_secret: CommandTemplate,
    /// Command that stores a plain variable of it.
    pub set_variable: CommandTemplate,
}

/// A monitoring tool. One file of `data/monitors` each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MonitorTool {
    /// Always `siteplan/monitor@1`.
    pub schema: String,
    /// Its id; the file's name.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it watches.
    pub watches: MonitorPurpose,
    /// Names by which the Survey knows it among external services.
    #[serde(default)]
    pub detected_as: Vec<String>,
    /// Whether it is taken when nothing else speaks for another one.
    #[serde(default)]
    pub default: bool,
    /// The vendor's documentation.
    pub reference: String,
    /// Sources by key.
    pub sources: Sources,
    /// What is free, in a sentence.
    pub free: Figure<String>,
    /// US dollars a month of the first paid plan.
    pub usd_per_month: Figure<Usd>,
}

/// What a monitor watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MonitorPurpose {
    /// Errors in the code.
    ErrorTracking,
    /// Reachability from outside.
    Uptime,
    /// Latency and load.
    Performance,
}

/// How the program of a migration tool comes into an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolImage {
    /// The image of the stage that makes it; absent where the stage that builds the application does.
    #[serde(default)]
    pub base: Option<String>,
    /// The recipes of images whose stage can; all where a stage of its own does.
    #[serde(default)]
    pub recipes: Vec<String>,
    /// The line that makes it, with `{engine}`, `{version}` of the runtime and `{arguments}` of the repository's command.
    pub run: String,
    /// What stands for `{engine}`, by the engine; an engine without one has no such program.
    #[serde(default)]
    pub engines: BTreeMap<String, String>,
    /// The file that it leaves.
    pub take: String,
    /// Where that goes in the image.
    pub to: String,
    /// Beginning of the command that the image runs in another way, and what stands there instead.
    #[serde(default)]
    pub command: Option<[String; 2]>,
    /// Key in `[sources]`.
    pub source: String,
}

/// A migration tool. One file of `data/migration-tools` each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MigrationTool {
    /// Always `siteplan/migration-tool@1`.
    pub schema: String,
    /// Its id; the file's name.
    pub id: MigrationToolId,
    /// Its name.
    pub name: String,
    /// Line that applies all migrations; used when the repository has none of its own.
    pub deploy: Figure<String>,
    /// Line that shows what is applied.
    #[serde(default)]
    pub status: Option<Figure<String>>,
    /// Line that takes the last one back; absent where the tool cannot.
    #[serde(default)]
    pub rollback: Option<Figure<String>>,
    /// Whether migrations can be taken back.
    pub reversible: Figure<Ability>,
    /// What to know about taking back, in a sentence.
    pub reversal_note: Figure<String>,
    /// Whether it takes a lock, so that two deployments cannot migrate at once.
    #[serde(default)]
    pub locks: Option<Figure<bool>>,
    /// Variable from which its program takes the address of the database, whatever the application reads.
    #[serde(default)]
    pub address: Option<String>,
    /// How its program comes into an image that does not hold it; absent where it is one of the application's dependencies.
    #[serde(default)]
    pub image: Option<ToolImage>,
    /// Sources by key.
    pub sources: Sources,
}
