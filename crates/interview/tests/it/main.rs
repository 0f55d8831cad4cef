//! The interview as a front end drives it.

mod answers;
mod fixture;
mod order;
mod properties;
mod replay;
mod steps;
