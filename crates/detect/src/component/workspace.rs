//! The file of a pnpm workspace → which root joins others together, and the versions that its members take from it.

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::signals::Ecosystem;

use super::Component;
use crate::glob;
use crate::readers::Record;
use crate::readers::manifest::Trait;
use crate::readers::structured::{fields, scalar, strings};
use crate::tree::{Tree, folder};

/// More patterns of members are not looked at.
const MOST_PATTERNS: usize = 256;
/// Versions by catalogue and package; the nameless catalogue is `default`.
type Catalogues = BTreeMap<(String, String), String>;

/// Fills in what the workspace's file says of its members.
pub(super) fn complete(tree: &Tree, components: &mut [Component<'_>]) {
    let document = match tree.record("pnpm-workspace.yaml") {
        Some(Record::Document(document)) => Some(document),
        _ => None,
    };
    let mut catalogues = Catalogues::new();
    if let Some(document) = document {
        for (package, version) in fields(&document["catalog"]) {
            insert(&mut catalogues, "default", package, version);
        }
        for (catalogue, packages) in fields(&document["catalogs"]) {
            for (package, version) in fields(packages) {
                insert(&mut catalogues, catalogue, package, version);
            }
        }
        let members = strings(&document["packages"]).iter().any(|one| one != "." && !one.starts_with('!'));
        let others = components.iter().filter(|one| !one.aside && !one.folder.is_empty());
        let joins = members && others.filter(|one| one.manifest(Ecosystem::Npm).is_some()).count() > 1;
        if let Some(root) = components.first_mut().filter(|_| joins) {
            join(root);
        }
    }
    let projects = components.iter().any(|one| !one.aside && one.task().is_some());
    if let Some(root) = components.first_mut().filter(|root| projects && !has_own_code(root)) {
        join(root);
    }
    let mut patterns: Vec<String> = document.map(|one| strings(&one["packages"])).unwrap_or_default();
    let root = components.first().into_iter().flat_map(|root| &root.manifests);
    patterns.extend(root.flat_map(|(_, manifest)| manifest.members.iter().cloned()));
    set_aside_what_lies_in_members(&patterns, components);
    let all = components.iter_mut().flat_map(|one| &mut one.manifests);
    for dependency in all.flat_map(|(_, manifest)| &mut manifest.dependencies) {
        let Some(catalogue) = dependency.version.as_deref().and_then(|one| one.strip_prefix("catalog:"))
        else {
            continue;
        };
        let catalogue = if catalogue.is_empty() { "default" } else { catalogue };
        dependency.version = catalogues.get(&(catalogue.to_owned(), dependency.name.clone())).cloned();
    }
}

/// Marks what joins others together.
fn join(root: &mut Component<'_>) {
    for (_, manifest) in root.manifests.iter_mut().filter(|(_, one)| one.ecosystem == Ecosystem::Npm) {
        manifest.traits.insert(Trait::WorkspaceRoot);
    }
}

/// Whether a root holds code of an application of its own.
fn has_own_code(root: &Component<'_>) -> bool {
    root.files.iter().any(|path| {
        matches!(path.split('/').next(), Some("src" | "app" | "pages" | "server")) && path.contains('/')
    })
}

/// Packages that lie in a member and are no members themselves are what that member works on: templates, samples.
fn set_aside_what_lies_in_members(patterns: &[String], components: &mut [Component<'_>]) {
    // Nobody writes more; what is stranger costs too much to try.
    let plain = |one: &&String| one.len() < 200 && one.matches('*').count() <= 3 && !one.starts_with('!');
    let rooted: Vec<String> = patterns
        .iter()
        .filter(plain)
        .take(MOST_PATTERNS)
        .map(|one| format!("/{}", one.trim_start_matches("./").trim_end_matches('/')))
        .collect();
    let folders = components.iter().map(|one| &one.folder);
    let members: BTreeSet<String> =
        folders.filter(|one| !one.is_empty() && glob::any(&rooted, one)).cloned().collect();
    for component in components.iter_mut().filter(|one| !members.contains(&one.folder)) {
        let javascript = component.manifests.iter().all(|(_, one)| one.ecosystem == Ecosystem::Npm);
        let mut above = folder(&component.folder);
        let mut inside = false;
        while !above.is_empty() && javascript && !inside {
            inside = members.contains(above);
            above = folder(above);
        }
        component.aside |= inside;
    }
}

fn insert(catalogues: &mut Catalogues, catalogue: &str, package: &str, version: &serde_json::Value) {
    if let Some(version) = scalar(version) {
        catalogues.insert((catalogue.to_owned(), package.to_owned()), version);
    }
}
