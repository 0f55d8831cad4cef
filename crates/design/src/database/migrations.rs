//! How migrations run, and what of them can be taken back.

use siteplan_catalog::platform::Ability;
use siteplan_model::brief::MigrationMode;
use siteplan_model::design::MigrationPlan;
use siteplan_model::survey::MigrationsFact;

use crate::delivery::release::{self, Migration};
use crate::ground::{Ground, PRODUCTION};
use crate::prose::{self, code, count, term};
use crate::services::without_hook;

/// How a schema changes without a moment in which code and schema do not fit together.
const TWO_STEPS: &str = "A rollback of code never touches the schema, so change it in two steps: first add what is new and keep what is old (expand), release, and remove the old in a later release (contract).";

/// The migrations; absent where the repository has none.
pub(super) fn migrations(ground: &Ground<'_>) -> Option<MigrationPlan> {
    let found = ground.survey.migrations.as_ref()?;
    let (command, from) = ground.migrate_command().unwrap_or_default();
    let at_runtime = release::migrating(ground).and_then(|service| service.plan.migrate.clone());
    let command = at_runtime.unwrap_or(command);
    let tool = ground.migration_tool.map_or_else(
        || {
            if found.fact.value == "custom" {
                "scripts of the repository's own".to_owned()
            } else {
                found.fact.value.clone()
            }
        },
        |tool| tool.name.clone(),
    );
    Some(MigrationPlan {
        automatic: ground.migrations == MigrationMode::Auto && !command.is_empty(),
        at_start: ground.migrates_at_start(),
        when: when(ground),
        past_hook: release::lacking_hook(ground).is_some(),
        status_command: ground
            .migration_tool
            .and_then(|tool| tool.status.as_ref())
            .map(|status| ground.tool_line(&status.value)),
        rollback: rollback(ground, found).into_iter().chain([TWO_STEPS.to_owned()]).collect(),
        found: describe(found, &from),
        tool,
        command,
    })
}

fn when(ground: &Ground<'_>) -> String {
    if ground.migrates_at_start() {
        return "by the application itself, when it starts: several instances that start at once wait for each other only if the tool takes a lock".to_owned();
    }
    if ground.migrations == MigrationMode::Manual {
        return "by a person, before the release that needs them; the pipeline runs none".to_owned();
    }
    let Some(service) = release::migrating(ground) else {
        return "before new application code serves, by a person until the command is known".to_owned();
    };
    if let Some(own) =
        without_hook(ground.survey, service.platform).filter(|_| ground.migrates_automatically())
    {
        return format!(
            "by the pipeline, before the new release is made, because {} names no process for it",
            code(&own.path)
        );
    }
    match release::migration(ground, PRODUCTION) {
        Migration::Elsewhere => match &service.platform.migrate.hook {
            Some(hook) => format!("by {}: {}", term(&hook.value), service.platform.migrate.when),
            None => service.platform.migrate.when.clone(),
        },
        Migration::Platform(_) | Migration::Direct(_) => service.platform.migrate.when.clone(),
    }
}

fn describe(found: &MigrationsFact, from: &str) -> String {
    let number = match found.count {
        Some(0) => "no migration yet".to_owned(),
        Some(number) => count(usize::try_from(number).unwrap_or_default(), "migration"),
        None => "migrations".to_owned(),
    };
    let directory =
        found.directory.as_ref().map(|directory| format!(" in {}", code(directory))).unwrap_or_default();
    let place = found.fact.place().map(|place| format!(" (`{place}`)")).unwrap_or_default();
    let from = if from.is_empty() { String::new() } else { format!("; the command is {from}") };
    format!("{number}{directory}{place}{from}")
}

/// What can be taken back, and what cannot.
pub(crate) fn rollback(ground: &Ground<'_>, found: &MigrationsFact) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(tool) = ground.migration_tool {
        lines.push(format!("{}.", tool.reversal_note.value.trim_end_matches('.')));
        if let Some(command) = tool.rollback.as_ref().filter(|_| tool.reversible.value != Ability::No) {
            lines.push(format!(
                "The last migration is taken back with {}.",
                code(&ground.tool_line(&command.value))
            ));
        }
        if tool.reversible.value == Ability::No && found.count.unwrap_or_default() > 0 {
            lines.push(format!(
                "So none of the {} can be reversed by the tool.",
                count(usize::try_from(found.count.unwrap_or_default()).unwrap_or_default(), "migration")
            ));
        }
    } else {
        lines.push("Nothing is known of a way back: read each migration before it runs.".to_owned());
    }
    let reversible = ground.migration_tool.is_none_or(|tool| tool.reversible.value != Ability::No);
    if !found.irreversible.is_empty() && reversible {
        let places: Vec<String> = found
            .irreversible
            .iter()
            .map(|evidence| format!("`{}` ({})", evidence.place(), evidence.seen))
            .collect();
        let all = found.count.map_or_else(String::new, |all| format!("of the {all} "));
        lines.push(format!(
            "{} {all}migrations cannot be reversed: {}.",
            found.irreversible.len(),
            prose::short_list(&places, 8)
        ));
    }
    lines
}
