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
    let folder = SpecFolder::open(&args.tree.path, &args.tree.spec_path)?;
    // A Survey needs the signals alone; what people are shown needs the names of everything.
    if output.is_text() {
        let catalog = catalog_folder::load(catalog)?;
        let survey = session::survey(&catalog.signals, &args.tree, &folder, output)?;
        output.result(&show::survey(&catalog, &survey))?;
    } else {
        let signals = catalog_folder::load_signals(catalog)?;
        output::json(&session::survey(&signals, &args.tree, &folder, output)?)?;
    }
    Ok(Exit::Done)
}
