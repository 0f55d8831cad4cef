//! GitHub Actions: `.github/workflows/deploy.yml`.
//!
//! A workflow is a value that a serialiser writes. GitHub evaluates `${{ … }}` inside strings after YAML is read, so
//! text that is not ours goes through [`literal`].

use std::borrow::Cow;

use serde::Serialize;
use serde_saphyr::Commented;
use siteplan_model::design::Design;
use siteplan_model::file::{File, Part};
use siteplan_model::pipeline::{EnvValue, Job, ServiceContainer, Step, Triggers};

use super::actions::{Call, cloud_login, pinned, runtime};
use super::head;
use super::runtimes::install_manager;
use crate::names::{is_variable, plain};
use crate::yaml::{Mapping, spaced, to_yaml};

const PATH: &str = ".github/workflows/deploy.yml";

#[derive(Serialize)]
struct Workflow<'a> {
    name: Cow<'a, str>,
    on: On,
    permissions: Mapping<&'static str>,
    concurrency: Concurrency,
    defaults: Defaults,
    jobs: Mapping<WorkflowJob<'a>>,
}

#[derive(Serialize)]
struct On {
    push: Push,
    #[serde(skip_serializing_if = "Option::is_none")]
    pull_request: Option<Mapping<()>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workflow_dispatch: Option<Mapping<()>>,
}

#[derive(Serialize)]
struct Push {
    branches: [String; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Concurrency {
    group: &'static str,
    cancel_in_progress: &'static str,
}

#[derive(Serialize)]
struct Defaults {
    run: Shell,
}

#[derive(Serialize)]
struct Shell {
    shell: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct WorkflowJob<'a> {
    name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    needs: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#if: Option<String>,
    runs_on: &'static str,
    timeout_minutes: u32,
    permissions: Mapping<Permission>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<Environment<'a>>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    services: Mapping<Container<'a>>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    env: Mapping<String>,
    steps: Vec<WorkflowStep<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Permission {
    Read(&'static str),
    Write(Commented<&'static str>),
}

#[derive(Serialize)]
struct Environment<'a> {
    name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
struct Container<'a> {
    image: Cow<'a, str>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    env: Mapping<String>,
    ports: [String; 1],
    options: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case", untagged)]
enum WorkflowStep<'a> {
    Uses(Uses),
    Run(Command<'a>),
}

#[derive(Serialize)]
struct Uses {
    uses: Commented<String>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    with: Mapping<Input>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Input {
    Flag(bool),
    Text(String),
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Command<'a> {
    name: Cow<'a, str>,
    run: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    working_directory: Option<Cow<'a, str>>,
}

/// The workflow.
pub(super) fn files(design: &Design) -> Vec<File> {
    let pipeline = &design.delivery.pipeline;
    let workflow = Workflow {
        name: literal(&pipeline.name),
        on: on(&pipeline.triggers),
        permissions: Mapping::default(),
        concurrency: Concurrency {
            group: "${{ github.workflow }}-${{ github.ref }}",
            cancel_in_progress: "${{ github.event_name == 'pull_request' }}",
        },
        defaults: Defaults { run: Shell { shell: "bash" } },
        jobs: pipeline
            .jobs
            .iter()
            .map(|job| (plain(&job.id), workflow_job(job, &pipeline.triggers)))
            .collect(),
    };
    // Readers of YAML 1.1 take a bare `on` for true, so the serialiser quotes it; GitHub reads 1.2, and people write it bare.
    let yaml = spaced(&to_yaml(&workflow)).replacen("\n\"on\":", "\non:", 1);
    vec![File {
        part: Part::Pipeline,
        path: PATH.to_owned(),
        contents: format!("{}{yaml}", head(design)),
        purpose: "the pipeline".to_owned(),
        syntax: "yaml".to_owned(),
    }]
}

fn on(triggers: &Triggers) -> On {
    On {
        push: Push { branches: [pattern(&triggers.branch)] },
        pull_request: triggers.pull_requests.then(Mapping::default),
        workflow_dispatch: triggers.manual.then(Mapping::default),
    }
}

/// A branch filter that matches the branch alone.
fn pattern(branch: &str) -> String {
    let mut pattern = String::new();
    for c in branch.chars() {
        if "*?+[]!\\".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

fn workflow_job<'a>(job: &'a Job, triggers: &Triggers) -> WorkflowJob<'a> {
    let checks_out = job.steps.iter().any(|step| matches!(step, Step::Checkout { .. }));
    let contents = ("contents".to_owned(), Permission::Read("read"));
    let why = "exchanged for the cloud's credentials, so that no key is stored".to_owned();
    let token = ("id-token".to_owned(), Permission::Write(Commented("write", why)));
    // Pull requests and other branches have another ref, so this keeps both from deploying.
    let on_branch = condition(&format!("github.ref == 'refs/heads/{}'", triggers.branch.replace('\'', "''")));
    WorkflowJob {
        name: literal(&job.name),
        needs: job.needs.iter().map(|id| plain(id)).collect(),
        r#if: (!job.on_pull_requests() && (triggers.pull_requests || triggers.manual)).then_some(on_branch),
        runs_on: "ubuntu-latest",
        timeout_minutes: job.timeout_minutes,
        permissions: [checks_out.then_some(contents), job.identity_token().then_some(token)]
            .into_iter()
            .flatten()
            .collect(),
        environment: job.environment.as_ref().map(|environment| Environment {
            name: literal(&environment.name),
            url: environment.url.as_deref().map(literal),
        }),
        services: job.services.iter().map(|service| (plain(&service.name), container(service))).collect(),
        env: variables(job),
        steps: job.steps.iter().flat_map(|step| steps(step, job)).collect(),
    }
}

/// A condition. GitHub takes a bare one for an expression, unless `${{` is in it; inside an expression a string may hold it.
fn condition(expression: &str) -> String {
    if expression.contains("${{") { format!("${{{{ {expression} }}}}") } else { expression.to_owned() }
}

fn variables(job: &Job) -> Mapping<String> {
    let known = job.env.iter().filter(|(name, value)| is_variable(name) && names_a_variable(value));
    let written = known.map(|(name, value)| {
        let value = match value {
            EnvValue::Literal(text) => literal(text).into_owned(),
            EnvValue::Secret(secret) => format!("${{{{ secrets.{secret} }}}}"),
            EnvValue::Variable(variable) => format!("${{{{ vars.{variable} }}}}"),
            EnvValue::Input(input) => format!("${{{{ inputs.{input} }}}}"),
            EnvValue::PullRequest => "${{ github.event.pull_request.number }}".to_owned(),
            EnvValue::Token => "${{ github.token }}".to_owned(),
        };
        (name.clone(), value)
    });
    written.collect()
}

fn names_a_variable(value: &EnvValue) -> bool {
    match value {
        EnvValue::Literal(_) | EnvValue::PullRequest | EnvValue::Token => true,
        EnvValue::Secret(name) | EnvValue::Variable(name) | EnvValue::Input(name) => is_variable(name),
    }
}

fn container(service: &ServiceContainer) -> Container<'_> {
    let health = service.health_command.replace('\\', "\\\\").replace('"', "\\\"");
    let options =
        format!("--health-cmd \"{health}\" --health-interval 5s --health-timeout 5s --health-retries 12");
    let env = service.env.iter().map(|(name, value)| (name.clone(), literal(value).into_owned()));
    Container {
        image: literal(&service.image),
        env: env.collect(),
        ports: [format!("{0}:{0}", service.port)],
        options: literal(&options).into_owned(),
    }
}

/// Whether a job pushes the checked-out commit somewhere, which a shallow clone cannot.
fn pushes(job: &Job) -> bool {
    let is_push = |step: &Step| matches!(step, Step::Run { command, .. } if command.contains("git ") && command.contains(" push "));
    job.steps.iter().any(is_push)
}

fn steps<'a>(step: &'a Step, job: &Job) -> Vec<WorkflowStep<'a>> {
    match step {
        Step::Checkout { .. } => {
            let mut inputs = vec![("persist-credentials", "false".to_owned())];
            inputs.extend(pushes(job).then(|| ("fetch-depth", "0".to_owned())));
            vec![call(&("actions/checkout", inputs))]
        }
        Step::Runtime { runtime: id, version, package_manager, .. } => {
            let manager = package_manager.as_deref();
            // The caches of setup actions ask the package manager where it keeps its files, so it is there first.
            let before = (!matches!(manager, Some("uv"))).then(|| install_manager(manager)).flatten();
            let install = before.map(|line| {
                WorkflowStep::Run(Command {
                    name: Cow::Borrowed("Make the package manager available"),
                    run: Cow::Owned(line.replace("pip install", "pipx install")),
                    working_directory: None,
                })
            });
            install.into_iter().chain(runtime(id, version, manager).iter().map(call)).collect()
        }
        Step::CloudLogin { cloud } => cloud_login(cloud).iter().map(call).collect(),
        Step::Run { name, command, directory } => vec![WorkflowStep::Run(Command {
            name: literal(name),
            run: literal(command),
            working_directory: (!matches!(directory.as_str(), "" | ".")).then(|| literal(directory)),
        })],
        Step::AwaitWorkflow { .. } | Step::Script { .. } | Step::Upload { .. } | Step::Download { .. } => {
            Vec::new()
        }
    }
}

fn call((uses, inputs): &Call) -> WorkflowStep<'static> {
    let ours = |value: &str| value.starts_with("${{ vars.");
    let with = inputs.iter().map(|(input, value)| {
        let value = match value.parse() {
            Ok(flag) => Input::Flag(flag),
            Err(_) if ours(value) => Input::Text(value.clone()),
            Err(_) => Input::Text(literal(value).into_owned()),
        };
        ((*input).to_owned(), value)
    });
    WorkflowStep::Uses(Uses { uses: pinned(uses), with: with.collect() })
}

/// Text that GitHub shows as it is: `${{` would begin an expression, so it becomes an expression that yields itself.
fn literal(text: &str) -> Cow<'_, str> {
    if text.contains("${{") { Cow::Owned(text.replace("${{", "${{ '${{' }}")) } else { Cow::Borrowed(text) }
}
