//! A plan → everything that it writes below the spec folder, with what happens to each file.

use siteplan_emit::documents::{DecisionError, decision, decision_in, with_decision};
use siteplan_model::brief::Brief;
use siteplan_model::design::Design;

use crate::brief_file;
use crate::error::{Failure, Outcome};
use crate::gates_log;
use crate::ownership::{
    Accepted, Action, Judgement, Kept, LineEnds, Obstacles, Planned, Verdict, judge, loss,
};
use crate::pipeline::Plan;
use crate::session::Session;
use crate::spec_folder::{BRIEF, DECISIONS, DOCUMENT, SpecFolder};
use crate::stored::StoredPlan;

/// The documents of a plan.
#[derive(Clone, Debug, Default)]
pub(crate) struct Documents {
    /// Files for people.
    pub(crate) shown: Vec<Planned>,
    /// siteplan's own records.
    pub(crate) records: Vec<Planned>,
    /// Where a person and the plan changed the same places; the person's words stay.
    pub(crate) disputed: Vec<Disputed>,
    /// Documents that have lost more than an edit takes: each path, and what is lost.
    pub(crate) losses: Vec<(String, String)>,
}

/// A document that keeps a person's words where the plan says something else.
#[derive(Clone, Debug)]
pub(crate) struct Disputed {
    /// Its path.
    pub(crate) path: String,
    /// Where the whole text lies that siteplan would have written.
    pub(crate) proposal: String,
    /// The places.
    pub(crate) places: Vec<Kept>,
}

impl Documents {
    /// All of them, those for people first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Planned> {
        self.shown.iter().chain(&self.records)
    }
}

/// The files of a plan.
pub(crate) fn of(
    session: &Session,
    plan: &Plan,
    obstacles: Obstacles,
    accepted: &mut Accepted,
) -> Outcome<Documents> {
    let folder = &session.folder;
    let mut documents = document(folder, &plan.document.contents, obstacles, accepted)?;
    documents.log(folder, &plan.design)?;
    documents.weigh(&plan.document.contents, obstacles, accepted);
    let (brief, brief_records) = brief(session, &plan.brief)?;
    documents.shown.push(brief);
    documents.records.extend(brief_records);
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
pub(crate) fn brief(session: &Session, brief: &Brief) -> Outcome<(Planned, Vec<Planned>)> {
    let folder = &session.folder;
    let existing = session.brief_text.as_deref();
    let ends = LineEnds::of(existing.unwrap_or_default());
    let text = brief_file::write(&folder.brief(), existing.map(|text| ends.plain(text)).as_deref(), brief)?;
    Ok((
        Planned::own(folder, folder.brief(), ends.styled(&text))?,
        Planned::base(folder, BRIEF, text)?.collect(),
    ))
}

/// The design document with its base, and the copy of what `--force` replaces. What a person and the plan both changed keeps
/// the person's words; the whole text that the plan wants is put beside the base then.
fn document(
    folder: &SpecFolder,
    new: &str,
    obstacles: Obstacles,
    accepted: &mut Accepted,
) -> Outcome<Documents> {
    let path = folder.document();
    let before = folder.read(&path)?;
    let base = folder.read_base(DOCUMENT)?;
    let Judgement { verdict, text } = judge(&path, before.as_deref(), base.as_deref(), new);
    let (mut action, mut kept) = match verdict {
        // Both write it: edits are as it should be.
        Verdict::Clear(Action::Edited) => (Action::Kept, Vec::new()),
        Verdict::Clear(action) => (action, Vec::new()),
        // Where both changed nothing else, the text stays altogether.
        Verdict::Conflict(kept) if before.as_ref() == Some(&text) => (Action::Kept, kept),
        Verdict::Conflict(kept) => (Action::Merged, kept),
        Verdict::Broken(_) => (Action::Conflict, Vec::new()),
    };
    let mut documents = Documents::default();
    let (mut after, foreign) = (text, action == Action::Foreign);
    let replaces = foreign || !kept.is_empty();
    if replaces && obstacles == Obstacles::Replace {
        let old = before.clone().unwrap_or_default();
        documents.shown.push(Planned::own(folder, folder.backup(&path, &old), old)?);
        (action, after, kept) = (Action::Updated, new.to_owned(), Vec::new());
    }
    if foreign && obstacles == Obstacles::Keep {
        accepted.decline(&path, new);
    }
    if foreign && accepted.is_declined(&path, new) && action != Action::Updated {
        action = Action::Kept;
    } else {
        documents.records.extend(Planned::base(folder, DOCUMENT, new.to_owned())?);
    }
    documents.dispute(folder, &path, kept, action, new)?;
    // The backup is told before what replaces it.
    documents.shown.push(Planned { path, action, before, after: Some(after) });
    Ok(documents)
}

impl Documents {
    /// The decision log: siteplan's own record in it, merged with what a person wrote into the record, everything else as it is.
    fn log(&mut self, folder: &SpecFolder, design: &Design) -> Outcome<()> {
        let path = folder.decisions();
        let unusable = |error: DecisionError| {
            Failure::refused(format!("`{path}` cannot be updated; nothing was written")).because(&error)
        };
        let existing = folder.read(&path)?;
        let current = existing.as_deref().map(decision_in).transpose().map_err(unusable)?.flatten();
        let base = folder.read_base(DECISIONS)?;
        let wanted = decision(design);
        let Judgement { verdict, text } = judge(&path, current.as_deref(), base.as_deref(), &wanted);
        let lost = current.as_deref().and_then(|current| loss(&wanted, current));
        let (action, kept) = match verdict {
            Verdict::Clear(Action::Edited) => (Action::Kept, Vec::new()),
            Verdict::Clear(action) => (action, Vec::new()),
            Verdict::Conflict(kept) => (Action::Merged, kept),
            Verdict::Broken(_) => (Action::Conflict, Vec::new()),
        };
        // Between siteplan's markers siteplan may write; where nothing tells what is a person's there, the whole log is kept.
        if let (Action::Foreign, Some(log)) = (action, &existing) {
            self.shown.push(Planned::own(folder, folder.backup(&path, log), log.clone())?);
        }
        let record = if action == Action::Foreign { &wanted } else { &text };
        let after = with_decision(existing.as_deref(), record).map_err(unusable)?;
        let whole = with_decision(existing.as_deref(), &wanted).map_err(unusable)?;
        self.dispute(folder, &path, kept, action, &whole)?;
        let mut planned = Planned::own(folder, path.clone(), after)?;
        if planned.action == Action::Updated && action == Action::Merged {
            planned.action = Action::Merged;
        }
        if planned.action == Action::Unchanged {
            self.losses.extend(lost.map(|lost| (path, lost)));
        }
        self.shown.push(planned);
        self.records.extend(Planned::base(folder, DECISIONS, wanted)?);
        Ok(())
    }

    /// Notes where a person's words stay and puts the whole text that the plan wants below the spec folder; takes such a text away
    /// that is out of date.
    fn dispute(
        &mut self,
        folder: &SpecFolder,
        path: &str,
        places: Vec<Kept>,
        action: Action,
        wanted: &str,
    ) -> Outcome<()> {
        let name = path.rsplit('/').next().unwrap_or(path);
        if !places.is_empty() {
            self.records.extend(Planned::proposal(folder, name, Some(wanted))?);
            self.disputed.push(Disputed { path: path.to_owned(), proposal: folder.proposed(name), places });
        } else if action != Action::Kept {
            self.records.extend(Planned::proposal(folder, name, None)?);
        }
        Ok(())
    }

    /// Holds edited documents against what they lost: a person may say that this is meant.
    fn weigh(&mut self, wanted: &str, obstacles: Obstacles, accepted: &mut Accepted) {
        for file in &mut self.shown {
            let Some(text) = file.after.as_deref() else { continue };
            if accepted.is_declined(&file.path, wanted) {
                continue;
            }
            if file.action == Action::Kept {
                self.losses.extend(loss(wanted, text).map(|lost| (file.path.clone(), lost)));
            }
            if !self.losses.iter().any(|(path, _)| *path == file.path) {
                continue;
            }
            if obstacles == Obstacles::Keep {
                accepted.accept(&file.path, text);
            }
            let is_meant = accepted.is_edit(&file.path, text);
            file.action = if is_meant { Action::Kept } else { Action::Edited };
        }
    }
}
