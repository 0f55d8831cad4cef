//! Kubernetes on Google (GKE): its own load balancer sends requests straight to the pods.
//!
//! Service: <https://docs.cloud.google.com/kubernetes-engine/docs/how-to/container-native-load-balancing> (seen 2026-11-25).

use siteplan_model::file::File;

use super::kubernetes::{self, Entrance, Flavour};
use super::site::Site;

const FLAVOUR: Flavour = Flavour {
    entrance: Entrance::Google,
    service_annotations: &[("cloud.google.com/neg", "{\"ingress\": true}")],
    data_ports: &[],
};

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    kubernetes::files(site, &FLAVOUR)
}
