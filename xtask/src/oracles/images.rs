//! Dockerfiles, by hadolint.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::failure::{Failure, Outcome};
use crate::plans::PlannedFile;
use crate::waivers::Finding;
use crate::world::World;

const TOOL: &str = "hadolint";

#[derive(Deserialize)]
struct Remark {
    file: PathBuf,
    line: u64,
    code: String,
    message: String,
}

/// `Dockerfile`, also with what it is for before or behind: `Dockerfile.worker`.
pub(super) fn accepts(path: &str) -> bool {
    let name = Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name == "Dockerfile" || (name.starts_with("Dockerfile.") && !name.ends_with(".dockerignore"))
}

/// Everything that hadolint has an opinion on, taste included.
pub(super) fn judge(world: &World, files: &[PlannedFile]) -> Outcome<Vec<Finding>> {
    let lint = world.tools()?.python(TOOL, &world.work());
    let lint = lint.args(["--format=json", "--failure-threshold=style"]).files(files);
    let said = lint.output_with(&[1])?;
    let remarks: Vec<Remark> = serde_json::from_str(&said)
        .map_err(|error| Failure::new(format!("{TOOL} gave no report: {error}")).reproduce(&lint))?;
    let finding = |remark: Remark| Finding {
        tool: TOOL,
        rule: remark.code,
        place: remark.file,
        line: remark.line,
        message: remark.message,
    };
    Ok(remarks.into_iter().map(finding).collect())
}

#[cfg(test)]
mod tests {
    use super::accepts;

    #[test]
    fn what_is_ignored_is_no_dockerfile() {
        assert!(accepts("Dockerfile") && accepts("api/Dockerfile") && accepts("deploy/Dockerfile.worker"));
        assert!(!accepts(".dockerignore") && !accepts("Dockerfile.dockerignore"));
    }
}
