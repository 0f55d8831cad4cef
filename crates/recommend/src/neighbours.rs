//! Every single changed answer or need, and the field under it.

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_cost::{Choices, Depth};
use siteplan_model::brief::{
    AppType, BudgetBand, Context, DatabaseHosting, EnvironmentSet, Expertise, ScaleBand,
};
use siteplan_model::survey::Survey;

use crate::candidate::Field;
use crate::usual_environments;

/// The field under one changed answer.
#[derive(Clone, Debug)]
pub(crate) struct Neighbour<'a> {
    /// The changed answer.
    pub(crate) changed: BTreeMap<String, String>,
    /// The platforms under it.
    pub(crate) field: Field<'a>,
}

/// All neighbours, in the order of the questions.
pub(crate) fn of<'a>(
    catalog: &'a Catalog,
    survey: &Survey,
    context: &Context,
    choices: &Choices,
    environments: Option<EnvironmentSet>,
) -> Vec<Neighbour<'a>> {
    let mut neighbours = Vec::new();
    for changed in contexts(context) {
        // The environments follow the budget unless somebody chose them.
        let environments = environments.unwrap_or_else(|| usual_environments(changed.1.budget));
        let choices = Choices { environments, ..choices.clone() };
        let field = Field::of(catalog, survey, &changed.1, &choices, Depth::Comparison);
        neighbours.push(Neighbour { changed: changed.0, field });
    }
    for (key, value, survey) in needs(survey, context) {
        let field = Field::of(catalog, &survey, context, choices, Depth::Comparison);
        neighbours.push(Neighbour { changed: one(key, value), field });
    }
    if choices.database != Some(DatabaseHosting::None) && !survey.databases.is_empty() {
        let without = Choices { database: Some(DatabaseHosting::None), ..choices.clone() };
        let field = Field::of(catalog, survey, context, &without, Depth::Comparison);
        neighbours.push(Neighbour { changed: one("database", "none"), field });
    }
    neighbours
}

fn one(key: &str, value: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(key.to_owned(), value.to_owned())])
}

/// The context with each other answer to each of its questions. A number that narrowed the changed band no longer holds.
fn contexts(context: &Context) -> Vec<(BTreeMap<String, String>, Context)> {
    let mut list = Vec::new();
    for app_type in AppType::ALL.iter().copied().filter(|other| *other != context.app_type) {
        list.push((one("app_type", app_type.as_str()), Context { app_type, ..context.clone() }));
    }
    for expertise in Expertise::ALL.iter().copied().filter(|other| *other != context.expertise) {
        list.push((one("expertise", expertise.as_str()), Context { expertise, ..context.clone() }));
    }
    for scale in ScaleBand::ALL.iter().copied().filter(|other| *other != context.scale) {
        let changed = Context { scale, users: None, requests_per_month: None, ..context.clone() };
        list.push((one("scale", scale.as_str()), changed));
    }
    for budget in BudgetBand::ALL.iter().copied().filter(|other| *other != context.budget) {
        let changed = Context { budget, max_usd_per_month: None, ..context.clone() };
        list.push((one("budget", budget.as_str()), changed));
    }
    list
}

/// Picks the need that is turned round.
type Turn = fn(&mut Survey) -> &mut bool;

/// The Survey with each need turned round.
fn needs(survey: &Survey, context: &Context) -> Vec<(&'static str, &'static str, Survey)> {
    if context.app_type == AppType::Frontend {
        return Vec::new();
    }
    let turns: [(&'static str, Turn); 4] = [
        ("websockets", |survey| &mut survey.needs.websockets.value),
        ("workers", |survey| &mut survey.needs.workers.value),
        ("long_requests", |survey| &mut survey.needs.long_requests.value),
        ("gpu", |survey| &mut survey.needs.gpu.value),
    ];
    turns
        .into_iter()
        .map(|(key, turn)| {
            let mut changed = survey.clone();
            let need = turn(&mut changed);
            *need = !*need;
            let value = if *need { "yes" } else { "no" };
            (key, value, changed)
        })
        .collect()
}
