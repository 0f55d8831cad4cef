//! Component and host → what becomes of its instances while nobody asks: they run, they stop, or some are kept running.
//!
//! Where instances stop by themselves, the next visitor waits for a start. A design lets that happen where the start is short;
//! an application that is slow to start, or that works beside its requests, keeps an instance in production, which is paid.
//! Where nothing may be spent it stops all the same.

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Need;
use siteplan_catalog::platform::{Kept, Platform, Size, Stops};
use siteplan_model::brief::BudgetBand;
use siteplan_model::survey::ServiceKind;

use crate::place::Site;
use crate::quote::{PlacedComponent, Quote};
use crate::sizing::ComponentLoad;
use crate::usage::{HOURS_PER_MONTH, Total};
use crate::workload::{Component, Workload};

/// What becomes of a component's instances in production while nobody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// They run.
    Runs,
    /// They stop, and the next request waits for a start.
    Stops,
    /// They would stop, and so many are kept running.
    Kept(u32),
}

/// Minutes of a month of 730 hours.
pub const MINUTES_OF_A_MONTH: f64 = HOURS_PER_MONTH * 60.0;

/// How visitors wait for a component that stops while nobody asks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wait {
    /// Minutes without a request after which it stops.
    pub after_minutes: f64,
    /// Seconds until it answers.
    pub seconds: f64,
    /// Share of the visits that wait: those before which nobody came in these minutes, as visits come at random.
    pub share: f64,
}

impl Wait {
    /// How visitors wait for a placed component; none where nobody waits.
    pub fn of(catalog: &Catalog, quote: &Quote, placed: &PlacedComponent) -> Option<Self> {
        let host = catalog.platforms.get(&placed.platform).filter(|_| placed.rest == Rest::Stops)?;
        let stops = host.compute.stops(&placed.size)?;
        let component = &quote.workload.components[placed.component];
        let own = quote.start_seconds.unwrap_or_else(|| known_start(catalog, component));
        let visits = quote.requests_per_month / catalog.criteria.value.requests_per_visit.value;
        Some(Self {
            after_minutes: stops.after_minutes.value,
            seconds: own + stops.adds_seconds.value,
            share: libm::exp(-visits / MINUTES_OF_A_MONTH * stops.after_minutes.value),
        })
    }

    /// Whether it is worth a sentence: up to a second nobody notices, and fewer than one visit in a hundred is none of a plan's business.
    pub fn is_noticed(&self) -> bool {
        self.seconds > 1.0 && self.share >= 0.01
    }
}

/// Seconds that a component takes to start, as far as the catalog knows.
fn known_start(catalog: &Catalog, component: &Component) -> f64 {
    catalog.starts.of(component.kind, component.framework.as_deref(), component.language.as_deref()).value
}

impl Workload {
    /// Whether a component does work beside its requests, so that it must run although nobody asks.
    fn works_beside_requests(&self, component: &Component) -> bool {
        let apart = |kind| self.components.iter().any(|other| other.kind == kind);
        let within = |need, kind| self.has(need) && !apart(kind);
        std::ptr::eq(self.main(), component)
            && (within(Need::Workers, ServiceKind::Worker) || within(Need::Cron, ServiceKind::Cron))
    }
}

/// How a component's size stops on a host while nobody asks; none where it runs on.
fn stops<'a>(host: &'a Platform, component: &Component, size: &Size) -> Option<&'a Stops> {
    host.compute.stops(&size.id).filter(|_| component.kind.serves_http() && size.vcpu > 0.0)
}

impl<'a> Site<'a> {
    /// Seconds from a request to its answer while no instance runs.
    fn seconds_to_start(&self, stops: &Stops, component: &Component) -> f64 {
        let known = || known_start(self.catalog, component);
        self.assumptions.total(Total::StartSeconds).unwrap_or_else(known) + stops.adds_seconds.value
    }

    /// What an instance costs that a component keeps running in production; none where it keeps none.
    fn keeps(
        &self,
        host: &'a Platform,
        component: &Component,
        size: &Size,
        instances: f64,
    ) -> Option<&'a Kept> {
        let stops = stops(host, component, size)?;
        let kept = stops.kept.as_ref().filter(|_| self.context.budget != BudgetBand::Free)?;
        let slow =
            || self.seconds_to_start(stops, component) >= self.catalog.criteria.value.keep_from_seconds.value;
        (instances > 1.0 || self.workload.works_beside_requests(component) || slow()).then_some(kept)
    }

    /// A load of production, with the instances that are kept running.
    pub(crate) fn kept(
        &self,
        host: &'a Platform,
        component: &Component,
        load: ComponentLoad,
    ) -> ComponentLoad {
        // Whether an instance can be kept is the same for all sizes of a kind: the first tells.
        let of_kind =
            |size: &&Size| size.vcpu > 0.0 && (size.kinds.is_empty() || size.kinds.contains(&component.kind));
        let size = host.sizes.iter().find(|size| of_kind(size) && host.compute.stops(&size.id).is_some());
        let Some(kept) = size.and_then(|size| self.keeps(host, component, size, load.instances)) else {
            return load;
        };
        let busy = kept.idle_below_vcpu.as_ref().is_some_and(|below| load.idle_cpu_share >= below.value);
        let vcpu_share = if busy { 1.0 } else { kept.vcpu_share.value };
        ComponentLoad { kept: load.instances, kept_vcpu_share: vcpu_share, ..load }
    }

    /// What becomes of a placed component's instances while nobody asks, with the number that production keeps at least.
    pub(crate) fn rest(&self, host: &'a Platform, component: &Component, size: &Size, least: f64) -> Rest {
        if stops(host, component, size).is_none() {
            return Rest::Runs;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few instances")]
        let count = least.round().max(1.0) as u32;
        self.keeps(host, component, size, least).map_or(Rest::Stops, |_| Rest::Kept(count))
    }
}
