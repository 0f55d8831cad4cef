//! Why there is no design.

use std::fmt::Display;

use siteplan_model::gate::Gate;

/// Why there is no design.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DesignError {
    /// Gates that the design needs have no answer.
    #[error("{} no answer yet: {}", have(gates), names(gates))]
    Unanswered {
        /// The gates, in their order.
        gates: Vec<Gate>,
    },
    /// An answer or a placement names something that the catalog does not hold.
    #[error("the catalog has no {what} `{id}`; {known}")]
    Unknown {
        /// What kind of thing.
        what: &'static str,
        /// Its id.
        id: String,
        /// What the catalog holds instead.
        known: String,
    },
    /// A setting whose text cannot be read.
    #[error("setting `{key}` is `{value}`: {what}; {form}")]
    Setting {
        /// Its key.
        key: &'static str,
        /// Its text.
        value: String,
        /// What is wrong with it.
        what: String,
        /// What to write.
        form: &'static str,
    },
}

fn have(gates: &[Gate]) -> &'static str {
    if gates.len() == 1 { "a gate has" } else { "gates have" }
}

fn names(gates: &[Gate]) -> String {
    let names: Vec<String> = gates.iter().map(|gate| format!("`{gate}`")).collect();
    names.join(", ")
}

/// The error for an id that is not among the known ones.
pub(crate) fn known<'a, T: Display + 'a>(
    what: &'static str,
    id: &T,
    ids: impl Iterator<Item = &'a T>,
) -> DesignError {
    let ids: Vec<String> = ids.map(|id| format!("`{id}`")).collect();
    DesignError::Unknown { what, id: id.to_string(), known: format!("it knows {}", ids.join(", ")) }
}
