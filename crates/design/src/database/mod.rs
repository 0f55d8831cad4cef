//! Section 5: the database, its migrations and its backups.

mod migrations;
mod plan;

use siteplan_catalog::condition::Need;
use siteplan_catalog::data_service::{DataPlan, DataService, Operator};
use siteplan_catalog::platform::Ability;
use siteplan_cost::PlacedData;
use siteplan_cost::usage::Key;
use siteplan_model::brief::DatabaseHosting;
use siteplan_model::design::{BackupPlan, DataResource, DatabaseSection};

use crate::ground::Ground;
use crate::prose::{code, list};
use crate::topology;

use migrations::migrations;
pub(crate) use migrations::rollback;
use plan::{backups, cautions, described_plan};

/// What a disk means for the service that it is mounted to.
const ONE_INSTANCE: &str = "With the file on a disk the service has one instance and pauses at each deploy";

/// The section; absent without a database.
pub(crate) fn database(ground: &Ground<'_>) -> Option<DatabaseSection> {
    if ground.database == DatabaseHosting::None {
        return None;
    }
    if let Some(placed) = ground.placed_database() {
        return Some(of_service(ground, placed));
    }
    let workload = &ground.quote.workload.databases;
    let engine = ground.embedded_engine().or_else(|| workload.first().map(|need| need.engine.as_str()))?;
    Some(unplaced(ground, engine))
}

/// Every data service, databases first, for platform files.
pub(crate) fn resources(ground: &Ground<'_>) -> Vec<DataResource> {
    ground
        .quote
        .data
        .iter()
        .map(|placed| DataResource {
            engine: placed.engine.clone(),
            is_cache: placed.is_cache,
            plan_id: placed.plan.clone(),
            further_plan_id: placed.further_plan.clone().filter(|plan| *plan != placed.plan),
            backup_days: backup_days(ground, placed),
            version: placed.version.clone(),
            storage_gb: placed.storage_gb,
            same_platform: placed.same_platform,
            platform: placed.platform.clone().filter(|_| placed.same_platform),
        })
        .collect()
}

/// Days for which the chosen plan keeps backups.
fn backup_days(ground: &Ground<'_>, placed: &PlacedData) -> u32 {
    let (_, plan) = service_and_plan(ground, placed);
    plan.and_then(|plan| plan.backups.as_ref()).map_or(0, |backups| backups.retention_days)
}

/// The catalog's service and plan of a placement.
pub(crate) fn service_and_plan<'a>(
    ground: &Ground<'a>,
    placed: &PlacedData,
) -> (Option<&'a DataService>, Option<&'a DataPlan>) {
    let service = placed.service.as_ref().and_then(|id| ground.catalog.data_services.get(id));
    let plan = service.and_then(|service| service.plans.iter().find(|plan| plan.id == placed.plan));
    (service, plan)
}

/// The cache whose plan is empty after a restart, in an application whose workers may take their jobs from it.
pub(crate) fn forgetful_queue<'a>(
    ground: &Ground<'a>,
) -> Option<(&'a PlacedData, &'a DataService, &'a DataPlan)> {
    if !ground.needs(Need::Workers) {
        return None;
    }
    ground.quote.data.iter().filter(|data| data.is_cache).find_map(|placed| {
        match service_and_plan(ground, placed) {
            (Some(service), Some(plan)) if plan.in_memory => Some((placed, service, plan)),
            _ => None,
        }
    })
}

fn of_service(ground: &Ground<'_>, placed: &PlacedData) -> DatabaseSection {
    let (service, plan) = service_and_plan(ground, placed);
    let engine_name =
        service.map_or_else(|| ground.called(&placed.engine), |service| service.engine_name.as_str());
    let (version, version_because) = version(ground, placed, service);
    DatabaseSection {
        engine: placed.engine.clone(),
        kind: format!("{engine_name} {version}").trim().to_owned(),
        hosting: match service {
            Some(service) if service.operated_by == Operator::Vendor => service.name.clone(),
            Some(service) => format!("{}, operated by the team", service.name),
            None => "a server that the team operates".to_owned(),
        },
        plan: plan.map_or_else(|| own_server(ground, placed), described_plan),
        plan_id: placed.plan.clone(),
        version,
        version_because,
        evidence: evidence(ground, &placed.engine),
        connections: plan.and_then(|plan| plan.connections),
        storage_gb: placed.storage_gb,
        migrations: migrations(ground),
        backups: backups(ground, placed, service, plan),
        cautions: cautions(ground, placed, service, plan),
        others: others(ground, &placed.engine),
    }
}

/// The machine that a database without a service is priced as.
fn own_server(ground: &Ground<'_>, placed: &PlacedData) -> String {
    if placed.plan.is_empty() {
        String::new()
    } else {
        format!("a machine of its own, priced like {} of {}", code(&placed.plan), ground.platform.name)
    }
}

/// Where the Survey saw the engine.
pub(crate) fn evidence(ground: &Ground<'_>, engine: &str) -> Option<String> {
    ground.survey.databases.iter().find(|database| database.fact.value == engine)?.fact.place()
}

fn version(ground: &Ground<'_>, placed: &PlacedData, service: Option<&DataService>) -> (String, String) {
    let asked = ground.quote.workload.databases.iter().find(|need| need.engine == placed.engine);
    let asked = asked.and_then(|need| need.version.clone());
    let place = ground
        .survey
        .databases
        .iter()
        .find(|database| database.fact.value == placed.engine && database.version.is_some())
        .and_then(|database| {
            let evidence = &database.fact.evidence;
            let telling =
                evidence.iter().find(|e| e.seen.contains(database.version.as_deref().unwrap_or_default()));
            telling.or_else(|| evidence.first()).map(siteplan_model::fact::Evidence::place)
        });
    let from = place.map(|place| format!(" (`{place}`)")).unwrap_or_default();
    let name = service.map_or("the team's own server", |service| service.name.as_str());
    let version = placed.version.clone();
    match asked {
        Some(asked)
            if version == asked
                || version.starts_with(&format!("{asked}."))
                || asked.starts_with(&format!("{version}.")) =>
        {
            let because = if service.is_some() {
                format!("the repository uses it{from} and {name} offers it")
            } else {
                format!("the repository uses it{from}")
            };
            (version, because)
        }
        Some(asked) => {
            let engine = ground.called(&placed.engine);
            let own = service.map_or(engine, |service| service.engine_name.as_str());
            let uses = if own == engine { asked } else { format!("{engine} {asked}") };
            let test = if own == engine { version.clone() } else { format!("{own} {version}") };
            let because = format!(
                "the repository uses {uses}{from}, which {name} does not offer; test with {test} before the first deploy"
            );
            (version, because)
        }
        None if version.is_empty() => {
            let engine = ground.catalog.runtimes.engine(&placed.engine);
            let default = engine.and_then(|engine| engine.default_version.as_ref());
            let version = default.map(|figure| figure.value.clone()).unwrap_or_default();
            (version, "siteplan's default; the repository names no version".to_owned())
        }
        None if ground.planned => (version, format!("the default of {name}")),
        None => (version, format!("the default of {name}; the repository names no version")),
    }
}

/// A database that no service of the catalog takes: inside the application, or still without a place.
fn unplaced(ground: &Ground<'_>, engine: &str) -> DatabaseSection {
    let name = ground.catalog.names.of(engine);
    let embedded = ground.embedded_engine() == Some(engine);
    let disk = ground.platform.capabilities.persistent_disk.value != Ability::No;
    let platform = &ground.platform.name;
    let dump = ground.catalog.runtimes.engine(engine).and_then(|facts| facts.dump.as_deref());
    let by_hand = dump
        .map(|line| format!(" `{line}` makes a consistent copy; keep it outside {platform}."))
        .unwrap_or_default();
    let mut cautions = Vec::new();
    cautions.extend(shared_file(ground, engine).filter(|_| embedded));
    if embedded && disk {
        cautions.push(format!("The file is lost with the container at each deploy and restart unless it lies on a persistent disk of {platform}: mount one and point the application at it"));
        cautions.push(ONE_INSTANCE.to_owned());
    } else if embedded {
        cautions.push(format!("{platform} has no persistent disk: the file is lost with the container at each deploy and restart, so data that must last needs a database server or another platform"));
    } else {
        cautions.push(format!("No service of the catalog offers {name} here: the team has to run it or choose another place for it"));
    }
    DatabaseSection {
        engine: engine.to_owned(),
        kind: name.to_owned(),
        hosting: if embedded {
            format!("the application's own machine on {platform}, as a file")
        } else {
            "a server that the team operates".to_owned()
        },
        plan: if embedded { String::new() } else { "not in the catalog".to_owned() },
        plan_id: String::new(),
        version: String::new(),
        version_because: if embedded {
            "it comes with the application's own library".to_owned()
        } else {
            "the repository names no version".to_owned()
        },
        evidence: evidence(ground, engine),
        connections: None,
        storage_gb: crate::delivery::checks::minutes(ground.assumption(Key::DatabaseGb)[1]).max(1),
        migrations: migrations(ground),
        backups: BackupPlan {
            provider: "nobody".to_owned(),
            frequency: if embedded {
                "none: nothing copies the file".to_owned()
            } else {
                "none until the team sets them up".to_owned()
            },
            retention: "none".to_owned(),
            restore_test: format!("Restore a copy into staging before launch and each quarter.{by_hand}"),
            source: ground
                .platform
                .sources
                .get(&ground.platform.capabilities.persistent_disk.source)
                .map_or_else(String::new, |source| source.url.clone()),
        },
        cautions,
        others: others(ground, engine),
    }
}

/// The cautions that a reader must meet before anything else, of a database inside the application.
pub(crate) fn file_warnings(ground: &Ground<'_>) -> Vec<String> {
    let Some(section) = database(ground).filter(|_| ground.embedded_engine().is_some()) else {
        return Vec::new();
    };
    section.cautions.into_iter().filter(|caution| caution != ONE_INSTANCE).collect()
}

/// A file that several services use, which run apart.
fn shared_file(ground: &Ground<'_>, engine: &str) -> Option<String> {
    let users = ground.services.iter().filter(|service| topology::uses(ground, service, engine));
    let users: Vec<String> = users.map(|service| code(&service.plan.slug)).collect();
    (users.len() > 1).then(|| {
        format!(
            "{} run apart and cannot share one file: let one service do the work of all, or move the data to a database server before the first deploy",
            list(&users)
        )
    })
}

/// A file that a service keeps beside the database of the others.
fn beside(ground: &Ground<'_>, engine: &str) -> String {
    let name = ground.called(engine);
    let of = ground.services.iter().filter(|service| topology::uses(ground, service, engine));
    let of: Vec<String> = of.map(|service| code(&service.plan.slug)).collect();
    let lasts = ground.platform.capabilities.disk_of_embedded_databases().value != Ability::No;
    let disk = if lasts {
        format!("it lasts only on a persistent disk of {}, with one instance", ground.platform.name)
    } else {
        format!("{} keeps no disk for it: it is lost at each deploy and restart", ground.platform.name)
    };
    format!("{name}: a file of {}; {disk}", list(&of))
}

/// Other engines and caches, each with where it goes.
fn others(ground: &Ground<'_>, main: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut taken = false;
    for placed in &ground.quote.data {
        if placed.engine == main && !placed.is_cache && !taken {
            taken = true;
            continue;
        }
        let (service, chosen) = service_and_plan(ground, placed);
        let use_ = if placed.is_cache { "cache or queue" } else { "database" };
        let place = service.map_or("a server that the team operates", |service| service.name.as_str());
        let plan =
            if placed.plan.is_empty() { String::new() } else { format!(", plan {}", code(&placed.plan)) };
        let version = if placed.version.is_empty() { String::new() } else { format!(" {}", placed.version) };
        let known = cautions(ground, placed, service, chosen).join(". ");
        let known = if known.is_empty() { known } else { format!(". {known}") };
        lines.push(format!("{}{version} ({use_}): {place}{plan}{known}", ground.called(&placed.engine)));
    }
    for engine in ground.quote.unplaced.iter().filter(|engine| *engine != main) {
        if ground.catalog.usage.embedded_engines.contains(engine) {
            lines.push(beside(ground, engine));
            continue;
        }
        lines.push(format!(
            "{}: no service of the catalog offers it here; the team runs it or replaces it",
            ground.called(engine)
        ));
    }
    for optional in
        ground.survey.databases.iter().filter(|database| database.optional && database.fact.value != main)
    {
        lines.push(format!(
            "{}: an alternative that the code supports; not used here",
            ground.called(&optional.fact.value)
        ));
    }
    lines
}
