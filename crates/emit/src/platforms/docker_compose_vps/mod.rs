//! Docker Compose on a server: `compose.<environment>.yaml`, `deploy/Caddyfile` for the proxy that obtains the
//! certificates, and `deploy/crontab-<environment>` for scheduled jobs.
//!
//! Format: <https://github.com/compose-spec/compose-spec/blob/main/spec.md>, <https://caddyserver.com/docs/caddyfile>
//! (seen 2026-11-25). Values that `.env` on the server holds are `${NAME:?}`; the pipeline writes `REGISTRY` and `COMMIT`.

use serde::Serialize;
use siteplan_model::design::{DataResource, ServicePlan};
use siteplan_model::file::{File, Part};
use siteplan_model::survey::ServiceKind;

use super::compose::{Check, verbatim};
use super::server::{Engine, engine_of, engines, health_command, health_path, nightly_dump, times};
use super::site::{Placed, Site, is_indispensable, literal};
use crate::names::plain;
use crate::yaml::{Mapping, spaced, to_yaml};

/// The name of the proxy's service.
const PROXY: &str = "caddy";
const PROXY_IMAGE: &str = "caddy:2.11";
/// The variable that holds the application's host name; further services have a name below it.
const HOST: &str = "APP_HOST";
/// The one-off service that migrates.
const MIGRATION: &str = "migrate";

#[derive(Serialize)]
struct Project {
    name: String,
    services: Mapping<Service>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    volumes: Mapping<Volume>,
}

#[derive(Serialize)]
struct Volume {}

#[derive(Default, Serialize)]
struct Service {
    image: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    profiles: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    entrypoint: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    command: Vec<String>,
    restart: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scale: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    init: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop_grace_period: Option<&'static str>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    environment: Mapping<Option<String>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ports: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    volumes: Vec<String>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    depends_on: Mapping<Dependency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    healthcheck: Option<Check>,
    logging: Logging,
}

#[derive(Serialize)]
struct Dependency {
    condition: &'static str,
}

/// Docker keeps logs without end unless it is told otherwise.
#[derive(Serialize)]
struct Logging {
    driver: &'static str,
    options: Rotation,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Rotation {
    max_size: &'static str,
    max_file: &'static str,
}

impl Default for Logging {
    fn default() -> Self {
        Self { driver: "local", options: Rotation { max_size: "20m", max_file: "5" } }
    }
}

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    let mut files = Vec::new();
    for environment in site.environments() {
        let at = plain(environment);
        files.push(File {
            part: Part::Platform,
            path: format!("compose.{at}.yaml"),
            contents: spaced(&to_yaml(&project(site, environment))),
            purpose: format!("containers, volumes and health checks of {environment}"),
            syntax: "yaml".to_owned(),
        });
        if let Some(contents) = crontab(site, environment) {
            files.push(File {
                part: Part::Platform,
                path: format!("deploy/crontab-{at}"),
                contents,
                purpose: format!("the schedule of the jobs in {environment}"),
                syntax: "text".to_owned(),
            });
        }
    }
    files.extend(caddyfile(site));
    files
}

fn project(site: &Site<'_>, environment: &str) -> Project {
    let data = engines(site);
    let mut services = Mapping::default();
    services.extend(proxy(site).map(|service| (PROXY.to_owned(), service)));
    services.extend(site.services.iter().map(|placed| (key(placed), app(site, placed, environment))));
    services.extend(migration(site, environment).map(|service| (MIGRATION.to_owned(), service)));
    for (engine, resource) in &data {
        services.extend([(engine.id.to_owned(), store(engine, resource))]);
        services.extend(backup(engine, resource).map(|service| (format!("{}-backup", engine.id), service)));
    }
    let kept = data.iter().filter(|(engine, _)| engine.data.is_some()).map(|(engine, _)| volume(engine));
    let dumps = data.iter().any(|(engine, _)| engine.dump.is_some()).then(|| "backups".to_owned());
    let certificates = site.services.iter().any(|placed| placed.plan.kind.serves_http());
    let certificates = ["caddy-data", "caddy-config"].into_iter().filter(|_| certificates).map(str::to_owned);
    let slug = plain(&format!("{}-{environment}", site.design.application.slug)).to_ascii_lowercase();
    Project {
        name: slug,
        services,
        volumes: certificates.chain(kept).chain(dumps).map(|name| (name, Volume {})).collect(),
    }
}

/// The key of a service, which is also its name in the network.
fn key(placed: &Placed<'_>) -> String {
    plain(&placed.plan.slug).to_ascii_lowercase()
}

fn volume(engine: &Engine) -> String {
    format!("{}-data", engine.id)
}

/// A value that the file `.env` on the server must hold.
fn from_env(name: &str) -> String {
    format!("${{{name}:?set {name} in .env}}")
}

fn image(site: &Site<'_>, placed: &Placed<'_>) -> String {
    let app = plain(&site.design.application.slug).to_ascii_lowercase();
    format!("${{REGISTRY:?}}/{app}/{}:${{COMMIT:?}}", key(placed))
}

fn proxy(site: &Site<'_>) -> Option<Service> {
    let is_served = site.services.iter().any(|placed| placed.plan.kind.serves_http());
    is_served.then(|| Service {
        image: PROXY_IMAGE.to_owned(),
        restart: "unless-stopped",
        environment: [(HOST.to_owned(), Some(from_env(HOST)))].into_iter().collect(),
        ports: vec!["80:80/tcp", "443:443/tcp", "443:443/udp"],
        volumes: vec![
            "./Caddyfile:/etc/caddy/Caddyfile:ro".to_owned(),
            "caddy-data:/data".to_owned(),
            "caddy-config:/config".to_owned(),
        ],
        ..Service::default()
    })
}

fn app(site: &Site<'_>, placed: &Placed<'_>, environment: &str) -> Service {
    let plan = placed.plan;
    let is_job = plan.kind == ServiceKind::Cron;
    let health = health_path(site, placed).and_then(|path| health_command(plan, &path));
    let migrates = site.services.iter().any(|other| site.migration(other.plan).is_some());
    // The image starts what users reach; whatever else it holds is started by its own command.
    let own = plan.commands.start.as_deref().filter(|_| !plan.kind.serves_http());
    let (entrypoint, command) = started(plan, own);
    let mut depends_on = stores(site);
    depends_on.extend(
        migrates.then(|| (MIGRATION.to_owned(), Dependency { condition: "service_completed_successfully" })),
    );
    Service {
        image: image(site, placed),
        profiles: if is_job { vec!["jobs"] } else { Vec::new() },
        entrypoint,
        command,
        restart: if is_job { "no" } else { "unless-stopped" },
        init: Some(true),
        stop_grace_period: Some("30s"),
        environment: variables(site, placed, environment),
        depends_on,
        healthcheck: health.map(|command| Check::of_service(site, &command)),
        ..Service::default()
    }
}

/// Entry point and command that run a line: an entry point of the repository's own image would take the line for its arguments.
fn started(plan: &ServicePlan, line: Option<&str>) -> (Vec<String>, Vec<String>) {
    let command = line.map(shell).unwrap_or_default();
    let has_entry = plan.dockerfile.is_some() && plan.image.as_ref().is_some_and(|image| image.entrypoint);
    if has_entry { (command, Vec::new()) } else { (Vec::new(), command) }
}

fn shell(line: &str) -> Vec<String> {
    vec!["sh".to_owned(), "-c".to_owned(), verbatim(line)]
}

/// The data stores that must take connections first.
fn stores(site: &Site<'_>) -> Mapping<Dependency> {
    let healthy = |id: &str| (id.to_owned(), Dependency { condition: "service_healthy" });
    engines(site).iter().map(|(engine, _)| healthy(engine.id)).collect()
}

fn variables(site: &Site<'_>, placed: &Placed<'_>, environment: &str) -> Mapping<Option<String>> {
    let mut variables: Mapping<Option<String>> = site
        .variables_but_port(placed.plan)
        .filter(|_| placed.plan.kind != ServiceKind::Static)
        .filter_map(|variable| {
            let value = match (engine_of(site, variable), literal(variable, environment)) {
                (Some(engine), _) => {
                    let password = engine.password.map(from_env).unwrap_or_default();
                    engine.part(variable.part, engine.id, &password)
                }
                (None, Some(value)) => verbatim(value),
                (None, None) if is_indispensable(variable) => from_env(&variable.name),
                // Handed on if `.env` has it: a feature that is off needs no value.
                (None, None) if variable.secret => return Some((variable.name.clone(), None)),
                (None, None) => return None,
            };
            Some((variable.name.clone(), Some(value)))
        })
        .collect();
    if placed.plan.kind.serves_http() && placed.plan.port > 0 {
        variables.extend([("PORT".to_owned(), Some(placed.plan.port.to_string()))]);
    }
    variables
}

/// The migration as a container that ends before any other of the release starts.
fn migration(site: &Site<'_>, environment: &str) -> Option<Service> {
    let (placed, line) =
        site.services.iter().find_map(|placed| Some((placed, site.migration(placed.plan)?)))?;
    let (entrypoint, command) = started(placed.plan, Some(line));
    Some(Service {
        image: image(site, placed),
        entrypoint,
        command,
        restart: "no",
        // The way back starts none: an old tool refuses a database that is newer than its files.
        scale: Some("${MIGRATION_CONTAINERS:-1}"),
        init: Some(true),
        environment: variables(site, placed, environment),
        depends_on: stores(site),
        ..Service::default()
    })
}

fn store(engine: &Engine, data: &DataResource) -> Service {
    let clear = engine.clear.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let secret = engine.password.map(|name| (name.to_owned(), from_env(name)));
    Service {
        image: engine.tagged(data),
        command: engine.command.iter().map(|part| (*part).to_owned()).collect(),
        restart: "unless-stopped",
        stop_grace_period: Some("2m"),
        environment: clear.chain(secret).map(|(name, value)| (name, Some(value))).collect(),
        volumes: engine
            .folder(data)
            .map(|folder| format!("{}:{folder}", volume(engine)))
            .into_iter()
            .collect(),
        healthcheck: Some(Check {
            test: vec!["CMD-SHELL".to_owned(), verbatim(engine.test)],
            interval: "10s".to_owned(),
            timeout: "5s".to_owned(),
            retries: 6,
            start_period: "60s",
        }),
        ..Service::default()
    }
}

/// A dump each night into the volume `backups`; a copy outside the server is made by whoever operates it.
fn backup(engine: &Engine, data: &DataResource) -> Option<Service> {
    let dump = engine.dump?;
    let secret = engine.password.map(|name| (name.to_owned(), from_env(name)));
    Some(Service {
        image: engine.tagged(data),
        command: shell(&nightly_dump(engine, engine.id, dump)),
        restart: "unless-stopped",
        init: Some(true),
        environment: secret.into_iter().map(|(name, value)| (name, Some(value))).collect(),
        volumes: vec!["backups:/backups".to_owned()],
        depends_on: [(engine.id.to_owned(), Dependency { condition: "service_healthy" })]
            .into_iter()
            .collect(),
        ..Service::default()
    })
}

/// The proxy's configuration, the same for all environments: host names come from the environment.
fn caddyfile(site: &Site<'_>) -> Option<File> {
    let served = site.services.iter().filter(|placed| placed.plan.kind.serves_http());
    let blocks: Vec<String> = served
        .enumerate()
        .map(|(index, placed)| {
            let health = &site.design.health;
            let (interval, timeout) = (health.interval_seconds, health.timeout_seconds);
            let check = health_path(site, placed).map_or_else(String::new, |path| {
                format!("        health_uri {path}\n        health_interval {interval}s\n        health_timeout {timeout}s\n")
            });
            let (name, port) = (key(placed), placed.plan.port);
            let below = if index == 0 { String::new() } else { format!("{name}.") };
            format!(
                "{below}{{${HOST}:localhost}} {{\n    encode zstd gzip\n    reverse_proxy {name}:{port} {{\n{check}        lb_try_duration 30s\n    }}\n}}\n"
            )
        })
        .collect();
    (!blocks.is_empty()).then(|| File {
        part: Part::Platform,
        path: "deploy/Caddyfile".to_owned(),
        contents: blocks.join("\n"),
        purpose: "the proxy: host names, certificates and where requests go".to_owned(),
        syntax: "caddyfile".to_owned(),
    })
}

fn crontab(site: &Site<'_>, environment: &str) -> Option<String> {
    let at = plain(environment);
    let app = plain(&site.design.application.slug).to_ascii_lowercase();
    let lines: Vec<String> = site
        .services
        .iter()
        .filter_map(|placed| {
            let (times, name) = (times(placed)?, key(placed));
            Some(format!("{times} cd /srv/{app}-{at} && docker compose --env-file .env --env-file release.env --file compose.{at}.yaml run --rm --no-deps {name}\n"))
        })
        .collect();
    (!lines.is_empty()).then(|| lines.concat())
}
