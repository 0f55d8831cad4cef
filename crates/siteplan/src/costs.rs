//! What each of some platforms would cost: the record that `siteplan cost` prints.

use std::collections::BTreeMap;

use serde::Serialize;
use siteplan_catalog::Catalog;
use siteplan_cost::Quote;
use siteplan_model::cost::CostReport;
use siteplan_model::id::PlatformId;
use siteplan_model::money::UsdRange;
use siteplan_model::recommendation::{Exclusion, Recommendation, Relaxation};

use crate::error::{Failure, Outcome};
use crate::keys;
use crate::nearest::suggestion;

/// The schema name that the record carries.
const SCHEMA: &str = "siteplan/cost@1";

/// Costs of one or more platforms for the same application and answers.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Costs {
    /// Always [`SCHEMA`].
    pub(crate) schema: &'static str,
    /// The answers that the costs rest on, by key.
    pub(crate) answers: BTreeMap<String, String>,
    /// The platforms, in the order in which they were asked for.
    pub(crate) platforms: Vec<PlatformCost>,
}

/// One platform's cost.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PlatformCost {
    /// The platform.
    pub(crate) platform: PlatformId,
    /// The option's name: the platform, its companions and data services of other vendors.
    pub(crate) name: String,
    /// Whether it is the recommended one.
    pub(crate) recommended: bool,
    /// The constraints that it breaks.
    pub(crate) violates: Vec<Exclusion>,
    /// The smallest change under which it breaks none.
    pub(crate) feasible_with: Option<Relaxation>,
    /// The account plan.
    pub(crate) plan: String,
    /// Why a cheaper plan is not taken, where members or regions are the reason.
    pub(crate) plan_because: Option<String>,
    /// Seats that are paid.
    pub(crate) seats: u32,
    /// The sum for each environment; what no meter tells apart counts with production.
    pub(crate) by_environment: BTreeMap<String, UsdRange>,
    /// Lines, loads, assumptions, verdict.
    #[serde(flatten)]
    pub(crate) report: CostReport,
}

impl Costs {
    /// The record for quotes.
    pub(crate) fn of(catalog: &Catalog, recommendation: &Recommendation, quotes: Vec<Quote>) -> Self {
        let platforms = quotes.into_iter().map(|quote| platform(catalog, recommendation, quote));
        Self { schema: SCHEMA, answers: answers(recommendation), platforms: platforms.collect() }
    }
}

fn platform(catalog: &Catalog, recommendation: &Recommendation, quote: Quote) -> PlatformCost {
    let broken = recommendation.excluded.iter().filter(|exclusion| exclusion.platform == quote.platform);
    let option = recommendation.options.iter().find(|option| option.platform == quote.platform);
    let own = || catalog.platforms.get(&quote.platform).map(|platform| platform.name.clone());
    PlatformCost {
        name: option.map(|option| option.name.clone()).or_else(own).unwrap_or_default(),
        recommended: quote.platform == recommendation.recommended,
        violates: broken.cloned().collect(),
        feasible_with: recommendation.feasible_with(&quote.platform).cloned(),
        plan: quote.plan,
        plan_because: quote.plan_because,
        seats: quote.seats,
        by_environment: quote.by_environment,
        report: quote.report,
        platform: quote.platform,
    }
}

/// The answers that change a cost, in words.
fn answers(recommendation: &Recommendation) -> BTreeMap<String, String> {
    let answers = &recommendation.brief.answers;
    let words = [
        ("app_type", answers.app_type.map(|answer| answer.to_string())),
        ("expertise", answers.expertise.map(|answer| answer.to_string())),
        ("scale", answers.scale.map(|answer| answer.to_string())),
        ("budget", answers.budget.map(|answer| answer.to_string())),
        ("users", answers.users.map(|users| users.to_string())),
        ("requests_per_month", answers.requests_per_month.map(|requests| requests.to_string())),
        ("max_usd_per_month", answers.max_usd_per_month.map(|usd| usd.amount().to_string())),
    ];
    words.into_iter().filter_map(|(key, words)| Some((key.to_owned(), words?))).collect()
}

/// The platform of an id that a person typed.
pub(crate) fn known_platform(catalog: &Catalog, word: &str) -> Outcome<PlatformId> {
    let word = word.trim();
    catalog.platforms.keys().find(|id| id.as_str() == word).cloned().ok_or_else(|| {
        let known = keys::choices(catalog, siteplan_model::gate::Gate::Platform);
        let near = suggestion(word, known.iter().copied());
        Failure::input(format!("the catalog knows no platform `{word}`{near}"))
            .hint(format!("the platforms are {}", known.join(", ")))
    })
}
