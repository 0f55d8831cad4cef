//! Kubernetes on AWS (EKS).
//!
//! Ingress: <https://docs.aws.amazon.com/eks/latest/userguide/alb-ingress.html> (from general knowledge, 2026-11).

use siteplan_model::file::File;

use super::kubernetes::{self, Flavour};
use super::site::Site;

const FLAVOUR: Flavour = Flavour {
    ingress_class: Some("alb"),
    ingress_annotations: &[
        ("alb.ingress.kubernetes.io/scheme", "internet-facing"),
        ("alb.ingress.kubernetes.io/target-type", "ip"),
    ],
};

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    kubernetes::files(site, &FLAVOUR)
}
