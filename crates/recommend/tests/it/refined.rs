//! What an answered refinement rules out, lowers and changes.

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_catalog::figure::Grade;
use siteplan_catalog::platform::Ability;
use siteplan_catalog::reasoning::CriterionId;
use siteplan_model::Date;
use siteplan_model::brief::{AppType, Brief, Context};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::id::PlatformId;
use siteplan_model::recommendation::Recommendation;
use siteplan_model::survey::{ServiceKind, Survey};
use siteplan_recommend::{Inputs, Standings, explain, recommend, standings};

use crate::sample::{application, catalog, context};

fn brief(settings: &[(&str, &str)]) -> Brief {
    let settings = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Brief { settings: settings.collect(), ..Brief::new(Date::constant(2026, 11, 25)) }
}

fn shop() -> (Survey, Context) {
    let survey =
        application(AppType::FullStack, "python", Some("django"), &[ServiceKind::Web], &["postgres"]);
    (survey, context(AppType::FullStack, ("intermediate", "medium", "medium")))
}

fn stand(catalog: &Catalog, settings: &[(&str, &str)]) -> Standings {
    let (survey, context) = shop();
    standings(Inputs { catalog, survey: &survey, brief: &brief(settings), context: &context })
}

fn ask(catalog: &Catalog, settings: &[(&str, &str)]) -> Recommendation {
    let (survey, context) = shop();
    recommend(Inputs { catalog, survey: &survey, brief: &brief(settings), context: &context })
}

/// Support by platform.
fn support(standings: &Standings) -> BTreeMap<String, f64> {
    standings.ranking.iter().map(|ranked| (ranked.platform.to_string(), ranked.support)).collect()
}

#[test]
fn a_region_that_a_platform_certainly_lacks_rules_it_out() {
    let catalog = catalog();
    for continent in ["africa", "south-america", "oceania", "europe"] {
        let excluded = stand(&catalog, &[("regions", continent)]).excluded;
        for platform in catalog.platforms.values() {
            let fact = &platform.limits.continents;
            let strong = platform.sources[&fact.source].grade <= Grade::Transcribed;
            let lacks = !fact.value.iter().any(|covered| covered == continent);
            let broken = excluded.iter().find(|e| e.platform == platform.id && e.constraint == "region");
            assert_eq!(broken.is_some(), lacks && strong, "{} in {continent}", platform.id);
            if let Some(broken) = broken {
                assert!(broken.because.contains(continent) && broken.relax.contains("regions=anywhere"));
                assert!(broken.source.starts_with("https://"), "{broken:?}");
            }
        }
    }
}

#[test]
fn every_named_continent_is_asked_for() {
    let catalog = catalog();
    let excluded = |regions| {
        let standings = stand(&catalog, &[("regions", regions)]);
        let for_region = standings.excluded.into_iter().filter(|e| e.constraint == "region");
        for_region.map(|exclusion| exclusion.platform).collect::<std::collections::BTreeSet<_>>()
    };
    let both: Vec<_> = excluded("africa").union(&excluded("oceania")).cloned().collect();
    assert_eq!(excluded("africa,oceania").into_iter().collect::<Vec<_>>(), both);
}

#[test]
fn what_is_limited_or_not_certain_lowers_and_is_said_but_rules_nothing_out() {
    let catalog = catalog();
    let with = stand(&catalog, &[("compliance", "hipaa")]);
    let mut seen = [0, 0];
    for platform in catalog.platforms.values() {
        let fact = &platform.compliance.hipaa;
        let certain = platform.sources[&fact.source].grade <= Grade::Transcribed;
        let out = with.excluded.iter().any(|e| e.platform == platform.id && e.constraint == "compliance");
        assert_eq!(out, fact.value == Ability::No && certain, "{}", platform.id);
        seen[0] += u32::from(fact.value == Ability::Limited);
        seen[1] += u32::from(fact.value == Ability::No && !certain);
    }
    assert!(seen.iter().all(|count| *count > 0), "the catalog has both kinds: {seen:?}");
    let told = ask(&catalog, &[("compliance", "hipaa")]);
    for option in &told.options {
        let limited = catalog.platforms[&option.platform].compliance.hipaa.value != Ability::Yes;
        let said = option.cons.iter().any(|con| con.contains("compliance = hipaa"));
        // What breaks only the budget, by the price of the agreement, says so as well.
        let broken = option.violates.iter().any(|violated| violated.constraint == "compliance");
        assert_eq!(said, limited && !broken, "{}: {:?}", option.platform, option.cons);
    }
}

/// Platforms that are simpler and less simple after an answer than before; the support of the simpler ones may not fall. Whoever asks
/// for more than the ceiling is as far from simple as can be, and may gain support where its rivals lose some.
fn simpler(catalog: &Catalog, survey: &Survey, [before, after]: [&[(&str, &str)]; 2]) -> [Vec<String>; 2] {
    let (_, context) = shop();
    let of = |settings: &[(&str, &str)]| {
        let brief = brief(settings);
        let inputs = Inputs { catalog, survey, brief: &brief, context: &context };
        let value = |id: &PlatformId| explain(inputs, id, CriterionId::Simplicity).expect("a platform").value;
        let values: BTreeMap<String, f64> =
            catalog.platforms.values().map(|one| (one.id.to_string(), value(&one.id))).collect();
        (values, support(&standings(inputs)))
    };
    let ((before, supported), (after, then)) = (of(before), of(after));
    let mut moved = [Vec::new(), Vec::new()];
    for (id, value) in before {
        if after[&id] > value {
            assert!(then[&id] >= supported[&id], "{id}: {} {}", supported[&id], then[&id]);
            moved[0].push(id);
        } else if after[&id] < value {
            moved[1].push(id);
        }
    }
    moved
}

/// Ids of the platforms of a cloud, and of the others.
fn of_cloud(catalog: &Catalog, cloud: &str) -> [Vec<String>; 2] {
    let (of, others) =
        catalog.platforms.values().partition::<Vec<_>, _>(|one| one.cloud.as_deref() == Some(cloud));
    [of, others].map(|all| all.into_iter().map(|one| one.id.to_string()).collect())
}

#[test]
fn an_existing_account_helps_the_platforms_of_its_cloud_and_no_other() {
    let catalog = catalog();
    let (survey, _) = shop();
    let [helped, hindered] =
        simpler(&catalog, &survey, [&[("existing_cloud", "none")], &[("existing_cloud", "google")]]);
    let [own, others] = of_cloud(&catalog, "google");
    assert!(!helped.is_empty() && helped.iter().all(|id| own.contains(id)), "{helped:?}");
    assert!(hindered.len() > 5 && hindered.iter().all(|id| others.contains(id)), "{hindered:?}");
    assert!(helped.contains(&"google-cloud-run".to_owned()));
}

#[test]
fn the_best_platform_of_a_cloud_with_an_account_is_always_among_the_options() {
    let catalog = catalog();
    let (shop, usual) = shop();
    let api = application(AppType::WebApi, "rust", None, &[ServiceKind::Api], &["postgres"]);
    let site = application(AppType::Frontend, "typescript", Some("vite"), &[ServiceKind::Static], &[]);
    let questions = [
        (&shop, usual),
        (&shop, context(AppType::FullStack, ("advanced", "medium", "medium"))),
        (&shop, context(AppType::FullStack, ("beginner", "low", "free"))),
        (&api, context(AppType::WebApi, ("advanced", "high", "enterprise"))),
        (&api, context(AppType::Microservices, ("advanced", "very-high", "enterprise"))),
        (&site, context(AppType::Frontend, ("intermediate", "low", "small"))),
    ];
    let (mut feasible, mut missed) = (0, 0);
    for (survey, context) in questions {
        for answer in ["aws", "google", "azure", "aws,google", "azure,aws,google"] {
            let brief = brief(&[("existing_cloud", answer)]);
            let told = recommend(Inputs { catalog: &catalog, survey, brief: &brief, context: &context });
            for cloud in answer.split(',') {
                let of_cloud =
                    |id: &PlatformId| catalog.platforms[id.as_str()].cloud.as_deref() == Some(cloud);
                let closed = |id: &PlatformId| {
                    let closed = &catalog.platforms[id.as_str()].lifecycle.closed_to_new_customers;
                    closed.as_ref().is_some_and(|fact| fact.value)
                };
                let mut of_cloud = told.ranking.iter().filter(|ranked| of_cloud(&ranked.platform));
                let best = of_cloud.find(|ranked| ranked.feasible || !closed(&ranked.platform));
                let best = best.expect("every cloud has an open platform");
                let shown = told.options.iter().find(|option| option.platform == best.platform);
                let shown = shown.unwrap_or_else(|| {
                    let options = told.options.iter().map(|option| &option.platform).collect::<Vec<_>>();
                    panic!("{} is not shown for {answer}: {options:?}", best.platform)
                });
                assert_eq!(shown.feasible, shown.violates.is_empty());
                feasible += usize::from(shown.feasible);
                missed += usize::from(!shown.feasible);
            }
            assert!((2..=4).contains(&told.options.len()));
            assert_eq!(told.options[0].platform, told.recommended);
        }
    }
    assert!(feasible > 20 && missed > 2, "{feasible} feasible, {missed} near misses");
}

#[test]
fn a_cloud_whose_services_the_code_calls_counts_as_an_account_until_somebody_denies_it() {
    let catalog = catalog();
    let (mut survey, context) = shop();
    let evidence = vec![Evidence { path: "app.py".to_owned(), line: Some(1), seen: "boto3".to_owned() }];
    survey.clouds = vec![Fact::new("aws".to_owned(), Certainty::High, evidence)];
    let stand = |settings: &[(&str, &str)]| {
        let brief = brief(settings);
        support(&standings(Inputs { catalog: &catalog, survey: &survey, brief: &brief, context: &context }))
    };
    let (called, denied) = (stand(&[]), stand(&[("existing_cloud", "none")]));
    assert_eq!(called, stand(&[("existing_cloud", "aws")]));
    assert_ne!(called, denied);
    let [helped, hindered] = simpler(&catalog, &survey, [&[("existing_cloud", "none")], &[]]);
    let [own, others] = of_cloud(&catalog, "aws");
    assert!(!helped.is_empty() && helped.iter().all(|id| own.contains(id)), "{helped:?}");
    assert!(hindered.len() > 5 && hindered.iter().all(|id| others.contains(id)), "{hindered:?}");
}

#[test]
fn who_avoids_lock_in_is_shown_platforms_that_are_easier_to_leave() {
    let catalog = catalog();
    // Support for each proprietary interface: less of it goes to platforms that bind more.
    let bound = |settings: &[(&str, &str)]| {
        let support = support(&stand(&catalog, settings));
        let of =
            |id: &str| u32::try_from(catalog.platforms[id].effort.lock_in.value.len()).expect("a handful");
        let weighed: f64 = support.iter().map(|(id, share)| share * f64::from(of(id))).sum();
        weighed / support.values().sum::<f64>()
    };
    assert!(bound(&[("lock_in", "avoid")]) < bound(&[]));
}

#[test]
fn a_stated_need_counts_as_a_found_one_and_a_denied_one_as_none() {
    let catalog = catalog();
    let (mut survey, context) = shop();
    let gpu = |survey: &Survey, settings: &[(&str, &str)]| {
        let brief = brief(settings);
        let standings = standings(Inputs { catalog: &catalog, survey, brief: &brief, context: &context });
        standings.excluded.iter().filter(|exclusion| exclusion.constraint == "gpu").count()
    };
    assert_eq!(gpu(&survey, &[]), 0);
    let stated = gpu(&survey, &[("gpu", "yes")]);
    assert!(stated > 0);
    survey.needs.gpu.value = true;
    assert_eq!(gpu(&survey, &[("gpu", "no")]), 0);
}

#[test]
fn nothing_is_paid_for_answers_of_which_the_catalog_says_so() {
    let catalog = catalog();
    let costs = |settings: &[(&str, &str)]| {
        let standings = stand(&catalog, settings);
        let all = standings.ranking.into_iter().map(|ranked| (ranked.platform, ranked.monthly_usd));
        all.collect::<BTreeMap<_, _>>()
    };
    let now = costs(&[]);
    for refinement in catalog.refinements.refinement.iter().filter(|refinement| !refinement.priced) {
        for (choice, _) in refinement.answers() {
            assert_eq!(costs(&[(&refinement.key, &choice.value)]), now, "{}", refinement.key);
        }
    }
}

#[test]
fn an_agreement_is_priced_and_what_has_no_price_is_said() {
    let catalog = catalog();
    let (with, without) = (ask(&catalog, &[("compliance", "hipaa")]), ask(&catalog, &[]));
    let said = |option: &siteplan_model::recommendation::PlatformOption| {
        option.cons.iter().any(|con| con.starts_with("Not in the price: "))
    };
    assert!(!without.options.iter().any(said), "nobody asked");
    let mut compared = 0;
    for option in &with.options {
        let platform = &catalog.platforms[option.platform.as_str()];
        let signed: siteplan_model::money::Usd = platform
            .fixed
            .iter()
            .filter(|item| item.needed == siteplan_catalog::platform::FixedNeed::Hipaa)
            .map(|item| item.usd_per_month)
            .sum();
        assert!(option.monthly_usd.expected >= signed, "{}: {:?}", option.platform, option.monthly_usd);
        if !platform.not_priced.is_empty() {
            assert!(said(option), "{}: {:?}", option.platform, option.cons);
            compared += 1;
        }
    }
    assert!(compared > 0 || with.options.iter().all(|o| !said(o)), "{:?}", with.options.len());
}

#[test]
fn who_needs_a_gpu_is_recommended_no_platform_without_one() {
    let catalog = catalog();
    for words in [("beginner", "low", "enterprise"), ("intermediate", "medium", "enterprise")] {
        let (survey, _) = shop();
        let context = context(AppType::FullStack, words);
        let brief = brief(&[("gpu", "yes")]);
        let asked =
            recommend(Inputs { catalog: &catalog, survey: &survey, brief: &brief, context: &context });
        let hosts = asked.options[0].placement.iter().map(|part| &catalog.platforms[part.platform.as_str()]);
        let offers = |host: &siteplan_catalog::platform::Platform| host.capabilities.gpu.value != Ability::No;
        assert!(hosts.into_iter().any(offers), "{words:?}: {}", asked.recommended);
    }
}

#[test]
fn two_continents_ask_for_one_application_in_several_regions() {
    let catalog = catalog();
    let several = stand(&catalog, &[("regions", "europe,north-america")]).excluded;
    let one = stand(&catalog, &[("regions", "europe")]).excluded;
    let mut ruled_out = 0;
    for platform in catalog.platforms.values() {
        let fact = &platform.capabilities.multi_region;
        let strong = platform.sources[&fact.source].grade <= Grade::Transcribed;
        let lacks = strong && fact.value == Ability::No;
        let broken = several
            .iter()
            .any(|e| e.platform == platform.id && e.fact.starts_with("capabilities.multi_region"));
        assert_eq!(broken, lacks, "{}", platform.id);
        assert!(
            !one.iter().any(|e| e.platform == platform.id && e.fact.starts_with("capabilities.multi_region"))
        );
        ruled_out += usize::from(broken);
    }
    assert!(ruled_out > 0, "no platform certainly runs an application in one region only");
}
