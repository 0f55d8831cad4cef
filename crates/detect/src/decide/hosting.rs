//! CI files, remotes, platform and infrastructure files → CI, code host, branch, platforms in use, infrastructure.

use std::collections::BTreeMap;

use siteplan_catalog::signals::{Marker, Signals};
use siteplan_model::fact::{Certainty, Evidence, Fact};

use crate::evidence::{at, file};
use crate::readers::Record;
use crate::readers::compose::image_parts;
use crate::tree::{Tree, folder, is_aside_folder, is_for_development};

/// Things known by their files; the same id in several rows is one thing.
pub(crate) fn marked<'m>(
    markers: impl IntoIterator<Item = &'m Marker>,
    tree: &Tree,
    signals: &Signals,
) -> Vec<Fact<String>> {
    let mut found: BTreeMap<&str, (bool, Vec<Evidence>)> = BTreeMap::new();
    for marker in markers {
        for path in tree.matching(&marker.files) {
            // What lies among examples is not in use, but hidden folders of hosts are never examples.
            let hidden = path.starts_with('.');
            if !hidden && is_aside_folder(&signals.files, folder(path)) {
                continue;
            }
            let seen = if marker.contains.is_empty() {
                Some(file(path, "file"))
            } else {
                let facts = tree.facts_of(path);
                facts.and_then(|facts| {
                    let sighting =
                        facts.sightings.iter().find(|sighting| marker.contains.contains(&sighting.text))?;
                    Some(at(path, sighting.line, &sighting.seen))
                })
            };
            if let Some(seen) = seen {
                let entry = found.entry(marker.id.as_str()).or_insert((true, Vec::new()));
                entry.0 &= marker.weak;
                if entry.1.len() < 3 {
                    entry.1.push(seen);
                }
            }
        }
    }
    found
        .into_iter()
        .map(|(id, (weak, evidence))| {
            let certainty = if weak { Certainty::Medium } else { Certainty::High };
            Fact::new(id.to_owned(), certainty, evidence)
        })
        .collect()
}

/// The code host: by the remote, else by a CI system that only one host has.
pub(crate) fn code_host(ci: &[Fact<String>], tree: &Tree, signals: &Signals) -> Option<Fact<String>> {
    let by_ci = signals.code_hosts.iter().find_map(|host| {
        let own = ci.iter().find(|fact| host.ci.contains(&fact.value))?;
        Some((host.id.clone(), own.evidence.clone()))
    });
    if let Some((id, remote)) = &tree.git.code_host {
        let evidence = vec![file(".git/config", &format!("remote at {remote}"))];
        let runner_up = by_ci.map(|(other, _)| other).filter(|other| other != id);
        return Some(Fact { value: id.clone(), certainty: Certainty::High, evidence, runner_up });
    }
    by_ci.map(|(id, evidence)| Fact::new(id, Certainty::Medium, evidence))
}

/// `owner/name` on the code host.
pub(crate) fn repository(tree: &Tree) -> Option<Fact<String>> {
    let path = tree.git.repository.clone()?;
    Some(Fact::new(path, Certainty::High, vec![file(".git/config", "remote")]))
}

/// The branch that deployments follow.
pub(crate) fn default_branch(tree: &Tree) -> Option<Fact<String>> {
    let (branch, path) = tree.git.branch.clone()?;
    let certainty = if tree.git.branch_is_remotes { Certainty::High } else { Certainty::Medium };
    Some(Fact::new(branch, certainty, vec![file(&path, "branch")]))
}

/// Databases and caches that tests connect to: containers beside CI jobs, services of a compose file for tests.
pub(crate) fn test_services(tree: &Tree, signals: &Signals) -> Vec<Fact<String>> {
    let composed: BTreeMap<&str, &str> = tree
        .records()
        .filter_map(|(_, record)| match record {
            Record::Compose(compose) => Some(&compose.services),
            _ => None,
        })
        .flatten()
        .filter_map(|service| Some((service.name.as_str(), service.image.as_deref()?)))
        .collect();
    let mut found: BTreeMap<String, Vec<Evidence>> = BTreeMap::new();
    let mut add = |image: &str, seen: Evidence| {
        let (name, _) = image_parts(image);
        let mut engines = signals.databases.iter().chain(&signals.caches);
        if let Some(engine) = engines.find(|engine| engine.images.contains(&name) || engine.id == name) {
            found.entry(engine.id.clone()).or_default().push(seen);
        }
    };
    for (path, record) in tree.records() {
        match record {
            Record::Ci(ci) => {
                for job in &ci.jobs {
                    job.services
                        .iter()
                        .for_each(|image| add(image, file(path, &format!("job {}: {image}", job.name))));
                    for line in &job.lines {
                        // `docker compose up -d db redis` starts what the compose file calls so.
                        if line.contains("compose") && line.contains(" up") {
                            for word in line.split_whitespace() {
                                let image = composed.get(word).copied().unwrap_or(word);
                                add(image, file(path, line));
                            }
                        }
                    }
                }
            }
            Record::Compose(compose) if path.contains("test") && is_for_development(&signals.files, path) => {
                for service in &compose.services {
                    if let Some(image) = &service.image {
                        add(image, crate::evidence::maybe_at(path, service.line, image));
                    }
                }
            }
            _ => {}
        }
    }
    found
        .into_iter()
        .map(|(id, mut evidence)| {
            evidence.dedup();
            evidence.truncate(3);
            Fact::new(id, Certainty::High, evidence)
        })
        .collect()
}
