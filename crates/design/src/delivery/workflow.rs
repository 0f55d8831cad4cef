//! The way of a change, step by step, in sentences that name the real commands.

use siteplan_catalog::platform::{Ability, Builder};
use siteplan_model::brief::MigrationMode;
use siteplan_model::design::Deployer;
use siteplan_model::script::Script;

use super::release::{self, Migration};
use super::scripts::{self, RECORDED, ROLLBACK};
use super::{checks, freeze, held, reuse, waits_for_a_person};
use crate::ground::{Ground, PREVIEW, PRODUCTION};
use crate::prose::{capital, code, list, term};
use crate::services::migration_hook;

/// The steps.
pub(crate) fn workflow(ground: &Ground<'_>, scripts: &[Script]) -> Vec<String> {
    if ground.automatic { automatic(ground, scripts) } else { by_hand(ground) }
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
    let beside =
        checks::containers_because(ground).map(|services| format!(", with {services}")).unwrap_or_default();
    Some(format!("{}{evidence}{beside}", list(&commands)))
}

fn automatic(ground: &Ground<'_>, scripts: &[Script]) -> Vec<String> {
    let mut steps = vec![format!("A developer pushes to `{}`.", ground.branch)];
    let start = format!("{} starts {}", ground.host.ci_name, code(super::paths::pipeline(ground)));
    let reused = reuse::reused(ground);
    steps.push(match (&reused, tests(ground)) {
        (Some(reuse), _) => format!(
            "{start}: {}. {}. If a test fails, nothing is deployed.",
            reuse::how(reuse),
            capital(&reuse::covered(&reuse.jobs(ground)))
        ),
        (None, Some(tests)) => format!("{start}: job `test` runs {tests}. If it fails, nothing is deployed."),
        (None, None) if !checks::verbs(ground).is_empty() => format!(
            "{start}: job `test` can only {}; no test command was found. If it fails, nothing is deployed.",
            list(&checks::verbs(ground))
        ),
        (None, None) => format!("{start}. There is nothing to test yet."),
    });
    if ground.platform.deploy.builds.value == Builder::CiImage {
        let how = if scripts::digests(scripts).is_empty() {
            "every environment runs that same image, named by the commit"
        } else {
            "every environment runs that same image by its digest, which the job hands on"
        };
        steps.push(format!(
            "Job `build` builds one container image of the commit and pushes it, unless the registry has it already; {how}."
        ));
    }
    if ground.environments.names().contains(&PREVIEW) {
        steps.push(previews(ground, scripts));
    }
    if super::deployer::deployer(ground) == Deployer::PlatformAfterChecks {
        let name = &ground.platform.name;
        let hook = release::migrating(ground).and_then(|service| {
            let hook = migration_hook(ground.survey, service.platform)
                .filter(|_| ground.migrates_automatically())?;
            Some(format!(", runs {} ({})", code(service.plan.migrate.as_deref()?), term(&hook.value)))
        });
        steps.push(format!(
            "{name} waits for the checks of the commit. Once they have passed it builds the commit{} and releases it to {PRODUCTION} by itself; where one fails, the version in use keeps serving.",
            hook.unwrap_or_default()
        ));
        return steps;
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
    let again = match ground.platform.deploy.builds.value {
        Builder::CiImage => None,
        Builder::CiArtifact => Some("variables are taken in while it is built".to_owned()),
        Builder::Platform => Some(format!("{} builds for each by itself", ground.platform.name)),
    };
    if let Some(because) = again.filter(|_| ground.deployed().count() > 1) {
        steps.push(format!("Each environment builds the same commit again, because {because}."));
    }
    if scripts::is_automatic(scripts) {
        steps.push(format!(
            "Before each release to {PRODUCTION} the job keeps which release serves. If the release or its verification fails or hangs, `deploy/{ROLLBACK} {PRODUCTION} {RECORDED}` returns to that one, and it is verified again; the job stays failed.{}",
            back_only_if(ground)
        ));
    }
    steps.push(format!("{}.{}", ground.host.one_at_a_time.value, stops_after_rollback(ground, scripts)));
    if let Some(window) = freeze::window(ground) {
        steps.push(format!(
            "{} is not deployed in the window `{}`: the job stops, unless a person starts the pipeline by hand and says that it shall deploy all the same.",
            capital(PRODUCTION),
            window.text
        ));
    }
    steps
}

/// What becomes of a release that waited while a person rolled back, where the job can ask.
fn stops_after_rollback(ground: &Ground<'_>, scripts: &[Script]) -> String {
    let asks = ground.host.tells_rollbacks.value == Ability::Yes;
    if !asks || scripts::named(scripts, ROLLBACK).is_none() {
        return String::new();
    }
    format!(
        " A release to {PRODUCTION} that was pushed before a person rolled {PRODUCTION} back stops there, until somebody starts it by hand."
    )
}

fn migrates(ground: &Ground<'_>, environment: &str) -> String {
    let Some(service) = release::migrating(ground) else { return String::new() };
    if ground.migrations == MigrationMode::Manual {
        return String::new();
    }
    match release::migration(ground, environment) {
        Migration::Elsewhere => match (&service.platform.migrate.hook, &service.plan.migrate) {
            (Some(hook), Some(command)) if ground.migrates_automatically() => {
                format!("lets {} run {} ({}), then ", service.platform.name, code(command), term(&hook.value))
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
    let several = ground.over_http().count() > 1;
    let paths: Vec<String> = ground
        .over_http()
        .take(tests.len())
        .map(|service| {
            let path = code(&crate::health::smoke_path(ground, service));
            if several { format!("{path} of {}", code(&service.plan.slug)) } else { path }
        })
        .collect();
    match paths.len() {
        0 => String::new(),
        1 => format!(
            " and requests {} until it answers, with the released commit where it tells one, for two minutes at most",
            paths[0]
        ),
        _ => format!(
            " and requests {} until each answers, with the released commit where it tells one, for two minutes at most",
            list(&paths)
        ),
    }
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
    let held = held::held_by_host(ground);
    let needed: Vec<String> = held
        .secrets
        .iter()
        .chain(&held.variables)
        .map(|value| format!("`{}` ({})", value.name, value.purpose))
        .collect();
    if !needed.is_empty() {
        steps
            .push(format!("They set in their shell, outside any file of the repository: {}.", list(&needed)));
    }
    if let Some(before) = ground.before_production() {
        steps.push(format!(
            "They run the deploy commands with `{before}` in place of `{PRODUCTION}`, and look at {before}."
        ));
    }
    steps
        .push(format!("They run the deploy commands for {PRODUCTION}, the last of which is the smoke test."));
    steps.push(format!("They tell {}.", ground.setting("notify")));
    steps
}

/// When the code may go back by itself although the schema does not.
fn back_only_if(ground: &Ground<'_>) -> String {
    if !ground.migrates_automatically() && !ground.migrates_at_start() {
        return String::new();
    }
    format!(
        " The schema never goes back, so this happens only if the release changes no migration, or if each commit that does carries the line `Migration: expand` in its message, by which its author says that the older code runs on the new schema; else the job stops and calls {}.",
        ground.setting("rollback_approver")
    )
}

/// Who makes a preview, which database it has, and how it ends.
fn previews(ground: &Ground<'_>, known: &[Script]) -> String {
    let database = ground
        .platform
        .preview
        .as_ref()
        .filter(|_| ground.has_database())
        .map(|preview| format!(" Its database: {}.", preview.database.value))
        .unwrap_or_default();
    if scripts::named(known, scripts::PREVIEW_UP).is_none() {
        return format!(
            "For a pull request: {}. It gets no secrets of staging or production.{database}",
            ground.platform.environments.preview.value
        );
    }
    format!(
        "For a pull request of the repository itself, job `{}` makes or renews a preview and requests it; when the pull request is closed, job `{}` ends it. Pull requests of forks are only tested and get no secret.{database}",
        scripts::PREVIEW_UP,
        scripts::PREVIEW_DOWN
    )
}
