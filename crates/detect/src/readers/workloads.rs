//! Kubernetes manifests, Helm templates and values, Terraform → health checks, memory limits and how many instances run.
//!
//! Templates are no YAML, so nothing is parsed: keys are followed by their indentation.

use std::sync::LazyLock;

use regex::Regex;

use super::memory::{Memory, heaps, size};
use super::pattern::pattern;
use crate::text::{line_at, line_text};

/// No more checks are taken from one file.
const MOST: usize = 50;

/// A health check by HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Probe {
    pub(crate) path: String,
    pub(crate) line: u32,
    /// What asks: the best reason to send requests first (readiness, start, liveness, load balancer).
    pub(crate) asks: Asks,
    /// Names of the workload and of its images.
    pub(crate) names: Vec<String>,
}

/// Who asks whether a service is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asks {
    Readiness,
    Start,
    Liveness,
    LoadBalancer,
}

/// A port that a container opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) port: u16,
    pub(crate) line: u32,
    /// Names of the workload and of its images.
    pub(crate) names: Vec<String>,
}

/// What one file says of workloads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Workloads {
    pub(crate) probes: Vec<Probe>,
    pub(crate) ports: Vec<Opened>,
    pub(crate) memory: Vec<Memory>,
    /// Line of what scales by load.
    pub(crate) scales: Option<u32>,
}

impl Workloads {
    pub(crate) fn is_empty(&self) -> bool {
        self.probes.is_empty() && self.ports.is_empty() && self.memory.is_empty() && self.scales.is_none()
    }
}

/// Reads a manifest, a template, values, or Terraform.
pub(crate) fn read(text: &str) -> Workloads {
    let mut found = Workloads::default();
    if text.contains("health_check") && text.contains('{') {
        found.probes = load_balancers(text);
    }
    found.memory = heaps(text);
    let scaler = ["kind: HorizontalPodAutoscaler", "kind: ScaledObject", "aws_appautoscaling_target"];
    found.scales = scaler.iter().find_map(|kind| text.find(kind)).map(|offset| line_at(text, offset));
    if !["Probe:", "limits:", "containerPort:"].iter().any(|word| text.contains(word)) {
        return found;
    }
    let mut line = 1;
    for document in text.split("\n---") {
        manifest(document, line, &mut found);
        line += u32::try_from(document.matches('\n').count()).unwrap_or(0) + 1;
    }
    found.probes.truncate(MOST);
    found.ports.truncate(MOST);
    found
}

fn manifest(document: &str, first: u32, found: &mut Workloads) {
    let mut names: Vec<String> = Vec::new();
    let mut probes: Vec<Probe> = Vec::new();
    let mut ports: Vec<Opened> = Vec::new();
    // The key that is open, with its indentation.
    let mut open: Option<(usize, Open)> = None;
    for (number, line) in (first..).zip(document.lines()) {
        let body = line.trim_start();
        let indent = line.len() - body.len();
        let Some((key, value)) = body.trim_start_matches("- ").split_once(':') else { continue };
        let value = value.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        if open.is_some_and(|(above, _)| indent <= above) {
            open = None;
        }
        match (key.trim(), open) {
            ("readinessProbe", _) => open = Some((indent, Open::Probe(Asks::Readiness))),
            ("startupProbe", _) => open = Some((indent, Open::Probe(Asks::Start))),
            ("livenessProbe", _) => open = Some((indent, Open::Probe(Asks::Liveness))),
            ("limits", _) => open = Some((indent, Open::Limits)),
            ("path", Some((_, Open::Probe(asks)))) if value.starts_with('/') => {
                probes.push(Probe { path: value.to_owned(), line: number, asks, names: Vec::new() });
            }
            ("containerPort", _) => {
                let opened = value.parse().ok().map(|port| Opened { port, line: number, names: Vec::new() });
                ports.extend(opened);
            }
            ("memory", Some((_, Open::Limits))) => {
                let limit = size(value).map(|megabytes| Memory {
                    megabytes,
                    line: number,
                    seen: format!("memory limit {value}"),
                });
                found.memory.extend(limit);
            }
            ("name", _) if indent <= 4 || body.starts_with("- ") => names.push(value.to_owned()),
            ("image", _) if !value.is_empty() => {
                names.push(super::compose::image_parts(value).0);
            }
            _ => {}
        }
    }
    for probe in &mut probes {
        probe.names.clone_from(&names);
    }
    for port in &mut ports {
        port.names.clone_from(&names);
    }
    found.probes.append(&mut probes);
    found.ports.append(&mut ports);
}

/// A key whose fields are looked at.
#[derive(Clone, Copy, Debug)]
enum Open {
    Probe(Asks),
    Limits,
}

/// Health checks of load balancers in Terraform.
fn load_balancers(text: &str) -> Vec<Probe> {
    static CHECK: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"health_check\s*\{[^{}]*?\b(?:path|request_path)\s*=\s*"(/[^"$\n]*)""#));
    CHECK
        .captures_iter(text)
        .take(MOST)
        .filter_map(|found| {
            let path = found.get(1)?;
            let comment = line_text(text, path.start()).trim_start().starts_with('#');
            (!comment).then(|| Probe {
                path: path.as_str().to_owned(),
                line: line_at(text, path.start()),
                asks: Asks::LoadBalancer,
                names: Vec::new(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Asks, read};

    #[test]
    fn probes_and_limits_of_a_manifest() {
        let text = "kind: Service\nmetadata:\n  name: other\n---\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n  containers:\n  - name: web\n    image: ghcr.io/x/shop-web:1\n    livenessProbe:\n      httpGet:\n        path: /live\n    readinessProbe:\n      httpGet: \n        path: /ready # comment\n        port: 80\n    resources:\n      requests:\n        memory: 64Mi\n      limits:\n        memory: 2Gi\n";
        let found = read(text);
        let probes: Vec<_> = found.probes.iter().map(|one| (one.path.as_str(), one.line, one.asks)).collect();
        assert_eq!(probes, [("/live", 14, Asks::Liveness), ("/ready", 17, Asks::Readiness)]);
        assert_eq!(found.probes[0].names, ["shop", "web", "shop-web"]);
        assert_eq!(found.memory.len(), 1);
        assert_eq!((found.memory[0].megabytes, found.memory[0].line), (2048, 23));
    }

    #[test]
    fn a_load_balancers_check() {
        let text = "resource \"x\" \"y\" {\n  health_check {\n    interval = 5\n    path     = \"/healthz\"\n  }\n}\n";
        assert_eq!((read(text).probes[0].path.as_str(), read(text).probes[0].line), ("/healthz", 4));
        assert!(read("health_check {\n path = \"${var.path}\"\n}").probes.is_empty());
    }
}
