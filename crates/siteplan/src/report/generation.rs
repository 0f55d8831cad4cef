//! What `generate` says: each file with what happens to it and what it is for, as a table for people and as JSON for programs.

use std::fmt::Write as _;

use anstyle::Style;
use schemars::JsonSchema;
use serde::Serialize;
use siteplan_model::design::NextStep;
use siteplan_model::file::Part;

use super::{diff, would};
use crate::cli::WriteArgs;
use crate::documents::Disputed;
use crate::error::{self, Failure};
use crate::exit::Exit;
use crate::generated::Entry;
use crate::output::{self, Output};
use crate::ownership::Action;
use crate::spec_folder::SpecFolder;
use crate::terminal::{QUIET, Row, Side, WARNING, code, table};

/// The schema name of the result.
const SCHEMA: &str = "siteplan/generation@1";

/// What a run of `generate` comes to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome<'a> {
    /// The repository.
    pub(crate) folder: &'a SpecFolder,
    /// Its files.
    pub(crate) entries: &'a [Entry],
    /// Documents where a person's words stay.
    pub(crate) disputed: &'a [Disputed],
    /// Whether the whole design is on record, for programs that read it.
    pub(crate) has_record: bool,
    /// What comes after the files.
    pub(crate) next_steps: &'a [NextStep],
}

/// The result of `siteplan generate` for programs.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct GenerationResult {
    /// Always `siteplan/generation@1`.
    schema: String,
    /// Whether the files were written; with `--check`, `--dry-run` and `--diff` nothing is.
    written: bool,
    /// Whether the tree was what the design describes, edits included that a person has accepted.
    clean: bool,
    /// The files, documents first.
    files: Vec<FileResult>,
}

/// One file.
#[derive(Debug, Serialize, JsonSchema)]
struct FileResult {
    /// Path relative to the repository, with `/`.
    path: String,
    /// What it belongs to; absent for a file that the design no longer describes.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<Part>,
    /// What it is for.
    purpose: String,
    /// What happened or would happen.
    action: Action,
    /// How it would change, as a unified diff, with `--diff`.
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
    /// Where the replaced text is kept, with `--force`.
    #[serde(skip_serializing_if = "Option::is_none")]
    backup: Option<String>,
    /// Where the text lies that siteplan may not write, after a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    proposal: Option<String>,
    /// What else is to be said of it: why a merge failed, what a document has lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// What the design wants of a person's own file and it does not say, one line each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lacks: Vec<String>,
}

/// Whether diffs are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Diffs {
    Wanted,
    Unwanted,
}

/// Lines of a person's file that are named as lacking; the JSON has all of them.
const LACKS_SHOWN: usize = 8;

/// Tells what was written.
pub(crate) fn done(outcome: &Outcome<'_>, output: Output) -> error::Outcome<()> {
    super::disputed(outcome.disputed, output);
    for entry in outcome.entries.iter().filter(|entry| entry.planned.action == Action::Left) {
        if let Some(note) = &entry.note {
            output.note(&format!("warning: `{}`: {note}", entry.planned.path));
        }
    }
    if !output.is_text() {
        return output::json_done(&outcome.result(true, Diffs::Unwanted));
    }
    let mut text = outcome.table(did, |action| action != Action::Unchanged);
    let writes = outcome.entries.iter().any(|entry| entry.planned.action.writes());
    if !writes {
        let _ = writeln!(text, "nothing to write: {}", outcome.sum());
    }
    for backup in outcome.entries.iter().filter_map(|entry| entry.backup.as_ref()) {
        let _ = writeln!(text, "the replaced text is kept in {}", outcome.folder.shown(backup));
    }
    if outcome.has(Action::Edited) {
        let _ = writeln!(
            text,
            "\nedited files stay as they are, and `siteplan generate --check` reports them until\n  --keep                says that the edits are meant, or\n  --force --only FILE   takes the edits of a file back"
        );
    }
    let document = outcome.folder.shown(&outcome.folder.document());
    // Who has just got a pipeline has everything before them; afterwards the document is enough.
    let is_first =
        |entry: &Entry| entry.part == Some(Part::Pipeline) && entry.planned.action == Action::Created;
    if outcome.entries.iter().any(is_first) {
        text.push_str("\nNext: read the files, then\n");
        super::next_steps(&mut text, &after_generating(outcome.next_steps));
        let _ = writeln!(text, "\n{document} says why, and what each step needs");
    } else if writes {
        let _ = writeln!(text, "\nnext: read the files and commit them; the next steps are in {document}");
    }
    output.done(&text);
    Ok(())
}

/// The steps of somebody who has the files already.
fn after_generating(steps: &[NextStep]) -> Vec<NextStep> {
    let generates = |command: &String| command.starts_with("siteplan generate");
    let rest = |step: &NextStep| match step.commands.iter().position(generates) {
        None => step.clone(),
        Some(_) => NextStep {
            title: step.title.clone(),
            commands: step.commands.iter().filter(|command| !generates(command)).cloned().collect(),
            note: None,
        },
    };
    steps.iter().map(rest).collect()
}

/// Tells what would be written, with the changes where they are wanted.
pub(crate) fn rehearsal(outcome: &Outcome<'_>, args: &WriteArgs, output: Output) -> error::Outcome<()> {
    let diffs = if args.diff { Diffs::Wanted } else { Diffs::Unwanted };
    if !output.is_text() {
        return output::json(&outcome.result(false, diffs));
    }
    let mut text = outcome.diffs(diffs);
    if args.dry_run {
        text.push_str(&outcome.table(would, |_| true));
    }
    output.result(&text)
}

/// Shows, before a refusal, how the files would change that stand in the way.
pub(crate) fn refused(outcome: &Outcome<'_>, output: Output) -> error::Outcome<()> {
    if !output.is_text() {
        return output::json(&outcome.result(false, Diffs::Wanted));
    }
    let conflicts = outcome.entries.iter().filter(|entry| entry.planned.action == Action::Conflict);
    let diffs: String = conflicts.map(|entry| diff::shown(&entry.planned)).collect();
    output.result(&diffs)
}

/// Adds to a refusal what each file lacks and by which flags the run goes on.
pub(crate) fn ways_on(outcome: &Outcome<'_>, mut refusal: Failure) -> Failure {
    let obstacles: Vec<&Entry> =
        outcome.entries.iter().filter(|entry| entry.planned.action.is_obstacle()).collect();
    for entry in &obstacles {
        let path = &entry.planned.path;
        if let Some(note) = &entry.note {
            refusal = refusal.detail(format!("`{path}`: {}", code(note)));
        }
        if !entry.lacks.is_empty() {
            refusal = refusal.detail(format!("`{path}` does not say"));
            refusal = refusal.details(named(&entry.lacks).map(|line| format!("  {line}")));
        }
    }
    let paths: Vec<&str> = obstacles.iter().map(|entry| entry.planned.path.as_str()).collect();
    refusal
        .hint(format!(
            "--keep leaves {} as it is, writes everything else, and remembers it",
            paths.join(", ")
        ))
        .hint(format!("--force --only {} replaces one file, --only PART,… writes some parts alone", paths[0]))
}

/// What a file lacks, as a terminal may show it.
fn named(lacks: &[String]) -> impl Iterator<Item = String> {
    let more = lacks.len().saturating_sub(LACKS_SHOWN);
    let more = (more > 0).then(|| format!("and {more} more"));
    lacks.iter().take(LACKS_SHOWN).map(|line| code(line)).chain(more)
}

/// Compares the tree with the design; the status tells whether they differ.
pub(crate) fn check(outcome: &Outcome<'_>, args: &WriteArgs, output: Output) -> error::Outcome<Exit> {
    let exit = if outcome.is_clean() { Exit::Done } else { Exit::Findings };
    let diffs = if args.diff { Diffs::Wanted } else { Diffs::Unwanted };
    if !output.is_text() {
        output::json(&outcome.result(false, diffs))?;
        return Ok(exit);
    }
    let mut text = outcome.diffs(diffs);
    text.push_str(&outcome.table(state, |action| action != Action::Unchanged));
    let differing = outcome.differing().count();
    if differing == 0 {
        let _ = writeln!(text, "{}", outcome.sum());
    } else {
        let _ = writeln!(text, "{differing} of {} files differ from the design", outcome.entries.len());
    }
    if !outcome.has_record {
        let _ = writeln!(
            text,
            "missing: {}, the design for programs",
            outcome.folder.shown(&outcome.folder.plan())
        );
    }
    let settled = |action: Action| !action.is_settled() && !needs_a_person(action);
    if outcome.entries.iter().any(|entry| settled(entry.planned.action)) || !outcome.has_record {
        text.push_str("  siteplan generate                      writes what is missing or outdated\n");
    }
    if outcome.entries.iter().any(|entry| needs_a_person(entry.planned.action)) {
        text.push_str(
            "  siteplan generate --keep               leaves your edits and files and accepts them\n",
        );
        text.push_str(
            "  siteplan generate --force --only FILE  puts siteplan's text there, with a backup of yours\n",
        );
    }
    output.result(&text)?;
    Ok(exit)
}

impl Outcome<'_> {
    fn differing(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !entry.planned.action.is_settled())
    }

    fn is_clean(&self) -> bool {
        self.has_record && self.differing().next().is_none()
    }

    fn has(&self, action: Action) -> bool {
        self.entries.iter().any(|entry| entry.planned.action == action)
    }

    /// How many files there are, and how many of them are a person's.
    fn sum(&self) -> String {
        let kept = self.entries.iter().filter(|entry| entry.planned.action == Action::Kept).count();
        let edited = self.entries.iter().filter(|entry| entry.planned.action == Action::Edited).count();
        let mut sum = format!("{} files are what the design describes", self.entries.len() - edited);
        if kept > 0 {
            let _ = write!(sum, ", {kept} of them as a person wants them");
        }
        if edited > 0 {
            let _ = write!(sum, "; {edited} edited");
        }
        sum
    }

    fn result(&self, written: bool, diffs: Diffs) -> GenerationResult {
        let file = |entry: &Entry| {
            let diff = (diffs == Diffs::Wanted).then(|| diff::of(&entry.planned));
            FileResult {
                path: entry.planned.path.clone(),
                part: entry.part,
                purpose: entry.purpose.clone(),
                action: entry.planned.action,
                diff: diff.filter(|diff| !diff.is_empty()),
                backup: entry.backup.clone(),
                proposal: entry.proposal.clone(),
                note: entry.note.clone(),
                lacks: entry.lacks.clone(),
            }
        };
        GenerationResult {
            schema: SCHEMA.to_owned(),
            written,
            clean: self.is_clean(),
            files: self.entries.iter().map(file).collect(),
        }
    }

    fn diffs(&self, diffs: Diffs) -> String {
        match diffs {
            Diffs::Wanted => self.entries.iter().map(|entry| diff::shown(&entry.planned)).collect(),
            Diffs::Unwanted => String::new(),
        }
    }

    /// A line for each file whose action is wanted: the action in the given words, the path, the purpose.
    fn table(&self, words: impl Fn(Action) -> &'static str, wanted: impl Fn(Action) -> bool) -> String {
        let shown = self.entries.iter().filter(|entry| wanted(entry.planned.action));
        let rows: Vec<Row> = shown
            .map(|entry| {
                let path = self.folder.shown(&entry.planned.path);
                let action = entry.planned.action;
                let purpose = match action {
                    Action::Left if entry.note.is_some() => entry.purpose.clone(),
                    Action::Left => "you edited it, and it is no longer part of the design".to_owned(),
                    Action::Merged => format!("{}, with your edits", entry.purpose),
                    Action::Kept if entry.part.is_none() => "your own from now on".to_owned(),
                    Action::Kept => format!("edited by a person; {}", entry.purpose),
                    Action::Edited => format!("your edits, not accepted yet; {}", entry.purpose),
                    _ => entry.purpose.clone(),
                };
                let below: Vec<String> =
                    entry.note.iter().map(|note| code(note)).chain(named(&entry.lacks)).collect();
                Row::new([words(action).to_owned(), path, purpose])
                    .styled(style(action))
                    .with_below(below.join("; "))
            })
            .collect();
        if rows.is_empty() { String::new() } else { table(&[Side::Left; 3], 2, &rows) }
    }
}

/// Whether `generate` alone does not settle it.
fn needs_a_person(action: Action) -> bool {
    action.is_obstacle() || matches!(action, Action::Left | Action::Edited)
}

/// What needs a person stands out.
fn style(action: Action) -> Style {
    match action {
        Action::Conflict | Action::Foreign | Action::Left | Action::Edited => WARNING,
        Action::Created | Action::Updated | Action::Merged | Action::Removed => Style::new(),
        Action::Unchanged | Action::Kept => QUIET,
    }
}

fn did(action: Action) -> &'static str {
    match action {
        Action::Created => "wrote",
        Action::Updated => "updated",
        Action::Merged => "merged",
        Action::Unchanged => "unchanged",
        Action::Kept => "kept",
        Action::Edited => "edited",
        Action::Conflict => "conflict",
        Action::Foreign => "foreign",
        Action::Removed => "removed",
        Action::Left => "left",
    }
}

fn state(action: Action) -> &'static str {
    match action {
        Action::Created => "missing",
        Action::Updated | Action::Merged => "outdated",
        Action::Unchanged => "as designed",
        Action::Kept => "kept",
        Action::Edited => "edited",
        Action::Conflict => "in conflict",
        Action::Foreign => "not siteplan's",
        Action::Removed | Action::Left => "not in the design",
    }
}
