//! Sections 7, 8 and 10 to 12: running it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Command;

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
    /// The main service's live path: it says that the process answers and asks nothing else, so that a probe which restarts
    /// may call it while the database is away. Absent where none is known or written.
    #[serde(default)]
    pub live_path: Option<String>,
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

/// Code that answers the health contract for one service, generated into a file of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HealthCode {
    /// The template: framework and way of routing (`express`, `next-app`, `gin`).
    pub kit: String,
    /// Which of the two paths it answers.
    pub answers: HealthAnswers,
    /// Where it is written, relative to the root.
    pub file: String,
    /// Further files by what they hold (`live`, `routes`), where the framework wants several.
    #[serde(default)]
    pub beside: BTreeMap<String, String>,
    /// The language's dialect, where it has several (`typescript`, `esm`, `commonjs`).
    #[serde(default)]
    pub dialect: Option<String>,
    /// Package, namespace or module that the file belongs to, as its language writes it.
    #[serde(default)]
    pub namespace: Option<String>,
    /// What the readiness path asks, in order.
    #[serde(default)]
    pub checks: Vec<HealthCheck>,
    /// Variables that may hold the running version, best first.
    #[serde(default)]
    pub version_variables: Vec<String>,
    /// How the file is joined to the application, one step a line; empty where the framework finds it by itself.
    #[serde(default)]
    pub wiring: Vec<String>,
}

/// Which paths generated code answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HealthAnswers {
    /// Readiness and the live path.
    Both,
    /// The live path alone, beside a readiness path that the code has already.
    Live,
}

/// One thing that the readiness path asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HealthCheck {
    /// Key of the answer: `database` or `cache`.
    pub field: String,
    /// The engine (`postgres`, `redis`).
    pub engine: String,
    /// The library that asks, one that the application has already (`pg`, `sqlalchemy`); the framework's own name where it asks by itself.
    pub client: String,
    /// The variable that holds the address, where the library is told it.
    #[serde(default)]
    pub variable: Option<String>,
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
