//! The document says things in the order in which they happen, and nothing of what an application does not have.

use siteplan_model::brief::EnvironmentSet;
use siteplan_model::survey::ServiceKind;

use crate::concrete::designed;
use crate::fixtures::{bookshelf, tasks};

const PUSH: &str = "git push origin";

#[test]
fn production_is_pushed_once_and_approved_before_that() {
    for (approval, environments) in [
        ("automatic", EnvironmentSet::StagingProduction),
        ("manual", EnvironmentSet::StagingProduction),
        ("automatic", EnvironmentSet::Production),
        ("automatic", EnvironmentSet::DevStagingProduction),
    ] {
        let design = designed(&bookshelf(), "railway", |brief| {
            brief.settings.insert("production_approval".to_owned(), approval.to_owned());
            brief.answers.environments = Some(environments);
        });
        let steps = &design.next_steps;
        let has_push = |step: usize| steps[step].commands.iter().any(|command| command.starts_with(PUSH));
        let note = |step: usize| steps[step].note.clone().unwrap_or_default();
        let pushed: Vec<usize> = (1..steps.len()).filter(|step| has_push(*step)).collect();
        assert_eq!(pushed.len(), 1, "{approval}, {environments}: {steps:?}");
        // Whoever reads from the top approves before the push that reaches users.
        let approved = (0..steps.len()).find(|step| note(*step).contains("fill in the approval"));
        let reaches_users = if approval == "manual" { 4 } else { pushed[0] };
        assert_eq!(approved, Some(reaches_users), "{approval}, {environments}: {steps:?}");
    }
}

#[test]
fn migrations_that_nobody_can_run_are_said_first() {
    let says = |design: &siteplan_model::design::Design| {
        design.warnings.iter().any(|warning| warning.starts_with("Migrations are to run automatically"))
    };
    assert!(!says(&designed(&tasks(), "render", |_| {})));
    let mut survey = tasks();
    survey.commands.migrate = None;
    for service in &mut survey.services {
        service.commands.migrate = None;
        service.migrations = None;
    }
    if let Some(found) = &mut survey.migrations {
        found.fact.value = "custom".to_owned();
        found.command = None;
    }
    assert!(says(&designed(&survey, "render", |_| {})));
}

#[test]
fn who_answers_nobody_sends_no_files() {
    let mut survey = tasks();
    survey.services.retain(|service| service.kind == ServiceKind::Worker);
    survey.app_type = None;
    let bot = designed(&survey, "render", |brief| brief.answers.app_type = Some("workers".parse().unwrap()));
    let told = |design: &siteplan_model::design::Design| {
        let risks = design.risks.iter().any(|risk| risk.mitigation.contains("large files"));
        (risks, design.future.scale.iter().any(|line| line.contains("tatic files")))
    };
    assert_eq!(told(&bot), (false, false), "{:?}", bot.future);
    assert_eq!(told(&designed(&bookshelf(), "render", |_| {})), (true, true));
}
