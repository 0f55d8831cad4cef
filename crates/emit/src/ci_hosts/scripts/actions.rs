//! One action of a script → shell text.

use siteplan_model::script::{Action, FreezeWindow};

use super::comment;
use crate::ci_hosts::runtimes::quoted;
use crate::markdown::one_line;
use crate::names::is_variable;

/// The shell text of one action.
pub(super) fn text(action: &Action, path: &str) -> String {
    match action {
        Action::Prepare { purpose, line } => {
            format!("say {}\n{}", quoted(&one_line(purpose)), without_nul(line))
        }
        Action::Run { purpose, line } => subshell(purpose, ".", &without_nul(line)),
        Action::Command { purpose, command, directory } => subshell(purpose, directory, &called(command)),
        Action::Freeze { window, environments } => freeze(window, environments, path),
        Action::Record { purpose, variable, line } => record(purpose, variable, line, path),
        Action::Recall { purpose, variable, before, required } => {
            let way = Recall { purpose, variable, before: before.as_deref(), required: *required };
            recall(&way, path)
        }
        Action::MigrationGuard { paths, call } => guard(paths, call, path),
    }
}

fn without_nul(line: &str) -> String {
    line.replace('\0', "")
}

/// A line in a shell of its own: what it sets or where it goes holds for it alone, and its failure ends the script even
/// where a part of a longer list fails.
fn subshell(purpose: &str, directory: &str, line: &str) -> String {
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
        comment("Minutes since Monday, 00:00; a leading 1 keeps the shell from reading 08 as octal."),
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

/// An id goes into command lines and requests, so it is letters, digits and the marks that ids have.
fn checked(variable: &str, path: &str) -> String {
    format!(
        "case ${variable} in *[!A-Za-z0-9._:/@-]*) printf '%s: %s is not the id of a release\\n' {} {variable} >&2; exit 1 ;; esac",
        quoted(path)
    )
}

fn record(purpose: &str, variable: &str, line: &str, path: &str) -> String {
    if !is_variable(variable) {
        return comment(purpose);
    }
    [
        format!("say {}", quoted(&format!("keep what serves now: {}", one_line(purpose)))),
        format!("{variable}=$(\n{}\n) || {variable}=", without_nul(line)),
        checked(variable, path),
        "mkdir -p -- \"$KEPT\"".to_owned(),
        format!("printf '%s\\n' \"${variable}\" > \"$KEPT\"/{variable}"),
        format!("if [ -n \"${variable}\" ]; then"),
        format!("  printf '%s=%s\\n' {variable} \"${variable}\""),
        "else".to_owned(),
        format!(
            "  printf '%s: no release was found to return to: the first one, or no answer\\n' {} >&2",
            quoted(path)
        ),
        "fi".to_owned(),
    ]
    .join("\n")
}

struct Recall<'a> {
    purpose: &'a str,
    variable: &'a str,
    before: Option<&'a str>,
    required: bool,
}

fn recall(way: &Recall<'_>, path: &str) -> String {
    let variable = way.variable;
    if !is_variable(variable) {
        return comment(way.purpose);
    }
    let mut lines = vec![
        format!("say {}", quoted(&format!("find the release to return to: {}", one_line(way.purpose)))),
        format!("{variable}=${{{variable}:-}}"),
        format!("if [ -z \"${variable}\" ] && [ -n \"$OPTION\" ]; then"),
        format!("  if [ -r \"$KEPT\"/{variable} ]; then read -r {variable} < \"$KEPT\"/{variable} || :; fi"),
    ];
    if let Some(before) = way.before {
        lines.push(format!("elif [ -z \"${variable}\" ]; then"));
        lines.push(format!("{variable}=$(\n{}\n)", without_nul(before)));
    }
    lines.push("fi".to_owned());
    lines.push(checked(variable, path));
    if way.required {
        let what = quoted(&one_line(way.purpose));
        lines.push(format!(
            "[ -n \"${variable}\" ] || {{ printf '%s: no earlier release is known: name it in %s (%s)\\n' {} {variable} {what} >&2; exit 1; }}",
            quoted(path)
        ));
        lines.push(format!("printf '%s=%s\\n' {variable} \"${variable}\""));
    }
    lines.join("\n")
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
