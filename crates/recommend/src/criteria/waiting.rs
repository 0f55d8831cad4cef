//! How much a component is worth less because visitors wait for its start: how often nobody is there, and how long it takes.
//!
//! Visits come at random. After a visit an instance waits some minutes for the next one; the share of the visits that find
//! none is the chance that nobody came in that time, e to the power of −(visits in a minute × minutes) (a Poisson process).

use siteplan_catalog::platform::{Platform, Stops};
use siteplan_cost::{Component, MINUTES_OF_A_MONTH, PlacedComponent, Rest};
use siteplan_model::explanation::Operation;

use super::{Entry, Ledger, Name, Subject, Words, fact};

/// A value less what the waiting costs; the same where nothing stops.
pub(super) fn less_waiting<'a, L: Ledger<'a>>(
    ledger: &mut L,
    subject: &Subject<'a>,
    host: &'a Platform,
    placed: &'a PlacedComponent,
    value: L::Number,
) -> L::Number {
    let Subject { catalog, quote, context, .. } = *subject;
    let Some(stops) = stops(host, placed) else { return value };
    let parameters = &catalog.criteria.value;
    let component = &quote.workload.components[placed.component];
    let of = |what| Name::with(what, &component.name);

    let requests = Name::plain("requests in a month, as expected");
    let requests =
        ledger.enter(Entry::Application { name: requests, words: Words::None }, quote.requests_per_month);
    let each = ledger.parameter("requests_per_visit", &parameters.requests_per_visit);
    let visits = ledger.term(Name::plain("visits in a month"), Operation::Quotient, &[requests, each]);
    let month = Name::plain("minutes of a month");
    let month = ledger.enter(Entry::Application { name: month, words: Words::None }, MINUTES_OF_A_MONTH);
    let visits = ledger.term(Name::plain("visits in a minute"), Operation::Quotient, &[visits, month]);
    let minutes = fact(
        host,
        of("minutes without a request after which `{}` stops"),
        "compute.stops.after_minutes",
        &stops.after_minutes,
        Words::None,
    );
    let minutes = ledger.enter(minutes, stops.after_minutes.value);
    let within = Name::plain("visits in the time after which it stops");
    let within = ledger.term(within, Operation::Product, &[visits, minutes]);
    let share =
        ledger.term(of("share of the visits that wait for `{}`"), Operation::ExponentialOfMinus, &[within]);

    let start = start(ledger, subject, component);
    let adds = fact(
        host,
        Name::plain("seconds that the platform adds"),
        "compute.stops.adds_seconds",
        &stops.adds_seconds,
        Words::None,
    );
    let adds = ledger.enter(adds, stops.adds_seconds.value);
    let seconds = ledger.term(of("seconds until `{}` answers"), Operation::Sum, &[start, adds]);
    let full = ledger.parameter("waiting_full_seconds", &parameters.waiting_full_seconds);
    let felt =
        ledger.term(Name::plain("seconds by order of magnitude"), Operation::LogarithmOver, &[seconds, full]);
    let felt = ledger.term(of("how much the wait for `{}` is felt"), Operation::Unit, &[felt]);
    let costs = &parameters.waiting_cost;
    let word = context.budget.as_str();
    let entry = Entry::Parameter { key: "waiting_cost", word, reason: &costs.reason };
    let cost = ledger.enter(entry, costs.of(&context.budget));
    let lost = ledger.term(of("what the wait for `{}` costs"), Operation::Product, &[cost, share, felt]);
    ledger.term(of("`{}` less the wait"), Operation::Difference, &[value, lost])
}

/// How a placed component stops while nobody asks, if it does.
fn stops<'a>(host: &'a Platform, placed: &PlacedComponent) -> Option<&'a Stops> {
    host.compute.stops(&placed.size).filter(|_| placed.rest == Rest::Stops)
}

/// Seconds that a component itself takes.
fn start<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>, component: &'a Component) -> L::Number {
    let name = Name::with("seconds that `{}` takes to start", &component.name);
    if let Some(given) = subject.quote.start_seconds {
        return ledger.enter(Entry::Application { name, words: Words::Text("as set") }, given);
    }
    let starts = &subject.catalog.starts;
    let framework = component.framework.as_deref();
    let known = starts.of(component.kind, framework, component.language.as_deref());
    let entry = Entry::Fact {
        name,
        words: Words::None,
        thing: "starts",
        at: "seconds",
        note: known.note.as_deref(),
        source: starts.sources.get(&known.source),
    };
    ledger.enter(entry, known.value)
}
