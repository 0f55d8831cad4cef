//! Preferences → weight vectors, uniform over the region that they describe.
//!
//! A region given by "a weighs at least as much as b" is a union of cells, one for each total order of the criteria that
//! respects the preferences, and all cells of the simplex have the same volume. So a uniform draw is: one of these linear
//! extensions with equal probability, and the sorted coordinates of a uniform point of the simplex in that order. The
//! extensions are counted exactly over subsets (2⁸ of them), which leaves nothing to rejection.

use siteplan_catalog::condition::Circumstances;
use siteplan_catalog::reasoning::{Criteria, CriterionId};

/// Number of criteria.
pub(crate) const AXES: usize = CriterionId::ALL.len();

/// A weight for each criterion, in the order of [`CriterionId::ALL`]; the sum is one.
pub(crate) type Weights = [f64; AXES];

/// The region of weights that the answers imply.
#[derive(Clone, Debug)]
pub(crate) struct Region {
    /// For each criterion the set of those that must weigh at least as much, as bits.
    heavier: [u16; AXES],
    /// Number of ways to complete an order whose heaviest criteria are the set of bits.
    completions: Vec<u64>,
}

impl Region {
    /// The region of the preferences that hold. A preference that would contradict the earlier ones is left out.
    pub(crate) fn of(criteria: &Criteria, about: &Circumstances<'_>) -> Self {
        let mut heavier = [0_u16; AXES];
        for preference in criteria.preference.iter().filter(|preference| preference.when.holds(about)) {
            let above = position(preference.heavier);
            for below in preference.lighter.iter().copied().map(position) {
                let contradicts = reaches(&heavier, above, below);
                if above != below && !contradicts {
                    heavier[below] |= 1 << above;
                }
            }
        }
        let completions = completions(&heavier);
        Self { heavier, completions }
    }

    /// One weight vector from uniform numbers between 0 and 1: one for the order, one for each coordinate.
    pub(crate) fn draw(&self, order: f64, coordinates: &[f64; AXES]) -> Weights {
        let mut parts = coordinates.map(|u| -libm::log(u.clamp(1e-12, 1.0 - 1e-12)));
        let sum: f64 = parts.iter().sum();
        parts.sort_unstable_by(|a, b| b.total_cmp(a));
        let mut weights = [0.0; AXES];
        let mut rank = self.rank(order);
        let mut placed = 0_usize;
        for part in parts {
            let axis = self.next(placed, &mut rank);
            weights[axis] = part / sum;
            placed |= 1 << axis;
        }
        weights
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
        let mut last = 0;
        for axis in (0..AXES).filter(|axis| placed & (1 << axis) == 0) {
            if usize::from(self.heavier[axis]) & !placed != 0 {
                continue;
            }
            last = axis;
            let ways = self.completions[placed | (1 << axis)];
            if *rank < ways {
                return axis;
            }
            *rank -= ways;
        }
        last
    }
}

/// Number of linear extensions that complete each set of already placed criteria.
fn completions(heavier: &[u16; AXES]) -> Vec<u64> {
    let full = (1 << AXES) - 1;
    let mut ways = vec![0_u64; 1 << AXES];
    ways[full] = 1;
    for placed in (0..full).rev() {
        ways[placed] = (0..AXES)
            .filter(|axis| placed & (1 << axis) == 0 && usize::from(heavier[*axis]) & !placed == 0)
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
    use super::{AXES, Region, completions, reaches};

    fn region(heavier: [u16; AXES]) -> Region {
        Region { heavier, completions: completions(&heavier) }
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
        let region = region(heavier);
        for n in 0..500_u32 {
            let u = |k: u32| f64::from((n * 7919 + k * 104_729) % 10_007) / 10_007.0;
            let weights = region.draw(u(0), &std::array::from_fn(|k| u(u32::try_from(k).unwrap() + 1)));
            assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            assert!(weights[0] >= weights[3] && weights[2] >= weights[3] && weights[3] >= weights[7]);
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
