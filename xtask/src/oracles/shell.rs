//! Shell, by shellcheck: the commands of a document, and scripts.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::snippets::is_unnamed;
use crate::failure::{Failure, Outcome};
use crate::plans::PlannedFile;
use crate::waivers::Finding;
use crate::world::World;

/// What shellcheck, also when actionlint calls it, is told by its environment. Notes are matters of taste.
pub(super) const OPTIONS: (&str, &str) = ("SHELLCHECK_OPTS", "--severity=warning");
/// The tool of a finding.
pub(super) const TOOL: &str = "shellcheck";

#[derive(Deserialize)]
struct Report {
    comments: Vec<Comment>,
}

#[derive(Deserialize)]
struct Comment {
    file: PathBuf,
    line: u64,
    code: u32,
    message: String,
}

/// Commands in a document, and scripts.
pub(super) fn accepts(file: &PlannedFile) -> bool {
    let ending = Path::new(&file.path).extension();
    is_unnamed(&file.path, &["bash", "sh"]) || file.is_script || ending.is_some_and(|ending| ending == "sh")
}

/// shellcheck; what a document shows is for bash, a script says what it is for.
pub(super) fn judge(world: &World, files: &[PlannedFile]) -> Outcome<Vec<Finding>> {
    let (shown, scripts): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.path.starts_with("unnamed/"));
    let mut findings = checked(world, &["--shell=bash"], &shown)?;
    findings.extend(checked(world, &[], &scripts)?);
    Ok(findings)
}

/// What shellcheck finds in files.
pub(super) fn checked(world: &World, arguments: &[&str], files: &[&PlannedFile]) -> Outcome<Vec<Finding>> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let check = world.tools()?.python(TOOL, &world.work()).args(["--format=json1"]);
    let check = check.env(OPTIONS.0, OPTIONS.1).args(arguments.iter().copied()).files(files);
    let said = check.output_with(&[1])?;
    let report: Report = serde_json::from_str(&said)
        .map_err(|error| Failure::new(format!("{TOOL} gave no report: {error}")).reproduce(&check))?;
    let found = report.comments.into_iter().map(|comment| Finding {
        tool: TOOL,
        rule: format!("SC{}", comment.code),
        place: comment.file,
        line: comment.line,
        message: comment.message,
    });
    Ok(found.collect())
}

#[cfg(test)]
mod tests {
    use super::accepts;
    use crate::plans::PlannedFile;

    #[test]
    fn a_script_is_known_by_its_first_line_or_its_name() {
        let is_shell = |path: &str, text: &str| accepts(&PlannedFile::new(path, path.into(), text));
        assert!(is_shell("unnamed/12.bash", "ls\n") && is_shell("deploy/test.sh", "ls\n"));
        assert!(is_shell("deploy/test", "#!/bin/sh\nls\n") && !is_shell("deploy/Caddyfile", "example.com\n"));
    }
}
