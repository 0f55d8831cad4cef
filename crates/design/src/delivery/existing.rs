//! CI that the repository already has, and what becomes of it.

use siteplan_model::pipeline::Pipeline;
use siteplan_model::survey::CiJob;

use super::{checks, reuse};
use crate::ground::Ground;
use crate::prose::{code, list};

/// What exists and how the design uses it, in sentences; absent where there is none.
pub(crate) fn existing_ci(ground: &Ground<'_>, pipeline: &Pipeline) -> Option<String> {
    let survey = ground.survey;
    if survey.ci.is_empty() && survey.ci_test_jobs.is_empty() {
        return None;
    }
    let names: Vec<String> = survey.ci.iter().map(|ci| ground.called(&ci.value).to_owned()).collect();
    let own = survey.ci.iter().any(|ci| ci.value == ground.host.survey_name);
    let jobs: Vec<&CiJob> = survey.ci_test_jobs.iter().collect();
    let covers = reuse::covered(&jobs);
    let place = survey
        .ci
        .first()
        .and_then(siteplan_model::fact::Fact::place)
        .map(|place| format!(" (`{place}`)"))
        .unwrap_or_default();
    let path = super::paths::pipeline(ground);
    let same_file = super::paths::is_taken(ground, path);
    let mut sentences = Vec::new();
    if covers.is_empty() {
        sentences
            .push(format!("{}{place} is configured, but no job of it was seen to run tests.", list(&names)));
    } else {
        sentences.push(format!("{} already tests: {}.", list(&names), covers));
    }
    sentences.push(if !ground.automatic {
        "It stays as it is; nothing deploys from it.".to_owned()
    } else if let Some(reuse) = reuse::reused(ground) {
        reused(ground, &reuse, pipeline)
    } else if own && same_file {
        format!("Its file {} stays: the jobs of the deployment are added to it, and the deployment waits for the tests.", code(path))
    } else if own && !covers.is_empty() {
        let ours: Vec<String> =
            checks::test_commands(ground).into_iter().map(|(command, _)| code(&command)).collect();
        let runs = if ours.is_empty() {
            "checks".to_owned()
        } else if ours.iter().all(|command| jobs.iter().any(|job| code(&job.command) == *command)) {
            format!("runs the same {}", if ours.len() == 1 { "command" } else { "commands" })
        } else {
            format!("runs {}", list(&ours))
        };
        let pull_requests =
            if reuse::on_pull_requests(ground) { " and keeps testing pull requests" } else { "" };
        let why = if reuse::on_pushes(ground) {
            "not all of it was seen to run there"
        } else {
            "no job of it was seen to run on each push there"
        };
        format!(
            "It stays as it is{pull_requests}; {} {runs} again on `{}`, so that nothing untested is released: {why}.",
            code(path),
            ground.branch
        )
    } else if own {
        format!("It stays as it is; {} is added beside it.", code(path))
    } else {
        format!("It may keep testing; only {} deploys, so remove any deployment from it.", ground.host.ci_name)
    });
    Some(sentences.join(" "))
}

/// Which job covers what, and what is generated beside it.
fn reused(ground: &Ground<'_>, reuse: &reuse::Reuse<'_>, pipeline: &Pipeline) -> String {
    let path = code(super::paths::pipeline(ground));
    let pull_requests = if reuse::on_pull_requests(ground) { " and keeps testing pull requests" } else { "" };
    let added: Vec<String> =
        pipeline.jobs.iter().filter(|job| job.id != reuse::TESTS).map(|job| code(&job.id)).collect();
    let beside = match added.len() {
        0 => "no other job is needed".to_owned(),
        1 => format!("job {} is generated beside it", added[0]),
        _ => format!("jobs {} are generated beside it", list(&added)),
    };
    format!(
        "It stays as it is{pull_requests}. {path} tests nothing a second time: {}; {beside}.",
        reuse::how(reuse)
    )
}
