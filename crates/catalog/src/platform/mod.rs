//! One hosting platform: what it can run, what it costs, how one deploys to it. One file of `data/platforms` each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siteplan_model::id::PlatformId;
use siteplan_model::recommendation::Philosophy;
use siteplan_model::survey::ServiceKind;

use crate::condition::Condition;
use crate::figure::{Figure, Sources};

mod effort;
mod kinds;
mod operation;
mod pricing;

pub use effort::{Case, Cases, EffortFacts, EffortItem, ToldItem};
pub use kinds::{KindFacts, Placed};
pub use operation::{
    AfterChecks, Builder, CommandTemplate, Credential, Deploy, EnvironmentFacts, FurtherEnvironment,
    HealthFacts, History, ImageShare, MigrateHook, PlatformSecrets, Preview, PreviewMaker, PreviousRelease,
    Prints, Probe, ReadBy, Rollback, Setup, Unit, Until,
};
pub use pricing::{
    Billing, Compute, FixedItem, FixedNeed, FixedScope, Included, Kept, Meter, MeterId, NotPriced, Plan,
    PlanUnit, PriceStep, Size, SteppedPrice, Stops,
};

/// A hosting platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// Always `siteplan/platform@1`.
    pub schema: String,
    /// Its id; the file's name.
    pub id: PlatformId,
    /// Its name.
    pub name: String,
    /// The way of running software that it stands for.
    pub philosophy: Philosophy,
    /// Group of platforms that differ in the vendor alone (`kubernetes`): an option set shows two of a group at the most.
    #[serde(default)]
    pub group: Option<String>,
    /// The cloud beneath it whose data services it reaches privately (`aws`, `google`, `azure`), if it is one of the large ones.
    #[serde(default)]
    pub cloud: Option<String>,
    /// The vendor's documentation.
    pub reference: String,
    /// The vendor's price list in one line.
    pub price_note: Figure<String>,
    /// What it is best for.
    pub best_for: Vec<String>,
    /// Sources by key.
    pub sources: Sources,
    /// Age and state.
    pub lifecycle: Lifecycle,
    /// How each kind of component runs.
    pub runs: Runs,
    /// What it can do.
    pub capabilities: Capabilities,
    /// Where it ends.
    pub limits: Limits,
    /// Facts that differ for some kinds of components.
    #[serde(default)]
    pub of_kind: Vec<KindFacts>,
    /// What it attests.
    pub compliance: Compliance,
    /// What it asks of people.
    pub effort: EffortFacts,
    /// Account plans, cheapest first.
    #[serde(rename = "plan")]
    pub plans: Vec<Plan>,
    /// How computing is billed.
    pub compute: Compute,
    /// Sizes of one instance, smallest first.
    #[serde(rename = "size")]
    pub sizes: Vec<Size>,
    /// Metered prices.
    #[serde(default, rename = "meter")]
    pub meters: Vec<Meter>,
    /// Meters that are sold in steps.
    #[serde(default)]
    pub stepped: Vec<SteppedPrice>,
    /// Fixed monthly items (a load balancer, a control plane).
    #[serde(default, rename = "fixed")]
    pub fixed: Vec<FixedItem>,
    /// What is to be paid besides, without a price that is known.
    #[serde(default)]
    pub not_priced: Vec<NotPriced>,
    /// How one deploys to it.
    pub deploy: Deploy,
    /// Where migrations run.
    pub migrate: MigrateHook,
    /// How environments are made.
    pub environments: EnvironmentFacts,
    /// How previews of pull requests are made and ended; absent where nobody looked it up.
    #[serde(default)]
    pub preview: Option<Preview>,
    /// How one takes a release back.
    pub rollback: Rollback,
    /// Its health check.
    pub health: HealthFacts,
    /// Its own store for secrets.
    pub secrets: PlatformSecrets,
    /// Advantages.
    #[serde(rename = "pro")]
    pub pros: Vec<Statement>,
    /// Disadvantages.
    #[serde(rename = "con")]
    pub cons: Vec<Statement>,
    /// When to avoid it.
    #[serde(rename = "avoid_if")]
    pub avoid_if: Vec<Statement>,
    /// Risks of its own.
    #[serde(default, rename = "risk")]
    pub risks: Vec<PlatformRisk>,
}

/// A sentence that applies under a condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The sentence, without a full stop.
    pub text: String,
    /// Key in `[sources]`.
    pub source: String,
    /// When it applies; always, if absent.
    #[serde(default)]
    pub when: Condition,
}

/// A risk of the platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlatformRisk {
    /// The risk in a few words.
    pub title: String,
    /// `Low`, `Medium` or `High`.
    pub probability: String,
    /// Impact and what happens.
    pub impact: String,
    /// What is done about it.
    pub mitigation: String,
    /// Key in `[sources]`.
    pub source: String,
    /// When it applies.
    #[serde(default)]
    pub when: Condition,
}

/// Age and state of a platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// Year in which it became generally available.
    pub generally_available: Figure<u16>,
    /// Uptime in percent that self-service customers are promised.
    #[serde(default)]
    pub sla_percent: Option<Figure<f64>>,
    /// Whether it is developed, only kept running, or ending.
    pub state: Figure<LifecycleState>,
    /// Whether new customers are refused.
    #[serde(default)]
    pub closed_to_new_customers: Option<Figure<bool>>,
    /// Dated news that a reader must know.
    #[serde(default, rename = "notice")]
    pub notices: Vec<Statement>,
}

/// Where a platform stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LifecycleState {
    /// New features appear.
    Active,
    /// Kept running, no new features.
    Sustaining,
    /// An end is announced.
    Ending,
}

impl Platform {
    /// The most regions in which an application's code runs on it, as far as it and its plans set a limit.
    pub fn most_regions(&self) -> u32 {
        if self.capabilities.multi_region.value == Ability::No {
            return 1;
        }
        let most = |plan: &Plan| plan.most_regions.as_ref().map_or(u32::MAX, |most| most.value);
        self.plans.iter().map(most).max().unwrap_or(u32::MAX)
    }
}

impl LifecycleState {
    /// The word in files and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Sustaining => "sustaining",
            Self::Ending => "ending",
        }
    }
}

/// How a kind of component runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RunMode {
    /// As a process or site that the platform knows by name.
    Native,
    /// From a container image that somebody builds.
    Container,
    /// As functions that live for one request.
    Function,
    /// With restrictions that matter (beta, minimum interval, a time that cannot be chosen). What has to be made besides is effort.
    Limited,
    /// Not at all.
    No,
}

impl RunMode {
    /// The word in files and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Container => "container",
            Self::Function => "function",
            Self::Limited => "limited",
            Self::No => "no",
        }
    }
}

/// How each kind of component runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Runs {
    /// Server that renders pages.
    pub web: Figure<RunMode>,
    /// HTTP interface.
    pub api: Figure<RunMode>,
    /// Always-on worker.
    pub worker: Figure<RunMode>,
    /// Scheduled job.
    pub cron: Figure<RunMode>,
    /// Work that a web process does beside its requests (a schedule of its own, a queue in memory); as workers run, if absent.
    #[serde(default)]
    pub background: Option<Figure<RunMode>>,
    /// Static files behind a CDN.
    #[serde(rename = "static")]
    pub static_site: Figure<RunMode>,
    /// Languages built without a Dockerfile (`node`, `python`, `go`, `ruby`, `rust`, `java`, `php`, `elixir`, `dotnet`, `deno`, `bun`).
    pub languages: Figure<Vec<String>>,
    /// Frameworks that it knows by name and tunes for.
    pub frameworks: Figure<Vec<String>>,
    /// Frameworks of servers that it starts as they are, each as one function; none, if absent.
    #[serde(default)]
    pub server_frameworks: Option<Figure<Vec<String>>>,
    /// Frameworks that render on the server and run without an image, through an adapter, where the platform otherwise wants
    /// an image; none, if absent.
    #[serde(default)]
    pub adapters: Option<Figure<Vec<String>>>,
    /// How a handler of requests (`export default { fetch }`) runs; absent where it has to become a process that listens first.
    #[serde(default)]
    pub request_handlers: Option<Figure<RunMode>>,
    /// Whether it runs any container image.
    pub images: Figure<Ability>,
    /// Languages for which the vendor's own tool writes the Dockerfile that the platform then builds; none, if absent.
    #[serde(default)]
    pub writes_images_for: Option<Figure<Vec<String>>>,
    /// Whether what it builds finds installed programs by itself, so that a package manager in front of them is needless or
    /// missing (`uvicorn`, not `uv run uvicorn`); no, if absent.
    #[serde(default)]
    pub finds_programs: Option<Figure<Ability>>,
    /// Whether it refuses a container that starts as root; no, if absent.
    #[serde(default)]
    pub refuses_root: Option<Figure<Ability>>,
    /// Whether a command given to it stands in place of the entry point of an image, and not behind it; unknown, if absent.
    #[serde(default)]
    pub replaces_entry_point: Option<Figure<Ability>>,
    /// What a person has to do for a scheduled job beside the files, in a sentence with `{service}`, `{start}` and
    /// `{schedule}`; absent where the files do it all.
    #[serde(default)]
    pub cron_by_hand: Option<Figure<String>>,
}

impl Runs {
    /// Whether an adapter runs a server of a framework without an image.
    pub fn adapts(&self, kind: ServiceKind, framework: Option<&str>) -> bool {
        let known = |list: &Figure<Vec<String>>| list.value.iter().any(|id| Some(id.as_str()) == framework);
        matches!(kind, ServiceKind::Web | ServiceKind::Api) && self.adapters.as_ref().is_some_and(known)
    }

    /// How one kind of component runs.
    pub fn mode(&self, kind: ServiceKind) -> &Figure<RunMode> {
        match kind {
            ServiceKind::Web => &self.web,
            ServiceKind::Api => &self.api,
            ServiceKind::Worker => &self.worker,
            ServiceKind::Cron => &self.cron,
            ServiceKind::Static => &self.static_site,
        }
    }
}

/// Whether something can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ability {
    /// It cannot.
    No,
    /// With restrictions that matter (beta, plan, size).
    Limited,
    /// It can.
    Yes,
}

impl Ability {
    /// The word in files and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Limited => "limited",
            Self::Yes => "yes",
        }
    }
}

/// What a platform can do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Capabilities {
    /// Long-lived sockets.
    pub websockets: Figure<Ability>,
    /// GPUs.
    pub gpu: Figure<Ability>,
    /// Disks that survive a restart.
    pub persistent_disk: Figure<Ability>,
    /// Disks on which a database inside the process lasts: a local file system with its locks. As `persistent_disk`, if absent.
    #[serde(default)]
    pub embedded_databases: Option<Figure<Ability>>,
    /// No cost while idle.
    pub scale_to_zero: Figure<Ability>,
    /// More instances under load by itself.
    pub autoscaling: Figure<Ability>,
    /// Services reach each other without the public internet.
    pub private_network: Figure<Ability>,
    /// Instances of one service find and reach each other on the private network: a cluster of the application's own.
    pub clustering: Figure<Ability>,
    /// An environment per pull request.
    pub preview_environments: Figure<Ability>,
    /// One application in several regions.
    pub multi_region: Figure<Ability>,
    /// Content delivery network in front.
    pub cdn: Figure<Ability>,
    /// Members with different rights.
    pub roles: Figure<Ability>,
    /// A log of who changed what.
    pub audit_log: Figure<Ability>,
}

impl Capabilities {
    /// Disks on which a database inside the process lasts.
    pub fn disk_of_embedded_databases(&self) -> &Figure<Ability> {
        self.embedded_databases.as_ref().unwrap_or(&self.persistent_disk)
    }
}

/// Where a platform ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Longest request in seconds; absent when there is none.
    #[serde(default)]
    pub request_timeout_seconds: Option<Figure<u32>>,
    /// Memory of the largest instance in MB.
    pub memory_mb: Figure<u32>,
    /// Most instances of one service.
    pub instances: Figure<u32>,
    /// Shortest interval of a scheduled job in minutes; absent when it has none.
    #[serde(default)]
    pub cron_minutes: Option<Figure<u32>>,
    /// Number of regions.
    pub regions: Figure<u32>,
    /// Region that is used unless one is set, by the platform's own id.
    pub default_region: Figure<String>,
    /// Code runs in every region without being told to: no file names one.
    #[serde(default)]
    pub everywhere: Option<Figure<bool>>,
    /// Regions by continent that it covers (`north-america`, `south-america`, `europe`, `asia`, `oceania`, `africa`, `middle-east`).
    pub continents: Figure<Vec<String>>,
}

/// What a platform attests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compliance {
    /// SOC 2 report.
    pub soc2: Figure<Ability>,
    /// HIPAA agreement on a plan that can be bought.
    pub hipaa: Figure<Ability>,
}
