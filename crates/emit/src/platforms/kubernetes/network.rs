//! Who may talk to whom: nobody, except the entrance to what serves, pods of the application to each other, and pods to
//! the ports that the design knows of.

use std::collections::BTreeSet;

use serde::Serialize;

use super::super::site::{Site, literal};
use super::pod::HTTP;
use super::{Flavour, Labels, Object, PART_OF, chosen, joined, metadata};
use crate::yaml::{Mapping, to_yaml};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PolicySpec {
    pod_selector: PodSelector,
    policy_types: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ingress: Vec<From>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    egress: Vec<To>,
}

#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct PodSelector {
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    match_labels: Labels,
}

#[derive(Serialize)]
struct From {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    from: Vec<Peer>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ports: Vec<Port>,
}

#[derive(Serialize)]
struct To {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    to: Vec<Peer>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ports: Vec<Port>,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Peer {
    IpBlock(Block),
    PodSelector(Selected),
    NamespaceSelector(Selected),
}

#[derive(Clone, Serialize)]
pub(super) struct Block {
    cidr: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    except: Vec<&'static str>,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Selected {
    match_labels: Labels,
}

impl Peer {
    /// Addresses.
    pub(super) fn block(cidr: &'static str) -> Self {
        Self::IpBlock(Block { cidr, except: Vec::new() })
    }

    /// Pods of the same namespace that have a label.
    pub(super) fn pods(key: &str, value: &str) -> Self {
        Self::PodSelector(Selected { match_labels: label(key, value) })
    }
}

#[derive(Serialize)]
struct Port {
    protocol: &'static str,
    port: PortValue,
}

#[derive(Serialize)]
#[serde(untagged)]
enum PortValue {
    Number(u16),
    Name(&'static str),
}

/// Where the cloud answers questions about the machine that a pod runs on, with keys among the answers.
const METADATA: &str = "169.254.0.0/16";
/// Ports of engines whose addresses are outside the cluster; Redis with and without encryption.
const ENGINE_PORTS: &[(&str, &[u16])] = &[
    ("postgres", &[5432]),
    ("mysql", &[3306]),
    ("mariadb", &[3306]),
    ("mongodb", &[27017]),
    ("redis", &[6379, 6380]),
    ("valkey", &[6379, 6380]),
    ("memcached", &[11211]),
];
/// Parts of names of variables that tell of a mail server, and its ports.
const MAIL: (&[&str], &[u16]) = (&["SMTP", "MAIL"], &[465, 587]);
/// What the file says of itself.
const NOTE: &str = "# Nothing is allowed but what stands here. Whatever else the application calls needs its port under `outgoing`.\n";

/// The policies, as one file.
pub(super) fn documents(site: &Site<'_>, flavour: &Flavour) -> String {
    let served = site.services.iter().filter(|placed| placed.plan.kind.serves_http());
    let entrances = served.map(|placed| {
        let policy = PolicySpec {
            pod_selector: PodSelector { match_labels: chosen(&placed.plan.slug) },
            policy_types: vec!["Ingress"],
            ingress: vec![From {
                from: flavour.entrance.peers(),
                ports: vec![Port { protocol: "TCP", port: PortValue::Name(HTTP) }],
            }],
            egress: Vec::new(),
        };
        to_yaml(&object(site, &format!("entrance-{}", placed.plan.slug), policy))
    });
    let deny = PolicySpec {
        pod_selector: ours(site, flavour),
        policy_types: vec!["Ingress", "Egress"],
        ingress: Vec::new(),
        egress: Vec::new(),
    };
    let within = PolicySpec {
        pod_selector: ours(site, flavour),
        policy_types: vec!["Ingress", "Egress"],
        ingress: vec![From { from: vec![fellow(site)], ports: Vec::new() }],
        egress: vec![To { to: vec![fellow(site)], ports: Vec::new() }],
    };
    let outgoing = PolicySpec {
        pod_selector: ours(site, flavour),
        policy_types: vec!["Egress"],
        ingress: Vec::new(),
        egress: vec![names(flavour), outside(site, flavour)],
    };
    let shared = [("default-deny", deny), ("within", within), ("outgoing", outgoing)]
        .map(|(name, policy)| to_yaml(&object(site, name, policy)));
    format!("{NOTE}{}", joined(shared.into_iter().chain(entrances)))
}

fn object(site: &Site<'_>, name: &str, spec: PolicySpec) -> Object<PolicySpec> {
    Object {
        api_version: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: metadata(site, name),
        spec,
    }
}

fn label(key: &str, value: &str) -> Labels {
    [(key.to_owned(), value.to_owned())].into_iter().collect()
}

/// The pods that the policies are for: all of the namespace, but not the cloud's own where its entrance runs there.
fn ours(site: &Site<'_>, flavour: &Flavour) -> PodSelector {
    if flavour.entrance.runs_beside() {
        PodSelector { match_labels: label(PART_OF, &site.design.application.slug) }
    } else {
        PodSelector::default()
    }
}

fn fellow(site: &Site<'_>) -> Peer {
    Peer::pods(PART_OF, &site.design.application.slug)
}

/// Names are looked up in the cluster, or at addresses that its machines have for it.
fn names(flavour: &Flavour) -> To {
    let port = |protocol| Port { protocol, port: PortValue::Number(53) };
    let system = label("kubernetes.io/metadata.name", "kube-system");
    let of_machines = flavour.entrance.name_servers().iter().copied().map(Peer::block);
    To {
        to: std::iter::once(Peer::NamespaceSelector(Selected { match_labels: system }))
            .chain(of_machines)
            .collect(),
        ports: vec![port("UDP"), port("TCP")],
    }
}

/// What is outside the cluster, by port.
fn outside(site: &Site<'_>, flavour: &Flavour) -> To {
    To {
        to: vec![Peer::IpBlock(Block { cidr: "0.0.0.0/0", except: vec![METADATA] })],
        ports: ports(site, flavour)
            .into_iter()
            .map(|port| Port { protocol: "TCP", port: PortValue::Number(port) })
            .collect(),
    }
}

fn ports(site: &Site<'_>, flavour: &Flavour) -> BTreeSet<u16> {
    let mut ports = BTreeSet::from([443]);
    for data in &site.design.data {
        let known = ENGINE_PORTS.iter().filter(|(engine, _)| *engine == data.engine);
        ports.extend(known.flat_map(|(_, ports)| ports.iter()));
        if data.same_platform {
            ports.extend(flavour.data_ports);
        }
    }
    for variable in site.running_variables() {
        if MAIL.0.iter().any(|part| variable.name.contains(part)) {
            ports.extend(MAIL.1);
        }
        if variable.name.ends_with("_PORT") {
            let values = site.environments().filter_map(|environment| literal(variable, environment));
            ports.extend(values.filter_map(|value| value.parse::<u16>().ok()).filter(|port| *port > 0));
        }
    }
    ports
}
