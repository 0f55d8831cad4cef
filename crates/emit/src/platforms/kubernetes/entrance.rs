//! The way in, by host name: the application's for what users reach first, names below it for further services.
//!
//! Google: <https://docs.cloud.google.com/kubernetes-engine/docs/how-to/managed-certs>; AWS:
//! <https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/>; Azure:
//! <https://learn.microsoft.com/azure/aks/app-routing-gateway-api> (seen 2026-11-25).

use serde::Serialize;

use super::super::site::{Placed, Site};
use super::network::Peer;
use super::pod::HTTP;
use super::{Metadata, Object, joined, metadata};
use crate::yaml::{Mapping, to_yaml};

/// How requests reach a managed cluster.
pub(in super::super) enum Entrance {
    /// Google's load balancer, with a certificate that Google makes.
    Google,
    /// A load balancer of AWS, which finds the certificate by the host name.
    Aws,
    /// A gateway of Azure in the application's namespace, with a certificate from a secret.
    Azure,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IngressSpec {
    #[serde(skip_serializing_if = "Option::is_none")]
    ingress_class_name: Option<&'static str>,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct Rule {
    host: String,
    http: Paths,
}

#[derive(Serialize)]
struct Paths {
    paths: [Way; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Way {
    path: &'static str,
    path_type: &'static str,
    backend: Backend,
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

#[derive(Serialize)]
struct CertificateSpec {
    domains: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FrontendSpec {
    redirect_to_https: Enabled,
}

#[derive(Serialize)]
struct Enabled {
    enabled: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GatewaySpec {
    gateway_class_name: &'static str,
    listeners: Vec<Listener>,
}

#[derive(Serialize)]
struct Listener {
    name: String,
    port: u16,
    protocol: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hostname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls: Option<Tls>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tls {
    mode: &'static str,
    certificate_refs: [Named; 1],
}

#[derive(Serialize)]
struct Named {
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RouteSpec {
    parent_refs: [Parent; 1],
    hostnames: Vec<String>,
    rules: [RouteRule; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Parent {
    name: String,
    section_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum RouteRule {
    BackendRefs([BackendRef; 1]),
    Filters([Filter; 1]),
}

#[derive(Serialize)]
struct BackendRef {
    name: String,
    port: u16,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    r#type: &'static str,
    request_redirect: Redirect,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Redirect {
    scheme: &'static str,
    status_code: u16,
}

/// What the pipeline puts the host name in the place of.
const HOST: &str = "APP_HOST";
/// What the files say of the names in them.
const NAMES: &str = "# The pipeline fills in the host name. Its DNS record points at the load balancer.\n";

/// The objects, as one file; none where nothing is reached from outside.
pub(super) fn documents(site: &Site<'_>, entrance: &Entrance) -> Option<String> {
    let served: Vec<(&Placed<'_>, String)> = site.hosts(HOST);
    if served.is_empty() {
        return None;
    }
    let objects = match entrance {
        Entrance::Google => google(site, &served),
        Entrance::Aws => aws(site, &served),
        Entrance::Azure => azure(site, &served),
    };
    Some(format!("{NAMES}{}{}", entrance.note(), joined(objects)))
}

impl Entrance {
    fn note(&self) -> &'static str {
        match self {
            Self::Google => "# Google makes the certificate once it does, which may take an hour.\n",
            Self::Aws => {
                "# A certificate of ACM for the name must exist in the cluster's region before the first release.\n"
            }
            Self::Azure => {
                "# The secret of type `kubernetes.io/tls` that is named below holds the certificate; Key Vault can keep it up to date.\n"
            }
        }
    }

    /// Whether the cloud's own pods run in the application's namespace.
    pub(super) fn runs_beside(&self) -> bool {
        matches!(self, Self::Azure)
    }

    /// Where the machines of the cluster answer for names: a cache of their own, and on Google the cloud.
    pub(super) fn name_servers(&self) -> &'static [&'static str] {
        match self {
            Self::Google => &["169.254.20.10/32", "169.254.169.254/32"],
            Self::Aws | Self::Azure => &["169.254.20.10/32"],
        }
    }

    /// Where its requests come from.
    pub(super) fn peers(&self) -> Vec<Peer> {
        match self {
            // The addresses of Google's load balancers and of their health checks.
            Self::Google => ["130.211.0.0/22", "35.191.0.0/16"].map(Peer::block).into(),
            // The load balancer's addresses are of the network that the cluster is in, which its maker chose.
            Self::Aws => ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(Peer::block).into(),
            Self::Azure => vec![Peer::pods("gateway.networking.k8s.io/gateway-name", GATEWAY)],
        }
    }
}

fn ingress(
    site: &Site<'_>,
    served: &[(&Placed<'_>, String)],
    class: Option<&'static str>,
    annotations: Mapping<String>,
) -> String {
    let rules = served.iter().map(|(placed, host)| Rule {
        host: host.clone(),
        http: Paths {
            paths: [Way {
                path: "/",
                path_type: "Prefix",
                backend: Backend {
                    service: BackendService {
                        name: placed.plan.slug.clone(),
                        port: BackendPort { name: HTTP },
                    },
                },
            }],
        },
    });
    to_yaml(&Object {
        api_version: "networking.k8s.io/v1",
        kind: "Ingress",
        metadata: Metadata { annotations, ..named(site) },
        spec: IngressSpec { ingress_class_name: class, rules: rules.collect() },
    })
}

fn named(site: &Site<'_>) -> Metadata {
    metadata(site, &site.design.application.slug)
}

fn annotation(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

fn google(site: &Site<'_>, served: &[(&Placed<'_>, String)]) -> Vec<String> {
    let name = &site.design.application.slug;
    let annotations = [
        // The older annotation is what the controller reads, not the class of the specification.
        annotation("kubernetes.io/ingress.class", "gce"),
        annotation("networking.gke.io/managed-certificates", name),
        annotation("networking.gke.io/v1beta1.FrontendConfig", name),
    ];
    let domains = served.iter().map(|(_, host)| host.clone()).collect();
    vec![
        ingress(site, served, None, annotations.into_iter().collect()),
        to_yaml(&Object {
            api_version: "networking.gke.io/v1",
            kind: "ManagedCertificate",
            metadata: named(site),
            spec: CertificateSpec { domains },
        }),
        to_yaml(&Object {
            api_version: "networking.gke.io/v1beta1",
            kind: "FrontendConfig",
            metadata: named(site),
            spec: FrontendSpec { redirect_to_https: Enabled { enabled: true } },
        }),
    ]
}

fn aws(site: &Site<'_>, served: &[(&Placed<'_>, String)]) -> Vec<String> {
    let mut annotations: Mapping<String> = [
        annotation("alb.ingress.kubernetes.io/scheme", "internet-facing"),
        annotation("alb.ingress.kubernetes.io/target-type", "ip"),
        annotation("alb.ingress.kubernetes.io/listen-ports", "[{\"HTTP\": 80}, {\"HTTPS\": 443}]"),
        annotation("alb.ingress.kubernetes.io/ssl-redirect", "443"),
    ]
    .into_iter()
    .collect();
    // One path for all services behind the load balancer, which is right where they have the same.
    let health = &site.design.health;
    let mut paths: Vec<&str> =
        served.iter().filter_map(|(placed, _)| placed.plan.health_path.as_deref()).collect();
    paths.dedup();
    if let ([path], true) = (paths.as_slice(), health.included) {
        annotations.extend([annotation("alb.ingress.kubernetes.io/healthcheck-path", path)]);
    }
    vec![ingress(site, served, Some("alb"), annotations)]
}

/// The gateway's name, by which its pods are known.
const GATEWAY: &str = "entrance";

fn azure(site: &Site<'_>, served: &[(&Placed<'_>, String)]) -> Vec<String> {
    let slug = &site.design.application.slug;
    let plain = Listener { name: HTTP.to_owned(), port: 80, protocol: "HTTP", hostname: None, tls: None };
    let secure = served.iter().map(|(placed, host)| Listener {
        name: placed.plan.slug.clone(),
        port: 443,
        protocol: "HTTPS",
        hostname: Some(host.clone()),
        tls: Some(Tls { mode: "Terminate", certificate_refs: [Named { name: format!("{slug}-tls") }] }),
    });
    let listeners = std::iter::once(plain).chain(secure).collect();
    let route = |name: &str, section: &str, hostnames, rule| {
        to_yaml(&Object {
            api_version: "gateway.networking.k8s.io/v1",
            kind: "HTTPRoute",
            metadata: metadata(site, name),
            spec: RouteSpec {
                parent_refs: [Parent { name: GATEWAY.to_owned(), section_name: section.to_owned() }],
                hostnames,
                rules: [rule],
            },
        })
    };
    let gateway = to_yaml(&Object {
        api_version: "gateway.networking.k8s.io/v1",
        kind: "Gateway",
        metadata: metadata(site, GATEWAY),
        spec: GatewaySpec { gateway_class_name: "approuting-istio", listeners },
    });
    let redirect = RouteRule::Filters([Filter {
        r#type: "RequestRedirect",
        request_redirect: Redirect { scheme: "https", status_code: 301 },
    }]);
    let hosts = served.iter().map(|(_, host)| host.clone()).collect();
    let routes = served.iter().map(|(placed, host)| {
        let name = &placed.plan.slug;
        let backend = RouteRule::BackendRefs([BackendRef { name: name.clone(), port: 80 }]);
        route(name, name, vec![host.clone()], backend)
    });
    let redirects = route("redirect-to-https", HTTP, hosts, redirect);
    [gateway, redirects].into_iter().chain(routes).collect()
}
