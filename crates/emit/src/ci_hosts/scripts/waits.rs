//! Waiting, for a bounded time: the limit of a script, until a platform says that it is done, until an address answers.

use siteplan_model::script::Script;

use super::actions::without_nul;
use super::comment;
use crate::ci_hosts::runtimes::quoted;
use crate::markdown::one_line;

/// Seconds between two looks.
const PAUSE: u32 = 5;

/// Seconds for which a smoke test asks again.
const PATIENCE: u32 = 120;

/// Runs the script once more under a limit, so that what hangs ends and counts as failed. A machine without `timeout` has none.
pub(super) fn limit(seconds: u32, path: &str) -> String {
    [
        comment("What hangs counts as failed: LIMIT_SECONDS sets another limit."),
        "if [ -z \"${WITHIN_LIMIT:-}\" ] && command -v timeout > /dev/null; then".to_owned(),
        // In a group of its own what runs is not reached by a person's Ctrl-C, and cannot ask for a passphrase.
        "  at_terminal=".to_owned(),
        "  if [ -t 0 ] && timeout --foreground 1 true 2> /dev/null; then at_terminal=--foreground; fi".to_owned(),
        format!("  WITHIN_LIMIT=yes exec timeout ${{at_terminal:+\"$at_terminal\"}} -k 15 \"${{LIMIT_SECONDS:-{seconds}}}\" sh \"$0\" \"$@\""),
        "fi".to_owned(),
        "unset WITHIN_LIMIT".to_owned(),
        format!(
            "trap 'printf \"%s: stopped: it took longer than %s seconds, or somebody ended it\\n\" {} \"${{LIMIT_SECONDS:-{seconds}}}\" >&2; exit 124' TERM",
            plain_word(path)
        ),
    ]
    .join("\n")
}

/// The path of a script within quotes: letters, digits and the marks of paths.
fn plain_word(path: &str) -> String {
    path.chars().filter(|c| c.is_ascii_alphanumeric() || "-_./".contains(*c)).collect()
}

/// What ends a wait.
pub(super) struct Await<'a> {
    pub(super) purpose: &'a str,
    pub(super) line: &'a str,
    pub(super) good: &'a [String],
    pub(super) bad: &'a [String],
    pub(super) seconds: u32,
}

/// Repeats a line until it prints a word that ends the wait.
pub(super) fn until(wait: &Await<'_>, path: &str) -> String {
    let (path, seconds) = (quoted(path), wait.seconds);
    let words = |words: &[String]| words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" | ");
    let failed = |what: &str| format!("printf '%s: {what}\\n' {path} \"$state\" >&2");
    let mut lines = vec![
        format!("say {}", quoted(&one_line(wait.purpose))),
        "(".to_owned(),
        format!("look() {{\n{}\n}}", without_nul(wait.line)),
        "waited=0".to_owned(),
        "while :; do".to_owned(),
        "  state=$(look) || state='no answer'".to_owned(),
        "  case $state in".to_owned(),
    ];
    if !wait.good.is_empty() {
        lines.push(format!("  {}) break ;;", words(wait.good)));
    }
    if !wait.bad.is_empty() {
        lines.push(format!("  {}) {}; exit 1 ;;", words(wait.bad), failed("it ended as `%s`")));
    }
    lines.extend([
        "  esac".to_owned(),
        format!(
            "  if [ \"$waited\" -ge {seconds} ]; then {}; exit 1; fi",
            failed(&format!("not done after {seconds} seconds, the last answer is `%s`"))
        ),
        format!("  sleep {PAUSE}"),
        format!("  waited=$((waited + {PAUSE}))"),
        "done".to_owned(),
        "printf '%s\\n' \"$state\"".to_owned(),
        ")".to_owned(),
    ]);
    lines.join("\n")
}

/// Requests an address until it answers with the wanted commit. A redirect is no success: it comes from a login or a proxy, not from
/// the application. Of several versions in an answer (its own, those of what it depends on) any may be the commit; what tells none is
/// healthy when it answers, unless it says itself that it is not.
pub(super) fn answers(path: &str) -> String {
    let path = quoted(path);
    format!(
        "answers() {{
  waited=0
  while :; do
    if body=$(curl --fail --silent --show-error --location --max-redirs 0 --max-time 5 \"$1\"); then
      parts=$(printf '%s' \"$body\" | tr -d '\\r\\n' | tr '{{,}}' '\\n\\n\\n')
      hashes=$(printf '%s\\n' \"$parts\" | sed -n 's/^[[:space:]]*\"version\"[[:space:]]*:[[:space:]]*\"\\([^\"]*\\)\".*/\\1/p' | sed -n 's/^\\(.*[^0-9a-f]\\)\\{{0,1\\}}\\([0-9a-f]\\{{40\\}}\\)\\([^0-9a-f].*\\)\\{{0,1\\}}$/\\2/p')
      if printf '%s\\n' \"$parts\" | grep -q '^[[:space:]]*\"status\"[[:space:]]*:[[:space:]]*\"unhealthy\"'; then
        problem='it answers that it is unhealthy'
      elif [ -z \"$WANTED\" ]; then
        printf '%s answers; which commit it shall be is not known\\n' \"$1\"
        return 0
      elif printf '%s\\n' \"$hashes\" | grep -q -x -F \"$WANTED\"; then
        printf '%s answers with commit %s\\n' \"$1\" \"$WANTED\"
        return 0
      elif [ -z \"$hashes\" ]; then
        printf '%s answers; it tells no commit, so an older release would be taken for this one\\n' \"$1\"
        return 0
      else
        problem=\"it answers with commit $(printf '%s' \"$hashes\" | head -n 1), not with $WANTED\"
      fi
    else
      problem='it does not answer with success, to which no redirect counts'
    fi
    if [ \"$waited\" -ge \"${{VERIFY_SECONDS:-{PATIENCE}}}\" ]; then
      printf '%s: %s: %s\\n' {path} \"$1\" \"$problem\" >&2
      return 1
    fi
    sleep {PAUSE}
    waited=$((waited + {PAUSE}))
  done
}}"
    )
}

/// Which commit a smoke test wants: the one released, or, where the script is told so, the one that was returned to.
pub(super) fn wanted(script: &Script) -> String {
    let mut lines = vec!["WANTED=$COMMIT".to_owned()];
    if !script.options.is_empty() {
        lines.extend([
            "if [ -n \"$OPTION\" ]; then".to_owned(),
            "  WANTED=".to_owned(),
            "  if [ -r \"$KEPT\"/RETURNED_COMMIT ]; then read -r WANTED < \"$KEPT\"/RETURNED_COMMIT || :; fi"
                .to_owned(),
            "fi".to_owned(),
        ]);
    }
    lines.join("\n")
}

/// One request.
pub(super) fn smoke(purpose: &str, address: &str, kept: Option<&str>, path: &str) -> String {
    let mut lines = vec![format!("say {}", quoted(&one_line(purpose)))];
    if let Some(variable) = kept.filter(|name| crate::names::is_variable(name)) {
        lines.push(format!(
            "if [ -s \"$KEPT\"/{variable} ]; then read -r {variable} < \"$KEPT\"/{variable} || :; fi"
        ));
        lines.push(format!(
            "[ -n \"${{{variable}:-}}\" ] || {{ printf '%s: %s: the address of the release is not known: run `deploy/deploy` on this machine, or set this variable\\n' {} {variable} >&2; exit 2; }}",
            quoted(path)
        ));
    }
    lines.push(format!("answers {}", without_nul(address)));
    lines.join("\n")
}
