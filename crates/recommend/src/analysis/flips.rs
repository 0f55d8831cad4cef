//! Fields beside this one → the answers that flip the recommendation, and the levels of an option under them.

use siteplan_model::brief::Brief;
use siteplan_model::gate::{Gate, Provenance};
use siteplan_model::recommendation::{Condition, Flip};

use crate::candidate::{Candidate, Field};
use crate::neighbours::Neighbour;
use crate::words;

/// How many conditions an option shows.
const MOST_CONDITIONS: usize = 3;

/// Neighbouring answers under which the recommendation is another one.
pub(crate) fn flips(winner: &Candidate<'_>, neighbours: &[Neighbour<'_>], field: &Field<'_>) -> Vec<Flip> {
    neighbours
        .iter()
        .filter_map(|neighbour| {
            let then = neighbour.field.best();
            (then.id() != winner.id()).then(|| Flip {
                when: neighbour.changed.clone(),
                then: then.id().clone(),
                because: words::flip(winner, then, neighbour, field),
            })
        })
        .collect()
}

/// Whether a flip hangs on an answer that nobody gave.
pub(crate) fn rests_on_default(brief: &Brief, flip: &Flip) -> bool {
    flip.when
        .keys()
        .filter_map(|key| key.parse::<Gate>().ok())
        .any(|gate| matches!(brief.provenance.get(&gate), Some(Provenance::Default | Provenance::Assistant)))
}

/// Neighbouring answers under which an option's level is another one; the largest changes first.
pub(crate) fn conditions(candidate: &Candidate<'_>, neighbours: &[Neighbour<'_>]) -> Vec<Condition> {
    let mut list: Vec<(u64, Condition)> = neighbours
        .iter()
        .filter_map(|neighbour| {
            let then = neighbour.field.candidates.iter().find(|other| other.id() == candidate.id())?;
            let moved = (then.support - candidate.support).abs();
            let condition = || Condition { when: neighbour.changed.clone(), level: then.level };
            // What holds a level at medium today may hold it there, too: a difference is one before that.
            (then.level != candidate.level).then(|| (per_mille(moved), condition()))
        })
        .collect();
    list.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.when.cmp(&y.when)));
    list.into_iter().take(MOST_CONDITIONS).map(|(_, condition)| condition).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share between 0 and 1")]
fn per_mille(share: f64) -> u64 {
    (share.clamp(0.0, 1.0) * 1000.0).round() as u64
}
