//! `cargo xtask choices DIR TSV [SITEPLAN]`: repositories whose maintainers run them somewhere → how siteplan ranks that
//! platform when it cannot see it.
//!
//! DIR holds one tree a repository, TSV a line for each: name, address, commit, platforms that the maintainers chose (joined by
//! commas), type of the application, main language, remark. Each tree is copied without what its platform left in it
//! ([`strip`]); then `siteplan recommend --defaults` is asked. Neither the trees nor the table are part of this project.

mod fixed_list;
mod known;
mod marks;
mod place;
mod report;
mod strip;

use std::path::Path;

use siteplan_catalog::signals::Signals;
use siteplan_model::recommendation::Recommendation;

use crate::cargo;
use crate::failure::{Failure, Outcome};
use crate::program::Program;
use crate::world::World;
use known::Known;
use marks::Marks;
use place::Place;

/// Measures every repository of the table and prints the figures.
pub(crate) fn run(world: &World, folder: &Path, table: &Path, program: Option<&Path>) -> Outcome {
    let repositories = known::read(table)?;
    let signals = Signals::builtin().map_err(|error| Failure::new(error.to_string()))?;
    let marks = Marks::new(&signals)?;
    let siteplan = match program {
        Some(path) => path.to_owned(),
        None => cargo::build_siteplan_for_people(world)?,
    };
    let copies = world.work().join("choices");
    let mut trees = Vec::new();
    for repository in &repositories {
        let tree = folder.join(&repository.name);
        if !tree.is_dir() {
            println!("{}: not in `{}`", repository.name, folder.display());
            continue;
        }
        // A copy that is there is kept: what siteplan knows changes more often than the trees. Removing it makes it anew.
        let copy = copies.join(&repository.name);
        if !copy.is_dir() {
            let left_out = strip::copy(&tree, &copy, &marks)
                .map_err(|error| Failure::new(format!("cannot copy `{}`: {error}", tree.display())))?;
            println!("{}: {left_out}", repository.name);
        }
        trees.push((repository, copy));
    }
    let mut places = Vec::new();
    for (repository, copy) in &trees {
        let place = Place::of(repository, &ask(&siteplan, copy)?);
        println!("{place}");
        places.push(place);
    }
    if places.is_empty() {
        return Err(Failure::new(format!("no repository of the table is in `{}`", folder.display())));
    }
    report::print(&places);
    Ok(())
}

/// What siteplan recommends for a tree when every question is answered by its proposal or default.
fn ask(siteplan: &Path, tree: &Path) -> Outcome<Recommendation> {
    let program = Program::new(siteplan, tree)
        .args(["recommend", "--defaults", "--format", "json", "--date", "2026-01-01"])
        .files(&[tree]);
    let text = program.output()?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::new(format!("siteplan did not answer as its schema says: {error}")).reproduce(&program)
    })
}

/// Whether a platform is among those that a repository's maintainers chose.
fn is_chosen(repository: &Known, platform: &str) -> bool {
    repository.chosen.iter().any(|chosen| chosen == platform)
}
