//! What still has to be answered, for front ends that cannot ask.

use serde::Serialize;
use siteplan_model::gate::Gate;

use crate::interview::Interview;
use crate::prompt::{PromptKind, Proposal};

/// An open gate, with everything needed to close it from a command line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MissingGate {
    /// The gate.
    pub gate: Gate,
    /// The question.
    pub text: String,
    /// Its choices in their words; for a list of names, what one looks like.
    pub choices: Vec<String>,
    /// The flag that answers it (`--set scale=…`).
    pub flag: String,
    /// What `--defaults` would take if somebody proposes it.
    pub proposed: Option<Proposal>,
    /// What `--defaults` would take otherwise.
    pub default: String,
}

impl Interview<'_> {
    /// Every open question that applies, in order.
    pub fn missing(&self) -> Vec<MissingGate> {
        let open = self.gates().into_iter().filter(|gate| self.is_open(*gate));
        open.map(|gate| {
            let prompt = self.prompt(gate);
            let choices = match &prompt.kind {
                PromptKind::Choice { choices, .. } => choices.iter().map(|c| c.value.clone()).collect(),
                PromptKind::Text { example } => vec![example.clone()],
            };
            MissingGate {
                gate,
                choices,
                flag: format!("--set {gate}=…"),
                text: prompt.text,
                proposed: prompt.proposed,
                default: prompt.default,
            }
        })
        .collect()
    }
}
