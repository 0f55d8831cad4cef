//! DigitalOcean App Platform: `.do/app.yaml`, the app specification.
//!
//! Format: <https://docs.digitalocean.com/products/app-platform/reference/app-spec/> (2026-08-07, seen 2026-11-22).

use serde::Serialize;
use siteplan_model::design::{DataPart, DataResource, ServicePlan, VariablePlan};
use siteplan_model::file::{File, Part};
use siteplan_model::survey::ServiceKind;

use super::site::{PRODUCTION, Placed, Site, build_line, from_root, literal, own_folder, runtime, schedule};
use crate::yaml::to_yaml;

#[derive(Serialize)]
struct AppSpec<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    services: Vec<Component<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    workers: Vec<Component<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    jobs: Vec<Component<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    static_sites: Vec<Component<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    databases: Vec<Database<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ingress: Option<Ingress>,
}

/// Which component answers which paths.
#[derive(Serialize)]
struct Ingress {
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct Rule {
    r#match: Match,
    component: Target,
}

#[derive(Serialize)]
struct Match {
    path: Prefix,
}

#[derive(Serialize)]
struct Prefix {
    prefix: String,
}

#[derive(Serialize)]
struct Target {
    name: String,
}

#[derive(Default, Serialize)]
struct Component<'a> {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule: Option<Schedule<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    github: Option<Repository<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gitlab: Option<Repository<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bitbucket: Option<Repository<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_dir: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dockerfile_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment_slug: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    build_command: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run_command: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_dir: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance_size_slug: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    health_check: Option<HealthCheck<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    envs: Vec<Env<'a>>,
}

#[derive(Serialize)]
struct Schedule<'a> {
    cron: &'a str,
    time_zone: &'static str,
}

#[derive(Serialize)]
struct Repository<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    repo: Option<&'a str>,
    branch: &'a str,
    deploy_on_push: bool,
}

#[derive(Serialize)]
struct HealthCheck<'a> {
    http_path: &'a str,
    initial_delay_seconds: u32,
    period_seconds: u32,
    timeout_seconds: u32,
    failure_threshold: u32,
}

#[derive(Serialize)]
struct Env<'a> {
    key: &'a str,
    scope: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

#[derive(Serialize)]
struct Database<'a> {
    name: &'a str,
    engine: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    production: bool,
    cluster_name: String,
}

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    let of = |kinds: &[ServiceKind]| -> Vec<Component<'_>> {
        site.services
            .iter()
            .filter(|placed| kinds.contains(&placed.plan.kind))
            .map(|placed| component(site, placed))
            .collect()
    };
    let migrations = site.services.iter().filter_map(|placed| migration_job(site, placed));
    let spec = AppSpec {
        name: &site.design.application.slug,
        region: site.region(),
        services: of(&[ServiceKind::Web, ServiceKind::Api]),
        workers: of(&[ServiceKind::Worker]),
        jobs: migrations.chain(of(&[ServiceKind::Cron])).collect(),
        static_sites: of(&[ServiceKind::Static]),
        databases: site.own_data().filter_map(|data| database(site, data)).collect(),
        ingress: ingress(site),
    };
    vec![File {
        part: Part::Platform,
        path: ".do/app.yaml".to_owned(),
        contents: format!("{}{}", site.schedule_note("#"), to_yaml(&spec)),
        purpose: "the app specification, with deploy-on-push off".to_owned(),
        syntax: "yaml".to_owned(),
    }]
}

/// An app has one address: what users reach first answers at its root, any other below its own name, which is taken away
/// before the component sees the path.
fn ingress(site: &Site<'_>) -> Option<Ingress> {
    let main = site.main().map(|placed| placed.plan.slug.as_str());
    let served: Vec<&Placed<'_>> =
        site.services.iter().filter(|placed| placed.plan.kind.serves_http()).collect();
    let rule = |placed: &&Placed<'_>| {
        let component = name(&placed.plan.slug);
        let is_main = main == Some(placed.plan.slug.as_str());
        let prefix = if is_main { "/".to_owned() } else { format!("/{component}") };
        Rule { r#match: Match { path: Prefix { prefix } }, component: Target { name: component } }
    };
    // The longest prefix is tried first.
    let (first, others): (Vec<_>, Vec<_>) =
        served.iter().map(rule).partition(|rule| rule.r#match.path.prefix == "/");
    (served.len() > 1).then(|| Ingress { rules: others.into_iter().chain(first).collect() })
}

fn component<'a>(site: &Site<'a>, placed: &Placed<'a>) -> Component<'a> {
    let plan = placed.plan;
    let health = &site.design.health;
    let is_server = matches!(plan.kind, ServiceKind::Web | ServiceKind::Api);
    let is_static = plan.kind == ServiceKind::Static;
    Component {
        kind: (plan.kind == ServiceKind::Cron).then_some("SCHEDULED"),
        schedule: schedule(plan).map(|cron| Schedule { cron, time_zone: "UTC" }),
        run_command: if is_static || (plan.needs_image && is_server) {
            None
        } else {
            plan.commands.start.as_deref().map(|line| from_root(plan, line))
        },
        output_dir: if is_static { plan.static_output.as_deref() } else { None },
        http_port: is_server.then_some(plan.port),
        instance_count: (!is_static && plan.kind != ServiceKind::Cron).then_some(placed.instances),
        health_check: site.probe_path(plan).map(|http_path| HealthCheck {
            http_path,
            initial_delay_seconds: 10,
            period_seconds: health.interval_seconds,
            timeout_seconds: health.timeout_seconds,
            failure_threshold: health.failure_threshold,
        }),
        ..base(site, plan, name(&plan.slug))
    }
}

/// The job that App Platform runs before each release.
fn migration_job<'a>(site: &Site<'a>, placed: &Placed<'a>) -> Option<Component<'a>> {
    let command = site.migration(placed.plan)?;
    Some(Component {
        kind: Some("PRE_DEPLOY"),
        run_command: Some(from_root(placed.plan, command)),
        instance_count: Some(1),
        ..base(site, placed.plan, name(&format!("{}-migrate", placed.plan.slug)))
    })
}

/// What all components say of where they come from and what they read.
fn base<'a>(site: &Site<'a>, plan: &'a ServicePlan, name: String) -> Component<'a> {
    let delivery = &site.design.delivery;
    let repository =
        || Repository { repo: delivery.repository.as_deref(), branch: site.branch(), deploy_on_push: false };
    let on = |host: &str| (delivery.code_host.as_str() == host).then(repository);
    let is_static = plan.kind == ServiceKind::Static;
    Component {
        name,
        github: on("github"),
        gitlab: on("gitlab"),
        bitbucket: on("bitbucket"),
        source_dir: if plan.needs_image { plan.build_context.as_deref() } else { own_folder(plan) },
        dockerfile_path: plan.needs_image.then(|| plan.dockerfile_path()),
        environment_slug: if plan.needs_image { None } else { environment_slug(plan) },
        build_command: if plan.needs_image { None } else { build_line(plan) },
        instance_size_slug: if is_static { None } else { Some(&plan.size) },
        envs: site
            .variables_but_port(plan)
            .map(|variable| env(site, variable))
            .chain(version(site).filter(|_| plan.kind != ServiceKind::Static))
            .collect(),
        ..Component::default()
    }
}

fn environment_slug(plan: &ServicePlan) -> Option<&'static str> {
    Some(match runtime(plan.language.as_deref())? {
        "node" => "node-js",
        "python" => "python",
        "go" => "go",
        "ruby" => "ruby-on-rails",
        "php" => "php",
        _ => return None,
    })
}

/// A name between 2 and 32 characters.
fn name(slug: &str) -> String {
    let mut name: String = slug.chars().take(32).collect();
    name.truncate(name.trim_end_matches('-').len());
    if name.len() < 2 { format!("{name}-service") } else { name }
}

/// The commit, which App Platform fills in (seen in use 2026-11-26).
fn version(site: &Site<'_>) -> Option<Env<'static>> {
    let (key, _) = site.version()?;
    Some(Env { key, scope: "RUN_TIME", r#type: None, value: Some("${_self.COMMIT_HASH}".to_owned()) })
}

fn env<'a>(site: &Site<'a>, variable: &'a VariablePlan) -> Env<'a> {
    let bound = site
        .data_of(variable)
        .and_then(|data| engine(data).map(|engine| bindable(engine, &data.engine, variable.part)));
    // App Platform fills `${…}` in values from other components: text that would ask for that is left to the dashboard.
    let written = literal(variable, PRODUCTION).filter(|value| !value.contains("${")).map(str::to_owned);
    let value = bound.clone().or(written);
    Env {
        key: &variable.name,
        scope: if variable.when.contains("build") { "RUN_AND_BUILD_TIME" } else { "RUN_TIME" },
        // A secret's value is typed into the dashboard, which keeps it encrypted.
        r#type: (variable.secret && bound.is_none()).then_some("SECRET"),
        value,
    }
}

/// A part of a database's address, which App Platform fills in.
fn bindable(engine: &str, name: &str, wanted: DataPart) -> String {
    let of = |field: &str| format!("${{{name}.{field}}}");
    let scheme = if engine == "MYSQL" { "mysql" } else { "postgresql" };
    let (host, port, database) = (of("HOSTNAME"), of("PORT"), of("DATABASE"));
    match wanted {
        DataPart::Url => of("DATABASE_URL"),
        DataPart::Host => host,
        DataPart::Port => port,
        DataPart::User => of("USERNAME"),
        DataPart::Password => of("PASSWORD"),
        DataPart::Name => database,
        DataPart::Jdbc if engine == "MYSQL" => {
            format!("jdbc:{scheme}://{host}:{port}/{database}?sslMode=REQUIRED")
        }
        DataPart::Jdbc => format!("jdbc:{scheme}://{host}:{port}/{database}?sslmode=require"),
        DataPart::Keywords if engine == "MYSQL" => format!(
            "Server={host};Port={port};Database={database};User ID={};Password={};SslMode=Required",
            of("USERNAME"),
            of("PASSWORD")
        ),
        DataPart::Keywords => format!(
            "Host={host};Port={port};Database={database};Username={};Password={};SSL Mode=Require",
            of("USERNAME"),
            of("PASSWORD")
        ),
    }
}

fn engine(data: &DataResource) -> Option<&'static str> {
    Some(match data.engine.as_str() {
        "postgres" => "PG",
        "mysql" => "MYSQL",
        "redis" | "valkey" => "VALKEY",
        "mongodb" => "MONGODB",
        _ => return None,
    })
}

fn database<'a>(site: &Site<'a>, data: &'a DataResource) -> Option<Database<'a>> {
    Some(Database {
        name: &data.engine,
        engine: engine(data)?,
        version: (!data.version.is_empty()).then_some(&data.version),
        production: true,
        cluster_name: format!("{}-{}", site.design.application.slug, data.engine),
    })
}
