//! One database or cache that can be bought or run. One file of `data/data-services` each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siteplan_model::brief::BudgetBand;
use siteplan_model::design::DataPart;
use siteplan_model::id::{DatabaseServiceId, PlatformId};
use siteplan_model::money::Usd;

use crate::condition::Condition;
use crate::figure::{Figure, Sources};
use crate::platform::Ability;

/// A database or cache.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataService {
    /// Always `siteplan/data-service@1`.
    pub schema: String,
    /// Its id; the file's name.
    pub id: DatabaseServiceId,
    /// Its name.
    pub name: String,
    /// Whether it keeps data or caches it.
    pub kind: DataKind,
    /// Engines that it serves, by the Survey's names (`postgres`, `mysql`, `mongodb`, `redis`, …).
    pub engines: Vec<String>,
    /// The engine's name as people read it (`PostgreSQL`).
    pub engine_name: String,
    /// Platforms of whose offer it is part; empty for an independent service.
    #[serde(default)]
    pub platforms: Vec<PlatformId>,
    /// Whether the platform or vendor operates it, or the team does.
    pub operated_by: Operator,
    /// The vendor's documentation.
    pub reference: String,
    /// Sources by key.
    pub sources: Sources,
    /// Major versions offered, oldest first.
    pub versions: Figure<Vec<String>>,
    /// Major version that is taken unless the repository asks for one.
    pub default_version: Figure<String>,
    /// Plans, cheapest first.
    #[serde(rename = "plan")]
    pub plans: Vec<DataPlan>,
    /// Whether its price is use of the platform's own meters, so that a usage credit of the account covers it.
    #[serde(default)]
    pub is_platform_use: bool,
    /// What the account pays whatever the number of databases.
    #[serde(default)]
    pub account: Option<DataAccount>,
    /// US dollars for each GB and month beyond what a plan includes.
    #[serde(default)]
    pub storage_usd_per_gb: Option<Figure<Usd>>,
    /// GB of storage that are billed at least.
    #[serde(default)]
    pub least_storage_gb: Option<Figure<f64>>,
    /// GB that one database holds at most, whatever its plan; absent where that is not known.
    #[serde(default)]
    pub most_storage_gb: Option<Figure<f64>>,
    /// US dollars for each GB and month of changes kept for restoring to a moment, where they are metered.
    #[serde(default)]
    pub history_usd_per_gb: Option<Figure<Usd>>,
    /// US dollars for each million commands, where commands are metered.
    #[serde(default)]
    pub usd_per_million_commands: Option<Figure<Usd>>,
    /// How a backup is restored, and how one tests it, in sentences.
    pub restore: Figure<String>,
    /// Whether connections can be pooled by the service.
    pub pooling: Figure<Ability>,
    /// Whether it keeps a copy of the data in another region, which is paid like the plan; absent where that is not known.
    #[serde(default)]
    pub region_copies: Option<Figure<Ability>>,
    /// What hurts when unknown.
    #[serde(default, rename = "caution")]
    pub cautions: Vec<Caution>,
    /// Resources to create and credentials to set for it.
    pub effort: DataEffort,
    /// How its platform hands its address to an application; absent where nothing closer is known.
    #[serde(default)]
    pub offers: Option<DataOffers>,
}

/// How a platform hands the address of its data service to an application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataOffers {
    /// What it hands over under any name that is asked for.
    #[serde(default)]
    pub parts: Vec<DataPart>,
    /// The only variables that it sets, with the whole address.
    #[serde(default)]
    pub fixed: Vec<String>,
    /// Platforms of the service for which that does not hold.
    #[serde(default)]
    pub except_platforms: Vec<PlatformId>,
    /// Key in `[sources]`.
    pub source: String,
}

/// What an account of a data service pays once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataAccount {
    /// Its name (`Pro`).
    pub name: String,
    /// US dollars a month.
    pub usd_per_month: Usd,
    /// US dollars a month that are taken off the prices of the plans.
    pub credit_usd: Usd,
    /// Ids of the plans that need it.
    pub plans: Vec<String>,
    /// Key in `[sources]`.
    pub source: String,
}

/// What hurts when unknown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Caution {
    /// The sentence, without a full stop.
    pub text: String,
    /// Key in `[sources]`.
    pub source: String,
    /// Ids of the plans that it concerns; all, if absent.
    #[serde(default)]
    pub plans: Vec<String>,
    /// Platforms from which it concerns the service's use; all, if absent.
    #[serde(default)]
    pub platforms: Vec<PlatformId>,
    /// Platforms from which it does not.
    #[serde(default)]
    pub except_platforms: Vec<PlatformId>,
    /// When it applies; always, if absent.
    #[serde(default)]
    pub when: Condition,
}

impl Caution {
    /// Whether it concerns a plan that is used from a platform.
    pub fn concerns(&self, plan: &str, platform: &PlatformId) -> bool {
        (self.plans.is_empty() || self.plans.iter().any(|id| id == plan))
            && (self.platforms.is_empty() || self.platforms.contains(platform))
            && !self.except_platforms.contains(platform)
    }
}

/// Whether data is kept or cached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DataKind {
    /// Keeps data.
    Database,
    /// May lose it.
    Cache,
}

/// Who operates a data service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Operator {
    /// The vendor: patches, backups, failover.
    Vendor,
    /// The team, on the platform's machines.
    Team,
}

/// A plan of a data service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, in any combination")]
pub struct DataPlan {
    /// The service's own id.
    pub id: String,
    /// US dollars a month, with the storage included.
    pub usd_per_month: Usd,
    /// Memory in MB, where stated.
    #[serde(default)]
    pub memory_mb: Option<u32>,
    /// vCPUs, where stated.
    #[serde(default)]
    pub vcpu: Option<f64>,
    /// Storage included in GB.
    pub storage_gb: f64,
    /// US dollars for each further GB and month, where they differ from the service's.
    #[serde(default)]
    pub storage_usd_per_gb: Option<Usd>,
    /// US dollars for each million commands, where they differ from the service's.
    #[serde(default)]
    pub usd_per_million_commands: Option<Usd>,
    /// Connections allowed, where stated.
    #[serde(default)]
    pub connections: Option<u32>,
    /// Whether a standby takes over.
    #[serde(default)]
    pub high_availability: bool,
    /// Days after which it is deleted.
    #[serde(default)]
    pub expires_after_days: Option<u32>,
    /// Whether it may be paused for want of use or is meant for trials only.
    #[serde(default)]
    pub trial: bool,
    /// Whether what it includes is a limit at which it stops, not an allowance beyond which one pays, though it lasts and a paid plan
    /// follows: data that must last may be kept in it only where nothing may be spent.
    #[serde(default)]
    pub capped: bool,
    /// Whether it keeps everything in memory, so that all is gone at a restart.
    #[serde(default)]
    pub in_memory: bool,
    /// Backups; absent means that there are none.
    #[serde(default)]
    pub backups: Option<Backups>,
    /// Key in `[sources]`.
    pub source: String,
}

impl DataService {
    /// The account that a plan needs.
    pub fn account_of(&self, plan: &DataPlan) -> Option<&DataAccount> {
        self.account.as_ref().filter(|account| account.plans.contains(&plan.id))
    }

    /// US dollars for each GB and month beyond what a plan includes; `None` if it cannot grow: a free trial never can, and one
    /// that stops at what it includes neither.
    pub fn storage_price(&self, plan: &DataPlan) -> Option<Usd> {
        if plan.capped || (plan.usd_per_month == Usd::ZERO && plan.trial) {
            return None;
        }
        plan.storage_usd_per_gb.or_else(|| self.storage_usd_per_gb.as_ref().map(|price| price.value))
    }

    /// Whether a plan holds so many GB, as far as is known: what it includes, or what it can be grown to.
    pub fn stores(&self, plan: &DataPlan, gb: f64) -> bool {
        let most = self.most_storage_gb.as_ref();
        most.is_none_or(|most| gb <= most.value)
            && (gb <= plan.storage_gb || self.storage_price(plan).is_some())
    }

    /// US dollars for a million commands on a plan; zero where they are not metered.
    pub fn command_price(&self, plan: &DataPlan) -> Usd {
        let metered = || self.usd_per_million_commands.as_ref().map(|price| price.value);
        plan.usd_per_million_commands.or_else(metered).unwrap_or_default()
    }
}

impl DataPlan {
    /// Whether data that must last may be kept in it under a budget: it does not expire, is no trial and has backups. One that stops
    /// at what it includes is for those who may spend nothing: whoever may spend something pays for more before it stops.
    pub fn lasts(&self, budget: BudgetBand) -> bool {
        let stops = self.capped && budget != BudgetBand::Free;
        self.expires_after_days.is_none() && !self.trial && !stops && self.backups.is_some()
    }
}

/// Backups of one plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Backups {
    /// How often (`daily`, `continuous (point-in-time recovery)`).
    pub frequency: String,
    /// Whole days for which they are kept; 0 where it is less than one.
    pub retention_days: u32,
    /// Hours for which they are kept, where it is less than a day.
    #[serde(default)]
    pub retention_hours: Option<u32>,
    /// Key in `[sources]`.
    pub source: String,
}

impl Backups {
    /// How long they are kept, in words: `7 days`, `1 day`, `6 hours`.
    pub fn kept(&self) -> String {
        let (number, unit) = match self.retention_hours {
            Some(hours) => (hours, "hour"),
            None => (self.retention_days, "day"),
        };
        if number == 1 { format!("1 {unit}") } else { format!("{number} {unit}s") }
    }
}

/// What a data service asks of people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataEffort {
    /// Things to create.
    pub resources: Vec<String>,
    /// Credentials to copy by hand; empty where the platform wires them.
    pub credentials: Vec<String>,
}
