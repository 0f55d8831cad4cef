//! Ranked platforms → the two to four that are shown, by exact search.

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Circumstances;
use siteplan_model::id::PlatformId;
use siteplan_model::recommendation::Philosophy;

use crate::candidate::{Candidate, Field, Place};

/// Most options that are shown.
const MOST: usize = 4;

/// Fewest options that are shown, as long as the catalog has as many platforms.
pub(crate) const FEWEST: usize = 2;

/// Options that are shown where fewer than [`FEWEST`] are feasible: the nearest misses join the winner, what is in use and what the
/// workflow names. The nearest miss of an account's cloud is one more.
const NEAREST: usize = 3;

/// Positions in `field.candidates` of the options, best first. The first is the recommended one. What the workflow names for some
/// answers is shown when somebody gave these answers: `stated` says of what.
pub(crate) fn choose(catalog: &Catalog, field: &Field<'_>, stated: Option<&Circumstances<'_>>) -> Vec<usize> {
    let order: Vec<usize> = field
        .ranked()
        .filter_map(|ranked| field.candidates.iter().position(|candidate| candidate.id() == ranked.id()))
        .collect();
    let named = stated.map_or_else(BTreeSet::new, |about| named(catalog, field, &order, about));
    let winner = order[0];
    let possible = order.iter().filter(|index| field.candidates[**index].stands()).count();
    let mut certain: Vec<usize> =
        order.iter().copied().filter(|index| field.candidates[*index].current).take(MOST - 1).collect();
    let of_accounts = of_accounts(field, &order);
    certain.extend(of_accounts.filter(|index| !certain.contains(index)).collect::<Vec<_>>());
    certain.retain(|index| *index != winner);
    certain.truncate(MOST - 1);
    certain.extend(runner_up(catalog, field, &order, &certain, &named));
    let shown = |index: &usize| {
        let candidate = &field.candidates[*index];
        candidate.stands() || certain.contains(index) || named.contains(candidate.id())
    };
    let mut pool: Vec<usize> = order.iter().copied().filter(shown).collect();
    if !pool.contains(&winner) {
        pool.insert(0, winner);
    }
    if possible < FEWEST {
        // Too few meet every constraint: the nearest misses are shown with what they break and what would lift it, and among them what
        // would be within the budget by answers that nobody has given yet.
        let is_asked_for = |index: &&usize| {
            let candidate = &field.candidates[**index];
            !candidate.stands() && candidate.account.is_some()
        };
        let asked_for = certain.iter().filter(is_asked_for);
        let room = NEAREST.saturating_sub(pool.len() - asked_for.count()).min(MOST - 1 - certain.len());
        let mut misses = nearest(catalog, field, &order, winner);
        misses.retain(|index| !pool.contains(index));
        let is_open = |index: &usize| {
            let candidate = &field.candidates[*index];
            candidate.able() && candidate.place == Place::Behind
        };
        let open = misses.iter().copied().find(is_open);
        misses.retain(|index| Some(*index) != open);
        certain.extend(misses.into_iter().take(room.saturating_sub(usize::from(open.is_some()))));
        certain.extend(open.filter(|_| room > 0));
        pool.extend(certain.iter().copied().filter(|index| !pool.contains(index)).collect::<Vec<_>>());
    }
    let sensible = sensible(catalog, field, &order);
    // What is always shown takes the place of nothing that is worth showing, as long as there is one.
    let further = certain.iter().filter(|index| !sensible.contains(index)).count();
    let least = (sensible.len() + further).clamp(FEWEST, MOST);
    let feasible: BTreeSet<Philosophy> = field
        .candidates
        .iter()
        .filter(|one| one.feasible() && one.within)
        .map(|one| one.platform.philosophy)
        .collect();
    let feasible_philosophies = feasible.len();
    let search = Search { catalog, field, named: &named, winner, certain, least, feasible_philosophies };
    let mut best = search.best(&pool);
    best.sort_by_key(|index| order.iter().position(|other| other == index));
    best
}

/// Of each cloud in which somebody said that an account exists the best platform, else its nearest miss that takes new customers:
/// whoever has an account asks first what runs there.
fn of_accounts<'f>(field: &'f Field<'_>, order: &'f [usize]) -> impl Iterator<Item = usize> + use<'f> {
    let mut clouds = BTreeSet::new();
    order.iter().copied().filter(move |index| {
        let candidate = &field.candidates[*index];
        let shown = candidate.feasible() || is_open(candidate);
        shown && candidate.account.is_some_and(|cloud| clouds.insert(cloud))
    })
}

/// The one that comes second, if it is worth showing and what the workflow names has room beside it: the text compares the first with
/// the best of the others, which is then this one.
fn runner_up(
    catalog: &Catalog,
    field: &Field<'_>,
    order: &[usize],
    certain: &[usize],
    named: &BTreeSet<PlatformId>,
) -> Option<usize> {
    let winner = *order.first()?;
    let second = order.get(1).copied().filter(|second| !certain.contains(second))?;
    let candidate = &field.candidates[second];
    let suits = candidate.able() && candidate.within && candidate.support >= catalog.criteria.sensible_from;
    let is_further = |id: &&PlatformId| {
        let shown = certain.iter().chain([&winner, &second]);
        !shown.into_iter().any(|index| field.candidates[*index].id() == *id)
    };
    let others = named.iter().filter(is_further).count();
    (suits && certain.len() + others + 2 <= MOST).then_some(second)
}

/// Whether a platform takes new customers.
fn is_open(candidate: &Candidate<'_>) -> bool {
    let closed = &candidate.platform.lifecycle.closed_to_new_customers;
    !closed.as_ref().is_some_and(|fact| fact.value)
}

/// The nearest misses beside the winner; of a group no more than are shown.
fn nearest(catalog: &Catalog, field: &Field<'_>, order: &[usize], winner: usize) -> Vec<usize> {
    let mut groups = BTreeMap::new();
    let _ = group(&field.candidates[winner]).map(|group| has_room(catalog, &mut groups, group));
    let misses = order.iter().copied().filter(|index| *index != winner);
    // A platform that takes nobody new is no near miss: nothing that anybody changes opens it.
    misses
        .filter(|index| {
            let candidate = &field.candidates[*index];
            !candidate.stands() && !candidate.current && is_open(candidate)
        })
        .filter(|index| {
            group(&field.candidates[*index]).is_none_or(|group| has_room(catalog, &mut groups, group))
        })
        .collect()
}

/// The options that are worth showing: feasible ones within the budget that are a good choice in some scenarios, as many of a group
/// as are shown. Four are shown where there are four.
fn sensible(catalog: &Catalog, field: &Field<'_>, order: &[usize]) -> Vec<usize> {
    let mut groups = BTreeMap::new();
    let mut is_worth = |index: &usize| {
        let one = &field.candidates[*index];
        let suits = one.feasible() && one.within && one.support >= catalog.criteria.sensible_from;
        suits && group(one).is_none_or(|group| has_room(catalog, &mut groups, group))
    };
    order.iter().copied().filter(|index| is_worth(index)).collect()
}

/// What an option shares with others from which it differs in the vendor of one part alone: the kind of cluster, or the companion
/// that runs what its own platform does not.
fn group<'c>(candidate: &'c Candidate<'_>) -> Option<&'c str> {
    let companion = || candidate.quote.companions.first().map(PlatformId::as_str);
    candidate.platform.group.as_deref().or_else(companion)
}

/// Whether one more of a group may be shown; counts it.
fn has_room<'g>(catalog: &Catalog, groups: &mut BTreeMap<&'g str, usize>, group: &'g str) -> bool {
    let shown = groups.entry(group).or_default();
    *shown += 1;
    *shown <= catalog.criteria.most_of_group
}

/// The platforms that the workflow names for these answers; of a group the best one.
fn named(
    catalog: &Catalog,
    field: &Field<'_>,
    order: &[usize],
    about: &Circumstances<'_>,
) -> BTreeSet<PlatformId> {
    let mut named = BTreeSet::new();
    for rule in catalog.criteria.named.iter().filter(|rule| rule.when.holds(about)) {
        let ranked = order.iter().map(|index| &field.candidates[*index]);
        let mut groups = BTreeSet::new();
        for candidate in ranked.filter(|candidate| rule.platforms.contains(candidate.id())) {
            let group = candidate.platform.group.clone();
            if group.is_none_or(|group| groups.insert(group)) {
                named.insert(candidate.id().clone());
            }
        }
    }
    named
}

struct Search<'a> {
    catalog: &'a Catalog,
    field: &'a Field<'a>,
    named: &'a BTreeSet<PlatformId>,
    winner: usize,
    /// Platforms in use, the best one of each cloud with an account, and the nearest misses: always shown.
    certain: Vec<usize>,
    /// Fewest options to show.
    least: usize,
    /// In how many ways of running software something is feasible within the budget.
    feasible_philosophies: usize,
}

impl Search<'_> {
    /// The best set among all that hold the winner: of as many platforms as are worth showing, of fewer only where no such set
    /// is allowed.
    fn best(&self, pool: &[usize]) -> Vec<usize> {
        let others: Vec<usize> = pool.iter().copied().filter(|index| *index != self.winner).collect();
        let most = self.least.min(pool.len());
        for least in (1..=most).rev() {
            let mut best = None;
            self.extend(&mut vec![self.winner], &others, least, &mut best);
            if let Some((_, set)) = best {
                return set;
            }
        }
        vec![self.winner]
    }

    fn extend(
        &self,
        set: &mut Vec<usize>,
        others: &[usize],
        least: usize,
        best: &mut Option<(f64, Vec<usize>)>,
    ) {
        if set.len() >= least && self.allowed(set) {
            let value = self.value(set);
            if best.as_ref().is_none_or(|(known, _)| value > known + 1e-12) {
                *best = Some((value, set.clone()));
            }
        }
        if set.len() == MOST {
            return;
        }
        for (position, index) in others.iter().enumerate() {
            set.push(*index);
            self.extend(set, &others[position + 1..], least, best);
            set.pop();
        }
    }

    fn candidates<'s>(&'s self, set: &'s [usize]) -> impl Iterator<Item = &'s Candidate<'s>> {
        set.iter().map(|index| &self.field.candidates[*index])
    }

    /// What is always shown, beside it no more of a group than are shown, and two philosophies where two are feasible.
    fn allowed(&self, set: &[usize]) -> bool {
        let is_fixed = |index: &&usize| **index == self.winner || self.certain.contains(index);
        let of_group = |index: &usize| {
            let candidate = &self.field.candidates[*index];
            (!candidate.current).then(|| group(candidate)).flatten()
        };
        let mut groups = BTreeMap::new();
        for group in set.iter().filter(is_fixed).filter_map(of_group) {
            has_room(self.catalog, &mut groups, group);
        }
        let others = set.iter().filter(|index| !is_fixed(index));
        let distinct = others.filter_map(of_group).all(|group| has_room(self.catalog, &mut groups, group));
        let holds_certain = self.certain.iter().all(|index| set.contains(index));
        // What the workflow names may fill the set, whatever way of running software it is.
        let all_named = self.candidates(&set[1..]).all(|one| self.named.contains(one.id()));
        let several = self.feasible_philosophies < 2 || self.philosophies(set) >= 2;
        distinct && holds_certain && (several || (set.len() == MOST && all_named))
    }

    fn philosophies(&self, set: &[usize]) -> usize {
        self.candidates(set).map(|c| c.platform.philosophy).collect::<BTreeSet<_>>().len()
    }

    /// Mean support, a share for each further philosophy, and a share for each platform that the workflow names.
    #[expect(clippy::cast_precision_loss, reason = "at most four options")]
    fn value(&self, set: &[usize]) -> f64 {
        let criteria = &self.catalog.criteria;
        let count = set.len() as f64;
        let support = self.candidates(set).map(|candidate| candidate.support).sum::<f64>() / count;
        let named = self.candidates(set).filter(|c| self.named.contains(c.id())).count() as f64;
        let further = (self.philosophies(set) - 1) as f64;
        support + criteria.diversity_share * further + criteria.named_share * named
    }
}
