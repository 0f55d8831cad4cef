//! Crates depend on each other in one direction only.

use std::collections::{BTreeMap, BTreeSet};

use crate::{root, text};

/// Which crates of ours a crate may use; the data flows from left to right.
const ALLOWED: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("catalog", &["model"]),
    ("detect", &["catalog", "model"]),
    ("cost", &["catalog", "model"]),
    ("recommend", &["catalog", "cost", "model"]),
    ("interview", &["catalog", "cost", "model", "recommend"]),
    ("design", &["catalog", "cost", "model"]),
    ("emit", &["model"]),
    ("siteplan", &["catalog", "cost", "design", "detect", "emit", "interview", "model", "recommend"]),
];

#[test]
fn dependencies_go_in_one_direction() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let mut wrong = Vec::new();
    for name in crates() {
        let Some(allowed) = allowed.get(name.as_str()) else {
            wrong.push(format!("crates/{name} has no row in ALLOWED of xtask/tests/it/dependencies.rs"));
            continue;
        };
        for used in used_by(&name) {
            if !allowed.contains(&used.as_str()) {
                wrong.push(format!(
                    "crates/{name}/Cargo.toml uses `{used}`; it may use {allowed:?}: let `siteplan` hand it the value"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_row_is_a_crate() {
    let crates = crates();
    for (name, _) in ALLOWED {
        assert!(crates.contains(*name), "there is no crates/{name}; remove its row");
    }
}

fn crates() -> BTreeSet<String> {
    let folder = root().join("crates");
    let entries = std::fs::read_dir(&folder).expect("crates can be listed");
    let names = entries.map(|entry| entry.expect("crates can be listed").file_name());
    names.map(|name| name.to_string_lossy().into_owned()).filter(|name| !name.starts_with('.')).collect()
}

/// Our crates in any table of dependencies, also those of tests and of single targets.
fn used_by(name: &str) -> Vec<String> {
    let manifest: toml::Table =
        text(&format!("crates/{name}/Cargo.toml")).parse().expect("a manifest is TOML");
    let mut used = Vec::new();
    collect(&manifest, &mut used);
    used
}

fn collect(table: &toml::Table, used: &mut Vec<String>) {
    for (key, value) in table {
        let Some(inner) = value.as_table() else { continue };
        if key.ends_with("dependencies") {
            let ours = inner.keys().filter_map(|name| name.strip_prefix("siteplan-"));
            used.extend(ours.map(str::to_owned));
        } else {
            collect(inner, used);
        }
    }
}
