//! A workload on one platform: where each part goes, at which size and plan, and what a month costs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use siteplan_catalog::Catalog;
use siteplan_catalog::data_service::{DataKind, DataService};
use siteplan_catalog::platform::Platform;
use siteplan_catalog::refinement::Demand;
use siteplan_model::brief::{BudgetBand, Context, DatabaseHosting, EnvironmentSet, ScaleBand};
use siteplan_model::cost::{CostReport, LoadPoint};
use siteplan_model::gate::Gate;
use siteplan_model::id::{CodeHostId, DatabaseServiceId, PlatformId, SecretsServiceId};
use siteplan_model::money::{Usd, UsdRange};
use siteplan_model::survey::Survey;

use crate::assumed::assumptions;
use crate::bill::At;
use crate::cents::in_cents;
use crate::growth::{Stage, changes};
use crate::layout::Layout;
use crate::open::not_included;
use crate::place::{Account, Arrangement, Offers, Placed, Site};
use crate::plans::{Plans, team_stated};
use crate::price::{by_environment, lines, sum, verdict};
use crate::regions::regions;
use crate::rest::Rest;
use crate::shares::Shares;
use crate::usage::{Assumptions, Level, Total, to_f64, whole};
use crate::workload::Workload;

/// The answers that change a cost beyond the context.
#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    /// Which environments there are.
    pub environments: EnvironmentSet,
    /// Where the database is hosted.
    pub database: Option<DatabaseHosting>,
    /// Which managed service, if one was chosen.
    pub database_service: Option<DatabaseServiceId>,
    /// Which secrets manager, if one was chosen.
    pub secrets_service: Option<SecretsServiceId>,
    /// Where the code is hosted, whose CI runs the pipeline; none without a pipeline.
    pub code_host: Option<CodeHostId>,
    /// How many secrets the secrets manager keeps.
    pub secrets: u32,
    /// Settings, as given.
    pub settings: BTreeMap<String, String>,
    /// Questions whose answer nobody gave: it is a default, a proposal or not there at all. What rests on it alone rules nothing
    /// out.
    pub assumed: BTreeSet<Gate>,
}

/// A workload on one platform.
#[derive(Clone, Debug, PartialEq)]
pub struct Quote {
    /// The main platform.
    pub platform: PlatformId,
    /// What has to run.
    pub workload: Arc<Workload>,
    /// The components, in the workload's order.
    pub components: Vec<PlacedComponent>,
    /// Databases first, then caches; in the workload's order.
    pub data: Vec<PlacedData>,
    /// Engines that no service of the catalog offers in the chosen place, or that live inside the application (`sqlite`).
    pub unplaced: Vec<String>,
    /// Names of components that neither the main platform nor a companion runs.
    pub idle: Vec<String>,
    /// The platform that runs the server which users reach, else the first worker; data belongs beside it.
    pub server: PlatformId,
    /// Name of the account plan of the main platform, as the vendor calls it.
    pub plan: String,
    /// Why a cheaper plan is not taken, where members or regions are the reason.
    pub plan_because: Option<String>,
    /// Seats that are paid.
    pub seats: u32,
    /// Whether the plan's terms allow this application (commercial use).
    pub terms_allow: bool,
    /// Requests of a month, as expected.
    pub requests_per_month: f64,
    /// Seconds that the application takes to start, where somebody gave them.
    pub start_seconds: Option<f64>,
    /// Platforms beside the main one.
    pub companions: BTreeSet<PlatformId>,
    /// The itemised cost.
    pub report: CostReport,
    /// Cost by environment.
    pub by_environment: BTreeMap<String, UsdRange>,
}

/// A component at its place.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedComponent {
    /// Index in the workload's components.
    pub component: usize,
    /// The platform that runs it: the main one or a companion.
    pub platform: PlatformId,
    /// Id of the size.
    pub size: String,
    /// vCPUs of the size.
    pub vcpu: f64,
    /// Memory of the size in MB.
    pub memory_mb: u32,
    /// Instances in production at the expected load.
    pub instances: u32,
    /// What becomes of them while nobody asks.
    pub rest: Rest,
}

/// A data service at its place.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedData {
    /// The engine, by the Survey's name.
    pub engine: String,
    /// Whether it caches.
    pub is_cache: bool,
    /// The service of the catalog; absent when the team runs the engine itself.
    pub service: Option<DatabaseServiceId>,
    /// Id of the plan in production.
    pub plan: String,
    /// Id of the plan of every other environment; absent when the team runs the engine itself.
    pub further_plan: Option<String>,
    /// Major version.
    pub version: String,
    /// Storage in GB that is costed.
    pub storage_gb: u32,
    /// Whether data that must last may be kept in it.
    pub lasts: bool,
    /// Whether it belongs to the own offer of the platform that runs the server beside it, the main one or a companion.
    pub same_platform: bool,
    /// That platform; for an engine that the team runs itself the one whose machine it runs on; none for an independent service.
    pub platform: Option<PlatformId>,
}

/// How much of a quote is worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Everything that a document shows.
    Full,
    /// What a comparison needs: the expected total, without lines, other loads and assumptions.
    Comparison,
}

/// Prices a workload on a platform; `None` if the catalog does not know the platform.
///
/// Who prices several platforms for the same answers makes one [`Pricer`].
pub fn quote(
    catalog: &Catalog,
    survey: &Survey,
    context: &Context,
    choices: &Choices,
    platform: &PlatformId,
    depth: Depth,
) -> Option<Quote> {
    Pricer::new(catalog, survey, context, choices).quote(platform, depth)
}

/// Expected cost at each number of users, in US dollars; empty if the catalog does not know the platform.
///
/// This is what load scenarios are priced by: sizes and plans are chosen anew for each number.
pub fn expected_at(
    catalog: &Catalog,
    survey: &Survey,
    context: &Context,
    choices: &Choices,
    platform: &PlatformId,
    users: &[u64],
) -> Vec<f64> {
    let pricer = Pricer::new(catalog, survey, context, choices);
    let Some(laid_out) = pricer.on(platform) else { return Vec::new() };
    users.iter().map(|users| laid_out.expected(Volume::Users(*users)).to_f64()).collect()
}

/// Expected cost of a month; `None` if the catalog does not know the platform.
pub fn expected_cost(
    catalog: &Catalog,
    survey: &Survey,
    context: &Context,
    choices: &Choices,
    platform: &PlatformId,
) -> Option<Usd> {
    Pricer::new(catalog, survey, context, choices).expected(platform, Volume::Today)
}

/// Requests that a number of users makes in a month, as the assumptions have it.
pub fn requests_of_users(catalog: &Catalog, context: &Context, choices: &Choices, users: u64) -> u64 {
    let context = Context { users: Some(users), requests_per_month: None, ..context.clone() };
    whole(Assumptions::new(&catalog.usage, &context, &choices.settings, []).requests(Level::Expected))
}

/// A load, for the expected cost at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Volume {
    /// The load of the answers.
    Today,
    /// Users a month; requests, transfer and data follow.
    Users(u64),
    /// Requests a month; users, transfer and data follow.
    Requests(u64),
}

/// What is the same for every platform: the workload, the assumptions, what serves its engines.
#[derive(Clone, Debug)]
pub struct Pricer<'a> {
    catalog: &'a Catalog,
    context: &'a Context,
    choices: &'a Choices,
    workload: Arc<Workload>,
    assumptions: Assumptions<'a>,
    offers: Vec<Offers<'a>>,
    account: Account,
}

impl<'a> Pricer<'a> {
    /// Settles what does not depend on a platform.
    pub fn new(catalog: &'a Catalog, survey: &Survey, context: &'a Context, choices: &'a Choices) -> Self {
        let workload = Arc::new(Workload::of(catalog, survey, context, choices.database, &choices.settings));
        let languages = workload.components.iter().filter_map(|component| component.language.as_deref());
        let assumptions = Assumptions::new(&catalog.usage, context, &choices.settings, languages);
        let databases = workload.databases.iter().map(|need| (need, DataKind::Database));
        let engines = databases.chain(workload.caches.iter().map(|need| (need, DataKind::Cache)));
        let offers = engines.map(|(need, kind)| Offers::of(catalog, &need.engine, kind)).collect();
        let account = account(catalog, context, choices);
        Self { catalog, context, choices, workload, assumptions, offers, account }
    }

    /// What has to run.
    pub fn workload(&self) -> &Workload {
        &self.workload
    }

    /// The assumptions as they apply.
    pub fn assumptions(&self) -> &Assumptions<'a> {
        &self.assumptions
    }

    /// The workload laid out on a platform, to be quoted and priced at any load; `None` if the catalog does not know the platform.
    pub fn on(&self, platform: &PlatformId) -> Option<LaidOut<'_>> {
        let site = self.site(self.catalog.platforms.get(platform)?);
        let layout = site.layout();
        Some(LaidOut { pricer: self, site, layout })
    }

    /// Prices the workload on a platform; `None` if the catalog does not know the platform.
    pub fn quote(&self, platform: &PlatformId, depth: Depth) -> Option<Quote> {
        Some(self.on(platform)?.quote(depth))
    }

    /// Expected cost of a month at any load, to the exact decimal: a piecewise function of the load, since sizes, counts
    /// and plans are chosen anew for it. `None` if the catalog does not know the platform.
    pub fn expected(&self, platform: &PlatformId, volume: Volume) -> Option<Usd> {
        Some(self.on(platform)?.expected(volume))
    }

    /// A load as a multiple of today's expected one.
    fn factor(&self, volume: Volume) -> f64 {
        match volume {
            Volume::Today => 1.0,
            Volume::Users(users) => to_f64(users.max(1)) / self.assumptions.users(Level::Expected),
            Volume::Requests(requests) => {
                to_f64(requests.max(1)) / self.assumptions.requests(Level::Expected).max(1e-9)
            }
        }
    }

    fn site<'s>(&'s self, platform: &'s Platform) -> Site<'s> {
        Site {
            catalog: self.catalog,
            context: self.context,
            choices: self.choices,
            platform,
            workload: &self.workload,
            assumptions: &self.assumptions,
            offers: &self.offers,
            account: self.account,
        }
    }
}

/// A workload on one platform, each part at its host; sizes and plans are chosen for each load.
#[derive(Clone, Debug)]
pub struct LaidOut<'p> {
    pricer: &'p Pricer<'p>,
    site: Site<'p>,
    layout: Layout<'p>,
}

impl LaidOut<'_> {
    /// What it costs, and where everything is.
    pub fn quote(&self, depth: Depth) -> Quote {
        let Self { pricer, site, layout } = self;
        let today = site.arrange(layout, 1.0);
        let (plans, terms_allow) = site.choose_plans(&today, 1.0);
        let report = match depth {
            Depth::Full => full_report(site, layout, &today, &plans),
            Depth::Comparison => comparison_report(site, &today),
        };
        let by_environment = match depth {
            Depth::Full => by_environment(&report.lines, pricer.choices.environments.names()),
            Depth::Comparison => BTreeMap::new(),
        };
        Quote {
            platform: site.platform.id.clone(),
            components: today.components.iter().map(component).collect(),
            data: data(site, &today),
            unplaced: today.unplaced.iter().chain(&pricer.workload.embedded).cloned().collect(),
            idle: today.idle.clone(),
            server: today.server.id.clone(),
            plan: plans.first().map(|(_, plan)| plan.name.clone()).unwrap_or_default(),
            plan_because: match depth {
                Depth::Full => site.plan_because(&today, &plans),
                Depth::Comparison => None,
            },
            seats: pricer.account.seats[Level::Expected.index()],
            terms_allow,
            requests_per_month: site.assumptions.requests(Level::Expected),
            start_seconds: site.assumptions.total(Total::StartSeconds),
            companions: site.companions(&today),
            report,
            by_environment,
            workload: Arc::clone(&pricer.workload),
        }
    }

    /// Expected cost of a month at a load, to the exact decimal.
    pub fn expected(&self, volume: Volume) -> Usd {
        let factor = self.pricer.factor(volume);
        self.site.expected(&self.site.arrange(&self.layout, factor), factor)
    }
}

/// Reads the settings that say who pays for what.
fn account(catalog: &Catalog, context: &Context, choices: &Choices) -> Account {
    let set = |key| catalog.setting(&choices.settings, key);
    let commercial = match set("commercial") {
        "yes" => true,
        "no" => false,
        _ => context.scale != ScaleBand::Low || context.budget > BudgetBand::Small,
    };
    let seats = team_stated(catalog, choices)
        .map_or_else(|| catalog.usage.team.at(context.scale), |people| [people; 3]);
    let mut chosen = catalog.refinements.refinement.iter().flat_map(|one| one.chosen(&choices.settings));
    let hipaa = chosen.any(|choice| choice.demands.contains(&Demand::Hipaa));
    let public = set("repository_visibility") == "public";
    let regions = regions(catalog, &choices.settings);
    Account { commercial, seats, public, hipaa, regions }
}

fn full_report<'a>(
    site: &Site<'a>,
    layout: &Layout<'a>,
    today: &Arrangement<'a>,
    plans: &Plans<'a>,
) -> CostReport {
    let bills = Level::ALL.map(|level| site.bill(today, plans, At { level, factor: 1.0 }));
    let lines = in_cents(lines(&bills, &site.shares(today, plans)));
    let total = sum(&lines);
    let not_included = not_included(site, today);
    let budget = verdict(site.context, &total, &not_included);
    CostReport {
        loads: loads(site, layout, today, plans, total),
        total,
        lines,
        assumptions: assumptions(site, today, plans),
        budget,
        not_included,
    }
}

fn comparison_report<'a>(site: &Site<'a>, today: &Arrangement<'a>) -> CostReport {
    let total = UsdRange::exactly(site.expected(today, 1.0).cents());
    let not_included = not_included(site, today);
    let budget = verdict(site.context, &total, &not_included);
    CostReport { lines: Vec::new(), total, loads: Vec::new(), assumptions: Vec::new(), budget, not_included }
}

fn component(placed: &Placed<'_>) -> PlacedComponent {
    PlacedComponent {
        component: placed.component,
        platform: placed.platform.id.clone(),
        size: placed.size.id.clone(),
        vcpu: placed.size.vcpu,
        memory_mb: placed.size.memory_mb,
        instances: placed.instances,
        rest: placed.rest,
    }
}

fn data(site: &Site<'_>, arrangement: &Arrangement<'_>) -> Vec<PlacedData> {
    let bought = arrangement.engines.iter().map(|placed| PlacedData {
        engine: placed.need.engine.clone(),
        is_cache: placed.kind == DataKind::Cache,
        service: Some(placed.service.id.clone()),
        plan: placed.plan.id.clone(),
        further_plan: Some(placed.further_plan.id.clone()),
        version: version(placed.need.version.as_deref(), placed.service),
        storage_gb: storage(site, placed.kind),
        lasts: placed.plan.lasts(site.context.budget),
        same_platform: placed.host.is_some(),
        platform: placed.host.map(|host| host.id.clone()),
    });
    let own = arrangement.self_run.iter().map(|run| PlacedData {
        engine: run.need.engine.clone(),
        is_cache: false,
        service: None,
        plan: run.size.id.clone(),
        further_plan: None,
        version: run.need.version.clone().unwrap_or_default(),
        storage_gb: storage(site, DataKind::Database),
        lasts: false,
        same_platform: run.platform.id == arrangement.server.id,
        platform: Some(run.platform.id.clone()),
    });
    own.chain(bought).collect()
}

/// The version that the repository asks for, if the service offers it, else the service's default.
fn version(asked: Option<&str>, service: &DataService) -> String {
    let major = |version: &str| version.split(['.', '-']).next().unwrap_or_default().to_owned();
    asked
        .and_then(|asked| {
            let offered = &service.versions.value;
            let exact = offered.iter().find(|version| version.as_str() == asked);
            exact.or_else(|| offered.iter().find(|version| major(version) == major(asked)))
        })
        .unwrap_or(&service.default_version.value)
        .clone()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand GB at most")]
fn storage(site: &Site<'_>, kind: DataKind) -> u32 {
    site.data_load(kind, Level::Expected, 1.0).used.storage_gb.ceil().clamp(0.0, 1e6) as u32
}

/// Today, twice and ten times today's load, with what has to grow.
fn loads<'a>(
    site: &Site<'a>,
    layout: &Layout<'a>,
    today: &Arrangement<'a>,
    plans: &Plans<'a>,
    total_today: UsdRange,
) -> Vec<LoadPoint> {
    let expected = At { level: Level::Expected, factor: 1.0 };
    let before = Stage { arrangement: today, bill: &site.bill(today, plans, expected) };
    let point = |factor: u32| {
        let multiple = f64::from(factor);
        let (monthly, changes) = if factor == 1 {
            (total_today, Vec::new())
        } else {
            let grown = site.arrange(layout, multiple);
            let (plans, _) = site.choose_plans(&grown, multiple);
            let bills = Level::ALL.map(|level| site.bill(&grown, &plans, At { level, factor: multiple }));
            let after = Stage { arrangement: &grown, bill: &bills[Level::Expected.index()] };
            (sum(&in_cents(lines(&bills, &Shares::new()))), changes(site, &before, &after))
        };
        LoadPoint {
            factor,
            users: whole(site.assumptions.users(Level::Expected) * multiple),
            requests_per_month: whole(site.assumptions.requests(Level::Expected) * multiple),
            monthly,
            changes,
        }
    };
    [1, 2, 10].into_iter().map(point).collect()
}
