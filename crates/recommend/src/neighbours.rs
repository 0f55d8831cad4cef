//! Every single changed answer or need, and the field under it.

use std::collections::BTreeMap;

use crate::candidate::Field;
use crate::change::changes;
use crate::desk::Desk;
use crate::situation::Situation;

/// The field under one changed answer.
#[derive(Clone, Debug)]
pub(crate) struct Neighbour<'a> {
    /// The changed answer.
    pub(crate) changed: BTreeMap<String, String>,
    /// The platforms under it.
    pub(crate) field: Field<'a>,
}

/// All neighbours, in the order of the questions.
pub(crate) fn of<'a>(desk: &Desk<'a>, here: &Situation<'_>, field: &Field<'a>) -> Vec<Neighbour<'a>> {
    changes(desk.catalog, here)
        .iter()
        .map(|change| Neighbour {
            changed: change.when(),
            field: field.beside(desk, here, &change.situation),
        })
        .collect()
}
