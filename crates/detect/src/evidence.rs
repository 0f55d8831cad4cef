//! Small constructors for evidence, so that every decision says where it looked in one line.

use siteplan_model::fact::Evidence;

use crate::text;

/// A place in a file.
pub(crate) fn at(path: &str, line: u32, seen: &str) -> Evidence {
    Evidence { path: shown(path), line: Some(line), seen: text::seen(seen) }
}

/// A file or folder as such.
pub(crate) fn file(path: &str, seen: &str) -> Evidence {
    Evidence { path: shown(path), line: None, seen: text::seen(seen) }
}

/// A place in a file whose line is known or not.
pub(crate) fn maybe_at(path: &str, line: Option<u32>, seen: &str) -> Evidence {
    Evidence { path: shown(path), line, seen: text::seen(seen) }
}

/// The root itself is shown as `.`.
fn shown(path: &str) -> String {
    if path.is_empty() { ".".to_owned() } else { path.to_owned() }
}
