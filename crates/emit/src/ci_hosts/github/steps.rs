//! Steps of a job → steps of a workflow: actions where GitHub has them, else shell lines.

use std::borrow::Cow;

use siteplan_model::pipeline::{Argument, History, ServiceContainer, Step, When};

use super::value::{Command, Input, Uses, WorkflowStep};
use super::{bare, literal};
use crate::ci_hosts::actions::{Call, cloud_login, pinned, runtime};
use crate::ci_hosts::runtimes::{install_manager, quoted};
use crate::ci_hosts::scripts;
use crate::names::{is_variable, plain};
use crate::yaml::Mapping;

/// Seconds between two looks at another workflow.
const PAUSE: u32 = 15;
/// Seconds after which the run of another workflow is there, if it comes.
const APPEARS: u32 = 300;

/// The steps that one step becomes; the services of a job start right before its first script.
pub(super) fn steps<'a>(step: &'a Step, services: &'a [ServiceContainer]) -> Vec<WorkflowStep<'a>> {
    match step {
        Step::Checkout { history } => {
            let mut inputs = vec![("persist-credentials", "false".to_owned())];
            inputs.extend((*history == History::Whole).then(|| ("fetch-depth", "0".to_owned())));
            vec![call(&("actions/checkout", inputs))]
        }
        // The machine has `rustup`, so no action is needed for the toolchain.
        Step::Runtime { runtime, version, .. } if runtime == "rust" => {
            let version = quoted(version);
            let line = format!(
                "rustup toolchain install {version} --profile minimal --component clippy --component rustfmt\nrustup default {version}"
            );
            let install = run(Cow::Borrowed("Install Rust"), Cow::Owned(literal(&line).into_owned()));
            vec![install, call(&("Swatinem/rust-cache", Vec::new()))]
        }
        Step::Runtime { runtime: id, version, package_manager, lock_files, .. } => {
            let manager = package_manager.as_deref();
            // The caches of setup actions ask the package manager where it keeps its files, so it is there first.
            let before = (!matches!(manager, Some("uv" | "mix"))).then(|| install_manager(manager)).flatten();
            let install = before.map(|line| {
                let line = line.replace("pip install", "pipx install");
                run(Cow::Borrowed("Make the package manager available"), Cow::Owned(line))
            });
            install.into_iter().chain(runtime(id, version, manager, lock_files).iter().map(call)).collect()
        }
        Step::CloudLogin { cloud } => cloud_login(cloud).iter().map(call).collect(),
        Step::AwaitWorkflow { path, minutes } => vec![await_workflow(path, *minutes)],
        Step::Run { name, command, directory } => {
            let mut step = command_step(literal(name), literal(command));
            step.working_directory = (!matches!(directory.as_str(), "" | ".")).then(|| literal(directory));
            vec![WorkflowStep::Run(step)]
        }
        Step::AfterRollback { environment, pipeline, path } => {
            path.iter().map(|path| after_rollback(environment, pipeline, path)).collect()
        }
        Step::Script { name, id, script, arguments, when, minutes, env } => {
            let mut step = command_step(literal(name), Cow::Owned(called(script, arguments)));
            step.id = Some(plain(id));
            step.r#if = condition(when);
            step.timeout_minutes = *minutes;
            step.env = super::variables(env);
            step.env.extend(arguments.iter().filter_map(given));
            services.iter().map(start).chain([WorkflowStep::Run(step)]).collect()
        }
        Step::Upload { name, paths, days } => {
            let inputs = vec![
                ("name", name.clone()),
                ("path", paths.join("\n")),
                ("retention-days", days.to_string()),
                ("if-no-files-found", "error".to_owned()),
            ];
            vec![call(&("actions/upload-artifact", inputs))]
        }
        Step::Download { name } => vec![call(&("actions/download-artifact", vec![("name", name.clone())]))],
    }
}

fn run<'a>(name: Cow<'a, str>, line: Cow<'a, str>) -> WorkflowStep<'a> {
    WorkflowStep::Run(command_step(name, line))
}

fn command_step<'a>(name: Cow<'a, str>, run: Cow<'a, str>) -> Command<'a> {
    Command {
        name,
        id: None,
        r#if: None,
        timeout_minutes: None,
        env: Mapping::default(),
        run,
        working_directory: None,
    }
}

/// The call of a script. What a person typed is read from a variable, never pasted into the line.
fn called(script: &str, arguments: &[Argument]) -> String {
    let words = arguments.iter().map(|argument| match argument {
        Argument::Word(word) => literal(&quoted(word)).into_owned(),
        Argument::Input(input) => format!("\"${}\"", variable(input)),
    });
    std::iter::once(scripts::path(script)).chain(words).collect::<Vec<_>>().join(" ")
}

fn variable(input: &str) -> String {
    let name = input.to_uppercase();
    if is_variable(&name) { name } else { "INPUT".to_owned() }
}

fn given(argument: &Argument) -> Option<(String, String)> {
    match argument {
        Argument::Word(_) => None,
        Argument::Input(input) => Some((variable(input), format!("${{{{ inputs.{} }}}}", plain(input)))),
    }
}

/// When a step runs. GitHub lets a cancelled job finish such steps, for five minutes: what a person stops half-way is not left
/// where it is (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation>).
fn condition(when: &When) -> Option<String> {
    const NOT_WELL: &str = "(failure() || cancelled())";
    let outcome = |id: &str| format!("steps.{}.outcome", plain(id));
    match when {
        When::Succeeded => None,
        When::FailedAny(ids) => {
            let begun = ids.first().map(|id| format!(" && {} != 'skipped'", outcome(id)));
            let ended = ids.last().map(|id| format!(" && {} != 'success'", outcome(id)));
            let both = begun.into_iter().chain(ended).collect::<String>();
            Some(bare(&format!("{NOT_WELL}{both}")))
        }
        When::SucceededAfterFailure(id) => Some(bare(&format!("{NOT_WELL} && {} == 'success'", outcome(id)))),
    }
}

/// Starts a backing service and waits until it answers. GitHub's own service containers want an image by its digest, which
/// would hide the version that the tests run against, and keep it from its security updates.
fn start(service: &ServiceContainer) -> WorkflowStep<'_> {
    let name = quoted(&plain(&service.name));
    let variables: Vec<String> = service
        .env
        .iter()
        .map(|(variable, value)| format!("--env {} ", quoted(&format!("{variable}={value}"))))
        .collect();
    let variables = variables.concat();
    let line = format!(
        "docker run --detach --name {name} --publish {port}:{port} {variables}\"$IMAGE\"
for _ in $(seq 60); do
  if docker exec {name} sh -c {health}; then exit 0; fi
  sleep 1
done
docker logs {name}
exit 1",
        port = service.port,
        health = quoted(&service.health_command),
    );
    let title = literal(&format!("Start {}", service.name)).into_owned();
    let mut step = command_step(Cow::Owned(title), Cow::Owned(literal(&line).into_owned()));
    step.env = [("IMAGE".to_owned(), literal(&service.image).into_owned())].into_iter().collect();
    WorkflowStep::Run(step)
}

/// A step that asks GitHub about runs of the workflow at a path.
fn asks<'a>(title: &'a str, line: String, path: &str) -> Command<'a> {
    let file = path.rsplit('/').next().unwrap_or(path);
    let mut step = command_step(Cow::Borrowed(title), Cow::Owned(line));
    let values = [
        ("GH_TOKEN", "${{ github.token }}".to_owned()),
        ("GH_REPO", "${{ github.repository }}".to_owned()),
        ("WORKFLOW", literal(file).into_owned()),
    ];
    step.env = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    step
}

/// Waits for the run of another workflow for the same commit: it tests, so nothing is released before it has passed. GitHub makes
/// the run with the push, so that one which is not there after some minutes will not come.
fn await_workflow(path: &str, minutes: u32) -> WorkflowStep<'static> {
    let line = format!(
        "began=$(date +%s)
until [ $(($(date +%s) - began)) -ge {seconds} ]; do
  run=$(gh run list --workflow \"$WORKFLOW\" --commit \"$COMMIT\" --event push --limit 1 --json status,conclusion --jq '.[] | .status + \" \" + .conclusion') || run='no answer'
  case $run in
    'completed success') exit 0 ;;
    completed*) echo \"$WORKFLOW has not passed for this commit: $run\"; exit 1 ;;
    '') if [ $(($(date +%s) - began)) -ge {APPEARS} ]; then echo \"$WORKFLOW does not run for this commit\"; exit 1; fi ;;
  esac
  sleep {PAUSE}
done
echo \"$WORKFLOW has no result for this commit after {minutes} minutes\"
exit 1",
        seconds = minutes.saturating_mul(60),
    );
    let mut step = asks("Wait until the tests have passed", line, path);
    step.env.extend([("COMMIT".to_owned(), "${{ github.sha }}".to_owned())]);
    WorkflowStep::Run(step)
}

/// Stops a release that was pushed before a person rolled back: it waited, and would bring back what was taken out. Whoever
/// starts it by hand, or again, knows.
fn after_rollback(environment: &str, pipeline: &str, path: &str) -> WorkflowStep<'static> {
    let line = "since=$(gh run view \"$RUN\" --json createdAt --jq .createdAt)
titles=$(gh run list --workflow \"$WORKFLOW\" --created \">$since\" --json displayTitle --jq '.[].displayTitle')
if grep --fixed-strings --line-regexp --quiet \"$TITLE\" <<< \"$titles\"; then
  echo 'a person has rolled back since this push: start the workflow by hand if it shall be released all the same'
  exit 1
fi";
    let mut step = asks("See that nobody has rolled back meanwhile", line.to_owned(), path);
    step.r#if = Some("github.event_name == 'push' && github.run_attempt == 1".to_owned());
    step.env.extend([
        ("RUN".to_owned(), "${{ github.run_id }}".to_owned()),
        ("TITLE".to_owned(), literal(&run_name(pipeline, environment)).into_owned()),
    ]);
    WorkflowStep::Run(step)
}

/// How a run of the rollback's workflow is called, by which others know what it rolls back.
pub(super) fn run_name(pipeline: &str, environment: &str) -> String {
    format!("{pipeline}: {environment}")
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
