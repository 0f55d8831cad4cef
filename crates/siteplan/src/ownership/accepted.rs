//! What a person has decided about single files ↔ `kept.jsonl` below the spec folder, one line a file, so that branches merge.
//!
//! A decision holds for exact texts. An accepted edit holds for the text that was there: another edit is looked at again. A
//! declined text holds for what siteplan wanted to write: the file is the person's, whatever becomes of it, until the design wants
//! something else there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{LineEnds, Planned};
use crate::digest;
use crate::error::{Failure, Outcome};
use crate::spec_folder::SpecFolder;

/// The decisions, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Accepted(BTreeMap<String, Decision>);

/// What was decided, with the SHA-256 of the text for which it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Decision {
    /// siteplan's file, as a person edited it.
    Edited(String),
    /// A person's file, in place of a text of siteplan's.
    Declined(String),
}

#[derive(Serialize, Deserialize)]
struct Line {
    path: String,
    #[serde(flatten)]
    decision: Decision,
}

/// Line ends are no difference.
fn digest_of(text: &str) -> String {
    digest::of(&LineEnds::of(text).plain(text))
}

impl Accepted {
    /// The decisions on record. A line that is none is passed over: what it decided is asked again.
    pub(crate) fn read(folder: &SpecFolder) -> Outcome<Self> {
        let text = folder.read(&folder.kept())?.unwrap_or_default();
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
        Ok(Self(lines.map(|line| (line.path, line.decision)).collect()))
    }

    /// Whether a person has said that this edited text of siteplan's file is meant.
    pub(crate) fn is_edit(&self, path: &str, text: &str) -> bool {
        self.0.get(path) == Some(&Decision::Edited(digest_of(text)))
    }

    /// Whether a person has said that a file stays theirs although siteplan wants this text there.
    pub(crate) fn is_declined(&self, path: &str, wanted: &str) -> bool {
        self.0.get(path) == Some(&Decision::Declined(digest_of(wanted)))
    }

    /// A person means this edited text.
    pub(crate) fn accept(&mut self, path: &str, text: &str) {
        self.0.insert(path.to_owned(), Decision::Edited(digest_of(text)));
    }

    /// A person's file stays in place of this text.
    pub(crate) fn decline(&mut self, path: &str, wanted: &str) {
        self.0.insert(path.to_owned(), Decision::Declined(digest_of(wanted)));
    }

    /// There is nothing to decide any more.
    pub(crate) fn forget(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// What becomes of the record.
    pub(crate) fn planned(&self, folder: &SpecFolder) -> Outcome<Option<Planned>> {
        if self.0.is_empty() {
            return Planned::own_gone(folder, folder.kept());
        }
        let mut text = String::new();
        for (path, decision) in &self.0 {
            let line = Line { path: path.clone(), decision: decision.clone() };
            let line = serde_json::to_string(&line)
                .map_err(|error| Failure::bug("a decision cannot be written as JSON").because(&error))?;
            text.push_str(&line);
            text.push('\n');
        }
        Planned::own(folder, folder.kept(), text).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Accepted;
    use crate::spec_folder::SpecFolder;

    #[test]
    fn a_decision_holds_for_its_text_alone_and_survives_being_written() {
        let place = tempfile::tempdir().unwrap();
        let folder = SpecFolder::open(place.path(), Path::new("specs")).unwrap();
        let mut accepted = Accepted::default();
        accepted.accept("a \"b\"", "mine\n");
        accepted.decline("Procfile", "web: theirs\n");
        let record = accepted.planned(&folder).unwrap().unwrap().after.unwrap();
        std::fs::create_dir_all(place.path().join("specs/.siteplan")).unwrap();
        let marked = format!("<<<<<<< ours\n{record}");
        std::fs::write(place.path().join("specs/.siteplan/kept.jsonl"), marked).unwrap();
        let read = Accepted::read(&folder).unwrap();
        assert_eq!(read, accepted);
        assert!(read.is_edit("a \"b\"", "mine\r\n") && !read.is_edit("a \"b\"", "mine, again\n"));
        assert!(
            read.is_declined("Procfile", "web: theirs\n") && !read.is_declined("Procfile", "web: other\n")
        );
        assert!(!read.is_edit("Procfile", "web: theirs\n"), "one decision is not the other");
    }

    #[test]
    fn nothing_decided_leaves_no_record() {
        let place = tempfile::tempdir().unwrap();
        let folder = SpecFolder::open(place.path(), Path::new("specs")).unwrap();
        let mut accepted = Accepted::default();
        assert!(accepted.planned(&folder).unwrap().is_none());
        accepted.accept("a", "mine");
        accepted.forget("a");
        assert!(accepted.planned(&folder).unwrap().is_none());
    }
}
