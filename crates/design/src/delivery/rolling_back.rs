//! The pipeline by which a person returns an environment to an earlier release.

use siteplan_model::pipeline::{
    Argument, EnvValue, History, Input, Job, JobEnvironment, JobPurpose, Occasion, Pipeline, Step, Triggers,
    When,
};
use siteplan_model::script::Script;

use super::limits;
use super::pipeline::{permissions, secrets_of, sign_in, tools, variables_of};
use super::scripts::{self, RETURNED, ROLLBACK, VERIFY, named};
use crate::ground::{Ground, PRODUCTION};
use crate::prose;

/// The input that names the environment.
const ENVIRONMENT: &str = "environment";

/// What the pipeline is called.
pub(crate) const TITLE: &str = "Roll back";

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
    let all = || [Some(script), named(scripts, VERIFY)].into_iter().flatten();
    let deployed: Vec<&str> = ground.deployed().collect();
    let mut steps = vec![Step::Checkout { history: History::Commit }];
    steps.extend(tools(ground, scripts, all()));
    steps.extend(login);
    for known in all() {
        env.extend(variables_of(known, &deployed));
        steps.push(Step::Script {
            name: prose::capital(&known.purpose),
            id: known.name.clone(),
            script: known.name.clone(),
            arguments: std::iter::once(Argument::Input(ENVIRONMENT.to_owned()))
                .chain((known.name == VERIFY).then(|| Argument::Word(RETURNED.to_owned())))
                .collect(),
            when: When::Succeeded,
            minutes: limits::of_script(ground, known),
            env: secrets_of(known, &deployed),
        });
    }
    for (variable, _, _) in &releases {
        env.insert((*variable).to_owned(), EnvValue::Input(input_name(variable, releases.len())));
    }
    Some(Pipeline {
        name: TITLE.to_owned(),
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
            name: TITLE.to_owned(),
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
            hands_on: Vec::new(),
            timeout_minutes: limits::of_job(&steps),
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
