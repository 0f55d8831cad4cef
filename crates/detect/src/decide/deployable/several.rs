//! Go and Rust folders, which build several programs → those that are deployed: servers and workers, not tools.

use std::collections::BTreeMap;

use siteplan_catalog::signals::{Ecosystem, Need, Signals};
use siteplan_model::fact::{Certainty, Evidence};
use siteplan_model::survey::ServiceKind;

use super::{Program, has_program};
use crate::component::{Component, used_by};
use crate::decide::containers;
use crate::decide::frameworks::Shape;
use crate::decide::services::{has_procfile, renders_pages};
use crate::evidence::at;
use crate::tree::{Tree, folder, name, relative};

/// The rank from which on a framework is one for servers alone.
const LEAST_OF_A_SERVER: u8 = 35;

/// A file that begins a program.
#[derive(Clone, Debug)]
struct Main<'t> {
    path: &'t str,
    line: u32,
    /// The name under which it is built.
    name: String,
    /// What its name or place says of it.
    kind: Option<ServiceKind>,
    /// Whether its own folder opens a port.
    serves: bool,
    /// Bytes of source in its folder.
    bytes: u64,
}

/// The deployed programs of a folder.
pub(super) fn programs(
    component: &Component<'_>,
    shape: Option<&Shape<'_>>,
    components: &[Component<'_>],
    tree: &Tree,
    signals: &Signals,
) -> Vec<Program> {
    let rust = shape.map_or_else(
        || has_program(component, Ecosystem::Crate),
        |shape| shape.main.ecosystem == Some(Ecosystem::Crate),
    );
    let ecosystem = if rust { Ecosystem::Crate } else { Ecosystem::Go };
    let language = if rust { "rust" } else { "go" };
    let listening = listening(component, components, language);
    // A member of a workspace often knows a server framework only by its types; what opens no port is no server.
    let member = rust && !component.folder.is_empty() && components.iter().any(|one| has_members(one));
    // A library with which people write clients as well is no server before something opens a port.
    let library = shape.is_some_and(|shape| shape.main.framework.rank < LEAST_OF_A_SERVER);
    let framed = shape.is_some_and(|shape| shape.kind != ServiceKind::Worker) && !library;
    let http = listening.is_some() || framed && !member;
    let pages = renders_pages(component, signals);
    let served = match shape {
        Some(shape) => shape.kind,
        None if pages.is_some() => ServiceKind::Web,
        None => ServiceKind::Api,
    };
    let mains = mains(component, ecosystem, language, served, signals);
    let real: Vec<&Main<'_>> = mains
        .iter()
        .filter(|main| !is_tool(&main.name, signals) && !in_tool_folder(main.path, signals))
        .collect();
    let docker = containers::of_component(component, tree);
    let deployed_otherwise = docker.is_some() || has_procfile(component, tree);
    let chosen: Vec<(&Main<'_>, ServiceKind)> = match real.as_slice() {
        [] => Vec::new(),
        [main] => {
            let kind = if http {
                main.kind
                    .filter(|kind| *kind != ServiceKind::Web || served == ServiceKind::Web)
                    .unwrap_or(served)
            } else {
                ServiceKind::Worker
            };
            // A program that serves nothing and that nothing deploys is a tool for people's own machines.
            let alone = mains.len() == 1 && component.folder.is_empty();
            let works = !http && !component.needs(Need::Workers, signals).is_empty();
            if http || deployed_otherwise || alone || works { vec![(*main, kind)] } else { Vec::new() }
        }
        _ if !http && !deployed_otherwise => Vec::new(),
        many => {
            let kind = if http { served } else { ServiceKind::Worker };
            let built = docker.and_then(|(_, dockerfile)| built_in(dockerfile, many, component));
            let preferred = built.or_else(|| named_like_the_whole(many, component, ecosystem, signals));
            several(many, preferred, kind)
        }
    };
    let mut evidence: Vec<Evidence> = shape.map(|shape| shape.evidence.clone()).unwrap_or_default();
    evidence.extend(listening);
    evidence.extend(pages);
    let named = chosen.len() > 1;
    chosen
        .into_iter()
        .map(|(main, kind)| {
            let mut seen = vec![at(main.path, main.line, "program")];
            seen.extend(evidence.clone());
            Program {
                kind,
                certainty: if http { Certainty::High } else { Certainty::Low },
                evidence: seen,
                path: Some(main.path.to_owned()),
                target: None,
                name: named.then(|| main.name.clone()),
                ecosystem: Some(ecosystem),
                framed: http || !library,
            }
        })
        .collect()
}

/// Of several programs: those whose name or code says what they are, with the one that the repository builds or is called after
/// as the server; else the largest.
fn several<'m, 't>(
    many: &[&'m Main<'t>],
    preferred: Option<&'m Main<'t>>,
    kind: ServiceKind,
) -> Vec<(&'m Main<'t>, ServiceKind)> {
    let job = |main: &&&'m Main<'t>| matches!(main.kind, Some(ServiceKind::Worker | ServiceKind::Cron));
    let jobs = many.iter().filter(job).filter_map(|main| Some((*main, main.kind?)));
    let others = || many.iter().filter(|main| !job(main)).copied();
    let servers: Vec<&'m Main<'t>> = if let Some(main) = preferred {
        vec![main]
    } else {
        let said: Vec<&'m Main<'t>> = others().filter(|main| main.kind.is_some()).collect();
        let serving: Vec<&'m Main<'t>> = others().filter(|main| main.serves).collect();
        let root = many.iter().filter(|main| !main.path.contains('/')).copied();
        let largest = others().max_by_key(|main| (main.bytes, std::cmp::Reverse(main.path)));
        match (said.is_empty(), serving.is_empty()) {
            (false, _) => said,
            (true, false) => serving,
            _ => root.chain(largest).take(1).collect(),
        }
    };
    let mut chosen: Vec<(&Main<'_>, ServiceKind)> = servers
        .into_iter()
        .map(|main| match main.kind {
            Some(own @ (ServiceKind::Worker | ServiceKind::Cron)) => (main, own),
            _ => (main, kind),
        })
        .collect();
    for (main, kind) in jobs {
        if !chosen.iter().any(|(known, _)| known.path == main.path) {
            chosen.push((main, kind));
        }
    }
    chosen
}

/// All files of a component that begin a program.
fn mains<'t>(
    component: &Component<'t>,
    ecosystem: Ecosystem,
    language: &str,
    served: ServiceKind,
    signals: &Signals,
) -> Vec<Main<'t>> {
    let rust = ecosystem == Ecosystem::Crate;
    let mut by_folder: BTreeMap<&str, (u64, bool)> = BTreeMap::new();
    for (path, source) in &component.sources {
        let sum = by_folder.entry(folder(path)).or_default();
        sum.0 += source.bytes;
        sum.1 |= source.serves.is_some();
    }
    component
        .sources
        .iter()
        .filter(|(path, source)| source.language == language && (!rust || is_rust_program(component, path)))
        .filter_map(|(path, source)| {
            let line = source.program.or_else(|| (rust && path.ends_with("src/main.rs")).then_some(1))?;
            let name = if rust { rust_name(component, path) } else { program_name(path) };
            // Programs in files side by side share a folder that tells nothing of one of them.
            let alone = !rust || path.ends_with("/main.rs");
            let own = (source.bytes, source.serves.is_some());
            let (bytes, listens) =
                if alone { by_folder.get(folder(path)).copied().unwrap_or(own) } else { own };
            Some(Main { path, line, kind: judge(&name, served, signals), name, serves: listens, bytes })
        })
        .collect()
}

/// Where a component, or a library of the same repository that it uses, opens a port.
fn listening(component: &Component<'_>, components: &[Component<'_>], language: &str) -> Option<Evidence> {
    let of = |one: &Component<'_>| {
        one.sources.iter().find_map(|(path, source)| {
            if source.language == language { Some(at(path, source.serves?, "serves HTTP")) } else { None }
        })
    };
    of(component).or_else(|| {
        let libraries = || used_by(component, components).into_iter();
        // Only what lies in the same workspace as a library; another application is not a part of this one.
        if component.folder.is_empty() { None } else { libraries().find_map(of) }
    })
}

fn has_members(component: &Component<'_>) -> bool {
    component.manifest(Ecosystem::Crate).is_some_and(|(_, manifest)| !manifest.members.is_empty())
}

/// The program that the container build compiles or starts.
fn built_in<'m, 't>(
    dockerfile: &crate::readers::dockerfile::Dockerfile,
    many: &[&'m Main<'t>],
    component: &Component<'_>,
) -> Option<&'m Main<'t>> {
    let start = dockerfile.start().map(|start| start.value).unwrap_or_default();
    let started = start.split_whitespace().find(|word| !word.contains('=')).map(name).unwrap_or_default();
    let runs = || dockerfile.stages.iter().flat_map(|stage| &stage.runs);
    let compiled = |main: &Main<'_>| {
        let below = folder(relative(main.path, &component.folder).unwrap_or(main.path));
        !below.is_empty()
            && runs().any(|run| {
                let words = run.value.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';'));
                words
                    .map(|word| word.trim_start_matches("./").trim_end_matches(['/', '.']))
                    .any(|word| word.strip_suffix("/main.go").unwrap_or(word) == below)
            })
    };
    let built: Vec<&'m Main<'t>> = many.iter().filter(|main| compiled(main)).copied().collect();
    let only = if let [one] = built.as_slice() { Some(*one) } else { None };
    many.iter().find(|main| main.name == started).copied().or(only)
}

/// The program that is called like the repository's module, or like its daemon (`shopd` of `shop`), or that a manifest runs by default.
fn named_like_the_whole<'m, 't>(
    many: &[&'m Main<'t>],
    component: &Component<'_>,
    ecosystem: Ecosystem,
    signals: &Signals,
) -> Option<&'m Main<'t>> {
    let (_, manifest) = component.manifest(ecosystem)?;
    let by_name = |wanted: &str| many.iter().find(|main| main.name == wanted).copied();
    if let Some(found) = manifest.main.as_deref().and_then(by_name) {
        return Some(found);
    }
    let (module, _) = manifest.name.as_ref()?;
    let last = module.rsplit('/').find(|part| !is_major_version(part))?;
    let short = last.split('.').next().unwrap_or(last);
    // `server` beside `shop` is the server, and `shop` what people call it with; `nonce-service` beside `shop` is a part of it.
    let plain = |main: &&'m Main<'t>| {
        let parts = words(&main.name);
        main.kind.is_some_and(ServiceKind::serves_http)
            && main.name != short
            && parts.iter().all(|word| word == short || signals.files.server_words.contains(word))
    };
    let said = many.iter().any(plain);
    by_name(&format!("{short}d")).or_else(|| by_name(short).filter(|_| !said))
}

/// Whether the last part of a module's path is its major version.
fn is_major_version(part: &str) -> bool {
    part.strip_prefix('v')
        .is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()))
}

fn is_rust_program(component: &Component<'_>, path: &str) -> bool {
    let Some(below) = relative(path, &component.folder) else { return false };
    let named = component.manifest(Ecosystem::Crate).is_some_and(|(_, manifest)| {
        manifest.programs.values().any(|program| program.as_deref() == Some(below))
    });
    let own_folder = |rest: &str| !rest.contains('/') || rest.ends_with("/main.rs");
    named || below == "src/main.rs" || below.strip_prefix("src/bin/").is_some_and(own_folder)
}

/// The name of a Rust program: what the manifest calls it, else its package or its file.
fn rust_name(component: &Component<'_>, path: &str) -> String {
    let below = relative(path, &component.folder).unwrap_or(path);
    let manifest = component.manifest(Ecosystem::Crate).map(|(_, manifest)| manifest);
    let stated = manifest.and_then(|manifest| {
        manifest
            .programs
            .iter()
            .find(|(_, program)| program.as_deref() == Some(below))
            .map(|(name, _)| name.clone())
    });
    stated.unwrap_or_else(|| match below.strip_prefix("src/bin/") {
        Some(rest) => rest.trim_end_matches("/main.rs").trim_end_matches(".rs").to_owned(),
        None => manifest
            .and_then(|manifest| manifest.name.as_ref())
            .map_or_else(|| program_name(path), |(name, _)| name.clone()),
    })
}

/// The name of a program by its file: the folder of `main.go`, the stem of any other.
fn program_name(path: &str) -> String {
    let stem = name(path).split('.').next().unwrap_or_default();
    let own = if stem == "main" { name(folder(path)) } else { stem };
    if own == "src" || own.is_empty() { name(folder(folder(path))).to_owned() } else { own.to_owned() }
}

fn words(name: &str) -> Vec<String> {
    name.to_ascii_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_owned).collect()
}

/// Whether a program's name says that people run it on their own machines.
pub(super) fn is_tool(program: &str, signals: &Signals) -> bool {
    words(program).iter().any(|word| signals.files.tool_words.contains(word))
}

/// Whether a program lies among scripts and tools.
fn in_tool_folder(path: &str, signals: &Signals) -> bool {
    folder(path).split('/').any(|part| signals.files.tool_folders.iter().any(|tool| tool == part))
}

/// What a program's name says of it.
pub(super) fn judge(program: &str, served: ServiceKind, signals: &Signals) -> Option<ServiceKind> {
    let parts = words(program);
    let any = |list: &[String]| parts.iter().any(|word| list.contains(word));
    if any(&signals.files.cron_words) {
        return Some(ServiceKind::Cron);
    }
    if any(&signals.files.worker_words) {
        return Some(ServiceKind::Worker);
    }
    any(&signals.files.server_words).then_some(served)
}
