//! The variables → `.env.example`, which names them and holds no value of a secret. A file that the repository has stays
//! the team's; the document lists what it lacks.

use siteplan_model::design::{Design, ExampleEntry};
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
    let text = format!("{HEAD}{}", entries(&example.entries));
    vec![File {
        part: Part::Environment,
        path: example.path.clone(),
        contents: text,
        purpose: "names of the variables, without a value of a secret".to_owned(),
        syntax: "sh".to_owned(),
    }]
}

/// The variables, each below a comment.
pub(crate) fn entries(entries: &[ExampleEntry]) -> String {
    let named = entries.iter().filter(|entry| is_variable(&entry.name)).map(|entry| {
        let comment: String = entry.comment.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        format!("\n# {comment}\n{}={}\n", entry.name, value(&entry.value))
    });
    named.collect::<Vec<_>>().concat()
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
