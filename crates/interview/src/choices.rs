//! The choices of a question: the fixed words of the catalog, or what the catalog and the recommendation offer.

use siteplan_catalog::words::{Choice, Question};
use siteplan_model::brief::DatabaseHosting;
use siteplan_model::digits::hundredths;
use siteplan_model::gate::Gate;
use siteplan_model::recommendation::PlatformOption;

use crate::database::lasting;
use crate::interview::Interview;

/// The choices of a question.
#[derive(Clone, Debug, Default)]
pub(crate) struct Offered {
    /// Those to show.
    pub(crate) shown: Vec<Choice>,
    /// Those that are taken too.
    pub(crate) others: Vec<Choice>,
    /// What number may be given instead.
    pub(crate) number: Option<&'static str>,
}

impl Interview<'_> {
    /// The question of a gate; the catalog's validation sees to it that there is one.
    pub(crate) fn question(&self, gate: Gate) -> Option<&Question> {
        self.catalog.questions.question.iter().find(|question| question.gate == gate)
    }

    /// What may be answered.
    pub(crate) fn offered(&self, gate: Gate) -> Offered {
        let fixed = self.question(gate).map(|question| question.choice.clone()).unwrap_or_default();
        match gate {
            Gate::Platform => self.platforms(),
            Gate::Scale => Offered {
                shown: fixed,
                number: Some("a number of users: `800`, `10K`, `1M`"),
                ..Offered::default()
            },
            Gate::Budget => Offered {
                shown: fixed,
                number: Some("a number of dollars a month: `$30`"),
                ..Offered::default()
            },
            Gate::CodeHost => Offered { shown: self.code_hosts(fixed), ..Offered::default() },
            Gate::Database => Offered { shown: self.hostings(fixed), ..Offered::default() },
            Gate::DatabaseService => Offered { shown: self.database_services(), ..Offered::default() },
            Gate::SecretsService => Offered { shown: self.secrets_services(), ..Offered::default() },
            _ => Offered { shown: fixed, ..Offered::default() },
        }
    }

    /// The options of the recommendation; behind them every other platform of the catalog.
    fn platforms(&self) -> Offered {
        let recommendation = self.recommendation();
        let shown: Vec<Choice> = recommendation.options.iter().map(option).collect();
        let ruled_out = |id: &str| recommendation.excluded.iter().find(|e| e.platform.as_str() == id);
        let others = self
            .catalog
            .platforms
            .values()
            .filter(|platform| !shown.iter().any(|choice| choice.value == platform.id.as_str()))
            .map(|platform| Choice {
                value: platform.id.to_string(),
                label: platform.name.clone(),
                description: match ruled_out(platform.id.as_str()) {
                    Some(exclusion) => format!("ruled out: {}", exclusion.because),
                    None => platform.price_note.value.clone(),
                },
            })
            .collect();
        Offered { shown, others, number: None }
    }

    /// The hosts in the order of the question's words, then those that the catalog has besides.
    fn code_hosts(&self, mut fixed: Vec<Choice>) -> Vec<Choice> {
        let unnamed = |id: &str| !fixed.iter().any(|choice| choice.value == id);
        let more: Vec<Choice> = self
            .catalog
            .ci_hosts
            .values()
            .filter(|host| unnamed(host.id.as_str()))
            .map(|host| Choice {
                value: host.id.to_string(),
                label: host.name.clone(),
                description: format!("pipeline in {}", host.ci_name),
            })
            .collect();
        fixed.extend(more);
        fixed
    }

    /// The fixed choices, told for the chosen platform.
    fn hostings(&self, mut fixed: Vec<Choice>) -> Vec<Choice> {
        let Some(platform) = self.brief.answers.platform.clone() else { return fixed };
        if self.has_lasting_database(&platform) {
            return fixed;
        }
        let name = self.platform_name(&platform);
        let engine = self.engines().into_iter().next().unwrap_or_default();
        for choice in &mut fixed {
            if choice.value == DatabaseHosting::SamePlatform.as_str() {
                let engine = self.catalog.names.of(&engine);
                choice.description = format!("{name} hosts no {engine} of its own that is fit to last");
            }
        }
        fixed
    }

    fn database_services(&self) -> Vec<Choice> {
        let budget = self.context().budget;
        let choice = |service: &&siteplan_catalog::data_service::DataService| Choice {
            value: service.id.to_string(),
            label: service.name.clone(),
            description: lasting(service, budget).map_or_else(String::new, |plan| {
                let backups = plan.backups.as_ref();
                let backups = backups.map_or("none", |backups| backups.frequency.as_str());
                format!("from {} a month; backups {backups}", plan.usd_per_month)
            }),
        };
        self.managed_services().iter().map(choice).collect()
    }

    /// Stores of the platform's own cloud first, then the independent ones, then the others; the cheapest first.
    fn secrets_services(&self) -> Vec<Choice> {
        let platform = self.catalog.platforms.get(&self.chosen_platform());
        let cloud = platform.and_then(|platform| platform.cloud.as_deref());
        let mut services: Vec<_> = self.catalog.secrets_services.values().collect();
        services.sort_by_key(|service| {
            let distance = match service.cloud.as_deref() {
                Some(own) if Some(own) == cloud => 0,
                None => 1,
                Some(_) => 2,
            };
            (distance, service.usd_per_month.value, service.usd_per_secret.value, service.id.clone())
        });
        let choice = |service: &&siteplan_catalog::small::SecretsService| Choice {
            value: service.id.to_string(),
            label: service.name.clone(),
            description: format!(
                "{} for each secret and month; rotation: {}",
                service.usd_per_secret.value, service.rotation.value
            ),
        };
        services.iter().map(choice).collect()
    }
}

/// An option in one line.
fn option(option: &PlatformOption) -> Choice {
    let confidence = &option.confidence;
    let current = if option.current { "in use now · " } else { "" };
    Choice {
        value: option.platform.to_string(),
        label: option.name.clone(),
        description: format!(
            "{current}{} confidence ({}) · {} a month · {}",
            confidence.level.label().to_lowercase(),
            if confidence.alone {
                "the only one left".to_owned()
            } else {
                format!("{} of 100", hundredths(confidence.support))
            },
            option.monthly_usd.span(),
            one_line(option),
        ),
    }
}

/// What speaks most for or against an option.
fn one_line(option: &PlatformOption) -> String {
    if let Some(broken) = option.violates.first() {
        return broken.because.clone();
    }
    let fits = option.best_for.first().map(|text| format!("best for {}", lower_first(text)));
    option.pros.first().cloned().or(fits).unwrap_or_else(|| first_sentence(&option.reasoning).to_owned())
}

fn first_sentence(text: &str) -> &str {
    text.split_once(". ").map_or(text, |(first, _)| first)
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    let first: String = characters.next().map(|c| c.to_lowercase().collect()).unwrap_or_default();
    first + characters.as_str()
}
