//! Sections 5 and 6: data, migrations, backups and secrets.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Command, NamedValue};
use crate::id::{PlatformId, SecretsServiceId};

/// Section 5: the database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DatabaseSection {
    /// The engine's lower-case name.
    pub engine: String,
    /// Engine with version, as people read it.
    pub kind: String,
    /// The service, as people read it.
    pub hosting: String,
    /// The chosen plan, as people read it.
    pub plan: String,
    /// The service's own id of the plan.
    pub plan_id: String,
    /// Major version.
    pub version: String,
    /// Where the version comes from.
    pub version_because: String,
    /// Where it was seen that the application uses it.
    pub evidence: Option<String>,
    /// Connections that the plan allows, where known.
    pub connections: Option<u32>,
    /// Storage in GB that the cost counts.
    pub storage_gb: u32,
    /// Migrations; absent where the repository has none.
    pub migrations: Option<MigrationPlan>,
    /// Backups.
    pub backups: BackupPlan,
    /// Facts that hurt when unknown (`expires after 30 days`), in sentences.
    pub cautions: Vec<String>,
    /// Other engines and caches of the application, each with where it goes.
    pub others: Vec<String>,
}

/// What a platform's own configuration needs to know of one data service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DataResource {
    /// The engine's lower-case name.
    pub engine: String,
    /// Whether it is a cache.
    pub is_cache: bool,
    /// The service's own id of the plan in production.
    pub plan_id: String,
    /// The same of every other environment, where the cost counts another one.
    #[serde(default)]
    pub further_plan_id: Option<String>,
    /// Days for which the plan in production keeps backups; 0 where it has none.
    #[serde(default)]
    pub backup_days: u32,
    /// Major version; empty where none is chosen.
    pub version: String,
    /// Storage in GB that the cost counts.
    pub storage_gb: u32,
    /// Whether it belongs to the main platform's own offer, so that the platform's file can declare it.
    pub same_platform: bool,
    /// The platform of whose offer it is part, the main one or a companion.
    #[serde(default)]
    pub platform: Option<PlatformId>,
}

/// How migrations run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MigrationPlan {
    /// The tool, as people read it.
    pub tool: String,
    /// Whether the pipeline runs them.
    pub automatic: bool,
    /// Whether the application runs them itself when it starts.
    #[serde(default)]
    pub at_start: bool,
    /// When they run.
    pub when: String,
    /// Whether the pipeline runs them although the platform has a hook, because a file of the repository's own leaves it out.
    #[serde(default)]
    pub past_hook: bool,
    /// The command.
    pub command: String,
    /// The command that shows what is applied.
    pub status_command: Option<String>,
    /// What can be taken back, in sentences.
    pub rollback: Vec<String>,
    /// Number and place of the migrations, in a sentence.
    pub found: String,
}

/// Backups of the chosen plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BackupPlan {
    /// Who makes them.
    pub provider: String,
    /// How often; `none` said plainly.
    pub frequency: String,
    /// How long they are kept.
    pub retention: String,
    /// How a restore is done and tested.
    pub restore_test: String,
    /// Where the statement comes from.
    pub source: String,
}

/// Section 6: secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SecretsSection {
    /// Where they are kept, as people read it.
    pub storage: String,
    /// The secrets manager; absent where the platform itself keeps them.
    #[serde(default)]
    pub service: Option<SecretsServiceId>,
    /// The secrets.
    pub required: Vec<SecretPlan>,
    /// Command that sets one, with `NAME` in place of the name; the value never stands on the command line.
    pub set_command: Option<Command>,
    /// The lines that set each variable in each environment, those that a platform fills by itself left out.
    #[serde(default)]
    pub set: Vec<SetCommand>,
    /// Rotation, one rule a line.
    pub rotation: Vec<NamedValue>,
    /// Who can view them.
    pub viewers: String,
    /// How they are reached.
    pub access: String,
    /// Monthly cost of a secrets manager, in a sentence.
    pub cost_note: Option<String>,
}

/// One secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SecretPlan {
    /// Its name.
    pub name: String,
    /// What it is.
    pub purpose: String,
    /// How to make a value, where one is made rather than given.
    pub generate: Option<String>,
    /// The file that reads it.
    pub read_by: Option<String>,
}

/// The line that sets one variable in one environment. The value comes from standard input or a prompt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetCommand {
    /// The variable.
    pub name: String,
    /// The environment; absent where one value serves all of them.
    pub environment: Option<String>,
    /// The place that keeps it, as people read it.
    pub store: String,
    /// The line.
    pub line: String,
}

/// `.env.example`: every variable that the application reads, without a value of a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExampleFile {
    /// Its path, or where it is written.
    pub path: String,
    /// Whether the repository has it, so that it is the team's and only what is missing is proposed.
    pub exists: bool,
    /// The variables that it is to name; where it exists, those that it does not name yet.
    pub entries: Vec<ExampleEntry>,
}

/// One variable of `.env.example`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExampleEntry {
    /// Its name.
    pub name: String,
    /// Its value where the code has a default and it is no secret; else empty.
    pub value: String,
    /// What it is, whether it is required, and what reads it, in one line.
    pub comment: String,
}
