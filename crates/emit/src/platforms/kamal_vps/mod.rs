//! Kamal on a server: `config/deploy.yml` for the first image, `config/deploy-<service>.yml` for each further one, with
//! `config/deploy.<environment>.yml` for what differs, `.kamal/secrets.<environment>` with names only, and
//! `deploy/crontab-<environment>` for scheduled jobs, which Kamal does not know.
//!
//! Format: <https://github.com/basecamp/kamal/tree/v2.12.0/lib/kamal/configuration/docs> (2.12.0 of 2026-06-18, seen
//! 2026-11-25). Kamal fills in `<%= … %>` with Ruby: addresses come from the environment, and nothing of a repository may
//! open such a tag.

use serde::Serialize;
use siteplan_model::design::{DataPart, DataResource};
use siteplan_model::file::{File, Part};
use siteplan_model::survey::ServiceKind;

use super::server::{Engine, engine_of, engines, health_path, holds_password, nightly_dump, times};
use super::site::{PRODUCTION, Placed, Site, is_indispensable, literal};
use crate::names::{is_variable, plain};
use crate::yaml::{Mapping, spaced, to_yaml};

const SERVER: &str = "<%= ENV['SERVER_HOST'] %>";
const DATA_HOST: &str = "<%= ENV['DATA_HOST'] %>";
const HOST: &str = "<%= ENV['APP_HOST'] %>";
/// `$REGISTRY` is the registry with a namespace: Kamal wants them apart.
const REGISTRY: &str = "<%= ENV.fetch('REGISTRY', 'registry').split('/').first %>";
const NAMESPACE: &str =
    "<%= ENV.fetch('REGISTRY', 'registry').split('/').drop(1).map { |part| part + '/' }.join %>";

#[derive(Serialize)]
struct Configuration {
    service: String,
    image: String,
    registry: Registry,
    builder: Builder,
    ssh: Ssh,
    primary_role: String,
    servers: Mapping<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proxy: Option<Proxy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    env: Option<Environment>,
    deploy_timeout: u32,
    drain_timeout: u32,
    retain_containers: u32,
}

#[derive(Serialize)]
struct Registry {
    server: &'static str,
    username: &'static str,
    password: [&'static str; 1],
}

#[derive(Serialize)]
struct Builder {
    arch: &'static str,
    dockerfile: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<String>,
}

#[derive(Serialize)]
struct Ssh {
    user: &'static str,
    /// The key and the known servers of one run, where a script made them; else the configuration of whoever runs Kamal.
    config: &'static str,
}

#[derive(Serialize)]
struct Role {
    hosts: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cmd: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proxy: Option<RoleProxy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    env: Option<Environment>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum RoleProxy {
    Own(Proxy),
    Off(bool),
}

#[derive(Serialize)]
struct Proxy {
    ssl: bool,
    host: String,
    app_port: u16,
    forward_headers: bool,
    response_timeout: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    healthcheck: Option<Check>,
}

#[derive(Serialize)]
struct Check {
    path: String,
    interval: u32,
    timeout: u32,
}

#[derive(Default, Serialize)]
struct Environment {
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    clear: Mapping<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    secret: Vec<String>,
}

/// What one environment has of its own.
#[derive(Serialize)]
struct Destination {
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    servers: Mapping<Hosts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proxy: Option<Behind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    boot: Option<Boot>,
    #[serde(skip_serializing_if = "Option::is_none")]
    env: Option<Environment>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    accessories: Mapping<Accessory>,
}

/// The servers of a role in one environment.
#[derive(Serialize)]
struct Hosts {
    hosts: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proxy: Option<Behind>,
}

/// A proxy behind a load balancer, which has the certificate.
#[derive(Serialize)]
struct Behind {
    ssl: bool,
}

/// How many servers start a release at the same time: the first one migrates before the next starts.
#[derive(Serialize)]
struct Boot {
    limit: u32,
}

#[derive(Serialize)]
struct Accessory {
    service: String,
    image: String,
    host: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cmd: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    env: Option<Environment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    volumes: Vec<String>,
}

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    let mut files = Vec::new();
    for (index, image) in images(site).iter().enumerate() {
        let Some(first) = image.first() else { continue };
        let base = if index == 0 { "deploy".to_owned() } else { format!("deploy-{}", key(first)) };
        let service = if index == 0 { app(site) } else { format!("{}-{}", app(site), key(first)) };
        files.push(File {
            part: Part::Platform,
            path: format!("config/{base}.yml"),
            contents: spaced(&to_yaml(&configuration(site, image, service))),
            purpose: "roles, image and health check, for all environments".to_owned(),
            syntax: "yaml".to_owned(),
        });
        for environment in site.environments() {
            let beside = if index == 0 { Beside::Stores } else { Beside::Nothing };
            let destination = destination(site, image, environment, beside);
            files.push(File {
                part: Part::Platform,
                path: format!("config/{base}.{}.yml", plain(environment)),
                contents: spaced(&to_yaml(&destination)),
                purpose: format!("what {environment} has of its own"),
                syntax: "yaml".to_owned(),
            });
        }
    }
    for environment in site.environments() {
        files.push(secrets(site, environment));
        files.extend(crontab(site, environment));
    }
    files
}

/// The services by image, the image of the first service first.
fn images<'s, 'a>(site: &'s Site<'a>) -> Vec<Vec<&'s Placed<'a>>> {
    let mut images: Vec<(String, Vec<&Placed<'a>>)> = Vec::new();
    for placed in &site.services {
        let dockerfile = placed.plan.dockerfile_path();
        match images.iter_mut().find(|(known, _)| *known == dockerfile) {
            Some((_, services)) => services.push(placed),
            None => images.push((dockerfile, vec![placed])),
        }
    }
    images.into_iter().map(|(_, services)| services).collect()
}

fn app(site: &Site<'_>) -> String {
    plain(&site.design.application.slug).to_ascii_lowercase()
}

/// The servers of production; every other environment has one.
fn servers(site: &Site<'_>) -> u32 {
    site.services.iter().map(|placed| placed.instances).max().unwrap_or(1)
}

/// One of the servers of an environment. Where production has several, the variable lists them.
fn server(site: &Site<'_>, at: u32) -> String {
    if servers(site) > 1 {
        format!("<%= ENV['SERVER_HOST'].to_s.split(',')[{at}].to_s.strip %>")
    } else {
        SERVER.to_owned()
    }
}

/// Where the databases of an environment take connections from other servers; none where everything is on one server.
fn data_host(site: &Site<'_>) -> Option<&'static str> {
    (servers(site) > 1 && !engines(site).is_empty()).then_some(DATA_HOST)
}

fn key(placed: &Placed<'_>) -> String {
    plain(&placed.plan.slug).to_ascii_lowercase()
}

/// Text in which Kamal runs no Ruby.
fn verbatim(text: &str) -> String {
    text.replace("<%", "<%%")
}

fn configuration(site: &Site<'_>, services: &[&Placed<'_>], service: String) -> Configuration {
    let first = services[0];
    let primary = primary(services);
    let is_main = |placed: &Placed<'_>| key(placed) == key(primary);
    let roles = roles(services).map(|placed| (key(placed), role(site, placed, is_main(placed))));
    Configuration {
        image: format!("{NAMESPACE}{}/{}", app(site), key(first)),
        service,
        registry: Registry {
            server: REGISTRY,
            username: "<%= ENV['REGISTRY_USER'] %>",
            password: ["REGISTRY_PASSWORD"],
        },
        builder: Builder {
            arch: "amd64",
            dockerfile: verbatim(&first.plan.dockerfile_path()),
            context: first.plan.build_context.as_deref().map(verbatim),
        },
        ssh: Ssh { user: "deploy", config: "<%= ENV['SSH_CONFIG_FILE'] || true %>" },
        primary_role: key(primary),
        servers: roles.collect(),
        proxy: primary.plan.kind.serves_http().then(|| proxy(site, primary)),
        env: environment(site, services),
        deploy_timeout: 300,
        drain_timeout: 30,
        retain_containers: 5,
    }
}

/// The role that Kamal starts first: what users reach, else what runs all the time.
fn primary<'s, 'a>(services: &[&'s Placed<'a>]) -> &'s Placed<'a> {
    let find = |wanted: fn(ServiceKind) -> bool| services.iter().find(|placed| wanted(placed.plan.kind));
    find(ServiceKind::serves_http).or_else(|| find(|kind| kind != ServiceKind::Cron)).unwrap_or(&services[0])
}

fn role(site: &Site<'_>, placed: &Placed<'_>, is_primary: bool) -> Role {
    let plan = placed.plan;
    let start = plan.commands.start.as_deref();
    let cmd = match (site.migration(plan), start) {
        // The container in which the server's `cron` runs jobs, where nothing else of their image runs.
        _ if plan.kind == ServiceKind::Cron => Some(shell("exec sleep infinity")),
        (Some(migration), Some(start)) => Some(migrated(migration, start)),
        // The image starts what users reach; whatever else it holds is started by its own command.
        (None, Some(start)) if !plan.kind.serves_http() => Some(shell(start)),
        _ => None,
    };
    let own_proxy = if is_primary {
        (!plan.kind.serves_http()).then_some(RoleProxy::Off(false))
    } else {
        plan.kind.serves_http().then(|| RoleProxy::Own(proxy(site, placed)))
    };
    Role {
        hosts: vec![server(site, 0)],
        cmd,
        proxy: own_proxy,
        env: (plan.kind.serves_http() && plan.port > 0).then(|| Environment {
            clear: [("PORT".to_owned(), plan.port.to_string())].into_iter().collect(),
            secret: Vec::new(),
        }),
    }
}

/// Migrates before it starts, unless the way back says otherwise: an old tool refuses a database that is newer than its files.
/// Kamal runs the Ruby before it reads the file, so nothing in it may be quoted.
fn migrated(migration: &str, start: &str) -> String {
    let (migrate, start) = (inner(&format!("{migration} && ")), inner(&format!("exec {start}")));
    format!("sh -c '<% unless ENV.key?(%(WITHOUT_MIGRATIONS)) %>{migrate}<% end %>{start}'")
}

/// Text within the single quotes of a shell line.
fn inner(line: &str) -> String {
    verbatim(&line.replace('\'', "'\\''"))
}

/// A line for `docker run`, which Kamal hands to a shell on the server.
fn shell(line: &str) -> String {
    format!("sh -c '{}'", inner(line))
}

fn proxy(site: &Site<'_>, placed: &Placed<'_>) -> Proxy {
    let is_main = site.main().is_some_and(|main| key(main) == key(placed));
    let health = &site.design.health;
    Proxy {
        ssl: true,
        host: if is_main { HOST.to_owned() } else { format!("{}.{HOST}", key(placed)) },
        app_port: placed.plan.port,
        forward_headers: true,
        response_timeout: 300,
        healthcheck: health_path(site, placed).map(|path| Check {
            path,
            interval: 3,
            timeout: health.timeout_seconds,
        }),
    }
}

/// Values in which the environments agree, and the names of the secrets.
fn environment(site: &Site<'_>, services: &[&Placed<'_>]) -> Option<Environment> {
    let runs = services.iter().find(|placed| placed.plan.kind != ServiceKind::Static)?;
    let clear = site.variables_but_port(runs.plan).filter_map(|variable| {
        let value = site.shared_literal(variable)?;
        Some((variable.name.clone(), verbatim(value)))
    });
    let clear: Mapping<String> = clear.collect();
    let secret = secret_names(site);
    (!clear.is_empty() || !secret.is_empty()).then_some(Environment { clear, secret })
}

/// Variables that no file may hold, without those that the address of a store without a password fills.
fn secret_names(site: &Site<'_>) -> Vec<String> {
    let variables = site.running_variables().filter(|variable| variable.name != "PORT");
    let unknown = variables.filter(|variable| {
        let written = site.environments().any(|environment| literal(variable, environment).is_some());
        let open = engine_of(site, variable).is_some_and(|engine| !holds_password(engine, variable.part));
        is_indispensable(variable) && !written && !open
    });
    let mut names: Vec<String> = unknown.map(|variable| variable.name.clone()).collect();
    names.sort();
    names.dedup();
    names
}

/// Whether databases are declared beside the roles.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Stores,
    Nothing,
}

fn destination(site: &Site<'_>, services: &[&Placed<'_>], environment: &str, beside: Beside) -> Destination {
    let own = site.running_variables().filter(|variable| variable.name != "PORT");
    let clear: Mapping<String> = own
        .filter_map(|variable| {
            let open = engine_of(site, variable).filter(|engine| !holds_password(engine, variable.part));
            if let Some(engine) = open {
                let host = data_at(site, environment, engine);
                return Some((variable.name.clone(), engine.part(variable.part, &host, "")));
            }
            let value = literal(variable, environment).filter(|_| site.shared_literal(variable).is_none())?;
            Some((variable.name.clone(), verbatim(value)))
        })
        .collect();
    let mut accessories = Mapping::default();
    if beside == Beside::Stores {
        for (engine, data) in engines(site) {
            accessories.extend([(engine.id.to_owned(), store(site, environment, engine, data))]);
            accessories.extend(
                backup(site, environment, engine, data)
                    .map(|accessory| (format!("{}-backup", engine.id), accessory)),
            );
        }
    }
    let several = environment == PRODUCTION && servers(site) > 1;
    let behind = |is_served: bool| (several && is_served).then_some(Behind { ssl: false });
    let primary = primary(services);
    // Jobs are started by the first server's `cron`, in a container there.
    let spread = roles(services).filter(|placed| several && placed.plan.kind != ServiceKind::Cron);
    let spread = spread.map(|placed| {
        let hosts = (0..servers(site)).map(|at| server(site, at)).collect();
        let has_own_proxy = placed.plan.kind.serves_http() && key(placed) != key(primary);
        (key(placed), Hosts { hosts, proxy: behind(has_own_proxy) })
    });
    Destination {
        servers: spread.collect(),
        proxy: behind(primary.plan.kind.serves_http()),
        boot: several.then_some(Boot { limit: 1 }),
        env: (!clear.is_empty()).then_some(Environment { clear, secret: Vec::new() }),
        accessories,
    }
}

/// The services of an image that have a role: scheduled ones run in the role of another, where there is one.
fn roles<'s, 'a>(services: &'s [&'s Placed<'a>]) -> impl Iterator<Item = &'s Placed<'a>> {
    let main = key(primary(services));
    let runs = move |placed: &&Placed<'a>| placed.plan.kind != ServiceKind::Cron || key(placed) == main;
    services.iter().copied().filter(runs)
}

/// The host by which an application finds a store.
fn data_at(site: &Site<'_>, environment: &str, engine: &Engine) -> String {
    data_host(site).map_or_else(|| container(site, environment, engine), str::to_owned)
}

/// The container of a store, which is also its name in Kamal's network.
fn container(site: &Site<'_>, environment: &str, engine: &Engine) -> String {
    format!("{}-{}-{}", app(site), plain(environment), engine.id)
}

fn store(site: &Site<'_>, environment: &str, engine: &Engine, data: &DataResource) -> Accessory {
    let service = container(site, environment, engine);
    let clear = engine.clear.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let secret: Vec<String> = engine.password.map(str::to_owned).into_iter().collect();
    let clear: Mapping<String> = clear.collect();
    Accessory {
        image: engine.tagged(data),
        host: server(site, 0),
        // The bind address is that of the private network, never all of them.
        port: data_host(site).map(|host| format!("{host}:{0}:{0}", engine.port())),
        cmd: (!engine.command.is_empty()).then(|| engine.command.join(" ")),
        env: (!clear.is_empty() || !secret.is_empty()).then_some(Environment { clear, secret }),
        volumes: engine.folder(data).map(|folder| format!("{service}:{folder}")).into_iter().collect(),
        service,
    }
}

/// A dump each night into a volume; a copy outside the server is made by whoever operates it.
fn backup(site: &Site<'_>, environment: &str, engine: &Engine, data: &DataResource) -> Option<Accessory> {
    let dump = engine.dump?;
    let host = container(site, environment, engine);
    let service = format!("{host}-backup");
    Some(Accessory {
        image: engine.tagged(data),
        host: server(site, 0),
        port: None,
        cmd: Some(shell(&nightly_dump(engine, &host, dump))),
        env: engine
            .password
            .map(|name| Environment { clear: Mapping::default(), secret: vec![name.to_owned()] }),
        volumes: vec![format!("{service}:/backups")],
        service,
    })
}

/// Names, each read from the environment of whoever deploys. The password of a database is part of its address.
fn secrets(site: &Site<'_>, environment: &str) -> File {
    let mut lines = vec![
        "# Names only: values come from the environment of whoever deploys, never from this file.".to_owned(),
        "REGISTRY_PASSWORD=$REGISTRY_PASSWORD".to_owned(),
    ];
    lines.extend(secret_names(site).iter().map(|name| format!("{name}=${name}")));
    let variables = &site.design.environments.variables;
    for (engine, _) in engines(site) {
        let Some(password) = engine.password else { continue };
        let host = if data_host(site).is_some() {
            "$DATA_HOST".to_owned()
        } else {
            container(site, environment, engine)
        };
        let of = |part: DataPart| {
            variables.iter().find(move |variable| {
                is_variable(&variable.name)
                    && variable.part == part
                    && engine_of(site, variable).is_some_and(|found| found.id == engine.id)
            })
        };
        if let Some(variable) = of(DataPart::Password) {
            lines.push(format!("{password}=${}", variable.name));
        } else if let Some(variable) = of(DataPart::Url) {
            let shape = engine.address(&host, "<password>");
            lines.push(format!("# {} is {shape}; the password has letters and digits only.", variable.name));
            let name = &variable.name;
            lines.push(format!(
                "{password}=$(printf '%s' \"${name}\" | sed -E 's|^[^:]*://[^:]*:([^@]*)@.*|\\1|')"
            ));
        } else {
            lines.push(format!("{password}=${password}"));
        }
    }
    File {
        part: Part::Platform,
        path: format!(".kamal/secrets.{}", plain(environment)),
        contents: format!("{}\n", lines.join("\n")),
        purpose: format!("the names of the secrets of {environment}"),
        syntax: "dotenv".to_owned(),
    }
}

/// Jobs run in the container of their image's first role, which Kamal labels.
fn crontab(site: &Site<'_>, environment: &str) -> Option<File> {
    let at = plain(environment);
    let mut lines = Vec::new();
    for (index, image) in images(site).iter().enumerate() {
        let first = image.first().map(|placed| key(placed))?;
        let service = if index == 0 { app(site) } else { format!("{}-{first}", app(site)) };
        let role = key(primary(image));
        let running = format!(
            "docker ps --quiet --filter label=service={service} --filter label=role={role} --filter label=destination={at} | head -n 1"
        );
        lines.extend(image.iter().filter_map(|placed| {
            let (times, start) = (times(placed)?, placed.plan.commands.start.as_deref()?);
            let start: String = start.chars().filter(|c| !c.is_control()).collect();
            // `cron` ends a line at a bare `%`.
            let start = start.replace('\'', "'\\''").replace('%', "\\%");
            Some(format!("{times} docker exec \"$({running})\" sh -c '{start}'\n"))
        }));
    }
    (!lines.is_empty()).then(|| File {
        part: Part::Platform,
        path: format!("deploy/crontab-{at}"),
        contents: lines.concat(),
        purpose: format!("the schedule of the jobs in {environment}"),
        syntax: "text".to_owned(),
    })
}
