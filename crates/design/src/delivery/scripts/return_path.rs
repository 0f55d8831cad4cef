//! The way back: which release serves is kept before each release, and a script returns to it.

use siteplan_catalog::platform::{Platform, PreviousRelease, Prints};
use siteplan_model::script::{Action, Lookup, Script, ScriptOption};

use super::{PREVIOUS, ROLLBACK, for_environments, limited, limits, needs, steps};
use crate::delivery::release;
use crate::ground::Ground;

/// The word after the environment that returns to the release which `deploy/previous` has kept.
pub(crate) const RECORDED: &str = "recorded";

/// The full hash of the commit that served.
const COMMIT: &str = "PREVIOUS_COMMIT";

/// The id of one release, filled for one service.
struct Id {
    variable: String,
    purpose: String,
    lookup: Lookup,
    history: Option<Lookup>,
    /// Lines that list the releases of its platform.
    list: Vec<String>,
}

impl Id {
    /// Whether it follows from other ids alone.
    fn is_derived(&self) -> bool {
        self.lookup.line.contains("$PREVIOUS_") || self.lookup.line.contains("${PREVIOUS_")
    }
}

/// The ids that a platform tells, each variable once: its first entry that fits the application.
fn ids<'a>(ground: &Ground<'a>, platform: &'a Platform) -> Vec<Id> {
    let mut ids: Vec<Id> = Vec::new();
    for previous in &platform.rollback.previous {
        for id in filled(ground, platform, previous) {
            if !ids.iter().any(|known| known.variable == id.variable) {
                ids.push(id);
            }
        }
    }
    ids
}

fn filled<'a>(ground: &Ground<'a>, platform: &'a Platform, previous: &PreviousRelease) -> Vec<Id> {
    let services = release::services_on(ground, platform).filter(|service| service.is_of(&previous.kinds));
    let count = if previous.each_service { usize::MAX } else { 1 };
    services
        .take(count)
        .map(|service| {
            let blanks = release::of_service(ground, &ground.script_blanks(platform), service);
            let lookup = |line: &str, pick: Option<&String>| Lookup {
                line: blanks.line(line),
                pick: pick.map(|pick| blanks.line(pick)),
            };
            let lists =
                platform.rollback.commands.iter().filter(|command| command.prints == Some(Prints::Releases));
            Id {
                variable: blanks.line(&previous.variable),
                purpose: previous.purpose.clone(),
                lookup: lookup(&previous.line, previous.pick.as_ref()),
                history: previous
                    .history
                    .as_ref()
                    .map(|history| lookup(&history.line, history.pick.as_ref())),
                list: lists
                    .filter(|command| service.is_of(&command.kinds))
                    .map(|command| blanks.line(&command.line))
                    .collect(),
            }
        })
        .collect()
}

/// The script that keeps which release serves.
pub(super) fn previous(ground: &Ground<'_>) -> Option<Script> {
    let records: Vec<Action> = ground
        .platforms()
        .into_iter()
        .flat_map(|platform| ids(ground, platform))
        .map(|id| Action::Record {
            // A commit that serves already is nothing to return to where releases are known by their commit alone.
            history: id.history.filter(|_| id.variable == COMMIT),
            purpose: id.purpose,
            variable: id.variable,
            lookup: id.lookup,
        })
        .collect();
    let script = for_environments(ground, PREVIOUS, "keep the id of the release that serves now", records);
    limited(script, limits::PREVIOUS)
}

/// The script that returns.
pub(super) fn rollback(ground: &Ground<'_>) -> Option<Script> {
    let returns: Vec<Action> = ground
        .platforms()
        .into_iter()
        .flat_map(|platform| steps(ground, platform, &platform.rollback.commands))
        .collect();
    if returns.is_empty() {
        return None;
    }
    let known: Vec<Id> = ground.platforms().into_iter().flat_map(|platform| ids(ground, platform)).collect();
    let wanted = needs::variables(&returns, "PREVIOUS_");
    let mut actions: Vec<Action> = wanted
        .iter()
        .map(|variable| {
            let id = known.iter().find(|id| id.variable == *variable);
            recall(variable, id, Required::Yes)
        })
        .collect();
    // The commit tells which one the smoke test wants afterwards, and whether migrations lie between.
    if let Some(commit) = known.iter().find(|id| id.variable == COMMIT && !wanted.contains(&id.variable)) {
        actions.push(recall(COMMIT, Some(commit), Required::No));
    }
    if needs::migrates(ground) {
        actions.push(guard(ground));
    }
    actions.extend(returns);
    actions.push(Action::Returned);
    let script = for_environments(
        ground,
        ROLLBACK,
        "return an environment to an earlier release, code only",
        actions,
    )?;
    Some(Script {
        options: vec![ScriptOption {
            word: RECORDED.to_owned(),
            meaning: "return to the release that `deploy/previous` kept on this machine, and stop where the older code may not run with the migrations of this release".to_owned(),
        }],
        limit_seconds: Some(limits::rollback_seconds(ground)),
        ..script
    })
}

/// Whether there is no way back without an id.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Required {
    Yes,
    No,
}

fn recall(variable: &str, id: Option<&Id>, required: Required) -> Action {
    let purpose = id.map_or_else(|| "id of the release".to_owned(), |id| id.purpose.clone());
    let required = required == Required::Yes;
    Action::Recall {
        purpose,
        variable: variable.to_owned(),
        history: id.and_then(|id| id.history.clone()).filter(|_| required),
        list: id.filter(|_| required).map(|id| id.list.clone()).unwrap_or_default(),
        derived: id.filter(|id| id.is_derived()).map(|id| id.lookup.clone()),
        required,
    }
}

fn guard(ground: &Ground<'_>) -> Action {
    let directory = ground.survey.migrations.as_ref().and_then(|found| found.directory.clone());
    Action::MigrationGuard {
        paths: directory.into_iter().collect(),
        call: ground.setting("rollback_approver").to_owned(),
    }
}

/// Whether a pipeline can return by itself: each id that the way back reads is kept before a release.
pub(crate) fn is_automatic(scripts: &[Script]) -> bool {
    let recorded = |variable: &String| {
        super::named(scripts, PREVIOUS).is_some_and(|script| {
            script
                .actions
                .iter()
                .any(|action| matches!(action, Action::Record { variable: kept, .. } if kept == variable))
        })
    };
    super::named(scripts, ROLLBACK).is_some_and(|script| {
        let mut required = script.actions.iter().filter_map(|action| match action {
            Action::Recall { variable, required: true, .. } => Some(variable),
            _ => None,
        });
        required.all(recorded)
    })
}

/// The variables that a person can name instead, with what each holds.
pub(crate) fn choosable(script: &Script) -> Vec<(&str, &str, bool)> {
    script
        .actions
        .iter()
        .filter_map(|action| match action {
            Action::Recall { variable, purpose, history, derived, required: true, .. } => {
                Some((variable.as_str(), purpose.as_str(), history.is_none() && derived.is_none()))
            }
            _ => None,
        })
        .collect()
}
