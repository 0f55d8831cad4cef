//! One point of the space of answers: what was found, the context and the choices under which platforms are compared.

use std::borrow::Cow;

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Circumstances;
use siteplan_cost::Choices;
use siteplan_model::brief::{BudgetBand, Context, EnvironmentSet};
use siteplan_model::survey::Survey;

use crate::certain::Asked;

/// Everything that decides the options.
#[derive(Clone, Debug)]
pub(crate) struct Situation<'a> {
    /// What was found, or what would have been found if a need were turned round.
    pub(crate) survey: Cow<'a, Survey>,
    /// The four context answers.
    pub(crate) context: Context,
    /// The answers that change a cost beyond the context.
    pub(crate) choices: Choices,
    /// The environments, if somebody chose them; else they follow the budget.
    pub(crate) environments: Option<EnvironmentSet>,
}

impl<'a> Situation<'a> {
    /// What conditions of the catalog are asked about.
    pub(crate) fn about(&self) -> Circumstances<'_> {
        Circumstances { context: &self.context, survey: &self.survey }
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

    /// The same with another Survey.
    pub(crate) fn with_survey(&self, survey: Survey) -> Situation<'a> {
        Situation { survey: Cow::Owned(survey), ..self.clone() }
    }

    /// Whether every platform costs the same here as in another situation, and places the same parts.
    pub(crate) fn costs_as(&self, other: &Situation<'_>) -> bool {
        let same_survey = matches!((&self.survey, &other.survey), (Cow::Borrowed(a), Cow::Borrowed(b)) if std::ptr::eq(*a, *b));
        same_survey && self.context == other.context && self.choices == other.choices
    }
}

/// The environments that are taken until somebody chooses: a free budget pays for one only.
pub fn usual_environments(budget: BudgetBand) -> EnvironmentSet {
    match budget {
        BudgetBand::Free => EnvironmentSet::Production,
        _ => EnvironmentSet::StagingProduction,
    }
}
