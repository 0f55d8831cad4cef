//! Values, weights and loads over all scenarios → how often each platform is the best, and how often a good choice.

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Circumstances;
use siteplan_catalog::reasoning::CriterionId;
use siteplan_model::brief::Context;

use crate::candidate::{Candidate, Field};
use crate::criteria::cost_value;
use crate::scenario::{Scenario, Strata, scenarios};
use crate::weights::{AXES, Region, Weights, position};

/// Fills in `support`, `wins` and `promise` of every candidate.
pub(crate) fn judge(catalog: &Catalog, field: &mut Field<'_>, about: &Circumstances<'_>) {
    let criteria = &catalog.criteria;
    let region = Region::of(criteria, about);
    let strata: Vec<[Strata; AXES]> = field
        .candidates
        .iter()
        .map(|candidate| {
            std::array::from_fn(|axis| Strata::of(candidate.id().as_str(), axis, criteria.scenarios))
        })
        .collect();
    let mut counts = vec![[0_u32; 3]; field.candidates.len()];
    for scenario in scenarios(criteria.scenarios) {
        let weights = region.draw(scenario.order, &scenario.weights);
        let outcomes: Vec<Outcome> = field
            .candidates
            .iter()
            .zip(&strata)
            .map(|(candidate, strata)| {
                outcome(catalog, about.context, candidate, strata, &scenario, &weights)
            })
            .collect();
        count(&outcomes, criteria.tolerance, &mut counts);
    }
    let share = |times: u32| f64::from(times) / f64::from(criteria.scenarios.max(1));
    for (candidate, [good, best, near]) in field.candidates.iter_mut().zip(counts) {
        (candidate.support, candidate.wins, candidate.promise) = (share(good), share(best), share(near));
    }
}

/// A candidate in one scenario.
#[derive(Clone, Copy, Debug)]
struct Outcome {
    utility: f64,
    feasible: bool,
}

fn outcome(
    catalog: &Catalog,
    context: &Context,
    candidate: &Candidate<'_>,
    strata: &[Strata; AXES],
    scenario: &Scenario,
    weights: &Weights,
) -> Outcome {
    let usd = interpolate(&candidate.cost_curve, scenario.load);
    let cost_axis = position(CriterionId::Cost);
    let mut utility = 0.0;
    for axis in 0..AXES {
        let value = candidate.values[axis];
        let middle = if axis == cost_axis { cost_value(catalog, context, usd) } else { value.middle };
        let drawn = middle + value.half_width * strata[axis].at(scenario.number);
        utility += weights[axis] * drawn.clamp(0.0, 1.0);
    }
    // A budget that is broken only at high loads counts in the scenarios of those loads.
    let affordable = context.ceiling().is_none_or(|ceiling| usd <= ceiling.to_f64() + 0.005);
    let other = candidate.violates.iter().any(|exclusion| exclusion.constraint != BUDGET);
    Outcome { utility, feasible: candidate.feasible() && affordable && !other }
}

/// Id of the constraint that depends on the load.
const BUDGET: &str = "budget";

fn count(outcomes: &[Outcome], tolerance: f64, counts: &mut [[u32; 3]]) {
    let best_of = |only_feasible: bool| {
        outcomes
            .iter()
            .enumerate()
            .filter(|(_, outcome)| outcome.feasible || !only_feasible)
            .max_by(|(i, a), (j, b)| a.utility.total_cmp(&b.utility).then(j.cmp(i)))
            .map(|(index, outcome)| (index, outcome.utility))
    };
    if let Some((best, utility)) = best_of(true) {
        counts[best][1] += 1;
        for (index, outcome) in outcomes.iter().enumerate() {
            if outcome.feasible && outcome.utility >= utility - tolerance {
                counts[index][0] += 1;
            }
        }
    }
    if let Some((_, utility)) = best_of(false) {
        for (index, outcome) in outcomes.iter().enumerate() {
            if outcome.utility >= utility - tolerance {
                counts[index][2] += 1;
            }
        }
    }
}

/// Cost at a position of the load band, between the points of the curve.
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
    let share = place - libm::floor(place);
    curve[left] + (curve[right] - curve[left]) * share
}
