//! Go and Rust folders, which build several programs → those that are deployed: servers and workers, not tools.

use siteplan_catalog::signals::{Ecosystem, Signals};
use siteplan_model::fact::{Certainty, Evidence};
use siteplan_model::survey::ServiceKind;

use super::{Program, has_program};
use crate::component::Component;
use crate::decide::containers;
use crate::decide::frameworks::Shape;
use crate::decide::services::{has_procfile, renders_pages};
use crate::evidence::at;
use crate::tree::{Tree, folder, name, relative};

/// The deployed programs of a folder.
pub(super) fn programs(
    component: &Component<'_>,
    shape: Option<&Shape<'_>>,
    tree: &Tree,
    signals: &Signals,
) -> Vec<Program> {
    let rust = shape.map_or_else(
        || has_program(component, Ecosystem::Crate),
        |shape| shape.main.ecosystem == Some(Ecosystem::Crate),
    );
    let ecosystem = if rust { Ecosystem::Crate } else { Ecosystem::Go };
    let language = if rust { "rust" } else { "go" };
    let mains: Vec<(&str, u32)> = component
        .sources
        .iter()
        .filter(|(path, source)| source.language == language && (!rust || is_rust_program(component, path)))
        .filter_map(|(path, source)| Some((*path, source.program?)))
        .collect();
    let listening = component.sources.iter().find_map(|(path, source)| {
        if source.language == language { Some(at(path, source.serves?, "serves HTTP")) } else { None }
    });
    let http = shape.is_some_and(|shape| shape.kind != ServiceKind::Worker) || listening.is_some();
    let pages = renders_pages(component, signals);
    let served = match shape {
        Some(shape) => shape.kind,
        None if pages.is_some() => ServiceKind::Web,
        None => ServiceKind::Api,
    };
    let deployed_otherwise =
        containers::of_component(component, tree).is_some() || has_procfile(component, tree);
    let mut evidence: Vec<Evidence> = shape.map(|shape| shape.evidence.clone()).unwrap_or_default();
    evidence.extend(listening);
    evidence.extend(pages);
    let program = |(path, line): (&str, u32), kind, named: bool| {
        let mut seen = vec![at(path, line, "program")];
        seen.extend(evidence.clone());
        Program {
            kind,
            certainty: if http { Certainty::High } else { Certainty::Low },
            evidence: seen,
            path: Some(path.to_owned()),
            target: None,
            name: named.then(|| program_name(path)),
            ecosystem: Some(ecosystem),
            framed: true,
        }
    };
    let judged: Vec<((&str, u32), Option<ServiceKind>)> =
        mains.iter().map(|main| (*main, judge(&program_name(main.0), served, signals))).collect();
    let real: Vec<_> = judged.iter().filter(|(main, _)| !is_tool(&program_name(main.0), signals)).collect();
    match real.as_slice() {
        [] => Vec::new(),
        [(main, kind)] => {
            let kind = if http {
                kind.filter(|kind| *kind != ServiceKind::Web || served == ServiceKind::Web).unwrap_or(served)
            } else {
                ServiceKind::Worker
            };
            // A program that serves nothing and that nothing deploys is a tool for people's own machines.
            if http
                || deployed_otherwise
                || mains.len() == 1 && tree.has_folder(&component.folder) && component.folder.is_empty()
            {
                vec![program(*main, kind, false)]
            } else {
                Vec::new()
            }
        }
        many => {
            let named: Vec<_> = many.iter().filter_map(|(main, kind)| Some((*main, (*kind)?))).collect();
            let chosen: Vec<((&str, u32), ServiceKind)> = if named.is_empty() {
                let root = many.iter().find(|(main, _)| !main.0.contains('/')).unwrap_or(&many[0]);
                vec![(root.0, if http { served } else { ServiceKind::Worker })]
            } else {
                named
            };
            let several = chosen.len() > 1;
            if !http && !deployed_otherwise {
                return Vec::new();
            }
            chosen.into_iter().map(|(main, kind)| program(main, kind, several)).collect()
        }
    }
}

fn is_rust_program(component: &Component<'_>, path: &str) -> bool {
    let Some(below) = relative(path, &component.folder) else { return false };
    let named = component.manifest(Ecosystem::Crate).is_some_and(|(_, manifest)| {
        manifest.programs.values().any(|program| program.as_deref() == Some(below))
    });
    named || below == "src/main.rs" || below.starts_with("src/bin/")
}

/// The name of a program by its file: the folder of `main.go`, the stem of `src/bin/x.rs`.
fn program_name(path: &str) -> String {
    let stem = name(path).split('.').next().unwrap_or_default();
    let own = if stem == "main" { name(folder(path)) } else { stem };
    if own == "src" || own.is_empty() { name(folder(folder(path))).to_owned() } else { own.to_owned() }
}

fn words(name: &str) -> Vec<String> {
    name.to_ascii_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_owned).collect()
}

pub(super) fn is_tool(program: &str, signals: &Signals) -> bool {
    words(program).iter().any(|word| signals.files.tool_words.contains(word))
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
