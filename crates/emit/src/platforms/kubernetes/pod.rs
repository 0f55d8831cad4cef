//! One pod of a service: its container, what it may do, and how the cluster asks whether it is well.

use serde::Serialize;
use siteplan_model::design::ServicePlan;
use siteplan_model::survey::ServiceKind;

use super::super::site::Site;
use super::{Labels, chosen, labels};
use crate::yaml::Mapping;

#[derive(Serialize)]
pub(super) struct PodTemplate<'a> {
    metadata: PodMetadata,
    spec: PodSpec<'a>,
}

#[derive(Serialize)]
struct PodMetadata {
    labels: Labels,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PodSpec<'a> {
    service_account_name: &'a str,
    automount_service_account_token: bool,
    enable_service_links: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    restart_policy: Option<&'static str>,
    termination_grace_period_seconds: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    topology_spread_constraints: Vec<Spread>,
    security_context: PodSecurity,
    containers: [Container<'a>; 1],
    volumes: [Volume; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spread {
    max_skew: u32,
    topology_key: &'static str,
    when_unsatisfiable: &'static str,
    label_selector: Selector,
}

/// What a controller or a rule chooses its pods by.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Selector {
    pub(super) match_labels: Labels,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PodSecurity {
    run_as_non_root: bool,
    run_as_user: u32,
    run_as_group: u32,
    fs_group: u32,
    seccomp_profile: SeccompProfile,
}

#[derive(Serialize)]
struct SeccompProfile {
    r#type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Volume {
    name: &'static str,
    empty_dir: Mapping<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VolumeMount {
    name: &'static str,
    mount_path: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Container<'a> {
    name: &'a str,
    image: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<[&'a str; 3]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ports: Vec<ContainerPort>,
    env: Vec<Env>,
    env_from: Vec<EnvFrom>,
    #[serde(skip_serializing_if = "Option::is_none")]
    startup_probe: Option<Probe<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    readiness_probe: Option<Probe<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    liveness_probe: Option<Probe<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifecycle: Option<Lifecycle>,
    resources: Resources,
    security_context: ContainerSecurity,
    volume_mounts: [VolumeMount; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ContainerPort {
    name: &'static str,
    container_port: u16,
}

#[derive(Serialize)]
struct Env {
    name: &'static str,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum EnvFrom {
    ConfigMapRef(Reference),
    SecretRef(Reference),
}

#[derive(Serialize)]
struct Reference {
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Probe<'a> {
    #[serde(flatten)]
    check: Check<'a>,
    period_seconds: u32,
    timeout_seconds: u32,
    failure_threshold: u32,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
enum Check<'a> {
    HttpGet { path: &'a str, port: &'static str },
    TcpSocket { port: &'static str },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Lifecycle {
    pre_stop: PreStop,
}

#[derive(Serialize)]
struct PreStop {
    sleep: Sleep,
}

#[derive(Serialize)]
struct Sleep {
    seconds: u32,
}

#[derive(Serialize)]
struct Resources {
    requests: Amounts,
    limits: Memory,
}

#[derive(Serialize)]
struct Amounts {
    cpu: String,
    memory: String,
}

#[derive(Serialize)]
struct Memory {
    memory: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ContainerSecurity {
    allow_privilege_escalation: bool,
    read_only_root_filesystem: bool,
    capabilities: Capabilities,
}

#[derive(Serialize)]
struct Capabilities {
    drop: [&'static str; 1],
}

/// The name of a container's port.
pub(super) const HTTP: &str = "http";
/// The volume for what a program writes while it runs.
const SCRATCH: &str = "tmp";
/// The user of an image that the repository has: the one that most are made for, since an image that names its user by a word
/// only would be refused.
const USER: u32 = 1000;
/// Seconds that a pod goes on serving after it was told to stop: so long a load balancer may still send requests.
const DRAIN: u32 = 10;
/// Seconds between two looks at a pod that starts, and how many of them may fail.
const STARTING: (u32, u32) = (5, 60);
/// Frameworks that write beside their own code while they run: caches, compiled templates, process ids.
const WRITE_BESIDE_CODE: &[&str] = &["laravel", "next", "rails", "symfony"];

/// What a pod of a service runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Runs<'a> {
    /// The service itself, all the time, in so many instances.
    Always(u32),
    /// The service itself, until it ends.
    Once,
    /// Another command in its image, until it ends.
    Command(&'a str),
}

/// The name of the plain values.
pub(super) fn config_name(site: &Site<'_>) -> String {
    format!("{}-config", site.design.application.slug)
}

/// A pod, by the name of what controls it.
pub(super) fn pod<'a>(
    site: &Site<'a>,
    plan: &'a ServicePlan,
    name: &'a str,
    runs: Runs<'a>,
) -> PodTemplate<'a> {
    let serves = plan.kind.serves_http() && matches!(runs, Runs::Always(_));
    let spreads = matches!(runs, Runs::Always(2..));
    let (user, group) = site.image_user(plan).or_else(|| own_user(plan)).unwrap_or((USER, USER));
    PodTemplate {
        metadata: PodMetadata { labels: labels(site, name) },
        spec: PodSpec {
            service_account_name: &site.design.application.slug,
            automount_service_account_token: false,
            // Else a service called `redis` would set `REDIS_PORT` to an address.
            enable_service_links: false,
            restart_policy: (!matches!(runs, Runs::Always(_))).then_some("Never"),
            termination_grace_period_seconds: 30 + if serves { DRAIN } else { 0 },
            topology_spread_constraints: if spreads { spread(name).into() } else { Vec::new() },
            security_context: PodSecurity {
                run_as_non_root: true,
                run_as_user: user,
                run_as_group: group,
                fs_group: group,
                seccomp_profile: SeccompProfile { r#type: "RuntimeDefault" },
            },
            containers: [container(site, plan, name, runs)],
            volumes: [Volume { name: SCRATCH, empty_dir: Mapping::default() }],
        },
    }
}

/// The user of the repository's own image, where its Dockerfile gives a number.
fn own_user(plan: &ServicePlan) -> Option<(u32, u32)> {
    let number = plan.image.as_ref()?.user.as_deref()?.parse().ok().filter(|number| *number > 0)?;
    Some((number, number))
}

/// Over zones, then over machines, as far as there are any.
fn spread(name: &str) -> [Spread; 2] {
    ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(|topology_key| Spread {
        max_skew: 1,
        topology_key,
        when_unsatisfiable: "ScheduleAnyway",
        label_selector: Selector { match_labels: chosen(name) },
    })
}

fn container<'a>(site: &Site<'a>, plan: &'a ServicePlan, name: &'a str, runs: Runs<'a>) -> Container<'a> {
    let serves = plan.kind.serves_http() && matches!(runs, Runs::Always(_));
    let memory = format!("{}Mi", plan.memory_mb);
    let line = match runs {
        Runs::Command(line) => Some(line),
        // The image starts what users reach; whatever else it holds is started by its own command.
        _ => plan.commands.start.as_deref().filter(|_| !serves),
    };
    let [startup_probe, readiness_probe, liveness_probe] =
        if serves { probes(site, plan) } else { [None, None, None] };
    let writes = plan.framework.as_deref().is_some_and(|id| WRITE_BESIDE_CODE.contains(&id));
    Container {
        name,
        image: format!("IMAGE_REGISTRY/{}:IMAGE_TAG", plan.slug),
        command: line.map(|line| ["sh", "-c", line]),
        ports: serves
            .then_some(ContainerPort { name: HTTP, container_port: plan.port })
            .into_iter()
            .collect(),
        env: env(site, plan, serves),
        env_from: env_from(site, plan),
        startup_probe,
        readiness_probe,
        liveness_probe,
        lifecycle: serves.then_some(Lifecycle { pre_stop: PreStop { sleep: Sleep { seconds: DRAIN } } }),
        resources: Resources {
            requests: Amounts { cpu: format!("{:.0}m", plan.vcpu * 1000.0), memory: memory.clone() },
            limits: Memory { memory },
        },
        security_context: ContainerSecurity {
            allow_privilege_escalation: false,
            read_only_root_filesystem: !writes,
            capabilities: Capabilities { drop: ["ALL"] },
        },
        volume_mounts: [VolumeMount { name: SCRATCH, mount_path: "/tmp" }],
    }
}

/// Caches of package managers and runtimes go where a pod may write.
fn env(site: &Site<'_>, plan: &ServicePlan, serves: bool) -> Vec<Env> {
    let port = serves.then(|| Env { name: "PORT", value: plan.port.to_string() });
    let version = site.version().map(|(name, value)| Env { name, value: value.to_owned() });
    port.into_iter().chain([Env { name: "HOME", value: "/tmp".to_owned() }]).chain(version).collect()
}

/// Plain values, then the secrets: a pod that misses them does not start, and says so.
fn env_from(site: &Site<'_>, plan: &ServicePlan) -> Vec<EnvFrom> {
    if plan.kind == ServiceKind::Static {
        return Vec::new();
    }
    let config = EnvFrom::ConfigMapRef(Reference { name: config_name(site) });
    let has_secrets = site.held_variables().next().is_some();
    let secret = EnvFrom::SecretRef(Reference { name: site.design.application.slug.clone() });
    std::iter::once(config).chain(has_secrets.then_some(secret)).collect()
}

/// While it starts and while it lives, a pod is asked what depends on nothing else, so that an outage of the database
/// restarts nothing; whether it gets requests is asked at the health path.
fn probes<'a>(site: &Site<'a>, plan: &'a ServicePlan) -> [Option<Probe<'a>>; 3] {
    let health = &site.design.health;
    let listens = Check::TcpSocket { port: HTTP };
    let asked = |path: Option<&'a str>| {
        path.filter(|_| health.included).map_or(listens, |path| Check::HttpGet { path, port: HTTP })
    };
    let (ready, live) = (asked(plan.health_path.as_deref()), asked(plan.live_path.as_deref()));
    let probe = |check, (period_seconds, failure_threshold)| {
        Some(Probe { check, period_seconds, timeout_seconds: health.timeout_seconds, failure_threshold })
    };
    let usual = (health.interval_seconds, health.failure_threshold);
    // A release and a recovery wait for the next look: it comes sooner than the monitor's.
    [
        probe(live, STARTING),
        probe(ready, (health.interval_seconds.min(10), health.failure_threshold)),
        probe(live, usual),
    ]
}
