//! How little a platform asks of people.

use siteplan_model::explanation::Operation;

use super::{Entry, Ledger, Name, Subject};
use crate::effort;

/// One minus the items of effort over the ceiling of the expertise; what exists already is no item.
pub(super) fn simplicity<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>) -> L::Number {
    let ceilings = &subject.catalog.criteria.value.effort_ceiling;
    let expertise = subject.context.expertise;
    let counts = effort::counted(ledger, subject);
    let items = ledger.term(Name::plain("items of effort"), Operation::Sum, &counts);
    let entry =
        Entry::Parameter { key: "effort_ceiling", word: expertise.as_str(), reason: &ceilings.reason };
    let ceiling = ledger.enter(entry, ceilings.of(&expertise));
    ledger.widen(1.0 / ceilings.of(&expertise), "one item more or less than counted");
    let share = ledger.term(Name::plain("share of the ceiling"), Operation::Quotient, &[items, ceiling]);
    let left = ledger.term(Name::plain("what is left"), Operation::Complement, &[share]);
    ledger.term(Name::plain("simplicity"), Operation::Unit, &[left])
}
