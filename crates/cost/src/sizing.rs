//! Loads → sizes, instance counts and data plans: the cheapest that carries the load.

use siteplan_catalog::data_service::{DataPlan, DataService};
use siteplan_catalog::platform::{Billing, MeterId, Platform, Size};
use siteplan_model::brief::BudgetBand;
use siteplan_model::money::Usd;
use siteplan_model::survey::ServiceKind;

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
    /// Instances, at least.
    pub(crate) instances: f64,
    /// Share of one vCPU that an idle instance uses.
    pub(crate) idle_cpu_share: f64,
    /// Share of the month in which it runs at all (scheduled jobs, previews).
    pub(crate) share_of_month: f64,
}

/// A size with its number of instances.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sized<'a> {
    /// The size.
    pub(crate) size: &'a Size,
    /// How many.
    pub(crate) instances: u32,
}

/// The cheapest size that carries a component; the largest if none does; `None` if the platform has no size for the kind.
pub(crate) fn cheapest<'a>(
    platform: &'a Platform,
    component: &Component,
    load: &ComponentLoad,
    budget: BudgetBand,
) -> Option<Sized<'a>> {
    let adapted = platform.runs.adapts(component.kind, component.framework.as_deref())
        && platform.sizes.iter().any(|size| size.for_adapters);
    let fits_kind = |size: &&Size| {
        (size.kinds.is_empty() || size.kinds.contains(&component.kind)) && size.for_adapters == adapted
    };
    let may_sleep = budget == BudgetBand::Free;
    let candidates: Vec<&Size> =
        platform.sizes.iter().filter(fits_kind).filter(|size| may_sleep || !size.sleeps).collect();
    let serves_files = component.kind == ServiceKind::Static && candidates.iter().any(|s| s.vcpu == 0.0);
    let need = if serves_files || adapted { 0.0 } else { load.memory_mb };
    let large_enough = candidates.iter().filter(|size| f64::from(size.memory_mb) >= need);
    let carries = |size: &&&'a Size| {
        let most = size.max_instances.unwrap_or(platform.limits.instances.value);
        size.vcpu == 0.0
            || f64::from(most) * size.vcpu * load.rps_per_vcpu >= load.peak_rps
                && f64::from(most) >= load.instances
    };
    let priced = |size: &&&'a Size| {
        let instances = instances(platform, size, load);
        (monthly(platform, size, instances, load), instances, size.memory_mb)
    };
    let large_enough: Vec<&&'a Size> = large_enough.collect();
    let carrying = large_enough.iter().copied().filter(carries).min_by_key(priced);
    let chosen = carrying
        .or_else(|| large_enough.iter().copied().max_by_key(|size| reach(platform, size)))
        .or_else(|| candidates.iter().max_by_key(|size| size.memory_mb))?;
    Some(Sized { size: chosen, instances: instances(platform, chosen, load) })
}

/// vCPUs, in thousandths, of as many instances as a size may have.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "vCPUs are small and positive")]
fn reach(platform: &Platform, size: &Size) -> u64 {
    let most = size.max_instances.unwrap_or(platform.limits.instances.value);
    (size.vcpu * f64::from(most) * 1000.0).round() as u64
}

/// Instances of a size that carry a load, within the platform's limit.
pub(crate) fn instances(platform: &Platform, size: &Size, load: &ComponentLoad) -> u32 {
    if size.vcpu == 0.0 {
        return 1;
    }
    let needed = (load.peak_rps / (size.vcpu * load.rps_per_vcpu).max(1e-9)).ceil();
    let count = needed
        .max(load.instances)
        .max(1.0)
        .min(f64::from(size.max_instances.unwrap_or(platform.limits.instances.value)));
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

/// What a component at a size uses in a month.
pub(crate) fn computing(
    platform: &Platform,
    kind: ServiceKind,
    size: &Size,
    instances: u32,
    load: &ComponentLoad,
) -> Computing {
    let memory_gb = f64::from(size.memory_mb) / 1024.0;
    let share = load.share_of_month;
    let count = f64::from(instances);
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
        Billing::Instance | Billing::Reserved | Billing::Server => reserved,
        Billing::Used => Computing {
            vcpu_hours: cpu_hours + load.idle_cpu_share * HOURS_PER_MONTH * count * share,
            memory_gb_hours: load.memory_mb.min(f64::from(size.memory_mb)) / 1024.0
                * HOURS_PER_MONTH
                * count
                * share,
            ..Computing::default()
        },
        // Always-on components are billed like reserved ones even where requests are metered.
        Billing::Request | Billing::Active if !kind.serves_http() => reserved,
        billing @ (Billing::Request | Billing::Active) => {
            let busy = busy_hours(load, count);
            Computing {
                vcpu_hours: if billing == Billing::Active { cpu_hours } else { busy * size.vcpu },
                memory_gb_hours: busy * memory_gb,
                requests_million: load.requests / 1e6,
                ..Computing::default()
            }
        }
    }
}

/// Instance-hours in which at least one request is in flight, for requests that arrive at random: the busy share of an
/// M/G/∞ queue is 1 − exp(−λd) (Takács 1962).
fn busy_hours(load: &ComponentLoad, instances: f64) -> f64 {
    let in_flight = load.requests / SECONDS_PER_MONTH * load.request_ms / 1000.0;
    let busy = 1.0 - libm::exp(-in_flight / instances);
    busy * HOURS_PER_MONTH * instances
}

/// Price of a component's computing in a month, before allowances.
pub(crate) fn monthly(platform: &Platform, size: &Size, instances: u32, load: &ComponentLoad) -> Usd {
    let use_ = computing(platform, ServiceKind::Web, size, instances, load);
    let rate = |id| meter(platform, id).map_or(Usd::ZERO, |meter| meter.usd);
    let fixed = size.usd_per_month.unwrap_or_default();
    times(fixed, use_.instance_months)
        + times(rate(MeterId::VcpuHour), use_.vcpu_hours)
        + times(rate(MeterId::MemoryGbHour), use_.memory_gb_hours)
}

/// The platform's meter of an id.
pub(crate) fn meter(platform: &Platform, id: MeterId) -> Option<&siteplan_catalog::platform::Meter> {
    platform.meters.iter().find(|meter| meter.id == id)
}

/// A price times a quantity, which is rounded to a billionth; quantities stay below 10¹⁵.
pub(crate) fn times(price: Usd, quantity: f64) -> Usd {
    use rust_decimal::Decimal;
    #[expect(clippy::cast_possible_truncation, reason = "clamped to 10²⁴, far below 2^127; NaN becomes zero")]
    let billionths = (quantity.clamp(-1e15, 1e15) * 1e9).round() as i128;
    price * Decimal::from_i128_with_scale(billionths, 9)
}

/// What a data service has to hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DataLoad {
    /// Storage in GB.
    pub(crate) storage_gb: f64,
    /// Memory in MB.
    pub(crate) memory_mb: f64,
    /// Whether data must last (a production database).
    pub(crate) must_last: bool,
    /// Whether a standby is wanted.
    pub(crate) wants_standby: bool,
    /// Millions of commands.
    pub(crate) commands_million: f64,
}

/// The cheapest plan that holds the data; the largest lasting one if none is large enough; `None` if none lasts.
pub(crate) fn data_plan<'a>(service: &'a DataService, load: &DataLoad) -> Option<&'a DataPlan> {
    let price = |plan: &&DataPlan| plan_price(service, plan, load);
    let usable: Vec<&DataPlan> = service
        .plans
        .iter()
        .filter(|plan| if load.must_last { plan.lasts() } else { plan.expires_after_days.is_none() })
        .collect();
    let large: Vec<&DataPlan> = usable
        .iter()
        .copied()
        .filter(|plan| plan.memory_mb.is_none_or(|memory| f64::from(memory) >= load.memory_mb))
        .filter(|plan| service.storage_usd_per_gb.is_some() || plan.storage_gb >= load.storage_gb)
        .collect();
    let standby = large.iter().copied().filter(|plan| plan.high_availability).min_by_key(price);
    standby
        .filter(|_| load.wants_standby)
        .or_else(|| large.iter().copied().min_by_key(price))
        .or_else(|| usable.iter().copied().max_by_key(|plan| (plan.memory_mb, plan.usd_per_month)))
}

/// Price of a plan with the storage that is needed beyond it.
pub(crate) fn plan_price(service: &DataService, plan: &DataPlan, load: &DataLoad) -> Usd {
    let beyond = (load.storage_gb - plan.storage_gb).max(0.0);
    let storage = service.storage_usd_per_gb.as_ref().map_or(Usd::ZERO, |price| times(price.value, beyond));
    let commands = service
        .usd_per_million_commands
        .as_ref()
        .map_or(Usd::ZERO, |price| times(price.value, load.commands_million));
    plan.usd_per_month + storage + commands
}
