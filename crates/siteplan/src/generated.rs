//! The files that a Design describes → what happens to each of them in this repository.

use siteplan_model::file::{File, Part};

use crate::error::{Failure, Outcome};
use crate::ownership::{Action, Judgement, Obstacles, Planned, Verdict, judge};
use crate::spec_folder::{SpecFolder, is_ours_to_write};

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
    /// Why the two texts do not go together, where that is not their lines.
    pub(crate) note: Option<String>,
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
}

/// What happens to the files of the parts that are wanted; `only` is empty for all.
pub(crate) fn of(
    folder: &SpecFolder,
    files: &[File],
    only: &[Part],
    obstacles: Obstacles,
) -> Outcome<Generation> {
    let mut generation = Generation::default();
    for file in files {
        if !is_ours_to_write(&file.path) {
            return Err(Failure::bug(format!(
                "the design describes a file at `{}`",
                file.path.escape_debug()
            )));
        }
        if only.is_empty() || only.contains(&file.part) {
            generation.add(folder, file, obstacles)?;
        }
    }
    if only.is_empty() {
        for path in folder.generated_before()? {
            if !files.iter().any(|file| file.path == path) {
                generation.retire(folder, path, obstacles)?;
            }
        }
    }
    Ok(generation)
}

impl Generation {
    /// Files that siteplan did not write and replaces.
    pub(crate) fn replaced_foreign(&self) -> Vec<String> {
        let replaced = self.entries.iter().filter(|entry| entry.replaces_foreign);
        replaced.map(|entry| entry.planned.path.clone()).collect()
    }

    /// A file that the design describes.
    fn add(&mut self, folder: &SpecFolder, file: &File, obstacles: Obstacles) -> Outcome<()> {
        let path = &file.path;
        let before = folder.read(path)?;
        let base = folder.read(&folder.base_of(path))?;
        let Judgement { verdict, text } = judge(path, before.as_deref(), base.as_deref(), &file.contents);
        let (mut action, note) = match verdict {
            Verdict::Clear(action) => (action, None),
            Verdict::Conflict(_) => (Action::Conflict, None),
            Verdict::Broken(why) => (Action::Conflict, Some(why)),
        };
        // A text that nobody wrote but siteplan is what the plan wants, whatever merges of its lines there are.
        let mut after = if action.is_obstacle() { file.contents.clone() } else { text };
        let (mut backup, mut proposal) = (None, None);
        let replaces_foreign = action == Action::Foreign && obstacles == Obstacles::Replace;
        let mut records = true;
        if action.is_obstacle() {
            match obstacles {
                Obstacles::Respect => {
                    proposal = Some(folder.proposed(path));
                    records = false;
                }
                Obstacles::Replace => {
                    backup = Some(self.keep(folder, path, before.as_deref())?);
                    action = Action::Updated;
                }
                Obstacles::Keep => {
                    // What was siteplan's once stays so, and its new text counts as seen; what never was does not become so.
                    records = action == Action::Conflict;
                    action = Action::Kept;
                    after = before.clone().unwrap_or_default();
                }
            }
        }
        if records {
            self.records.push(Planned::own(folder, folder.base_of(path), file.contents.clone())?);
        }
        match &proposal {
            Some(place) => self.proposals.push(Planned::own(folder, place.clone(), file.contents.clone())?),
            None => self.records.extend(Planned::own_gone(folder, folder.proposed(path))?),
        }
        let planned = Planned { path: path.clone(), action, before, after: Some(after) };
        let (part, purpose) = (Some(file.part), file.purpose.clone());
        self.entries.push(Entry { part, purpose, planned, backup, replaces_foreign, proposal, note });
        Ok(())
    }

    /// A file that an earlier design described, and this one does not.
    fn retire(&mut self, folder: &SpecFolder, path: String, obstacles: Obstacles) -> Outcome<()> {
        let base_path = folder.base_of(&path);
        let before = folder.read(&path)?;
        let base = folder.read(&base_path)?;
        self.records.extend(Planned::own_gone(folder, folder.proposed(&path))?);
        // What a person has deleted already is forgotten.
        let Some(text) = before else {
            self.records.extend(Planned::own_gone(folder, base_path)?);
            return Ok(());
        };
        let unedited = base.is_some_and(|base| {
            judge(&path, Some(&text), Some(&base), &base).verdict == Verdict::Clear(Action::Unchanged)
        });
        let mut backup = None;
        let action = match obstacles {
            _ if unedited => Action::Removed,
            Obstacles::Replace => {
                backup = Some(self.keep(folder, &path, Some(&text))?);
                Action::Removed
            }
            Obstacles::Respect => Action::Left,
            // It is the person's own from now on.
            Obstacles::Keep => Action::Kept,
        };
        if action != Action::Left {
            self.records.extend(Planned::own_gone(folder, base_path)?);
        }
        let after = (action != Action::Removed).then(|| text.clone());
        let planned = Planned { path, action, before: Some(text), after };
        let purpose = "no longer part of the design".to_owned();
        let entry = Entry {
            part: None,
            purpose,
            planned,
            backup,
            replaces_foreign: false,
            proposal: None,
            note: None,
        };
        self.entries.push(entry);
        Ok(())
    }

    /// Keeps a person's text that is replaced; gives its place.
    fn keep(&mut self, folder: &SpecFolder, path: &str, text: Option<&str>) -> Outcome<String> {
        let text = text.unwrap_or_default();
        let place = folder.backup(path, text);
        self.records.push(Planned::own(folder, place.clone(), text.to_owned())?);
        Ok(place)
    }
}
