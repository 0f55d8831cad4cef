//! The file of a pnpm workspace → which root joins others together, and the versions that its members take from it.

use std::collections::BTreeMap;

use siteplan_catalog::signals::Ecosystem;

use super::Component;
use crate::readers::Record;
use crate::readers::manifest::Trait;
use crate::readers::structured::{fields, scalar, strings};
use crate::tree::Tree;

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
        if let Some(root) = components.iter_mut().find(|one| joins && one.folder.is_empty()) {
            for (_, manifest) in root.manifests.iter_mut().filter(|(_, one)| one.ecosystem == Ecosystem::Npm)
            {
                manifest.traits.insert(Trait::WorkspaceRoot);
            }
        }
    }
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

fn insert(catalogues: &mut Catalogues, catalogue: &str, package: &str, version: &serde_json::Value) {
    if let Some(version) = scalar(version) {
        catalogues.insert((catalogue.to_owned(), package.to_owned()), version);
    }
}
