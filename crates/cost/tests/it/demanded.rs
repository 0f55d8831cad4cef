//! A GPU and an agreement on health data: in the price where the vendor says one, else openly not.

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_catalog::platform::{Ability, FixedNeed, Platform};
use siteplan_cost::{Choices, Depth, Pricer, Quote};
use siteplan_model::brief::{AppType, Context, ScaleBand};
use siteplan_model::fact::{Certainty, Fact};
use siteplan_model::money::Usd;
use siteplan_model::survey::{DatabaseFact, Survey};

use crate::{catalog, choices, context};

fn application() -> Survey {
    let fact = |name: &str| Fact::new(name.to_owned(), Certainty::High, Vec::new());
    let mut survey = Survey::nothing(".", "sample");
    survey.databases = vec![DatabaseFact { fact: fact("postgres"), version: None, optional: false }];
    survey
}

fn quote(catalog: &Catalog, survey: &Survey, platform: &Platform, compliance: &str, depth: Depth) -> Quote {
    let context: Context = context(AppType::WebApi, ScaleBand::Medium);
    let settings = BTreeMap::from([("compliance".to_owned(), compliance.to_owned())]);
    let choices = Choices { settings, ..choices() };
    Pricer::new(catalog, survey, &context, &choices)
        .quote(&platform.id, depth)
        .expect("a platform of the catalog")
}

/// What the lines of fixed items for a need add up to.
fn paid(quote: &Quote, platform: &Platform, need: FixedNeed) -> Usd {
    let names = platform.fixed.iter().filter(|item| item.needed == need).map(|item| item.name.as_str());
    let names: Vec<&str> = names.collect();
    let lines = quote.report.lines.iter().filter(|line| names.contains(&line.component.as_str()));
    lines.map(|line| line.monthly.expected).sum()
}

/// What a platform's fixed items for a need cost.
fn stated(platform: &Platform, need: FixedNeed) -> Usd {
    platform.fixed.iter().filter(|item| item.needed == need).map(|item| item.usd_per_month).sum()
}

#[test]
fn an_agreement_on_health_data_is_in_the_price_or_openly_not() {
    let catalog = catalog();
    let survey = application();
    let (mut dearer, mut open) = (0, 0);
    for platform in catalog.platforms.values() {
        let of = |compliance: &str| quote(&catalog, &survey, platform, compliance, Depth::Full);
        let (without, with) = (of("none"), of("soc2,hipaa"));
        let id = &platform.id;
        assert!(without.report.not_included.is_empty(), "{id}: {:?}", without.report.not_included);
        assert_eq!(paid(&without, platform, FixedNeed::Hipaa), Usd::ZERO, "{id}");
        assert_eq!(paid(&with, platform, FixedNeed::Hipaa), stated(platform, FixedNeed::Hipaa), "{id}");
        // The plan that comes with it is taken, whatever is cheaper.
        let signed: Vec<&str> =
            platform.plans.iter().filter(|plan| plan.signs_hipaa()).map(|plan| plan.name.as_str()).collect();
        assert!(signed.is_empty() || signed.contains(&with.plan.as_str()), "{id}: {}", with.plan);
        let more = with.report.total.expected - without.report.total.expected;
        assert!(more >= stated(platform, FixedNeed::Hipaa), "{id}: {more}");
        let said = with.report.not_included.iter().any(|item| item.what.starts_with(&platform.name));
        if platform.compliance.hipaa.value != Ability::Yes {
            assert!(said || more > Usd::ZERO, "{id} is neither dearer nor says what is missing");
        }
        assert!(with.report.not_included.iter().all(|item| item.source.starts_with("https://")), "{id}");
        let compared = quote(&catalog, &survey, platform, "soc2,hipaa", Depth::Comparison);
        assert_eq!(compared.report.not_included, with.report.not_included, "{id}");
        assert_eq!(compared.report.total.expected, with.report.total.expected, "{id}");
        dearer += usize::from(more > Usd::ZERO);
        open += usize::from(said);
    }
    assert!(dearer >= 4 && open >= 4, "{dearer} {open}");
}

#[test]
fn a_gpu_is_in_the_price_or_openly_not_and_only_where_one_is_offered() {
    let catalog = catalog();
    let plain = application();
    let mut computing = application();
    computing.needs.gpu = Fact::new(true, Certainty::High, Vec::new());
    let (mut priced, mut open) = (0, 0);
    for platform in catalog.platforms.values() {
        let of = |survey: &Survey| quote(&catalog, survey, platform, "", Depth::Full);
        let (without, with) = (of(&plain), of(&computing));
        let id = &platform.id;
        assert!(
            without.report.not_included.is_empty() && paid(&without, platform, FixedNeed::Gpu) == Usd::ZERO,
            "{id}"
        );
        let (pays, says) = (paid(&with, platform, FixedNeed::Gpu), !with.report.not_included.is_empty());
        if platform.capabilities.gpu.value == Ability::No {
            assert!(pays == Usd::ZERO && !says, "{id}: {:?}", with.report.not_included);
            continue;
        }
        assert!(pays > Usd::ZERO || says, "{id} gives one for nothing");
        assert_eq!(pays, stated(platform, FixedNeed::Gpu), "{id}");
        assert!(with.report.total.expected >= without.report.total.expected + pays, "{id}");
        priced += usize::from(pays > Usd::ZERO);
        open += usize::from(says);
    }
    assert!(priced >= 3 && open >= 3, "{priced} {open}");
}

#[test]
fn the_platform_that_runs_the_worker_gives_the_gpu() {
    let catalog = catalog();
    let mut survey = application();
    survey.app_type = Some(Fact::new(AppType::Microservices, Certainty::High, Vec::new()));
    survey.needs.gpu = Fact::new(true, Certainty::High, Vec::new());
    let (context, choices) = (context(AppType::Microservices, ScaleBand::Low), choices());
    let pricer = Pricer::new(&catalog, &survey, &context, &choices);
    let mut elsewhere = 0;
    for id in catalog.platforms.keys() {
        let quote = pricer.quote(id, Depth::Full).expect("a platform of the catalog");
        let worker = quote.components.iter().find(|placed| {
            quote.workload.components[placed.component].kind == siteplan_model::survey::ServiceKind::Worker
        });
        let Some(host) = worker.map(|placed| &catalog.platforms[&placed.platform]) else { continue };
        if host.capabilities.gpu.value != Ability::No {
            assert_eq!(
                paid(&quote, host, FixedNeed::Gpu),
                stated(host, FixedNeed::Gpu),
                "{id} with {}",
                host.id
            );
            elsewhere += usize::from(host.id != *id);
        }
    }
    assert!(elsewhere > 0, "no companion computes");
}

#[test]
fn a_price_that_nobody_publishes_is_within_no_budget() {
    let catalog = catalog();
    let survey = application();
    let mut without_price = 0;
    for platform in catalog.platforms.values() {
        let with = quote(&catalog, &survey, platform, "hipaa", Depth::Full);
        let decides = platform.not_priced.iter().any(|item| item.decides && item.needed == FixedNeed::Hipaa);
        let budget = &with.report.budget;
        assert_eq!(budget.open, decides, "{}: {}", platform.id, budget.summary);
        assert!(!(budget.open && (budget.within || budget.surely_within)), "{}", platform.id);
        let sure = budget.surely_within && !with.report.not_included.is_empty();
        assert!(!sure, "{}: {}", platform.id, budget.summary);
        let compared = quote(&catalog, &survey, platform, "hipaa", Depth::Comparison);
        assert_eq!(compared.report.budget.open, budget.open, "{}", platform.id);
        without_price += usize::from(decides);
    }
    assert!(without_price >= 2, "{without_price}");
    let limited = Context {
        budget: siteplan_model::brief::BudgetBand::Medium,
        ..context(AppType::WebApi, ScaleBand::Medium)
    };
    let settings = BTreeMap::from([("compliance".to_owned(), "hipaa".to_owned())]);
    let choices = Choices { settings, ..choices() };
    let pricer = Pricer::new(&catalog, &survey, &limited, &choices);
    let netlify =
        pricer.quote(&siteplan_model::id::PlatformId::new("netlify"), Depth::Full).expect("a quote");
    let said = &netlify.report.budget.summary;
    assert!(said.starts_with("whether it is within the $200 a month is not known: "), "{said}");
}

#[test]
fn a_price_of_a_unit_is_written_to_its_last_digit() {
    let catalog = catalog();
    let survey = application();
    let mut fractions = 0;
    for platform in catalog.platforms.values() {
        for line in quote(&catalog, &survey, platform, "none", Depth::Full).report.lines {
            let written = serde_json::to_value(&line).expect("JSON");
            let price = written["unit_price"].to_string();
            let read: siteplan_model::cost::CostLine = serde_json::from_value(written).expect("a line");
            assert_eq!(read.unit_price, line.unit_price, "{}: {price}", platform.id);
            fractions += usize::from(line.unit_price != line.unit_price.cents());
        }
    }
    assert!(fractions > 10, "{fractions}");
}
