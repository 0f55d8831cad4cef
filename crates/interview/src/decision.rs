//! The decisions that one approval covers.

use serde::Serialize;
use siteplan_catalog::refinement::{Refinement, RefinementChoice};
use siteplan_model::gate::{Gate, Provenance};

use crate::answer;
use crate::interview::Interview;
use crate::pick::pick;
use crate::state::GateState;
use crate::subject::Subject;

/// One answered question, as it is put before a person for approval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decision {
    /// What it is about.
    pub subject: Subject,
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
    /// The answers that count, in the order of their questions: the refinements that were answered stand before the platform.
    pub fn decisions(&self) -> Vec<Decision> {
        let mut decisions = Vec::new();
        for gate in self.gates() {
            if gate == Gate::Platform {
                decisions.extend(self.refined_decisions());
            }
            decisions.extend(self.decision(gate));
        }
        decisions
    }

    fn refined_decisions(&self) -> Vec<Decision> {
        let decision = |(refinement, value, choices): (&Refinement, &str, Vec<&RefinementChoice>)| {
            let words = |of: fn(&RefinementChoice) -> &str| {
                choices.iter().map(|choice| of(choice)).collect::<Vec<_>>().join(", ")
            };
            let by = self.brief().setting_provenance.get(&refinement.key).copied();
            let provenance = by.unwrap_or(Provenance::File);
            Decision {
                subject: Subject::Refinement(refinement.key.clone()),
                text: refinement.text.clone(),
                label: if choices.is_empty() { value.to_owned() } else { words(|choice| &choice.label) },
                implies: words(|choice| &choice.description),
                hard_to_undo: String::new(),
                provenance,
                state: provenance.usual_channel().map_or(GateState::Proposed, GateState::Confirmed),
                value: value.to_owned(),
            }
        };
        self.refined().into_iter().map(decision).collect()
    }

    fn decision(&self, gate: Gate) -> Option<Decision> {
        let value = answer::words(&self.brief.answers, gate)?;
        let offered = self.offered(gate);
        let choice = pick(offered.shown.iter().chain(&offered.others), &value);
        let question = self.question(gate);
        Some(Decision {
            subject: gate.into(),
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
