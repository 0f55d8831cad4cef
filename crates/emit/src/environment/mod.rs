//! The variables → `.env.example`, which names them and holds no value of a secret. A file that the repository has stays
//! the team's; the document lists what it lacks.

use siteplan_model::design::Design;
use siteplan_model::file::{File, Part};

use crate::names::is_variable;

/// What stands above the variables.
const HEAD: &str = "# Every variable that the application reads. Copy this file to `.env` and fill it in; `.env` is never committed.\n";

/// The files.
pub(crate) fn files(design: &Design) -> Vec<File> {
    let example = &design.example;
    if example.exists || example.entries.is_empty() {
        return Vec::new();
    }
    let entries = example.entries.iter().filter(|entry| is_variable(&entry.name)).map(|entry| {
        let comment: String = entry.comment.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        format!("\n# {comment}\n{}={}\n", entry.name, value(&entry.value))
    });
    let text: String = std::iter::once(HEAD.to_owned()).chain(entries).collect();
    vec![File {
        part: Part::Environment,
        path: example.path.clone(),
        contents: text,
        purpose: "names of the variables, without a value of a secret".to_owned(),
        syntax: "sh".to_owned(),
    }]
}

/// A value as dotenv readers and shells agree on it; what they read in different ways is left empty.
fn value(text: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || "._/-:@+,%=?&~".contains(c);
    let quotable = |c: char| !c.is_control() && !"'\"\\$`".contains(c);
    if text.chars().all(bare) && !text.contains(['&', '?', '~']) {
        text.to_owned()
    } else if text.chars().all(quotable) {
        format!("\"{text}\"")
    } else {
        String::new()
    }
}
