//! Job libraries and worker scripts → processes of their own, where nothing named one.

use siteplan_catalog::signals::{Need, Signals};
use siteplan_model::fact::Certainty;
use siteplan_model::survey::ServiceKind;

use super::{Role, take};
use crate::commands::{is_development_server, module_of};
use crate::component::{Component, dependency_evidence};
use crate::decide::services::Found;
use crate::evidence::{at, maybe_at};
use crate::tree::relative;

/// Job libraries that need a process of their own, where nothing named one.
pub(super) fn from_libraries(found: &mut Vec<Found<'_>>, component: &Component<'_>, signals: &Signals) {
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
        let mut command = command;
        if command.contains("manage.py") {
            let manage = component.files.iter().find(|path| crate::tree::name(path) == "manage.py");
            let Some(below) = manage.and_then(|path| relative(path, &component.folder)) else { continue };
            command = command.replace("manage.py", below);
        }
        let script = command.split_whitespace().next().unwrap_or_default();
        if script.starts_with("bin/") && !component.has(script) {
            continue;
        }
        take(found, component, Role::Job(kind), name, &command, seen.clone(), Certainty::Medium);
        if let (Some(expression), Some(new)) =
            (&row.schedule, found.last_mut().filter(|new| new.service.kind == kind))
        {
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
pub(super) fn from_scripts(found: &mut Vec<Found<'_>>, component: &Component<'_>, signals: &Signals) {
    let path = component.shown();
    let has_worker =
        found.iter().any(|one| one.service.path == path && one.service.kind == ServiceKind::Worker);
    let main = found.iter().find(|one| one.service.path == path && one.service.kind.serves_http());
    let Some(run) = main.and_then(|one| one.manager.clone()).filter(|_| !has_worker) else { return };
    if component.needs(Need::Workers, signals).is_empty() || component.has("Procfile") {
        return;
    }
    let names = &signals.files.worker_scripts;
    let script = component.manifests.iter().find_map(|(manifest, content)| {
        names.iter().find_map(|name| {
            let script = content.scripts.get(name)?;
            (!is_development_server(&signals.files, &script.text))
                .then(|| (*manifest, name.as_str(), script.clone()))
        })
    });
    if let Some((manifest, script_name, script)) = script {
        let seen = maybe_at(manifest, script.line, &script.text);
        let line = run.run(script_name);
        take(found, component, Role::Job(ServiceKind::Worker), "worker", &line, seen, Certainty::High);
    }
}
