//! How long and how firmly a platform has existed.

use siteplan_catalog::reasoning::MaturityPart;
use siteplan_model::brief::ScaleBand;
use siteplan_model::explanation::Operation;

use super::applies::is_jobs_only;
use super::{Entry, Ledger, Name, Subject, Words};

/// Weighted mean of age, promise and state. A promise of uptime counts from a scale on at which what it pays back matters, and for
/// what is up all the time.
pub(super) fn maturity<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>) -> L::Number {
    let parameters = &subject.catalog.criteria.value;
    let age = age(ledger, subject);
    let life = &subject.platform.lifecycle.state;
    let words = Words::Scaled(life.value.as_str(), "lifecycle_value");
    let entry = subject.figure(Name::plain("state of life"), "lifecycle.state", life, words);
    let state = ledger.enter(entry, parameters.lifecycle_value.of(&life.value));
    let counts = &parameters.record_counts;
    let entry = Entry::Parameter { key: "record_counts", word: life.value.as_str(), reason: &counts.reason };
    let counts = ledger.enter(entry, counts.of(&life.value));
    let age = ledger.term(Name::plain("age as far as it counts"), Operation::Product, &[age, counts]);
    let shares = &parameters.maturity_share;
    let share = |ledger: &mut L, word: &'static str, part: MaturityPart| {
        let entry = Entry::Parameter { key: "maturity_share", word, reason: &shares.reason };
        ledger.enter(entry, shares.of(&part))
    };
    let of_age = share(ledger, "age", MaturityPart::Age);
    let of_state = share(ledger, "state", MaturityPart::State);
    let mean = Name::plain("weighted mean");
    let mean = if subject.context.scale < ScaleBand::High || is_jobs_only(subject.quote) {
        ledger.term(mean, Operation::WeightedMean, &[age, of_age, state, of_state])
    } else {
        let promise = promise(ledger, subject);
        let of_promise = share(ledger, "promise", MaturityPart::Promise);
        ledger.term(mean, Operation::WeightedMean, &[age, of_age, promise, of_promise, state, of_state])
    };
    ledger.term(Name::plain("maturity"), Operation::Unit, &[mean])
}

fn age<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>) -> L::Number {
    let since = &subject.platform.lifecycle.generally_available;
    let name = Name::plain("generally available since");
    let since_entry = subject.figure(name, "lifecycle.generally_available", since, Words::None);
    let since = ledger.enter(since_entry, f64::from(since.value));
    let now =
        Entry::Application { name: Name::plain("year of the catalog's newest fact"), words: Words::None };
    let now = ledger.enter(now, f64::from(subject.catalog.date.year()));
    let years = ledger.term(Name::plain("years"), Operation::Difference, &[now, since]);
    let full = ledger.parameter("maturity_years", &subject.catalog.criteria.value.maturity_years);
    let share = ledger.term(Name::plain("years over those that count"), Operation::Quotient, &[years, full]);
    ledger.term(Name::plain("age"), Operation::Unit, &[share])
}

/// How much an uptime promise is worth; nothing where there is none.
fn promise<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>) -> L::Number {
    let parameters = &subject.catalog.criteria.value;
    let name = Name::plain("uptime promised, in percent");
    let Some(sla) = subject.platform.uptime_of(subject.quote.workload.kinds()) else {
        let entry = Entry::Application { name, words: Words::Text("none is known to the catalog") };
        return ledger.enter(entry, 0.0);
    };
    if sla.figure.value <= 0.0 {
        let words = Words::Text("the promise does not cover it");
        return ledger.enter(subject.figure(name, sla.at, sla.figure, words), 0.0);
    }
    let promised = ledger.enter(subject.figure(name, sla.at, sla.figure, Words::None), sla.figure.value);
    let from = ledger.parameter("promise_from_percent", &parameters.promise_from_percent);
    let full = ledger.parameter("promise_full_percent", &parameters.promise_full_percent);
    let above = ledger.term(Name::plain("promised above nothing"), Operation::Difference, &[promised, from]);
    let whole =
        ledger.term(Name::plain("a full promise above nothing"), Operation::Difference, &[full, from]);
    let share = ledger.term(Name::plain("share of a full promise"), Operation::Quotient, &[above, whole]);
    ledger.term(Name::plain("promise"), Operation::Unit, &[share])
}
