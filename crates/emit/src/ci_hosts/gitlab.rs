//! GitLab CI/CD: `.gitlab-ci.yml`; where the repository has one already, a file that it includes.

use std::borrow::Cow;

use serde::Serialize;
use siteplan_model::design::Design;
use siteplan_model::file::{File, Part};
use siteplan_model::pipeline::{EnvValue, History, Input, Job, JobPurpose, Occasion, Step};
use siteplan_model::script::DIGESTS;

use super::head;
use super::shell::{self, Host, cache_of};
use crate::names::{is_variable, plain};
use crate::yaml::{Mapping, spaced, to_yaml};

/// The file that GitLab reads by itself.
const OWN_PATH: &str = ".gitlab-ci.yml";
/// The variable that holds the branch: GitLab's conditions have no way to quote one inside a condition.
const BRANCH: &str = "DEPLOY_BRANCH";
const ON_BRANCH: &str = "$CI_COMMIT_BRANCH == $DEPLOY_BRANCH";
const ON_MERGE_REQUEST: &str = "$CI_PIPELINE_SOURCE == \"merge_request_event\"";
/// A merge request of the project itself: one from a fork gets no preview.
const ON_OWN_MERGE_REQUEST: &str =
    "$CI_PIPELINE_SOURCE == \"merge_request_event\" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID";
/// The environment of a preview, and after how long one that nobody renews ends.
const PREVIEW: &str = "preview/$CI_MERGE_REQUEST_IID";
const PREVIEW_ENDS_AFTER: &str = "1 week";
/// The identity token.
const TOKEN: &str = "IDENTITY_TOKEN";
/// The Docker daemon beside a job that builds images (<https://docs.gitlab.com/ci/docker/using_docker_build/>).
const DOCKER_IMAGE: &str = "docker:28-dind";
const DOCKER: [(&str, &str); 4] = [
    ("DOCKER_HOST", "tcp://docker:2376"),
    ("DOCKER_TLS_CERTDIR", "/certs"),
    ("DOCKER_CERT_PATH", "/certs/client"),
    ("DOCKER_TLS_VERIFY", "1"),
];

/// What GitLab gives its jobs.
const HOST: Host = Host { token: TOKEN, session: "gitlab-$CI_PIPELINE_ID", provided: &[], after_rollback };

/// Asks for the deployments of the environment since a push started the pipeline: the job of a rollback makes one, and those of
/// jobs that nobody has started do not count (<https://docs.gitlab.com/api/deployments/>). Without an answer nothing is released.
fn after_rollback(environment: &str) -> Vec<String> {
    let place = plain(environment);
    let list = format!(
        "$CI_API_V4_URL/projects/$CI_PROJECT_ID/deployments?environment={place}&order_by=updated_at&updated_after=$CI_PIPELINE_CREATED_AT&status=$status"
    );
    vec![format!(
        "if [ \"$CI_PIPELINE_SOURCE\" = push ]; then
  for status in running success failed; do
    deployments=$(printf 'JOB-TOKEN: %s' \"$CI_JOB_TOKEN\" | curl --fail --silent --show-error --max-time 60 --retry 5 --header @- \"{list}\")
    case $deployments in *'\"name\":\"rollback-{place}\"'*)
      echo 'a person has rolled {place} back since this push: start a pipeline by hand if it shall be released all the same'
      exit 1 ;;
    esac
  done
fi"
    )]
}

/// How long the digests of the built images are kept: a job that waits for a person may start late, or again.
const DIGESTS_KEPT: &str = "30 days";

#[derive(Serialize)]
struct Head<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stages: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workflow: Option<Workflow>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_failure: Option<bool>,
}

/// Text that GitLab shall not expand: it looks for `$` in the values of variables.
#[derive(Serialize)]
#[serde(untagged)]
enum Variable<'a> {
    Plain(String),
    Verbatim {
        value: &'a str,
        expand: bool,
    },
    /// What a person can say who starts a pipeline or a manual job.
    Asked {
        value: &'a str,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        options: Vec<&'a str>,
        description: &'a str,
    },
}

#[derive(Serialize)]
struct PipelineJob<'a> {
    stage: &'static str,
    image: Cow<'a, str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    services: Vec<Service<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    needs: Option<Vec<String>>,
    rules: Vec<Rule>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<Environment<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_group: Option<Cow<'a, str>>,
    timeout: String,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    id_tokens: Mapping<Audience>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    variables: Mapping<Variable<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cache: Vec<Cache>,
    script: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    artifacts: Option<Artifacts<'a>>,
}

#[derive(Serialize)]
struct Service<'a> {
    name: &'a str,
    alias: String,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    variables: Mapping<String>,
}

#[derive(Default, Serialize)]
struct Environment<'a> {
    name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_stop: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auto_stop_in: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<&'static str>,
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

#[derive(Serialize)]
struct Artifacts<'a> {
    paths: Vec<&'a str>,
    expire_in: String,
}

/// What the jobs are part of.
struct Context<'a> {
    design: &'a Design,
    /// Whether another file includes this one: then its jobs come after all others, and its rules for pipelines hold.
    is_included: bool,
    /// The job that ends a preview.
    ends_preview: Option<String>,
}

/// The pipeline file; a person starts the rollback in it, environment by environment.
pub(super) fn files(design: &Design) -> Vec<File> {
    let delivery = &design.delivery;
    let pipeline = &delivery.pipeline;
    let jobs: Vec<Job> = shell::jobs(pipeline).into_iter().chain(shell::rollback_jobs(design)).collect();
    let is_included = delivery.pipeline_path != OWN_PATH;
    let ends_preview = jobs.iter().find(|job| job.occasion == Occasion::PullRequestClosed);
    let context = Context { design, is_included, ends_preview: ends_preview.map(|job| plain(&job.id)) };
    // What a rollback may be told is entered where its job is started: asked for here, it would reach the release as well.
    let inputs = pipeline.triggers.inputs.iter();
    let branch = (BRANCH.to_owned(), verbatim(&pipeline.triggers.branch));
    let head_value = Head {
        stages: if is_included { Vec::new() } else { stages(&jobs) },
        workflow: (!is_included).then(|| Workflow { rules: pipelines(&jobs) }),
        variables: std::iter::once(branch).chain(inputs.map(|input| asked(&jobs, input))).collect(),
    };
    let jobs: Mapping<PipelineJob<'_>> =
        jobs.iter().map(|job| (plain(&job.id), pipeline_job(job, &context))).collect();
    let include = if is_included {
        format!(
            "# Add to {OWN_PATH}: `include: [{{ local: /{} }}]`. These jobs run after all others of it.\n",
            crate::markdown::one_line(&delivery.pipeline_path)
        )
    } else {
        String::new()
    };
    vec![File {
        part: Part::Pipeline,
        path: delivery.pipeline_path.clone(),
        contents: format!(
            "{}{include}{}\n{}",
            head(design),
            spaced(&to_yaml(&head_value)),
            spaced(&to_yaml(&jobs))
        ),
        purpose: "the pipeline".to_owned(),
        syntax: "yaml".to_owned(),
    }]
}

fn asked<'a>(jobs: &[Job], input: &'a Input) -> (String, Variable<'a>) {
    let value = Variable::Asked {
        value: &input.default,
        options: input.choices.iter().map(String::as_str).collect(),
        description: &input.description,
    };
    (shell::variable(jobs, &input.name), value)
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

fn when(condition: &'static str) -> Rule {
    Rule { r#if: condition, when: None, allow_failure: None }
}

/// What starts a pipeline at all.
fn pipelines(jobs: &[Job]) -> Vec<Rule> {
    let on_merge_requests = |job: &Job| {
        matches!(
            job.occasion,
            Occasion::BranchAndPullRequests | Occasion::PullRequest | Occasion::PullRequestClosed
        )
    };
    let merge_request = jobs.iter().any(on_merge_requests).then(|| when(ON_MERGE_REQUEST));
    merge_request.into_iter().chain([when(ON_BRANCH)]).collect()
}

/// When a job runs. One that waits for a person does not keep the pipeline open.
fn rules(job: &Job) -> Vec<Rule> {
    let waits = job.environment.as_ref().is_some_and(|environment| environment.approval);
    match job.occasion {
        Occasion::Branch if waits => vec![Rule { when: Some("manual"), ..when(ON_BRANCH) }],
        Occasion::Branch => vec![when(ON_BRANCH)],
        Occasion::BranchAndPullRequests => vec![when(ON_MERGE_REQUEST), when(ON_BRANCH)],
        Occasion::PullRequest => vec![when(ON_OWN_MERGE_REQUEST)],
        // GitLab starts it when the merge request is merged or closed.
        Occasion::PullRequestClosed => {
            vec![Rule { when: Some("manual"), allow_failure: Some(true), ..when(ON_OWN_MERGE_REQUEST) }]
        }
        Occasion::Manual => {
            vec![Rule { when: Some("manual"), allow_failure: Some(true), ..when(ON_BRANCH) }]
        }
    }
}

fn pipeline_job<'a>(job: &'a Job, context: &Context<'_>) -> PipelineJob<'a> {
    let docker = shell::calls(context.design, job, "docker");
    let daemon = Service { name: DOCKER_IMAGE, alias: "docker".to_owned(), variables: Mapping::default() };
    let mut script = shell::lines(context.design, job, &HOST);
    if script.is_empty() {
        script.push("true".to_owned());
    }
    PipelineJob {
        stage: if context.is_included { ".post" } else { stage(job.purpose) },
        image: shell::image(context.design, job),
        services: job.services.iter().map(service).chain(docker.then_some(daemon)).collect(),
        needs: needs(job, context),
        rules: rules(job),
        environment: environment(job, context),
        resource_group: job.exclusive.as_deref().map(|name| exclusive(job, name)),
        timeout: format!("{} minutes", job.timeout_minutes),
        id_tokens: clouds(job).map(|cloud| (TOKEN.to_owned(), Audience { aud: audience(cloud) })).collect(),
        variables: variables(job, docker),
        cache: job.steps.iter().filter_map(cached).collect(),
        script,
        artifacts: artifacts(job),
    }
}

/// What a job waits for. In a file that is included the first one waits for every job of the including file; what a person starts
/// waits for nothing.
fn needs(job: &Job, context: &Context<'_>) -> Option<Vec<String>> {
    let is_first = job.needs.is_empty();
    let by_person = matches!(job.occasion, Occasion::Manual | Occasion::PullRequestClosed);
    if is_first && by_person {
        return Some(Vec::new());
    }
    if is_first && !context.is_included {
        return None;
    }
    (!is_first).then(|| job.needs.iter().map(|id| plain(id)).collect())
}

fn environment<'a>(job: &'a Job, context: &Context<'_>) -> Option<Environment<'a>> {
    let preview = || Environment { name: Cow::Borrowed(PREVIEW), ..Environment::default() };
    match job.occasion {
        Occasion::PullRequest if job.purpose == JobPurpose::Preview => Some(Environment {
            on_stop: context.ends_preview.clone(),
            auto_stop_in: Some(PREVIEW_ENDS_AFTER),
            ..preview()
        }),
        Occasion::PullRequestClosed => Some(Environment { action: Some("stop"), ..preview() }),
        _ => job.environment.as_ref().map(|environment| Environment {
            name: Cow::Borrowed(environment.name.as_str()),
            url: environment.url.as_deref(),
            ..Environment::default()
        }),
    }
}

fn exclusive<'a>(job: &Job, name: &'a str) -> Cow<'a, str> {
    if job.purpose == JobPurpose::Preview { Cow::Borrowed(PREVIEW) } else { Cow::Borrowed(name) }
}

fn artifacts(job: &Job) -> Option<Artifacts<'_>> {
    let mut kept: Option<Artifacts<'_>> = None;
    for step in &job.steps {
        if let Step::Upload { paths, days, .. } = step {
            let expire_in = format!("{days} days");
            let kept = kept.get_or_insert(Artifacts { paths: Vec::new(), expire_in });
            kept.paths.extend(paths.iter().map(String::as_str));
        }
    }
    if !job.hands_on.is_empty() {
        let expire_in = DIGESTS_KEPT.to_owned();
        kept.get_or_insert(Artifacts { paths: Vec::new(), expire_in }).paths.push(DIGESTS);
    }
    kept
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
fn variables(job: &Job, docker: bool) -> Mapping<Variable<'_>> {
    let given = job.env.iter().filter(|(name, _)| is_variable(name)).filter_map(|(name, value)| {
        let value = match value {
            EnvValue::Literal(text) => beside(job, text),
            EnvValue::PullRequest => Variable::Plain("$CI_MERGE_REQUEST_IID".to_owned()),
            EnvValue::Token => Variable::Plain("$CI_JOB_TOKEN".to_owned()),
            other => Variable::Plain(format!("${}", shell::renamed(name, other)?)),
        };
        Some((name.clone(), value))
    });
    let caches = job.steps.iter().filter_map(cache_of);
    let caches =
        caches.map(|(name, path)| (name.to_owned(), Variable::Plain(format!("$CI_PROJECT_DIR/{path}"))));
    let whole = job.steps.iter().any(|step| matches!(step, Step::Checkout { history: History::Whole }));
    let depth = whole.then(|| ("GIT_DEPTH".to_owned(), Variable::Plain("0".to_owned())));
    let daemon = DOCKER.iter().filter(|_| docker);
    let daemon = daemon.map(|(name, value)| ((*name).to_owned(), Variable::Plain((*value).to_owned())));
    given.chain(caches).chain(depth).chain(daemon).collect()
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
