//! Google Cloud Run: one file per environment and service, worker pool and job, and one for the migration,
//! `deploy/cloud-run/<environment>/<name>.yaml`; the Terraform stack that they run in, `infrastructure/google`.
//!
//! Format: `run.v1` Service, WorkerPool and Job, <https://cloud.google.com/run/docs/reference/yaml/v1> (seen 2026-11-25). The
//! pipeline puts image and project in the place of `IMAGE_URI` and `PROJECT_ID`.

mod background;
mod container;
mod stack;

use serde::Serialize;
use siteplan_model::file::{File, Part};
use siteplan_model::survey::ServiceKind;

use super::site::{PRODUCTION, Placed, Site};
use crate::names::plain;
use crate::yaml::{Mapping, to_yaml};
use container::Container;

const IMAGE: &str = "IMAGE_URI";
/// The variable that Cloud Run sets itself.
const PORT: &str = "PORT";
/// The job that migrates.
const MIGRATION: &str = "migrate";
/// Most instances: a limit to the bill, to be raised with the load.
const MOST_INSTANCES: u32 = 10;
const USUAL_REGION: &str = "us-central1";
/// Longest name of a service account.
const ACCOUNT: usize = 30;

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
    #[serde(skip_serializing_if = "Mapping::is_empty")]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    service_account_name: Option<String>,
    containers: [Container<'a>; 1],
}

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    let mut files = Vec::new();
    for environment in site.environments() {
        for placed in &site.services {
            let plan = placed.plan;
            let (kind, contents) = if plan.kind.serves_http() {
                ("service", to_yaml(&service(site, placed, environment)))
            } else if plan.kind == ServiceKind::Cron {
                let command = plan.commands.start.as_deref();
                ("job", background::job(site, plan, environment, &plan.slug, command))
            } else {
                ("worker pool", background::pool(site, placed, environment))
            };
            files.push(file(environment, &plan.slug, contents, &format!("the {kind} {}", plan.slug)));
        }
        if let Some((plan, migrate)) = migration(site) {
            let contents = background::job(site, plan, environment, MIGRATION, Some(migrate));
            files.push(file(environment, MIGRATION, contents, "the job that migrates before a release"));
        }
    }
    files.extend(stack::files(site));
    files
}

fn file(environment: &str, name: &str, contents: String, what: &str) -> File {
    File {
        part: Part::Platform,
        path: format!("deploy/cloud-run/{}/{name}.yaml", plain(environment)),
        contents,
        purpose: format!("{what} in {environment}"),
        syntax: "yaml".to_owned(),
    }
}

/// The service whose image migrates, with the command.
fn migration<'a>(site: &Site<'a>) -> Option<(&'a siteplan_model::design::ServicePlan, &'a str)> {
    site.services.iter().find_map(|placed| Some((placed.plan, site.migration(placed.plan)?)))
}

/// The name of a service, worker pool or job in an environment.
fn name(site: &Site<'_>, environment: &str, slug: &str) -> String {
    format!("{}-{environment}-{slug}", site.design.application.slug)
}

/// The account that everything of an environment runs as.
fn account(site: &Site<'_>, environment: &str) -> String {
    let whole = format!("{}-{environment}", site.design.application.slug);
    let short: String = whole.chars().take(ACCOUNT).collect();
    short.strip_suffix('-').map_or(short.clone(), str::to_owned)
}

fn annotations<const N: usize>(entries: [(&str, String); N]) -> Mapping<String> {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn service<'a>(site: &Site<'a>, placed: &Placed<'a>, environment: &str) -> Service<'a> {
    let plan = placed.plan;
    let least = if environment == PRODUCTION { placed.kept } else { 0 };
    let mut of_template = annotations([
        ("autoscaling.knative.dev/minScale", least.to_string()),
        ("autoscaling.knative.dev/maxScale", MOST_INSTANCES.max(least).to_string()),
        ("run.googleapis.com/startup-cpu-boost", "true".to_owned()),
    ]);
    of_template.extend(container::network(site, environment));
    Service {
        api_version: "serving.knative.dev/v1",
        kind: "Service",
        metadata: Metadata {
            name: name(site, environment, &plan.slug),
            annotations: annotations([("run.googleapis.com/ingress", "all".to_owned())]),
        },
        spec: Spec {
            template: Template {
                metadata: TemplateMetadata { annotations: of_template },
                spec: TemplateSpec {
                    // Below one CPU Cloud Run sends one request at a time.
                    container_concurrency: if plan.vcpu < 1.0 { 1 } else { 80 },
                    timeout_seconds: 300,
                    service_account_name: container::runs_as(site, environment),
                    containers: [container::serving(site, plan, environment)],
                },
            },
            traffic: [Traffic { percent: 100, latest_revision: true }],
        },
    }
}
