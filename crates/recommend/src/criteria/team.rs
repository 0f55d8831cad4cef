//! What a platform does for several people who work on one application.

use siteplan_model::explanation::Operation;

use super::{Entry, Ledger, Name, Subject, Words};

/// The mean of what it can do. Rights and a log of changes mean nothing to one or two people who do everything.
pub(super) fn team<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>) -> L::Number {
    let capabilities = &subject.platform.capabilities;
    let previews = subject.ability(
        ledger,
        "previews for each pull request",
        "capabilities.preview_environments",
        &capabilities.preview_environments,
    );
    let people = Name::plain("people who deploy");
    ledger.enter(Entry::Application { name: people, words: Words::None }, f64::from(subject.quote.seats));
    let from = &subject.catalog.criteria.value.team_rights_from;
    ledger.parameter("team_rights_from", from);
    if f64::from(subject.quote.seats) < from.value {
        return ledger.term(Name::plain("team, for so few"), Operation::Mean, &[previews]);
    }
    let roles =
        subject.ability(ledger, "members with different rights", "capabilities.roles", &capabilities.roles);
    let log = subject.ability(ledger, "log of changes", "capabilities.audit_log", &capabilities.audit_log);
    ledger.term(Name::plain("team"), Operation::Mean, &[previews, roles, log])
}
