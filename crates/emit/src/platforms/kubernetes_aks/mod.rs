//! Kubernetes on Azure (AKS).
//!
//! Ingress: <https://learn.microsoft.com/azure/aks/app-routing> (from general knowledge, 2026-11).

use siteplan_model::file::File;

use super::kubernetes::{self, Flavour};
use super::site::Site;

const FLAVOUR: Flavour =
    Flavour { ingress_class: Some("webapprouting.kubernetes.azure.com"), ingress_annotations: &[] };

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    kubernetes::files(site, &FLAVOUR)
}
