//! What a person should hear at once after an answer: the budget is exceeded, a constraint is broken, the data would not last.

use serde::Serialize;
use siteplan_model::brief::{Brief, DatabaseHosting};
use siteplan_model::gate::Gate;
use siteplan_model::money::Usd;

use crate::interview::Interview;
use crate::subject::Subject;

/// Something that the last answer brought about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Notice {
    /// What it is about.
    pub kind: NoticeKind,
    /// One or two sentences for people.
    pub message: String,
    /// The question whose answer brought it about; [`Interview::back`] takes that answer back.
    pub undo: Subject,
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "about")]
pub enum NoticeKind {
    /// The chosen platform now costs more than the ceiling.
    OverBudget {
        /// Expected cost a month for all environments.
        expected: Usd,
        /// The ceiling.
        ceiling: Usd,
    },
    /// The chosen platform breaks a constraint.
    RuledOut,
    /// The chosen platform hosts no database that is fit to last.
    DataWouldNotLast,
}

impl Interview<'_> {
    /// What the last answer brought about; empty after a step back, and after a flag or a file, which are no step.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    pub(crate) fn notices_after(&self, subject: &Subject, before: &Brief) -> Vec<Notice> {
        let answers = &self.brief.answers;
        // These change neither the cost nor what the platform must do.
        let is_idle = matches!(subject.gate(), Some(Gate::Migrations | Gate::HealthChecks));
        if is_idle || answers.platform.is_none() || answers.context().is_none() {
            return Vec::new();
        }
        let all = [
            self.over_budget(subject, before),
            self.ruled_out(subject, before),
            self.data_would_not_last(subject),
        ];
        all.into_iter().flatten().collect()
    }

    fn over_budget(&self, subject: &Subject, before: &Brief) -> Option<Notice> {
        let (expected, ceiling) = self.excess(&self.brief)?;
        let known = self.excess(before).is_some();
        if known && !matches!(subject.gate(), Some(Gate::Budget | Gate::Platform)) {
            return None;
        }
        let platform = self.chosen_platform();
        let recommendation = self.recommendation();
        let within: Vec<String> = recommendation
            .options
            .iter()
            .filter(|option| option.within_budget && option.platform != platform)
            .map(|option| format!("{} ({})", option.name, option.monthly_usd.expected.rounded()))
            .collect();
        let instead = if within.is_empty() {
            "no option stays within it".to_owned()
        } else {
            format!("within it: {}", within.join(", "))
        };
        Some(Notice {
            kind: NoticeKind::OverBudget { expected, ceiling },
            message: format!(
                "with this answer {} is expected to cost {} a month, above the ceiling of {ceiling} for all \
                 environments together; {instead}",
                self.platform_name(&platform),
                expected.rounded(),
            ),
            undo: subject.clone(),
        })
    }

    /// Expected cost and ceiling, if the chosen platform of a Brief exceeds it.
    fn excess(&self, brief: &Brief) -> Option<(Usd, Usd)> {
        let platform = brief.answers.platform.as_ref()?;
        let ceiling = brief.answers.context()?.ceiling()?;
        let recommendation = self.recommendation_for(brief);
        let option = recommendation.options.iter().find(|option| option.platform == *platform);
        let ranked = recommendation.ranking.iter().find(|ranked| ranked.platform == *platform);
        let monthly = option.map(|o| o.monthly_usd).or_else(|| ranked.map(|r| r.monthly_usd))?;
        (monthly.expected > ceiling).then_some((monthly.expected, ceiling))
    }

    fn ruled_out(&self, subject: &Subject, before: &Brief) -> Option<Notice> {
        let platform = self.chosen_platform();
        let broken = |brief: &Brief| {
            let recommendation = self.recommendation_for(brief);
            let excluded = recommendation.excluded.iter();
            let options = recommendation.options.iter().flat_map(|option| &option.violates);
            let found = excluded.chain(options).find(|exclusion| exclusion.platform == platform).cloned();
            found.filter(|exclusion| exclusion.constraint != Gate::Budget.key())
        };
        let exclusion = broken(&self.brief)?;
        let known = before.answers.context().is_some() && broken(before).is_some();
        if known && subject.gate() != Some(Gate::Platform) {
            return None;
        }
        let name = self.platform_name(&platform);
        Some(Notice {
            kind: NoticeKind::RuledOut,
            message: format!(
                "{name} breaks the constraint `{}`: {}; the document will name it",
                exclusion.constraint, exclusion.because
            ),
            undo: subject.clone(),
        })
    }

    fn data_would_not_last(&self, subject: &Subject) -> Option<Notice> {
        let platform = self.brief.answers.platform.as_ref()?;
        let asked = matches!(subject.gate(), Some(Gate::Database | Gate::Platform));
        let here = self.brief.answers.database == Some(DatabaseHosting::SamePlatform);
        if !asked || !here || !self.applies(Gate::Database) || self.has_lasting_database(platform) {
            return None;
        }
        let name = self.platform_name(platform);
        let engine = self.engines().into_iter().next().unwrap_or_default();
        Some(Notice {
            kind: NoticeKind::DataWouldNotLast,
            message: format!(
                "{name} hosts no {} of its own that it operates, backs up and keeps",
                self.catalog.names.of(&engine)
            ),
            undo: subject.clone(),
        })
    }
}
