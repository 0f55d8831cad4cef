//! Production in several regions: what is paid for once more, and what is said to be open.

use std::collections::BTreeMap;

use siteplan_catalog::platform::Ability;
use siteplan_cost::{Choices, Depth, Pricer, Quote, regions};
use siteplan_model::brief::{AppType, ScaleBand};
use siteplan_model::fact::{Certainty, Fact};
use siteplan_model::id::PlatformId;
use siteplan_model::money::Usd;
use siteplan_model::survey::{DatabaseFact, Survey};

use crate::properties::catalog_once;
use crate::{choices, context};

fn settings(given: &[(&str, &str)]) -> BTreeMap<String, String> {
    given.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn asked(platform: &str, given: &[(&str, &str)]) -> Quote {
    let (catalog, context) = (catalog_once(), context(AppType::WebApi, ScaleBand::High));
    let choices = Choices { settings: settings(given), ..choices() };
    let survey = Survey::nothing(".", "planned");
    let pricer = Pricer::new(catalog, &survey, &context, &choices);
    pricer.quote(&PlatformId::new(platform), Depth::Full).expect("a platform of the catalog")
}

/// What the lines of one component cost.
fn of(quote: &Quote, component: &str) -> Usd {
    let lines = quote.report.lines.iter().filter(|line| line.component == component);
    lines.map(|line| line.monthly.expected).sum()
}

#[test]
fn continents_that_were_named_and_an_outage_to_survive_make_regions() {
    for (given, count) in [
        (&[][..], 1),
        (&[("regions", "anywhere")], 1),
        (&[("regions", "europe")], 1),
        (&[("regions", "europe,north-america")], 2),
        (&[("regions", "europe,asia,africa")], 3),
        (&[("availability", "high")], 1),
        (&[("availability", "multi-region")], 2),
        (&[("availability", "multi-region"), ("regions", "europe")], 2),
        (&[("availability", "multi-region"), ("regions", "europe,asia,africa")], 3),
    ] {
        assert_eq!(regions(catalog_once(), &settings(given)), count, "{given:?}");
    }
}

#[test]
fn a_second_region_costs_where_the_platform_has_one_and_nothing_where_it_has_not() {
    let catalog = catalog_once();
    for (id, platform) in &catalog.platforms {
        let one = asked(id.as_str(), &[]);
        let two = asked(id.as_str(), &[("availability", "multi-region")]);
        let three = asked(id.as_str(), &[("regions", "europe,asia,africa")]);
        let said = |quote: &Quote| quote.report.assumptions.iter().any(|row| row.key == "regions");
        assert!(!said(&one) && said(&two) && said(&three), "{id}");
        let total = |quote: &Quote| quote.report.total.expected;
        let server = &catalog.platforms[&one.server];
        if platform.capabilities.multi_region.value == Ability::No && server.id == *id {
            assert_eq!(total(&one), total(&two), "{id}");
        } else {
            assert!(total(&one) <= total(&two) && total(&two) <= total(&three), "{id}");
        }
    }
}

#[test]
fn machines_of_a_fixed_price_are_paid_once_more_by_name() {
    let (one, two) = (asked("fly", &[]), asked("fly", &[("regions", "europe,north-america")]));
    let production = |quote: &Quote, component: &str| -> Usd {
        let lines = quote.report.lines.iter();
        let own = lines.filter(|line| line.component == component && line.environment == "production");
        own.map(|line| line.monthly.expected).sum()
    };
    assert_eq!(production(&two, "api in further regions"), production(&one, "api"));
    assert_eq!(production(&two, "api"), production(&one, "api"));
    assert_eq!(two.components[0].instances, one.components[0].instances);
    let said = two.report.assumptions.iter().find(|row| row.key == "regions").expect("a row");
    assert!((said.expected - 2.0).abs() < 1e-9 && said.reason.starts_with("as answered"), "{said:?}");
}

#[test]
fn a_balancer_across_the_regions_and_a_copy_of_the_data_are_items() {
    let run = asked("google-cloud-run", &[("availability", "multi-region")]);
    assert_eq!(of(&run, "load balancer across the regions"), Usd::from_f64(18.25), "{:#?}", run.report.lines);
    let ecs = asked("aws-ecs-fargate", &[("availability", "multi-region")]);
    let one = asked("aws-ecs-fargate", &[]);
    let balancer = "application load balancer";
    let staging_and_production = of(&one, balancer);
    assert_eq!(of(&ecs, balancer), staging_and_production);
    let more = of(&ecs, &format!("{balancer} in further regions"));
    assert_eq!((more + more).cents(), staging_and_production.cents());
    for quote in [&run, &ecs] {
        let data = &quote.data[0];
        let copied = data
            .service
            .as_ref()
            .is_some_and(|service| catalog_once().data_services[service].region_copies.is_some());
        assert_eq!(of(quote, "postgres in further regions") > Usd::ZERO, copied, "{data:?}");
    }
    assert!(ecs.report.total.expected > one.report.total.expected);
}

#[test]
fn what_of_several_regions_has_no_price_is_said() {
    let open = |platform: &str, given: &[(&str, &str)]| -> Vec<String> {
        let quote = asked(platform, given);
        assert!(
            quote.report.not_included.iter().all(|item| item.source.starts_with("https://")),
            "{quote:?}"
        );
        quote.report.not_included.into_iter().map(|item| item.what).collect()
    };
    let two = [("regions", "europe,north-america")];
    assert!(open("fly", &[]).is_empty());
    let fly = open("fly", &two);
    assert!(fly.iter().any(|what| what == "Fly.io: data sent between the regions"), "{fly:?}");
    assert!(fly.iter().any(|what| what.ends_with(": a copy of the data in another region")), "{fly:?}");
    let heroku = open("heroku", &two);
    assert_eq!(heroku, ["Heroku: a second region: it runs an application in one"]);
    // A copy of RDS in another region is priced, what joins the regions is not.
    let ecs = open("aws-ecs-fargate", &two);
    assert_eq!(ecs.len(), 1, "{ecs:?}");
    assert!(ecs[0].ends_with("what joins the regions, and data sent between them"), "{ecs:?}");
}

#[test]
fn files_are_near_everybody_without_a_second_region() {
    let context = context(AppType::Frontend, ScaleBand::Medium);
    let quoted = |given: &[(&str, &str)]| {
        let choices = Choices { settings: settings(given), ..choices() };
        let survey = Survey::nothing(".", "planned");
        let pricer = Pricer::new(catalog_once(), &survey, &context, &choices);
        pricer.quote(&PlatformId::new("netlify"), Depth::Full).expect("a platform of the catalog").report
    };
    let (one, two) = (quoted(&[]), quoted(&[("availability", "multi-region")]));
    assert_eq!(one.total, two.total);
    assert!(two.not_included.is_empty() && two.assumptions.iter().all(|row| row.key != "regions"));
}

#[test]
fn data_in_a_file_binds_what_opens_it_to_one_region_and_that_is_said() {
    let context = context(AppType::Monolith, ScaleBand::Medium);
    let mut survey = Survey::nothing(".", "shop");
    let fact = Fact::new("sqlite".to_owned(), Certainty::High, Vec::new());
    survey.databases = vec![DatabaseFact { fact, version: None, optional: false }];
    for id in ["fly", "docker-compose-vps", "kubernetes-gke"] {
        let asked = |given: &[(&str, &str)]| {
            let choices = Choices { settings: settings(given), ..choices() };
            let pricer = Pricer::new(catalog_once(), &survey, &context, &choices);
            pricer.quote(&PlatformId::new(id), Depth::Full).expect("a platform of the catalog")
        };
        let (one, two) = (asked(&[]), asked(&[("regions", "europe,north-america")]));
        assert!(one.workload.with_data_files().next().is_some(), "{id}: nothing keeps its data in a file");
        assert_eq!(two.report.total, one.report.total, "{id}");
        let row = two.report.assumptions.iter().find(|row| row.key == "regions").expect("a row");
        assert!(
            (row.expected - 1.0).abs() < 1e-9 && row.reason.contains("keeps its data in a file"),
            "{row:?}"
        );
        let open: Vec<&str> = two.report.not_included.iter().map(|open| open.what.as_str()).collect();
        assert!(
            open.iter().any(|what| what.contains("in a second region: its data lies in a file")),
            "{open:?}"
        );
    }
}
