//! What people read in the interview: the questions and the settings. `data/words`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siteplan_model::gate::Gate;

/// The file of questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Questions {
    /// Always `siteplan/questions@1`.
    pub schema: String,
    /// The questions, in the order of their gates.
    pub question: Vec<Question>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The gate it answers.
    pub gate: Gate,
    /// The question.
    pub text: String,
    /// Why it is asked, in a sentence.
    pub why: String,
    /// What a newcomer needs to know to answer it.
    pub help: String,
    /// The stated default; empty where it depends on the Survey or on other answers.
    #[serde(default)]
    pub default: String,
    /// What changing the answer later costs; empty where that is little.
    #[serde(default)]
    pub hard_to_undo: String,
    /// Fixed choices; empty where they depend on the catalog or the Survey.
    #[serde(default)]
    pub choice: Vec<Choice>,
}

/// One choice of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The word in files and flags.
    pub value: String,
    /// The word that people read.
    pub label: String,
    /// What it means.
    pub description: String,
}

/// The file of settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Always `siteplan/settings@1`.
    pub schema: String,
    /// The settings.
    pub setting: Vec<Setting>,
}

/// A value that is never asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// Its key.
    pub key: String,
    /// Its default; empty for none.
    pub default: String,
    /// Allowed values; any text, if empty.
    #[serde(default)]
    pub choices: Vec<String>,
    /// What it does.
    pub help: String,
}
