//! The workflow's five next steps as real commands.

use siteplan_model::design::NextStep;

use crate::command::{named, quoted};
use crate::delivery::{pipeline, release, waits_for_a_person};
use crate::ground::{Ground, PRODUCTION};
use crate::prose::{capital, code, list};
use crate::{health, secrets};

/// Most commands that a step shows; the document has the rest.
const SHOWN: usize = 8;

/// The steps.
pub(crate) fn next_steps(ground: &Ground<'_>) -> Vec<NextStep> {
    vec![implement(ground), configure(ground), test(ground), monitor(ground), release_to_users(ground)]
}

fn step(title: &str, mut commands: Vec<String>, mut notes: Vec<String>) -> NextStep {
    let more = commands.len().saturating_sub(SHOWN);
    if more > 0 {
        notes.push(format!("{more} more lines of this kind are in the document."));
        commands.truncate(SHOWN);
    }
    NextStep { title: title.to_owned(), commands, note: Some(notes.join(" ")) }
}

fn document(ground: &Ground<'_>) -> String {
    format!("{}/DEPLOYMENT_TDD.md", ground.spec_path.trim_end_matches('/'))
}

fn implement(ground: &Ground<'_>) -> NextStep {
    let path = &ground.host.pipeline_path;
    let file = path.trim_end_matches('/');
    let mut commands =
        vec![format!("git switch --create {}", quoted(&format!("deploy-{}", ground.platform.id)))];
    let mut added = vec![quoted(ground.spec_path)];
    let mut notes = Vec::new();
    if ground.automatic {
        let folder =
            if path.ends_with('/') { Some(file) } else { path.rsplit_once('/').map(|(folder, _)| folder) };
        commands.extend(folder.map(|folder| format!("mkdir -p {}", quoted(folder))));
        added.insert(0, quoted(file));
        notes.push(format!(
            "Write {} as section 3 of {} says, before `git add`.",
            code(path),
            code(&document(ground))
        ));
    } else {
        notes.push(format!(
            "There is no pipeline to set up: section 3 of {} has the commands.",
            code(&document(ground))
        ));
    }
    commands.push(format!("git add {}", added.join(" ")));
    commands
        .push(format!("git commit --message {}", quoted(&format!("Deployment to {}", ground.platform.name))));
    commands.push("git push --set-upstream origin HEAD".to_owned());
    notes.push(format!("Merge to `{}` once somebody else has read it.", ground.branch));
    step("Implement deployment pipeline", commands, notes)
}

fn configure(ground: &Ground<'_>) -> NextStep {
    let mut commands = Vec::new();
    let environments: Vec<&str> = ground.environments.names().to_vec();
    let made_by = ground.blanks(ground.platform, ground.before_production().unwrap_or(PRODUCTION));
    let made_by = made_by.sentence(&ground.platform.environments.made_by.value);
    let mut notes = vec![format!("Make {}: {made_by}.", list(&environments))];
    if ground.automatic {
        let held = pipeline::held_by_host(ground);
        let several = ground.deployed().count() > 1;
        let once_each: Vec<String> =
            if several { held.each_environment.iter().map(|name| code(name)).collect() } else { Vec::new() };
        let templates =
            [(&ground.host.set_secret, &held.secrets), (&ground.host.set_variable, &held.variables)];
        for (template, values) in templates {
            if let Some(template) = template {
                commands.extend(values.iter().map(|value| named(&template.line, &value.name)));
            }
        }
        if !once_each.is_empty() {
            notes.push(format!("Each environment has its own {}.", list(&once_each)));
        }
        if commands.is_empty() && !(held.secrets.is_empty() && held.variables.is_empty()) {
            notes.push(format!("Section 3 lists what to store; place: {}.", ground.host.secrets_place));
        }
    }
    match secrets::secrets(ground).set_command {
        Some(set) if named(&set.line, "X") == set.line => commands.push(set.line),
        Some(set) => {
            commands.extend(secrets::required_names(ground).iter().map(|name| named(&set.line, name)));
        }
        None => notes.push(format!("The application's variables: {}.", ground.platform.secrets.access.value)),
    }
    step("Configure environments", commands, notes)
}

fn test(ground: &Ground<'_>) -> NextStep {
    let title = "Test deployment";
    let smoke =
        |environment| health::smoke_tests(ground, environment).into_iter().map(|command| command.line);
    match ground.before_production() {
        Some(environment) if ground.automatic => {
            let mut commands = vec![format!("git push origin {}", quoted(&ground.branch))];
            commands.extend(smoke(environment));
            let after = if waits_for_a_person(ground) {
                "production waits for a person"
            } else {
                "production follows by itself when its smoke test has passed; `--set production_approval=manual` lets it wait"
            };
            step(title, commands, vec![format!("The push deploys {environment} first; {after}.")])
        }
        Some(environment) => {
            let commands =
                release::by_hand(ground, environment).into_iter().map(|command| command.line).collect();
            step(
                title,
                commands,
                vec![format!("{} first; look at it before anybody else does.", capital(environment))],
            )
        }
        None => {
            let commands = crate::delivery::checks::test_commands(ground)
                .into_iter()
                .map(|(command, _)| command)
                .collect();
            step(
                title,
                commands,
                vec!["There is no staging: try the change locally with a copy of the data.".to_owned()],
            )
        }
    }
}

fn monitor(ground: &Ground<'_>) -> NextStep {
    let path = format!("{}/MONITORING_TDD.md", ground.spec_path.trim_end_matches('/'));
    let note = format!(
        "Run the `monitoring-tdd.md` workflow into {}; section 8 has the health contract and the tools it starts from.",
        code(&path)
    );
    step("Create monitoring TDD", vec![format!("touch {}", quoted(&path))], vec![note])
}

fn release_to_users(ground: &Ground<'_>) -> NextStep {
    let mut notes =
        vec!["Fill in the approval and tick section 10 first; not on a Friday afternoon.".to_owned()];
    let mut commands = Vec::new();
    if ground.automatic {
        if waits_for_a_person(ground) && ground.before_production().is_some() {
            notes.push(format!("Then start or approve `deploy-{PRODUCTION}` in {}.", ground.host.ci_name));
        } else {
            commands.push(format!("git push origin {}", quoted(&ground.branch)));
        }
        commands.extend(health::smoke_tests(ground, PRODUCTION).into_iter().map(|command| command.line));
    } else {
        commands.extend(release::by_hand(ground, PRODUCTION).into_iter().map(|command| command.line));
    }
    step("Deploy to production", commands, notes)
}
