//! Packages, files and folders → the migration tool, its folder, its count, and what cannot be undone.

use std::collections::BTreeMap;

use siteplan_catalog::signals::{MigrationTool, Signals, WayBack};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::MigrationsFact;

use crate::component::{Component, dependency_evidence};
use crate::evidence::{file, maybe_at};
use crate::glob;
use crate::tree::{Tree, folder, has_ending, is_aside, name};

/// The migrations of one component.
pub(crate) fn of(component: &Component<'_>, tree: &Tree, signals: &Signals) -> Option<MigrationsFact> {
    let mut found: Vec<(u8, MigrationsFact)> =
        signals.migrations.iter().filter_map(|tool| by_tool(tool, component, tree, signals)).collect();
    found.sort_by(|a, b| {
        let count = |fact: &MigrationsFact| fact.count.unwrap_or(0);
        (b.0, count(&b.1), &a.1.fact.value).cmp(&(a.0, count(&a.1), &b.1.fact.value))
    });
    let runner_up = found.get(1).filter(|(score, _)| *score >= 2).map(|(_, fact)| fact.fact.value.clone());
    if let Some((_, mut best)) = found.into_iter().next() {
        best.fact.runner_up = runner_up;
        return Some(best);
    }
    custom(component, signals)
}

fn by_tool(
    tool: &MigrationTool,
    component: &Component<'_>,
    tree: &Tree,
    signals: &Signals,
) -> Option<(u8, MigrationsFact)> {
    let dependency = component.dependencies(&tool.packages).next();
    let configuration = component.matching(&tool.files).next();
    let mut by_folder: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in component.matching(&tool.migrations) {
        if glob::any(&tool.except, path)
            || name(path).starts_with("__init__")
            || is_aside(&signals.files, path)
        {
            continue;
        }
        let mut home = folder(path);
        for _ in 0..tool.depth {
            home = folder(home);
        }
        by_folder.entry(home).or_default().push(path);
    }
    let files: Vec<&str> = by_folder.values().flatten().copied().collect();
    // An ORM that can migrate is not yet a migration tool: files must show it, unless the package is for nothing else.
    let score = match (dependency.is_some(), configuration.is_some(), files.is_empty()) {
        (true, _, false) | (_, true, false) => 4,
        (false, false, false) if tool.telling => 3,
        (_, true, true) => 2,
        (true, false, true) if tool.only_migrates => 1,
        _ => return None,
    };
    let directory = by_folder
        .iter()
        .max_by_key(|(home, paths)| (paths.len(), std::cmp::Reverse(**home)))
        .map(|(home, _)| *home);
    let mut evidence: Vec<Evidence> = Vec::new();
    evidence.extend(configuration.map(|path| file(path, "configuration file")));
    evidence.extend(dependency.map(|(path, one)| dependency_evidence(path, one)));
    evidence.extend(directory.map(|home| file(home, &format!("{} migrations", files.len()))));
    let certainty = if score >= 3 { Certainty::High } else { Certainty::Medium };
    let fact = MigrationsFact {
        fact: Fact::new(tool.id.clone(), certainty, evidence),
        directory: directory.map(|home| if home.is_empty() { ".".to_owned() } else { home.to_owned() }),
        count: (!files.is_empty()).then(|| u32::try_from(files.len()).unwrap_or(u32::MAX)),
        irreversible: irreversible(tool, &files, tree),
        command: None,
        at_start: at_start(tool, component),
        program: tool.apart.then(|| tool.command.split(' ').next().unwrap_or_default().to_owned()),
        in_image: false,
    };
    Some((score, fact))
}

/// Whether the application applies the migrations itself: it links the tool in, or its code calls it.
fn at_start(tool: &MigrationTool, component: &Component<'_>) -> bool {
    let linked = tool.linked && component.dependencies(&tool.packages).next().is_some();
    let called = component.sightings.iter().any(|(_, sighting)| tool.calls.contains(&sighting.text));
    linked || called
}

/// Migrations without a way back, where the tool has one at all.
fn irreversible(tool: &MigrationTool, files: &[&str], tree: &Tree) -> Vec<Evidence> {
    match tool.way_back {
        WayBack::None => Vec::new(),
        WayBack::DownFile => {
            let down = |path: &str| {
                if let Some(stem) = path.strip_suffix(".up.sql") {
                    return Some(format!("{stem}.down.sql"));
                }
                path.strip_suffix("/up.sql").map(|stem| format!("{stem}/down.sql"))
            };
            // A tool of which no file has a partner is used without a way back throughout; that is said once, not per file.
            let with_partner = files.iter().filter(|path| down(path).is_some()).count();
            if with_partner == 0 {
                return Vec::new();
            }
            files
                .iter()
                .filter(|path| down(path).is_none_or(|partner| !tree.has(&partner)))
                .map(|path| file(path, "no file that undoes it"))
                .collect()
        }
        WayBack::DownSection | WayBack::DownFunction => files
            .iter()
            .filter_map(|path| {
                let lost = tree.facts_of(path)?.no_way_back.as_ref()?;
                Some(maybe_at(path, lost.line, &lost.why))
            })
            .collect(),
    }
}

/// A folder of numbered scripts that no known tool claims.
fn custom(component: &Component<'_>, signals: &Signals) -> Option<MigrationsFact> {
    let numbered = |path: &str| {
        name(path).starts_with(|c: char| c.is_ascii_digit())
            || name(path).to_ascii_lowercase().starts_with('v')
    };
    let mut by_folder: BTreeMap<&str, u32> = BTreeMap::new();
    let mut single = None;
    for path in &component.files {
        if !has_ending(path, &["sql", "js", "ts", "py", "go", "rb", "sh", "rs"]) {
            continue;
        }
        let home = folder(path);
        let script = !has_ending(path, &["rs"])
            && ["migrations", "migration", "migrate", "patches"]
                .iter()
                .any(|word| name(home).eq_ignore_ascii_case(word))
            && (has_ending(path, &["sql"]) || numbered(path));
        let whole = matches!(
            name(path),
            "migrations.go" | "migrations.ts" | "migrations.js" | "migrations.rs" | "migrations.py"
        );
        if (!script && !whole) || is_aside(&signals.files, path) {
            continue;
        }
        if script {
            *by_folder.entry(home).or_default() += 1;
        }
        if whole {
            single.get_or_insert(*path);
        }
    }
    if let Some((home, count)) =
        by_folder.iter().max_by_key(|(home, count)| (**count, std::cmp::Reverse(**home)))
    {
        let evidence = vec![file(home, &format!("{count} scripts"))];
        return Some(MigrationsFact {
            fact: Fact::new("custom".to_owned(), Certainty::Medium, evidence),
            directory: Some((*home).to_owned()),
            count: Some(*count),
            irreversible: Vec::new(),
            command: None,
            at_start: false,
            program: None,
            in_image: false,
        });
    }
    let path = single?;
    Some(MigrationsFact {
        fact: Fact::new("custom".to_owned(), Certainty::Medium, vec![file(path, "migrations in code")]),
        directory: Some(folder(path).to_owned()),
        count: None,
        irreversible: Vec::new(),
        command: None,
        at_start: false,
        program: None,
        in_image: false,
    })
}
