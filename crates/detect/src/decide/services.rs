//! Components, processes, compose services → the deployable components of the repository.

use siteplan_catalog::signals::{Ecosystem, FrameworkRole, Need, Signals};
use siteplan_model::fact::{Certainty, Evidence, EvidenceByField, Fact};
use siteplan_model::survey::{Conflict, MigrationsFact, Service, ServiceKind};

use super::deployable::{self, Program};
use super::frameworks::{self, Shape};
use super::package_managers::{self, Managed};
use super::{
    app_type, code, containers, health, jobs, languages, migrate_command, migrations, parts, ports,
    processes, schedules,
};
use crate::commands::{self, Context};
use crate::component::Component;
use crate::evidence::{at, file};
use crate::readers::Record;
use crate::tree::{Tree, is_aside_folder, name};

/// What a service is to the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// A part of the application.
    Application,
    /// A site about it.
    Documentation,
}

/// A service with what the whole is judged by.
#[derive(Clone, Debug)]
pub(crate) struct Found<'s> {
    pub(crate) service: Service,
    pub(crate) certainty: Certainty,
    /// Frameworks of the component, the most telling first.
    pub(crate) frameworks: Vec<frameworks::Used<'s>>,
    pub(crate) manager: Option<Managed<'s>>,
    pub(crate) port: Option<Fact<u16>>,
    pub(crate) health: Option<Fact<String>>,
    pub(crate) migrations: Option<MigrationsFact>,
    pub(crate) conflicts: Vec<Conflict>,
    /// Whether it holds code for browsers beyond pages that a server renders.
    pub(crate) browser_code: bool,
    /// Whether a browser application has a back end in itself.
    pub(crate) has_back_end: bool,
    /// Whether its code is its own, not another service's process.
    pub(crate) own_code: bool,
    /// Whether it is the application or stands beside it.
    pub(crate) standing: Standing,
    /// Bytes of source of its component.
    pub(crate) bytes: u64,
    /// Who says that its process goes on.
    pub(crate) running: Running,
}

/// Who says whether a process goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Running {
    /// Only its code.
    ByCode,
    /// A file that names it as a process.
    Named,
}

/// All services, the one that the others stand around first.
pub(crate) fn find<'s>(
    components: &[Component<'_>],
    tree: &Tree,
    signals: &'s Signals,
    folder_name: &str,
) -> Vec<Found<'s>> {
    let mut found: Vec<Found<'s>> = Vec::new();
    for component in components.iter().filter(|one| !one.aside || is_documentation(one, signals)) {
        let shape = frameworks::shape(component, signals);
        if is_for_own_machines(component, tree, signals) {
            continue;
        }
        if component.aside && !shape.as_ref().is_some_and(|shape| makes_pages(component, shape)) {
            continue;
        }
        for program in deployable::programs(component, shape.as_ref(), components, tree, signals) {
            let shape = shape.as_ref().filter(|_| program.framed);
            found.push(service(component, components, shape, &program, tree, signals, folder_name));
        }
    }
    processes::add(&mut found, components, tree, signals);
    parts::settle(&mut found, components, tree, signals);
    jobs::settle(&mut found, components, tree, signals);
    schedules::add(&mut found, components, tree, signals);
    if found.is_empty() {
        found.extend(
            deployable::plain_pages(components, tree)
                .map(|(folder, page)| pages(&folder, &page, folder_name)),
        );
    }
    distinct_names(&mut found);
    found.sort_by(|a, b| order(a).cmp(&order(b)));
    found
}

/// Whether a member of a repository is a program that people install: nothing of it is deployed to a platform.
fn is_for_own_machines(component: &Component<'_>, tree: &Tree, signals: &Signals) -> bool {
    let rules = &signals.files;
    !component.folder.is_empty()
        && rules.client_packages.iter().any(|one| component.has_package(Ecosystem::Npm, one))
        && containers::of_component(component, tree).is_none()
        && !has_procfile(component, tree)
}

/// Whether a folder beside the application is its documentation, which may be a site of its own.
fn is_documentation(component: &Component<'_>, signals: &Signals) -> bool {
    let rules = &signals.files;
    let documentation = rules.documentation_folders.iter().any(|one| one == name(&component.folder));
    documentation && !is_aside_folder(rules, crate::tree::folder(&component.folder))
}

/// What a component is to the whole: a site that only a script for documentation builds is that.
fn standing(component: &Component<'_>, shape: Option<&Shape<'_>>, signals: &Signals) -> Standing {
    let site = shape.is_some_and(|shape| shape.main.framework.role == FrameworkRole::Site);
    let documents = site && documentation_script(component, signals).is_some();
    if component.aside || documents { Standing::Documentation } else { Standing::Application }
}

/// The script that builds the documentation of a component.
pub(crate) fn documentation_script<'s>(component: &Component<'_>, signals: &'s Signals) -> Option<&'s str> {
    let (_, manifest) = component.manifest(Ecosystem::Npm)?;
    let names = signals.files.documentation_scripts.iter();
    names.map(String::as_str).find(|name| manifest.scripts.contains_key(*name))
}

/// Whether it is built into pages by a framework of its own manifest.
fn makes_pages(component: &Component<'_>, shape: &Shape<'_>) -> bool {
    let role = shape.main.framework.role;
    let pages = app_type::is_browser(role) || role == FrameworkRole::Site;
    let manifest = component.manifest(Ecosystem::Npm);
    pages && manifest.is_some_and(|(_, manifest)| manifest.scripts.contains_key("build"))
}

fn order<'f>(found: &'f Found<'_>) -> (bool, u8, bool, bool, std::cmp::Reverse<u64>, &'f str, &'f str) {
    let rank = match found.service.kind {
        ServiceKind::Web => 0,
        ServiceKind::Api => 1,
        ServiceKind::Static => 2,
        ServiceKind::Worker => 3,
        ServiceKind::Cron => 4,
    };
    // What users meet first is what the others stand around.
    let last = name(&found.service.path);
    let front = ["gateway", "frontend", "web", "www"]
        .iter()
        .any(|word| last.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part == *word));
    (
        found.is_documentation(),
        rank,
        found.service.path != ".",
        !front,
        std::cmp::Reverse(found.bytes),
        &found.service.path,
        &found.service.name,
    )
}

/// One service of a component.
fn service<'s>(
    component: &Component<'_>,
    components: &[Component<'_>],
    shape: Option<&Shape<'s>>,
    program: &Program,
    tree: &Tree,
    signals: &'s Signals,
    folder_name: &str,
) -> Found<'s> {
    let ecosystem = shape.and_then(|shape| shape.main.ecosystem).or(program.ecosystem);
    let manager = ecosystem.and_then(|one| package_managers::of(component, components, one, tree, signals));
    let dockerfile = containers::of_component(component, tree);
    let kind = program.kind;
    let mut evidence = EvidenceByField::new();
    evidence.insert("kind".to_owned(), program.evidence.clone());
    let (port, port_conflict) = ports::of(component, components, shape, dockerfile, None, tree, signals);
    let context = Context {
        component,
        components,
        tree,
        signals,
        manager: manager.as_ref(),
        shape,
        kind,
        dockerfile,
        program: program.path.as_deref(),
        target: program.target.as_ref().map(|(name, path)| (name.as_str(), path.as_deref())),
        port: port.as_ref().map(|fact| fact.value),
    };
    let mut planned = commands::plan(&context, ecosystem);
    let started = planned
        .commands
        .start
        .as_deref()
        .zip(planned.evidence.get("commands.start").and_then(|seen| seen.first()));
    let listens = matches!(kind, ServiceKind::Web | ServiceKind::Api);
    let (port, port_conflict) = if listens {
        ports::of(component, components, shape, dockerfile, started, tree, signals)
    } else {
        (
            port.filter(|fact| {
                kind == ServiceKind::Static && fact.certainty > Certainty::Low && dockerfile.is_some()
            })
            .or_else(|| ports::of_pages(component, shape.filter(|_| kind == ServiceKind::Static)?, tree)),
            port_conflict.filter(|_| false),
        )
    };
    let health::Health { endpoint: health, conflict: health_conflict } = if listens {
        health::of(component, components, shape, dockerfile, tree, signals)
    } else {
        health::Health::default()
    };
    let mut migrations = migrations::of(component, tree, signals);
    if let Some(fact) = &mut migrations {
        let (line, seen) = migrate_command::migrate_command(component, fact, manager.as_ref(), signals);
        fact.command.clone_from(&line);
        planned.evidence.insert("commands.migrate".to_owned(), vec![seen]);
        planned.commands.migrate = line;
    }
    // What a generator that is no package of any language turns into pages is written as pages.
    let pages = kind == ServiceKind::Static && ecosystem.is_none();
    let language =
        if pages { Some("html".to_owned()) } else { languages::of_component(component, ecosystem, signals) };
    let used = frameworks::of(component, signals);
    let browser_code = shape.is_some_and(|shape| {
        app_type::is_browser(shape.main.framework.role)
            || shape.browser.as_ref().is_some_and(|one| {
                // Browser code of an application of its own, beside an interface, is what people see.
                let interface = shape.main.framework.role == FrameworkRole::Api
                    && (renders_pages(component, signals).is_none()
                        || component.matching(&one.framework.files).next().is_some());
                app_type::is_browser(one.framework.role)
                    && (shape.main.ecosystem == Some(Ecosystem::Npm) || interface)
            })
    });
    let mut shown: Vec<frameworks::Used<'s>> = shape.map(|shape| shape.main.clone()).into_iter().collect();
    shown.extend(shape.and_then(|shape| shape.browser.clone()));
    shown.extend(shape.and_then(|shape| shape.bundler.clone()));
    let of_manager = manager.as_ref().and_then(Managed::conflict);
    let conflicts =
        port_conflict.into_iter().chain(health_conflict).chain(of_manager).chain(planned.conflicts).collect();
    insert(&mut evidence, "port", port.as_ref().map(|fact| fact.evidence.clone()));
    insert(&mut evidence, "health_endpoint", health.as_ref().map(|fact| fact.evidence.clone()));
    insert(&mut evidence, "framework", shape.map(|shape| vec![shape.main.evidence.clone()]));
    insert(&mut evidence, "package_manager", manager.as_ref().map(|manager| manager.evidence.clone()));
    insert(&mut evidence, "migrations", migrations.as_ref().map(|fact| fact.fact.evidence.clone()));
    evidence.append(&mut planned.evidence);
    Found {
        service: Service {
            path: component.shown().to_owned(),
            name: program.name.clone().unwrap_or_else(|| own_name(component, ecosystem, folder_name)),
            kind,
            language,
            framework: shape.map(|shape| shape.main.framework.id.clone()),
            package_manager: manager.as_ref().map(|manager| manager.row.id.clone()),
            port: port.as_ref().map(|fact| fact.value),
            health_endpoint: health.as_ref().map(|fact| fact.value.clone()),
            databases: Vec::new(),
            migrations: migrations.as_ref().map(|fact| fact.fact.value.clone()),
            commands: planned.commands,
            dockerfile: dockerfile.map(|(path, _)| path.to_owned()),
            build_context: None,
            static_output: component
                .task()
                .and_then(|(_, project)| project.programs.get("output").cloned().flatten())
                .or_else(|| shape.and_then(|shape| shape.static_output.clone()))
                .filter(|_| kind == ServiceKind::Static),
            schedule: None,
            own_clock: false,
            ends: false,
            image: None,
            code: code::of(component, (shape, ecosystem), tree, signals),
            evidence,
        },
        certainty: program.certainty,
        has_back_end: has_back_end(component, signals)
            || used.iter().any(|one| one.framework.role == FrameworkRole::Api),
        frameworks: shown,
        manager,
        port,
        health,
        migrations,
        conflicts,
        browser_code,
        own_code: true,
        standing: standing(component, shape, signals),
        bytes: component.bytes_by_language().values().sum(),
        running: Running::ByCode,
    }
}

fn insert(evidence: &mut EvidenceByField, field: &str, seen: Option<Vec<Evidence>>) {
    if let Some(seen) = seen.filter(|seen| !seen.is_empty()) {
        evidence.insert(field.to_owned(), seen);
    }
}

/// Whether a browser application answers requests for data itself: routes, actions, a database.
fn has_back_end(component: &Component<'_>, signals: &Signals) -> bool {
    let drivers = signals
        .databases
        .iter()
        .any(|engine| component.production_dependencies(&engine.packages).next().is_some());
    let rules = &signals.files;
    drivers
        || rules.back_end_packages.iter().any(|one| component.has_package(Ecosystem::Npm, one))
        || component.matching(&rules.back_end_files).next().is_some()
}

/// The name that a component gives itself.
pub(crate) fn own_name(component: &Component<'_>, ecosystem: Option<Ecosystem>, folder_name: &str) -> String {
    let manifests = component
        .manifests
        .iter()
        .filter(|(_, manifest)| ecosystem.is_none_or(|one| manifest.ecosystem == one));
    let named =
        manifests.filter_map(|(_, manifest)| manifest.name.as_ref()).map(|(name, _)| name.as_str()).next();
    let short = named.map(|named| {
        let parts: Vec<&str> = named.rsplit('/').collect();
        let major = parts[0].len() > 1
            && parts[0].starts_with('v')
            && parts[0][1..].chars().all(|c| c.is_ascii_digit());
        if major { parts.get(1).copied().unwrap_or(parts[0]) } else { parts[0] }
    });
    let folder = if component.folder.is_empty() { folder_name } else { name(&component.folder) };
    short.filter(|short| !short.is_empty()).unwrap_or(folder).to_owned()
}

impl Found<'_> {
    /// Whether it is the documentation of the application.
    pub(crate) fn is_documentation(&self) -> bool {
        self.standing == Standing::Documentation
    }

    /// A service of which nothing more is known.
    pub(crate) fn bare(service: Service, certainty: Certainty) -> Self {
        Self {
            service,
            certainty,
            frameworks: Vec::new(),
            manager: None,
            port: None,
            health: None,
            migrations: None,
            conflicts: Vec::new(),
            browser_code: false,
            has_back_end: false,
            own_code: true,
            standing: Standing::Application,
            bytes: 0,
            running: Running::Named,
        }
    }
}

/// Pages without any manifest.
fn pages<'s>(folder: &str, page: &str, folder_name: &str) -> Found<'s> {
    let path = if folder.is_empty() { ".".to_owned() } else { folder.to_owned() };
    let evidence = vec![file(page, "page")];
    let service = Service {
        name: if folder.is_empty() { folder_name.to_owned() } else { name(folder).to_owned() },
        path,
        kind: ServiceKind::Static,
        language: Some("html".to_owned()),
        framework: None,
        package_manager: None,
        port: None,
        health_endpoint: None,
        databases: Vec::new(),
        migrations: None,
        commands: siteplan_model::survey::Commands::default(),
        dockerfile: None,
        build_context: None,
        static_output: Some(".".to_owned()),
        schedule: None,
        own_clock: false,
        ends: false,
        image: None,
        code: siteplan_model::survey::CodeFacts::default(),
        evidence: [("kind".to_owned(), evidence)].into(),
    };
    Found::bare(service, Certainty::Medium)
}

/// Two services never share a name: the later ones take that of their folder or kind.
fn distinct_names(found: &mut [Found<'_>]) {
    for index in 1..found.len() {
        let taken: Vec<String> = found[..index].iter().map(|one| one.service.name.clone()).collect();
        let service = &mut found[index].service;
        if taken.contains(&service.name) {
            let folder = if service.path == "." { service.kind.as_str() } else { name(&service.path) };
            let mut candidate = if taken.iter().any(|one| one == folder) {
                format!("{}-{}", service.name, service.kind)
            } else {
                folder.to_owned()
            };
            let mut number = 2;
            while taken.contains(&candidate) {
                candidate = format!("{}-{number}", service.name);
                number += 1;
            }
            service.name = candidate;
        }
    }
}

/// Whether a component renders pages, whatever its framework.
pub(crate) fn renders_pages(component: &Component<'_>, signals: &Signals) -> Option<Evidence> {
    component.needs(Need::Pages, signals).into_iter().next()
}

/// A place of a Procfile or compose file as evidence of a process.
pub(crate) fn process_evidence(path: &str, line: Option<u32>, command: &str) -> Evidence {
    line.map_or_else(|| file(path, command), |line| at(path, line, command))
}

/// Whether a folder has a Procfile.
pub(crate) fn has_procfile(component: &Component<'_>, tree: &Tree) -> bool {
    matches!(tree.record(&component.path("Procfile")), Some(Record::Procfile(_)))
}
