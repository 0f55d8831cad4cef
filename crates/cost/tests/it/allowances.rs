//! Plans that include something and stop there: who may take them, and what they cannot carry.

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_catalog::platform::{MeterId, Plan, Platform};
use siteplan_cost::account::{MonthlyUse, carries};
use siteplan_cost::{Choices, Depth, Quote, quote};
use siteplan_model::brief::{AppType, BudgetBand, Context, EnvironmentSet, Expertise, ScaleBand};
use siteplan_model::id::{DatabaseServiceId, PlatformId};
use siteplan_model::money::Usd;
use siteplan_model::survey::Survey;

use crate::{catalog, choices};

/// A quote for a private application at a low scale.
fn private(catalog: &Catalog, survey: &Survey, budget: BudgetBand, platform: &str) -> Quote {
    let settings = BTreeMap::from([("commercial".to_owned(), "no".to_owned())]);
    let choices = Choices { settings, ..choices() };
    let context = Context::of(AppType::FullStack, Expertise::Beginner, ScaleBand::Low, budget);
    let id = PlatformId::new(platform);
    quote(catalog, survey, &context, &choices, &id, Depth::Full).expect("a platform of the catalog")
}

fn needs(engine: &str) -> Survey {
    let mut survey = crate::properties::demanding();
    engine.clone_into(&mut survey.databases[0].fact.value);
    survey.caches.clear();
    survey.needs = Survey::nothing(".", "needs").needs;
    survey
}

#[test]
fn a_database_that_stops_at_what_it_includes_lasts_only_where_nothing_may_be_spent() {
    let catalog = catalog();
    let planned = Survey::nothing(".", "planned");
    let data = |budget| private(&catalog, &planned, budget, "vercel").data.remove(0);
    let free = data(BudgetBand::Free);
    assert_eq!(
        (free.service.as_ref().map(DatabaseServiceId::as_str), free.plan.as_str()),
        (Some("neon"), "free")
    );
    assert!(free.lasts, "{free:?}");
    for budget in [BudgetBand::Small, BudgetBand::Medium, BudgetBand::Enterprise] {
        let paid = data(budget);
        let service = paid.service.as_ref().expect("a service");
        let plan = catalog.data_services[service].plans.iter().find(|plan| plan.id == paid.plan);
        assert!(paid.lasts && plan.is_some_and(|plan| !plan.capped), "{budget}: {paid:?}");
    }
    let turso = |budget| private(&catalog, &needs("turso"), budget, "vercel").data.remove(0).plan;
    assert_eq!([turso(BudgetBand::Free), turso(BudgetBand::Small)], ["free", "developer"]);
}

#[test]
fn a_plan_that_stops_bills_nothing_beyond_what_it_includes() {
    let catalog = catalog();
    for service in catalog.data_services.values() {
        for plan in service.plans.iter().filter(|plan| plan.capped) {
            assert_eq!(service.storage_price(plan), None, "{} {}", service.id, plan.id);
            assert!(plan.lasts(BudgetBand::Free) && !plan.lasts(BudgetBand::Small), "{}", service.id);
        }
    }
    // More data than it holds goes to a plan that is paid.
    let mut choices = choices();
    choices.settings = BTreeMap::from([("database_gb".to_owned(), "3".to_owned())]);
    let context = Context::of(AppType::FullStack, Expertise::Beginner, ScaleBand::Low, BudgetBand::Free);
    let survey = Survey::nothing(".", "planned");
    let large = quote(&catalog, &survey, &context, &choices, &PlatformId::new("vercel"), Depth::Full);
    assert_ne!(large.expect("a quote").data[0].plan, "free");
}

#[test]
fn a_free_full_stack_application_costs_nothing() {
    let catalog = catalog();
    for platform in ["vercel", "netlify"] {
        let quote = private(&catalog, &Survey::nothing(".", "planned"), BudgetBand::Free, platform);
        assert_eq!(quote.report.total.expected, Usd::ZERO, "{platform}: {:#?}", quote.report.lines);
    }
}

/// From 100 KB to 5 MB for each user of the band, besides an empty database: the reason that the catalog gives.
#[test]
fn the_storage_of_a_database_agrees_with_its_reason() {
    let usage = catalog().usage;
    let row = usage.get("database_gb").expect("an assumption");
    for band in ScaleBand::ALL {
        let [_, expected, _] = row.by_scale.get(band).copied().unwrap_or(row.values);
        let (low, high) = band.users();
        #[expect(clippy::cast_precision_loss, reason = "users of a band")]
        let users = (low as f64 * high as f64).sqrt();
        let each_mb = (expected - 0.05).max(0.0) * 1000.0 / users;
        assert!((0.1..=5.1).contains(&each_mb), "{band}: {each_mb} MB for each user");
    }
}

fn plan<'a>(platform: &'a Platform, id: &str) -> &'a Plan {
    platform.plans.iter().find(|plan| plan.id == id).expect("a plan of the platform")
}

#[test]
fn a_credit_that_is_a_hard_stop_carries_no_bill_above_it() {
    let catalog = catalog();
    for (id, free) in [("railway", "free"), ("netlify", "free")] {
        let platform = &catalog.platforms[&PlatformId::new(id)];
        let credit = plan(platform, free).included.usage_usd.to_f64();
        let price = platform.meters.iter().find(|meter| meter.id == MeterId::TransferGb).expect("a meter");
        let sending = |usd: f64| MonthlyUse::of([(MeterId::TransferGb, usd / price.usd.to_f64())]);
        assert!(carries(platform, plan(platform, free), &sending(credit * 0.99)), "{id}");
        assert!(!carries(platform, plan(platform, free), &sending(credit * 1.01)), "{id}");
        let mut elsewhere = MonthlyUse::default();
        elsewhere.other_usd = Usd::from_f64(credit + 0.5);
        assert!(!carries(platform, plan(platform, free), &elsewhere), "{id}");
    }
}

#[test]
fn what_a_stopping_plan_does_not_carry_takes_the_next_one_with_its_fee() {
    let catalog = catalog();
    let quote = private(&catalog, &needs("postgres"), BudgetBand::Free, "railway");
    assert_eq!(quote.plan, "Hobby", "{:#?}", quote.report.lines);
    assert!(quote.report.total.expected >= Usd::whole(5), "{:?}", quote.report.total);
}

/// At the dear end a quota is exceeded: what is paid then is the next plan, not an overage that the plan does not sell.
#[test]
fn the_dear_end_leaves_a_plan_that_stops() {
    let catalog = catalog();
    for (id, platform) in &catalog.platforms {
        let quote = private(&catalog, &Survey::nothing(".", "planned"), BudgetBand::Free, id.as_str());
        let Some(taken) = platform.plans.iter().find(|plan| plan.name == quote.plan && plan.capped) else {
            continue;
        };
        for line in &quote.report.lines {
            let meter = MeterId::ALL.iter().find(|meter| meter.words().0 == line.component);
            let included = meter.and_then(|meter| taken.included.meters.get(meter));
            let overage = included.is_some() && line.item == platform.name && line.monthly.high > Usd::ZERO;
            let fee = quote.report.lines.iter().find(|line| line.component.ends_with(" plan"));
            assert!(!overage || fee.is_some_and(|fee| fee.monthly.high > Usd::ZERO), "{id}: {line:?}");
        }
    }
}

#[test]
fn images_of_a_compiled_program_stay_within_the_free_half_gigabyte() {
    let usage = catalog().usage;
    let row = usage.get("image_gb").expect("an assumption");
    for language in ["go", "rust"] {
        assert!(row.by_language[language][1] <= 0.5, "{language}");
    }
    let one = Choices { environments: EnvironmentSet::Production, ..choices() };
    let mut survey = needs("turso");
    survey.databases.clear();
    survey.languages = vec![siteplan_model::survey::LanguageFact {
        fact: siteplan_model::fact::Fact::new(
            "rust".to_owned(),
            siteplan_model::fact::Certainty::High,
            Vec::new(),
        ),
        primary: true,
        version: None,
    }];
    let context = Context::of(AppType::WebApi, Expertise::Intermediate, ScaleBand::Low, BudgetBand::Free);
    let id = PlatformId::new("google-cloud-run");
    let quote = quote(&catalog(), &survey, &context, &one, &id, Depth::Full).expect("a quote");
    assert_eq!(quote.report.total.expected.cents(), Usd::ZERO, "{:#?}", quote.report.lines);
}

#[test]
fn a_small_mysql_is_offered_wherever_a_small_postgres_of_the_same_kind_is() {
    let catalog = catalog();
    let least = |id: &str| {
        let service = &catalog.data_services[&DatabaseServiceId::new(id)];
        service.plans.iter().filter_map(|plan| plan.memory_mb).min().expect("plans with memory")
    };
    for id in ["railway-postgres", "railway-mysql", "railway-mongodb"] {
        assert!(least(id) <= 512, "{id}: {} MB", least(id));
    }
}
