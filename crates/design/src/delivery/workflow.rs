//! The way of a change, step by step, in sentences that name the real commands.

use siteplan_catalog::platform::Builder;
use siteplan_model::brief::MigrationMode;
use siteplan_model::pipeline::Pipeline;

use super::release::{self, Migration};
use super::{checks, waits_for_a_person};
use crate::ground::{Ground, PREVIEW, PRODUCTION};
use crate::prose::{code, list};

/// The steps.
pub(crate) fn workflow(ground: &Ground<'_>, pipeline: &Pipeline) -> Vec<String> {
    if ground.automatic { automatic(ground, pipeline) } else { by_hand(ground) }
}

fn tests(ground: &Ground<'_>) -> Option<String> {
    let commands: Vec<String> = checks::test_commands(ground)
        .into_iter()
        .map(
            |(command, path)| {
                if path == "." { code(&command) } else { format!("{} in {}", code(&command), code(&path)) }
            },
        )
        .collect();
    if commands.is_empty() {
        return None;
    }
    let evidence = ground
        .survey
        .evidence
        .get("commands.test")
        .or_else(|| ground.survey.main_service().and_then(|service| service.evidence.get("commands.test")))
        .and_then(|evidence| evidence.first())
        .map(|evidence| format!(" (`{}`)", evidence.place()))
        .unwrap_or_default();
    let beside = checks::containers_because(ground)
        .map(|services| format!(", with {services} beside it because the tests connect there"))
        .unwrap_or_default();
    Some(format!("{}{evidence}{beside}", list(&commands)))
}

fn automatic(ground: &Ground<'_>, pipeline: &Pipeline) -> Vec<String> {
    let mut steps = vec![format!("A developer pushes to `{}`.", ground.branch)];
    let start = format!("{} starts {}", ground.host.ci_name, code(&ground.host.pipeline_path));
    steps.push(match tests(ground) {
        Some(tests) => format!("{start}: job `test` runs {tests}. If it fails, nothing is deployed."),
        None if super::pipeline::has_tests(pipeline) => {
            format!("{start}: job `test` installs, lints and builds; no test command was found. If it fails, nothing is deployed.")
        }
        None => format!("{start}. There is nothing to test yet."),
    });
    if ground.platform.deploy.builds.value == Builder::CiImage {
        steps.push("Job `build` builds one container image of the commit and pushes it; every environment runs that same image.".to_owned());
    }
    if ground.environments.names().contains(&PREVIEW) {
        steps.push(format!(
            "For a pull request: {}. It gets no secrets of staging or production.",
            ground.platform.environments.preview.value
        ));
    }
    let deployed: Vec<&str> = ground.deployed().collect();
    for environment in deployed {
        let wait = if environment == PRODUCTION && waits_for_a_person(ground) {
            "After a person has started or approved it, job"
        } else {
            "Job"
        };
        steps.push(format!(
            "{wait} `deploy-{environment}` {}releases the commit to {environment}{}.",
            migrates(ground, environment),
            verifies(ground, environment)
        ));
    }
    if ground.platform.deploy.builds.value != Builder::CiImage && ground.deployed().count() > 1 {
        steps.push(format!(
            "Each environment builds the same commit again, because {} takes variables in while it builds.",
            ground.platform.name
        ));
    }
    let window = ground.setting("freeze_window");
    if !window.is_empty() {
        steps.push(format!("Production is not deployed in the window `{window}`; a person can override it."));
    }
    steps
}

fn migrates(ground: &Ground<'_>, environment: &str) -> String {
    let Some(service) = release::migrating(ground) else { return String::new() };
    if ground.migrations == MigrationMode::Manual {
        return String::new();
    }
    match release::migration(ground, environment) {
        Migration::Elsewhere => match (&service.platform.migrate.hook, &service.plan.migrate) {
            (Some(hook), Some(command)) if ground.migrates_automatically() => {
                format!("lets {} run {} ({}), then ", service.platform.name, code(command), code(&hook.value))
            }
            _ => String::new(),
        },
        Migration::Platform(_) | Migration::Direct(_) => {
            let command = service.plan.migrate.as_deref().unwrap_or_default();
            format!("runs {}, then ", code(command))
        }
    }
}

fn verifies(ground: &Ground<'_>, environment: &str) -> String {
    let tests = crate::health::smoke_tests(ground, environment);
    let paths: Vec<String> = ground
        .over_http()
        .take(tests.len())
        .filter_map(|service| service.plan.health_path.as_deref().map(code))
        .collect();
    if tests.is_empty() || paths.is_empty() {
        return String::new();
    }
    format!(" and requests {} until it answers or a minute has passed", list(&paths))
}

fn by_hand(ground: &Ground<'_>) -> Vec<String> {
    let mut steps = vec![format!("A developer checks out `{}` at the commit to release.", ground.branch)];
    steps.push(match tests(ground) {
        Some(tests) => format!("They run {tests}. A failing test ends the release."),
        None => "There is no test to run yet; they start the application locally and look.".to_owned(),
    });
    if ground.platform.deploy.builds.value == Builder::CiImage {
        steps.push("They build and push one container image of the commit.".to_owned());
    }
    if let Some(before) = ground.before_production() {
        steps.push(format!("They run the deploy commands for {before} and look at it."));
    }
    steps.push("They run the deploy commands for production and its smoke test.".to_owned());
    steps.push(format!("They tell {}.", ground.setting("notify")));
    steps
}
