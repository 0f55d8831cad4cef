//! The whole plan for the chosen option, one record per section of the document. After it, nobody decides anything.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::brief::AppType;
use crate::cost::CostReport;
use crate::gate::{Channel, Gate, Provenance};
use crate::id::{CodeHostId, PlatformId};
use crate::money::UsdRange;
use crate::pipeline::Pipeline;
use crate::recommendation::{Complexity, Effort, Exclusion, Flip, Level, Philosophy};
use crate::survey::{Commands, ServiceKind};

/// The schema name that every serialised design carries.
pub const SCHEMA: &str = "siteplan/design@1";

/// The whole plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Design {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The application it is for.
    pub application: Application,
    /// Date of the plan.
    pub date: Date,
    /// Author, a setting.
    pub author: String,
    /// Every gate with its answer and how it was confirmed.
    pub gates: Vec<GateRecord>,
    /// Settings that apply, with their values.
    pub settings: BTreeMap<String, String>,
    /// Folder of the documents, relative to the root.
    pub spec_path: String,
    /// Section 1.
    pub platform: PlatformSection,
    /// Section 2.
    pub topology: Topology,
    /// Section 3.
    pub delivery: Delivery,
    /// Section 4.
    pub environments: Environments,
    /// Section 5; absent without a database.
    pub database: Option<DatabaseSection>,
    /// Every data service of production, databases first, for platform files.
    #[serde(default)]
    pub data: Vec<DataResource>,
    /// Section 6.
    pub secrets: SecretsSection,
    /// Section 7.
    pub rollback: RollbackSection,
    /// Section 8.
    pub health: HealthSection,
    /// Section 9.
    pub cost: CostReport,
    /// What one deployment takes and what the chosen sizes carry.
    pub estimates: Estimates,
    /// Section 10.
    pub checklists: Checklists,
    /// Section 11.
    pub risks: Vec<Risk>,
    /// Section 12.
    pub future: Future,
    /// Decisions that are hard to undo, with what undoing costs.
    pub hard_to_undo: Vec<String>,
    /// What to do after the plan, as real commands.
    pub next_steps: Vec<NextStep>,
    /// What the reader must know before anything else (a broken constraint, an expiring database), most serious first.
    pub warnings: Vec<String>,
    /// The catalog facts that the plan rests on.
    pub sources: Vec<SourceNote>,
}

/// The application that is planned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Application {
    /// Its name.
    pub name: String,
    /// Kebab-case form of the name, safe in every platform's resource names.
    pub slug: String,
    /// Its type.
    pub app_type: AppType,
    /// Whether nothing was found in the tree: the application is planned, not written.
    pub planned: bool,
    /// Languages and frameworks in one line.
    pub technology: String,
    /// What the Survey is in doubt about, in sentences.
    pub doubts: Vec<String>,
}

/// One gate as answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GateRecord {
    /// The gate.
    pub gate: Gate,
    /// Its question.
    pub question: String,
    /// The answer, as people read it.
    pub answer: String,
    /// Who gave it.
    pub provenance: Provenance,
    /// How it was confirmed.
    pub channel: Channel,
    /// Evidence or reason, when it was proposed.
    pub because: Option<String>,
}

/// Section 1: the platform and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlatformSection {
    /// The platform.
    pub id: PlatformId,
    /// Its name.
    pub name: String,
    /// Its way of running software.
    pub philosophy: Philosophy,
    /// How much it asks of the team.
    pub complexity: Complexity,
    /// What that counts.
    pub effort: Effort,
    /// Level of confidence, with its two shares.
    pub confidence: Level,
    /// Share of scenarios in which it is a good choice, 0 to 1.
    pub support: f64,
    /// Share of scenarios in which it is the best, 0 to 1.
    pub wins: f64,
    /// Why it was chosen, in a few words for the summary.
    #[serde(default)]
    pub summary: String,
    /// Plain names of the platforms that this section names by id.
    #[serde(default)]
    pub names: BTreeMap<PlatformId, String>,
    /// Why it was chosen, one reason a line, quoting the answers.
    pub reasons: Vec<String>,
    /// Whether it is the recommended one.
    pub recommended: bool,
    /// Advantages for this application.
    pub pros: Vec<String>,
    /// Disadvantages for this application.
    pub cons: Vec<String>,
    /// Constraints that it breaks.
    pub violates: Vec<Exclusion>,
    /// The other options, and why not.
    pub alternatives: Vec<Alternative>,
    /// What would change the recommendation.
    pub would_change: Vec<Flip>,
    /// How sure the recommendation is, in a sentence.
    pub certainty: String,
    /// The vendor's documentation.
    pub reference: String,
    /// Dated news that a reader must know (`sustaining engineering since …`).
    pub notices: Vec<String>,
    /// Region by the platform's own id, where it has regions.
    #[serde(default)]
    pub region: Option<String>,
}

/// An option that was not chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Alternative {
    /// The platform.
    pub id: PlatformId,
    /// Its name.
    pub name: String,
    /// Its level of confidence.
    pub confidence: Level,
    /// Its monthly cost.
    pub monthly_usd: UsdRange,
    /// Its complexity.
    pub complexity: Complexity,
    /// Why it was not chosen.
    pub because: String,
    /// The vendor's documentation.
    pub reference: String,
}

/// Section 2: what runs where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Topology {
    /// What runs, in the order in which a request meets it.
    pub components: Vec<Component>,
    /// Who talks to whom, by component name.
    pub edges: Vec<Edge>,
}

/// One thing that runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Component {
    /// Its name, unique in the topology.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// Technology, as people read it (`Next.js 15 on Node.js 22`, `PostgreSQL 16`).
    pub technology: String,
    /// The platform or service that runs it, as people read it.
    pub hosted_on: String,
    /// Size or plan, as people read it; empty where there is none.
    pub plan: String,
    /// Number of instances in production, at least; 0 where the platform runs as many as the load needs.
    pub instances: u32,
    /// The Survey's service behind it, if it is one.
    pub service: Option<ServicePlan>,
    /// Evidence, `path:line`.
    pub evidence: Option<String>,
}

/// The role of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// People.
    User,
    /// Content delivery or load balancing in front of the application.
    Edge,
    /// A component of the application.
    App,
    /// A database.
    Database,
    /// A cache or queue.
    Cache,
    /// A third party's interface.
    External,
}

/// A connection between two components.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Edge {
    /// Name of the component that calls.
    pub from: String,
    /// Name of the component that is called.
    pub to: String,
    /// What passes (`HTTPS`, `SQL`).
    pub label: String,
}

/// What a platform's own configuration needs to know of one service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServicePlan {
    /// Kebab-case name, unique among the services.
    pub slug: String,
    /// Folder relative to the root.
    pub path: String,
    /// Its kind.
    pub kind: ServiceKind,
    /// Its language, for platforms that name a runtime.
    pub language: Option<String>,
    /// Version of the language as a bare number (`22`, `3.12`).
    pub language_version: Option<String>,
    /// Its framework.
    pub framework: Option<String>,
    /// Its package manager.
    pub package_manager: Option<String>,
    /// Its commands.
    pub commands: Commands,
    /// The port it listens on.
    pub port: u16,
    /// Path of the production Dockerfile, relative to the root.
    pub dockerfile: Option<String>,
    /// Whether the platform runs it from a container image.
    pub needs_image: bool,
    /// Folder of static files that the build fills.
    pub static_output: Option<String>,
    /// Cron expression.
    pub schedule: Option<String>,
    /// The platform's id of the chosen size.
    pub size: String,
    /// vCPUs of the chosen size.
    pub vcpu: f64,
    /// Memory of the chosen size in MB.
    pub memory_mb: u32,
    /// Readiness path, for services that serve HTTP.
    pub health_path: Option<String>,
    /// Command that migrates the database, if this service runs the migrations.
    pub migrate: Option<String>,
    /// The platform that runs it, the main one or a companion.
    #[serde(default)]
    pub platform: Option<PlatformId>,
}

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
    /// How the platform's own deploy-on-push is kept from deploying a second time.
    pub only_one_deployer: String,
    /// `owner/name` on the code host, where it is known, for platforms whose file names the repository.
    #[serde(default)]
    pub repository: Option<String>,
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
    /// Engine of the data service whose address it holds, for platform files that wire the two.
    #[serde(default)]
    pub data: Option<String>,
    /// The very value by environment, where it is known and no secret, for platform files.
    #[serde(default)]
    pub literals: BTreeMap<String, String>,
}

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
    /// The service's own id of the plan.
    pub plan_id: String,
    /// Major version; empty where none is chosen.
    pub version: String,
    /// Storage in GB that the cost counts.
    pub storage_gb: u32,
    /// Whether it belongs to the main platform's own offer, so that the platform's file can declare it.
    pub same_platform: bool,
}

/// How migrations run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MigrationPlan {
    /// The tool, as people read it.
    pub tool: String,
    /// Whether the pipeline runs them.
    pub automatic: bool,
    /// When they run.
    pub when: String,
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
    /// The secrets.
    pub required: Vec<SecretPlan>,
    /// Command that sets one, with `NAME` in place of the name; the value never stands on the command line.
    pub set_command: Option<Command>,
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

/// Section 7: rollback.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RollbackSection {
    /// When to roll back.
    pub criteria: Vec<String>,
    /// Who decides.
    pub decided_by: String,
    /// Who is told.
    pub notify: String,
    /// What happens by itself on this platform.
    pub automatic: String,
    /// The commands, in order.
    pub commands: Vec<Command>,
    /// How it is done without a command line.
    pub dashboard: Option<String>,
    /// How success is verified.
    pub verify: Vec<Command>,
    /// What about the database.
    pub database: Vec<String>,
    /// What bites afterwards.
    pub traps: Vec<String>,
    /// The target in minutes.
    pub target_minutes: u32,
}

/// Section 8: health.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HealthSection {
    /// Whether the design includes health checks.
    pub included: bool,
    /// The readiness path.
    pub path: String,
    /// Where it was found; absent when it has to be written.
    pub found_at: Option<String>,
    /// Keys of the response beyond `status`: `database`, `cache`, `version`, `uptime`, `timestamp`.
    pub fields: Vec<String>,
    /// Seconds between checks.
    pub interval_seconds: u32,
    /// Seconds until a check fails.
    pub timeout_seconds: u32,
    /// Failures in a row that count.
    pub failure_threshold: u32,
    /// The platform's own check and its fields, in sentences.
    pub platform_check: Vec<String>,
    /// Services without HTTP and how they are watched.
    pub without_http: Vec<String>,
    /// Tools for errors, uptime and performance.
    pub monitors: Vec<Monitor>,
}

/// One monitoring tool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Monitor {
    /// What it watches (`Error tracking`, `Uptime`, `Performance`).
    pub purpose: String,
    /// The tool and its plan.
    pub tool: String,
    /// Why, or where it was detected.
    pub because: String,
}

/// Estimates from named assumptions, to be measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Estimates {
    /// Fewest minutes of one deployment.
    pub deploy_minutes_low: u32,
    /// Most minutes of one deployment.
    pub deploy_minutes_high: u32,
    /// What the minutes are made of.
    pub deploy_because: String,
    /// Users that the chosen sizes carry.
    pub capacity_users: u64,
    /// Requests a second that the chosen sizes carry.
    pub capacity_requests_per_second: f64,
    /// What the capacity assumes.
    pub capacity_because: String,
    /// Whether no size limits it, so that the figures are the highest load that was priced.
    #[serde(default)]
    pub capacity_open: bool,
}

/// Section 10: before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Checklists {
    /// Before deploying.
    pub before: Vec<ChecklistItem>,
    /// After deploying.
    pub after: Vec<ChecklistItem>,
}

/// One thing to tick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChecklistItem {
    /// The workflow's own words.
    pub item: String,
    /// What it means here: a command, a path, names.
    pub detail: String,
}

/// One risk of this application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Risk {
    /// The risk.
    pub title: String,
    /// `Low`, `Medium`, `High`.
    pub probability: String,
    /// Impact and what happens.
    pub impact: String,
    /// What is done about it.
    pub mitigation: String,
    /// Why it is this application's risk.
    pub because: Option<String>,
}

/// Section 12: later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Future {
    /// If the load grows.
    pub scale: Vec<String>,
    /// If the team grows.
    pub team: Vec<String>,
}

/// One step after the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NextStep {
    /// The workflow's own words.
    pub title: String,
    /// Real commands, in order.
    pub commands: Vec<String>,
    /// What else to know.
    pub note: Option<String>,
}

/// One catalog fact that the plan rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct SourceNote {
    /// The fact in words.
    pub fact: String,
    /// The URL.
    pub source: String,
    /// When it was seen.
    pub seen: Date,
    /// How strong it is.
    pub grade: String,
}
