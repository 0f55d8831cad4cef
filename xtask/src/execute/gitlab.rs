//! A run of a GitLab pipeline by gitlab-ci-local, on this machine and without a network: images and services are left out.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::cases::Case;
use super::repository::{Generated, Place};
use super::scenario::{PRODUCTION, Scenario};
use super::stand_ins::Session;
use super::{Run, Stage};
use crate::failure::{Failure, Outcome};
use crate::program::Program;

/// Runs the pipeline, or the job of a rollback.
pub(super) fn run(
    stage: &Stage<'_>,
    session: &Session,
    (generated, case): (&Generated, &Case),
    place: &Place,
    scenario: Scenario,
) -> Outcome<Run> {
    let rsync = Program::new("rsync", &session.checkout).args(["--version"]).output();
    rsync.map_err(|failure| {
        failure.mend("gitlab-ci-local copies with rsync (Debian: apt-get install rsync)")
    })?;
    let by_hand = scenario == Scenario::RollbackByHand;
    let inputs =
        if by_hand { generated.rollback_variables(PRODUCTION, case.named(place)) } else { Vec::new() };
    let given = generated.secrets.iter().chain(&generated.variables).chain(&inputs);
    let values: Map<String, Value> = given.map(|(name, value)| (name.clone(), json!(value))).collect();
    let file = session.home.join(".gitlab-ci-local/variables.yml");
    let folder = file.parent().unwrap_or(&file);
    // YAML is read, and JSON is YAML.
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&file, json!({ "global": values }).to_string()))
        .map_err(|error| unusable(&file, &error))?;
    let local = stage.tools.node22("gitlab-ci-local/dist/index.js", &session.checkout);
    let local = local.args(["--force-shell-executor", "--shell-isolation", "--color=false"]);
    let local = if by_hand { local.args([format!("rollback-{PRODUCTION}")]) } else { local };
    session.run(&local, &place.folder)
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("cannot use `{}`: {error}", path.display()))
}
