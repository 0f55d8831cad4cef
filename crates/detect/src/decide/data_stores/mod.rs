//! What speaks for each engine → the databases and caches of production, with versions and alternatives.

mod cases;
mod optional;

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::signals::{Engine, Signals};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::{DatabaseFact, EnvironmentVariable};

use crate::component::{self, Component};
use crate::tree::Tree;
use cases::{Case, Strength};
pub(crate) use optional::caches;

/// From so many engines on of which only drivers are there, a program talks to whatever it is pointed at.
const MANY: usize = 3;

/// Databases of the whole, of which the folders in `running` are processes.
pub(crate) fn databases(
    components: &[Component<'_>],
    running: &BTreeSet<&str>,
    tree: &Tree,
    signals: &Signals,
) -> Vec<DatabaseFact> {
    let mut cases = cases::all(&signals.databases, components, tree, signals);
    merge_dialects(&mut cases, signals);
    let apart = kept_apart(components, running, signals);
    keep_what_is_meant(&mut cases, &apart, signals);
    let mut mains = mains(&cases, &apart, signals);
    mains.extend(apart);
    let facts = cases.into_iter().map(|(engine, case)| {
        let row = row(&engine, signals);
        let optional = row.relational && !mains.contains(&engine);
        let (certainty, evidence) = weigh(&case);
        // Drivers alone do not say which of many is used.
        let doubtful = optional && case.strongest < Some(Strength::Chosen);
        let certainty = if doubtful { Certainty::Low } else { certainty };
        let fact =
            DatabaseFact { fact: Fact::new(engine, certainty, evidence), version: case.version, optional };
        (order(&fact, row.relational), fact)
    });
    facts.collect::<BTreeMap<_, _>>().into_values().collect()
}

/// Engines in files that a process keeps for itself while the database server is another's: each with its libraries knows
/// the one alone.
fn kept_apart(components: &[Component<'_>], running: &BTreeSet<&str>, signals: &Signals) -> BTreeSet<String> {
    let of_process = |component: &Component<'_>| {
        let mut own = BTreeMap::new();
        for part in std::iter::once(component).chain(component::used_by(component, components)) {
            cases::add_drivers(part, &signals.databases, &mut own);
            cases::add_files(part, &signals.databases, signals, &mut own);
        }
        own.retain(|engine, _| row(engine, signals).relational);
        own
    };
    let processes: Vec<BTreeMap<String, Case>> = components
        .iter()
        .filter(|one| !one.aside && running.contains(one.folder.as_str()))
        .map(of_process)
        .collect();
    let speaks = |engine: &String| !row(engine, signals).embedded;
    let drives = |own: &BTreeMap<String, Case>| {
        own.iter().any(|(engine, case)| speaks(engine) && case.strongest >= Some(Strength::Driver))
    };
    if !processes.iter().any(drives) {
        return BTreeSet::new();
    }
    let alone = processes.iter().filter(|own| !own.keys().any(speaks)).flatten();
    alone
        .filter(|(engine, case)| !row(engine, signals).transient && case.strongest >= Some(Strength::Driver))
        .map(|(engine, _)| engine.clone())
        .collect()
}

fn row<'s>(engine: &str, signals: &'s Signals) -> &'s Engine {
    signals.databases.iter().find(|row| row.id == engine).expect("every case is of a row")
}

/// A driver that speaks to two engines is of the one that something else speaks for: MySQL's is also MariaDB's.
fn merge_dialects(cases: &mut BTreeMap<String, Case>, signals: &Signals) {
    for engine in &signals.databases {
        let Some(other) = &engine.speaks_as else { continue };
        let meant =
            cases.get(&engine.id).is_some_and(|case| case.strongest >= Some(Strength::DevelopmentImage));
        let alone = cases.get(other).is_some_and(|case| case.version.is_none());
        if meant
            && alone
            && let (Some(shared), Some(case)) = (cases.remove(other), cases.get_mut(&engine.id))
        {
            shared.evidence.into_iter().for_each(|(strength, seen)| case.add(strength, seen));
        }
    }
}

/// Drops what is only hinted at, what only tests or laptops use, and the targets of a program that talks to everything.
fn keep_what_is_meant(cases: &mut BTreeMap<String, Case>, apart: &BTreeSet<String>, signals: &Signals) {
    cases.retain(|_, case| case.strongest > Some(Strength::Hint));
    let relational: Vec<(bool, Option<Strength>)> = cases
        .iter()
        .map(|(engine, case)| (row(engine, signals), case))
        .filter(|(row, _)| row.relational)
        .map(|(row, case)| (row.embedded, case.strongest))
        .collect();
    let server_is_chosen =
        relational.iter().any(|(embedded, strongest)| !embedded && *strongest >= Some(Strength::Chosen));
    // SQLite beside a chosen server is the test's or the laptop's, unless settings name it too.
    cases.retain(|engine, case| {
        let row = row(engine, signals);
        let file = row.embedded && row.relational && !row.transient;
        let weak = case.strongest < Some(Strength::Configured) && !apart.contains(engine);
        !(file && server_is_chosen && weak)
    });
    // Of many drivers beside a file of its own, those that no setting of its own names are what it looks at, not what it keeps.
    if talks_to_everything(cases, signals) {
        cases.retain(|engine, case| row(engine, signals).embedded || case.in_settings);
    }
}

/// Whether a program that keeps a file of its own has so many drivers that it talks to whatever it is pointed at.
fn talks_to_everything(cases: &BTreeMap<String, Case>, signals: &Signals) -> bool {
    let only_driven = cases.iter().filter(|(_, case)| case.strongest == Some(Strength::Driver)).count();
    let any_server = cases.iter().any(|(engine, case)| {
        !row(engine, signals).embedded
            && case.strongest >= Some(Strength::DevelopmentImage)
            && !case.in_settings
    });
    let own_file = cases.keys().any(|engine| row(engine, signals).embedded);
    only_driven >= MANY && own_file && !any_server
}

/// The relational engines that production cannot do without: the one that stands out, none where several are equal.
fn mains(cases: &BTreeMap<String, Case>, apart: &BTreeSet<String>, signals: &Signals) -> Vec<String> {
    let of = |embedded: bool| {
        cases
            .iter()
            .filter(move |(engine, _)| {
                row(engine, signals).relational
                    && row(engine, signals).embedded == embedded
                    && !apart.contains(*engine)
            })
            .collect::<Vec<_>>()
    };
    let (servers, files) = (of(false), of(true));
    let strongest = |list: &[(&String, &Case)]| list.iter().filter_map(|(_, case)| case.strongest).max();
    let best = strongest(&servers);
    let equals: Vec<&String> =
        servers.iter().filter(|(_, case)| case.strongest == best).map(|(engine, _)| *engine).collect();
    let file = files
        .iter()
        .filter(|(engine, _)| !row(engine, signals).transient)
        .max_by_key(|(_, case)| case.strongest);
    match (file, best) {
        // A schema that names the file, or a program that runs with its own file and can be given a server.
        (Some((engine, case)), Some(server))
            if case.strongest == Some(Strength::Stated) && server < Strength::Chosen
                || case.in_settings && server <= Strength::Configured =>
        {
            vec![(*engine).clone()]
        }
        (_, Some(_)) if equals.len() == 1 => vec![equals[0].clone()],
        (_, Some(_)) => Vec::new(),
        (Some((engine, _)), None) => vec![(*engine).clone()],
        (None, None) => files.iter().map(|(engine, _)| (*engine).clone()).take(1).collect(),
    }
}

fn order(fact: &DatabaseFact, relational: bool) -> (bool, bool, std::cmp::Reverse<Certainty>, String) {
    (fact.optional, !relational, std::cmp::Reverse(fact.fact.certainty), fact.fact.value.clone())
}

/// A second engine beside the main one is optional where all variables that speak of it are.
pub(crate) fn mark_optional(
    databases: &mut [DatabaseFact],
    environment: &[EnvironmentVariable],
    signals: &Signals,
) {
    for fact in databases.iter_mut().skip(1).filter(|fact| !fact.optional) {
        let words = &row(&fact.fact.value, signals).words;
        let speaks = |name: &str| name.split('_').any(|part| words.iter().any(|word| word == part));
        let mut own = environment.iter().filter(|variable| speaks(&variable.name)).peekable();
        fact.optional = own.peek().is_some() && own.all(|variable| !variable.required);
    }
}

/// Engines of one component, from its own drivers and providers alone.
pub(crate) fn of_component(
    component: &Component<'_>,
    found: &[DatabaseFact],
    signals: &Signals,
) -> Vec<String> {
    let mut own = BTreeMap::new();
    cases::add_drivers(component, &signals.databases, &mut own);
    cases::add_files(component, &signals.databases, signals, &mut own);
    let names = |strength: Strength| {
        found
            .iter()
            .map(|fact| &fact.fact.value)
            .filter(|engine| own.get(*engine).is_some_and(|case: &Case| case.strongest >= Some(strength)))
            .cloned()
            .collect::<Vec<_>>()
    };
    let certain = names(Strength::Driver);
    if certain.is_empty() { names(Strength::Hint) } else { certain }
}

fn weigh(case: &Case) -> (Certainty, Vec<Evidence>) {
    let certainty = match case.strongest {
        Some(Strength::Stated | Strength::Chosen | Strength::Configured | Strength::Driver) => {
            Certainty::High
        }
        Some(Strength::DevelopmentImage) => Certainty::Medium,
        _ => Certainty::Low,
    };
    let mut evidence = case.evidence.clone();
    evidence.sort_by(|a, b| (std::cmp::Reverse(a.0), &a.1).cmp(&(std::cmp::Reverse(b.0), &b.1)));
    evidence.dedup();
    (certainty, evidence.into_iter().map(|(_, seen)| seen).take(6).collect())
}
