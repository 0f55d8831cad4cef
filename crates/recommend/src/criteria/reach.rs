//! How near a platform is to users, wherever they are.

use siteplan_model::explanation::Operation;

use super::applies::{is_files_near_users, is_reached, nothing_to_wish};
use super::{Ledger, Name, Subject, Words};

/// Logarithm of the number of regions, over that of the number at which reach is full. A content delivery network is near users of
/// every continent; where nobody asks, nobody is far.
pub(super) fn reach<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>) -> L::Number {
    if !is_reached(subject.quote) {
        return nothing_to_wish(ledger, "reach", "regions", "do not count: nobody reaches it over HTTP");
    }
    let full = &subject.catalog.criteria.value.reach_regions;
    let regions = if is_files_near_users(subject.platform, subject.quote) {
        let words = Words::Text("files behind a content delivery network: as near as it is full");
        let cdn = &subject.platform.capabilities.cdn;
        ledger.enter(subject.figure(Name::plain("places"), "capabilities.cdn", cdn, words), full.value)
    } else {
        let regions = &subject.platform.limits.regions;
        let entry = subject.figure(Name::plain("regions"), "limits.regions", regions, Words::None);
        ledger.enter(entry, f64::from(regions.value))
    };
    let full = ledger.parameter("reach_regions", full);
    let share = ledger.term(
        Name::plain("regions on a logarithmic scale"),
        Operation::LogarithmOfOneMoreOver,
        &[regions, full],
    );
    ledger.term(Name::plain("reach"), Operation::Unit, &[share])
}
