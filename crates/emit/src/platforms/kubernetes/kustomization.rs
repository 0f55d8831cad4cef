//! The kustomizations: what is taken, and what an environment has of its own.

use serde::Serialize;

use super::super::site::{Site, literal};
use super::Metadata;
use super::pod::config_name;
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
    config_map_generator: Vec<ConfigMap>,
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

/// Files of one folder.
pub(super) fn of(resources: Vec<String>) -> Kustomization {
    Kustomization {
        api_version: "kustomize.config.k8s.io/v1beta1",
        kind: "Kustomization",
        namespace: None,
        resources,
        config_map_generator: Vec::new(),
    }
}

/// What one environment has of its own: its namespace and its plain values.
pub(super) fn environment(site: &Site<'_>, environment: &str) -> Kustomization {
    let values = site.running_variables().filter(|variable| variable.name != "PORT").filter_map(|variable| {
        literal(variable, environment).map(|value| format!("{}={}", variable.name, one_value(value)))
    });
    Kustomization {
        namespace: Some(namespace_name(site, environment)),
        config_map_generator: vec![ConfigMap { name: config_name(site), literals: values.collect() }],
        ..of(vec!["namespace.yaml".to_owned()])
    }
}

/// What is applied to one environment.
pub(super) fn overlay(site: &Site<'_>, environment: &str, resources: Vec<String>) -> Kustomization {
    Kustomization { namespace: Some(namespace_name(site, environment)), ..of(resources) }
}

/// Kustomize takes quotes around a literal's value away.
fn one_value(value: &str) -> String {
    let is_quoted = |mark: char| value.len() > 1 && value.starts_with(mark) && value.ends_with(mark);
    if is_quoted('"') || is_quoted('\'') { format!("\"{value}\"") } else { value.to_owned() }
}

fn namespace_name(site: &Site<'_>, environment: &str) -> String {
    format!("{}-{environment}", site.design.application.slug)
}

/// The namespace of an environment; the cluster refuses pods in it that ask for more than they should.
pub(super) fn namespace(site: &Site<'_>, environment: &str) -> Namespace {
    let labels =
        [("pod-security.kubernetes.io/enforce".to_owned(), "restricted".to_owned())].into_iter().collect();
    let metadata =
        Metadata { name: namespace_name(site, environment), labels, annotations: Mapping::default() };
    Namespace { api_version: "v1", kind: "Namespace", metadata }
}
