//! One service as Kubernetes objects: a Deployment with its Service, or a CronJob; and the Job that migrates.

use serde::Serialize;
use siteplan_model::design::ServicePlan;

use super::super::site::{Placed, Site, schedule};
use super::pod::{HTTP, PodTemplate, Runs, Selector, pod};
use super::{Flavour, Labels, Metadata, Object, chosen, joined, metadata};
use crate::yaml::to_yaml;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeploymentSpec<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    replicas: Option<u32>,
    selector: Selector,
    strategy: Strategy,
    template: PodTemplate<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Strategy {
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rolling_update: Option<RollingUpdate>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RollingUpdate {
    max_unavailable: u32,
    max_surge: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CronJobSpec<'a> {
    schedule: &'a str,
    time_zone: &'static str,
    concurrency_policy: &'static str,
    starting_deadline_seconds: u32,
    job_template: JobTemplate<'a>,
}

#[derive(Serialize)]
struct JobTemplate<'a> {
    spec: JobSpec<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JobSpec<'a> {
    backoff_limit: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    active_deadline_seconds: Option<u32>,
    template: PodTemplate<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ServiceAccount {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata,
    automount_service_account_token: bool,
}

#[derive(Serialize)]
struct ServiceSpec {
    selector: Labels,
    ports: [ServicePort; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ServicePort {
    name: &'static str,
    port: u16,
    target_port: &'static str,
}

/// Seconds that a migration may take.
const MIGRATION_LASTS: u32 = 600;

/// The objects of one service, as one file.
pub(super) fn documents(site: &Site<'_>, placed: &Placed<'_>, flavour: &Flavour) -> String {
    let plan = placed.plan;
    if let Some(schedule) = schedule(plan) {
        return format!("{}{}", site.schedule_note("#"), to_yaml(&cron_job(site, plan, schedule)));
    }
    let service = plan.kind.serves_http().then(|| to_yaml(&service(site, plan, flavour)));
    joined(std::iter::once(to_yaml(&deployment(site, placed))).chain(service))
}

/// The account that pods run under: it may ask the cluster nothing.
pub(super) fn account(site: &Site<'_>) -> String {
    to_yaml(&ServiceAccount {
        api_version: "v1",
        kind: "ServiceAccount",
        metadata: metadata(site, &site.design.application.slug),
        automount_service_account_token: false,
    })
}

fn deployment<'a>(site: &Site<'a>, placed: &Placed<'a>) -> Object<DeploymentSpec<'a>> {
    let plan = placed.plan;
    Object {
        api_version: "apps/v1",
        kind: "Deployment",
        metadata: metadata(site, &plan.slug),
        spec: DeploymentSpec {
            // Where an autoscaler counts, a number here would undo its count at each release; without one it is 1.
            replicas: (placed.instances <= 1).then_some(1),
            selector: Selector { match_labels: chosen(&plan.slug) },
            strategy: if plan.single {
                // Two that keep one schedule would do everything twice.
                Strategy { r#type: Some("Recreate"), rolling_update: None }
            } else {
                let rolling_update = RollingUpdate { max_unavailable: 0, max_surge: 1 };
                Strategy { r#type: None, rolling_update: Some(rolling_update) }
            },
            template: pod(site, plan, &plan.slug, Runs::Always(placed.instances)),
        },
    }
}

fn cron_job<'a>(site: &Site<'a>, plan: &'a ServicePlan, schedule: &'a str) -> Object<CronJobSpec<'a>> {
    Object {
        api_version: "batch/v1",
        kind: "CronJob",
        metadata: metadata(site, &plan.slug),
        spec: CronJobSpec {
            schedule,
            time_zone: "Etc/UTC",
            concurrency_policy: "Forbid",
            starting_deadline_seconds: 300,
            job_template: JobTemplate {
                spec: JobSpec {
                    backoff_limit: 1,
                    active_deadline_seconds: None,
                    template: pod(site, plan, &plan.slug, Runs::Once),
                },
            },
        },
    }
}

/// The job that migrates, with the account that it runs under: the first release has neither.
pub(super) fn migration(site: &Site<'_>) -> Option<String> {
    let (placed, line) =
        site.services.iter().find_map(|placed| Some((placed, site.migration(placed.plan)?)))?;
    let name = format!("{}-migrate", placed.plan.slug);
    let job = Object {
        api_version: "batch/v1",
        kind: "Job",
        metadata: metadata(site, &name),
        spec: JobSpec {
            backoff_limit: 0,
            active_deadline_seconds: Some(MIGRATION_LASTS),
            template: pod(site, placed.plan, &name, Runs::Command(line)),
        },
    };
    Some(joined([account(site), to_yaml(&job)]))
}

fn service(site: &Site<'_>, plan: &ServicePlan, flavour: &Flavour) -> Object<ServiceSpec> {
    let mut metadata = metadata(site, &plan.slug);
    metadata.annotations = flavour
        .service_annotations
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    Object {
        api_version: "v1",
        kind: "Service",
        metadata,
        spec: ServiceSpec {
            selector: chosen(&plan.slug),
            ports: [ServicePort { name: HTTP, port: 80, target_port: HTTP }],
        },
    }
}
