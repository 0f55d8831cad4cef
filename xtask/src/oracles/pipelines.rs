//! Pipelines of the code hosts.

use super::snippets::SHELLCHECK_OPTIONS;
use crate::failure::Outcome;
use crate::plans::PlannedFile;
use crate::world::World;

/// A GitHub Actions workflow.
pub(crate) fn is_github(path: &str) -> bool {
    path.starts_with(".github/workflows/")
}

/// actionlint, which hands every `run` to shellcheck.
pub(crate) fn github(world: &World, files: &[PlannedFile]) -> Outcome {
    let tools = world.tools()?;
    let lint = tools.python("actionlint", &world.work()).path_first(tools.python_programs());
    lint.env(SHELLCHECK_OPTIONS.0, SHELLCHECK_OPTIONS.1).args(["-no-color"]).files(files).output()?;
    Ok(())
}

/// A GitLab pipeline.
pub(crate) fn is_gitlab(path: &str) -> bool {
    path == ".gitlab-ci.yml"
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
