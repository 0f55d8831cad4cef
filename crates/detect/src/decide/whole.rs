//! The root's manifest, a workspace's task runner, the services → the commands of the repository as a whole.
//!
//! One application is built and started by its own lines. Of several, the root's scripts are what its people type; where the root has
//! none, there is no one line that starts them all.

use std::collections::BTreeSet;

use siteplan_catalog::signals::{Ecosystem, Signals, TaskRunner};
use siteplan_model::survey::{Service, ServiceKind};

use super::package_managers;
use super::services::Found;
use crate::commands::{self, Context, Field, Planned};
use crate::component::Component;
use crate::evidence::maybe_at;
use crate::readers::Record;
use crate::readers::structured::{at_path, scalar};
use crate::tree::Tree;

/// The commands of the whole.
pub(crate) fn commands(
    found: &[Found<'_>],
    components: &[Component<'_>],
    tree: &Tree,
    signals: &Signals,
) -> Planned {
    let main = found.iter().find(|one| one.service.kind.serves_http()).or_else(|| found.first());
    let of_main = main.map(|one| of_service(&one.service)).unwrap_or_default();
    let documentation = |one: &Found<'_>| one.is_documentation() && one.service.kind == ServiceKind::Static;
    let own = found.iter().filter(|one| one.own_code && !documentation(one));
    let places: BTreeSet<&str> = own.map(|one| one.service.path.as_str()).collect();
    let Some(root) = components.iter().find(|one| one.folder.is_empty()) else { return of_main };
    if places.is_empty()
        || places.contains(".")
        || !(root.manifest(Ecosystem::Npm).is_some() || installs(tree, signals))
    {
        return of_main;
    }
    let mut whole = of_root(root, components, tree, signals);
    let speaks = [&whole.commands.build, &whole.commands.test, &whole.commands.start];
    let several = places.len() > 1;
    if several && speaks.iter().all(|line| line.is_none()) && !commands::is_workspace(root) {
        return of_main;
    }
    if several {
        of_default(&mut whole, found, tree, signals);
    } else {
        fill(&mut whole, &of_main);
    }
    if whole.commands.migrate.is_none() {
        whole.commands.migrate.clone_from(&of_main.commands.migrate);
        let seen = of_main.evidence.get("commands.migrate");
        whole.evidence.extend(seen.map(|seen| ("commands.migrate".to_owned(), seen.clone())));
    }
    whole
}

/// Whether a tool installs the whole repository.
fn installs(tree: &Tree, signals: &Signals) -> bool {
    let runners = signals.task_runners.iter().filter(|row| row.install.is_some());
    runners.flat_map(|row| &row.files).any(|path| tree.has(path))
}

fn of_service(service: &Service) -> Planned {
    let of_commands = service.evidence.iter().filter(|(field, _)| field.starts_with("commands."));
    Planned {
        commands: service.commands.clone(),
        evidence: of_commands.map(|(field, seen)| (field.clone(), seen.clone())).collect(),
        conflicts: Vec::new(),
    }
}

/// Takes what is still open from the only service.
fn fill(whole: &mut Planned, from: &Planned) {
    let lines = [
        (Field::Install, &from.commands.install, "commands.install"),
        (Field::Build, &from.commands.build, "commands.build"),
        (Field::Test, &from.commands.test, "commands.test"),
        (Field::Start, &from.commands.start, "commands.start"),
        (Field::Lint, &from.commands.lint, "commands.lint"),
    ];
    for (field, line, name) in lines {
        let seen = from.evidence.get(name).and_then(|seen| seen.first());
        if let (Some(line), Some(seen)) = (line, seen) {
            whole.set(field, line.clone(), seen.clone());
        }
    }
}

/// What the root's own scripts and its task runner say.
fn of_root(root: &Component<'_>, components: &[Component<'_>], tree: &Tree, signals: &Signals) -> Planned {
    let manager = package_managers::of(root, components, Ecosystem::Npm, tree, signals);
    let context = Context {
        component: root,
        components,
        tree,
        signals,
        manager: manager.as_ref(),
        shape: None,
        kind: ServiceKind::Web,
        dockerfile: None,
        program: None,
        target: None,
        port: None,
    };
    let mut planned = commands::of_root(&context);
    let runners = signals.task_runners.iter();
    let used = runners.filter_map(|row| Some((row, row.files.iter().find(|path| tree.has(path))?)));
    for (runner, path) in used {
        for (field, task) in
            [(Field::Build, "build"), (Field::Test, "test"), (Field::Start, "start"), (Field::Lint, "lint")]
        {
            let known = knows(runner, path, task, tree, components);
            let line = runner.run.replace("{script}", task);
            let line = match &manager {
                Some(manager) if runner.installed => manager.exec(&line),
                _ => line,
            };
            if known {
                planned.set(field, line, maybe_at(path, None, &format!("task {task}")));
            }
        }
    }
    planned
}

/// Whether a task runner has a task: named in its file or, where it names none, a script of a member. What starts one member does
/// not start all, so that only a named task starts.
fn knows(runner: &TaskRunner, path: &str, task: &str, tree: &Tree, components: &[Component<'_>]) -> bool {
    if !runner.tasks.is_empty() {
        return runner.tasks.iter().any(|one| one == task);
    }
    if runner.task_keys.is_empty() {
        return task != "start"
            && components.iter().filter(|one| !one.aside && !one.folder.is_empty()).any(|one| {
                let manifest = one.manifest(Ecosystem::Npm);
                manifest.is_some_and(|(_, manifest)| manifest.scripts.contains_key(task))
            });
    }
    let Some(Record::Document(document)) = tree.record(path) else { return false };
    runner.task_keys.iter().flat_map(|key| at_path(document, key)).any(|tasks| tasks.get(task).is_some())
}

/// Takes the start from the project that the task runner means when none is named.
fn of_default(whole: &mut Planned, found: &[Found<'_>], tree: &Tree, signals: &Signals) {
    for runner in &signals.task_runners {
        for path in &runner.files {
            let Some(Record::Document(document)) = tree.record(path) else { continue };
            let named = runner.default_keys.iter().flat_map(|key| at_path(document, key)).find_map(scalar);
            let meant = found.iter().find(|one| named.as_ref() == Some(&one.service.name));
            let Some(service) = meant.map(|one| &one.service) else { continue };
            if let Some(line) = &service.commands.start {
                whole.set(
                    Field::Start,
                    line.clone(),
                    maybe_at(path, None, &format!("default {}", service.name)),
                );
            }
        }
    }
}
