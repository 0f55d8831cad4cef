//! Leads on the criteria and their weights, now and under another answer → what turned the result, in words.

use siteplan_catalog::reasoning::CriterionId;

use crate::weights::AXES;
use crate::words::{axes, join};

/// How far one platform is ahead of another on each criterion, and what each criterion weighs: now, and under another answer.
pub(crate) struct Lead {
    pub(crate) lead: [[f64; AXES]; 2],
    pub(crate) weights: [[f64; AXES]; 2],
}

/// Leads and differences of them that are too small to speak of.
const SLIGHT_LEAD: f64 = 0.03;
/// Differences of weights that are too small to speak of.
const SLIGHT_WEIGHT: f64 = 0.01;
/// Most criteria that a reason names for each way in which they turned the result.
const CRITERIA_TOLD: usize = 3;
/// Most ways that a reason names.
const WAYS_TOLD: usize = 2;

impl Lead {
    /// What made the difference, the most of it first: a lead that weighs more, a lag that weighs less, or values that moved.
    pub(crate) fn words(&self) -> String {
        let [before, after] = self.lead;
        let [light, heavy] = self.weights;
        let gain = |axis: usize| heavy[axis] * after[axis] - light[axis] * before[axis];
        let heavier = |axis: usize| heavy[axis] > light[axis] + SLIGHT_WEIGHT && after[axis] > SLIGHT_LEAD;
        let lighter = |axis: usize| heavy[axis] < light[axis] - SLIGHT_WEIGHT && after[axis] < -SLIGHT_LEAD;
        let moved = |axis: usize| after[axis] > before[axis] + SLIGHT_LEAD;
        let ahead = |axis: usize| after[axis] > SLIGHT_LEAD;
        let of = |is: &dyn Fn(usize) -> bool| {
            let mut told: Vec<usize> = axes().filter(|axis| gain(*axis) > 0.0 && is(*axis)).collect();
            told.sort_by(|one, other| gain(*other).total_cmp(&gain(*one)));
            told.truncate(CRITERIA_TOLD);
            let sum: f64 = told.iter().map(|axis| gain(*axis)).sum();
            (told, sum)
        };
        let many = |told: &[usize]| if told.len() == 1 { "weighs" } else { "weigh" };
        let ways = [
            (of(&heavier), "is ahead in", "more"),
            (
                of(&|axis| !heavier(axis) && moved(axis) && ahead(axis) && before[axis] <= SLIGHT_LEAD),
                "then is ahead in",
                "",
            ),
            (
                of(&|axis| !heavier(axis) && moved(axis) && ahead(axis) && before[axis] > SLIGHT_LEAD),
                "then is further ahead in",
                "",
            ),
            (of(&|axis| !lighter(axis) && moved(axis) && !ahead(axis)), "then lags less in", ""),
            (of(&lighter), "lags in", "less"),
        ];
        let mut ways: Vec<(f64, String)> = ways
            .into_iter()
            .filter(|((told, _), ..)| !told.is_empty())
            .map(|((told, sum), opening, weighs)| {
                let names: Vec<String> =
                    told.iter().map(|axis| format!("`{}`", CriterionId::ALL[*axis].as_str())).collect();
                let weighs = if weighs.is_empty() {
                    String::new()
                } else {
                    format!(", which then {} {weighs}", many(&told))
                };
                (sum, format!("{opening} {}{weighs}", join(&names)))
            })
            .collect();
        ways.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        ways.truncate(WAYS_TOLD);
        ways.into_iter().map(|(_, way)| way).collect::<Vec<_>>().join("; it ")
    }
}

#[cfg(test)]
mod tests {
    use super::{AXES, Lead};

    /// Axes in the order of the criteria: fit, simplicity, cost, …
    fn lead(before: &[f64], after: &[f64], weights: [&[f64]; 2]) -> String {
        let all = |given: &[f64]| {
            std::array::from_fn::<f64, AXES, _>(|axis| given.get(axis).copied().unwrap_or_default())
        };
        Lead { lead: [all(before), all(after)], weights: weights.map(all) }.words()
    }

    #[test]
    fn a_weight_is_said_to_rise_only_where_it_rises() {
        let (even, heavy) = (&[0.2, 0.2, 0.2][..], &[0.2, 0.2, 0.5][..]);
        assert_eq!(
            lead(&[0.0, 0.0, 0.3], &[0.0, 0.0, 0.3], [even, heavy]),
            "is ahead in `cost`, which then weighs more"
        );
        assert_eq!(lead(&[0.0, 0.0, 0.1], &[0.0, 0.0, 0.4], [even, even]), "then is further ahead in `cost`");
        assert_eq!(lead(&[-0.2, 0.0, 0.0], &[0.3, 0.0, 0.0], [even, even]), "then is ahead in `fit`");
        assert_eq!(lead(&[-0.5, 0.0, 0.0], &[-0.2, 0.0, 0.0], [even, even]), "then lags less in `fit`");
        assert_eq!(
            lead(&[0.0, 0.0, -0.3], &[0.0, 0.0, -0.3], [heavy, even]),
            "lags in `cost`, which then weighs less"
        );
        assert_eq!(lead(&[0.1; 3], &[0.1; 3], [even, even]), "");
    }

    #[test]
    fn what_turned_the_most_comes_first_and_two_ways_are_told() {
        let (before, after) = (&[0.2, 0.2, -0.4][..], &[0.5, 0.2, -0.4][..]);
        let said = lead(before, after, [&[0.3, 0.1, 0.3], &[0.3, 0.3, 0.2]]);
        assert_eq!(
            said,
            "then is further ahead in `fit`; it is ahead in `simplicity`, which then weighs more"
        );
    }
}
