//! What rules a platform out, what does not, and that the relaxation of an exclusion works.

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_model::Date;
use siteplan_model::brief::{AppType, Brief, BudgetBand, Context, ScaleBand};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::gate::{Channel, Gate, Provenance};
use siteplan_model::money::Usd;
use siteplan_model::recommendation::{Exclusion, PlatformOption, Recommendation};
use siteplan_model::survey::{ServiceKind, Survey};
use siteplan_recommend::{Inputs, recommend};

use crate::sample::{application, catalog, context};

fn ask(catalog: &Catalog, survey: &Survey, brief: &Brief, context: &Context) -> Recommendation {
    recommend(Inputs { catalog, survey, brief, context })
}

fn brief() -> Brief {
    Brief::new(Date::constant(2026, 11, 25))
}

fn heavy() -> Survey {
    let kinds = [ServiceKind::Web, ServiceKind::Api, ServiceKind::Worker];
    application(AppType::Microservices, "java", Some("spring-boot"), &kinds, &["postgres"])
}

fn seen(path: &str) -> Evidence {
    Evidence { path: path.to_owned(), line: Some(3), seen: "seen".to_owned() }
}

fn excluded<'a>(
    recommendation: &'a Recommendation,
    constraint: &'a str,
) -> impl Iterator<Item = &'a Exclusion> {
    recommendation.excluded.iter().filter(move |exclusion| exclusion.constraint == constraint)
}

#[test]
fn a_budget_that_nobody_stated_rules_nothing_out() {
    let catalog = catalog();
    let context = context(AppType::Microservices, ("intermediate", "medium", "small"));
    let by = |provenance, channel| {
        let mut brief = brief();
        brief.provenance.insert(Gate::Budget, provenance);
        brief.channels.insert(Gate::Budget, channel);
        ask(&catalog, &heavy(), &brief, &context)
    };
    for provenance in [Provenance::Default, Provenance::Detected, Provenance::Assistant] {
        let assumed = by(provenance, Channel::Default);
        assert_eq!(excluded(&assumed, "budget").count(), 0, "{provenance}");
        let affordable = |id| assumed.options.iter().find(|o| o.platform == id).map(|o| o.within_budget);
        let standing: Vec<_> = assumed.ranking.iter().filter(|r| r.feasible).collect();
        let reach = Usd::whole(50 * i64::from(catalog.criteria.assumed_budget_times));
        assert!(standing.iter().any(|r| r.monthly_usd.expected > reach), "the case is too cheap");
        let order: Vec<bool> = standing.iter().map(|r| r.monthly_usd.expected.cents() <= reach).collect();
        assert!(order.windows(2).all(|pair| pair[0] >= pair[1]), "{order:?}");
        for option in assumed.options.iter().filter(|option| !option.within_budget) {
            assert!(option.cons.iter().any(|con| con.contains("above the budget")), "{:?}", option.cons);
        }
        let first = standing[0].monthly_usd.expected.cents() <= Usd::whole(50);
        assert_eq!(affordable(assumed.recommended.clone()), Some(first));
    }
    // What a person stated, or confirmed, excludes.
    for (provenance, channel) in
        [(Provenance::Person, Channel::Terminal), (Provenance::Assistant, Channel::Elicitation)]
    {
        assert!(excluded(&by(provenance, channel), "budget").count() > 0, "{provenance}");
    }
}

#[test]
fn only_a_certain_need_against_a_hard_fact_rules_out() {
    let catalog = catalog();
    let context = context(AppType::WebApi, ("advanced", "medium", "enterprise"));
    let with = |certainty, evidence: Vec<Evidence>| {
        let mut survey =
            application(AppType::WebApi, "python", Some("fastapi"), &[ServiceKind::Api], &["postgres"]);
        survey.needs.gpu = Fact::new(true, certainty, evidence);
        survey.needs.long_requests = Fact::new(true, Certainty::High, vec![seen("a.py"), seen("b.py")]);
        survey.needs.memory = Fact::new(Some(500_000), Certainty::High, vec![seen("compose.yml")]);
        ask(&catalog, &survey, &brief(), &context)
    };
    let guessed = with(Certainty::Medium, vec![seen("requirements.txt")]);
    for constraint in ["gpu", "request-timeout", "memory", "websockets", "scale"] {
        assert_eq!(excluded(&guessed, constraint).count(), 0, "{constraint}: {:?}", guessed.excluded);
    }
    let declared = with(Certainty::High, vec![seen("Dockerfile")]);
    let broken: Vec<_> = excluded(&declared, "gpu").collect();
    assert!(!broken.is_empty());
    for exclusion in broken {
        assert_eq!(exclusion.seen, "Dockerfile:3");
        assert_eq!(exclusion.fact, "capabilities.gpu = no");
        assert!(exclusion.source.starts_with("https://"), "{exclusion:?}");
    }
    // A doubt is said where it does not exclude.
    let lacking = guessed.options.iter().filter(|option| {
        let id = option.platform.clone();
        excluded(&declared, "gpu").any(|exclusion| exclusion.platform == id)
    });
    for option in lacking {
        assert!(option.cons.iter().any(|con| con.contains("GPU") && con.contains("requirements.txt")));
    }
}

#[test]
fn a_kind_of_application_that_was_only_found_rules_nothing_out() {
    let catalog = catalog();
    let context = context(AppType::WebApi, ("intermediate", "medium", "medium"));
    let survey = application(AppType::WebApi, "python", Some("fastapi"), &[ServiceKind::Api], &[]);
    let by = |provenance| {
        let mut brief = brief();
        brief.provenance.insert(Gate::AppType, provenance);
        ask(&catalog, &survey, &brief, &context)
    };
    assert_eq!(excluded(&by(Provenance::Detected), "runtime").count(), 0);
    assert!(excluded(&by(Provenance::Person), "runtime").count() > 0);
}

/// The question with every relaxation of one platform applied.
fn relaxed(
    by: &BTreeMap<String, String>,
    survey: &Survey,
    brief: &Brief,
    context: &Context,
) -> (Survey, Brief, Context) {
    let (mut survey, mut brief, mut context) = (survey.clone(), brief.clone(), context.clone());
    for (key, value) in by {
        match key.as_str() {
            "max_usd_per_month" => {
                let ceiling = Usd::whole(value.parse().expect("whole dollars"));
                context.budget = BudgetBand::of_ceiling(ceiling);
                context.max_usd_per_month = Some(ceiling);
            }
            "users" => {
                let users = value.parse().expect("a number");
                context.users = Some(users);
                context.scale = ScaleBand::of_users(users);
            }
            "requests_per_month" => context.requests_per_month = value.parse().ok(),
            "gpu" => survey.needs.gpu.value = false,
            "clustering" => survey.needs.clustering.value = false,
            "websockets" => survey.needs.websockets.value = false,
            "long_requests" => survey.needs.long_requests.value = false,
            "memory_mb" => {
                survey.needs.memory.value = value.parse().ok();
                brief.settings.remove("memory_mb");
            }
            "commercial" => {
                brief.settings.insert(key.clone(), value.clone());
            }
            other => panic!("unknown relaxation `{other}`"),
        }
    }
    (survey, brief, context)
}

#[test]
fn a_relaxation_makes_the_platform_feasible_and_an_exclusion_says_what_it_rests_on() {
    let catalog = catalog();
    let mut needy = heavy();
    needy.needs.gpu = Fact::new(true, Certainty::High, Vec::new());
    needy.needs.long_requests = Fact::new(true, Certainty::High, Vec::new());
    let mut greedy = application(AppType::WebApi, "go", None, &[ServiceKind::Api], &[]);
    greedy.needs.memory = Fact::new(Some(1_000_000), Certainty::High, Vec::new());
    let mut commercial = brief();
    commercial.settings.insert("commercial".to_owned(), "yes".to_owned());
    let cases = [
        (needy, brief(), context(AppType::Microservices, ("advanced", "high", "small"))),
        (heavy(), brief(), context(AppType::Microservices, ("beginner", "low", "free"))),
        (heavy(), commercial, context(AppType::Microservices, ("beginner", "low", "free"))),
        (greedy, brief(), context(AppType::WebApi, ("intermediate", "very-high", "medium"))),
    ];
    let mut tried = 0;
    for (survey, brief, context) in cases {
        let before = ask(&catalog, &survey, &brief, &context);
        let mut of: BTreeMap<_, Vec<&Exclusion>> = BTreeMap::new();
        for exclusion in &before.excluded {
            let all =
                [&exclusion.because, &exclusion.relax, &exclusion.fact, &exclusion.need, &exclusion.seen];
            assert!(all.iter().all(|text| !text.is_empty()), "{exclusion:?}");
            assert!(exclusion.source.starts_with("https://"), "{exclusion:?}");
            of.entry(&exclusion.platform).or_default().push(exclusion);
        }
        for (platform, exclusions) in of {
            if exclusions.iter().any(|exclusion| exclusion.relax_by.is_empty()) {
                continue;
            }
            let by = exclusions.iter().flat_map(|exclusion| exclusion.relax_by.clone()).collect();
            let (survey, brief, context) = relaxed(&by, &survey, &brief, &context);
            let after = ask(&catalog, &survey, &brief, &context);
            let still: Vec<_> = after.excluded.iter().filter(|e| e.platform == *platform).collect();
            assert!(still.is_empty(), "{platform}: {by:?} leaves {still:?}");
            tried += 1;
        }
    }
    assert!(tried > 8, "only {tried} relaxations were tried");
}

#[test]
fn where_fewer_than_two_are_feasible_the_nearest_are_shown_with_what_makes_them_feasible() {
    let catalog = catalog();
    let mut needy = heavy();
    needy.needs.gpu = Fact::new(true, Certainty::High, Vec::new());
    let free = context(AppType::Microservices, ("intermediate", "medium", "free"));
    let small = context(AppType::Microservices, ("intermediate", "high", "small"));
    for (survey, context) in [(heavy(), free), (needy, small)] {
        let before = ask(&catalog, &survey, &brief(), &context);
        let feasible = before.ranking.iter().filter(|ranked| ranked.feasible).count();
        assert!(feasible < 2, "the case is too easy: {feasible}");
        assert!(before.options.len() >= 3, "{}", before.options.len());
        let missed: Vec<_> = before.options.iter().filter(|option| !option.feasible).collect();
        // In steps that are told apart: within one, what suits better comes first.
        let told_apart = catalog.criteria.relaxation.told_apart.value;
        let step = |size: f64| (size / told_apart).floor();
        let size = |option: &PlatformOption| option.feasible_with.as_ref().map_or(0.0, |it| it.size);
        let steps: Vec<f64> = missed.iter().map(|option| step(size(option))).collect();
        assert!(steps.windows(2).all(|pair| pair[0] <= pair[1]), "{steps:?}");
        for option in missed {
            let found = option.feasible_with.as_ref().expect("an answer lifts it");
            assert!(option.reasoning.contains(&found.words), "{}", option.reasoning);
            let (survey, brief, context) = relaxed(&found.by, &survey, &brief(), &context);
            let after = ask(&catalog, &survey, &brief, &context);
            let there = after.ranking.iter().find(|ranked| ranked.platform == option.platform);
            assert!(there.is_some_and(|there| there.feasible), "{}: {found:?}", option.platform);
        }
        for ranked in before.ranking.iter().filter(|ranked| ranked.feasible) {
            assert_eq!(ranked.feasible_with, None);
        }
        if feasible == 0 {
            let words = &before.options[0].feasible_with.as_ref().expect("an answer lifts it").words;
            assert!(before.because.contains(words) && before.certainty_because.contains(words));
        }
    }
}

/// A page with a server and a database of a person's own: every beginner's guide names a free way to run it.
#[test]
fn a_free_full_stack_application_has_a_place_at_no_cost() {
    let catalog = catalog();
    let survey =
        application(AppType::FullStack, "typescript", Some("next"), &[ServiceKind::Web], &["postgres"]);
    let context = context(AppType::FullStack, ("beginner", "low", "free"));
    let mut brief = brief();
    brief.settings.insert("commercial".to_owned(), "no".to_owned());
    let recommendation = ask(&catalog, &survey, &brief, &context);
    let winner = &recommendation.options[0];
    assert!(winner.feasible && winner.within_budget, "{winner:#?}");
    for platform in ["vercel", "netlify"] {
        let found = recommendation.ranking.iter().find(|ranked| ranked.platform.as_str() == platform);
        let found = found.expect("every platform is ranked");
        assert!(found.feasible, "{platform}: {:#?}", recommendation.excluded);
        assert_eq!(found.monthly_usd.expected.cents(), Usd::ZERO, "{platform}");
    }
}
