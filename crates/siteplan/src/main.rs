//! The command line of siteplan, and the only place that touches disk, clock, environment and output (beside `detect`'s
//! tree reader).

mod brief_file;
mod catalog_folder;
mod cli;
mod clock;
mod commands;
mod comparison;
mod costs;
mod digest;
mod documents;
mod error;
mod exit;
mod gates_log;
mod generated;
mod given;
mod interrupt;
mod keys;
mod knowledge;
mod missing;
mod nearest;
mod output;
mod ownership;
mod panic;
mod pipeline;
mod progress;
#[cfg(test)]
mod promises;
mod report;
mod scope;
mod session;
mod spec_folder;
mod stored;
mod strays;
mod terminal;
mod theirs;
mod toml_source;
mod writer;

use clap::Parser as _;

use cli::{Cli, Command};
use error::Outcome;
use exit::Exit;

fn main() -> Exit {
    interrupt::listen();
    panic::catch(|| {
        let cli = match Cli::try_parse() {
            Ok(cli) => cli,
            Err(message) => {
                // `--help` and `--version` come this way too, and are no failure.
                let _ = message.print();
                return if message.use_stderr() { Exit::Usage } else { Exit::Done };
            }
        };
        run(&cli).unwrap_or_else(|failure| {
            output::failure(&failure);
            failure.exit()
        })
    })
}

fn run(cli: &Cli) -> Outcome<Exit> {
    let output = cli.common.output();
    let folder = cli.common.catalog();
    match &cli.command {
        Command::Plan(args) => commands::plan::run(args, folder, output),
        Command::Generate(args) => commands::generate::run(args, folder, output),
        Command::Detect(args) => commands::detect::run(args, folder, output),
        Command::Recommend(args) => commands::recommend::run(args, folder, output),
        Command::Cost(args) => commands::cost::run(args, folder, output),
        Command::Catalog(command) => commands::catalog::run(command, &catalog_folder::load(folder)?, output),
        Command::Explain(args) => commands::explain::run(args, folder, output),
        Command::Schema(args) => commands::schema::run(args),
        Command::Completions(args) => commands::completions::run(args),
    }
}
