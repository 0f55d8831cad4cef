//! How far a platform carries beyond the upper end of the load; for jobs, beyond what a run of them takes.

use siteplan_catalog::Catalog;
use siteplan_catalog::platform::Platform;
use siteplan_cost::Quote;
use siteplan_cost::usage::SECONDS_PER_MONTH;
use siteplan_model::brief::Context;
use siteplan_model::explanation::Operation;

use super::applies::{is_files_near_users, is_jobs_only, is_one_instance};
use super::{Entry, Ledger, Name, Plain, Subject, Words};

/// What files behind a content delivery network can serve, in requests a second, and what jobs are asked for: no end that matters.
const BOUNDLESS: f64 = 1e9;

/// Which limits of a capacity count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limits {
    /// The platform's alone.
    OfPlatform,
    /// The application's too: a database in a file is opened by one instance.
    OfWhole,
}

/// Logarithm of capacity over load, against the multiple at which it is full; less where instances are added by hand, as far as
/// there can be more than one.
pub(super) fn headroom<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>) -> L::Number {
    let parameters = &subject.catalog.criteria.value;
    let ratio = if is_jobs_only(subject.quote) {
        room_for_a_run(ledger, subject)
    } else {
        let capacity = worked_out_capacity(ledger, subject, Limits::OfWhole);
        let load = worked_out_load(ledger, subject.catalog, subject.context);
        ledger.term(Name::plain("capacity over load"), Operation::Quotient, &[capacity, load])
    };
    let full = ledger.parameter("headroom_full", &parameters.headroom_full);
    let carried =
        ledger.term(Name::plain("on a logarithmic scale"), Operation::LogarithmOver, &[ratio, full]);
    let carried = ledger.term(Name::plain("carried"), Operation::Unit, &[carried]);
    if let Some(why) = needs_no_instances(subject) {
        let name = Name::plain("adds instances by itself");
        let all = ledger.enter(Entry::Application { name, words: Words::Text(why) }, 1.0);
        return ledger.term(Name::plain("headroom"), Operation::Product, &[carried, all]);
    }
    let autoscaling = subject.platform.autoscaling_of(subject.quote.workload.kinds());
    let scaling = subject.ability(ledger, "adds instances by itself", autoscaling.at, autoscaling.figure);
    let by_hand = ledger.parameter("manual_scaling_share", &parameters.manual_scaling_share);
    let rest = ledger.term(Name::plain("share that hangs on scaling"), Operation::Complement, &[by_hand]);
    let scaled = ledger.term(Name::plain("of it met"), Operation::Product, &[rest, scaling]);
    let share = ledger.term(Name::plain("share that counts"), Operation::Sum, &[by_hand, scaled]);
    ledger.term(Name::plain("headroom"), Operation::Product, &[carried, share])
}

/// Why it does not matter whether instances are added, if it does not.
fn needs_no_instances(subject: &Subject<'_>) -> Option<&'static str> {
    let Subject { platform, quote, .. } = *subject;
    if is_files_near_users(platform, quote) {
        Some("does not count: files behind a content delivery network have no instances")
    } else if is_jobs_only(quote) {
        Some("does not count: a run of a job is one instance")
    } else if is_one_instance(quote) {
        Some("does not count: its database is a file, which one instance opens")
    } else {
        None
    }
}

/// Memory of the largest instance over what a run of a job needs: the data that it works on grows, not the number of those who ask.
fn room_for_a_run<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>) -> L::Number {
    let Subject { catalog, platform, quote, .. } = *subject;
    let most = &platform.limits.memory_mb;
    let entry =
        subject.figure(Name::plain("MB of the largest instance"), "limits.memory_mb", most, Words::None);
    let most = ledger.enter(entry, f64::from(most.value));
    let needed = if let Some(needed) = quote.workload.memory_mb {
        let name = Name::plain("MB that a run needs");
        ledger.enter(Entry::Application { name, words: Words::Text("as found") }, f64::from(needed.max(1)))
    } else {
        assumption(ledger, catalog, "memory_mb", quote.workload.main().language.as_deref())
    };
    ledger.term(Name::plain("memory over what a run needs"), Operation::Quotient, &[most, needed])
}

/// Requests a second that the platform can serve with its largest size and most instances.
pub(crate) fn capacity(
    catalog: &Catalog,
    platform: &Platform,
    quote: &Quote,
    context: &Context,
    limits: Limits,
) -> f64 {
    if is_jobs_only(quote) {
        return BOUNDLESS;
    }
    let subject = Subject { catalog, platform, quote, context, refined_by: None };
    worked_out_capacity(&mut Plain::new(catalog), &subject, limits)
}

fn worked_out_capacity<'a, L: Ledger<'a>>(
    ledger: &mut L,
    subject: &Subject<'a>,
    limits: Limits,
) -> L::Number {
    let Subject { catalog, platform, quote, .. } = *subject;
    let name = Name::plain("requests a second that it can serve");
    if is_files_near_users(platform, quote) {
        let cdn = &platform.capabilities.cdn;
        let words = Words::Text("files behind a content delivery network: no end that matters");
        return ledger.enter(subject.figure(name, "capabilities.cdn", cdn, words), BOUNDLESS);
    }
    let largest = platform.sizes.iter().max_by(|a, b| a.vcpu.total_cmp(&b.vcpu));
    let vcpus = Entry::Fact {
        name: Name::plain("vCPUs of the largest size"),
        words: Words::Text(largest.map_or("", |size| &size.id)),
        thing: platform.id.as_str(),
        at: "size",
        note: None,
        source: largest.and_then(|size| platform.sources.get(&size.source)),
    };
    let vcpus = ledger.enter(vcpus, largest.map_or(0.0, |size| size.vcpu));
    let most = &platform.limits.instances;
    let instances = if limits == Limits::OfWhole && is_one_instance(quote) {
        let words = Words::Text("one: its database is a file");
        ledger.enter(Entry::Application { name: Name::plain("most instances"), words }, 1.0)
    } else {
        let entry = subject.figure(Name::plain("most instances"), "limits.instances", most, Words::None);
        ledger.enter(entry, f64::from(most.value))
    };
    let language = quote.workload.main().language.as_deref();
    let served = assumption(ledger, catalog, "requests_per_second_per_vcpu", language);
    ledger.term(name, Operation::Product, &[vcpus, instances, served])
}

/// Requests a second in the busiest minute at the upper end of the load.
pub(crate) fn upper_load(catalog: &Catalog, context: &Context) -> f64 {
    worked_out_load(&mut Plain::new(catalog), catalog, context)
}

fn worked_out_load<'a, L: Ledger<'a>>(
    ledger: &mut L,
    catalog: &'a Catalog,
    context: &'a Context,
) -> L::Number {
    let answer = |name, words| Entry::Application { name: Name::plain(name), words };
    #[expect(clippy::cast_precision_loss, reason = "users and requests stay far below 2^52")]
    let requests = if let Some(requests) = context.requests_per_month {
        ledger.enter(answer("requests in a month", Words::Text("as answered")), requests.max(1) as f64)
    } else {
        let (users, words) = match context.users {
            Some(users) => (users, Words::Text("as answered")),
            None => (context.scale.users().1, Words::Text("the upper end of the answered scale")),
        };
        let users = ledger.enter(answer("users", words), users.max(1) as f64);
        let each = assumption(ledger, catalog, "requests_per_user", None);
        ledger.term(Name::plain("requests in a month"), Operation::Product, &[users, each])
    };
    let seconds = ledger
        .enter(answer("seconds of a month", Words::Text("730 hours, as vendors count")), SECONDS_PER_MONTH);
    let mean =
        ledger.term(Name::plain("requests a second, on average"), Operation::Quotient, &[requests, seconds]);
    let peak = assumption(ledger, catalog, "peak_factor", None);
    ledger.term(Name::plain("requests a second in the busiest minute"), Operation::Product, &[mean, peak])
}

/// The expected value of an assumption about use, for a language where it has one of its own.
fn assumption<'a, L: Ledger<'a>>(
    ledger: &mut L,
    catalog: &'a Catalog,
    key: &'static str,
    language: Option<&str>,
) -> L::Number {
    let Some(of) = catalog.usage.get(key) else {
        return ledger
            .enter(Entry::Application { name: Name::with("assumption `{}`", key), words: Words::None }, 0.0);
    };
    let values = language.and_then(|name| of.by_language.get(name)).copied().unwrap_or(of.values);
    ledger.enter(Entry::Assumption { of }, values[1])
}
