//! The files that a Design describes → what happens to each of them in this repository.

use std::borrow::Cow;

use siteplan_model::file::{File, Part};

use crate::documents::Disputed;
use crate::error::{Failure, Outcome};
use crate::ownership::{Accepted, Action, Judgement, Kept, Obstacles, Planned, Verdict, judge};
use crate::scope::Scope;
use crate::spec_folder::{SpecFolder, is_ours_to_write};
use crate::strays;
use crate::theirs::{self, Theirs};
use crate::writer::Mode;

/// What is said of a CI file of siteplan's that the design does not describe and the record does not know.
const STRAY: &str = "siteplan wrote it and has no record of it here: it was renamed or left over, and it runs beside the design's own; remove it, or give it its old name back";

/// One generated file with what happens to it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// What it belongs to; `None` for a file that the design no longer describes.
    pub(crate) part: Option<Part>,
    /// What it is for, in a few words.
    pub(crate) purpose: String,
    /// What happens.
    pub(crate) planned: Planned,
    /// Where a person's text is kept that is replaced.
    pub(crate) backup: Option<String>,
    /// Whether what is replaced is not siteplan's.
    pub(crate) replaces_foreign: bool,
    /// Where the text is put that siteplan may not write.
    pub(crate) proposal: Option<String>,
    /// What else is to be said of it.
    pub(crate) note: Option<String>,
    /// What the design wants of it and a person's own file does not say.
    pub(crate) lacks: Vec<String>,
}

/// What `generate` does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Generation {
    /// The files, as a person reads them.
    pub(crate) entries: Vec<Entry>,
    /// siteplan's own records: the texts as last written, copies of what is replaced.
    pub(crate) records: Vec<Planned>,
    /// Texts that siteplan may not write, to be put below the spec folder.
    pub(crate) proposals: Vec<Planned>,
    /// Prose in which a person and the plan changed the same places; the person's words stay.
    pub(crate) disputed: Vec<Disputed>,
}

/// What happens to the files of the scope.
pub(crate) fn of(
    folder: &SpecFolder,
    files: &[File],
    strays: &[String],
    scope: &Scope,
    obstacles: Obstacles,
    accepted: &mut Accepted,
) -> Outcome<Generation> {
    let mut work = Work { folder, obstacles, accepted, generation: Generation::default() };
    for file in files {
        if !is_ours_to_write(&file.path) {
            return Err(Failure::bug(format!(
                "the design describes a file at `{}`",
                file.path.escape_debug()
            )));
        }
        if scope.holds(file.part, &file.path) {
            work.add(file, scope.names(&file.path))?;
        }
    }
    for path in folder.generated_before()? {
        if scope.holds_dropped(&path) && !files.iter().any(|file| file.path == path) {
            work.retire(path, Origin::Recorded)?;
        }
    }
    for path in strays {
        if scope.holds_dropped(path) && !files.iter().any(|file| file.path == *path) {
            work.retire(path.clone(), Origin::Stray)?;
        }
    }
    Ok(work.generation)
}

/// How siteplan knows that it wrote a file which the design does not describe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// By its record.
    Recorded,
    /// By the file's first line alone.
    Stray,
}

impl Generation {
    /// Files that siteplan did not write and replaces.
    pub(crate) fn replaced_foreign(&self) -> Vec<String> {
        self.paths(|entry| entry.replaces_foreign)
    }

    /// Files that an earlier design described and that are a person's own from now on.
    pub(crate) fn given_up(&self) -> Vec<String> {
        self.paths(|entry| entry.part.is_none() && entry.planned.action == Action::Kept)
    }

    fn paths(&self, wanted: impl Fn(&Entry) -> bool) -> Vec<String> {
        let wanted = self.entries.iter().filter(|entry| wanted(entry));
        wanted.map(|entry| entry.planned.path.clone()).collect()
    }
}

/// What is decided of one file before anything of it is recorded.
struct Decided {
    action: Action,
    after: String,
    note: Option<String>,
    lacks: Vec<String>,
    places: Vec<Kept>,
}

struct Work<'a> {
    folder: &'a SpecFolder,
    obstacles: Obstacles,
    accepted: &'a mut Accepted,
    generation: Generation,
}

impl Work<'_> {
    /// A file that the design describes; `is_named` tells whether a person asked for this very one.
    fn add(&mut self, file: &File, is_named: bool) -> Outcome<()> {
        let (folder, path) = (self.folder, &file.path);
        if let Some(target) = folder.link_at(path)? {
            return self.pass_by(file, &target);
        }
        let before = folder.read(path)?;
        let base = folder.read_base(path)?;
        let current = before.as_deref().map(|text| runnable(file, base.as_deref(), text));
        let cannot_start = current.as_deref() != before.as_deref();
        let current = current.as_deref();
        let Decided { mut action, mut after, mut note, lacks, places } =
            self.decide(file, current, base.as_deref());
        let (mut backup, mut proposal) = (None, None);
        let replaces_foreign = action == Action::Foreign && self.obstacles == Obstacles::Replace;
        // Where a person replaces one file by its name, edits that the plan does not touch go as well.
        let takes_back = is_named && matches!(action, Action::Kept | Action::Edited);
        // A text of a person's that says what siteplan would is theirs all the same.
        let mut is_recorded = base.is_some() || !action.stays();
        if action.is_obstacle() || takes_back || !places.is_empty() {
            match self.obstacles {
                Obstacles::Respect if action.is_obstacle() => {
                    let (place, text) = (folder.proposed(path), after.clone());
                    self.generation.proposals.extend(Planned::proposal(folder, path, Some(&text))?);
                    proposal = Some(place);
                    is_recorded = false;
                }
                Obstacles::Replace => {
                    backup = Some(self.keep(path, before.as_deref())?);
                    (action, after, is_recorded) = (Action::Updated, file.contents.clone(), true);
                }
                Obstacles::Keep if action.is_obstacle() => {
                    // What was siteplan's once stays so, and its new text counts as seen; what never was does not become so.
                    is_recorded = action == Action::Conflict;
                    if !is_recorded {
                        self.accepted.decline(path, &file.contents);
                    }
                    action = if is_recorded { Action::Edited } else { Action::Kept };
                    current.unwrap_or_default().clone_into(&mut after);
                }
                Obstacles::Respect | Obstacles::Keep => {}
            }
        }
        self.settle(path, &mut action, current, &after);
        let is_script = Mode::of(&after) == Mode::Executable;
        let is_locked = is_script && base.is_some() && folder.is_executable(path) == Some(false);
        if action.stays() && (is_locked || cannot_start) {
            let why = if cannot_start { ": its lines ended in carriage returns" } else { "" };
            (action, note) = (Action::Updated, Some(format!("it could not be run any more{why}")));
        }
        if is_recorded {
            let records = Planned::base(folder, path, file.contents.clone())?;
            self.generation.records.extend(records);
        }
        if backup.is_none() && !places.is_empty() {
            self.generation.records.extend(Planned::proposal(folder, path, Some(&file.contents))?);
            let (path, proposal) = (path.clone(), folder.proposed(path));
            self.generation.disputed.push(Disputed { path, proposal, places });
        } else if proposal.is_none() && !action.stays() {
            self.generation.records.extend(Planned::proposal(folder, path, None)?);
        }
        let planned = Planned { path: path.clone(), action, before, after: Some(after) };
        let (part, purpose) = (Some(file.part), file.purpose.clone());
        let entry = Entry { part, purpose, planned, backup, replaces_foreign, proposal, note, lacks };
        self.generation.entries.push(entry);
        Ok(())
    }

    /// A link to another file is never written through, nor is what it names shown or kept: it may be anything.
    fn pass_by(&mut self, file: &File, target: &str) -> Outcome<()> {
        let path = &file.path;
        if self.obstacles != Obstacles::Keep && !self.accepted.is_declined(path, &file.contents) {
            return Err(Failure::refused(format!(
                "`{path}` is a symbolic link to `{}`, and siteplan writes through no link; nothing was written",
                target.escape_debug()
            ))
            .hint("put a file of its own there, or remove the link; what it names stays as it is")
            .hint("--keep leaves the link as it is, writes everything else, and remembers it"));
        }
        self.accepted.decline(path, &file.contents);
        self.generation.entries.push(Entry {
            part: Some(file.part),
            purpose: file.purpose.clone(),
            planned: Planned { path: path.clone(), action: Action::Kept, before: None, after: None },
            backup: None,
            replaces_foreign: false,
            proposal: None,
            note: Some("a link to another file, left as it is".to_owned()),
            lacks: Vec::new(),
        });
        Ok(())
    }

    /// What happens to a file by its texts alone.
    fn decide(&self, file: &File, before: Option<&str>, base: Option<&str>) -> Decided {
        let path = &file.path;
        let Judgement { verdict, text } = judge(path, before, base, &file.contents);
        let mut decided = Decided {
            action: Action::Conflict,
            after: text,
            note: None,
            lacks: Vec::new(),
            places: Vec::new(),
        };
        match verdict {
            Verdict::Clear(Action::Foreign) => {
                let Theirs { lacks, merged } =
                    theirs::compare(path, before.unwrap_or_default(), &file.contents);
                // A person's file that says all that the design wants of it is as good as siteplan's own.
                let suits = lacks.is_empty() && merged.is_some();
                let stays = suits || self.accepted.is_declined(path, &file.contents);
                decided.action = if stays { Action::Kept } else { Action::Foreign };
                decided.note = suits.then(|| "your own, and it says what the design wants".to_owned());
                let wanted = merged.unwrap_or(decided.after);
                decided.after = if stays { before.unwrap_or_default().to_owned() } else { wanted };
                decided.lacks = lacks;
            }
            Verdict::Clear(action) => decided.action = action,
            // Prose has no syntax that two edits could break: what both changed keeps the person's words.
            Verdict::Conflict(places) if is_prose(path) => {
                let is_same = before == Some(decided.after.as_str());
                decided.action = if is_same { Action::Edited } else { Action::Merged };
                decided.places = places;
            }
            // A text that nobody wrote but siteplan is what the plan wants, whatever merges of its lines there are.
            Verdict::Conflict(_) => decided.after.clone_from(&file.contents),
            Verdict::Broken(why) => {
                decided.note = Some(format!("merged with your edits, it could not be read: {why}"));
                decided.after.clone_from(&file.contents);
            }
        }
        decided
    }

    /// Holds edits against what a person has accepted, and keeps that record up to date.
    fn settle(&mut self, path: &str, action: &mut Action, before: Option<&str>, after: &str) {
        let was_meant = before.is_some_and(|before| self.accepted.is_edit(path, before));
        let is_meant = was_meant || self.obstacles == Obstacles::Keep;
        match action {
            Action::Edited | Action::Merged if is_meant => {
                self.accepted.accept(path, after);
                if *action == Action::Edited {
                    *action = Action::Kept;
                }
            }
            Action::Created | Action::Updated | Action::Unchanged | Action::Merged => {
                self.accepted.forget(path);
            }
            _ => {}
        }
    }

    /// A file that an earlier design described, and this one does not.
    fn retire(&mut self, path: String, origin: Origin) -> Outcome<()> {
        let folder = self.folder;
        let before = folder.read(&path)?;
        let base = folder.read_base(&path)?;
        self.generation.records.extend(Planned::proposal(folder, &path, None)?);
        // What a person has deleted already is forgotten.
        let Some(text) = before else {
            self.accepted.forget(&path);
            self.generation.records.extend(Planned::base_gone(folder, &path)?);
            return Ok(());
        };
        let unedited = text.trim().is_empty()
            || base.is_some_and(|base| {
                judge(&path, Some(&text), Some(&base), &base).verdict == Verdict::Clear(Action::Unchanged)
            });
        let mut backup = None;
        let action = match self.obstacles {
            _ if unedited => Action::Removed,
            // A link goes by itself; what it names stays.
            Obstacles::Replace if folder.link_at(&path)?.is_some() => Action::Removed,
            Obstacles::Replace => {
                backup = Some(self.keep(&path, Some(&text))?);
                Action::Removed
            }
            Obstacles::Respect => Action::Left,
            // It is the person's own from now on.
            Obstacles::Keep => Action::Kept,
        };
        if action != Action::Left {
            self.accepted.forget(&path);
            self.generation.records.extend(Planned::base_gone(folder, &path)?);
        }
        // Its first line still says that siteplan wrote it: that it is a person's now has to be remembered.
        if action == Action::Kept && strays::is_ours(folder, &text) {
            self.accepted.decline(&path, &text);
        }
        let note = (origin == Origin::Stray && action == Action::Left).then(|| STRAY.to_owned());
        let after = (action != Action::Removed).then(|| text.clone());
        let planned = Planned { path, action, before: Some(text), after };
        let entry = Entry {
            part: None,
            purpose: "no longer part of the design".to_owned(),
            planned,
            backup,
            replaces_foreign: false,
            proposal: None,
            note,
            lacks: Vec::new(),
        };
        self.generation.entries.push(entry);
        Ok(())
    }

    /// Keeps a person's text that is replaced; gives its place.
    fn keep(&mut self, path: &str, text: Option<&str>) -> Outcome<String> {
        let text = text.unwrap_or_default();
        let place = self.folder.backup(path, text);
        self.generation.records.push(Planned::own(self.folder, place.clone(), text.to_owned())?);
        Ok(place)
    }
}

/// The present text of a file; a script of siteplan's without the carriage returns that keep every shell from running it.
fn runnable<'t>(file: &File, base: Option<&str>, text: &'t str) -> Cow<'t, str> {
    let is_script = Mode::of(&file.contents) == Mode::Executable;
    if !is_script || !text.contains("\r\n") {
        return Cow::Borrowed(text);
    }
    let plain = text.replace("\r\n", "\n");
    if base.is_some() || plain == file.contents { Cow::Owned(plain) } else { Cow::Borrowed(text) }
}

/// Whether a file is read by people alone.
fn is_prose(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("md"))
}
