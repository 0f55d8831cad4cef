//! Scripts, environments → the pipeline as a typed value.

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::platform::{Ability, Builder, Platform};
use siteplan_model::design::Deployer;
use siteplan_model::pipeline::{
    Argument, EnvValue, History, Input, Job, JobEnvironment, JobPurpose, Occasion, Permission, Pipeline,
    Step, Triggers, When,
};
use siteplan_model::script::{Action, Script};

use super::checks::{self, already_on_pull_requests};
use super::limits;
use super::release::{self, Migration};
use super::scripts::{
    self, BUILD, DEPLOY, FREEZE, MIGRATE, PREVIEW_DOWN, PREVIEW_UP, PREVIOUS, RECORDED, RETURNED, ROLLBACK,
    TOOLS, VERIFY, named,
};
use crate::ground::{Ground, PREVIEW, PRODUCTION};
use crate::prose;

/// The variable that lifts the freeze, and the input by which a person sets it.
const OVERRIDE: (&str, &str) = ("OVERRIDE_FREEZE", "override_freeze");

/// The whole pipeline.
pub(crate) fn pipeline(ground: &Ground<'_>, scripts: &[Script]) -> Pipeline {
    let tests = super::reuse::job(ground).or_else(|| checks::test_job(ground, scripts));
    let mut jobs: Vec<Job> = tests.into_iter().collect();
    let deploys = super::deployer::deployer(ground) == Deployer::Pipeline;
    if let Some(build) = build_job(ground, scripts, &last_ids(&jobs)).filter(|_| deploys) {
        jobs.push(build);
    }
    for environment in ground.deployed().filter(|_| deploys) {
        let job = deploy_job(ground, scripts, environment, last_ids(&jobs));
        // A platform that runs none of the services has nothing to release.
        let does = job.steps.iter().any(|step| matches!(step, Step::Script { .. }));
        jobs.extend(does.then_some(job));
    }
    let tested = jobs.iter().any(Job::on_pull_requests) && !already_on_pull_requests(ground);
    let previews = preview_jobs(ground, scripts, tested);
    let has_previews = !previews.is_empty();
    jobs.extend(previews);
    Pipeline {
        name: if deploys { format!("Deploy to {}", ground.platform.name) } else { "Test".to_owned() },
        triggers: Triggers {
            branch: ground.branch.clone(),
            push: true,
            pull_requests: tested || has_previews,
            pull_request_closed: has_previews,
            manual: true,
            inputs: named(scripts, FREEZE).map(|_| override_input()).into_iter().collect(),
        },
        jobs,
    }
}

fn override_input() -> Input {
    Input {
        name: OVERRIDE.1.to_owned(),
        description: "Deploy although production is frozen".to_owned(),
        choices: vec!["no".to_owned(), "yes".to_owned()],
        default: "no".to_owned(),
        required: false,
    }
}

fn last_ids(jobs: &[Job]) -> Vec<String> {
    jobs.last().map(|job| job.id.clone()).into_iter().collect()
}

/// A step that runs a script for an environment, or without one, and sees the secrets that the script needs.
pub(super) fn step(ground: &Ground<'_>, script: &Script, environment: Option<&str>) -> Step {
    let purpose = prose::capital(&script.purpose);
    // A title says the main thing; the script itself says all.
    let title = purpose.split(", and ").next().unwrap_or_default();
    Step::Script {
        name: environment.map_or(title.to_owned(), |name| title.replace("an environment", name)),
        id: script.name.clone(),
        script: script.name.clone(),
        arguments: environment.map(|name| Argument::Word(name.to_owned())).into_iter().collect(),
        when: When::Succeeded,
        minutes: limits::of_script(ground, script),
        env: secrets_of(script, &[environment.unwrap_or(PRODUCTION)]),
    }
}

/// The same step under another id, when something has failed; further words follow its environment.
fn later(step: Step, title: &str, new_id: &str, then: When, words: &[&str]) -> Step {
    match step {
        Step::Script { script, mut arguments, minutes, env, .. } => {
            arguments.extend(words.iter().map(|word| Argument::Word((*word).to_owned())));
            let (name, id) = (title.to_owned(), new_id.to_owned());
            Step::Script { name, id, script, arguments, when: then, minutes, env }
        }
        other => other,
    }
}

/// What a script needs in some environments, as the host holds it.
fn needs_of(script: &Script, environments: &[&str], secret: bool) -> BTreeMap<String, EnvValue> {
    let here = |wanted: &[String]| {
        wanted.is_empty() || wanted.iter().any(|name| environments.contains(&name.as_str()))
    };
    let wanted = script.needs.iter().filter(|need| {
        need.secret == secret && here(&need.environments) && need.name != scripts::PULL_REQUEST
    });
    wanted
        .map(|need| {
            let name = need.name.clone();
            let value = if need.secret { EnvValue::Secret(name) } else { EnvValue::Variable(name) };
            (need.name.clone(), value)
        })
        .collect()
}

/// The secrets among it, which the script's own step sees alone.
pub(super) fn secrets_of(script: &Script, environments: &[&str]) -> BTreeMap<String, EnvValue> {
    needs_of(script, environments, true)
}

/// The plain variables among it, which the whole job may see.
pub(super) fn variables_of(script: &Script, environments: &[&str]) -> BTreeMap<String, EnvValue> {
    needs_of(script, environments, false)
}

/// The step that installs the programs which other scripts of the job call; before any of them, and before signing in.
pub(super) fn tools<'s>(
    ground: &Ground<'_>,
    scripts: &[Script],
    mut chosen: impl Iterator<Item = &'s Script>,
) -> Option<Step> {
    let script = named(scripts, TOOLS)?;
    chosen.any(|script| !script.installed.is_empty()).then(|| step(ground, script, None))
}

/// The steps that prove to clouds who the job is, and the variables that they read.
pub(super) fn sign_in<'a>(
    ground: &Ground<'a>,
    platforms: impl Iterator<Item = &'a Platform>,
) -> (Vec<Step>, BTreeMap<String, EnvValue>) {
    let (mut steps, mut env) = (Vec::new(), BTreeMap::new());
    for platform in platforms {
        steps.extend(platform.deploy.identity.clone().map(|cloud| Step::CloudLogin { cloud }));
        let blanks = ground.blanks(platform, PRODUCTION);
        for credential in scripts::sign_in_variables(ground, platform) {
            let name = blanks.line(&credential.name);
            env.insert(name.clone(), EnvValue::Variable(name));
        }
    }
    (steps, env)
}

/// The job that builds each image once; absent where the platforms build.
fn build_job(ground: &Ground<'_>, scripts: &[Script], needs: &[String]) -> Option<Job> {
    let script = named(scripts, BUILD)?;
    let building = || ground.platforms().into_iter().filter(|p| p.deploy.builds.value == Builder::CiImage);
    let (login, mut env) = sign_in(ground, building());
    env.extend(variables_of(script, &[PRODUCTION]));
    let mut steps = vec![Step::Checkout { history: History::Commit }];
    steps.extend(tools(ground, scripts, std::iter::once(script)));
    steps.extend(login);
    steps.push(step(ground, script, None));
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
        hands_on: scripts::digests(scripts),
        timeout_minutes: limits::of_job(&steps),
        services: Vec::new(),
        env,
        steps,
    })
}

/// The job that migrates, releases and verifies one environment, and takes a failed release to production back.
fn deploy_job(ground: &Ground<'_>, scripts: &[Script], environment: &'static str, needs: Vec<String>) -> Job {
    let platforms = ground.platforms();
    let (login, mut env) = sign_in(ground, platforms.iter().copied());
    let returns = environment == PRODUCTION && scripts::is_automatic(scripts);
    let chosen = [
        named(scripts, FREEZE).filter(|_| environment == PRODUCTION),
        named(scripts, PREVIOUS).filter(|_| returns),
        named(scripts, MIGRATE),
        named(scripts, DEPLOY),
        named(scripts, VERIFY),
    ];
    let back = named(scripts, ROLLBACK).filter(|_| returns);
    // Every environment runs the very image that was built.
    let digests = scripts::digests(scripts);
    let built = (!digests.is_empty() && !needs.iter().any(|id| id == BUILD)).then(|| BUILD.to_owned());
    env.extend(
        digests
            .into_iter()
            .map(|variable| (variable.clone(), EnvValue::Handed { job: BUILD.to_owned(), variable })),
    );
    let needs = needs.into_iter().chain(built).collect();
    let mut steps = vec![Step::Checkout { history: history(scripts, returns) }];
    // What may end the job without any work comes first.
    let mut freeze = chosen.into_iter().flatten().filter(|script| script.name == FREEZE);
    steps.extend(freeze.next().map(|script| step(ground, script, Some(environment))));
    steps.extend(after_rollback(ground, scripts, environment));
    steps.extend(tools(ground, scripts, chosen.into_iter().flatten().chain(back)));
    steps.extend(login);
    steps.extend(runtimes(ground));
    for script in chosen.into_iter().flatten() {
        env.extend(variables_of(script, &[environment]));
        if script.name == FREEZE {
            env.insert(OVERRIDE.0.to_owned(), EnvValue::Input(OVERRIDE.1.to_owned()));
        } else {
            steps.push(step(ground, script, Some(environment)));
        }
    }
    if let Some(script) = back {
        let begun = [DEPLOY, VERIFY].into_iter().filter(|name| named(scripts, name).is_some());
        let begun = begun.map(str::to_owned).collect();
        env.extend(variables_of(script, &[environment]));
        steps.push(later(
            step(ground, script, Some(environment)),
            "Return to the release that served before",
            ROLLBACK,
            When::FailedAny(begun),
            &[RECORDED],
        ));
        if let Some(verify) = named(scripts, VERIFY) {
            steps.push(later(
                step(ground, verify, Some(environment)),
                "Ask whether the earlier release is healthy",
                "verify-again",
                When::SucceededAfterFailure(ROLLBACK.to_owned()),
                &[RETURNED],
            ));
        }
    }
    let mut permissions = permissions(ground, platforms.iter().copied());
    let asks = steps.iter().any(|step| matches!(step, Step::AfterRollback { .. }));
    permissions.extend(asks.then_some(Permission::ReadRuns));
    Job {
        id: format!("deploy-{environment}"),
        name: format!("Deploy to {environment}"),
        purpose: JobPurpose::Deploy,
        needs,
        occasion: Occasion::Branch,
        environment: Some(JobEnvironment {
            name: environment.to_owned(),
            url: address(ground, environment),
            approval: environment == PRODUCTION && super::waits_for_a_person(ground),
            chosen_by: None,
        }),
        permissions,
        exclusive: Some(environment.to_owned()),
        calls: None,
        hands_on: Vec::new(),
        timeout_minutes: limits::of_job(&steps),
        services: Vec::new(),
        env,
        steps,
    }
}

/// The jobs that make and end the preview of a pull request, where the pipeline does. The tests come first where this
/// pipeline runs them on pull requests.
fn preview_jobs(ground: &Ground<'_>, scripts: &[Script], tested: bool) -> Vec<Job> {
    let job = |name: &str, title: &str, occasion, needs: Vec<String>| {
        let script = named(scripts, name)?;
        let (login, mut env) = sign_in(ground, std::iter::once(ground.platform));
        env.extend(variables_of(script, &[PREVIEW]));
        env.insert(scripts::PULL_REQUEST.to_owned(), EnvValue::PullRequest);
        let mut steps = vec![Step::Checkout { history: History::Commit }];
        steps.extend(tools(ground, scripts, std::iter::once(script)));
        steps.extend(login);
        steps.push(step(ground, script, None));
        Some(Job {
            id: name.to_owned(),
            name: title.to_owned(),
            purpose: JobPurpose::Preview,
            needs,
            occasion,
            environment: Some(JobEnvironment {
                name: PREVIEW.to_owned(),
                url: None,
                approval: false,
                chosen_by: None,
            }),
            permissions: permissions(ground, std::iter::once(ground.platform)),
            exclusive: Some(PREVIEW.to_owned()),
            calls: None,
            hands_on: Vec::new(),
            timeout_minutes: limits::of_job(&steps),
            services: Vec::new(),
            env,
            steps,
        })
    };
    let needs = if tested { vec![checks::TEST.to_owned()] } else { Vec::new() };
    let up = job(PREVIEW_UP, "Preview", Occasion::PullRequest, needs);
    let down = job(PREVIEW_DOWN, "End the preview", Occasion::PullRequestClosed, Vec::new());
    [up, down].into_iter().flatten().collect()
}

/// The address of an environment, where it is known before the first deploy.
fn address(ground: &Ground<'_>, environment: &str) -> Option<String> {
    ground.main().filter(|main| main.plan.kind.serves_http()).and_then(|main| ground.url(main, environment))
}

/// What keeps a release that waited behind a rollback of production from going out unasked, where the host tells of rollbacks.
fn after_rollback(ground: &Ground<'_>, scripts: &[Script], environment: &str) -> Option<Step> {
    let asks = ground.host.tells_rollbacks.value == Ability::Yes && environment == PRODUCTION;
    (asks && named(scripts, ROLLBACK).is_some()).then(|| Step::AfterRollback {
        environment: environment.to_owned(),
        pipeline: super::rolling_back::TITLE.to_owned(),
        path: super::paths::rollback(ground).map(str::to_owned),
    })
}

/// Runtimes of what a script installs by itself before it migrates or hands a build over.
fn runtimes(ground: &Ground<'_>) -> Vec<Step> {
    let migrating_path = release::migrating(ground).map_or(".", |service| service.plan.path.as_str());
    if matches!(release::migration_in_script(ground), Migration::Direct(_)) {
        checks::runtimes_in(ground, migrating_path)
    } else if ground.platforms().iter().any(|platform| platform.deploy.builds.value == Builder::CiArtifact) {
        checks::runtimes(ground)
    } else {
        Vec::new()
    }
}

/// Pushing the commit elsewhere, and comparing it with the one that serves, need the whole history.
fn history(scripts: &[Script], returns: bool) -> History {
    let pushes = |action: &Action| matches!(action, Action::Run { line, .. } if line.contains("git ") && line.contains(" push "));
    let guards = |action: &Action| returns && matches!(action, Action::MigrationGuard { .. });
    let needs_it = |name: &str| {
        named(scripts, name)
            .is_some_and(|script| script.actions.iter().any(|action| pushes(action) || guards(action)))
    };
    if needs_it(DEPLOY) || needs_it(ROLLBACK) { History::Whole } else { History::Commit }
}

pub(super) fn permissions<'a>(
    ground: &Ground<'_>,
    mut platforms: impl Iterator<Item = &'a Platform>,
) -> BTreeSet<Permission> {
    let token = ground.host.identity_token.value != Ability::No
        && platforms.any(|platform| platform.deploy.identity.is_some());
    [Some(Permission::ReadCode), token.then_some(Permission::IdentityToken)].into_iter().flatten().collect()
}
