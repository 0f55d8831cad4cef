//! `cargo xtask bench-detect [TREE...]`: whole processes on the same trees: `siteplan detect` against one search of the
//! tree's contents, the floor, and against other detectors.
//!
//! Processes run in turn, siteplan and then the other one, and a ratio is taken of each pair: so it means something on a
//! machine whose speed changes from minute to minute.

mod measure;
mod peers;
#[path = "../../crates/detect/benches/generated/mod.rs"]
mod trees;

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cargo;
use crate::failure::{Failure, Outcome};
use crate::program::Program;
use crate::world::World;
use measure::{Run, median};
use peers::Peer;

/// So many pairs are run of each comparison, after one that is not counted.
const PAIRS: usize = 7;
/// How a tree is written, given its number of files.
type Write = fn(&Path, usize) -> std::io::Result<()>;
/// The generated trees.
const GENERATED: [(&str, usize, Write); 3] = [
    ("monorepo", 13_000, trees::monorepo),
    ("monorepo", 50_000, trees::monorepo),
    ("one-folder", 200_000, trees::flat),
];
/// How many times as long as one search a survey may take.
const GOAL: f64 = 1.5;
/// The most memory that it may use, in megabytes.
const MEMORY: f64 = 100.0;

/// Measures the trees and prints a table.
pub(crate) fn run(world: &World, trees: &[&str]) -> Outcome {
    let siteplan = cargo::build_siteplan_for_people(world)?;
    let trees = if trees.is_empty() { generated(world)? } else { given(trees)? };
    let (peers, missing) = peers::installed(world);
    println!(
        "{:<24} {:>8} {:<22} {:>9} {:>9} {:>9} {:>9}",
        "tree", "files", "siteplan against", "CPU", "elapsed", "MB", "its MB"
    );
    for tree in &trees {
        let files = count(tree);
        for peer in &peers {
            let line = compare(&siteplan, peer, tree)?;
            println!("{:<24} {files:>8} {line}", short(tree));
        }
    }
    println!(
        "\nA ratio below 1 means that siteplan is faster. Goal: at most {GOAL} times the search, {MEMORY} MB, below 1 for every detector."
    );
    for peer in missing {
        println!("not measured: {peer}");
    }
    Ok(())
}

/// The medians of siteplan and one peer on one tree, as a line of the table.
fn compare(siteplan: &Path, peer: &Peer, tree: &Path) -> Outcome<String> {
    let own = Program::new(siteplan, tree).args(["detect", "--format", "json"]).files(&[tree]);
    let other = peer.on(tree);
    let mut pairs: Vec<(Run, Run)> = Vec::new();
    for pair in 0..=PAIRS {
        let both = (measure::run(&own)?, measure::run(&other)?);
        if pair > 0 {
            pairs.push(both);
        }
    }
    let ratio = |of: fn(&Run) -> f64| {
        median(pairs.iter().map(|(own, other)| of(own) / of(other).max(1e-4)).collect())
    };
    let memory = |of: fn(&(Run, Run)) -> f64| median(pairs.iter().map(of).collect());
    Ok(format!(
        "{:<22} {:>9.2} {:>9.2} {:>9.0} {:>9.0}",
        peer.name,
        ratio(|run| run.cpu),
        ratio(|run| run.elapsed),
        memory(|(own, _)| own.megabytes),
        memory(|(_, other)| other.megabytes),
    ))
}

/// The generated trees, each written once and kept.
fn generated(world: &World) -> Outcome<Vec<PathBuf>> {
    let failed = |path: &Path, error: &std::io::Error| {
        Failure::new(format!("cannot write `{}`: {error}", path.display()))
    };
    let home = world.cache().join("bench-detect");
    GENERATED
        .into_iter()
        .map(|(kind, files, write)| {
            let tree = home.join(format!("{kind}-{files}"));
            let done = home.join(format!("{kind}-{files}.complete"));
            if !done.is_file() {
                println!("writing `{}`", tree.display());
                write(&tree, files).map_err(|error| failed(&tree, &error))?;
                fs::write(&done, "").map_err(|error| failed(&done, &error))?;
            }
            Ok(tree)
        })
        .collect()
}

fn given(trees: &[&str]) -> Outcome<Vec<PathBuf>> {
    let folder = |tree: &&str| {
        let path = fs::canonicalize(tree).map_err(|error| Failure::new(format!("`{tree}`: {error}")))?;
        if path.is_dir() { Ok(path) } else { Err(Failure::new(format!("`{tree}` is no folder"))) }
    };
    trees.iter().map(folder).collect()
}

fn short(tree: &Path) -> String {
    tree.file_name().unwrap_or(OsStr::new("/")).to_string_lossy().into_owned()
}

/// The files of a tree, links not followed.
fn count(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let below = entries.flatten().map(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => count(&entry.path()),
        Ok(kind) if kind.is_file() => 1,
        _ => 0,
    });
    below.sum()
}

/// Where a program is on the path.
fn on_path(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(name)).find(|file| file.is_file())
}
