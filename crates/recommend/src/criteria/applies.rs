//! The kinds of an application's components → which facts of a platform count for it. What does not apply counts neither for a
//! platform nor against it.

use siteplan_catalog::platform::{Ability, Platform};
use siteplan_cost::Quote;
use siteplan_model::explanation::Operation;
use siteplan_model::survey::ServiceKind;

use super::{Entry, Ledger, Name, Words};

/// Whether all of it is of one kind.
fn all_are(quote: &Quote, kind: ServiceKind) -> bool {
    quote.workload.components.iter().all(|component| component.kind == kind)
}

/// Whether it is nothing but files, which the platform's content delivery network serves.
pub(crate) fn is_files_near_users(platform: &Platform, quote: &Quote) -> bool {
    all_are(quote, ServiceKind::Static) && platform.capabilities.cdn.value == Ability::Yes
}

/// Whether it is nothing but jobs, which start, end and start again: more work takes a larger machine, not a second one.
pub(crate) fn is_jobs_only(quote: &Quote) -> bool {
    all_are(quote, ServiceKind::Cron)
}

/// Whether anybody reaches it over HTTP.
pub(crate) fn is_reached(quote: &Quote) -> bool {
    quote.workload.components.iter().any(|component| component.kind.serves_http())
}

/// Whether what users reach is one instance, because its data lies in a file.
pub(crate) fn is_one_instance(quote: &Quote) -> bool {
    let mut files = quote.workload.with_data_files();
    files.any(|(_, component)| component.kind.serves_http())
}

/// A criterion of which nothing applies: nothing is left to wish.
pub(super) fn nothing_to_wish<'a, L: Ledger<'a>>(
    ledger: &mut L,
    criterion: &'static str,
    fact: &'static str,
    why: &'static str,
) -> L::Number {
    let entry = Entry::Application { name: Name::plain(fact), words: Words::Text(why) };
    let full = ledger.enter(entry, 1.0);
    ledger.term(Name::plain(criterion), Operation::Unit, &[full])
}
