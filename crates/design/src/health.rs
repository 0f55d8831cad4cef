//! Section 8: the health contract, the platform's check, the monitors; and the smoke test that uses the contract.

use siteplan_catalog::condition::Need;
use siteplan_catalog::platform::{Prints, Probe, Statement};
use siteplan_catalog::small::{MonitorPurpose, MonitorTool};
use siteplan_model::design::{Command, HealthAnswers, HealthSection, Monitor};
use siteplan_model::script::Action;
use siteplan_model::survey::ServiceKind;

use crate::command::quoted;
use crate::ground::{Ground, PRODUCTION};
use crate::names::variable_part;
use crate::prose;
use crate::services::PlacedService;

/// Seconds between two checks.
const INTERVAL: u32 = 30;
/// Seconds until a check fails.
const TIMEOUT: u32 = 5;
/// Failures in a row that count.
const THRESHOLD: u32 = 3;

/// The section.
pub(crate) fn health(ground: &Ground<'_>) -> HealthSection {
    HealthSection {
        included: ground.health_checks,
        path: path(ground),
        found_at: found_at(ground),
        live_path: ground.main().and_then(|main| main.plan.live_path.clone()),
        fields: fields(ground),
        interval_seconds: INTERVAL,
        timeout_seconds: TIMEOUT,
        failure_threshold: THRESHOLD,
        platform_check: platform_check(ground),
        without_http: without_http(ground),
        monitors: monitors(ground),
    }
}

/// The readiness path of the main service; empty where nothing answers over HTTP.
pub(crate) fn path(ground: &Ground<'_>) -> String {
    ground.main().and_then(|main| main.plan.health_path.clone()).unwrap_or_default()
}

/// Where the readiness path was found; absent when it has to be written.
pub(crate) fn found_at(ground: &Ground<'_>) -> Option<String> {
    found_for(ground, ground.main()?)
}

/// What has to be done before the first deploy so that the paths are answered, in sentences.
pub(crate) fn gaps(ground: &Ground<'_>) -> Vec<String> {
    let several = ground.over_http().count() > 1;
    let unwritten = unwritten(ground).into_iter().map(|(service, path)| {
        let of = if several { format!(" of `{service}`") } else { String::new() };
        format!("`{path}`{of} has to be written before the first deploy: the smoke test requests it.")
    });
    let joined = ground.services.iter().filter(|_| ground.health_checks).filter_map(|service| {
        let code = service.plan.health_code.as_ref().filter(|code| !code.wiring.is_empty())?;
        let path = match code.answers {
            HealthAnswers::Both => service.plan.health_path.as_deref()?,
            HealthAnswers::Live => service.plan.live_path.as_deref()?,
        };
        Some(format!(
            "`{}` has to be joined to the application before the first deploy, as section 8 says, so that `{path}` answers.",
            code.file
        ))
    });
    // Services that share a file are told of once.
    let mut gaps: Vec<String> = unwritten.chain(joined).collect();
    gaps.dedup();
    gaps
}

/// The services whose readiness path has to be written by hand, each with the path.
pub(crate) fn unwritten(ground: &Ground<'_>) -> Vec<(String, String)> {
    if !ground.health_checks {
        return Vec::new();
    }
    let missing = ground
        .over_http()
        .filter(|service| found_for(ground, service).is_none() && service.plan.health_code.is_none());
    missing
        .filter_map(|service| Some((service.plan.slug.clone(), service.plan.health_path.clone()?)))
        .filter(|(_, path)| path != "/")
        .collect()
}

fn found_for(ground: &Ground<'_>, service: &PlacedService<'_>) -> Option<String> {
    let of_service = service.found.filter(|service| service.health_endpoint.is_some()).map(|service| {
        service
            .evidence
            .get("health_endpoint")
            .and_then(|list| list.first())
            .map(siteplan_model::fact::Evidence::place)
    });
    match of_service {
        Some(Some(place)) => Some(place),
        Some(None) => {
            let fact = ground.survey.health_endpoint.as_ref();
            Some(
                fact.and_then(siteplan_model::fact::Fact::place)
                    .unwrap_or_else(|| "the repository".to_owned()),
            )
        }
        None => ground
            .survey
            .health_endpoint
            .as_ref()
            .filter(|fact| service.plan.health_path.as_ref() == Some(&fact.value))?
            .place(),
    }
}

/// What the answer holds: what the generated code asks, where it is generated, else what the application uses.
fn fields(ground: &Ground<'_>) -> Vec<String> {
    let mut fields = Vec::new();
    let code = ground.main().and_then(|main| main.plan.health_code.as_ref());
    if let Some(code) = code.filter(|code| code.answers == HealthAnswers::Both) {
        fields.extend(code.checks.iter().map(|check| check.field.clone()));
        fields.extend(["version", "uptime", "timestamp"].map(str::to_owned));
        return fields;
    }
    if ground.placed_database().is_some() || ground.embedded_engine().is_some() {
        fields.push("database".to_owned());
    }
    if ground.needs(Need::Cache) {
        fields.push("cache".to_owned());
    }
    fields.extend(["version", "uptime", "timestamp"].map(str::to_owned));
    fields
}

fn platform_check(ground: &Ground<'_>) -> Vec<String> {
    let main = path(ground);
    let about = ground.circumstances();
    let platform = ground.platform;
    let mut lines = Vec::new();
    if let Some(place) = platform.health.configured_by.as_ref().filter(|_| !main.is_empty()) {
        lines.push(format!("Configured by {}", place.value));
        lines.extend(which_path(ground));
        lines.push(format!(
            "The three numbers apply wherever {} and the uptime monitor let them be set; what {} does by itself:",
            platform.name, platform.name
        ));
    }
    let behaviour = platform.health.behaviour.iter().filter(|_| !main.is_empty());
    let statements = behaviour.chain(&platform.health.besides);
    let holds = |statement: &&Statement| {
        statement.when.holds(&about) && (!main.is_empty() || !statement.text.contains("{path}"))
    };
    // What the platform calls is the path of its own check, which is the live one where that check restarts.
    let called = ground.main().and_then(|main| main.plan.probe_path.clone()).unwrap_or_else(|| main.clone());
    let shown = prose::code(&called);
    lines.extend(statements.filter(holds).map(|statement| statement.text.replace("{path}", &shown)));
    lines.extend(others(ground));
    lines
}

/// Which path the platform's check gets, and why.
fn which_path(ground: &Ground<'_>) -> Option<String> {
    let main = ground.main()?;
    let path = main.plan.health_path.as_deref().filter(|path| *path != "/")?;
    let (ready, name) = (prose::code(path), &main.platform.name);
    let live = main.plan.live_path.as_deref().filter(|live| *live != path).map(prose::code);
    Some(match (main.platform.health.probe.as_ref()?.value, live) {
        (Probe::Restarts, Some(live)) => format!(
            "{name} has one check, and an instance that fails it is restarted or replaced: it gets {live}, which asks nothing but the process, so that a short outage of the database does not restart every instance; {ready} is for the smoke test and the uptime monitor"
        ),
        (Probe::Restarts, None) => format!(
            "{name} has one check, and an instance that fails it is restarted or replaced: {ready} must not fail when the database is away for a moment, or every instance restarts; if it asks the database, write a live path that does not and give the check that one"
        ),
        (Probe::Gates, Some(live)) => format!(
            "{name} has one check, and it restarts nothing: it gets {ready}, so that only instances which can serve count; {live} is for probes that restart"
        ),
        (Probe::Gates, None) => {
            format!(
                "{name} has one check, and it restarts nothing: it gets {ready}, so that only instances which can serve count"
            )
        }
        (Probe::Separate, Some(live)) => format!(
            "Startup and readiness get {ready}; the liveness probe, which restarts, gets {live}, so that a short outage of the database does not restart every instance"
        ),
        (Probe::Separate, None) => format!(
            "Startup and readiness get {ready}; the liveness probe, which restarts, asks only whether the port is open, because {ready} may ask the database"
        ),
    })
}

/// Where the services beside the main one answer.
fn others(ground: &Ground<'_>) -> Vec<String> {
    let main = ground.main().map(|main| main.plan.slug.clone());
    let beside = ground.over_http().filter(|service| Some(&service.plan.slug) != main.as_ref());
    beside
        .filter_map(|service| {
            let path = service.plan.health_path.as_deref()?;
            let where_from = match found_for(ground, service) {
                Some(place) => format!(" (`{place}`)"),
                None if path == "/" => ", its start page".to_owned(),
                None => ", which has to be written too".to_owned(),
            };
            Some(format!("{} answers at {}{where_from}", prose::code(&service.plan.slug), prose::code(path)))
        })
        .collect()
}

fn without_http(ground: &Ground<'_>) -> Vec<String> {
    ground
        .services
        .iter()
        .filter(|service| !service.plan.kind.serves_http())
        .map(|service| {
            let slug = prose::code(&service.plan.slug);
            match service.plan.kind {
                ServiceKind::Cron => format!(
                    "{slug} has no address: let it report each finished run to a heartbeat of the uptime monitor, which alarms when one is missing"
                ),
                _ => format!(
                    "{slug} has no address: {} restarts it when the process ends; alarm on restarts in its log and on a queue that grows",
                    service.platform.name
                ),
            }
        })
        .collect()
}

fn monitors(ground: &Ground<'_>) -> Vec<Monitor> {
    [
        (MonitorPurpose::ErrorTracking, "error_tracking", "Error tracking"),
        (MonitorPurpose::Uptime, "uptime", "Uptime"),
        (MonitorPurpose::Performance, "performance", "Performance"),
    ]
    .into_iter()
    .map(|(watches, key, purpose)| monitor(ground, watches, key, purpose))
    .collect()
}

fn monitor(ground: &Ground<'_>, watches: MonitorPurpose, key: &str, purpose: &str) -> Monitor {
    let purpose = purpose.to_owned();
    let set = ground.setting(key);
    let tools = || ground.catalog.monitors.values().filter(|tool| tool.watches == watches);
    let free = |tool: &MonitorTool| format!("free: {}", prose::small(&tool.free.value));
    if !set.is_empty() {
        let known = tools().find(|tool| tool.id == set || tool.name == set);
        let because = format!("setting `{key}`");
        return Monitor {
            purpose,
            tool: known.map_or(set, |tool| tool.name.as_str()).to_owned(),
            because: known.map_or(because.clone(), |tool| format!("{because}; {}", free(tool))),
        };
    }
    for service in &ground.survey.external_services {
        if let Some(tool) = tools().find(|tool| tool.detected_as.contains(&service.value)) {
            let place = service
                .place()
                .map_or_else(|| "in the repository".to_owned(), |place| format!("at `{place}`"));
            return Monitor {
                purpose,
                tool: tool.name.clone(),
                because: format!("already in use {place}; {}", free(tool)),
            };
        }
    }
    match tools().find(|tool| tool.default).or_else(|| tools().next()) {
        Some(tool) => Monitor {
            purpose,
            tool: tool.name.clone(),
            because: format!("siteplan's default, `--set {key}=…` names another; {}", free(tool)),
        },
        None => Monitor {
            purpose,
            tool: format!("{}'s own logs and metrics", ground.platform.name),
            because: "no tool is in use and the catalog names none".to_owned(),
        },
    }
}

/// The path that the smoke test requests: the health path, or the root where health is designed elsewhere.
pub(crate) fn smoke_path(ground: &Ground<'_>, service: &PlacedService<'_>) -> String {
    let found = service.found.is_some_and(|found| found.health_endpoint.is_some());
    match &service.plan.health_path {
        Some(path) if ground.health_checks || found => path.clone(),
        _ => "/".to_owned(),
    }
}

/// The variable that holds an address assigned at the first deploy.
fn address_variable(ground: &Ground<'_>, service: &PlacedService<'_>) -> String {
    if ground.over_http().count() == 1 {
        "APP_URL".to_owned()
    } else {
        format!("APP_URL_{}", variable_part(&service.plan.slug))
    }
}

/// Whether a release prints the address under which it is reached.
fn prints_address(service: &PlacedService<'_>) -> bool {
    let commands = &service.platform.deploy.commands;
    commands.iter().any(|command| command.prints == Some(Prints::Address) && service.is_of(&command.kinds))
}

/// Whether the smoke test of an environment requests the address that its release has printed: it has no fixed one.
fn is_made(ground: &Ground<'_>, service: &PlacedService<'_>, environment: &str) -> bool {
    environment != PRODUCTION && prints_address(service) && ground.url(service, environment).is_none()
}

/// The variable of the address that a release of a service prints, and the environments that are reached under it.
pub(crate) fn made_address(ground: &Ground<'_>, slug: &str) -> Option<(String, Vec<String>)> {
    let service = ground.over_http().find(|service| service.plan.slug == slug)?;
    let made = ground.deployed().filter(|environment| is_made(ground, service, environment));
    let made: Vec<String> = made.map(str::to_owned).collect();
    (!made.is_empty()).then(|| (address_variable(ground, service), made))
}

/// The variables that the smoke tests of an environment need.
pub(crate) fn address_variables(ground: &Ground<'_>, environment: &str) -> Vec<String> {
    addresses(ground, environment)
        .into_iter()
        .filter_map(|(variable, url)| url.is_none().then_some(variable))
        .collect()
}

/// The requests of a script, which holds the addresses in variables.
pub(crate) fn smoke_actions(ground: &Ground<'_>) -> Vec<Action> {
    ground
        .over_http()
        .map(|service| {
            let path = smoke_path(ground, service);
            let variable = address_variable(ground, service);
            Action::Smoke {
                purpose: format!("smoke test: {} answers at {path}", service.plan.slug),
                address: format!("\"${variable}\"{}", quoted(&path)),
                kept: made_address(ground, &service.plan.slug).map(|(variable, _)| variable),
            }
        })
        .collect()
}

/// The variables of a script that hold addresses, with the address where one is known before the first deploy; without
/// those that the release itself prints.
pub(crate) fn addresses(ground: &Ground<'_>, environment: &str) -> Vec<(String, Option<String>)> {
    ground
        .over_http()
        .filter(|service| !is_made(ground, service, environment))
        .map(|service| (address_variable(ground, service), ground.url(service, environment)))
        .collect()
}

/// A request that is repeated for a minute before it counts as failed.
fn request(address: &str) -> String {
    format!(
        "curl --fail --silent --show-error --output /dev/null --max-time {TIMEOUT} --retry 12 --retry-delay {TIMEOUT} --retry-all-errors {address}"
    )
}

/// One request for each service that answers over HTTP, repeated for a minute before it counts as failed.
pub(crate) fn smoke_tests(ground: &Ground<'_>, environment: &str) -> Vec<Command> {
    ground
        .over_http()
        .map(|service| {
            let path = smoke_path(ground, service);
            let address = match ground.url(service, environment) {
                Some(url) => quoted(&format!("{url}{path}")),
                None => format!("\"${}\"{}", address_variable(ground, service), quoted(&path)),
            };
            Command {
                purpose: format!("smoke test: {} answers at {path}", service.plan.slug),
                line: request(&address),
            }
        })
        .collect()
}
