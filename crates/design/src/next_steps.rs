//! The workflow's five next steps as real commands.

use siteplan_model::design::NextStep;

use crate::command::quoted;
use crate::delivery::release;
use crate::ground::{Ground, PRODUCTION};
use crate::prose::list;
use crate::secrets;

/// Most commands that a step shows; the document has the rest.
const SHOWN: usize = 8;

/// The steps.
pub(crate) fn next_steps(ground: &Ground<'_>) -> Vec<NextStep> {
    vec![pipeline(ground), environments(ground), test(ground), monitoring(ground), production(ground)]
}

fn pipeline(ground: &Ground<'_>) -> NextStep {
    let path = &ground.host.pipeline_path;
    let mut commands = vec!["siteplan generate --diff".to_owned(), "siteplan generate".to_owned()];
    commands.push(format!("git switch --create {}", quoted(&format!("deploy-{}", ground.platform.id))));
    commands.push(format!("git add {} {}", quoted(path.trim_end_matches('/')), quoted(ground.spec_path)));
    commands
        .push(format!("git commit --message {}", quoted(&format!("Deployment to {}", ground.platform.name))));
    commands.push("git push --set-upstream origin HEAD".to_owned());
    NextStep {
        title: "Implement deployment pipeline".to_owned(),
        commands,
        note: Some(format!(
            "Read `{path}` and the platform's own files before you merge them to `{}`.",
            ground.branch
        )),
    }
}

fn environments(ground: &Ground<'_>) -> NextStep {
    let names: Vec<&str> = ground.environments.names().to_vec();
    let mut commands = Vec::new();
    if ground.automatic {
        let (secret, plain) = crate::delivery::pipeline::held_by_host(ground);
        let templates =
            [(ground.host.set_secret.as_ref(), secret), (ground.host.set_variable.as_ref(), plain)];
        for (template, values) in templates {
            if let Some(template) = template {
                commands.extend(values.iter().map(|value| named(&template.line, &value.name)));
            }
        }
    }
    let set = secrets::secrets(ground).set_command;
    if let Some(set) = &set {
        let required = secrets::required_names(ground);
        if set.line.contains("NAME") {
            commands.extend(required.iter().map(|name| named(&set.line, name)));
        } else if !required.is_empty() {
            commands.push(set.line.clone());
        }
    }
    let more = commands.len().saturating_sub(SHOWN);
    commands.truncate(SHOWN);
    let made_by = ground.blanks(ground.platform, ground.before_production().unwrap_or(PRODUCTION));
    let mut notes = vec![format!(
        "Make {}: each is {}.",
        list(&names),
        made_by.sentence(&ground.platform.environments.made_by.value)
    )];
    if more > 0 {
        notes.push(format!("{more} further names are in sections 3 and 6."));
    }
    if set.is_none() {
        notes.push(format!("The application's variables: {}.", ground.platform.secrets.access.value));
    }
    NextStep { title: "Configure environments".to_owned(), commands, note: Some(notes.join(" ")) }
}

/// A template with the placeholder `NAME` replaced by a quoted name.
fn named(line: &str, name: &str) -> String {
    line.replace("NAME", &quoted(name))
}

fn test(ground: &Ground<'_>) -> NextStep {
    let environment = ground.before_production();
    let title = "Test deployment".to_owned();
    match environment {
        Some(environment) if ground.automatic => {
            let mut commands = vec![format!("git push origin {}", quoted(&ground.branch))];
            commands.extend(
                crate::health::smoke_tests(ground, environment).into_iter().map(|command| command.line),
            );
            NextStep {
                title,
                commands,
                note: Some(format!(
                    "The push deploys {environment} first; look at it before anybody else does."
                )),
            }
        }
        Some(environment) => {
            let commands = release::release(ground, environment).into_iter().map(|command| command.line);
            NextStep {
                title,
                commands: commands.take(SHOWN).collect(),
                note: Some(format!("{environment} first; look at it before anybody else does.")),
            }
        }
        None => {
            let commands: Vec<String> = crate::delivery::checks::test_commands(ground)
                .into_iter()
                .map(|(command, _)| command)
                .collect();
            NextStep {
                title,
                commands,
                note: Some("There is no staging: try the change locally with a copy of the data.".to_owned()),
            }
        }
    }
}

fn monitoring(ground: &Ground<'_>) -> NextStep {
    let path = format!("{}/MONITORING_TDD.md", ground.spec_path.trim_end_matches('/'));
    NextStep {
        title: "Create monitoring TDD".to_owned(),
        commands: vec![format!("touch {}", quoted(&path))],
        note: Some(format!(
            "Run the `monitoring-tdd.md` workflow into `{path}`; section 8 of the deployment document has the health contract and the tools it starts from."
        )),
    }
}

fn production(ground: &Ground<'_>) -> NextStep {
    let mut commands = vec!["siteplan check".to_owned(), "siteplan approve".to_owned()];
    if ground.automatic {
        commands.push(format!("git push origin {}", quoted(&ground.branch)));
    } else {
        commands.extend(release::by_hand(ground).into_iter().map(|command| command.line));
    }
    let more = commands.len().saturating_sub(SHOWN);
    commands.truncate(SHOWN);
    let rest = if more > 0 { " Section 3 of the document has the remaining commands." } else { "" };
    NextStep {
        title: "Deploy to production".to_owned(),
        commands,
        note: Some(format!("Tick section 10 first, and not on a Friday afternoon.{rest}")),
    }
}
