//! Constraints, criteria, multicriteria acceptability analysis and option sets: a Brief's context → a Recommendation.

use siteplan_catalog::Catalog;
use siteplan_cost::Choices;
use siteplan_model::brief::{Brief, Context};
use siteplan_model::recommendation::Recommendation;
use siteplan_model::survey::Survey;

/// What a recommendation rests on.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// What is known of the world.
    pub catalog: &'a Catalog,
    /// What was found.
    pub survey: &'a Survey,
    /// The answers so far; gates not yet asked count with their defaults.
    pub brief: &'a Brief,
    /// The four context answers.
    pub context: &'a Context,
}

/// The options for a context, best first, with what would change the recommendation.
pub fn recommend(inputs: Inputs<'_>) -> Recommendation {
    let _ = inputs;
    unreachable!("written next")
}

/// The answers that change a cost beyond the context: those given, else the stated defaults.
pub fn choices(inputs: Inputs<'_>) -> Choices {
    let _ = inputs;
    unreachable!("written next")
}
