//! Services that are no deployment of their own → taken into the one that they belong to, or left out.

use siteplan_catalog::signals::{Need, Shows, Signals};
use siteplan_model::fact::Certainty;
use siteplan_model::survey::ServiceKind;

use super::containers::{brings, composed};
use super::services::Found;
use crate::commands::is_workspace;
use crate::component::Component;
use crate::evidence::file;
use crate::readers::Record;
use crate::tree::{Tree, folder, has_word, name};

/// Settles what is a deployment of its own.
pub(super) fn settle(
    found: &mut Vec<Found<'_>>,
    components: &[Component<'_>],
    tree: &Tree,
    signals: &Signals,
) {
    let composed: Vec<String> = composed(tree).map(|(context, _)| context).collect();
    give_root_build(found, components, signals);
    drop_stray(found, &composed, signals);
    drop_libraries(found, components, &composed, tree, signals);
    drop_installed(found, components, signals);
    name_consumers(found, components, signals);
    take_in_pages(found, components, &composed, tree, signals);
}

/// A container build at the root that names no member makes the only server that there is; the root itself is then no
/// service, where it holds nothing but scripts.
fn give_root_build(found: &mut Vec<Found<'_>>, components: &[Component<'_>], signals: &Signals) {
    let Some(root) = components.iter().find(|one| one.folder.is_empty()) else { return };
    let Some(build) = root.build else { return };
    let tools = &signals.files.tool_folders;
    let scripts = root
        .sources
        .iter()
        .all(|(path, _)| path.split('/').any(|part| tools.iter().any(|tool| tool == part)));
    let holds_nothing = root.manifests.is_empty() && scripts;
    let of_root = |one: &Found<'_>| one.service.path == ".";
    if found.iter().any(|one| of_root(one) && (!holds_nothing || one.service.framework.is_some())) {
        return;
    }
    let answers = |one: &&mut Found<'_>| {
        !of_root(one) && matches!(one.service.kind, ServiceKind::Web | ServiceKind::Api)
    };
    let mut servers = found.iter_mut().filter(answers);
    if let (Some(only), None) = (servers.next(), servers.next()) {
        only.service.dockerfile.get_or_insert_with(|| build.to_owned());
        found.retain(|one| !of_root(one));
    }
}

/// Programs that nothing deploys, in a corner of a repository that serves, are tools of it.
fn drop_stray(found: &mut Vec<Found<'_>>, composed: &[String], signals: &Signals) {
    let serves = |one: &Found<'_>| one.service.kind.serves_http() && one.service.kind != ServiceKind::Static;
    // Beside a server of its own, a program must be surer than beside one at the root.
    let doubtful =
        match (found.iter().any(|one| serves(one) && one.service.path == "."), found.iter().any(serves)) {
            (true, _) => Certainty::Medium,
            (false, true) => Certainty::Low,
            (false, false) => return,
        };
    found.retain(|one| {
        let stray = one.own_code
            && one.service.framework.is_none()
            && one.service.kind == ServiceKind::Worker
            && one.service.path != "."
            && one.certainty <= doubtful
            && (doubtful > Certainty::Low || !is_called_a_worker(&one.service.path, signals))
            && !composed.contains(&one.service.path);
        !stray
    });
}

/// In a workspace that keeps its applications in a folder of their own, what lies among the packages serves the applications.
fn drop_libraries(
    found: &mut Vec<Found<'_>>,
    components: &[Component<'_>],
    composed: &[String],
    tree: &Tree,
    signals: &Signals,
) {
    let rules = &signals.files;
    let first = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
    let among = |path: &str, folders: &[String]| path.contains('/') && folders.contains(&first(path));
    let workspace = components.iter().any(|one| one.folder.is_empty() && is_workspace(one));
    let applications = found
        .iter()
        .any(|one| one.service.kind.serves_http() && among(&one.service.path, &rules.application_folders));
    if !workspace || !applications {
        return;
    }
    found.retain(|one| {
        !among(&one.service.path, &rules.library_folders)
            || is_deployed_alone(&one.service.path, components, composed, tree, signals)
    });
}

/// What people install on a device of theirs is deployed to no platform.
fn drop_installed(found: &mut Vec<Found<'_>>, components: &[Component<'_>], signals: &Signals) {
    let rules = &signals.files;
    let for_device = |one: &&Component<'_>| {
        one.matching(&rules.device_files).next().is_some()
            || one.manifests.iter().any(|(_, manifest)| {
                let names = manifest.dependencies.iter().map(|one| one.name.as_str());
                names.into_iter().any(|name| rules.device_packages.iter().any(|package| package == name))
            })
    };
    let of_devices: Vec<&str> = components.iter().filter(for_device).map(|one| one.folder.as_str()).collect();
    let installed = |path: &str| {
        let own = path.trim_start_matches('.');
        of_devices.iter().any(|one| *one == own || (!own.is_empty() && folder(one) == own))
    };
    let others = found.iter().filter(|one| !installed(&one.service.path)).count();
    if others > 0 {
        found.retain(|one| !installed(&one.service.path) || one.service.dockerfile.is_some());
    }
}

/// A member that is called a worker and takes jobs from a queue is one, even if it answers its health check over HTTP.
fn name_consumers(found: &mut [Found<'_>], components: &[Component<'_>], signals: &Signals) {
    for one in found.iter_mut().filter(|one| one.service.kind == ServiceKind::Api && one.service.path != ".")
    {
        if !is_called_a_worker(&one.service.path, signals) {
            continue;
        }
        let component = components.iter().find(|component| component.folder == one.service.path);
        let takes =
            component.and_then(|component| component.needs(Need::Workers, signals).into_iter().next());
        if let Some(seen) = takes {
            one.service.kind = ServiceKind::Worker;
            one.service.evidence.entry("kind".to_owned()).or_default().insert(0, seen);
        }
    }
}

/// Whether the last part of a path is a word for what works in the background.
fn is_called_a_worker(path: &str, signals: &Signals) -> bool {
    has_word(name(path), &signals.files.worker_words)
}

/// Browser code that a server's container build makes and takes along is part of that server.
fn take_in_pages(
    found: &mut Vec<Found<'_>>,
    components: &[Component<'_>],
    composed: &[String],
    tree: &Tree,
    signals: &Signals,
) {
    let alone = |path: &str| is_deployed_alone(path, components, composed, tree, signals);
    let candidates: Vec<usize> = (0..found.len())
        .filter(|index| {
            let service = &found[*index].service;
            service.kind == ServiceKind::Static && service.path != "." && !alone(&service.path)
        })
        .collect();
    let mut taken: Vec<usize> = Vec::new();
    for index in candidates {
        let pages = found[index].service.path.clone();
        let server = found.iter().position(|one| {
            let serves = matches!(one.service.kind, ServiceKind::Web | ServiceKind::Api) && one.own_code;
            let build = one.service.dockerfile.as_deref().and_then(|path| Some((path, tree.record(path)?)));
            let makes = |(path, record): (&str, &Record)| match record {
                Record::Dockerfile(dockerfile) => brings(path, dockerfile, &pages),
                _ => false,
            };
            serves && one.service.path != pages && build.is_some_and(makes)
        });
        let Some(server) = server else { continue };
        let frameworks = found[index].frameworks.clone();
        let one = &mut found[server];
        let seen = file(one.service.dockerfile.as_deref().unwrap_or(&pages), &format!("builds {pages}"));
        one.service.evidence.entry("kind".to_owned()).or_default().push(seen);
        one.service.kind = ServiceKind::Web;
        one.frameworks.extend(frameworks);
        (one.browser_code, one.has_back_end) = (true, true);
        taken.push(index);
    }
    // From the end, so that the places before it stay what they are.
    for index in taken.into_iter().rev() {
        found.remove(index);
    }
}

/// Whether a folder's own files deploy it: a container build, a place in compose, a platform's file, a Procfile.
fn is_deployed_alone(
    path: &str,
    components: &[Component<'_>],
    composed: &[String],
    tree: &Tree,
    signals: &Signals,
) -> bool {
    let own = path.trim_start_matches('.');
    let built = components.iter().any(|one| one.folder == own && one.build.is_some());
    let here = |row: &siteplan_catalog::signals::Marker| {
        let counts = row.shows == Shows::Use && !row.weak;
        counts && tree.matching(&row.files).any(|file| folder(file) == own)
    };
    built
        || composed.iter().any(|context| context == own)
        || tree.has(&crate::tree::join(own, "Procfile"))
        || signals.platforms.iter().any(here)
}
