//! One hosting platform: what it can run, what it costs, how one deploys to it. One file of `data/platforms` each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siteplan_model::id::PlatformId;
use siteplan_model::money::Usd;
use siteplan_model::recommendation::Philosophy;
use siteplan_model::survey::ServiceKind;

use crate::condition::Condition;
use crate::figure::{Figure, Sources};

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
    /// Group of interchangeable platforms (`kubernetes`): an option set shows the best of a group only.
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
    /// Fixed monthly items (a load balancer, a control plane).
    #[serde(default, rename = "fixed")]
    pub fixed: Vec<FixedItem>,
    /// How one deploys to it.
    pub deploy: Deploy,
    /// Where migrations run.
    pub migrate: MigrateHook,
    /// How environments are made.
    pub environments: EnvironmentFacts,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LifecycleState {
    /// New features appear.
    Active,
    /// Kept running, no new features.
    Sustaining,
    /// An end is announced.
    Ending,
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
    /// With restrictions that matter (beta, minimum interval, resource of another kind).
    Limited,
    /// Not at all.
    No,
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
    /// Static files behind a CDN.
    #[serde(rename = "static")]
    pub static_site: Figure<RunMode>,
    /// Languages built without a Dockerfile (`node`, `python`, `go`, `ruby`, `rust`, `java`, `php`, `elixir`, `dotnet`, `deno`, `bun`).
    pub languages: Figure<Vec<String>>,
    /// Frameworks that it knows by name and tunes for.
    pub frameworks: Figure<Vec<String>>,
    /// Whether it runs any container image.
    pub images: Figure<Ability>,
    /// Whether what it builds finds installed programs by itself, so that a package manager in front of them is needless or
    /// missing (`uvicorn`, not `uv run uvicorn`); no, if absent.
    #[serde(default)]
    pub finds_programs: Option<Figure<Ability>>,
}

impl Runs {
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
    /// No cost while idle.
    pub scale_to_zero: Figure<Ability>,
    /// More instances under load by itself.
    pub autoscaling: Figure<Ability>,
    /// Services reach each other without the public internet.
    pub private_network: Figure<Ability>,
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

/// What a platform asks of people, as lists that are counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EffortFacts {
    /// Things to create once (project, network, registry, cluster, …).
    pub resources: Figure<Vec<String>>,
    /// Files that the platform needs, beyond a Dockerfile.
    pub files: Figure<Vec<String>>,
    /// Programs to install on the team's machines.
    pub tools: Figure<Vec<String>>,
    /// Whether it deploys each push by itself once it is linked to the repository, so that no credential has to be set.
    pub deploys_from_git: Figure<Ability>,
    /// Proprietary interfaces that the application or its files depend on.
    pub lock_in: Figure<Vec<String>>,
}

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
    /// Whether its terms allow commercial use.
    pub commercial: bool,
    /// Usage included.
    #[serde(default)]
    pub included: Included,
    /// Features that need this plan or a higher one (`autoscaling`, `full-stack-previews`, `roles`).
    #[serde(default)]
    pub features: Vec<String>,
    /// Most expensive size that it allows, by id; absent for all.
    #[serde(default)]
    pub sizes: Vec<String>,
    /// What else a reader must know.
    #[serde(default)]
    pub note: Option<String>,
    /// Key in `[sources]`.
    pub source: String,
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
    pub meters: std::collections::BTreeMap<MeterId, f64>,
}

/// How computing is billed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compute {
    /// The model.
    pub billing: Figure<Billing>,
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
    /// Key in `[sources]`.
    pub source: String,
}

/// What is metered. Quantities are per month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MeterId {
    /// GB sent to the internet.
    TransferGb,
    /// Millions of requests.
    RequestsMillion,
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
}

/// How one deploys. Command lines may hold `{app}`, `{service}`, `{environment}`, `{region}`, `{image}`, `{branch}`, each
/// replaced by its shell-quoted value, so never inside quotes; `$NAME` stays a shell variable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deploy {
    /// Who makes what is deployed.
    pub builds: Figure<Builder>,
    /// Which cloud's identity token replaces a long-lived key (`aws`, `google`, `azure`).
    #[serde(default)]
    pub identity: Option<String>,
    /// Line that installs the platform's tool on a CI machine; absent where an ordinary machine has all.
    #[serde(default)]
    pub install: Option<CommandTemplate>,
    /// Commands that build and push the image, when the CI builds it.
    #[serde(default)]
    pub image: Vec<CommandTemplate>,
    /// Commands that release, in order.
    #[serde(rename = "command")]
    pub commands: Vec<CommandTemplate>,
    /// Secrets and variables that these commands need.
    #[serde(default, rename = "credential")]
    pub credentials: Vec<Credential>,
    /// How the platform's own deploy-on-push is kept from deploying a second time.
    pub only_one_deployer: String,
    /// Minutes of one release without the tests, fewest and most.
    pub minutes: Figure<[u32; 2]>,
}

/// Who makes what is deployed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Builder {
    /// The platform, from the commit or the uploaded source.
    Platform,
    /// The CI makes files (a build output) and hands them over.
    CiArtifact,
    /// The CI makes a container image and pushes it.
    CiImage,
}

/// A command with what it is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CommandTemplate {
    /// What it does, in a few words.
    pub purpose: String,
    /// The line.
    pub line: String,
    /// Whether it is repeated for each service of the application.
    #[serde(default)]
    pub each_service: bool,
    /// Kinds of service that it is for; all, if absent.
    #[serde(default)]
    pub kinds: Vec<ServiceKind>,
    /// Key in `[sources]`.
    pub source: String,
}

/// A name that the CI host must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// The variable's name; may hold `{SERVICE}` for one of each service.
    pub name: String,
    /// What it is and where one gets it.
    pub purpose: String,
    /// Whether it is secret; else a plain variable.
    pub secret: bool,
    /// Whether each environment has its own.
    #[serde(default)]
    pub per_environment: bool,
}

/// Where migrations run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MigrateHook {
    /// The platform's own hook (`preDeployCommand`); absent where the CI runs them.
    #[serde(default)]
    pub hook: Option<Figure<String>>,
    /// When they run, in a sentence.
    pub when: String,
    /// How the CI runs them where there is no hook; `{migrate}` is the command. Absent: the command itself, in the job, with
    /// `DATABASE_URL` from the CI's secrets.
    #[serde(default)]
    pub line: Option<CommandTemplate>,
}

/// How environments are made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentFacts {
    /// How one environment is made, in a sentence; may hold `{environment}`.
    pub made_by: Figure<String>,
    /// Address pattern with `{app}` and `{suffix}` (`-staging`, empty for production); absent where it is assigned at the first deploy.
    #[serde(default)]
    pub url: Option<Figure<String>>,
    /// How previews are made, in a sentence.
    pub preview: Figure<String>,
    /// What the platform calls every environment but production under some account plans, where it offers no other names.
    #[serde(default)]
    pub further: Option<FurtherEnvironment>,
    /// Whether staging costs as much as production, or runs as part of it (a preview deployment).
    pub staging_is_free: Figure<bool>,
}

/// The platform's own name for every environment but production.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FurtherEnvironment {
    /// The name.
    pub name: String,
    /// Names of the account plans under which it holds.
    pub plans: Vec<String>,
    /// Key in `[sources]`.
    pub source: String,
}

/// How one takes a release back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rollback {
    /// What happens by itself when a release fails.
    pub automatic: Figure<String>,
    /// The commands.
    #[serde(rename = "command")]
    pub commands: Vec<CommandTemplate>,
    /// How it is done without a command line.
    #[serde(default)]
    pub dashboard: Option<Figure<String>>,
    /// What bites afterwards.
    #[serde(default, rename = "trap")]
    pub traps: Vec<Statement>,
    /// Minutes it takes, at most.
    pub minutes: Figure<u32>,
}

/// The platform's health check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthFacts {
    /// Where it is configured (`healthCheckPath in render.yaml`); absent where the platform has no check.
    #[serde(default)]
    pub configured_by: Option<Figure<String>>,
    /// What it does with a failing instance, and which numbers can be set, one sentence a line; may hold `{path}`.
    #[serde(rename = "behaviour")]
    pub behaviour: Vec<Statement>,
    /// What must be set up instead or besides, one sentence a line.
    #[serde(default, rename = "besides")]
    pub besides: Vec<Statement>,
}

/// The platform's own store for secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlatformSecrets {
    /// As people read it (`Render environment variables`).
    pub name: String,
    /// Command that sets one, `NAME` standing for the name; the value comes from standard input or a prompt.
    #[serde(default)]
    pub set: Option<CommandTemplate>,
    /// How one reaches them.
    pub access: Figure<String>,
    /// Who can view them.
    pub viewers: Figure<String>,
}
