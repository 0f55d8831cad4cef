//! Section 4's variables: a table of those that somebody has to think of, a line for each of the rest.

use serde::Serialize;
use siteplan_model::design::VariablePlan;

/// Most optional variables that the table takes in; more of them would hide the others.
const FEW: usize = 8;

/// The variables, split.
#[derive(Serialize)]
pub(super) struct Variables<'a> {
    /// Required ones, secrets, addresses of data and those that differ by environment.
    table: Vec<&'a VariablePlan>,
    /// Optional ones that are the same everywhere.
    rest: Vec<Rest<'a>>,
}

#[derive(Serialize)]
struct Rest<'a> {
    name: &'a str,
    default: Option<&'a str>,
    read_by: Option<&'a str>,
}

impl<'a> Variables<'a> {
    pub(super) fn new(all: &'a [VariablePlan]) -> Self {
        let (table, rest): (Vec<_>, Vec<_>) = all.iter().partition(|variable| needs_thought(variable));
        if rest.len() <= FEW {
            return Self { table: all.iter().collect(), rest: Vec::new() };
        }
        let rest = rest.into_iter().map(|variable| Rest {
            name: &variable.name,
            default: variable.default.as_deref(),
            read_by: variable.read_by.as_deref(),
        });
        Self { table, rest: rest.collect() }
    }
}

fn needs_thought(variable: &VariablePlan) -> bool {
    let mut values = variable.values.values();
    let first = values.next();
    variable.required
        || variable.secret
        || variable.data.is_some()
        || values.any(|value| Some(value) != first)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use siteplan_model::design::VariablePlan;

    use super::{FEW, Variables};

    fn variable(name: &str, required: bool) -> VariablePlan {
        VariablePlan {
            name: name.to_owned(),
            secret: false,
            required,
            when: "while running".to_owned(),
            values: BTreeMap::from([("production".to_owned(), "`1`".to_owned())]),
            stored_in: "there".to_owned(),
            read_by: None,
            data: None,
            part: siteplan_model::design::DataPart::Url,
            wired: false,
            default: None,
            literals: BTreeMap::new(),
        }
    }

    #[test]
    fn many_optional_variables_leave_the_table() {
        let few = [variable("A", true), variable("B", false)];
        assert_eq!(Variables::new(&few).table.len(), 2);
        let mut many = vec![variable("A", true)];
        many.extend((0..=FEW).map(|at| variable(&format!("B{at}"), false)));
        let split = Variables::new(&many);
        assert_eq!((split.table.len(), split.rest.len()), (1, FEW + 1));
    }
}
