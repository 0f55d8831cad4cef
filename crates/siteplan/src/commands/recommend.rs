//! `siteplan recommend [PATH]`: the options with their confidence, and what would change the recommendation. Writes nothing.

use std::path::Path;

use siteplan_model::brief::{Brief, Context};

use crate::cli::RecommendArgs;
use crate::error::Outcome;
use crate::exit::Exit;
use crate::missing;
use crate::output::{self, Output};
use crate::pipeline;
use crate::progress;
use crate::session::{CONTEXT, Session, take_default};
use crate::terminal::{self, show};

/// Prints the Recommendation.
pub(crate) fn run(args: &RecommendArgs, catalog: Option<&Path>, output: Output) -> Outcome<Exit> {
    let session = Session::open(&args.tree, &args.answers, catalog, output)?;
    let ground = session.ground();
    let recommender = |brief: &Brief, context: &Context| {
        progress::during(output, "weighing the options", || pipeline::options(ground, brief, context))
    };
    let mut interview = pipeline::interview(ground, session.brief.clone(), &recommender)?;
    session.give(&mut interview)?;

    let open: Vec<_> = CONTEXT.into_iter().filter(|gate| interview.is_open(*gate)).collect();
    if !open.is_empty() {
        if args.answers.defaults {
            for gate in open {
                take_default(&mut interview, gate)?;
            }
        } else if terminal::is_present() {
            terminal::ask(&mut interview, &open)?;
        } else {
            let questions = interview.missing().into_iter().filter(|missing| open.contains(&missing.gate));
            return Err(missing::failure(&questions.collect::<Vec<_>>(), output)?);
        }
    }

    let recommendation = interview.recommendation();
    if output.is_text() {
        output.result(&show::recommendation(&recommendation))?;
    } else {
        output::json(&*recommendation)?;
    }
    Ok(Exit::Done)
}
