//! Kubernetes, shared by the managed clusters: a kustomize base and one overlay per environment under `deploy/kubernetes`.
//!
//! Formats: <https://kubernetes.io/docs/reference/kubernetes-api/>, <https://kubectl.docs.kubernetes.io/references/kustomize/>
//! (seen 2026-11-22). The pipeline puts registry and tag in the place of `IMAGE_REGISTRY` and `IMAGE_TAG`.

mod kustomization;
mod workload;

use serde::Serialize;
use siteplan_model::file::{File, Part};

use super::site::Site;
use crate::names::plain;
use crate::yaml::{Mapping, to_yaml};

const FOLDER: &str = "deploy/kubernetes";

/// What differs between the managed clusters.
pub(super) struct Flavour {
    /// The ingress class of the cluster's own load balancer, where the specification names it.
    pub(super) ingress_class: Option<&'static str>,
    /// Annotations that make its ingress public.
    pub(super) ingress_annotations: &'static [(&'static str, &'static str)],
}

/// The base and the overlays.
pub(super) fn files(site: &Site<'_>, flavour: &Flavour) -> Vec<File> {
    let mut files = Vec::new();
    let mut names = Vec::new();
    let mut add = |name: String, contents: String, purpose: String| {
        files.push(file(&format!("base/{name}"), contents, purpose));
        names.push(name);
    };
    for placed in &site.services {
        let slug = &placed.plan.slug;
        add(
            format!("{slug}.yaml"),
            workload::documents(site, placed),
            format!("{slug}: what runs and how it is reached"),
        );
    }
    if let Some(ingress) = workload::ingress(site, flavour) {
        add("ingress.yaml".to_owned(), to_yaml(&ingress), "the way in".to_owned());
    }
    let base = kustomization::base(names);
    files.push(file("base/kustomization.yaml", to_yaml(&base), "what all environments share".to_owned()));
    for environment in site.environments() {
        let folder = format!("overlays/{}", plain(environment));
        let namespace = to_yaml(&kustomization::namespace(site, environment));
        let overlay = to_yaml(&kustomization::overlay(site, environment));
        files.push(file(
            &format!("{folder}/namespace.yaml"),
            namespace,
            format!("the namespace of {environment}"),
        ));
        files.push(file(
            &format!("{folder}/kustomization.yaml"),
            overlay,
            format!("what is different in {environment}"),
        ));
    }
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

/// Name and labels of an object.
#[derive(Clone, Serialize)]
struct Metadata {
    name: String,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    labels: Labels,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    annotations: Mapping<&'static str>,
}

/// The labels by which objects find each other.
type Labels = Mapping<String>;

fn metadata(name: &str) -> Metadata {
    Metadata { name: name.to_owned(), labels: labels(name), annotations: crate::yaml::Mapping::default() }
}

fn labels(name: &str) -> Labels {
    [("app.kubernetes.io/name".to_owned(), name.to_owned())].into_iter().collect()
}
