//! `cargo xtask suite NAME TREE`: what another detector's own tests expect, against what siteplan finds.
//!
//! The expectations are tab-separated files that are no part of this project; the tree is a checkout of the other tool.

mod expected;
mod meaning;
mod named_files;
mod score;

use std::path::{Path, PathBuf};

use siteplan_catalog::signals::Signals;
use siteplan_detect::{Options, survey};

use crate::failure::{Failure, Outcome};
use crate::world::World;
use expected::Expected;
use score::Score;

/// Names the folder that holds `NAME.tsv` and `NAME.ext.tsv`.
const FOLDER_VARIABLE: &str = "SITEPLAN_SUITES";

/// Surveys every application of the suite that is in the tree and prints each miss and the shares.
pub(crate) fn run(world: &World, name: &str, tree: &Path) -> Outcome {
    let folder = std::env::var_os(FOLDER_VARIABLE)
        .map_or_else(|| world.root().join("../shared/suites"), PathBuf::from);
    let expected = expected::read(&folder, name).map_err(|failure| {
        failure.mend(format!("{FOLDER_VARIABLE}=FOLDER cargo xtask suite {name} {}", tree.display()))
    })?;
    let signals = Signals::builtin().map_err(|error| Failure::new(error.to_string()))?;
    let mut score = Score::default();
    for row in &expected {
        take(&mut score, row, tree, &signals)?;
    }
    println!("{score}");
    if score.applications() == 0 {
        return Err(Failure::new(format!("no application of the suite is in `{}`", tree.display())));
    }
    Ok(())
}

fn take(score: &mut Score, row: &Expected, tree: &Path, signals: &Signals) -> Outcome {
    let folder = tree.join(&row.path);
    if !folder.is_dir() {
        score.absent(&row.path);
        return Ok(());
    }
    let options = Options { spec_path: "specs", root_name: &row.path, own: &[], signals };
    let found = survey(&folder, &options).map_err(|error| Failure::new(format!("{}: {error}", row.path)))?;
    for miss in score.compare(row, &found, &folder) {
        println!("{}  {miss}", row.path);
    }
    Ok(())
}
