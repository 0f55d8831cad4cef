//! Where the parts of an option go: on one platform, on two, beside the data.

use siteplan_catalog::Catalog;
use siteplan_model::brief::{AppType, Context};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::recommendation::{Philosophy, PlatformOption, Recommendation};
use siteplan_model::survey::{ServiceKind, Survey};

use crate::sample::{application, ask, catalog, context};

fn option<'a>(recommendation: &'a Recommendation, platform: &str) -> &'a PlatformOption {
    let found = recommendation.options.iter().find(|option| option.platform.as_str() == platform);
    found.unwrap_or_else(|| panic!("{platform} is not among the options"))
}

fn places<'a>(option: &'a PlatformOption, service: &str) -> &'a str {
    let found = option.placement.iter().find(|placement| placement.service == service);
    found.map_or_else(|| panic!("{service} is not in {:?}", option.placement), |p| p.platform.as_str())
}

/// A browser application with a server of its own beside it.
fn split() -> Survey {
    let mut survey = application(
        AppType::FullStack,
        "python",
        Some("fastapi"),
        &[ServiceKind::Static, ServiceKind::Api, ServiceKind::Worker],
        &["postgres"],
    );
    survey.services[0].language = Some("typescript".to_owned());
    survey.services[0].framework = Some("react".to_owned());
    survey
}

fn small() -> Context {
    context(AppType::FullStack, ("beginner", "low", "small"))
}

#[test]
fn a_front_end_stays_and_its_server_goes_to_one_companion_with_the_data_beside_it() {
    let catalog = catalog();
    let recommendation = ask(&catalog, &split(), &small());
    let vercel = option(&recommendation, "vercel");
    assert_eq!(places(vercel, "static"), "vercel");
    let companion = places(vercel, "api");
    assert_ne!(companion, "vercel");
    assert_eq!(places(vercel, "worker"), companion, "one companion takes all that moves");
    let host =
        catalog.platforms.values().find(|platform| platform.id.as_str() == companion).expect("a platform");
    assert!(vercel.name.contains(&host.name), "{}", vercel.name);
    // A beginner gets no cluster beside a front end.
    assert_eq!(host.philosophy, Philosophy::ManagedPaas);
    let service = catalog
        .data_services
        .values()
        .find(|s| s.id.as_str() == places(vercel, "postgres"))
        .expect("a service");
    assert!(service.platforms.contains(&host.id) || service.platforms.is_empty(), "{}", service.id);
    assert!(vercel.cons.iter().any(|con| con.contains("public internet")), "{:?}", vercel.cons);
    // Both platforms are asked of the team.
    let alone = option(&recommendation, "render");
    assert!(vercel.effort.resources > alone.effort.resources);
}

#[test]
fn a_server_platform_serves_the_front_end_itself() {
    let catalog = catalog();
    let recommendation = ask(&catalog, &split(), &small());
    let render = option(&recommendation, "render");
    assert_eq!(render.name, "Render");
    for service in ["static", "api", "worker"] {
        assert_eq!(places(render, service), "render");
    }
    assert!(render.unplaced.is_empty());
}

#[test]
fn every_part_is_placed_or_said_to_have_no_place() {
    let catalog = catalog();
    let mut survey = split();
    let engines =
        application(AppType::FullStack, "python", None, &[], &["postgres", "sqlite", "no-such-engine"]);
    survey.databases = engines.databases;
    for words in [
        ("beginner", "low", "free"),
        ("intermediate", "medium", "medium"),
        ("advanced", "high", "enterprise"),
    ] {
        let recommendation = ask(&catalog, &survey, &context(AppType::FullStack, words));
        for option in &recommendation.options {
            let known = |name: &str| {
                option.placement.iter().any(|p| p.service == name)
                    || option.unplaced.iter().any(|n| n == name)
            };
            for name in ["static", "api", "worker", "postgres", "sqlite"] {
                assert!(known(name), "{words:?} {}: {name}", option.platform);
            }
            assert_eq!(option.unplaced, ["no-such-engine"], "{words:?} {}", option.platform);
            assert!(option.cons.iter().any(|con| con.contains("no-such-engine")), "{:?}", option.cons);
            assert_eq!(places(option, "sqlite"), places(option, "api"));
        }
    }
}

#[test]
fn an_answer_does_not_make_a_found_service_disappear() {
    let catalog = catalog();
    for app_type in [AppType::Monolith, AppType::WebApi] {
        let context = Context { app_type, ..small() };
        let recommendation = ask(&catalog, &split(), &context);
        for name in ["static", "api", "worker"] {
            places(&recommendation.options[0], name);
        }
    }
}

#[test]
fn functions_that_run_jobs_are_poor_but_possible() {
    let catalog = catalog();
    let survey = application(AppType::Workers, "python", None, &[ServiceKind::Worker], &[]);
    let context = context(AppType::Workers, ("beginner", "low", "enterprise"));
    let recommendation = ask(&catalog, &survey, &context);
    let vercel = recommendation.ranking.iter().find(|ranked| ranked.platform.as_str() == "vercel");
    assert!(vercel.is_some_and(|ranked| ranked.feasible), "{:?}", recommendation.excluded);
    assert_ne!(recommendation.recommended.as_str(), "vercel");
}

fn in_use(catalog: &Catalog, platforms: &[&str], context: &Context) -> Recommendation {
    let mut survey = split();
    survey.platforms_in_use = platforms
        .iter()
        .map(|platform| {
            let seen = Evidence { path: format!("{platform}.toml"), line: None, seen: "file".to_owned() };
            Fact::new((*platform).to_owned(), Certainty::High, vec![seen])
        })
        .collect();
    ask(catalog, &survey, context)
}

#[test]
fn every_platform_in_use_is_shown_with_what_leaving_costs() {
    let catalog = catalog();
    for platforms in [&["heroku"][..], &["fly", "vercel"], &["kubernetes-eks", "kubernetes-gke"]] {
        let recommendation = in_use(&catalog, platforms, &small());
        for platform in platforms {
            let shown = option(&recommendation, platform);
            assert!(shown.current);
            let leaving = shown.leaving.as_ref().expect("what leaving costs");
            assert_eq!(leaving.files, [format!("{platform}.toml")]);
            assert!(leaving.dns.is_some() && leaving.items > 1 && !leaving.summary.is_empty());
        }
        let others = recommendation.options.iter().filter(|option| !option.current);
        assert!(others.into_iter().all(|option| option.leaving.is_none()));
        assert!(recommendation.because.contains("in use"), "{}", recommendation.because);
    }
}

#[test]
fn a_platform_in_use_is_left_only_for_a_broken_constraint_or_a_gain() {
    let catalog = catalog();
    let gain = catalog.criteria.leaving_gain;
    let mut kept = 0;
    for words in [
        ("beginner", "low", "small"),
        ("intermediate", "medium", "medium"),
        ("advanced", "high", "enterprise"),
    ] {
        let context = context(AppType::FullStack, words);
        for platform in catalog.platforms.keys() {
            let recommendation = in_use(&catalog, &[platform.as_str()], &context);
            let winner = &recommendation.options[0];
            let incumbent = option(&recommendation, platform.as_str());
            if winner.current {
                kept += 1;
            } else {
                let more = winner.confidence.support - incumbent.confidence.support;
                assert!(!incumbent.feasible || more >= gain - 0.001, "{platform} {words:?}: {more}");
            }
        }
    }
    assert!(kept > 3, "an incumbent was kept {kept} times only");
}

#[test]
fn an_application_that_calls_a_cloud_is_at_home_there() {
    let catalog = catalog();
    let plain = application(AppType::WebApi, "java", Some("spring-boot"), &[ServiceKind::Api], &["postgres"]);
    let mut calling = plain.clone();
    calling.clouds = vec![Fact::new("azure".to_owned(), Certainty::High, Vec::new())];
    let context = context(AppType::WebApi, ("advanced", "high", "enterprise"));
    let support = |survey: &Survey, cloud: &str| {
        let standings = crate::sample::stand(&catalog, survey, &context);
        let on = standings.ranking.iter().filter(|one| {
            catalog
                .platforms
                .get(&one.platform)
                .is_some_and(|platform| platform.cloud.as_deref() == Some(cloud))
        });
        on.map(|one| one.support).sum::<f64>()
    };
    assert!(support(&calling, "azure") > support(&plain, "azure"));
    assert!(support(&calling, "aws") < support(&plain, "aws"));
}
