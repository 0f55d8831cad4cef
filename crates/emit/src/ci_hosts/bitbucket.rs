//! Bitbucket Pipelines: `bitbucket-pipelines.yml`. Its steps run one after the other, in the order of the jobs.
//!
//! What a person or a closed pull request starts stands under `custom`: the deployment, the way back of each environment, and
//! the end of a preview.

use std::borrow::Cow;

use serde::Serialize;
use siteplan_model::design::Design;
use siteplan_model::file::{File, Part};
use siteplan_model::pipeline::{EnvValue, History, Input, Job, JobPurpose, Occasion, ServiceContainer, Step};
use siteplan_model::script::DIGESTS;

use super::head;
use super::runtimes::quoted;
use super::shell::{self, Host, cache_of};
use crate::names::{is_variable, plain};
use crate::yaml::{Mapping, spaced, to_yaml};

/// The service that lets a step call Docker, and the program that it brings along.
const DOCKER: &str = "docker";
/// The variable that names a pull request, where a person starts what belongs to it.
const PULL_REQUEST: &str = "PULL_REQUEST";
/// The events of a pull request that is merged or declined
/// (<https://support.atlassian.com/bitbucket-cloud/docs/pipeline-start-conditions/>).
const CLOSED: [&str; 2] = ["pullrequest-fulfilled", "pullrequest-rejected"];
/// A condition has to be named; a pull request always has a branch that it is for.
const EVERY_ONE: &str = "BITBUCKET_PR_DESTINATION_BRANCH != \"\"";

/// What Bitbucket gives its jobs.
const HOST: Host = Host {
    token: "BITBUCKET_STEP_OIDC_TOKEN",
    session: "bitbucket-$BITBUCKET_BUILD_NUMBER",
    provided: &[DOCKER],
    // What waits is paused until a person resumes it.
    after_rollback: |_| Vec::new(),
};

#[derive(Serialize)]
struct Configuration<'a> {
    #[serde(skip_serializing_if = "Definitions::is_empty")]
    definitions: Definitions<'a>,
    pipelines: Pipelines<'a>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    triggers: Mapping<Vec<Trigger>>,
}

/// Pipelines of `custom` that an event starts.
#[derive(Serialize)]
struct Trigger {
    condition: &'static str,
    pipelines: Vec<String>,
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
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    branches: Mapping<Vec<Entry<'a>>>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    custom: Mapping<Vec<Entry<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Entry<'a> {
    /// What the person who starts the pipeline is asked; before all steps.
    Variables(Vec<Question<'a>>),
    Step(Box<PipelineStep<'a>>),
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Question<'a> {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allowed_values: Vec<&'a str>,
    description: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct PipelineStep<'a> {
    name: &'a str,
    image: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deployment: Option<&'a str>,
    /// The values of an environment alone: its steps do not wait for each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trigger: Option<&'static str>,
    max_time: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    oidc: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clone: Option<Checkout>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    services: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    caches: Vec<String>,
    script: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    artifacts: Vec<&'a str>,
}

#[derive(Serialize)]
struct Checkout {
    depth: &'static str,
}

/// What starts a list of steps: a person answers questions, a pull request has a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    Push,
    PullRequest,
    Person,
}

/// The pipeline file.
pub(super) fn files(design: &Design) -> Vec<File> {
    let pipeline = &design.delivery.pipeline;
    let triggers = &pipeline.triggers;
    let jobs = shell::jobs(pipeline);
    let returns = shell::rollback_jobs(design);
    let of = |occasions: &'static [Occasion], start: Start| {
        entries(design, jobs.iter().filter(|job| occasions.contains(&job.occasion)), start)
    };
    let checked = of(&[Occasion::BranchAndPullRequests, Occasion::PullRequest], Start::PullRequest);
    let on_branch: &[Occasion] = &[Occasion::Branch, Occasion::BranchAndPullRequests];
    let pushed = of(on_branch, Start::Push);
    let mut custom: Mapping<Vec<Entry<'_>>> = Mapping::default();
    // A person can start the pipeline of the branch itself; only what they can say beside it needs another one.
    if triggers.manual && !triggers.inputs.is_empty() && !pushed.is_empty() {
        custom.extend([("deploy".to_owned(), asked(&jobs, &triggers.inputs, of(on_branch, Start::Person)))]);
    }
    let rollback = design.delivery.rollback_pipeline.as_ref();
    let releases: Vec<Input> = rollback
        .into_iter()
        .flat_map(|pipeline| &pipeline.triggers.inputs)
        .filter(|input| input.choices.is_empty())
        .cloned()
        .collect();
    for job in &returns {
        let steps = entries(design, std::iter::once(job), Start::Person);
        custom.extend([(plain(&job.id), asked(&returns, &releases, steps))]);
    }
    let mut ended: Vec<String> = Vec::new();
    for job in jobs.iter().filter(|job| job.occasion == Occasion::PullRequestClosed) {
        let question = Question {
            name: PULL_REQUEST.to_owned(),
            default: Some(""),
            allowed_values: Vec::new(),
            description: "Number of the pull request that was closed; Bitbucket knows it where its end starts this",
        };
        ended.push(plain(&job.id));
        let steps = entries(design, std::iter::once(job), Start::Person);
        let all = std::iter::once(Entry::Variables(vec![question])).chain(steps);
        custom.extend([(plain(&job.id), all.collect())]);
    }
    let on_pull_requests = !checked.is_empty();
    let configuration = Configuration {
        definitions: Definitions { caches: caches(&jobs), services: services(&jobs) },
        pipelines: Pipelines {
            pull_requests: on_pull_requests.then_some(("**".to_owned(), checked)).into_iter().collect(),
            branches: (triggers.push && !pushed.is_empty())
                .then(|| (triggers.branch.clone(), pushed))
                .into_iter()
                .collect(),
            custom,
        },
        triggers: CLOSED
            .iter()
            .filter(|_| !ended.is_empty())
            .map(|event| {
                ((*event).to_owned(), vec![Trigger { condition: EVERY_ONE, pipelines: ended.clone() }])
            })
            .collect(),
    };
    vec![File {
        part: Part::Pipeline,
        path: design.delivery.pipeline_path.clone(),
        contents: format!("{}{}", head(design), spaced(&to_yaml(&configuration))),
        purpose: "the pipeline".to_owned(),
        syntax: "yaml".to_owned(),
    }]
}

/// Steps with what the person who starts them is asked first.
fn asked<'a>(jobs: &[Job], inputs: &'a [Input], steps: Vec<Entry<'a>>) -> Vec<Entry<'a>> {
    let question = |input: &'a Input| Question {
        name: shell::variable(jobs, &input.name),
        default: (!input.required).then_some(input.default.as_str()),
        allowed_values: input.choices.iter().map(String::as_str).collect(),
        description: &input.description,
    };
    let questions: Vec<Question<'a>> = inputs.iter().map(question).collect();
    let first = (!questions.is_empty()).then_some(Entry::Variables(questions));
    first.into_iter().chain(steps).collect()
}

fn services(jobs: &[Job]) -> Mapping<Service<'_>> {
    let containers = jobs.iter().flat_map(|job| &job.services);
    containers.map(|container| (plain(&container.name), service(container))).collect()
}

fn service(container: &ServiceContainer) -> Service<'_> {
    let variables = container.env.iter().map(|(name, value)| (name.clone(), value.as_str()));
    Service { image: &container.image, variables: variables.collect() }
}

fn caches(jobs: &[Job]) -> Mapping<&'static str> {
    let found = jobs.iter().flat_map(|job| &job.steps).filter_map(cache_of);
    found.map(|(_, path)| (cache_name(path), path)).collect()
}

fn cache_name(path: &str) -> String {
    format!("{}-packages", plain(path.rsplit('/').next().unwrap_or(path)))
}

fn entries<'a>(design: &Design, jobs: impl Iterator<Item = &'a Job>, start: Start) -> Vec<Entry<'a>> {
    // The first step of a pipeline cannot wait for a person.
    let step = |(at, job)| Entry::Step(Box::new(pipeline_step(design, at, job, start)));
    (0..).zip(jobs).map(step).collect()
}

fn pipeline_step<'a>(design: &Design, at: usize, job: &'a Job, start: Start) -> PipelineStep<'a> {
    let environment = job.environment.as_ref();
    let waits = at > 0 && environment.is_some_and(|environment| environment.approval);
    let is_preview = job.purpose == JobPurpose::Preview;
    let docker = shell::calls(design, job, DOCKER).then(|| DOCKER.to_owned());
    let whole = job.steps.iter().any(|step| matches!(step, Step::Checkout { history: History::Whole }));
    let uploads = job.steps.iter().filter_map(|step| match step {
        Step::Upload { paths, .. } => Some(paths.iter().map(String::as_str)),
        _ => None,
    });
    let lines = shell::lines(design, job, &HOST);
    PipelineStep {
        name: &job.name,
        image: shell::image(design, job),
        deployment: environment.filter(|_| !is_preview).map(|environment| environment.name.as_str()),
        environment: environment.filter(|_| is_preview).map(|environment| environment.name.as_str()),
        trigger: waits.then_some("manual"),
        max_time: job.timeout_minutes,
        oidc: job.identity_token().then_some(true),
        clone: whole.then_some(Checkout { depth: "full" }),
        services: job.services.iter().map(|service| plain(&service.name)).chain(docker).collect(),
        caches: job.steps.iter().filter_map(cache_of).map(|(_, path)| cache_name(path)).collect(),
        script: exports(job, start).chain(job.services.iter().map(wait)).chain(lines).collect(),
        artifacts: uploads.flatten().chain((!job.hands_on.is_empty()).then_some(DIGESTS)).collect(),
    }
}

/// Bitbucket starts a service beside a step without waiting for it.
fn wait(service: &ServiceContainer) -> String {
    let port = service.port;
    format!(
        "bash -c 'for _ in $(seq 60); do if (: < /dev/tcp/127.0.0.1/{port}) 2> /dev/null; then exit 0; fi; sleep 1; done; echo \"nothing answers on port {port}\"; exit 1'"
    )
}

fn exports(job: &Job, start: Start) -> impl Iterator<Item = String> {
    let given =
        job.env.iter().filter(|(name, _)| is_variable(name)).filter_map(move |(name, value)| match value {
            EnvValue::Literal(text) => Some(format!("export {name}={}", quoted(text))),
            EnvValue::PullRequest if start == Start::Person => {
                Some(format!("export {name}=\"${{{PULL_REQUEST}:-$BITBUCKET_PR_ID}}\""))
            }
            EnvValue::PullRequest => Some(format!("export {name}=\"$BITBUCKET_PR_ID\"")),
            other => shell::renamed(name, other).map(|stored| format!("export {name}=\"${stored}\"")),
        });
    let caches = job.steps.iter().filter_map(cache_of);
    given.chain(caches.map(|(name, path)| format!("export {name}=\"$BITBUCKET_CLONE_DIR/{path}\"")))
}
