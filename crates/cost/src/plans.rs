//! What is used of a platform, who deploys and where it runs → its account plan, and why that is no cheaper one.

use std::fmt::Write;

use siteplan_catalog::Catalog;
use siteplan_catalog::platform::{Plan, PlanUnit, Platform};
use siteplan_model::brief::BudgetBand;
use siteplan_model::cost::{Assumption, NotIncluded};
use siteplan_model::money::Usd;

use crate::account::{MonthlyUse, account, carries};
use crate::bill::{At, own_meters};
use crate::open::cited;
use crate::place::{Arrangement, Site};
use crate::price::Charge;
use crate::quote::Choices;
use crate::usage::{GIVEN, Key, Level};

/// The account plan chosen for each platform that an arrangement uses, the main one first.
pub(crate) type Plans<'a> = Vec<(&'a Platform, &'a Plan)>;

/// What a plan has to hold besides use.
#[derive(Clone, Copy, Debug)]
struct Asked {
    /// People who deploy.
    seats: u32,
    /// Regions in which code runs.
    regions: u32,
    /// GB on the largest disk.
    disk_gb: f64,
}

impl Asked {
    fn is_held(self, plan: &Plan) -> bool {
        plan.takes(self.seats) && plan.spans(self.regions) && plan.keeps(self.disk_gb)
    }
}

impl<'a> Site<'a> {
    /// The account plan of each platform that makes the expected bill cheapest, and whether all of them allow the use.
    pub(crate) fn choose_plans(&self, arrangement: &Arrangement<'a>, factor: f64) -> (Plans<'a>, bool) {
        let mut plans = Plans::new();
        let mut allowed = true;
        for host in self.hosts(arrangement) {
            let at = At { level: Level::Expected, factor };
            let used = self.host_use(host, arrangement, at, &mut |_| ());
            let (plan, lawful) = self.cheapest_plan(host, arrangement, &used, at);
            allowed &= lawful;
            plans.extend(plan.map(|(plan, _)| (host, plan)));
        }
        (plans, allowed)
    }

    /// The cheapest account plan for what is used, with its cost, and whether its terms allow the use. Where none takes all who
    /// deploy or runs in all regions, the cheapest of the others is taken, and what it lacks is said to be open.
    pub(crate) fn cheapest_plan(
        &self,
        host: &'a Platform,
        arrangement: &Arrangement<'a>,
        used: &MonthlyUse,
        at: At,
    ) -> (Option<(&'a Plan, Usd)>, bool) {
        self.plan_for(host, arrangement, used, self.asked(host, arrangement, at))
    }

    /// Whether a plan takes all who deploy, runs in all regions and keeps the largest disk.
    pub(crate) fn is_held(
        &self,
        host: &Platform,
        plan: &Plan,
        arrangement: &Arrangement<'a>,
        at: At,
    ) -> bool {
        self.asked(host, arrangement, at).is_held(plan)
    }

    fn asked(&self, host: &Platform, arrangement: &Arrangement<'a>, at: At) -> Asked {
        let seats = self.account.seats[at.level.index()];
        let limited = host.plans.iter().any(|plan| plan.most_disk_gb.is_some());
        let disk_gb = if limited { self.largest_disk(host, arrangement, at) } else { 0.0 };
        Asked { seats, regions: self.regions_of_code(host, arrangement), disk_gb }
    }

    /// GB on the largest disk of a platform: of a database on its own meters, or of files.
    fn largest_disk(&self, host: &Platform, arrangement: &Arrangement<'a>, at: At) -> f64 {
        let data = own_meters(host, arrangement)
            .map(|placed| self.data_load(placed.kind, at.level, at.factor).used.storage_gb);
        let files = self.disks_on(host, arrangement) > 0;
        let files = if files { self.stored(Key::DiskGb, at.level, at.factor) } else { 0.0 };
        data.fold(files, f64::max)
    }

    fn plan_for(
        &self,
        host: &'a Platform,
        arrangement: &Arrangement<'a>,
        used: &MonthlyUse,
        asked: Asked,
    ) -> (Option<(&'a Plan, Usd)>, bool) {
        let sizes = || arrangement.components.iter().filter(|placed| placed.platform.id == host.id);
        // Where one plan comes with the agreement, those without it are no choice.
        let signed = self.account.hipaa && host.plans.iter().any(Plan::signs_hipaa);
        let signs = |plan: &Plan| !signed || plan.signs_hipaa();
        let allows = |plan: &Plan| {
            let trial = plan.trial && self.context.budget != BudgetBand::Free;
            let lawful = plan.commercial || !self.account.commercial;
            lawful
                && signs(plan)
                && !trial
                && carries(host, plan, used)
                && (plan.sizes.is_empty() || sizes().all(|placed| plan.sizes.contains(&placed.size.id)))
        };
        let cheapest = |fits: &dyn Fn(&Plan) -> bool| {
            let mut best: Option<(&'a Plan, Usd)> = None;
            for plan in host.plans.iter().filter(|plan| fits(plan)) {
                let mut cost = Usd::ZERO;
                account(host, plan, asked.seats, used, &mut |charge: Charge<'a>| cost += charge.monthly());
                if best.is_none_or(|(known, least)| (cost, plan.usd_per_month) < (least, known.usd_per_month))
                {
                    best = Some((plan, cost));
                }
            }
            best
        };
        let lawful = cheapest(&|plan| asked.is_held(plan) && allows(plan)).or_else(|| cheapest(&allows));
        (lawful.or_else(|| cheapest(&|_| true)), lawful.is_some())
    }

    /// Why the plan of the main platform is no cheaper one, where its members or its regions are the reason.
    pub(crate) fn plan_because(&self, today: &Arrangement<'a>, plans: &Plans<'a>) -> Option<String> {
        let (host, chosen) = *plans.first()?;
        let at = At { level: Level::Expected, factor: 1.0 };
        let used = self.host_use(host, today, at, &mut |_| ());
        let asked = self.asked(host, today, at);
        let without = |less: Asked| {
            let (plan, _) = self.plan_for(host, today, &used, less);
            plan.map(|(plan, _)| plan).filter(|plan| plan.id != chosen.id && !asked.is_held(plan))
        };
        let fewer = without(Asked { seats: 1, ..asked }).map(members);
        let nearer = || without(Asked { regions: 1, ..asked }).map(one_region);
        let smaller = || without(Asked { disk_gb: 0.0, ..asked }).map(small_disk);
        let all = || without(Asked { seats: 1, regions: 1, disk_gb: 0.0 }).map(members);
        fewer.or_else(nearer).or_else(smaller).or_else(all)
    }

    /// How many deploy, with the plans that it decides; none where that changes no figure.
    pub(crate) fn team_line(&self, today: &Arrangement<'a>, plans: &Plans<'a>) -> Option<Assumption> {
        let hosts = self.hosts(today);
        let counted = |plan: &Plan| plan.per == PlanUnit::Seat || plan.most_seats.is_some();
        let by_plan = hosts.iter().any(|host| host.plans.iter().any(counted));
        let manager = self.choices.secrets_service.as_ref();
        let manager = manager.and_then(|id| self.catalog.secrets_services.get(id));
        if !by_plan && manager.is_none_or(|service| service.users.is_none()) {
            return None;
        }
        let team = &self.catalog.usage.team;
        let mut reason = if team_stated(self.catalog, self.choices).is_some() {
            GIVEN.to_owned()
        } else {
            team.reason.clone()
        };
        let [_, expected, high] = self.account.seats;
        let told = |plan: &Plan| !plan.trial && (plan.commercial || !self.account.commercial);
        for (host, chosen) in plans {
            let small =
                host.plans.iter().filter(|plan| told(plan) && plan.id != chosen.id && !plan.takes(expected));
            for plan in small {
                let _ = write!(reason, "; {} {}", host.name, members(plan));
            }
            if chosen.takes(expected) && !chosen.takes(high) {
                let _ =
                    write!(reason, "; {} {}, the high figure has the next plan", host.name, members(chosen));
            }
        }
        let [low, expected, high] = self.account.seats.map(f64::from);
        let (key, name, unit) = ("team_size".to_owned(), team.name.clone(), team.unit.clone());
        Some(Assumption { key, name, low, expected, high, unit, reason })
    }

    /// Members for whom no plan of a platform that is used has a price.
    pub(crate) fn open_of_team(&self, today: &Arrangement<'a>) -> Vec<NotIncluded> {
        let seats = self.account.seats[Level::Expected.index()];
        let too_many = |host: &&Platform| !host.plans.iter().any(|plan| plan.takes(seats));
        let largest = |host: &'a Platform| {
            host.plans.iter().filter_map(|plan| plan.most_seats.as_ref()).max_by_key(|most| most.value)
        };
        let hosts = self.hosts(today).into_iter().filter(too_many);
        hosts
            .filter_map(|host| {
                let most = largest(host)?;
                let what = format!("{}: {seats} members, of whom its plans take {}", host.name, most.value);
                Some(NotIncluded { what, source: cited(host, &most.source), decides: false })
            })
            .collect()
    }
}

/// How many deploy, where somebody says so.
pub(crate) fn team_stated(catalog: &Catalog, choices: &Choices) -> Option<u32> {
    let said = catalog.setting(&choices.settings, "team_size");
    said.parse().ok().filter(|people| *people > 0)
}

/// `Hobby is for one member`
fn members(plan: &Plan) -> String {
    match plan.most_seats.as_ref().map(|most| most.value) {
        Some(1) => format!("{} is for one member", plan.name),
        Some(most) => format!("{} is for {most} members at most", plan.name),
        None if plan.most_regions.is_some() => one_region(plan),
        None => small_disk(plan),
    }
}

/// `a disk holds 5 GB on Hobby`
fn small_disk(plan: &Plan) -> String {
    let most = plan.most_disk_gb.as_ref().map_or(0.0, |most| most.value);
    format!("a disk holds {most} GB on {}", plan.name)
}

/// `code runs in one region on Hobby`
fn one_region(plan: &Plan) -> String {
    match plan.most_regions.as_ref().map(|most| most.value) {
        Some(most) if most > 1 => format!("code runs in {most} regions at most on {}", plan.name),
        _ => format!("code runs in one region on {}", plan.name),
    }
}
