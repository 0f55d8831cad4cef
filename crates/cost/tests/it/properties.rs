//! What holds for every quote, whatever the load: order of the levels, growth with the load, one total on every way.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use siteplan_catalog::condition::Need;
use siteplan_catalog::platform::PlanUnit;
use siteplan_cost::{Choices, Depth, Pricer, Volume};
use siteplan_model::brief::{AppType, Context, EnvironmentSet, Expertise, ScaleBand};
use siteplan_model::fact::{Certainty, Fact};
use siteplan_model::id::PlatformId;
use siteplan_model::money::{Usd, UsdRange};
use siteplan_model::survey::{DatabaseFact, Survey};

use crate::{catalog, choices, context, everywhere, planned};

/// An application that needs all that can cost something: database, cache, worker, scheduled job, files.
pub(crate) fn demanding() -> Survey {
    let fact = |name: &str| Fact::new(name.to_owned(), Certainty::High, Vec::new());
    let mut survey = Survey::nothing(".", "demanding");
    survey.databases = vec![DatabaseFact { fact: fact("postgres"), version: None, optional: false }];
    survey.caches = vec![DatabaseFact { fact: fact("redis"), version: None, optional: false }];
    survey.needs.file_storage.value = true;
    survey.needs.workers.value = true;
    survey.needs.cron.value = true;
    survey
}

#[test]
fn low_expected_and_high_stand_in_their_order() {
    everywhere(|context, quote| {
        let what = format!("{} {context:?}", quote.platform);
        let ordered = |range: &UsdRange| range.low <= range.expected && range.expected <= range.high;
        for line in &quote.report.lines {
            let credit = line.unit_price < Usd::ZERO;
            assert!(credit || ordered(&line.monthly), "{what}: {line:?}");
        }
        assert!(ordered(&quote.report.total), "{what}: {:?}", quote.report.total);
        assert!(quote.report.loads.iter().all(|load| ordered(&load.monthly)), "{what}");
        let sum: UsdRange = quote.report.lines.iter().map(|line| line.monthly).sum();
        assert_eq!(sum, quote.report.total, "{what}");
    });
}

#[test]
fn a_comparison_finds_the_total_that_the_lines_add_up_to() {
    let catalog = catalog();
    for survey in [Survey::nothing(".", "planned"), demanding()] {
        for app_type in AppType::ALL {
            for scale in ScaleBand::ALL {
                let context = context(*app_type, *scale);
                let choices = choices();
                let pricer = Pricer::new(&catalog, &survey, &context, &choices);
                for id in catalog.platforms.keys() {
                    let total = |depth| pricer.quote(id, depth).map(|quote| quote.report.total.expected);
                    assert_eq!(total(Depth::Full), total(Depth::Comparison), "{id} {app_type} {scale}");
                }
            }
        }
    }
}

#[test]
fn ten_times_today_is_the_cost_at_ten_times_the_users_or_requests() {
    let catalog = catalog();
    let survey = demanding();
    let mut context = context(AppType::FullStack, ScaleBand::Medium);
    (context.users, context.requests_per_month) = (Some(2_000), Some(900_000));
    let choices = choices();
    let pricer = Pricer::new(&catalog, &survey, &context, &choices);
    for id in catalog.platforms.keys() {
        let quote = pricer.quote(id, Depth::Full).expect("a platform of the catalog");
        for load in &quote.report.loads {
            let factor = u64::from(load.factor);
            for volume in [Volume::Users(2_000 * factor), Volume::Requests(900_000 * factor)] {
                let found = pricer.expected(id, volume).expect("a platform of the catalog");
                assert_eq!(found.cents(), load.monthly.expected.cents(), "{id} {volume:?}");
            }
        }
    }
}

#[test]
fn a_step_of_growth_says_from_what_to_what_and_at_which_price() {
    let mut seen = 0;
    everywhere(|context, quote| {
        for load in &quote.report.loads {
            for change in &load.changes {
                seen += 1;
                assert!(change.contains(": from ") && change.contains(" to "), "{context:?}: {change}");
            }
        }
        let [today, .., ten] = &quote.report.loads[..] else { panic!("three loads") };
        let grown = ten.monthly.expected - today.monthly.expected;
        let jumps = ten.changes.iter().any(|change| change.contains("a month more"));
        assert!(!jumps || grown > Usd::ZERO, "{} {context:?}: {:?}", quote.platform, ten.changes);
    });
    assert!(seen > 100, "{seen} changes");
}

#[test]
fn an_allowance_counts_once_for_all_environments() {
    let catalog = catalog();
    for (id, platform) in &catalog.platforms {
        let context = context(AppType::FullStack, ScaleBand::High);
        let three = Choices { environments: EnvironmentSet::DevStagingProduction, ..choices() };
        let quote = planned(&catalog, &context, &three, id.as_str());
        let plan = platform.plans.iter().find(|plan| plan.name == quote.plan).expect("the plan");
        for (meter, included) in &plan.included.meters {
            let of_meter = |line: &&siteplan_model::cost::CostLine| {
                line.component == meter.words().0 && line.item == platform.name
            };
            let lines: Vec<_> = quote.report.lines.iter().filter(of_meter).collect();
            let environments: BTreeSet<&str> = lines.iter().map(|line| line.environment.as_str()).collect();
            assert_eq!(environments.len(), lines.len(), "{id}: {lines:?}");
            // Each environment has its part of it, as shown: from a hundred on without decimals.
            let together: f64 = lines.iter().map(|line| line.included).sum();
            let rounded = if *included < 100.0 { 0.002 } else { 1.5 };
            assert!(lines.is_empty() || together >= *included - rounded, "{id}: {lines:?}");
            // Whatever is beyond it is paid once.
            let beyond: f64 = lines.iter().map(|line| (line.quantity - line.included).max(0.0)).sum();
            let used: f64 = lines.iter().map(|line| line.quantity).sum();
            assert!(beyond <= (used - included).max(0.0) + 3.0 * rounded, "{id}: {lines:?}");
        }
    }
}

#[test]
fn a_seat_plan_is_paid_for_each_member_and_others_once() {
    let catalog = catalog();
    let context = context(AppType::Frontend, ScaleBand::Medium);
    for (id, platform) in &catalog.platforms {
        let fee = |team: &str| {
            let settings = BTreeMap::from([
                ("team_size".to_owned(), team.to_owned()),
                ("commercial".to_owned(), "yes".to_owned()),
            ]);
            let quote = planned(&catalog, &context, &Choices { settings, ..choices() }, id.as_str());
            let line = quote.report.lines.iter().find(|line| line.component.ends_with(" plan"));
            (quote.plan, line.expect("a fee").monthly.expected)
        };
        let ((one_plan, one), (five_plan, five)) = (fee("1"), fee("5"));
        let plan = platform.plans.iter().find(|plan| plan.name == five_plan).expect("the plan");
        match plan.per {
            PlanUnit::Seat if one_plan == five_plan => {
                assert_eq!(five.cents(), (one + one + one + one + one).cents(), "{id}");
            }
            PlanUnit::Seat | PlanUnit::Workspace => assert_eq!(five, plan.usd_per_month, "{id}"),
        }
    }
}

#[test]
fn hours_of_a_month_are_730() {
    let catalog = catalog();
    let one = Choices { environments: EnvironmentSet::Production, ..choices() };
    let context = context(AppType::Workers, ScaleBand::Low);
    for (id, platform) in &catalog.platforms {
        let quote = planned(&catalog, &context, &one, id.as_str());
        let Some(placed) = quote.components.first() else { continue };
        let reserved =
            platform.sizes.iter().any(|size| size.id == placed.size && size.usd_per_month.is_none());
        let Some(line) = quote.report.lines.iter().find(|line| line.unit == "vCPU-hour") else { continue };
        if reserved && platform.compute.billing.value == siteplan_catalog::platform::Billing::Reserved {
            let hours = placed.vcpu * 730.0 * f64::from(placed.instances);
            assert!((line.quantity - hours).abs() < 0.51, "{id}: {line:?}");
        }
    }
}

#[test]
fn the_needs_of_a_demanding_application_are_placed() {
    let catalog = catalog();
    let (context, choices) = (context(AppType::FullStack, ScaleBand::Medium), choices());
    let survey = demanding();
    let pricer = Pricer::new(&catalog, &survey, &context, &choices);
    assert!(pricer.workload().has(Need::Cache) && pricer.workload().has(Need::FileStorage));
    let quote = pricer.quote(&PlatformId::new("render"), Depth::Full).expect("a platform");
    let components: Vec<&str> = quote.report.lines.iter().map(|line| line.component.as_str()).collect();
    assert!(components.contains(&"redis") && components.contains(&"disk"), "{components:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Beyond a dollar of plan effects (an allowance of one meter that another size uses less well) more never costs less.
    #[test]
    fn a_higher_load_never_costs_less(
        app_type in 0..AppType::ALL.len(),
        scale in 0..ScaleBand::ALL.len(),
        exponent in 1.0..7.0_f64,
        more in 1.0..20.0_f64,
        by_requests in any::<bool>(),
        is_demanding in any::<bool>(),
    ) {
        let catalog = catalog_once();
        let context = Context {
            expertise: Expertise::Intermediate,
            ..context(AppType::ALL[app_type], ScaleBand::ALL[scale])
        };
        let survey = if is_demanding { demanding() } else { Survey::nothing(".", "planned") };
        let choices = choices();
        let pricer = Pricer::new(catalog, &survey, &context, &choices);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 10 and 2·10⁸")]
        let [fewer, more] = [10_f64.powf(exponent), 10_f64.powf(exponent) * more].map(|load| load as u64);
        for id in catalog.platforms.keys() {
            let at = |load| {
                let volume = if by_requests { Volume::Requests(load * 100) } else { Volume::Users(load) };
                pricer.expected(id, volume).expect("a platform of the catalog")
            };
            let (before, after) = (at(fewer), at(more));
            prop_assert!(before <= after + Usd::whole(1), "{}: {} at {}, {} at {}", id, before, fewer, after, more);
        }
    }
}

/// The catalog, read once for many quotes.
pub(crate) fn catalog_once() -> &'static siteplan_catalog::Catalog {
    static CATALOG: std::sync::LazyLock<siteplan_catalog::Catalog> = std::sync::LazyLock::new(catalog);
    &CATALOG
}
