//! An arrangement → the charges of a month, at one level of optimism and one multiple of the load.

use siteplan_catalog::data_service::{DataKind, Operator};
use siteplan_catalog::platform::{Builder, FixedNeed, FixedScope, MeterId, Platform};
use siteplan_model::id::PlatformId;
use siteplan_model::money::Usd;

use crate::account::{MonthlyUse, account, carries};
use crate::data::{DataUse, data, data_account};
use crate::place::{Arrangement, Placed, PlacedEngine, SelfRun, Site};
use crate::plans::Plans;
use crate::price::{Bill, Charge, Cited, SHARED};
use crate::server::{Part, is_shared};
use crate::services::{ci, secrets};
use crate::sizing::{Computing, Sized, computing, data_plan, grown, holds, instances, regions};
use crate::usage::{HOURS_PER_MONTH, Key, Level, Load, Total};

/// For which load a bill is drawn up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At {
    /// Which end of every uncertain number is taken.
    pub(crate) level: Level,
    /// Multiple of today's load.
    pub(crate) factor: f64,
}

/// One environment with its shares.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Environment {
    pub(crate) name: &'static str,
    pub(crate) production: bool,
    /// Share of production's load.
    load: f64,
    /// Share of the month in which it exists.
    month: f64,
}

/// One platform in an arrangement at one load.
pub(crate) struct Hosted<'s, 'a> {
    host: &'a Platform,
    arrangement: &'s Arrangement<'a>,
    at: At,
    /// Production's load.
    today: Load,
    serves_http: bool,
    /// Its share of what is served.
    served: f64,
    /// The fixed items that there is a need for, so far.
    needs: FixedNeeds,
}

/// The engines whose price is use of a platform's own meters.
pub(crate) fn own_meters<'s, 'a>(
    host: &'s Platform,
    arrangement: &'s Arrangement<'a>,
) -> impl Iterator<Item = &'s PlacedEngine<'a>> {
    arrangement
        .engines
        .iter()
        .filter(|placed| placed.service.is_platform_use && placed.host.is_some_and(|own| own.id == host.id))
}

impl<'a> Site<'a> {
    /// The environments, production last.
    pub(crate) fn environments(&self, level: Level) -> impl Iterator<Item = Environment> + use<> {
        let load = self.assumptions.value(Key::StagingLoadShare, None, level);
        let preview = self.assumptions.value(Key::PreviewShare, None, level);
        let names = self.choices.environments.names();
        names.iter().enumerate().map(move |(index, name)| {
            if index + 1 == names.len() {
                Environment { name, production: true, load: 1.0, month: 1.0 }
            } else {
                let month = if *name == "preview" { preview } else { 1.0 };
                Environment { name, production: false, load, month }
            }
        })
    }

    /// Months for which the environments besides production exist.
    pub(crate) fn further_months(&self, level: Level) -> f64 {
        self.environments(level).filter(|environment| !environment.production).map(|e| e.month).sum()
    }

    /// The platforms that an arrangement uses, the main one first.
    pub(crate) fn hosts(&self, arrangement: &Arrangement<'a>) -> Vec<&'a Platform> {
        let mut hosts = vec![self.platform];
        let others = arrangement.components.iter().map(|placed| placed.platform);
        let self_run = arrangement.self_run.iter().map(|run| run.platform);
        for host in others.chain(self_run) {
            if hosts.iter().all(|known| known.id != host.id) {
                hosts.push(host);
            }
        }
        hosts
    }

    /// The expected cost with the plans chosen for it: the sum of [`Site::bill`], without drawing it up.
    pub(crate) fn expected(&self, arrangement: &Arrangement<'a>, factor: f64) -> Usd {
        let at = At { level: Level::Expected, factor };
        let mut total = Usd::ZERO;
        for host in self.hosts(arrangement) {
            let used = self.host_use(host, arrangement, at, &mut |charge| total += charge.monthly());
            let (plan, _) = self.cheapest_plan(host, arrangement, &used, at);
            total += plan.map_or(Usd::ZERO, |(_, cost)| cost);
        }
        self.shared(arrangement, at, &mut |charge| total += charge.monthly());
        total
    }

    /// The whole bill.
    pub(crate) fn bill(&self, arrangement: &Arrangement<'a>, plans: &Plans<'a>, at: At) -> Bill<'a> {
        let mut bill = Vec::new();
        for (host, plan) in plans {
            let (mut sized, mut paid) = (Vec::new(), Vec::new());
            let used = self.host_use(host, arrangement, at, &mut |charge| sized.push(charge));
            let seats = self.account.seats[at.level.index()];
            // At the dear end a plan that stops at what it includes, or at its members or disks, has been left for one that goes on.
            let plan = match at.level {
                Level::High if !(carries(host, plan, &used) && self.is_held(host, plan, arrangement, at)) => {
                    let (dearer, _) = self.cheapest_plan(host, arrangement, &used, at);
                    dearer.map_or(*plan, |(plan, _)| plan)
                }
                _ => *plan,
            };
            account(host, plan, seats, &used, &mut |charge| paid.push(charge));
            // The fee first, then what runs, then the meters.
            let mut paid = paid.into_iter();
            bill.extend(paid.next());
            bill.extend(sized);
            bill.extend(paid);
        }
        self.shared(arrangement, at, &mut |charge| bill.push(charge));
        bill
    }

    /// What does not belong to one platform: data services, secrets manager, CI.
    fn shared(&self, arrangement: &Arrangement<'a>, at: At, charge: &mut impl FnMut(Charge<'a>)) {
        for placed in &arrangement.engines {
            self.engine(placed, at, charge);
        }
        let environments = self.environment_count();
        if let Some(id) = &self.choices.secrets_service
            && let Some(service) = self.catalog.secrets_services.get(id)
        {
            let count = f64::from(self.choices.secrets) * environments;
            secrets(service, count, self.account.seats[at.level.index()], charge);
        }
        let host = self.choices.code_host.as_ref().and_then(|id| self.catalog.ci_hosts.get(id));
        if let Some(host) = host.filter(|_| !self.account.public) {
            let value = |key: Key| self.assumptions.value(key, self.language(), at.level);
            let builds = match self.platform.deploy.builds.value {
                Builder::Platform => 0.0,
                Builder::CiArtifact | Builder::CiImage => self.build_minutes(at.level, 1.0),
            };
            ci(host, value(Key::DeploysPerMonth) * value(Key::TestMinutes) + builds, charge);
        }
    }

    /// Minutes of all builds, where each deployment builds a number of times.
    fn build_minutes(&self, level: Level, times: f64) -> f64 {
        let value = |key: Key| self.assumptions.value(key, self.language(), level);
        let computed = || value(Key::DeploysPerMonth) * value(Key::MinutesPerBuild) * times;
        self.assumptions.total(Total::BuildMinutes).unwrap_or_else(computed)
    }

    /// One platform in an arrangement at one load.
    pub(crate) fn hosted<'s>(
        &self,
        host: &'a Platform,
        arrangement: &'s Arrangement<'a>,
        at: At,
    ) -> Hosted<'s, 'a> {
        let mut here = arrangement.components.iter().filter(|placed| placed.platform.id == host.id);
        let serves_http = here.any(|placed| self.workload.components[placed.component].kind.serves_http());
        let computes = self.gpu_host(arrangement).is_some_and(|gpu| gpu.id == host.id);
        let stated = [
            (FixedNeed::Always, true),
            (FixedNeed::Http, serves_http),
            (FixedNeed::Data, keeps_data_on(host, arrangement)),
            (FixedNeed::Hipaa, self.account.hipaa),
            (FixedNeed::Gpu, computes),
        ];
        let mut needs = FixedNeeds::default();
        for (need, _) in stated.into_iter().filter(|(_, needed)| *needed) {
            needs.of[need as usize] = true;
        }
        Hosted {
            host,
            arrangement,
            at,
            today: Load::of(self.assumptions, at.level, at.factor),
            serves_http,
            served: self.share_of_http(host, arrangement),
            needs,
        }
    }

    /// What one environment uses of a platform, and the charges that do not depend on the platform's account plan.
    pub(crate) fn environment_use(
        &self,
        on: &mut Hosted<'_, 'a>,
        environment: Environment,
        used: &mut MonthlyUse,
        charge: &mut impl FnMut(Charge<'a>),
    ) {
        let Hosted { host, arrangement, at, .. } = *on;
        let level = at.level;
        let load = on.today.share(environment.load);
        if is_shared(host) {
            let servers = self.server(host, arrangement, environment, &load, at, used, charge);
            on.needs.of[FixedNeed::Several as usize] = servers > 1;
        } else {
            for placed in arrangement.components.iter().filter(|placed| placed.platform.id == host.id) {
                let computing = self.component(placed, environment, &load, level, used, charge);
                used.add(MeterId::VcpuHour, computing.vcpu_hours);
                used.add(MeterId::MemoryGbHour, computing.memory_gb_hours);
                used.add(MeterId::RequestsMillion, computing.requests_million);
            }
            for run in arrangement.self_run.iter().filter(|run| run.platform.id == host.id) {
                self_run(run, host, environment, used, charge);
            }
        }
        on.needs.further_regions =
            if environment.production { self.regions_used(host, arrangement) - 1 } else { 0 };
        on.needs.of[FixedNeed::Regions as usize] = on.needs.further_regions > 0;
        fixed(host, FixedScope::Environment, environment.name, environment.month, on.needs, charge);
        if on.serves_http {
            let logged = self.assumptions.value(Key::LogKbPerRequest, None, level);
            // Platforms beside each other share the traffic by the components that serve it.
            let load = load.share(on.served);
            used.add(MeterId::TransferGb, load.transfer_gb);
            used.add(MeterId::CdnRequestsMillion, load.requests / 1e6);
            used.add(MeterId::LogGb, load.requests * logged / 1e6);
            used.add(MeterId::BalancerUnitHour, balancer_units(&load) * HOURS_PER_MONTH);
        }
        if environment.production {
            let disks = u32::try_from(self.disks_on(host, arrangement)).unwrap_or(u32::MAX);
            used.add(MeterId::DiskGb, self.stored(Key::DiskGb, level, at.factor) * f64::from(disks));
        }
        if host.deploy.builds.value == Builder::Platform {
            // Each environment is built by itself.
            let all = self.build_minutes(level, self.environment_count());
            used.add(MeterId::BuildMinute, all / self.environment_count());
        }
    }

    /// What runs on one platform: the charges that do not depend on its account plan, and what its meters count.
    pub(crate) fn host_use(
        &self,
        host: &'a Platform,
        arrangement: &Arrangement<'a>,
        at: At,
        charge: &mut impl FnMut(Charge<'a>),
    ) -> MonthlyUse {
        let mut used = MonthlyUse::default();
        let mut on = self.hosted(host, arrangement, at);
        for environment in self.environments(at.level) {
            self.environment_use(&mut on, environment, &mut used, charge);
        }
        fixed(host, FixedScope::Account, SHARED, 1.0, on.needs, charge);
        if host.deploy.builds.value == Builder::CiImage {
            used.add(MeterId::ImageGb, self.assumptions.value(Key::ImageGb, self.language(), at.level));
        }
        for placed in own_meters(host, arrangement) {
            self.engine(placed, at, &mut |charge| used.other_usd += charge.monthly());
        }
        used
    }

    /// The share of all placed components that serve HTTP which one platform holds.
    fn share_of_http(&self, host: &Platform, arrangement: &Arrangement<'a>) -> f64 {
        let serves = |placed: &&Placed<'a>| self.workload.components[placed.component].kind.serves_http();
        let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
        let all = || arrangement.components.iter().filter(serves);
        count(all().filter(|placed| placed.platform.id == host.id).count()) / count(all().count().max(1))
    }

    fn component(
        &self,
        placed: &Placed<'a>,
        environment: Environment,
        load: &Load,
        level: Level,
        used: &mut MonthlyUse,
        charge: &mut impl FnMut(Charge<'a>),
    ) -> Computing {
        let component = &self.workload.components[placed.component];
        let mut carried = self.component_load(component, load, level, environment.month);
        let host = placed.platform;
        if environment.production {
            carried = self.kept(host, component, carried);
        } else {
            (carried.instances, carried.regions) = (1.0, 1.0);
        }
        let same = |instances| Sized { size: placed.size, instances };
        let sized = match level {
            // The size that was chosen carries more than is needed; at the dear end a larger one may be needed.
            Level::Low | Level::Expected => same(instances(host, placed.size, &carried)),
            Level::High => grown(host, component, placed.size, &carried, self.context.budget),
        };
        let computing = computing(host, component.kind, sized.size, sized.instances, &carried);
        let free_here = !environment.production && host.environments.staging_is_free.value;
        if let Some(price) = sized.size.usd_per_month.filter(|_| !free_here) {
            used.transfer_of_instances_gb += sized.size.transfer_gb * computing.instance_months;
            let first = computing.instance_months / regions(host, sized.size, &carried);
            let item = Charge {
                component: [&component.name, ""],
                environment: environment.name,
                detail: [&host.name, &sized.size.id, ""],
                quantity: first,
                unit: "instance-month",
                unit_price: price,
                included: 0.0,
                source: Cited { sources: &host.sources, key: &sized.size.source },
            };
            charge(item);
            if computing.instance_months > first {
                let quantity = computing.instance_months - first;
                charge(Charge { component: [&component.name, ELSEWHERE], quantity, ..item });
            }
        }
        computing
    }

    /// The servers that everything of an environment shares, and how many there are.
    #[expect(
        clippy::too_many_arguments,
        reason = "an environment of one host at one load, and where its charges go"
    )]
    fn server(
        &self,
        host: &'a Platform,
        arrangement: &Arrangement<'a>,
        environment: Environment,
        load: &Load,
        at: At,
        used: &mut MonthlyUse,
        charge: &mut impl FnMut(Charge<'a>),
    ) -> u32 {
        let part = Part { level: at.level, is_production: environment.production, factor: at.factor };
        let Some(sized) = self.servers(host, arrangement, load, part) else { return 0 };
        let months = f64::from(sized.instances) * environment.month;
        let further =
            if environment.production { f64::from(self.regions_used(host, arrangement) - 1) } else { 0.0 };
        used.transfer_of_instances_gb += sized.size.transfer_gb * months * (1.0 + further);
        let item = Charge {
            component: ["server", ""],
            environment: environment.name,
            detail: [&host.name, &sized.size.id, "(shared by all components)"],
            quantity: months,
            unit: "server-month",
            unit_price: sized.size.usd_per_month.unwrap_or_default(),
            included: 0.0,
            source: Cited { sources: &host.sources, key: &sized.size.source },
        };
        charge(item);
        if further > 0.0 {
            charge(Charge { component: ["server", ELSEWHERE], quantity: months * further, ..item });
        }
        sized.instances
    }

    /// One engine in all environments, with the account that they share.
    pub(crate) fn engine(&self, placed: &PlacedEngine<'a>, at: At, charge: &mut impl FnMut(Charge<'a>)) {
        let service = placed.service;
        let production = self.data_load(placed.kind, at.level, at.factor);
        let further = self.further_data_load(placed.kind, at.level);
        // At the dear end a larger plan may be needed than the one that was chosen.
        let plan = match at.level {
            Level::High if !holds(service, placed.plan, &production) => {
                data_plan(service, &production).unwrap_or(placed.plan)
            }
            _ => placed.plan,
        };
        let parts = |environment: Environment| {
            if environment.production { (plan, &production) } else { (placed.further_plan, &further) }
        };
        for environment in self.environments(at.level) {
            let (plan, load) = parts(environment);
            let used = DataUse { months: environment.month, ..load.used };
            data(service, plan, [&placed.need.engine, environment.name], &used, charge);
            let copies = if environment.production { self.copies(placed) } else { 0.0 };
            if copies > 0.0 {
                let used = DataUse { months: copies, history_gb: 0.0, ..used };
                let elsewhere = &mut |item: Charge<'a>| {
                    charge(Charge { component: [&placed.need.engine, ELSEWHERE], ..item });
                };
                data(service, plan, [&placed.need.engine, environment.name], &used, elsewhere);
            }
        }
        let plans = self.environments(at.level).map(|environment| (parts(environment).0, environment.month));
        data_account(service, &placed.need.engine, plans, charge);
    }

    /// Language of the main component.
    pub(crate) fn language(&self) -> Option<&'a str> {
        self.workload.main().language.as_deref()
    }

    fn environment_count(&self) -> f64 {
        f64::from(u32::try_from(self.choices.environments.names().len()).unwrap_or(1))
    }

    /// Platforms beside the main one, by id.
    pub(crate) fn companions(&self, arrangement: &Arrangement<'a>) -> std::collections::BTreeSet<PlatformId> {
        self.hosts(arrangement).iter().skip(1).map(|host| host.id.clone()).collect()
    }
}

/// Capacity units of a load balancer: the larger of its new connections over 25 a second, at most one for each request, and
/// its GB over one an hour.
fn balancer_units(load: &Load) -> f64 {
    (load.mean_rps / 25.0).max(load.transfer_gb / HOURS_PER_MONTH)
}

/// An engine that the team runs itself: an instance, or the vCPU- and GB-hours of one.
fn self_run<'a>(
    run: &SelfRun<'a>,
    host: &'a Platform,
    environment: Environment,
    used: &mut MonthlyUse,
    charge: &mut impl FnMut(Charge<'a>),
) {
    let Some(price) = run.size.usd_per_month else {
        let hours = HOURS_PER_MONTH * environment.month;
        used.add(MeterId::VcpuHour, run.size.vcpu * hours);
        used.add(MeterId::MemoryGbHour, f64::from(run.size.memory_mb) / 1024.0 * hours);
        return;
    };
    charge(Charge {
        component: [&run.need.engine, ""],
        environment: environment.name,
        detail: [&host.name, &run.size.id, "(self-managed)"],
        quantity: environment.month,
        unit: "instance-month",
        unit_price: price,
        included: 0.0,
        source: Cited { sources: &host.sources, key: &run.size.source },
    });
}

/// Whether a database of the team's own runs on the servers of a platform that is paid by them.
fn keeps_data_on(host: &Platform, arrangement: &Arrangement<'_>) -> bool {
    let beside = arrangement.engines.iter().any(|placed| {
        placed.kind == DataKind::Database
            && placed.service.operated_by == Operator::Team
            && placed.service.platforms.contains(&host.id)
    });
    is_shared(host) && (beside || arrangement.self_run.iter().any(|run| run.platform.id == host.id))
}

/// Which fixed items there is a need for.
#[derive(Clone, Copy, Debug, Default)]
struct FixedNeeds {
    /// In the order of [`FixedNeed::ALL`].
    of: [bool; FixedNeed::ALL.len()],
    /// Regions of production besides the first, in the environment that is looked at.
    further_regions: u32,
}

/// What is paid for once more in each further region.
const ELSEWHERE: &str = " in further regions";

fn fixed<'a>(
    host: &'a Platform,
    scope: FixedScope,
    environment: &'static str,
    month: f64,
    needs: FixedNeeds,
    charge: &mut impl FnMut(Charge<'a>),
) {
    let needed = |need: FixedNeed| needs.of[need as usize];
    for fixed in host.fixed.iter().filter(|fixed| fixed.scope == scope && needed(fixed.needed)) {
        let item = Charge {
            component: [&fixed.name, ""],
            environment,
            detail: [&host.name, "", ""],
            quantity: month,
            unit: "month",
            unit_price: fixed.usd_per_month,
            included: 0.0,
            source: Cited { sources: &host.sources, key: &fixed.source },
        };
        charge(item);
        if let Some(unit_price) = fixed.usd_per_further_region.filter(|_| needs.further_regions > 0) {
            let quantity = month * f64::from(needs.further_regions);
            charge(Charge { component: [&fixed.name, ELSEWHERE], quantity, unit_price, ..item });
        }
    }
}
