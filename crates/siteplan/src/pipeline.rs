//! The way of a plan through the stages: detect, interview, recommend, design, emit. Each is a function from values to values.

use std::collections::BTreeMap;
use std::path::Path;

use siteplan_catalog::Catalog;
use siteplan_catalog::reasoning::CriterionId;
use siteplan_catalog::signals::Signals;
use siteplan_cost::{Depth, Quote, quote};
use siteplan_design::design;
use siteplan_detect::DetectError;
use siteplan_emit::documents::deployment_tdd;
use siteplan_interview::{AnswerErrors, Interview};
use siteplan_model::brief::{Brief, Context};
use siteplan_model::design::Design;
use siteplan_model::explanation::Explanation;
use siteplan_model::file::File;
use siteplan_model::gate::Gate;
use siteplan_model::id::PlatformId;
use siteplan_model::recommendation::Recommendation;
use siteplan_model::survey::Survey;
use siteplan_recommend::{choices, explain, open_choices, recommend, with_stated_needs};

use crate::error::{Failure, Outcome};

/// What every stage after `detect` stands on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ground<'a> {
    /// What is known of the world.
    pub(crate) catalog: &'a Catalog,
    /// What was found in the repository.
    pub(crate) survey: &'a Survey,
    /// Folder of the documents, relative to the root.
    pub(crate) spec_path: &'a str,
}

/// What the stages make of one complete Brief.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The answers that it rests on.
    pub(crate) brief: Brief,
    /// The options.
    pub(crate) recommendation: Recommendation,
    /// The Design for the chosen option.
    pub(crate) design: Design,
    /// The design document.
    pub(crate) document: File,
    /// The files that the design describes.
    pub(crate) files: Vec<File>,
}

/// Detect: a tree → its Survey. `own` are the files that siteplan wrote itself, sorted.
pub(crate) fn detect(signals: &Signals, root: &Path, spec_path: &str, own: &[String]) -> Outcome<Survey> {
    let root_name = root.display().to_string();
    let options = siteplan_detect::Options { spec_path, root_name: &root_name, own, signals };
    siteplan_detect::survey(root, &options).map_err(|error: DetectError| Failure::input(error.to_string()))
}

/// Interview: the answers so far → the questions that are left.
pub(crate) fn interview<'a>(
    ground: Ground<'a>,
    brief: Brief,
    recommender: &'a dyn Fn(&Brief, &Context) -> Recommendation,
) -> Outcome<Interview<'a>> {
    Interview::new(ground.catalog, ground.survey, brief, recommender).map_err(|AnswerErrors(errors)| {
        let lines = errors.iter().map(ToString::to_string).collect::<Vec<_>>();
        match &lines[..] {
            [line] => Failure::input(line.clone()),
            _ => Failure::input(format!("{} answers are wrong", lines.len())).details(lines),
        }
    })
}

/// Recommend: the answers → the options.
pub(crate) fn options(ground: Ground<'_>, brief: &Brief, context: &Context) -> Recommendation {
    recommend(siteplan_recommend::Inputs { catalog: ground.catalog, survey: ground.survey, brief, context })
}

/// Cost: what a platform would cost for the answers, as `recommend` compares it.
pub(crate) fn cost(
    ground: Ground<'_>,
    brief: &Brief,
    context: &Context,
    platform: &PlatformId,
) -> Outcome<Quote> {
    let Ground { catalog, survey, .. } = ground;
    let choices = open_choices(siteplan_recommend::Inputs { catalog, survey, brief, context });
    let survey = &*with_stated_needs(catalog, survey, &brief.settings);
    quote(catalog, survey, context, &choices, platform, Depth::Full)
        .ok_or_else(|| Failure::bug(format!("the catalog has lost the platform `{platform}`")))
}

/// Explain: how a platform's value on a criterion comes about.
pub(crate) fn explanation(
    ground: Ground<'_>,
    brief: &Brief,
    platform: &PlatformId,
    criterion: CriterionId,
) -> Outcome<Explanation> {
    let Ground { catalog, survey, .. } = ground;
    let context = brief.answers.context();
    let context = context.ok_or_else(|| Failure::bug("an explanation was asked for without answers"))?;
    explain(siteplan_recommend::Inputs { catalog, survey, brief, context: &context }, platform, criterion)
        .ok_or_else(|| Failure::bug(format!("the catalog has lost the platform `{platform}`")))
}

/// Recommend, design, emit: a complete Brief → the plan. `because` tells why an answer that nobody gave is what it is.
pub(crate) fn plan(ground: Ground<'_>, brief: &Brief, because: &BTreeMap<Gate, String>) -> Outcome<Plan> {
    let Ground { catalog, survey, spec_path } = ground;
    let (Some(context), Some(platform)) = (brief.answers.context(), &brief.answers.platform) else {
        return Err(Failure::bug("a plan was begun before its answers were complete"));
    };
    let recommendation = options(ground, brief, &context);
    let survey = &*with_stated_needs(catalog, survey, &brief.settings);
    let choices = choices(siteplan_recommend::Inputs { catalog, survey, brief, context: &context });
    let quote = quote(catalog, survey, &context, &choices, platform, Depth::Full)
        .ok_or_else(|| Failure::bug(format!("the catalog has lost the platform `{platform}`")))?;
    let design = design(siteplan_design::Inputs {
        catalog,
        survey,
        brief,
        recommendation: &recommendation,
        quote: &quote,
        spec_path,
        because,
    })
    .map_err(|error| Failure::input("there is no design for these answers").because(&error))?;
    let files = siteplan_emit::files(&design);
    let document = deployment_tdd(&design, &files);
    Ok(Plan { brief: brief.clone(), recommendation, design, document, files })
}
