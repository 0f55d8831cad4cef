//! A question about one value → its Explanation.

use std::collections::BTreeMap;

use siteplan_catalog::reasoning::CriterionId;
use siteplan_cost::Depth;
use siteplan_model::brief::Context;
use siteplan_model::explanation::{Explanation, SCHEMA};
use siteplan_model::id::PlatformId;

use super::trace::Trace;
use super::{Subject, worked_out};
use crate::{Inputs, open_choices};

/// How a platform's value on a criterion comes about; `None` if the catalog does not know the platform.
pub fn explain(inputs: Inputs<'_>, platform: &PlatformId, criterion: CriterionId) -> Option<Explanation> {
    let Inputs { catalog, survey, context, .. } = inputs;
    let choices = open_choices(inputs);
    let quote = siteplan_cost::quote(catalog, survey, context, &choices, platform, Depth::Full)?;
    let platform = catalog.platforms.get(platform)?;
    let subject = Subject { catalog, platform, quote: &quote, context };
    let mut trace = Trace::new(catalog);
    let value = worked_out(criterion, &mut trace, &subject);
    let (half_width, half_width_because) = trace.half_width();
    let declared = catalog.criteria.criterion.iter().find(|declared| declared.id == criterion);
    Some(Explanation {
        schema: SCHEMA.to_owned(),
        platform: platform.id.clone(),
        name: platform.name.clone(),
        criterion: criterion.as_str().to_owned(),
        formula: declared.map(|declared| declared.formula.clone()).unwrap_or_default(),
        answers: answers(context),
        value: trace.value(value),
        half_width,
        half_width_because,
        inputs: trace.inputs(),
        terms: trace.terms(),
        scales: trace.scales(),
    })
}

fn answers(context: &Context) -> BTreeMap<String, String> {
    let bands = [
        ("app_type", Some(context.app_type.to_string())),
        ("expertise", Some(context.expertise.to_string())),
        ("scale", Some(context.scale.to_string())),
        ("budget", Some(context.budget.to_string())),
        ("users", context.users.map(|users| users.to_string())),
        ("requests_per_month", context.requests_per_month.map(|requests| requests.to_string())),
        ("max_usd_per_month", context.max_usd_per_month.map(|usd| usd.amount().to_string())),
    ];
    bands.into_iter().filter_map(|(key, words)| Some((key.to_owned(), words?))).collect()
}

#[cfg(test)]
mod tests {
    use siteplan_catalog::Catalog;
    use siteplan_catalog::reasoning::CriterionId;
    use siteplan_cost::Depth;
    use siteplan_model::Date;
    use siteplan_model::brief::{AppType, Brief, BudgetBand, Context, Expertise, ScaleBand};
    use siteplan_model::survey::Survey;

    use super::explain;
    use crate::{Inputs, choices, criteria::values};

    #[test]
    fn what_is_explained_is_what_is_compared() {
        let catalog = Catalog::embedded().unwrap();
        let survey = Survey::nothing(".", "planned");
        let brief = Brief::new(Date::constant(2026, 11, 25));
        let all = [
            (AppType::Frontend, Expertise::Beginner, ScaleBand::Low, BudgetBand::Free),
            (AppType::FullStack, Expertise::Intermediate, ScaleBand::Medium, BudgetBand::Small),
            (AppType::Workers, Expertise::Advanced, ScaleBand::VeryHigh, BudgetBand::Enterprise),
        ];
        for (app_type, expertise, scale, budget) in all {
            let context = Context::of(app_type, expertise, scale, budget);
            let inputs = Inputs { catalog: &catalog, survey: &survey, brief: &brief, context: &context };
            for platform in catalog.platforms.values() {
                let depth = Depth::Comparison;
                let quote =
                    siteplan_cost::quote(&catalog, &survey, &context, &choices(inputs), &platform.id, depth);
                let compared = values(&catalog, platform, &quote.unwrap(), &context);
                for (axis, criterion) in CriterionId::ALL.into_iter().enumerate() {
                    let explained = explain(inputs, &platform.id, criterion).unwrap();
                    let what = format!("{} {}", platform.id, criterion.as_str());
                    assert_eq!(explained.value.to_bits(), compared[axis].middle.to_bits(), "{what}");
                    assert_eq!(explained.half_width.to_bits(), compared[axis].half_width.to_bits(), "{what}");
                }
            }
        }
    }
}
