//! `siteplan cost [PATH]`: the itemised cost of a month on one platform, or of several side by side. Writes nothing.

use std::path::Path;

use siteplan_model::brief::{Brief, Context};
use siteplan_model::id::PlatformId;

use crate::cli::CostArgs;
use crate::costs::{Costs, known_platform};
use crate::error::{Failure, Outcome};
use crate::exit::Exit;
use crate::output::{self, Output};
use crate::pipeline;
use crate::progress;
use crate::session::{Session, settle};
use crate::terminal::{self, show};

/// Prints the costs.
pub(crate) fn run(args: &CostArgs, catalog: Option<&Path>, output: Output) -> Outcome<Exit> {
    let session = Session::open(&args.tree, &args.answers, catalog, output)?;
    let asked = args.compare.iter().chain(&args.platform).map(|word| known_platform(&session.catalog, word));
    let asked = asked.collect::<Outcome<Vec<PlatformId>>>()?;
    let ground = session.ground();
    let recommender = |brief: &Brief, context: &Context| {
        progress::during(output, "weighing the options", || pipeline::options(ground, brief, context))
    };
    let mut interview = pipeline::interview(ground, session.brief.clone(), &recommender)?;
    session.give(&mut interview)?;
    settle(&mut interview, &args.answers, output)?;
    session.tell_load(interview.brief());

    let recommendation = interview.recommendation();
    let brief = interview.brief();
    let chosen = || brief.answers.platform.clone().unwrap_or_else(|| recommendation.recommended.clone());
    let mut platforms: Vec<PlatformId> = Vec::new();
    for platform in if asked.is_empty() { vec![chosen()] } else { asked } {
        if !platforms.contains(&platform) {
            platforms.push(platform);
        }
    }
    let context = brief
        .answers
        .context()
        .ok_or_else(|| Failure::bug("a cost was asked for before its answers were complete"))?;
    let quotes = platforms
        .iter()
        .map(|platform| pipeline::cost(ground, brief, &context, platform))
        .collect::<Outcome<Vec<_>>>()?;
    let costs = Costs::of(&session.catalog, &recommendation, quotes);
    if output.is_text() {
        output.result(&terminal::shown(show::costs(&costs)))?;
    } else {
        output::json(&costs)?;
    }
    Ok(Exit::Done)
}
