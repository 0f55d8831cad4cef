//! A plan → everything that it writes below the spec folder, with what happens to each file.

use siteplan_emit::documents::decisions;
use siteplan_model::brief::Brief;

use crate::brief_file;
use crate::error::{Failure, Outcome};
use crate::gates_log;
use crate::ownership::{self, Foreign, Planned};
use crate::pipeline::Plan;
use crate::session::Session;
use crate::stored::StoredPlan;

/// The files of a plan, those for people first.
pub(crate) fn of(session: &Session, plan: &Plan, foreign: Foreign) -> Outcome<Vec<Planned>> {
    let folder = &session.folder;
    let mut files = ownership::document(folder, &plan.document.contents, foreign)?;
    let log = folder.read(&folder.decisions())?;
    let log = decisions(log.as_deref(), &plan.design).map_err(|error| {
        Failure::refused(format!("`{}` cannot be updated; nothing was written", folder.decisions()))
            .because(&error)
    })?;
    files.push(Planned::own(folder, folder.decisions(), log)?);
    files.extend(brief(session, &plan.brief)?);
    let stored = StoredPlan::new(&session.catalog, &plan.brief, &plan.recommendation, &plan.design)?;
    files.push(Planned::own(folder, folder.plan(), stored.text()?)?);
    let gates = gates_log::extended(folder.read(&folder.gates())?.as_deref(), &plan.brief)?;
    files.push(Planned::own(folder, folder.gates(), gates)?);
    Ok(files)
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
