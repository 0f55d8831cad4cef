//! Records of the stages → text for people: the first screen, the options, the recommendation, costs, explanations. Used by
//! every command that prints them; written through `anstream`, which removes the colours where they do not belong.

mod comparison;
mod cost;
mod explanation;
mod options;
mod side_by_side;
mod survey;

use siteplan_catalog::Catalog;
use siteplan_model::cost::CostLine;
use siteplan_model::explanation::Explanation;
use siteplan_model::recommendation::Recommendation;
use siteplan_model::survey::Survey;

use super::style;
use crate::comparison::Comparison;
use crate::costs::Costs;

pub(crate) use options::{before_choice, recommendation_at};
pub(crate) use survey::survey_at;

/// The first screen: what was found, each line with its place.
pub(crate) fn survey(catalog: &Catalog, survey: &Survey) -> String {
    survey_at(catalog, survey, style::width())
}

/// The options in a table with the argument for the first, everything about each, and what was ruled out. The lines are
/// those of the recommended option's bill.
pub(crate) fn recommendation(recommendation: &Recommendation, prices: &[CostLine]) -> String {
    recommendation_at(recommendation, prices, style::width())
}

/// What changed answers change.
pub(crate) fn comparison(comparison: &Comparison) -> String {
    comparison::comparison_at(comparison, style::width())
}

/// The costs of one platform in full, or of several side by side.
pub(crate) fn costs(costs: &Costs) -> String {
    match &costs.platforms[..] {
        [platform] => cost::cost_at(costs, platform, style::width()),
        _ => side_by_side::side_by_side_at(costs, style::width()),
    }
}

/// How a value comes about.
pub(crate) fn explanation(explanation: &Explanation) -> String {
    explanation::explanation_at(explanation, style::width())
}
