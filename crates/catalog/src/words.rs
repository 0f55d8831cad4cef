//! What people read in the interview: the questions and the settings. `data/words`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siteplan_model::gate::Gate;

use crate::form::Form;

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

/// A value that no gate asks for.
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
    /// Whether several of the values may be given, separated by commas.
    #[serde(default)]
    pub several: bool,
    /// Whether it takes a whole number above zero.
    #[serde(default)]
    pub number: bool,
    /// What any other text must look like.
    #[serde(default)]
    pub form: Form,
    /// What it does.
    pub help: String,
}

impl Setting {
    /// A given value in the words in which it is kept; `None` if the setting does not take it.
    pub fn canonical(&self, given: &str) -> Option<String> {
        let given = given.trim();
        if self.number {
            let number = given.parse::<u32>().ok().filter(|number| *number > 0);
            return if given.is_empty() {
                Some(String::new())
            } else {
                number.map(|number| number.to_string())
            };
        }
        if self.choices.is_empty() {
            return (given.is_empty() || self.form.accepts(given)).then(|| given.to_owned());
        }
        let one = |word: &str| self.choices.iter().find(|choice| same_word(choice, word));
        if !self.several || given.is_empty() {
            return one(given).cloned();
        }
        let mut words: Vec<&str> = Vec::new();
        for word in given.split(',') {
            let word = one(word)?;
            if !words.contains(&word.as_str()) {
                words.push(word);
            }
        }
        // The default means that nothing is asked for, which contradicts anything beside it.
        (words.len() == 1 || !words.contains(&self.default.as_str())).then(|| words.join(","))
    }
}

/// Whether two words differ at most in what people write differently: case, spaces, underscores.
fn same_word(one: &str, other: &str) -> bool {
    let normal = |text: &str| text.trim().to_lowercase().replace(['_', ' '], "-");
    normal(one) == normal(other)
}
