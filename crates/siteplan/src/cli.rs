//! The command line: every command, its flags and its examples.

use std::path::{Path, PathBuf};

use clap::builder::BoolishValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use siteplan_model::Date;

use crate::output::{Format, Output, Verbosity};
use crate::scope::{Only, OnlyParser};

/// From a source repository and a short interview to a reviewed, costed, verified deployment design.
///
/// siteplan plans; it does not deploy.
#[derive(Debug, Parser)]
#[command(name = "siteplan", version, propagate_version = true, after_long_help = EXIT_STATUS)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

const EXIT_STATUS: &str = "\
Exit status:
  0    done, nothing to report
  1    problems found (`catalog validate`), or the tree differs from the design (`generate --check`)
  2    bad usage or input
  3    answers are missing and there is no terminal to ask at; nothing was written
  4    refused to write: a person's file stands in the way, or the place cannot be written
  70   internal error: a bug, with a report
  130  interrupted

Every answer and setting can also come from the environment as SITEPLAN_<KEY>, for example SITEPLAN_BUDGET=small.
Precedence: flag, environment, file, detection, default.";

/// Flags of every command.
#[derive(Debug, Args)]
pub(crate) struct CommonArgs {
    /// Text for people or JSON for programs; JSON goes to standard output alone
    #[arg(long, global = true, value_enum, default_value = "text", env = "SITEPLAN_FORMAT", hide_env = true)]
    format: Format,
    /// Folder whose TOML files are laid over the built-in catalog
    #[arg(long, global = true, value_name = "DIR", env = "SITEPLAN_CATALOG", hide_env = true)]
    catalog: Option<PathBuf>,
    /// Print results and errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Also say where each value comes from
    #[arg(short, long, global = true)]
    verbose: bool,
}

impl CommonArgs {
    /// The two streams as these flags want them.
    pub(crate) fn output(&self) -> Output {
        let verbosity = match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (false, true) => Verbosity::Verbose,
            (false, false) => Verbosity::Normal,
        };
        Output { format: self.format, verbosity }
    }

    /// The catalog's folder.
    pub(crate) fn catalog(&self) -> Option<&Path> {
        self.catalog.as_deref()
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Plan(PlanArgs),
    Generate(GenerateArgs),
    Detect(DetectArgs),
    Recommend(RecommendArgs),
    Cost(CostArgs),
    /// What siteplan knows of the world: list, show or validate it
    #[command(subcommand)]
    Catalog(CatalogCommand),
    Explain(ExplainArgs),
    Schema(SchemaArgs),
    Completions(CompletionsArgs),
}

/// Detect, interview, recommend, design, and write the documents (the main job)
///
/// Writes DEPLOYMENT_TDD.md, 09_DECISIONS.md and siteplan.toml below the spec folder. Where siteplan.toml exists, its
/// answers are replayed: the same repository gives the same bytes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  siteplan plan                                    interview at the terminal, then write
  siteplan plan --defaults ../shop                 never ask; the document says what nobody confirmed
  siteplan plan --set budget=small --set users=80  give some answers, be asked for the rest
  siteplan plan --diff                             show what would change")]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) tree: TreeArgs,
    #[command(flatten)]
    pub(crate) answers: AnswerArgs,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
}

/// Write the files that the design describes: pipeline, rollback, platform files, image, health endpoint, variables
///
/// Replays siteplan.toml and brings the documents up to date too. Edits stay: siteplan keeps the text that it wrote last below
/// .siteplan/base and merges. `--check` reports an edited file until `--keep` has said that its edits are meant. What a person
/// wrote is never replaced unasked: where it stands in the way, nothing is written, the status is 4, and .siteplan/proposed
/// holds what siteplan would write.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  siteplan generate                             write the files of the plan in specs/siteplan.toml
  siteplan generate --diff                      show how the files would change
  siteplan generate --check                     status 1 where the tree differs from the design, for CI
  siteplan generate --only pipeline,rollback    some parts alone
  siteplan generate --force --only Dockerfile   one file, whatever was edited in it
  siteplan generate --keep                      your edits and your own files stay and count as meant
  siteplan generate --defaults ../shop          plan and generate without a question")]
pub(crate) struct GenerateArgs {
    #[command(flatten)]
    pub(crate) tree: TreeArgs,
    #[command(flatten)]
    pub(crate) answers: AnswerArgs,
    #[command(flatten)]
    pub(crate) write: WriteArgs,
    /// Leave files as they are that siteplan did not write or that were edited, write the others, and remember that this is
    /// meant: `--check` accepts these edits from then on
    #[arg(long, conflicts_with = "force")]
    pub(crate) keep: bool,
    /// Parts or files to write alone; with `--force`, a file named here loses all its edits
    #[arg(long, value_parser = OnlyParser, value_name = "PART|FILE,…", value_delimiter = ',')]
    pub(crate) only: Vec<Only>,
    /// Compare the tree with the design and list what differs; writes nothing
    #[arg(long, conflicts_with_all = ["dry_run", "force", "keep"])]
    pub(crate) check: bool,
}

/// Parts of what `generate` writes.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PartName {
    /// The documents and the answers below the spec folder
    Document,
    /// The CI pipeline, or the scripts that stand for one
    Pipeline,
    /// The rollback workflow
    Rollback,
    /// The platform's configuration and infrastructure code
    Platform,
    /// The container image
    Image,
    /// The health endpoint and its contract
    Health,
    /// The example of environment variables
    Environment,
}

/// Print what the repository contains, with evidence
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  siteplan detect
  siteplan detect --format json ../shop | jq .services")]
pub(crate) struct DetectArgs {
    #[command(flatten)]
    pub(crate) tree: TreeArgs,
}

/// Print the options with their confidence and what would change the recommendation
///
/// Needs the application type, expertise, scale and budget; writes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  siteplan recommend
  siteplan recommend --defaults --set budget=free
  siteplan recommend --defaults --compare-with budget=free,scale=medium    before and after
  siteplan recommend --defaults --format json | jq .recommended")]
pub(crate) struct RecommendArgs {
    #[command(flatten)]
    pub(crate) tree: TreeArgs,
    #[command(flatten)]
    pub(crate) answers: AnswerArgs,
    /// Show what other answers or settings would change: ranks, confidence, costs, what is ruled out
    #[arg(long, value_name = "KEY=VALUE", value_delimiter = ',')]
    pub(crate) compare_with: Vec<String>,
}

/// Print what a month costs, line by line, today and as the load grows
///
/// Every environment is included. Where no platform is named it is the one chosen in siteplan.toml, else the recommended one.
/// Writes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  siteplan cost --defaults
  siteplan cost --defaults --set users=800 --set transfer_kb_per_request=40
  siteplan cost --defaults --platform PLATFORM
  siteplan cost --defaults --compare PLATFORM,PLATFORM,PLATFORM
  siteplan cost --defaults --format json | jq '.platforms[0].total'")]
pub(crate) struct CostArgs {
    #[command(flatten)]
    pub(crate) tree: TreeArgs,
    #[command(flatten)]
    pub(crate) answers: AnswerArgs,
    /// The platform; `siteplan catalog list` prints the ids
    #[arg(long, value_name = "ID")]
    pub(crate) platform: Option<String>,
    /// Set platforms side by side
    #[arg(long, value_name = "ID,ID", value_delimiter = ',', conflicts_with = "platform")]
    pub(crate) compare: Vec<String>,
}

/// What is planned for.
#[derive(Debug, Args)]
pub(crate) struct TreeArgs {
    /// Folder of the repository
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) path: PathBuf,
    /// Folder of the documents, relative to the repository
    #[arg(long, value_name = "DIR", default_value = "specs", env = "SITEPLAN_SPEC_PATH", hide_env = true)]
    pub(crate) spec_path: PathBuf,
}

/// Where answers come from.
#[derive(Debug, Args)]
pub(crate) struct AnswerArgs {
    /// File of answers and settings: a siteplan.toml, or `key = value` lines
    #[arg(long, value_name = "FILE", env = "SITEPLAN_ANSWERS", hide_env = true)]
    pub(crate) answers: Option<PathBuf>,
    /// Give an answer or a setting; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Never ask: take every proposed and stated default, and mark each as such
    #[arg(long, env = "SITEPLAN_DEFAULTS", hide_env = true, value_parser = BoolishValueParser::new())]
    pub(crate) defaults: bool,
    /// Date of the plan, where it changes [default: $SOURCE_DATE_EPOCH, else today]
    #[arg(long, value_name = "YYYY-MM-DD", env = "SITEPLAN_DATE", hide_env = true)]
    pub(crate) date: Option<Date>,
}

/// Whether and how files are written.
#[derive(Debug, Args)]
pub(crate) struct WriteArgs {
    /// Print what would be written, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print how the files would change, and write nothing
    #[arg(long)]
    pub(crate) diff: bool,
    /// Replace files that siteplan did not write, or that were edited where the plan changes; .siteplan/backup keeps their text
    #[arg(long)]
    pub(crate) force: bool,
}

/// The parts of `siteplan catalog`.
#[derive(Debug, Subcommand)]
pub(crate) enum CatalogCommand {
    /// Print everything that the catalog holds, by kind
    List,
    /// Print one thing with the sources of its figures
    Show {
        /// Its id, for example a platform's
        id: String,
    },
    /// Check the data: every figure with a source and a date, every reference resolved
    Validate,
}

/// Say what something means: a platform, a question, a setting, a criterion, a database service, a figure, a value
///
/// With a criterion behind a platform: how its value comes about, from the facts with their sources to the result, for the
/// application in a folder or, without one, for a planned application. Questions that are open take their defaults.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  siteplan explain budget
  siteplan explain headroom
  siteplan explain PLATFORM simplicity                        how a value comes about, for a planned application
  siteplan explain PLATFORM cost . --set budget=medium        for the application in this folder
  siteplan explain PLATFORM.limits.request_timeout_seconds    one figure with its source")]
pub(crate) struct ExplainArgs {
    /// An id, a key, or the path of a figure
    #[arg(value_name = "WHAT")]
    pub(crate) what: String,
    /// A criterion, if WHAT is a platform: fit, simplicity, cost, headroom, maturity, portability, reach, team
    #[arg(value_name = "CRITERION")]
    pub(crate) criterion: Option<String>,
    /// Folder of the repository that the value is for
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) answers: AnswerArgs,
}

/// Print the JSON Schema of a record
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  siteplan schema survey > survey.schema.json")]
pub(crate) struct SchemaArgs {
    /// The record
    pub(crate) name: SchemaName,
}

/// Records that have a schema.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SchemaName {
    Brief,
    Survey,
    Recommendation,
    Design,
    Generation,
    Explanation,
    Catalog,
}

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  siteplan completions bash > ~/.local/share/bash-completion/completions/siteplan")]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub(crate) shell: Shell,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Cli;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
