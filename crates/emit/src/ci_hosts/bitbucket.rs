//! Bitbucket Pipelines: `bitbucket-pipelines.yml`. Its steps run one after the other, in the order of the jobs.

use serde::Serialize;
use siteplan_model::design::Design;
use siteplan_model::file::{File, Part};
use siteplan_model::pipeline::{EnvValue, Job, Pipeline, ServiceContainer, Step};

use super::head;
use super::runtimes::{cache, image, lines, quoted};
use crate::names::{is_variable, plain};
use crate::yaml::{Mapping, spaced, to_yaml};

const PATH: &str = "bitbucket-pipelines.yml";
const TOKEN_FILE: &str = "/tmp/identity-token";

#[derive(Serialize)]
struct Configuration<'a> {
    #[serde(skip_serializing_if = "Definitions::is_empty")]
    definitions: Definitions<'a>,
    pipelines: Pipelines<'a>,
}

#[derive(Serialize)]
struct Definitions<'a> {
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    caches: Mapping<&'static str>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    services: Mapping<Service<'a>>,
}

impl Definitions<'_> {
    fn is_empty(&self) -> bool {
        self.caches.is_empty() && self.services.is_empty()
    }
}

#[derive(Serialize)]
struct Service<'a> {
    image: &'a str,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    variables: Mapping<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Pipelines<'a> {
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    pull_requests: Mapping<Vec<Entry<'a>>>,
    branches: Mapping<Vec<Entry<'a>>>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    custom: Mapping<Vec<Entry<'a>>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    step: PipelineStep<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct PipelineStep<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deployment: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trigger: Option<&'static str>,
    max_time: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    oidc: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    services: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    caches: Vec<String>,
    script: Vec<String>,
}

/// The pipeline file.
pub(super) fn files(design: &Design) -> Vec<File> {
    let pipeline = &design.delivery.pipeline;
    let all = |pipeline: &Pipeline| pipeline.jobs.len();
    let branch = pipeline.triggers.branch.clone();
    let tests = entries(pipeline.jobs.iter().filter(|job| job.on_pull_requests()));
    let on_pull_requests = pipeline.triggers.pull_requests && !tests.is_empty();
    let configuration = Configuration {
        definitions: Definitions { caches: caches(pipeline), services: services(pipeline) },
        pipelines: Pipelines {
            pull_requests: on_pull_requests.then_some(("**".to_owned(), tests)).into_iter().collect(),
            branches: [(branch, entries(pipeline.jobs.iter()))].into_iter().collect(),
            custom: (pipeline.triggers.manual && all(pipeline) > 0)
                .then(|| ("deploy".to_owned(), entries(pipeline.jobs.iter())))
                .into_iter()
                .collect(),
        },
    };
    vec![File {
        part: Part::Pipeline,
        path: PATH.to_owned(),
        contents: format!("{}{}", head(design), spaced(&to_yaml(&configuration))),
        purpose: "the pipeline".to_owned(),
        syntax: "yaml".to_owned(),
    }]
}

fn services(pipeline: &Pipeline) -> Mapping<Service<'_>> {
    let containers = pipeline.jobs.iter().flat_map(|job| &job.services);
    containers.map(|container| (plain(&container.name), service(container))).collect()
}

fn service(container: &ServiceContainer) -> Service<'_> {
    let variables = container.env.iter().map(|(name, value)| (name.clone(), value.as_str()));
    Service { image: &container.image, variables: variables.collect() }
}

fn caches(pipeline: &Pipeline) -> Mapping<&'static str> {
    let found = pipeline.jobs.iter().flat_map(|job| &job.steps).filter_map(cache_of);
    found.map(|(_, path)| (cache_name(path), path)).collect()
}

fn cache_of(step: &Step) -> Option<(&'static str, &'static str)> {
    match step {
        Step::Runtime { runtime, package_manager, .. } => cache(runtime, package_manager.as_deref()),
        _ => None,
    }
}

fn cache_name(path: &str) -> String {
    format!("{}-packages", plain(path.rsplit('/').next().unwrap_or(path)))
}

fn entries<'a>(jobs: impl Iterator<Item = &'a Job>) -> Vec<Entry<'a>> {
    // The first step of a pipeline cannot wait for a person.
    (0..).zip(jobs).map(|(at, job)| Entry { step: pipeline_step(at, job) }).collect()
}

fn pipeline_step(at: usize, job: &Job) -> PipelineStep<'_> {
    let environment = job.environment.as_ref();
    let waits = at > 0 && environment.is_some_and(|environment| environment.approval);
    PipelineStep {
        name: &job.name,
        image: image(&job.steps),
        deployment: environment.map(|environment| environment.name.as_str()),
        trigger: waits.then_some("manual"),
        max_time: job.timeout_minutes,
        oidc: job.identity_token().then_some(true),
        services: job.services.iter().map(|service| plain(&service.name)).chain(docker(job)).collect(),
        caches: job.steps.iter().filter_map(cache_of).map(|(_, path)| cache_name(path)).collect(),
        script: exports(job).chain(job.steps.iter().flat_map(|step| lines(step, login))).collect(),
    }
}

/// Steps that call Docker need Bitbucket's own service for it.
fn docker(job: &Job) -> Option<String> {
    let calls = |step: &Step| matches!(step, Step::Run { command, .. } if command.contains("docker "));
    job.steps.iter().any(calls).then(|| "docker".to_owned())
}

fn exports(job: &Job) -> impl Iterator<Item = String> {
    let given =
        job.env.iter().filter(|(name, _)| is_variable(name)).filter_map(|(name, value)| match value {
            EnvValue::Literal(text) => Some(format!("export {name}={}", quoted(text))),
            EnvValue::Secret(stored) | EnvValue::Variable(stored)
                if stored != name && is_variable(stored) =>
            {
                Some(format!("export {name}=\"${stored}\""))
            }
            _ => None,
        });
    let caches = job.steps.iter().filter_map(cache_of);
    given.chain(caches.map(|(name, path)| format!("export {name}=\"$BITBUCKET_CLONE_DIR/{path}\"")))
}

fn login(cloud: &str) -> Vec<String> {
    let write = format!("printf '%s' \"$BITBUCKET_STEP_OIDC_TOKEN\" > {TOKEN_FILE}");
    match cloud {
        "aws" => vec![
            write,
            format!("export AWS_WEB_IDENTITY_TOKEN_FILE={TOKEN_FILE} AWS_ROLE_SESSION_NAME=\"bitbucket-$BITBUCKET_BUILD_NUMBER\""),
        ],
        "google" => vec![
            write,
            format!(
                "gcloud iam workload-identity-pools create-cred-config \"$GOOGLE_WORKLOAD_IDENTITY_PROVIDER\" --credential-source-file={TOKEN_FILE} --output-file=/tmp/google-credentials.json"
            ),
            "gcloud auth login --cred-file=/tmp/google-credentials.json".to_owned(),
        ],
        "azure" => vec![
            "az login --service-principal --username \"$AZURE_CLIENT_ID\" --tenant \"$AZURE_TENANT_ID\" --federated-token \"$BITBUCKET_STEP_OIDC_TOKEN\"".to_owned(),
        ],
        _ => Vec::new(),
    }
}
