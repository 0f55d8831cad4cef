//! Components whose manifest names the programs that it builds, or whose entry files are always called alike → those that are
//! deployed.

use siteplan_catalog::signals::{Ecosystem, Signals, UsualCommands};
use siteplan_model::fact::{Certainty, Evidence};
use siteplan_model::survey::ServiceKind;

use super::{Program, several};
use crate::component::Component;
use crate::decide::containers;
use crate::decide::frameworks::Shape;
use crate::decide::package_managers;
use crate::decide::services::{has_procfile, renders_pages};
use crate::evidence::{at, file, maybe_at};
use crate::readers::manifest::Trait;
use crate::tree::{Tree, folder, is_aside_folder, name, relative};

/// What the package manager of a component always does, where that is known as a whole.
pub(super) fn usual<'s>(
    component: &Component<'_>,
    ecosystem: Ecosystem,
    components: &[Component<'_>],
    tree: &Tree,
    signals: &'s Signals,
) -> Option<&'s UsualCommands> {
    let known =
        signals.package_managers.iter().any(|row| row.ecosystem == ecosystem && row.usual.start.is_some());
    if !known {
        return None;
    }
    let manager = package_managers::of(component, components, ecosystem, tree, signals)?;
    Some(&manager.row.usual).filter(|usual| usual.start.is_some())
}

/// A program that could be deployed.
#[derive(Clone, Debug)]
struct Candidate {
    name: String,
    path: Option<String>,
    evidence: Evidence,
}

/// The deployed programs of a component.
pub(super) fn programs(
    component: &Component<'_>,
    shape: Option<&Shape<'_>>,
    ecosystem: Ecosystem,
    components: &[Component<'_>],
    tree: &Tree,
    signals: &Signals,
) -> Vec<Program> {
    let Some(usual) = usual(component, ecosystem, components, tree, signals) else { return Vec::new() };
    let own_language =
        |language: &str| signals.language(language).is_some_and(|row| row.ecosystem == Some(ecosystem));
    let listening = component.sources.iter().find_map(|(path, source)| {
        if own_language(&source.language) { Some(at(path, source.serves?, "serves HTTP")) } else { None }
    });
    let framed = shape.is_some_and(|shape| shape.kind != ServiceKind::Worker);
    let own_build = containers::of_component(component, tree)
        .is_some_and(|(path, _)| component.folder.is_empty() || folder(path) == component.folder);
    let wanted = own_build || has_procfile(component, tree);
    let alone = component.folder.is_empty()
        && components.iter().all(|other| other.aside || other.folder.is_empty() || other.sources.is_empty());
    // What stands beside other components without a server framework and opens a port all the same is a helper of tests.
    let http = framed || listening.is_some() && (alone || wanted || component.folder.is_empty());
    let pages = renders_pages(component, signals);
    let served = match shape {
        Some(shape) if framed => shape.kind,
        _ if pages.is_some() => ServiceKind::Web,
        _ => ServiceKind::Api,
    };
    let candidates: Vec<Candidate> = candidates(component, ecosystem, usual, signals)
        .into_iter()
        .filter(|one| !several::is_tool(&one.name, signals))
        .collect();
    // A server framework is started by something even where the manifest names no program of it.
    if candidates.is_empty() || !(http || wanted || alone || shape.is_some()) {
        return Vec::new();
    }
    let mut shared: Vec<Evidence> = shape.map(|shape| shape.evidence.clone()).unwrap_or_default();
    shared.extend(listening);
    shared.extend(pages.filter(|_| http));
    let certainty = match (framed, http || wanted) {
        (true, _) => Certainty::High,
        (false, true) => Certainty::Medium,
        (false, false) => Certainty::Low,
    };
    let own =
        component.manifest(ecosystem).and_then(|(_, manifest)| manifest.name.as_ref()).map(|(name, _)| name);
    let main = candidates
        .iter()
        .position(|one| several::judge(&one.name, served, signals) == Some(served))
        .or_else(|| candidates.iter().position(|one| Some(&one.name) == own))
        .unwrap_or(0);
    let kind_of = |index: usize, one: &Candidate| {
        let said = several::judge(&one.name, served, signals);
        if index == main {
            let answers = http
                && !matches!(said, Some(ServiceKind::Worker | ServiceKind::Cron) if candidates.len() > 1);
            return Some(if answers { served } else { ServiceKind::Worker });
        }
        said.filter(|kind| matches!(kind, ServiceKind::Worker | ServiceKind::Cron))
    };
    let chosen: Vec<(usize, &Candidate, ServiceKind)> = candidates
        .iter()
        .enumerate()
        .filter_map(|(index, one)| Some((index, one, kind_of(index, one)?)))
        .collect();
    chosen
        .iter()
        .map(|(index, one, kind)| {
            let mut evidence = vec![one.evidence.clone()];
            evidence.extend(shared.clone());
            Program {
                kind: *kind,
                certainty,
                evidence,
                path: None,
                target: Some((one.name.clone(), one.path.clone())),
                name: (*index != main).then(|| one.name.clone()),
                ecosystem: Some(ecosystem),
                framed: true,
            }
        })
        .collect()
}

/// The programs that manifests name, else the files that usually begin one.
fn candidates(
    component: &Component<'_>,
    ecosystem: Ecosystem,
    usual: &UsualCommands,
    signals: &Signals,
) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for (path, manifest) in component.manifests.iter().filter(|(_, one)| one.ecosystem == ecosystem) {
        if manifest.traits.contains(&Trait::Library) {
            continue;
        }
        for (program, source) in &manifest.programs {
            let there =
                source.as_deref().is_none_or(|source| !is_source(source, signals) || component.has(source));
            let known = found.iter().any(|one| one.name == *program);
            let test = program.ends_with("Tests") || program.ends_with("-test") || program.ends_with("_test");
            let aside =
                source.as_deref().is_some_and(|source| is_aside_folder(&signals.files, folder(source)));
            if there && !known && !test && !aside {
                let evidence = maybe_at(path, None, &format!("program {program}"));
                found.push(Candidate { name: program.clone(), path: source.clone(), evidence });
            }
        }
    }
    if found.is_empty() {
        for pattern in &usual.entries {
            for path in component.matching(&[format!("/{pattern}")]) {
                let Some(below) = relative(path, &component.folder) else { continue };
                let program = name(below).split('.').next().unwrap_or_default().to_owned();
                if !program.is_empty() && !found.iter().any(|one| one.path.as_deref() == Some(below)) {
                    let evidence = file(path, "program");
                    found.push(Candidate { name: program, path: Some(below.to_owned()), evidence });
                }
            }
        }
    }
    found
}

/// Whether a path is that of a source file.
fn is_source(path: &str, signals: &Signals) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| {
        signals.languages.iter().any(|row| row.extensions.iter().any(|one| one == ending))
    })
}
