//! A fixed sequence of scenarios: the same numbers on every machine, whatever platforms the catalog holds.
//!
//! Weights and load follow an additive recurrence (Kronecker sequence) over the square roots of primes; the place of a value
//! in its interval is a stratified sample whose order is keyed by platform and criterion, so that adding a platform moves
//! no other.

use std::ops::Range;

use crate::lanes::wide;
use crate::weights::AXES;

/// Square roots of the first ten primes, their fractions: one for the order of the weights, one for each weight, one for the load.
const STEPS: [f64; AXES + 2] = [
    0.414_213_562_373_095_05,
    0.732_050_807_568_877_3,
    0.236_067_977_499_789_7,
    0.645_751_311_064_590_6,
    0.316_624_790_355_399_85,
    0.605_551_275_463_989_3,
    0.123_105_625_617_660_55,
    0.358_898_943_540_673_55,
    0.795_831_523_312_719_5,
    0.385_164_807_134_504,
];

/// What the scenarios draw, dimension by dimension. They stand in the order of their load, so that what follows a curve over the
/// load points follows one straight line through a run of scenarios.
#[derive(Clone, Debug)]
pub(crate) struct Draws {
    /// Which of the sequence each scenario is.
    pub(crate) numbers: Vec<u32>,
    /// Which order of the weights, from 0 to 1.
    pub(crate) order: Vec<f64>,
    /// The sizes of the weights, the heaviest first; their sum is one.
    pub(crate) parts: Vec<[f32; AXES]>,
    /// Position of the load in its band on a logarithmic scale: the share of the way from the load point below it to the next.
    load: Vec<f32>,
    /// For each load point but the last, where the run of the scenarios between it and the next ends.
    ends: [usize; LOAD_POINTS - 1],
}

/// Numbers of users at which costs are computed; between them they are interpolated.
pub(crate) const LOAD_POINTS: usize = 7;

/// Scenarios that follow each other and lie between the same two load points.
#[derive(Clone, Debug)]
pub(crate) struct Run<'d> {
    /// Which scenarios.
    pub(crate) scenarios: Range<usize>,
    /// What the curve is at the lower load point.
    pub(crate) low: f64,
    /// How much more it is at the upper one.
    pub(crate) rise: f64,
    /// Each scenario's share of the way.
    pub(crate) shares: &'d [f32],
}

/// The load point below a position from 0 to 1, and the share of the way to the next.
fn load_point(position: f64) -> (usize, f32) {
    #[expect(clippy::cast_precision_loss, reason = "a handful of points")]
    let place = position * (LOAD_POINTS - 1) as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the last point"
    )]
    let left = (place as usize).min(LOAD_POINTS - 2);
    #[expect(clippy::cast_precision_loss, reason = "a handful of points")]
    #[expect(clippy::cast_possible_truncation, reason = "a share, to seven digits")]
    let share = (place - left as f64) as f32;
    (left, share)
}

impl Draws {
    /// The first `count` scenarios.
    pub(crate) fn of(count: u32) -> Self {
        let draw = |number: u32, dimension: usize| {
            let position = (f64::from(number) + 0.5) * STEPS[dimension];
            position - libm::floor(position)
        };
        let mut loads: Vec<(f64, u32)> = (0..count).map(|number| (draw(number, AXES + 1), number)).collect();
        loads.sort_unstable_by(|(one, _), (other, _)| one.total_cmp(other));
        let places: Vec<(usize, f32)> = loads.iter().map(|(load, _)| load_point(*load)).collect();
        let numbers: Vec<u32> = loads.into_iter().map(|(_, number)| number).collect();
        let ends = std::array::from_fn(|left| places.partition_point(|(below, _)| *below <= left));
        Self {
            order: numbers.iter().map(|number| draw(*number, 0)).collect(),
            parts: numbers
                .iter()
                .map(|number| parts(std::array::from_fn(|axis| draw(*number, axis + 1))))
                .collect(),
            load: places.into_iter().map(|(_, share)| share).collect(),
            ends,
            numbers,
        }
    }

    /// A curve over the load points, run by run; a known load is a single point.
    pub(crate) fn along<'d>(&'d self, curve: &'d [f64]) -> impl Iterator<Item = Run<'d>> + 'd {
        let first = curve.first().copied().unwrap_or_default();
        let starts = std::iter::once(0).chain(self.ends);
        starts.zip(self.ends).enumerate().map(move |(left, (start, end))| {
            let low = curve.get(left).copied().filter(|_| curve.len() > 1).unwrap_or(first);
            let high = curve.get(left + 1).copied().unwrap_or(low);
            Run { scenarios: start..end, low, rise: high - low, shares: &self.load[start..end] }
        })
    }
}

/// A uniform point of the simplex from uniform coordinates, its parts in descending order (exponential spacings).
fn parts(coordinates: [f64; AXES]) -> [f32; AXES] {
    let mut parts = coordinates.map(|u| -libm::log(u.clamp(1e-12, 1.0 - 1e-12)));
    let sum: f64 = parts.iter().sum();
    parts.sort_unstable_by(|a, b| b.total_cmp(a));
    #[expect(clippy::cast_possible_truncation, reason = "a share, to seven digits")]
    parts.map(|part| (part / sum) as f32)
}

/// Where a value lies in its interval in each scenario: a permutation of the strata, from −1 to 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Strata {
    key: u64,
    count: u32,
}

impl Strata {
    /// The strata of one criterion of one platform.
    pub(crate) fn of(platform: &str, axis: usize, count: u32) -> Self {
        // FNV-1a (Fowler, Noll & Vo), then the finaliser of SplitMix64 (Steele, Lea & Flood 2014).
        let mut key = 0xcbf2_9ce4_8422_2325_u64;
        for byte in platform.bytes().chain([u8::try_from(axis).unwrap_or(u8::MAX)]) {
            key = (key ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Self { key: mix(key), count: count.next_power_of_two() }
    }

    /// The positions in scenarios of these numbers.
    pub(crate) fn of_all(&self, numbers: &[u32]) -> Vec<f32> {
        let mask = self.count - 1;
        let bits = self.count.trailing_zeros().max(1);
        let [a, b, c, d, ..] = self.key.to_le_bytes();
        let multiplier = u32::from_le_bytes([a, b, c, d]) | 1;
        let offset = u32::try_from(self.key >> 32).unwrap_or_default();
        let shift = (bits / 2).max(1);
        #[expect(clippy::cast_precision_loss, reason = "a power of two")]
        let width = 2.0 / self.count as f32;
        let place = |number: &u32| {
            // An odd multiplier, an offset and a folded shift are each invertible modulo a power of two.
            let mut stratum = number.wrapping_mul(multiplier).wrapping_add(offset) & mask;
            stratum ^= stratum >> shift;
            stratum = stratum.wrapping_mul(0x9e37_79b1) & mask;
            #[expect(
                clippy::cast_precision_loss,
                reason = "odd multiples of a power of two, exact below 2^23"
            )]
            let middle = stratum as f32 + 0.5;
            middle * width - 1.0
        };
        wide(
            #[inline(always)]
            || numbers.iter().map(place).collect(),
        )
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Draws, LOAD_POINTS, Strata};

    #[test]
    fn strata_are_a_permutation() {
        for axis in 0..8 {
            let strata = Strata::of("a-platform", axis, 4096);
            let numbers: Vec<u32> = (0..4096).collect();
            let mut seen: Vec<i64> = strata
                .of_all(&numbers)
                .into_iter()
                .map(|place| {
                    #[expect(clippy::cast_possible_truncation, reason = "between 0 and 4096")]
                    let stratum = (f64::midpoint(f64::from(place), 1.0) * 4096.0) as i64;
                    stratum
                })
                .collect();
            seen.sort_unstable();
            assert_eq!(seen, (0..4096).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_parts_are_a_point_of_the_simplex_with_the_means_of_ordered_spacings() {
        let draws = Draws::of(4096);
        let mean = |rank: usize| draws.parts.iter().map(|parts| f64::from(parts[rank])).sum::<f64>() / 4096.0;
        for parts in &draws.parts {
            assert!((parts.iter().sum::<f32>() - 1.0).abs() < 1e-6);
            assert!(parts.windows(2).all(|pair| pair[0] >= pair[1]));
        }
        // The mean of the k-th largest of n spacings is (1/n) Σ from i = k to n of 1/i (David & Nagaraja 2003, 6.4).
        for rank in 0..8_u32 {
            let expected = (rank + 1..=8).map(|i| 1.0 / f64::from(i)).sum::<f64>() / 8.0;
            assert!(
                (mean(rank as usize) - expected).abs() < 0.004,
                "{rank}: {} {expected}",
                mean(rank as usize)
            );
        }
    }

    #[test]
    fn a_curve_is_followed_between_its_points_and_a_known_load_is_one_point() {
        let draws = Draws::of(4096);
        // The square of the load point, so that every stretch has a slope of its own.
        let curve: Vec<f64> =
            (0..LOAD_POINTS).map(|point| f64::from(u32::try_from(point * point).unwrap())).collect();
        let mut followed = 0;
        for run in draws.along(&curve) {
            assert_eq!(run.scenarios.start, followed);
            followed = run.scenarios.end;
            assert_eq!(run.shares.len(), run.scenarios.len());
            for (place, share) in run.scenarios.clone().zip(run.shares) {
                let position = (f64::from(draws.numbers[place]) + 0.5) * super::STEPS[super::AXES + 1];
                let load = (position - position.floor()) * 6.0;
                let expected = load.floor().powi(2) + (load - load.floor()) * (2.0 * load.floor() + 1.0);
                let value = run.low + run.rise * f64::from(*share);
                assert!((value - expected).abs() < 1e-5, "{value} {expected}");
            }
        }
        assert_eq!(followed, 4096);
        assert!(
            draws
                .along(&[3.0])
                .all(|run| [run.low, run.rise].map(f64::to_bits) == [3.0_f64, 0.0].map(f64::to_bits))
        );
        assert_eq!(draws.along(&[3.0]).map(|run| run.scenarios.len()).sum::<usize>(), 4096);
    }

    #[test]
    fn every_scenario_of_the_sequence_is_there_once() {
        let mut numbers = Draws::of(4096).numbers;
        numbers.sort_unstable();
        assert_eq!(numbers, (0..4096).collect::<Vec<_>>());
    }

    #[test]
    fn load_and_order_are_uniform() {
        let draws = Draws::of(4096);
        let points: Vec<f64> = (0..7).map(|point| f64::from(point) / 6.0).collect();
        let places: Vec<f64> = draws
            .along(&points)
            .flat_map(|run| run.shares.iter().map(move |share| run.low + run.rise * f64::from(*share)))
            .collect();
        for values in [&places, &draws.order] {
            for tenth in 0..10 {
                let (low, high) = (f64::from(tenth) / 10.0, f64::from(tenth + 1) / 10.0);
                let count = values.iter().filter(|value| (low..high).contains(*value)).count();
                assert!((400..420).contains(&count), "{tenth}: {count}");
            }
        }
    }
}
