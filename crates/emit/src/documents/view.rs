//! What the template needs beside the Design: figures as people read them, names for ids, diagrams.

use std::collections::BTreeMap;

use serde::Serialize;
use siteplan_model::design::{Design, GateRecord, Monitor};
use siteplan_model::digits::hundredths;
use siteplan_model::file::File;
use siteplan_model::recommendation::Flip;
use siteplan_model::script::Action;

use super::costs::Costs;
use super::listing::Listing;
use super::numbers::{count, number};
use super::secrets::{self, SecretLines};
use super::variables::Variables;
use super::{diagram, health};
use crate::names::capital;

/// The template's only argument.
#[derive(Serialize)]
pub(super) struct View<'a> {
    design: &'a Design,
    /// Labels of the gates that a person confirmed, by channel.
    confirmed: Vec<ByChannel>,
    /// Labels of the gates that nobody confirmed.
    unconfirmed: Vec<String>,
    gates: Vec<GateRow<'a>>,
    complexity: &'static str,
    philosophy: &'static str,
    effort: String,
    confidence: &'static str,
    /// In how many of 100 ways the platform is the best, and in how many a good choice.
    wins: u32,
    support: u32,
    alternatives: Vec<AlternativeRow<'a>>,
    flips: Vec<FlipRow>,
    application_type: &'static str,
    environment_names: String,
    variables: Variables<'a>,
    secret_lines: Vec<SecretLines>,
    example_lines: String,
    has_tests: bool,
    /// Whether the pipeline is a folder of scripts.
    scripts_only: bool,
    ascii: String,
    mermaid: String,
    files: Listing<'a>,
    costs: Costs,
    healthy: String,
    unhealthy: String,
    /// Generated code of the health contract, by service.
    endpoints: Vec<health::Endpoint<'a>>,
    monitors: Vec<Monitor>,
    capacity_users: String,
    capacity_requests: String,
}

#[derive(Serialize)]
struct ByChannel {
    channel: &'static str,
    gates: String,
}

#[derive(Serialize)]
struct GateRow<'a> {
    label: String,
    given_by: &'static str,
    confirmed: &'static str,
    record: &'a GateRecord,
}

#[derive(Serialize)]
struct AlternativeRow<'a> {
    name: &'a str,
    confidence: &'static str,
    complexity: &'static str,
    monthly: String,
    because: &'a str,
    reference: &'a str,
}

#[derive(Serialize)]
struct FlipRow {
    when: String,
    text: String,
}

impl<'a> View<'a> {
    pub(super) fn new(design: &'a Design, files: &'a [File]) -> Self {
        let platform = &design.platform;
        Self {
            design,
            confirmed: confirmed(&design.gates),
            unconfirmed: labels(design.gates.iter().filter(|gate| !gate.channel.is_personal())),
            gates: design.gates.iter().map(gate_row).collect(),
            complexity: platform.complexity.label(),
            philosophy: platform.philosophy.label(),
            effort: effort(design),
            confidence: platform.confidence.label(),
            wins: hundredths(platform.wins),
            support: hundredths(platform.support),
            alternatives: alternatives(design),
            flips: platform.would_change.iter().map(|flip| flip_row(design, flip)).collect(),
            application_type: design.application.app_type.label(),
            environment_names: environment_names(design),
            variables: Variables::new(&design.environments.variables),
            secret_lines: secrets::lines(&design.secrets.set),
            example_lines: secrets::missing(&design.example),
            has_tests: has_tests(design),
            scripts_only: design.delivery.pipeline_path.ends_with('/'),
            ascii: diagram::ascii(&design.topology),
            mermaid: diagram::mermaid(&design.topology),
            files: Listing::new(files),
            costs: Costs::new(design),
            healthy: health::healthy(&design.health, design.date),
            unhealthy: health::unhealthy(&design.health, design.date),
            endpoints: health::endpoints(design),
            monitors: monitors(&design.health.monitors),
            capacity_users: count(design.estimates.capacity_users),
            capacity_requests: number(design.estimates.capacity_requests_per_second),
        }
    }
}

/// Whether the pipeline tests, rather than only builds and lints.
fn has_tests(design: &Design) -> bool {
    let mut actions = design
        .delivery
        .scripts
        .iter()
        .filter(|script| script.name == "test")
        .flat_map(|script| &script.actions);
    actions.any(|action| {
        matches!(action, Action::Command { purpose, .. } if purpose.to_lowercase().starts_with("test"))
    })
}

fn confirmed(gates: &[GateRecord]) -> Vec<ByChannel> {
    let mut by_channel: BTreeMap<_, Vec<&GateRecord>> = BTreeMap::new();
    for gate in gates.iter().filter(|gate| gate.channel.is_personal()) {
        by_channel.entry(gate.channel).or_default().push(gate);
    }
    by_channel
        .into_iter()
        .map(|(channel, gates)| ByChannel {
            channel: channel.as_str(),
            gates: labels(gates.into_iter()).join(", "),
        })
        .collect()
}

fn labels<'a>(gates: impl Iterator<Item = &'a GateRecord>) -> Vec<String> {
    gates.map(label).collect()
}

/// A gate's key as words: `app_type` is `app type`.
fn label(gate: &GateRecord) -> String {
    gate.gate.key().replace('_', " ")
}

fn gate_row(record: &GateRecord) -> GateRow<'_> {
    let confirmed = if record.channel.is_personal() { record.channel.as_str() } else { "nobody (default)" };
    GateRow { label: capital(&label(record)), given_by: record.provenance.as_str(), confirmed, record }
}

fn effort(design: &Design) -> String {
    let effort = &design.platform.effort;
    let parts = [
        (effort.resources, "thing to create", "things to create"),
        (effort.files, "file to write", "files to write"),
        (effort.credentials, "credential to set", "credentials to set"),
        (effort.tools, "tool to install", "tools to install"),
    ];
    let named = parts.iter().filter(|(number, ..)| *number > 0);
    let words =
        named.map(|(number, one, many)| format!("{number} {}", if *number == 1 { one } else { many }));
    words.collect::<Vec<_>>().join(", ")
}

fn alternatives(design: &Design) -> Vec<AlternativeRow<'_>> {
    let rows = design.platform.alternatives.iter().map(|alternative| AlternativeRow {
        name: &alternative.name,
        confidence: alternative.confidence.label(),
        complexity: alternative.complexity.label(),
        monthly: alternative.monthly_usd.span(),
        because: &alternative.because,
        reference: &alternative.reference,
    });
    rows.collect()
}

fn flip_row(design: &Design, flip: &Flip) -> FlipRow {
    let when = flip.when.iter().map(|(key, value)| format!("`{key} = {value}`"));
    let own = (design.platform.id == flip.then).then_some(&design.platform.name);
    let then = design.platform.names.get(&flip.then).or(own).map_or(flip.then.as_str(), String::as_str);
    // A reason that begins with the platform names it already.
    let text = if flip.because.starts_with(then) {
        flip.because.clone()
    } else {
        format!("{then}. {}", capital(&flip.because))
    };
    FlipRow { when: when.collect::<Vec<_>>().join(" and "), text }
}

/// `Staging + Production`, or the one environment's name.
pub(super) fn environment_names(design: &Design) -> String {
    let names = design.environments.list.iter().map(|environment| capital(&environment.name));
    names.collect::<Vec<_>>().join(" + ")
}

/// The three rows of the workflow, each with its tool or the plain statement that there is none.
fn monitors(chosen: &[Monitor]) -> Vec<Monitor> {
    let rows = ["Error tracking", "Uptime", "Performance"];
    let found = |purpose: &str| chosen.iter().find(|monitor| monitor.purpose.eq_ignore_ascii_case(purpose));
    let none = |purpose: &str| Monitor {
        purpose: purpose.to_owned(),
        tool: "none chosen yet".to_owned(),
        because: String::new(),
    };
    let others =
        chosen.iter().filter(|monitor| !rows.iter().any(|row| monitor.purpose.eq_ignore_ascii_case(row)));
    rows.iter().map(|row| found(row).cloned().unwrap_or_else(|| none(row))).chain(others.cloned()).collect()
}
