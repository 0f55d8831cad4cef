//! Azure Container Apps: one file per environment and service, `deploy/container-apps/<environment>/<service>.yaml`: an app
//! for what runs all the time, a job for what runs on a schedule or migrates the database.
//!
//! Format: what `az containerapp create --yaml` and `az containerapp job create --yaml` read (azure-cli 2.91.0,
//! azure-mgmt-appcontainers 5.1.0, seen 2026-11-25). The pipeline puts the image and the account's names in the place of the
//! words in capitals.

mod template;

use serde::Serialize;
use siteplan_model::file::{File, Part};
use siteplan_model::survey::ServiceKind;

use self::template::{Container, Secret, container, secrets};
use super::site::{PRODUCTION, Placed, Site, schedule};
use crate::names::plain;
use crate::yaml::{Mapping, to_yaml};

/// Most replicas: a limit to the bill, to be raised with the load.
const MOST_REPLICAS: u32 = 10;
/// Seconds that a job may take.
const JOB_SECONDS: u32 = 1800;

const GROUP: &str = "/subscriptions/SUBSCRIPTION_ID/resourceGroups/RESOURCE_GROUP/providers";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource<C, T> {
    #[serde(rename = "type")]
    kind: &'static str,
    identity: Identity,
    properties: Properties<C, T>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    #[serde(rename = "type")]
    kind: &'static str,
    user_assigned_identities: Mapping<Mapping<()>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties<C, T> {
    environment_id: String,
    configuration: C,
    template: T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AppConfiguration {
    active_revisions_mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ingress: Option<Ingress>,
    registries: [Registry; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    secrets: Vec<Secret>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ingress {
    external: bool,
    target_port: u16,
    transport: &'static str,
    allow_insecure: bool,
}

#[derive(Serialize)]
struct Registry {
    server: &'static str,
    identity: String,
}

#[derive(Serialize)]
struct AppTemplate<'a> {
    containers: [Container<'a>; 1],
    scale: Scale,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Scale {
    min_replicas: u32,
    max_replicas: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JobConfiguration<'a> {
    trigger_type: &'static str,
    replica_timeout: u32,
    replica_retry_limit: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule_trigger_config: Option<Schedule<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    manual_trigger_config: Option<Manual>,
    registries: [Registry; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    secrets: Vec<Secret>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Schedule<'a> {
    cron_expression: &'a str,
    parallelism: u32,
    replica_completion_count: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Manual {
    parallelism: u32,
    replica_completion_count: u32,
}

#[derive(Serialize)]
struct JobTemplate<'a> {
    containers: [Container<'a>; 1],
}

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    let mut files = Vec::new();
    for environment in site.environments() {
        let folder = format!("deploy/container-apps/{}", plain(environment));
        for placed in &site.services {
            let slug = &placed.plan.slug;
            let (contents, what) = if placed.plan.kind == ServiceKind::Cron {
                let start = placed.plan.commands.start.as_deref();
                (job(site, placed, environment, start, schedule(placed.plan)), "the job")
            } else {
                (app(site, placed, environment), "the container app")
            };
            files.push(file(
                format!("{folder}/{slug}.yaml"),
                contents,
                format!("{what} {slug} in {environment}"),
            ));
            if let Some(migrate) = site.migration(placed.plan) {
                let contents = job(site, placed, environment, Some(migrate), None);
                let purpose = format!("the job that migrates the database of {environment}");
                files.push(file(format!("{folder}/{slug}-migrate.yaml"), contents, purpose));
            }
        }
    }
    files
}

fn file(path: String, contents: String, purpose: String) -> File {
    File { part: Part::Platform, path, contents, purpose, syntax: "yaml".to_owned() }
}

fn app(site: &Site<'_>, placed: &Placed<'_>, environment: &str) -> String {
    let service = placed.plan;
    let is_server = service.kind.serves_http();
    let identity = identity(site, environment);
    // A worker runs all the time; a server in as many instances as production keeps, elsewhere only while somebody calls.
    let least = match (is_server, environment == PRODUCTION) {
        (false, _) => placed.instances,
        (true, true) => placed.kept,
        (true, false) => 0,
    };
    to_yaml(&Resource {
        kind: "Microsoft.App/containerApps",
        identity: assigned(&identity),
        properties: Properties {
            environment_id: environment_id(site, environment),
            configuration: AppConfiguration {
                active_revisions_mode: "Single",
                ingress: is_server.then_some(Ingress {
                    external: true,
                    target_port: service.port,
                    transport: "auto",
                    allow_insecure: false,
                }),
                registries: [registry(&identity)],
                secrets: secrets(site, service, environment, &identity),
            },
            template: AppTemplate {
                containers: [container(
                    site,
                    service,
                    environment,
                    service.commands.start.as_deref().filter(|_| !is_server),
                )],
                scale: Scale {
                    min_replicas: least,
                    max_replicas: if is_server { MOST_REPLICAS.max(least) } else { least },
                },
            },
        },
    })
}

/// A job that runs `command`: on a schedule, or when somebody starts it.
fn job(
    site: &Site<'_>,
    placed: &Placed<'_>,
    environment: &str,
    command: Option<&str>,
    cron: Option<&str>,
) -> String {
    let service = placed.plan;
    let identity = identity(site, environment);
    to_yaml(&Resource {
        kind: "Microsoft.App/jobs",
        identity: assigned(&identity),
        properties: Properties {
            environment_id: environment_id(site, environment),
            configuration: JobConfiguration {
                trigger_type: if cron.is_some() { "Schedule" } else { "Manual" },
                replica_timeout: JOB_SECONDS,
                replica_retry_limit: 0,
                schedule_trigger_config: cron.map(|cron_expression| Schedule {
                    cron_expression,
                    parallelism: 1,
                    replica_completion_count: 1,
                }),
                manual_trigger_config: cron
                    .is_none()
                    .then_some(Manual { parallelism: 1, replica_completion_count: 1 }),
                registries: [registry(&identity)],
                secrets: secrets(site, service, environment, &identity),
            },
            template: JobTemplate { containers: [container(site, service, environment, command)] },
        },
    })
}

fn environment_id(site: &Site<'_>, environment: &str) -> String {
    let app = &site.design.application.slug;
    format!("{GROUP}/Microsoft.App/managedEnvironments/{app}-{}", plain(environment))
}

/// The identity that pulls images and reads secrets.
fn identity(site: &Site<'_>, environment: &str) -> String {
    let app = &site.design.application.slug;
    format!("{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/{app}-{}", plain(environment))
}

fn assigned(identity: &str) -> Identity {
    Identity {
        kind: "UserAssigned",
        user_assigned_identities: [(identity.to_owned(), Mapping::default())].into_iter().collect(),
    }
}

fn registry(identity: &str) -> Registry {
    Registry { server: "REGISTRY_NAME.azurecr.io", identity: identity.to_owned() }
}
