//! How near a platform is to users, wherever they are.

use siteplan_model::explanation::Operation;

use super::{Ledger, Name, Subject, Words};

/// Logarithm of the number of regions, over that of the number at which reach is full.
pub(super) fn reach<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>) -> L::Number {
    let regions = &subject.platform.limits.regions;
    let entry = subject.figure(Name::plain("regions"), "limits.regions", regions, Words::None);
    let regions = ledger.enter(entry, f64::from(regions.value));
    let full = ledger.parameter("reach_regions", &subject.catalog.criteria.value.reach_regions);
    let share = ledger.term(
        Name::plain("regions on a logarithmic scale"),
        Operation::LogarithmOfOneMoreOver,
        &[regions, full],
    );
    ledger.term(Name::plain("reach"), Operation::Unit, &[share])
}
