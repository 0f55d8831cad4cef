//! Coolify: `compose.coolify.yaml` for applications of several services, which one Coolify application of the build pack
//! Docker Compose reads. A single service needs no file: Coolify builds it as it is.
//!
//! Format: <https://github.com/coollabsio/coolify-docs/blob/main/content/docs/applications/builds/docker-compose.mdx>
//! (seen 2026-11-25). `${NAME:?}` makes a variable in Coolify that must be filled in before it deploys; `SERVICE_URL_…`
//! gives a service an address. Databases are resources of their own there, because only those have scheduled backups.

use serde::Serialize;
use siteplan_model::design::ServicePlan;
use siteplan_model::file::{File, Part};
use siteplan_model::survey::ServiceKind;

use super::compose::{Check, verbatim};
use super::server::{health_command, health_path};
use super::site::{Placed, Site};
use crate::names::plain;
use crate::yaml::{Mapping, spaced, to_yaml};

#[derive(Serialize)]
struct Project {
    services: Mapping<Service>,
}

#[derive(Serialize)]
struct Service {
    build: Build,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    entrypoint: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    command: Vec<String>,
    restart: &'static str,
    init: bool,
    stop_grace_period: &'static str,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    environment: Mapping<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    expose: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    healthcheck: Option<Check>,
}

#[derive(Serialize)]
struct Build {
    context: String,
    dockerfile: String,
}

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    // A scheduled service is a scheduled task of a running one, which only the dashboard makes.
    let running: Vec<&Placed<'_>> =
        site.services.iter().filter(|placed| placed.plan.kind != ServiceKind::Cron).collect();
    if running.len() < 2 {
        return Vec::new();
    }
    let project =
        Project { services: running.iter().map(|placed| (key(placed), service(site, placed))).collect() };
    vec![File {
        part: Part::Platform,
        path: "compose.coolify.yaml".to_owned(),
        contents: spaced(&to_yaml(&project)),
        purpose:
            "the services, built and run by one Coolify application; databases are resources of their own"
                .to_owned(),
        syntax: "yaml".to_owned(),
    }]
}

fn key(placed: &Placed<'_>) -> String {
    plain(&placed.plan.slug).to_ascii_lowercase()
}

fn service(site: &Site<'_>, placed: &Placed<'_>) -> Service {
    let plan = placed.plan;
    let health = health_path(site, placed).and_then(|path| health_command(plan, &path));
    let start = plan.commands.start.as_deref();
    let line = match (site.migration(plan), start) {
        (Some(migration), Some(start)) => Some(format!("{migration} && exec {start}")),
        // The image starts what users reach; whatever else it holds is started by its own command.
        (None, Some(start)) if !plan.kind.serves_http() => Some(start.to_owned()),
        _ => None,
    };
    let reached = plan.kind.serves_http() && plan.port > 0;
    let run = line.map(|line| vec!["sh".to_owned(), "-c".to_owned(), verbatim(&line)]).unwrap_or_default();
    // An entry point of the repository's own image would take the command for its arguments.
    let has_entry = plan.dockerfile.is_some() && plan.image.as_ref().is_some_and(|image| image.entrypoint);
    Service {
        build: build(plan),
        entrypoint: if has_entry { run.clone() } else { Vec::new() },
        command: if has_entry { Vec::new() } else { run },
        restart: "unless-stopped",
        init: true,
        stop_grace_period: "30s",
        environment: environment(site, placed),
        expose: reached.then(|| plan.port.to_string()).into_iter().collect(),
        healthcheck: health.map(|command| Check::of_service(site, &command)),
    }
}

/// Compose counts the path of the Dockerfile from the context.
fn build(plan: &ServicePlan) -> Build {
    let path = plan.dockerfile_path();
    let below = plan.build_context.as_deref().and_then(|folder| {
        Some((format!("./{folder}"), path.strip_prefix(folder)?.strip_prefix('/')?.to_owned()))
    });
    let (context, dockerfile) = below.unwrap_or_else(|| (".".to_owned(), path.clone()));
    Build { context, dockerfile }
}

/// Values in which the environments agree; what differs or is secret is filled in in Coolify.
fn environment(site: &Site<'_>, placed: &Placed<'_>) -> Mapping<String> {
    let plan = placed.plan;
    let mut environment = Mapping::default();
    if plan.kind.serves_http() && plan.port > 0 {
        let id = key(placed).to_ascii_uppercase().replace('-', "_");
        environment.extend([
            (format!("SERVICE_URL_{id}_{}", plan.port), "/".to_owned()),
            ("PORT".to_owned(), plan.port.to_string()),
        ]);
    }
    if plan.kind != ServiceKind::Static {
        environment.extend(site.variables_but_port(plan).filter_map(|variable| {
            let value = match site.shared_literal(variable) {
                Some(value) => verbatim(value),
                None if variable.secret || variable.required => format!("${{{}:?}}", variable.name),
                None => return None,
            };
            Some((variable.name.clone(), value))
        }));
    }
    environment
}
