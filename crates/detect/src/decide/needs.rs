//! Dependencies, code and files → what the application asks of a platform beyond serving requests.

use siteplan_catalog::signals::{Need, Signals};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::{DatabaseFact, Needs, Service, ServiceKind};

use super::containers::{self, Purpose, compose_files, is_application};
use crate::component::{Component, dependency_evidence};
use crate::evidence::{at, maybe_at};
use crate::readers::Record;
use crate::readers::memory::{heap, size};
use crate::readers::structured::{at_path, scalar};
use crate::tree::{Tree, is_aside, is_for_development};

/// No more places are kept for one need.
const MOST_EVIDENCE: usize = 5;
/// What an instance has anyway on the usual small plan, in MB.
const USUAL_MEGABYTES: u32 = 512;

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
            ServiceKind::Worker if !service.ends => workers.splice(0..0, evidence).for_each(drop),
            ServiceKind::Cron => cron.splice(0..0, evidence).for_each(drop),
            _ => {}
        }
    }
    cron.extend(platform_crons(tree, signals));
    // What only begins again by itself is likely a schedule; a library of schedules is one.
    let ticking = super::clocks::in_servers(components, services, signals);
    let likely = cron.is_empty() && !ticking.is_empty();
    cron.extend(ticking);
    let cron = flag(cron);
    let cron = if likely { Fact { certainty: Certainty::Medium, ..cron } } else { cron };
    let (mut file_storage, elsewhere) = file_storage(components, signals);
    // A database in a file is itself a file that must last.
    let in_file = databases.iter().filter(|fact| {
        let row = signals.databases.iter().find(|row| row.id == fact.fact.value);
        !fact.optional && row.is_some_and(|row| row.embedded && !row.transient)
    });
    file_storage.extend(in_file.flat_map(|fact| fact.fact.evidence.clone()));
    file_storage.extend(volumes(tree, signals));
    let object_storage = flag(elsewhere);
    // An image, a manifest, a reserved device say that it runs on a GPU; a package or a line of code only that it can.
    let (mut gpu, able) = gpu_signs(components, signals);
    for (path, compose, _) in compose_files(tree) {
        let wanting = compose.services.iter().filter_map(|service| Some((service, service.wants_gpu?)));
        gpu.extend(wanting.map(|(service, line)| {
            maybe_at(path, Some(line), &format!("{} reserves a device", service.name))
        }));
    }
    let certainty = if gpu.is_empty() { Certainty::Medium } else { Certainty::High };
    gpu.extend(able);
    // Only code that computes on a GPU speaks for one; that a library could is not enough.
    Needs {
        websockets: flag(gather(Need::Websockets)),
        workers: flag(workers),
        cron,
        long_requests: flag(gather(Need::LongRequests)),
        file_storage: kept(file_storage, &object_storage),
        object_storage,
        gpu: Fact { certainty, ..flag(gpu) },
        clustering: clustering(components, signals),
        memory: memory(components, services, tree, signals),
    }
}

/// A need with its evidence; what nothing speaks for is not needed, as far as the tree tells.
fn flag(mut evidence: Vec<Evidence>) -> Fact<bool> {
    evidence.dedup();
    evidence.truncate(MOST_EVIDENCE);
    let needed = !evidence.is_empty();
    let certainty = if needed { Certainty::High } else { Certainty::Medium };
    Fact::new(needed, certainty, evidence)
}

/// Signs of files that must last: on a disk of the application's own, and in somebody else's store.
fn file_storage(components: &[Component<'_>], signals: &Signals) -> (Vec<Evidence>, Vec<Evidence>) {
    let (mut own, mut elsewhere) = (Vec::new(), Vec::new());
    for row in signals.needs.iter().filter(|row| row.need == Need::FileStorage) {
        let into = if row.elsewhere { &mut elsewhere } else { &mut own };
        into.extend(components.iter().filter(|one| !one.aside).flat_map(|one| one.signs(row)));
    }
    (own, elsewhere)
}

/// Signs of a GPU: in files that say where it runs, and in dependencies and code.
fn gpu_signs(components: &[Component<'_>], signals: &Signals) -> (Vec<Evidence>, Vec<Evidence>) {
    let (mut declared, mut able) = (Vec::new(), Vec::new());
    for row in signals.needs.iter().filter(|row| row.need == Need::Gpu) {
        let into = if row.files.is_empty() { &mut able } else { &mut declared };
        into.extend(components.iter().filter(|one| !one.aside).flat_map(|one| one.signs(row)));
    }
    (declared, able)
}

/// Instances that find each other. A library that a new project brings, and sockets that nothing shares between instances, are
/// a hint: seen, but no need.
fn clustering(components: &[Component<'_>], signals: &Signals) -> Fact<bool> {
    let (mut used, mut hints) = (Vec::new(), Vec::new());
    for row in signals.needs.iter().filter(|row| row.need == Need::Clustering) {
        let into = if row.hint { &mut hints } else { &mut used };
        let own = components.iter().filter(|one| !one.aside);
        let shared_elsewhere =
            |one: &&Component<'_>| one.production_dependencies(&row.unless).next().is_some();
        into.extend(own.filter(|one| !shared_elsewhere(one)).flat_map(|one| one.signs(row)));
    }
    if used.is_empty() && !hints.is_empty() {
        return Fact { value: false, certainty: Certainty::Low, runner_up: Some(true), ..flag(hints) };
    }
    // That instances talk to each other is in the code; that several run is not.
    let fact = flag(used);
    Fact { certainty: Certainty::Medium, ..fact }
}

/// Files that last, wherever they are kept.
fn kept(own: Vec<Evidence>, elsewhere: &Fact<bool>) -> Fact<bool> {
    let mut fact = flag(own);
    if elsewhere.value {
        fact.evidence.truncate(MOST_EVIDENCE - 1);
        // That an object store's client is there does not say that files are written.
        fact.certainty = if fact.value { fact.certainty } else { Certainty::Medium };
        fact.value = true;
        fact.evidence.extend(elsewhere.evidence.first().cloned());
    }
    fact
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

/// Folders that containers of the application keep: volumes of the shipped image, named mounts of a compose file for production.
fn volumes(tree: &Tree, signals: &Signals) -> Vec<Evidence> {
    let lasts = |folder: &str| {
        folder
            .to_ascii_lowercase()
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| signals.files.storage_words.iter().any(|storage| storage == word))
    };
    let mut found = Vec::new();
    for (path, dockerfile, purpose) in containers::builds(tree) {
        if purpose == Purpose::Production {
            let kept = dockerfile.shipped().into_iter().flat_map(|stage| &stage.volumes);
            found.extend(kept.map(|said| at(path, said.line, &format!("VOLUME {}", said.value))));
        }
    }
    for (path, compose, development) in compose_files(tree) {
        if development {
            continue;
        }
        for service in compose.services.iter().filter(|service| is_application(service, signals)) {
            // The sources themselves and single files are mounted for other reasons.
            let kept = service.volumes.iter().find(|(source, target)| {
                let code = matches!(source.as_str(), "." | "./" | "./src" | "./app");
                let file = crate::tree::name(target).contains('.');
                !code && !file && !target.contains("node_modules") && lasts(target)
            });
            found.extend(kept.map(|(_, target)| {
                maybe_at(path, service.line, &format!("{} keeps {target}", service.name))
            }));
        }
    }
    found
}

/// The memory of one instance: as limits and heaps say, else as much as a library is known to take.
fn memory(
    components: &[Component<'_>],
    services: &[Service],
    tree: &Tree,
    signals: &Signals,
) -> Fact<Option<u32>> {
    let stated = stated_memory(services, tree, signals).into_iter().max_by_key(|(megabytes, _)| *megabytes);
    if let Some((megabytes, seen)) = stated.filter(|(megabytes, _)| *megabytes > USUAL_MEGABYTES) {
        return Fact::new(Some(megabytes), Certainty::High, vec![seen]);
    }
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

/// A heap in the line that evidence shows.
fn heap_of(seen: &Evidence) -> Option<(u32, Evidence)> {
    Some((heap(&seen.seen)?, seen.clone()))
}

/// Limits of containers, sizes of machines, heaps of what runs in production; those of a build are only the build's.
fn stated_memory(services: &[Service], tree: &Tree, signals: &Signals) -> Vec<(u32, Evidence)> {
    let mut found = Vec::new();
    for service in services {
        let seen = service.evidence.get("commands.start").and_then(|seen| seen.first());
        let heap = service.commands.start.as_deref().and_then(heap).zip(seen.cloned());
        found.extend(heap);
        // The script behind `npm start` is what the evidence shows.
        found.extend(seen.and_then(heap_of));
    }
    for (path, dockerfile, purpose) in containers::builds(tree) {
        if purpose != Purpose::Production {
            continue;
        }
        for stage in dockerfile.shipped() {
            let said =
                stage.command.iter().chain(&stage.entrypoint).map(|said| (said.value.clone(), said.line));
            let set = stage.environment.iter().map(|said| (said.value.1.clone(), said.line));
            found.extend(
                said.chain(set).filter_map(|(text, line)| Some((heap(&text)?, at(path, line, &text)))),
            );
        }
    }
    for (path, compose, development) in compose_files(tree) {
        let own = compose.services.iter().filter(|one| !development && is_application(one, signals));
        for service in own {
            found.extend(service.memory.map(|(megabytes, line)| {
                (megabytes, maybe_at(path, line, &format!("{} may use {megabytes} MB", service.name)))
            }));
            let set =
                service.environment.iter().filter_map(|(_, value, line)| Some((value.as_deref()?, *line)));
            let run = service.command.as_deref().map(|command| (command, service.command_line));
            found.extend(
                set.chain(run).filter_map(|(text, line)| Some((heap(text)?, maybe_at(path, line, text)))),
            );
        }
    }
    for (path, workloads) in tree.workloads() {
        if !is_aside(&signals.files, path) && !is_for_development(&signals.files, path) {
            found.extend(workloads.memory.iter().map(|one| (one.megabytes, at(path, one.line, &one.seen))));
        }
    }
    for row in signals.platforms.iter().filter(|row| !row.memory_keys.is_empty()) {
        for path in tree.matching(&row.files) {
            let Some(Record::Document(document)) = tree.record(path) else { continue };
            for key in &row.memory_keys {
                let values = at_path(document, key).into_iter().filter_map(scalar);
                // A bare number counts megabytes in all of them but where the key itself says gigabytes.
                found.extend(values.filter_map(|value| {
                    let bare = value.chars().all(|c| c.is_ascii_digit() || c == '.');
                    let unit = if key.ends_with("_gb") { "g" } else { "m" };
                    let megabytes = size(&if bare { format!("{value}{unit}") } else { value.clone() })?;
                    Some((megabytes, maybe_at(path, None, &format!("{key} = {value}"))))
                }));
            }
        }
    }
    found
}
