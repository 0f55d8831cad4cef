//! Pins, manifests, container builds, platform files, CI steps → the language runtimes that the services run on, with versions.

use siteplan_catalog::signals::{Ecosystem, RuntimeSign, Signals};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::{Conflict, Service, VersionedFact};

use super::containers;
use crate::component::Component;
use crate::evidence::{at, file, maybe_at};
use crate::readers::Record;
use crate::readers::compose::{image_parts, image_version};
use crate::readers::dockerfile::Dockerfile;
use crate::tree::{Tree, upwards};

/// Where a version stands; the first in this order is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// A file that only pins versions, or a number in a manifest.
    Pinned,
    /// A variable by which a platform is told.
    Platform,
    /// What the production container is built from.
    Container,
    /// A range in a manifest: what is allowed, not what is meant.
    Allowed,
    /// What CI sets up.
    Ci,
}

/// A version that one place gives.
#[derive(Clone, Debug)]
struct Claim {
    place: Place,
    /// Folders between the service and the place.
    distance: usize,
    version: String,
    evidence: Evidence,
}

/// The runtimes of all services, the first service's first, and where two places disagree.
pub(crate) fn of(
    services: &[Service],
    components: &[Component<'_>],
    tree: &Tree,
    signals: &Signals,
) -> (Vec<VersionedFact>, Vec<Conflict>) {
    let mut facts: Vec<VersionedFact> = Vec::new();
    let mut conflicts: Vec<Conflict> = Vec::new();
    for service in services {
        let home = service.path.trim_start_matches('.');
        let component = components.iter().find(|component| component.folder == home);
        for runtime in runtimes_of(service, component, signals) {
            let claims = claims(runtime, home, component, tree);
            conflicts.extend(conflict(runtime, &claims).filter(|one| !conflicts.contains(one)));
            let fact = fact(runtime, service, &claims);
            let known =
                facts.iter_mut().find(|one| one.fact.value == fact.fact.value && one.version == fact.version);
            match known {
                Some(known) => {
                    known.fact.evidence.extend(fact.fact.evidence);
                    known.fact.evidence.dedup();
                }
                None => facts.push(fact),
            }
        }
    }
    (facts, conflicts)
}

/// The version of a runtime as the folder nearest to `home` states it, whether or not a service runs on it.
pub(crate) fn version_near(
    runtime: &RuntimeSign,
    home: &str,
    components: &[Component<'_>],
    tree: &Tree,
) -> Option<(String, Evidence)> {
    let anywhere = components.iter().filter(|component| !component.aside).map(|one| one.folder.as_str());
    std::iter::once(home).chain(anywhere).find_map(|folder| {
        let component = components.iter().find(|component| component.folder == folder);
        let first = claims(runtime, folder, component, tree).into_iter().next()?;
        Some((first.version, first.evidence))
    })
}

/// The runtime of a service's language, then those of other manifests in its folder: a Rails application may build with Node.
fn runtimes_of<'s>(
    service: &Service,
    component: Option<&Component<'_>>,
    signals: &'s Signals,
) -> Vec<&'s RuntimeSign> {
    let by_manager = |manager: Option<&str>| {
        signals
            .runtimes
            .iter()
            .find(|row| manager.is_some_and(|one| row.package_managers.iter().any(|m| m == one)))
    };
    let by_language = |id: &str| {
        signals.language(id).and_then(|row| row.runtime.as_deref()).and_then(|id| signals.runtime(id))
    };
    let mut found: Vec<&RuntimeSign> = Vec::new();
    let own = by_manager(service.package_manager.as_deref())
        .or_else(|| service.language.as_deref().and_then(by_language));
    found.extend(own);
    let manifests = component.into_iter().flat_map(|component| &component.manifests);
    for (_, manifest) in manifests {
        // The same ecosystem under another package manager is the same code.
        let same = own.is_some_and(|_| {
            service.language.as_deref().and_then(|id| signals.language(id)).and_then(|row| row.ecosystem)
                == Some(manifest.ecosystem)
        });
        let stated = by_manager(manifest.package_manager.as_ref().map(|(name, _)| name.as_str()));
        let runtime = stated.or_else(|| by_ecosystem(manifest.ecosystem, signals));
        found.extend(runtime.filter(|one| !same && !found.iter().any(|known| known.id == one.id)));
    }
    found
}

fn by_ecosystem(ecosystem: Ecosystem, signals: &Signals) -> Option<&RuntimeSign> {
    let row = signals.languages.iter().find(|row| row.ecosystem == Some(ecosystem))?;
    signals.runtime(row.runtime.as_deref()?)
}

fn fact(runtime: &RuntimeSign, service: &Service, claims: &[Claim]) -> VersionedFact {
    let Some(best) = claims.first() else {
        let seen = service.evidence.get("kind").and_then(|seen| seen.first()).cloned();
        let evidence = vec![seen.unwrap_or_else(|| file(&service.path, "service"))];
        return VersionedFact {
            fact: Fact::new(runtime.id.clone(), Certainty::Medium, evidence),
            version: None,
        };
    };
    let certainty = match best.place {
        Place::Pinned | Place::Platform | Place::Container => Certainty::High,
        Place::Allowed => Certainty::Medium,
        Place::Ci => Certainty::Low,
    };
    let agreeing = claims.iter().filter(|claim| claim.version == best.version);
    let evidence = agreeing.map(|claim| claim.evidence.clone()).take(3).collect();
    VersionedFact {
        fact: Fact::new(runtime.id.clone(), certainty, evidence),
        version: Some(best.version.clone()),
    }
}

/// Two places that each name one version, and not the same.
fn conflict(runtime: &RuntimeSign, claims: &[Claim]) -> Option<Conflict> {
    let exact = |claim: &&Claim| claim.place <= Place::Container && parts(runtime, &claim.version).is_some();
    let best = claims.iter().find(exact)?;
    let own = parts(runtime, &best.version)?;
    let rival = claims.iter().filter(exact).find(|claim| {
        parts(runtime, &claim.version).is_some_and(|other| other.iter().zip(&own).any(|(a, b)| a != b))
    })?;
    Some(Conflict {
        field: format!("runtimes.{}", runtime.id),
        values: vec![best.version.clone(), rival.version.clone()],
        evidence: vec![best.evidence.clone(), rival.evidence.clone()],
    })
}

/// The parts of a version that matter, where it is a plain number.
fn parts(runtime: &RuntimeSign, version: &str) -> Option<Vec<u32>> {
    let parts: Option<Vec<u32>> =
        version.split('.').take(runtime.version_parts).map(|part| part.parse().ok()).collect();
    parts.filter(|parts| !parts.is_empty())
}

/// All that is said of a runtime's version in a service's folder and in those above it, the best first.
fn claims(runtime: &RuntimeSign, home: &str, component: Option<&Component<'_>>, tree: &Tree) -> Vec<Claim> {
    let mut found: Vec<Claim> = Vec::new();
    for (distance, above) in upwards(home).enumerate() {
        for (path, record) in tree.records_in(above) {
            match record {
                Record::Pins(pins) => {
                    for pin in pins.iter().filter(|pin| runtime.tools.contains(&pin.tool)) {
                        let evidence = maybe_at(path, pin.line, &format!("{} {}", pin.tool, pin.version));
                        found.push(Claim {
                            place: Place::Pinned,
                            distance,
                            version: pin.version.clone(),
                            evidence,
                        });
                    }
                }
                Record::Locked(locked) => {
                    for pin in locked.pins.iter().filter(|pin| runtime.tools.contains(&pin.tool)) {
                        let evidence = maybe_at(path, pin.line, &format!("{} {}", pin.tool, pin.version));
                        let version = pin.version.clone();
                        found.push(Claim { place: Place::Pinned, distance, version, evidence });
                    }
                }
                // What the service's own manifests say is known with its values filled in.
                Record::Manifest(_) if distance == 0 && component.is_some() => {}
                Record::Manifest(manifest) => {
                    let plain = manifest.pins.iter().filter(|pin| !pin.version.contains('$'));
                    for pin in plain.filter(|pin| runtime.tools.contains(&pin.tool)) {
                        let evidence = maybe_at(path, pin.line, &format!("{} {}", pin.tool, pin.version));
                        let place = if is_range(&pin.version) { Place::Allowed } else { Place::Pinned };
                        found.push(Claim { place, distance, version: pin.version.clone(), evidence });
                    }
                }
                Record::Document(document) => {
                    for version in runtime.variables.iter().flat_map(|name| variable(document, name)) {
                        let evidence = file(path, &format!("{} {version}", runtime.variables.join(", ")));
                        found.push(Claim { place: Place::Platform, distance, version, evidence });
                    }
                }
                _ => {}
            }
        }
    }
    for (path, manifest) in component.into_iter().flat_map(|component| &component.manifests) {
        for pin in manifest.pins.iter().filter(|pin| runtime.tools.contains(&pin.tool)) {
            let evidence = maybe_at(path, pin.line, &format!("{} {}", pin.tool, pin.version));
            let place = if is_range(&pin.version) { Place::Allowed } else { Place::Pinned };
            found.push(Claim { place, distance: 0, version: pin.version.clone(), evidence });
        }
    }
    if let Some((path, dockerfile)) = component.and_then(|one| containers::of_component(one, tree)) {
        found.extend(container(runtime, path, dockerfile));
    }
    found.extend(ci(runtime, tree));
    // The sort is stable: files of one folder keep the order of their names, with the hidden ones first.
    found.sort_by_key(|claim| (claim.place, claim.distance));
    found
}

/// Whether a version only bounds.
fn is_range(version: &str) -> bool {
    version.contains(['<', '>', '=', '^', '~', '|', '*', 'x', ' ', ','])
}

/// The shipped stage first, then those that build.
fn container(runtime: &RuntimeSign, path: &str, dockerfile: &Dockerfile) -> Option<Claim> {
    let shipped = dockerfile.shipped();
    let all = shipped.iter().copied().chain(&dockerfile.stages);
    all.into_iter().find_map(|stage| {
        let version = image(runtime, &stage.base)?;
        let evidence = at(path, stage.line, &format!("FROM {}", stage.base));
        Some(Claim { place: Place::Container, distance: 0, version, evidence })
    })
}

/// The version of a runtime that an image brings.
fn image(runtime: &RuntimeSign, base: &str) -> Option<String> {
    let (name, tag) = image_parts(base);
    if runtime.images.contains(&name) {
        return image_version(&tag?);
    }
    let whole = format!("{name}:{}", tag.unwrap_or_default());
    runtime.image_marks.iter().find_map(|mark| {
        let after = &whole[whole.find(mark.as_str())? + mark.len()..];
        image_version(after).filter(|_| after.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// Values of a variable in a platform's file: `NAME = "22"`, or an entry with the name as key and the value beside it.
fn variable(document: &serde_json::Value, name: &str) -> Vec<String> {
    use crate::readers::structured::scalar;
    use serde_json::Value;
    let numbered =
        |value: &Value| scalar(value).filter(|text| text.starts_with(|c: char| c.is_ascii_digit()));
    match document {
        Value::Object(fields) => {
            let named =
                ["key", "name"].iter().any(|key| fields.get(*key).and_then(Value::as_str) == Some(name));
            let beside = fields.get("value").filter(|_| named).and_then(numbered);
            let own = fields.get(name).and_then(numbered);
            own.into_iter()
                .chain(beside)
                .chain(fields.values().flat_map(|below| variable(below, name)))
                .collect()
        }
        Value::Array(items) => items.iter().flat_map(|item| variable(item, name)).collect(),
        _ => Vec::new(),
    }
}

/// What CI sets up, from the first job that says so.
fn ci(runtime: &RuntimeSign, tree: &Tree) -> Option<Claim> {
    tree.ci_files().find_map(|(path, ci)| {
        ci.jobs.iter().find_map(|job| {
            let given = job.versions.iter().find(|(input, version)| {
                runtime.ci_inputs.contains(input) && version.starts_with(|c: char| c.is_ascii_digit())
            });
            let version = given
                .map(|(_, version)| version.clone())
                .or_else(|| job.image.as_deref().and_then(|base| image(runtime, base)))?;
            let evidence = file(path, &format!("job {}: {} {version}", job.name, runtime.id));
            Some(Claim { place: Place::Ci, distance: 0, version, evidence })
        })
    })
}
