//! How far a gate is.

use serde::Serialize;
use siteplan_model::gate::Channel;

/// Whether a gate still holds the plan back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "state", content = "channel")]
pub enum GateState {
    /// Nobody said anything.
    Unanswered,
    /// Detection or an assistant proposes an answer; nothing confirmed it.
    Proposed,
    /// Confirmed through a channel, of which [`Channel::Default`] is the one without a person.
    Confirmed(Channel),
}

impl GateState {
    /// Whether the gate must still be asked.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Confirmed(_))
    }
}
