//! Fly.io: `fly.toml`, shared by the apps of all environments, which the pipeline names.
//!
//! Format: <https://fly.io/docs/reference/configuration/> (2026-08-07, seen 2026-11-22).

use std::collections::BTreeMap;

use serde::Serialize;
use siteplan_model::file::{File, Part};
use siteplan_model::survey::ServiceKind;

use super::site::{Placed, Site};

#[derive(Serialize)]
struct Configuration<'a> {
    app: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_region: Option<&'a str>,
    kill_signal: &'static str,
    kill_timeout: u32,
    build: Build,
    deploy: Deploy<'a>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    env: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    processes: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_service: Option<HttpService<'a>>,
    vm: Vec<Machine<'a>>,
}

#[derive(Serialize)]
struct Build {
    dockerfile: String,
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

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    let Some(main) = site.main() else { return Vec::new() };
    let migration = site.services.iter().find_map(|placed| site.migration(placed.plan));
    let configuration = Configuration {
        app: &site.design.application.slug,
        primary_region: site.region(),
        kill_signal: "SIGTERM",
        kill_timeout: 30,
        build: Build { dockerfile: main.plan.dockerfile_path() },
        deploy: Deploy { release_command: migration, strategy: "rolling" },
        env: env(site),
        processes: running(site)
            .filter(|placed| group(site, placed).is_some())
            .filter_map(|placed| Some((placed.plan.slug.as_str(), placed.plan.commands.start.as_deref()?)))
            .collect(),
        http_service: main.plan.kind.serves_http().then(|| http_service(site, main)),
        vm: running(site).map(|placed| machine(site, placed)).collect(),
    };
    vec![File {
        part: Part::Platform,
        path: "fly.toml".to_owned(),
        contents: toml::to_string(&configuration).expect("maps, lists and strings always serialise"),
        purpose: "processes, health check and size of the Machines".to_owned(),
        syntax: "toml".to_owned(),
    }]
}

/// Values in which the environments agree.
fn env<'a>(site: &Site<'a>) -> BTreeMap<&'a str, &'a str> {
    let Some(main) = site.main() else { return BTreeMap::new() };
    let shared = site
        .variables(main.plan)
        .filter_map(|variable| site.shared_literal(variable).map(|value| (variable.name.as_str(), value)));
    shared.collect()
}

/// What runs all the time. Fly starts a process group again when it ends, so a scheduled service is none.
fn running<'s, 'a>(site: &'s Site<'a>) -> impl Iterator<Item = &'s Placed<'a>> {
    site.services.iter().filter(|placed| placed.plan.kind != ServiceKind::Cron)
}

/// The process group of a service; a single service needs none.
fn group<'a>(site: &Site<'a>, placed: &Placed<'a>) -> Option<[&'a str; 1]> {
    (running(site).count() > 1).then_some([placed.plan.slug.as_str()])
}

fn http_service<'a>(site: &Site<'a>, placed: &Placed<'a>) -> HttpService<'a> {
    let health = &site.design.health;
    let path = placed
        .plan
        .health_path
        .as_deref()
        .filter(|_| health.included && placed.plan.kind != ServiceKind::Static);
    HttpService {
        processes: group(site, placed),
        internal_port: placed.plan.port,
        force_https: true,
        auto_stop_machines: "off",
        auto_start_machines: true,
        min_machines_running: placed.instances,
        checks: path
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
fn machine<'a>(site: &Site<'a>, placed: &Placed<'a>) -> Machine<'a> {
    let id = placed.plan.size.as_str();
    Machine {
        size: id.rsplit_once('-').map_or(id, |(cpu, _)| cpu),
        memory: format!("{}mb", placed.plan.memory_mb),
        processes: group(site, placed),
    }
}
