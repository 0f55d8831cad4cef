//! What a platform costs: account plans, sizes, meters and fixed items.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siteplan_model::money::Usd;
use siteplan_model::survey::ServiceKind;

use crate::figure::Figure;

/// An account plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Price in US dollars a month.
    pub usd_per_month: Usd,
    /// What is charged once for each: `workspace` or `seat`.
    pub per: PlanUnit,
    /// Whether it is meant for trying out and may stop during the month: taken only when nothing may be spent.
    #[serde(default)]
    pub trial: bool,
    /// Whether its terms allow commercial use.
    pub commercial: bool,
    /// Whether what it includes, usage credit and quantities, is a limit at which things stop, not an allowance beyond which one
    /// pays.
    #[serde(default)]
    pub capped: bool,
    /// Usage included.
    #[serde(default)]
    pub included: Included,
    /// Features that need this plan or a higher one (`autoscaling`, `full-stack-previews`, `roles`).
    #[serde(default)]
    pub features: Vec<String>,
    /// The most members that it takes; absent where the vendor names no limit.
    #[serde(default)]
    pub most_seats: Option<Figure<u32>>,
    /// The most regions in which an application's code runs on it; absent where the platform's own are all there.
    #[serde(default)]
    pub most_regions: Option<Figure<u32>>,
    /// GB that one disk or volume holds at most on it; absent where the vendor names no limit.
    #[serde(default)]
    pub most_disk_gb: Option<Figure<f64>>,
    /// Sizes that it allows, by id; absent for all.
    #[serde(default)]
    pub sizes: Vec<String>,
    /// What else a reader must know.
    #[serde(default)]
    pub note: Option<String>,
    /// Key in `[sources]`.
    pub source: String,
}

impl Plan {
    /// Whether the vendor signs an agreement on health data of the United States for it.
    pub fn signs_hipaa(&self) -> bool {
        self.features.iter().any(|feature| feature == "hipaa")
    }

    /// Whether it takes so many members.
    pub fn takes(&self, seats: u32) -> bool {
        self.most_seats.as_ref().is_none_or(|most| seats <= most.value)
    }

    /// Whether one disk may hold so many GB on it.
    pub fn keeps(&self, gb: f64) -> bool {
        self.most_disk_gb.as_ref().is_none_or(|most| gb <= most.value)
    }

    /// Whether an application's code may run in so many regions on it.
    pub fn spans(&self, regions: u32) -> bool {
        self.most_regions.as_ref().is_none_or(|most| regions <= most.value)
    }
}

/// What a plan's price is multiplied by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PlanUnit {
    /// Once.
    Workspace,
    /// Once for each member who deploys.
    Seat,
}

/// Usage that a plan includes each month.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Included {
    /// Dollars of usage credit.
    pub usage_usd: Usd,
    /// Quantity by meter id.
    #[serde(flatten)]
    pub meters: BTreeMap<MeterId, f64>,
}

/// How computing is billed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compute {
    /// The model.
    pub billing: Figure<Billing>,
    /// Memory in MB that the system, the container engine, the proxy and a control panel take of each server; with
    /// `server` billing, else absent.
    #[serde(default)]
    pub reserved_memory_mb: Option<Figure<u32>>,
    /// What stops while nobody asks and starts again with the next request; absent where what was started runs.
    #[serde(default)]
    pub stops: Option<Stops>,
    /// How the platform's files run an environment on several servers, in a sentence with `{count}` and `{health}`; with `server`
    /// billing. Absent where the files describe one server, whatever the load needs.
    #[serde(default)]
    pub several_servers: Option<Figure<String>>,
}

/// Instances that stop while nobody asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stops {
    /// Sizes that stop, by id; every one that serves requests, if absent.
    #[serde(default)]
    pub sizes: Vec<String>,
    /// Minutes without a request after which the last instance stops.
    pub after_minutes: Figure<f64>,
    /// Seconds that the platform adds to the start of the application.
    pub adds_seconds: Figure<f64>,
    /// What an instance is paid that is kept running although nobody asks; absent where none can be.
    #[serde(default)]
    pub kept: Option<Kept>,
}

/// An instance that is kept running although nobody asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Share of the rate of a vCPU-hour that an idle one costs; its memory costs what memory costs.
    pub vcpu_share: Figure<f64>,
    /// vCPUs from which on it counts as busy and costs the whole rate; absent where it never does.
    #[serde(default)]
    pub idle_below_vcpu: Option<Figure<f64>>,
}

impl Compute {
    /// How a size stops while nobody asks; none for one that runs on.
    pub fn stops(&self, size: &str) -> Option<&Stops> {
        self.stops.as_ref().filter(|stops| stops.sizes.is_empty() || stops.sizes.iter().any(|id| id == size))
    }
}

/// How computing is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Billing {
    /// A price per instance and month, whatever it does: `usd_per_month` of the size.
    Instance,
    /// vCPU-hours and GB-hours that are reserved, whatever they do: meters times the size.
    Reserved,
    /// vCPU-hours and GB-hours that are really used.
    Used,
    /// vCPU-seconds and GB-seconds of an instance while at least one request is in flight, and the requests.
    Request,
    /// vCPU-seconds in which code really runs, GB-seconds while at least one request is in flight, and the requests.
    Active,
    /// A price per server and month: all components of an environment, and the databases that the team runs beside them,
    /// share the servers whose `usd_per_month` is that of the size.
    Server,
}

/// One size of instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// The platform's own id.
    pub id: String,
    /// vCPUs (a share, if shared).
    pub vcpu: f64,
    /// Memory in MB.
    pub memory_mb: u32,
    /// Price in US dollars a month; absent where meters price it.
    #[serde(default)]
    pub usd_per_month: Option<Usd>,
    /// Kinds of component that it is for; all, if absent.
    #[serde(default)]
    pub kinds: Vec<ServiceKind>,
    /// Most instances of this size; the platform's limit, if absent.
    #[serde(default)]
    pub max_instances: Option<u32>,
    /// Whether it sleeps when idle or is otherwise unfit for production.
    #[serde(default)]
    pub sleeps: bool,
    /// Whether only frameworks with an adapter run in it, and nothing else of theirs; its memory is that of one isolate, so
    /// that the need of a process says nothing.
    #[serde(default)]
    pub for_adapters: bool,
    /// GB of transfer that each instance adds to what the account includes.
    #[serde(default)]
    pub transfer_gb: f64,
    /// Key in `[sources]`.
    pub source: String,
}

/// What is metered. Quantities are per month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MeterId {
    /// GB sent to the internet.
    TransferGb,
    /// Millions of requests that start code of the application.
    RequestsMillion,
    /// Millions of requests that the delivery network answers or passes on, files included.
    CdnRequestsMillion,
    /// Hours of one vCPU.
    VcpuHour,
    /// Hours of one GB of memory.
    MemoryGbHour,
    /// Minutes of building.
    BuildMinute,
    /// GB of logs taken in.
    LogGb,
    /// GB of container images kept.
    ImageGb,
    /// GB of disk kept.
    DiskGb,
    /// Hours of one capacity unit of a load balancer: the largest of its new connections over 25 a second and its GB over one
    /// an hour (`LCU` of AWS).
    BalancerUnitHour,
}

impl MeterId {
    /// All meters, in the order in which they are shown.
    pub const ALL: [Self; 10] = [
        Self::TransferGb,
        Self::RequestsMillion,
        Self::CdnRequestsMillion,
        Self::VcpuHour,
        Self::MemoryGbHour,
        Self::BuildMinute,
        Self::LogGb,
        Self::ImageGb,
        Self::DiskGb,
        Self::BalancerUnitHour,
    ];

    /// What is metered and its unit, as people read it.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::TransferGb => ("data transfer", "GB"),
            Self::RequestsMillion => ("requests", "million"),
            Self::CdnRequestsMillion => ("delivery network requests", "million"),
            Self::VcpuHour => ("computing", "vCPU-hour"),
            Self::MemoryGbHour => ("memory", "GB-hour"),
            Self::BuildMinute => ("builds", "minute"),
            Self::LogGb => ("logs", "GB"),
            Self::ImageGb => ("container images", "GB"),
            Self::DiskGb => ("disk", "GB-month"),
            Self::BalancerUnitHour => ("load balancer capacity", "unit-hour"),
        }
    }
}

/// A metered price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Meter {
    /// What is metered.
    pub id: MeterId,
    /// US dollars for one unit of the id.
    pub usd: Usd,
    /// What limits the rate (`US regions`), in a few words.
    #[serde(default)]
    pub note: Option<String>,
    /// Key in `[sources]`.
    pub source: String,
}

/// Meters that are sold in steps: the cheapest step that holds all of them is paid whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SteppedPrice {
    /// What it is (`CDN tier`).
    pub name: String,
    /// Account plans that pay it, by id; all, if absent. Other plans pay the meters by use.
    #[serde(default)]
    pub plans: Vec<String>,
    /// The steps, cheapest first. What exceeds the last one is paid by use.
    #[serde(rename = "step")]
    pub steps: Vec<PriceStep>,
    /// Key in `[sources]`.
    pub source: String,
}

/// One step of a [`SteppedPrice`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceStep {
    /// What it is called (`10 million requests`).
    pub name: String,
    /// US dollars a month.
    pub usd_per_month: Usd,
    /// The most that it holds, by meter; every step names the same meters.
    pub upto: BTreeMap<MeterId, f64>,
}

/// A fixed monthly item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FixedItem {
    /// What it is.
    pub name: String,
    /// US dollars a month.
    pub usd_per_month: Usd,
    /// What it is charged for.
    pub scope: FixedScope,
    /// When it is needed.
    pub needed: FixedNeed,
    /// US dollars a month for one more in each further region of production; absent where one serves all regions.
    #[serde(default)]
    pub usd_per_further_region: Option<Usd>,
    /// Key in `[sources]`.
    pub source: String,
}

/// How often a fixed item is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FixedScope {
    /// Once for all environments.
    Account,
    /// Once for each environment.
    Environment,
}

/// When a fixed item is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FixedNeed {
    /// Always.
    Always,
    /// When a service is reached over HTTP.
    Http,
    /// When a database runs on servers that are paid by the server: its backups must lie elsewhere.
    Data,
    /// When production runs on several servers.
    Several,
    /// When an agreement on health data of the United States is asked for.
    Hipaa,
    /// When the application computes on a GPU, on the platform that gives it one.
    Gpu,
    /// When production runs in several regions.
    Regions,
}

impl FixedNeed {
    /// All of them, in the order of their declaration.
    pub const ALL: &[Self] =
        &[Self::Always, Self::Http, Self::Data, Self::Several, Self::Hipaa, Self::Gpu, Self::Regions];
}

/// What is to be paid, or may be, without a price that the catalog knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotPriced {
    /// What it is, within a sentence.
    pub text: String,
    /// When it is needed.
    pub needed: FixedNeed,
    /// Whether it may be the largest part of the bill (a plan that is sold by a salesperson, a GPU): then no figure says whether a
    /// budget holds.
    #[serde(default)]
    pub decides: bool,
    /// Key in `[sources]`.
    pub source: String,
}
