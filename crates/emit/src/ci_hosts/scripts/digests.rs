//! The digests of the images of a commit: noted by the build, taken by what runs them, so that every environment runs the same image.

use siteplan_model::script::DIGESTS;

use super::actions::without_nul;
use super::comment;
use crate::ci_hosts::runtimes::quoted;
use crate::markdown::one_line;
use crate::names::is_variable;

/// Begins the list, which says for which commit it holds.
pub(super) fn begin() -> String {
    format!("printf 'COMMIT=%s\\n' \"$COMMIT\" > {DIGESTS}")
}

/// Notes the digest of an image: for scripts on this machine in a file, for later jobs of GitHub as an output.
pub(super) fn keep(purpose: &str, line: &str, variable: &str, path: &str) -> String {
    if !is_variable(variable) {
        return comment(purpose);
    }
    [
        format!("say {}", quoted(&one_line(purpose))),
        format!("answer=$(\n{}\n)", without_nul(line)),
        "answer=$(printf '%s\\n' \"$answer\" | sed -n 's/^.*@\\(sha256:[0-9a-f]\\{64\\}\\)$/\\1/p' | sort -u)".to_owned(),
        format!(
            "case $answer in '' | *[!0-9a-z:]*) printf '%s: %s: the image has no digest, or several\\n' {} {variable} >&2; exit 1 ;; esac",
            quoted(path)
        ),
        format!("printf '%s=%s\\n' {variable} \"$answer\" | tee -a {DIGESTS}"),
        format!("[ -z \"${{GITHUB_OUTPUT:-}}\" ] || printf '%s=%s\\n' {variable} \"$answer\" >> \"$GITHUB_OUTPUT\""),
    ]
    .join("\n")
}

/// Takes the digests from the variables or from the list of this commit.
pub(super) fn take(variables: &[String], path: &str) -> String {
    let path = quoted(path);
    let mut lines = vec![
        comment("The images of this commit, by their digests."),
        "listed=".to_owned(),
        format!(
            "if [ -r {DIGESTS} ] && [ \"$(sed -n 's/^COMMIT=//p' {DIGESTS})\" = \"$COMMIT\" ]; then listed=yes; fi"
        ),
    ];
    for variable in variables.iter().filter(|variable| is_variable(variable)) {
        lines.extend([
            format!("{variable}=${{{variable}:-}}"),
            format!("if [ -z \"${variable}\" ] && [ -n \"$listed\" ]; then {variable}=$(sed -n 's/^{variable}=//p' {DIGESTS}); fi"),
            format!(
                "case ${{{variable}#sha256:}} in \"${variable}\" | '' | *[!0-9a-f]*) printf '%s: %s: the digest of the image is not known: run `deploy/build` for this commit on this machine first, or set this variable\\n' {path} {variable} >&2; exit 2 ;; esac"
            ),
        ]);
    }
    lines.join("\n")
}
