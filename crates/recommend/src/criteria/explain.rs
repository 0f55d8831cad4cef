//! A question about one value → its Explanation.

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_catalog::reasoning::{CriterionId, Preference};
use siteplan_cost::Depth;
use siteplan_model::brief::Context;
use siteplan_model::explanation::{Explanation, SCHEMA};
use siteplan_model::id::PlatformId;

use super::trace::Trace;
use super::{Subject, worked_out};
use crate::refined::Settings;
use crate::{Inputs, weights};

/// How a platform's value on a criterion comes about; `None` if the catalog does not know the platform. What is explained is what
/// is compared: needs that somebody stated and answers beyond the context count.
pub fn explain(inputs: Inputs<'_>, platform: &PlatformId, criterion: CriterionId) -> Option<Explanation> {
    let catalog = inputs.catalog;
    let here = crate::situation(inputs);
    let context = &here.context;
    let quote = siteplan_cost::quote(catalog, &here.survey, context, &here.choices, platform, Depth::Full)?;
    let platform = catalog.platforms.get(platform)?;
    let settings = &here.choices.settings;
    let subject = Subject { catalog, platform, quote: &quote, context, refined_by: Some(settings) };
    let mut trace = Trace::new(catalog);
    let value = worked_out(criterion, &mut trace, &subject);
    let (half_width, half_width_because) = trace.half_width();
    let declared = catalog.criteria.criterion.iter().find(|declared| declared.id == criterion);
    let said = weights::said(&catalog.criteria, &here.about(), criterion);
    Some(Explanation {
        schema: SCHEMA.to_owned(),
        platform: platform.id.clone(),
        name: platform.name.clone(),
        criterion: criterion.as_str().to_owned(),
        formula: declared.map(|declared| declared.formula.clone()).unwrap_or_default(),
        answers: answers(catalog, context, settings),
        value: trace.value(value),
        half_width,
        half_width_because,
        weighs: said.iter().map(|(preference, others)| weighs(preference, others, criterion)).collect(),
        inputs: trace.inputs(),
        terms: trace.terms(),
        scales: trace.scales(),
    })
}

/// What one preference says of the weight of a criterion, in a sentence.
fn weighs(preference: &Preference, others: &[CriterionId], criterion: CriterionId) -> String {
    let others: Vec<&str> = others.iter().copied().map(CriterionId::as_str).collect();
    let side = if preference.heavier == criterion { "at least" } else { "at most" };
    let asked: Vec<String> = preference
        .when
        .setting
        .iter()
        .map(|(key, values)| format!("`{key}` = {}", values.join(" or ")))
        .collect();
    let asked = if asked.is_empty() { String::new() } else { format!(" ({})", asked.join(", ")) };
    format!("{side} as much as {}: {}{asked}", others.join(", "), preference.because)
}

/// The answers of the context, and those beyond it that the reasoning knows: refinements and assumptions about use.
fn answers(catalog: &Catalog, context: &Context, settings: &Settings) -> BTreeMap<String, String> {
    let bands = [
        ("app_type", Some(context.app_type.to_string())),
        ("expertise", Some(context.expertise.to_string())),
        ("scale", Some(context.scale.to_string())),
        ("budget", Some(context.budget.to_string())),
        ("users", context.users.map(|users| users.to_string())),
        ("requests_per_month", context.requests_per_month.map(|requests| requests.to_string())),
        ("max_usd_per_month", context.max_usd_per_month.map(|usd| usd.amount().to_string())),
    ];
    let bands = bands.into_iter().filter_map(|(key, words)| Some((key.to_owned(), words?)));
    let known = |key: &str| catalog.refinements.get(key).is_some() || catalog.usage.bounds(key).is_some();
    let given = settings.iter().filter(|(key, value)| known(key) && !value.is_empty());
    bands.chain(given.map(|(key, value)| (key.clone(), value.clone()))).collect()
}

#[cfg(test)]
mod tests {
    use siteplan_catalog::Catalog;
    use siteplan_catalog::reasoning::CriterionId;
    use siteplan_model::Date;
    use siteplan_model::brief::{AppType, Brief, BudgetBand, Context, Expertise, ScaleBand};
    use siteplan_model::fact::{Certainty, Fact};
    use siteplan_model::survey::Survey;

    use super::explain;
    use crate::Inputs;
    use crate::candidate::Field;
    use crate::desk::Desk;

    /// Whether each value that is compared is the one that is explained; tells how many of them the answers changed.
    fn changed(inputs: Inputs<'_>, compared: &Field<'_>, before: &Field<'_>) -> usize {
        let mut changed = 0;
        for (candidate, plain) in compared.candidates.iter().zip(&before.candidates) {
            for (axis, criterion) in CriterionId::ALL.into_iter().enumerate() {
                let explained = explain(inputs, candidate.id(), criterion).unwrap();
                let what = format!("{} {} {:?}", candidate.id(), criterion.as_str(), inputs.brief.settings);
                let value = candidate.values[axis];
                assert_eq!(explained.value.to_bits(), value.middle.to_bits(), "{what}");
                assert_eq!(explained.half_width.to_bits(), value.half_width.to_bits(), "{what}");
                changed += usize::from(value != plain.values[axis]);
            }
        }
        changed
    }

    #[test]
    fn what_is_explained_is_what_is_compared_whatever_was_answered_beyond_the_context() {
        let catalog = Catalog::embedded().unwrap();
        let desk = Desk::new(&catalog);
        let mut calling = Survey::nothing(".", "planned");
        calling.clouds = vec![Fact::new("aws".to_owned(), Certainty::High, Vec::new())];
        let all = [
            (calling, AppType::FullStack, Expertise::Intermediate, ScaleBand::High, BudgetBand::Medium),
            (
                Survey::nothing(".", "planned"),
                AppType::Workers,
                Expertise::Advanced,
                ScaleBand::VeryHigh,
                BudgetBand::Enterprise,
            ),
        ];
        let mut moved: Vec<&str> = Vec::new();
        for (survey, app_type, expertise, scale, budget) in all {
            let context = Context::of(app_type, expertise, scale, budget);
            let brief = Brief::new(Date::constant(2026, 11, 25));
            let inputs = Inputs { catalog: &catalog, survey: &survey, brief: &brief, context: &context };
            let here = crate::situation(inputs);
            let field = Field::of(&desk, &here);
            assert_eq!(changed(inputs, &field, &field), 0);
            for refinement in &catalog.refinements.refinement {
                for choice in refinement.choice.iter().filter(|choice| !choice.value.is_empty()) {
                    let mut brief = brief.clone();
                    brief.settings.insert(refinement.key.clone(), choice.value.clone());
                    let inputs = Inputs { brief: &brief, ..inputs };
                    // The way in which a question is weighed, and the way in which an answer is counted.
                    let there = here.with_setting(&catalog, &refinement.key, &choice.value);
                    let weighed = changed(inputs, &field.beside(&desk, &here, &there), &field);
                    let counted = changed(inputs, &Field::of(&desk, &crate::situation(inputs)), &field);
                    assert_eq!(weighed, counted, "{} = {}", refinement.key, choice.value);
                    if counted > 0 {
                        moved.push(&refinement.key);
                    }
                }
            }
        }
        for key in ["regions", "compliance", "availability", "existing_cloud", "team_size", "gpu"] {
            assert!(moved.contains(&key), "{key} changes no value: {moved:?}");
        }
    }
}
