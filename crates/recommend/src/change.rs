//! One changed answer or need: the situation beside this one. What the space of single changes is stands here alone.

use std::borrow::Cow;
use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Need;
use siteplan_catalog::refinement::{Refinement, RefinementChoice};
use siteplan_cost::Choices;
use siteplan_model::brief::{
    AppType, BudgetBand, Context, DatabaseHosting, EnvironmentSet, Expertise, ScaleBand,
};
use siteplan_model::gate::Gate;

use crate::refined::of_need;
use crate::situation::Situation;

/// A changed answer or need with the situation under it.
#[derive(Clone, Debug)]
pub(crate) struct Change<'a> {
    /// The question, need or setting.
    pub(crate) key: Cow<'static, str>,
    /// Its other value.
    pub(crate) value: String,
    /// What is decided about then.
    pub(crate) situation: Situation<'a>,
}

impl Change<'_> {
    /// The change as a document shows it.
    pub(crate) fn when(&self) -> BTreeMap<String, String> {
        BTreeMap::from([(self.key.to_string(), self.value.clone())])
    }
}

/// Every single changed answer and need, in the order of the questions.
pub(crate) fn changes<'a>(catalog: &Catalog, now: &Situation<'a>) -> Vec<Change<'a>> {
    let mut list = contexts(now);
    list.extend(environments(now));
    list.extend(databases(now));
    list.extend(needs(catalog, now));
    list
}

fn change<'a>(key: &'static str, value: &str, mut situation: Situation<'a>) -> Change<'a> {
    // A changed answer counts as given.
    situation.choices.assumed.retain(|gate| gate.key() != key);
    Change { key: Cow::Borrowed(key), value: value.to_owned(), situation }
}

/// Each answer to a refinement that says something, with how likely it is.
pub(crate) fn answers<'a>(
    catalog: &Catalog,
    now: &Situation<'a>,
    refinement: &Refinement,
) -> Vec<(Change<'a>, f64)> {
    let answer = |(choice, likelihood): (&RefinementChoice, f64)| {
        let situation = now.with_setting(catalog, &refinement.key, &choice.value);
        let key = Cow::Owned(refinement.key.clone());
        (Change { key, value: choice.value.clone(), situation }, likelihood)
    };
    refinement.answers().map(answer).collect()
}

/// Each other answer to each question of the context. A number outside the changed band no longer holds; requests that somebody
/// counted stay what they are.
fn contexts<'a>(now: &Situation<'a>) -> Vec<Change<'a>> {
    let context = &now.context;
    let mut list = Vec::new();
    for app_type in AppType::ALL.iter().copied().filter(|other| *other != context.app_type) {
        let changed = Context { app_type, ..context.clone() };
        list.push(change("app_type", app_type.as_str(), now.with_context(changed)));
    }
    for expertise in Expertise::ALL.iter().copied().filter(|other| *other != context.expertise) {
        let changed = Context { expertise, ..context.clone() };
        list.push(change("expertise", expertise.as_str(), now.with_context(changed)));
    }
    for scale in ScaleBand::ALL.iter().copied().filter(|other| *other != context.scale) {
        let changed = Context { scale, users: None, ..context.clone() };
        list.push(change("scale", scale.as_str(), now.with_context(changed)));
    }
    for budget in BudgetBand::ALL.iter().copied().filter(|other| *other != context.budget) {
        let changed = Context { budget, max_usd_per_month: None, ..context.clone() };
        list.push(change("budget", budget.as_str(), now.with_context(changed)));
    }
    list
}

fn environments<'a>(now: &Situation<'a>) -> Vec<Change<'a>> {
    // Where they are assumed, saying so is a change too: then a design with fewer is no longer an answer.
    let assumed = now.choices.assumed.contains(&Gate::Environments);
    let differs = |other: &EnvironmentSet| assumed || *other != now.choices.environments;
    let others = EnvironmentSet::ALL.iter().copied().filter(differs);
    others
        .map(|environments| {
            let choices = Choices { environments, ..now.choices.clone() };
            let situation = Situation { environments: Some(environments), ..now.with_choices(choices) };
            change("environments", environments.as_str(), situation)
        })
        .collect()
}

fn databases<'a>(now: &Situation<'a>) -> Vec<Change<'a>> {
    if now.context.app_type == AppType::Frontend || now.survey.databases.is_empty() {
        return Vec::new();
    }
    let others = DatabaseHosting::ALL.iter().copied().filter(|other| Some(*other) != now.choices.database);
    others
        .map(|hosting| {
            let choices = Choices { database: Some(hosting), database_service: None, ..now.choices.clone() };
            change("database", hosting.as_str(), now.with_choices(choices))
        })
        .collect()
}

/// Each need turned round, as somebody would say it who answers the question about it.
fn needs<'a>(catalog: &Catalog, now: &Situation<'a>) -> Vec<Change<'a>> {
    if now.context.app_type == AppType::Frontend {
        return Vec::new();
    }
    let several = now.about().runs_several_instances();
    let turned = |refinement: &Refinement| {
        // Where one instance runs, whether it would find others changes nothing.
        let need = refinement.need.filter(|need| several || *need != Need::Clustering)?;
        let value = if of_need(&now.survey.needs, need)?.value { "no" } else { "yes" };
        let situation = now.with_setting(catalog, &refinement.key, value);
        Some(Change { key: Cow::Owned(refinement.key.clone()), value: value.to_owned(), situation })
    };
    catalog.refinements.refinement.iter().filter_map(turned).collect()
}
