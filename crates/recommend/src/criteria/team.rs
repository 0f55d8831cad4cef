//! What a platform does for several people who work on one application.

use siteplan_model::explanation::Operation;

use super::{Ledger, Name, Subject};

/// The mean of what it can do. Rights and a log of changes mean nothing to somebody who works alone.
pub(super) fn team<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>) -> L::Number {
    let capabilities = &subject.platform.capabilities;
    let previews = subject.ability(
        ledger,
        "previews for each pull request",
        "capabilities.preview_environments",
        &capabilities.preview_environments,
    );
    if subject.quote.seats <= 1 {
        return ledger.term(Name::plain("team, for one person"), Operation::Mean, &[previews]);
    }
    let roles =
        subject.ability(ledger, "members with different rights", "capabilities.roles", &capabilities.roles);
    let log = subject.ability(ledger, "log of changes", "capabilities.audit_log", &capabilities.audit_log);
    ledger.term(Name::plain("team"), Operation::Mean, &[previews, roles, log])
}
