//! Values, weights and loads over all scenarios → how often each platform is the best, and how often a good choice.

use std::rc::Rc;

use siteplan_catalog::reasoning::CriterionId;
use siteplan_model::brief::Context;
use siteplan_model::money::Usd;

use crate::candidate::Candidate;
use crate::criteria::{Values, cost_value};
use crate::desk::Desk;
use crate::situation::Situation;
use crate::weights::{AXES, WeightTable, position};

/// How platforms stand in every scenario: kept, so that a neighbouring situation computes only what differs.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    weights: Rc<WeightTable>,
    ceiling: Option<f64>,
    courses: Vec<Course>,
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

/// Judges all candidates; `before` is a field with the same platforms whose courses may serve again.
pub(crate) fn judge(
    desk: &Desk<'_>,
    situation: &Situation<'_>,
    candidates: &mut [Candidate<'_>],
    before: Option<&Judged>,
) -> Judged {
    let weights = desk.weights(&situation.about());
    let ceiling = situation.context.ceiling().map(Usd::to_f64);
    let before =
        before.filter(|before| before.ceiling == ceiling && before.courses.len() == candidates.len());
    let courses: Vec<Course> = candidates
        .iter()
        .enumerate()
        .map(|(index, candidate)| {
            let former = before.map(|before| (&before.courses[index], Rc::ptr_eq(&before.weights, &weights)));
            course(desk, &situation.context, candidate, &weights, ceiling, former)
        })
        .collect();
    let feasible: Vec<bool> = candidates.iter().map(Candidate::feasible).collect();
    let counted = count(&courses, &feasible, desk.catalog.criteria.tolerance);
    for (candidate, [good, best, near]) in candidates.iter_mut().zip(counted) {
        (candidate.support, candidate.wins, candidate.promise) = (good, best, near);
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
    let within = |load: &f64| ceiling.is_none_or(|ceiling| interpolate(usd, *load) <= ceiling + 0.005);
    desk.draws.load.iter().map(within).collect()
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
            for (((sum, weight), stratum), load) in
                sums.iter_mut().zip(weights).zip(strata).zip(&desk.draws.load)
            {
                let drawn = interpolate(&curve, *load) + value.half_width * f64::from(*stratum);
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

/// In what share of the scenarios each platform is feasible and within the tolerance of the best, in which it is the best, and
/// in which it is within the tolerance if no constraint counted. Of equals the first is the best.
fn count(courses: &[Course], feasible: &[bool], tolerance: f64) -> Vec<[f64; 3]> {
    let count = courses.first().map_or(0, |course| course.utilities.len());
    let mut best = vec![f64::NEG_INFINITY; count];
    let mut winner = vec![usize::MAX; count];
    let mut best_of_all = vec![f64::NEG_INFINITY; count];
    for (index, course) in courses.iter().enumerate() {
        for (best, utility) in best_of_all.iter_mut().zip(&*course.utilities) {
            *best = best.max(*utility);
        }
        if !feasible[index] {
            continue;
        }
        let rivals = best.iter_mut().zip(&mut winner).zip(course.utilities.iter().zip(&*course.affordable));
        for ((best, winner), (utility, affordable)) in rivals {
            if *affordable && *utility > *best {
                (*best, *winner) = (*utility, index);
            }
        }
    }
    let mut wins = vec![0_usize; courses.len()];
    for winner in winner.into_iter().filter(|winner| *winner < courses.len()) {
        wins[winner] += 1;
    }
    #[expect(clippy::cast_precision_loss, reason = "a few thousand scenarios")]
    let share = |times: usize| times as f64 / count.max(1) as f64;
    let near = |course: &Course, best: &[f64]| {
        course.utilities.iter().zip(best).filter(|(utility, best)| **utility >= **best - tolerance).count()
    };
    let good = |course: &Course| {
        let scenarios = course.utilities.iter().zip(&best).zip(&*course.affordable);
        scenarios
            .filter(|((utility, best), affordable)| **affordable && **utility >= **best - tolerance)
            .count()
    };
    let shares = |(index, course): (usize, &Course)| {
        let support = if feasible[index] { share(good(course)) } else { 0.0 };
        [support, share(wins[index]), share(near(course, &best_of_all))]
    };
    courses.iter().enumerate().map(shares).collect()
}

/// A curve at a position of the load band, between its points.
fn interpolate(curve: &[f64], position: f64) -> f64 {
    let Some(last) = curve.len().checked_sub(1) else { return 0.0 };
    #[expect(clippy::cast_precision_loss, reason = "a handful of points")]
    let place = position * last as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the last point"
    )]
    let left = (place as usize).min(last);
    let right = (left + 1).min(last);
    #[expect(clippy::cast_precision_loss, reason = "a handful of points")]
    let share = place - left as f64;
    curve[left] + (curve[right] - curve[left]) * share
}
