//! Placed components of the quote → what each service's own configuration needs to know.

use siteplan_catalog::Catalog;
use siteplan_catalog::platform::{Ability, Billing, Builder, Platform, RunMode};
use siteplan_catalog::runtimes::Runtime;
use siteplan_cost::workload::Component;
use siteplan_cost::{PlacedComponent, Quote};
use siteplan_model::design::ServicePlan;
use siteplan_model::survey::{Commands, LanguageFact, Service, ServiceKind, Survey};

use crate::command::Blanks;
use crate::error::{DesignError, known};
use crate::names;

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
        if migrating == Some(placed.component) {
            plan.migrate = migrate_command(catalog, survey).map(|(command, _)| command);
        }
        services.push(PlacedService { plan, placed, platform, found });
    }
    Ok(services)
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
    let language_version = language.as_ref().and_then(|language| {
        Some(runtime_version(survey, catalog.runtimes.of(language, package_manager.as_deref())?))
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
        needs_image: needs_image(catalog, component, platform, dockerfile.as_deref()),
        dockerfile,
        static_output: found.and_then(|service| service.static_output.clone()).or_else(|| {
            (component.kind == ServiceKind::Static).then(|| signal?.static_output.clone()).flatten()
        }),
        schedule: found.and_then(|service| service.schedule.clone()),
        size: placed.size.clone(),
        vcpu: placed.vcpu,
        memory_mb: placed.memory_mb,
        health_path,
        migrate: None,
        platform: Some(platform.id.clone()),
    }
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

/// The component whose service carries the migration tool, else the main one.
fn migrating_component(survey: &Survey, quote: &Quote) -> Option<usize> {
    survey.migrations.as_ref()?;
    let components = &quote.workload.components;
    let carries = |component: &Component| {
        component.service.and_then(|i| survey.services.get(i)).is_some_and(|s| s.migrations.is_some())
    };
    components
        .iter()
        .position(|component| component.kind.serves_http() && carries(component))
        .or_else(|| components.iter().position(carries))
        .or_else(|| components.iter().position(|component| component.kind.serves_http()))
        .or_else(|| (!components.is_empty()).then_some(0))
}

/// The command that migrates the database, with where it comes from.
pub(crate) fn migrate_command(catalog: &Catalog, survey: &Survey) -> Option<(String, String)> {
    let found = survey.migrations.as_ref()?;
    let of_a_service = survey.services.iter().find_map(|service| service.commands.migrate.clone());
    let own = of_a_service.or_else(|| survey.commands.migrate.clone()).or_else(|| found.command.clone());
    if let Some(command) = own {
        return Some((command, "the repository's own command".to_owned()));
    }
    let tool = catalog.migration_tools.get(found.fact.value.as_str())?;
    let directory = found.directory.clone().unwrap_or_else(|| ".".to_owned());
    let line = Blanks::default().with("directory", directory).line(&tool.deploy.value);
    let carrier =
        survey.services.iter().find(|service| service.migrations.is_some()).or_else(|| survey.main_service());
    let command = as_managed(catalog, carrier.and_then(|service| service.package_manager.as_deref()), &line);
    Some((command, format!("the documented command of {}", tool.name)))
}

/// A documented command line as a package manager runs it (`npx x` → `pnpm exec x`, `x` → `uv run x`). Lines that name
/// a program of the repository itself stay.
pub(crate) fn as_managed(catalog: &Catalog, manager: Option<&str>, line: &str) -> String {
    let managers = &catalog.signals.package_managers;
    let template = manager.and_then(|id| managers.iter().find(|known| known.id == id)?.exec.as_deref());
    let prefixes = managers.iter().filter_map(|known| known.exec.as_deref()?.strip_suffix("{command}"));
    let own = |line: &str| {
        line.split_whitespace().next().is_some_and(|program| program.contains('/') || program.contains('='))
    };
    let Some(template) = template.filter(|_| !own(line)) else { return line.to_owned() };
    let bare = prefixes
        .filter(|prefix| !prefix.is_empty())
        .find_map(|prefix| line.strip_prefix(prefix))
        .unwrap_or(line);
    template.replace("{command}", bare)
}

/// The version of a runtime that the repository asks for, else the default.
pub(crate) fn runtime_version(survey: &Survey, runtime: &Runtime) -> String {
    let speaks = |language: &&LanguageFact| runtime.versioned_by.contains(&language.fact.value);
    let asked = survey.languages.iter().filter(speaks).find_map(|language| language.version.as_deref());
    version(asked, &runtime.default_version.value, runtime.version_parts)
}

/// The version that a specification means, as a bare number. An open lower bound (`>=3.9`) that the default satisfies
/// means the default.
fn version(asked: Option<&str>, default: &str, parts: u32) -> String {
    let Some(asked) = asked.map(str::trim).filter(|text| text.contains(|c: char| c.is_ascii_digit())) else {
        return default.to_owned();
    };
    let lower = number(asked, parts);
    let open =
        asked.starts_with('>') && (numbers(default) >= numbers(&lower)) && !closed_below(asked, default);
    if open { default.to_owned() } else { lower }
}

/// Whether an upper bound in the specification excludes the version.
fn closed_below(asked: &str, version: &str) -> bool {
    asked.split([',', ' ']).filter_map(|part| part.trim().strip_prefix('<')).any(|bound| {
        let inclusive = bound.starts_with('=');
        let bound = numbers(bound.trim_start_matches(['=', ' ']));
        if inclusive { numbers(version) > bound } else { numbers(version) >= bound }
    })
}

fn number(text: &str, parts: u32) -> String {
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let bare: &str =
        text[start..].split(|c: char| !(c.is_ascii_digit() || c == '.')).next().unwrap_or_default();
    let parts = usize::try_from(parts.max(1)).unwrap_or(1);
    bare.split('.').filter(|part| !part.is_empty()).take(parts).collect::<Vec<_>>().join(".")
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map_while(|part| part.trim().parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn a_version_is_a_bare_number() {
        for (asked, parts, expected) in [
            (None, 1, "24"),
            (Some("22.x"), 1, "22"),
            (Some("^20.11.0"), 1, "20"),
            (Some(">=18"), 1, "24"),
            (Some(">=18 <23"), 1, "18"),
            (Some("lts/*"), 1, "24"),
            (Some("v22.3.1"), 1, "22"),
            (Some(">=26"), 1, "26"),
        ] {
            assert_eq!(version(asked, "24", parts), expected, "{asked:?}");
        }
        for (asked, expected) in [
            (Some("3.12.4"), "3.12"),
            (Some(">=3.9,<4"), "3.13"),
            (Some(">=3.11,<3.13"), "3.11"),
            (Some("~3.10"), "3.10"),
            (Some(">=3.12,<=3.13"), "3.13"),
        ] {
            assert_eq!(version(asked, "3.13", 2), expected, "{asked:?}");
        }
        assert_eq!(version(Some("1.89"), "stable", 2), "1.89");
        assert_eq!(version(Some(">=1.80"), "stable", 2), "1.80");
    }
}
