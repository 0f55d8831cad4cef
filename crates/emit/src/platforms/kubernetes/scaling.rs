//! How many pods serve in production: an autoscaler and a disruption budget for each service of several instances.

use serde::Serialize;

use super::super::site::{Placed, Site};
use super::pod::Selector;
use super::{Object, chosen, joined, metadata};
use crate::yaml::to_yaml;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AutoscalerSpec {
    scale_target_ref: Target,
    min_replicas: u32,
    max_replicas: u32,
    metrics: [Metric; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    api_version: &'static str,
    kind: &'static str,
    name: String,
}

#[derive(Serialize)]
struct Metric {
    r#type: &'static str,
    resource: Measured,
}

#[derive(Serialize)]
struct Measured {
    name: &'static str,
    target: Wanted,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    r#type: &'static str,
    average_utilization: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BudgetSpec {
    max_unavailable: u32,
    selector: Selector,
}

/// Share of the requested CPU at which pods are added, in percent.
const BUSY: u32 = 70;
/// What the file says of the numbers in it.
const NOTE: &str = "# At least as many pods as the design counts, at most twice as many: a limit to the bill, to be raised with the load.\n";

/// The objects of all services that run in several instances, if there are any.
pub(super) fn documents(site: &Site<'_>) -> Option<String> {
    let several = site.services.iter().filter(|placed| placed.runs_always() && placed.instances > 1);
    let objects: Vec<String> = several
        .flat_map(|placed| [to_yaml(&autoscaler(site, placed)), to_yaml(&budget(site, placed))])
        .collect();
    (!objects.is_empty()).then(|| format!("{NOTE}{}", joined(objects)))
}

fn autoscaler(site: &Site<'_>, placed: &Placed<'_>) -> Object<AutoscalerSpec> {
    let name = &placed.plan.slug;
    Object {
        api_version: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        metadata: metadata(site, name),
        spec: AutoscalerSpec {
            scale_target_ref: Target { api_version: "apps/v1", kind: "Deployment", name: name.clone() },
            min_replicas: placed.instances,
            max_replicas: placed.instances.saturating_mul(2),
            metrics: [Metric {
                r#type: "Resource",
                resource: Measured {
                    name: "cpu",
                    target: Wanted { r#type: "Utilization", average_utilization: BUSY },
                },
            }],
        },
    }
}

/// An upgrade of the machines takes one pod away at a time.
fn budget(site: &Site<'_>, placed: &Placed<'_>) -> Object<BudgetSpec> {
    let name = &placed.plan.slug;
    Object {
        api_version: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: metadata(site, name),
        spec: BudgetSpec { max_unavailable: 1, selector: Selector { match_labels: chosen(name) } },
    }
}
