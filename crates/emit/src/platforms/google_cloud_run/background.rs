//! What answers nobody: worker pools, and jobs that a schedule or a release starts.

use serde::Serialize;
use siteplan_model::design::ServicePlan;

use super::container::{self, Container};
use super::{Metadata, annotations};
use crate::platforms::site::{PRODUCTION, Placed, Site};
use crate::yaml::{Mapping, to_yaml};

const API_VERSION: &str = "run.googleapis.com/v1";
/// How long a job may run, in seconds.
const JOB_SECONDS: &str = "3600";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<T> {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata,
    spec: Spec<T>,
}

#[derive(Serialize)]
struct Spec<T> {
    template: Template<T>,
}

#[derive(Serialize)]
struct Template<T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Annotated>,
    spec: T,
}

#[derive(Serialize)]
struct Annotated {
    annotations: Mapping<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pool<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    service_account_name: Option<String>,
    containers: [Container<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Execution<'a> {
    task_count: u32,
    template: Task<'a>,
}

#[derive(Serialize)]
struct Task<'a> {
    spec: TaskSpec<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TaskSpec<'a> {
    max_retries: u32,
    timeout_seconds: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_account_name: Option<String>,
    containers: [Container<'a>; 1],
}

/// A worker pool with as many instances as were designed, one outside production.
pub(super) fn pool(site: &Site<'_>, placed: &Placed<'_>, environment: &str) -> String {
    let plan: &ServicePlan = placed.plan;
    let instances = if environment == PRODUCTION { placed.instances } else { 1 };
    let scaling = annotations([
        ("run.googleapis.com/scalingMode", "manual".to_owned()),
        ("run.googleapis.com/manualInstanceCount", instances.to_string()),
    ]);
    to_yaml(&Object {
        api_version: API_VERSION,
        kind: "WorkerPool",
        metadata: Metadata { name: super::name(site, environment, &plan.slug), annotations: scaling },
        spec: Spec {
            template: Template {
                metadata: annotated(site, environment),
                spec: Pool {
                    service_account_name: container::runs_as(site, environment),
                    containers: [container::running(site, plan, environment, plan.commands.start.as_deref())],
                },
            },
        },
    })
}

/// A job of a name, which runs a command with a service's image and variables once.
pub(super) fn job(
    site: &Site<'_>,
    plan: &ServicePlan,
    environment: &str,
    name: &str,
    command: Option<&str>,
) -> String {
    to_yaml(&Object {
        api_version: API_VERSION,
        kind: "Job",
        metadata: Metadata { name: super::name(site, environment, name), annotations: Mapping::default() },
        spec: Spec {
            template: Template {
                metadata: annotated(site, environment),
                spec: Execution {
                    task_count: 1,
                    template: Task {
                        spec: TaskSpec {
                            // What has failed half-way is looked at by a person.
                            max_retries: 0,
                            timeout_seconds: JOB_SECONDS,
                            service_account_name: container::runs_as(site, environment),
                            containers: [container::running(site, plan, environment, command)],
                        },
                    },
                },
            },
        },
    })
}

fn annotated(site: &Site<'_>, environment: &str) -> Option<Annotated> {
    let annotations = container::network(site, environment);
    (!annotations.is_empty()).then(|| Annotated { annotations: annotations.into_iter().collect() })
}
