//! Who owns which file: decides what a new plan may write, so that a person's words are never lost.

use crate::error::{Failure, Outcome};
use crate::spec_folder::SpecFolder;
use crate::writer::NewText;

/// Whether a text that siteplan did not write may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Foreign {
    /// It is left alone and the run is refused.
    Respect,
    /// It is replaced; its text is kept beside the base.
    Replace,
}

/// What happens to one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Action {
    /// It is new.
    Created,
    /// Its text changes.
    Updated,
    /// It already says this.
    Unchanged,
    /// A person edited it, the plan says nothing new, and the edits stay.
    Kept,
    /// siteplan did not write what is there, and may not replace it without being told to.
    Foreign,
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
    /// The text that is wanted.
    pub(crate) after: String,
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
        Ok(Self { path, action, before, after })
    }

    /// The text to write, if there is anything to write.
    pub(crate) fn to_write(&self) -> Option<NewText> {
        let writes = matches!(self.action, Action::Created | Action::Updated);
        writes.then(|| NewText { path: self.path.clone(), text: self.after.clone() })
    }
}

/// The design document, its base, and the copy of what `--force` replaces.
pub(crate) fn document(folder: &SpecFolder, new: &str, foreign: Foreign) -> Outcome<Vec<Planned>> {
    let path = folder.document();
    let current = folder.read(&path)?;
    let base = folder.read(&folder.base())?;
    let mut action = judge(current.as_deref(), base.as_deref(), new);
    let mut planned = Vec::new();
    if action == Action::Foreign && foreign == Foreign::Replace {
        let old = current.clone().unwrap_or_default();
        planned.push(Planned::own(folder, folder.backup(&old), old)?);
        action = Action::Updated;
    }
    planned.push(Planned { path, action, before: current, after: new.to_owned() });
    planned.push(Planned::own(folder, folder.base(), new.to_owned())?);
    Ok(planned)
}

/// The failure of a plan that would replace what siteplan did not write; nothing, if it would not.
pub(crate) fn permit(planned: &[Planned], folder: &SpecFolder) -> Outcome<()> {
    let Some(foreign) = planned.iter().find(|file| file.action == Action::Foreign) else { return Ok(()) };
    let path = &foreign.path;
    let was_ours = folder.read(&folder.base())?.is_some();
    let what = if was_ours {
        format!(
            "`{path}` was edited since siteplan wrote it, and the plan has changed too; nothing was written"
        )
    } else {
        format!("`{path}` is not siteplan's: there is no record of having written it; nothing was written")
    };
    Err(Failure::refused(what)
        .hint("--diff shows what would change, --dry-run which files would be written")
        .hint(format!(
            "--force replaces it and keeps its present text in `{}/.siteplan/backup/`",
            folder.path()
        ))
        .hint("or move it away, or give another folder with --spec-path"))
}

/// What happens to the document, by its present text, its text as last written, and its new text.
fn judge(current: Option<&str>, base: Option<&str>, new: &str) -> Action {
    match (current, base) {
        (None, _) => Action::Created,
        (Some(current), _) if current == new => Action::Unchanged,
        (Some(_), Some(base)) if base == new => Action::Kept,
        (Some(current), Some(base)) if current == base => Action::Updated,
        (Some(_), _) => Action::Foreign,
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, judge};

    #[test]
    fn only_a_text_that_siteplan_wrote_is_replaced() {
        for (current, base, new, expected) in [
            (None, None, "new", Action::Created),
            (None, Some("old"), "new", Action::Created),
            (Some("old"), Some("old"), "new", Action::Updated),
            (Some("new"), Some("old"), "new", Action::Unchanged),
            (Some("new"), None, "new", Action::Unchanged),
            (Some("edited"), Some("new"), "new", Action::Kept),
            (Some("edited"), Some("old"), "new", Action::Foreign),
            (Some("foreign"), None, "new", Action::Foreign),
        ] {
            assert_eq!(judge(current, base, new), expected, "{current:?} {base:?} {new:?}");
        }
    }
}
