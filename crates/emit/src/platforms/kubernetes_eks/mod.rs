//! Kubernetes on AWS (EKS), with the AWS Load Balancer Controller.
//!
//! Ingress: <https://docs.aws.amazon.com/eks/latest/userguide/alb-ingress.html> (from general knowledge, 2026-11).

use siteplan_model::file::File;

use super::kubernetes::{self, Entrance, Flavour};
use super::site::Site;

const FLAVOUR: Flavour = Flavour { entrance: Entrance::Aws, service_annotations: &[], data_ports: &[] };

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    kubernetes::files(site, &FLAVOUR)
}
