//! Client libraries and variable names → the third parties that the application talks to.

use std::collections::BTreeMap;

use siteplan_catalog::signals::Signals;
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::EnvironmentVariable;

use crate::component::{Component, dependency_evidence};

/// Third parties, by library first.
pub(crate) fn of(
    components: &[Component<'_>],
    environment: &[EnvironmentVariable],
    signals: &Signals,
) -> Vec<Fact<String>> {
    let mut found: BTreeMap<&str, (Certainty, Vec<Evidence>)> = BTreeMap::new();
    for row in &signals.external_services {
        for component in components.iter().filter(|one| !one.aside) {
            for (path, dependency) in component.production_dependencies(&row.packages) {
                let entry = found.entry(&row.id).or_insert((Certainty::High, Vec::new()));
                entry.1.push(dependency_evidence(path, dependency));
            }
        }
        let named = environment.iter().filter(|variable| {
            row.variables
                .iter()
                .any(|start| variable.name.starts_with(start.as_str()) || variable.name == *start)
        });
        for variable in named {
            let entry = found.entry(&row.id).or_insert((Certainty::Medium, Vec::new()));
            entry.1.extend(variable.evidence.first().cloned());
        }
    }
    found
        .into_iter()
        .map(|(id, (certainty, mut evidence))| {
            evidence.truncate(3);
            Fact::new(id.to_owned(), certainty, evidence)
        })
        .collect()
}

/// The large clouds whose own services are among the third parties, by libraries that the code depends on.
pub(crate) fn clouds(services: &[Fact<String>], signals: &Signals) -> Vec<Fact<String>> {
    let mut found: BTreeMap<&str, Vec<Evidence>> = BTreeMap::new();
    for row in &signals.external_services {
        let Some(cloud) = &row.cloud else { continue };
        let known = services.iter().find(|fact| fact.value == row.id && fact.certainty == Certainty::High);
        if let Some(fact) = known {
            found.entry(cloud).or_default().extend(fact.evidence.iter().cloned());
        }
    }
    found
        .into_iter()
        .map(|(cloud, mut evidence)| {
            evidence.truncate(3);
            Fact::new(cloud.to_owned(), Certainty::High, evidence)
        })
        .collect()
}
