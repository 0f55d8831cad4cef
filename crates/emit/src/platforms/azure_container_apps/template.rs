//! The container of an app or a job, with its variables, and the secrets of a key vault that they name.

use std::borrow::Cow;

use serde::Serialize;
use siteplan_model::design::{ServicePlan, VariablePlan};

use super::super::site::{Site, literal, port};

const IMAGE: &str = "IMAGE_URI";

#[derive(Serialize)]
pub(super) struct Container<'a> {
    name: &'a str,
    image: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<[&'a str; 3]>,
    resources: Resources,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    env: Vec<Env<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    probes: Vec<Probe<'a>>,
}

#[derive(Serialize)]
struct Resources {
    cpu: f64,
    memory: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase", untagged)]
enum Env<'a> {
    Value {
        name: &'a str,
        value: Cow<'a, str>,
    },
    #[serde(rename_all = "camelCase")]
    Secret {
        name: &'a str,
        secret_ref: String,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Probe<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    check: Check<'a>,
    period_seconds: u32,
    timeout_seconds: u32,
    failure_threshold: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Check<'a> {
    HttpGet { path: &'a str, port: u16 },
    TcpSocket { port: u16 },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Secret {
    name: String,
    key_vault_url: String,
    identity: String,
}

/// The container; without a command the image starts what it says itself.
pub(super) fn container<'a>(
    site: &Site<'a>,
    service: &'a ServicePlan,
    environment: &str,
    command: Option<&'a str>,
) -> Container<'a> {
    let is_server = service.kind.serves_http() && command.is_none();
    Container {
        name: &service.slug,
        image: IMAGE,
        command: command.map(|line| ["sh", "-c", line]),
        resources: Resources { cpu: service.vcpu, memory: gibibytes(service.memory_mb) },
        env: port(service)
            .filter(|_| is_server)
            .map(|port| Env::Value { name: "PORT", value: port.into() })
            .into_iter()
            .chain(site.variables_but_port(service).filter_map(|variable| env(variable, environment)))
            .chain(site.version().map(|(name, value)| Env::Value { name, value: value.into() }))
            .collect(),
        probes: if is_server { probes(site, service) } else { Vec::new() },
    }
}

/// 512 is `0.5Gi`.
fn gibibytes(mb: u32) -> String {
    format!("{}Gi", f64::from(mb) / 1024.0)
}

fn env<'a>(variable: &'a VariablePlan, environment: &str) -> Option<Env<'a>> {
    let name = variable.name.as_str();
    match literal(variable, environment) {
        Some(value) => Some(Env::Value { name, value: value.into() }),
        None => is_stored(variable).then(|| Env::Secret { name, secret_ref: secret_name(name) }),
    }
}

fn is_stored(variable: &VariablePlan) -> bool {
    variable.secret || variable.required
}

/// A secret's name: lower-case letters, digits and hyphens.
fn secret_name(variable: &str) -> String {
    variable.to_ascii_lowercase().replace('_', "-")
}

/// The secrets of the environment's key vault that the container's variables name.
pub(super) fn secrets(
    site: &Site<'_>,
    service: &ServicePlan,
    environment: &str,
    identity: &str,
) -> Vec<Secret> {
    let stored = |variable: &&VariablePlan| literal(variable, environment).is_none() && is_stored(variable);
    site.variables(service)
        .filter(stored)
        .map(|variable| Secret {
            name: secret_name(&variable.name),
            key_vault_url: format!(
                "https://KEY_VAULT_NAME.vault.azure.net/secrets/{}",
                variable.name.replace('_', "-")
            ),
            identity: identity.to_owned(),
        })
        .collect()
}

/// While it starts and while it lives, a container is asked what depends on nothing else, so that an outage of the database
/// restarts nothing; whether it gets requests is asked at the health path.
fn probes<'a>(site: &Site<'a>, service: &'a ServicePlan) -> Vec<Probe<'a>> {
    let health = &site.design.health;
    if !health.included {
        return Vec::new();
    }
    let port = service.port;
    let probe = |kind, path: Option<&'a str>, period_seconds, failure_threshold| Probe {
        kind,
        check: path.map_or(Check::TcpSocket { port }, |path| Check::HttpGet { path, port }),
        period_seconds,
        timeout_seconds: health.timeout_seconds,
        failure_threshold,
    };
    let (ready, live) = (service.health_path.as_deref(), service.live_path.as_deref());
    // Ten failures are the most that the service takes: a start may last two minutes.
    vec![
        probe("Startup", live, 12, 10),
        probe("Liveness", live, health.interval_seconds.min(240), 3),
        probe("Readiness", ready, 10, 3),
    ]
}
