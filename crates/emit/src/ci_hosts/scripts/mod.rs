//! POSIX scripts and their runbook: what the pipelines of all hosts, another CI and a person run alike.

mod actions;
mod digests;
mod ids;
mod readme;
mod waits;

use siteplan_model::design::Design;
use siteplan_model::file::{File, Part};
use siteplan_model::pipeline::ServiceContainer;
use siteplan_model::script::{Action, FOLDER, Script, ScriptEnvironment};

use super::runtimes::quoted;
use crate::markdown::one_line;
use crate::names::{capital, is_variable, plain};

/// The scripts in the order in which they are used, and the runbook.
pub(super) fn files(design: &Design) -> Vec<File> {
    let scripts = &design.delivery.scripts;
    let mut files: Vec<File> = scripts.iter().map(|script| file(design, script)).collect();
    if !scripts.is_empty() {
        files.push(readme::file(design));
    }
    files
}

/// The path of a script, which pipelines run.
pub(super) fn path(name: &str) -> String {
    format!("{FOLDER}/{}", plain(name))
}

fn file(design: &Design, script: &Script) -> File {
    File {
        part: if script.name == "rollback" { Part::Rollback } else { Part::Pipeline },
        path: path(&script.name),
        contents: text(design, script),
        purpose: one_line(&script.purpose),
        syntax: "sh".to_owned(),
    }
}

fn text(design: &Design, script: &Script) -> String {
    let spec = one_line(design.spec_path.trim_matches('/'));
    let path = path(&script.name);
    let mut blocks = vec![
        [
            "#!/bin/sh".to_owned(),
            comment(&capital(&script.purpose)),
            comment(&format!(
                "Written by siteplan from {spec}/siteplan.toml: change the answers there and run `siteplan generate`."
            )),
            comment(&format!("Usage: {}", usage(script))),
            comment("shellcheck disable=SC2016,SC2140,SC2234"),
            comment("A jq program reads its own $names, words are joined from quoted parts, each line runs in a shell of its own."),
            "set -eu".to_owned(),
        ]
        .join("\n"),
    ];
    blocks.extend(script.limit_seconds.map(|seconds| waits::limit(seconds, &path)));
    blocks.push("cd -- \"$(dirname -- \"$0\")/..\"\nsay() { printf '==> %s\\n' \"$1\"; }".to_owned());
    if !script.environments.is_empty() {
        blocks.push(environments(script));
    }
    if !script.options.is_empty() {
        blocks.push(options(script, &path));
    }
    blocks.extend(defaults(script));
    blocks.extend(programs(script));
    blocks.extend(needs(script, &path));
    blocks.extend(state(design, script));
    blocks.extend(functions(script, &path));
    // The commit that is wanted is known once those lines have run that name it.
    let named = script.actions.iter().position(|action| !matches!(action, Action::Prepare { .. }));
    let (first, rest) = script.actions.split_at(named.unwrap_or_default());
    blocks.extend(first.iter().map(|action| actions::text(action, &path)));
    blocks.extend(script.actions.iter().any(is_smoke).then(|| waits::wanted(script)));
    blocks.extend(rest.iter().map(|action| actions::text(action, &path)));
    let records = script.actions.iter().filter_map(|action| match action {
        Action::Record { variable, .. } => Some(variable.as_str()),
        _ => None,
    });
    blocks.extend(ids::keep(records));
    format!("{}\n", blocks.join("\n\n"))
}

/// How a script is called.
fn usage(script: &Script) -> String {
    let mut words = vec![path(&script.name)];
    if !script.environments.is_empty() {
        let names: Vec<String> = script.environments.iter().map(|known| one_line(&known.name)).collect();
        words.push(names.join("|"));
    }
    words.extend(script.options.iter().map(|option| format!("[{}]", one_line(&option.word))));
    words.join(" ")
}

fn comment(text: &str) -> String {
    format!("# {}", one_line(text))
}

/// Takes the first argument, and what holds for it unless it is set.
fn environments(script: &Script) -> String {
    let mut lines = vec!["ENVIRONMENT=${1:-}".to_owned(), "case $ENVIRONMENT in".to_owned()];
    for ScriptEnvironment { name, values } in &script.environments {
        lines.push(format!("{})", quoted(name)));
        let values = values.iter().filter(|(variable, _)| is_variable(variable));
        lines.extend(values.map(|(variable, value)| {
            format!("  [ -n \"${{{variable}:-}}\" ] || {variable}={}", quoted(value))
        }));
        lines.push("  ;;".to_owned());
    }
    lines.extend([
        "*)".to_owned(),
        format!("  printf 'usage: %s\\n' {} >&2", quoted(&usage(script))),
        "  exit 2".to_owned(),
        "  ;;".to_owned(),
        "esac".to_owned(),
    ]);
    lines.join("\n")
}

/// Takes the second argument.
fn options(script: &Script, path: &str) -> String {
    let words: Vec<String> = script.options.iter().map(|option| quoted(&option.word)).collect();
    [
        "OPTION=${2:-}".to_owned(),
        "case $OPTION in".to_owned(),
        format!("'' | {}) ;;", words.join(" | ")),
        "*)".to_owned(),
        format!(
            "  printf '%s: `%s` is not known; usage: %s\\n' {} \"$OPTION\" {} >&2",
            quoted(path),
            quoted(&usage(script))
        ),
        "  exit 2".to_owned(),
        "  ;;".to_owned(),
        "esac".to_owned(),
    ]
    .join("\n")
}

/// Values that hold unless they are set, and what has to run beside the script.
fn defaults(script: &Script) -> Option<String> {
    let beside = script.beside.iter().map(|service| comment(&start(service)));
    let values =
        script.defaults.iter().filter(|(name, _)| is_variable(name)).map(|(name, value)| {
            format!("[ -n \"${{{name}:-}}\" ] || {name}={}\nexport {name}", quoted(value))
        });
    let lines: Vec<String> = beside.chain(values).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// How a person starts a backing service.
fn start(service: &ServiceContainer) -> String {
    let variables: Vec<String> = service
        .env
        .iter()
        .map(|(name, value)| format!("--env {} ", quoted(&format!("{name}={value}"))))
        .collect();
    format!(
        "Needs {} at localhost, port {}: `docker run --rm --detach --publish {}:{} {}{}`.",
        service.name,
        service.port,
        service.port,
        service.port,
        variables.concat(),
        quoted(&service.image)
    )
}

/// Where programs are installed and found.
fn programs(script: &Script) -> Option<String> {
    let installs = script.actions.iter().any(|action| matches!(action, Action::Install { .. }));
    (installs || !script.installed.is_empty())
        .then(|| "PATH=\"$HOME/.local/bin:$PATH\"\nexport PATH".to_owned())
}

/// Names everything that is missing at once, never a value.
fn needs(script: &Script, path: &str) -> Option<String> {
    let needs: Vec<_> = script.needs.iter().filter(|need| is_variable(&need.name)).collect();
    if needs.is_empty() && script.tools.is_empty() && script.installed.is_empty() {
        return None;
    }
    let mut lines = vec![
        "incomplete=".to_owned(),
        format!("lacks() {{ printf '%s: %s: %s\\n' {} \"$1\" \"$2\" >&2; incomplete=yes; }}", quoted(path)),
    ];
    for tool in &script.tools {
        let tool = quoted(tool);
        lines.push(format!("command -v {tool} > /dev/null || lacks {tool} 'install this program'"));
    }
    let installer = quoted(&format!("run {}", self::path("tools")));
    for tool in script.installed.iter().map(|tool| quoted(tool)) {
        lines.push(format!("command -v {tool} > /dev/null || lacks {tool} {installer}"));
    }
    for need in needs {
        let name = &need.name;
        let purpose = quoted(&format!("set this variable: {}", one_line(&need.purpose)));
        let elsewhere: String = if need.environments.is_empty() {
            String::new()
        } else {
            let names: Vec<String> = need.environments.iter().map(|name| quoted(name)).collect();
            lines.push(format!("case $ENVIRONMENT in\n{})", names.join(" | ")));
            "  ".to_owned()
        };
        lines.push(format!("{elsewhere}[ -n \"${{{name}:-}}\" ] || lacks {name} {purpose}"));
        if !need.environments.is_empty() {
            lines.push("  ;;\nesac".to_owned());
        }
        lines.push(format!("export {name}"));
    }
    lines.push("[ -z \"$incomplete\" ] || exit 2".to_owned());
    Some(lines.join("\n"))
}

fn is_smoke(action: &Action) -> bool {
    matches!(action, Action::Smoke { .. })
}

/// What several actions call.
fn functions(script: &Script, path: &str) -> Vec<String> {
    let asks_history = |action: &Action| {
        matches!(action, Action::Record { history: Some(_), .. } | Action::Recall { history: Some(_), .. })
    };
    let records = script.actions.iter().any(|action| matches!(action, Action::Record { .. }));
    let recalls = script.actions.iter().any(|action| matches!(action, Action::Recall { .. }));
    let advice = if records {
        "check the network, the token and the names that it needs, then start the release again"
    } else {
        "mend that, or name a release in its variable"
    };
    let unanswered = (records || recalls).then(|| ids::unanswered(path, advice));
    let before = script.actions.iter().any(asks_history).then(|| ids::BEFORE.to_owned());
    let answers = script.actions.iter().any(is_smoke).then(|| waits::answers(path));
    unanswered.into_iter().chain(before).chain(answers).collect()
}

/// Where is kept what one script tells another: the release that served, the address that was made.
fn state(design: &Design, script: &Script) -> Option<String> {
    let keeps = |action: &Action| match action {
        Action::Record { .. } | Action::Recall { .. } | Action::KeepAddress { .. } | Action::Returned => true,
        Action::Smoke { kept, .. } => kept.is_some() || !script.options.is_empty(),
        _ => false,
    };
    let name = quoted(&design.application.slug);
    script.actions.iter().any(keeps).then(|| {
        format!("KEPT=\"${{DEPLOY_STATE:-${{XDG_STATE_HOME:-$HOME/.local/state}}/deploy}}\"/{name}/\"$ENVIRONMENT\"")
    })
}
