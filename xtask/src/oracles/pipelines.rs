//! Pipelines of the code hosts.

use std::path::PathBuf;

use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

use super::shell;
use crate::failure::{Failure, Outcome};
use crate::plans::PlannedFile;
use crate::program::Program;
use crate::waivers::Finding;
use crate::world::World;

/// How actionlint hands on what shellcheck says: `SC2086:info:1:6: …`.
const SHELLCHECK: &str = r"\b(SC[0-9]+):";
/// With findings, zizmor's exit code says how grave the worst is.
const ZIZMOR_FOUND: [i32; 4] = [11, 12, 13, 14];

#[derive(Deserialize)]
struct Problem {
    message: String,
    filepath: PathBuf,
    line: u64,
    kind: String,
}

/// A GitHub Actions workflow.
pub(crate) fn is_github(path: &str) -> bool {
    path.starts_with(".github/workflows/")
}

/// Three that see different things: expressions, contexts and shell; security; the shape.
pub(crate) fn github(world: &World, files: &[PlannedFile]) -> Outcome<Vec<Finding>> {
    builtin(world, &["--builtin-schema", "vendor.github-workflows"], files)?;
    let mut findings = actionlint(world, files)?;
    findings.extend(zizmor(world, files)?);
    Ok(findings)
}

/// actionlint, which hands every `run` to shellcheck.
fn actionlint(world: &World, files: &[PlannedFile]) -> Outcome<Vec<Finding>> {
    let tools = world.tools()?;
    let lint = tools.python("actionlint", &world.work()).path_first(tools.python_programs());
    let lint = lint.env(shell::OPTIONS.0, shell::OPTIONS.1).args(["-format", "{{json .}}"]).files(files);
    let problems: Vec<Problem> = report(&lint, &lint.output_with(&[1])?)?;
    let code = Regex::new(SHELLCHECK).map_err(|error| Failure::new(error.to_string()))?;
    let finding = |problem: Problem| {
        let code = code.captures(&problem.message).filter(|_| problem.kind == shell::TOOL);
        let (tool, rule) = match code {
            Some(code) => (shell::TOOL, code[1].to_owned()),
            None => ("actionlint", problem.kind),
        };
        Finding {
            tool,
            rule,
            place: world.work().join(problem.filepath),
            line: problem.line,
            message: problem.message,
        }
    };
    Ok(problems.into_iter().map(finding).collect())
}

/// zizmor, which looks for what an attacker could use; its pedantic persona counts everything that smells.
fn zizmor(world: &World, files: &[PlannedFile]) -> Outcome<Vec<Finding>> {
    let audit = world.tools()?.python("zizmor", &world.work());
    let audit =
        audit.args(["--offline", "--no-config", "--persona=pedantic", "--no-progress", "--format=json"]);
    let audit = audit.files(files);
    let found: Vec<Value> = report(&audit, &audit.output_with(&ZIZMOR_FOUND)?)?;
    found
        .iter()
        .map(|finding| audited(finding).ok_or_else(|| unreadable(&audit, &"no place in it")))
        .collect()
}

/// A finding at its first place of those that matter.
fn audited(finding: &Value) -> Option<Finding> {
    let places = finding["locations"].as_array()?;
    let place = places.iter().find(|place| place["symbolic"]["kind"] == "Primary").or(places.first())?;
    let path = place.pointer("/symbolic/key/Local/verbatim_path").and_then(Value::as_str)?;
    let row = place.pointer("/concrete/location/start_point/row").and_then(Value::as_u64)?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let message = format!("{}: {}", text(&finding["desc"])?, text(&place["symbolic"]["annotation"])?);
    Some(Finding {
        tool: "zizmor",
        rule: text(&finding["ident"])?,
        place: path.into(),
        line: row + 1,
        message,
    })
}

fn report<T: serde::de::DeserializeOwned>(program: &Program, said: &str) -> Outcome<T> {
    serde_json::from_str(said).map_err(|error| unreadable(program, &error))
}

fn unreadable(program: &Program, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("the report cannot be read: {error}")).reproduce(program)
}

/// A GitLab pipeline, or one that the repository's own includes.
pub(crate) fn is_gitlab(path: &str) -> bool {
    path == ".gitlab-ci.yml" || path.starts_with(".gitlab/")
}

/// GitLab's schema, as check-jsonschema carries it.
pub(crate) fn gitlab(world: &World, files: &[PlannedFile]) -> Outcome {
    builtin(world, &["--data-transform", "gitlab-ci", "--builtin-schema", "vendor.gitlab-ci"], files)
}

/// A Bitbucket pipeline.
pub(crate) fn is_bitbucket(path: &str) -> bool {
    path == "bitbucket-pipelines.yml"
}

/// Bitbucket's schema, as check-jsonschema carries it.
pub(crate) fn bitbucket(world: &World, files: &[PlannedFile]) -> Outcome {
    builtin(world, &["--builtin-schema", "vendor.bitbucket-pipelines"], files)
}

fn builtin(world: &World, arguments: &[&str], files: &[PlannedFile]) -> Outcome {
    let check = world.tools()?.python("check-jsonschema", &world.work());
    check.args(["--color=never"]).args(arguments.iter().copied()).files(files).output()?;
    Ok(())
}
