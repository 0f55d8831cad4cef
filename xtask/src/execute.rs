//! The pipelines that siteplan generates for the examples, really run: GitHub's by act, GitLab's by gitlab-ci-local, with
//! programs in place of the platforms' tools that write down how they are called.
//!
//! Every case is one example on one platform; each of its scenarios is a run of the whole pipeline in a repository of its
//! own, and a judgement on what was called.

mod cases;
mod github;
mod gitlab;
mod judge;
mod repository;
mod scenario;
mod stand_ins;

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::parallel::in_parallel;
use crate::step::Step;
use crate::tools::Tools;
use crate::world::World;
use cases::{Case, Cases, Host};
use repository::Generated;
use scenario::Scenario;
use stand_ins::StandIns;

/// What a run did.
#[derive(Debug)]
struct Run {
    /// Whether the host would show it as passed.
    passed: bool,
    /// Everything that it wrote.
    output: String,
    /// The calls of tools, in order.
    calls: Vec<stand_ins::Call>,
    /// Where all of it can be looked at.
    folder: PathBuf,
}

/// One step for each host.
pub(crate) fn steps() -> Vec<Step> {
    let step = |name, host, tool| {
        let about = format!(
            "generated pipelines of the examples, run by {tool}, with stand-ins for the platforms' tools"
        );
        Step::new(name, about, move |world| execute(world, host))
    };
    vec![step("execute-github", Host::GitHub, "act"), step("execute-gitlab", Host::GitLab, "gitlab-ci-local")]
}

fn execute(world: &World, host: Host) -> Outcome {
    let cases = Cases::read(world)?;
    let mut runs = Vec::new();
    for case in cases.of(host) {
        let generated = Generated::make(world, &cases, case)?;
        runs.extend(Scenario::all(case).into_iter().map(|scenario| (case, generated.clone(), scenario)));
    }
    let stand_ins = StandIns::install(world, &cases)?;
    let stage = Stage { tools: world.tools()?, root: world.root(), cases: &cases, stand_ins: &stand_ins };
    let judged = in_parallel(&runs, |(case, generated, scenario)| stage.judged(case, generated, *scenario));
    let mut wrong = Vec::new();
    for ((case, _, scenario), outcome) in runs.iter().zip(judged) {
        match outcome {
            Ok(calls) => println!("{}: {scenario}: {calls} calls", case.name()),
            Err(failure) => wrong.push(format!("{}: {scenario}: {failure}", case.name())),
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::new(wrong.join("\n"))) }
}

/// What every run needs.
struct Stage<'a> {
    tools: &'a Tools,
    root: &'a Path,
    cases: &'a Cases,
    stand_ins: &'a StandIns,
}

impl Stage<'_> {
    /// Runs one scenario and gives the number of calls.
    fn judged(&self, case: &Case, generated: &Generated, scenario: Scenario) -> Outcome<usize> {
        let place = generated.release(case, scenario)?;
        let session = self.stand_ins.session(self.cases, case, generated, &place, scenario)?;
        let run = match case.host {
            Host::GitHub => github::run(self, &session, (generated, case), &place, scenario)?,
            Host::GitLab => gitlab::run(self, &session, (generated, case), &place, scenario)?,
        };
        let wrong = judge::judge(case, &place, &session, scenario, &run);
        if wrong.is_empty() {
            return Ok(run.calls.len());
        }
        let folder = run.folder.display();
        Err(Failure::new(format!("{}\n  its calls and its output are in {folder}", wrong.join("\n  "))))
    }
}
