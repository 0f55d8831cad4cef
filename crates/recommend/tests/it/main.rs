//! What a recommendation must fulfil, over all contexts and in the workflow's three cases.

mod break_evens;
mod cases;
mod clustering;
mod exclusions;
mod existing;
mod explained;
mod flips;
mod information;
mod kinds;
mod monotone;
mod ordering;
mod placements;
mod properties;
mod refined;
mod sample;
