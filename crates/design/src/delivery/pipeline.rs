//! Tests, images, environments → the pipeline as a typed value.

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::platform::{Ability, Builder, Credential, Platform};
use siteplan_cost::usage::Key;
use siteplan_model::design::{Command, Deployer, NamedValue};
use siteplan_model::pipeline::{
    EnvValue, History, Job, JobEnvironment, JobPurpose, Occasion, Permission, Pipeline, Step, Triggers,
};

use super::checks::{self, already_on_pull_requests, minutes};
use super::release::{self, Migration, step_line};
use crate::ground::{Ground, PRODUCTION};
use crate::{health, prose};

/// The id of the job that builds images.
const BUILD: &str = "build";

/// Minutes beyond the expected ones before a job is stopped.
const SPARE_MINUTES: u32 = 10;

/// The whole pipeline.
pub(crate) fn pipeline(ground: &Ground<'_>) -> Pipeline {
    let mut jobs: Vec<Job> = checks::test_job(ground).into_iter().collect();
    let deploys = super::deployer::deployer(ground) == Deployer::Pipeline;
    if let Some(build) = build_job(ground, &last_ids(&jobs)).filter(|_| deploys) {
        jobs.push(build);
    }
    for environment in ground.deployed().filter(|_| deploys) {
        let job = deploy_job(ground, environment, last_ids(&jobs));
        jobs.push(job);
    }
    let pull_requests = jobs.iter().any(Job::on_pull_requests);
    Pipeline {
        name: if deploys { format!("Deploy to {}", ground.platform.name) } else { "Test".to_owned() },
        triggers: Triggers {
            branch: ground.branch.clone(),
            push: true,
            pull_request_closed: false,
            inputs: Vec::new(),
            pull_requests: pull_requests && !already_on_pull_requests(ground),
            manual: true,
        },
        jobs,
    }
}

fn last_ids(jobs: &[Job]) -> Vec<String> {
    jobs.last().map(|job| job.id.clone()).into_iter().collect()
}

/// The job that builds each image once; absent where the platforms build.
fn build_job(ground: &Ground<'_>, needs: &[String]) -> Option<Job> {
    let images = release::images(ground);
    if images.is_empty() {
        return None;
    }
    let building = || ground.platforms().into_iter().filter(|p| p.deploy.builds.value == Builder::CiImage);
    let mut steps = vec![Step::Checkout { history: History::Commit }];
    let mut env = BTreeMap::new();
    for platform in building() {
        steps.extend(login(platform));
        env.extend(
            credentials(ground, platform).into_iter().filter(|(name, _)| builds_with(ground, platform, name)),
        );
    }
    for platform in building() {
        let tools = release::filled(ground, platform, PRODUCTION, platform.deploy.install.as_slice());
        steps.extend(tools.iter().map(|command| run(command, ".")));
    }
    steps.extend(images.iter().map(|command| run(command, ".")));
    let high = ground.assumption(Key::MinutesPerBuild)[2];
    Some(Job {
        id: BUILD.to_owned(),
        name: "Build".to_owned(),
        purpose: JobPurpose::Build,
        needs: needs.to_vec(),
        occasion: Occasion::Branch,
        environment: None,
        permissions: permissions(ground, building()),
        exclusive: None,
        calls: None,
        timeout_minutes: minutes(high) + SPARE_MINUTES,
        services: Vec::new(),
        env,
        steps,
    })
}

/// Whether building an image needs a credential: its lines name it, or no line does and the sign-in itself needs it.
fn builds_with<'a>(ground: &Ground<'a>, platform: &'a Platform, name: &str) -> bool {
    let names = |lines: &[Command]| lines.iter().any(|command| command.line.contains(&format!("${name}")));
    let deploy = &platform.deploy;
    let building = release::filled(ground, platform, PRODUCTION, &deploy.image);
    let releasing = release::filled(ground, platform, PRODUCTION, &deploy.commands);
    let migrating = platform.migrate.line.as_slice();
    names(&building)
        || !(names(&releasing) || names(&release::filled(ground, platform, PRODUCTION, migrating)))
}

/// The job that migrates, releases and verifies one environment.
fn deploy_job(ground: &Ground<'_>, environment: &'static str, needs: Vec<String>) -> Job {
    let platforms = ground.platforms();
    let mut steps = vec![Step::Checkout { history: History::Commit }];
    let mut env: BTreeMap<String, EnvValue> = BTreeMap::new();
    for platform in &platforms {
        steps.extend(login(platform));
        env.extend(credentials(ground, platform));
    }
    let migration = release::migration(ground, environment);
    let migrating_path = release::migrating(ground).map_or(".", |service| service.plan.path.as_str());
    if matches!(migration, Migration::Direct(_)) {
        steps.extend(checks::prepare(ground, migrating_path));
    } else if platforms.iter().any(|platform| platform.deploy.builds.value == Builder::CiArtifact) {
        steps.extend(checks::runtimes(ground));
    }
    steps.extend(release::install(ground, environment).iter().map(|command| run(command, ".")));
    match migration {
        Migration::Elsewhere => {}
        Migration::Platform(command) => steps.push(run(&command, ".")),
        Migration::Direct(command) => {
            for name in database_variables(ground) {
                env.insert(name.clone(), EnvValue::Secret(name));
            }
            steps.push(run(&command, migrating_path));
        }
    }
    steps.extend(release::release(ground, environment).iter().map(|command| run(command, ".")));
    let smoke = health::smoke_tests(ground, environment);
    for name in health::address_variables(ground, environment) {
        env.insert(name.clone(), EnvValue::Variable(name));
    }
    steps.extend(smoke.iter().map(|command| run(command, ".")));
    let longest = platforms.iter().map(|platform| platform.deploy.minutes.value[1]).max().unwrap_or_default();
    let url = ground
        .main()
        .filter(|main| main.plan.kind.serves_http())
        .and_then(|main| ground.url(main, environment));
    Job {
        id: format!("deploy-{environment}"),
        name: format!("Deploy to {environment}"),
        purpose: JobPurpose::Deploy,
        needs,
        occasion: Occasion::Branch,
        environment: Some(JobEnvironment {
            name: environment.to_owned(),
            url,
            approval: environment == PRODUCTION && super::waits_for_a_person(ground),
            chosen_by: None,
        }),
        permissions: permissions(ground, platforms.iter().copied()),
        exclusive: Some(environment.to_owned()),
        calls: None,
        timeout_minutes: longest.saturating_mul(2).saturating_add(SPARE_MINUTES),
        services: Vec::new(),
        env,
        steps,
    }
}

fn run(command: &Command, directory: &str) -> Step {
    Step::Run {
        name: prose::capital(&command.purpose),
        command: step_line(command),
        directory: directory.to_owned(),
    }
}

fn login(platform: &Platform) -> Option<Step> {
    platform.deploy.identity.clone().map(|cloud| Step::CloudLogin { cloud })
}

fn permissions<'a>(
    ground: &Ground<'_>,
    mut platforms: impl Iterator<Item = &'a Platform>,
) -> BTreeSet<Permission> {
    let token = ground.host.identity_token.value != Ability::No
        && platforms.any(|platform| platform.deploy.identity.is_some());
    [Some(Permission::ReadCode), token.then_some(Permission::IdentityToken)].into_iter().flatten().collect()
}

/// The variables by which the migrating service finds its database.
fn database_variables(ground: &Ground<'_>) -> Vec<String> {
    let engine = ground.placed_database().map(|data| data.engine.as_str());
    engine
        .map(|engine| ground.engine_variables(engine).into_iter().map(str::to_owned).collect())
        .unwrap_or_default()
}

/// The name of a credential that stands for one of each secret of the application.
const EACH_SECRET: &str = "{SECRET}";

/// Names of one credential: one, one of each service that the platform runs, or one of each secret.
fn credential_names<'a>(ground: &Ground<'a>, platform: &'a Platform, credential: &Credential) -> Vec<String> {
    let blanks = ground.blanks(platform, PRODUCTION);
    if credential.name.contains("{SERVICE}") {
        release::services_on(ground, platform)
            .map(|service| blanks.clone().for_service(&service.plan.slug).line(&credential.name))
            .collect()
    } else if credential.name == EACH_SECRET {
        let is_variable = |name: &String| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        crate::secrets::required_names(ground).into_iter().filter(is_variable).collect()
    } else {
        vec![blanks.line(&credential.name)]
    }
}

fn credential_value(credential: &Credential, name: String) -> EnvValue {
    if credential.secret { EnvValue::Secret(name) } else { EnvValue::Variable(name) }
}

fn credentials<'a>(ground: &Ground<'a>, platform: &'a Platform) -> Vec<(String, EnvValue)> {
    platform
        .deploy
        .credentials
        .iter()
        .flat_map(|credential| {
            credential_names(ground, platform, credential)
                .into_iter()
                .map(move |name| (name.clone(), credential_value(credential, name)))
        })
        .collect()
}

/// What the CI host must hold.
#[derive(Default)]
pub(crate) struct Held {
    /// Secrets with their purpose.
    pub(crate) secrets: Vec<NamedValue>,
    /// Plain variables with their purpose.
    pub(crate) variables: Vec<NamedValue>,
    /// Names of which each environment has its own.
    pub(crate) each_environment: BTreeSet<String>,
}

impl Held {
    fn add(&mut self, value: &EnvValue, purpose: &str, each: Each) {
        let (list, name) = match value {
            EnvValue::Secret(name) => (&mut self.secrets, name),
            EnvValue::Variable(name) => (&mut self.variables, name),
            _ => return,
        };
        if list.iter().any(|value| value.name == *name) {
            return;
        }
        let suffix = if each == Each::Environment { "; one for each environment" } else { "" };
        list.push(NamedValue { name: name.clone(), purpose: format!("{purpose}{suffix}") });
        if each == Each::Environment {
            self.each_environment.insert(name.clone());
        }
    }
}

/// How often a value is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Each {
    Once,
    Environment,
}

/// What the CI host must hold, each name with its purpose.
pub(crate) fn held_by_host(ground: &Ground<'_>) -> Held {
    let several = ground.deployed().count() > 1;
    let often = |per_environment| if per_environment && several { Each::Environment } else { Each::Once };
    let mut held = Held::default();
    for platform in ground.platforms() {
        for credential in &platform.deploy.credentials {
            for name in credential_names(ground, platform, credential) {
                held.add(
                    &credential_value(credential, name),
                    &credential.purpose,
                    often(credential.per_environment),
                );
            }
        }
    }
    if matches!(release::migration(ground, PRODUCTION), Migration::Direct(_)) {
        for name in database_variables(ground) {
            held.add(
                &EnvValue::Secret(name),
                "address of the environment's database, for the migrations",
                often(true),
            );
        }
    }
    for environment in ground.deployed() {
        for name in health::address_variables(ground, environment) {
            let purpose = "address of the environment, assigned at the first deploy, for the smoke test";
            held.add(&EnvValue::Variable(name), purpose, often(true));
        }
    }
    held
}
