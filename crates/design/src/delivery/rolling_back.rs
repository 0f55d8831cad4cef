//! The pipeline by which a person returns an environment to an earlier release.

use siteplan_model::pipeline::{
    Argument, EnvValue, History, Input, Job, JobEnvironment, JobPurpose, Occasion, Pipeline, Step, Triggers,
    When,
};
use siteplan_model::script::Script;

use super::pipeline::{environment_of, permissions, sign_in};
use super::scripts::{self, RETURNED, ROLLBACK, VERIFY, named};
use crate::ground::{Ground, PRODUCTION};
use crate::prose;

/// The input that names the environment.
const ENVIRONMENT: &str = "environment";

/// Minutes of a job beside its scripts: the checkout, the sign-in.
const SPARE_MINUTES: u32 = 5;

/// Minutes within which a rollback shall be done.
pub(crate) const TARGET_MINUTES: u32 = 5;

/// The pipeline; absent where no script returns.
pub(crate) fn rollback_pipeline(ground: &Ground<'_>, scripts: &[Script]) -> Option<Pipeline> {
    let script = named(scripts, ROLLBACK)?;
    let releases = scripts::choosable(script);
    let inputs: Vec<Input> = std::iter::once(environment_input(ground))
        .chain(releases.iter().map(|(variable, purpose, required)| Input {
            name: input_name(variable, releases.len()),
            description: if *required {
                format!("Release to return to: {purpose}")
            } else {
                format!("Release to return to: {purpose}; empty for the one before the present one")
            },
            choices: Vec::new(),
            default: String::new(),
            required: *required,
        }))
        .collect();
    let (login, mut env) = sign_in(ground, ground.platforms().into_iter());
    let mut steps = vec![Step::Checkout { history: History::Commit }];
    steps.extend(login);
    for known in [Some(script), named(scripts, VERIFY)].into_iter().flatten() {
        for environment in ground.deployed() {
            env.extend(environment_of(known, environment));
        }
        steps.push(Step::Script {
            name: prose::capital(&known.purpose),
            id: known.name.clone(),
            script: known.name.clone(),
            arguments: std::iter::once(Argument::Input(ENVIRONMENT.to_owned()))
                .chain((known.name == VERIFY).then(|| Argument::Word(RETURNED.to_owned())))
                .collect(),
            when: When::Succeeded,
        });
    }
    for (variable, _, _) in &releases {
        env.insert((*variable).to_owned(), EnvValue::Input(input_name(variable, releases.len())));
    }
    let called = [Some(script), named(scripts, VERIFY)].into_iter().flatten();
    Some(Pipeline {
        name: "Roll back".to_owned(),
        triggers: Triggers {
            branch: ground.branch.clone(),
            push: false,
            pull_requests: false,
            pull_request_closed: false,
            manual: true,
            inputs,
        },
        jobs: vec![Job {
            id: ROLLBACK.to_owned(),
            name: "Roll back".to_owned(),
            purpose: JobPurpose::Rollback,
            needs: Vec::new(),
            occasion: Occasion::Manual,
            environment: Some(JobEnvironment {
                name: PRODUCTION.to_owned(),
                url: None,
                approval: false,
                chosen_by: Some(ENVIRONMENT.to_owned()),
            }),
            permissions: permissions(ground, ground.platforms().into_iter()),
            exclusive: Some(PRODUCTION.to_owned()),
            calls: None,
            timeout_minutes: scripts::minutes(called, 1).saturating_add(SPARE_MINUTES),
            services: Vec::new(),
            env,
            steps,
        }],
    })
}

fn environment_input(ground: &Ground<'_>) -> Input {
    Input {
        name: ENVIRONMENT.to_owned(),
        description: "Environment to roll back".to_owned(),
        choices: ground.deployed().map(str::to_owned).collect(),
        default: PRODUCTION.to_owned(),
        required: true,
    }
}

/// `release` where there is one, else the variable's own name without its first word: `deploy_id_web`.
fn input_name(variable: &str, count: usize) -> String {
    if count == 1 { "release".to_owned() } else { variable.trim_start_matches("PREVIOUS_").to_lowercase() }
}
