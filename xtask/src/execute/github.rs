//! A run of a GitHub workflow by act, on this machine and without a network.
//!
//! act checks out a copy of the repository by itself. Every other action is replaced by one of `xtask/checks/execute/actions`,
//! or by one that only writes down that it was used.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use serde_json::json;

use super::cases::{Case, FOLDER, OwnCi};
use super::repository::{Generated, Place};
use super::scenario::{PRODUCTION, Scenario};
use super::stand_ins::Session;
use super::{Run, Stage};
use crate::failure::{Failure, Outcome};
use crate::program::Program;

/// The folder of the workflows.
const WORKFLOWS: &str = ".github/workflows";
/// The workflow that is awaited, where a case has one.
const AWAITED: &str = ".github/workflows/ci.yml";
/// What a step uses: `owner/name/path@commit`.
const USES: &str = r#"(?m)^\s*(?:- )?uses: ["']?([\w.-]+/[\w.-]+)((?:/[\w.-]+)*)@([\w.-]+)"#;
/// How many may wait, which GitHub reads and act does not know: it runs one workflow, in which nothing waits.
const QUEUE: &str = r"(?m)^ +queue: max\n";
/// The action that act does itself.
const CHECKOUT: &str = "actions/checkout";

/// Runs the pipeline, or the rollback's workflow.
pub(super) fn run(
    stage: &Stage<'_>,
    session: &Session,
    (generated, case): (&Generated, &Case),
    place: &Place,
    scenario: Scenario,
) -> Outcome<Run> {
    let written = |name: &str, lines: &[(String, String)]| {
        let file = place.folder.join(name);
        let text = lines.iter().fold(String::new(), |mut text, (name, value)| {
            let _ = writeln!(text, "{name}=\"{value}\"");
            text
        });
        fs::write(&file, text).map_err(|error| unusable(&file, &error)).map(|()| file.into_os_string())
    };
    let inputs = generated.rollback_inputs(PRODUCTION, case.named(place));
    let (event, workflow) = if scenario == Scenario::RollbackByHand {
        let path = generated.text("rollback_path")?;
        ("workflow_dispatch", path)
    } else {
        ("push", generated.text("pipeline_path")?)
    };
    let replaced = replaced(stage, &session.checkout.join(WORKFLOWS), &place.folder.join("actions"))?;
    if case.ci == Some(OwnCi::Awaited) {
        // The repository's own workflow runs for the same push; what became of it, GitHub tells.
        let own = act(stage, session, "push", AWAITED).args(replaced.clone());
        let conclusion = if session.run(&own, &place.folder)?.passed { "success" } else { "failure" };
        session.answer(json!({
            "tool": "gh",
            "arguments": "^run list --workflow ci\\.yml --commit [0-9a-f]{40} --event push",
            "output": format!("completed {conclusion}\n"),
        }))?;
    }
    let act = act(stage, session, event, &workflow);
    let act = act.args(["--secret-file".into(), written("secrets", &generated.secrets)?]);
    let act = act.args(["--var-file".into(), written("variables", &generated.variables)?]);
    let act = act.args(["--input-file".into(), written("inputs", &inputs)?]);
    let act = act.args(replaced);
    session.run(&act, &place.folder)
}

/// act with one workflow.
fn act(stage: &Stage<'_>, session: &Session, event: &str, workflow: &str) -> Program {
    let act = stage.tools.python("act", &session.checkout);
    let act = act.args([event, "--workflows", workflow]);
    // No container, nothing from the network, and no masking: a secret that is written down is seen.
    let act = act.args(["--platform", "ubuntu-latest=-self-hosted", "--pull=false", "--insecure-secrets"]);
    act.args(["--no-cache-server", "--artifact-server-addr=127.0.0.1", "--cache-server-addr=127.0.0.1"])
}

/// The arguments that put a stand-in in the place of each action that a workflow uses.
fn replaced(stage: &Stage<'_>, workflows: &Path, actions: &Path) -> Outcome<Vec<String>> {
    let regex = |text| Regex::new(text).map_err(|error| Failure::new(error.to_string()));
    let (uses, queue) = (regex(USES)?, regex(QUEUE)?);
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(workflows).map_err(|error| unusable(workflows, &error))? {
        let file = entry.map_err(|error| unusable(workflows, &error))?.path();
        let text = fs::read_to_string(&file).map_err(|error| unusable(&file, &error))?;
        // A workflow of the repository itself, in a form that act does not know yet.
        let text = text.replace(": $/.github/", ": ./.github/");
        fs::write(&file, queue.replace_all(&text, "").as_bytes()).map_err(|error| unusable(&file, &error))?;
        let named = uses.captures_iter(&text).map(|part| [1, 2, 3].map(|index| part[index].to_owned()));
        found.extend(named);
    }
    let mut arguments = Vec::new();
    for [repository, path, reference] in found {
        if repository == CHECKOUT {
            continue;
        }
        let folder = actions.join(&repository);
        let action = folder.join(path.trim_start_matches('/'));
        fs::create_dir_all(&action).map_err(|error| unusable(&action, &error))?;
        let file = action.join("action.yml");
        let ours = stage.root.join(FOLDER).join("actions").join(format!("{repository}{path}.yml"));
        let text = if ours.is_file() {
            fs::read_to_string(&ours).map_err(|error| unusable(&ours, &error))?
        } else {
            written_down(&format!("{repository}{path}"))
        };
        fs::write(&file, text).map_err(|error| unusable(&file, &error))?;
        arguments.push("--local-repository".to_owned());
        arguments.push(format!("{repository}@{reference}={}", folder.display()));
    }
    Ok(arguments)
}

/// An action that does nothing.
fn written_down(name: &str) -> String {
    format!(
        "name: {name}\ndescription: stands in\nruns:\n  using: composite\n  steps:\n    - shell: sh\n      run: echo 'stands in for {name}'\n"
    )
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("cannot use `{}`: {error}", PathBuf::from(path).display()))
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::USES;

    #[test]
    fn actions_are_found_with_their_path_and_commit() {
        let text = "steps:\n  - uses: actions/setup-node@0123abc # v7\n  - name: Sign in\n    uses: \"superfly/tools/setup@v1\"\n  - run: 'echo uses: a/b@c'\n  - uses: ./local\n";
        let uses = Regex::new(USES).expect("it is a regular expression");
        let found: Vec<_> =
            uses.captures_iter(text).map(|part| [1, 2, 3].map(|index| part[index].to_owned())).collect();
        assert_eq!(
            found,
            [["actions/setup-node", "", "0123abc"], ["superfly/tools", "/setup", "v1"]]
                .map(|row| row.map(str::to_owned))
        );
    }
}
