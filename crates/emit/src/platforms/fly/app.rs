//! The configuration of one app.

use std::collections::BTreeMap;

use serde::Serialize;
use siteplan_model::survey::ServiceKind;

use super::super::site::{Placed, Site, port, schedule};

#[derive(Serialize)]
struct Configuration<'a> {
    app: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_region: Option<&'a str>,
    kill_signal: &'static str,
    kill_timeout: u32,
    build: Build,
    deploy: Deploy<'a>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    env: BTreeMap<&'a str, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    processes: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_service: Option<HttpService<'a>>,
    vm: Vec<Machine<'a>>,
}

#[derive(Serialize)]
struct Build {
    dockerfile: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    args: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Deploy<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    release_command: Option<&'a str>,
    strategy: &'static str,
}

#[derive(Serialize)]
struct HttpService<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    processes: Option<[&'a str; 1]>,
    internal_port: u16,
    force_https: bool,
    auto_stop_machines: &'static str,
    auto_start_machines: bool,
    min_machines_running: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    checks: Vec<Check<'a>>,
}

#[derive(Serialize)]
struct Check<'a> {
    method: &'static str,
    path: &'a str,
    interval: String,
    timeout: String,
    grace_period: &'static str,
}

#[derive(Serialize)]
struct Machine<'a> {
    size: &'a str,
    memory: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    processes: Option<[&'a str; 1]>,
}

/// What the build reads and anybody may see, where all environments agree: Fly.io builds the image from this file.
fn arguments(site: &Site<'_>, lead: &Placed<'_>) -> BTreeMap<String, String> {
    let read = site.variables_but_port(lead.plan);
    let read = read.filter(|variable| !variable.secret && variable.when.contains("build"));
    read.filter_map(|variable| Some((variable.name.clone(), site.shared_literal(variable)?.to_owned())))
        .collect()
}

/// The file of an app that runs these services, the one that users reach first.
pub(super) fn configuration(site: &Site<'_>, services: &[&Placed<'_>]) -> String {
    let Some(lead) = services.first() else { return String::new() };
    // A single process runs what its image says, unless nothing is reached at it and it is one of several in the image.
    let several = services.len() > 1 || !lead.plan.kind.serves_http();
    let configuration = Configuration {
        app: site.resource_name(lead.plan, super::super::site::PRODUCTION),
        primary_region: site.region(),
        kill_signal: "SIGTERM",
        kill_timeout: 30,
        build: Build { dockerfile: lead.plan.dockerfile_path(), args: arguments(site, lead) },
        deploy: Deploy {
            release_command: services.iter().find_map(|placed| site.migration(placed.plan)),
            strategy: "rolling",
        },
        env: env(site, lead),
        processes: services
            .iter()
            .filter(|_| several)
            // An empty command is the image's own.
            .map(|placed| {
                (placed.plan.slug.as_str(), placed.plan.commands.start.as_deref().unwrap_or_default())
            })
            .collect(),
        http_service: lead.plan.kind.serves_http().then(|| HttpService {
            processes: several.then_some([lead.plan.slug.as_str()]),
            ..http_service(site, lead)
        }),
        vm: services
            .iter()
            .map(|placed| Machine {
                processes: several.then_some([placed.plan.slug.as_str()]),
                ..machine(placed)
            })
            .collect(),
    };
    toml::to_string(&configuration).expect("maps, lists and strings always serialise")
}

/// Values in which the environments agree, and the port that the first service listens on.
fn env<'a>(site: &Site<'a>, lead: &Placed<'a>) -> BTreeMap<&'a str, String> {
    let shared = site.variables_but_port(lead.plan).filter_map(|variable| {
        site.shared_literal(variable).map(|value| (variable.name.as_str(), value.to_owned()))
    });
    shared.chain(port(lead.plan).map(|port| ("PORT", port))).collect()
}

fn http_service<'a>(site: &Site<'a>, placed: &Placed<'a>) -> HttpService<'a> {
    let health = &site.design.health;
    HttpService {
        processes: None,
        internal_port: placed.plan.port,
        force_https: true,
        auto_stop_machines: "off",
        auto_start_machines: true,
        min_machines_running: placed.instances,
        checks: site
            .probe_path(placed.plan)
            .map(|path| Check {
                method: "GET",
                path,
                interval: format!("{}s", health.interval_seconds),
                timeout: format!("{}s", health.timeout_seconds),
                grace_period: "20s",
            })
            .into_iter()
            .collect(),
    }
}

/// The catalog's sizes are named after CPU and memory: `shared-cpu-1x-512mb`.
fn machine<'a>(placed: &Placed<'a>) -> Machine<'a> {
    let id = placed.plan.size.as_str();
    Machine {
        size: id.rsplit_once('-').map_or(id, |(cpu, _)| cpu),
        memory: format!("{}mb", placed.plan.memory_mb),
        processes: None,
    }
}

/// What the file says of scheduled services, which it cannot hold.
pub(super) fn schedules(site: &Site<'_>) -> String {
    let any = site
        .services
        .iter()
        .any(|placed| placed.plan.kind == ServiceKind::Cron && schedule(placed.plan).is_some());
    if any {
        "# Scheduled jobs are Machines of their own beside these, which the pipeline makes: a file cannot hold them.\n".to_owned()
    } else {
        String::new()
    }
}
