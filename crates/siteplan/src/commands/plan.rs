//! `siteplan plan [PATH]`: detect, interview, recommend, design, and write the documents.

use std::path::Path;

use siteplan_emit::decisions;
use siteplan_model::brief::{Brief, Context};

use crate::brief_file;
use crate::cli::{PlanArgs, WriteArgs};
use crate::error::{Failure, Outcome};
use crate::exit::Exit;
use crate::gates_log;
use crate::missing;
use crate::output::Output;
use crate::ownership::{self, Foreign, Planned};
use crate::pipeline::{self, Plan};
use crate::progress;
use crate::report;
use crate::session::{Session, reasons};
use crate::stored::StoredPlan;
use crate::terminal;
use crate::writer::{self, NewText};

/// Makes the plan and writes it.
pub(crate) fn run(args: &PlanArgs, catalog: Option<&Path>, output: Output) -> Outcome<Exit> {
    let session = Session::open(&args.tree, &args.answers, catalog, output)?;
    let ground = session.ground();
    let recommender = |brief: &Brief, context: &Context| {
        progress::during(output, "weighing the options", || pipeline::options(ground, brief, context))
    };
    let mut interview = pipeline::interview(ground, session.brief.clone(), &recommender)?;
    session.give(&mut interview)?;
    session.tell_changes(&interview);

    let asks = terminal::is_present() && !args.answers.defaults;
    if args.answers.defaults {
        interview.accept_defaults();
    }
    let missing = interview.missing();
    if !missing.is_empty() {
        if !asks {
            return Err(missing::failure(&missing, output)?);
        }
        if terminal::interview(&mut interview, output)? == terminal::Leave::Saved {
            return save(&session, interview.brief());
        }
    }

    let plan = session.plan(interview.brief(), &reasons(&interview))?;
    let files = files(&session, &plan, args.write.foreign())?;
    if args.write.is_rehearsal() {
        report::rehearsal(&plan, &files, &args.write, output)?;
        return Ok(Exit::Done);
    }
    ownership::permit(&files, &session.folder)?;
    let writes: Vec<NewText> = files.iter().filter_map(Planned::to_write).collect();
    if asks && !missing.is_empty() && !terminal::approve(&mut interview, &plan.design)? {
        return Err(Failure::interrupted());
    }
    writer::write_all(session.folder.root(), &writes)?;
    report::done(&plan, &files, output)?;
    Ok(Exit::Done)
}

/// Everything that a plan writes below the spec folder, with what happens to each file.
fn files(session: &Session, plan: &Plan, foreign: Foreign) -> Outcome<Vec<Planned>> {
    let folder = &session.folder;
    let mut files = ownership::document(folder, &plan.document.contents, foreign)?;
    let log = folder.read(&folder.decisions())?;
    let log = decisions(log.as_deref(), &plan.design).map_err(|error| {
        Failure::refused(format!("`{}` cannot be updated; nothing was written", folder.decisions()))
            .because(&error)
    })?;
    files.push(Planned::own(folder, folder.decisions(), log)?);
    let brief = brief_file::write(&folder.brief(), session.brief_text.as_deref(), &plan.brief)?;
    files.push(Planned::own(folder, folder.brief(), brief)?);
    let stored = StoredPlan::new(&session.catalog, &plan.brief, &plan.recommendation, &plan.design)?;
    files.push(Planned::own(folder, folder.plan(), stored.text()?)?);
    let gates = gates_log::extended(folder.read(&folder.gates())?.as_deref(), &plan.brief)?;
    files.push(Planned::own(folder, folder.gates(), gates)?);
    Ok(files)
}

/// Keeps the answers given so far, for a person who leaves in the middle.
fn save(session: &Session, brief: &Brief) -> Outcome<Exit> {
    let folder = &session.folder;
    let text = brief_file::write(&folder.brief(), session.brief_text.as_deref(), brief)?;
    writer::write_all(folder.root(), &[NewText { path: folder.brief(), text }])?;
    Err(Failure::input_required(format!(
        "left before the end; the answers so far are in `{}`",
        folder.brief()
    ))
    .hint("`siteplan plan` goes on from there"))
}

impl WriteArgs {
    fn is_rehearsal(&self) -> bool {
        self.dry_run || self.diff
    }

    fn foreign(&self) -> Foreign {
        if self.force { Foreign::Replace } else { Foreign::Respect }
    }
}
