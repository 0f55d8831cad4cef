//! What a platform asks of people for one application, counted from the catalog's lists.

use std::collections::BTreeSet;

use siteplan_catalog::Catalog;
use siteplan_catalog::platform::{Ability, Platform, RunMode};
use siteplan_cost::{Component, Quote};
use siteplan_model::recommendation::{Complexity, Effort};
use siteplan_model::survey::ServiceKind;

/// Counts services to create, files to write, credentials to set and tools to install.
pub(crate) fn effort(catalog: &Catalog, quote: &Quote) -> Effort {
    let hosts: Vec<&Platform> = std::iter::once(&quote.platform)
        .chain(&quote.companions)
        .filter_map(|id| catalog.platforms.get(id))
        .collect();
    let services = quote.data.iter().filter_map(|placed| catalog.data_services.get(placed.service.as_ref()?));
    let data: Vec<_> = services.collect();
    let lists = |length: fn(&Platform) -> usize| hosts.iter().map(|host| length(host)).sum::<usize>();
    let resources = lists(|host| host.effort.resources.value.len())
        + quote.components.len()
        + data.iter().map(|service| service.effort.resources.len()).sum::<usize>()
        + quote.data.iter().filter(|placed| placed.service.is_none()).count() * 2;
    let files = lists(|host| host.effort.files.value.len()) + images_to_write(catalog, quote);
    // A platform that deploys each push by itself needs no credential in the CI.
    let credentials = lists(|host| match host.effort.deploys_from_git.value {
        Ability::Yes => 0,
        Ability::Limited | Ability::No => host.deploy.credentials.len(),
    }) + data.iter().map(|service| service.effort.credentials.len()).sum::<usize>();
    let tools: BTreeSet<&String> = hosts.iter().flat_map(|host| &host.effort.tools.value).collect();
    Effort {
        resources: count(resources),
        files: count(files),
        credentials: count(credentials),
        tools: count(tools.len()),
    }
}

/// The level of an effort, by the catalog's cuts.
pub fn complexity(catalog: &Catalog, effort: &Effort) -> Complexity {
    let levels = [Complexity::VeryLow, Complexity::Low, Complexity::Medium, Complexity::High];
    let cuts = catalog.criteria.complexity_upto;
    levels
        .into_iter()
        .zip(cuts)
        .find_map(|(level, upto)| (effort.total() <= upto).then_some(level))
        .unwrap_or(Complexity::VeryHigh)
}

/// Whether a component needs an image on its platform that nobody has written yet.
pub(crate) fn needs_image_written(catalog: &Catalog, platform: &Platform, component: &Component) -> bool {
    let known = builds(catalog, platform, component);
    let mode = platform.runs.mode(component.kind).value;
    let from_image = mode == RunMode::Container || !known;
    !component.has_image && from_image && component.kind != ServiceKind::Static
}

/// Whether the platform builds a component's language without an image.
pub(crate) fn builds(catalog: &Catalog, platform: &Platform, component: &Component) -> bool {
    let Some(language) = component.language.as_deref() else { return true };
    let runtime = catalog.runtimes.of(language, None).map_or(language, |runtime| runtime.id.as_str());
    platform.runs.languages.value.iter().any(|known| known == runtime)
}

fn images_to_write(catalog: &Catalog, quote: &Quote) -> usize {
    quote
        .components
        .iter()
        .filter(|placed| {
            catalog.platforms.get(&placed.platform).is_some_and(|host| {
                needs_image_written(catalog, host, &quote.workload.components[placed.component])
            })
        })
        .count()
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
