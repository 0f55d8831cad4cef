//! What is larger than what a platform or a service has: it is said, and never taken for the cheapest.

use std::collections::BTreeMap;

use siteplan_cost::{Choices, Depth, Pricer, Quote};
use siteplan_model::brief::{AppType, BudgetBand, Context, ScaleBand};
use siteplan_model::id::PlatformId;
use siteplan_model::money::{Usd, UsdRange};
use siteplan_model::survey::Survey;

use crate::properties::{catalog_once, demanding};
use crate::{choices, context};

fn asked(survey: &Survey, context: &Context, platform: &PlatformId, given: &[(&str, &str)]) -> Quote {
    let settings: BTreeMap<String, String> =
        given.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let choices = Choices { settings, ..choices() };
    let pricer = Pricer::new(catalog_once(), survey, context, &choices);
    pricer.quote(platform, Depth::Full).expect("a platform of the catalog")
}

/// GB of production's database that are billed or included.
fn kept(quote: &Quote) -> f64 {
    f64::from(quote.data.iter().find(|data| !data.is_cache).expect("a database").storage_gb)
}

#[test]
fn a_database_that_nothing_holds_is_on_no_small_plan_and_that_is_said() {
    let catalog = catalog_once();
    let survey = Survey::nothing(".", "planned");
    for budget in [BudgetBand::Medium, BudgetBand::Enterprise] {
        let context = Context { budget, ..context(AppType::WebApi, ScaleBand::Medium) };
        for id in catalog.platforms.keys() {
            for gb in ["300", "30000", "1000000"] {
                let quote = asked(&survey, &context, id, &[("database_gb", gb)]);
                let placed = quote.data.first().expect("a database");
                let service = &catalog.data_services[placed.service.as_ref().expect("a service")];
                let plan = service.plans.iter().find(|plan| plan.id == placed.plan).expect("a plan");
                let gb: f64 = gb.parse().expect("a number");
                let said =
                    |words: &str| quote.report.not_included.iter().any(|open| open.what.contains(words));
                let holds = service.stores(plan, gb);
                assert_eq!(said("of which one database there holds"), !holds, "{id} {gb}: {}", service.id);
                assert_eq!(quote.report.budget.open, !holds, "{id} {gb}");
                let known = service.most_storage_gb.is_some() || gb <= plan.storage_gb;
                let unknown = holds && gb > 1000.0 && !known;
                assert_eq!(said("was not looked up"), unknown, "{id} {gb}: {}", service.id);
            }
        }
    }
}

#[test]
fn a_larger_disk_than_a_plan_keeps_takes_the_next_plan() {
    let survey = Survey::nothing(".", "planned");
    let context = context(AppType::WebApi, ScaleBand::Medium);
    let railway = PlatformId::new("railway");
    let (small, large) = (
        asked(&survey, &context, &railway, &[("database_gb", "4")]),
        asked(&survey, &context, &railway, &[("database_gb", "40")]),
    );
    assert_eq!((small.plan.as_str(), small.plan_because.as_deref()), ("Hobby", None));
    assert_eq!(
        (large.plan.as_str(), large.plan_because.as_deref()),
        ("Pro", Some("a disk holds 5 GB on Hobby"))
    );
}

#[test]
fn more_instances_than_a_platform_runs_are_said() {
    let catalog = catalog_once();
    let survey = Survey::nothing(".", "planned");
    let context = context(AppType::WebApi, ScaleBand::Medium);
    let mut fewer = 0;
    for (id, platform) in &catalog.platforms {
        let quote = asked(&survey, &context, id, &[("instances", "500")]);
        let runs = quote.components[0].instances;
        let said = quote.report.not_included.iter().any(|open| open.what.contains("500 instances of"));
        let counts = quote.components[0].vcpu > 0.0;
        assert_eq!(said, counts && runs < 500, "{id} runs {runs} of {}", platform.limits.instances.value);
        assert!(!said || quote.report.budget.open, "{id}");
        fewer += usize::from(said);
        assert!(asked(&survey, &context, id, &[("instances", "2")]).report.not_included.is_empty(), "{id}");
    }
    assert!(fewer > 3, "{fewer}");
}

#[test]
fn what_is_counted_has_no_half() {
    let bounds = catalog_once().usage.bounds("instances").expect("bounds");
    assert_eq!((bounds.read("1.5"), bounds.read("2")), (None, Some(2.0)));
    assert_eq!(bounds.words(), "a whole number from 1 to 10,000 (instances)");
    assert_eq!(catalog_once().usage.bounds("request_ms").expect("bounds").read("1.5"), Some(1.5));
}

#[test]
fn requests_that_the_users_cannot_make_leave_data_of_others() {
    let survey = Survey::nothing(".", "planned");
    let id = PlatformId::new("aws-ecs-fargate");
    let of = |requests: Option<u64>, users: Option<u64>| {
        let context = context(AppType::WebApi, ScaleBand::Low);
        asked(&survey, &Context { requests_per_month: requests, users, ..context }, &id, &[])
    };
    let (plain, usual, many) = (of(None, None), of(Some(5_000), None), of(Some(500_000_000), None));
    assert_eq!(kept(&plain).to_bits(), kept(&usual).to_bits());
    assert!(kept(&many) > 20.0 * kept(&plain), "{} {}", kept(&many), kept(&plain));
    let row = |quote: &Quote, key: &str| {
        quote.report.assumptions.iter().find(|row| row.key == key).cloned().expect("a row")
    };
    assert!(row(&many, "requests_per_month").reason.contains("the database keeps what"));
    assert!(!row(&usual, "requests_per_month").reason.contains("the database keeps what"));
    assert!(row(&many, "database_memory_mb").expected > row(&plain, "database_memory_mb").expected);
    // What is listed is what is billed.
    for quote in [&plain, &many, &of(None, Some(70_000)), &of(Some(500_000_000), Some(20))] {
        let listed = row(quote, "database_gb").expected;
        assert!((listed.ceil() - kept(quote)).abs() <= listed * 0.01 + 1.0, "{listed} {}", kept(quote));
    }
}

#[test]
fn shown_lines_add_up_to_the_cent() {
    let catalog = catalog_once();
    for survey in [demanding(), Survey::nothing(".", "planned")] {
        for scale in ScaleBand::ALL {
            let context = Context { budget: BudgetBand::Medium, ..context(AppType::FullStack, *scale) };
            for id in catalog.platforms.keys() {
                let quote = asked(&survey, &context, id, &[]);
                let mut sum = UsdRange::default();
                for line in &quote.report.lines {
                    let range = line.monthly;
                    assert_eq!(
                        [range.low, range.expected, range.high].map(Usd::cents),
                        [range.low, range.expected, range.high]
                    );
                    let credit = line.unit_price < Usd::ZERO;
                    assert!(
                        credit || (range.low <= range.expected && range.expected <= range.high),
                        "{id}: {line:?}"
                    );
                    sum = sum + range;
                }
                assert_eq!(sum, quote.report.total, "{id} {scale:?}");
                assert_eq!(quote.by_environment.values().copied().sum::<UsdRange>(), sum, "{id} {scale:?}");
            }
        }
    }
}
