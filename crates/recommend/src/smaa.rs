//! Values, weights and loads over all scenarios → how often each platform is the best, and how often a good choice.

use std::rc::Rc;

use siteplan_catalog::reasoning::CriterionId;
use siteplan_model::brief::Context;
use siteplan_model::gate::Gate;
use siteplan_model::money::Usd;

use siteplan_model::recommendation::Level;

use crate::candidate::{Candidate, Contest};
use crate::criteria::{Values, cost_value};
use crate::desk::Desk;
use crate::lanes::{add_rising, add_weighted, keep_best, reaching, wide};
use crate::level;
use crate::scenario::Run;
use crate::situation::Situation;
use crate::weights::{AXES, WeightTable, position};

/// How platforms stand in every scenario: kept, so that a neighbouring situation computes only what differs.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    weights: Rc<WeightTable>,
    /// The budget, and what a month may cost.
    budget: [Option<f64>; 2],
    courses: Vec<Course>,
}

impl Judged {
    /// The mean weight of each criterion over the region.
    pub(crate) fn mean_weights(&self) -> [f64; AXES] {
        std::array::from_fn(|axis| {
            let column = &self.weights.columns[axis];
            column.iter().copied().map(f64::from).sum::<f64>() / to_f64(column.len().max(1))
        })
    }
}

/// One platform through all scenarios. Single precision holds seven digits, and no value is known to three.
#[derive(Clone, Debug)]
struct Course {
    values: Values,
    cost_curve: Rc<[f64]>,
    /// The weighted sum of every criterion but cost, scenario by scenario.
    others: Rc<[f32]>,
    utilities: Rc<[f32]>,
    /// The utilities where the budget is kept, else nothing could be worse: a budget that is broken only at high loads counts in
    /// the scenarios of those loads.
    affordable: Rc<[f32]>,
}

/// What the judgement itself decides: its own sensitivity is reported too.
#[derive(Clone, Debug)]
pub(crate) struct Method {
    /// Weights in every scenario.
    pub(crate) weights: Rc<WeightTable>,
    /// Distance from the best value within which an option still counts as a good choice.
    pub(crate) tolerance: f64,
}

impl Method {
    /// The method as the catalog declares it, with the weights that the answers imply.
    pub(crate) fn declared(desk: &Desk<'_>, situation: &Situation<'_>) -> Self {
        Self { weights: desk.weights(&situation.about()), tolerance: desk.catalog.criteria.tolerance }
    }
}

/// Judges all candidates; `before` is a field with the same platforms whose courses may serve again.
pub(crate) fn judge(
    desk: &Desk<'_>,
    situation: &Situation<'_>,
    method: Method,
    candidates: &mut [Candidate<'_>],
    before: Option<&Judged>,
) -> Judged {
    let Method { weights, tolerance } = method;
    let ceiling = situation.context.ceiling().map(Usd::to_f64);
    let limit = situation.asked(desk.catalog).limit().map(Usd::to_f64);
    let before =
        before.filter(|before| before.budget == [ceiling, limit] && before.courses.len() == candidates.len());
    let courses: Vec<Course> = candidates
        .iter()
        .enumerate()
        .map(|(index, candidate)| {
            let former = before.map(|before| (&before.courses[index], Rc::ptr_eq(&before.weights, &weights)));
            // What is paid already is not held against a budget that nobody stated.
            let paid = candidate.current && situation.choices.assumed.contains(&Gate::Budget);
            let limit = limit.filter(|_| !paid);
            course(desk, &situation.context, candidate, &weights, limit, former)
        })
        .collect();
    // What cannot run the application is no rival, unless nothing can.
    let some_able = candidates.iter().any(|one| one.able() && one.stands());
    let is_rival = |one: &Candidate<'_>| one.stands() && (one.able() || !some_able);
    let rivals: Vec<bool> = candidates.iter().map(is_rival).collect();
    for (candidate, [good, best]) in candidates.iter_mut().zip(count(&courses, &rivals, tolerance)) {
        (candidate.support, candidate.wins) = (good, best);
        candidate.level = level(desk.catalog, good);
        candidate.contest = Contest::Among;
    }
    alone(desk, &courses, candidates, &rivals, tolerance);
    // How near a miss is orders what is above the budget. Beside a field only the best one is asked for, which then is above it
    // only where nothing is within.
    let some_within = candidates.iter().any(|one| one.able() && one.within);
    if before.is_none() || !some_within {
        for (index, near) in promises(&courses, candidates, tolerance) {
            candidates[index].promise = near;
        }
    }
    Judged { weights, budget: [ceiling, limit], courses }
}

fn course(
    desk: &Desk<'_>,
    context: &Context,
    candidate: &Candidate<'_>,
    weights: &WeightTable,
    ceiling: Option<f64>,
    former: Option<(&Course, bool)>,
) -> Course {
    let Some(strata) = desk.strata(candidate.id()).filter(|_| !candidate.cost_curve.is_empty()) else {
        // Ruled out, and not needed as a near miss.
        return Course {
            values: candidate.values,
            cost_curve: Rc::default(),
            others: Rc::default(),
            utilities: Rc::default(),
            affordable: Rc::default(),
        };
    };
    let cost_axis = position(CriterionId::Cost);
    let alike = |axis: usize, former: &Course| former.values[axis] == candidate.values[axis];
    let former = former.filter(|(former, _)| !former.utilities.is_empty());
    let same_costs = former.filter(|(former, _)| former.cost_curve == candidate.cost_curve);
    // What was weighed alike and has the same values need not be weighed again.
    let same_others = former.filter(|(former, same_weights)| {
        *same_weights && (0..AXES).filter(|axis| *axis != cost_axis).all(|axis| alike(axis, former))
    });
    if let (Some((former, _)), Some(_)) =
        (same_others, same_costs.filter(|(former, _)| alike(cost_axis, former)))
    {
        return former.clone();
    }
    let others = match same_others {
        Some((former, _)) => Rc::clone(&former.others),
        None => others(&candidate.values, weights, strata, cost_axis),
    };
    let utilities =
        with_cost(&others, desk, context, candidate, &weights.columns[cost_axis], &strata[cost_axis]);
    let affordable = affordable(desk, &candidate.cost_curve, ceiling, &utilities);
    let cost_curve = Rc::clone(&candidate.cost_curve);
    Course { values: candidate.values, cost_curve, others, utilities, affordable }
}

/// The utilities of the scenarios in which the budget is kept, and of the others one that is worse than any.
fn affordable(desk: &Desk<'_>, usd: &[f64], ceiling: Option<f64>, utilities: &Rc<[f32]>) -> Rc<[f32]> {
    let limit = ceiling.map_or(f64::INFINITY, |ceiling| ceiling + 0.005);
    if usd.iter().all(|usd| *usd <= limit) {
        return Rc::clone(utilities);
    }
    let mut kept: Rc<[f32]> = Rc::from(&**utilities);
    let of_all = Rc::make_mut(&mut kept);
    for run in desk.draws.along(usd) {
        // Along a run the cost rises or falls with the load, so that its dear scenarios are at one end.
        let cost = |share: &f32| run.low + run.rise * f64::from(*share);
        let (first, last) = (run.scenarios.start, run.scenarios.end);
        let dear = if run.rise > 0.0 {
            first + run.shares.partition_point(|share| cost(share) <= limit)..last
        } else {
            first..first + run.shares.partition_point(|share| cost(share) > limit)
        };
        of_all[dear].fill(f32::NEG_INFINITY);
    }
    kept
}

/// The weighted sum of a candidate's values in each scenario, without that of its cost.
fn others(values: &Values, weights: &WeightTable, strata: &[Vec<f32>; AXES], cost_axis: usize) -> Rc<[f32]> {
    let mut sums: Rc<[f32]> = std::iter::repeat_n(0.0, strata[cost_axis].len()).collect();
    let of_all = Rc::make_mut(&mut sums);
    wide(
        #[inline(always)]
        || {
            for axis in (0..AXES).filter(|axis| *axis != cost_axis) {
                let value = [values[axis].middle, values[axis].half_width].map(single);
                add_weighted(of_all, [&weights.columns[axis], &strata[axis]], value);
            }
        },
    );
    sums
}

/// The weighted sum of all values: `others`, and that of the cost at the load of each scenario.
fn with_cost(
    others: &[f32],
    desk: &Desk<'_>,
    context: &Context,
    candidate: &Candidate<'_>,
    weights: &[f32],
    strata: &[f32],
) -> Rc<[f32]> {
    let half_width = single(candidate.values[position(CriterionId::Cost)].half_width);
    let curve: Vec<f64> =
        candidate.cost_curve.iter().map(|usd| cost_value(desk.catalog, context, *usd)).collect();
    let mut sums: Rc<[f32]> = Rc::from(others);
    let of_all = Rc::make_mut(&mut sums);
    wide(
        #[inline(always)]
        || {
            for Run { scenarios, low, rise, shares } in desk.draws.along(&curve) {
                let along = [&weights[scenarios.clone()], &strata[scenarios.clone()], shares];
                add_rising(&mut of_all[scenarios], along, [single(low), single(rise), half_width]);
            }
        },
    );
    sums
}

/// In what share of the scenarios each platform is feasible and within the tolerance of the best, and in which it is the best.
/// Of equals the first is the best.
fn count(courses: &[Course], feasible: &[bool], tolerance: f64) -> Vec<[f64; 2]> {
    let scenarios = courses.iter().map(|course| course.utilities.len()).max().unwrap_or_default();
    let mut best = vec![f32::NEG_INFINITY; scenarios];
    let mut winner = vec![u32::MAX; scenarios];
    let running =
        || (0_u32..).zip(courses).zip(feasible).filter(|(_, feasible)| **feasible).map(|(one, _)| one);
    wide(
        #[inline(always)]
        || {
            for (index, course) in running() {
                keep_best(&mut best, &mut winner, &course.affordable, index);
            }
        },
    );
    let good_from = good_from(&best, tolerance);
    let mut wins = vec![0_u32; courses.len()];
    for winner in winner {
        if let Some(wins) = usize::try_from(winner).ok().and_then(|winner| wins.get_mut(winner)) {
            *wins += 1;
        }
    }
    let share = |count: u32| f64::from(count) / to_f64(scenarios.max(1));
    let shares = |((course, feasible), wins): ((&Course, &bool), u32)| {
        let good = if *feasible {
            wide(
                #[inline(always)]
                || reaching(&course.affordable, &good_from),
            )
        } else {
            0
        };
        [share(good), share(wins)]
    };
    courses.iter().zip(feasible).zip(wins).map(shares).collect()
}

/// Says of an only candidate that it is one. That nothing else was within the budget says nothing of how well it suits: its level is
/// no higher than it would be if the budget did not count, and where nothing was compared with it, it is not high.
fn alone(
    desk: &Desk<'_>,
    courses: &[Course],
    candidates: &mut [Candidate<'_>],
    rivals: &[bool],
    tolerance: f64,
) {
    let mut supported = (0..candidates.len()).filter(|index| candidates[*index].support > 0.0);
    let (Some(only), None) = (supported.next(), supported.next()) else { return };
    let compared: Vec<usize> = (0..candidates.len()).filter(|index| rivals[*index]).collect();
    let place = compared.iter().position(|index| *index == only);
    let others: Vec<&Course> = compared.iter().map(|index| &courses[*index]).collect();
    let suits = place.filter(|_| compared.len() > 1).map(|place| shares_near(&others, tolerance)[place]);
    let candidate = &mut candidates[only];
    candidate.contest = suits.map_or(Contest::OnlyFeasible, Contest::OnlyWithin);
    candidate.level = match suits {
        Some(suits) => level(desk.catalog, suits.min(candidate.support)),
        None => candidate.level.min(Level::Medium),
    };
}

/// In what share of the scenarios each platform is within the tolerance of the best of those that stand with it, if no budget
/// counted; those that stand alone need none.
fn promises(courses: &[Course], candidates: &[Candidate<'_>], tolerance: f64) -> Vec<(usize, f64)> {
    let mut promises = Vec::new();
    let mut left: Vec<usize> = (0..candidates.len()).collect();
    while let Some(first) = left.first().copied() {
        let (peers, others): (Vec<usize>, Vec<usize>) =
            left.into_iter().partition(|index| candidates[*index].stands_with(&candidates[first]));
        left = others;
        if peers.len() > 1 {
            let of_peers: Vec<&Course> = peers.iter().map(|index| &courses[*index]).collect();
            promises.extend(peers.into_iter().zip(shares_near(&of_peers, tolerance)));
        }
    }
    promises
}

/// In what share of the scenarios each is within the tolerance of the best of all.
fn shares_near(courses: &[&Course], tolerance: f64) -> Vec<f64> {
    let scenarios = courses.iter().map(|course| course.utilities.len()).max().unwrap_or_default();
    let mut best = vec![f32::NEG_INFINITY; scenarios];
    for course in courses {
        for (best, utility) in best.iter_mut().zip(&*course.utilities) {
            *best = if *utility > *best { *utility } else { *best };
        }
    }
    let good_from = good_from(&best, tolerance);
    let near = |course: &&Course| {
        f64::from(wide(
            #[inline(always)]
            || reaching(&course.utilities, &good_from),
        )) / to_f64(scenarios.max(1))
    };
    courses.iter().map(near).collect()
}

/// From which utility on an option is a good choice, scenario by scenario: none is, where there is no best one.
fn good_from(best: &[f32], tolerance: f64) -> Vec<f32> {
    let tolerance = single(tolerance);
    best.iter().map(|best| if *best > f32::NEG_INFINITY { best - tolerance } else { f32::INFINITY }).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "a value between 0 and 1, to seven digits")]
fn single(value: f64) -> f32 {
    value as f32
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand scenarios")]
fn to_f64(count: usize) -> f64 {
    count as f64
}
