//! What `generate` says: each file with what happens to it and what it is for, as a table for people and as JSON for programs.

use std::fmt::Write as _;

use anstyle::Style;
use schemars::JsonSchema;
use serde::Serialize;
use siteplan_model::file::Part;

use super::{diff, would};
use crate::cli::WriteArgs;
use crate::documents::Disputed;
use crate::error;
use crate::exit::Exit;
use crate::generated::Entry;
use crate::output::{self, Output};
use crate::ownership::Action;
use crate::spec_folder::SpecFolder;
use crate::terminal::{Row, Side, table};

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
}

/// The result of `siteplan generate` for programs.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct GenerationResult {
    /// Always `siteplan/generation@1`.
    schema: String,
    /// Whether the files were written; with `--check`, `--dry-run` and `--diff` nothing is.
    written: bool,
    /// Whether the tree was what the design describes, a person's edits included.
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
    /// Why a merge failed that is not a matter of lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// Whether diffs are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Diffs {
    Wanted,
    Unwanted,
}

/// Tells what was written.
pub(crate) fn done(outcome: &Outcome<'_>, output: Output) -> error::Outcome<()> {
    super::disputed(outcome.disputed, output);
    if !output.is_text() {
        return output::json_done(&outcome.result(true, Diffs::Unwanted));
    }
    let mut text = outcome.table(did, |action| action != Action::Unchanged);
    if text.is_empty() {
        let _ = writeln!(text, "nothing to write: {} files say what the design says", outcome.entries.len());
    }
    for backup in outcome.entries.iter().filter_map(|entry| entry.backup.as_ref()) {
        let _ = writeln!(text, "the replaced text is kept in {}", outcome.folder.shown(backup));
    }
    let document = outcome.folder.shown(&outcome.folder.document());
    let _ = writeln!(text, "\nnext: read the files, commit them, and follow the next steps in {document}");
    output.done(&text);
    Ok(())
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

/// Compares the tree with the design; the status tells whether they differ.
pub(crate) fn check(outcome: &Outcome<'_>, args: &WriteArgs, output: Output) -> error::Outcome<Exit> {
    let exit = if outcome.is_clean() { Exit::Done } else { Exit::Findings };
    let diffs = if args.diff { Diffs::Wanted } else { Diffs::Unwanted };
    if !output.is_text() {
        output::json(&outcome.result(false, diffs))?;
        return Ok(exit);
    }
    let mut text = outcome.diffs(diffs);
    text.push_str(&outcome.table(state, |action| !action.is_settled()));
    let differing = outcome.differing().count();
    let for_a_person = outcome.differing().filter(|entry| needs_a_person(entry.planned.action)).count();
    let _ = match (differing, for_a_person) {
        (0, _) => writeln!(text, "{} files are what the design describes", outcome.entries.len()),
        (1, 0) => writeln!(text, "1 file differs from the design; `siteplan generate` brings it up to date"),
        (many, 0) => {
            writeln!(text, "{many} files differ from the design; `siteplan generate` brings them up to date")
        }
        (many, some) => writeln!(
            text,
            "{many} of {} files differ from the design, and {some} of them are a person's to decide: --diff shows them, \
             `siteplan generate --force` replaces them with a backup, `--keep` leaves them",
            outcome.entries.len()
        ),
    };
    output.result(&text)?;
    Ok(exit)
}

impl Outcome<'_> {
    fn differing(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !entry.planned.action.is_settled())
    }

    fn is_clean(&self) -> bool {
        self.differing().next().is_none()
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
                let purpose = match (&entry.note, entry.planned.action) {
                    (Some(note), _) => format!("the merged text is broken: {note}"),
                    (None, Action::Left) => {
                        "you edited it, and it is no longer part of the design".to_owned()
                    }
                    (None, Action::Merged) => format!("{}, with your edits", entry.purpose),
                    (None, Action::Kept) => format!("{}, as you edited it", entry.purpose),
                    (None, _) => entry.purpose.clone(),
                };
                Row::new([words(entry.planned.action).to_owned(), path, purpose]).styled(Style::new())
            })
            .collect();
        if rows.is_empty() { String::new() } else { table(&[Side::Left; 3], 2, &rows) }
    }
}

/// Whether `generate` alone does not settle it.
fn needs_a_person(action: Action) -> bool {
    action.is_obstacle() || action == Action::Left
}

fn did(action: Action) -> &'static str {
    match action {
        Action::Created => "wrote",
        Action::Updated => "updated",
        Action::Merged => "merged",
        Action::Unchanged => "unchanged",
        Action::Kept => "kept",
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
        Action::Kept => "edited",
        Action::Conflict => "in conflict",
        Action::Foreign => "not siteplan's",
        Action::Removed | Action::Left => "not in the design",
    }
}
