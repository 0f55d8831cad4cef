//! Records of the stages → text for people: the first screen, the options, the recommendation. Used by every command
//! that prints them; written through `anstream`, which removes the colours where they do not belong.

mod options;
mod survey;

use siteplan_catalog::Catalog;
use siteplan_model::recommendation::Recommendation;
use siteplan_model::survey::Survey;

use super::style;

pub(crate) use options::recommendation_at;
pub(crate) use survey::survey_at;

/// The first screen: what was found, each line with its place.
pub(crate) fn survey(catalog: &Catalog, survey: &Survey) -> String {
    survey_at(catalog, survey, style::width())
}

/// The table of options, everything about each, and the recommendation with what would change it.
pub(crate) fn recommendation(recommendation: &Recommendation) -> String {
    recommendation_at(recommendation, style::width())
}
