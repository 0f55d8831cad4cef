//! `siteplan recommend [PATH]`: the options with their confidence, and what would change the recommendation. Writes nothing.

use std::path::Path;

use siteplan_interview::Interview;
use siteplan_model::brief::{Brief, Context};

use crate::cli::RecommendArgs;
use crate::comparison::Comparison;
use crate::error::{Failure, Outcome};
use crate::exit::Exit;
use crate::given::{self, Given};
use crate::output::{self, Output};
use crate::pipeline;
use crate::progress;
use crate::session::{self, Session, accept_context, settle};
use crate::terminal::{self, show};

/// Prints the Recommendation, or what changed answers change about it.
pub(crate) fn run(args: &RecommendArgs, catalog: Option<&Path>, output: Output) -> Outcome<Exit> {
    let session = Session::open(&args.tree, &args.answers, catalog, output)?;
    let changes = given::changes(&session.catalog, &args.compare_with)?;
    let ground = session.ground();
    let recommender = |brief: &Brief, context: &Context| {
        progress::during(output, "weighing the options", || pipeline::options(ground, brief, context))
    };
    let mut interview = pipeline::interview(ground, session.brief.clone(), &recommender)?;
    session.give(&mut interview)?;
    settle(&mut interview, &args.answers, output)?;
    session.tell_load(interview.brief());
    if !changes.is_empty() {
        let mut other = pipeline::interview(ground, interview.brief().clone(), &recommender)?;
        session::give(&mut other, &changes, output)?;
        let given = [session.given(), &changes].concat();
        session::disagreements(&other, &interview.conflicts(), &given, &session.folder.brief(), output)?;
        accept_context(&mut other)?;
        return compare(&interview, &other, &changes, output);
    }

    let recommendation = interview.recommendation();
    if output.is_text() {
        let context = interview.brief().answers.context();
        let context = context.ok_or_else(|| Failure::bug("options without answers"))?;
        let prices = pipeline::cost(ground, interview.brief(), &context, &recommendation.recommended)?;
        output.result(&terminal::shown(show::recommendation(&recommendation, &prices.report.lines)))?;
    } else {
        output::json(&*recommendation)?;
    }
    Ok(Exit::Done)
}

fn compare(
    before: &Interview<'_>,
    after: &Interview<'_>,
    changes: &[Given],
    output: Output,
) -> Outcome<Exit> {
    let pairs = changes.iter().map(|given| (given.key.clone(), given.words.clone())).collect();
    let comparison = Comparison::of(&before.recommendation(), &after.recommendation(), pairs);
    if output.is_text() {
        output.result(&terminal::shown(show::comparison(&comparison)))?;
    } else {
        output::json(&comparison)?;
    }
    Ok(Exit::Done)
}
