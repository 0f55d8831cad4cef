//! `siteplan explain PLATFORM CRITERION [PATH]`: how a platform's value comes about, for the application in a folder or for a
//! planned one.

use std::path::Path;

use siteplan_catalog::Catalog;
use siteplan_catalog::reasoning::CriterionId;
use siteplan_model::brief::{Brief, Context};
use siteplan_model::explanation::Explanation;
use siteplan_model::survey::Survey;

use crate::cli::{ExplainArgs, TreeArgs};
use crate::clock;
use crate::costs::known_platform;
use crate::error::{Failure, Outcome};
use crate::exit::Exit;
use crate::given;
use crate::nearest::suggestion;
use crate::output::{self, Output};
use crate::pipeline::{self, Ground};
use crate::session::{self, Session, accept_context};
use crate::terminal::{self, show};

/// Where documents are looked for when nobody says otherwise.
const SPEC_PATH: &str = "specs";
/// The answers file there, for messages.
const BRIEF: &str = "specs/siteplan.toml";

/// Prints the explanation of one value.
pub(crate) fn run(
    args: &ExplainArgs,
    criterion: &str,
    catalog: &Catalog,
    folder: Option<&Path>,
    output: Output,
) -> Outcome<Exit> {
    let criterion = known_criterion(criterion)?;
    let platform = known_platform(catalog, &args.what)?;
    let explain = |ground: Ground<'_>, brief: Brief, given: &[given::Given]| -> Outcome<Explanation> {
        let recommender = |brief: &Brief, context: &Context| pipeline::options(ground, brief, context);
        let mut interview = pipeline::interview(ground, brief, &recommender)?;
        session::give(&mut interview, given, output)?;
        session::disagreements(&interview, &[], given, BRIEF, output)?;
        accept_context(&mut interview)?;
        session::tell_load(catalog, interview.brief(), output);
        pipeline::explanation(ground, interview.brief(), &platform, criterion)
    };
    let explanation = if let Some(path) = &args.path {
        let tree = TreeArgs { path: path.clone(), spec_path: SPEC_PATH.into() };
        let session = Session::open(&tree, &args.answers, folder, output)?;
        explain(session.ground(), session.brief.clone(), session.given())?
    } else {
        let given = given::collect(catalog, args.answers.answers.as_deref(), &args.answers.set)?;
        let date = clock::given_date(args.answers.date)?.unwrap_or_else(clock::today);
        let survey = Survey::nothing(".", "planned");
        let ground = Ground { catalog, survey: &survey, spec_path: SPEC_PATH };
        output.note("for a planned application; name a folder to have it explained for what is in it");
        explain(ground, Brief::new(date), &given)?
    };
    if output.is_text() {
        output.result(&terminal::shown(show::explanation(&explanation)))?;
    } else {
        output::json(&explanation)?;
    }
    Ok(Exit::Done)
}

fn known_criterion(word: &str) -> Outcome<CriterionId> {
    CriterionId::ALL.into_iter().find(|criterion| criterion.as_str() == word).ok_or_else(|| {
        let known = CriterionId::ALL.map(CriterionId::as_str);
        Failure::input(format!("there is no criterion `{word}`{}", suggestion(word, known)))
            .hint(format!("the criteria are {}", known.join(", ")))
    })
}
