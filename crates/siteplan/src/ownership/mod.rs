//! Who owns which file: decides what a new plan may write, so that a person's words are never lost.
//!
//! siteplan keeps the exact text that it wrote last (the base) below the spec folder. With it, what is there now and what is
//! wanted, `judge` tells whether a person edited a file, whether the plan says anything new about it, and whether both go
//! together.

mod accepted;
mod judge;
mod line_ends;
mod loss;
mod merge;
mod syntax;

use crate::error::{Failure, Outcome};
use crate::spec_folder::SpecFolder;
use crate::writer::{Change, Mode, What};

pub(crate) use accepted::Accepted;
pub(crate) use judge::{Judgement, Verdict, judge};
pub(crate) use line_ends::LineEnds;
pub(crate) use loss::loss;
pub(crate) use merge::Kept;

/// What happens to a text that siteplan may not replace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Obstacles {
    /// It is left alone and the run is refused.
    Respect,
    /// It is replaced; its text is kept below the spec folder.
    Replace,
    /// It stays as it is, and everything else is written.
    Keep,
}

/// What happens to one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Action {
    /// It is new.
    Created,
    /// Its text changes.
    Updated,
    /// A person edited it, the plan says something new, and both are in the text.
    Merged,
    /// It already says this.
    Unchanged,
    /// A person's text stays, and a person has said that it is meant; or a document that both write was edited.
    Kept,
    /// A person edited it, the plan says nothing new, and the edits stay; nobody has said that they are meant.
    Edited,
    /// A person edited it where the plan says something new.
    Conflict,
    /// siteplan did not write what is there, and may not replace it without being told to.
    Foreign,
    /// An earlier plan wrote it, this one does not describe it, and nobody edited it: it goes.
    Removed,
    /// An earlier plan wrote it, this one does not describe it, and a person edited it: it stays.
    Left,
}

impl Action {
    /// Whether the run is refused because of it.
    pub(crate) fn is_obstacle(self) -> bool {
        matches!(self, Self::Conflict | Self::Foreign)
    }

    /// Whether what is there is what the plan wants, edits included that a person has accepted.
    pub(crate) fn is_settled(self) -> bool {
        matches!(self, Self::Unchanged | Self::Kept)
    }

    /// Whether the text that is there stays.
    pub(crate) fn stays(self) -> bool {
        matches!(self, Self::Unchanged | Self::Kept | Self::Edited)
    }

    /// Whether it changes what is on the disk.
    pub(crate) fn writes(self) -> bool {
        matches!(self, Self::Created | Self::Updated | Self::Merged | Self::Removed)
    }
}

/// One file of a plan with what happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Planned {
    /// Path relative to the repository.
    pub(crate) path: String,
    /// What happens.
    pub(crate) action: Action,
    /// The text that is there now, if any.
    pub(crate) before: Option<String>,
    /// The text that is wanted; `None` if the file goes.
    pub(crate) after: Option<String>,
}

impl Planned {
    /// A file whose text siteplan may always bring up to date.
    pub(crate) fn own(folder: &SpecFolder, path: String, after: String) -> Outcome<Self> {
        let before = folder.read(&path)?;
        let action = match &before {
            None => Action::Created,
            Some(text) if *text == after => Action::Unchanged,
            Some(_) => Action::Updated,
        };
        Ok(Self { path, action, before, after: Some(after) })
    }

    /// A file of siteplan's own that goes; nothing if it is not there.
    pub(crate) fn own_gone(folder: &SpecFolder, path: String) -> Outcome<Option<Self>> {
        let before = folder.read(&path)?;
        Ok(before.map(|text| Self { path, action: Action::Removed, before: Some(text), after: None }))
    }

    /// The record of the text that siteplan writes to a path, in its present place alone.
    pub(crate) fn base(folder: &SpecFolder, path: &str, text: String) -> Outcome<impl Iterator<Item = Self>> {
        let record = Self::own(folder, folder.base_of(path), text)?;
        let earlier = Self::own_gone(folder, folder.earlier_base_of(path))?;
        Ok(std::iter::once(record).chain(earlier))
    }

    /// The record of a text goes, wherever it is.
    pub(crate) fn base_gone(folder: &SpecFolder, path: &str) -> Outcome<impl Iterator<Item = Self>> {
        let places = [folder.base_of(path), folder.earlier_base_of(path)];
        let gone: Vec<Option<Self>> =
            places.into_iter().map(|place| Self::own_gone(folder, place)).collect::<Outcome<_>>()?;
        Ok(gone.into_iter().flatten())
    }

    /// A text that siteplan may not write to a path, put where a person can compare; it goes with `None`.
    pub(crate) fn proposal(
        folder: &SpecFolder,
        path: &str,
        text: Option<&str>,
    ) -> Outcome<impl Iterator<Item = Self>> {
        let place = folder.proposed(path);
        let present = match text {
            Some(text) => Some(Self::own(folder, place, text.to_owned())?),
            None => Self::own_gone(folder, place)?,
        };
        let earlier = Self::own_gone(folder, folder.earlier_proposed(path))?;
        Ok(present.into_iter().chain(earlier))
    }

    /// What the writer does.
    pub(crate) fn change(&self) -> Change {
        let what = match &self.after {
            Some(text) if self.action.writes() => What::Write(text.clone(), self.mode(text)),
            None if self.action.writes() => What::Remove,
            _ => What::Leave,
        };
        Change { path: self.path.clone(), what }
    }

    /// What siteplan keeps for itself is never run.
    fn mode(&self, text: &str) -> Mode {
        if self.path.contains("/.siteplan/") { Mode::Plain } else { Mode::of(text) }
    }
}

/// The failure of a run that would replace what siteplan may not replace; nothing, if it would not. Every such file is named.
pub(crate) fn permit<'a>(planned: impl Iterator<Item = &'a Planned>, folder: &SpecFolder) -> Outcome<()> {
    let obstacles: Vec<&Planned> = planned.filter(|file| file.action.is_obstacle()).collect();
    let what = match &obstacles[..] {
        [] => return Ok(()),
        [one] => format!("{}; nothing was written", reason(one)),
        _ => format!("{} files stand in the way; nothing was written", obstacles.len()),
    };
    let mut failure = Failure::refused(what);
    if obstacles.len() > 1 {
        failure = failure.details(obstacles.iter().map(|file| reason(file)));
    }
    Err(failure.hint("--diff shows what would change, --dry-run which files would be written").hint(format!(
        "--force replaces {} with siteplan's text and keeps the present one in `{}/.siteplan/backup/`",
        if obstacles.len() > 1 { "them" } else { "it" },
        folder.path()
    )))
}

fn reason(file: &Planned) -> String {
    let path = &file.path;
    match file.action {
        Action::Conflict => format!("`{path}` was edited where the plan has changed too"),
        _ => format!("`{path}` is not siteplan's: there is no record of having written it"),
    }
}
