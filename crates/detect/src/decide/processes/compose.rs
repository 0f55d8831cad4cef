//! Compose services that are built from the repository → further processes of a component, or components without manifest.

use siteplan_catalog::signals::Signals;
use siteplan_model::fact::Certainty;
use siteplan_model::survey::ServiceKind;

use super::{Role, bare, role, server_beside, take};
use crate::commands::{is_development_server, is_workspace, names_missing_file, without_migrations};
use crate::component::Component;
use crate::decide::containers::{self, built_from, compose_files, is_backing};
use crate::decide::services::Found;
use crate::evidence::maybe_at;
use crate::readers::Record;
use crate::readers::compose::{Compose, ComposeService};
use crate::readers::dockerfile::Dockerfile;
use crate::tree::{Tree, folder, name, relative};

/// Adds them.
pub(super) fn from_compose(
    found: &mut Vec<Found<'_>>,
    components: &[Component<'_>],
    tree: &Tree,
    signals: &Signals,
) {
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
                Role::Job(kind) if known && says_start(found, component, kind, &command, tree, signals) => {
                    take(found, component, role, &service.name, &command, seen, Certainty::High);
                }
                Role::Serve
                    if known && says_start(found, component, ServiceKind::Web, &command, tree, signals) =>
                {
                    take(found, component, role, &service.name, &command, seen, Certainty::High);
                }
                Role::Job(kind) if known => {
                    let already = found
                        .iter()
                        .any(|one| one.service.path == component.shown() && one.service.kind == kind);
                    if !already && !command.is_empty() && has_other_command(found, component, &command) {
                        take(found, component, role, &service.name, &command, seen, Certainty::High);
                    }
                }
                Role::Serve if known => {
                    if let Some(line) = second_server(path, compose, service, found, component, tree) {
                        let seen = maybe_at(path, service.command_line.or(service.line), &line);
                        let main = found.iter().find(|one| one.service.path == component.shown());
                        let mut beside = server_beside(main, component, &service.name, &line, seen);
                        beside.service.port = service.ports.first().copied();
                        found.push(beside);
                    }
                }
                _ if known => {}
                _ if adopt(found, build.as_ref().map(|(one, _, _)| *one), tree) => {}
                _ if built_for_member(found, component, &service.name, &dockerfile) => {}
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

/// Whether a compose service's command says how a component's own service of that kind starts, where only convention did.
fn says_start(
    found: &[Found<'_>],
    component: &Component<'_>,
    kind: ServiceKind,
    command: &str,
    tree: &Tree,
    signals: &Signals,
) -> bool {
    let usable = !command.is_empty()
        && !is_development_server(&signals.files, command)
        && names_missing_file(tree, &component.folder, command).is_none()
        && !command.starts_with('/');
    let own = found.iter().find(|one| {
        one.service.path == component.shown()
            && one.own_code
            && (one.service.kind == kind
                || kind.serves_http()
                    && one.service.kind.serves_http()
                    && one.service.kind != ServiceKind::Static)
    });
    let by_convention = own.is_some_and(|one| {
        let seen = one.service.evidence.get("commands.start").and_then(|seen| seen.first());
        !seen.is_some_and(|seen| {
            matches!(
                tree.record(&seen.path),
                Some(Record::Procfile(_) | Record::Dockerfile(_) | Record::Compose(_) | Record::Document(_))
            )
        })
    });
    usable && by_convention
}

/// Whether what a workspace's root builds is one of its members, which then is built by that container build.
fn built_for_member(
    found: &mut [Found<'_>],
    component: &Component<'_>,
    service: &str,
    dockerfile: &str,
) -> bool {
    if !component.folder.is_empty() || !is_workspace(component) {
        return false;
    }
    let members: Vec<usize> = (0..found.len())
        .filter(|at| found[*at].own_code && !found[*at].is_documentation() && found[*at].service.path != ".")
        .collect();
    let named = |at: &&usize| {
        let one = &found[**at].service;
        one.name == service || crate::tree::name(&one.path) == service
    };
    let servers: Vec<usize> = members
        .iter()
        .copied()
        .filter(|at| matches!(found[*at].service.kind, ServiceKind::Web | ServiceKind::Api))
        .collect();
    let only = |list: &[usize]| if let [one] = list { Some(*one) } else { None };
    let meant = members.iter().find(named).copied().or_else(|| only(&members)).or_else(|| only(&servers));
    if let Some(at) = meant {
        found[at].service.dockerfile.get_or_insert_with(|| dockerfile.to_owned());
    }
    // What builds several members at once is none of its own.
    !members.is_empty()
}

/// A container that starts the program of a known service is that service, wherever its build file lies.
fn adopt(found: &mut [Found<'_>], path: Option<&str>, tree: &Tree) -> bool {
    let Some((path, start)) = path.and_then(|path| Some((path, container_start(Some(path), tree)?))) else {
        return false;
    };
    let program = |line: &str| line.split_whitespace().next().map(|word| name(word).to_owned());
    let wanted = program(&start);
    let same = found.iter_mut().find(|one| one.service.commands.start.as_deref().and_then(program) == wanted);
    let Some(one) = same.filter(|_| wanted.is_some()) else { return false };
    one.service.dockerfile.get_or_insert_with(|| path.to_owned());
    true
}

/// What starts a compose service that serves beside another of the same component: a command or a build of its own, and ports.
fn second_server(
    path: &str,
    compose: &Compose,
    service: &ComposeService,
    found: &[Found<'_>],
    component: &Component<'_>,
    tree: &Tree,
) -> Option<String> {
    let home = |one: &ComposeService| built_from(path, one).map(|(context, _)| context);
    let first = compose.services.iter().find(|one| home(one) == home(service) && !one.ports.is_empty())?;
    let start = |one: &ComposeService| {
        let build = built_from(path, one).map(|(_, build)| build);
        one.command.clone().or_else(|| container_start(build.as_deref(), tree))
    };
    let line = start(service)?;
    let known = found.iter().any(|one| {
        one.service.path == component.shown() && one.service.commands.start.as_deref() == Some(line.as_str())
    });
    let beside =
        first.name != service.name && !service.ports.is_empty() && start(first).as_deref() != Some(&line);
    (beside && !known).then_some(line)
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
    let owner = components.iter().find(|one| one.build == Some(dockerfile));
    let by_build = components.iter().find(|one| !one.folder.is_empty() && one.folder == folder(dockerfile));
    owner.or(by_build).or_else(|| components.iter().find(|one| one.folder == context)).or_else(|| {
        components
            .iter()
            .filter(|one| relative(context, &one.folder).is_some())
            .max_by_key(|one| one.folder.len())
    })
}
