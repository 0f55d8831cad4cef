//! The whole plan for the chosen option, one record per section of the document. After it, nobody decides anything.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::brief::AppType;
use crate::cost::CostReport;
use crate::gate::{Channel, Gate, Provenance};
use crate::id::PlatformId;
use crate::money::UsdRange;
use crate::recommendation::{Complexity, Effort, Exclusion, Flip, Leaving, Level, Philosophy};

mod data;
mod delivery;
mod image;
mod operation;
mod topology;

pub use data::{
    BackupPlan, DataResource, DatabaseSection, ExampleEntry, ExampleFile, MigrationPlan, SecretPlan,
    SecretsSection, SetCommand,
};
pub use delivery::{
    Command, DataPart, Delivery, Deployer, EnvironmentPlan, Environments, NamedValue, VariablePlan,
};
pub use image::{ImagePlan, ImageStage, ImageStep};
pub use operation::{
    ChecklistItem, Checklists, Estimates, Future, HealthAnswers, HealthCheck, HealthCode, HealthSection,
    Monitor, NextStep, Risk, RollbackSection,
};
pub use topology::{Component, Edge, Role, ServicePlan, Topology};

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
    /// Refinements that were answered, with who answered them.
    #[serde(default)]
    pub refinements: Vec<RefinementRecord>,
    /// Settings that apply, with their values.
    pub settings: BTreeMap<String, String>,
    /// Folder of the documents, relative to the root.
    pub spec_path: String,
    /// Section 1.
    pub platform: PlatformSection,
    /// Section 2.
    pub topology: Topology,
    /// Images that the platforms need and that the repository has no file for.
    #[serde(default)]
    pub images: Vec<ImagePlan>,
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
    /// The file that names the variables for those who run the application themselves.
    #[serde(default)]
    pub example: ExampleFile,
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

/// A refinement that was answered: a question that is asked only while an answer would change the recommendation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefinementRecord {
    /// The key of its setting.
    pub key: String,
    /// What people call it (`Existing cloud`).
    pub label: String,
    /// Its question.
    pub question: String,
    /// The answer, as people read it.
    pub answer: String,
    /// Who gave it.
    pub provenance: Provenance,
    /// How it was confirmed.
    pub channel: Channel,
    /// Why it matters.
    pub because: String,
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
    /// Platforms that are in use already, with what leaving them costs.
    #[serde(default)]
    pub in_use: Vec<InUse>,
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

/// A platform that is in use already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InUse {
    /// Its name.
    pub name: String,
    /// Whether this plan stays with it.
    pub kept: bool,
    /// What leaving it costs.
    pub leaving: Leaving,
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
