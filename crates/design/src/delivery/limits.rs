//! The limits of jobs and steps. A script that may hang while something depends on it ends itself (`scripts/limits.rs`) and has
//! failed; the host's own limit of its step is a little longer, and that of the job longer than those of all its steps, so that
//! neither keeps the way back from running.

use siteplan_cost::usage::Key;
use siteplan_model::pipeline::Step;
use siteplan_model::script::Script;

use super::checks::minutes;
use super::scripts::{BUILD, TEST, TOOLS};
use crate::ground::Ground;

/// Minutes for what a job does beside its scripts: the machine, the checkout, runtimes, signing in.
const AROUND: u32 = 10;
/// Minutes in which tests get done at least.
const SHORTEST_TESTS: u32 = 10;
/// Minutes in which programs are fetched.
const TOOLS_FETCHED: u32 = 5;
/// Minutes beyond the expected ones.
const SPARE: u32 = 10;
/// Minutes that another workflow is waited for: it may wait for machines itself, and what it takes is not known.
const WORKFLOW: u32 = 60;

/// What a person has set, if it is a number of minutes.
pub(super) fn set(ground: &Ground<'_>, key: &str) -> Option<u32> {
    ground.setting(key).trim().parse().ok().filter(|minutes| *minutes > 0)
}

/// Minutes that a workflow which tests is waited for.
pub(super) fn of_workflow(ground: &Ground<'_>) -> u32 {
    set(ground, "test_timeout").unwrap_or(WORKFLOW)
}

/// Minutes after which the host stops a script; none for one that cannot hang.
pub(super) fn of_script(ground: &Ground<'_>, script: &Script) -> Option<u32> {
    let high = |key| ground.assumption(key)[2];
    if let Some(seconds) = script.limit_seconds {
        return Some(seconds.div_ceil(60).saturating_add(1));
    }
    match script.name.as_str() {
        TEST => set(ground, "test_timeout")
            .or_else(|| Some(minutes(high(Key::TestMinutes) * 2.0).max(SHORTEST_TESTS))),
        BUILD => Some(minutes(high(Key::MinutesPerBuild)).saturating_add(SPARE)),
        TOOLS => Some(TOOLS_FETCHED),
        _ => None,
    }
}

/// Minutes of a job with these steps.
pub(super) fn of_job(steps: &[Step]) -> u32 {
    let of_step = |step: &Step| match step {
        Step::Script { minutes, .. } => minutes.unwrap_or_default(),
        Step::AwaitWorkflow { minutes, .. } => *minutes,
        _ => 0,
    };
    steps.iter().map(of_step).fold(AROUND, u32::saturating_add)
}
