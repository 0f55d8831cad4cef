//! Values, weights and loads over all scenarios → how often each platform is the best, and how often a good choice.

use std::rc::Rc;

use siteplan_catalog::reasoning::CriterionId;
use siteplan_model::brief::Context;
use siteplan_model::gate::Gate;
use siteplan_model::money::Usd;

use crate::candidate::Candidate;
use crate::criteria::{Values, cost_value};
use crate::desk::Desk;
use crate::scenario::along;
use crate::situation::Situation;
use crate::weights::{AXES, WeightTable, position};

/// How platforms stand in every scenario: kept, so that a neighbouring situation computes only what differs.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    weights: Rc<WeightTable>,
    ceiling: Option<f64>,
    courses: Vec<Course>,
}

impl Judged {
    /// The mean weight of each criterion over the region.
    pub(crate) fn mean_weights(&self) -> [f64; AXES] {
        std::array::from_fn(|axis| {
            let column = &self.weights.columns[axis];
            column.iter().sum::<f64>() / to_f64(column.len().max(1))
        })
    }
}

/// One platform through all scenarios.
#[derive(Clone, Debug)]
struct Course {
    values: Values,
    cost_curve: Rc<[f64]>,
    utilities: Rc<[f64]>,
    /// Whether the budget is kept: one that is broken only at high loads counts in the scenarios of those loads.
    affordable: Rc<[bool]>,
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
    let before =
        before.filter(|before| before.ceiling == ceiling && before.courses.len() == candidates.len());
    let courses: Vec<Course> = candidates
        .iter()
        .enumerate()
        .map(|(index, candidate)| {
            let former = before.map(|before| (&before.courses[index], Rc::ptr_eq(&before.weights, &weights)));
            // What is paid already is not held against a budget that nobody stated.
            let paid = candidate.current && situation.choices.assumed.contains(&Gate::Budget);
            let ceiling = ceiling.filter(|_| !paid);
            course(desk, &situation.context, candidate, &weights, ceiling, former)
        })
        .collect();
    // What cannot run the application is no rival, unless nothing can.
    let some_able = candidates.iter().any(Candidate::able);
    let feasible: Vec<bool> =
        candidates.iter().map(|one| if some_able { one.able() } else { one.feasible() }).collect();
    for (candidate, [good, best]) in candidates.iter_mut().zip(count(&courses, &feasible, tolerance)) {
        (candidate.support, candidate.wins) = (good, best);
    }
    // How near a miss is orders what is above the budget. Beside a field only the best one is asked for, which then is above it
    // only where nothing is within.
    let some_within = candidates.iter().any(|one| one.able() && one.within);
    if before.is_none() || !some_within {
        for (candidate, near) in candidates.iter_mut().zip(promises(&courses, &feasible, tolerance)) {
            candidate.promise = near;
        }
    }
    Judged { weights, ceiling, courses }
}

fn course(
    desk: &Desk<'_>,
    context: &Context,
    candidate: &Candidate<'_>,
    weights: &WeightTable,
    ceiling: Option<f64>,
    former: Option<(&Course, bool)>,
) -> Course {
    if candidate.cost_curve.is_empty() {
        // Ruled out, and not needed as a near miss.
        return Course {
            values: candidate.values,
            cost_curve: Rc::default(),
            utilities: Rc::default(),
            affordable: Rc::default(),
        };
    }
    let same_costs = former.filter(|(former, _)| former.cost_curve == candidate.cost_curve);
    if let Some((former, true)) = same_costs
        && former.values == candidate.values
    {
        return former.clone();
    }
    let affordable = match same_costs {
        Some((former, _)) => Rc::clone(&former.affordable),
        None => affordable(desk, &candidate.cost_curve, ceiling),
    };
    let utilities = utilities(desk, context, candidate, weights);
    Course { values: candidate.values, cost_curve: Rc::clone(&candidate.cost_curve), utilities, affordable }
}

fn affordable(desk: &Desk<'_>, usd: &[f64], ceiling: Option<f64>) -> Rc<[bool]> {
    let limit = ceiling.map_or(f64::INFINITY, |ceiling| ceiling + 0.005);
    let scenarios = desk.draws.load.len();
    if usd.iter().all(|usd| *usd <= limit) {
        return vec![true; scenarios].into();
    }
    along(&desk.draws.load, usd).map(|usd| usd <= limit).collect::<Vec<_>>().into()
}

/// The weighted sum of a candidate's values in each scenario.
fn utilities(
    desk: &Desk<'_>,
    context: &Context,
    candidate: &Candidate<'_>,
    weights: &WeightTable,
) -> Rc<[f64]> {
    let mut sums = vec![0.0; desk.draws.load.len()];
    let Some(strata) = desk.strata(candidate.id()) else { return sums.into() };
    let cost_axis = position(CriterionId::Cost);
    for axis in 0..AXES {
        let value = candidate.values[axis];
        let (weights, strata) = (&weights.columns[axis], &strata[axis]);
        if axis == cost_axis {
            let curve: Vec<f64> =
                candidate.cost_curve.iter().map(|usd| cost_value(desk.catalog, context, *usd)).collect();
            let middles = along(&desk.draws.load, &curve);
            for (((sum, weight), stratum), middle) in sums.iter_mut().zip(weights).zip(strata).zip(middles) {
                let drawn = middle + value.half_width * f64::from(*stratum);
                *sum += weight * drawn.clamp(0.0, 1.0);
            }
        } else {
            for ((sum, weight), stratum) in sums.iter_mut().zip(weights).zip(strata) {
                let drawn = value.middle + value.half_width * f64::from(*stratum);
                *sum += weight * drawn.clamp(0.0, 1.0);
            }
        }
    }
    sums.into()
}

/// In what share of the scenarios each platform is feasible and within the tolerance of the best, and in which it is the best.
/// Of equals the first is the best.
fn count(courses: &[Course], feasible: &[bool], tolerance: f64) -> Vec<[f64; 2]> {
    let scenarios = courses.iter().map(|course| course.utilities.len()).max().unwrap_or_default();
    let mut best = vec![f64::NEG_INFINITY; scenarios];
    let mut winner = vec![usize::MAX; scenarios];
    let running = || courses.iter().enumerate().filter(|(index, _)| feasible[*index]);
    for (index, course) in running() {
        let rivals = best.iter_mut().zip(&mut winner).zip(course.utilities.iter().zip(&*course.affordable));
        for ((best, winner), (utility, affordable)) in rivals {
            if *affordable && *utility > *best {
                (*best, *winner) = (*utility, index);
            }
        }
    }
    let mut shares = vec![[0.0; 2]; courses.len()];
    let one = 1.0 / to_f64(scenarios.max(1));
    for (index, course) in running() {
        let good = course.utilities.iter().zip(&best).zip(&*course.affordable);
        let good =
            good.filter(|((utility, best), affordable)| **affordable && **utility >= **best - tolerance);
        shares[index][0] = to_f64(good.count()) * one;
    }
    for winner in winner.into_iter().filter(|winner| *winner < courses.len()) {
        shares[winner][1] += one;
    }
    shares
}

/// In what share of the scenarios each platform is within the tolerance of the best rival if no budget counted; where there is no
/// rival, of the best of all.
fn promises(courses: &[Course], rivals: &[bool], tolerance: f64) -> Vec<f64> {
    let scenarios = courses.iter().map(|course| course.utilities.len()).max().unwrap_or_default();
    let mut best = vec![f64::NEG_INFINITY; scenarios];
    let any = rivals.contains(&true);
    for (course, rival) in courses.iter().zip(rivals) {
        if any && !rival {
            continue;
        }
        for (best, utility) in best.iter_mut().zip(&*course.utilities) {
            *best = best.max(*utility);
        }
    }
    let near = |course: &Course| {
        course.utilities.iter().zip(&best).filter(|(utility, best)| **utility >= **best - tolerance).count()
    };
    courses.iter().map(|course| to_f64(near(course)) / to_f64(scenarios.max(1))).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand scenarios")]
fn to_f64(count: usize) -> f64 {
    count as f64
}
