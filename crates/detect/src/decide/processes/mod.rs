//! Procfiles, platforms' own files, compose services, job libraries → further services, and processes of those that are known.

mod compose;
mod libraries;
mod statements;

use siteplan_catalog::signals::{FileRules, Signals};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::{Commands, ProcessFile, ServiceKind};

use super::ports::port_in_command;
use super::services::{Found, Running, own_name, process_evidence};
use crate::commands::{is_development_server, without_migrations};
use crate::component::Component;
use crate::readers::Record;
use crate::tree::{Tree, has_word};

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

/// The files of the application that name processes, by their paths.
pub(crate) fn files(tree: &Tree, signals: &Signals) -> Vec<ProcessFile> {
    let paths = tree.paths.iter().filter(|path| !crate::tree::is_aside(&signals.files, path));
    let read = paths.filter_map(|path| match tree.record(path)? {
        Record::Procfile(processes) => Some(ProcessFile {
            path: path.clone(),
            processes: processes.iter().map(|process| process.name.clone()).collect(),
        }),
        _ => None,
    });
    let mut files: Vec<ProcessFile> = read.collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// Adds processes to the services that the components gave.
pub(crate) fn add(found: &mut Vec<Found<'_>>, components: &[Component<'_>], tree: &Tree, signals: &Signals) {
    for component in components.iter().filter(|component| !component.aside) {
        if let Some(Record::Procfile(processes)) = tree.record(&component.path("Procfile")) {
            let path = component.path("Procfile");
            let has_web = processes.iter().any(|process| process.name == "web");
            for process in processes {
                let (component, line) = at_home(component, components, &process.command);
                let role = role(&process.name, line, &signals.files);
                let command = without_migrations(signals, line);
                let seen = process_evidence(
                    &path,
                    Some(process.line),
                    &format!("{}: {}", process.name, process.command),
                );
                if role == Role::Serve && has_web && process.name != "web" {
                    let path = component.shown();
                    let main = found.iter().find(|one| one.service.path == path && one.own_code);
                    let beside = server_beside(main, component, &process.name, &command, seen);
                    found.push(beside);
                } else {
                    take(found, component, role, &process.name, &command, seen, Certainty::High);
                }
            }
        }
    }
    statements::add(found, components, tree, signals);
    compose::from_compose(found, components, tree, signals);
    managed(found, components, tree, signals);
    for component in components.iter().filter(|component| !component.aside) {
        libraries::from_libraries(found, component, signals);
        libraries::from_scripts(found, component, signals);
    }
}

/// Jobs that a process manager runs beside the server, of the component that its settings lie in.
fn managed(found: &mut Vec<Found<'_>>, components: &[Component<'_>], tree: &Tree, signals: &Signals) {
    for (path, record) in tree.records() {
        let Record::Managed(processes) = record else { continue };
        let rules = &signals.files;
        if crate::tree::is_aside(rules, path) || crate::tree::is_for_development(rules, path) {
            continue;
        }
        let serves = |one: &&Component<'_>| found.iter().any(|known| known.service.path == one.shown());
        let above =
            components.iter().filter(serves).filter(|one| crate::tree::relative(path, &one.folder).is_some());
        let Some(component) = above.max_by_key(|one| one.folder.len()) else { continue };
        for process in processes {
            let role = role(&process.name, &process.command, rules);
            let known = |list: &[String]| list.iter().any(|run| process.command.contains(run.as_str()));
            let named = process.name.to_ascii_lowercase();
            let job = known(&rules.worker_commands)
                || known(&rules.cron_commands)
                || has_word(&named, &rules.worker_words)
                || has_word(&named, &rules.cron_words);
            if matches!(role, Role::Job(_)) && job {
                let command = without_migrations(signals, &process.command);
                let seen = process_evidence(path, Some(process.line), &process.command);
                take(found, component, role, &process.name, &command, seen, Certainty::High);
            }
        }
    }
}

/// A command that first goes into a folder (`cd backend && …`), as the component there runs it.
pub(crate) fn at_home<'c, 't, 'l>(
    component: &'c Component<'t>,
    components: &'c [Component<'t>],
    command: &'l str,
) -> (&'c Component<'t>, &'l str) {
    let inside = command.trim_start().strip_prefix("cd ").and_then(|rest| rest.split_once("&&"));
    let Some((below, rest)) = inside else { return (component, command) };
    let below = below.trim().trim_matches(['"', '\'']);
    let wanted = crate::tree::resolve(&component.folder, below);
    match wanted.and_then(|wanted| components.iter().find(|one| one.folder == wanted)) {
        Some(there) => (there, rest.trim()),
        None => (component, command),
    }
}

fn role(name: &str, command: &str, rules: &FileRules) -> Role {
    let words: Vec<String> =
        name.to_ascii_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_owned).collect();
    let named = |list: &[String]| words.iter().any(|word| list.contains(word));
    if name == "web" {
        return Role::Serve;
    }
    // A database that a developer's process manager starts beside the application is none of its processes.
    let program = command.split_whitespace().find(|word| !word.contains('=')).unwrap_or_default();
    let backing = rules.backing_programs.iter().any(|one| Some(one.as_str()) == program.rsplit('/').next());
    if backing || is_development_server(rules, command) || named(&rules.development_processes) {
        return Role::Development;
    }
    if named(&rules.release_words) {
        return Role::Release;
    }
    let runs = |list: &[String]| list.iter().any(|run| command.contains(run.as_str()));
    if named(&rules.cron_words) || runs(&rules.cron_commands) {
        return Role::Job(ServiceKind::Cron);
    }
    if named(&rules.worker_words) || runs(&rules.worker_commands) {
        return Role::Job(ServiceKind::Worker);
    }
    let serves =
        rules.server_commands.iter().any(|one| command.contains(one.as_str()) || name.contains(one.as_str()));
    if serves { Role::Serve } else { Role::Job(ServiceKind::Worker) }
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
        .or_else(|| found.iter().position(|one| one.service.path == path && one.own_code))
        .or_else(|| only_member(found, component));
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
                if service.kind != ServiceKind::Static && !same && !command.is_empty() {
                    service.commands.start = Some(command.to_owned());
                    service.evidence.insert("commands.start".to_owned(), vec![seen.clone()]);
                    listen_as_said(&mut found[index], command, seen);
                }
            }
            None => found.push(bare(component, ServiceKind::Api, name, command, seen, certainty)),
        },
        Role::Job(kind) => {
            let same = found.iter_mut().find(|one| {
                one.service.path == path
                    && one.service.kind == kind
                    && (one.own_code || one.service.name == name || is_same_job(one, command))
            });
            if let Some(one) = same {
                // The component itself is that worker: its process says how it starts.
                one.service.commands.start = Some(command.to_owned());
                one.service.evidence.insert("commands.start".to_owned(), vec![seen]);
                one.running = Running::Named;
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

/// Whether two files state the same job with other options: its first words are the same.
fn is_same_job(one: &Found<'_>, command: &str) -> bool {
    let essence = |line: &str| {
        let words = line
            .split_whitespace()
            .filter(|word| !matches!(*word, "exec" | "bundle" | "poetry" | "uv" | "run"));
        words.take(4).map(str::to_owned).collect::<Vec<_>>()
    };
    let known = one.service.commands.start.as_deref().map(essence);
    known.is_some_and(|known| known.len() >= 3 && known == essence(command))
}

/// The service that a process of a workspace's root is, where only one member serves.
fn only_member(found: &[Found<'_>], component: &Component<'_>) -> Option<usize> {
    let mut serving = found.iter().enumerate().filter(|(_, one)| {
        let kind = one.service.kind;
        component.folder.is_empty() && kind.serves_http() && kind != ServiceKind::Static
    });
    let (first, _) = serving.next()?;
    serving.next().is_none().then_some(first)
}

/// Takes the port that a stated start line gives, where nothing as certain gives another.
fn listen_as_said(found: &mut Found<'_>, command: &str, seen: Evidence) {
    let known = found.port.as_ref();
    let sure = known.is_some_and(|fact| fact.certainty == Certainty::High);
    let Some(port) = port_in_command(command).filter(|_| !sure) else { return };
    if known.is_none_or(|fact| fact.value != port) {
        let runner_up = known.map(|fact| fact.value);
        found.service.port = Some(port);
        found.service.evidence.insert("port".to_owned(), vec![seen.clone()]);
        found.port =
            Some(Fact { value: port, certainty: Certainty::Medium, evidence: vec![seen], runner_up });
        found.conflicts.retain(|conflict| conflict.field != "port");
    }
}

/// A server of a component beside its main one: same code, its own command.
fn server_beside<'s>(
    main: Option<&Found<'s>>,
    component: &Component<'_>,
    name: &str,
    command: &str,
    seen: Evidence,
) -> Found<'s> {
    match main {
        Some(main) => process_of(main, ServiceKind::Api, name, command, seen, Certainty::Medium),
        None => bare(component, ServiceKind::Api, name, command, seen, Certainty::Medium),
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
    process.running = Running::Named;
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
    let service = siteplan_model::survey::Service {
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
        build_context: None,
        static_output: None,
        schedule: None,
        own_clock: false,
        ends: false,
        image: None,
        code: siteplan_model::survey::CodeFacts::default(),
        evidence: [("kind".to_owned(), vec![seen.clone()]), ("commands.start".to_owned(), vec![seen])].into(),
    };
    Found::bare(service, certainty)
}
