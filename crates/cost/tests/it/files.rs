//! A database in a file belongs to the component that opens it: its disk, its one instance, its platform.

use siteplan_catalog::Catalog;
use siteplan_catalog::platform::{Ability, MeterId, Platform};
use siteplan_cost::{Depth, Pricer, Quote};
use siteplan_model::brief::{AppType, ScaleBand};
use siteplan_model::fact::{Certainty, Fact};
use siteplan_model::survey::{DatabaseFact, Service, Survey};

use crate::{catalog, choices, context};

fn service(name: &str, kind: &str, databases: &[&str]) -> Service {
    let written = serde_json::json!({
        "path": name, "name": name, "kind": kind, "language": "python", "framework": null, "package_manager": null,
        "port": null, "health_endpoint": null, "databases": databases, "migrations": null,
        "commands": {"install": "", "build": "", "test": "", "start": ""}
    });
    serde_json::from_value(written).unwrap_or_else(|error| panic!("{error}"))
}

/// An application of services, each with its engines; those of the whole are all that are named.
fn application(services: &[Service]) -> Survey {
    let fact = |name: &str| Fact::new(name.to_owned(), Certainty::High, Vec::new());
    let mut survey = Survey::nothing(".", "sample");
    survey.app_type = Some(Fact::new(AppType::Microservices, Certainty::High, Vec::new()));
    let mut engines: Vec<String> = services.iter().flat_map(|one| one.databases.clone()).collect();
    engines.sort();
    engines.dedup();
    survey.databases = engines
        .iter()
        .map(|engine| DatabaseFact { fact: fact(engine), version: None, optional: false })
        .collect();
    survey.services = services.to_vec();
    survey
}

fn quote(catalog: &Catalog, survey: &Survey, platform: &Platform, scale: ScaleBand) -> Quote {
    let (context, choices) = (context(AppType::Microservices, scale), choices());
    Pricer::new(catalog, survey, &context, &choices)
        .quote(&platform.id, Depth::Full)
        .unwrap_or_else(|| panic!("{}", platform.id))
}

/// Instances of a component by its name.
fn instances(quote: &Quote, name: &str) -> u32 {
    let of =
        |placed: &&siteplan_cost::PlacedComponent| quote.workload.components[placed.component].name == name;
    quote.components.iter().find(of).map_or(0, |placed| placed.instances)
}

/// GB of disk that are billed.
fn disk(quote: &Quote) -> f64 {
    let lines = quote.report.lines.iter().filter(|line| line.component == MeterId::DiskGb.words().0);
    lines.map(|line| line.quantity).sum()
}

/// Platforms whose disks last and are paid by the GB, and that run several instances of one service.
fn with_disks(catalog: &Catalog) -> Vec<&Platform> {
    let fits = |platform: &&Platform| {
        platform.capabilities.disk_of_embedded_databases().value != Ability::No
            && platform.limits.instances.value > 2
            && platform.meters.iter().any(|meter| meter.id == MeterId::DiskGb)
    };
    let all: Vec<&Platform> = catalog.platforms.values().filter(fits).collect();
    assert!(all.len() >= 3, "{}", all.len());
    all
}

#[test]
fn only_the_component_that_opens_the_file_is_alone_and_has_a_disk() {
    let catalog = catalog();
    let none = application(&[service("shop", "web", &["postgres"]), service("search", "api", &["postgres"])]);
    let one = application(&[service("shop", "web", &["postgres"]), service("search", "api", &["sqlite"])]);
    let two = application(&[service("shop", "web", &["sqlite"]), service("search", "api", &["sqlite"])]);
    for platform in with_disks(&catalog) {
        let of = |survey| quote(&catalog, survey, platform, ScaleBand::High);
        let (none, one, two) = (of(&none), of(&one), of(&two));
        assert!(disk(&none) <= 0.0, "{}", platform.id);
        assert!(disk(&one) > 0.0 && (disk(&two) - 2.0 * disk(&one)).abs() < 1e-9, "{}", platform.id);
        if platform.compute.billing.value == siteplan_catalog::platform::Billing::Server {
            continue;
        }
        assert_eq!((instances(&one, "search"), instances(&two, "shop")), (1, 1), "{}", platform.id);
        assert!(instances(&one, "shop") > 1 && instances(&none, "search") > 1, "{}", platform.id);
    }
}

#[test]
fn two_processes_of_one_folder_share_its_file_and_a_front_end_has_none() {
    let catalog = catalog();
    let worker = Service { path: "search".to_owned(), ..service("indexer", "worker", &["sqlite"]) };
    let api = service("search", "api", &["sqlite"]);
    let alone = application(std::slice::from_ref(&api));
    let shared = application(&[service("site", "web", &[]), api, worker]);
    for platform in with_disks(&catalog) {
        let of = |survey| disk(&quote(&catalog, survey, platform, ScaleBand::Low));
        assert!((of(&alone) - of(&shared)).abs() < 1e-9, "{}", platform.id);
        let quote = quote(&catalog, &shared, platform, ScaleBand::Low);
        let files: Vec<&str> =
            quote.workload.with_data_files().map(|(_, component)| component.name.as_str()).collect();
        assert_eq!(files, ["search", "indexer"]);
    }
}

#[test]
fn the_component_with_the_file_goes_where_a_disk_lasts_and_the_pages_stay() {
    let catalog = catalog();
    let split = application(&[service("site", "static", &[]), service("search", "api", &["sqlite"])]);
    let mut moved = 0;
    for platform in catalog.platforms.values() {
        let quote = quote(&catalog, &split, platform, ScaleBand::Low);
        let at = |name: &str| {
            let of = |placed: &&siteplan_cost::PlacedComponent| {
                quote.workload.components[placed.component].name == name
            };
            quote.components.iter().find(of).map(|placed| placed.platform.clone())
        };
        let (site, search) = (at("site"), at("search"));
        let lasts = platform.capabilities.disk_of_embedded_databases().value != Ability::No;
        let fully = site.as_ref() == Some(&platform.id);
        if !lasts && fully {
            let host = &catalog.platforms[&search.expect("a place")];
            assert_ne!(host.capabilities.disk_of_embedded_databases().value, Ability::No, "{}", platform.id);
            moved += 1;
        }
    }
    assert!(moved >= 3, "{moved}");
}
