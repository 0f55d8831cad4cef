//! What a recommendation must fulfil, over all contexts and in the workflow's three cases.

mod break_evens;
mod cases;
mod explained;
mod flips;
mod properties;
mod sample;
