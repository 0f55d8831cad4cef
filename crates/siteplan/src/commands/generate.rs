//! `siteplan generate [PATH]`: the files that the design describes.

use std::path::Path;

use siteplan_model::brief::{Brief, Context};
use siteplan_model::file::Part;

use crate::cli::{GenerateArgs, PartName};
use crate::documents::{self, Documents};
use crate::error::{Failure, Outcome};
use crate::exit::Exit;
use crate::generated::{self, Entry, Generation};
use crate::keys;
use crate::missing;
use crate::output::Output;
use crate::ownership::{self, Accepted, Obstacles, Planned};
use crate::pipeline::{self, Plan};
use crate::progress;
use crate::report::generation as report;
use crate::scope::Scope;
use crate::session::{Session, reasons, value_of};
use crate::spec_folder::SpecFolder;
use crate::writer::{self, Change};

/// So often a plan is worked out again because it replaces what it was made from.
const PASSES: usize = 3;

/// Works out the files and writes them, shows them, or compares them with what is there.
pub(crate) fn run(args: &GenerateArgs, catalog: Option<&Path>, output: Output) -> Outcome<Exit> {
    let mut session = Session::open(&args.tree, &args.answers, catalog, output)?;
    let mut work = Work::of(&session, args, output)?;
    // A plan that replaces a file and says less without it, replaces less, if anything: this ends by itself. So does what gives
    // files up.
    for _ in 0..PASSES {
        let replaced = session.disregard(&args.tree, work.generation.replaced_foreign())?;
        if !session.regard(&args.tree, &work.generation.given_up())? && !replaced {
            break;
        }
        work = Work::of(&session, args, output)?;
    }
    let folder = &session.folder;
    let Work { plan, generation, documents, accepted } = work;
    let entries: Vec<Entry> = documents
        .iter()
        .flat_map(|documents| document_entries(folder, documents))
        .chain(generation.entries.iter().cloned())
        .collect();
    let disputed = documents.iter().flat_map(|documents| &documents.disputed).chain(&generation.disputed);
    let outcome = report::Outcome {
        folder,
        entries: &entries,
        disputed: &disputed.cloned().collect::<Vec<_>>(),
        has_record: session.stored.is_some(),
        next_steps: &plan.design.next_steps,
    };
    if args.check {
        return report::check(&outcome, &args.write, output);
    }
    if args.write.is_rehearsal() {
        report::rehearsal(&outcome, &args.write, output)?;
        return Ok(Exit::Done);
    }
    let everything = || entries.iter().map(|entry| &entry.planned);
    if let Err(refusal) = ownership::permit(everything(), folder) {
        return Err(refuse(&session, &generation, &outcome, refusal, output)?);
    }
    let decisions = accepted.planned(folder)?;
    let records = documents.iter().flat_map(|documents| &documents.records).chain(&generation.records);
    let changes: Vec<Change> = everything().chain(records).chain(&decisions).map(Planned::change).collect();
    writer::write_all(folder.root(), &changes)?;
    report::done(&outcome, output)?;
    Ok(Exit::Done)
}

/// A plan with what it does to the tree.
struct Work {
    plan: Plan,
    generation: Generation,
    documents: Option<Documents>,
    accepted: Accepted,
}

impl Work {
    fn of(session: &Session, args: &GenerateArgs, output: Output) -> Outcome<Self> {
        let plan = plan(session, args, output)?;
        let folder = &session.folder;
        let scope = Scope::of(&args.only, &plan.files, &session.strays, folder)?;
        let writes = !args.check && !args.write.is_rehearsal();
        if writes && session.stored.is_some() && !scope.holds_documents() {
            keeps_answers(session, &plan.brief)?;
        }
        let mut accepted = Accepted::read(folder)?;
        let obstacles = args.obstacles();
        let generation =
            generated::of(folder, &plan.files, &session.strays, &scope, obstacles, &mut accepted)?;
        let documents = if scope.holds_documents() {
            Some(documents::of(session, &plan, obstacles, &mut accepted)?)
        } else {
            None
        };
        Ok(Self { plan, generation, documents, accepted })
    }
}

/// Fails where a part alone would be written for answers that are not kept: the rest would stay that of another design.
fn keeps_answers(session: &Session, brief: &Brief) -> Outcome<()> {
    let changed = |key: &&str| value_of(&session.brief, key) != value_of(brief, key);
    let mut given = session
        .given()
        .iter()
        .map(|given| keys::gate_of(&given.key).map_or(given.key.as_str(), |gate| gate.key()));
    let Some(key) = given.find(|key| changed(key)) else { return Ok(()) };
    Err(Failure::refused(format!(
        "`--only` leaves the answers as they are, and this run gives another `{key}`; nothing was written"
    ))
    .hint("leave `--only` out, so that every file follows the new answer")
    .hint("or keep the answer first with `siteplan plan`, and then generate the parts one by one"))
}

/// The plan for the answers that there are; nothing is asked, because the plan itself is what `siteplan plan` asks for.
fn plan(session: &Session, args: &GenerateArgs, output: Output) -> Outcome<Plan> {
    let ground = session.ground();
    let recommender = |brief: &Brief, context: &Context| {
        progress::during(output, "weighing the options", || pipeline::options(ground, brief, context))
    };
    let mut interview = pipeline::interview(ground, session.brief.clone(), &recommender)?;
    session.take_up(&mut interview, &args.answers)?;
    let missing = interview.missing();
    if !missing.is_empty() {
        let failure = missing::failure(&missing, output)?;
        return Err(
            failure.hint("or run `siteplan plan` first: it asks these questions and keeps the answers")
        );
    }
    session.plan(interview.brief(), &reasons(&interview))
}

/// The documents among the files, with what each is for.
fn document_entries(folder: &SpecFolder, documents: &Documents) -> impl Iterator<Item = Entry> {
    documents.shown.iter().map(|planned| Entry {
        part: Some(Part::Document),
        purpose: documents::purpose(folder, &planned.path).to_owned(),
        planned: planned.clone(),
        backup: None,
        replaces_foreign: false,
        proposal: None,
        note: documents.losses.iter().find(|(path, _)| *path == planned.path).map(|(_, lost)| lost.clone()),
        lacks: Vec::new(),
    })
}

/// Puts what may not be written beside the records, so that a person can compare, and changes nothing else.
fn refuse(
    session: &Session,
    generation: &Generation,
    outcome: &report::Outcome<'_>,
    refusal: Failure,
    output: Output,
) -> Outcome<Failure> {
    report::refused(outcome, output)?;
    let refusal = report::ways_on(outcome, refusal);
    if generation.proposals.is_empty() {
        return Ok(refusal);
    }
    let changes: Vec<Change> = generation.proposals.iter().map(Planned::change).collect();
    writer::write_all(session.folder.root(), &changes)?;
    let place = session.folder.proposals();
    Ok(refusal.hint(format!("what siteplan would write is in `{place}`, to compare and to copy from")))
}

impl GenerateArgs {
    fn obstacles(&self) -> Obstacles {
        if self.keep { Obstacles::Keep } else { self.write.obstacles() }
    }
}

impl PartName {
    /// The part of a design that a name stands for.
    pub(crate) fn part(self) -> Part {
        match self {
            Self::Document => Part::Document,
            Self::Pipeline => Part::Pipeline,
            Self::Rollback => Part::Rollback,
            Self::Platform => Part::Platform,
            Self::Image => Part::Image,
            Self::Health => Part::Health,
            Self::Environment => Part::Environment,
        }
    }
}
