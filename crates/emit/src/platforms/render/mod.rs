//! Render: `render.yaml`, a Blueprint with the services and databases of every environment.
//!
//! Format: <https://render.com/docs/blueprint-spec> (vendor's specification of 2026-08-18, seen 2026-11-22).

use std::borrow::Cow;

use serde::Serialize;
use siteplan_model::design::{DataPart, DataResource, ServicePlan, VariablePlan};
use siteplan_model::file::{File, Part};
use siteplan_model::survey::ServiceKind;

use super::site::{
    PRODUCTION, Placed, Site, build_line, data_plan, folder, from_root, literal, own_folder, port, runtime,
    schedule, with_environment,
};
use crate::names::plain;
use crate::yaml::to_yaml;

#[derive(Serialize)]
struct Blueprint<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    previews: Option<Previews>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    projects: Vec<Project<'a>>,
    #[serde(flatten)]
    resources: Resources<'a>,
}

#[derive(Serialize)]
struct Previews {
    generation: &'static str,
}

#[derive(Serialize)]
struct Project<'a> {
    name: &'a str,
    environments: Vec<Environment<'a>>,
}

#[derive(Serialize)]
struct Environment<'a> {
    name: &'a str,
    #[serde(flatten)]
    resources: Resources<'a>,
}

#[derive(Default, Serialize)]
struct Resources<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    databases: Vec<Database<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    services: Vec<Resource<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Database<'a> {
    name: String,
    plan: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    postgres_major_version: Option<&'a str>,
    #[serde(rename = "diskSizeGB", skip_serializing_if = "Option::is_none")]
    disk_size_gb: Option<u32>,
    ip_allow_list: [&'a str; 0],
}

#[derive(Serialize)]
#[serde(untagged)]
enum Resource<'a> {
    KeyValue(KeyValue<'a>),
    Service(Box<Service<'a>>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyValue<'a> {
    r#type: &'static str,
    name: String,
    plan: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    ip_allow_list: [&'a str; 0],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Service<'a> {
    r#type: &'static str,
    name: String,
    runtime: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    branch: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    root_dir: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dockerfile_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    docker_context: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    build_command: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    static_publish_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pre_deploy_command: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_command: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    docker_command: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    health_check_path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_instances: Option<u32>,
    auto_deploy_trigger: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    env_vars: Vec<EnvVar<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EnvVar<'a> {
    key: &'a str,
    #[serde(flatten)]
    source: Source<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Source<'a> {
    Value(Cow<'a, str>),
    Sync(bool),
    FromDatabase { name: String, property: &'static str },
    FromService { r#type: &'static str, name: String, property: &'static str },
}

/// The size that sleeps, on which Render runs no pre-deploy command.
const FREE: &str = "free";

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    let environments: Vec<&str> = site.environments().collect();
    let mut blueprint = Blueprint {
        previews: site.has_previews().then_some(Previews { generation: "automatic" }),
        projects: Vec::new(),
        resources: Resources::default(),
    };
    if let [only] = environments.as_slice() {
        blueprint.resources = resources(site, only);
    } else {
        let environments =
            environments.iter().map(|name| Environment { name, resources: resources(site, name) });
        let name = site.design.application.slug.as_str();
        blueprint.projects.push(Project { name, environments: environments.collect() });
    }
    vec![File {
        part: Part::Platform,
        path: "render.yaml".to_owned(),
        contents: format!("{}{}", site.schedule_note("#"), to_yaml(&blueprint)),
        purpose: if site.deploys_by_itself() {
            "the blueprint: services, databases and variables; a push is deployed once its checks have passed"
        } else {
            "the blueprint: services, databases and variables, with deploy-on-push off"
        }
        .to_owned(),
        syntax: "yaml".to_owned(),
    }]
}

fn resources<'a>(site: &Site<'a>, environment: &str) -> Resources<'a> {
    let region = site.region();
    let stores = site.own_data().filter(|data| data.is_cache).map(|data| {
        Resource::KeyValue(KeyValue {
            r#type: "keyvalue",
            name: data_name(site, data, environment),
            plan: data_plan(data, environment),
            region,
            ip_allow_list: [],
        })
    });
    let services =
        site.services.iter().map(|placed| Resource::Service(Box::new(service(site, placed, environment))));
    let databases = site.own_data().filter(|data| !data.is_cache).map(|data| Database {
        name: data_name(site, data, environment),
        plan: data_plan(data, environment),
        region,
        postgres_major_version: (!data.version.is_empty()).then_some(&data.version),
        disk_size_gb: (data.storage_gb > 1).then(|| data.storage_gb.next_multiple_of(5)),
        ip_allow_list: [],
    });
    Resources { databases: databases.collect(), services: stores.chain(services).collect() }
}

fn data_name(site: &Site<'_>, data: &DataResource, environment: &str) -> String {
    let kind = if data.is_cache { "cache" } else { "db" };
    with_environment(&format!("{}-{kind}", site.design.application.slug), &plain(environment))
}

fn service<'a>(site: &Site<'a>, placed: &Placed<'a>, environment: &str) -> Service<'a> {
    let plan = placed.plan;
    let is_static = plan.kind == ServiceKind::Static;
    let runtime = service_runtime(plan);
    let is_docker = runtime == "docker";
    let can_scale = !matches!(plan.kind, ServiceKind::Cron | ServiceKind::Static);
    let migration = site.migration(plan);
    let start = plan.commands.start.as_deref();
    let (hook, start) = if plan.size == FREE {
        let lines: Vec<&str> = migration.into_iter().chain(start).collect();
        (None, (!lines.is_empty()).then(|| from_root(plan, &lines.join(" && "))))
    } else {
        (migration.map(|line| from_root(plan, line)), start.map(|line| from_root(plan, line)))
    };
    Service {
        r#type: service_type(plan.kind),
        name: site.resource_name(plan, environment),
        runtime,
        plan: (!is_static).then_some(&plan.size),
        region: if is_static { None } else { site.region() },
        branch: site.branch(),
        schedule: schedule(plan),
        root_dir: if is_docker { None } else { own_folder(plan) },
        dockerfile_path: is_docker.then(|| format!("./{}", plan.dockerfile_path())),
        docker_context: plan
            .build_context
            .as_deref()
            .filter(|_| is_docker)
            .map(|folder| format!("./{folder}")),
        build_command: if is_docker { None } else { build_line(plan) },
        static_publish_path: plan.static_output.as_deref().filter(|_| is_static).map(|output| {
            let above = folder(plan).filter(|_| plan.whole_repository);
            above.map_or_else(
                || output.to_owned(),
                |above| format!("{above}/{}", output.trim_start_matches("./")),
            )
        }),
        pre_deploy_command: if is_static || plan.kind == ServiceKind::Cron { None } else { hook },
        start_command: if is_static || is_docker { None } else { start },
        docker_command: if is_docker && !plan.kind.serves_http() {
            plan.commands.start.as_deref()
        } else {
            None
        },
        health_check_path: site.probe_path(plan),
        num_instances: (can_scale && environment == PRODUCTION && placed.instances > 1)
            .then_some(placed.instances),
        auto_deploy_trigger: if site.deploys_by_itself() { "checksPass" } else { "off" },
        env_vars: variables(site, plan, environment),
    }
}

fn service_type(kind: ServiceKind) -> &'static str {
    match kind {
        ServiceKind::Web | ServiceKind::Api | ServiceKind::Static => "web",
        ServiceKind::Worker => "worker",
        ServiceKind::Cron => "cron",
    }
}

fn service_runtime(plan: &ServicePlan) -> &str {
    if plan.kind == ServiceKind::Static {
        return "static";
    }
    let native = ["node", "python", "go", "ruby", "rust", "elixir"];
    let language = runtime(plan.language.as_deref()).filter(|runtime| native.contains(runtime));
    if plan.needs_image { "docker" } else { language.unwrap_or("docker") }
}

fn variables<'a>(site: &Site<'a>, plan: &'a ServicePlan, environment: &str) -> Vec<EnvVar<'a>> {
    let mut list: Vec<EnvVar<'a>> = site
        .variables_but_port(plan)
        .map(|variable| EnvVar { key: &variable.name, source: source(site, variable, environment) })
        .collect();
    let version = plan.language_version.as_deref().filter(|_| service_runtime(plan) == "node");
    if let Some(version) = version.filter(|_| list.iter().all(|variable| variable.key != "NODE_VERSION")) {
        list.push(EnvVar { key: "NODE_VERSION", source: Source::Value(version.into()) });
    }
    // Else Render says 10000, and an application that does not ask listens elsewhere.
    list.extend(port(plan).map(|port| EnvVar { key: "PORT", source: Source::Value(port.into()) }));
    list
}

/// A part of an address as the blueprint calls it.
fn property(part: DataPart) -> &'static str {
    match part {
        DataPart::Url | DataPart::Jdbc | DataPart::Keywords => "connectionString",
        DataPart::Host => "host",
        DataPart::Port => "port",
        DataPart::User => "user",
        DataPart::Password => "password",
        DataPart::Name => "database",
    }
}

fn source<'a>(site: &Site<'a>, variable: &'a VariablePlan, environment: &str) -> Source<'a> {
    let property = property(variable.part);
    match site.data_of(variable) {
        Some(data) if data.is_cache => {
            Source::FromService { r#type: "keyvalue", name: data_name(site, data, environment), property }
        }
        Some(data) => Source::FromDatabase { name: data_name(site, data, environment), property },
        // Render asks for the value when the blueprint is first applied.
        None => {
            literal(variable, environment).map_or(Source::Sync(false), |value| Source::Value(value.into()))
        }
    }
}
