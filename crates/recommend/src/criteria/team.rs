//! What a platform does for several people who work on one application.

use siteplan_model::explanation::Operation;

use super::applies::{is_reached, nothing_to_wish};
use super::{Entry, Ledger, Name, Subject, Words};

/// The mean of what it can do. Rights and a log of changes mean nothing to one or two people who do everything, and a preview
/// nothing to anybody where there is no address to open.
pub(super) fn team<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>) -> L::Number {
    let capabilities = &subject.platform.capabilities;
    let parameters = &subject.catalog.criteria.value;
    let few = f64::from(subject.quote.seats) < parameters.team_rights_from.value;
    let previews = is_reached(subject.quote).then(|| {
        let figure = &capabilities.preview_environments;
        subject.ability(ledger, "previews for each pull request", "capabilities.preview_environments", figure)
    });
    let people = Name::plain("people who deploy");
    ledger.enter(Entry::Application { name: people, words: Words::None }, f64::from(subject.quote.seats));
    ledger.parameter("team_rights_from", &parameters.team_rights_from);
    if few {
        return match previews {
            Some(previews) => ledger.term(Name::plain("team, for so few"), Operation::Mean, &[previews]),
            None => nothing_to_wish(ledger, "team", "previews", "do not count: there is no address to open"),
        };
    }
    let roles =
        subject.ability(ledger, "members with different rights", "capabilities.roles", &capabilities.roles);
    let log = subject.ability(ledger, "log of changes", "capabilities.audit_log", &capabilities.audit_log);
    let offered: Vec<L::Number> = previews.into_iter().chain([roles, log]).collect();
    ledger.term(Name::plain("team"), Operation::Mean, &offered)
}
