//! A quote → what it leaves undone for certain: a GPU that nothing offers, a database in a file that does not last.

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Need;
use siteplan_catalog::platform::{Ability, Platform};
use siteplan_cost::{PlacedComponent, Quote};
use siteplan_model::survey::ServiceKind;

use crate::certain::Asked;

/// Whether nothing that runs a component offers a GPU, as far as is known, where one is needed for certain.
pub(crate) fn lacks_gpu(asked: &Asked<'_>, quote: &Quote) -> bool {
    let kind = |placed: &PlacedComponent| quote.workload.components[placed.component].kind;
    // A worker computes where there is one, else the server that is asked.
    let by_worker = quote.components.iter().any(|placed| kind(placed) == ServiceKind::Worker);
    let computes = |placed: &&PlacedComponent| {
        if by_worker { kind(placed) == ServiceKind::Worker } else { kind(placed).serves_http() }
    };
    let mut hosts = quote
        .components
        .iter()
        .filter(computes)
        .filter_map(|placed| asked.catalog.platforms.get(&placed.platform));
    asked.certain(Need::Gpu).is_some() && hosts.all(|host| host.capabilities.gpu.value == Ability::No)
}

/// Components whose database is a file, on platforms where files are gone with the next release.
pub(crate) fn forgetful<'q>(
    catalog: &Catalog,
    quote: &'q Quote,
) -> impl Iterator<Item = &'q PlacedComponent> {
    quote.components.iter().filter(|placed| {
        let keeps = |host: &Platform| host.capabilities.disk_of_embedded_databases().value != Ability::No;
        quote.workload.components[placed.component].data_file.is_some()
            && catalog.platforms.get(&placed.platform).is_some_and(|host| !keeps(host))
    })
}
