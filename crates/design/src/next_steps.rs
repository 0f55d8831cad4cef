//! The workflow's five next steps as real commands.

use siteplan_model::design::NextStep;

use crate::command::{named, quoted};
use crate::delivery::held::{self, Held};
use crate::delivery::{release, waits_for_a_person};
use crate::ground::{Ground, PRODUCTION};
use crate::prose::{capital, code, list};
use crate::setup::FirstTime;
use crate::{health, secrets, setup};

/// Most commands that a step shows.
const SHOWN: usize = 34;

/// The steps.
pub(crate) fn next_steps(ground: &Ground<'_>) -> Vec<NextStep> {
    vec![implement(ground), configure(ground), test(ground), monitor(ground), release_to_users(ground)]
}

fn step(title: &str, mut commands: Vec<String>, mut notes: Vec<String>) -> NextStep {
    let more = commands.len().saturating_sub(SHOWN);
    if more > 0 {
        notes.push(format!("Section 3 has the other {more} lines."));
        commands.truncate(SHOWN);
    }
    NextStep { title: title.to_owned(), commands, note: Some(notes.join(" ")) }
}

fn document(ground: &Ground<'_>) -> String {
    format!("{}/DEPLOYMENT_TDD.md", ground.spec_path.trim_end_matches('/'))
}

fn implement(ground: &Ground<'_>) -> NextStep {
    let commands = vec![
        format!("git switch --create {}", quoted(&format!("deploy-{}", ground.platform.id))),
        generate(ground),
        "git add --all".to_owned(),
        format!("git commit --message {}", quoted(&format!("Deployment to {}", ground.platform.name))),
        "git push --set-upstream origin HEAD".to_owned(),
    ];
    let notes = vec![
        format!(
            "{} writes the files that section 3 of {} lists; with `--diff` it shows them first{}.",
            code("siteplan generate"),
            code(&document(ground)),
            if ground.automatic { "" } else { ". A person runs the scripts" }
        ),
        format!(
            "Merge to `{}` once somebody else has read it{}.",
            ground.branch,
            if ground.automatic {
                ": that starts the pipeline, which stops before it deploys until step 2 is done"
            } else {
                ""
            }
        ),
    ];
    step("Implement deployment pipeline", commands, notes)
}

/// The command that writes the files, for this folder of documents.
fn generate(ground: &Ground<'_>) -> String {
    match ground.spec_path.trim_end_matches('/') {
        "specs" => "siteplan generate".to_owned(),
        folder => format!("siteplan generate --spec-path {}", quoted(folder)),
    }
}

/// Where the application runs already, some of what the lines make is there; nobody knows from here how it is called.
fn in_use_already(ground: &Ground<'_>) -> Option<String> {
    let is_used = |id: &str| ground.quote.workload.in_use.iter().any(|used| used.platform == id);
    let used = ground.platforms().into_iter().filter(|platform| is_used(platform.id.as_str()));
    let names: Vec<&str> = used.map(|platform| platform.name.as_str()).collect();
    (!names.is_empty()).then(|| {
        let are = if names.len() == 1 { "is" } else { "are" };
        format!("{} {are} in use already: leave out each line that makes what exists there.", list(&names))
    })
}

fn configure(ground: &Ground<'_>) -> NextStep {
    let FirstTime { lines: mut commands, notes: by_hand } = setup::first_time(ground);
    let environments: Vec<&str> = ground.environments.names().to_vec();
    let made_by = ground.blanks(ground.platform, ground.before_production().unwrap_or(PRODUCTION));
    let made_by = made_by.sentence(&ground.platform.environments.made_by.value);
    let each = if environments.len() == 1 { "" } else { ", each" };
    let mut notes = vec![format!("Make {}{each} as {made_by}.", list(&environments))];
    notes.extend(by_hand);
    notes.extend(in_use_already(ground).filter(|_| !commands.is_empty()));
    if ground.automatic {
        let held = held::held_by_host(ground);
        let of_host = stored(ground, &held);
        let stored_none = of_host.is_empty();
        commands.extend(of_host);
        let once_each: Vec<String> = held.each_environment.iter().map(|name| code(name)).collect();
        if !once_each.is_empty() {
            notes.push(format!("Each environment has its own {}.", list(&once_each)));
        }
        if stored_none && !(held.secrets.is_empty() && held.variables.is_empty()) {
            notes.push(format!("Section 3 lists what to store; place: {}.", ground.host.secrets_place));
        }
    }
    let names = secrets::required_names(ground);
    match secrets::secrets(ground).set_command {
        Some(set) if named(&set.line, "X") == set.line => commands.extend(secrets::set_lines(ground, "X")),
        Some(_) => {
            let by_hand: Vec<&String> =
                names.iter().filter(|name| !crate::address::is_wired(ground, name)).collect();
            let lines = |name: &&String| secrets::set_lines(ground, name);
            let all: Vec<String> = by_hand.iter().flat_map(lines).collect();
            if commands.len() + all.len() <= SHOWN {
                commands.extend(all);
            } else if let Some((first, others)) = by_hand.split_first() {
                let one = lines(first);
                let others: Vec<String> = others.iter().map(|name| code(name)).collect();
                let again = if one.len() == 1 {
                    "the last line".to_owned()
                } else {
                    format!("the last {} lines", one.len())
                };
                notes.push(format!("Run {again} for {}, too.", list(&others)));
                commands.extend(one);
            }
        }
        None if names.is_empty() => {}
        None => notes.push(format!("The application's variables: {}.", ground.platform.secrets.access.value)),
    }
    step("Configure environments", commands, notes)
}

/// The lines that store what the CI host must hold, by environment where a value belongs to one.
fn stored(ground: &Ground<'_>, held: &Held) -> Vec<String> {
    let host = ground.host;
    // The CI host knows the environments by the plan's names, whatever the platform calls them.
    let of_host = |name: &str| ground.blanks(ground.platform, name).with("environment", name);
    let apart = host.for_environment.as_ref().filter(|_| !held.each_environment.is_empty());
    let mut lines = Vec::new();
    if let Some(make) = apart.and_then(|commands| commands.make.as_ref()) {
        lines.extend(ground.deployed().map(|name| of_host(name).line(&make.line)));
    }
    let once = [(&host.set_secret, &held.secrets), (&host.set_variable, &held.variables)];
    let each = [apart.map(|commands| &commands.set_secret), apart.map(|commands| &commands.set_variable)];
    for ((template, values), of_environment) in once.into_iter().zip(each) {
        for value in values {
            match (of_environment, template) {
                (Some(of_environment), _) if held.each_environment.contains(&value.name) => {
                    let outside = template.as_ref().filter(|_| held.also_outside.contains(&value.name));
                    lines.extend(outside.map(|template| named(&template.line, &value.name)));
                    lines.extend(ground.deployed().map(|environment| {
                        named(&of_host(environment).line(&of_environment.line), &value.name)
                    }));
                }
                (_, Some(template)) => lines.push(named(&template.line, &value.name)),
                (_, None) => {}
            }
        }
    }
    lines
}

/// What a person does before anything reaches users.
const BEFORE_USERS: &str = "Before it, fill in the approval and tick the first half of section 10.";

/// Whether the push that tries the environment before production goes on to production without a person.
fn releases_with_the_first_push(ground: &Ground<'_>) -> bool {
    ground.automatic && ground.before_production().is_some() && !waits_for_a_person(ground)
}

fn test(ground: &Ground<'_>) -> NextStep {
    let title = "Test deployment";
    let smoke =
        |environment| health::smoke_tests(ground, environment).into_iter().map(|command| command.line);
    match ground.before_production() {
        Some(environment) if ground.automatic => {
            let mut commands = vec![format!("git push origin {}", quoted(&ground.branch))];
            commands.extend(smoke(environment));
            let mut notes = Vec::new();
            if releases_with_the_first_push(ground) {
                notes.push(BEFORE_USERS.to_owned());
                notes.push(format!("The push deploys {environment} first; {PRODUCTION} follows by itself once {environment} is healthy. `--set production_approval=manual` lets it wait."));
            } else {
                notes.push(format!("The push deploys {environment} first; {PRODUCTION} waits for a person."));
            }
            step(title, commands, notes)
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
    if releases_with_the_first_push(ground) {
        let commands = health::smoke_tests(ground, PRODUCTION).into_iter().map(|command| command.line);
        let notes = vec![
            "The push of step 3 has released it, once the environment before it was healthy: look at it, and use it once by hand.".to_owned(),
            format!("From now on each push to {} goes the same way; not on a Friday afternoon.", code(&ground.branch)),
        ];
        return step("Deploy to production", commands.collect(), notes);
    }
    let mut notes = vec![format!("{BEFORE_USERS} Not on a Friday afternoon.")];
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
