//! A judged field → what would change its result: answers, loads, prices, weights, uncertain values.

mod bearing;
mod flips;
mod load;
mod method;
mod price;
mod stability;

pub(crate) use bearing::load_bearing;
pub(crate) use flips::{conditions, flips, rests_on_default};
pub(crate) use load::load_break_evens;
pub(crate) use method::method_sensitivity;
pub(crate) use price::price_break_evens;
pub(crate) use stability::weight_stability;

use crate::candidate::Field;
use crate::desk::Desk;
use crate::situation::Situation;

/// What every analysis starts from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ground<'f, 'a> {
    pub(crate) desk: &'f Desk<'a>,
    pub(crate) here: &'f Situation<'f>,
    pub(crate) field: &'f Field<'a>,
    /// Positions in `field.candidates` of the options, best first.
    pub(crate) chosen: &'f [usize],
}

impl<'a> Ground<'_, 'a> {
    /// Position of the recommended platform.
    pub(crate) fn winner(&self) -> usize {
        self.chosen[0]
    }

    /// The recommended platform.
    pub(crate) fn recommended(&self) -> &crate::candidate::Candidate<'a> {
        &self.field.candidates[self.winner()]
    }
}
