//! A fixed sequence of scenarios: the same numbers on every machine, whatever platforms the catalog holds.
//!
//! Weights and load follow an additive recurrence (Kronecker sequence) over the square roots of primes; the place of a value
//! in its interval is a stratified sample whose order is keyed by platform and criterion, so that adding a platform moves
//! no other.

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

/// What the scenarios draw, dimension by dimension.
#[derive(Clone, Debug)]
pub(crate) struct Draws {
    /// Which order of the weights, from 0 to 1.
    pub(crate) order: Vec<f64>,
    /// The sizes of the weights, the heaviest first; their sum is one.
    pub(crate) parts: Vec<[f32; AXES]>,
    /// Position of the load in its band on a logarithmic scale: the load point below it, and the share of the way to the next.
    pub(crate) load: Vec<(u8, f64)>,
}

/// Numbers of users at which costs are computed; between them they are interpolated.
pub(crate) const LOAD_POINTS: usize = 7;

/// A curve over the load points in each scenario; a known load is a single point.
pub(crate) fn along<'c>(load: &'c [(u8, f64)], curve: &'c [f64]) -> impl Iterator<Item = f64> + 'c {
    load.iter().map(|(left, share)| {
        let left = usize::from(*left);
        match (curve.get(left), curve.get(left + 1)) {
            (Some(low), Some(high)) => low + (high - low) * share,
            _ => curve.first().copied().unwrap_or_default(),
        }
    })
}

/// The load point below a position from 0 to 1, and the share of the way to the next.
fn load_point(position: f64) -> (u8, f64) {
    #[expect(clippy::cast_precision_loss, reason = "a handful of points")]
    let place = position * (LOAD_POINTS - 1) as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the last point"
    )]
    let left = place as u8;
    (left, place - f64::from(left))
}

impl Draws {
    /// The first `count` scenarios.
    pub(crate) fn of(count: u32) -> Self {
        let draw = |number: u32, dimension: usize| {
            let position = (f64::from(number) + 0.5) * STEPS[dimension];
            position - libm::floor(position)
        };
        Self {
            order: (0..count).map(|number| draw(number, 0)).collect(),
            parts: (0..count)
                .map(|number| parts(std::array::from_fn(|axis| draw(number, axis + 1))))
                .collect(),
            load: (0..count).map(|number| load_point(draw(number, AXES + 1))).collect(),
        }
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

    /// The position in one scenario.
    pub(crate) fn at(&self, number: u32) -> f32 {
        let mask = self.count - 1;
        let bits = self.count.trailing_zeros().max(1);
        let [a, b, c, d, ..] = self.key.to_le_bytes();
        let multiplier = u32::from_le_bytes([a, b, c, d]) | 1;
        let offset = u32::try_from(self.key >> 32).unwrap_or_default();
        // An odd multiplier, an offset and a folded shift are each invertible modulo a power of two.
        let mut stratum = number.wrapping_mul(multiplier).wrapping_add(offset) & mask;
        stratum ^= stratum >> (bits / 2).max(1);
        stratum = stratum.wrapping_mul(0x9e37_79b1) & mask;
        let place = (f64::from(stratum) + 0.5) / f64::from(self.count) * 2.0 - 1.0;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "odd multiples of a power of two, exact below 2^23"
        )]
        let place = place as f32;
        place
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Draws, LOAD_POINTS, Strata, along};

    #[test]
    fn strata_are_a_permutation() {
        for axis in 0..8 {
            let strata = Strata::of("a-platform", axis, 4096);
            let mut seen: Vec<i64> = (0..4096)
                .map(|n| {
                    #[expect(clippy::cast_possible_truncation, reason = "between 0 and 4096")]
                    let stratum = (f64::midpoint(f64::from(strata.at(n)), 1.0) * 4096.0) as i64;
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
        let curve: Vec<f64> =
            (0..LOAD_POINTS).map(|point| f64::from(u32::try_from(point).unwrap())).collect();
        let load = [(0, 0.0), (2, 0.5), (5, 0.75)];
        assert_eq!(along(&load, &curve).collect::<Vec<_>>(), [0.0, 2.5, 5.75]);
        assert_eq!(along(&load, &[3.0]).collect::<Vec<_>>(), [3.0, 3.0, 3.0]);
    }

    #[test]
    fn load_and_order_are_uniform() {
        let draws = Draws::of(4096);
        let places: Vec<f64> =
            draws.load.iter().map(|(left, share)| (f64::from(*left) + share) / 6.0).collect();
        for values in [&places, &draws.order] {
            for tenth in 0..10 {
                let (low, high) = (f64::from(tenth) / 10.0, f64::from(tenth + 1) / 10.0);
                let count = values.iter().filter(|value| (low..high).contains(*value)).count();
                assert!((400..420).contains(&count), "{tenth}: {count}");
            }
        }
    }
}
