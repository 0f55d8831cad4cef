//! How easily one leaves a platform.

use siteplan_cost::asked::cases_by_kind;
use siteplan_model::explanation::Operation;

use super::{Entry, Ledger, Name, Subject, Words};

/// One minus the proprietary files and interfaces over the number at which leaving is a rewrite.
pub(super) fn portability<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>) -> L::Number {
    let parameters = &subject.catalog.criteria.value;
    let lock_in = &subject.platform.effort.lock_in;
    let cases = cases_by_kind(subject.quote, subject.platform);
    let name = Name::plain("proprietary files and interfaces");
    let entry = subject.figure(name, "effort.lock_in", lock_in, Words::Needed(&lock_in.value, cases));
    let needed = lock_in.value.iter().filter(|tie| tie.is_needed(cases)).count();
    let listed = ledger.enter(entry, amount(needed));
    if needed < lock_in.value.len() {
        let name = Name::plain("others, which do not count: nothing of it uses them");
        let entry = subject.figure(name, "effort.lock_in", lock_in, Words::NotNeeded(&lock_in.value, cases));
        ledger.enter(entry, amount(lock_in.value.len() - needed));
    }
    let own = subject.quote.data.iter().filter(|placed| placed.same_platform).count();
    let own = ledger.enter(
        Entry::Application {
            name: Name::plain("data services of the platform's own offer"),
            words: Words::None,
        },
        amount(own),
    );
    let each = ledger.parameter("own_data_lock_in", &parameters.own_data_lock_in);
    let data = ledger.term(Name::plain("bound by data"), Operation::Product, &[own, each]);
    let bound = ledger.term(Name::plain("bound"), Operation::Sum, &[listed, data]);
    let ceiling = ledger.parameter("lock_in_ceiling", &parameters.lock_in_ceiling);
    let share = ledger.term(Name::plain("share of the ceiling"), Operation::Quotient, &[bound, ceiling]);
    let free = ledger.term(Name::plain("what is left"), Operation::Complement, &[share]);
    ledger.term(Name::plain("portability"), Operation::Unit, &[free])
}

#[expect(clippy::cast_precision_loss, reason = "a handful of interfaces")]
fn amount(count: usize) -> f64 {
    count as f64
}
