//! One question as a front end shows it.

use serde::Serialize;
use siteplan_catalog::words::Choice;
use siteplan_model::fact::Certainty;
use siteplan_model::gate::Provenance;

use crate::subject::Subject;

/// One question, with everything that helps to answer it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Prompt {
    /// What it is about.
    pub subject: Subject,
    /// Its place among the gates that apply, from 1; 0 for a refinement.
    pub number: usize,
    /// How many gates apply under the answers so far.
    pub of: usize,
    /// The question.
    pub text: String,
    /// Why it is asked.
    pub why: String,
    /// What a newcomer needs to know.
    pub help: String,
    /// What an answer looks like.
    pub kind: PromptKind,
    /// The stated default.
    pub default: String,
    /// What detection, an assistant or the recommendation proposes.
    pub proposed: Option<Proposal>,
    /// The answer that was given before and taken back.
    pub given: Option<String>,
}

impl Prompt {
    /// The answer to offer first: the one taken back, else the proposed one, else the default.
    pub fn preselected(&self) -> &str {
        let proposed = self.proposed.as_ref().map(|proposal| proposal.value.as_str());
        self.given.as_deref().or(proposed).unwrap_or(&self.default)
    }

    /// The choices shown and those behind them; none for a text.
    pub fn choices(&self) -> impl Iterator<Item = &Choice> {
        let (shown, further): (&[Choice], &[Choice]) = match &self.kind {
            PromptKind::Choice { choices, others, .. } => (choices, others),
            PromptKind::Text { .. } => (&[], &[]),
        };
        shown.iter().chain(further)
    }
}

/// What an answer looks like.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PromptKind {
    /// One of the choices, by value or label, in any case.
    Choice {
        /// The choices to show.
        choices: Vec<Choice>,
        /// Further choices that are taken too, to be shown on demand; empty for most questions.
        others: Vec<Choice>,
        /// What may be typed instead (`a number of users: 800, 10K, 1M`), if anything may.
        number: Option<String>,
        /// Whether several choices may be typed.
        several: bool,
    },
    /// A line of text.
    Text {
        /// What it looks like.
        example: String,
    },
}

/// An answer that somebody other than the person proposes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proposal {
    /// The answer in its words.
    pub value: String,
    /// Why, with the place to look (`package.json:14`).
    pub because: String,
    /// How far it can be relied on.
    pub certainty: Certainty,
    /// Who proposes it: [`Provenance::Detected`], [`Provenance::Assistant`], or [`Provenance::Default`] for what
    /// follows from the answers, as the recommended platform does.
    pub from: Provenance,
}
