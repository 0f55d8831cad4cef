//! The interview as a front end drives it.

mod answers;
mod conflicts;
mod fixture;
mod order;
mod properties;
mod refinements;
mod replay;
mod steps;
