//! Placed components of the quote → what each service's own configuration needs to know.

mod commands;
mod schedule;
mod units;
mod versions;

use siteplan_catalog::Catalog;
use siteplan_catalog::platform::{Ability, Billing, Builder, Platform, Probe, RunMode};
use siteplan_cost::workload::Component;
use siteplan_cost::{PlacedComponent, Quote};
use siteplan_model::design::ServicePlan;
use siteplan_model::survey::{Commands, Service, ServiceKind, Survey};

use crate::error::{DesignError, known};
use crate::ground::Ground;
use crate::names;

pub(crate) use commands::{as_managed, migrate_command, migration_hook, without_hook};
use commands::{at_runtime, migrating_component};
pub(crate) use schedule::every;
pub(crate) use versions::runtime_version;

/// The port of a server about which nothing better is known: what most platforms expect without being told.
const USUAL_PORT: u16 = 8080;

/// The path that is checked where nothing better is known.
const HEALTH_PATH: &str = "/health";

/// The same below the folder that frameworks with browser code keep for answers that are not pages.
const HEALTH_PATH_BESIDE_PAGES: &str = "/api/health";

/// A service with where it runs and what was found of it.
pub(crate) struct PlacedService<'a> {
    pub(crate) plan: ServicePlan,
    pub(crate) placed: &'a PlacedComponent,
    pub(crate) platform: &'a Platform,
    pub(crate) found: Option<&'a Service>,
}

impl PlacedService<'_> {
    /// Whether the platform adds instances under load and replaces failing ones without being told.
    pub(crate) fn scales_by_itself(&self) -> bool {
        matches!(self.platform.compute.billing.value, Billing::Request | Billing::Active)
    }

    /// Whether a kind list of the catalog names it; an empty list names all.
    pub(crate) fn is_of(&self, kinds: &[ServiceKind]) -> bool {
        kinds.is_empty() || kinds.contains(&self.plan.kind)
    }
}

/// The services of a quote, named and completed.
pub(crate) fn placed_services<'a>(
    catalog: &'a Catalog,
    survey: &'a Survey,
    quote: &'a Quote,
) -> Result<Vec<PlacedService<'a>>, DesignError> {
    let components = &quote.workload.components;
    let slugs =
        names::unique(components.iter().map(|component| component.name.as_str()), names::SERVICE, "service");
    let migrating = migrating_component(survey, quote);
    let mut services = Vec::new();
    for placed in &quote.components {
        let (Some(component), Some(slug)) = (components.get(placed.component), slugs.get(placed.component))
        else {
            continue;
        };
        let platform = catalog
            .platforms
            .get(&placed.platform)
            .ok_or_else(|| known("platform", &placed.platform, catalog.platforms.keys()))?;
        let found = match component.service {
            Some(index) => survey.services.get(index),
            // The answered type is not the found one: the part that serves requests is still the one that was found.
            None if component.kind.serves_http() => survey.main_service(),
            None => None,
        };
        let mut plan = service_plan(catalog, survey, component, placed, platform, found);
        plan.slug.clone_from(slug);
        if let Some(start) = plan.commands.start.take() {
            plan.commands.start = Some(in_place(catalog, platform, &plan, &start));
        }
        if migrating == Some(placed.component) {
            plan.migrate = migrate_command(catalog, survey).map(|(command, _)| {
                // With neither the command runs where the code is checked out.
                let by_hook = migration_hook(survey, platform).is_some();
                let there = by_hook || platform.migrate.line.is_some();
                if there { in_place(catalog, platform, &plan, &command) } else { command }
            });
        }
        let mut service = PlacedService { plan, placed, platform, found };
        crate::endpoint::complete(catalog, survey, quote, &services, &mut service);
        services.push(service);
    }
    units::assign(&mut services);
    Ok(services)
}

/// The command that migrates, as the platform's hook runs it.
pub(crate) fn migration_in_hook(ground: &Ground<'_>, service: &PlacedService<'_>) -> Option<String> {
    let (command, _) = ground.migrate_command()?;
    Some(in_place(ground.catalog, service.platform, &service.plan, &command))
}

/// A command as it runs where the platform runs it: in an image that siteplan plans, or as the platform itself builds.
fn in_place(catalog: &Catalog, platform: &Platform, plan: &ServicePlan, line: &str) -> String {
    if plan.needs_image && plan.dockerfile.is_none() {
        return crate::images::inside(catalog, plan, line);
    }
    at_runtime(catalog, platform, plan, line)
}

fn service_plan(
    catalog: &Catalog,
    survey: &Survey,
    component: &Component,
    placed: &PlacedComponent,
    platform: &Platform,
    found: Option<&Service>,
) -> ServicePlan {
    let language = component.language.clone();
    let framework = component.framework.clone();
    let signal = framework.as_ref().and_then(|id| catalog.signals.frameworks.iter().find(|f| f.id == *id));
    let package_manager = found.and_then(|service| service.package_manager.clone());
    let folder = found.map_or(".", |service| service.path.as_str());
    let language_version = language.as_ref().and_then(|language| {
        Some(runtime_version(survey, catalog.runtimes.of(language, package_manager.as_deref())?, folder))
    });
    let dockerfile = found
        .and_then(|service| service.dockerfile.clone())
        .or_else(|| component.has_image.then(|| survey.containerised.dockerfile.clone()).flatten());
    let commands = match found {
        Some(service) => service.commands.clone(),
        None if component.service.is_none() && !survey.services.is_empty() => Commands::default(),
        None => survey.commands.clone(),
    };
    let found_port =
        found.and_then(|service| service.port).or_else(|| signal.and_then(|framework| framework.port));
    let health_path = component.kind.serves_http().then(|| health_path(survey, component, found, catalog));
    let live_path = health_path.as_deref().and_then(|path| live_path(survey, found, path));
    let probe_path = probe_path(platform, health_path.as_deref(), live_path.as_deref());
    let schedule = (component.kind == ServiceKind::Cron)
        .then(|| schedule::of(found.and_then(|service| service.schedule.as_deref())));
    ServicePlan {
        slug: String::new(),
        path: found.map_or_else(|| ".".to_owned(), |service| service.path.clone()),
        kind: component.kind,
        language,
        language_version,
        framework,
        package_manager,
        commands,
        port: found_port.unwrap_or(USUAL_PORT),
        whole_repository: found.is_some_and(|service| locked_above(catalog, survey, service)),
        single: found.is_some_and(|service| service.own_clock),
        image: found.filter(|_| dockerfile.is_some()).and_then(|service| service.image.clone()),
        needs_image: needs_image(catalog, component, platform, dockerfile.as_deref()),
        build_context: build_context(found, dockerfile.as_deref()),
        dockerfile,
        static_output: found.and_then(|service| service.static_output.clone()).or_else(|| {
            (component.kind == ServiceKind::Static).then(|| signal?.static_output.clone()).flatten()
        }),
        schedule_assumed: schedule.as_ref().is_some_and(schedule::Schedule::is_assumed),
        schedule: schedule.map(schedule::Schedule::expression),
        size: placed.size.clone(),
        vcpu: placed.vcpu,
        memory_mb: placed.memory_mb,
        health_path,
        live_path,
        probe_path,
        health_code: None,
        migrate: None,
        platform: Some(platform.id.clone()),
        released_with: None,
    }
}

/// Whether the lock file of a service lies above its folder and not in it: a workspace, which installs as a whole.
fn locked_above(catalog: &Catalog, survey: &Survey, service: &Service) -> bool {
    let managers = &catalog.signals.package_managers;
    let manager = service.package_manager.as_deref().and_then(|id| managers.iter().find(|one| one.id == id));
    let Some(manager) = manager else { return false };
    let folder = service.path.trim_start_matches("./").trim_matches('/');
    let has = |at: &str| {
        manager.lock_files.iter().any(|name| {
            let path = if at.is_empty() { name.clone() } else { format!("{at}/{name}") };
            survey.build_files.contains(&path)
        })
    };
    let above = std::iter::successors(Some(folder), |at| {
        (!at.is_empty()).then(|| at.rsplit_once('/').map_or("", |(above, _)| above))
    });
    !matches!(folder, "" | ".") && !has(folder) && above.skip(1).any(has)
}

/// The folder that a found Dockerfile copies from; the root for one that is written.
fn build_context(found: Option<&Service>, dockerfile: Option<&str>) -> Option<String> {
    let of_this = found.filter(|service| dockerfile.is_some() && service.dockerfile.as_deref() == dockerfile);
    of_this.and_then(|service| service.build_context.clone()).filter(|context| context != ".")
}

/// The health path found, else the one to write; a static site answers at its root.
fn health_path(survey: &Survey, component: &Component, found: Option<&Service>, catalog: &Catalog) -> String {
    use siteplan_catalog::signals::FrameworkRole;
    if component.kind == ServiceKind::Static {
        return "/".to_owned();
    }
    if let Some(path) = found.and_then(|service| service.health_endpoint.clone()) {
        return path;
    }
    let is_main = found.is_none() || found == survey.main_service();
    if is_main && let Some(path) = &survey.health_endpoint {
        return path.value.clone();
    }
    let role = component.framework.as_ref().and_then(|id| {
        catalog
            .signals
            .frameworks
            .iter()
            .find(|framework| framework.id == *id)
            .map(|framework| framework.role)
    });
    if role == Some(FrameworkRole::BrowserServer) { HEALTH_PATH_BESIDE_PAGES } else { HEALTH_PATH }.to_owned()
}

/// The live path beside a readiness path: the one that the code answers, else the one to write together with the other. Static
/// files have none: their start page is all there is to ask.
fn live_path(survey: &Survey, found: Option<&Service>, health_path: &str) -> Option<String> {
    if health_path == "/" {
        return None;
    }
    if let Some(path) = found.and_then(|service| service.code.live_endpoint.clone()) {
        return Some(path);
    }
    let known = found.and_then(|service| service.health_endpoint.as_deref());
    let of_whole = survey.health_endpoint.as_ref().map(|fact| fact.value.as_str());
    let written = known == Some(health_path) || of_whole == Some(health_path);
    (!written).then(|| beside(health_path))
}

/// `/health` → `/health/live`, `/health/` → `/health/live/`.
pub(crate) fn beside(path: &str) -> String {
    let end = if path.ends_with('/') { "/" } else { "" };
    format!("{}/live{end}", path.trim_end_matches('/'))
}

/// The path that a platform's only check gets.
pub(crate) fn probe_path(platform: &Platform, ready: Option<&str>, live: Option<&str>) -> Option<String> {
    let restarts = platform.health.probe.as_ref().is_some_and(|probe| probe.value == Probe::Restarts);
    live.filter(|_| restarts).or(ready).map(str::to_owned)
}

fn needs_image(
    catalog: &Catalog,
    component: &Component,
    platform: &Platform,
    dockerfile: Option<&str>,
) -> bool {
    if platform.deploy.builds.value == Builder::CiImage {
        return true;
    }
    let images = platform.runs.images.value != Ability::No;
    match platform.runs.mode(component.kind).value {
        RunMode::Container => true,
        RunMode::Function | RunMode::No => false,
        RunMode::Native | RunMode::Limited if component.kind == ServiceKind::Static => false,
        RunMode::Native | RunMode::Limited
            if platform.runs.adapts(component.kind, component.framework.as_deref()) =>
        {
            false
        }
        RunMode::Native | RunMode::Limited => {
            let builds_it =
                component.language.as_deref().is_none_or(|language| knows(catalog, platform, language));
            images && (dockerfile.is_some() || !builds_it)
        }
    }
}

/// Whether the platform builds a language by itself; it names runtimes (`node`) or languages.
fn knows(catalog: &Catalog, platform: &Platform, language: &str) -> bool {
    let runtime = catalog.runtimes.of(language, None).map(|runtime| runtime.id.as_str());
    platform.runs.languages.value.iter().any(|known| known == language || Some(known.as_str()) == runtime)
}
