//! GitHub Actions: the workflow that deploys, and the one that rolls back.
//!
//! A workflow is a value that a serialiser writes. GitHub evaluates `${{ … }}` inside strings after YAML is read, so
//! text that is not ours goes through [`literal`].

mod steps;
mod value;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_saphyr::Commented;
use siteplan_model::design::Design;
use siteplan_model::file::{File, Part};
use siteplan_model::pipeline::{
    EnvValue, Input, Job, JobEnvironment, JobPurpose, Occasion, Permission as Allowed, Pipeline, Triggers,
};

use self::value::{
    Cancel, Concurrency, Defaults, Dispatch, DispatchInput, Environment, On, Permission, PullRequest, Push,
    Shell, Workflow, WorkflowJob,
};
use super::head;
use crate::names::{is_variable, plain};
use crate::yaml::{Mapping, spaced, to_yaml};

/// The workflows.
pub(super) fn files(design: &Design) -> Vec<File> {
    let delivery = &design.delivery;
    let deploy = file(design, &delivery.pipeline, &delivery.pipeline_path, Part::Pipeline, "the pipeline");
    let rollback = delivery.rollback_pipeline.as_ref().zip(delivery.rollback_path.as_ref());
    let rollback = rollback.map(|(pipeline, path)| {
        file(design, pipeline, path, Part::Rollback, "the way back, started by a person")
    });
    std::iter::once(deploy).chain(rollback).collect()
}

fn file(design: &Design, pipeline: &Pipeline, path: &str, part: Part, purpose: &str) -> File {
    let triggers = &pipeline.triggers;
    let chosen = pipeline.jobs.iter().find_map(|job| job.environment.as_ref()?.chosen_by.as_deref());
    let workflow = Workflow {
        name: literal(&pipeline.name),
        run_name: chosen.map(|input| steps::run_name(&literal(&pipeline.name), &input_of(input))),
        on: on(triggers),
        permissions: Mapping::default(),
        concurrency: match chosen {
            Some(input) => Concurrency {
                group: format!("${{{{ github.workflow }}}}-{}", input_of(input)),
                cancel_in_progress: Cancel::Never(false),
                queue: Some(EVERY_ONE),
            },
            None => Concurrency {
                group: "${{ github.workflow }}-${{ github.ref }}".to_owned(),
                cancel_in_progress: if triggers.pull_requests {
                    Cancel::If("${{ github.event_name == 'pull_request' }}")
                } else {
                    Cancel::Never(false)
                },
                queue: None,
            },
        },
        defaults: Defaults { run: Shell { shell: "bash" } },
        jobs: pipeline.jobs.iter().map(|job| (plain(&job.id), workflow_job(job, triggers))).collect(),
    };
    // Readers of YAML 1.1 take a bare `on` for true, so the serialiser quotes it; GitHub reads 1.2, and people write it bare.
    let yaml = spaced(&to_yaml(&workflow)).replacen("\n\"on\":", "\non:", 1);
    File {
        part,
        path: path.to_owned(),
        contents: format!("{}{yaml}", head(design)),
        purpose: purpose.to_owned(),
        syntax: "yaml".to_owned(),
    }
}

fn on(triggers: &Triggers) -> On {
    let closed = triggers.pull_request_closed;
    // Those that GitHub takes by itself, and the end.
    let types = if closed { vec!["opened", "synchronize", "reopened", "closed"] } else { Vec::new() };
    On {
        push: triggers.push.then(|| Push { branches: [pattern(&triggers.branch)] }),
        pull_request: (triggers.pull_requests || closed).then_some(PullRequest { types }),
        workflow_dispatch: triggers.manual.then(|| Dispatch {
            inputs: triggers.inputs.iter().map(|input| (plain(&input.name), dispatch_input(input))).collect(),
        }),
    }
}

fn dispatch_input(input: &Input) -> DispatchInput<'static> {
    DispatchInput {
        description: Cow::Owned(literal(&input.description).into_owned()),
        required: input.required,
        default: (!input.default.is_empty()).then(|| input.default.clone()),
        r#type: if input.choices.is_empty() { "string" } else { "choice" },
        options: input.choices.clone(),
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
    let calls = job.calls.as_deref();
    WorkflowJob {
        name: literal(&job.name),
        needs: job.needs.iter().map(|id| plain(id)).collect(),
        r#if: condition(job.occasion, triggers),
        runs_on: calls.is_none().then_some("ubuntu-latest"),
        timeout_minutes: calls.is_none().then_some(job.timeout_minutes),
        permissions: job.permissions.iter().map(|allowed| permission(*allowed)).collect(),
        environment: job.environment.as_ref().map(environment),
        concurrency: job.exclusive.as_deref().map(|name| exclusive(job, name)),
        outputs: outputs(job),
        env: variables(&job.env),
        // The workflow of this repository at the very commit that runs
        // (<https://github.blog/changelog/2026-07-30-reference-same-repository-actions-with-self-repository-syntax/>).
        uses: calls.map(|path| format!("$/{path}")),
        steps: if calls.is_some() {
            Vec::new()
        } else {
            job.steps.iter().flat_map(|step| steps::steps(step, &job.services)).collect()
        },
    }
}

fn permission(allowed: Allowed) -> (String, Permission) {
    match allowed {
        Allowed::ReadCode => ("contents".to_owned(), Permission::Read("read")),
        Allowed::ReadRuns => {
            let why = "sees the runs of other workflows".to_owned();
            ("actions".to_owned(), Permission::Explained(Commented("read", why)))
        }
        Allowed::IdentityToken => {
            let why = "exchanged for the cloud's credentials, so that no key is stored".to_owned();
            ("id-token".to_owned(), Permission::Explained(Commented("write", why)))
        }
    }
}

fn environment(environment: &JobEnvironment) -> Environment<'_> {
    Environment {
        name: match &environment.chosen_by {
            Some(input) => Cow::Owned(input_of(input)),
            None => literal(&environment.name),
        },
        url: environment.url.as_deref().map(literal),
    }
}

/// What only one job of all workflows holds: a release and a rollback of one environment never run at once.
fn exclusive(job: &Job, name: &str) -> Concurrency {
    let chosen = job.environment.as_ref().and_then(|environment| environment.chosen_by.as_deref());
    let group = match chosen {
        Some(input) => format!("release-{}", input_of(input)),
        None if job.purpose == JobPurpose::Preview => {
            "release-preview-${{ github.event.pull_request.number }}".to_owned()
        }
        None => format!("release-{}", literal(name)),
    };
    let queue = (job.purpose != JobPurpose::Preview).then_some(EVERY_ONE);
    Concurrency { group, cancel_in_progress: Cancel::Never(false), queue }
}

/// All that waits stays: GitHub would cancel the one that waits when another comes, and so a rollback
/// (<https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency>).
const EVERY_ONE: &str = "max";

/// What a person has chosen.
fn input_of(input: &str) -> String {
    format!("${{{{ inputs.{} }}}}", plain(input))
}

/// When a job runs. Pull requests and other branches have another ref, which keeps both from deploying.
fn condition(occasion: Occasion, triggers: &Triggers) -> Option<String> {
    let others = triggers.pull_requests || triggers.pull_request_closed || triggers.manual;
    let on_branch = || format!("github.ref == 'refs/heads/{}'", triggers.branch.replace('\'', "''"));
    let own = "github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository";
    let expression = match occasion {
        Occasion::Branch => others.then(on_branch),
        Occasion::Manual => Some(on_branch()),
        Occasion::BranchAndPullRequests => {
            triggers.pull_request_closed.then(|| "github.event.action != 'closed'".to_owned())
        }
        Occasion::PullRequest => Some(format!("{own} && github.event.action != 'closed'")),
        Occasion::PullRequestClosed => Some(format!("{own} && github.event.action == 'closed'")),
    };
    expression.map(|expression| bare(&expression))
}

/// A condition. GitHub takes a bare one for an expression, unless `${{` is in it; inside an expression a string may hold it.
fn bare(expression: &str) -> String {
    if expression.contains("${{") { format!("${{{{ {expression} }}}}") } else { expression.to_owned() }
}

/// What a job hands on: the step of the script that sets it is named after the job.
fn outputs(job: &Job) -> Mapping<String> {
    let names = job.hands_on.iter().filter(|name| is_variable(name));
    names.map(|name| (name.clone(), format!("${{{{ steps.{}.outputs.{name} }}}}", plain(&job.id)))).collect()
}

fn variables(env: &BTreeMap<String, EnvValue>) -> Mapping<String> {
    let known = env.iter().filter(|(name, value)| is_variable(name) && names_a_variable(value));
    let written = known.map(|(name, value)| {
        let value = match value {
            EnvValue::Literal(text) => literal(text).into_owned(),
            EnvValue::Secret(secret) => format!("${{{{ secrets.{secret} }}}}"),
            EnvValue::Variable(variable) => format!("${{{{ vars.{variable} }}}}"),
            EnvValue::Input(input) => format!("${{{{ inputs.{input} }}}}"),
            EnvValue::Handed { job, variable } => {
                format!("${{{{ needs.{}.outputs.{variable} }}}}", plain(job))
            }
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
        EnvValue::Secret(name)
        | EnvValue::Variable(name)
        | EnvValue::Input(name)
        | EnvValue::Handed { variable: name, .. } => is_variable(name),
    }
}

/// Text that GitHub shows as it is: `${{` would begin an expression, so it becomes an expression that yields itself.
fn literal(text: &str) -> Cow<'_, str> {
    if text.contains("${{") { Cow::Owned(text.replace("${{", "${{ '${{' }}")) } else { Cow::Borrowed(text) }
}
