//! Options with computed confidence, and what would change the recommendation.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::brief::Brief;
use crate::id::PlatformId;
use crate::money::UsdRange;

/// The schema name that every serialised recommendation carries.
pub const SCHEMA: &str = "siteplan/recommendation@1";

/// The options for one Brief, best first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Recommendation {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The answers it rests on.
    pub brief: Brief,
    /// Two to four options, best first; shown as A to D.
    pub options: Vec<PlatformOption>,
    /// The platform of the first option.
    pub recommended: PlatformId,
    /// Why, in the words of the answers given.
    pub because: String,
    /// How sure the recommendation is.
    pub certainty: RecommendationCertainty,
    /// Why it is so sure or unsure.
    pub certainty_because: String,
    /// Every single changed answer that flips the recommendation.
    pub would_change: Vec<Flip>,
    /// Loads at which another platform becomes cheaper, the budget is left or the recommendation changes, the nearest first.
    #[serde(default)]
    pub break_even_load: Vec<LoadBreakEven>,
    /// How far a price would have to move for the recommendation to change.
    #[serde(default)]
    pub break_even_price: Vec<PriceBreakEven>,
    /// For each criterion the weights between which the recommendation stays.
    #[serde(default)]
    pub weight_stability: Vec<WeightInterval>,
    /// Uncertain values that, moved across their interval, change the recommendation or its level.
    #[serde(default)]
    pub load_bearing: Vec<LoadBearing>,
    /// What would be recommended if the method's own parameters were others.
    #[serde(default)]
    pub method_sensitivity: Vec<MethodSensitivity>,
    /// Platforms ruled out, each with the constraint.
    pub excluded: Vec<Exclusion>,
    /// Open questions, gates and refinements, that could still change the recommendation or its label, the most informative first.
    pub worth_asking: Vec<String>,
    /// The same with how likely an answer is to change it, and how.
    #[serde(default)]
    pub value_of_asking: Vec<ValueOfAsking>,
    /// Open questions of which no answer changes it, or which detection has answered.
    #[serde(default)]
    pub not_worth_asking: Vec<NotWorthAsking>,
    /// Every platform of the catalog by support, best first: what the options were chosen from.
    #[serde(default)]
    pub ranking: Vec<Ranked>,
}

impl Recommendation {
    /// The plain name of a platform of the catalog, else its id.
    pub fn platform_name<'a>(&'a self, id: &'a PlatformId) -> &'a str {
        let ranked = self.ranking.iter().find(|ranked| ranked.platform == *id).map(|ranked| &ranked.name);
        let option = || self.options.iter().find(|option| option.platform == *id).map(|option| &option.name);
        ranked.or_else(option).map_or(id.as_str(), String::as_str)
    }

    /// The smallest change under which a platform is feasible that is not.
    pub fn feasible_with(&self, id: &PlatformId) -> Option<&Relaxation> {
        self.ranking.iter().find(|ranked| ranked.platform == *id)?.feasible_with.as_ref()
    }
}

/// One platform's place among all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ranked {
    /// The platform.
    pub platform: PlatformId,
    /// Its own name, without companions and data services.
    pub name: String,
    /// Whether no constraint rules it out.
    pub feasible: bool,
    /// The smallest change under which none does; absent if none does now, or if no answer lifts all.
    #[serde(default)]
    pub feasible_with: Option<Relaxation>,
    /// High, medium or low, by cuts of `support`; as an option it may be capped below that.
    pub level: Level,
    /// Share of scenarios in which it is within the tolerance of the best.
    pub support: f64,
    /// Share of scenarios in which it is the best.
    pub wins: f64,
    /// Estimated monthly cost of all environments.
    pub monthly_usd: UsdRange,
}

/// How much an open question could still change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ValueOfAsking {
    /// The gate's or the setting's key.
    pub key: String,
    /// How likely an answer changes the winner or its label, 0 to 1, by the priors of the catalog.
    pub value: f64,
    /// Which answers change it, and to what.
    pub because: String,
}

/// An open question that need not be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotWorthAsking {
    /// The gate's or the setting's key.
    pub key: String,
    /// Why not.
    pub because: String,
}

/// One way to run the whole application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a finding of its own, in any combination")]
pub struct PlatformOption {
    /// The main platform.
    pub platform: PlatformId,
    /// Its name.
    pub name: String,
    /// The way of running software that it stands for.
    pub philosophy: Philosophy,
    /// Whether the repository already uses it.
    pub current: bool,
    /// Where each service and managed data service goes.
    pub placement: Vec<Placement>,
    /// Services and engines that nothing of the catalog runs here: neither placed nor priced.
    #[serde(default)]
    pub unplaced: Vec<String>,
    /// What leaving it costs, if it is in use.
    #[serde(default)]
    pub leaving: Option<Leaving>,
    /// Whether no constraint rules it out.
    pub feasible: bool,
    /// The constraints that it breaks.
    pub violates: Vec<Exclusion>,
    /// The smallest change under which it breaks none; absent if it is feasible, or if no answer makes it so.
    #[serde(default)]
    pub feasible_with: Option<Relaxation>,
    /// Computed confidence.
    pub confidence: Confidence,
    /// What it is best for.
    pub best_for: Vec<String>,
    /// Advantages for this application.
    pub pros: Vec<String>,
    /// Disadvantages for this application.
    pub cons: Vec<String>,
    /// When to avoid it.
    pub avoid_if: Vec<String>,
    /// Why it is rated so, quoting the answers.
    pub reasoning: String,
    /// How much it asks of the team.
    pub complexity: Complexity,
    /// What the complexity counts.
    pub effort: Effort,
    /// The vendor's documentation.
    pub reference: String,
    /// Estimated monthly cost of all environments.
    pub monthly_usd: UsdRange,
    /// The vendor's price list in one line.
    pub price_note: String,
    /// Whether the expected cost is within the budget; not where its price is open.
    pub within_budget: bool,
    /// The fewest answers that nobody has given yet and under which it would be within a stated budget; absent if it is, if it is ruled
    /// out, or if none was stated.
    #[serde(default)]
    pub within_budget_with: Option<Relaxation>,
    /// Whether something without a known price may be the largest part of its bill.
    #[serde(default)]
    pub price_is_open: bool,
}

/// The smallest change of answers and needs under which a platform is feasible.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Relaxation {
    /// The changed answers and needs by key, all of them together (`max_usd_per_month`, `gpu`).
    pub by: BTreeMap<String, String>,
    /// The same as people read it: `$62 a month instead of $50 and no GPU`.
    pub words: String,
    /// How far it goes: doublings of the budget, halvings of the load, and what demands and needs that are given up count.
    pub size: f64,
}

/// What a platform asks of the people who use it for this application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Effort {
    /// Services to create, in all.
    pub resources: u32,
    /// Files to write.
    pub files: u32,
    /// Credentials to set.
    pub credentials: u32,
    /// Tools to install.
    pub tools: u32,
}

impl Effort {
    /// Everything together.
    pub fn total(&self) -> u32 {
        self.resources + self.files + self.credentials + self.tools
    }
}

/// What it costs to leave a platform that is in use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Leaving {
    /// Data services of its own offer, with what moving each takes.
    pub data: Vec<String>,
    /// What changes in the DNS, if users reach the application.
    pub dns: Option<String>,
    /// Names of the secrets to set again.
    pub secrets: Vec<String>,
    /// Files of the platform in the repository, to be replaced.
    pub files: Vec<String>,
    /// Interfaces of its own that are given up.
    pub interfaces: Vec<String>,
    /// How many things there are to do, in all.
    pub items: u32,
    /// The same in a sentence.
    pub summary: String,
}

/// Where one service goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Placement {
    /// The Survey's service, or the engine of a data service.
    pub service: String,
    /// Platform or database service that runs it.
    pub platform: String,
    /// Size or plan there.
    pub plan: String,
}

/// The way of running software that a platform stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Philosophy {
    /// Front ends and functions at the edge.
    FrontendCloud,
    /// A managed platform that builds and runs processes.
    ManagedPaas,
    /// Containers without servers, on a large cloud.
    ContainerCloud,
    /// A cluster that the team steers.
    Orchestrator,
    /// A server of one's own.
    SelfHosted,
}

impl Philosophy {
    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::FrontendCloud => "frontend cloud",
            Self::ManagedPaas => "managed PaaS",
            Self::ContainerCloud => "container cloud",
            Self::Orchestrator => "orchestrator",
            Self::SelfHosted => "self-hosted",
        }
    }
}

/// Computed confidence in an option.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Confidence {
    /// High, medium or low, by cuts of `support`.
    pub level: Level,
    /// Share of scenarios in which the option is feasible and within the tolerance of the best, 0 to 1.
    pub support: f64,
    /// Share of scenarios in which the option is the best, 0 to 1.
    pub wins: f64,
    /// Whether it is the only option that was left to weigh, being alone within the budget or alone in meeting every constraint: then
    /// `support` and `wins` compare it with nothing.
    #[serde(default)]
    pub alone: bool,
    /// The level under neighbouring answers.
    pub conditions: Vec<Condition>,
}

/// The level that an option has under one changed answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Condition {
    /// The changed answer.
    pub when: BTreeMap<String, String>,
    /// The level then.
    pub level: Level,
}

/// A level of confidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// A good choice in few scenarios.
    Low,
    /// A good choice in some.
    Medium,
    /// A good choice in most.
    High,
}

impl Level {
    /// `High`, `Medium`, `Low`, as documents write it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
        }
    }
}

/// How much a platform asks of the team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Complexity {
    /// Connect a repository.
    VeryLow,
    /// One file or a form.
    Low,
    /// An image, a tool and a file.
    Medium,
    /// Infrastructure code.
    High,
    /// A cluster.
    VeryHigh,
}

impl Complexity {
    /// `Very low` to `Very high`, as documents write it.
    pub fn label(self) -> &'static str {
        match self {
            Self::VeryLow => "Very low",
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
            Self::VeryHigh => "Very high",
        }
    }
}

impl fmt::Display for Complexity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.label())
    }
}

/// How sure a recommendation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RecommendationCertainty {
    /// Small differences decide.
    Uncertain,
    /// It leads, but not everywhere.
    Moderate,
    /// It leads in most scenarios.
    Confident,
}

/// A changed answer that changes the recommendation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Flip {
    /// The changed answer.
    #[serde(rename = "if")]
    pub when: BTreeMap<String, String>,
    /// The platform recommended then.
    pub then: PlatformId,
    /// Why.
    pub because: String,
}

/// A load at which something changes. The cost between today's load and this one is computed like every other, with sizes and
/// plans chosen anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LoadBreakEven {
    /// What changes there.
    pub what: LoadChange,
    /// The platform that it happens to.
    pub platform: PlatformId,
    /// Users a month from which (or, below today's, up to which) it holds.
    pub users: u64,
    /// Requests a month at that number of users.
    pub requests_per_month: u64,
    /// Users a month today.
    pub users_today: u64,
    /// The same in a sentence.
    pub because: String,
}

/// What changes at a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LoadChange {
    /// Another option costs less than the recommended one.
    Cheaper,
    /// The recommended option leaves the budget.
    OverBudget,
    /// Another platform is recommended.
    Recommended,
}

/// How far the prices of one platform would have to move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PriceBreakEven {
    /// The platform whose prices move.
    pub platform: PlatformId,
    /// By how many percent; negative for a fall.
    pub percent: i32,
    /// The platform recommended then.
    pub then: PlatformId,
    /// The same in a sentence.
    pub because: String,
}

/// The weights of one criterion, the others in proportion, under which the recommendation holds at the expected values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WeightInterval {
    /// The criterion.
    pub criterion: String,
    /// Its mean weight over the region that the answers imply, 0 to 1.
    pub weight: f64,
    /// Least weight.
    pub from: f64,
    /// Largest weight.
    pub to: f64,
    /// The platform that is ahead below the least weight, if any.
    pub below: Option<PlatformId>,
    /// The platform that is ahead above the largest weight, if any.
    pub above: Option<PlatformId>,
    /// Whether the recommendation is the best within the interval, or a good choice (within the tolerance of the best).
    pub holds_as: Standing,
}

/// How an option stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Nothing is better.
    Best,
    /// Within the tolerance of the best.
    Good,
}

/// An uncertain value that carries the result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LoadBearing {
    /// The platform.
    pub platform: PlatformId,
    /// The criterion whose value is uncertain.
    pub criterion: String,
    /// The value, 0 to 1.
    pub value: f64,
    /// How far the true value may lie from it.
    pub half_width: f64,
    /// What happens at one end of the interval.
    pub because: String,
}

/// The recommendation under another parameter of the method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MethodSensitivity {
    /// The parameter.
    pub parameter: MethodParameter,
    /// Its other value, where it has one.
    pub value: Option<f64>,
    /// The platform recommended then.
    pub recommended: PlatformId,
    /// Its level then.
    pub level: Level,
    /// Its support then, 0 to 1.
    pub support: f64,
}

/// A parameter of the method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MethodParameter {
    /// Distance from the best value within which an option still counts as a good choice.
    Tolerance,
    /// All weights possible, as if the answers said nothing about them.
    FreeWeights,
}

/// A broken constraint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Exclusion {
    /// The platform.
    pub platform: PlatformId,
    /// The constraint's id (`budget`, `background-workers`, `gpu`, …).
    pub constraint: String,
    /// The fact against the need.
    pub because: String,
    /// The smallest change that would lift it.
    pub relax: String,
    /// The same as answers or needs that can be set (`max_usd_per_month`, `gpu`); empty where no answer lifts it.
    #[serde(default)]
    pub relax_by: BTreeMap<String, String>,
    /// The catalog's fact, as `field = value`.
    #[serde(default)]
    pub fact: String,
    /// What is asked of the platform: a need, or the answer that states it.
    #[serde(default)]
    pub need: String,
    /// Where the need was seen, as `path:line`, or `answer` when somebody stated it.
    #[serde(default)]
    pub seen: String,
    /// Where the fact comes from.
    pub source: String,
}
