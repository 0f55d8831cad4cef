//! Workflows that already test what is pushed → the job that waits for them in place of a test job of our own.

use std::collections::{BTreeMap, BTreeSet};

use siteplan_model::pipeline::{Job, JobPurpose, Occasion, Permission, Step};
use siteplan_model::survey::CiJob;

use super::checks;
use crate::ground::Ground;
use crate::prose::{code, list};

/// The id of the job that waits.
pub(crate) const TESTS: &str = "tests";

/// How existing tests are reused.
pub(crate) enum Reuse<'a> {
    /// Pushes to the branch start these files: the pipeline waits for them.
    Awaited(Vec<&'a str>),
    /// The pipeline's own file is included by this one, and its jobs come after those that test.
    Included(&'a str),
    /// Nothing starts this file on a push, but it can be called.
    Called(&'a str),
}

impl<'a> Reuse<'a> {
    /// Whether the tests of a file are relied on.
    fn has(&self, path: &str) -> bool {
        match self {
            Self::Awaited(paths) => paths.contains(&path),
            Self::Included(own) | Self::Called(own) => *own == path,
        }
    }

    /// The jobs that are relied on.
    pub(crate) fn jobs(&self, ground: &Ground<'a>) -> Vec<&'a CiJob> {
        let called = matches!(self, Self::Called(_));
        own_jobs(ground).filter(|job| self.has(&job.path) && (called || job.starts.pushes)).collect()
    }
}

/// Jobs that test and belong to the CI of the host that deploys.
fn own_jobs<'a>(ground: &Ground<'a>) -> impl Iterator<Item = &'a CiJob> + use<'a> {
    let own = ground.host.survey_name.as_str();
    ground.survey.ci_test_jobs.iter().filter(move |job| job.system == own)
}

/// Whether the host's own CI tests pull requests already.
pub(crate) fn on_pull_requests(ground: &Ground<'_>) -> bool {
    own_jobs(ground).any(|job| job.starts.pull_requests)
}

/// Whether any job of the host's own CI runs for each push to the branch that deploys.
pub(crate) fn on_pushes(ground: &Ground<'_>) -> bool {
    own_jobs(ground).any(|job| job.starts.pushes && is_same_branch(ground))
}

/// Whether the branch of the design is the one for which the Survey looked at what starts a job.
fn is_same_branch(ground: &Ground<'_>) -> bool {
    ground.survey.default_branch.as_ref().is_none_or(|branch| branch.value == ground.branch)
}

/// What is reused; absent where nothing tests each push, or not all that would be tested.
pub(crate) fn reused<'a>(ground: &Ground<'a>) -> Option<Reuse<'a>> {
    let host = ground.host;
    // The one file of a host that has no other place for ours is not waited for: our jobs are put into it.
    let takes_ours = |path: &str| path == super::paths::pipeline(ground);
    if !ground.automatic || ground.planned || host.scripts_only {
        return None;
    }
    let pushed: BTreeSet<&str> = own_jobs(ground)
        .filter(|job| job.starts.pushes && is_same_branch(ground) && !takes_ours(&job.path))
        .map(|job| job.path.as_str())
        .collect();
    let callable = || own_jobs(ground).find(|job| job.starts.callable && !takes_ours(&job.path));
    let reuse = if pushed.contains(host.pipeline_path.as_str()) && host.includes {
        Reuse::Included(&host.pipeline_path)
    } else if pushed.is_empty() {
        Reuse::Called(&callable()?.path)
    } else {
        Reuse::Awaited(pushed.into_iter().collect())
    };
    covers(ground, &reuse).then_some(reuse)
}

/// Whether the reused jobs test what a test job of our own would. One test command is covered by whatever tests; where several
/// folders have one, each must be seen.
fn covers(ground: &Ground<'_>, reuse: &Reuse<'_>) -> bool {
    let ours: BTreeSet<String> = checks::test_commands(ground)
        .into_iter()
        .map(|(command, folder)| format!("{folder}\0{command}"))
        .collect();
    if ours.len() <= 1 {
        return true;
    }
    let jobs = reuse.jobs(ground);
    let lines = || jobs.iter().flat_map(|job| std::iter::once(&job.command).chain(&job.further));
    // The same command in several folders has to be run as often.
    let mut wanted: BTreeMap<&str, usize> = BTreeMap::new();
    for one in &ours {
        *wanted.entry(one.split('\0').nth(1).unwrap_or_default()).or_default() += 1;
    }
    wanted.iter().all(|(command, times)| lines().filter(|line| line.contains(command)).count() >= *times)
}

/// The job that waits for the tests, or calls them.
pub(crate) fn job(ground: &Ground<'_>) -> Option<Job> {
    let minutes = super::limits::of_workflow(ground);
    let wait = |path: &str| Step::AwaitWorkflow { path: path.to_owned(), minutes };
    let (calls, steps) = match reused(ground)? {
        Reuse::Awaited(paths) => (None, paths.into_iter().map(wait).collect()),
        Reuse::Included(path) => (None, vec![wait(path)]),
        Reuse::Called(path) => (Some(path.to_owned()), Vec::new()),
    };
    let permission = if calls.is_some() { Permission::ReadCode } else { Permission::ReadRuns };
    Some(Job {
        id: TESTS.to_owned(),
        name: "Tests".to_owned(),
        purpose: JobPurpose::Test,
        needs: Vec::new(),
        occasion: Occasion::Branch,
        environment: None,
        permissions: BTreeSet::from([permission]),
        exclusive: None,
        // They run at the same time, so waiting for several takes no longer.
        hands_on: Vec::new(),
        timeout_minutes: minutes.saturating_add(5),
        calls,
        services: Vec::new(),
        env: BTreeMap::new(),
        steps,
    })
}

/// What the reused jobs run, for people: "job `unit` of `ci.yml` runs `npm test`".
pub(crate) fn covered(jobs: &[&CiJob]) -> String {
    let said: Vec<String> = jobs
        .iter()
        .map(|job| format!("job {} of {} runs {}", code(&job.job), code(&job.path), code(&job.command)))
        .collect();
    list(&said)
}

/// How the pipeline relies on them, as the middle of a sentence.
pub(crate) fn how(reuse: &Reuse<'_>) -> String {
    match reuse {
        Reuse::Awaited(paths) => {
            let files: Vec<String> = paths.iter().map(|path| code(path)).collect();
            let have = if files.len() == 1 { "has" } else { "have" };
            format!("job {} waits until {} {have} passed for the commit", code(TESTS), list(&files))
        }
        Reuse::Included(path) => {
            format!("its jobs come after all others of {}, which includes it", code(path))
        }
        Reuse::Called(path) => format!("job {} calls {}", code(TESTS), code(path)),
    }
}
