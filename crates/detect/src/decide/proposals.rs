//! Infrastructure, containers, CI, plans, load tests → proposed answers about the people behind a repository.

use siteplan_catalog::signals::{Marker, Signals};
use siteplan_model::brief::{BudgetBand, Expertise, ScaleBand};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::{Containerised, Proposals};

use crate::evidence::{at, file};
use crate::readers::Record;
use crate::readers::structured::{at_path, scalar};
use crate::tree::{Tree, is_aside};

/// Proposals, each with its evidence; nothing is proposed without any.
pub(crate) fn of(
    infrastructure: &[Fact<String>],
    containerised: &Containerised,
    ci: &[Fact<String>],
    tree: &Tree,
    signals: &Signals,
) -> Proposals {
    Proposals {
        expertise: expertise(infrastructure, containerised, ci, signals)
            .or_else(|| beginner(infrastructure, containerised, ci, tree, signals)),
        scale: scale(tree, signals),
        budget: budget(tree, signals),
    }
}

fn expertise(
    infrastructure: &[Fact<String>],
    containerised: &Containerised,
    ci: &[Fact<String>],
    signals: &Signals,
) -> Option<Fact<Expertise>> {
    let level = |fact: &Fact<String>| {
        let row = signals.infrastructure.iter().find(|row| row.id == fact.value)?;
        row.expertise.as_deref()?.parse::<Expertise>().ok()
    };
    let advanced: Vec<Evidence> = infrastructure
        .iter()
        .filter(|fact| level(fact) == Some(Expertise::Advanced))
        .filter_map(|fact| fact.evidence.first().cloned())
        .collect();
    if !advanced.is_empty() {
        return Some(Fact::new(Expertise::Advanced, Certainty::Medium, advanced));
    }
    let first = |facts: &[Fact<String>]| facts.first().and_then(|fact| fact.evidence.first().cloned());
    if containerised.production && !ci.is_empty() {
        let evidence = containerised.fact.evidence.first().cloned().into_iter().chain(first(ci)).collect();
        return Some(Fact::new(Expertise::Intermediate, Certainty::Medium, evidence));
    }
    None
}

/// Code that nobody tests, builds or ships by anything but hand.
fn beginner(
    infrastructure: &[Fact<String>],
    containerised: &Containerised,
    ci: &[Fact<String>],
    tree: &Tree,
    signals: &Signals,
) -> Option<Fact<Expertise>> {
    let by_script = |record: &Record| match record {
        Record::Manifest(manifest) => {
            manifest.scripts.get("test").is_some_and(|script| !script.text.contains("no test specified"))
        }
        _ => false,
    };
    // Code only: what a person or this program writes into a folder of specifications tests nothing.
    let is_code = |path: &str| {
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        let rows = signals.languages.iter().filter(|row| !row.auxiliary);
        rows.into_iter().any(|row| row.extensions.iter().any(|known| known == ending))
    };
    let tested = tree.paths.iter().any(|path| is_aside(&signals.files, path) && is_code(path))
        || tree.records().any(|(_, record)| by_script(record));
    if tested || containerised.fact.value || !ci.is_empty() || !infrastructure.is_empty() {
        return None;
    }
    let (path, _) = tree.records().find(|(_, record)| matches!(record, Record::Manifest(_)))?;
    let seen = file(path, "no tests, CI, container build or infrastructure beside it");
    Some(Fact::new(Expertise::Beginner, Certainty::Low, vec![seen]))
}

/// The dearest plan that a platform's file asks for.
fn budget(tree: &Tree, signals: &Signals) -> Option<Fact<BudgetBand>> {
    let mut found: Vec<(BudgetBand, Evidence)> = Vec::new();
    for (row, path, key, value) in stated(tree, signals, |row| &row.plan_keys) {
        let lower = value.to_ascii_lowercase();
        let fitting = row.plans.iter().filter(|(start, _)| lower.starts_with(start.as_str()));
        let band = fitting.max_by_key(|(start, _)| start.len()).and_then(|(_, band)| band.parse().ok());
        found.extend(band.map(|band| (band, file(path, &format!("{key} = {value}")))));
    }
    let most = found.iter().map(|(band, _)| *band).max()?;
    let evidence =
        found.into_iter().filter(|(band, _)| *band == most).map(|(_, seen)| seen).take(3).collect();
    Some(Fact::new(most, Certainty::Medium, evidence))
}

/// Values of keys in the files of platforms.
fn stated<'t>(
    tree: &'t Tree,
    signals: &'t Signals,
    keys: fn(&Marker) -> &Vec<String>,
) -> Vec<(&'t Marker, &'t str, &'t str, String)> {
    let mut found = Vec::new();
    for row in signals.platforms.iter().filter(|row| !keys(row).is_empty()) {
        for path in tree.matching(&row.files) {
            let Some(Record::Document(document)) = tree.record(path) else { continue };
            for key in keys(row) {
                let values = at_path(document, key).into_iter().filter_map(scalar);
                found.extend(values.map(|value| (row, path, key.as_str(), value)));
            }
        }
    }
    found
}

/// From so many instances on, many people are expected.
const MANY_INSTANCES: u32 = 5;

/// Who scales by load has it; who only tests a load, or keeps a few instances at hand, prepares for one.
fn scale(tree: &Tree, signals: &Signals) -> Option<Fact<ScaleBand>> {
    let load_test = tree.matching(&signals.files.load_tests).next().map(|path| file(path, "load test"));
    let scaler = tree.facts().find_map(|(path, facts)| {
        let aside = is_aside(&signals.files, path);
        facts.workloads.scales.filter(|_| !aside).map(|line| at(path, line, "scales by load"))
    });
    let instances: Vec<(u32, Evidence)> = stated(tree, signals, |row| &row.most_instances_keys)
        .into_iter()
        .filter_map(|(_, path, key, value)| {
            let most: u32 = value.parse().ok().filter(|most| *most > 1)?;
            Some((most, file(path, &format!("{key} = {value}"))))
        })
        .collect();
    let many = instances.iter().any(|(most, _)| *most >= MANY_INSTANCES);
    let band = if scaler.is_some() || many { ScaleBand::High } else { ScaleBand::Medium };
    let instances = instances.into_iter().map(|(_, seen)| seen);
    let evidence: Vec<Evidence> = scaler.into_iter().chain(instances).chain(load_test).take(3).collect();
    (!evidence.is_empty()).then(|| Fact::new(band, Certainty::Low, evidence))
}
