//! Kubernetes on Azure (AKS), with the Gateway API of the application routing add-on: its NGINX loses support in November 2026.
//!
//! Gateway: <https://learn.microsoft.com/azure/aks/app-routing-gateway-api> (seen 2026-11-25).

use siteplan_model::file::File;

use super::kubernetes::{self, Entrance, Flavour};
use super::site::Site;

/// Azure Managed Redis listens at a port of its own.
const FLAVOUR: Flavour =
    Flavour { entrance: Entrance::Azure, service_annotations: &[], data_ports: &[10000] };

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    kubernetes::files(site, &FLAVOUR)
}
