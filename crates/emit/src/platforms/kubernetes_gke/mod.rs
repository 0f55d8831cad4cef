//! Kubernetes on Google (GKE).
//!
//! Ingress: <https://cloud.google.com/kubernetes-engine/docs/concepts/ingress> (from general knowledge, 2026-11).

use siteplan_model::file::File;

use super::kubernetes::{self, Flavour};
use super::site::Site;

/// GKE's controller reads the older annotation, not the class of the specification.
const FLAVOUR: Flavour =
    Flavour { ingress_class: None, ingress_annotations: &[("kubernetes.io/ingress.class", "gce")] };

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    kubernetes::files(site, &FLAVOUR)
}
