//! One action of a script → shell text.

use siteplan_model::script::{Action, FreezeWindow};

use super::{digests, ids, waits};
use crate::ci_hosts::runtimes::quoted;
use crate::markdown::one_line;

/// The shell text of one action.
pub(super) fn text(action: &Action, path: &str) -> String {
    match action {
        Action::Prepare { purpose, line } => {
            format!("say {}\n{}", quoted(&one_line(purpose)), without_nul(line))
        }
        Action::Install { purpose, present, line } => {
            let (present, line) = (without_nul(present), without_nul(line));
            let unless = format!("{present} > /dev/null || {{\n{line}\n}}");
            subshell(purpose, ".", &unless)
        }
        Action::Run { purpose, line } => subshell(purpose, ".", &without_nul(line)),
        Action::Command { purpose, command, directory } => subshell(purpose, directory, &called(command)),
        Action::Freeze { window, environments } => freeze(window, environments, path),
        Action::Record { purpose, variable, lookup, history } => {
            ids::record(purpose, variable, lookup, history.as_ref(), path)
        }
        Action::Recall { purpose, variable, history, list, derived, required } => {
            let way = ids::Recall {
                purpose,
                variable,
                history: history.as_ref(),
                list,
                derived: derived.as_ref(),
                required: *required,
            };
            ids::recall(&way, path)
        }
        Action::Await { purpose, line, good, bad, seconds } => {
            waits::until(&waits::Await { purpose, line, good, bad, seconds: *seconds }, path)
        }
        Action::Smoke { purpose, address, kept } => waits::smoke(purpose, address, kept.as_deref(), path),
        Action::KeepAddress { purpose, line, variable, environments } => {
            ids::keep_address(purpose, line, variable, environments)
        }
        Action::BeginDigests => digests::begin(),
        Action::KeepDigest { purpose, line, variable } => digests::keep(purpose, line, variable, path),
        Action::TakeDigests { variables } => digests::take(variables, path),
        Action::Returned => ids::returned(),
        Action::MigrationGuard { paths, call } => guard(paths, call, path),
    }
}

pub(super) fn without_nul(line: &str) -> String {
    line.replace('\0', "")
}

/// A line in a shell of its own: what it sets or where it goes holds for it alone, and its failure ends the script even
/// where a part of a longer list fails.
pub(super) fn subshell(purpose: &str, directory: &str, line: &str) -> String {
    let enter = match directory {
        "" | "." => String::new(),
        folder => format!("cd -- {}\n", quoted(folder)),
    };
    format!("say {}\n(\n{enter}{line}\n)", quoted(&one_line(purpose)))
}

/// A command of the repository. What is more than words and `&&` is handed to a shell as one word: whatever it says, it
/// ends where it ends.
fn called(command: &str) -> String {
    let command = without_nul(command);
    let word = |c: char| c.is_ascii_alphanumeric() || " _-./:@=,+%&".contains(c);
    let lists = command.split("&&").all(|part| !part.contains('&') && !part.trim().is_empty());
    let keyword = ["if ", "for ", "while ", "until ", "case ", "then ", "do "]
        .iter()
        .any(|known| command.starts_with(known));
    if command.chars().all(word) && lists && !keyword {
        command
    } else {
        format!("sh -euc {}", quoted(&command))
    }
}

fn freeze(window: &FreezeWindow, environments: &[String], path: &str) -> String {
    let names: Vec<String> = environments.iter().map(|name| quoted(name)).collect();
    let zone = quoted(&window.zone);
    let (from, until) = (window.from, window.until);
    // A window that reaches over the end of the week is everything but what lies between its end and its begin.
    let joined = if from < until { "-a" } else { "-o" };
    let inside = match joined {
        "-a" => format!("[ \"$minute\" -ge {from} ] && [ \"$minute\" -lt {until} ]"),
        _ => format!("[ \"$minute\" -ge {from} ] || [ \"$minute\" -lt {until} ]"),
    };
    let shown = quoted(&one_line(&window.text));
    let has_zone = if window.zone == "UTC" {
        String::new()
    } else {
        format!(
            "[ -e /usr/share/zoneinfo/{zone} ] || {{ printf '%s: this machine does not know the time zone %s: install tzdata\\n' {path} {zone} >&2; exit 1; }}\n",
            path = quoted(path)
        )
    };
    [
        "frozen=no".to_owned(),
        "case $ENVIRONMENT in".to_owned(),
        format!("{})", names.join(" | ")),
        format!("{has_zone}now=$(TZ={zone} date '+%u%H%M')"),
        "day=${now%????}".to_owned(),
        "time=${now#?}".to_owned(),
        super::comment("Minutes since Monday, 00:00; a leading 1 keeps the shell from reading 08 as octal."),
        "minute=$(((day - 1) * 1440 + (1${time%??} - 100) * 60 + 1${time#??} - 100))".to_owned(),
        format!("if {inside}; then frozen=yes; fi"),
        ";;".to_owned(),
        "esac".to_owned(),
        "if [ \"$frozen\" = yes ] && [ \"${OVERRIDE_FREEZE:-no}\" != yes ]; then".to_owned(),
        format!(
            "printf '%s: %s is frozen in the window %s; to deploy all the same, set OVERRIDE_FREEZE to yes\\n' {} \"$ENVIRONMENT\" {shown} >&2",
            quoted(path)
        ),
        "exit 1".to_owned(),
        "fi".to_owned(),
        "say \"$ENVIRONMENT may be deployed\"".to_owned(),
    ]
    .join("\n")
}

fn guard(paths: &[String], call: &str, path: &str) -> String {
    let paths: Vec<String> = paths.iter().map(|path| quoted(&format!(":(top,literal){path}"))).collect();
    // Without the paths of the migrations any commit may hold one.
    let only = if paths.is_empty() { String::new() } else { format!(" -- {}", paths.join(" ")) };
    let between = [
        "if [ -z \"${PREVIOUS_COMMIT:-}\" ] || ! git cat-file -e \"$PREVIOUS_COMMIT^{commit}\" 2> /dev/null; then".to_owned(),
        format!(
            "  printf '%s: not rolled back: the commit that served is not known, so migrations may lie between\\n%s: call %s\\n' {path} {path} {} >&2",
            quoted(&one_line(call)),
            path = quoted(path)
        ),
        "  exit 1".to_owned(),
        "fi".to_owned(),
        format!("changes=$(git rev-list \"$PREVIOUS_COMMIT..$COMMIT\"{only})"),
    ]
    .join("\n");
    [
        "say 'does the older code run with the migrations of this release?'".to_owned(),
        "if [ -n \"$OPTION\" ]; then".to_owned(),
        between,
        "unmarked=".to_owned(),
        "for change in $changes; do".to_owned(),
        "  mark=$(git log -1 --format='%(trailers:key=Migration,valueonly)' \"$change\")".to_owned(),
        "  case $mark in expand) ;; *) unmarked=\"$unmarked $change\" ;; esac".to_owned(),
        "done".to_owned(),
        "if [ -n \"$unmarked\" ]; then".to_owned(),
        format!(
            "  printf '%s: not rolled back: these commits change the schema, or may, and do not carry `Migration: expand`:%s\\n%s: call %s\\n' {path} \"$unmarked\" {path} {} >&2",
            quoted(&one_line(call)),
            path = quoted(path)
        ),
        "  exit 1".to_owned(),
        "fi".to_owned(),
        "fi".to_owned(),
    ]
    .join("\n")
}
