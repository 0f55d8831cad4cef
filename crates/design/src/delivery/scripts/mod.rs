//! The platforms' commands → scripts, which every CI host and a person run alike.
//!
//! A script is written once for all environments: the environment is its argument, and what differs between them
//! stands in its `environments`.

mod limits;
mod needs;
mod preview;
mod return_path;

use std::collections::BTreeMap;

use siteplan_catalog::platform::{CommandTemplate, Platform};
use siteplan_model::design::Command;
use siteplan_model::script::{Action, Script, ScriptEnvironment, ScriptOption};

use super::release::{self, Migration};
use super::{checks, freeze, test_data};
use crate::command::{COMMIT_UNLESS_NAMED, needs_commit};
use crate::ground::{Ground, PRODUCTION};
use crate::{health, prose};

pub(crate) use needs::sign_in_variables;
pub(crate) use preview::{PULL_REQUEST, needs as preview_needs};
pub(crate) use return_path::{RECORDED, choosable, is_automatic};

/// Tests.
pub(crate) const TEST: &str = "test";
/// Installs the programs that the others call.
pub(crate) const TOOLS: &str = "tools";
/// Builds and pushes the images.
pub(crate) const BUILD: &str = "build";
/// Stops within the freeze window.
pub(crate) const FREEZE: &str = "freeze";
/// Keeps the id of the release that serves.
pub(crate) const PREVIOUS: &str = "previous";
/// Migrates the database.
pub(crate) const MIGRATE: &str = "migrate";
/// Releases.
pub(crate) const DEPLOY: &str = "deploy";
/// Smoke tests.
pub(crate) const VERIFY: &str = "verify";
/// Returns to an earlier release.
pub(crate) const ROLLBACK: &str = "rollback";
/// The word after the environment by which a smoke test wants the commit that was returned to.
pub(crate) const RETURNED: &str = "returned";
/// Makes the preview of a pull request.
pub(crate) const PREVIEW_UP: &str = "preview-up";
/// Ends it.
pub(crate) const PREVIEW_DOWN: &str = "preview-down";

/// All scripts, in the order in which they are used.
pub(crate) fn scripts(ground: &Ground<'_>) -> Vec<Script> {
    let made = [
        test(ground),
        tools(ground),
        build(ground),
        freeze(ground),
        return_path::previous(ground),
        migrate(ground),
        deploy(ground),
        verify(ground),
        return_path::rollback(ground),
        preview::up(ground),
        preview::down(ground),
    ];
    made.into_iter().flatten().collect()
}

/// A script by its name.
pub(crate) fn named<'s>(scripts: &'s [Script], name: &str) -> Option<&'s Script> {
    scripts.iter().find(|script| script.name == name)
}

/// A script without arguments, variables and surroundings.
fn script(name: &str, purpose: &str, actions: Vec<Action>) -> Script {
    Script {
        name: name.to_owned(),
        purpose: purpose.to_owned(),
        environments: Vec::new(),
        options: Vec::new(),
        needs: Vec::new(),
        defaults: BTreeMap::new(),
        beside: Vec::new(),
        tools: needs::tools(&actions),
        limit_seconds: None,
        installed: Vec::new(),
        actions,
    }
}

/// The same for a script that takes an environment and talks to the platforms; absent where it would do nothing.
fn for_environments(ground: &Ground<'_>, name: &str, purpose: &str, actions: Vec<Action>) -> Option<Script> {
    if actions.is_empty() {
        return None;
    }
    let mut all = signed_in(ground);
    all.extend(actions);
    let needs = needs::of_platforms(ground, &all);
    let actions = with_commit(all);
    let environments = environments(ground, &actions);
    let installed = needs::installed(ground, &actions);
    Some(Script { environments, needs, installed, ..script(name, purpose, actions) })
}

/// What every script does first that talks to a platform: what lets its tools in.
fn signed_in(ground: &Ground<'_>) -> Vec<Action> {
    ground
        .platforms()
        .into_iter()
        .flat_map(|platform| in_script(ground, platform, &platform.deploy.prepare))
        .map(|key| Action::Prepare { purpose: key.purpose, line: key.line })
        .collect()
}

/// Templates of a platform as a script has them.
fn in_script<'a>(ground: &Ground<'a>, platform: &'a Platform, templates: &[CommandTemplate]) -> Vec<Command> {
    let once = templates.iter().filter(|template| !template.by_hand);
    release::filled_with(ground, platform, &ground.script_blanks(platform), once)
}

fn runs(commands: Vec<Command>) -> Vec<Action> {
    commands.into_iter().map(run).collect()
}

fn run(command: Command) -> Action {
    Action::Run { purpose: command.purpose, line: command.line }
}

/// Templates of a platform as actions: what is repeated until a platform is done, what tells the address of a release, the rest.
fn steps<'a>(ground: &Ground<'a>, platform: &'a Platform, templates: &[CommandTemplate]) -> Vec<Action> {
    let once = templates.iter().filter(|template| !template.by_hand);
    let steps = release::steps_with(ground, platform, &ground.script_blanks(platform), once);
    let action = |step: release::Step<'_>| {
        let Command { purpose, line } = step.command;
        if let Some(variable) = step.digest {
            return Action::KeepDigest { purpose, line, variable };
        }
        if let Some(until) = step.until {
            let (good, bad) = (until.good.clone(), until.bad.clone());
            return Action::Await { purpose, line, good, bad, seconds: until.seconds };
        }
        match step.addressed.and_then(|service| health::made_address(ground, &service)) {
            Some((variable, environments)) => Action::KeepAddress { purpose, line, variable, environments },
            None => Action::Run { purpose, line },
        }
    };
    steps.into_iter().map(action).collect()
}

fn command(task: checks::Task) -> Action {
    Action::Command { purpose: task.title, command: task.command, directory: task.directory }
}

/// The commit is named first where a line needs it.
fn with_commit(actions: Vec<Action>) -> Vec<Action> {
    let needed = |action: &Action| match action {
        Action::MigrationGuard { .. }
        | Action::Smoke { .. }
        | Action::Record { history: Some(_), .. }
        | Action::BeginDigests => true,
        other => other.lines().into_iter().any(needs_commit),
    };
    let digests = needs::variables(&actions, "DIGEST_");
    if !actions.iter().any(needed) && digests.is_empty() {
        return actions;
    }
    let name = Action::Prepare {
        purpose: "take the commit that is checked out, unless `COMMIT` names one".to_owned(),
        line: COMMIT_UNLESS_NAMED.to_owned(),
    };
    let take = (!digests.is_empty()).then_some(Action::TakeDigests { variables: digests });
    std::iter::once(name).chain(take).chain(actions).collect()
}

/// The environments with what differs between them.
fn environments(ground: &Ground<'_>, actions: &[Action]) -> Vec<ScriptEnvironment> {
    ground
        .deployed()
        .map(|name| ScriptEnvironment {
            name: name.to_owned(),
            values: ground
                .script_values(name)
                .into_iter()
                .filter(|(variable, _)| needs::names(actions, variable))
                .map(|(variable, value)| (variable.to_owned(), value))
                .collect(),
        })
        .collect()
}

fn test(ground: &Ground<'_>) -> Option<Script> {
    let tasks = checks::tasks(ground);
    if tasks.is_empty() {
        return None;
    }
    let purpose = format!("{} the checked-out code", prose::list(&checks::verbs(ground)));
    let actions = tasks.into_iter().map(command);
    Some(Script {
        defaults: test_data::variables(ground),
        beside: test_data::containers(ground),
        ..script(TEST, &purpose, actions.collect())
    })
}

/// The script that installs what the others call, each program in one exact version.
fn tools(ground: &Ground<'_>) -> Option<Script> {
    let installs: Vec<Action> = release::tools(ground)
        .map(|tool| {
            let (purpose, line) = release::installing(tool);
            let present = tool.present.clone().unwrap_or_else(|| format!("command -v {}", tool.id));
            Action::Install { purpose, present, line }
        })
        .collect();
    (!installs.is_empty())
        .then(|| script(TOOLS, "install the programs that the other scripts call", installs))
}

fn build(ground: &Ground<'_>) -> Option<Script> {
    let lines = |platform: &Platform| !platform.deploy.image.is_empty();
    let images: Vec<Action> = ground
        .platforms()
        .into_iter()
        .filter(|platform| lines(platform))
        .flat_map(|platform| steps(ground, platform, &platform.deploy.image))
        .collect();
    if images.is_empty() {
        return None;
    }
    let needs = needs::of_build(ground, &images);
    Some(Script {
        needs,
        installed: needs::installed(ground, &images),
        ..script(BUILD, "build the image of a commit once and push it", with_commit(noted(images)))
    })
}

/// The same, with a list of digests where there are any.
fn noted(images: Vec<Action>) -> Vec<Action> {
    let notes = images.iter().any(|action| matches!(action, Action::KeepDigest { .. }));
    notes.then_some(Action::BeginDigests).into_iter().chain(images).collect()
}

/// The variables of digests that the build hands on.
pub(crate) fn digests(scripts: &[Script]) -> Vec<String> {
    let actions = named(scripts, BUILD).into_iter().flat_map(|script| &script.actions);
    let kept = actions.filter_map(|action| match action {
        Action::KeepDigest { variable, .. } => Some(variable.clone()),
        _ => None,
    });
    kept.collect()
}

fn freeze(ground: &Ground<'_>) -> Option<Script> {
    let window = freeze::window(ground)?;
    let actions = vec![Action::Freeze { window, environments: vec![PRODUCTION.to_owned()] }];
    Some(Script {
        environments: environments(ground, &[]),
        ..script(FREEZE, "stop while production is frozen, unless `OVERRIDE_FREEZE` is `yes`", actions)
    })
}

fn migrate(ground: &Ground<'_>) -> Option<Script> {
    let purpose = "migrate the database before a release";
    match release::migration_in_script(ground) {
        Migration::Elsewhere => None,
        Migration::Platform(command) => limited(
            for_environments(ground, MIGRATE, purpose, vec![run(command)]),
            limits::migrate_seconds(ground),
        ),
        Migration::Direct(own) => {
            let path = release::migrating(ground).map_or(".", |service| service.plan.path.as_str());
            let mut actions: Vec<Action> = checks::installs(ground, path).into_iter().map(command).collect();
            actions.push(Action::Command {
                purpose: own.purpose,
                command: own.line,
                directory: path.to_owned(),
            });
            let needs = needs::of_database(ground);
            let migrate = script(MIGRATE, purpose, actions);
            let migrate = Script { environments: environments(ground, &[]), needs, ..migrate };
            limited(Some(migrate), limits::migrate_seconds(ground))
        }
    }
}

/// The same script, which ends itself after some seconds.
fn limited(script: Option<Script>, seconds: u32) -> Option<Script> {
    script.map(|script| Script { limit_seconds: Some(seconds), ..script })
}

fn deploy(ground: &Ground<'_>) -> Option<Script> {
    // Companions first: the main platform's services may call them.
    let actions: Vec<Action> = ground
        .platforms()
        .into_iter()
        .rev()
        .flat_map(|platform| steps(ground, platform, &platform.deploy.commands))
        .collect();
    let script = for_environments(ground, DEPLOY, "release a commit to an environment", actions);
    limited(script, limits::deploy_seconds(ground))
}

fn verify(ground: &Ground<'_>) -> Option<Script> {
    let tests = health::smoke_actions(ground);
    let seconds = limits::verify_seconds(tests.len());
    if tests.is_empty() {
        return None;
    }
    let mut all = environments(ground, &[]);
    for environment in &mut all {
        let known = health::addresses(ground, &environment.name);
        environment.values.extend(known.into_iter().filter_map(|(name, url)| Some((name, url?))));
    }
    let needs = needs::of_addresses(ground);
    let options = vec![ScriptOption {
        word: RETURNED.to_owned(),
        meaning: "want the commit that `deploy/rollback` returned to on this machine, not the one that is checked out"
            .to_owned(),
    }];
    let purpose =
        "ask an environment whether it is healthy, and whether it runs the commit that was released";
    let verify = script(VERIFY, purpose, with_commit(tests));
    limited(Some(Script { environments: all, needs, options, ..verify }), seconds)
}
