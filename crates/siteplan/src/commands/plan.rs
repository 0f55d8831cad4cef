//! `siteplan plan [PATH]`: detect, interview, recommend, design, and write the documents.

use std::path::Path;

use siteplan_interview::Interview;
use siteplan_model::brief::{Brief, Context};

use crate::cli::{PlanArgs, WriteArgs};
use crate::documents;
use crate::error::{Failure, Outcome};
use crate::exit::Exit;
use crate::missing;
use crate::output::Output;
use crate::ownership::{self, Accepted, Obstacles, Planned};
use crate::pipeline;
use crate::progress;
use crate::report;
use crate::session::{Session, reasons};
use crate::terminal::{self, Approval, Leave};
use crate::writer::{self, Change};

/// Makes the plan and writes it.
pub(crate) fn run(args: &PlanArgs, catalog: Option<&Path>, output: Output) -> Outcome<Exit> {
    let session = Session::open(&args.tree, &args.answers, catalog, output)?;
    let ground = session.ground();
    let recommender = |brief: &Brief, context: &Context| {
        progress::during(output, "weighing the options", || pipeline::options(ground, brief, context))
    };
    let mut interview = pipeline::interview(ground, session.brief.clone(), &recommender)?;
    session.take_up(&mut interview, &args.answers)?;

    let asks = terminal::is_present() && !args.answers.defaults;
    let missing = interview.missing();
    if !missing.is_empty() {
        if !asks {
            return Err(missing::failure(&missing, output)?);
        }
        if terminal::interview(&mut interview, output)? == Leave::Saved {
            return Err(leave(&session, &interview, "left before the end; no document was written")?);
        }
    }
    loop {
        let plan = session.plan(interview.brief(), &reasons(&interview))?;
        report::answers(&plan, output);
        let mut accepted = Accepted::read(&session.folder)?;
        let files = documents::of(&session, &plan, args.write.obstacles(), &mut accepted)?;
        if args.write.is_rehearsal() {
            report::rehearsal(&plan, &files, &args.write, output)?;
            return Ok(Exit::Done);
        }
        if let Err(refusal) = ownership::permit(files.all(), &session.folder) {
            let refusal = refusal.hint("or move it away, or give another folder with --spec-path");
            if missing.is_empty() {
                return Err(refusal);
            }
            // Somebody has just answered these questions at the terminal.
            return Err(refusal.hint(keep(&session, &interview)?));
        }
        if asks && files.all().any(|file| file.action.writes()) {
            match terminal::approve(&mut interview, &plan.design)? {
                Approval::Yes => {}
                Approval::Changed => continue,
                Approval::No => {
                    return Err(leave(&session, &interview, "not approved; no document was written")?);
                }
                Approval::Leave => {
                    return Err(leave(
                        &session,
                        &interview,
                        "left before the approval; no document was written",
                    )?);
                }
            }
        }
        let changes: Vec<Change> = files.all().map(Planned::change).collect();
        writer::write_all(session.folder.root(), &changes)?;
        report::done(&plan, &files, &session.folder, output)?;
        return Ok(Exit::Done);
    }
}

/// Keeps the answers of a person who leaves, and says so.
fn leave(session: &Session, interview: &Interview<'_>, what: &str) -> Outcome<Failure> {
    let kept = keep(session, interview)?;
    Ok(Failure::input_required(what).hint(kept))
}

fn keep(session: &Session, interview: &Interview<'_>) -> Outcome<String> {
    let (brief, records) = documents::brief(session, interview.brief())?;
    let changes: Vec<Change> = records.iter().chain([&brief]).map(Planned::change).collect();
    writer::write_all(session.folder.root(), &changes)?;
    Ok(format!("the answers are kept in `{}`; `siteplan plan` goes on from there", session.folder.brief()))
}

impl WriteArgs {
    /// Whether nothing is to be written.
    pub(crate) fn is_rehearsal(&self) -> bool {
        self.dry_run || self.diff
    }

    /// What happens to texts that siteplan may not replace.
    pub(crate) fn obstacles(&self) -> Obstacles {
        if self.force { Obstacles::Replace } else { Obstacles::Respect }
    }
}
