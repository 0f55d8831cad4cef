//! Section 7: how a release is taken back.

use siteplan_catalog::platform::Platform;
use siteplan_model::design::{Command, RollbackSection};

use crate::database;
use crate::delivery::release;
use crate::delivery::rolling_back::TARGET_MINUTES;
use crate::delivery::scripts::ROLLBACK;
use crate::ground::{Ground, PRODUCTION};
use crate::{health, prose};

/// The section.
pub(crate) fn rollback(ground: &Ground<'_>) -> RollbackSection {
    RollbackSection {
        criteria: criteria(ground),
        decided_by: ground.setting("rollback_approver").to_owned(),
        notify: ground.setting("notify").to_owned(),
        automatic: of_each(ground, |platform| Some(prose::capital(&platform.rollback.automatic.value)))
            .unwrap_or_default(),
        commands: commands(ground),
        dashboard: of_each(ground, |platform| Some(platform.rollback.dashboard.as_ref()?.value.clone())),
        verify: verify(ground),
        database: schema(ground),
        traps: traps(ground),
        target_minutes: TARGET_MINUTES,
    }
}

fn criteria(ground: &Ground<'_>) -> Vec<String> {
    let mut criteria = Vec::new();
    if let Some(main) = ground.over_http().next() {
        criteria.push(format!(
            "The health check at {} fails for 5 minutes or longer",
            prose::code(&health::smoke_path(ground, main))
        ));
        criteria.push("More than 5 % of the requests end in an error".to_owned());
    } else {
        let names: Vec<String> =
            ground.services.iter().map(|service| prose::code(&service.plan.slug)).collect();
        criteria.push(format!("{} restarts again and again for 5 minutes or longer", prose::list(&names)));
        criteria.push("More than 5 % of the jobs fail".to_owned());
    }
    criteria.push("A critical bug is reported: data is lost or shown to the wrong person, or the main use is impossible".to_owned());
    criteria
}

/// What each platform in use says; with the platforms' names where there are several.
fn of_each(ground: &Ground<'_>, say: impl Fn(&Platform) -> Option<String>) -> Option<String> {
    let platforms = ground.platforms();
    let several = platforms.len() > 1;
    let said: Vec<String> = platforms
        .into_iter()
        .filter_map(|platform| {
            let text = say(platform)?;
            Some(if several { format!("{}: {text}", platform.name) } else { text })
        })
        .collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// The script that does it, and the commands of every platform in use, one by one.
fn commands(ground: &Ground<'_>) -> Vec<Command> {
    let single: Vec<Command> = ground
        .platforms()
        .into_iter()
        .flat_map(|platform| release::filled(ground, platform, PRODUCTION, &platform.rollback.commands))
        .collect();
    let is_scripted =
        |platform: &&Platform| platform.rollback.commands.iter().any(|command| !command.by_hand);
    let script = ground.platforms().iter().any(is_scripted).then(|| Command {
        purpose: format!(
            "all of it, awaited, within a limit of its own; {} says how a release is named; the single commands follow",
            prose::code("deploy/README.md")
        ),
        line: format!("deploy/{ROLLBACK} {PRODUCTION}"),
    });
    script.into_iter().chain(single).collect()
}

fn verify(ground: &Ground<'_>) -> Vec<Command> {
    let mut commands = health::smoke_tests(ground, PRODUCTION);
    for command in &mut commands {
        command.purpose = command.purpose.replacen("smoke test: ", "", 1);
    }
    commands
}

fn schema(ground: &Ground<'_>) -> Vec<String> {
    match &ground.survey.migrations {
        Some(found) if database::database(ground).is_some() => {
            let mut lines = vec![
                "The commands above return the code only: the schema stays as the newest migration left it."
                    .to_owned(),
            ];
            lines.extend(database::rollback(ground, found));
            lines
        }
        _ if database::database(ground).is_some() => {
            vec!["The commands above return the code only. No migration tool was found, so a changed schema is put back by hand or from a backup.".to_owned()]
        }
        _ => Vec::new(),
    }
}

fn traps(ground: &Ground<'_>) -> Vec<String> {
    let about = ground.circumstances();
    let mut traps: Vec<String> = ground
        .platforms()
        .iter()
        .flat_map(|platform| &platform.rollback.traps)
        .filter(|trap| trap.when.holds(&about))
        .map(|trap| trap.text.clone())
        .collect();
    let minutes = ground.platform.rollback.minutes.value;
    if minutes > TARGET_MINUTES {
        traps.push(format!(
            "{} may need up to {minutes} minutes, more than the target of {TARGET_MINUTES}: start early",
            ground.platform.name
        ));
    }
    if ground.automatic {
        traps.push(format!(
            "The next push to `{}` deploys again: revert the commit there, or the fault returns",
            ground.branch
        ));
    }
    traps
}
