//! One point of the space of answers: what was found, the context and the choices under which platforms are compared.

use std::borrow::Cow;

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::{Circumstances, Need};
use siteplan_catalog::refinement::Refinement;
use siteplan_cost::{Choices, Pricer};
use siteplan_model::brief::{BudgetBand, Context, EnvironmentSet};
use siteplan_model::survey::{Needs, Survey};

use crate::certain::Asked;
use crate::refined::{demands_what_is_paid, with_stated_needs};

/// Everything that decides the options.
#[derive(Clone, Debug)]
pub(crate) struct Situation<'a> {
    /// What was found.
    pub(crate) found: &'a Survey,
    /// The same, with what somebody stated or denied in the place of what was found.
    pub(crate) survey: Cow<'a, Survey>,
    /// The four context answers.
    pub(crate) context: Context,
    /// The answers that change a cost beyond the context.
    pub(crate) choices: Choices,
    /// The environments, if somebody chose them; else they follow the budget.
    pub(crate) environments: Option<EnvironmentSet>,
}

impl<'a> Situation<'a> {
    /// Prices every platform for this situation.
    pub(crate) fn pricer<'p>(&'p self, catalog: &'p Catalog) -> Pricer<'p> {
        Pricer::new(catalog, &self.survey, &self.context, &self.choices)
    }

    /// What conditions of the catalog are asked about.
    pub(crate) fn about(&self) -> Circumstances<'_> {
        Circumstances { context: &self.context, survey: &self.survey, settings: &self.choices.settings }
    }

    /// What platforms are held against.
    pub(crate) fn asked<'s>(&'s self, catalog: &'s Catalog) -> Asked<'s> {
        Asked { catalog, survey: &self.survey, context: &self.context, choices: &self.choices }
    }

    /// The same under another context.
    pub(crate) fn with_context(&self, context: Context) -> Situation<'a> {
        let environments = self.environments.unwrap_or_else(|| usual_environments(context.budget));
        let choices = Choices { environments, ..self.choices.clone() };
        Situation { context, choices, ..self.clone() }
    }

    /// The same with other choices.
    pub(crate) fn with_choices(&self, choices: Choices) -> Situation<'a> {
        Situation { choices, ..self.clone() }
    }

    /// The same with a setting given.
    pub(crate) fn with_setting(&self, catalog: &Catalog, key: &str, value: &str) -> Situation<'a> {
        let mut there = self.clone();
        there.choices.settings.insert(key.to_owned(), value.to_owned());
        let states_a_need = catalog.refinements.get(key).is_some_and(|refinement| refinement.need.is_some());
        if states_a_need {
            there.survey = with_stated_needs(catalog, self.found, &there.choices.settings);
            // A smaller memory may have been tried before; nothing else is turned round but needs.
            if there.survey.needs.memory != self.survey.needs.memory {
                there.survey.to_mut().needs.memory = self.survey.needs.memory.clone();
            }
        }
        there
    }

    /// Whether every platform costs the same here as in another situation, and places the same parts: nothing differs but settings
    /// of which the catalog says that nothing is paid for them.
    pub(crate) fn costs_as(&self, catalog: &Catalog, other: &Situation<'_>) -> bool {
        let same_survey = match (&self.survey, &other.survey) {
            (Cow::Borrowed(one), Cow::Borrowed(other)) => std::ptr::eq(*one, *other),
            (one, other) => shows_the_same(one, other),
        };
        // How bad an outage is costs nothing here, but says whether instances have others to find.
        let same_cluster = self.about().has(Need::Clustering) == other.about().has(Need::Clustering);
        same_survey
            && same_cluster
            && self.context == other.context
            && self.choices_priced(catalog) == other.choices_priced(catalog)
    }

    /// The choices without the settings for which nothing is paid. Of what is demanded only an agreement on health data and further
    /// regions are paid.
    fn choices_priced(&self, catalog: &Catalog) -> Choices {
        let mut choices = self.choices.clone();
        let settings = &self.choices.settings;
        let is_paid = |refinement: &Refinement| {
            let demands = refinement.choice.iter().any(|choice| !choice.demands.is_empty());
            refinement.priced && (!demands || demands_what_is_paid(refinement, settings))
        };
        choices.settings.retain(|key, _| catalog.refinements.get(key).is_none_or(is_paid));
        choices
    }
}

/// Whether two surveys show the same parts and needs, however sure of the needs they are: what is paid for does not depend on that.
fn shows_the_same(one: &Survey, other: &Survey) -> bool {
    let values = |needs: &Needs| {
        let told =
            [&needs.websockets, &needs.workers, &needs.cron, &needs.long_requests, &needs.file_storage];
        let more = [&needs.object_storage, &needs.gpu, &needs.clustering];
        (told.map(|need| need.value), more.map(|need| need.value), needs.disk(), needs.memory.value)
    };
    if values(&one.needs) != values(&other.needs) {
        return false;
    }
    let needs = other.needs.clone();
    Survey { needs, ..one.clone() } == *other
}

/// The environments that are taken until somebody chooses: a free budget pays for one only.
pub fn usual_environments(budget: BudgetBand) -> EnvironmentSet {
    match budget {
        BudgetBand::Free => EnvironmentSet::Production,
        _ => EnvironmentSet::StagingProduction,
    }
}
