//! Records of the stages → text for people: the first screen, the options, the recommendation. Used by every command
//! that prints them; written through `anstream`, which removes the colours where they do not belong.

mod options;
mod survey;

pub(crate) use options::recommendation;
pub(crate) use survey::survey;
