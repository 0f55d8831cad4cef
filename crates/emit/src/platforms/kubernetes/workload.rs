//! One service as Kubernetes objects: a Deployment with its Service, or a CronJob.

use serde::Serialize;
use siteplan_model::design::ServicePlan;

use super::super::site::{Placed, Site, schedule};
use super::kustomization::config_name;
use super::{Flavour, Labels, Metadata, labels, metadata};
use crate::yaml::{Mapping, to_yaml};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<S> {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata,
    spec: S,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeploymentSpec<'a> {
    replicas: u32,
    selector: Selector,
    strategy: Strategy,
    template: PodTemplate<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Selector {
    match_labels: Labels,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Strategy {
    rolling_update: RollingUpdate,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RollingUpdate {
    max_unavailable: u32,
    max_surge: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CronJobSpec<'a> {
    schedule: &'a str,
    concurrency_policy: &'static str,
    job_template: JobTemplate<'a>,
}

#[derive(Serialize)]
struct JobTemplate<'a> {
    spec: JobSpec<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JobSpec<'a> {
    backoff_limit: u32,
    template: PodTemplate<'a>,
}

#[derive(Serialize)]
struct PodTemplate<'a> {
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
    automount_service_account_token: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    restart_policy: Option<&'static str>,
    security_context: PodSecurity,
    containers: [Container<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PodSecurity {
    seccomp_profile: SeccompProfile,
}

#[derive(Serialize)]
struct SeccompProfile {
    r#type: &'static str,
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
    env_from: [EnvFrom; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    readiness_probe: Option<Probe<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    liveness_probe: Option<Probe<'a>>,
    resources: Resources,
    security_context: ContainerSecurity,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ContainerPort {
    name: &'static str,
    container_port: u16,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    optional: Option<bool>,
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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Check<'a> {
    HttpGet { path: &'a str, port: &'static str },
    TcpSocket { port: &'static str },
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
    capabilities: Capabilities,
}

#[derive(Serialize)]
struct Capabilities {
    drop: [&'static str; 1],
}

#[derive(Serialize)]
struct ServiceSpec {
    selector: Labels,
    ports: [ServicePort; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ServicePort {
    name: &'static str,
    port: u16,
    target_port: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IngressSpec {
    #[serde(skip_serializing_if = "Option::is_none")]
    ingress_class_name: Option<&'static str>,
    default_backend: Backend,
}

#[derive(Serialize)]
struct Backend {
    service: BackendService,
}

#[derive(Serialize)]
struct BackendService {
    name: String,
    port: BackendPort,
}

#[derive(Serialize)]
struct BackendPort {
    name: &'static str,
}

const HTTP: &str = "http";

/// The objects of one service, as one file.
pub(super) fn documents(site: &Site<'_>, placed: &Placed<'_>) -> String {
    let plan = placed.plan;
    if let Some(schedule) = schedule(plan) {
        return to_yaml(&cron_job(plan, schedule));
    }
    let deployment = to_yaml(&deployment(site, placed));
    if plan.kind.serves_http() { format!("{deployment}---\n{}", to_yaml(&service(plan))) } else { deployment }
}

fn deployment<'a>(site: &Site<'a>, placed: &Placed<'a>) -> Object<DeploymentSpec<'a>> {
    let plan = placed.plan;
    Object {
        api_version: "apps/v1",
        kind: "Deployment",
        metadata: metadata(&plan.slug),
        spec: DeploymentSpec {
            replicas: placed.instances,
            selector: Selector { match_labels: labels(&plan.slug) },
            strategy: Strategy { rolling_update: RollingUpdate { max_unavailable: 0, max_surge: 1 } },
            template: pod(plan, None, probes(site, plan)),
        },
    }
}

fn cron_job<'a>(plan: &'a ServicePlan, schedule: &'a str) -> Object<CronJobSpec<'a>> {
    Object {
        api_version: "batch/v1",
        kind: "CronJob",
        metadata: metadata(&plan.slug),
        spec: CronJobSpec {
            schedule,
            concurrency_policy: "Forbid",
            job_template: JobTemplate {
                spec: JobSpec { backoff_limit: 1, template: pod(plan, Some("Never"), (None, None)) },
            },
        },
    }
}

/// Readiness asks the health path; liveness only whether somebody listens, so that a database outage restarts nothing.
fn probes<'a>(site: &Site<'a>, plan: &'a ServicePlan) -> (Option<Probe<'a>>, Option<Probe<'a>>) {
    let health = &site.design.health;
    if !plan.kind.serves_http() {
        return (None, None);
    }
    let probe = |check| Probe {
        check,
        period_seconds: health.interval_seconds,
        timeout_seconds: health.timeout_seconds,
        failure_threshold: health.failure_threshold,
    };
    let ready = plan.health_path.as_deref().filter(|_| health.included);
    (
        ready.map(|path| probe(Check::HttpGet { path, port: HTTP })),
        health.included.then(|| probe(Check::TcpSocket { port: HTTP })),
    )
}

fn pod<'a>(
    plan: &'a ServicePlan,
    restart_policy: Option<&'static str>,
    (readiness_probe, liveness_probe): (Option<Probe<'a>>, Option<Probe<'a>>),
) -> PodTemplate<'a> {
    let http = plan.kind.serves_http();
    let memory = format!("{}Mi", plan.memory_mb);
    PodTemplate {
        metadata: PodMetadata { labels: labels(&plan.slug) },
        spec: PodSpec {
            automount_service_account_token: false,
            restart_policy,
            security_context: PodSecurity { seccomp_profile: SeccompProfile { r#type: "RuntimeDefault" } },
            containers: [Container {
                name: &plan.slug,
                image: format!("IMAGE_REGISTRY/{}:IMAGE_TAG", plan.slug),
                command: plan.commands.start.as_deref().filter(|_| !http).map(|start| ["sh", "-c", start]),
                ports: http
                    .then_some(ContainerPort { name: HTTP, container_port: plan.port })
                    .into_iter()
                    .collect(),
                env_from: [
                    EnvFrom::ConfigMapRef(Reference { name: config_name(&plan.slug), optional: None }),
                    EnvFrom::SecretRef(Reference { name: plan.slug.clone(), optional: Some(true) }),
                ],
                readiness_probe,
                liveness_probe,
                resources: Resources {
                    requests: Amounts { cpu: format!("{:.0}m", plan.vcpu * 1000.0), memory: memory.clone() },
                    limits: Memory { memory },
                },
                security_context: ContainerSecurity {
                    allow_privilege_escalation: false,
                    capabilities: Capabilities { drop: ["ALL"] },
                },
            }],
        },
    }
}

fn service(plan: &ServicePlan) -> Object<ServiceSpec> {
    Object {
        api_version: "v1",
        kind: "Service",
        metadata: metadata(&plan.slug),
        spec: ServiceSpec {
            selector: labels(&plan.slug),
            ports: [ServicePort { name: HTTP, port: 80, target_port: HTTP }],
        },
    }
}

/// The way from the load balancer to the main service.
pub(super) fn ingress(site: &Site<'_>, flavour: &Flavour) -> Option<impl Serialize + use<>> {
    let main = site.main().filter(|placed| placed.plan.kind.serves_http())?;
    let mut metadata = metadata(&main.plan.slug);
    let annotations = flavour.ingress_annotations.iter().map(|(key, value)| ((*key).to_owned(), *value));
    metadata.annotations = annotations.collect::<Mapping<_>>();
    Some(Object {
        api_version: "networking.k8s.io/v1",
        kind: "Ingress",
        metadata,
        spec: IngressSpec {
            ingress_class_name: flavour.ingress_class,
            default_backend: Backend {
                service: BackendService { name: main.plan.slug.clone(), port: BackendPort { name: HTTP } },
            },
        },
    })
}
