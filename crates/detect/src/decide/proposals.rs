//! Infrastructure, containers, CI, plans, load tests, practices of a team → proposed answers about the people behind a repository.

use siteplan_catalog::signals::{Marker, Practice, PracticeRules, Signals};
use siteplan_model::brief::{BudgetBand, Expertise, ScaleBand};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::{Containerised, MigrationsFact, Proposals};

use crate::component::{Component, dependency_evidence};
use crate::evidence::{at, file};
use crate::readers::Record;
use crate::readers::structured::{at_path, scalar};
use crate::tree::{Tree, is_aside};

/// Practices that are named as evidence of a proposal.
const PRACTICES_SHOWN: usize = 4;

/// What proposals are drawn from.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a, 't> {
    /// Infrastructure code.
    pub(crate) infrastructure: &'a [Fact<String>],
    /// Whether production runs a container.
    pub(crate) containerised: &'a Containerised,
    /// CI systems.
    pub(crate) ci: &'a [Fact<String>],
    /// Components of the tree.
    pub(crate) components: &'a [Component<'t>],
    /// Migrations of the main database.
    pub(crate) migrations: Option<&'a MigrationsFact>,
    /// The tree.
    pub(crate) tree: &'a Tree,
    /// What names mean.
    pub(crate) signals: &'a Signals,
}

/// Proposals, each with its evidence; nothing is proposed without any.
pub(crate) fn of(seen: &Seen<'_, '_>) -> Proposals {
    let tests = seen.tests();
    let practices = practices(seen, &tests);
    let rules = seen.signals.practice_rules;
    let scale = scale(seen.tree, seen.signals);
    let many = practices.len() >= rules.high_from;
    Proposals {
        expertise: expertise(seen, many.then_some(practices.as_slice()), !tests.is_empty())
            .or_else(|| beginner(seen, !tests.is_empty())),
        scale: larger(scale, spoken(&practices, rules, ScaleBand::High, ScaleBand::Medium)),
        budget: budget(seen.tree, seen.signals)
            .or_else(|| spoken(&practices, rules, BudgetBand::Enterprise, BudgetBand::Medium)),
    }
}

/// What practices speak of. Each kind alone is a habit; several together are what an application is given that many rely on.
fn spoken<T>(practices: &[Evidence], rules: PracticeRules, many: T, some: T) -> Option<Fact<T>> {
    let value = if practices.len() >= rules.high_from {
        many
    } else if practices.len() >= rules.medium_from {
        some
    } else {
        return None;
    };
    let evidence = practices.iter().take(PRACTICES_SHOWN).cloned().collect();
    Some(Fact::new(value, Certainty::Low, evidence))
}

/// The larger of two proposals; the first of equal ones.
fn larger<T: Ord>(first: Option<Fact<T>>, second: Option<Fact<T>>) -> Option<Fact<T>> {
    match (first, second) {
        (Some(first), Some(second)) => Some(if second.value > first.value { second } else { first }),
        (first, second) => first.or(second),
    }
}

/// Evidence for each kind of practice that the application shows.
fn practices(seen: &Seen<'_, '_>, tests: &[&str]) -> Vec<Evidence> {
    let rules = &seen.signals.practice_rules;
    let of_row = |row: &Practice| {
        let components = seen.components.iter().filter(|one| !one.aside);
        let mut used = components.flat_map(|one| one.production_dependencies(&row.packages));
        let (path, dependency) = used.next()?;
        let Evidence { path, line, seen } = dependency_evidence(path, dependency);
        Some(Evidence { path, line, seen: format!("{seen}: {}", row.because) })
    };
    let history = seen.migrations.and_then(|migrations| {
        let count = migrations.count.filter(|count| *count >= rules.long_history_migrations)?;
        let folder = migrations.directory.as_deref()?;
        Some(file(folder, &format!("{count} migrations: its schema has a long history")))
    });
    let suite = tests.first().filter(|_| tests.len() >= rules.large_suite_tests);
    let suite = suite.map(|path| file(path, &format!("one of {} test files", tests.len())));
    seen.signals.practices.iter().filter_map(of_row).chain(history).chain(suite).collect()
}

fn expertise(seen: &Seen<'_, '_>, of_a_team: Option<&[Evidence]>, tested: bool) -> Option<Fact<Expertise>> {
    let level = |fact: &Fact<String>| {
        let row = seen.signals.infrastructure.iter().find(|row| row.id == fact.value)?;
        row.expertise.as_deref()?.parse::<Expertise>().ok()
    };
    let advanced: Vec<Evidence> = seen
        .infrastructure
        .iter()
        .filter(|fact| level(fact) == Some(Expertise::Advanced))
        .filter_map(|fact| fact.evidence.first().cloned())
        .collect();
    if !advanced.is_empty() {
        return Some(Fact::new(Expertise::Advanced, Certainty::Medium, advanced));
    }
    let first = |facts: &[Fact<String>]| facts.first().and_then(|fact| fact.evidence.first().cloned());
    let container = seen.containerised.fact.evidence.first().cloned();
    let ships = seen.containerised.production && !seen.ci.is_empty();
    if let Some(practices) = of_a_team.filter(|_| seen.containerised.production) {
        let evidence = container.into_iter().chain(practices.iter().take(2).cloned()).collect();
        return Some(Fact::new(Expertise::Advanced, Certainty::Low, evidence));
    }
    // Whoever wrote an image for production has met what a deployment asks for, with or without a CI.
    let packed = seen.containerised.production;
    if ships || packed || (tested && !seen.ci.is_empty()) {
        let certainty = if ships { Certainty::Medium } else { Certainty::Low };
        let evidence = container.filter(|_| packed).into_iter().chain(first(seen.ci)).collect();
        return Some(Fact::new(Expertise::Intermediate, certainty, evidence));
    }
    None
}

impl Seen<'_, '_> {
    /// Test files. Code only: what a person or this program writes into a folder of specifications tests nothing.
    fn tests(&self) -> Vec<&str> {
        let is_code = |path: &str| {
            let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
            let mut rows = self.signals.languages.iter().filter(|row| !row.auxiliary);
            rows.any(|row| row.extensions.iter().any(|known| known == ending))
        };
        let paths = self.tree.paths.iter().map(String::as_str);
        paths.filter(|path| is_aside(&self.signals.files, path) && is_code(path)).collect()
    }
}

/// Code that nobody tests, builds or ships by anything but hand.
fn beginner(seen: &Seen<'_, '_>, tested: bool) -> Option<Fact<Expertise>> {
    let by_script = |record: &Record| match record {
        Record::Manifest(manifest) => {
            manifest.scripts.get("test").is_some_and(|script| !script.text.contains("no test specified"))
        }
        _ => false,
    };
    let tested = tested || seen.tree.records().any(|(_, record)| by_script(record));
    if tested || seen.containerised.fact.value || !seen.ci.is_empty() || !seen.infrastructure.is_empty() {
        return None;
    }
    let (path, _) = seen.tree.records().find(|(_, record)| matches!(record, Record::Manifest(_)))?;
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
