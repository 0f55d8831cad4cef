//! Instances that find each other: a need where several run, and nothing but a note where one does.

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_catalog::figure::Grade;
use siteplan_catalog::platform::Ability;
use siteplan_catalog::reasoning::CriterionId;
use siteplan_model::Date;
use siteplan_model::brief::{AppType, Brief, Context};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::{ServiceKind, Survey};
use siteplan_recommend::{Inputs, explain, recommend, standings};

use crate::sample::{application, catalog, context};

fn brief(settings: &[(&str, &str)]) -> Brief {
    let settings = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Brief { settings: settings.collect(), ..Brief::new(Date::constant(2026, 11, 25)) }
}

fn seen() -> Vec<Evidence> {
    vec![Evidence {
        path: "lib/presence.ex".to_owned(),
        line: Some(2),
        seen: "use Phoenix.Presence".to_owned(),
    }]
}

/// A Phoenix application; whether its instances find each other is what detection says.
fn chat(found: Fact<bool>) -> Survey {
    let mut survey =
        application(AppType::Monolith, "elixir", Some("phoenix"), &[ServiceKind::Web], &["postgres"]);
    survey.needs.websockets.value = true;
    survey.needs.clustering = found;
    survey
}

fn at(scale: &str) -> Context {
    context(AppType::Monolith, ("intermediate", scale, "enterprise"))
}

fn fits(
    catalog: &Catalog,
    survey: &Survey,
    context: &Context,
    settings: &[(&str, &str)],
) -> BTreeMap<String, f64> {
    let brief = brief(settings);
    let inputs = Inputs { catalog, survey, brief: &brief, context };
    let fit = |id: &siteplan_model::id::PlatformId| {
        let value =
            serde_json::to_value(explain(inputs, id, CriterionId::Fit).expect("known")).expect("JSON");
        (id.to_string(), value["value"].as_f64().expect("a number"))
    };
    catalog.platforms.keys().map(fit).collect()
}

/// The platforms that a constraint of clustering rules out.
fn excluded(catalog: &Catalog, survey: &Survey, context: &Context, settings: &[(&str, &str)]) -> Vec<String> {
    let brief = brief(settings);
    let found = standings(Inputs { catalog, survey, brief: &brief, context }).excluded;
    let of = found.into_iter().filter(|exclusion| exclusion.constraint == "clustering");
    of.map(|exclusion| exclusion.platform.to_string()).collect()
}

#[test]
fn it_counts_where_several_instances_run() {
    let catalog = catalog();
    let no = chat(Fact::new(false, Certainty::Medium, Vec::new()));
    let yes = chat(Fact::new(true, Certainty::Medium, seen()));
    assert_eq!(
        fits(&catalog, &no, &at("low"), &[]),
        fits(&catalog, &yes, &at("low"), &[]),
        "one finds nobody"
    );
    for (scale, settings) in [
        ("medium", &[][..]),
        ("high", &[]),
        ("low", &[("availability", "high")]),
        ("low", &[("availability", "multi-region")]),
    ] {
        let (without, with) =
            (fits(&catalog, &no, &at(scale), settings), fits(&catalog, &yes, &at(scale), settings));
        for platform in catalog.platforms.values() {
            let (before, after) = (without[platform.id.as_str()], with[platform.id.as_str()]);
            match platform.capabilities.clustering.value {
                Ability::Yes => assert!(after >= before, "{scale} {}: {before} {after}", platform.id),
                Ability::No => assert!(after < before, "{scale} {}: {before} {after}", platform.id),
                Ability::Limited => {}
            }
        }
    }
    let standard = [("availability", "standard")];
    assert_eq!(fits(&catalog, &no, &at("low"), &standard), fits(&catalog, &yes, &at("low"), &standard));
}

#[test]
fn only_a_stated_cluster_rules_out_and_only_where_a_vendor_says_that_it_cannot_be() {
    let catalog = catalog();
    let found = chat(Fact::new(true, Certainty::Medium, seen()));
    assert!(excluded(&catalog, &found, &at("high"), &[]).is_empty(), "found in code, not stated");
    let hint = chat(Fact { runner_up: Some(true), ..Fact::new(false, Certainty::Low, seen()) });
    let stated = [("clustering", "yes")];
    let strong: Vec<String> = catalog
        .platforms
        .values()
        .filter(|platform| {
            let fact = &platform.capabilities.clustering;
            fact.value == Ability::No && platform.sources[&fact.source].grade <= Grade::Transcribed
        })
        .map(|platform| platform.id.to_string())
        .collect();
    let mut out = excluded(&catalog, &hint, &at("high"), &stated);
    out.sort();
    assert!(!strong.is_empty());
    assert_eq!(out, strong);
    assert!(excluded(&catalog, &hint, &at("low"), &stated).is_empty());
    assert!(excluded(&catalog, &found, &at("high"), &[("clustering", "no")]).is_empty());
}

#[test]
fn the_platform_that_lacks_it_says_so_with_the_place() {
    let catalog = catalog();
    let found = chat(Fact::new(true, Certainty::Medium, seen()));
    let (brief, context) = (brief(&[]), at("high"));
    let told = recommend(Inputs { catalog: &catalog, survey: &found, brief: &brief, context: &context });
    let mut lacking = 0;
    for option in told.options.iter().filter(|option| {
        catalog.platforms[option.platform.as_str()].capabilities.clustering.value == Ability::No
    }) {
        let said = option
            .cons
            .iter()
            .any(|con| con.contains("find each other") && con.contains("lib/presence.ex:2"));
        assert!(said, "{}: {:?}", option.platform, option.cons);
        lacking += 1;
    }
    assert!(lacking > 0, "{:?}", told.options);
}

#[test]
fn a_hint_is_asked_about_where_several_run_and_a_finding_is_not() {
    let catalog = catalog();
    let hint = Fact { runner_up: Some(true), ..Fact::new(false, Certainty::Low, seen()) };
    let not_worth = |found: Fact<bool>, scale: &str| {
        let (brief, context, survey) = (brief(&[]), at(scale), chat(found));
        let told = recommend(Inputs { catalog: &catalog, survey: &survey, brief: &brief, context: &context });
        told.not_worth_asking.into_iter().find(|not| not.key == "clustering").map(|not| not.because)
    };
    let low = not_worth(hint.clone(), "low").expect("one instance");
    assert!(low.contains("one instance"), "{low}");
    // Weighed by what its answers change, not put aside because detection said so.
    let weighed = not_worth(hint, "high");
    assert!(weighed.is_none_or(|because| !because.contains("repository")));
    let shown = not_worth(Fact::new(true, Certainty::Medium, seen()), "high").expect("known");
    assert!(shown.contains("lib/presence.ex:2"), "{shown}");
}
