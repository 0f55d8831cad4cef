//! A workload on one platform: where each part goes, at which size and plan, and what a month costs.

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::Catalog;
use siteplan_catalog::data_service::{DataKind, DataService};
use siteplan_catalog::platform::{Ability, Billing, Builder, MeterId, Platform};
use siteplan_model::brief::{Context, DatabaseHosting, EnvironmentSet};
use siteplan_model::cost::{Assumption, CostReport, LoadPoint};
use siteplan_model::gate::Gate;
use siteplan_model::id::{CodeHostId, DatabaseServiceId, PlatformId, SecretsServiceId};
use siteplan_model::money::{Usd, UsdRange};
use siteplan_model::survey::{ServiceKind, Survey};

use crate::bill::Plans;
use crate::layout::Layout;
use crate::place::{Arrangement, Placed, Site};
use crate::price::{by_environment, lines, ordered, total, verdict};
use crate::usage::{Assumptions, Key, Level, whole};
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
    pub workload: Workload,
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
    /// Account plan of the main platform.
    pub plan: String,
    /// Seats that are paid.
    pub seats: u32,
    /// Whether the plan's terms allow this application (commercial use).
    pub terms_allow: bool,
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
    /// Id of the plan.
    pub plan: String,
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
pub fn quote(
    catalog: &Catalog,
    survey: &Survey,
    context: &Context,
    choices: &Choices,
    platform: &PlatformId,
    depth: Depth,
) -> Option<Quote> {
    let workload = Workload::of(catalog, survey, context, choices.database);
    let site = site(catalog, context, choices, catalog.platforms.get(platform)?, &workload);
    let layout = site.layout();
    let today = site.arrange(&layout, 1.0);
    let (plans, terms_allow) = site.choose_plans(&today, 1.0);
    let report = match depth {
        Depth::Full => full_report(&site, &layout, &today, &plans),
        Depth::Comparison => comparison_report(&site, &today, &plans),
    };
    let by_environment = by_environment(&report.lines, choices.environments.names());
    Some(Quote {
        platform: platform.clone(),
        components: today.components.iter().map(component).collect(),
        data: data(&site, &today),
        unplaced: today.unplaced.iter().chain(&workload.embedded).cloned().collect(),
        idle: today.idle.clone(),
        server: today.server.id.clone(),
        plan: plans.get(platform).map(|plan| plan.name.clone()).unwrap_or_default(),
        seats: site.seats(),
        terms_allow,
        companions: site.companions(&today),
        report,
        by_environment,
        workload,
    })
}

fn full_report<'a>(
    site: &Site<'a>,
    layout: &Layout<'a>,
    today: &Arrangement<'a>,
    plans: &Plans<'a>,
) -> CostReport {
    let bills = Level::ALL.map(|level| site.bill(today, plans, level, 1.0));
    let total = ordered([total(&bills[0]), total(&bills[1]), total(&bills[2])]);
    CostReport {
        lines: lines(&bills),
        total,
        loads: loads(site, layout, today, total),
        assumptions: assumptions(site),
        budget: verdict(site.context, &total),
    }
}

fn comparison_report<'a>(site: &Site<'a>, today: &Arrangement<'a>, plans: &Plans<'a>) -> CostReport {
    let total = UsdRange::exactly(total(&site.bill(today, plans, Level::Expected, 1.0)));
    CostReport {
        lines: Vec::new(),
        total,
        loads: Vec::new(),
        assumptions: Vec::new(),
        budget: verdict(site.context, &total),
    }
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
    let Some(platform) = catalog.platforms.get(platform) else { return Vec::new() };
    let workload = Workload::of(catalog, survey, context, choices.database);
    // The layout is chosen once, as in the quote: sizes and plans follow the load.
    let layout = site(catalog, context, choices, platform, &workload).layout();
    let at = |users: &u64| {
        let loaded = Context { users: Some(*users), requests_per_month: None, ..context.clone() };
        let site = site(catalog, &loaded, choices, platform, &workload);
        let arrangement = site.arrange(&layout, 1.0);
        let (plans, _) = site.choose_plans(&arrangement, 1.0);
        total(&site.bill(&arrangement, &plans, Level::Expected, 1.0)).to_f64()
    };
    users.iter().map(at).collect()
}

/// Expected cost of a month; `None` if the catalog does not know the platform.
pub fn expected_cost(
    catalog: &Catalog,
    survey: &Survey,
    context: &Context,
    choices: &Choices,
    platform: &PlatformId,
) -> Option<Usd> {
    let workload = Workload::of(catalog, survey, context, choices.database);
    let site = site(catalog, context, choices, catalog.platforms.get(platform)?, &workload);
    let arrangement = site.arrange(&site.layout(), 1.0);
    let (plans, _) = site.choose_plans(&arrangement, 1.0);
    Some(total(&site.bill(&arrangement, &plans, Level::Expected, 1.0)))
}

/// Requests that a number of users makes in a month, as the assumptions have it.
pub fn requests_of_users(catalog: &Catalog, context: &Context, choices: &Choices, users: u64) -> u64 {
    let context = Context { users: Some(users), requests_per_month: None, ..context.clone() };
    whole(Assumptions::new(&catalog.usage, &context, &choices.settings, []).requests(Level::Expected))
}

fn site<'a>(
    catalog: &'a Catalog,
    context: &'a Context,
    choices: &'a Choices,
    platform: &'a Platform,
    workload: &'a Workload,
) -> Site<'a> {
    let languages = workload.components.iter().filter_map(|component| component.language.as_deref());
    let assumptions = Assumptions::new(&catalog.usage, context, &choices.settings, languages);
    Site { catalog, context, choices, platform, workload, assumptions }
}

fn component(placed: &Placed<'_>) -> PlacedComponent {
    PlacedComponent {
        component: placed.component,
        platform: placed.platform.id.clone(),
        size: placed.size.id.clone(),
        vcpu: placed.size.vcpu,
        memory_mb: placed.size.memory_mb,
        instances: placed.instances,
    }
}

fn data(site: &Site<'_>, arrangement: &Arrangement<'_>) -> Vec<PlacedData> {
    let bought = arrangement.engines.iter().map(|placed| PlacedData {
        engine: placed.need.engine.clone(),
        is_cache: placed.kind == DataKind::Cache,
        service: Some(placed.service.id.clone()),
        plan: placed.plan.id.clone(),
        version: version(placed.need.version.as_deref(), placed.service),
        storage_gb: storage(site, placed.kind),
        lasts: placed.plan.lasts(),
        same_platform: placed.host.is_some(),
        platform: placed.host.map(|host| host.id.clone()),
    });
    let own = arrangement.self_run.iter().map(|run| PlacedData {
        engine: run.need.engine.clone(),
        is_cache: false,
        service: None,
        plan: run.size.id.clone(),
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
    site.data_load(kind, Level::Expected, 1.0).storage_gb.ceil().clamp(0.0, 1e6) as u32
}

/// Today, twice and ten times today's load, with what has to grow.
fn loads<'a>(
    site: &Site<'a>,
    layout: &Layout<'a>,
    today: &Arrangement<'a>,
    total_today: UsdRange,
) -> Vec<LoadPoint> {
    let point = |factor: u32| {
        let multiple = f64::from(factor);
        let (monthly, changes) = if factor == 1 {
            (total_today, Vec::new())
        } else {
            let grown = site.arrange(layout, multiple);
            let (plans, _) = site.choose_plans(&grown, multiple);
            let costs = Level::ALL.map(|level| total(&site.bill(&grown, &plans, level, multiple)));
            (ordered(costs), changes(site, today, &grown))
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

fn changes(site: &Site<'_>, today: &Arrangement<'_>, grown: &Arrangement<'_>) -> Vec<String> {
    let components = today.components.iter().zip(&grown.components).filter_map(|(before, after)| {
        let moved = (before.size.id.as_str(), before.instances) != (after.size.id.as_str(), after.instances);
        let name = &site.workload.components[after.component].name;
        moved.then(|| format!("{name}: {} × {}", after.instances, after.size.id))
    });
    let engines = today.engines.iter().zip(&grown.engines).filter_map(|(before, after)| {
        let moved = (&before.service.id, &before.plan.id) != (&after.service.id, &after.plan.id);
        moved.then(|| format!("{}: {} {}", after.need.engine, after.service.name, after.plan.id))
    });
    components.chain(engines).collect()
}

/// The assumptions that the figures rest on, users first.
fn assumptions(site: &Site<'_>) -> Vec<Assumption> {
    let users = Level::ALL.map(|level| site.assumptions.users(level).round());
    let exact = site.context.users.is_some();
    let mut list = vec![Assumption {
        key: "users".to_owned(),
        name: "users in a month".to_owned(),
        low: users[0],
        expected: users[1],
        high: users[2],
        unit: "users".to_owned(),
        reason: if exact {
            "as answered".to_owned()
        } else {
            format!("the middle half of the band `{}` on a logarithmic scale", site.context.scale)
        },
    }];
    let counts = |key: &&Key| matters(site, **key);
    list.extend(
        Key::ALL.iter().filter(counts).filter_map(|key| site.assumptions.line(*key, site.language())),
    );
    list
}

/// Whether an assumption has a part in this quote.
fn matters(site: &Site<'_>, key: Key) -> bool {
    let workload = site.workload;
    let kinds = |kind| workload.components.iter().any(|component| component.kind == kind);
    let serves = workload.components.iter().any(|component| component.kind.serves_http());
    let files_only = workload.components.iter().all(|component| component.kind == ServiceKind::Static);
    let billing = site.platform.compute.billing.value;
    let per_request = matches!(billing, Billing::Request | Billing::Active);
    let environments = site.choices.environments.names();
    match key {
        Key::RequestsPerUser | Key::DeploysPerMonth | Key::BuildMinutes => true,
        Key::TestMinutes => site.choices.code_host.is_some(),
        Key::TransferKbPerRequest => serves,
        Key::LogKbPerRequest => serves && site.platform.meters.iter().any(|meter| meter.id == MeterId::LogGb),
        Key::PeakFactor | Key::RequestsPerSecondPerVcpu | Key::MemoryMb | Key::Instances => !files_only,
        Key::CpuMsPerRequest => !files_only && (per_request || billing == Billing::Used),
        Key::RequestMs => !files_only && per_request,
        Key::IdleCpuShare => !files_only && billing == Billing::Used,
        Key::DatabaseGb | Key::DatabaseMemoryMb => !workload.databases.is_empty(),
        Key::CacheMemoryMb | Key::CacheCommandsPerRequest => !workload.caches.is_empty(),
        Key::ImageGb => site.platform.deploy.builds.value == Builder::CiImage,
        Key::DiskGb => site.keeps_files() && site.platform.capabilities.persistent_disk.value != Ability::No,
        Key::StagingLoadShare => environments.len() > 1,
        Key::PreviewShare => environments.contains(&"preview"),
        Key::CronShare => kinds(ServiceKind::Cron),
        Key::JobsPerRequest => kinds(ServiceKind::Worker),
    }
}
