//! The decisions that one approval covers.

use serde::Serialize;
use siteplan_model::gate::{Gate, Provenance};

use crate::answer;
use crate::interview::Interview;
use crate::pick::pick;
use crate::state::GateState;

/// One answered question, as it is put before a person for approval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decision {
    /// The gate.
    pub gate: Gate,
    /// The question.
    pub text: String,
    /// The answer in its words.
    pub value: String,
    /// The answer as people read it.
    pub label: String,
    /// What it implies; empty where the label says it.
    pub implies: String,
    /// What a change of mind costs later; empty where that is little.
    pub hard_to_undo: String,
    /// Who gave the answer.
    pub provenance: Provenance,
    /// How far the gate is.
    pub state: GateState,
}

impl Interview<'_> {
    /// The answers that count, in the order of their questions.
    pub fn decisions(&self) -> Vec<Decision> {
        self.gates().into_iter().filter_map(|gate| self.decision(gate)).collect()
    }

    fn decision(&self, gate: Gate) -> Option<Decision> {
        let value = answer::words(&self.brief.answers, gate)?;
        let offered = self.offered(gate);
        let choice = pick(offered.shown.iter().chain(&offered.others), &value);
        let question = self.question(gate);
        Some(Decision {
            gate,
            text: question.map(|question| question.text.clone()).unwrap_or_default(),
            label: choice.map_or_else(|| value.clone(), |choice| choice.label.clone()),
            implies: choice.map(|choice| choice.description.clone()).unwrap_or_default(),
            hard_to_undo: question.map(|question| question.hard_to_undo.clone()).unwrap_or_default(),
            provenance: *self.brief.provenance.get(&gate)?,
            state: self.state(gate),
            value,
        })
    }
}
