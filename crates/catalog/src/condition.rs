//! When a statement of the catalog applies to an application: a small language of lists, all of which must hold.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siteplan_model::brief::{AppType, BudgetBand, Context, Expertise, ScaleBand};
use siteplan_model::survey::{ServiceKind, Survey};

/// Every list that is not empty must hold at least one value that is true of the application.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Condition {
    /// The application type is one of these.
    pub app_type: Vec<AppType>,
    /// The expertise is one of these.
    pub expertise: Vec<Expertise>,
    /// The scale is one of these.
    pub scale: Vec<ScaleBand>,
    /// The budget is one of these.
    pub budget: Vec<BudgetBand>,
    /// A service of one of these kinds exists, or is meant where nothing is written yet.
    pub kind: Vec<ServiceKind>,
    /// One of these frameworks is used.
    pub framework: Vec<String>,
    /// One of these languages is used.
    pub language: Vec<String>,
    /// One of these needs is present (`websockets`, `workers`, `cron`, `long-requests`, `file-storage`, `gpu`, `clustering`, `database`, `cache`).
    pub need: Vec<Need>,
    /// None of these needs is present.
    pub without: Vec<Need>,
    /// Each of these settings was given one of its values. A default says nothing of anybody's wish and does not count.
    pub setting: BTreeMap<String, Vec<String>>,
}

/// Something that an application asks of a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// Long-lived sockets.
    Websockets,
    /// Queue consumers, job processors, bots.
    Workers,
    /// Scheduled jobs.
    Cron,
    /// Requests that last minutes.
    LongRequests,
    /// Files that survive a restart.
    FileStorage,
    /// A GPU.
    Gpu,
    /// Several instances of one service that find each other. One instance has nobody to find.
    Clustering,
    /// A database.
    Database,
    /// A cache.
    Cache,
}

/// What a condition is held against.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The four context answers.
    pub context: &'a Context,
    /// What was found.
    pub survey: &'a Survey,
    /// The settings that were given.
    pub settings: &'a BTreeMap<String, String>,
}

impl Circumstances<'_> {
    /// Whether a setting was given one of these values; of several given values one is enough.
    pub fn is_set(&self, key: &str, values: &[String]) -> bool {
        let given = self.settings.get(key).map(|given| given.split(','));
        given.is_some_and(|mut given| given.any(|value| values.iter().any(|wanted| wanted == value)))
    }

    /// Whether more than one instance of a service may run: by the load, or because an outage is to be survived.
    pub fn runs_several_instances(&self) -> bool {
        runs_several_instances(self.context, self.settings)
    }

    /// Whether a service of a kind exists; of an application that is only planned, whether its type or a stated need means one.
    pub fn runs(&self, kind: ServiceKind) -> bool {
        let found = &self.survey.services;
        if !found.is_empty() {
            return found.iter().any(|service| service.kind == kind);
        }
        let stated = match kind {
            ServiceKind::Worker => self.survey.needs.workers.value,
            ServiceKind::Cron => self.survey.needs.cron.value,
            _ => false,
        };
        stated || self.context.app_type.means().contains(&kind)
    }

    /// Whether the application has a need, by the Survey or by its type.
    pub fn has(&self, need: Need) -> bool {
        let needs = &self.survey.needs;
        let services = &self.survey.services;
        let kinds = |kind| services.iter().any(|service| service.kind == kind && !service.ends);
        let jobs = services.iter().filter(|service| service.ends).count();
        let only_jobs = jobs > 0 && jobs == services.len();
        match need {
            Need::Websockets => needs.websockets.value,
            Need::Workers => {
                needs.workers.value
                    || kinds(ServiceKind::Worker)
                    || (self.context.app_type == AppType::Workers && !only_jobs)
            }
            Need::Cron => needs.cron.value || kinds(ServiceKind::Cron) || jobs > 0,
            Need::LongRequests => needs.long_requests.value,
            Need::FileStorage => needs.disk(),
            Need::Gpu => needs.gpu.value,
            Need::Clustering => needs.clustering.value && self.runs_several_instances(),
            Need::Database => self.survey.databases.iter().any(|database| !database.optional),
            Need::Cache => self.survey.caches.iter().any(|cache| !cache.optional),
        }
    }
}

/// Whether more than one instance of a service may run: from a medium scale on, or where an outage is to be survived.
pub fn runs_several_instances(context: &Context, settings: &BTreeMap<String, String>) -> bool {
    let available =
        settings.get("availability").is_some_and(|answer| !matches!(answer.as_str(), "" | "standard"));
    context.scale >= ScaleBand::Medium || available
}

impl Condition {
    /// Whether the condition holds.
    pub fn holds(&self, about: &Circumstances<'_>) -> bool {
        fn one_of<T: PartialEq>(list: &[T], value: &T) -> bool {
            list.is_empty() || list.contains(value)
        }
        let survey = about.survey;
        one_of(&self.app_type, &about.context.app_type)
            && one_of(&self.expertise, &about.context.expertise)
            && one_of(&self.scale, &about.context.scale)
            && one_of(&self.budget, &about.context.budget)
            && (self.kind.is_empty() || self.kind.iter().any(|kind| about.runs(*kind)))
            && (self.framework.is_empty()
                || survey.frameworks.iter().any(|f| self.framework.contains(&f.fact.value)))
            && (self.language.is_empty()
                || survey.languages.iter().any(|l| self.language.contains(&l.fact.value)))
            && (self.need.is_empty() || self.need.iter().any(|need| about.has(*need)))
            && !self.without.iter().any(|need| about.has(*need))
            && self.setting.iter().all(|(key, values)| about.is_set(key, values))
    }
}
