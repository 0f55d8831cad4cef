//! The ids of releases: which one serves is kept before a release, and found again for the way back.

use siteplan_model::script::Lookup;

use super::actions::{subshell, without_nul};
use super::comment;
use crate::ci_hosts::runtimes::quoted;
use crate::markdown::one_line;
use crate::names::is_variable;

/// The full hash of the commit that served.
const COMMIT: &str = "PREVIOUS_COMMIT";

/// The last line of a history whose newest release failed or has not come to serve: the one before it serves.
const UNSERVED: &str = "unserved";

/// Reads releases, oldest first, as `ID` or `ID IDENTITY`, and prints that before the present one. A release of an identity
/// that served before takes away everything that came after it: somebody returned from that.
pub(super) const BEFORE: &str = "release_before() {
  awk 'NF { identity = $NF; for (at = 1; at <= depth && served[at] != identity; at++); depth = at; served[at] = identity; id[at] = $1 } END { if (depth > 1) print id[depth - 1], served[depth - 1] }'
}";

/// Ends a script that asked and has no answer: a failed question is none.
pub(super) fn unanswered(path: &str, advice: &str) -> String {
    format!(
        "unanswered() {{ printf '%s: %s\\n%s: nothing was changed: %s\\n' {path} \"$1\" {path} {} >&2; exit 1; }}",
        quoted(advice),
        path = quoted(path),
    )
}

/// An id goes into command lines and requests, so it is letters, digits and the marks that ids have.
fn checked(variable: &str) -> String {
    format!(
        "case ${variable} in *[!A-Za-z0-9._:/@-]*) unanswered {} ;; esac",
        quoted(&format!("{variable} is not the id of a release"))
    )
}

/// Asks; what fails, and what cannot be read, ends the script. `answer` holds what was said.
fn asked(lookup: &Lookup) -> Vec<String> {
    let mut lines = vec![format!(
        "answer=$(\n{}\n) || unanswered 'the platform could not be asked about its releases; what it said stands above'",
        without_nul(&lookup.line)
    )];
    if let Some(pick) = &lookup.pick {
        // An empty answer is none where JSON is expected.
        if pick.starts_with("jq ") {
            lines.push("[ -n \"$answer\" ] || unanswered 'the platform answered nothing'".to_owned());
        }
        lines.push(format!(
            "answer=$(printf '%s\\n' \"$answer\" | {}) || unanswered 'the answer of the platform could not be read'",
            without_nul(pick)
        ));
    }
    lines
}

/// Keeps the id of the release that serves.
pub(super) fn record(
    purpose: &str,
    variable: &str,
    lookup: &Lookup,
    history: Option<&Lookup>,
    path: &str,
) -> String {
    if !is_variable(variable) {
        return comment(purpose);
    }
    let mut lines = vec![format!("say {}", quoted(&format!("keep what serves now: {}", one_line(purpose))))];
    lines.extend(asked(lookup));
    lines.push(format!("{variable}=$answer"));
    if let Some(history) = history {
        lines.push(format!("if [ -n \"${variable}\" ] && [ \"${variable}\" = \"$COMMIT\" ]; then"));
        lines.push("say 'this commit serves already: keep the one before it'".to_owned());
        lines.extend(asked(history));
        // The commit that is released is the newest attempt, whatever was tried since it served.
        lines.push("answer=$(printf '%s\\n' \"$answer\" \"$COMMIT\" | release_before)".to_owned());
        lines.push(format!("{variable}=${{answer%% *}}"));
        lines.push("fi".to_owned());
    }
    lines.extend([
        checked(variable),
        format!("if [ -n \"${variable}\" ]; then"),
        format!("  printf '%s=%s\\n' {variable} \"${variable}\""),
        "else".to_owned(),
        format!(
            "  printf '%s: the platform knows no earlier release (%s): if this one fails, there is none to return to\\n' {} {variable} >&2",
            quoted(path)
        ),
        "fi".to_owned(),
    ]);
    lines.join("\n")
}

/// Keeps the ids, once all are known: those of two releases never stand beside each other.
pub(super) fn keep<'a>(variables: impl Iterator<Item = &'a str>) -> Option<String> {
    let kept: Vec<String> = variables
        .filter(|variable| is_variable(variable))
        .map(|variable| format!("printf '%s\\n' \"${variable}\" > \"$KEPT\"/{variable}"))
        .collect();
    (!kept.is_empty()).then(|| format!("mkdir -p -- \"$KEPT\"\n{}", kept.join("\n")))
}

/// How an id is found again.
pub(super) struct Recall<'a> {
    pub(super) purpose: &'a str,
    pub(super) variable: &'a str,
    pub(super) history: Option<&'a Lookup>,
    pub(super) list: &'a [String],
    pub(super) derived: Option<&'a Lookup>,
    pub(super) required: bool,
}

/// Finds the id of the release to return to.
pub(super) fn recall(way: &Recall<'_>, path: &str) -> String {
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
    if let Some(history) = way.history {
        lines.push(format!("elif [ -z \"${variable}\" ]; then"));
        lines.extend(asked(history));
        lines.push(format!(
            "case $answer in *{UNSERVED}) printf '%s: the newest release never served: the way back is to the one that serves; name an older one in %s to return to that\\n' {} {variable} >&2 ;; esac",
            quoted(path)
        ));
        lines.push("answer=$(printf '%s\\n' \"$answer\" | release_before)".to_owned());
        lines.push(format!("{variable}=${{answer%% *}}"));
        if variable != COMMIT {
            // The identity of a release is its commit on some platforms.
            lines.push(format!(
                "if [ -z \"${{{COMMIT}:-}}\" ]; then {COMMIT}=$(printf '%s\\n' \"${{answer#* }}\" | sed -n '/^[0-9a-f]\\{{40\\}}$/p'); fi"
            ));
        }
    }
    lines.push("fi".to_owned());
    if let Some(derived) = way.derived {
        // What only tells more about a release must not stand in its way.
        let pick = derived.pick.as_ref().map_or_else(String::new, |pick| format!(" | {}", without_nul(pick)));
        lines.push(format!(
            "if [ -z \"${variable}\" ]; then {variable}=$( (\n{}\n){pick}) || {variable}=; fi",
            without_nul(&derived.line)
        ));
    }
    lines.push(checked(variable));
    if way.required {
        lines.push(format!("if [ -z \"${variable}\" ]; then"));
        lines.extend(refusal(way, path));
        lines.push("exit 1".to_owned());
        lines.push("fi".to_owned());
        lines.push(format!("printf '%s=%s\\n' {variable} \"${variable}\""));
    }
    lines.join("\n")
}

/// What is said where no release is known: why, which there are, and how one is named.
fn refusal(way: &Recall<'_>, path: &str) -> Vec<String> {
    let (path, variable) = (quoted(path), way.variable);
    let why = if way.history.is_some() {
        "the platform knows no earlier release from which nobody returned"
    } else {
        "the platform does not tell which release before this one was good"
    };
    let mut lines = vec![
        "if [ -n \"$OPTION\" ]; then".to_owned(),
        format!(
            "  printf '%s: no earlier release was kept: this was the first one, or `deploy/previous` did not run here\\n' {path} >&2"
        ),
        "else".to_owned(),
        format!("  printf '%s: {why}\\n' {path} >&2"),
        "fi".to_owned(),
    ];
    lines.extend(way.list.iter().map(|line| format!("( {} ) >&2 || :", without_nul(line))));
    lines.push(format!(
        "printf '%s: no earlier release is known, nothing was changed: name a good one in the variable %s (%s), then run it again\\n' {path} {variable} {} >&2",
        quoted(&one_line(way.purpose))
    ));
    lines
}

/// Keeps the address that a release prints last, for the environments that have no address of their own.
pub(super) fn keep_address(purpose: &str, line: &str, variable: &str, environments: &[String]) -> String {
    if !is_variable(variable) || environments.is_empty() {
        return subshell(purpose, ".", &without_nul(line));
    }
    let names: Vec<String> = environments.iter().map(|name| quoted(name)).collect();
    [
        format!("say {}", quoted(&one_line(purpose))),
        format!("answer=$(\n{}\n)", without_nul(line)),
        "printf '%s\\n' \"$answer\"".to_owned(),
        "case $ENVIRONMENT in".to_owned(),
        format!("{})", names.join(" | ")),
        "mkdir -p -- \"$KEPT\"".to_owned(),
        format!("printf '%s\\n' \"$answer\" | sed -n '/^https:/h; ${{ g; p; }}' > \"$KEPT\"/{variable}"),
        ";;".to_owned(),
        "esac".to_owned(),
    ]
    .join("\n")
}

/// Keeps which commit serves after the way back.
pub(super) fn returned() -> String {
    [
        "mkdir -p -- \"$KEPT\"".to_owned(),
        format!("printf '%s\\n' \"${{{COMMIT}:-}}\" > \"$KEPT\"/RETURNED_COMMIT"),
    ]
    .join("\n")
}
