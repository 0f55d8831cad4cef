//! The container of a service, worker pool or job: what it runs, with which variables and secrets, in which size.

use serde::Serialize;
use siteplan_model::design::{ServicePlan, VariablePlan};

use super::{IMAGE, account};
use crate::platforms::site::{Site, is_indispensable, literal};
use crate::platforms::terraform;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Container<'a> {
    image: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<[&'static str; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    args: Option<[&'a str; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ports: Option<[Port; 1]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    env: Vec<Env<'a>>,
    resources: Resources,
    #[serde(skip_serializing_if = "Option::is_none")]
    startup_probe: Option<Probe<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    liveness_probe: Option<Probe<'a>>,
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

/// The container of a service that answers over HTTP: it gets requests once it is ready, and is replaced when it no longer
/// lives.
pub(super) fn serving<'a>(site: &Site<'a>, plan: &'a ServicePlan, environment: &str) -> Container<'a> {
    let health = &site.design.health;
    let probe = |path: &'a Option<String>, period, failures| {
        path.as_deref().filter(|_| health.included).map(|path| Probe {
            http_get: HttpGet { path },
            period_seconds: period,
            timeout_seconds: health.timeout_seconds,
            failure_threshold: failures,
        })
    };
    Container {
        ports: Some([Port { container_port: plan.port }]),
        startup_probe: probe(&plan.health_path, 10, 12),
        liveness_probe: probe(&plan.live_path, health.interval_seconds, health.failure_threshold),
        ..running(site, plan, environment, None)
    }
}

/// The container of what listens to nothing; without a command it does what the image starts.
pub(super) fn running<'a>(
    site: &Site<'a>,
    plan: &'a ServicePlan,
    environment: &str,
    command: Option<&'a str>,
) -> Container<'a> {
    Container {
        image: IMAGE,
        command: command.map(|_| ["sh"]),
        args: command.map(|line| ["-c", line]),
        ports: None,
        env: site
            .variables(plan)
            .filter_map(|variable| env(site, variable, environment))
            .chain(site.version().map(|(name, value)| Env::Value { name, value }))
            .collect(),
        resources: Resources {
            limits: Limits {
                cpu: format!("{:.0}m", plan.vcpu * 1000.0),
                memory: format!("{}Mi", plan.memory_mb),
            },
        },
        startup_probe: None,
        liveness_probe: None,
    }
}

fn env<'a>(site: &Site<'a>, variable: &'a VariablePlan, environment: &str) -> Option<Env<'a>> {
    // Cloud Run sets the port itself and refuses one that is set.
    if variable.name == super::PORT {
        return None;
    }
    let name = variable.name.as_str();
    if let Some(value) = literal(variable, environment) {
        return Some(Env::Value { name, value });
    }
    let secret = format!("{}-{environment}-{name}", site.design.application.slug);
    // A reference to a secret without a version ends the release: a feature that is off has none.
    is_indispensable(variable).then_some(Env::Secret {
        name,
        value_from: ValueFrom { secret_key_ref: SecretKey { name: secret, key: "latest" } },
    })
}

/// The account that it runs as, where the stack makes one.
pub(super) fn runs_as(site: &Site<'_>, environment: &str) -> Option<String> {
    terraform::is_wanted(site)
        .then(|| format!("{}@PROJECT_ID.iam.gserviceaccount.com", account(site, environment)))
}

/// How it reaches data that has no public address.
pub(super) fn network(site: &Site<'_>, environment: &str) -> Vec<(String, String)> {
    if !super::stack::has_data(site) {
        return Vec::new();
    }
    let name = format!("{}-{environment}", site.design.application.slug);
    let interfaces = serde_json::json!([{"network": name, "subnetwork": name}]);
    let entries = [
        ("run.googleapis.com/network-interfaces", interfaces.to_string()),
        ("run.googleapis.com/vpc-access-egress", "private-ranges-only".to_owned()),
    ];
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
