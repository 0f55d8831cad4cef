//! Loops over all scenarios, compiled for the wide registers of the processor that runs them as well as for any.
//!
//! Every scenario is computed by the same operations in the same order, and none is fused with another, so that the bits do not
//! depend on how many are computed at once.

#![expect(clippy::inline_always, reason = "what is not inlined is compiled for the narrowest registers")]

use fearless_simd::{Level, Simd, dispatch};

/// Runs a loop with the widest registers that there are; the closure must be `#[inline(always)]` to be compiled for them.
pub(crate) fn wide<R>(work: impl FnOnce() -> R) -> R {
    dispatch!(Level::new(), registers => registers.vectorize(work))
}

/// Adds a weighted value to each sum: `middle`, off by `half_width` times the scenario's stratum, within 0 and 1.
#[inline(always)]
pub(crate) fn add_weighted(sums: &mut [f32], [weights, strata]: [&[f32]; 2], [middle, half_width]: [f32; 2]) {
    let terms = sums.iter_mut().zip(weights).zip(strata);
    // Strata lie between −1 and 1.
    if middle - half_width >= 0.0 && middle + half_width <= 1.0 {
        for ((sum, weight), stratum) in terms {
            *sum += weight * (middle + half_width * stratum);
        }
    } else {
        for ((sum, weight), stratum) in terms {
            *sum += weight * (middle + half_width * stratum).clamp(0.0, 1.0);
        }
    }
}

/// The same for a value that rises with the share of the way along a run of loads.
#[inline(always)]
pub(crate) fn add_rising(
    sums: &mut [f32],
    [weights, strata, shares]: [&[f32]; 3],
    [low, rise, half_width]: [f32; 3],
) {
    for (((sum, weight), stratum), share) in sums.iter_mut().zip(weights).zip(strata).zip(shares) {
        *sum += weight * (low + rise * share + half_width * stratum).clamp(0.0, 1.0);
    }
}

/// Replaces each best value by a better one, and then the winner by its number.
#[inline(always)]
pub(crate) fn keep_best(best: &mut [f32], winners: &mut [u32], values: &[f32], number: u32) {
    for ((best, winner), value) in best.iter_mut().zip(winners).zip(values) {
        let better = *value > *best;
        *best = if better { *value } else { *best };
        *winner = if better { number } else { *winner };
    }
}

/// In how many scenarios a value is reached.
#[inline(always)]
pub(crate) fn reaching(values: &[f32], from: &[f32]) -> u32 {
    values.iter().zip(from).map(|(value, from)| u32::from(value >= from)).sum()
}
