//! The documents: the design document and the decision record.

mod costs;
mod decisions;
mod diagram;
mod health;
mod listing;
mod numbers;
mod secrets;
mod template;
mod variables;
mod view;

pub use decisions::{BEGIN, DecisionError, END, decision, decision_in, decisions, with_decision};

use siteplan_model::design::Design;
use siteplan_model::file::{File, Part};

/// Name of the design document in the folder of the documents.
pub const DOCUMENT_NAME: &str = "DEPLOYMENT_TDD.md";
/// Name of the decision log in the folder of the documents.
pub const DECISIONS_NAME: &str = "09_DECISIONS.md";

/// The design document. `files` are the generated files that section 3 lists, the main ones with their text.
pub fn deployment_tdd(design: &Design, files: &[File]) -> File {
    File {
        part: Part::Document,
        path: format!("{}/{DOCUMENT_NAME}", design.spec_path.trim_end_matches('/')),
        contents: template::render(&view::View::new(design, files)),
        purpose: "the deployment design".to_owned(),
        syntax: "markdown".to_owned(),
    }
}
