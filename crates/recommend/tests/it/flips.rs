//! The reported flips are exactly the true ones: every single changed answer and need is asked again from outside.

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_model::Date;
use siteplan_model::brief::{
    AppType, Brief, BudgetBand, Context, DatabaseHosting, EnvironmentSet, Expertise, ScaleBand,
};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::money::Usd;
use siteplan_model::survey::{ServiceKind, Survey};
use siteplan_recommend::{Inputs, recommend, standings};

use crate::sample::{application, catalog};

/// One question with everything that decides it.
#[derive(Clone)]
struct Asked {
    survey: Survey,
    brief: Brief,
    context: Context,
}

impl Asked {
    fn best(&self, catalog: &Catalog) -> String {
        let inputs = Inputs { catalog, survey: &self.survey, brief: &self.brief, context: &self.context };
        standings(inputs).ranking[0].platform.to_string()
    }

    /// Every question with one other answer, and every need turned round: written anew here, from the contract.
    fn grid(&self) -> Vec<(&'static str, String, Self)> {
        let mut grid = Vec::new();
        let mut add = |key, value: &str, change: &dyn Fn(&mut Self)| {
            let mut changed = self.clone();
            change(&mut changed);
            grid.push((key, value.to_owned(), changed));
        };
        for value in AppType::ALL {
            add("app_type", value.as_str(), &|asked| asked.context.app_type = *value);
        }
        for value in Expertise::ALL {
            add("expertise", value.as_str(), &|asked| asked.context.expertise = *value);
        }
        for value in ScaleBand::ALL {
            add("scale", value.as_str(), &|asked| asked.context.scale = *value);
        }
        for value in BudgetBand::ALL {
            add("budget", value.as_str(), &|asked| {
                // A number that narrowed another band no longer holds.
                if asked.context.budget != *value {
                    asked.context.max_usd_per_month = None;
                }
                asked.context.budget = *value;
            });
        }
        for value in EnvironmentSet::ALL {
            add("environments", value.as_str(), &|asked| asked.brief.answers.environments = Some(*value));
        }
        if self.context.app_type != AppType::Frontend && !self.survey.databases.is_empty() {
            for value in DatabaseHosting::ALL {
                add("database", value.as_str(), &|asked| asked.brief.answers.database = Some(*value));
            }
        }
        if self.context.app_type != AppType::Frontend {
            let word = |needed: bool| if needed { "no" } else { "yes" };
            let needs = self.survey.needs.clone();
            add("websockets", word(needs.websockets.value), &|asked| {
                flip(&mut asked.survey.needs.websockets);
            });
            add("long_requests", word(needs.long_requests.value), &|asked| {
                flip(&mut asked.survey.needs.long_requests);
            });
            add("file_storage", word(needs.file_storage.value), &|asked| {
                flip(&mut asked.survey.needs.file_storage);
            });
            add("gpu", word(needs.gpu.value), &|asked| flip(&mut asked.survey.needs.gpu));
            add("clustering", word(needs.clustering.value), &|asked| {
                flip(&mut asked.survey.needs.clustering);
            });
            add("workers", word(needs.workers.value), &|asked| {
                without(asked, needs.workers.value, ServiceKind::Worker);
            });
            add("cron", word(needs.cron.value), &|asked| without(asked, needs.cron.value, ServiceKind::Cron));
        }
        grid
    }
}

/// The other way round, as somebody would say it.
fn flip(need: &mut Fact<bool>) {
    *need = Fact::new(!need.value, Certainty::High, Vec::new());
}

/// Workers or scheduled jobs: gone with their services, or wanted.
fn without(asked: &mut Asked, had: bool, kind: ServiceKind) {
    let needs = &mut asked.survey.needs;
    let need = if kind == ServiceKind::Worker { &mut needs.workers } else { &mut needs.cron };
    flip(need);
    if had {
        asked.survey.services.retain(|service| service.kind != kind);
    }
}

fn assert_flips_are_the_true_ones(survey: &Survey, context: &Context, catalog: &Catalog) -> usize {
    flips_under(&Brief::new(Date::constant(2026, 11, 25)), survey, context, catalog)
}

/// How many flips there are under a brief; all are held against what is true.
fn flips_under(brief: &Brief, survey: &Survey, context: &Context, catalog: &Catalog) -> usize {
    let asked = Asked { survey: survey.clone(), brief: brief.clone(), context: context.clone() };
    let recommendation = recommend(Inputs { catalog, survey, brief, context });
    let reported: BTreeMap<(String, String), String> = recommendation
        .would_change
        .iter()
        .flat_map(|flip| {
            flip.when.iter().map(|(key, value)| ((key.clone(), value.clone()), flip.then.to_string()))
        })
        .collect();
    let now = recommendation.recommended.to_string();
    let true_ones: BTreeMap<(String, String), String> = asked
        .grid()
        .into_iter()
        .map(|(key, value, changed)| ((key.to_owned(), value), changed.best(catalog)))
        .filter(|(_, then)| *then != now)
        .collect();
    assert_eq!(reported, true_ones, "{context:?}");
    reported.len()
}

#[test]
fn reported_flips_are_exactly_the_true_ones() {
    use ServiceKind::{Api, Static, Web, Worker};
    let catalog = catalog();
    let applications = [
        application(AppType::FullStack, "python", Some("django"), &[Web, Worker], &["postgres"]),
        application(AppType::FullStack, "typescript", Some("next"), &[Web], &["postgres"]),
        application(AppType::WebApi, "go", None, &[Api], &["mysql"]),
        application(AppType::Frontend, "typescript", Some("vite"), &[Static], &[]),
        application(AppType::Microservices, "java", Some("spring-boot"), &[Web, Api, Worker], &["mongodb"]),
    ];
    // The applications walk through the grid of answers side by side, so that each context meets one of them.
    let mut found = 0;
    let mut contexts = 0;
    for (number, survey) in applications.iter().cycle().enumerate().take(12) {
        let app_type = survey.app_type.as_ref().map_or(AppType::WebApi, |fact| fact.value);
        let context = Context::of(
            app_type,
            Expertise::ALL[number % 3],
            ScaleBand::ALL[(number / 3 + number) % 4],
            BudgetBand::ALL[(number / 2) % 4],
        );
        found += assert_flips_are_the_true_ones(survey, &context, &catalog);
        contexts += 1;
    }
    // Nothing fits a ceiling this low: the order of what is above it must be the same from both sides.
    let tight = Context {
        max_usd_per_month: Some(Usd::whole(20)),
        ..Context::of(AppType::FullStack, Expertise::Intermediate, ScaleBand::Low, BudgetBand::Small)
    };
    found += assert_flips_are_the_true_ones(&applications[0], &tight, &catalog);
    contexts += 1;
    assert!(found > contexts, "{found} flips in {contexts} contexts: the comparison compares nothing");
}

#[test]
fn an_account_and_what_is_in_use_decide_the_same_from_both_sides() {
    let catalog = catalog();
    let api = application(AppType::WebApi, "rust", None, &[ServiceKind::Api], &["postgres"]);
    let mut used = api.clone();
    let evidence = vec![Evidence { path: "fly.toml".to_owned(), line: None, seen: "fly.toml".to_owned() }];
    used.platforms_in_use = vec![Fact::new("fly".to_owned(), Certainty::High, evidence)];
    let contexts = [
        Context::of(AppType::WebApi, Expertise::Advanced, ScaleBand::High, BudgetBand::Enterprise),
        Context::of(AppType::WebApi, Expertise::Advanced, ScaleBand::Medium, BudgetBand::Medium),
    ];
    let mut found = 0;
    for (cloud, context) in ["aws", "azure"].into_iter().zip(&contexts) {
        let mut brief = Brief::new(Date::constant(2026, 11, 25));
        brief.settings.insert("existing_cloud".to_owned(), cloud.to_owned());
        found += flips_under(&brief, &api, context, &catalog);
        found += flips_under(&brief, &used, context, &catalog);
    }
    assert!(found > 3, "{found} flips: the comparison compares nothing");
}
