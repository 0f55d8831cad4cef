//! The scripts → their runbook, `deploy/README.md`: which one when, and what each needs.

use siteplan_model::design::Design;
use siteplan_model::file::{File, Part};
use siteplan_model::script::{Action, FOLDER, Script};

use super::usage;
use crate::markdown::{Place, code, inline, one_line};
use crate::names::capital;

/// The runbook.
pub(super) fn file(design: &Design) -> File {
    let mut blocks = vec![
        format!("# Deploying {}", inline(&design.application.name, Place::Prose)),
        introduction(design),
        "## In which order".to_owned(),
        order(design),
        "## What each does".to_owned(),
    ];
    blocks.extend(design.delivery.scripts.iter().map(script));
    File {
        part: Part::Pipeline,
        path: format!("{FOLDER}/README.md"),
        contents: format!("{}\n", blocks.join("\n\n")),
        purpose: "the scripts' runbook".to_owned(),
        syntax: "markdown".to_owned(),
    }
}

fn introduction(design: &Design) -> String {
    let spec = code(&format!("{}/siteplan.toml", design.spec_path.trim_matches('/')), Place::Prose);
    let who = if design.delivery.automatic {
        format!(
            "{} runs these scripts; a person can run each of them by hand.",
            inline(&design.delivery.ci_name, Place::Prose)
        )
    } else {
        "A person runs these scripts, on a checkout of the commit to release.".to_owned()
    };
    format!(
        "Written by siteplan from {spec}: change the answers there and run `siteplan generate`. {who} Any other CI can: each is a POSIX shell script that \
         stops at the first failure, says which program or variable it lacks, and prints no value of a secret. Set variables in the environment, not on the \
         command line."
    )
}

/// The calls of one release, environment by environment.
fn order(design: &Design) -> String {
    let scripts = &design.delivery.scripts;
    let once = ["test", "tools", "build"];
    let each = ["freeze", "previous", "migrate", "deploy", "verify"];
    let known = |name: &&&str| scripts.iter().any(|script| script.name == ***name);
    let mut lines: Vec<String> =
        once.iter().filter(known).map(|name| code(&super::path(name), Place::Prose)).collect();
    let environments: Vec<&str> = scripts
        .iter()
        .find(|script| script.name == "deploy")
        .map(|script| script.environments.iter().map(|known| known.name.as_str()).collect())
        .unwrap_or_default();
    for environment in environments {
        let calls: Vec<String> = each
            .iter()
            .filter(known)
            .filter(|name| **name != "freeze" || is_frozen(scripts, environment))
            .map(|name| code(&format!("{} {}", super::path(name), one_line(environment)), Place::Prose))
            .collect();
        lines.push(calls.join(", then "));
    }
    let mut text: Vec<String> = (1..).zip(lines).map(|(at, line)| format!("{at}. {line}")).collect();
    if scripts.iter().any(|script| script.name == "rollback") {
        text.push(format!("\n## When a release fails\n\n{}", return_path(design)));
    }
    text.join("\n")
}

/// What the person on call can do.
fn return_path(design: &Design) -> String {
    let scripts = &design.delivery.scripts;
    let rollback = scripts.iter().find(|script| script.name == "rollback");
    let recalls = || rollback.into_iter().flat_map(|script| &script.actions);
    let required: Vec<(&str, bool)> = recalls()
        .filter_map(|action| match action {
            Action::Recall { variable, history, derived, required: true, .. } => {
                Some((variable.as_str(), history.is_some() || derived.is_some()))
            }
            _ => None,
        })
        .collect();
    let names: Vec<String> = required.iter().map(|(variable, _)| code(variable, Place::Prose)).collect();
    let names = names.join(", ");
    let call = code("deploy/rollback production", Place::Prose);
    let first = match (required.is_empty(), required.iter().all(|(_, told)| *told)) {
        (true, _) => format!("{call} returns to the release before the present one."),
        (false, true) => format!(
            "{call} returns to the newest release that served before the present one and from which nobody returned. To return to another one, name it: {names}."
        ),
        (false, false) => format!(
            "{call} needs the release by name ({names}), because the platform does not tell which one was good: without it the script lists the releases and changes nothing."
        ),
    };
    let minutes = rollback.and_then(|script| script.limit_seconds).unwrap_or_default().div_ceil(60);
    let mut steps = vec![
        first,
        format!(
            "It waits until the earlier release serves and ends itself after {minutes} minutes. The code returns, never the schema."
        ),
    ];
    if scripts.iter().any(|script| script.name == "verify") {
        steps.push(format!(
            "{} asks whether the environment is healthy and runs the commit that was returned to.",
            code("deploy/verify production returned", Place::Prose)
        ));
    }
    if scripts.iter().any(|script| script.name == "previous") {
        steps.push(format!(
            "{} returns to the release that `deploy/previous` kept on this machine before the failed one, and stops where the older code may not run with the newer schema.",
            code("deploy/rollback production recorded", Place::Prose)
        ));
    }
    steps.push(
        "Each script that talks to a platform ends itself when it hangs: `LIMIT_SECONDS` sets another limit. `VERIFY_SECONDS` sets for how long `deploy/verify` asks again (120)."
            .to_owned(),
    );
    steps.iter().map(|step| format!("- {step}")).collect::<Vec<_>>().join("\n")
}

/// Whether the freeze window holds for an environment.
fn is_frozen(scripts: &[Script], environment: &str) -> bool {
    scripts.iter().flat_map(|script| &script.actions).any(|action| {
        matches!(action, Action::Freeze { environments, .. } if environments.iter().any(|name| name == environment))
    })
}

fn script(script: &Script) -> String {
    let mut blocks = vec![
        format!("### {}", code(&usage(script), Place::Prose)),
        format!("{}.", inline(&capital(&script.purpose), Place::Prose)),
    ];
    let options: Vec<String> = script
        .options
        .iter()
        .map(|option| {
            format!("{}: {}.", code(&option.word, Place::Prose), inline(&option.meaning, Place::Prose))
        })
        .collect();
    if !options.is_empty() {
        blocks.push(options.join("\n"));
    }
    let mut needs: Vec<String> = script
        .needs
        .iter()
        .map(|need| {
            let kind = if need.secret { "secret" } else { "variable" };
            let places: Vec<String> = need.environments.iter().map(|name| code(name, Place::Prose)).collect();
            let places =
                if places.is_empty() { String::new() } else { format!(", for {}", places.join(", ")) };
            format!(
                "- {} ({kind}{places}): {}",
                code(&need.name, Place::Prose),
                inline(&need.purpose, Place::Prose)
            )
        })
        .collect();
    needs.extend(script.installed.iter().map(|tool| {
        format!(
            "- {} (program, installed by {})",
            code(tool, Place::Prose),
            code(&super::path("tools"), Place::Prose)
        )
    }));
    needs.extend(script.tools.iter().map(|tool| format!("- {} (program)", code(tool, Place::Prose))));
    needs.extend(script.beside.iter().map(|service| {
        format!("- {} at `localhost`, port {}", code(&service.image, Place::Prose), service.port)
    }));
    let installs: Vec<String> = script
        .actions
        .iter()
        .filter_map(|action| match action {
            Action::Install { purpose, .. } => Some(format!("- {}", inline(purpose, Place::Prose))),
            _ => None,
        })
        .collect();
    if !installs.is_empty() {
        blocks.push(format!(
            "Programs go into {}, on Linux with x86-64; elsewhere install them by hand. It reads no secret:\n\n{}",
            code("~/.local", Place::Prose),
            installs.join("\n")
        ));
    }
    if !needs.is_empty() {
        blocks.push(format!("Needs:\n\n{}", needs.join("\n")));
    }
    blocks.join("\n\n")
}
