//! Kubernetes, shared by the managed clusters, under `deploy/kubernetes`: `base` with what all environments share,
//! `environments/<environment>` with its namespace and plain values, and the overlays that are applied:
//! `overlays/<environment>` and, where a release migrates, `overlays/<environment>-migration` before it.
//!
//! Formats: <https://kubernetes.io/docs/reference/kubernetes-api/>, <https://kubectl.docs.kubernetes.io/references/kustomize/>
//! (seen 2026-11-22). The pipeline puts registry, tag and host name in the place of `IMAGE_REGISTRY`, `IMAGE_TAG` and
//! `APP_HOST`.

mod entrance;
mod kustomization;
mod network;
mod pod;
mod scaling;
mod workload;

use serde::Serialize;
use siteplan_model::file::{File, Part};

use super::site::{PRODUCTION, Site};
use crate::names::plain;
use crate::yaml::{Mapping, to_yaml};
pub(super) use entrance::Entrance;

const FOLDER: &str = "deploy/kubernetes";

/// What differs between the managed clusters.
pub(super) struct Flavour {
    /// How requests come in.
    pub(super) entrance: Entrance,
    /// Annotations of the services behind it.
    pub(super) service_annotations: &'static [(&'static str, &'static str)],
    /// Ports of the cloud's own data services, besides those that their engines are known by.
    pub(super) data_ports: &'static [u16],
}

/// The base, what each environment has of its own, and the overlays.
pub(super) fn files(site: &Site<'_>, flavour: &Flavour) -> Vec<File> {
    let mut files = base(site, flavour);
    let migrates = workload::migration(site);
    if let Some(job) = &migrates {
        files.push(file(
            "migration/job.yaml",
            job.clone(),
            "the job that migrates before a release".to_owned(),
        ));
        let kustomization = to_yaml(&kustomization::of(vec!["job.yaml".to_owned()]));
        files.push(file("migration/kustomization.yaml", kustomization, "the migration alone".to_owned()));
    }
    for environment in site.environments() {
        let at = plain(environment);
        let own = format!("environments/{at}");
        files.push(file(
            &format!("{own}/namespace.yaml"),
            to_yaml(&kustomization::namespace(site, environment)),
            format!("the namespace of {environment}"),
        ));
        files.push(file(
            &format!("{own}/kustomization.yaml"),
            to_yaml(&kustomization::environment(site, environment)),
            format!("the plain values of {environment}"),
        ));
        let mut resources = vec![format!("../../{own}"), "../../base".to_owned()];
        // Whoever tries a release out needs one instance of everything; users get as many as were designed.
        let scaling = scaling::documents(site).filter(|_| environment == PRODUCTION);
        if let Some(contents) = scaling {
            resources.push("scaling.yaml".to_owned());
            let purpose = format!("how many instances serve in {environment}");
            files.push(file(&format!("overlays/{at}/scaling.yaml"), contents, purpose));
        }
        files.push(file(
            &format!("overlays/{at}/kustomization.yaml"),
            to_yaml(&kustomization::overlay(site, environment, resources)),
            format!("all that runs in {environment}"),
        ));
        if migrates.is_some() {
            let resources = vec![format!("../../{own}"), "../../migration".to_owned()];
            files.push(file(
                &format!("overlays/{at}-migration/kustomization.yaml"),
                to_yaml(&kustomization::overlay(site, environment, resources)),
                format!("the migration of {environment}"),
            ));
        }
    }
    files
}

/// What all environments share.
fn base(site: &Site<'_>, flavour: &Flavour) -> Vec<File> {
    let mut files = Vec::new();
    let mut names = Vec::new();
    let mut add = |name: String, contents: String, purpose: String| {
        files.push(file(&format!("base/{name}"), contents, purpose));
        names.push(name);
    };
    add("account.yaml".to_owned(), workload::account(site), "whom the pods run as".to_owned());
    for placed in &site.services {
        let slug = &placed.plan.slug;
        let contents = workload::documents(site, placed, flavour);
        add(format!("{slug}.yaml"), contents, format!("{slug}: what runs and how it is reached"));
    }
    if let Some(contents) = entrance::documents(site, &flavour.entrance) {
        add("entrance.yaml".to_owned(), contents, "the way in".to_owned());
    }
    let policies = network::documents(site, flavour);
    add("network-policy.yaml".to_owned(), policies, "who may talk to whom".to_owned());
    let kustomization = to_yaml(&kustomization::of(names));
    files.push(file("base/kustomization.yaml", kustomization, "what all environments share".to_owned()));
    files
}

fn file(path: &str, contents: String, purpose: String) -> File {
    File {
        part: Part::Platform,
        path: format!("{FOLDER}/{path}"),
        contents,
        purpose,
        syntax: "yaml".to_owned(),
    }
}

/// One object.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<S> {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata,
    spec: S,
}

/// Name and labels of an object.
#[derive(Clone, Serialize)]
struct Metadata {
    name: String,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    labels: Labels,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    annotations: Mapping<String>,
}

/// The labels by which objects find each other.
type Labels = Mapping<String>;

/// The label of a component's name.
const NAME: &str = "app.kubernetes.io/name";
/// The label of the application, which all its pods have.
const PART_OF: &str = "app.kubernetes.io/part-of";

fn metadata(site: &Site<'_>, name: &str) -> Metadata {
    Metadata { name: name.to_owned(), labels: labels(site, name), annotations: Mapping::default() }
}

/// The labels of everything that belongs to a component.
fn labels(site: &Site<'_>, name: &str) -> Labels {
    let label = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    [label(NAME, name), label(PART_OF, &site.design.application.slug)].into_iter().collect()
}

/// The labels that choose a component's pods: they never change.
fn chosen(name: &str) -> Labels {
    [(NAME.to_owned(), name.to_owned())].into_iter().collect()
}

/// Objects of one file.
fn joined(documents: impl IntoIterator<Item = String>) -> String {
    documents.into_iter().collect::<Vec<_>>().join("---\n")
}
