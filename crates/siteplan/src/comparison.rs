//! Two recommendations that differ in some answers → what the changed answers change.

use std::collections::BTreeMap;

use serde::Serialize;
use siteplan_model::id::PlatformId;
use siteplan_model::money::UsdRange;
use siteplan_model::recommendation::{Level, Ranked, Recommendation, RecommendationCertainty};

/// The schema name that the record carries.
const SCHEMA: &str = "siteplan/recommendation-comparison@1";

/// What changed answers change.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Comparison {
    /// Always [`SCHEMA`].
    pub(crate) schema: &'static str,
    /// The changed answers and settings, by key.
    pub(crate) changed: BTreeMap<String, String>,
    /// The recommended platform.
    pub(crate) recommended: Change<PlatformId>,
    /// Why it is recommended.
    pub(crate) because: Change<String>,
    /// How sure that is.
    pub(crate) certainty: Change<RecommendationCertainty>,
    /// Every platform of the catalog, by its rank under the changed answers.
    pub(crate) platforms: Vec<Compared>,
}

/// Something before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Change<T> {
    /// Under the answers as they are.
    pub(crate) before: T,
    /// Under the changed answers.
    pub(crate) after: T,
}

impl<T: PartialEq> Change<T> {
    /// Whether it is another one.
    pub(crate) fn is_one(&self) -> bool {
        self.before != self.after
    }
}

/// One platform before and after.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Compared {
    /// The platform.
    pub(crate) platform: PlatformId,
    /// Its name.
    pub(crate) name: String,
    /// Its rank among all, from 1.
    pub(crate) rank: Change<usize>,
    /// Whether no constraint rules it out.
    pub(crate) feasible: Change<bool>,
    /// Whether it is among the options that are shown.
    pub(crate) shown: Change<bool>,
    /// Its level of confidence.
    pub(crate) level: Change<Level>,
    /// Share of scenarios in which it is a good choice.
    pub(crate) support: Change<f64>,
    /// Share of scenarios in which it is the best.
    pub(crate) wins: Change<f64>,
    /// Monthly cost of all environments.
    pub(crate) monthly_usd: Change<UsdRange>,
    /// The constraints that it breaks.
    pub(crate) broken: Change<Vec<String>>,
}

impl Compared {
    /// Whether anything about it is another.
    pub(crate) fn is_changed(&self) -> bool {
        self.rank.is_one()
            || self.level.is_one()
            || self.support.is_one()
            || self.monthly_usd.is_one()
            || self.broken.is_one()
    }
}

impl Comparison {
    /// Compares two recommendations for the same repository and catalog.
    pub(crate) fn of(
        before: &Recommendation,
        after: &Recommendation,
        changed: BTreeMap<String, String>,
    ) -> Self {
        let old =
            |platform: &PlatformId| before.ranking.iter().position(|ranked| ranked.platform == *platform);
        let platforms = after.ranking.iter().enumerate().filter_map(|(index, ranked)| {
            let rank = old(&ranked.platform)?;
            Some(compared(before, after, (rank, &before.ranking[rank]), (index, ranked)))
        });
        Self {
            schema: SCHEMA,
            changed,
            recommended: Change { before: before.recommended.clone(), after: after.recommended.clone() },
            because: Change { before: before.because.clone(), after: after.because.clone() },
            certainty: Change { before: before.certainty, after: after.certainty },
            platforms: platforms.collect(),
        }
    }
}

fn compared(
    before: &Recommendation,
    after: &Recommendation,
    (old_rank, old): (usize, &Ranked),
    (rank, new): (usize, &Ranked),
) -> Compared {
    let shown = |of: &Recommendation| of.options.iter().any(|option| option.platform == new.platform);
    Compared {
        platform: new.platform.clone(),
        name: new.name.clone(),
        rank: Change { before: old_rank + 1, after: rank + 1 },
        feasible: Change { before: old.feasible, after: new.feasible },
        shown: Change { before: shown(before), after: shown(after) },
        level: Change { before: level(before, old), after: level(after, new) },
        support: Change { before: old.support, after: new.support },
        wins: Change { before: old.wins, after: new.wins },
        monthly_usd: Change { before: old.monthly_usd, after: new.monthly_usd },
        broken: Change { before: broken(before, new), after: broken(after, new) },
    }
}

/// The level as it is shown: that of an option may be capped.
fn level(of: &Recommendation, ranked: &Ranked) -> Level {
    let option = of.options.iter().find(|option| option.platform == ranked.platform);
    option.map_or(ranked.level, |option| option.confidence.level)
}

fn broken(of: &Recommendation, ranked: &Ranked) -> Vec<String> {
    let exclusions = of.excluded.iter().filter(|exclusion| exclusion.platform == ranked.platform);
    exclusions.map(|exclusion| exclusion.constraint.clone()).collect()
}
