//! What a run of a pipeline did → what it should not have done.

use regex::Regex;

use super::Run;
use super::cases::{Case, Pattern, Rollback};
use super::repository::Place;
use super::scenario::{Brought, PRODUCTION, Scenario};
use super::stand_ins::{Call, Session};
use crate::world::digest_of;

/// What a script says that must not roll back, around who is called.
const CALLS: [&str; 2] = ["not rolled back", ": call "];

/// Everything that is wrong, in words.
pub(super) fn judge(
    case: &Case,
    place: &Place,
    session: &Session,
    scenario: Scenario,
    run: &Run,
) -> Vec<String> {
    let mut wrong = secrets(session, run);
    let goes_well = matches!(scenario, Scenario::AllGoesWell | Scenario::RollbackByHand);
    if run.passed != goes_well {
        wrong.push(if run.passed { "it passes".to_owned() } else { "it fails".to_owned() });
    }
    wrong.extend(order(&expected(case, scenario), run));
    wrong.extend(case.ci.and_then(|_| tested_first(case, run)));
    if scenario == Scenario::AllGoesWell {
        wrong.extend(released(case, run));
    }
    if scenario.falls_back() || scenario == Scenario::RollbackByHand {
        wrong.extend(returned(case, place, scenario, run));
    } else {
        wrong.extend(stays(case, run));
    }
    if scenario.migration() == Brought::Unmarked && !CALLS.iter().all(|words| run.output.contains(words)) {
        wrong.push("nobody is called".to_owned());
    }
    wrong
}

/// The scripts that call something, in order.
fn expected(case: &Case, scenario: Scenario) -> Vec<String> {
    let back = [format!("rollback {PRODUCTION}"), format!("verify {PRODUCTION}")];
    if scenario == Scenario::RollbackByHand {
        return back.to_vec();
    }
    let last = scenario.last();
    let until = case.order.iter().position(|stage| *stage == last).map_or(0, |index| index + 1);
    let back = back.into_iter().filter(|_| scenario.falls_back());
    case.order[..until].iter().cloned().chain(back).collect()
}

/// Secrets in what was written, or in what was called.
fn secrets(session: &Session, run: &Run) -> Vec<String> {
    let called: Vec<String> = run.calls.iter().map(|call| format!("{} {}", call.tool, call.line())).collect();
    let called = called.join("\n");
    let place = |place: &'static str, (name, line): (&str, &str)| {
        format!("{place} holds the secret `{name}`: {line}")
    };
    let written = session.secrets_in(&run.output).map(|found| place("the output", found));
    written.chain(session.secrets_in(&called).map(|found| place("a command line", found))).collect()
}

/// The scripts that called something, in order, against those that should have.
fn order(expected: &[String], run: &Run) -> Option<String> {
    let seen = stages(&run.calls);
    (seen != expected).then(|| format!("the order is {seen:?}, not {expected:?}"))
}

fn stages(calls: &[Call]) -> Vec<String> {
    let mut stages: Vec<String> = calls.iter().filter_map(Call::stage).collect();
    stages.dedup();
    stages
}

/// The repository's own tests run, and before everything else.
fn tested_first(case: &Case, run: &Run) -> Option<String> {
    let tested = run.calls.iter().position(|call| is(&case.test, call) && call.script.is_none());
    let deployed = run.calls.iter().position(|call| call.script.is_some()).unwrap_or(usize::MAX);
    tested.is_none_or(|tested| tested > deployed).then(|| "its own tests do not come first".to_owned())
}

/// Each environment is released once by its script.
fn released(case: &Case, run: &Run) -> Vec<String> {
    let deploys = case.order.iter().filter(|stage| stage.starts_with("deploy "));
    let missing = deploys.filter(|stage| {
        !run.calls.iter().any(|call| call.stage().as_ref() == Some(*stage) && is(&case.release, call))
    });
    missing
        .map(|stage| format!("`{stage}` calls no `{} {}`", case.release.tool, case.release.arguments))
        .collect()
}

/// The call that returns to the right release.
fn returned(case: &Case, place: &Place, scenario: Scenario, run: &Run) -> Option<String> {
    let right = |call: &Call| {
        is_rollback(case, call) && call.exit == 0 && names(&case.rollback, place, scenario, call)
    };
    let release = scenario.returns_to();
    (!run.calls.iter().any(right)).then(|| format!("nothing returns to the release `{release}`"))
}

/// No call returns to another release.
fn stays(case: &Case, run: &Run) -> Option<String> {
    let call = run.calls.iter().find(|call| is_rollback(case, call))?;
    Some(format!("it rolls back: {} {}", call.tool, call.line()))
}

fn is_rollback(case: &Case, call: &Call) -> bool {
    call.stage().is_some_and(|stage| stage.starts_with("rollback")) && is(&case.rollback.pattern(), call)
}

fn names(rollback: &Rollback, place: &Place, scenario: Scenario, call: &Call) -> bool {
    let release = scenario.returns_to();
    let commit = if release == "live" { &place.live } else { &place.older };
    let filled = |text: &String| {
        text.replace("{release}", release).replace("{environment}", PRODUCTION).replace("{commit}", commit)
    };
    let named = rollback.names.as_ref().map(filled).is_none_or(|name| call.line().contains(&name));
    let read =
        rollback.reads.as_ref().map(filled).is_none_or(|text| call.input == Some(digest_of(text.as_bytes())));
    named && read
}

fn is(pattern: &Pattern, call: &Call) -> bool {
    pattern.tool == call.tool
        && Regex::new(&pattern.arguments).is_ok_and(|regex| regex.is_match(&call.line()))
}
