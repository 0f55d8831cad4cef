//! Preferences → weight vectors, uniform over the region that they describe.
//!
//! A region given by "a weighs at least as much as b" is a union of cells, one for each total order of the criteria that
//! respects the preferences, and all cells of the simplex have the same volume. So a uniform draw is: one of these linear
//! extensions with equal probability, and the sorted coordinates of a uniform point of the simplex in that order. The
//! extensions are counted exactly over subsets (2⁸ of them), which leaves nothing to rejection.

use siteplan_catalog::condition::Circumstances;
use siteplan_catalog::reasoning::{Criteria, CriterionId, Preference};

use crate::scenario::Draws;

/// Number of criteria.
pub(crate) const AXES: usize = CriterionId::ALL.len();

/// The weights of all scenarios, criterion by criterion in the order of [`CriterionId::ALL`]; in each scenario their sum is one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WeightTable {
    /// For each criterion its weight in each scenario.
    pub(crate) columns: [Vec<f32>; AXES],
}

/// The region of weights that the answers imply.
#[derive(Clone, Debug)]
pub(crate) struct Region {
    /// For each criterion the set of those that must weigh at least as much, as bits.
    heavier: [u16; AXES],
    /// Number of ways to complete an order whose heaviest criteria are the set of bits.
    completions: Vec<u64>,
    /// Which criteria, as bits, may follow the set of bits.
    ready: Vec<u16>,
}

impl Region {
    /// The region of the preferences that hold. A preference that would contradict the earlier ones is left out.
    pub(crate) fn of(criteria: &Criteria, about: &Circumstances<'_>) -> Self {
        let mut heavier = [0_u16; AXES];
        for_each(criteria, about, &mut heavier, |_, _| ());
        Self::with(heavier)
    }

    /// The whole simplex.
    pub(crate) fn free() -> Self {
        Self::with([0; AXES])
    }

    fn with(heavier: [u16; AXES]) -> Self {
        let ready = ready(&heavier);
        Self { heavier, completions: completions(&ready), ready }
    }

    /// Which criteria each must not outweigh: what tells one region from another.
    pub(crate) fn heavier(&self) -> [u16; AXES] {
        self.heavier
    }

    /// The weights of every scenario.
    pub(crate) fn table(&self, draws: &Draws) -> WeightTable {
        let mut columns: [Vec<f32>; AXES] = std::array::from_fn(|_| vec![0.0; draws.order.len()]);
        for (number, (order, parts)) in draws.order.iter().zip(&draws.parts).enumerate() {
            let mut rank = self.rank(*order);
            let mut placed = 0_usize;
            for part in parts {
                let axis = self.next(placed, &mut rank);
                columns[axis][number] = *part;
                placed |= 1 << axis;
            }
        }
        WeightTable { columns }
    }

    /// Which of the linear extensions a number between 0 and 1 stands for.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 8! orders")]
    #[expect(clippy::cast_precision_loss, reason = "at most 8! orders")]
    fn rank(&self, order: f64) -> u64 {
        let all = self.completions[0];
        ((order * all as f64) as u64).min(all.saturating_sub(1))
    }

    /// The criterion that follows the placed ones in the extension of a rank.
    fn next(&self, placed: usize, rank: &mut u64) -> usize {
        let mut left = self.ready[placed];
        let mut last = 0;
        while left != 0 {
            last = left.trailing_zeros() as usize;
            let ways = self.completions[placed | (1 << last)];
            if *rank < ways {
                return last;
            }
            *rank -= ways;
            left &= left - 1;
        }
        last
    }
}

/// What the answers say of the weight of a criterion, each with the criteria that it outweighs or that outweigh it.
pub(crate) fn said<'c>(
    criteria: &'c Criteria,
    about: &Circumstances<'_>,
    of: CriterionId,
) -> Vec<(&'c Preference, Vec<CriterionId>)> {
    let mut said: Vec<(&Preference, Vec<CriterionId>)> = Vec::new();
    for_each(criteria, about, &mut [0; AXES], |preference, lighter| {
        let other = if preference.heavier == of {
            lighter
        } else if lighter == of {
            preference.heavier
        } else {
            return;
        };
        match said.last_mut().filter(|(last, _)| std::ptr::eq(*last, preference)) {
            Some((_, others)) => others.push(other),
            None => said.push((preference, vec![other])),
        }
    });
    said
}

/// Goes through the preferences that hold, and tells each lighter criterion that contradicts nothing before it.
fn for_each<'c>(
    criteria: &'c Criteria,
    about: &Circumstances<'_>,
    heavier: &mut [u16; AXES],
    mut tell: impl FnMut(&'c Preference, CriterionId),
) {
    for preference in criteria.preference.iter().filter(|preference| preference.when.holds(about)) {
        let above = position(preference.heavier);
        for lighter in &preference.lighter {
            let below = position(*lighter);
            let contradicts = reaches(heavier, above, below);
            if above != below && !contradicts {
                heavier[below] |= 1 << above;
                tell(preference, *lighter);
            }
        }
    }
}

/// For each set of placed criteria those that may follow: not placed yet, and all that outweigh them are.
fn ready(heavier: &[u16; AXES]) -> Vec<u16> {
    let follows =
        |placed: usize, axis: usize| placed & (1 << axis) == 0 && usize::from(heavier[axis]) & !placed == 0;
    (0..1 << AXES)
        .map(|placed| (0..AXES).filter(|axis| follows(placed, *axis)).fold(0, |all, axis| all | (1 << axis)))
        .collect()
}

/// Number of linear extensions that complete each set of already placed criteria.
fn completions(ready: &[u16]) -> Vec<u64> {
    let full = (1 << AXES) - 1;
    let mut ways = vec![0_u64; 1 << AXES];
    ways[full] = 1;
    for placed in (0..full).rev() {
        ways[placed] = (0..AXES)
            .filter(|axis| ready[placed] & (1 << axis) != 0)
            .map(|axis| ways[placed | (1 << axis)])
            .sum();
    }
    ways
}

/// Whether `from` must weigh at most as much as `to`, directly or through others: then the reverse contradicts.
fn reaches(heavier: &[u16; AXES], from: usize, to: usize) -> bool {
    let mut seen = 0_u16;
    let mut open = vec![from];
    while let Some(axis) = open.pop() {
        if axis == to {
            return true;
        }
        if seen & (1 << axis) == 0 {
            seen |= 1 << axis;
            open.extend((0..AXES).filter(|above| heavier[axis] & (1 << above) != 0));
        }
    }
    false
}

pub(crate) fn position(criterion: CriterionId) -> usize {
    CriterionId::ALL.iter().position(|known| *known == criterion).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{AXES, Region, reaches};
    use crate::scenario::Draws;

    fn region(heavier: [u16; AXES]) -> Region {
        Region::with(heavier)
    }

    #[test]
    fn without_preferences_every_order_is_possible() {
        assert_eq!(region([0; AXES]).completions[0], 40_320);
    }

    #[test]
    fn one_inequality_halves_the_orders() {
        let mut heavier = [0; AXES];
        heavier[1] = 1;
        assert_eq!(region(heavier).completions[0], 20_160);
    }

    #[test]
    fn every_draw_respects_the_preferences_and_sums_to_one() {
        let mut heavier = [0; AXES];
        heavier[3] = 0b101;
        heavier[7] = 0b1000;
        let table = region(heavier).table(&Draws::of(500));
        for n in 0..500 {
            let weight = |axis: usize| table.columns[axis][n];
            assert!(((0..AXES).map(weight).sum::<f32>() - 1.0).abs() < 1e-6);
            assert!(weight(0) >= weight(3) && weight(2) >= weight(3) && weight(3) >= weight(7));
        }
    }

    #[test]
    fn without_preferences_all_weights_have_the_same_mean() {
        let table = region([0; AXES]).table(&Draws::of(4096));
        for column in &table.columns {
            let mean = column.iter().copied().map(f64::from).sum::<f64>() / 4096.0;
            assert!((mean - 0.125).abs() < 0.004, "{mean}");
        }
    }

    #[test]
    fn a_total_order_gives_the_means_of_ordered_spacings() {
        // Each criterion weighs at least as much as the next: its mean is that of the k-th largest of eight spacings.
        let heavier = std::array::from_fn(|axis| if axis == 0 { 0 } else { 1 << (axis - 1) });
        let table = region(heavier).table(&Draws::of(4096));
        for (axis, column) in table.columns.iter().enumerate() {
            let expected =
                (axis + 1..=8).map(|i| 1.0 / f64::from(u32::try_from(i).unwrap())).sum::<f64>() / 8.0;
            let mean = column.iter().copied().map(f64::from).sum::<f64>() / 4096.0;
            assert!((mean - expected).abs() < 0.004, "{axis}: {mean} {expected}");
        }
    }

    #[test]
    fn a_contradiction_is_seen_through_others() {
        let mut heavier = [0; AXES];
        heavier[1] = 0b1;
        heavier[2] = 0b10;
        assert!(reaches(&heavier, 2, 0));
        assert!(!reaches(&heavier, 0, 2));
    }
}
