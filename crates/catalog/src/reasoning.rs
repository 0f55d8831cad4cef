//! How options are compared and what an application uses in a month. `data/reasoning`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siteplan_model::brief::ScaleBand;
use siteplan_model::id::PlatformId;

use crate::condition::Condition;
use crate::platform::RunMode;

/// What an application uses in a month, as assumptions that somebody may know better.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// Always `siteplan/usage@1`.
    pub schema: String,
    /// Database engines that live inside the application's own process and disk.
    pub embedded_engines: Vec<String>,
    /// The assumptions.
    pub assumption: Vec<UsageAssumption>,
}

impl Usage {
    /// The assumption of a key; every key that code asks for is checked by `validate`.
    pub fn get(&self, key: &str) -> Option<&UsageAssumption> {
        self.assumption.iter().find(|assumption| assumption.key == key)
    }
}

/// One number with its low, expected and high value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UsageAssumption {
    /// Its key, which `--set` overrides.
    pub key: String,
    /// What it means.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Low, expected, high.
    pub values: [f64; 3],
    /// Low, expected, high for single scales.
    #[serde(default)]
    pub by_scale: BTreeMap<ScaleBand, [f64; 3]>,
    /// Low, expected, high for single languages.
    #[serde(default)]
    pub by_language: BTreeMap<String, [f64; 3]>,
    /// Source or reason.
    pub reason: String,
}

/// How options are compared: value functions, weights, cuts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criteria {
    /// Always `siteplan/criteria@1`.
    pub schema: String,
    /// Number of scenarios.
    pub scenarios: u32,
    /// Distance from the best value within which an option still counts as a good choice.
    pub tolerance: f64,
    /// Support from which an option is High.
    pub high_from: f64,
    /// Support from which an option is Medium.
    pub medium_from: f64,
    /// Share of an option set's value for each philosophy beyond the first.
    pub diversity_share: f64,
    /// Share of an option set's value for each platform that the workflow names for the answers.
    pub named_share: f64,
    /// Seconds below which a request limit rules a platform out for requests that last minutes.
    pub long_request_seconds: u32,
    /// Half-width of a value by the grade of the weakest fact beneath it.
    pub width_by_grade: BTreeMap<crate::figure::Grade, f64>,
    /// Value of a component by how it runs.
    pub run_mode_value: BTreeMap<RunMode, f64>,
    /// Value function parameters.
    pub value: ValueParameters,
    /// The criteria, with what they mean.
    pub criterion: Vec<Criterion>,
    /// What each answer says about the weights.
    pub preference: Vec<Preference>,
    /// Platforms that the workflow names for an answer pattern.
    pub named: Vec<NamedPlatforms>,
    /// Upper ends of the complexity levels from very low to high, in items of effort.
    pub complexity_upto: [u32; 4],
}

/// Parameters of the value functions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueParameters {
    /// Items of effort at which simplicity is zero, by expertise.
    pub effort_ceiling: BTreeMap<siteplan_model::brief::Expertise, f64>,
    /// Dollars a month against which cost is judged when the budget has no ceiling.
    pub cost_reference_usd: f64,
    /// Multiple of the upper load at which headroom is full.
    pub headroom_full: f64,
    /// Years of general availability at which maturity is full.
    pub maturity_years: f64,
    /// Number of regions at which reach is full.
    pub reach_regions: f64,
    /// Proprietary interfaces at which portability is zero.
    pub lock_in_ceiling: f64,
    /// Value lost for each need that a companion meets.
    pub companion_cost: f64,
    /// Value added to fit for a framework that the platform tunes for.
    pub framework_bonus: f64,
    /// Least value of a component whose framework the platform tunes for, however it runs.
    pub framework_floor: f64,
    /// Value lost when an image has to be written, by expertise.
    pub image_to_write_cost: BTreeMap<siteplan_model::brief::Expertise, f64>,
}

/// One axis on which options are compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Its id.
    pub id: CriterionId,
    /// What it measures and how, in a sentence.
    pub formula: String,
}

/// The axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CriterionId {
    /// How well the components run there.
    Fit,
    /// How little it asks of people.
    Simplicity,
    /// How little of the budget it uses.
    Cost,
    /// How far it carries beyond the upper load.
    Headroom,
    /// How long and how firmly it has existed.
    Maturity,
    /// How easily one leaves.
    Portability,
    /// How near it is to users.
    Reach,
    /// What it does for several people.
    Team,
}

impl CriterionId {
    /// All axes, in the order of weight vectors.
    pub const ALL: [Self; 8] = [
        Self::Fit,
        Self::Simplicity,
        Self::Cost,
        Self::Headroom,
        Self::Maturity,
        Self::Portability,
        Self::Reach,
        Self::Team,
    ];

    /// The word in files and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fit => "fit",
            Self::Simplicity => "simplicity",
            Self::Cost => "cost",
            Self::Headroom => "headroom",
            Self::Maturity => "maturity",
            Self::Portability => "portability",
            Self::Reach => "reach",
            Self::Team => "team",
        }
    }
}

/// An inequality between weights that an answer implies: `heavier` weighs at least as much as each of `lighter`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Preference {
    /// When it holds.
    #[serde(default)]
    pub when: Condition,
    /// The axis that weighs more.
    pub heavier: CriterionId,
    /// The axes that weigh less.
    pub lighter: Vec<CriterionId>,
    /// Why.
    pub because: String,
}

/// Platforms that the workflow names for an answer pattern.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedPlatforms {
    /// The pattern.
    pub when: Condition,
    /// The platforms; of a group (`kubernetes`) the best one.
    pub platforms: Vec<PlatformId>,
    /// Where the workflow says so.
    pub because: String,
}
