//! Cloudflare: one Worker for each service and environment, `deploy/cloudflare/<environment>/<service>/wrangler.jsonc`. A
//! service that runs from an image has a program besides, `deploy/cloudflare/<service>.ts`, which starts its container.
//!
//! Format: `config-schema.json` of npm package `wrangler` 4.164.0 (seen 2026-11-25). Paths count from the file's own folder;
//! the build runs where `wrangler` is started, which is the root.

mod container;
mod framework;

use serde::Serialize;
use siteplan_model::design::ServicePlan;
use siteplan_model::file::{File, Part};
use siteplan_model::survey::ServiceKind;

use self::framework::{Output, output};
use super::site::{Placed, Site, build_line, folder, json, literal, routes_in_browser, schedule};
use crate::names::plain;
use crate::yaml::Mapping;

/// From the folder of a configuration to the root.
const ROOT: &str = "../../../../";
/// The runtime's behaviour as of this day.
const COMPATIBILITY_DATE: &str = "2026-10-15";
/// A worker is looked after once a minute: its container is started unless it runs.
const EACH_MINUTE: &str = "* * * * *";

#[derive(Serialize)]
struct Worker<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    main: Option<String>,
    compatibility_date: &'static str,
    compatibility_flags: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    build: Option<Build>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assets: Option<Assets>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    containers: Vec<Container<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    durable_objects: Option<DurableObjects>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    migrations: Vec<Migration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    triggers: Option<Triggers<'a>>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    vars: Mapping<&'a str>,
    observability: Observability,
}

#[derive(Serialize)]
struct Build {
    command: String,
}

#[derive(Serialize)]
struct Assets {
    directory: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    binding: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_found_handling: Option<&'static str>,
}

#[derive(Serialize)]
struct Container<'a> {
    class_name: &'static str,
    image: String,
    image_build_context: String,
    instance_type: &'a str,
    max_instances: u32,
}

#[derive(Serialize)]
struct DurableObjects {
    bindings: [Binding; 1],
}

#[derive(Serialize)]
struct Binding {
    name: &'static str,
    class_name: &'static str,
}

#[derive(Serialize)]
struct Migration {
    tag: &'static str,
    new_sqlite_classes: [&'static str; 1],
}

#[derive(Serialize)]
struct Triggers<'a> {
    crons: [&'a str; 1],
}

#[derive(Serialize)]
struct Observability {
    enabled: bool,
}

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    let mut files = Vec::new();
    for environment in site.environments() {
        for placed in &site.services {
            files.push(File {
                part: Part::Platform,
                path: format!("deploy/cloudflare/{}/{}/wrangler.jsonc", plain(environment), placed.plan.slug),
                contents: json(&worker(site, placed, environment)),
                purpose: format!("the Worker {} in {environment}", placed.plan.slug),
                syntax: "json".to_owned(),
            });
        }
    }
    let images = site.services.iter().filter(|placed| runs_image(placed.plan));
    files.extend(images.map(|placed| File {
        part: Part::Platform,
        path: format!("deploy/cloudflare/{}.ts", placed.plan.slug),
        contents: container::program(site, placed),
        purpose: format!("the program that starts the container of {}", placed.plan.slug),
        syntax: "ts".to_owned(),
    }));
    files
}

/// Whether a service runs as a container: neither as files nor through the adapter of its framework.
fn runs_image(service: &ServicePlan) -> bool {
    service.kind != ServiceKind::Static && (service.needs_image || output(service).is_none())
}

fn worker<'a>(site: &Site<'a>, placed: &'a Placed<'a>, environment: &str) -> Worker<'a> {
    let service = placed.plan;
    let base = Worker {
        schema: "https://unpkg.com/wrangler@4/config-schema.json",
        name: site.resource_name(service, environment),
        main: None,
        compatibility_date: COMPATIBILITY_DATE,
        compatibility_flags: ["nodejs_compat"],
        build: None,
        assets: None,
        containers: Vec::new(),
        durable_objects: None,
        migrations: Vec::new(),
        triggers: None,
        vars: site
            .variables(service)
            .filter_map(|variable| Some((variable.name.clone(), literal(variable, environment)?)))
            .collect(),
        observability: Observability { enabled: true },
    };
    match output(service) {
        _ if runs_image(service) => contained(base, placed),
        Some(output) => rendered(base, service, environment, &output),
        None => Worker { vars: Mapping::default(), ..files_alone(base, service) },
    }
}

/// Files without a program.
fn files_alone<'a>(base: Worker<'a>, service: &ServicePlan) -> Worker<'a> {
    let not_found = if routes_in_browser(service) { "single-page-application" } else { "404-page" };
    Worker {
        build: build_line(service).map(|line| Build { command: in_folder(service, &line) }),
        assets: Some(Assets {
            directory: from_root(service, service.static_output.as_deref().unwrap_or_default()),
            binding: None,
            not_found_handling: Some(not_found),
        }),
        ..base
    }
}

/// What a framework's adapter makes: a program and files.
fn rendered<'a>(base: Worker<'a>, service: &ServicePlan, environment: &str, output: &Output) -> Worker<'a> {
    let configuration = format!("deploy/cloudflare/{}/{}/wrangler.jsonc", plain(environment), service.slug);
    Worker {
        main: Some(from_root(service, output.main)),
        build: output
            .build_line(service, &configuration)
            .map(|line| Build { command: in_folder(service, &line) }),
        assets: output.assets.map(|assets| Assets {
            directory: from_root(service, assets),
            binding: Some("ASSETS"),
            not_found_handling: None,
        }),
        ..base
    }
}

/// A program that starts a container.
fn contained<'a>(base: Worker<'a>, placed: &'a Placed<'a>) -> Worker<'a> {
    let service = placed.plan;
    let crons = match service.kind {
        ServiceKind::Worker => Some(EACH_MINUTE),
        _ => schedule(service),
    };
    let dockerfile = service.dockerfile_path();
    Worker {
        main: Some(format!("../../{}.ts", service.slug)),
        containers: vec![Container {
            class_name: container::CLASS,
            image: format!("{ROOT}{}", dockerfile.trim_start_matches("./")),
            image_build_context: match service.build_context.as_deref() {
                Some(folder) => format!("{ROOT}{folder}"),
                None => ROOT.to_owned(),
            },
            instance_type: &service.size,
            // A release starts new instances before it stops the old ones.
            max_instances: placed.instances.saturating_mul(2),
        }],
        durable_objects: Some(DurableObjects {
            bindings: [Binding { name: container::BINDING, class_name: container::CLASS }],
        }),
        migrations: vec![Migration { tag: "v1", new_sqlite_classes: [container::CLASS] }],
        triggers: crons.map(|cron| Triggers { crons: [cron] }),
        ..base
    }
}

/// A path of the service's folder as the configuration names it.
fn from_root(service: &ServicePlan, path: &str) -> String {
    let path = path.trim_start_matches("./");
    match folder(service) {
        Some(folder) if path.is_empty() => format!("{ROOT}{folder}"),
        Some(folder) => format!("{ROOT}{folder}/{path}"),
        None => format!("{ROOT}{path}"),
    }
}

/// A line that runs in the service's folder.
fn in_folder(service: &ServicePlan, line: &str) -> String {
    match folder(service) {
        Some(folder) => format!("cd {} && {line}", shlex::try_quote(folder).unwrap_or_default()),
        None => line.to_owned(),
    }
}
