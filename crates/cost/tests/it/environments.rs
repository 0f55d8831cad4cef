//! What each environment pays of what is metered for all of them, and what a worker that waits costs.

use std::collections::BTreeMap;

use siteplan_catalog::platform::{Billing, MeterId};
use siteplan_cost::{Choices, Depth, Quote, quote};
use siteplan_model::brief::{AppType, EnvironmentSet, ScaleBand};
use siteplan_model::id::PlatformId;
use siteplan_model::money::{Usd, UsdRange};
use siteplan_model::survey::Survey;

use crate::properties::{catalog_once, demanding};
use crate::{choices, context};

fn quoted(survey: &Survey, app_type: AppType, platform: &PlatformId, choices: &Choices) -> Quote {
    let context = context(app_type, ScaleBand::Medium);
    quote(catalog_once(), survey, &context, choices, platform, Depth::Full)
        .expect("a platform of the catalog")
}

fn worker(platform: &str, settings: &[(&str, &str)]) -> Quote {
    let settings = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let choices = Choices { settings, environments: EnvironmentSet::StagingProduction, ..choices() };
    quoted(&Survey::nothing(".", "planned"), AppType::Workers, &PlatformId::new(platform), &choices)
}

#[test]
fn staging_that_reserves_machines_is_not_free() {
    let catalog = catalog_once();
    let mut seen = 0;
    for (id, platform) in &catalog.platforms {
        let quote = worker(id.as_str(), &[]);
        let metered =
            quote.report.lines.iter().any(|line| {
                line.component == MeterId::VcpuHour.words().0 && line.monthly.expected > Usd::ZERO
            });
        let own = quote.components.iter().all(|placed| placed.platform == *id);
        if metered && own && platform.compute.billing.value != Billing::Server {
            seen += 1;
            let staging = quote.by_environment["staging"].expected;
            assert!(staging > Usd::ZERO, "{id}: {:?} {:#?}", quote.by_environment, quote.report.lines);
        }
    }
    assert!(seen > 2, "{seen} platforms");
}

/// A quarter of a vCPU in staging and in production all month: half of the hours beyond the grant belongs to each.
#[test]
fn equal_machines_cost_equally_in_each_environment() {
    let quote = worker("aws-ecs-fargate", &[("instances", "1")]);
    let of = |environment: &str| -> Usd {
        let metered = |component: &str| ["computing", "memory"].contains(&component);
        let lines = quote.report.lines.iter().filter(|line| line.environment == environment);
        lines.filter(|line| metered(&line.component)).map(|line| line.monthly.expected).sum()
    };
    assert!(of("staging") > Usd::whole(1), "{:#?}", quote.report.lines);
    assert_eq!(of("staging").cents(), of("production").cents());
    assert_eq!(of("all"), Usd::ZERO);
}

/// On every platform, for an application that needs all that can cost something, in one to three environments: what the lines of
/// an environment come to is what it is said to cost, and the environments, the components and the lines come to the total.
#[test]
fn lines_environments_and_components_come_to_the_same_total() {
    let whole: Vec<&str> =
        MeterId::ALL.iter().filter(|id| **id != MeterId::ImageGb).map(|id| id.words().0).collect();
    let mut split = 0;
    for platform in catalog_once().platforms.keys() {
        for environments in EnvironmentSet::ALL {
            for app_type in [AppType::FullStack, AppType::Microservices, AppType::Frontend] {
                let choices = Choices { environments: *environments, ..choices() };
                let quote = quoted(&demanding(), app_type, platform, &choices);
                let what = format!("{platform} {environments:?} {app_type:?}: {:#?}", quote.report.lines);
                let names = environments.names();
                let production = names.last().copied().expect("production");
                let mut by_environment: BTreeMap<&str, UsdRange> = BTreeMap::new();
                let mut by_component: BTreeMap<&str, UsdRange> = BTreeMap::new();
                for line in &quote.report.lines {
                    let name = if line.environment == "all" { production } else { &line.environment };
                    for (sums, key) in [(&mut by_environment, name), (&mut by_component, &line.component)] {
                        let sum = sums.entry(key).or_default();
                        *sum = *sum + line.monthly;
                    }
                    let costs = line.monthly.expected.cents() != Usd::ZERO;
                    let metered = whole.contains(&line.component.as_str());
                    if metered && costs && names.len() > 1 {
                        split += 1;
                        assert_ne!(line.environment, "all", "{what}");
                    }
                }
                for name in names {
                    let lines = by_environment.get(name).copied().unwrap_or_default();
                    assert_eq!(lines, quote.by_environment[*name], "{name} {what}");
                }
                let total = quote.report.total;
                assert_eq!(quote.by_environment.values().copied().sum::<UsdRange>(), total, "{what}");
                assert_eq!(by_component.into_values().sum::<UsdRange>(), total, "{what}");
                let shallow = quote_shallow(app_type, platform, &choices);
                assert_eq!(shallow.expected, total.expected, "{what}");
            }
        }
    }
    assert!(split > 100, "{split} lines");
}

/// The total without lines, which recommendations compare.
fn quote_shallow(app_type: AppType, platform: &PlatformId, choices: &Choices) -> UsdRange {
    let context = context(app_type, ScaleBand::Medium);
    let quote = quote(catalog_once(), &demanding(), &context, choices, platform, Depth::Comparison);
    quote.expect("a platform of the catalog").report.total
}

/// Microsoft: $0.000003 for a vCPU-second of a replica that uses less than 0.01 vCPU, against $0.000024; memory as before.
/// <https://techcommunity.microsoft.com/blog/appsonazureblog/understanding-idle-usage-in-azure-container-apps/4419197>, read
/// 2026-11-26.
#[test]
fn a_worker_that_waits_pays_the_idle_rate() {
    let busy = worker("azure-container-apps", &[("idle_cpu_share", "0.02"), ("jobs_per_request", "0")]);
    let waits = worker("azure-container-apps", &[("idle_cpu_share", "0.005"), ("jobs_per_request", "0")]);
    let paid = |quote: &Quote| -> f64 {
        let lines = quote.report.lines.iter().filter(|line| line.component == MeterId::VcpuHour.words().0);
        lines.map(|line| line.monthly.expected.to_f64()).sum()
    };
    // A quarter of a vCPU in staging and in production all month, 180,000 vCPU-seconds at the active rate free.
    let seconds = 0.25 * 730.0 * 3600.0 * 2.0;
    assert!((paid(&busy) - (seconds - 180_000.0) * 0.000_024).abs() < 0.01, "{}", paid(&busy));
    assert!((paid(&waits) - (seconds * 0.000_003 - 180_000.0 * 0.000_024).max(0.0)).abs() < 0.01);
    // At the active rate an idle hour counts as an eighth of one.
    let hours = |quote: &Quote| -> f64 {
        let lines = quote.report.lines.iter().filter(|line| line.component == MeterId::VcpuHour.words().0);
        lines.map(|line| line.quantity).sum()
    };
    assert!((hours(&waits) - seconds / 3600.0 / 8.0).abs() < 0.01, "{}", hours(&waits));
    assert!(waits.report.total.expected < busy.report.total.expected);
    let said = |quote: &Quote| quote.report.assumptions.iter().any(|row| row.key == "idle_cpu_share");
    assert!(said(&busy) && said(&worker("azure-container-apps", &[])));
}

#[test]
fn a_worker_pool_costs_less_than_an_instance_of_a_service() {
    let pool = worker("google-cloud-run", &[("jobs_per_request", "0")]);
    let line = pool.report.lines.iter().find(|line| line.unit == "instance-month").expect("a worker");
    // 730 hours of one vCPU at $0.000011244 a second, and half a GB at $0.000002.
    let expected = 730.0 * 3600.0 * (0.000_011_244 + 0.5 * 0.000_002);
    assert!((line.unit_price.to_f64() - expected).abs() < 0.01, "{line:?}");
}
