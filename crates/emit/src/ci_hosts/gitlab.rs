//! GitLab CI/CD: `.gitlab-ci.yml`.

use serde::Serialize;
use siteplan_model::design::Design;
use siteplan_model::file::{File, Part};
use siteplan_model::pipeline::{EnvValue, Job, JobPurpose, Step, Triggers};

use super::head;
use super::runtimes::{cache, image, lines};
use crate::names::{is_variable, plain};
use crate::yaml::{Mapping, spaced, to_yaml};

const PATH: &str = ".gitlab-ci.yml";
/// The variable that holds the branch: GitLab's conditions have no way to quote one inside a condition.
const BRANCH: &str = "DEPLOY_BRANCH";
const ON_BRANCH: &str = "$CI_COMMIT_BRANCH == $DEPLOY_BRANCH";
const ON_MERGE_REQUEST: &str = "$CI_PIPELINE_SOURCE == \"merge_request_event\"";
/// The identity token, and the file that a cloud's tools read it from.
const TOKEN: &str = "IDENTITY_TOKEN";
const TOKEN_FILE: &str = "/tmp/identity-token";

#[derive(Serialize)]
struct Head<'a> {
    stages: Vec<&'static str>,
    workflow: Workflow,
    variables: Mapping<Variable<'a>>,
}

#[derive(Serialize)]
struct Workflow {
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct Rule {
    r#if: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<&'static str>,
}

/// Text that GitLab shall not expand: it looks for `$` in the values of variables.
#[derive(Serialize)]
#[serde(untagged)]
enum Variable<'a> {
    Plain(String),
    Verbatim { value: &'a str, expand: bool },
}

#[derive(Serialize)]
struct PipelineJob<'a> {
    stage: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    services: Vec<Service<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    needs: Vec<String>,
    rules: Vec<Rule>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<Environment<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_group: Option<&'a str>,
    timeout: String,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    id_tokens: Mapping<Audience>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    variables: Mapping<Variable<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cache: Vec<Cache>,
    script: Vec<String>,
}

#[derive(Serialize)]
struct Service<'a> {
    name: &'a str,
    alias: String,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    variables: Mapping<String>,
}

#[derive(Serialize)]
struct Environment<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Audience {
    aud: &'static str,
}

#[derive(Serialize)]
struct Cache {
    key: String,
    paths: [String; 1],
}

/// The pipeline file.
pub(super) fn files(design: &Design) -> Vec<File> {
    let pipeline = &design.delivery.pipeline;
    let head_value = Head {
        stages: stages(&pipeline.jobs),
        workflow: Workflow { rules: rules(&pipeline.triggers) },
        variables: [(BRANCH.to_owned(), verbatim(&pipeline.triggers.branch))].into_iter().collect(),
    };
    let jobs = pipeline.jobs.iter().map(|job| (plain(&job.id), pipeline_job(job, &pipeline.triggers)));
    let jobs: Mapping<PipelineJob<'_>> = jobs.collect();
    vec![File {
        part: Part::Pipeline,
        path: PATH.to_owned(),
        contents: format!("{}{}\n{}", head(design), spaced(&to_yaml(&head_value)), spaced(&to_yaml(&jobs))),
        purpose: "the pipeline".to_owned(),
        syntax: "yaml".to_owned(),
    }]
}

fn stages(jobs: &[Job]) -> Vec<&'static str> {
    let order =
        [JobPurpose::Test, JobPurpose::Build, JobPurpose::Preview, JobPurpose::Deploy, JobPurpose::Rollback];
    order.into_iter().filter(|purpose| jobs.iter().any(|job| job.purpose == *purpose)).map(stage).collect()
}

fn stage(purpose: JobPurpose) -> &'static str {
    match purpose {
        JobPurpose::Test => "test",
        JobPurpose::Build => "build",
        JobPurpose::Preview => "preview",
        JobPurpose::Deploy => "deploy",
        JobPurpose::Rollback => "rollback",
    }
}

fn rules(triggers: &Triggers) -> Vec<Rule> {
    let merge_request = triggers.pull_requests.then_some(Rule { r#if: ON_MERGE_REQUEST, when: None });
    merge_request.into_iter().chain([Rule { r#if: ON_BRANCH, when: None }]).collect()
}

fn pipeline_job<'a>(job: &'a Job, triggers: &Triggers) -> PipelineJob<'a> {
    let waits = job.environment.as_ref().is_some_and(|environment| environment.approval);
    let on_branch = || vec![Rule { r#if: ON_BRANCH, when: waits.then_some("manual") }];
    PipelineJob {
        stage: stage(job.purpose),
        image: image(&job.steps),
        services: job.services.iter().map(service).collect(),
        needs: job.needs.iter().map(|id| plain(id)).collect(),
        rules: if job.on_pull_requests() { rules(triggers) } else { on_branch() },
        environment: job
            .environment
            .as_ref()
            .map(|environment| Environment { name: &environment.name, url: environment.url.as_deref() }),
        resource_group: job.environment.as_ref().map(|environment| environment.name.as_str()),
        timeout: format!("{} minutes", job.timeout_minutes),
        id_tokens: clouds(job).map(|cloud| (TOKEN.to_owned(), Audience { aud: audience(cloud) })).collect(),
        variables: variables(job),
        cache: job.steps.iter().filter_map(cached).collect(),
        script: job.steps.iter().flat_map(|step| lines(step, login)).collect(),
    }
}

fn service(service: &siteplan_model::pipeline::ServiceContainer) -> Service<'_> {
    Service {
        name: &service.image,
        alias: plain(&service.name),
        variables: service.env.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
    }
}

fn verbatim(text: &str) -> Variable<'_> {
    if text.contains('$') {
        Variable::Verbatim { value: text, expand: false }
    } else {
        Variable::Plain(text.to_owned())
    }
}

/// The variables that GitLab does not set by itself, as it does for those that are stored under the name they have here.
fn variables(job: &Job) -> Mapping<Variable<'_>> {
    let given =
        job.env.iter().filter(|(name, _)| is_variable(name)).filter_map(|(name, value)| match value {
            EnvValue::Literal(text) => Some((name.clone(), beside(job, text))),
            EnvValue::Secret(stored) | EnvValue::Variable(stored)
                if stored != name && is_variable(stored) =>
            {
                Some((name.clone(), Variable::Plain(format!("${stored}"))))
            }
            _ => None,
        });
    let caches = job.steps.iter().filter_map(cache_of);
    given
        .chain(
            caches.map(|(name, path)| (name.to_owned(), Variable::Plain(format!("$CI_PROJECT_DIR/{path}")))),
        )
        .collect()
}

/// GitLab's services have host names of their own, where other hosts put them on the job's machine.
fn beside<'a>(job: &Job, text: &'a str) -> Variable<'a> {
    let mut moved = text.to_owned();
    for service in &job.services {
        for local in ["localhost", "127.0.0.1"] {
            moved = moved.replace(
                &format!("{local}:{}", service.port),
                &format!("{}:{}", plain(&service.name), service.port),
            );
        }
    }
    if moved == text { verbatim(text) } else { Variable::Plain(moved.replace('$', "$$")) }
}

fn cache_of(step: &Step) -> Option<(&'static str, &'static str)> {
    match step {
        Step::Runtime { runtime, package_manager, .. } => cache(runtime, package_manager.as_deref()),
        _ => None,
    }
}

fn cached(step: &Step) -> Option<Cache> {
    cache_of(step).map(|(_, path)| Cache {
        key: plain(path.rsplit('/').next().unwrap_or(path)),
        paths: [path.to_owned()],
    })
}

fn clouds(job: &Job) -> impl Iterator<Item = &str> {
    job.steps.iter().filter(|_| job.identity_token()).filter_map(|step| match step {
        Step::CloudLogin { cloud } => Some(cloud.as_str()),
        _ => None,
    })
}

fn audience(cloud: &str) -> &'static str {
    match cloud {
        "aws" => "sts.amazonaws.com",
        "azure" => "api://AzureADTokenExchange",
        _ => "https://gitlab.com",
    }
}

fn login(cloud: &str) -> Vec<String> {
    let write = format!("printf '%s' \"${TOKEN}\" > {TOKEN_FILE}");
    match cloud {
        "aws" => vec![
            write,
            format!(
                "export AWS_WEB_IDENTITY_TOKEN_FILE={TOKEN_FILE} AWS_ROLE_SESSION_NAME=\"gitlab-$CI_PIPELINE_ID\""
            ),
        ],
        "google" => vec![
            write,
            format!(
                "gcloud iam workload-identity-pools create-cred-config \"$GOOGLE_WORKLOAD_IDENTITY_PROVIDER\" --credential-source-file={TOKEN_FILE} --output-file=/tmp/google-credentials.json"
            ),
            "gcloud auth login --cred-file=/tmp/google-credentials.json".to_owned(),
        ],
        "azure" => vec![format!(
            "az login --service-principal --username \"$AZURE_CLIENT_ID\" --tenant \"$AZURE_TENANT_ID\" --federated-token \"${TOKEN}\""
        )],
        _ => Vec::new(),
    }
}
