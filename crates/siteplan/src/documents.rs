//! A plan → everything that it writes below the spec folder, with what happens to each file.

use siteplan_emit::documents::decisions;
use siteplan_model::brief::Brief;

use crate::brief_file;
use crate::error::{Failure, Outcome};
use crate::gates_log;
use crate::ownership::{Action, Judgement, Kept, Obstacles, Planned, Verdict, judge};
use crate::pipeline::Plan;
use crate::session::Session;
use crate::spec_folder::SpecFolder;
use crate::stored::StoredPlan;

/// The documents of a plan.
#[derive(Clone, Debug)]
pub(crate) struct Documents {
    /// Files for people.
    pub(crate) shown: Vec<Planned>,
    /// siteplan's own records.
    pub(crate) records: Vec<Planned>,
    /// Places of the design document that both a person and the plan changed; the person's words stay.
    pub(crate) kept: Vec<Kept>,
}

impl Documents {
    /// All of them, those for people first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Planned> {
        self.shown.iter().chain(&self.records)
    }
}

/// The files of a plan.
pub(crate) fn of(session: &Session, plan: &Plan, obstacles: Obstacles) -> Outcome<Documents> {
    let folder = &session.folder;
    let mut documents = document(folder, &plan.document.contents, obstacles)?;
    let log = folder.read(&folder.decisions())?;
    let log = decisions(log.as_deref(), &plan.design).map_err(|error| {
        Failure::refused(format!("`{}` cannot be updated; nothing was written", folder.decisions()))
            .because(&error)
    })?;
    documents.shown.push(Planned::own(folder, folder.decisions(), log)?);
    let [brief, brief_base] = brief(session, &plan.brief)?;
    documents.shown.push(brief);
    documents.records.push(brief_base);
    let stored = StoredPlan::new(&session.catalog, &plan.brief, &plan.recommendation, &plan.design)?;
    documents.records.push(Planned::own(folder, folder.plan(), stored.text()?)?);
    let gates = gates_log::extended(folder.read(&folder.gates())?.as_deref(), &plan.brief)?;
    documents.records.push(Planned::own(folder, folder.gates(), gates)?);
    Ok(documents)
}

/// What a file below the spec folder is for, in a few words.
pub(crate) fn purpose(folder: &SpecFolder, path: &str) -> &'static str {
    match path {
        _ if path == folder.document() => "the deployment design",
        _ if path == folder.decisions() => "the decision log",
        _ if path == folder.brief() => "the answers",
        _ => "the text that was replaced",
    }
}

/// The brief file with its base: what tells, next time, which answers were changed by hand.
pub(crate) fn brief(session: &Session, brief: &Brief) -> Outcome<[Planned; 2]> {
    let folder = &session.folder;
    let text = brief_file::write(&folder.brief(), session.brief_text.as_deref(), brief)?;
    Ok([
        Planned::own(folder, folder.brief(), text.clone())?,
        Planned::own(folder, folder.brief_base(), text)?,
    ])
}

/// The design document with its base, and the copy of what `--force` replaces. What a person and the plan both changed keeps
/// the person's words; the whole text that the plan wants is put beside the base then.
fn document(folder: &SpecFolder, new: &str, obstacles: Obstacles) -> Outcome<Documents> {
    let path = folder.document();
    let before = folder.read(&path)?;
    let base = folder.read(&folder.base())?;
    let Judgement { verdict, text } = judge(&path, before.as_deref(), base.as_deref(), new);
    let (mut action, mut kept) = match verdict {
        Verdict::Clear(action) => (action, Vec::new()),
        Verdict::Conflict(kept) => (Action::Merged, kept),
        Verdict::Broken(_) => (Action::Conflict, Vec::new()),
    };
    let mut documents = Documents { shown: Vec::new(), records: Vec::new(), kept: Vec::new() };
    let (mut after, foreign) = (text, action == Action::Foreign);
    let replaces = foreign || !kept.is_empty();
    if replaces && obstacles == Obstacles::Replace {
        let old = before.clone().unwrap_or_default();
        documents.shown.push(Planned::own(folder, folder.backup(&path, &old), old)?);
        (action, after, kept) = (Action::Updated, new.to_owned(), Vec::new());
    }
    if foreign && obstacles == Obstacles::Keep {
        action = Action::Kept;
    } else {
        documents.records.push(Planned::own(folder, folder.base(), new.to_owned())?);
    }
    let proposal = folder.proposed("DEPLOYMENT_TDD.md");
    if !kept.is_empty() {
        documents.records.push(Planned::own(folder, proposal, new.to_owned())?);
    } else if action != Action::Kept {
        documents.records.extend(Planned::own_gone(folder, proposal)?);
    }
    // The backup is told before what replaces it.
    documents.shown.push(Planned { path, action, before, after: Some(after) });
    documents.kept = kept;
    Ok(documents)
}
