//! Mean values and mean weights → for each criterion the weights between which the recommendation holds.
//!
//! The other weights keep their proportions. The utility of a platform is then linear in the one weight, so that each end of an
//! interval is where two lines cross: exact, without search (weight stability intervals; Mareschal 1988).

use siteplan_catalog::reasoning::CriterionId;
use siteplan_model::recommendation::{Standing, WeightInterval};

use super::Ground;
use crate::round;
use crate::weights::AXES;

/// The interval of every criterion, in their order.
pub(crate) fn weight_stability(ground: Ground<'_, '_>) -> Vec<WeightInterval> {
    let means = ground.field.mean_weights();
    let feasible: Vec<usize> = (0..ground.field.candidates.len())
        .filter(|index| *index == ground.winner() || ground.field.candidates[*index].feasible())
        .collect();
    let values: Vec<[f64; AXES]> = feasible
        .iter()
        .map(|index| ground.field.candidates[*index].values.map(|value| value.middle))
        .collect();
    let Some(winner) = feasible.iter().position(|index| *index == ground.winner()) else { return Vec::new() };
    let utility = |platform: usize| (0..AXES).map(|axis| means[axis] * values[platform][axis]).sum::<f64>();
    let best = (0..values.len()).map(utility).fold(f64::NEG_INFINITY, f64::max);
    let (margin, holds_as) = if utility(winner) >= best {
        (0.0, Standing::Best)
    } else if utility(winner) >= best - ground.desk.catalog.criteria.tolerance {
        (ground.desk.catalog.criteria.tolerance, Standing::Good)
    } else {
        // The recommendation owes its place to what is uncertain, not to the expected values: there is no interval.
        return Vec::new();
    };
    let name = |platform: Option<usize>| {
        platform.map(|platform| ground.field.candidates[feasible[platform]].id().clone())
    };
    (0..AXES)
        .map(|axis| {
            let lines: Vec<Line> = values.iter().map(|values| Line::of(values, &means, axis)).collect();
            let [(from, below), (to, above)] = interval(&lines, winner, means[axis], margin);
            let [from, to] = [round(from), round(to)];
            WeightInterval {
                criterion: CriterionId::ALL[axis].as_str().to_owned(),
                weight: round(means[axis]),
                from,
                to,
                // Beyond an end that reads like the end of the scale there is nothing.
                below: name(below.filter(|_| from > 0.0)),
                above: name(above.filter(|_| to < 1.0)),
                holds_as,
            }
        })
        .collect()
}

/// A platform's utility over the weight of one criterion.
#[derive(Clone, Copy, Debug)]
struct Line {
    at_zero: f64,
    at_one: f64,
}

impl Line {
    fn of(values: &[f64; AXES], means: &[f64; AXES], axis: usize) -> Self {
        let rest = 1.0 - means[axis];
        let others = (0..AXES).filter(|other| *other != axis).map(|other| means[other] * values[other]);
        Self { at_zero: if rest > 0.0 { others.sum::<f64>() / rest } else { 0.0 }, at_one: values[axis] }
    }
}

/// The ends of the interval about `weight` in which the winner is at most `margin` behind, each with the line that ends it.
fn interval(lines: &[Line], winner: usize, weight: f64, margin: f64) -> [(f64, Option<usize>); 2] {
    let mut ends = [(0.0, None), (1.0, None)];
    for (index, line) in lines.iter().enumerate().filter(|(index, _)| *index != winner) {
        // How far the winner is ahead, with the margin: a line over the weight, not negative at `weight`.
        let at_zero = lines[winner].at_zero - line.at_zero + margin;
        let slope = lines[winner].at_one - line.at_one + margin - at_zero;
        if slope == 0.0 {
            continue;
        }
        let crossing = -at_zero / slope;
        if slope > 0.0 && crossing <= weight && crossing > ends[0].0 {
            ends[0] = (crossing, Some(index));
        } else if slope < 0.0 && crossing >= weight && crossing < ends[1].0 {
            ends[1] = (crossing, Some(index));
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::{Line, interval};

    #[test]
    fn two_lines_cross_where_they_must() {
        // Utilities 0.8 − 0.6 w and 0.2 + 0.6 w meet at w = 0.5.
        let lines = [Line { at_zero: 0.8, at_one: 0.2 }, Line { at_zero: 0.2, at_one: 0.8 }];
        let [(from, below), (to, above)] = interval(&lines, 0, 0.3, 0.0);
        assert_eq!((from, below), (0.0, None));
        assert!((to - 0.5).abs() < 1e-12 && above == Some(1), "{to}");
        let [(from, below), (to, above)] = interval(&lines, 1, 0.7, 0.0);
        assert!((from - 0.5).abs() < 1e-12 && below == Some(0), "{from}");
        assert_eq!((to, above), (1.0, None));
    }

    #[test]
    fn a_margin_widens_the_interval() {
        // With a margin of 0.06 the first holds until 0.8 − 0.6 w = 0.2 + 0.6 w − 0.06.
        let lines = [Line { at_zero: 0.8, at_one: 0.2 }, Line { at_zero: 0.2, at_one: 0.8 }];
        let [_, (to, _)] = interval(&lines, 0, 0.3, 0.06);
        assert!((to - 0.55).abs() < 1e-12, "{to}");
    }

    #[test]
    fn who_is_never_overtaken_holds_everywhere() {
        let lines = [Line { at_zero: 0.8, at_one: 0.9 }, Line { at_zero: 0.7, at_one: 0.1 }];
        assert_eq!(interval(&lines, 0, 0.4, 0.0), [(0.0, None), (1.0, None)]);
    }
}
