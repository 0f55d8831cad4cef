//! CI files that siteplan wrote and has no record of: renamed, left over, or from a tree whose record is lost.
//!
//! They are recognised by their first line. The plan does not rest on them as it would on a person's CI, and where it writes
//! another file, two of them deploy.

use siteplan_model::survey::Survey;

use crate::error::Outcome;
use crate::ownership::Accepted;
use crate::spec_folder::SpecFolder;

/// How the first line of a generated CI file begins, before the folder of the documents.
const HEAD: &str = "# Written by siteplan from ";

/// The paths, sorted. What a person has said is meant is theirs.
pub(crate) fn of(folder: &SpecFolder, survey: &Survey) -> Outcome<Vec<String>> {
    let accepted = Accepted::read(folder)?;
    let mut found = Vec::new();
    for path in &survey.ci_files {
        // What cannot be read as text is nobody's of ours.
        let Ok(Some(text)) = folder.read(path) else { continue };
        if is_ours(folder, &text) && !accepted.is_declined(path, &text) {
            found.push(path.clone());
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// Whether a text says in its first line that siteplan wrote it from the answers of this folder.
pub(crate) fn is_ours(folder: &SpecFolder, text: &str) -> bool {
    let rest = text.trim_start_matches('\u{feff}').strip_prefix(HEAD);
    rest.is_some_and(|rest| rest.strip_prefix(&folder.brief()).is_some_and(|rest| rest.starts_with(':')))
}
