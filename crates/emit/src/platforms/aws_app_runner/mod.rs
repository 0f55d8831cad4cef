//! AWS App Runner: one definition per environment and HTTP service, `deploy/app-runner/<environment>/<service>.json`.
//!
//! Format: `CreateService` of the App Runner API, <https://docs.aws.amazon.com/apprunner/latest/api/API_CreateService.html>
//! (botocore 1.44.5, seen 2026-11-25). The pipeline puts image, account and region in the place of the words in capitals.

use serde::Serialize;
use siteplan_model::file::{File, Part};

use super::aws_ecs_fargate::{IMAGE, cpu_units, secrets, variables};
use super::site::{Placed, Site, json};
use crate::names::plain;
use crate::yaml::Mapping;

/// The role that AWS's own console makes for pulling images.
const ACCESS_ROLE: &str = "arn:aws:iam::ACCOUNT_ID:role/service-role/AppRunnerECRAccessRole";
/// The role with which the application reads its secrets.
const INSTANCE_ROLE: &str = "arn:aws:iam::ACCOUNT_ID:role/AppRunnerInstanceRole";

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Definition<'a> {
    service_name: String,
    source_configuration: Source<'a>,
    instance_configuration: Computing,
    #[serde(skip_serializing_if = "Option::is_none")]
    health_check_configuration: Option<HealthCheck<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Source<'a> {
    image_repository: Repository<'a>,
    auto_deployments_enabled: bool,
    authentication_configuration: Authentication,
}

#[derive(Serialize)]
struct Repository<'a> {
    #[serde(rename = "ImageIdentifier")]
    identifier: &'static str,
    #[serde(rename = "ImageRepositoryType")]
    kind: &'static str,
    #[serde(rename = "ImageConfiguration")]
    configuration: Image<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Image<'a> {
    port: String,
    runtime_environment_variables: Mapping<&'a str>,
    runtime_environment_secrets: Mapping<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Authentication {
    access_role_arn: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Computing {
    cpu: String,
    memory: String,
    instance_role_arn: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct HealthCheck<'a> {
    protocol: &'static str,
    path: &'a str,
    interval: u32,
    timeout: u32,
    healthy_threshold: u32,
    unhealthy_threshold: u32,
}

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    let mut files = Vec::new();
    for environment in site.environments() {
        for placed in site.services.iter().filter(|placed| placed.plan.kind.serves_http()) {
            files.push(File {
                part: Part::Platform,
                path: format!("deploy/app-runner/{}/{}.json", plain(environment), placed.plan.slug),
                contents: json(&service(site, placed, environment)),
                purpose: format!("the App Runner service {} in {environment}", placed.plan.slug),
                syntax: "json".to_owned(),
            });
        }
    }
    files
}

fn service<'a>(site: &Site<'a>, placed: &Placed<'a>, environment: &str) -> Definition<'a> {
    let plan = placed.plan;
    let health = &site.design.health;
    let parameter = |name: &str| format!("arn:aws:ssm:REGION_NAME:ACCOUNT_ID:parameter{name}");
    Definition {
        service_name: format!("{}-{environment}-{}", site.design.application.slug, plan.slug),
        source_configuration: Source {
            image_repository: Repository {
                identifier: IMAGE,
                kind: "ECR",
                configuration: Image {
                    port: plan.port.to_string(),
                    // App Runner sets the port itself and refuses one that is set.
                    runtime_environment_variables: variables(site, plan, environment)
                        .into_iter()
                        .filter(|variable| variable.name != "PORT")
                        .map(|variable| (variable.name.to_owned(), variable.value))
                        .collect(),
                    runtime_environment_secrets: secrets(site, plan, environment)
                        .into_iter()
                        .map(|secret| (secret.name.to_owned(), parameter(&secret.value_from)))
                        .collect(),
                },
            },
            // The pipeline deploys; a new image alone would be a second deployer.
            auto_deployments_enabled: false,
            authentication_configuration: Authentication { access_role_arn: ACCESS_ROLE },
        },
        instance_configuration: Computing {
            cpu: cpu_units(plan.vcpu),
            memory: plan.memory_mb.to_string(),
            instance_role_arn: INSTANCE_ROLE,
        },
        health_check_configuration: plan
            .probe_path
            .as_deref()
            .or(plan.health_path.as_deref())
            .filter(|_| health.included)
            .map(|path| HealthCheck {
                protocol: "HTTP",
                path,
                interval: 10,
                timeout: health.timeout_seconds.min(20),
                healthy_threshold: 1,
                unhealthy_threshold: 5,
            }),
    }
}
