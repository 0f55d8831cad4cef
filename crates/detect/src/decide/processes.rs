//! Procfiles, compose services, job libraries, migration scripts → further services and the command that migrates.

use siteplan_catalog::signals::{FileRules, Need, Signals};
use siteplan_model::fact::{Certainty, Evidence};
use siteplan_model::survey::{Commands, MigrationsFact, ServiceKind};

use super::containers::{self, built_from, compose_files, is_backing};
use super::package_managers::Managed;
use super::services::{Found, own_name, process_evidence};
use crate::commands::{is_development_server, module_of, without_migrations};
use crate::component::{Component, dependency_evidence};
use crate::evidence::{at, file, maybe_at};
use crate::readers::Record;
use crate::readers::dockerfile::Dockerfile;
use crate::tree::{Tree, folder, name, relative};

/// What a process is by its name and command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Serves requests.
    Serve,
    /// Runs once before a release.
    Release,
    /// One of the other kinds.
    Job(ServiceKind),
    /// Watches, tunnels, mails: for development.
    Development,
}

/// Adds processes to the services that the components gave.
pub(crate) fn add(found: &mut Vec<Found<'_>>, components: &[Component<'_>], tree: &Tree, signals: &Signals) {
    for component in components.iter().filter(|component| !component.aside) {
        if let Some(Record::Procfile(processes)) = tree.record(&component.path("Procfile")) {
            let path = component.path("Procfile");
            for process in processes {
                let role = role(&process.name, &process.command, &signals.files);
                let command = without_migrations(signals, &process.command);
                let seen = process_evidence(
                    &path,
                    Some(process.line),
                    &format!("{}: {}", process.name, process.command),
                );
                take(found, component, role, &process.name, &command, seen, Certainty::High);
            }
        }
    }
    from_compose(found, components, tree, signals);
    drop_stray(found, tree);
    for component in components.iter().filter(|component| !component.aside) {
        from_libraries(found, component, signals);
        from_scripts(found, component, signals);
    }
}

fn role(name: &str, command: &str, rules: &FileRules) -> Role {
    let words: Vec<String> =
        name.to_ascii_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_owned).collect();
    let named = |list: &[String]| words.iter().any(|word| list.contains(word));
    if name == "web" {
        return Role::Serve;
    }
    if is_development_server(rules, command)
        || ["css", "js", "assets", "tailwind", "flower", "mail", "ngrok"]
            .iter()
            .any(|one| words.iter().any(|w| w == one))
    {
        return Role::Development;
    }
    if named(&rules.release_words) {
        return Role::Release;
    }
    if named(&rules.cron_words) || command.contains("celery") && command.contains(" beat") {
        return Role::Job(ServiceKind::Cron);
    }
    let runs = [
        "celery",
        "sidekiq",
        "queue:work",
        "rqworker",
        "horizon",
        "jobs:work",
        "good_job",
        "solid_queue",
        "dramatiq",
        "qcluster",
        "bin/jobs",
    ];
    if named(&rules.worker_words) || runs.iter().any(|run| command.contains(run)) {
        return Role::Job(ServiceKind::Worker);
    }
    let serves = [
        "gunicorn",
        "uvicorn",
        "puma",
        "rails s",
        "unicorn",
        "daphne",
        "hypercorn",
        "java -jar",
        "npm start",
        "node ",
        "serve",
        "http",
        "api",
        "web",
    ];
    if serves.iter().any(|one| command.contains(one) || name.contains(one)) {
        Role::Serve
    } else {
        Role::Job(ServiceKind::Worker)
    }
}

/// Takes one process into the services of its component.
pub(crate) fn take(
    found: &mut Vec<Found<'_>>,
    component: &Component<'_>,
    role: Role,
    name: &str,
    command: &str,
    seen: Evidence,
    certainty: Certainty,
) {
    let path = component.shown();
    let main = found
        .iter()
        .position(|one| one.service.path == path && one.service.kind.serves_http())
        .or_else(|| found.iter().position(|one| one.service.path == path && one.own_code));
    match role {
        Role::Development => {}
        Role::Release => {
            if let Some(index) = main {
                let commands = &mut found[index].service;
                commands.commands.migrate = Some(command.to_owned());
                commands.evidence.insert("commands.migrate".to_owned(), vec![seen]);
                if let Some(migrations) = &mut found[index].migrations {
                    migrations.command = Some(command.to_owned());
                }
            }
        }
        Role::Serve => match main {
            Some(index) => {
                let service = &mut found[index].service;
                if service.kind == ServiceKind::Worker {
                    service.kind = ServiceKind::Api;
                }
                // `web: shop` names the program that the platform builds: ours is called by its path.
                let program = command.split_whitespace().next().unwrap_or_default();
                let same = service
                    .commands
                    .start
                    .as_deref()
                    .is_some_and(|line| line.rsplit('/').next() == Some(program));
                if service.kind != ServiceKind::Static && !same {
                    service.commands.start = Some(command.to_owned());
                    service.evidence.insert("commands.start".to_owned(), vec![seen]);
                }
            }
            None => found.push(bare(component, ServiceKind::Api, name, command, seen, certainty)),
        },
        Role::Job(kind) => {
            let same = found.iter_mut().find(|one| {
                one.service.path == path
                    && one.service.kind == kind
                    && (one.own_code || one.service.name == name)
            });
            if let Some(one) = same {
                // The component itself is that worker: its process says how it starts.
                one.service.commands.start = Some(command.to_owned());
                one.service.evidence.insert("commands.start".to_owned(), vec![seen]);
                return;
            }
            let job = match main {
                Some(index) => process_of(&found[index], kind, name, command, seen, certainty),
                None => bare(component, kind, name, command, seen, certainty),
            };
            found.push(job);
        }
    }
}

/// A process of a service that is already known: same code, same build, its own command.
fn process_of<'s>(
    of: &Found<'s>,
    kind: ServiceKind,
    name: &str,
    command: &str,
    seen: Evidence,
    certainty: Certainty,
) -> Found<'s> {
    let mut process = of.clone();
    process.service.kind = kind;
    name.clone_into(&mut process.service.name);
    process.service.port = None;
    process.service.health_endpoint = None;
    process.service.migrations = None;
    process.service.static_output = None;
    process.service.commands.start = Some(command.to_owned());
    process.service.commands.migrate = None;
    let keep = ["package_manager", "framework", "commands.install", "commands.build"];
    process.service.evidence.retain(|field, _| keep.contains(&field.as_str()));
    process.service.evidence.insert("kind".to_owned(), vec![seen.clone()]);
    process.service.evidence.insert("commands.start".to_owned(), vec![seen]);
    process.port = None;
    process.health = None;
    process.migrations = None;
    process.conflicts = Vec::new();
    process.browser_code = false;
    process.own_code = false;
    process.certainty = certainty;
    process
}

/// A process of a component that gave no service by itself.
fn bare<'s>(
    component: &Component<'_>,
    kind: ServiceKind,
    name: &str,
    command: &str,
    seen: Evidence,
    certainty: Certainty,
) -> Found<'s> {
    let named = own_name(component, None, name);
    Found {
        service: siteplan_model::survey::Service {
            path: component.shown().to_owned(),
            name: if kind.serves_http() { named } else { name.to_owned() },
            kind,
            language: component
                .bytes_by_language()
                .into_iter()
                .max_by_key(|(language, size)| (*size, *language))
                .map(|(l, _)| l.to_owned()),
            framework: None,
            package_manager: None,
            port: None,
            health_endpoint: None,
            databases: Vec::new(),
            migrations: None,
            commands: Commands {
                start: Some(command.to_owned()).filter(|line| !line.is_empty()),
                ..Commands::default()
            },
            dockerfile: None,
            static_output: None,
            schedule: None,
            evidence: [("kind".to_owned(), vec![seen.clone()]), ("commands.start".to_owned(), vec![seen])]
                .into(),
        },
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
        bytes: 0,
    }
}

/// Programs that nothing deploys, in a corner of a repository whose root is the application, are tools of it.
fn drop_stray(found: &mut Vec<Found<'_>>, tree: &Tree) {
    let root_serves = found.iter().any(|one| one.service.path == "." && one.service.kind.serves_http());
    let composed: Vec<String> = compose_files(tree)
        .flat_map(|(path, compose, _)| {
            compose.services.iter().filter_map(move |service| built_from(path, service))
        })
        .map(|(context, _)| context)
        .collect();
    found.retain(|one| {
        let stray = one.own_code
            && one.service.framework.is_none()
            && one.service.kind == ServiceKind::Worker
            && one.service.path != "."
            && one.certainty <= Certainty::Medium
            && !composed.contains(&one.service.path);
        !(root_serves && stray)
    });
}

/// Compose services that are built from the repository: further processes of a component, or components without manifest.
fn from_compose(found: &mut Vec<Found<'_>>, components: &[Component<'_>], tree: &Tree, signals: &Signals) {
    for (path, compose, development) in compose_files(tree) {
        if development {
            continue;
        }
        for service in compose
            .services
            .iter()
            .filter(|service| service.profiles.is_empty() && !is_backing(service, signals))
        {
            let Some((context, dockerfile)) = built_from(path, service) else { continue };
            let Some(component) = component_of(&context, &dockerfile, components) else { continue };
            if component.aside || crate::tree::is_aside_folder(&signals.files, &context) {
                continue;
            }
            let build = containers::builds(tree).find(|(one, _, _)| *one == dockerfile);
            if build.as_ref().is_some_and(|(_, _, purpose)| *purpose == containers::Purpose::Backing) {
                continue;
            }
            let known = found.iter().any(|one| one.service.path == component.shown());
            let command = without_migrations(signals, service.command.as_deref().unwrap_or_default());
            let role = role(&service.name, &command, &signals.files);
            let shown =
                if command.is_empty() { format!("service {}", service.name) } else { command.clone() };
            let seen = maybe_at(path, service.command_line.or(service.line), &shown);
            match role {
                Role::Job(kind) if known => {
                    let already = found
                        .iter()
                        .any(|one| one.service.path == component.shown() && one.service.kind == kind);
                    if !already && !command.is_empty() && has_other_command(found, component, &command) {
                        take(found, component, role, &service.name, &command, seen, Certainty::High);
                    }
                }
                _ if known => {}
                _ => {
                    let kind = match role {
                        Role::Release | Role::Development => continue,
                        Role::Job(kind) if service.ports.is_empty() => kind,
                        _ => ServiceKind::Api,
                    };
                    let mut new = bare(component, kind, &service.name, &command, seen, Certainty::Medium);
                    new.service.path = if context.is_empty() { ".".to_owned() } else { context.clone() };
                    new.service.name.clone_from(&service.name);
                    new.service.port = service.ports.first().copied();
                    new.service.dockerfile = build.map(|(one, _, _)| one.to_owned());
                    if new.service.commands.start.is_none() {
                        new.service.commands.start = container_start(new.service.dockerfile.as_deref(), tree);
                    }
                    found.push(new);
                }
            }
        }
    }
}

fn container_start(path: Option<&str>, tree: &Tree) -> Option<String> {
    match tree.record(path?) {
        Some(Record::Dockerfile(dockerfile)) => Dockerfile::start(dockerfile).map(|start| start.value),
        _ => None,
    }
}

/// A compose service whose command is the component's own start is that component itself.
fn has_other_command(found: &[Found<'_>], component: &Component<'_>, command: &str) -> bool {
    !found.iter().any(|one| {
        one.service.path == component.shown() && one.service.commands.start.as_deref() == Some(command)
    })
}

fn component_of<'c, 't>(
    context: &str,
    dockerfile: &str,
    components: &'c [Component<'t>],
) -> Option<&'c Component<'t>> {
    let by_build = components.iter().find(|one| !one.folder.is_empty() && one.folder == folder(dockerfile));
    by_build.or_else(|| components.iter().find(|one| one.folder == context)).or_else(|| {
        components
            .iter()
            .filter(|one| relative(context, &one.folder).is_some())
            .max_by_key(|one| one.folder.len())
    })
}

/// Job libraries that need a process of their own, where nothing named one.
fn from_libraries(found: &mut Vec<Found<'_>>, component: &Component<'_>, signals: &Signals) {
    let path = component.shown();
    for row in &signals.needs {
        let Some(process) = &row.process else { continue };
        let (kind, name) = match row.need {
            Need::Workers => (ServiceKind::Worker, "worker"),
            Need::Cron => (ServiceKind::Cron, "scheduler"),
            _ => continue,
        };
        let dependency = component.production_dependencies(&row.packages).next();
        let in_code = || {
            component
                .sightings
                .iter()
                .find(|(_, sighting)| row.contains.contains(&sighting.text))
                .map(|(path, sighting)| at(path, sighting.line, &sighting.seen))
        };
        let Some(seen) = dependency.map(|(path, one)| dependency_evidence(path, one)).or_else(in_code) else {
            continue;
        };
        let has_worker = found.iter().any(|one| one.service.path == path && one.service.kind == kind);
        let has_service = found.iter().any(|one| one.service.path == path);
        if has_worker || !has_service {
            continue;
        }
        let command = if process.contains("{module}") {
            let Some(module) = celery_module(component) else { continue };
            process.replace("{module}", &module)
        } else {
            process.clone()
        };
        let script = command.split_whitespace().next().unwrap_or_default();
        if script.starts_with("bin/") && !component.has(script) {
            continue;
        }
        take(found, component, Role::Job(kind), name, &command, seen.clone(), Certainty::Medium);
        if let (Some(expression), Some(new)) = (&row.schedule, found.last_mut().filter(|new| new.service.kind == kind)) {
            new.service.schedule = Some(expression.clone());
            new.service.evidence.insert("schedule".to_owned(), vec![seen]);
        }
    }
}

/// The module that holds the Celery application.
fn celery_module(component: &Component<'_>) -> Option<String> {
    component.sources.iter().find_map(|(path, source)| {
        source
            .objects
            .iter()
            .find(|object| object.constructor == "Celery" || object.constructor.ends_with(".Celery"))?;
        let below = relative(path, &component.folder)?;
        let module = module_of(below.strip_prefix("src/").unwrap_or(below));
        Some(module.trim_end_matches(".celery").to_owned())
    })
}

/// Scripts of a manifest that start a worker, where job libraries are in use and nothing else names its process.
fn from_scripts(found: &mut Vec<Found<'_>>, component: &Component<'_>, signals: &Signals) {
    let path = component.shown();
    let has_worker =
        found.iter().any(|one| one.service.path == path && one.service.kind == ServiceKind::Worker);
    let main = found.iter().find(|one| one.service.path == path && one.service.kind.serves_http());
    let Some(run) = main.and_then(|one| one.manager.clone()).filter(|_| !has_worker) else { return };
    if component.needs(Need::Workers, signals).is_empty() || has_procfile_in(component) {
        return;
    }
    let names =
        ["worker", "start:worker", "worker:prod", "workers", "start-worker", "worker:start", "start:workers"];
    let script = component.manifests.iter().find_map(|(manifest, content)| {
        names.iter().find_map(|name| {
            let script = content.scripts.get(*name)?;
            (!is_development_server(&signals.files, &script.text)).then(|| (*manifest, *name, script.clone()))
        })
    });
    if let Some((manifest, script_name, script)) = script {
        let seen = maybe_at(manifest, script.line, &script.text);
        let line = run.run(script_name);
        take(found, component, Role::Job(ServiceKind::Worker), "worker", &line, seen, Certainty::High);
    }
}

fn has_procfile_in(component: &Component<'_>) -> bool {
    component.has("Procfile")
}

/// The command that applies migrations: the repository's own script, else the tool's.
pub(crate) fn migrate_command(
    component: &Component<'_>,
    fact: &MigrationsFact,
    manager: Option<&Managed<'_>>,
    signals: &Signals,
) -> (Option<String>, Evidence) {
    let place = fact.fact.evidence.first().cloned().unwrap_or_else(|| file(component.shown(), "migrations"));
    let names = [
        "db:migrate:deploy",
        "migrate:deploy",
        "db:deploy",
        "db:migrate",
        "migrate:prod",
        "migrate",
        "migration:run",
        "migrations:run",
        "db:migrations:run",
        "typeorm:migration:run",
        "prisma:migrate:deploy",
        "prisma:deploy",
        "migrate:latest",
        "knex:migrate",
        "migrate:up",
        "db:push",
        "update-db",
    ];
    for (path, manifest) in &component.manifests {
        for script_name in names {
            let Some(script) = manifest.scripts.get(script_name) else { continue };
            // `prisma migrate dev` and `db push` change a database without the care that production needs.
            let careless = script.text.contains("migrate dev") || script.text.contains("db push");
            if let Some(manager) = manager
                .filter(|_| !careless && manifest.ecosystem == siteplan_catalog::signals::Ecosystem::Npm)
            {
                return (Some(manager.run(script_name)), maybe_at(path, script.line, &script.text));
            }
        }
    }
    let Some(tool) = signals.migrations.iter().find(|tool| tool.id == fact.fact.value) else {
        return (None, place);
    };
    // Without its configuration the tool is called from code, and has no command of its own.
    if !tool.files.is_empty() && component.matching(&tool.files).next().is_none() && !tool.telling {
        return (None, place);
    }
    if component.has("rel/overlays/bin/migrate") {
        let app = component.manifests.iter().find_map(|(_, manifest)| manifest.name.as_ref());
        let app = app.map_or("app", |(app, _)| app.as_str());
        return (
            Some(format!("_build/prod/rel/{app}/bin/migrate")),
            file(&component.path("rel/overlays/bin/migrate"), "release script"),
        );
    }
    let directory = fact
        .directory
        .as_deref()
        .and_then(|directory| relative(directory, &component.folder).or(Some(directory)));
    let mut line = tool.command.replace("{directory}", directory.unwrap_or("migrations"));
    if let Some(manage) = component.files.iter().find(|path| name(path) == "manage.py") {
        let script = relative(manage, &component.folder).unwrap_or(manage);
        line = line.replace("manage.py", script);
    }
    if line.starts_with("bin/rails") && !component.has("bin/rails") {
        line = line.replace("bin/rails", "bundle exec rake");
    }
    let runs_in_manager = manager.is_some_and(|manager| {
        let script = matches!(
            manager.row.ecosystem,
            siteplan_catalog::signals::Ecosystem::Npm | siteplan_catalog::signals::Ecosystem::Pypi
        );
        script && tool.packages.contains_key(&manager.row.ecosystem)
    });
    if let Some(manager) = manager.filter(|_| runs_in_manager) {
        line = manager.exec(&line);
    }
    // Tools that an application links in run from its own process; there is no line of their own then.
    let linked = matches!(tool.id.as_str(), "flyway" | "liquibase" | "refinery")
        && component.dependencies(&tool.packages).next().is_some();
    (if linked { None } else { Some(line) }, place)
}
