//! Assumptions and totals that somebody sets: each changes what it says, and what is not listed changes nothing.

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_cost::usage::{Key, Total};
use siteplan_cost::{Choices, Depth, Pricer, Quote};
use siteplan_model::brief::{AppType, Context, EnvironmentSet, ScaleBand};
use siteplan_model::money::Usd;
use siteplan_model::survey::Survey;

use crate::properties::demanding;
use crate::{catalog, choices, context};

/// The quotes of one application under settings, on every platform.
fn quotes(catalog: &Catalog, survey: &Survey, context: &Context, settings: &[(&str, f64)]) -> Vec<Quote> {
    let settings = settings.iter().map(|(key, value)| ((*key).to_owned(), value.to_string())).collect();
    let choices = Choices { settings, environments: EnvironmentSet::PreviewStagingProduction, ..choices() };
    let pricer = Pricer::new(catalog, survey, context, &choices);
    catalog.platforms.keys().filter_map(|id| pricer.quote(id, Depth::Full)).collect()
}

fn cases() -> Vec<(Survey, Context)> {
    let mut cases = Vec::new();
    for app_type in [AppType::FullStack, AppType::Frontend, AppType::Workers, AppType::Microservices] {
        for scale in [ScaleBand::Low, ScaleBand::High] {
            cases.push((Survey::nothing(".", "planned"), context(app_type, scale)));
        }
    }
    cases.push((demanding(), context(AppType::FullStack, ScaleBand::Medium)));
    let mut scheduled = demanding();
    scheduled.app_type = Some(siteplan_model::fact::Fact::new(
        AppType::Workers,
        siteplan_model::fact::Certainty::High,
        Vec::new(),
    ));
    scheduled.services = vec![cron()];
    cases.push((scheduled, context(AppType::Workers, ScaleBand::Medium)));
    cases
}

fn cron() -> siteplan_model::survey::Service {
    let written = serde_json::json!({
        "path": ".", "name": "nightly", "kind": "cron", "language": "python", "framework": null, "package_manager": null,
        "port": null, "health_endpoint": null, "databases": [], "migrations": null,
        "commands": {"install": "", "build": "", "test": "", "start": ""}, "schedule": "0 3 * * *"
    });
    serde_json::from_value(written).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_service_that_keeps_a_schedule_of_its_own_runs_all_the_time() {
    let catalog = catalog();
    let context = context(AppType::Workers, ScaleBand::Low);
    let placed = |schedule: Option<&str>| {
        let mut survey = demanding();
        survey.services =
            vec![siteplan_model::survey::Service { schedule: schedule.map(str::to_owned), ..cron() }];
        siteplan_cost::Workload::of(&catalog, &survey, &context, None, &BTreeMap::new()).components[0].kind
    };
    assert_eq!(placed(None), siteplan_model::survey::ServiceKind::Worker);
    assert_eq!(placed(Some("0 3 * * *")), siteplan_model::survey::ServiceKind::Cron);
}

#[test]
fn a_worker_that_ends_is_placed_as_a_job_and_an_optional_cache_not_at_all() {
    let catalog = catalog();
    let context = context(AppType::Workers, ScaleBand::Low);
    let of = |ends: bool, optional: bool| {
        let mut survey = demanding();
        let kind = siteplan_model::survey::ServiceKind::Worker;
        survey.services = vec![siteplan_model::survey::Service { kind, ends, schedule: None, ..cron() }];
        let redis = siteplan_model::fact::Fact::new(
            "redis".to_owned(),
            siteplan_model::fact::Certainty::High,
            Vec::new(),
        );
        survey.caches = vec![siteplan_model::survey::DatabaseFact { fact: redis, version: None, optional }];
        let workload = siteplan_cost::Workload::of(&catalog, &survey, &context, None, &BTreeMap::new());
        (workload.components[0].kind, workload.caches.len())
    };
    assert_eq!(of(false, false), (siteplan_model::survey::ServiceKind::Worker, 1));
    assert_eq!(of(true, true), (siteplan_model::survey::ServiceKind::Cron, 0));
}

#[test]
fn every_key_of_the_catalog_is_asked_for_and_every_key_asked_for_is_there() {
    let catalog = catalog();
    let asked: Vec<&str> = Key::ALL
        .iter()
        .map(|key| key.as_str())
        .chain(Total::ALL.iter().map(|total| total.as_str()))
        .collect();
    assert!(asked.iter().all(|key| catalog.usage.bounds(key).is_some()), "{asked:?}");
    assert!(catalog.usage.keys().all(|key| asked.contains(&key)));
}

/// The figures of a quote, without the list of assumptions.
fn figures(quote: &Quote) -> (&[siteplan_model::cost::CostLine], Vec<Usd>) {
    (&quote.report.lines, quote.report.loads.iter().map(|load| load.monthly.expected).collect())
}

#[test]
fn a_set_assumption_moves_the_cost_where_it_is_listed_and_nowhere_else() {
    let catalog = catalog();
    let cases = cases();
    for key in Key::ALL {
        let row = catalog.usage.get(key.as_str()).expect("an assumption");
        let [least, most] = row.range;
        let (low, high) = ((row.values[0] / 20.0).max(least), (row.values[2] * 20.0).min(most));
        let mut moved = 0;
        for (survey, context) in &cases {
            let plain = quotes(&catalog, survey, context, &[]);
            let cheap = quotes(&catalog, survey, context, &[(key.as_str(), low)]);
            let dear = quotes(&catalog, survey, context, &[(key.as_str(), high)]);
            for ((plain, cheap), dear) in plain.iter().zip(&cheap).zip(&dear) {
                let what = format!("{} {} {context:?}", key.as_str(), plain.platform);
                let listed = plain.report.assumptions.iter().any(|row| row.key == key.as_str());
                if !listed {
                    assert!(figures(plain) == figures(cheap), "{what}: not listed");
                    assert!(figures(plain) == figures(dear), "{what}: not listed");
                }
                let [less, more] = [cheap, dear].map(|quote| quote.report.total.expected);
                let [less, more] = if row.more_is_cheaper { [more, less] } else { [less, more] };
                // For more instances a smaller size may be the cheapest, of which staging then runs one.
                let within = less.to_f64() <= more.to_f64() * 1.1 + 1.0;
                assert!(within, "{what}: {less} at the cheap value, {more} at the dear one");
                moved += usize::from(less < more);
            }
        }
        assert!(moved > 0, "{} moves no cost", key.as_str());
    }
}

#[test]
fn an_exact_total_takes_the_place_of_what_would_be_computed() {
    let catalog = catalog();
    let (survey, context) = (demanding(), context(AppType::FullStack, ScaleBand::Medium));
    let one = |settings: &[(&str, f64)]| {
        let settings: BTreeMap<String, String> =
            settings.iter().map(|(key, value)| ((*key).to_owned(), value.to_string())).collect();
        let choices = Choices { settings, environments: EnvironmentSet::Production, ..choices() };
        let pricer = Pricer::new(&catalog, &survey, &context, &choices);
        pricer.quote(&siteplan_model::id::PlatformId::new("render"), Depth::Full).expect("a platform")
    };
    let quantity = |quote: &Quote, unit: &str| -> f64 {
        quote.report.lines.iter().filter(|line| line.unit == unit).map(|line| line.quantity).sum()
    };
    assert!((quantity(&one(&[("transfer_gb", 700.0)]), "GB") - 700.0).abs() < 1e-9);
    // The database's GB-months and those of the disk together.
    assert!((quantity(&one(&[("storage_gb", 90.0)]), "GB-month") - 90.0).abs() < 0.01);
    let minutes = one(&[("build_minutes", 1234.0)]);
    let builds = minutes.report.lines.iter().find(|line| line.component == "builds").expect("builds");
    assert!((builds.quantity - 1234.0).abs() < 1e-9, "{builds:?}");
    let listed: Vec<&str> = minutes.report.assumptions.iter().map(|row| row.key.as_str()).collect();
    assert!(listed.contains(&"build_minutes") && !listed.contains(&"minutes_per_build"), "{listed:?}");
}

#[test]
fn exact_users_and_requests_are_taken_as_they_are() {
    let catalog = catalog();
    let survey = Survey::nothing(".", "planned");
    let exact = Context {
        users: Some(5_000),
        requests_per_month: Some(2_000_000),
        ..context(AppType::WebApi, ScaleBand::Medium)
    };
    for quote in quotes(&catalog, &survey, &exact, &[]) {
        assert_eq!(
            (quote.report.loads[0].users, quote.report.loads[0].requests_per_month),
            (5_000, 2_000_000)
        );
        let listed = |key: &str| quote.report.assumptions.iter().any(|row| row.key == key);
        assert!(listed("users") && listed("requests_per_month") && !listed("requests_per_user"));
    }
}

#[test]
fn a_number_outside_its_range_is_refused_in_words() {
    let catalog = catalog();
    for key in catalog.usage.keys() {
        let bounds = catalog.usage.bounds(key).expect("bounds");
        for wrong in ["-1", "NaN", "inf", "1e30", "plenty", "", "0x10", "1,5", "--"] {
            assert_eq!(bounds.read(wrong), None, "{key} = {wrong}");
        }
        let [least, most] = bounds.range;
        assert_eq!(bounds.read(&least.to_string()), Some(least), "{key}");
        assert_eq!(bounds.read(&most.to_string()), Some(most), "{key}");
        assert!(bounds.words().contains(bounds.unit), "{}", bounds.words());
    }
    let memory = catalog.usage.bounds("memory_mb").expect("bounds");
    assert_eq!(memory.words(), "a number from 16 to 1,000,000 (MB)");
    assert_eq!(memory.read("1_024"), Some(1024.0));
}
