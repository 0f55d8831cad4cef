//! Broken constraints → the smallest change of answers and needs under which a platform breaks none.
//!
//! Every constraint but the budget is lifted by one thing alone, which it names itself; the budget by the least whole dollars that
//! suffice once the others are lifted. So the smallest change is what is left of those steps when each that is not needed is taken
//! back, and how far it goes is the sum of the steps, by the sizes of `criteria.toml`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Need;
use siteplan_cost::{Choices, Pricer, Volume};
use siteplan_model::brief::{BudgetBand, Context, ScaleBand};
use siteplan_model::digits::grouped;
use siteplan_model::fact::{Certainty, Fact};
use siteplan_model::gate::Gate;
use siteplan_model::id::PlatformId;
use siteplan_model::money::Usd;
use siteplan_model::recommendation::{Exclusion, Relaxation};

use crate::budgets::{Budgets, Priced};
use crate::candidate::{Candidate, Doubt, Field, broken};
use crate::certain::Asked;
use crate::constraint::{self, expected_users, need_name};
use crate::situation::Situation;
use crate::{refined, under_band, under_budget};

/// The key of an amount in the place of a budget's band.
pub(crate) const CEILING: &str = "max_usd_per_month";
const USERS: &str = "users";
const REQUESTS: &str = "requests_per_month";
const MEMORY: &str = "memory_mb";

/// Most steps that are tried: more than there are constraints.
const MOST_STEPS: usize = 12;

/// Changed answers and needs, by key.
type By = BTreeMap<String, String>;

/// What rules one platform out, and the smallest change under which nothing does.
#[derive(Clone, Debug)]
pub(crate) struct Miss {
    /// The broken constraints, the budget's with the amount that suffices.
    pub(crate) broken: Vec<Exclusion>,
    /// `None` if no answer lifts one of them.
    pub(crate) relaxation: Option<Relaxation>,
}

/// All platforms that are ruled out, by id.
#[derive(Clone, Debug)]
pub(crate) struct Misses(BTreeMap<PlatformId, Miss>);

impl Misses {
    /// Works out every miss of a field.
    pub(crate) fn of(catalog: &Catalog, here: &Situation<'_>, field: &Field<'_>) -> Self {
        let budgets = Budgets::of(here.asked(catalog));
        let priced = budgets.priced();
        let missed = field.candidates.iter().filter(|candidate| !candidate.feasible());
        Self(
            missed
                .map(|candidate| (candidate.id().clone(), miss(catalog, here, candidate, &priced)))
                .collect(),
        )
    }

    /// Every broken constraint.
    pub(crate) fn exclusions(&self) -> Vec<Exclusion> {
        self.0.values().flat_map(|miss| miss.broken.iter().cloned()).collect()
    }

    /// The constraints that a platform breaks.
    pub(crate) fn broken(&self, platform: &PlatformId) -> Vec<Exclusion> {
        self.0.get(platform).map(|miss| miss.broken.clone()).unwrap_or_default()
    }

    /// The smallest change under which a platform is feasible.
    pub(crate) fn relaxation(&self, platform: &PlatformId) -> Option<&Relaxation> {
        self.0.get(platform)?.relaxation.as_ref()
    }
}

fn miss(catalog: &Catalog, here: &Situation<'_>, candidate: &Candidate<'_>, priced: &Priced<'_>) -> Miss {
    let mut all = candidate.violates.clone();
    let asked = here.asked(catalog);
    for one in all.iter_mut().filter(|one| one.constraint == constraint::BUDGET) {
        one.relax_by.clear();
        if let Some(enough) = priced.enough(candidate.platform) {
            one.relax = format!("a budget of {enough} a month");
            one.relax_by = constraint::by(CEILING, &enough.amount());
        }
    }
    let by = match &all[..] {
        [one] => Some(one.relax_by.clone()).filter(|by| !by.is_empty()),
        several => lifted(catalog, here, candidate, several).map(|by| needed(catalog, here, candidate, by)),
    };
    let over_budget = all.iter().any(|one| one.constraint == constraint::BUDGET);
    let cheaper = over_budget.then(|| without_what_costs(catalog, here, candidate)).into_iter().flatten();
    // Of equals the first: a larger budget alone is easier to grant than two things.
    let relaxation = by
        .into_iter()
        .chain(cheaper)
        .map(|by| relaxation(&asked, by))
        .reduce(|best, other| if other.size < best.size { other } else { best });
    Miss { broken: all, relaxation }
}

/// Changes as a relaxation: in words, and how far they go.
fn relaxation(asked: &Asked<'_>, by: By) -> Relaxation {
    let size = by.iter().map(|(key, value)| size(asked, key, value)).sum::<f64>();
    Relaxation { words: words(asked, &by), size: (size * 1000.0).round() / 1000.0, by }
}

/// The fewest answers that nobody has given yet and under which a feasible platform is within the stated budget; nothing where it is,
/// or where none was stated.
pub(crate) fn within_budget_with(asked: &Asked<'_>, candidate: &Candidate<'_>) -> Option<Relaxation> {
    let ceiling = asked.context.ceiling().filter(|_| candidate.is_conditional(asked))?;
    let suffices = |context: &Context, choices: &Choices| {
        let pricer = Pricer::new(asked.catalog, asked.survey, context, choices);
        pricer.expected(candidate.id(), Volume::Today).is_some_and(|cost| cost.cents() <= ceiling)
    };
    if let Some((by, _)) = asked.cheaper().find(|(_, choices)| suffices(asked.context, choices)) {
        return Some(relaxation(asked, by));
    }
    // What costs nothing where nothing may be spent is within any budget, for whoever takes what sleeps or ends some day.
    let nothing = under_band(asked.context, BudgetBand::Free);
    let as_chosen = (By::new(), asked.choices.clone());
    let (mut by, _) =
        std::iter::once(as_chosen).chain(asked.cheaper()).find(|(_, choices)| suffices(&nothing, choices))?;
    by.insert(Gate::Budget.key().to_owned(), BudgetBand::Free.to_string());
    Some(relaxation(asked, by))
}

/// Lifts one constraint after the other, the budget last: what the others change may make it cheaper.
fn lifted(
    catalog: &Catalog,
    here: &Situation<'_>,
    candidate: &Candidate<'_>,
    all: &[Exclusion],
) -> Option<By> {
    let (platform, current) = (candidate.platform, candidate.current);
    let (mut by, mut there, mut left) = (By::new(), here.clone(), all.to_vec());
    for _ in 0..MOST_STEPS {
        let Some(next) = left.iter().find(|one| one.constraint != constraint::BUDGET).or(left.first()) else {
            return Some(by);
        };
        let (key, value) = if next.constraint == constraint::BUDGET {
            let enough = Budgets::of(there.asked(catalog)).priced().enough(platform)?;
            (CEILING.to_owned(), enough.amount().to_string())
        } else {
            next.relax_by.first_key_value().map(|(key, value)| (key.clone(), value.clone()))?
        };
        there = changed(catalog, &there, &key, &value)?;
        by.insert(key, value);
        left = broken(catalog, &there, platform, current);
    }
    None
}

/// The changes that begin with giving up what has a price of its own, a GPU or an agreement, one or several of them.
fn without_what_costs(catalog: &Catalog, here: &Situation<'_>, candidate: &Candidate<'_>) -> Vec<By> {
    let settings = &here.choices.settings;
    let paid = catalog.refinements.refinement.iter();
    let paid = paid.filter(|refinement| refined::demands_what_is_paid(refinement, settings));
    let nothing_given = BTreeMap::new();
    let usual = |key| catalog.setting(&nothing_given, key);
    let agreements = paid.map(|refinement| (refinement.key.as_str(), usual(&refinement.key)));
    let gpu = here.survey.needs.gpu.value.then_some(("gpu", "no"));
    let costly: Vec<(&str, &str)> = agreements.chain(gpu).collect();
    let some_of = |choice: usize| {
        let chosen = costly.iter().enumerate().filter(move |(index, _)| choice & (1 << index) != 0);
        chosen.map(|(_, (key, value))| ((*key).to_owned(), (*value).to_owned())).collect::<By>()
    };
    let from = |given_up: By| {
        let there = given_up
            .iter()
            .try_fold(here.clone(), |there, (key, value)| changed(catalog, &there, key, value))?;
        let left = broken(catalog, &there, candidate.platform, candidate.current);
        let mut by = lifted(catalog, &there, candidate, &left)?;
        by.extend(given_up);
        Some(needed(catalog, here, candidate, by))
    };
    (1..1_usize << costly.len()).filter_map(|choice| from(some_of(choice))).collect()
}

/// The same without the steps that turn out not to be needed.
fn needed(catalog: &Catalog, here: &Situation<'_>, candidate: &Candidate<'_>, mut by: By) -> By {
    for key in by.clone().into_keys() {
        let mut fewer = by.clone();
        fewer.remove(&key);
        let there =
            fewer.iter().try_fold(here.clone(), |there, (key, value)| changed(catalog, &there, key, value));
        let suffices = there
            .is_some_and(|there| broken(catalog, &there, candidate.platform, candidate.current).is_empty());
        if suffices && !fewer.is_empty() {
            by = fewer;
        }
    }
    by
}

/// A situation under one changed answer or need; `None` for what is neither.
fn changed<'a>(catalog: &Catalog, here: &Situation<'a>, key: &str, value: &str) -> Option<Situation<'a>> {
    let context = &here.context;
    Some(match key {
        CEILING => here.with_context(under_budget(context, Usd::new(value.parse::<Decimal>().ok()?))),
        USERS => {
            let users = value.parse().ok()?;
            let scale = ScaleBand::of_users(users);
            here.with_context(Context { users: Some(users), scale, ..context.clone() })
        }
        REQUESTS => {
            let requests_per_month = Some(value.parse().ok()?);
            here.with_context(Context { requests_per_month, ..context.clone() })
        }
        MEMORY => {
            let mut survey = here.survey.clone().into_owned();
            survey.needs.memory = Fact::new(Some(value.parse().ok()?), Certainty::High, Vec::new());
            let mut there = Situation { survey: Cow::Owned(survey), ..here.clone() };
            there.choices.settings.remove(MEMORY);
            there
        }
        _ => {
            catalog.refinements.get(key)?;
            here.with_setting(catalog, key, value)
        }
    })
}

/// The need that a key stands for.
fn need_of(key: &str) -> Option<Need> {
    match key {
        "websockets" => Some(Need::Websockets),
        "long_requests" => Some(Need::LongRequests),
        "gpu" => Some(Need::Gpu),
        _ => None,
    }
}

/// How far a miss is from being feasible, in steps that are told apart: the sizes of what lifts each constraint, as far as they can
/// be told without pricing the platform anew; infinite if no answer lifts one of them. Of two within one step, the one that suits better comes first.
pub(crate) fn steps_away(asked: &Asked<'_>, broken: &[Exclusion]) -> f64 {
    if broken.iter().any(|one| one.relax_by.is_empty()) {
        return f64::INFINITY;
    }
    let steps: BTreeSet<(&String, &String)> = broken.iter().flat_map(|one| &one.relax_by).collect();
    told_apart(asked, steps.into_iter().map(|(key, value)| size(asked, key, value)).sum())
}

/// How far what is feasible is from being within a stated budget and from doing for certain what is asked for, in the same steps.
/// `above` is what it is expected to cost, where that is above the budget.
pub(crate) fn steps_to_be_sure(asked: &Asked<'_>, above: Option<Usd>, doubt: Doubt) -> f64 {
    let sizes = &asked.catalog.criteria.relaxation;
    let dearer = above.map_or(0.0, |cost| size(asked, CEILING, &cost.whole_up().amount().to_string()));
    let doubt = match doubt {
        Doubt::None => 0.0,
        Doubt::Demand => sizes.demand.value,
        Doubt::Need => sizes.need.value,
    };
    told_apart(asked, dearer + doubt)
}

/// A distance in steps that are told apart.
fn told_apart(asked: &Asked<'_>, distance: f64) -> f64 {
    (distance / asked.catalog.criteria.relaxation.told_apart.value).floor()
}

/// Looks up what the misses of a field would cost under a budget that suffices, where the nearest of them is shown: that orders
/// them. What is bought under a free budget is no measure for that.
pub(crate) fn look_closer<'c, 'a: 'c>(
    asked: Asked<'_>,
    candidates: impl Iterator<Item = &'c mut Candidate<'a>>,
) {
    let budgets = Budgets::of(asked);
    let priced = budgets.priced();
    for candidate in candidates.filter(|candidate| !candidate.feasible()) {
        look(&asked, &priced, candidate);
    }
}

fn look(asked: &Asked<'_>, priced: &Priced<'_>, candidate: &mut Candidate<'_>) {
    let platform = candidate.platform;
    let for_cost = candidate.violates.iter_mut().find(|one| one.constraint == constraint::BUDGET);
    let Some(broken) = for_cost else { return };
    let about = candidate.suffices.or_else(|| priced.about(platform));
    if let Some(about) = about {
        candidate.suffices = Some(about);
        broken.relax_by = constraint::by(CEILING, &about.amount());
        candidate.steps_away = steps_away(asked, &candidate.violates);
    }
}

/// Positions of the nearest of all.
pub(crate) fn equally_near<'c, 'a: 'c>(
    candidates: impl Iterator<Item = &'c Candidate<'a>> + Clone,
) -> Vec<usize> {
    let Some(nearest) = candidates.clone().min_by(|one, other| one.nearness(other)) else {
        return Vec::new();
    };
    let alike = |(_, one): &(usize, &Candidate<'_>)| one.nearness(nearest).is_eq();
    candidates.enumerate().filter(alike).map(|(index, _)| index).collect()
}

/// How far one step goes: doublings of the budget, halvings of the load or the memory, needs and demands by their sizes.
fn size(asked: &Asked<'_>, key: &str, value: &str) -> f64 {
    let sizes = &asked.catalog.criteria.relaxation;
    let number = || value.parse::<f64>().unwrap_or_default();
    let halvings = |now: f64, then: f64| libm::log2((now / then.max(1.0)).max(1.0));
    #[expect(clippy::cast_precision_loss, reason = "users and requests stay far below 2^52")]
    let of_count = |now: u64| halvings(now as f64, number());
    match key {
        CEILING => {
            let first = sizes.first_usd.value;
            let now = asked.context.ceiling().unwrap_or_default().to_f64();
            libm::log2(((number() + first) / (now + first)).max(1.0))
        }
        USERS => of_count(expected_users(asked.context)),
        REQUESTS => of_count(asked.context.requests_per_month.unwrap_or_default()),
        MEMORY => halvings(asked.certain_memory().map_or(0.0, f64::from), number()),
        _ if need_of(key).is_some() => sizes.need.value,
        _ => {
            let given = asked.choices.settings.get(key).map_or(0, |given| given.split(',').count());
            let kept = value.split(',').filter(|value| is_given(asked, key, value)).count();
            f64::from(u32::try_from(given.saturating_sub(kept).max(1)).unwrap_or(1)) * sizes.demand.value
        }
    }
}

/// Whether a setting names a value.
fn is_given(asked: &Asked<'_>, key: &str, value: &str) -> bool {
    asked.choices.settings.get(key).is_some_and(|given| given.split(',').any(|one| one == value))
}

/// The steps as people read them: `$62 a month instead of $50 and no GPU`.
fn words(asked: &Asked<'_>, by: &By) -> String {
    let mut steps: Vec<String> = by.iter().map(|(key, value)| step(asked, key, value)).collect();
    let last = steps.pop().unwrap_or_default();
    if steps.is_empty() { last } else { format!("{} and {last}", steps.join(", ")) }
}

fn step(asked: &Asked<'_>, key: &str, value: &str) -> String {
    let count = || value.parse::<u64>().map_or_else(|_| value.to_owned(), grouped);
    match key {
        CEILING => {
            let enough = Usd::new(value.parse().unwrap_or_default());
            match asked.context.ceiling().filter(|now| *now > Usd::ZERO) {
                Some(now) => format!("{enough} a month instead of {now}"),
                None => format!("{enough} a month"),
            }
        }
        USERS => {
            let now = expected_users(asked.context);
            let about = if asked.context.users.is_some() { "" } else { "about " };
            format!("{} users instead of {about}{}", count(), grouped(now))
        }
        REQUESTS => {
            let now = asked.context.requests_per_month.unwrap_or_default();
            format!("{} requests a month instead of {}", count(), grouped(now))
        }
        MEMORY => {
            let now = asked.certain_memory().unwrap_or_default();
            format!("{} MB for an instance instead of {} MB", count(), grouped(u64::from(now)))
        }
        _ => match need_of(key) {
            Some(Need::Gpu) => "no GPU".to_owned(),
            Some(need) => format!("no {}", need_name(need)),
            None => format!("`{key} = {value}`"),
        },
    }
}

#[cfg(test)]
mod tests;
