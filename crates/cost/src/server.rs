//! Everything that shares servers in one environment → the size and number of servers that carry it.
//!
//! On most platforms each component has instances of its own; on a rented server all components of an environment and the
//! databases that the team runs beside them share vCPUs and memory, and the server is paid once. With several servers each
//! runs one share of the processes; the databases live on one of them.

use siteplan_catalog::data_service::{DataKind, Operator};
use siteplan_catalog::platform::{Billing, FixedNeed, Platform, Size};
use siteplan_model::money::Usd;
use siteplan_model::survey::ServiceKind;

use crate::place::{Arrangement, Site};
use crate::price::times;
use crate::sizing::{ComponentLoad, DataLoad, Sized};
use crate::usage::{Level, Load};

/// Whether a platform is paid by servers that everything shares.
pub(crate) fn is_shared(platform: &Platform) -> bool {
    platform.compute.billing.value == Billing::Server
}

/// What an environment asks of the servers that it shares.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServerLoad {
    /// vCPUs in the busiest minute.
    vcpus: f64,
    /// MB of one process of each component, with the number of processes.
    processes: Vec<(f64, f64)>,
    /// MB of the databases and caches.
    data_mb: f64,
    /// Servers, at least.
    servers: f64,
    /// Share of a server's memory that may be full.
    memory_fill: f64,
}

impl ServerLoad {
    /// Adds a component. A process that serves requests keeps one vCPU busy at most; files cost a web server next to nothing.
    fn add(&mut self, kind: ServiceKind, load: &ComponentLoad) {
        self.servers = self.servers.max(load.instances);
        if kind == ServiceKind::Static {
            return;
        }
        let vcpus = load.peak_rps / load.rps_per_vcpu.max(1e-9);
        self.vcpus += vcpus;
        self.processes.push((load.memory_mb, vcpus.ceil().max(1.0)));
    }

    fn add_data(&mut self, load: &DataLoad) {
        self.data_mb += load.memory_mb;
    }

    /// Whether `count` servers of a size carry it.
    fn fits(&self, platform: &Platform, size: &Size, count: f64) -> bool {
        let reserved = platform.compute.reserved_memory_mb.as_ref().map_or(0, |figure| figure.value);
        let processes: f64 =
            self.processes.iter().map(|(memory, processes)| memory * (processes / count).ceil()).sum();
        size.vcpu * count >= self.vcpus
            && f64::from(size.memory_mb) * self.memory_fill >= f64::from(reserved) + self.data_mb + processes
    }
}

/// The cheapest servers that carry a load; as many of the largest as the platform allows if none do. More servers of a size
/// carry more and cost more, so of each size the fewest that carry it are enough to look at.
pub(crate) fn servers<'a>(platform: &'a Platform, load: &ServerLoad) -> Option<Sized<'a>> {
    let most = platform.limits.instances.value.max(1);
    let sizes = || platform.sizes.iter().filter(|size| !size.sleeps);
    let least = (1..=most).find(|count| f64::from(*count) >= load.servers).unwrap_or(most);
    let fewest = |size: &'a Size| {
        let instances = (least..=most).find(|count| load.fits(platform, size, f64::from(*count)))?;
        Some(Sized { size, instances })
    };
    sizes()
        .filter_map(fewest)
        .min_by_key(|sized| (price(platform, sized), sized.instances))
        .or_else(|| Some(Sized { size: sizes().max_by_key(|size| size.memory_mb)?, instances: most }))
}

/// What servers cost a month, with what several of them need besides.
pub(crate) fn price(platform: &Platform, sized: &Sized<'_>) -> Usd {
    let balancing = platform.fixed.iter().filter(|fixed| fixed.needed == FixedNeed::Several);
    let besides: Usd = balancing.map(|fixed| fixed.usd_per_month).sum();
    let servers = times(sized.size.usd_per_month.unwrap_or_default(), f64::from(sized.instances));
    if sized.instances > 1 { servers + besides } else { servers }
}

impl<'a> Site<'a> {
    /// The servers of one environment on a platform that is paid by them.
    pub(crate) fn servers(
        &self,
        host: &'a Platform,
        arrangement: &Arrangement<'a>,
        load: &Load,
        part: Part,
    ) -> Option<Sized<'a>> {
        let memory_fill = self.memory_fill(part.level);
        let mut shared = ServerLoad { memory_fill, ..ServerLoad::default() };
        for placed in arrangement.components.iter().filter(|placed| placed.platform.id == host.id) {
            let component = &self.workload.components[placed.component];
            let mut carried = self.component_load(component, load, part.level, 1.0);
            if !part.is_production {
                carried.instances = 1.0;
            }
            shared.add(component.kind, &carried);
        }
        let beside = arrangement.engines.iter().filter(|placed| {
            placed.service.operated_by == Operator::Team && placed.service.platforms.contains(&host.id)
        });
        let kinds = beside.map(|placed| placed.kind).chain(
            arrangement.self_run.iter().filter(|run| run.platform.id == host.id).map(|_| DataKind::Database),
        );
        for kind in kinds {
            let mut data = self.data_load(kind, part.level, part.factor);
            if !part.is_production {
                data.memory_mb = data.memory_mb.min(FURTHER_DATA_MB);
            }
            shared.add_data(&data);
        }
        servers(host, &shared)
    }

    /// Puts the components of platforms that are paid by servers onto production's servers.
    pub(crate) fn share_servers(&self, arrangement: &mut Arrangement<'a>, factor: f64) {
        let part = Part { level: Level::Expected, is_production: true, factor };
        let load = Load::of(self.assumptions, part.level, factor);
        for host in self.hosts(arrangement).into_iter().filter(|host| is_shared(host)) {
            let Some(sized) = self.servers(host, arrangement, &load, part) else { continue };
            for placed in arrangement.components.iter_mut().filter(|placed| placed.platform.id == host.id) {
                (placed.size, placed.instances) = (sized.size, sized.instances);
            }
        }
    }
}

/// Memory of a database of a further environment: the smallest setting that its image runs well with.
const FURTHER_DATA_MB: f64 = 128.0;

/// Which environment at which load is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    /// How optimistic.
    pub(crate) level: Level,
    /// Whether users see it.
    pub(crate) is_production: bool,
    /// Multiple of today's load.
    pub(crate) factor: f64,
}
