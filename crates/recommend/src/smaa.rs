//! Values, weights and loads over all scenarios → how often each platform is the best, and how often a good choice.

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Circumstances;
use siteplan_catalog::reasoning::CriterionId;
use siteplan_model::brief::Context;
use siteplan_model::money::Usd;

use crate::candidate::{Candidate, Field};
use crate::criteria::{Values, cost_value};
use crate::scenario::{Scenario, Strata, scenarios};
use crate::weights::{AXES, Region, Weights, position};

/// Fills in `support`, `wins` and `promise` of every candidate.
pub(crate) fn judge(catalog: &Catalog, field: &mut Field<'_>, about: &Circumstances<'_>) {
    let criteria = &catalog.criteria;
    let region = Region::of(criteria, about);
    let ceiling = about.context.ceiling().map(Usd::to_f64);
    let players: Vec<Player<'_>> = field
        .candidates
        .iter()
        .map(|candidate| Player::of(catalog, about.context, candidate, criteria.scenarios))
        .collect();
    let mut counts = vec![[0_u32; 3]; players.len()];
    let mut outcomes = Vec::with_capacity(players.len());
    for scenario in scenarios(criteria.scenarios) {
        let weights = region.draw(scenario.order, &scenario.weights);
        outcomes.clear();
        outcomes.extend(players.iter().map(|player| player.outcome(&scenario, &weights, ceiling)));
        count(&outcomes, criteria.tolerance, &mut counts);
    }
    let share = |times: u32| f64::from(times) / f64::from(criteria.scenarios.max(1));
    for (candidate, [good, best, near]) in field.candidates.iter_mut().zip(counts) {
        (candidate.support, candidate.wins, candidate.promise) = (share(good), share(best), share(near));
    }
}

/// A candidate, prepared for many scenarios.
struct Player<'a> {
    values: &'a Values,
    strata: [Strata; AXES],
    /// Monthly cost at each load point.
    usd: &'a [f64],
    /// Value of that cost at each load point.
    cost: Vec<f64>,
    /// Whether no constraint but the budget is broken, and the budget is kept at the expected load.
    feasible: bool,
}

/// A candidate in one scenario.
#[derive(Clone, Copy, Debug)]
struct Outcome {
    utility: f64,
    feasible: bool,
}

impl<'a> Player<'a> {
    fn of(catalog: &Catalog, context: &Context, candidate: &'a Candidate<'_>, count: u32) -> Self {
        Self {
            values: &candidate.values,
            strata: std::array::from_fn(|axis| Strata::of(candidate.id().as_str(), axis, count)),
            usd: &candidate.cost_curve,
            cost: candidate.cost_curve.iter().map(|usd| cost_value(catalog, context, *usd)).collect(),
            feasible: candidate.feasible(),
        }
    }

    fn outcome(&self, scenario: &Scenario, weights: &Weights, ceiling: Option<f64>) -> Outcome {
        let cost_axis = position(CriterionId::Cost);
        let mut utility = 0.0;
        for (axis, weight) in weights.iter().enumerate() {
            let value = self.values[axis];
            let middle =
                if axis == cost_axis { interpolate(&self.cost, scenario.load) } else { value.middle };
            let drawn = middle + value.half_width * self.strata[axis].at(scenario.number);
            utility += weight * drawn.clamp(0.0, 1.0);
        }
        // A budget that is broken only at high loads counts in the scenarios of those loads.
        let affordable =
            ceiling.is_none_or(|ceiling| interpolate(self.usd, scenario.load) <= ceiling + 0.005);
        Outcome { utility, feasible: self.feasible && affordable }
    }
}

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
