//! The kustomizations: what is taken, and what an environment changes.

use serde::Serialize;
use siteplan_model::survey::ServiceKind;

use super::super::site::{PRODUCTION, Site, literal};
use super::Metadata;
use crate::yaml::Mapping;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Kustomization {
    api_version: &'static str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    resources: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    replicas: Vec<Replicas>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    config_map_generator: Vec<ConfigMap>,
}

#[derive(Serialize)]
struct Replicas {
    name: String,
    count: u32,
}

/// Made from literals, with a hash in its name, so that a changed value rolls the pods.
#[derive(Serialize)]
struct ConfigMap {
    name: String,
    literals: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Namespace {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata,
}

fn kustomization(resources: Vec<String>) -> Kustomization {
    Kustomization {
        api_version: "kustomize.config.k8s.io/v1beta1",
        kind: "Kustomization",
        namespace: None,
        resources,
        replicas: Vec::new(),
        config_map_generator: Vec::new(),
    }
}

/// What all environments share.
pub(super) fn base(files: Vec<String>) -> Kustomization {
    kustomization(files)
}

/// What one environment changes: its namespace, its plain values, and one instance where users do not come.
pub(super) fn overlay(site: &Site<'_>, environment: &str) -> Kustomization {
    let scaled = site.services.iter().filter(|placed| {
        placed.plan.kind != ServiceKind::Cron && placed.instances > 1 && environment != PRODUCTION
    });
    let config = site.services.iter().map(|placed| ConfigMap {
        name: config_name(&placed.plan.slug),
        literals: site
            .variables(placed.plan)
            .filter_map(|variable| {
                literal(variable, environment).map(|value| format!("{}={}", variable.name, one_value(value)))
            })
            .collect(),
    });
    Kustomization {
        namespace: Some(namespace_name(site, environment)),
        replicas: scaled.map(|placed| Replicas { name: placed.plan.slug.clone(), count: 1 }).collect(),
        config_map_generator: config.collect(),
        ..kustomization(vec!["../../base".to_owned(), "namespace.yaml".to_owned()])
    }
}

/// The name of the plain values of a service.
pub(super) fn config_name(slug: &str) -> String {
    format!("{slug}-config")
}

/// Kustomize takes quotes around a literal's value away.
fn one_value(value: &str) -> String {
    let is_quoted = |mark: char| value.len() > 1 && value.starts_with(mark) && value.ends_with(mark);
    if is_quoted('"') || is_quoted('\'') { format!("\"{value}\"") } else { value.to_owned() }
}

fn namespace_name(site: &Site<'_>, environment: &str) -> String {
    format!("{}-{environment}", site.design.application.slug)
}

/// The namespace of an environment; the cluster warns of pods in it that ask for more than they should.
pub(super) fn namespace(site: &Site<'_>, environment: &str) -> Namespace {
    let labels =
        [("pod-security.kubernetes.io/warn".to_owned(), "restricted".to_owned())].into_iter().collect();
    let metadata =
        Metadata { name: namespace_name(site, environment), labels, annotations: Mapping::default() };
    Namespace { api_version: "v1", kind: "Namespace", metadata }
}
