//! Infrastructure, containers, CI, load tests → proposed answers about the people behind a repository.

use siteplan_catalog::signals::Signals;
use siteplan_model::brief::{Expertise, ScaleBand};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::{Containerised, Proposals};

use crate::evidence::file;
use crate::tree::Tree;

/// Proposals, each with its evidence; nothing is proposed without any.
pub(crate) fn of(
    infrastructure: &[Fact<String>],
    containerised: &Containerised,
    ci: &[Fact<String>],
    tree: &Tree,
    signals: &Signals,
) -> Proposals {
    Proposals {
        expertise: expertise(infrastructure, containerised, ci, signals),
        scale: scale(tree, signals),
        // Nothing in a tree says what may be spent.
        budget: None,
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

fn scale(tree: &Tree, signals: &Signals) -> Option<Fact<ScaleBand>> {
    let load_test = tree.matching(&signals.files.load_tests).next().map(|path| file(path, "load test"));
    let autoscaling = tree.facts().find_map(|(path, facts)| {
        let sighting =
            facts.sightings.iter().find(|sighting| sighting.text.contains("HorizontalPodAutoscaler"))?;
        Some(crate::evidence::at(path, sighting.line, &sighting.seen))
    });
    // Who scales by load has it; who only tests a load prepares for one.
    let band = if autoscaling.is_some() { ScaleBand::High } else { ScaleBand::Medium };
    let evidence: Vec<Evidence> = autoscaling.into_iter().chain(load_test).collect();
    (!evidence.is_empty()).then(|| Fact::new(band, Certainty::Low, evidence))
}
