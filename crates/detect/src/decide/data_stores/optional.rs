//! What speaks for each cache → the caches of production, and which of them it does without.
//!
//! A client among the packages says that a cache can be used. Where its address is read with a guard, or where nothing but the
//! package speaks of it, the application runs without; where it only looks at the caches of others, it has none.

use siteplan_catalog::signals::{Engine, Signals};
use siteplan_model::fact::Fact;
use siteplan_model::survey::DatabaseFact;

use super::cases::{self, Case, Place, Strength};
use super::{talks_to_everything, weigh};
use crate::component::Component;
use crate::readers::source::{Reading, VariableRead};
use crate::tree::{Tree, is_development_source};

/// How the code reads the address of a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Address {
    /// Not at all.
    Unread,
    /// So that it knows what to do without.
    Guarded,
    /// As something that is there.
    Expected,
}

/// Caches of the whole.
pub(crate) fn caches(components: &[Component<'_>], tree: &Tree, signals: &Signals) -> Vec<DatabaseFact> {
    let all = cases::all(&signals.caches, components, tree, signals);
    if all.is_empty() {
        return Vec::new();
    }
    let mut databases = cases::all(&signals.databases, components, tree, signals);
    databases.retain(|_, case| case.strongest > Some(Strength::Hint));
    let everything = talks_to_everything(&databases, signals);
    let facts = all.into_iter().filter(|(_, case)| case.strongest > Some(Strength::Hint));
    facts
        .filter_map(|(id, mut case)| {
            let engine = signals.caches.iter().find(|engine| engine.id == id)?;
            if is_deployed(engine, tree) {
                case.stands_in.insert(Place::Containers);
            }
            let address = address(engine, components, signals);
            let alone = is_alone(engine, &case, components, address);
            if alone && everything {
                return None;
            }
            let optional = case.stands_in.is_empty() && (alone || address == Address::Guarded);
            let (certainty, evidence) = weigh(&case);
            Some(DatabaseFact { fact: Fact::new(id, certainty, evidence), version: case.version, optional })
        })
        .collect()
}

/// Whether nothing but a client among the packages speaks of it.
fn is_alone(engine: &Engine, case: &Case, components: &[Component<'_>], address: Address) -> bool {
    let own = || components.iter().filter(|one| !one.aside);
    let named = || {
        let mut sightings = own().flat_map(|one| &one.sightings);
        sightings.any(|(_, sighting)| engine.variables.contains(&sighting.text))
    };
    case.strongest <= Some(Strength::Driver)
        && case.stands_in.is_empty()
        && address == Address::Unread
        && !named()
}

/// Whether a manifest of a cluster runs it.
fn is_deployed(engine: &Engine, tree: &Tree) -> bool {
    let image = |name: &String| {
        let (image, _) = crate::readers::compose::image_parts(name);
        engine.images.contains(&image)
    };
    tree.workloads().any(|(_, workloads)| workloads.ports.iter().flat_map(|port| &port.names).any(image))
}

/// How the application reads the address of an engine: guarded where each variable that may hold it is.
fn address(engine: &Engine, components: &[Component<'_>], signals: &Signals) -> Address {
    let rules = &signals.files;
    let words = &signals.variables.address_words;
    let is_address = |read: &&VariableRead| {
        let parts: Vec<&str> = read.name.split('_').collect();
        let has = |list: &[String]| parts.iter().any(|part| list.iter().any(|one| one == part));
        // A client that is made of a variable of any name takes the address from it.
        let taken = || read.seen.to_ascii_lowercase().contains(engine.id.as_str());
        if has(&engine.words) { has(words) } else { taken() }
    };
    let sources = components.iter().filter(|one| !one.aside).flat_map(|one| &one.sources);
    let own = sources.filter(|(path, _)| {
        let tool = path.split('/').any(|part| rules.tool_folders.iter().any(|folder| folder == part));
        !tool && !is_development_source(rules, path)
    });
    let reads: Vec<&VariableRead> =
        own.flat_map(|(_, source)| &source.variables).filter(is_address).collect();
    let guards = |name: &str| {
        let mut own = reads.iter().filter(|read| read.name == name);
        let guarded = own.clone().any(|read| knows_how_without(read, signals));
        guarded && own.all(|read| read.reading != Reading::Strict && read.default.is_none())
    };
    match reads.iter().all(|read| guards(&read.name)) {
        _ if reads.is_empty() => Address::Unread,
        true => Address::Guarded,
        false => Address::Expected,
    }
}

/// Whether a read tests for absence, or takes nothing in its place.
fn knows_how_without(read: &VariableRead, signals: &Signals) -> bool {
    let nothing = || {
        let words = signals.variables.nothing_values.iter().map(String::as_str);
        words.chain(["\"\"", "''", "Option<"]).any(|word| read.seen.contains(word))
    };
    match read.reading {
        Reading::Tested => true,
        Reading::Optional => read.default.is_none() && nothing(),
        Reading::Plain | Reading::Strict => false,
    }
}
