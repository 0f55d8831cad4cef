//! Workload → where each component and data service goes, at which size, for one multiple of the load.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Need;
use siteplan_catalog::data_service::{DataKind, DataPlan, DataService, Operator};
use siteplan_catalog::platform::{Ability, Platform, Size};
use siteplan_model::brief::{BudgetBand, Context, DatabaseHosting, ScaleBand};
use siteplan_model::money::Usd;
use siteplan_model::survey::ServiceKind;

use crate::data::{DataUse, plan_price};
use crate::layout::Layout;
use crate::quote::Choices;
use crate::regions::runs_everywhere;
use crate::rest::Rest;
use crate::sizing::{ComponentLoad, DataLoad, Rates, cheapest, data_plan};
use crate::usage::{Assumptions, Key, Level, Load, Total};
use crate::workload::{Component, EngineNeed, Workload};

/// Everything that placing needs to know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Site<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) context: &'a Context,
    pub(crate) choices: &'a Choices,
    pub(crate) platform: &'a Platform,
    pub(crate) workload: &'a Workload,
    pub(crate) assumptions: &'a Assumptions<'a>,
    /// What serves the workload's engines.
    pub(crate) offers: &'a [Offers<'a>],
    pub(crate) account: Account,
}

/// What the answers say of the accounts, the same for every platform.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Account {
    /// Whether the application is commercial.
    pub(crate) commercial: bool,
    /// People who deploy, low, expected and high.
    pub(crate) seats: [u32; 3],
    /// Whether everybody may read the repository, so that its CI is free.
    pub(crate) public: bool,
    /// Whether an agreement on health data of the United States is asked for.
    pub(crate) hipaa: bool,
    /// Regions in which production has to run.
    pub(crate) regions: u32,
}

/// The data services of the catalog that serve one engine.
#[derive(Clone, Debug)]
pub(crate) struct Offers<'a> {
    pub(crate) engine: String,
    pub(crate) kind: DataKind,
    pub(crate) services: Vec<&'a DataService>,
    /// The cheapest one that belongs to no platform, with its plan, for each multiple of the load that was asked about: their
    /// positions.
    independent: RefCell<BTreeMap<u64, Option<[usize; 2]>>>,
    /// What that one costs in all environments, for each multiple of the load.
    independent_price: RefCell<BTreeMap<u64, Usd>>,
}

/// A service with a plan.
type Offer<'a> = (&'a DataService, &'a DataPlan);

impl<'a> Offers<'a> {
    /// The services of one kind that serve an engine.
    pub(crate) fn of(catalog: &'a Catalog, engine: &str, kind: DataKind) -> Self {
        let serves =
            |service: &&DataService| service.kind == kind && service.engines.iter().any(|e| e == engine);
        Self {
            engine: engine.to_owned(),
            kind,
            services: catalog.data_services.values().filter(serves).collect(),
            independent: RefCell::default(),
            independent_price: RefCell::default(),
        }
    }

    /// The cheapest service that belongs to no platform, for what has to be held at a multiple of the load: the same beside
    /// every platform.
    fn independent(&self, load: &DataLoad, factor: f64) -> Option<Offer<'a>> {
        let look = || {
            let free = self.services.iter().copied().filter(|service| service.platforms.is_empty());
            let (service, plan) = cheapest_service(free, load)?;
            let at = self.services.iter().position(|known| std::ptr::eq(*known, service))?;
            Some([at, service.plans.iter().position(|known| std::ptr::eq(known, plan))?])
        };
        let known = *self.independent.borrow_mut().entry(factor.to_bits()).or_insert_with(look);
        let [service, plan] = known?;
        let service = self.services[service];
        Some((service, &service.plans[plan]))
    }
}

/// A component with its platform, size and instances in production, and what becomes of these while nobody asks.
#[derive(Clone, Debug)]
pub(crate) struct Placed<'a> {
    pub(crate) component: usize,
    pub(crate) platform: &'a Platform,
    pub(crate) size: &'a Size,
    pub(crate) instances: u32,
    pub(crate) rest: Rest,
}

/// An engine with its service and plan in production and in the further environments.
#[derive(Clone, Debug)]
pub(crate) struct PlacedEngine<'a> {
    pub(crate) need: &'a EngineNeed,
    pub(crate) kind: DataKind,
    pub(crate) service: &'a DataService,
    pub(crate) plan: &'a DataPlan,
    pub(crate) further_plan: &'a DataPlan,
    /// The platform of whose offer it is part: the one that runs the server beside it.
    pub(crate) host: Option<&'a Platform>,
}

impl PlacedEngine<'_> {
    /// Whether its service keeps a copy in another region, at the price of the plan, of data that must last.
    pub(crate) fn copied_to_regions(&self) -> bool {
        let copies = self.service.region_copies.as_ref();
        self.kind == DataKind::Database && copies.is_some_and(|figure| figure.value != Ability::No)
    }
}

/// An engine that the team runs itself, on a machine of a platform that keeps disks.
#[derive(Clone, Debug)]
pub(crate) struct SelfRun<'a> {
    pub(crate) need: &'a EngineNeed,
    pub(crate) platform: &'a Platform,
    pub(crate) size: &'a Size,
}

/// All parts of a workload at their places.
#[derive(Clone, Debug)]
pub(crate) struct Arrangement<'a> {
    pub(crate) components: Vec<Placed<'a>>,
    pub(crate) engines: Vec<PlacedEngine<'a>>,
    pub(crate) self_run: Vec<SelfRun<'a>>,
    /// Engines that nothing offers.
    pub(crate) unplaced: Vec<String>,
    /// Names of components that nothing runs.
    pub(crate) idle: Vec<String>,
    /// The platform beside which data belongs.
    pub(crate) server: &'a Platform,
}

impl<'a> Site<'a> {
    /// Places everything by a layout for a multiple of today's expected load.
    pub(crate) fn arrange(&self, layout: &Layout<'a>, factor: f64) -> Arrangement<'a> {
        let load = Load::of(self.assumptions, Level::Expected, factor);
        let mut arrangement = Arrangement {
            components: Vec::new(),
            engines: Vec::new(),
            self_run: Vec::new(),
            unplaced: Vec::new(),
            idle: Vec::new(),
            server: layout.server(self.workload).unwrap_or(self.platform),
        };
        for (index, host) in layout.hosts.iter().enumerate() {
            match host.and_then(|host| self.place_component(index, host, &load)) {
                Some(placed) => arrangement.components.push(placed),
                None => arrangement.idle.push(self.workload.components[index].name.clone()),
            }
        }
        for need in &self.workload.databases {
            self.place_engine(need, DataKind::Database, factor, &mut arrangement);
        }
        for need in &self.workload.caches {
            self.place_engine(need, DataKind::Cache, factor, &mut arrangement);
        }
        self.share_servers(&mut arrangement, factor);
        arrangement
    }

    fn place_component(&self, index: usize, host: &'a Platform, load: &Load) -> Option<Placed<'a>> {
        let component = &self.workload.components[index];
        let carried = self.component_load(component, load, Level::Expected, 1.0);
        let carried = self.kept(host, component, carried);
        let sized = cheapest(host, component, &carried, self.context.budget)?;
        let rest = self.rest(host, component, sized.size, carried.instances);
        Some(Placed { component: index, platform: host, size: sized.size, instances: sized.instances, rest })
    }

    /// What a component's size costs on a platform at the expected load, before allowances; none without a size for it.
    pub(crate) fn size_price(&self, platform: &'a Platform, index: usize) -> Option<Usd> {
        let component = &self.workload.components[index];
        let load = Load::of(self.assumptions, Level::Expected, 1.0);
        let carried = self.component_load(component, &load, Level::Expected, 1.0);
        let carried = self.kept(platform, component, carried);
        let sized = cheapest(platform, component, &carried, self.context.budget)?;
        Some(Rates::of(platform).monthly(platform, component.kind, sized.size, sized.instances, &carried))
    }

    /// What the databases cost in a platform's own offer, operated by its vendor and fit to last; none if one of them is
    /// not in it.
    pub(crate) fn data_price(&self, platform: &Platform) -> Option<Usd> {
        let load = self.data_load(DataKind::Database, Level::Expected, 1.0);
        let price = |need: &EngineNeed| {
            let own = self.catalog.data_services_for(&need.engine).filter(|service| {
                service.kind == DataKind::Database
                    && service.operated_by == Operator::Vendor
                    && service.platforms.contains(&platform.id)
            });
            cheapest_service(own, &load).map(|(service, plan)| plan_price(service, plan, &load.used))
        };
        self.workload.databases.iter().map(price).sum()
    }

    /// What one component has to carry in one environment, whose load is `load`.
    pub(crate) fn component_load(
        &self,
        component: &Component,
        load: &Load,
        level: Level,
        share_of_month: f64,
    ) -> ComponentLoad {
        let table = self.assumptions.table(component.language.as_deref());
        let value = |key: Key| table[key as usize][level.index()];
        let http = self.workload.components.iter().filter(|c| c.kind.serves_http()).count();
        let share = match component.kind {
            ServiceKind::Worker => value(Key::JobsPerRequest),
            ServiceKind::Cron => 0.0,
            _ => 1.0 / f64::from(u32::try_from(http).unwrap_or(u32::MAX)).max(1.0),
        };
        let scheduled = component.kind == ServiceKind::Cron;
        // A file is opened by one process.
        let most_instances = if component.data_file.is_some() { 1.0 } else { f64::INFINITY };
        let least = if component.kind.serves_http() {
            self.assumptions.stepped(Key::Instances, load.users, level)
        } else {
            1.0
        };
        ComponentLoad {
            requests: load.requests * share,
            peak_rps: load.peak_rps * share,
            rps_per_vcpu: value(Key::RequestsPerSecondPerVcpu),
            cpu_ms: value(Key::CpuMsPerRequest),
            request_ms: value(Key::RequestMs),
            memory_mb: self.workload.memory_mb.map_or_else(|| value(Key::MemoryMb), f64::from),
            memory_fill: self.memory_fill(level),
            instances: least.min(most_instances),
            most_instances,
            regions: if runs_everywhere(component) { f64::from(self.account.regions) } else { 1.0 },
            idle_cpu_share: value(Key::IdleCpuShare),
            share_of_month: share_of_month * if scheduled { value(Key::CronShare) } else { 1.0 },
            further_months: if self.platform.environments.staging_is_free.value {
                0.0
            } else {
                self.further_months(level)
            },
            kept: 0.0,
            kept_vcpu_share: 0.0,
        }
    }

    /// The share of a machine's memory that may be full.
    pub(crate) fn memory_fill(&self, level: Level) -> f64 {
        if self.leaves_margin() { self.assumptions.value(Key::MemoryFill, None, level) } else { 1.0 }
    }

    /// Whether a part of a machine's memory is left free: what a repository states for its container is the size of one, and where
    /// nothing may be spent a restart now and then is the price of the machine that costs nothing.
    pub(crate) fn leaves_margin(&self) -> bool {
        self.workload.memory_mb.is_none() && self.context.budget != BudgetBand::Free
    }

    fn place_engine(
        &self,
        need: &'a EngineNeed,
        kind: DataKind,
        factor: f64,
        arrangement: &mut Arrangement<'a>,
    ) {
        let load = self.data_load(kind, Level::Expected, factor);
        let server = arrangement.server;
        if kind == DataKind::Database && self.choices.database == Some(DatabaseHosting::SelfManaged) {
            match self.self_run(need, &load, server) {
                Some(run) => arrangement.self_run.push(run),
                None => arrangement.unplaced.push(need.engine.clone()),
            }
            return;
        }
        match self.data_service(need, kind, (&load, factor), server) {
            Some(placed) => arrangement.engines.push(placed),
            None => arrangement.unplaced.push(need.engine.clone()),
        }
    }

    /// What a data service has to hold in production.
    pub(crate) fn data_load(&self, kind: DataKind, level: Level, factor: f64) -> DataLoad {
        let requests = self.assumptions.requests(level) * factor;
        let users = self.assumptions.users_of_data() * factor;
        let database = kind == DataKind::Database;
        let scale = self.assumptions.reached(users);
        let storage_gb = if database { self.stored(Key::DatabaseGb, level, factor) } else { 0.0 };
        let used = DataUse {
            months: 1.0,
            storage_gb,
            history_gb: storage_gb * self.assumptions.value(Key::HistoryShare, None, level),
            commands_million: requests * self.assumptions.value(Key::CacheCommandsPerRequest, None, level)
                / 1e6,
        };
        DataLoad {
            memory_mb: self.assumptions.stepped(
                if database { Key::DatabaseMemoryMb } else { Key::CacheMemoryMb },
                users,
                level,
            ),
            lasting: database.then_some(self.context.budget),
            wants_standby: database && scale >= ScaleBand::High,
            used,
        }
    }

    /// GB that one database or the disk of files holds: data grows with the users, not with every request, but more
    /// requests than they can make come from others. An exact total
    /// is split in the proportion of what the assumptions say, and grows as they do.
    pub(crate) fn stored(&self, key: Key, level: Level, factor: f64) -> f64 {
        let today = self.assumptions.users_of_data();
        let Some(total) = self.assumptions.total(Total::StorageGb) else {
            return self.assumptions.grown(key, today * factor, level);
        };
        let at = |key, users| self.assumptions.grown(key, users, Level::Expected);
        let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
        let databases = count(self.workload.databases.len());
        let files = at(Key::DiskGb, today) * count(self.disks());
        let all = at(Key::DatabaseGb, today) * databases + files;
        if all <= 0.0 { 0.0 } else { total * at(key, today * factor) / all }
    }

    /// What a data service has to hold in a further environment.
    pub(crate) fn further_data_load(&self, kind: DataKind, level: Level) -> DataLoad {
        let production = self.data_load(kind, level, 1.0);
        let value = |key| self.assumptions.value(key, None, level);
        let storage_gb = production.used.storage_gb.min(value(Key::StagingDatabaseGb));
        let used = DataUse {
            months: 1.0,
            storage_gb,
            history_gb: storage_gb * value(Key::HistoryShare),
            commands_million: production.used.commands_million * value(Key::StagingLoadShare),
        };
        DataLoad { memory_mb: 0.0, lasting: None, wants_standby: false, used }
    }

    fn data_service(
        &self,
        need: &'a EngineNeed,
        kind: DataKind,
        (load, factor): (&DataLoad, f64),
        server: &'a Platform,
    ) -> Option<PlacedEngine<'a>> {
        let own = |service: &&'a DataService| service.platforms.contains(&server.id);
        let of_need = |offers: &&Offers<'a>| offers.kind == kind && offers.engine == need.engine;
        let offers = self.offers.iter().find(of_need)?;
        let all = &offers.services;
        let chosen_by_name = self
            .choices
            .database_service
            .as_ref()
            .filter(|_| kind == DataKind::Database)
            .and_then(|id| all.iter().copied().find(|service| service.id == *id));
        let hosting = self.choices.database.filter(|_| kind == DataKind::Database);
        let by_vendor = |service: &&'a DataService| service.operated_by == Operator::Vendor;
        let holds = |(service, plan): &Offer<'a>| service.stores(plan, load.used.storage_gb);
        let same_platform = || cheapest_service(all.iter().copied().filter(own).filter(by_vendor), load);
        let team_operated = || cheapest_service(all.iter().copied().filter(own), load);
        let independent = || offers.independent(load, factor);
        let (service, plan) = match (chosen_by_name, hosting) {
            (Some(service), Some(DatabaseHosting::Managed)) => {
                data_plan(service, load).map(|plan| (service, plan))
            }
            (_, Some(DatabaseHosting::Managed)) => independent().or_else(same_platform),
            (_, Some(DatabaseHosting::SamePlatform)) => {
                same_platform().or_else(team_operated).or_else(independent)
            }
            _ if self.context.budget == BudgetBand::Free && kind == DataKind::Database => {
                let price = |(service, plan): Offer<'a>| plan_price(service, plan, &load.used);
                let (near, far) = (same_platform(), independent());
                // At the same price the one on the same bill.
                let dearer = near.zip(far).is_some_and(|(near, far)| price(far) < price(near));
                near.filter(|_| !dearer).or(far).or_else(team_operated)
            }
            // A cache may lose its data, so the platform's own offer serves whoever operates it.
            _ if kind == DataKind::Cache => self.unless_noticed(team_operated(), offers, (load, factor)),
            _ => match same_platform() {
                Some(near) if !holds(&near) && independent().is_some_and(|far| holds(&far)) => independent(),
                Some(own) => self.unless_noticed(Some(own), offers, (load, factor)),
                None => self.cheaper(team_operated(), offers, (load, factor)),
            },
        }?;
        let further = self.further_data_load(kind, Level::Expected);
        let further_plan = data_plan(service, &further).unwrap_or(plan);
        let host = own(&service).then_some(server);
        Some(PlacedEngine { need, kind, service, plan, further_plan, host })
    }

    /// The platform's own service, unless an independent one costs so much less that whoever pays would notice, or alone is within
    /// the budget. Beside the application data is nearer and needs no second account; where no sum is too large, that decides.
    /// What is noticed goes by the band, so that a price does not move with each dollar of a budget.
    fn unless_noticed(
        &self,
        own: Option<Offer<'a>>,
        offers: &Offers<'a>,
        at: (&DataLoad, f64),
    ) -> Option<Offer<'a>> {
        let (Some(mine), Some(ceiling)) = (own, self.context.ceiling()) else {
            return own.or_else(|| offers.independent(at.0, at.1));
        };
        let band = self.context.budget.ceiling().unwrap_or(ceiling);
        let unnoticed = self.catalog.criteria.value.cost_unnoticed_share.value * band.to_f64();
        let mine = self.in_all_environments(mine, offers.kind, at.0);
        if mine.to_f64() <= unnoticed {
            return own;
        }
        let better = |other: Usd| (mine - other).to_f64() > unnoticed || (mine > ceiling && other <= ceiling);
        self.independent(offers, at).filter(|(_, price)| better(*price)).map(|(other, _)| other).or(own)
    }

    /// The cheaper of what the team runs itself beside the application and an independent service: each has its own work.
    fn cheaper(
        &self,
        self_run: Option<Offer<'a>>,
        offers: &Offers<'a>,
        at: (&DataLoad, f64),
    ) -> Option<Offer<'a>> {
        match (self_run, self.independent(offers, at)) {
            (Some(own), Some((other, price))) if price < self.in_all_environments(own, offers.kind, at.0) => {
                Some(other)
            }
            (own, other) => own.or(other.map(|(other, _)| other)),
        }
    }

    /// The cheapest independent service with what it costs in all environments: the same beside every platform.
    fn independent(&self, offers: &Offers<'a>, (load, factor): (&DataLoad, f64)) -> Option<(Offer<'a>, Usd)> {
        let offer = offers.independent(load, factor)?;
        let price = || self.in_all_environments(offer, offers.kind, load);
        let price = *offers.independent_price.borrow_mut().entry(factor.to_bits()).or_insert_with(price);
        Some((offer, price))
    }

    /// What a service costs in a month in production and the further environments, at the load of today.
    fn in_all_environments(&self, (service, plan): Offer<'a>, kind: DataKind, load: &DataLoad) -> Usd {
        let further = self.further_data_load(kind, Level::Expected);
        let others = self.choices.environments.names().len().saturating_sub(1);
        let beside =
            data_plan(service, &further).map_or(Usd::ZERO, |plan| plan_price(service, plan, &further.used));
        std::iter::repeat_n(beside, others)
            .fold(plan_price(service, plan, &load.used), |sum, price| sum + price)
    }

    /// A machine for an engine that the team runs itself: on the server's platform if it keeps disks, else on the main one or the
    /// first that does.
    fn self_run(&self, need: &'a EngineNeed, load: &DataLoad, server: &'a Platform) -> Option<SelfRun<'a>> {
        let keeps = |platform: &&Platform| {
            platform.capabilities.persistent_disk.value != Ability::No
                && platform.runs.images.value == Ability::Yes
        };
        let size = |platform: &'a Platform| {
            platform
                .sizes
                .iter()
                .filter(|size| !size.sleeps && f64::from(size.memory_mb) >= load.memory_mb.max(512.0))
                .filter(|size| size.kinds.is_empty() || size.kinds.contains(&ServiceKind::Worker))
                .min_by_key(|size| (size.usd_per_month, size.memory_mb))
        };
        let others = self.catalog.platforms.values().filter(keeps);
        let own = [server, self.platform].into_iter().filter(keeps);
        own.chain(others).find_map(|platform| Some(SelfRun { need, platform, size: size(platform)? }))
    }

    /// The platform on whose GPU the application computes: the one that runs its worker, else the one that runs its server.
    pub(crate) fn gpu_host(&self, arrangement: &Arrangement<'a>) -> Option<&'a Platform> {
        let is_worker =
            |placed: &&Placed<'a>| self.workload.components[placed.component].kind == ServiceKind::Worker;
        let worker = arrangement.components.iter().find(is_worker).map(|placed| placed.platform);
        let offers = |host: &&'a Platform| host.capabilities.gpu.value != Ability::No;
        let needed = self.workload.has(Need::Gpu);
        worker.into_iter().chain([arrangement.server]).find(offers).filter(|_| needed)
    }

    /// Disks on which files must survive a restart: one for each folder whose database is a file, else the server's.
    fn disks(&self) -> usize {
        let folders = self.workload.with_data_files().filter_map(|(_, one)| one.data_file.as_deref());
        let folders: BTreeSet<&str> = folders.collect();
        folders.len().max(usize::from(self.workload.has(Need::FileStorage)))
    }

    /// Disks of a platform that keeps some, for what runs on it.
    pub(crate) fn disks_on(&self, host: &Platform, arrangement: &Arrangement<'a>) -> usize {
        if host.capabilities.persistent_disk.value == Ability::No || !self.workload.has(Need::FileStorage) {
            return 0;
        }
        if !self.workload.keeps_data_in_files() {
            return usize::from(host.id == arrangement.server.id);
        }
        let here = arrangement.components.iter().filter(|placed| placed.platform.id == host.id);
        let folders: BTreeSet<&str> = here
            .filter_map(|placed| self.workload.components[placed.component].data_file.as_deref())
            .collect();
        folders.len()
    }
}

fn cheapest_service<'a>(
    services: impl Iterator<Item = &'a DataService>,
    load: &DataLoad,
) -> Option<Offer<'a>> {
    let mut best: Option<(bool, Usd, &DataService, &DataPlan)> = None;
    for service in services {
        let Some(plan) = data_plan(service, load) else { continue };
        let price = plan_price(service, plan, &load.used);
        // What does not hold the data is no cheaper for it.
        let lacks = !service.stores(plan, load.used.storage_gb);
        if best
            .is_none_or(|(lacked, least, known, _)| (lacks, price, &service.id) < (lacked, least, &known.id))
        {
            best = Some((lacks, price, service, plan));
        }
    }
    best.map(|(_, _, service, plan)| (service, plan))
}
