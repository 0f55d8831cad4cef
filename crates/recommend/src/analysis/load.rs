//! Loads other than today's → where another option becomes cheaper, and where the recommended one leaves the budget.
//!
//! A month's cost over the load is piecewise linear with steps, where a size, a plan or a number of instances changes. It is
//! followed on a logarithmic grid around today's load; where the order of two costs changes between two points, the exact
//! number of users is found by halving. A change at the very end of a band is none of the load: there the answer becomes another
//! one, and with it the instances and the standby that are planned; what it changes is said with the answers.

use std::cell::RefCell;
use std::collections::BTreeMap;

use siteplan_cost::{Pricer, Volume};
use siteplan_model::brief::{Context, ScaleBand};
use siteplan_model::digits::grouped;
use siteplan_model::id::PlatformId;
use siteplan_model::money::Usd;
use siteplan_model::recommendation::{LoadBreakEven, LoadChange};

use super::Ground;
use crate::candidate::Candidate;

/// Points of the grid for each tenfold load.
const POINTS: i32 = 8;

/// Tenfolds above and below today's load that are looked at.
const ABOVE: i32 = 2;
const BELOW: i32 = 1;

/// The loads at which something changes; the nearest first.
pub(crate) fn load_break_evens(ground: Ground<'_, '_>) -> Vec<LoadBreakEven> {
    let winner = ground.recommended();
    if ground.here.context.requests_per_month.is_some() && ground.here.context.users.is_none() {
        return Vec::new();
    }
    let today = users_today(&ground.here.context);
    let sweep = Sweep { ground, today, known: RefCell::default() };
    let others = ground.chosen[1..].iter().map(|index| &ground.field.candidates[*index]);
    let cheaper = others.filter_map(|other| sweep.cheaper(winner, other));
    let mut list: Vec<LoadBreakEven> = cheaper.chain(sweep.over_budget(winner)).collect();
    list.sort_by_key(|found| (distance(found.users, sweep.today), found.platform.clone()));
    list
}

/// How many times more or fewer users there would be, in thousandths.
fn distance(users: u64, today: u64) -> u64 {
    let (large, small) = (users.max(today), users.min(today).max(1));
    large.saturating_mul(1000) / small
}

/// The expected number of users of a month.
fn users_today(context: &Context) -> u64 {
    let (low, high) = context.scale.users();
    context.users.unwrap_or_else(|| middle(low, high)).max(1)
}

/// The middle of a band on a logarithmic scale, as the cost counts it.
#[expect(clippy::cast_precision_loss, reason = "users stay far below 2^52")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between the ends of a band")]
fn middle(low: u64, high: u64) -> u64 {
    libm::sqrt(low as f64 * high as f64).round() as u64
}

struct Sweep<'f, 'a> {
    ground: Ground<'f, 'a>,
    today: u64,
    /// Costs that were asked for already: the options are looked at on the same grid, each beside the recommended one.
    known: RefCell<BTreeMap<(u64, PlatformId), Usd>>,
}

impl Sweep<'_, '_> {
    /// Expected cost of a month on each platform with a number of users.
    fn costs<const N: usize>(&self, candidates: [&Candidate<'_>; N], users: u64) -> [Usd; N] {
        let mut known = self.known.borrow_mut();
        let unknown: Vec<&PlatformId> = candidates
            .iter()
            .map(|candidate| candidate.id())
            .filter(|id| !known.contains_key(&(users, (*id).clone())))
            .collect();
        if !unknown.is_empty() {
            let here = self.ground.here;
            let context = Context {
                users: Some(users),
                requests_per_month: None,
                scale: ScaleBand::of_users(users),
                ..here.context.clone()
            };
            let pricer = Pricer::new(self.ground.desk.catalog, &here.survey, &context, &here.choices);
            for id in unknown {
                let cost = pricer.expected(id, Volume::Today).unwrap_or_default();
                known.insert((users, id.clone()), cost);
            }
        }
        candidates.map(|candidate| known.get(&(users, candidate.id().clone())).copied().unwrap_or_default())
    }

    /// Expected cost of a month on one platform.
    fn cost(&self, candidate: &Candidate<'_>, users: u64) -> Usd {
        let [cost] = self.costs([candidate], users);
        cost
    }

    /// Where another option begins to cost less than the recommended one, or ceases to.
    fn cheaper(&self, winner: &Candidate<'_>, other: &Candidate<'_>) -> Option<LoadBreakEven> {
        let is_cheaper = |users: u64| {
            let [there, here] = self.costs([other, winner], users);
            there < here
        };
        let (users, above) = self.nearest_change(is_cheaper)?;
        let [there, here] = self.costs([other, winner], users);
        let (name, mine) = (&other.platform.name, &winner.platform.name);
        let range = self.range(users, above);
        // Where two lines cross, whole dollars are the same.
        let shown =
            |usd: Usd| if there.rounded() == here.rounded() { usd.to_string() } else { usd.rounded() };
        let against = match (shown(there), shown(here)) {
            (one, other) if one == other => format!("both about {one} a month there"),
            (one, other) => format!("{one} against {other} a month"),
        };
        let change = if is_cheaper(self.today) { "is no longer" } else { "is" };
        let because = format!("{range} {name} {change} cheaper than {mine} ({against})");
        Some(self.found(LoadChange::Cheaper, other, users, because))
    }

    /// Where the recommended option leaves the budget.
    fn over_budget(&self, winner: &Candidate<'_>) -> Option<LoadBreakEven> {
        let ceiling = self.ground.here.context.ceiling()?;
        let is_over = |users: u64| self.cost(winner, users).cents() > ceiling;
        if is_over(self.today) {
            return None;
        }
        let (users, above) = self.nearest_change(is_over)?;
        let because = format!(
            "{} {} costs more than the budget of {ceiling} a month",
            self.range(users, above),
            winner.platform.name
        );
        Some(self.found(LoadChange::OverBudget, winner, users, because))
    }

    /// The number of users nearest to today's at which a statement has changed, and whether it lies above today's.
    fn nearest_change(&self, holds: impl Fn(u64) -> bool) -> Option<(u64, bool)> {
        let today = holds(self.today);
        let walk = |steps: i32, direction: i32| {
            let mut before = self.today;
            (1..=steps).find_map(|step| {
                let users = self.at(direction * step);
                let changed = users != before && holds(users) != today;
                let result = changed.then(|| halve(before, users, |users| holds(users) != today));
                before = users;
                result
            })
        };
        let above = walk(ABOVE * POINTS, 1).filter(|users| within_a_band(*users, users.saturating_sub(1)));
        let above = above.map(|users| (users, true));
        let below = walk(BELOW * POINTS, -1).filter(|users| within_a_band(*users, users.saturating_add(1)));
        let below = below.map(|users| (users, false));
        match (above, below) {
            (Some(up), Some(down)) if distance(down.0, self.today) < distance(up.0, self.today) => Some(down),
            (up, down) => up.or(down),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "users stay far below 2^52")]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at least one, at most 10⁹ or so"
    )]
    fn at(&self, step: i32) -> u64 {
        (self.today as f64 * libm::pow(10.0, f64::from(step) / f64::from(POINTS))).round().max(1.0) as u64
    }

    fn requests(&self, users: u64) -> u64 {
        siteplan_cost::requests_of_users(
            self.ground.desk.catalog,
            &self.ground.here.context,
            &self.ground.here.choices,
            users,
        )
    }

    fn range(&self, users: u64, above: bool) -> String {
        let word = if above { "from" } else { "up to" };
        format!(
            "{word} {} users, who make {} requests a month (today about {} users)",
            grouped(users),
            grouped(self.requests(users)),
            grouped(self.today)
        )
    }

    fn found(
        &self,
        what: LoadChange,
        platform: &Candidate<'_>,
        users: u64,
        because: String,
    ) -> LoadBreakEven {
        LoadBreakEven {
            what,
            platform: platform.id().clone(),
            users,
            requests_per_month: self.requests(users),
            users_today: self.today,
            because,
        }
    }
}

/// Whether two numbers of users are the same answer to the question of scale.
fn within_a_band(users: u64, before: u64) -> bool {
    ScaleBand::of_users(users) == ScaleBand::of_users(before)
}

/// The number nearest to `unchanged` at which a statement has changed, between it and `changed`.
fn halve(mut unchanged: u64, mut changed: u64, has_changed: impl Fn(u64) -> bool) -> u64 {
    while unchanged.abs_diff(changed) > 1 {
        let middle = u64::midpoint(unchanged, changed);
        if has_changed(middle) { changed = middle } else { unchanged = middle }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::halve;

    #[test]
    fn halving_finds_the_first_number_on_either_side() {
        assert_eq!(halve(10, 1_000, |users| users >= 137), 137);
        assert_eq!(halve(1_000, 10, |users| users <= 137), 137);
    }
}
