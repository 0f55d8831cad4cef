//! Existing CI that tests is relied on, and what deploys already is named.

use siteplan_model::design::Design;
use siteplan_model::fact::{Certainty, Fact};
use siteplan_model::id::CodeHostId;
use siteplan_model::pipeline::{Job, Permission, Step};
use siteplan_model::survey::{CiDeploy, CiJob, Survey};

use crate::concrete::designed;
use crate::fixtures::{ledger, seen, tasks};

fn job<'d>(design: &'d Design, id: &str) -> Option<&'d Job> {
    design.delivery.pipeline.jobs.iter().find(|job| job.id == id)
}

fn ids(design: &Design) -> Vec<&str> {
    design.delivery.pipeline.jobs.iter().map(|job| job.id.as_str()).collect()
}

/// The application whose workflow tests each push.
fn tested() -> Survey {
    let mut survey = tasks();
    survey.ci_test_jobs[0].starts.pushes = true;
    survey
}

#[test]
fn a_workflow_that_tests_each_push_is_awaited() {
    let design = designed(&tested(), "render", |_| {});
    assert_eq!(ids(&design)[..2], ["tests", "deploy-staging"]);
    let waiting = job(&design, "tests").expect("waits");
    assert_eq!(
        waiting.steps,
        [Step::AwaitWorkflow { path: ".github/workflows/test.yml".to_owned(), minutes: 60 }]
    );
    assert!(waiting.permissions.iter().eq([&Permission::ReadRuns]));
    assert_eq!(job(&design, "deploy-staging").expect("deploys").needs, ["tests"]);
    let sentence = design.delivery.existing_ci.expect("there is CI");
    for part in [
        "job `test` of `.github/workflows/test.yml` runs `uv run pytest`",
        "waits until `.github/workflows/test.yml` has passed",
        "`deploy-staging` and `deploy-production` are generated beside it",
    ] {
        assert!(sentence.contains(part), "{part}: {sentence}");
    }
    assert!(!sentence.contains("again"), "{sentence}");
    assert!(design.delivery.workflow.iter().any(|step| step.contains("waits until")));
}

#[test]
fn a_workflow_that_only_others_start_is_called() {
    let mut survey = tasks();
    survey.ci_test_jobs[0].starts.callable = true;
    let design = designed(&survey, "render", |_| {});
    let calling = job(&design, "tests").expect("calls");
    assert_eq!(calling.calls.as_deref(), Some(".github/workflows/test.yml"));
    assert!(calling.steps.is_empty() && calling.permissions.iter().eq([&Permission::ReadCode]));
}

#[test]
fn what_is_not_tested_on_each_push_is_tested_again() {
    let design = designed(&tasks(), "render", |_| {});
    assert_eq!(ids(&design)[0], "test");
    let sentence = design.delivery.existing_ci.expect("there is CI");
    assert!(sentence.contains("again") && sentence.contains("on each push there"), "{sentence}");
}

#[test]
fn tests_of_another_host_are_no_reason_to_wait() {
    let on_gitlab = designed(&tested(), "render", |brief| {
        brief.answers.code_host = Some(CodeHostId::new("gitlab"));
    });
    assert_eq!(ids(&on_gitlab)[0], "test");
}

#[test]
fn folders_that_nothing_tests_keep_the_test_job() {
    let mut survey = tested();
    survey.services[1].path = "worker".to_owned();
    survey.services[1].commands.test = Some("npm test".to_owned());
    survey.services[0].commands.test = Some("uv run pytest".to_owned());
    assert_eq!(ids(&designed(&survey, "render", |_| {}))[0], "test");
    survey.ci_test_jobs.push(CiJob {
        job: "worker".to_owned(),
        command: "npm test -- --ci".to_owned(),
        ..survey.ci_test_jobs[0].clone()
    });
    assert_eq!(ids(&designed(&survey, "render", |_| {}))[0], "tests");
}

#[test]
fn the_jobs_of_an_included_file_come_after_the_tests() {
    let mut survey = ledger();
    survey.ci_test_jobs[0].starts.pushes = true;
    let design = designed(&survey, "aws-ecs-fargate", |brief| {
        brief.answers.code_host = Some(CodeHostId::new("gitlab"));
    });
    assert_eq!(design.delivery.pipeline_path, ".gitlab/siteplan-deploy.yml");
    assert!(job(&design, "test").is_none());
    let sentence = design.delivery.existing_ci.expect("there is CI");
    assert!(sentence.contains("after all others of `.gitlab-ci.yml`"), "{sentence}");
}

#[test]
fn whatever_deploys_already_must_stop() {
    let mut survey = tested();
    survey.ci_files = vec![".github/workflows/deploy.yml".to_owned()];
    survey.ci_deploys = vec![CiDeploy {
        path: ".github/workflows/deploy.yml".to_owned(),
        job: "ship".to_owned(),
        runs: "flyctl deploy --remote-only".to_owned(),
        means: Some("fly".to_owned()),
        seen: seen(".github/workflows/deploy.yml", 9, "flyctl deploy --remote-only"),
    }];
    let platform =
        |id: &str, path: &str| Fact::new(id.to_owned(), Certainty::High, vec![seen(path, 1, "file")]);
    survey.platforms_in_use = vec![platform("vercel", "vercel.json"), platform("render", "render.yaml")];
    let design = designed(&survey, "render", |_| {});
    assert_eq!(design.delivery.pipeline_path, ".github/workflows/siteplan-deploy.yml");
    let others = &design.delivery.other_deployers;
    assert_eq!(others.len(), 2, "{others:?}");
    assert!(
        others[0].contains("`.github/workflows/deploy.yml:9`") && others[0].contains("Fly.io"),
        "{others:?}"
    );
    assert!(others[1].contains("`vercel.json:1`") && others[1].contains("Vercel"), "{others:?}");
    assert!(
        design
            .warnings
            .iter()
            .any(|warning| warning.contains("job `ship`") || warning.contains("Job `ship`"))
    );
    assert!(design.checklists.before.iter().any(|item| item.item == "Nothing else deploys"));
    assert!(designed(&tested(), "render", |_| {}).delivery.other_deployers.is_empty());
}
