//! An arrangement → the items of a month's bill, at one level of optimism and one multiple of the load.

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::data_service::{DataKind, Operator};
use siteplan_catalog::platform::{
    Ability, Builder, FixedNeed, FixedScope, MeterId, Plan, PlanUnit, Platform,
};
use siteplan_model::brief::{BudgetBand, Expertise, ScaleBand};
use siteplan_model::id::PlatformId;
use siteplan_model::money::Usd;

use crate::place::{Arrangement, Placed, Site};
use crate::price::{Bill, Item, SHARED, total};
use crate::server::{Part, is_shared};
use crate::sizing::{Computing, computing, meter, plan_price};
use crate::usage::{Key, Level, Load};

/// The account plan chosen for each platform.
pub(crate) type Plans<'a> = BTreeMap<PlatformId, &'a Plan>;

impl<'a> Site<'a> {
    /// The environments with the share of production's load and of the month that each has.
    fn environments(&self, level: Level) -> Vec<(&'static str, f64, f64)> {
        let load_share = self.assumptions.value(Key::StagingLoadShare, None, level);
        let preview_share = self.assumptions.value(Key::PreviewShare, None, level);
        let names = self.choices.environments.names();
        let further = |name: &&'static str| match *name {
            "preview" => (*name, load_share, preview_share),
            _ => (*name, load_share, 1.0),
        };
        let mut list: Vec<_> = names.iter().map(further).collect();
        if let Some(production) = list.last_mut() {
            (production.1, production.2) = (1.0, 1.0);
        }
        list
    }

    /// Whether the application is commercial, by the setting or its default.
    pub(crate) fn commercial(&self) -> bool {
        match self.catalog.setting(&self.choices.settings, "commercial") {
            "yes" => true,
            "no" => false,
            _ => self.context.scale != ScaleBand::Low || self.context.budget > BudgetBand::Small,
        }
    }

    /// People who deploy, by the setting or its default.
    pub(crate) fn seats(&self) -> u32 {
        let set = self.catalog.setting(&self.choices.settings, "team_size");
        set.parse::<u32>().ok().filter(|size| *size > 0).unwrap_or(match self.context.expertise {
            Expertise::Beginner => 1,
            Expertise::Intermediate => 2,
            Expertise::Advanced => 4,
        })
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

    /// The account plan of each platform that makes the expected bill cheapest, and whether all of them allow the use.
    pub(crate) fn choose_plans(&self, arrangement: &Arrangement<'a>, factor: f64) -> (Plans<'a>, bool) {
        let mut plans = Plans::new();
        let mut allowed = true;
        for host in self.hosts(arrangement) {
            let cost = |plan: &&'a Plan| {
                let bill = self.host_bill(host, plan, arrangement, Level::Expected, factor);
                (total(&bill), plan.usd_per_month)
            };
            let sizes = || arrangement.components.iter().filter(|placed| placed.platform.id == host.id);
            let allows = |plan: &&'a Plan| {
                let trial = plan.trial && self.context.budget != BudgetBand::Free;
                !trial
                    && (plan.sizes.is_empty() || sizes().all(|placed| plan.sizes.contains(&placed.size.id)))
            };
            let may_use = |plan: &&'a Plan| plan.commercial || !self.commercial();
            let lawful = host.plans.iter().filter(may_use).filter(allows).min_by_key(cost);
            let Some(plan) = lawful.or_else(|| host.plans.iter().min_by_key(cost)) else { continue };
            allowed &= lawful.is_some();
            plans.insert(host.id.clone(), plan);
        }
        (plans, allowed)
    }

    /// The whole bill.
    pub(crate) fn bill(
        &self,
        arrangement: &Arrangement<'a>,
        plans: &Plans<'a>,
        level: Level,
        factor: f64,
    ) -> Bill<'a> {
        let mut bill = Vec::new();
        for host in self.hosts(arrangement) {
            if let Some(plan) = plans.get(&host.id) {
                bill.extend(self.host_bill(host, plan, arrangement, level, factor));
            }
        }
        self.data_items(arrangement, level, factor, &mut bill);
        self.secrets_items(&mut bill);
        self.ci_items(level, &mut bill);
        bill
    }

    /// One platform's part of the bill under one of its account plans.
    fn host_bill(
        &self,
        host: &'a Platform,
        plan: &'a Plan,
        arrangement: &Arrangement<'a>,
        level: Level,
        factor: f64,
    ) -> Bill<'a> {
        let mut bill = vec![self.plan_item(host, plan)];
        let placed: Vec<&Placed<'a>> =
            arrangement.components.iter().filter(|placed| placed.platform.id == host.id).collect();
        let serves_http =
            placed.iter().any(|placed| self.workload.components[placed.component].kind.serves_http());
        // Platforms beside each other share the traffic by the components that serve it.
        let served = self.share_of_http(&placed, arrangement);
        let today = Load::of(&self.assumptions, level, factor);
        let mut metered: BTreeMap<MeterId, f64> = BTreeMap::new();
        let mut needs =
            FixedNeeds { http: serves_http, data: keeps_data_on(host, arrangement), several: false };
        for (environment, load_share, month_share) in self.environments(level) {
            let load = today.share(load_share);
            if is_shared(host) {
                let servers =
                    self.server_items(host, arrangement, environment, level, factor, month_share, &mut bill);
                needs.several = servers > 1;
            } else {
                for placed in &placed {
                    let used =
                        self.component_items(placed, environment, &load, level, month_share, &mut bill);
                    *metered.entry(MeterId::VcpuHour).or_default() += used.vcpu_hours;
                    *metered.entry(MeterId::MemoryGbHour).or_default() += used.memory_gb_hours;
                    *metered.entry(MeterId::RequestsMillion).or_default() += used.requests_million;
                }
                for run in arrangement.self_run.iter().filter(|run| run.platform.id == host.id) {
                    let (vcpu_hours, memory_gb_hours) =
                        self_run_items(run, host, environment, month_share, &mut bill);
                    *metered.entry(MeterId::VcpuHour).or_default() += vcpu_hours;
                    *metered.entry(MeterId::MemoryGbHour).or_default() += memory_gb_hours;
                }
            }
            fixed_items(host, environment, month_share, needs, &mut bill);
            if serves_http {
                *metered.entry(MeterId::TransferGb).or_default() += load.transfer_gb * served;
                *metered.entry(MeterId::LogGb).or_default() +=
                    load.requests * served * self.assumptions.value(Key::LogKbPerRequest, None, level) / 1e6;
            }
        }
        fixed_items(host, SHARED, 1.0, needs, &mut bill);
        let value = |key: Key| self.assumptions.value(key, self.language(), level);
        let releases = value(Key::DeploysPerMonth) * self.environment_count();
        match host.deploy.builds.value {
            Builder::Platform => {
                metered.insert(MeterId::BuildMinute, releases * value(Key::BuildMinutes));
            }
            Builder::CiImage => {
                metered.insert(MeterId::ImageGb, value(Key::ImageGb));
            }
            Builder::CiArtifact => {}
        }
        let keeps = self.keeps_files() && host.id == arrangement.server.id;
        if keeps && host.capabilities.persistent_disk.value != Ability::No {
            metered.insert(MeterId::DiskGb, value(Key::DiskGb));
        }
        let first_metered = bill.len();
        meter_items(host, plan, &metered, &mut bill);
        usage_credit(host, plan, first_metered, &mut bill);
        bill
    }

    /// The share of all placed components that serve HTTP which one platform holds.
    fn share_of_http(&self, placed: &[&Placed<'a>], arrangement: &Arrangement<'a>) -> f64 {
        let serves = |placed: &&Placed<'a>| self.workload.components[placed.component].kind.serves_http();
        let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
        let all = arrangement.components.iter().filter(serves).count();
        count(placed.iter().copied().filter(serves).count()) / count(all.max(1))
    }

    fn plan_item(&self, host: &'a Platform, plan: &'a Plan) -> Item<'a> {
        let (quantity, unit) = match plan.per {
            PlanUnit::Workspace => (1.0, "month"),
            PlanUnit::Seat => (f64::from(self.seats()), "seat-month"),
        };
        Item {
            component: [&host.name, " plan"],
            environment: SHARED,
            detail: [&plan.name, "", ""],
            quantity,
            unit,
            unit_price: plan.usd_per_month,
            included: 0.0,
            source: host.sources.get(&plan.source),
        }
    }

    fn component_items(
        &self,
        placed: &Placed<'a>,
        environment: &'static str,
        load: &Load,
        level: Level,
        month_share: f64,
        bill: &mut Bill<'a>,
    ) -> Computing {
        let component = &self.workload.components[placed.component];
        let mut carried = self.component_load(component, load, level, month_share);
        let production = self.choices.environments.names().last() == Some(&environment);
        if !production {
            carried.instances = 1.0;
        }
        let instances = if production && level == Level::Expected {
            placed.instances
        } else {
            crate::sizing::instances(placed.platform, placed.size, &carried)
        };
        let used = computing(placed.platform, component.kind, placed.size, instances, &carried);
        let free_here = !production && placed.platform.environments.staging_is_free.value;
        if let Some(price) = placed.size.usd_per_month.filter(|_| !free_here) {
            bill.push(Item {
                component: [&component.name, ""],
                environment,
                detail: [&placed.platform.name, &placed.size.id, ""],
                quantity: used.instance_months,
                unit: "instance-month",
                unit_price: price,
                included: 0.0,
                source: placed.platform.sources.get(&placed.size.source),
            });
        }
        used
    }

    /// The servers that everything of an environment shares, and how many there are. The line names the size that the
    /// expected load takes; another level counts in months of it.
    #[expect(
        clippy::too_many_arguments,
        reason = "an environment is named by its level, multiple and share of the month"
    )]
    fn server_items(
        &self,
        host: &'a Platform,
        arrangement: &Arrangement<'a>,
        environment: &'static str,
        level: Level,
        factor: f64,
        month_share: f64,
        bill: &mut Bill<'a>,
    ) -> u32 {
        let at = |level: Level| {
            let share = self.environments(level).into_iter().find(|(name, ..)| *name == environment);
            let load =
                Load::of(&self.assumptions, level, factor).share(share.map_or(1.0, |(_, share, _)| share));
            let is_production = self.choices.environments.names().last() == Some(&environment);
            self.servers(host, arrangement, &load, Part { level, is_production, factor })
        };
        let Some(expected) = at(Level::Expected) else { return 0 };
        let sized =
            if level == Level::Expected { expected.clone() } else { at(level).unwrap_or(expected.clone()) };
        let (price, unit_price) = (sized.size.usd_per_month, expected.size.usd_per_month.unwrap_or_default());
        let months =
            price.unwrap_or_default().to_f64() / unit_price.to_f64().max(1e-9) * f64::from(sized.instances);
        bill.push(Item {
            component: ["server", ""],
            environment,
            detail: [&host.name, &expected.size.id, "(shared by all components)"],
            quantity: months * month_share,
            unit: "server-month",
            unit_price,
            included: 0.0,
            source: host.sources.get(&expected.size.source),
        });
        sized.instances
    }

    fn data_items(&self, arrangement: &Arrangement<'a>, level: Level, factor: f64, bill: &mut Bill<'a>) {
        for placed in &arrangement.engines {
            for (environment, _, month_share) in self.environments(level) {
                let production = self.choices.environments.names().last() == Some(&environment);
                let (plan, load) = if production {
                    (placed.plan, self.data_load(placed.kind, level, factor))
                } else {
                    (placed.further_plan, self.further_data_load(placed.kind, level))
                };
                bill.push(Item {
                    component: [&placed.need.engine, ""],
                    environment,
                    detail: [&placed.service.name, &plan.id, ""],
                    quantity: month_share,
                    unit: "month",
                    unit_price: plan_price(placed.service, plan, &load),
                    included: 0.0,
                    source: placed.service.sources.get(&plan.source),
                });
            }
        }
    }

    fn secrets_items(&self, bill: &mut Bill<'a>) {
        let Some(service) =
            self.choices.secrets_service.as_ref().and_then(|id| self.catalog.secrets_services.get(id))
        else {
            return;
        };
        let count = f64::from(self.choices.secrets) * self.environment_count();
        let source = service.sources.get(&service.usd_per_secret.source);
        let item = |item: &'static str, quantity, unit, unit_price, included| Item {
            component: ["secrets manager", ""],
            environment: SHARED,
            detail: [&service.name, item, ""],
            quantity,
            unit,
            unit_price,
            included,
            source,
        };
        let free = f64::from(service.free_secrets.value);
        bill.push(item("secrets", count, "secret-month", service.usd_per_secret.value, free));
        if service.usd_per_month.value > Usd::ZERO {
            bill.push(item("plan", 1.0, "month", service.usd_per_month.value, 0.0));
        }
    }

    fn ci_items(&self, level: Level, bill: &mut Bill<'a>) {
        let host = self.choices.code_host.as_ref().and_then(|id| self.catalog.ci_hosts.get(id));
        let public = self.catalog.setting(&self.choices.settings, "repository_visibility") == "public";
        let Some(host) = host.filter(|_| !public) else { return };
        let value = |key: Key| self.assumptions.value(key, self.language(), level);
        let build = match self.platform.deploy.builds.value {
            Builder::Platform => 0.0,
            Builder::CiArtifact | Builder::CiImage => value(Key::BuildMinutes),
        };
        bill.push(Item {
            component: ["CI/CD", ""],
            environment: SHARED,
            detail: [&host.ci_name, "minutes", ""],
            quantity: value(Key::DeploysPerMonth) * (value(Key::TestMinutes) + build),
            unit: "minute",
            unit_price: host.usd_per_minute.value,
            included: f64::from(host.free_minutes.value),
            source: host.sources.get(&host.usd_per_minute.source),
        });
    }

    /// Language of the main component.
    pub(crate) fn language(&self) -> Option<&'a str> {
        self.workload.main().language.as_deref()
    }

    fn environment_count(&self) -> f64 {
        f64::from(u32::try_from(self.choices.environments.names().len()).unwrap_or(1))
    }

    /// Platforms beside the main one, by id.
    pub(crate) fn companions(&self, arrangement: &Arrangement<'a>) -> BTreeSet<PlatformId> {
        self.hosts(arrangement).iter().skip(1).map(|host| host.id.clone()).collect()
    }
}

/// An engine that the team runs itself: an instance, or the vCPU- and GB-hours of one.
fn self_run_items<'a>(
    run: &crate::place::SelfRun<'a>,
    host: &'a Platform,
    environment: &'static str,
    month_share: f64,
    bill: &mut Bill<'a>,
) -> (f64, f64) {
    let Some(price) = run.size.usd_per_month else {
        let hours = crate::usage::HOURS_PER_MONTH * month_share;
        return (run.size.vcpu * hours, f64::from(run.size.memory_mb) / 1024.0 * hours);
    };
    bill.push(Item {
        component: [&run.need.engine, ""],
        environment,
        detail: [&host.name, &run.size.id, "(self-managed)"],
        quantity: month_share,
        unit: "instance-month",
        unit_price: price,
        included: 0.0,
        source: host.sources.get(&run.size.source),
    });
    (0.0, 0.0)
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
#[derive(Clone, Copy, Debug)]
struct FixedNeeds {
    http: bool,
    data: bool,
    several: bool,
}

fn fixed_items<'a>(
    host: &'a Platform,
    environment: &'static str,
    month_share: f64,
    needs: FixedNeeds,
    bill: &mut Bill<'a>,
) {
    let scope = if environment == SHARED { FixedScope::Account } else { FixedScope::Environment };
    let needed = |need| match need {
        FixedNeed::Always => true,
        FixedNeed::Http => needs.http,
        FixedNeed::Data => needs.data,
        FixedNeed::Several => needs.several,
    };
    for fixed in host.fixed.iter().filter(|fixed| fixed.scope == scope && needed(fixed.needed)) {
        bill.push(Item {
            component: [&fixed.name, ""],
            environment,
            detail: [&host.name, "", ""],
            quantity: month_share,
            unit: "month",
            unit_price: fixed.usd_per_month,
            included: 0.0,
            source: host.sources.get(&fixed.source),
        });
    }
}

fn meter_items<'a>(host: &'a Platform, plan: &Plan, metered: &BTreeMap<MeterId, f64>, bill: &mut Bill<'a>) {
    for (id, quantity) in metered {
        let Some(meter) = meter(host, *id).filter(|_| *quantity > 0.0) else { continue };
        let (component, unit) = meter_words(*id);
        bill.push(Item {
            component: [component, ""],
            environment: SHARED,
            detail: [&host.name, "", ""],
            quantity: *quantity,
            unit,
            unit_price: meter.usd,
            included: plan.included.meters.get(id).copied().unwrap_or(0.0),
            source: host.sources.get(&meter.source),
        });
    }
}

/// Takes a plan's usage credit off the metered items.
fn usage_credit<'a>(host: &'a Platform, plan: &'a Plan, first_metered: usize, bill: &mut Bill<'a>) {
    if plan.included.usage_usd == Usd::ZERO {
        return;
    }
    let metered: Usd = bill[first_metered..].iter().map(Item::monthly).sum();
    let credit = metered.min(plan.included.usage_usd);
    if credit > Usd::ZERO {
        bill.push(Item {
            component: ["usage credit", ""],
            environment: SHARED,
            detail: [&host.name, &plan.name, ""],
            quantity: 1.0,
            unit: "month",
            unit_price: Usd::ZERO - credit,
            included: 0.0,
            source: host.sources.get(&plan.source),
        });
    }
}

fn meter_words(id: MeterId) -> (&'static str, &'static str) {
    match id {
        MeterId::TransferGb => ("data transfer", "GB"),
        MeterId::RequestsMillion => ("requests", "million"),
        MeterId::VcpuHour => ("computing", "vCPU-hour"),
        MeterId::MemoryGbHour => ("memory", "GB-hour"),
        MeterId::BuildMinute => ("builds", "minute"),
        MeterId::LogGb => ("logs", "GB"),
        MeterId::ImageGb => ("container images", "GB"),
        MeterId::DiskGb => ("disk", "GB-month"),
    }
}
