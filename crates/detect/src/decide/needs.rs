//! Dependencies, code and files → what the application asks of a platform beyond serving requests.

use siteplan_catalog::signals::{Need, Signals};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::{DatabaseFact, Needs, Service, ServiceKind};

use super::containers::compose_files;
use crate::component::{Component, dependency_evidence};
use crate::evidence::maybe_at;
use crate::tree::Tree;

/// The needs of all components that are part of the application.
pub(crate) fn of(
    components: &[Component<'_>],
    services: &[Service],
    databases: &[DatabaseFact],
    tree: &Tree,
    signals: &Signals,
) -> Needs {
    let gather = |need: Need| -> Vec<Evidence> {
        components.iter().filter(|one| !one.aside).flat_map(|one| one.needs(need, signals)).collect()
    };
    let mut workers = gather(Need::Workers);
    let mut cron = gather(Need::Cron);
    for service in services {
        let evidence = service.evidence.get("kind").cloned().unwrap_or_default();
        match service.kind {
            ServiceKind::Worker => workers.splice(0..0, evidence).for_each(drop),
            ServiceKind::Cron => cron.splice(0..0, evidence).for_each(drop),
            _ => {}
        }
    }
    cron.extend(platform_crons(tree, signals));
    let mut file_storage = gather(Need::FileStorage);
    // A database in a file is itself a file that must last.
    let in_file = databases.iter().filter(|fact| {
        let row = signals.databases.iter().find(|row| row.id == fact.fact.value);
        !fact.optional && row.is_some_and(|row| row.embedded && !row.transient)
    });
    file_storage.extend(in_file.flat_map(|fact| fact.fact.evidence.clone()));
    let mut gpu = gather(Need::Gpu);
    for (path, compose, _) in compose_files(tree) {
        let wanting = compose.services.iter().filter_map(|service| Some((service, service.wants_gpu?)));
        gpu.extend(wanting.map(|(service, line)| {
            maybe_at(path, Some(line), &format!("{} reserves a device", service.name))
        }));
    }
    // Only code that computes on a GPU speaks for one; that a library could is not enough.
    Needs {
        websockets: flag(gather(Need::Websockets)),
        workers: flag(workers),
        cron: flag(cron),
        long_requests: flag(gather(Need::LongRequests)),
        file_storage: flag(file_storage),
        gpu: flag(gpu),
        memory: memory(components, signals),
    }
}

/// A need with its evidence; what nothing speaks for is not needed, as far as the tree tells.
fn flag(mut evidence: Vec<Evidence>) -> Fact<bool> {
    evidence.dedup();
    evidence.truncate(5);
    let needed = !evidence.is_empty();
    let certainty = if needed { Certainty::High } else { Certainty::Medium };
    Fact::new(needed, certainty, evidence)
}

/// Schedules in platform files and manifests: Vercel's `crons`, Render's `type: cron`, Kubernetes' CronJob.
fn platform_crons(tree: &Tree, signals: &Signals) -> Vec<Evidence> {
    let stated = super::schedules::stated(tree, signals).into_iter();
    stated
        .map(|(path, job)| {
            let what = job.name.or(job.command).unwrap_or_else(|| "scheduled job".to_owned());
            maybe_at(path, job.line, &format!("{what} at {}", job.expression))
        })
        .collect()
}

fn memory(components: &[Component<'_>], signals: &Signals) -> Fact<Option<u32>> {
    let mut most: Option<(u32, Evidence)> = None;
    for row in signals.needs.iter().filter(|row| row.need == Need::Memory) {
        let Some(megabytes) = row.megabytes else { continue };
        for component in components.iter().filter(|one| !one.aside) {
            for (path, dependency) in component.production_dependencies(&row.packages) {
                if most.as_ref().is_none_or(|(known, _)| *known < megabytes) {
                    most = Some((megabytes, dependency_evidence(path, dependency)));
                }
            }
        }
    }
    match most {
        Some((megabytes, evidence)) => Fact::new(Some(megabytes), Certainty::Medium, vec![evidence]),
        None => Fact::new(None, Certainty::Low, Vec::new()),
    }
}
