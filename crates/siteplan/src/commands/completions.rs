//! `siteplan completions SHELL`: a completion script on standard output.

use clap::CommandFactory as _;

use crate::cli::{Cli, CompletionsArgs};
use crate::error::{Failure, Outcome};
use crate::exit::Exit;
use crate::output;

/// Prints the script.
pub(crate) fn run(args: &CompletionsArgs) -> Outcome<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "siteplan", &mut script);
    let script = String::from_utf8(script)
        .map_err(|error| Failure::bug("the completion script is not text").because(&error))?;
    output::script(&script)?;
    Ok(Exit::Done)
}
