//! Which option comes first where the budget, a proof or a rival is missing, and that one order holds for all that is shown.

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::Catalog;
use siteplan_catalog::figure::Grade;
use siteplan_catalog::platform::Ability;
use siteplan_model::Date;
use siteplan_model::brief::{AppType, Brief, BudgetBand, Context, Expertise, ScaleBand};
use siteplan_model::fact::{Certainty, Fact};
use siteplan_model::gate::{Gate, Provenance};
use siteplan_model::money::Usd;
use siteplan_model::recommendation::{
    Level, Philosophy, PlatformOption, Ranked, Recommendation, RecommendationCertainty,
};
use siteplan_model::survey::{ServiceKind, Survey};
use siteplan_recommend::{Inputs, recommend, standings};

use crate::sample::{application, catalog, context};

fn brief(settings: &BTreeMap<String, String>) -> Brief {
    Brief { settings: settings.clone(), ..Brief::new(Date::constant(2026, 11, 25)) }
}

fn with(pairs: &[(&str, &str)]) -> Brief {
    brief(&pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
}

fn ask(catalog: &Catalog, survey: &Survey, brief: &Brief, context: &Context) -> Recommendation {
    recommend(Inputs { catalog, survey, brief, context })
}

/// Applications of several languages and kinds, each of one or two parts.
fn applications() -> Vec<(AppType, Survey)> {
    use ServiceKind::{Api, Web, Worker};
    let all = [
        application(AppType::Monolith, "java", Some("spring-boot"), &[Web], &[]),
        application(AppType::Monolith, "ruby", Some("rails"), &[Web, Worker], &["postgres"]),
        application(AppType::WebApi, "go", None, &[Api], &["postgres"]),
        application(AppType::FullStack, "typescript", Some("next"), &[Web], &["postgres"]),
        application(AppType::Microservices, "java", Some("spring-boot"), &[Web, Api, Worker], &["postgres"]),
    ];
    all.into_iter().map(|survey| (survey.app_type.as_ref().expect("its type").value, survey)).collect()
}

/// Those that a stated budget alone rules out and that run containers, so that they run all of these applications.
fn missed_for_cost<'r>(
    catalog: &Catalog,
    of: &'r [Ranked],
    excluded: &[(String, String)],
) -> Vec<&'r Ranked> {
    let for_cost_alone = |one: &&Ranked| {
        let mut broken =
            excluded.iter().filter(|(platform, _)| *platform == one.platform.as_str()).peekable();
        broken.peek().is_some() && broken.all(|(_, constraint)| constraint == "budget")
    };
    let runs =
        |one: &&Ranked| catalog.platforms[one.platform.as_str()].philosophy != Philosophy::FrontendCloud;
    of.iter().filter(for_cost_alone).filter(runs).collect()
}

#[test]
fn what_is_above_the_stated_budget_never_comes_before_what_misses_it_by_less() {
    let catalog = catalog();
    let (mut above, mut conditional) = (0, 0);
    for (app_type, survey) in applications() {
        for expertise in Expertise::ALL {
            for scale in [ScaleBand::Low, ScaleBand::Medium, ScaleBand::High] {
                for ceiling in [0, 1, 10, 40] {
                    let context = Context {
                        max_usd_per_month: Some(Usd::whole(ceiling)),
                        ..Context::of(
                            app_type,
                            *expertise,
                            scale,
                            BudgetBand::of_ceiling(Usd::whole(ceiling)),
                        )
                    };
                    let brief = with(&[]);
                    let inputs =
                        Inputs { catalog: &catalog, survey: &survey, brief: &brief, context: &context };
                    let now = standings(inputs);
                    let excluded: Vec<(String, String)> =
                        now.excluded.iter().map(|e| (e.platform.to_string(), e.constraint.clone())).collect();
                    let first = &now.ranking[0];
                    if !first.feasible || first.monthly_usd.expected.cents() <= Usd::whole(ceiling) {
                        continue;
                    }
                    above += 1;
                    let what = format!("{context:?}: {} at {}", first.platform, first.monthly_usd.expected);
                    for miss in missed_for_cost(&catalog, &now.ranking, &excluded) {
                        assert!(
                            miss.monthly_usd.expected >= first.monthly_usd.expected,
                            "{what}, before {} at {}",
                            miss.platform,
                            miss.monthly_usd.expected
                        );
                    }
                    let told = ask(&catalog, &survey, &brief, &context);
                    conditional += usize::from(told.options[0].within_budget_with.is_some());
                }
            }
        }
    }
    assert!(above > 0 && conditional > 0, "{above} above the budget, {conditional} of them by open answers");
}

#[test]
fn who_may_spend_nothing_is_not_sent_to_a_plan_for_four_seats() {
    let catalog = catalog();
    let (app_type, survey) = applications().remove(0);
    let context = context(app_type, ("advanced", "medium", "free"));
    let told = ask(&catalog, &survey, &with(&[]), &context);
    let first = &told.options[0];
    let dearest = told.options.iter().filter(|option| option.within_budget_with.is_some());
    for option in dearest {
        assert!(first.monthly_usd.expected <= option.monthly_usd.expected, "{}", first.platform);
        let with = option.within_budget_with.as_ref().expect("it is conditional");
        assert!(option.cons.iter().any(|con| con.contains(&with.words)), "{:?}", option.cons);
    }
    assert!(first.monthly_usd.expected.cents() <= Usd::whole(20), "{}", first.monthly_usd.expected);
}

#[test]
fn the_answers_that_are_named_bring_an_option_within_the_budget_and_no_fewer_do() {
    let catalog = catalog();
    let mut tried = 0;
    for (app_type, survey) in applications() {
        for words in [
            ("advanced", "medium", "free"),
            ("advanced", "medium", "small"),
            ("intermediate", "low", "small"),
        ] {
            let context = Context {
                max_usd_per_month: (words.2 == "small").then_some(Usd::whole(15)),
                ..context(app_type, words)
            };
            let open = with(&[]);
            for option in ask(&catalog, &survey, &open, &context).options {
                let Some(found) = &option.within_budget_with else { continue };
                assert!(option.feasible && !option.within_budget);
                let within = |by: &BTreeMap<String, String>| {
                    let mut brief = open.clone();
                    for (key, value) in by {
                        match key.as_str() {
                            "environments" => brief.answers.environments = value.parse().ok(),
                            "database" => brief.answers.database = value.parse().ok(),
                            _ => drop(brief.settings.insert(key.clone(), value.clone())),
                        }
                    }
                    let inputs =
                        Inputs { catalog: &catalog, survey: &survey, brief: &brief, context: &context };
                    let ranking = standings(inputs).ranking;
                    let there = ranking.iter().find(|ranked| ranked.platform == option.platform);
                    there.is_some_and(|there| {
                        there.monthly_usd.expected.cents() <= context.ceiling().expect("one")
                    })
                };
                assert!(within(&found.by), "{}: {found:?}", option.platform);
                for key in found.by.keys() {
                    let mut fewer = found.by.clone();
                    fewer.remove(key);
                    assert!(!within(&fewer), "{}: without `{key}` {found:?}", option.platform);
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 3, "only {tried} conditional options");
}

#[test]
fn whose_proof_is_not_known_never_comes_before_one_whose_is() {
    let catalog = catalog();
    let unknown = |option: &str, of: &str| {
        let platform = &catalog.platforms[option];
        let fact = if of == "hipaa" { &platform.compliance.hipaa } else { &platform.compliance.soc2 };
        fact.value == Ability::No && platform.sources[&fact.source].grade > Grade::Transcribed
    };
    let (mut first, mut asked) = (0, 0);
    for (app_type, survey) in applications() {
        for words in [
            ("beginner", "low", "medium"),
            ("intermediate", "low", "medium"),
            ("intermediate", "medium", "medium"),
            ("advanced", "medium", "enterprise"),
        ] {
            for proof in ["hipaa", "soc2"] {
                let context = context(app_type, words);
                let told = ask(&catalog, &survey, &with(&[("compliance", proof)]), &context);
                assert!(
                    !unknown(told.recommended.as_str(), proof),
                    "{words:?} {proof}: {}",
                    told.recommended
                );
                // Of what runs containers within the budget all whose proof is known come before all others.
                let comparable = |one: &&Ranked| {
                    let within =
                        context.ceiling().is_none_or(|most| one.monthly_usd.expected.cents() <= most);
                    let kind = catalog.platforms[one.platform.as_str()].philosophy;
                    one.feasible && within && kind != Philosophy::FrontendCloud
                };
                let compared = told.ranking.iter().filter(comparable);
                let order: Vec<bool> = compared.map(|one| unknown(one.platform.as_str(), proof)).collect();
                assert!(order.windows(2).all(|pair| pair[0] <= pair[1]), "{words:?} {proof}: {order:?}");
                first += usize::from(order.contains(&false) && order.contains(&true));
                for option in &told.options {
                    let said =
                        option.cons.iter().map(|con| con.matches("ask the vendor").count()).sum::<usize>();
                    assert!(said <= 1, "{}: {:?}", option.platform, option.cons);
                    asked += said;
                }
            }
        }
    }
    assert!(first > 5, "both kinds are compared {first} times");
    // Where it is shown, it says whom to ask.
    let survey = application(AppType::Workers, "python", None, &[ServiceKind::Worker], &[]);
    for words in [("beginner", "low", "free"), ("beginner", "low", "small")] {
        let told =
            ask(&catalog, &survey, &with(&[("compliance", "hipaa")]), &context(AppType::Workers, words));
        for option in told.options.iter().filter(|option| unknown(option.platform.as_str(), "hipaa")) {
            let said = option.cons.iter().map(|con| con.matches("ask the vendor").count()).sum::<usize>();
            assert_eq!(said, 1, "{}: {:?}", option.platform, option.cons);
            asked += said;
        }
    }
    assert!(asked > 0, "nothing is unknown");
}

/// A server that keeps its sockets' state in memory, in a language that no platform of functions builds.
fn live() -> Survey {
    let mut survey =
        application(AppType::Monolith, "elixir", Some("phoenix"), &[ServiceKind::Web], &["postgres"]);
    survey.needs.websockets = Fact::new(true, Certainty::High, Vec::new());
    survey
}

#[test]
fn an_only_candidate_is_said_to_be_one_and_is_not_certain() {
    let catalog = catalog();
    let (mut alone, mut poor) = (0, 0);
    for ceiling in 0..40 {
        let ceiling = Usd::whole(ceiling);
        let context = Context {
            max_usd_per_month: Some(ceiling),
            budget: BudgetBand::of_ceiling(ceiling),
            ..context(AppType::Monolith, ("intermediate", "low", "small"))
        };
        let told = ask(&catalog, &live(), &with(&[]), &context);
        let supported = told.ranking.iter().filter(|ranked| ranked.support > 0.0).count();
        let first: &PlatformOption = &told.options[0];
        assert_eq!(first.confidence.alone, supported == 1, "{ceiling}: {:?}", first.confidence);
        if !first.confidence.alone {
            continue;
        }
        alone += 1;
        assert_eq!(told.certainty, RecommendationCertainty::Uncertain);
        assert!(told.certainty_because.contains("the only one"), "{}", told.certainty_because);
        assert!(!first.reasoning.contains("100 of 100"), "{}", first.reasoning);
        let functions = catalog.platforms[first.platform.as_str()].philosophy == Philosophy::FrontendCloud;
        if functions {
            assert_eq!(first.confidence.level, Level::Low, "{ceiling}: {}", first.platform);
            poor += 1;
        }
    }
    assert!(alone > 0 && poor > 0, "{alone} alone, {poor} of them on functions");
}

#[test]
fn who_is_named_beside_the_first_is_among_the_options() {
    let catalog = catalog();
    let mut named = 0;
    for (app_type, survey) in applications() {
        for expertise in Expertise::ALL {
            for budget in BudgetBand::ALL {
                for scale in [ScaleBand::Low, ScaleBand::Medium] {
                    let context = Context::of(app_type, *expertise, scale, *budget);
                    let told = ask(&catalog, &survey, &with(&[]), &context);
                    let shown: BTreeSet<&str> = told.options.iter().map(|o| o.platform.as_str()).collect();
                    for ranked in told.ranking.iter().filter(|one| !shown.contains(one.platform.as_str())) {
                        let says = told.certainty_because.contains(&ranked.name);
                        assert!(!says, "{context:?}: {} of {shown:?}", told.certainty_because);
                    }
                    named += usize::from(told.certainty_because.contains(&told.options[1].name));
                    // One order for the options and for all.
                    let place = |id: &str| told.ranking.iter().position(|one| one.platform.as_str() == id);
                    let places: Vec<_> = told.options.iter().map(|o| place(o.platform.as_str())).collect();
                    assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{context:?}: {places:?}");
                }
            }
        }
    }
    assert!(named > 20, "{named}");
}

#[test]
fn a_load_that_nothing_carries_within_an_assumed_budget_is_told() {
    let catalog = catalog();
    let survey = application(AppType::Monolith, "go", None, &[ServiceKind::Web], &["postgres"]);
    let told = |scale, budget, provenance| {
        let context = context(AppType::Monolith, ("intermediate", scale, budget));
        let mut brief = Brief::new(Date::constant(2026, 11, 25));
        brief.provenance.insert(Gate::Budget, provenance);
        let because = ask(&catalog, &survey, &brief, &context).because;
        because.contains("Nothing that can run it stays within").then_some(because)
    };
    let said = told("very-high", "medium", Provenance::Default).expect("millions of users cost more");
    assert!(said.contains("within $200 a month at this load, the cheapest is expected to cost $"), "{said}");
    assert_eq!(told("low", "medium", Provenance::Default), None);
    assert_eq!(
        told("very-high", "medium", Provenance::Person),
        None,
        "the constraint that it breaks says so"
    );
    assert_eq!(told("very-high", "enterprise", Provenance::Default), None, "there is no ceiling");
}

/// A server with a schedule of its own and a database, as an experienced team runs it for a few people.
fn small() -> Survey {
    let mut survey = application(AppType::Monolith, "go", None, &[ServiceKind::Web], &["postgres"]);
    survey.needs.cron = Fact::new(true, Certainty::High, Vec::new());
    survey
}

#[test]
fn a_cluster_for_a_few_users_needs_more_than_a_proof_and_says_what_speaks_for_it() {
    let catalog = catalog();
    let is_cluster = |id: &str| catalog.platforms[id].philosophy == Philosophy::Orchestrator;
    let mut argued = 0;
    let mut surveys = applications();
    surveys.push((AppType::Monolith, small()));
    for (app_type, survey) in surveys.iter().filter(|(app_type, _)| *app_type != AppType::Microservices) {
        let context = Context { users: Some(32), ..context(*app_type, ("advanced", "low", "enterprise")) };
        for settings in [("compliance", "soc2"), ("compliance", "hipaa"), ("compliance", "hipaa,soc2")] {
            let told = ask(&catalog, survey, &with(&[settings]), &context);
            assert!(!is_cluster(told.recommended.as_str()), "{app_type} {settings:?}: {}", told.recommended);
        }
        for settings in
            [("availability", "multi-region"), ("regions", "europe,asia"), ("availability", "high")]
        {
            let told = ask(&catalog, survey, &with(&[settings]), &context);
            let says = told.because.contains("A cluster is much to run for a `low` scale");
            assert_eq!(says, is_cluster(told.recommended.as_str()), "{settings:?}: {}", told.because);
            argued += usize::from(says);
        }
    }
    assert!(argued > 0, "no cluster comes first");
}

#[test]
fn a_database_in_a_file_does_not_come_first_where_files_are_gone_with_each_release() {
    let catalog = catalog();
    let mut survey = application(AppType::Monolith, "typescript", None, &[ServiceKind::Web], &["sqlite"]);
    survey.needs.file_storage = Fact::new(true, Certainty::High, Vec::new());
    let mut compared = 0;
    for budget in ["free", "small", "medium"] {
        for dollars in [None, Some(5), Some(9)] {
            let mut context = context(AppType::Monolith, ("intermediate", "low", budget));
            context.max_usd_per_month = dollars.map(Usd::whole);
            let told = ask(&catalog, &survey, &with(&[]), &context);
            let keeps = |one: &&Ranked| {
                catalog.platforms[one.platform.as_str()].capabilities.disk_of_embedded_databases().value
                    != Ability::No
            };
            let feasible: Vec<&Ranked> = told.ranking.iter().filter(|one| one.feasible).collect();
            let after: Vec<&&Ranked> = feasible.iter().skip_while(|one| keeps(one)).collect();
            assert!(!after.iter().any(|one| keeps(one)), "{budget} {dollars:?}: {feasible:?}");
            compared += usize::from(after.len() < feasible.len()) * after.len();
        }
    }
    assert!(compared > 0, "nothing forgets beside what keeps");
}
