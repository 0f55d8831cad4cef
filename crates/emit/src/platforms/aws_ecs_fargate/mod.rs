//! AWS ECS on Fargate: one task definition per environment and service, `deploy/ecs/<environment>/<service>.json`, and the
//! Terraform stack that they run in, `infrastructure/aws`.
//!
//! Format: `RegisterTaskDefinition` of the ECS API, <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html>
//! (botocore 1.44.5, seen 2026-11-22). The pipeline, and Terraform for the first revision, put image and account in the place of
//! `IMAGE_URI` and `ACCOUNT_ID`.

mod cron;
mod stack;

use serde::Serialize;
use siteplan_model::design::ServicePlan;
use siteplan_model::file::{File, Part};

use super::site::{Site, is_indispensable, json, literal};
use crate::names::plain;

/// Stands for the image until the pipeline knows it.
pub(super) const IMAGE: &str = "IMAGE_URI";
/// The container's name, which the pipeline's one-off tasks know.
const CONTAINER: &str = "app";
/// Every role of the account; the name follows.
const ROLE: &str = "arn:aws:iam::ACCOUNT_ID:role/";
/// The secrets manager of the same cloud, which tasks name by address instead of by name.
const SECRETS_MANAGER: &str = "aws-secrets-manager";
const USUAL_REGION: &str = "us-east-1";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TaskDefinition<'a> {
    family: String,
    network_mode: &'static str,
    requires_compatibilities: [&'static str; 1],
    cpu: String,
    memory: String,
    runtime_platform: RuntimePlatform,
    execution_role_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_role_arn: Option<String>,
    container_definitions: [Container<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuntimePlatform {
    cpu_architecture: &'static str,
    operating_system_family: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Container<'a> {
    name: &'static str,
    image: &'static str,
    essential: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry_point: Option<[&'static str; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<[&'a str; 1]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    port_mappings: Vec<PortMapping>,
    environment: Vec<Variable<'a>>,
    secrets: Vec<Secret<'a>>,
    linux_parameters: LinuxParameters,
    stop_timeout: u32,
    log_configuration: LogConfiguration<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PortMapping {
    container_port: u16,
    protocol: &'static str,
}

/// A variable whose value may be written down.
#[derive(Serialize)]
pub(super) struct Variable<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
}

/// A variable whose value a parameter or a secret holds, by name or address.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Secret<'a> {
    pub(super) name: &'a str,
    pub(super) value_from: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LinuxParameters {
    init_process_enabled: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogConfiguration<'a> {
    log_driver: &'static str,
    options: LogOptions<'a>,
}

#[derive(Serialize)]
struct LogOptions<'a> {
    #[serde(rename = "awslogs-group")]
    group: String,
    #[serde(rename = "awslogs-region")]
    region: &'a str,
    #[serde(rename = "awslogs-stream-prefix")]
    stream_prefix: &'a str,
}

/// The roles of a task.
pub(super) struct Roles {
    /// With which it is started: images pulled, secrets read, logs written.
    pub(super) execution: String,
    /// With which it runs.
    pub(super) task: Option<String>,
}

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    let mut files = Vec::new();
    for environment in site.environments() {
        let name = format!("{}-{environment}", site.design.application.slug);
        for placed in &site.services {
            let service = placed.plan;
            // The image starts what users reach; whatever else it holds is started by its own command.
            let command = service.commands.start.as_deref().filter(|_| !service.kind.serves_http());
            let roles = Roles { execution: format!("{name}-execution"), task: Some(format!("{name}-task")) };
            files.push(task_file(site, service, environment, &service.slug, command, roles));
        }
    }
    files.extend(stack::files(site));
    files
}

/// The definition of a task of that name, which runs a service's image with the service's variables. With a command it
/// listens to nothing.
pub(super) fn task_file(
    site: &Site<'_>,
    service: &ServicePlan,
    environment: &str,
    name: &str,
    command: Option<&str>,
    roles: Roles,
) -> File {
    File {
        part: Part::Platform,
        path: format!("deploy/ecs/{}/{name}.json", plain(environment)),
        contents: json(&task_definition(site, service, environment, name, command, roles)),
        purpose: format!("the task definition of {name} in {environment}"),
        syntax: "json".to_owned(),
    }
}

fn task_definition<'a>(
    site: &Site<'a>,
    service: &'a ServicePlan,
    environment: &str,
    name: &'a str,
    command: Option<&'a str>,
    roles: Roles,
) -> TaskDefinition<'a> {
    let app = &site.design.application.slug;
    TaskDefinition {
        family: format!("{app}-{environment}-{name}"),
        network_mode: "awsvpc",
        requires_compatibilities: ["FARGATE"],
        cpu: cpu_units(service.vcpu),
        memory: service.memory_mb.to_string(),
        runtime_platform: RuntimePlatform { cpu_architecture: "X86_64", operating_system_family: "LINUX" },
        execution_role_arn: format!("{ROLE}{}", roles.execution),
        task_role_arn: roles.task.map(|role| format!("{ROLE}{role}")),
        container_definitions: [container(site, service, environment, name, command)],
    }
}

fn region<'a>(site: &Site<'a>) -> &'a str {
    site.region().unwrap_or(USUAL_REGION)
}

fn in_secrets_manager(site: &Site<'_>) -> bool {
    site.design.secrets.service.as_ref().is_some_and(|service| service.as_str() == SECRETS_MANAGER)
}

/// 1,024 units are one vCPU.
pub(super) fn cpu_units(vcpu: f64) -> String {
    format!("{:.0}", vcpu * 1024.0)
}

/// The variables of a service that may be written down for an environment.
pub(super) fn variables<'a>(
    site: &Site<'a>,
    service: &'a ServicePlan,
    environment: &str,
) -> Vec<Variable<'a>> {
    site.variables(service)
        .filter_map(|variable| {
            Some(Variable { name: &variable.name, value: literal(variable, environment)? })
        })
        .chain(site.version().map(|(name, value)| Variable { name, value }))
        .collect()
}

/// The variables of a service whose values the parameter store or the secrets manager holds.
pub(super) fn secrets<'a>(site: &Site<'a>, service: &'a ServicePlan, environment: &str) -> Vec<Secret<'a>> {
    let app = &site.design.application.slug;
    let place = if in_secrets_manager(site) {
        format!("arn:aws:secretsmanager:{}:ACCOUNT_ID:secret:{app}/{environment}", region(site))
    } else {
        format!("/{app}/{environment}")
    };
    site.variables(service)
        .filter(|variable| literal(variable, environment).is_none())
        // A task does not start while one of its secrets has no value: a feature that is off has none.
        .filter(|variable| is_indispensable(variable))
        .map(|variable| Secret { name: &variable.name, value_from: format!("{place}/{}", variable.name) })
        .collect()
}

fn container<'a>(
    site: &Site<'a>,
    service: &'a ServicePlan,
    environment: &str,
    name: &'a str,
    command: Option<&'a str>,
) -> Container<'a> {
    let app = &site.design.application.slug;
    let listens = command.is_none() && service.kind.serves_http() && service.port > 0;
    Container {
        name: CONTAINER,
        image: IMAGE,
        essential: true,
        // Else an entry point of the image would take the command for its own arguments.
        entry_point: command.map(|_| ["sh", "-c"]),
        command: command.map(|line| [line]),
        port_mappings: listens
            .then_some(PortMapping { container_port: service.port, protocol: "tcp" })
            .into_iter()
            .collect(),
        environment: variables(site, service, environment),
        secrets: secrets(site, service, environment),
        linux_parameters: LinuxParameters { init_process_enabled: true },
        stop_timeout: 30,
        log_configuration: LogConfiguration {
            log_driver: "awslogs",
            options: LogOptions {
                group: format!("/ecs/{app}-{environment}"),
                region: region(site),
                stream_prefix: name,
            },
        },
    }
}
