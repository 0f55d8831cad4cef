//! AWS ECS on Fargate: one task definition per environment and service, `deploy/ecs/<environment>/<service>.json`.
//!
//! Format: `RegisterTaskDefinition` of the ECS API, <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html>
//! (botocore 1.44.5, seen 2026-11-22). The pipeline puts the image in the place of `IMAGE_URI`.

use serde::Serialize;
use siteplan_model::design::ServicePlan;
use siteplan_model::file::File;

use super::site::{Site, json, literal};
use crate::names::plain;

const IMAGE: &str = "IMAGE_URI";
/// The container's name, which the pipeline's one-off tasks know.
const CONTAINER: &str = "app";
/// The role that AWS's own console makes for pulling images, reading parameters and writing logs.
const EXECUTION_ROLE: &str = "ecsTaskExecutionRole";
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
    execution_role_arn: &'static str,
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
    command: Option<[&'a str; 3]>,
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

#[derive(Serialize)]
struct Variable<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Secret<'a> {
    name: &'a str,
    value_from: String,
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

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    let mut files = Vec::new();
    for environment in site.environments() {
        for service in &site.services {
            files.push(File {
                path: format!("deploy/ecs/{}/{}.json", plain(environment), service.plan.slug),
                contents: json(&task_definition(site, service.plan, environment)),
                purpose: format!("the task definition of {} in {environment}", service.plan.slug),
                syntax: "json".to_owned(),
            });
        }
    }
    files
}

fn task_definition<'a>(site: &Site<'a>, service: &'a ServicePlan, environment: &str) -> TaskDefinition<'a> {
    let app = &site.design.application.slug;
    TaskDefinition {
        family: format!("{app}-{environment}-{}", service.slug),
        network_mode: "awsvpc",
        requires_compatibilities: ["FARGATE"],
        cpu: cpu_units(service.vcpu),
        memory: service.memory_mb.to_string(),
        runtime_platform: RuntimePlatform { cpu_architecture: "X86_64", operating_system_family: "LINUX" },
        execution_role_arn: EXECUTION_ROLE,
        container_definitions: [container(site, service, environment)],
    }
}

/// 1,024 units are one vCPU.
fn cpu_units(vcpu: f64) -> String {
    format!("{:.0}", vcpu * 1024.0)
}

fn container<'a>(site: &Site<'a>, service: &'a ServicePlan, environment: &str) -> Container<'a> {
    let app = &site.design.application.slug;
    let (written, stored): (Vec<_>, Vec<_>) =
        site.variables(service).partition(|variable| literal(variable, environment).is_some());
    let environment_of = |variable: &'a siteplan_model::design::VariablePlan| Variable {
        name: &variable.name,
        value: literal(variable, environment).unwrap_or_default(),
    };
    let needed = stored.into_iter().filter(|variable| variable.secret || variable.required);
    Container {
        name: CONTAINER,
        image: IMAGE,
        essential: true,
        // The image starts what users reach; whatever else it holds is started by its own command.
        command: service
            .commands
            .start
            .as_deref()
            .filter(|_| !service.kind.serves_http())
            .map(|start| ["sh", "-c", start]),
        port_mappings: (service.kind.serves_http() && service.port > 0)
            .then_some(PortMapping { container_port: service.port, protocol: "tcp" })
            .into_iter()
            .collect(),
        environment: written.into_iter().map(environment_of).collect(),
        secrets: needed
            .map(|variable| Secret {
                name: &variable.name,
                value_from: format!("/{app}/{environment}/{}", variable.name),
            })
            .collect(),
        linux_parameters: LinuxParameters { init_process_enabled: true },
        stop_timeout: 30,
        log_configuration: LogConfiguration {
            log_driver: "awslogs",
            options: LogOptions {
                group: format!("/ecs/{app}-{environment}"),
                region: site.region().unwrap_or(USUAL_REGION),
                stream_prefix: &service.slug,
            },
        },
    }
}
