//! What a recommendation must fulfil, over all contexts and in the workflow's three cases.

mod cases;
mod properties;
mod sample;
