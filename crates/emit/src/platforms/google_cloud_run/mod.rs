//! Google Cloud Run: one service file per environment and HTTP service, `deploy/cloud-run/<environment>/<service>.yaml`.
//! Worker pools and jobs are made by the pipeline's commands.
//!
//! Format: `run.v1` Service, <https://cloud.google.com/run/docs/reference/yaml/v1> (seen 2026-11-22). The pipeline puts
//! the image in the place of `IMAGE_URI`.

use serde::Serialize;
use siteplan_model::design::VariablePlan;
use siteplan_model::file::{File, Part};

use super::site::{PRODUCTION, Placed, Site, literal};
use crate::names::plain;
use crate::yaml::{Mapping, to_yaml};

const IMAGE: &str = "IMAGE_URI";
/// Most instances: a limit to the bill, to be raised with the load.
const MOST_INSTANCES: u32 = 10;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Service<'a> {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata,
    spec: Spec<'a>,
}

#[derive(Serialize)]
struct Metadata {
    name: String,
    annotations: Mapping<String>,
}

#[derive(Serialize)]
struct Spec<'a> {
    template: Template<'a>,
    traffic: [Traffic; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Traffic {
    percent: u32,
    latest_revision: bool,
}

#[derive(Serialize)]
struct Template<'a> {
    metadata: TemplateMetadata,
    spec: TemplateSpec<'a>,
}

#[derive(Serialize)]
struct TemplateMetadata {
    annotations: Mapping<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TemplateSpec<'a> {
    container_concurrency: u32,
    timeout_seconds: u32,
    containers: [Container<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Container<'a> {
    image: &'static str,
    ports: [Port; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    env: Vec<Env<'a>>,
    resources: Resources,
    #[serde(skip_serializing_if = "Option::is_none")]
    startup_probe: Option<Probe<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Port {
    container_port: u16,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase", untagged)]
enum Env<'a> {
    Value {
        name: &'a str,
        value: &'a str,
    },
    #[serde(rename_all = "camelCase")]
    Secret {
        name: &'a str,
        value_from: ValueFrom,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ValueFrom {
    secret_key_ref: SecretKey,
}

#[derive(Serialize)]
struct SecretKey {
    name: String,
    key: &'static str,
}

#[derive(Serialize)]
struct Resources {
    limits: Limits,
}

#[derive(Serialize)]
struct Limits {
    cpu: String,
    memory: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Probe<'a> {
    http_get: HttpGet<'a>,
    period_seconds: u32,
    timeout_seconds: u32,
    failure_threshold: u32,
}

#[derive(Serialize)]
struct HttpGet<'a> {
    path: &'a str,
}

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    let mut files = Vec::new();
    for environment in site.environments() {
        for placed in site.services.iter().filter(|placed| placed.plan.kind.serves_http()) {
            files.push(File {
                part: Part::Platform,
                path: format!("deploy/cloud-run/{}/{}.yaml", plain(environment), placed.plan.slug),
                contents: to_yaml(&service(site, placed, environment)),
                purpose: format!("the service {} in {environment}", placed.plan.slug),
                syntax: "yaml".to_owned(),
            });
        }
    }
    files
}

fn annotations<const N: usize>(entries: [(&str, String); N]) -> Mapping<String> {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn service<'a>(site: &Site<'a>, placed: &Placed<'a>, environment: &str) -> Service<'a> {
    let plan = placed.plan;
    let least = if environment == PRODUCTION { placed.instances } else { 0 };
    let health = &site.design.health;
    let probe = plan.health_path.as_deref().filter(|_| health.included).map(|path| Probe {
        http_get: HttpGet { path },
        period_seconds: 10,
        timeout_seconds: health.timeout_seconds,
        failure_threshold: 12,
    });
    Service {
        api_version: "serving.knative.dev/v1",
        kind: "Service",
        metadata: Metadata {
            name: format!("{}-{environment}-{}", site.design.application.slug, plan.slug),
            annotations: annotations([("run.googleapis.com/ingress", "all".to_owned())]),
        },
        spec: Spec {
            template: Template {
                metadata: TemplateMetadata {
                    annotations: annotations([
                        ("autoscaling.knative.dev/minScale", least.to_string()),
                        ("autoscaling.knative.dev/maxScale", MOST_INSTANCES.max(least).to_string()),
                        ("run.googleapis.com/startup-cpu-boost", "true".to_owned()),
                    ]),
                },
                spec: TemplateSpec {
                    // Below one CPU Cloud Run sends one request at a time.
                    container_concurrency: if plan.vcpu < 1.0 { 1 } else { 80 },
                    timeout_seconds: 300,
                    containers: [Container {
                        image: IMAGE,
                        ports: [Port { container_port: plan.port }],
                        env: site
                            .variables(plan)
                            .filter_map(|variable| env(site, variable, environment))
                            .collect(),
                        resources: Resources {
                            limits: Limits {
                                cpu: format!("{:.0}m", plan.vcpu * 1000.0),
                                memory: format!("{}Mi", plan.memory_mb),
                            },
                        },
                        startup_probe: probe,
                    }],
                },
            },
            traffic: [Traffic { percent: 100, latest_revision: true }],
        },
    }
}

fn env<'a>(site: &Site<'a>, variable: &'a VariablePlan, environment: &str) -> Option<Env<'a>> {
    // Cloud Run sets the port itself and refuses one that is set.
    if variable.name == "PORT" {
        return None;
    }
    let name = variable.name.as_str();
    if let Some(value) = literal(variable, environment) {
        return Some(Env::Value { name, value });
    }
    let secret = format!("{}-{environment}-{name}", site.design.application.slug);
    (variable.secret || variable.required).then_some(Env::Secret {
        name,
        value_from: ValueFrom { secret_key_ref: SecretKey { name: secret, key: "latest" } },
    })
}
