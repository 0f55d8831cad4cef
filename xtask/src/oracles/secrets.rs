//! All files, by gitleaks: what siteplan writes goes into a repository, so that nothing in it may look like a secret.

use std::fs;
use std::path::PathBuf;

use serde::Deserialize;

use crate::failure::{Failure, Outcome};
use crate::plans::PlannedFile;
use crate::waivers::Finding;
use crate::world::World;

const TOOL: &str = "gitleaks";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Leak {
    #[serde(rename = "RuleID")]
    rule: String,
    description: String,
    start_line: u64,
    file: PathBuf,
}

/// Looks at copies in one folder, because the tool takes a folder.
pub(super) fn judge(world: &World, files: &[PlannedFile]) -> Outcome<Vec<Finding>> {
    let folder = world.work().join(TOOL);
    let unusable = |error| Failure::new(format!("cannot use `{}`: {error}", folder.display()));
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(unusable)?;
    }
    for (index, file) in files.iter().enumerate() {
        let copy = folder.join(index.to_string()).join(&file.path);
        let parent = copy.parent().unwrap_or(&folder);
        fs::create_dir_all(parent).and_then(|()| fs::copy(&file.place, &copy)).map_err(unusable)?;
    }
    let check = world.tools()?.python(TOOL, &folder);
    let check = check.args(["dir", "--no-banner", "--log-level=error", "--report-format=json"]);
    let check = check.args(["--report-path=-", "--redact", "."]);
    let said = check.output_with(&[1])?;
    let leaks: Vec<Leak> = serde_json::from_str(&said)
        .map_err(|error| Failure::new(format!("{TOOL} gave no report: {error}")).reproduce(&check))?;
    Ok(leaks.into_iter().map(|leak| finding(leak, files)).collect())
}

fn finding(leak: Leak, files: &[PlannedFile]) -> Finding {
    let index = leak.file.components().next().and_then(|part| part.as_os_str().to_str()?.parse().ok());
    let original = index.and_then(|index: usize| files.get(index));
    Finding {
        tool: TOOL,
        rule: leak.rule,
        place: original.map_or(leak.file, |file| file.place.clone()),
        line: leak.start_line,
        message: leak.description,
    }
}
