//! A workload on one platform: where each part goes, at which size and plan, and what a month costs.

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_model::brief::{Context, DatabaseHosting, EnvironmentSet};
use siteplan_model::cost::CostReport;
use siteplan_model::id::{DatabaseServiceId, PlatformId, SecretsServiceId};
use siteplan_model::money::UsdRange;
use siteplan_model::survey::Survey;

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
    /// How many secrets it keeps.
    pub secrets: u32,
    /// Settings, as given.
    pub settings: BTreeMap<String, String>,
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
    /// Account plan of the main platform.
    pub plan: String,
    /// Seats that are paid.
    pub seats: u32,
    /// Whether the plan's terms allow this application (commercial use).
    pub terms_allow: bool,
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
    /// Whether it belongs to the main platform's own offer.
    pub same_platform: bool,
}

/// Prices a workload on a platform; `None` if the catalog does not know the platform.
pub fn quote(
    catalog: &Catalog,
    survey: &Survey,
    context: &Context,
    choices: &Choices,
    platform: &PlatformId,
) -> Option<Quote> {
    let _ = (catalog, survey, context, choices, platform);
    None
}
