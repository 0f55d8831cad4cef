//! Lock files, manifests and their fields → the package manager of a component, with its rival where two are claimed.

use siteplan_catalog::signals::{Ecosystem, PackageManager, Signals};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::Conflict;

use crate::component::Component;
use crate::evidence::{file, maybe_at};
use crate::readers::manifest::Trait;
use crate::tree::{Tree, folder, join, name};

/// A package manager with what speaks for it.
#[derive(Clone, Debug)]
pub(crate) struct Managed<'s> {
    pub(crate) row: &'s PackageManager,
    /// Path of its lock file, which may lie above the component.
    pub(crate) lock: Option<String>,
    pub(crate) certainty: Certainty,
    pub(crate) evidence: Vec<Evidence>,
    /// The others that something speaks for.
    pub(crate) rivals: Vec<(String, Evidence)>,
}

impl Managed<'_> {
    /// As a fact of the Survey.
    pub(crate) fn fact(&self) -> Fact<String> {
        Fact {
            value: self.row.id.clone(),
            certainty: self.certainty,
            evidence: self.evidence.clone(),
            runner_up: self.rivals.first().map(|(id, _)| id.clone()),
        }
    }

    /// As a conflict, where it is one.
    pub(crate) fn conflict(&self) -> Option<Conflict> {
        if self.rivals.is_empty() {
            return None;
        }
        let mut values = vec![self.row.id.clone()];
        values.extend(self.rivals.iter().map(|(id, _)| id.clone()));
        let evidence =
            self.evidence.iter().chain(self.rivals.iter().map(|(_, seen)| seen)).cloned().collect();
        Some(Conflict { field: "package_manager".to_owned(), values, evidence })
    }

    /// The line that runs a script of the manifest.
    pub(crate) fn run(&self, script: &str) -> String {
        if self.row.fallback && script == "test" && self.row.ecosystem == Ecosystem::Npm {
            return format!("{} test", self.row.id);
        }
        if self.row.fallback && script == "start" && self.row.ecosystem == Ecosystem::Npm {
            return format!("{} start", self.row.id);
        }
        self.row.run.as_deref().unwrap_or("{script}").replace("{script}", script)
    }

    /// The line that runs a program of an installed dependency.
    pub(crate) fn exec(&self, command: &str) -> String {
        self.row.exec.as_deref().unwrap_or("{command}").replace("{command}", command)
    }
}

/// A claim with its weight; the heaviest wins.
struct Claim<'s> {
    row: &'s PackageManager,
    weight: u32,
    /// How many other places use it: of two lock files side by side, the one that is in use is meant.
    hints: usize,
    lock: Option<String>,
    evidence: Evidence,
}

/// The package manager of a component for one ecosystem.
pub(crate) fn of<'s>(
    component: &Component<'_>,
    components: &[Component<'_>],
    ecosystem: Ecosystem,
    tree: &Tree,
    signals: &'s Signals,
) -> Option<Managed<'s>> {
    let mut claims: Vec<Claim<'s>> = Vec::new();
    let mut at_folder = component.folder.as_str();
    let mut distance = 0;
    loop {
        claims.extend(claims_in(at_folder, distance, components, ecosystem, tree, signals));
        if at_folder.is_empty() {
            break;
        }
        at_folder = folder(at_folder);
        distance += 1;
    }
    let place = |id: &str| signals.package_managers.iter().position(|row| row.id == id);
    if claims.is_empty() {
        claims.extend(spoken_of(component, ecosystem, signals));
        claims.extend(called(component, components, ecosystem, tree, signals));
    }
    // An older kind of lock file is as good as the present one where managers, not kinds, are compared.
    let nearness = |claim: &Claim<'_>| {
        std::cmp::Reverse(if (300..400).contains(&claim.weight) {
            claim.weight / 2 * 2 + 1
        } else {
            claim.weight
        })
    };
    claims.sort_by_key(|claim| {
        (
            nearness(claim),
            std::cmp::Reverse(claim.hints),
            place(&claim.row.id),
            std::cmp::Reverse(claim.weight),
        )
    });
    let best = claims.first();
    let row = match best {
        Some(claim) => claim.row,
        None => signals.package_managers.iter().find(|row| row.ecosystem == ecosystem && row.fallback)?,
    };
    let own: Vec<&Claim<'_>> = claims.iter().filter(|claim| claim.row.id == row.id).collect();
    let mut rivals: Vec<(String, Evidence)> = Vec::new();
    for claim in &claims {
        // Only a lock file or a statement of equal nearness is a real rival; `requirements.txt` beside `uv.lock` is an export.
        let serious = (claim.weight >= 300
            && best.is_some_and(|best| best.weight >= 400 || claim.weight + 2 > best.weight))
            || (claim.weight >= 200 && best.is_some_and(|best| best.weight < 300));
        if claim.row.id != row.id && serious && !rivals.iter().any(|(id, _)| *id == claim.row.id) {
            rivals.push((claim.row.id.clone(), claim.evidence.clone()));
        }
    }
    let certainty = match best.map_or(0, |claim| claim.weight) {
        400.. => Certainty::High,
        200.. if rivals.is_empty() => Certainty::High,
        1.. => Certainty::Medium,
        _ => Certainty::Low,
    };
    Some(Managed {
        row,
        lock: own.iter().find_map(|claim| claim.lock.clone()),
        certainty,
        evidence: own.iter().map(|claim| claim.evidence.clone()).collect(),
        rivals,
    })
}

/// How many places besides the lock file use a package manager: its other files, scripts, container builds, CI.
fn hints(row: &PackageManager, at_folder: &str, components: &[Component<'_>], tree: &Tree) -> usize {
    let files = row.files.iter().filter(|other| tree.has(&join(at_folder, other))).count();
    let calls = |line: &str| {
        let words: Vec<&str> =
            line.split(|c: char| c.is_whitespace() || matches!(c, '&' | ';' | '|' | '"')).collect();
        words.iter().any(|word| *word == row.id)
    };
    let here = components.iter().filter(|one| one.folder == at_folder);
    let scripts = here.flat_map(|one| &one.manifests).flat_map(|(_, manifest)| manifest.scripts.values());
    let scripted = scripts.filter(|script| calls(&script.text)).count();
    let built = super::containers::builds(tree)
        .flat_map(|(_, dockerfile, _)| &dockerfile.stages)
        .flat_map(|stage| &stage.runs)
        .filter(|line| calls(&line.value))
        .count();
    let tested = tree
        .ci_files()
        .flat_map(|(_, ci)| &ci.jobs)
        .flat_map(|job| &job.lines)
        .filter(|line| calls(line))
        .count();
    files + scripted + built + tested
}

/// The package manager that scripts, container builds and CI call, where no lock file is kept.
fn called<'s>(
    component: &Component<'_>,
    components: &[Component<'_>],
    ecosystem: Ecosystem,
    tree: &Tree,
    signals: &'s Signals,
) -> Option<Claim<'s>> {
    let (path, _) = component.manifest(ecosystem)?;
    let rows = signals.package_managers.iter().filter(|row| row.ecosystem == ecosystem && row.run.is_some());
    let counted = rows.map(|row| (hints(row, &component.folder, components, tree), row));
    // Of equals the last row is taken: the one that is meant when nothing is said.
    let (count, row) = counted.max_by_key(|(count, _)| *count)?;
    let evidence = file(path, &format!("{} is called in {count} places", row.id));
    (count > 0).then_some(Claim { row, weight: 198, hints: count, lock: None, evidence })
}

/// What the first file of a program speaks of, where there is no manifest.
fn spoken_of<'s>(component: &Component<'_>, ecosystem: Ecosystem, signals: &'s Signals) -> Option<Claim<'s>> {
    if component.manifest(ecosystem).is_some() {
        return None;
    }
    component.sources.iter().find_map(|(path, source)| {
        let (id, line) = source.runs_on.as_ref()?;
        let row = signals.package_manager(id).filter(|row| row.ecosystem == ecosystem)?;
        let evidence = maybe_at(path, Some(*line), &format!("code for {id}"));
        Some(Claim { row, weight: 199, hints: 0, lock: None, evidence })
    })
}

/// What one folder claims. A statement outweighs a lock file, a lock file any other file; the nearer folder wins.
fn claims_in<'s>(
    at_folder: &str,
    distance: u32,
    components: &[Component<'_>],
    ecosystem: Ecosystem,
    tree: &Tree,
    signals: &'s Signals,
) -> Vec<Claim<'s>> {
    let mut claims = Vec::new();
    let rows = || signals.package_managers.iter().filter(|row| row.ecosystem == ecosystem);
    let manifests = || components.iter().filter(|one| one.folder == at_folder).flat_map(|one| &one.manifests);
    let in_ecosystem = || manifests().filter(|(_, manifest)| manifest.ecosystem == ecosystem);
    for (path, manifest) in in_ecosystem() {
        if let Some((stated, line)) = &manifest.package_manager
            && let Some(row) = rows().find(|row| row.id == *stated)
        {
            // Beside a `package.json`, the file of another runtime speaks of a part: its functions or how it is published.
            let aside = name(path) != "package.json" && tree.has(&join(at_folder, "package.json"));
            let published = aside && manifest.traits.contains(&Trait::Library);
            let weight = if aside { 298 } else { 499 } - distance.min(200);
            let seen = if line.is_some() { format!("states {stated}") } else { format!("file of {stated}") };
            if !published {
                claims.push(Claim {
                    row,
                    weight,
                    hints: 0,
                    lock: None,
                    evidence: maybe_at(path, *line, &seen),
                });
            }
        }
    }
    for (path, manifest) in in_ecosystem() {
        if let Some((builder, line)) = &manifest.built_by
            && let Some(row) = rows().find(|row| row.id == *builder)
        {
            let evidence = maybe_at(path, *line, &format!("built by {builder}"));
            claims.push(Claim { row, weight: 299 - distance, hints: 0, lock: None, evidence });
        }
    }
    for row in rows() {
        for (age, lock) in (0..).zip(&row.lock_files) {
            let path = join(at_folder, lock);
            if tree.has(&path) {
                let weight = 399 - distance.min(90) * 2 - u32::from(age > 0);
                let hints = hints(row, at_folder, components, tree);
                claims.push(Claim {
                    row,
                    weight,
                    hints,
                    evidence: file(&path, "lock file"),
                    lock: Some(path),
                });
            }
        }
        for other in &row.files {
            let found = if other.contains('*') {
                named_like(at_folder, other, components)
            } else {
                Some(join(at_folder, other)).filter(|path| tree.has(path))
            };
            if let Some(path) = found {
                claims.push(Claim {
                    row,
                    weight: 299 - distance.min(90),
                    hints: 0,
                    lock: None,
                    evidence: file(&path, "file"),
                });
            }
        }
    }
    claims
}

/// A file of a folder whose name fits a pattern (`*.cabal`).
fn named_like(at_folder: &str, pattern: &str, components: &[Component<'_>]) -> Option<String> {
    let component = components.iter().find(|one| one.folder == at_folder)?;
    let here = component.matching(&[format!("/{pattern}")]).next();
    here.map(str::to_owned)
}
