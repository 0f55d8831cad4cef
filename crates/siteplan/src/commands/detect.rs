//! `siteplan detect [PATH]`: the Survey.

use std::path::Path;

use crate::catalog_folder;
use crate::cli::DetectArgs;
use crate::error::Outcome;
use crate::exit::Exit;
use crate::output::{self, Output};
use crate::session;
use crate::spec_folder::SpecFolder;
use crate::terminal::show;

/// Prints the Survey.
pub(crate) fn run(args: &DetectArgs, catalog: Option<&Path>, output: Output) -> Outcome<Exit> {
    let catalog = catalog_folder::load(catalog)?;
    let folder = SpecFolder::open(&args.tree.path, &args.tree.spec_path)?;
    let survey = session::survey(&catalog, &args.tree, &folder, output)?;
    if output.is_text() {
        output.result(&show::survey(&catalog, &survey))?;
    } else {
        output::json(&survey)?;
    }
    Ok(Exit::Done)
}
