//! All evidence of a tree → its [`Survey`]. Each field is decided in one module, after everything has been seen.

pub(crate) mod app_type;
mod build_files;
mod ci;
mod ci_jobs;
mod clocks;
pub(crate) mod code;
pub(crate) mod containers;
pub(crate) mod data_stores;
pub(crate) mod deployable;
pub(crate) mod environment;
pub(crate) mod external;
pub(crate) mod frameworks;
pub(crate) mod health;
pub(crate) mod hosting;
mod in_use;
mod jobs;
pub(crate) mod languages;
pub(crate) mod migrate_command;
pub(crate) mod migrations;
pub(crate) mod needs;
pub(crate) mod package_managers;
mod parts;
pub(crate) mod ports;
pub(crate) mod processes;
pub(crate) mod proposals;
pub(crate) mod runtimes;
pub(crate) mod schedules;
pub(crate) mod services;
mod test_access;
mod whole;

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::signals::Signals;
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::{
    ArchitectureDocument, Conflict, MigrationsFact, SCHEMA, Service, ServiceKind, Survey, VersionedFact,
};

use crate::Options;
use crate::commands;
use crate::component::{self, Component};
use crate::evidence::{file, maybe_at};
use crate::readers::Record;
use crate::tree::{Tree, join};
use services::Found;

/// Decides every field.
pub(crate) fn decide(tree: &Tree, options: &Options<'_>, folder_name: &str) -> Survey {
    let signals = options.signals;
    let mut components = component::gather(tree, signals);
    containers::assign(&mut components, tree);
    let components = components;
    let mut found = services::find(&components, tree, signals, folder_name);
    let running = found.iter().filter(|one| one.service.kind != ServiceKind::Static);
    let running: BTreeSet<&str> = running.map(|one| one.service.path.trim_start_matches('.')).collect();
    let mut databases = data_stores::databases(&components, &running, tree, signals);
    let servers = found.iter().filter(|one| one.own_code && one.service.kind != ServiceKind::Static);
    let single = servers.count() == 1;
    let deployed: Vec<String> = found.iter().map(|one| one.service.path.clone()).collect();
    // A library of many services is looked at once.
    let mut of_components: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut of_libraries: BTreeMap<&str, Option<MigrationsFact>> = BTreeMap::new();
    for one in &mut found {
        let folder = one.service.path.trim_start_matches('.');
        if let Some(component) = components.iter().find(|component| component.folder == folder) {
            let libraries = component::used_by(component, &components);
            let all = std::iter::once(component).chain(libraries.iter().copied());
            let mut own: BTreeSet<String> = BTreeSet::new();
            for part in all {
                let engines = of_components
                    .entry(part.folder.as_str())
                    .or_insert_with(|| data_stores::of_component(part, &databases, signals));
                own.extend(engines.iter().cloned());
            }
            let in_order =
                databases.iter().map(|fact| fact.fact.value.clone()).filter(|engine| own.contains(engine));
            if one.service.kind != ServiceKind::Static {
                one.service.databases = in_order.collect();
            }
            // Migrations that lie in a library are those of the services that use it.
            if one.migrations.is_none() && one.own_code && one.service.kind != ServiceKind::Static {
                // Those of a workspace's root are of whoever speaks to the database.
                let root = components.iter().find(|one| {
                    one.folder.is_empty() && commands::is_workspace(one) && !one_deployed(&deployed, one)
                });
                let root = root.filter(|_| single || !one.service.databases.is_empty());
                let found = libraries.iter().copied().chain(root).find_map(|library| {
                    let known = of_libraries
                        .entry(library.folder.as_str())
                        .or_insert_with(|| migrations::of(library, tree, signals));
                    let mut fact = known.clone().filter(|fact| fact.fact.value != "custom")?;
                    fact.command =
                        migrate_command::migrate_command(library, &fact, one.manager.as_ref(), signals).0;
                    Some(fact)
                });
                one.service.migrations = found.as_ref().map(|fact| fact.fact.value.clone());
                one.migrations = found;
            }
        }
    }
    // A single server uses whatever was found, even if only a compose file says so.
    if single {
        let certain = databases.iter().filter(|fact| !fact.optional).map(|fact| fact.fact.value.clone());
        let certain: Vec<String> = certain.collect();
        for one in found
            .iter_mut()
            .filter(|one| one.service.databases.is_empty() && one.service.kind != ServiceKind::Static)
        {
            one.service.databases.clone_from(&certain);
        }
    }
    for one in &mut found {
        let dockerfile = one.service.dockerfile.as_deref();
        one.service.build_context = dockerfile.and_then(|path| containers::build_context(path, tree));
        one.service.image = dockerfile.and_then(|path| containers::image(path, tree, signals));
        let start = one.service.commands.start.as_deref().unwrap_or_default();
        one.service.own_clock |= one.service.kind == ServiceKind::Cron
            && signals.files.clock_commands.iter().any(|text| start.contains(text.as_str()));
    }
    let services: Vec<Service> = found.iter().map(|one| one.service.clone()).collect();
    // A program of which only its existence is known is no sign of queues or schedules.
    let known = found.iter().filter(|one| one.certainty > Certainty::Low).map(|one| one.service.clone());
    let known: Vec<Service> = known.collect();
    let main = found.iter().find(|one| one.service.kind.serves_http()).or_else(|| found.first());
    let main_service = main.map(|one| &one.service);
    let (runtimes, disagreements) = runtimes::of(&services, &components, tree, signals);
    let languages = languages::of_tree(&components, &services, main_service, &runtimes, tree, signals);
    let caches = data_stores::caches(&components, tree, signals);
    let environment = environment::of(&environment::Around {
        components: &components,
        services: &services,
        databases: &databases,
        caches: &caches,
        tree,
        signals,
    });
    let test_access = test_access::of(tree, &databases, signals);
    data_stores::mark_optional(&mut databases, &environment, signals);
    let external_services = external::of(&components, &environment, signals);
    let ci = hosting::marked(&signals.ci, tree, signals);
    let infrastructure = hosting::marked(&signals.infrastructure, tree, signals);
    let containerised =
        containers::containerised(tree, main_service.and_then(|service| service.dockerfile.as_deref()));
    let mut migrations = main
        .and_then(|one| one.migrations.clone())
        .or_else(|| found.iter().find_map(|one| one.migrations.clone()))
        .or_else(|| {
            components.iter().filter(|one| !one.aside).find_map(|one| migrations::of(one, tree, signals))
        });
    if let Some(fact) = &mut migrations {
        let carrier = found.iter().find(|one| one.service.migrations.is_some()).or(main);
        let build = carrier.and_then(|one| one.service.dockerfile.as_deref());
        fact.in_image = fact
            .program
            .as_deref()
            .zip(build)
            .is_some_and(|(program, build)| containers::brings_program(build, program, tree));
    }
    let of_whole = whole::commands(&found, &components, tree, signals);
    let proposals = proposals::of(&proposals::Seen {
        infrastructure: &infrastructure,
        containerised: &containerised,
        ci: &ci,
        components: &components,
        migrations: migrations.as_ref(),
        tree,
        signals,
    });
    let branch = hosting::default_branch(tree);
    let deploys = ci::deploys(tree, signals);
    let platforms = in_use::of(&deploys, tree, signals);
    let mut survey = Survey {
        schema: SCHEMA.to_owned(),
        root: options.root_name.to_owned(),
        name: own_name(&components, main, tree, signals, folder_name),
        app_type: app_type::of(&found),
        languages,
        runtimes,
        frameworks: frameworks_of(&found),
        package_manager: package_manager(&found, &components, tree, options),
        containerised: containerised.clone(),
        caches,
        migrations,
        needs: needs::of(&components, &known, &databases, tree, signals),
        commands: of_whole.commands,
        evidence: of_whole.evidence,
        port: main.and_then(|one| one.port.clone()),
        health_endpoint: health_of_whole(main, &found),
        test_services: test_access::services(hosting::test_services(tree, signals), &test_access),
        test_access,
        clouds: external::clouds(&external_services, signals),
        request_handlers: request_handlers(&found, &components),
        external_services,
        environment,
        databases,
        ci_test_jobs: ci::test_jobs(tree, signals, branch.as_ref().map(|fact| fact.value.as_str())),
        ci_deploys: deploys,
        ci_files: ci::files(tree, signals),
        code_host: hosting::code_host(&ci, tree, signals),
        repository: hosting::repository(tree),
        default_branch: branch,
        platforms_in_use: platforms.facts,
        proposals,
        ci,
        infrastructure,
        architecture_document: architecture(tree, options),
        conflicts: conflicts(&found, disagreements.into_iter().chain(platforms.doubt)),
        missing: Vec::new(),
        skipped: tree.skipped.clone(),
        files: tree.paths.len() as u64,
        build_files: build_files::of(tree, signals),
        process_files: processes::files(tree, signals),
        services,
    };
    survey.missing = missing(&survey);
    survey
}

/// Whether a component is deployed itself.
fn one_deployed(deployed: &[String], component: &Component<'_>) -> bool {
    deployed.iter().any(|path| path == component.shown())
}

/// The application's name: the root's manifest, the remote's last part, the folder.
fn own_name(
    components: &[Component<'_>],
    main: Option<&Found<'_>>,
    tree: &Tree,
    signals: &Signals,
    folder_name: &str,
) -> Fact<String> {
    let root = components.iter().find(|component| component.folder.is_empty());
    let generic = &signals.files.generic_names;
    let named = root.into_iter().flat_map(|component| &component.manifests).find_map(|(path, manifest)| {
        let (_, line) = manifest.name.as_ref()?;
        let short = services::own_name(root?, Some(manifest.ecosystem), folder_name);
        (!generic.contains(&short)).then(|| (short.clone(), maybe_at(path, *line, &short)))
    });
    if let Some((name, seen)) = named {
        return Fact::new(name, Certainty::High, vec![seen]);
    }
    if let Some(name) = &tree.git.last_part {
        return Fact::new(name.clone(), Certainty::Medium, vec![file(".git/config", "remote")]);
    }
    let single = main.filter(|one| one.service.path == "." && !generic.contains(&one.service.name));
    let value = single.map_or_else(|| folder_name.to_owned(), |one| one.service.name.clone());
    Fact::new(value, Certainty::Low, vec![file(".", "name of the folder")])
}

/// The health endpoint of the main service; where it has none, another's, of which nobody says that it speaks for the whole.
fn health_of_whole(main: Option<&Found<'_>>, found: &[Found<'_>]) -> Option<Fact<String>> {
    let own = main.and_then(|one| one.health.clone());
    own.or_else(|| {
        let others = found.iter().filter(|one| one.service.kind.serves_http() && !one.is_documentation());
        let other = others.filter_map(|one| one.health.as_ref()).max_by_key(|fact| fact.certainty)?;
        Some(Fact { certainty: other.certainty.min(Certainty::Medium), ..other.clone() })
    })
}

/// Frameworks of all services, each once.
/// Services of which a runtime at the edge calls the code for each request. What ships as an image, or in a framework, has a server
/// of its own.
fn request_handlers(found: &[Found<'_>], components: &[Component<'_>]) -> Vec<Fact<String>> {
    let handler = |one: &Found<'_>| {
        let service = &one.service;
        let bare = service.kind.serves_http() && service.framework.is_none() && service.dockerfile.is_none();
        let folder = if service.path == "." { "" } else { service.path.as_str() };
        let component = components.iter().find(|component| bare && component.folder == folder)?;
        let (path, _) = component.sources.iter().find(|(_, source)| source.handles_requests)?;
        let evidence = file(path, "hands each request to a function, and listens on no port");
        Some(Fact::new(service.path.clone(), one.certainty, vec![evidence]))
    };
    found.iter().filter_map(handler).collect()
}

fn frameworks_of(found: &[Found<'_>]) -> Vec<VersionedFact> {
    let mut facts: Vec<VersionedFact> = Vec::new();
    for one in found {
        for (place, used) in one.frameworks.iter().enumerate() {
            if facts.iter().any(|fact| fact.fact.value == used.framework.id) {
                continue;
            }
            // A dependency of a service shapes it; a file's name or an import tells less, and so does what stands beside the application.
            let declared = used.declared && place == 0 && !one.is_documentation();
            let most = if declared { Certainty::High } else { Certainty::Medium };
            let certainty = one.certainty.min(most);
            let fact = Fact::new(used.framework.id.clone(), certainty, vec![used.evidence.clone()]);
            facts.push(VersionedFact { fact, version: used.version.clone() });
        }
    }
    facts
}

/// The package manager of the main service, else of the root.
fn package_manager(
    found: &[Found<'_>],
    components: &[Component<'_>],
    tree: &Tree,
    options: &Options<'_>,
) -> Option<Fact<String>> {
    let main = found.iter().find(|one| one.service.kind.serves_http()).or_else(|| found.first());
    if let Some(manager) = main.and_then(|one| one.manager.as_ref()) {
        return Some(manager.fact());
    }
    let root = components.iter().find(|component| component.folder.is_empty())?;
    let ecosystem = root.manifests.first()?.1.ecosystem;
    package_managers::of(root, components, ecosystem, tree, options.signals).map(|manager| manager.fact())
}

/// What the architecture document states.
fn architecture(tree: &Tree, options: &Options<'_>) -> Option<ArchitectureDocument> {
    let first = join(options.spec_path.trim_end_matches('/'), "02_ARCHITECTURE.md");
    let usual = options.signals.files.architecture_documents.iter().cloned();
    let path = std::iter::once(first).chain(usual).find(|path| tree.has(path))?;
    let statements: Vec<Evidence> = match tree.record(&path) {
        Some(Record::Architecture(statements)) => {
            statements.iter().map(|one| maybe_at(&path, Some(one.line), &one.text)).collect()
        }
        _ => Vec::new(),
    };
    Some(ArchitectureDocument { path, statements })
}

fn conflicts(found: &[Found<'_>], others: impl Iterator<Item = Conflict>) -> Vec<Conflict> {
    let mut all: Vec<Conflict> = Vec::new();
    for conflict in found.iter().flat_map(|one| one.conflicts.iter().cloned()).chain(others) {
        if !all.contains(&conflict) {
            all.push(conflict);
        }
    }
    all
}

/// Fields that were looked for and not found.
fn missing(survey: &Survey) -> Vec<String> {
    let serves = survey.services.iter().any(|s| s.kind.serves_http() && s.kind != ServiceKind::Static);
    let runs = survey.services.iter().any(|s| s.kind != ServiceKind::Static);
    // Code of which nobody knows how it is run is no empty answer: it is one that a person must complete.
    let unknown = survey.services.is_empty() && !survey.languages.is_empty();
    let found = [
        ("services", !survey.services.is_empty()),
        ("languages", !survey.languages.is_empty()),
        ("app_type", survey.app_type.is_some()),
        ("health_endpoint", survey.health_endpoint.is_some() || !serves),
        ("port", survey.port.is_some() || !serves),
        ("commands.start", survey.commands.start.is_some() || !(runs || unknown)),
        ("commands.test", survey.commands.test.is_some()),
        ("ci", !survey.ci.is_empty()),
        ("code_host", survey.code_host.is_some()),
        ("migrations", survey.migrations.is_some() || survey.databases.is_empty()),
    ];
    found.into_iter().filter(|(_, there)| !there).map(|(field, _)| field.to_owned()).collect()
}
