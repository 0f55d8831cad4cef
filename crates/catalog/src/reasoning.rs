//! How options are compared and what an application uses in a month. `data/reasoning`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siteplan_model::brief::{BudgetBand, Expertise, ScaleBand};
use siteplan_model::id::PlatformId;

use crate::condition::Condition;
use crate::figure::Grade;
use crate::platform::{Ability, LifecycleState, RunMode};

/// What an application uses in a month, as assumptions that somebody may know better.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// Always `siteplan/usage@1`.
    pub schema: String,
    /// Database engines that live inside the application's own process and disk.
    pub embedded_engines: Vec<String>,
    /// How many people deploy where nobody says so in `team_size`.
    pub team: UsageTeam,
    /// The assumptions.
    pub assumption: Vec<UsageAssumption>,
    /// Figures that somebody may know exactly: monthly totals, and how long the application takes to start.
    pub total: Vec<UsageTotal>,
}

impl Usage {
    /// The assumption of a key; every key that code asks for is checked by `validate`.
    pub fn get(&self, key: &str) -> Option<&UsageAssumption> {
        self.assumption.iter().find(|assumption| assumption.key == key)
    }

    /// Unit and allowed range of an assumption or a total.
    pub fn bounds(&self, key: &str) -> Option<Bounds<'_>> {
        let assumption =
            self.get(key).map(|found| Bounds { unit: &found.unit, range: found.range, whole: found.whole });
        let total = || self.total.iter().find(|total| total.key == key);
        assumption
            .or_else(|| total().map(|found| Bounds { unit: &found.unit, range: found.range, whole: false }))
    }

    /// The keys of assumptions and totals, which `--set` takes.
    pub fn keys(&self) -> impl Iterator<Item = &str> + Clone {
        let totals = self.total.iter().map(|total| total.key.as_str());
        self.assumption.iter().map(|assumption| assumption.key.as_str()).chain(totals)
    }
}

/// Unit and allowed range of a number that can be set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds<'a> {
    /// Its unit.
    pub unit: &'a str,
    /// Smallest and largest value.
    pub range: [f64; 2],
    /// Whether it counts things, of which there is no half.
    pub whole: bool,
}

impl Bounds<'_> {
    /// The number that somebody wrote (`40_000`, `0.5`), if it is one within the range.
    pub fn read(&self, text: &str) -> Option<f64> {
        let plain = text.trim().replace('_', "");
        let numeric = plain.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        let value = plain.parse::<f64>().ok().filter(|_| numeric)?;
        let counts = !self.whole || value.fract() == 0.0;
        (counts && (self.range[0]..=self.range[1]).contains(&value)).then_some(value)
    }

    /// What is expected, for a message: `a number from 16 to 1,000,000 (MB)`.
    pub fn words(&self) -> String {
        let [least, most] = self.range.map(shown);
        let number = if self.whole { "a whole number" } else { "a number" };
        format!("{number} from {least} to {most} ({})", self.unit)
    }
}

/// A bound with thousands apart.
fn shown(value: f64) -> String {
    let text = value.to_string();
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), ""), |(whole, rest)| (whole, rest));
    let mut grouped = String::new();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if fraction.is_empty() { grouped } else { format!("{grouped}.{fraction}") }
}

/// A figure that somebody may know exactly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UsageTotal {
    /// Its key, which `--set` takes.
    pub key: String,
    /// What it means.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Smallest and largest value that `--set` takes.
    pub range: [f64; 2],
    /// What it is taken instead of.
    pub replaces: String,
}

/// The people who need an account at a platform, low, expected and high.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UsageTeam {
    /// What it means.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Low, expected, high.
    pub values: [u32; 3],
    /// Low, expected, high for single scales.
    #[serde(default)]
    pub by_scale: BTreeMap<ScaleBand, [u32; 3]>,
    /// Source or reason.
    pub reason: String,
}

impl UsageTeam {
    /// Low, expected and high number of people at a scale.
    pub fn at(&self, scale: ScaleBand) -> [u32; 3] {
        self.by_scale.get(&scale).copied().unwrap_or(self.values)
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
    /// Smallest and largest value that `--set` takes.
    pub range: [f64; 2],
    /// Whether a larger value makes things cheaper (what one vCPU serves), so that the dear end is the low one.
    #[serde(default)]
    pub more_is_cheaper: bool,
    /// Whether it counts things, of which there is no half.
    #[serde(default)]
    pub whole: bool,
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
    /// Most options that differ in the vendor of one part alone.
    pub most_of_group: usize,
    /// How many times its end a budget may be exceeded that nobody stated.
    pub assumed_budget_times: u32,
    /// Support from which a feasible option within the budget is worth showing.
    pub sensible_from: f64,
    /// Share of scenarios, beyond the incumbent's, in which an option must be a good choice before a platform in use is left.
    pub leaving_gain: f64,
    /// The same before a cloud is passed over in which somebody said that an account exists, for another way of running software;
    /// for the same way at another vendor it is `leaving_gain`.
    pub account_gain: f64,
    /// Seconds below which a request limit rules a platform out for requests that last minutes.
    pub long_request_seconds: u32,
    /// How far a change of answers goes under which a platform that is ruled out is feasible.
    pub relaxation: RelaxationSizes,
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

/// How far changes go, against one doubling of the budget or one halving of the load.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RelaxationSizes {
    /// Dollars a month that are added to a budget before it is compared, so that one of nothing has doublings too.
    pub first_usd: Parameter,
    /// A demand that is withdrawn: a region, a proof, commercial use.
    pub demand: Parameter,
    /// A need of the application that is given up.
    pub need: Parameter,
    /// Two changes nearer to each other than this are equally near; then the platform that suits better comes first.
    pub told_apart: Parameter,
}

/// Parameters of the value functions: what the method needs and no page of a vendor states, each with its reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueParameters {
    /// Half-width of a value by the grade of a fact beneath it.
    pub width_by_grade: ParameterBy<Grade>,
    /// What a year of a fact's age adds to that half-width.
    pub width_per_year: Parameter,
    /// Value of a component by how it runs.
    pub run_mode_value: ParameterBy<RunMode>,
    /// Value of something that a platform can do, cannot do, or can do with restrictions.
    pub ability_value: ParameterBy<Ability>,
    /// Value of a data service by where it is.
    pub data_place_value: ParameterBy<DataPlace>,
    /// Which share of its value is left of data that the team runs itself, by expertise.
    pub self_run_share: ParameterBy<Expertise>,
    /// What is left of the value of a database where functions reach it.
    pub database_from_functions_share: Parameter,
    /// Value of a platform for an application that calls the services of a cloud which is not the platform's.
    pub foreign_cloud_value: Parameter,
    /// Share of fit that is how the components run; the rest is how the needs are met.
    pub run_share: Parameter,
    /// Value lost for each component that a companion runs.
    pub companion_cost: Parameter,
    /// Things to create, files to write and tools to install that a companion may ask for, by expertise.
    pub companion_effort: ParameterBy<Expertise>,
    /// Value lost where every visit waits as long as nobody waits, by budget.
    pub waiting_cost: ParameterBy<BudgetBand>,
    /// Seconds from which on nobody waits for an answer.
    pub waiting_full_seconds: Parameter,
    /// Seconds of a start from which on production keeps an instance running, where something may be spent.
    pub keep_from_seconds: Parameter,
    /// Requests of one visit.
    pub requests_per_visit: Parameter,
    /// Value added to fit for a framework that the platform tunes for.
    pub framework_bonus: Parameter,
    /// How likely a planned front end will be written in such a framework.
    pub framework_likely: Parameter,
    /// Least value of a component whose framework the platform tunes for, however it runs.
    pub framework_floor: Parameter,
    /// What a server is worth as one function, where the platform starts its framework as it is.
    pub server_as_function: Parameter,
    /// Value lost when an image has to be written, by expertise.
    pub image_to_write_cost: ParameterBy<Expertise>,
    /// Value lost where a platform builds in another way than the image that the repository holds.
    pub image_set_aside_cost: Parameter,
    /// Things to create and credentials to set for each cloud whose services are called from outside.
    pub foreign_cloud_items: Parameter,
    /// Things to do at one vendor more, where something exists at another, by budget.
    pub further_vendor_items: ParameterBy<BudgetBand>,
    /// Things to do beyond these for a cloud beside one that is in use, by budget.
    pub further_cloud_items: ParameterBy<BudgetBand>,
    /// Seconds that a request may last at which long requests are met in full.
    pub long_request_full_seconds: Parameter,
    /// Items of effort at which simplicity is zero, by expertise.
    pub effort_ceiling: ParameterBy<Expertise>,
    /// Things to create for an engine that the team runs itself.
    pub self_run_resources: Parameter,
    /// Share of the budget up to which costs are not told apart.
    pub cost_unnoticed_share: Parameter,
    /// Dollars a month at which cost is worth nothing when the budget has no ceiling.
    pub cost_reference_usd: Parameter,
    /// Dollars a month up to which each counts about the same when the budget has no ceiling.
    pub cost_small_usd: Parameter,
    /// Multiple of the upper load at which headroom is full.
    pub headroom_full: Parameter,
    /// Share of the headroom that counts where somebody has to add the instances.
    pub manual_scaling_share: Parameter,
    /// Years of general availability at which age is worth its full share.
    pub maturity_years: Parameter,
    /// Uptime in percent from which a promise is worth anything.
    pub promise_from_percent: Parameter,
    /// Uptime in percent at which a promise is worth its full share.
    pub promise_full_percent: Parameter,
    /// Value of a state of life.
    pub lifecycle_value: ParameterBy<LifecycleState>,
    /// Which share of a record counts, by state of life.
    pub record_counts: ParameterBy<LifecycleState>,
    /// Shares of maturity.
    pub maturity_share: ParameterBy<MaturityPart>,
    /// Number of people from which rights and a log of changes count.
    pub team_rights_from: Parameter,
    /// Proprietary interfaces at which portability is zero.
    pub lock_in_ceiling: Parameter,
    /// Proprietary interfaces that a data service of the platform's own offer counts as.
    pub own_data_lock_in: Parameter,
    /// Number of regions at which reach is full.
    pub reach_regions: Parameter,
}

/// A number of the method, with why it is what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// The number.
    pub value: f64,
    /// Why.
    pub reason: String,
}

/// A number of the method for each of several words, with why they are what they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParameterBy<K: Ord> {
    /// The numbers.
    pub values: BTreeMap<K, f64>,
    /// Why.
    pub reason: String,
}

impl<K: Ord> ParameterBy<K> {
    /// The number of a word; zero for one without a number, which `validate` reports.
    pub fn of(&self, word: &K) -> f64 {
        self.values.get(word).copied().unwrap_or(0.0)
    }
}

/// Where a data service is, from the application's view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DataPlace {
    /// In the platform's own offer, fit to last.
    Own,
    /// With another vendor: one more connection, account and bill.
    Elsewhere,
    /// On the platform, operated by the team: backups, upgrades and repairs are its own.
    SelfRun,
    /// In something that is not fit to last.
    NotLasting,
    /// Nowhere.
    Missing,
}

impl DataPlace {
    /// The word in files and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Elsewhere => "elsewhere",
            Self::SelfRun => "self-run",
            Self::NotLasting => "not-lasting",
            Self::Missing => "missing",
        }
    }
}

/// What maturity is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MaturityPart {
    /// Years of general availability.
    Age,
    /// A promise of uptime.
    Promise,
    /// The state of life.
    State,
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
