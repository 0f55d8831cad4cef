//! AWS ECS Express Mode: one definition per environment and HTTP service, `deploy/ecs-express/<environment>/<service>.json`.
//! Workers, jobs and migrations are ordinary tasks of the same cluster, with task definitions in `deploy/ecs`.
//!
//! Format: `CreateExpressGatewayService` of the ECS API,
//! <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateExpressGatewayService.html> (botocore 1.44.5, seen
//! 2026-11-25). The pipeline puts image and account in the place of `IMAGE_URI` and `ACCOUNT_ID`.

use serde::Serialize;
use siteplan_model::design::ServicePlan;
use siteplan_model::file::{File, Part};

use super::aws_ecs_fargate::{Roles, Secret, Variable, cpu_units, secrets, task_file, variables};
use super::site::{Placed, Site, json};
use crate::names::plain;

/// The role that AWS's own console makes for pulling images, reading parameters and writing logs.
const TASK_EXECUTION: &str = "ecsTaskExecutionRole";
const EXECUTION_ROLE: &str = "arn:aws:iam::ACCOUNT_ID:role/ecsTaskExecutionRole";
/// The role that AWS's own console makes for load balancer, scaling and certificate.
const INFRASTRUCTURE_ROLE: &str = "arn:aws:iam::ACCOUNT_ID:role/ecsInfrastructureRoleForExpressServices";
/// Most tasks: a limit to the bill, to be raised with the load.
const MOST_TASKS: u32 = 10;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Definition<'a> {
    service_name: String,
    execution_role_arn: &'static str,
    infrastructure_role_arn: &'static str,
    primary_container: Primary<'a>,
    cpu: String,
    memory: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    health_check_path: Option<&'a str>,
    scaling_target: ScalingTarget,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Primary<'a> {
    image: &'static str,
    container_port: u16,
    environment: Vec<Variable<'a>>,
    secrets: Vec<Secret<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ScalingTarget {
    min_task_count: u32,
    max_task_count: u32,
    auto_scaling_metric: &'static str,
    auto_scaling_target_value: u32,
}

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    let mut files = Vec::new();
    for environment in site.environments() {
        for placed in &site.services {
            let plan = placed.plan;
            files.push(if plan.kind.serves_http() {
                File {
                    part: Part::Platform,
                    path: format!("deploy/ecs-express/{}/{}.json", plain(environment), plan.slug),
                    contents: json(&service(site, placed, environment)),
                    purpose: format!("the Express service {} in {environment}", plan.slug),
                    syntax: "json".to_owned(),
                }
            } else {
                task_file(site, plan, environment, &plan.slug, plan.commands.start.as_deref(), roles())
            });
            if let Some(migrate) = site.migration(plan).filter(|_| plan.kind.serves_http()) {
                let name = format!("{}-migrate", plan.slug);
                files.push(task_file(site, plan, environment, &name, Some(migrate), roles()));
            }
        }
    }
    files
}

fn roles() -> Roles {
    Roles { execution: TASK_EXECUTION.to_owned(), task: None }
}

fn service<'a>(site: &Site<'a>, placed: &Placed<'a>, environment: &str) -> Definition<'a> {
    let plan: &ServicePlan = placed.plan;
    Definition {
        service_name: format!("{}-{environment}-{}", site.design.application.slug, plan.slug),
        execution_role_arn: EXECUTION_ROLE,
        infrastructure_role_arn: INFRASTRUCTURE_ROLE,
        primary_container: Primary {
            image: super::aws_ecs_fargate::IMAGE,
            container_port: plan.port,
            environment: variables(site, placed.plan, environment),
            secrets: secrets(site, placed.plan, environment),
        },
        cpu: cpu_units(plan.vcpu),
        memory: plan.memory_mb.to_string(),
        // Without one AWS asks `/ping`, which few applications know.
        health_check_path: Some(
            placed.plan.probe_path.as_deref().or(placed.plan.health_path.as_deref()).unwrap_or("/"),
        ),
        scaling_target: ScalingTarget {
            min_task_count: placed.instances,
            max_task_count: MOST_TASKS.max(placed.instances),
            auto_scaling_metric: "AVERAGE_CPU",
            auto_scaling_target_value: 60,
        },
    }
}
