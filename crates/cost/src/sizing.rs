//! Loads → sizes, instance counts and data plans: the cheapest that carries the load.

use siteplan_catalog::data_service::{DataPlan, DataService};
use siteplan_catalog::platform::{Billing, MeterId, Platform, Size};
use siteplan_model::brief::BudgetBand;
use siteplan_model::money::Usd;
use siteplan_model::survey::ServiceKind;

use crate::data::{DataUse, plan_price};
use crate::price::times;
use crate::usage::{HOURS_PER_MONTH, SECONDS_PER_MONTH};
use crate::workload::Component;

/// What one component has to carry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ComponentLoad {
    /// Requests or jobs in a month.
    pub(crate) requests: f64,
    /// Requests or jobs a second in the busiest minute.
    pub(crate) peak_rps: f64,
    /// Requests a second that one vCPU serves.
    pub(crate) rps_per_vcpu: f64,
    /// Processor milliseconds of one request.
    pub(crate) cpu_ms: f64,
    /// Duration of one request in milliseconds.
    pub(crate) request_ms: f64,
    /// Memory that one instance needs.
    pub(crate) memory_mb: f64,
    /// Share of a machine's memory that may be full of it.
    pub(crate) memory_fill: f64,
    /// Instances, at least.
    pub(crate) instances: f64,
    /// Instances, at most, whatever the platform allows: one where a file is opened by one process.
    pub(crate) most_instances: f64,
    /// Regions, in each of which so many instances run.
    pub(crate) regions: f64,
    /// Share of one vCPU that an idle instance uses.
    pub(crate) idle_cpu_share: f64,
    /// Share of the month in which it runs at all (scheduled jobs, previews).
    pub(crate) share_of_month: f64,
    /// Months for which further environments run one instance of the size that production has.
    pub(crate) further_months: f64,
    /// Instances that are kept running although nobody asks, where they would stop.
    pub(crate) kept: f64,
    /// Share of the rate of a vCPU-hour that such an instance costs while nobody asks.
    pub(crate) kept_vcpu_share: f64,
}

/// A size with its number of instances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sized<'a> {
    /// The size.
    pub(crate) size: &'a Size,
    /// How many.
    pub(crate) instances: u32,
}

/// The cheapest size that carries a component; the one that reaches furthest if none does; `None` if the platform has no size
/// for the kind.
pub(crate) fn cheapest<'a>(
    platform: &'a Platform,
    component: &Component,
    load: &ComponentLoad,
    budget: BudgetBand,
) -> Option<Sized<'a>> {
    let kind = component.kind;
    let candidates = || platform.sizes.iter().filter(move |size| fits(platform, size, component, budget));
    let need = memory_need(platform, component, load, budget);
    let large_enough = || candidates().filter(move |size| f64::from(size.memory_mb) >= need);
    let rates = Rates::of(platform);
    let about = [rates.vcpu_hour, rates.memory_gb_hour].map(Usd::to_f64);
    let priced = large_enough().filter(|size| carries(platform, size, load)).map(|size| {
        let count = instances(platform, size, load);
        let charged = Rates::charged(platform, kind, size, count, load);
        (charged.about(about), charged, count, size)
    });
    let best = priced.min_by(|(about, charged, count, size), (other, others, fewest, known)| {
        // Most prices are told apart in floating point; where they are not, the exact ones decide.
        let price = if (about - other).abs() > CLOSE {
            about.total_cmp(other)
        } else {
            rates.price(charged).cmp(&rates.price(others))
        };
        price.then_with(|| (count, size.memory_mb).cmp(&(fewest, known.memory_mb)))
    });
    let chosen = best
        .map(|(.., size)| size)
        .or_else(|| large_enough().max_by_key(|size| reach(platform, size, load)))
        .or_else(|| candidates().max_by_key(|size| size.memory_mb))?;
    Some(Sized { size: chosen, instances: instances(platform, chosen, load) })
}

/// The size and count at a dearer load: the same size while it carries that load, else the cheapest that does.
pub(crate) fn grown<'a>(
    platform: &'a Platform,
    component: &Component,
    size: &'a Size,
    load: &ComponentLoad,
    budget: BudgetBand,
) -> Sized<'a> {
    let enough = f64::from(size.memory_mb) >= memory_need(platform, component, load, budget);
    let same = || Sized { size, instances: instances(platform, size, load) };
    if enough && carries(platform, size, load) {
        return same();
    }
    cheapest(platform, component, load, budget).unwrap_or_else(same)
}

/// Whether a component runs through an adapter, in sizes that are for nothing else.
fn is_adapted(platform: &Platform, component: &Component) -> bool {
    platform.runs.adapts(component.kind, component.framework.as_deref())
        && platform.sizes.iter().any(|size| size.for_adapters)
}

/// Whether a size is one that a component may have.
fn fits(platform: &Platform, size: &Size, component: &Component, budget: BudgetBand) -> bool {
    (size.kinds.is_empty() || size.kinds.contains(&component.kind))
        && size.for_adapters == is_adapted(platform, component)
        && (budget == BudgetBand::Free || !size.sleeps)
}

/// The memory of a machine that a component does not fill beyond what it may. Files from a delivery network need none, and what an
/// isolate has is no question of the process's need.
fn memory_need(platform: &Platform, component: &Component, load: &ComponentLoad, budget: BudgetBand) -> f64 {
    let from_network = |size: &Size| size.vcpu == 0.0 && fits(platform, size, component, budget);
    let serves_files = component.kind == ServiceKind::Static && platform.sizes.iter().any(from_network);
    if serves_files || is_adapted(platform, component) { 0.0 } else { load.memory_mb / load.memory_fill }
}

fn carries(platform: &Platform, size: &Size, load: &ComponentLoad) -> bool {
    let most = most_instances(platform, size, load);
    size.vcpu == 0.0 || most * size.vcpu * load.rps_per_vcpu >= load.peak_rps && most >= load.instances
}

/// Instances that a size may have under a load.
fn most_instances(platform: &Platform, size: &Size, load: &ComponentLoad) -> f64 {
    f64::from(size.max_instances.unwrap_or(platform.limits.instances.value)).min(load.most_instances)
}

/// vCPUs, in thousandths, of as many instances as a size may have.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "vCPUs are small and positive")]
fn reach(platform: &Platform, size: &Size, load: &ComponentLoad) -> u64 {
    (size.vcpu * most_instances(platform, size, load) * 1000.0).round() as u64
}

/// Instances of a size that carry a load, within the platform's limit.
pub(crate) fn instances(platform: &Platform, size: &Size, load: &ComponentLoad) -> u32 {
    if size.vcpu == 0.0 {
        return 1;
    }
    let needed = (load.peak_rps / (size.vcpu * load.rps_per_vcpu).max(1e-9)).ceil();
    let count = needed.max(load.instances).max(1.0).min(most_instances(platform, size, load));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and the limit")]
    let count = count as u32;
    count
}

/// Computing of one component in a month, in the units that the platform bills.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Computing {
    /// Months of one instance at a fixed price.
    pub(crate) instance_months: f64,
    /// vCPU-hours.
    pub(crate) vcpu_hours: f64,
    /// GB-hours of memory.
    pub(crate) memory_gb_hours: f64,
    /// Millions of requests that are billed.
    pub(crate) requests_million: f64,
}

/// Regions in which a component runs on a platform: one where the platform runs an application in one, and files from a delivery
/// network are near everybody anyhow.
pub(crate) fn regions(platform: &Platform, size: &Size, load: &ComponentLoad) -> f64 {
    if size.vcpu == 0.0 || load.regions <= 1.0 {
        return 1.0;
    }
    load.regions.min(f64::from(platform.most_regions()))
}

/// What a component at a size uses in a month, in all its regions.
pub(crate) fn computing(
    platform: &Platform,
    kind: ServiceKind,
    size: &Size,
    instances: u32,
    load: &ComponentLoad,
) -> Computing {
    let memory_gb = f64::from(size.memory_mb) / 1024.0;
    let share = load.share_of_month;
    let regions = regions(platform, size, load);
    let count = f64::from(instances) * regions;
    let reserved = Computing {
        vcpu_hours: size.vcpu * HOURS_PER_MONTH * count * share,
        memory_gb_hours: memory_gb * HOURS_PER_MONTH * count * share,
        ..Computing::default()
    };
    let cpu_hours = load.requests * load.cpu_ms / 3.6e6;
    match platform.compute.billing.value {
        _ if size.usd_per_month.is_some() => {
            Computing { instance_months: count * share, ..Computing::default() }
        }
        // Files from a delivery network start no code.
        _ if size.vcpu == 0.0 => Computing::default(),
        Billing::Instance | Billing::Reserved | Billing::Server => reserved,
        Billing::Used => Computing {
            vcpu_hours: cpu_hours + load.idle_cpu_share * HOURS_PER_MONTH * count * share,
            memory_gb_hours: load.memory_mb.min(f64::from(size.memory_mb)) / 1024.0
                * HOURS_PER_MONTH
                * count
                * share,
            ..Computing::default()
        },
        // Always-on components are billed like reserved ones even where requests are metered; one that waits may cost less.
        Billing::Request | Billing::Active if !kind.serves_http() => {
            let busy = busy_hours(load, count) * share * size.vcpu;
            let waits = |vcpu_share: f64| busy + (reserved.vcpu_hours - busy) * vcpu_share;
            let vcpu_hours = waiting_share(platform, kind, size, load).map_or(reserved.vcpu_hours, waits);
            Computing { vcpu_hours, ..reserved }
        }
        billing @ (Billing::Request | Billing::Active) => {
            let busy = busy_hours(load, count);
            // Each instance is busy alike; an idle vCPU-hour counts as the share of one that is paid for it.
            let idle = (load.kept * regions).min(count) * (HOURS_PER_MONTH - busy / count);
            let served = if billing == Billing::Active { cpu_hours } else { busy * size.vcpu };
            Computing {
                vcpu_hours: served + idle * size.vcpu * load.kept_vcpu_share,
                memory_gb_hours: (busy + idle) * memory_gb,
                requests_million: load.requests / 1e6,
                ..Computing::default()
            }
        }
    }
}

/// The share of a vCPU-hour's rate that a worker without a job costs; none where that is no matter of the rate, or where it does
/// too much besides to count as idle.
fn waiting_share(platform: &Platform, kind: ServiceKind, size: &Size, load: &ComponentLoad) -> Option<f64> {
    let kept = platform.compute.stops(&size.id)?.kept.as_ref().filter(|_| kind == ServiceKind::Worker)?;
    let below = kept.idle_below_vcpu.as_ref()?.value;
    (load.idle_cpu_share < below).then_some(kept.vcpu_share.value)
}

/// Instance-hours in which at least one request is in flight, for requests that arrive at random: the busy share of an
/// M/G/∞ queue is 1 − exp(−λd) (Takács 1962).
fn busy_hours(load: &ComponentLoad, instances: f64) -> f64 {
    let in_flight = load.requests / SECONDS_PER_MONTH * load.request_ms / 1000.0;
    let busy = 1.0 - libm::exp(-in_flight / instances);
    busy * HOURS_PER_MONTH * instances
}

/// Rates of computing of one platform.
pub(crate) struct Rates {
    vcpu_hour: Usd,
    memory_gb_hour: Usd,
}

/// What is paid for the computing of a component in a month.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Charged {
    /// Months of an instance, each at a price.
    Months(Usd, f64),
    /// vCPU-hours and GB-hours of memory.
    Hours([f64; 2]),
}

impl Charged {
    /// Its price in floating point, at rates of a vCPU-hour and a GB-hour.
    fn about(&self, [vcpu_hour, memory_gb_hour]: [f64; 2]) -> f64 {
        match self {
            Self::Months(price, months) => price.to_f64() * months,
            Self::Hours([vcpu, memory]) => vcpu_hour * vcpu + memory_gb_hour * memory,
        }
    }
}

/// Prices that differ by less, in US dollars, are compared as decimals.
const CLOSE: f64 = 1e-6;

impl Rates {
    pub(crate) fn of(platform: &Platform) -> Self {
        let rate =
            |id| platform.meters.iter().find(|meter| meter.id == id).map_or(Usd::ZERO, |meter| meter.usd);
        Self { vcpu_hour: rate(MeterId::VcpuHour), memory_gb_hour: rate(MeterId::MemoryGbHour) }
    }

    fn price(&self, charged: &Charged) -> Usd {
        match *charged {
            Charged::Months(price, months) => times(price, months),
            Charged::Hours([vcpu, memory]) => {
                times(self.vcpu_hour, vcpu) + times(self.memory_gb_hour, memory)
            }
        }
    }

    /// Price of a component's computing in a month, before allowances, with one instance for further environments where an
    /// instance is paid whether it is used or not.
    pub(crate) fn monthly(
        &self,
        platform: &Platform,
        kind: ServiceKind,
        size: &Size,
        count: u32,
        load: &ComponentLoad,
    ) -> Usd {
        self.price(&Self::charged(platform, kind, size, count, load))
    }

    /// What the price is made of.
    fn charged(
        platform: &Platform,
        kind: ServiceKind,
        size: &Size,
        count: u32,
        load: &ComponentLoad,
    ) -> Charged {
        let used = computing(platform, kind, size, count, load);
        let further = load.further_months * load.share_of_month;
        if let Some(price) = size.usd_per_month {
            return Charged::Months(price, used.instance_months + further);
        }
        let reserved = matches!(platform.compute.billing.value, Billing::Reserved) || !kind.serves_http();
        let all = f64::from(count.max(1)) * regions(platform, size, load);
        let more = if reserved { 1.0 + load.further_months / all } else { 1.0 };
        Charged::Hours([used.vcpu_hours * more, used.memory_gb_hours * more])
    }
}

/// What a data service has to hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DataLoad {
    /// Memory in MB.
    pub(crate) memory_mb: f64,
    /// The budget under which data must last (a production database); none where it may be lost.
    pub(crate) lasting: Option<BudgetBand>,
    /// Whether a standby is wanted.
    pub(crate) wants_standby: bool,
    /// What is billed.
    pub(crate) used: DataUse,
}

/// The cheapest plan that holds the data; the largest lasting one if none is large enough; `None` if none lasts.
pub(crate) fn data_plan<'a>(service: &'a DataService, load: &DataLoad) -> Option<&'a DataPlan> {
    let usable = |plan: &&DataPlan| match load.lasting {
        Some(budget) => plan.lasts(budget),
        None => plan.expires_after_days.is_none(),
    };
    let standby = load.wants_standby.then(|| {
        cheapest_plan(service, load, |plan| {
            plan.high_availability && usable(&plan) && holds(service, plan, load)
        })
    });
    standby
        .flatten()
        .or_else(|| cheapest_plan(service, load, |plan| usable(&plan) && holds(service, plan, load)))
        .or_else(|| {
            service.plans.iter().filter(usable).max_by_key(|plan| (plan.memory_mb, plan.usd_per_month))
        })
}

/// Whether a plan is large enough.
pub(crate) fn holds(service: &DataService, plan: &DataPlan, load: &DataLoad) -> bool {
    plan.memory_mb.is_none_or(|memory| f64::from(memory) >= load.memory_mb)
        && service.stores(plan, load.used.storage_gb)
}

fn cheapest_plan<'a>(
    service: &'a DataService,
    load: &DataLoad,
    fits: impl Fn(&'a DataPlan) -> bool,
) -> Option<&'a DataPlan> {
    let mut best: Option<(Usd, &DataPlan)> = None;
    for plan in service.plans.iter().filter(|plan| fits(plan)) {
        // A fee alone that is no better needs no sum.
        if best.is_some_and(|(least, _)| plan.usd_per_month >= least) {
            continue;
        }
        let price = plan_price(service, plan, &load.used);
        if best.is_none_or(|(least, _)| price < least) {
            best = Some((price, plan));
        }
    }
    best.map(|(_, plan)| plan)
}
