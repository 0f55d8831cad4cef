//! Section 3: from a push to production.

pub(crate) mod checks;
pub(crate) mod deployer;
mod existing;
mod freeze;
pub(crate) mod held;
mod limits;
pub(crate) mod others;
pub(crate) mod paths;
mod pipeline;
pub(crate) mod release;
pub(crate) mod reuse;
pub(crate) mod rolling_back;
pub(crate) mod scripts;
pub(crate) mod test_data;
mod workflow;

use siteplan_catalog::names::Origin;
use siteplan_catalog::platform::{Ability, Billing, ImageShare, Platform, Unit};
use siteplan_model::design::{Delivery, Deployer};
use siteplan_model::script::Script;
use siteplan_model::survey::ServiceKind;

use crate::error::DesignError;
use crate::ground::{Ground, PREVIEW, PRODUCTION};
use crate::prose;

/// The value of setting `production_approval` that lets production wait.
const MANUAL: &str = "manual";

/// Whether production waits for a person.
pub(crate) fn waits_for_a_person(ground: &Ground<'_>) -> bool {
    ground.setting("production_approval") == MANUAL
}

/// Whether the settings of the section can be read.
pub(crate) fn check(ground: &Ground<'_>) -> Result<(), DesignError> {
    freeze::check(ground)
}

/// The section.
pub(crate) fn delivery(ground: &Ground<'_>) -> Delivery {
    let host = ground.host;
    let scripts = scripts::scripts(ground);
    let pipeline = pipeline::pipeline(ground, &scripts);
    let held = if ground.automatic { held::held_by_host(ground) } else { held::Held::default() };
    Delivery {
        automatic: ground.automatic,
        code_host: host.id.clone(),
        ci_name: host.ci_name.clone(),
        pipeline_path: paths::pipeline(ground).to_owned(),
        branch: ground.branch.clone(),
        production_approval: waits_for_a_person(ground),
        approval_note: approval_note(ground),
        workflow: workflow::workflow(ground, &scripts),
        deploy_commands: release::by_hand(ground, PRODUCTION),
        ci_secrets: held.secrets,
        ci_variables: held.variables,
        existing_ci: existing::existing_ci(ground, &pipeline),
        ci_cost_note: ci_cost_note(ground),
        gaps: gaps(ground, &scripts),
        freeze_window: freeze::window(ground).map(|window| window.text),
        deployer: deployer::deployer(ground),
        only_one_deployer: only_one_deployer(ground),
        pipeline,
        rollback_pipeline: rolling_back::rollback_pipeline(ground, &scripts),
        rollback_path: paths::rollback(ground).map(str::to_owned),
        scripts,
        runtime_installer: release::runtime_installer(ground),
        other_deployers: others::other_deployers(ground),
        repository: ground.survey.repository.as_ref().map(|fact| fact.value.clone()),
    }
}

/// What the approval needs of the host, when production waits for one.
fn approval_note(ground: &Ground<'_>) -> Option<String> {
    if !waits_for_a_person(ground) || !ground.automatic {
        return None;
    }
    let host = ground.host;
    let visibility = ground.setting("repository_visibility");
    Some(if visibility == "public" {
        format!("{}.", host.approval.value)
    } else {
        format!(
            "The repository is {visibility}. {}. Without that plan: {}.",
            host.approval.value, host.manual_start.value
        )
    })
}

fn ci_cost_note(ground: &Ground<'_>) -> String {
    let host = ground.host;
    if !ground.automatic {
        return "$0: no CI runs; a person runs the commands".to_owned();
    }
    if host.scripts_only {
        return format!(
            "Depends on the CI or machine that runs `{}`; siteplan counts $0",
            host.pipeline_path
        );
    }
    if ground.setting("repository_visibility") == "public" {
        return format!("$0: {} is free for public repositories", host.ci_name);
    }
    let lines = &ground.quote.report.lines;
    let Some(line) = lines.iter().find(|line| line.unit == "minute" && line.item.starts_with(&host.ci_name))
    else {
        return format!(
            "{} gives {} free minutes a month for a private repository, then ${} a minute",
            host.ci_name,
            prose::thousands(u64::from(host.free_minutes.value)),
            prose::number(host.usd_per_minute.value.to_f64())
        );
    };
    format!(
        "{} a month: about {} minutes of {} of which a private repository has {} free",
        line.monthly.span(),
        prose::number(line.quantity.round()),
        host.ci_name,
        prose::thousands(u64::from(host.free_minutes.value))
    )
}

fn only_one_deployer(ground: &Ground<'_>) -> String {
    if deployer::deployer(ground) == Deployer::PlatformAfterChecks {
        return deployer::how(ground).unwrap_or_default();
    }
    let sentences: Vec<String> =
        ground.platforms().iter().map(|platform| platform.deploy.only_one_deployer.clone()).collect();
    let said = sentences.join("; ");
    if ground.automatic { said } else { said.replace("the pipeline", "a person") }
}

/// A database whose address the application was not seen to read.
fn unread_address(ground: &Ground<'_>) -> Option<String> {
    let placed = ground.placed_database().filter(|_| !ground.planned)?;
    let reads_one = ground.survey.environment.iter().any(|variable| {
        crate::address::of(ground, &variable.name).is_some_and(|address| !address.data.is_cache)
            || ground
                .catalog
                .secret_kinds
                .of(&variable.name)
                .is_some_and(|kind| kind.origin == Origin::DataService)
    });
    let name = ground.engine_variables(&placed.engine).into_iter().next()?;
    (!reads_one).then(|| {
        format!(
            "No variable was found from which the application takes the address of {}: let it read one ({}) before the first deploy.",
            ground.called(&placed.engine),
            prose::code(name)
        )
    })
}

/// Jobs of which the repository does not say when they run.
fn assumed_schedules(ground: &Ground<'_>) -> Option<String> {
    let assumed = ground.services.iter().filter(|service| service.plan.schedule_assumed);
    let jobs: Vec<String> = assumed
        .filter_map(|service| {
            let schedule = service.plan.schedule.as_deref()?;
            Some(format!("{} at {}", prose::code(&service.plan.slug), prose::code(schedule)))
        })
        .collect();
    (!jobs.is_empty()).then(|| {
        format!(
            "The repository does not say when its jobs run; assumed is {} (UTC): set the real times before the first deploy.",
            prose::list(&jobs)
        )
    })
}

/// Programs that are installed without a look at what was loaded.
fn unchecked_tools(ground: &Ground<'_>) -> impl Iterator<Item = String> {
    release::tools(ground).filter_map(|tool| {
        let why = tool.unchecked.as_ref()?;
        Some(format!(
            "{} installs {} {} without checking it, where a machine lacks it: {why}.",
            prose::code(&format!("deploy/{}", scripts::TOOLS)),
            tool.name,
            tool.version.value
        ))
    })
}

/// Scheduled jobs for which a platform's files are not enough.
fn scheduled_by_hand(ground: &Ground<'_>) -> Vec<String> {
    let jobs = ground.services.iter().filter(|service| service.plan.kind == ServiceKind::Cron);
    jobs.filter_map(|service| {
        let plan = &service.plan;
        let start = plan.commands.start.as_deref().map_or_else(|| "the job".to_owned(), prose::code);
        let blanks = ground
            .blanks(service.platform, PRODUCTION)
            .for_service(&plan.slug)
            .with("start", start)
            .with("schedule", plan.schedule.as_deref().map(prose::code).unwrap_or_default());
        Some(format!("{}.", blanks.sentence(&service.platform.runs.cron_by_hand.as_ref()?.value)))
    })
    .collect()
}

/// What several servers ask of a team, on platforms whose files describe them.
fn several_servers(ground: &Ground<'_>) -> Option<String> {
    let (platform, count) = servers(ground)?;
    let how = platform.compute.several_servers.as_ref()?;
    let health = prose::code(&crate::health::path(ground));
    let blanks = ground.blanks(platform, PRODUCTION).with("count", count.to_string()).with("health", health);
    Some(format!("{}.", blanks.sentence(&how.value)))
}

/// The platform of rented servers of which production needs more than one, with their number.
fn servers<'a>(ground: &Ground<'a>) -> Option<(&'a Platform, u32)> {
    let on_servers = ground.services.iter().filter(|s| s.platform.compute.billing.value == Billing::Server);
    let most = on_servers.max_by_key(|service| service.placed.instances)?;
    (most.placed.instances > 1).then_some((most.platform, most.placed.instances))
}

/// What the reader must know where the load needs more servers than the platform's files can describe.
pub(crate) fn single_server(ground: &Ground<'_>) -> Option<String> {
    let (platform, count) = servers(ground)?;
    if platform.compute.several_servers.is_some() {
        return None;
    }
    let others = ground.catalog.platforms.values().filter(|other| other.compute.several_servers.is_some());
    let others: Vec<String> = others
        .map(|other| format!("{} ({})", other.name, prose::code(&format!("--set platform={}", other.id))))
        .collect();
    let instead = if others.is_empty() {
        String::new()
    } else {
        format!(" {} does from its own files.", prose::list(&others))
    };
    Some(format!(
        "The load needs {count} servers, which the cost counts, and {} runs on one: the files here describe one server, which is too small for the highest load.{instead}",
        platform.name
    ))
}

/// Services that are reached from outside on a platform that gives the whole application one address.
fn further_addresses(ground: &Ground<'_>) -> Vec<String> {
    let further = |platform: &Platform| {
        platform.deploy.commands.iter().any(|command| command.images == Some(ImageShare::Further))
    };
    let single = ground
        .platforms()
        .into_iter()
        .filter(|platform| platform.deploy.unit == Unit::Address && !further(platform));
    single
        .filter_map(|platform| {
            let served: Vec<String> = release::services_on(ground, platform)
                .filter(|service| service.plan.kind.serves_http())
                .map(|service| prose::code(&service.plan.slug))
                .collect();
            let (main, others) = served.split_first()?;
            (!others.is_empty()).then(|| {
                format!(
                    "An app of {} has one address, which {main} gets: {} {} an app of its own, made by hand.",
                    platform.name,
                    prose::list(others),
                    if others.len() == 1 { "needs" } else { "need each" }
                )
            })
        })
        .collect()
}

/// What is open, in sentences.
fn gaps(ground: &Ground<'_>, scripts: &[Script]) -> Vec<String> {
    let mut gaps = Vec::new();
    let survey = ground.survey;
    if ground.planned {
        gaps.push(
            "The repository has no code yet: the pipeline's test job is added with `siteplan plan` once it has.".to_owned(),
        );
    } else if reuse::reused(ground).is_none() && checks::test_commands(ground).is_empty() {
        let checked = checks::verbs(ground);
        gaps.push(if checked.is_empty() {
            "No command to install, lint, build or test was found: nothing is checked before a release. Write a first test, then run `siteplan plan` again.".to_owned()
        } else {
            format!("No test command was found: all that the pipeline can do before a release is to {}. Write a first test, then run `siteplan plan` again.", prose::list(&checked))
        });
    }
    for service in &survey.test_services {
        let known =
            ground.catalog.runtimes.engine(&service.value).is_some_and(|engine| engine.image.is_some());
        if !known && reuse::reused(ground).is_none() {
            gaps.push(format!(
                "The tests connect to {}{}, for which the pipeline starts nothing: add it to the test job by hand.",
                ground.called(&service.value),
                service.place().map(|place| format!(" (`{place}`)")).unwrap_or_default()
            ));
        }
    }
    gaps.extend(crate::images::gaps(ground));
    gaps.extend(crate::images::lacking(ground));
    gaps.extend(crate::images::doubts(ground));
    gaps.extend(unread_address(ground));
    gaps.extend(deployer::refused(ground));
    gaps.extend(assumed_schedules(ground));
    gaps.extend(scheduled_by_hand(ground));
    gaps.extend(unchecked_tools(ground));
    gaps.extend(several_servers(ground));
    gaps.extend(further_addresses(ground));
    for service in &ground.services {
        let plan = &service.plan;
        let server = plan.dockerfile.is_none() && plan.kind != siteplan_model::survey::ServiceKind::Static;
        if !ground.planned && server && plan.commands.start.is_none() {
            gaps.push(format!(
                "No command that starts `{}` in production was found: name it before the first deploy.",
                plan.slug
            ));
        }
    }
    let by_command = survey.migrations.as_ref().is_some_and(|found| !found.at_start);
    if by_command && ground.has_database() && ground.migrate_command().is_none() {
        gaps.push(
            "The command that migrates the database was not found: name it before the first deploy."
                .to_owned(),
        );
    }
    gaps.extend(crate::health::gaps(ground));
    if deployer::deployer(ground) == Deployer::Pipeline && !scripts::is_automatic(scripts) {
        gaps.push(format!(
            "{} does not tell which release serves, so the pipeline cannot return to it by itself: a person rolls back.",
            ground.platform.name
        ));
    }
    for platform in ground.platforms() {
        if platform.deploy.identity.is_some()
            && ground.host.identity_token.value == Ability::No
            && ground.automatic
        {
            gaps.push(format!(
                "{} cannot prove to {} who it is: the machine that runs it must be signed in already.",
                ground.host.ci_name, platform.name
            ));
        }
    }
    if scripts::named(scripts, scripts::PREVIEW_UP).is_none()
        && ground.environments.names().contains(&PREVIEW)
        && ground.platform.capabilities.preview_environments.value != Ability::Yes
    {
        gaps.push(format!(
            "The pipeline makes no previews, and {} does so only with conditions: {}.",
            ground.platform.name, ground.platform.environments.preview.value
        ));
    }
    gaps
}
