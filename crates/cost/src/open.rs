//! What is asked for and has no known price → the items that no figure of a quote holds, each with its source.

use siteplan_catalog::data_service::Operator;
use siteplan_catalog::platform::{Ability, FixedNeed, Plan, Platform};
use siteplan_model::cost::NotIncluded;
use siteplan_model::digits::grouped;

use crate::place::{Arrangement, Site};
use crate::usage::{Key, Level, whole};

/// What no figure holds: what the catalog says of the platforms, what it does not say of them, and agreements with vendors of
/// independent data services.
pub(crate) fn not_included<'a>(site: &Site<'a>, arrangement: &Arrangement<'a>) -> Vec<NotIncluded> {
    let gpu = site.gpu_host(arrangement);
    let mut open = Vec::new();
    open.extend(too_much_data(site, arrangement));
    open.extend(too_many_instances(site, arrangement));
    open.extend(site.open_of_team(arrangement));
    open.extend(site.open_of_regions(arrangement));
    if gpu.is_none() && !site.account.hipaa {
        return open;
    }
    for host in site.hosts(arrangement) {
        let computes = gpu.is_some_and(|gpu| gpu.id == host.id);
        let asked = |need| match need {
            FixedNeed::Gpu => computes,
            FixedNeed::Hipaa => site.account.hipaa,
            FixedNeed::Always
            | FixedNeed::Http
            | FixedNeed::Data
            | FixedNeed::Several
            | FixedNeed::Regions => false,
        };
        open.extend(host.not_priced.iter().filter(|item| asked(item.needed)).map(|item| NotIncluded {
            what: format!("{}: {}", host.name, item.text),
            source: cited(host, &item.source),
            decides: item.decides,
        }));
        for need in [FixedNeed::Hipaa, FixedNeed::Gpu] {
            open.extend(silent(host, need).filter(|_| asked(need)));
        }
    }
    if site.account.hipaa {
        let others = arrangement
            .engines
            .iter()
            .filter(|placed| placed.host.is_none() && placed.service.operated_by == Operator::Vendor);
        open.extend(others.map(|placed| NotIncluded {
            what: format!(
                "{}: whether a HIPAA agreement comes with this plan, and its price, was not looked up",
                placed.service.name
            ),
            source: placed.service.reference.clone(),
            decides: false,
        }));
    }
    open
}

/// GB from which on it is said that nobody looked up whether a service holds so much: below, every one of the catalog does that can
/// be grown at all.
const LARGE_GB: f64 = 1000.0;

/// Databases that hold more than their service does, or than is known of it.
fn too_much_data<'s, 'a>(
    site: &'s Site<'a>,
    today: &'s Arrangement<'a>,
) -> impl Iterator<Item = NotIncluded> + use<'s, 'a> {
    today.engines.iter().filter_map(|placed| {
        let service = placed.service;
        let gb = site.data_load(placed.kind, Level::Expected, 1.0).used.storage_gb;
        let needed = grouped(whole(gb));
        if !service.stores(placed.plan, gb) {
            let most = service.most_storage_gb.as_ref().map_or(placed.plan.storage_gb, |most| most.value);
            let what = format!(
                "{}: {needed} GB of data, of which one database there holds {} at most",
                service.name,
                grouped(whole(most))
            );
            return Some(NotIncluded { what, source: service.reference.clone(), decides: true });
        }
        let unknown = gb > LARGE_GB && gb > placed.plan.storage_gb && service.most_storage_gb.is_none();
        unknown.then(|| NotIncluded {
            what: format!("{}: whether one database there holds {needed} GB was not looked up", service.name),
            source: service.reference.clone(),
            decides: false,
        })
    })
}

/// Instances that were asked for by number and that a platform does not run of one service.
fn too_many_instances<'s, 'a>(
    site: &'s Site<'a>,
    today: &'s Arrangement<'a>,
) -> impl Iterator<Item = NotIncluded> + use<'s, 'a> {
    let given = site.assumptions.is_given(Key::Instances);
    let asked = whole(site.assumptions.value(Key::Instances, None, Level::Expected));
    let placed = today.components.iter().filter(move |_| given);
    placed.filter_map(move |placed| {
        let component = &site.workload.components[placed.component];
        let counts = placed.size.vcpu > 0.0 && component.kind.serves_http() && component.data_file.is_none();
        (counts && u64::from(placed.instances) < asked).then(|| NotIncluded {
            what: format!(
                "{}: {asked} instances of `{}`, of which it runs {} at most",
                placed.platform.name, component.name, placed.instances
            ),
            source: cited(placed.platform, &placed.platform.limits.instances.source),
            decides: true,
        })
    })
}

/// The address of a source of a platform.
pub(crate) fn cited(host: &Platform, key: &str) -> String {
    host.sources.get(key).map_or_else(String::new, |source| source.url.clone())
}

/// What is offered in part only, of which the catalog neither gives the price nor says that there is none.
fn silent(host: &Platform, need: FixedNeed) -> Option<NotIncluded> {
    let (offered, what) = match need {
        FixedNeed::Hipaa => (&host.compliance.hipaa, "a HIPAA agreement"),
        FixedNeed::Gpu => (&host.capabilities.gpu, "a GPU"),
        FixedNeed::Always | FixedNeed::Http | FixedNeed::Data | FixedNeed::Several | FixedNeed::Regions => {
            return None;
        }
    };
    let priced = host.fixed.iter().any(|item| item.needed == need)
        || host.not_priced.iter().any(|item| item.needed == need)
        || (need == FixedNeed::Hipaa && host.plans.iter().any(Plan::signs_hipaa));
    let comes_along = need == FixedNeed::Hipaa && offered.value == Ability::Yes;
    (!priced && !comes_along).then(|| NotIncluded {
        what: format!("{}: the price of {what} is not in the catalog", host.name),
        source: cited(host, &offered.source),
        decides: need == FixedNeed::Gpu,
    })
}
