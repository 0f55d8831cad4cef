//! Services of one platform → the units in which it releases them.

use siteplan_catalog::platform::Unit;
use siteplan_model::survey::ServiceKind;

use super::PlacedService;

/// Says of each service which one it is released together with.
pub(super) fn assign(services: &mut [PlacedService<'_>]) {
    let leads: Vec<Option<usize>> = (0..services.len()).map(|at| lead(services, at)).collect();
    for (at, lead) in leads.into_iter().enumerate() {
        let slug = lead.filter(|lead| *lead != at).map(|lead| services[lead].plan.slug.clone());
        services[at].plan.released_with = slug;
    }
}

/// The first service of the unit that the one at a place belongs to.
fn lead(services: &[PlacedService<'_>], at: usize) -> Option<usize> {
    let one = services.get(at)?;
    let shares = |other: &PlacedService<'_>| {
        other.platform.id == one.platform.id && other.plan.dockerfile_path() == one.plan.dockerfile_path()
    };
    let served = |other: &PlacedService<'_>| other.plan.kind.serves_http();
    match one.platform.deploy.unit {
        Unit::Address if served(one) => Some(at),
        Unit::Address => services
            .iter()
            .position(|other| shares(other) && served(other))
            .or_else(|| {
                services.iter().position(|other| shares(other) && other.plan.kind != ServiceKind::Cron)
            })
            .or_else(|| services.iter().position(shares)),
        Unit::Image => services.iter().position(shares),
    }
}
