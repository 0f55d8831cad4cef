//! A component → the programs of it that are deployed on their own; libraries, tools and examples give none.

mod declared;
mod several;
mod started;
mod unframed;

use siteplan_catalog::signals::{Ecosystem, FrameworkRole, Signals};
use siteplan_model::fact::{Certainty, Evidence};
use siteplan_model::survey::ServiceKind;

use super::containers;
use super::frameworks::Shape;
use super::services::has_procfile;
use crate::component::{Component, used_by};
use crate::readers::manifest::{Manifest, Trait};
use crate::tree::{Tree, folder};

use started::{has_own_code, is_site, is_started, starts};
pub(crate) use unframed::plain_pages;
use unframed::without_framework;

/// A program that is deployed.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) kind: ServiceKind,
    pub(crate) certainty: Certainty,
    pub(crate) evidence: Vec<Evidence>,
    /// The file that begins it, where a component has several.
    pub(crate) path: Option<String>,
    /// The name under which the build makes it, and the path that the manifest gives for it.
    pub(crate) target: Option<(String, Option<String>)>,
    /// Its own name, where it is not the component's.
    pub(crate) name: Option<String>,
    pub(crate) ecosystem: Option<Ecosystem>,
    /// Whether the component's framework shapes it.
    pub(crate) framed: bool,
}

/// The deployed programs of a component.
pub(crate) fn programs(
    component: &Component<'_>,
    shape: Option<&Shape<'_>>,
    components: &[Component<'_>],
    tree: &Tree,
    signals: &Signals,
) -> Vec<Program> {
    let one = |kind, certainty, evidence| {
        vec![Program {
            kind,
            certainty,
            evidence,
            path: None,
            target: None,
            name: None,
            ecosystem: shape.and_then(|s| s.main.ecosystem),
            framed: true,
        }]
    };
    let tests = |manifest: &Manifest| manifest.modules.iter().any(|module| module == "tests");
    if component.manifests.iter().any(|(path, manifest)| {
        manifest.ecosystem == Ecosystem::Nuget && tests(manifest) && folder(path) == component.folder
    }) {
        return Vec::new();
    }
    if is_built_into_another(component, components) {
        return Vec::new();
    }
    let Some(shape) = shape else { return without_framework(component, components, tree, signals) };
    if is_root_of_projects(component, components) {
        return Vec::new();
    }
    let wanted = containers::of_component(component, tree).is_some() || has_procfile(component, tree);
    match shape.main.framework.role {
        FrameworkRole::Browser | FrameworkRole::Site if shape.kind == ServiceKind::Static => {
            if is_site(component, shape, components) {
                one(shape.kind, Certainty::High, shape.evidence.clone())
            } else {
                without_framework(component, components, tree, signals)
            }
        }
        FrameworkRole::BrowserServer | FrameworkRole::Browser | FrameworkRole::Site => {
            if (has_own_code(component) || is_configured(component, shape, signals)) && !is_library(component)
            {
                one(shape.kind, Certainty::High, shape.evidence.clone())
            } else {
                Vec::new()
            }
        }
        _ => match shape.main.ecosystem {
            Some(Ecosystem::Go | Ecosystem::Crate) => {
                several::programs(component, Some(shape), components, tree, signals)
            }
            Some(ecosystem) if declared::usual(component, ecosystem, components, tree, signals).is_some() => {
                declared::programs(component, Some(shape), ecosystem, components, tree, signals)
            }
            ecosystem => {
                let sure = is_started(component, shape, components, tree, signals);
                if sure || (wanted && !is_workspace_root(component)) {
                    let certainty = if sure { Certainty::High } else { Certainty::Medium };
                    let kind =
                        if serves(component, shape, components) { shape.kind } else { ServiceKind::Worker };
                    let mut found = one(kind, certainty, shape.evidence.clone());
                    found[0].ecosystem = ecosystem;
                    found
                } else if ecosystem == Some(Ecosystem::Pypi) {
                    // Scripts that use a server's library without serving are programs of their own.
                    without_framework(component, components, tree, signals)
                } else {
                    Vec::new()
                }
            }
        },
    }
}

/// Whether browser code lies among the sources of a build on the JVM, which packs it into its own product.
fn is_built_into_another(component: &Component<'_>, components: &[Component<'_>]) -> bool {
    let Some(at) = format!("/{}/", component.folder).find("/src/main/") else { return false };
    let home = component.folder.get(..at.saturating_sub(1)).unwrap_or_default();
    has_program(component, Ecosystem::Npm)
        && components.iter().any(|other| other.folder == home && has_program(other, Ecosystem::Maven))
}

/// Whether a program answers requests, where its framework is also used without; its libraries may do so for it.
fn serves(component: &Component<'_>, shape: &Shape<'_>, components: &[Component<'_>]) -> bool {
    let Some(condition) = &shape.main.framework.serves_when else { return true };
    component.meets(condition).is_some()
        || used_by(component, components).iter().any(|library| library.meets(condition).is_some())
}

/// Whether a member is made to be imported and nothing starts it.
fn is_library(component: &Component<'_>) -> bool {
    component.manifest(Ecosystem::Npm).is_some_and(|(_, manifest)| {
        manifest.traits.contains(&Trait::Library) && !manifest.scripts.contains_key("start")
    })
}

/// Whether a framework is configured and started, even if its pages are still to be written.
fn is_configured(component: &Component<'_>, shape: &Shape<'_>, signals: &Signals) -> bool {
    component.matching(&shape.main.framework.files).next().is_some()
        && component.manifest(Ecosystem::Npm).is_some_and(|(_, manifest)| starts(manifest, signals))
}

/// Whether a root only holds the dependencies of a task runner's projects.
fn is_root_of_projects(component: &Component<'_>, components: &[Component<'_>]) -> bool {
    let projects = components.iter().any(|one| !one.aside && one.task().is_some());
    component.folder.is_empty() && projects && !has_own_code(component)
}

fn is_workspace_root(component: &Component<'_>) -> bool {
    component.has("pnpm-workspace.yaml") && component.manifests.iter().all(|(_, m)| m.dependencies.len() < 3)
        || component.manifests.iter().any(|(_, manifest)| manifest.traits.contains(&Trait::WorkspaceRoot))
}

fn has_program(component: &Component<'_>, ecosystem: Ecosystem) -> bool {
    component.manifest(ecosystem).is_some()
}
