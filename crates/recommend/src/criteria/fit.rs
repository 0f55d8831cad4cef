//! How well the parts of an application run on a platform, and how far its needs are met.

use siteplan_catalog::condition::Need;
use siteplan_catalog::data_service::Operator;
use siteplan_catalog::figure::Figure;
use siteplan_catalog::platform::{Ability, Platform, RunMode};
use siteplan_catalog::reasoning::DataPlace;
use siteplan_cost::{Component, PlacedComponent, PlacedData};
use siteplan_model::explanation::Operation;
use siteplan_model::survey::ServiceKind;

use super::waiting::less_waiting;
use super::{Entry, Ledger, Name, Subject, Words, demands, fact};
use crate::effort::{builds, needs_image_written};

/// How the components run, together with how far the needs are met, and what demands beyond the application leave of it.
pub(super) fn fit<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>) -> L::Number {
    let fit = of_application(ledger, subject);
    demands::under(ledger, subject, fit)
}

fn of_application<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>) -> L::Number {
    let quote = subject.quote;
    let runs: Vec<L::Number> =
        quote.components.iter().map(|placed| component(ledger, subject, placed)).collect();
    let runs = ledger.term(Name::plain("how the components run"), Operation::Mean, &runs);
    let mut met: Vec<L::Number> =
        quote.workload.needs.iter().map(|need| need_met(ledger, subject, *need)).collect();
    met.extend(quote.workload.clouds.iter().map(|cloud| beside_cloud(ledger, subject, cloud)));
    if met.is_empty() {
        return ledger.term(Name::plain("fit"), Operation::Unit, &[runs]);
    }
    let met = ledger.term(Name::plain("how the needs are met"), Operation::Mean, &met);
    let share = ledger.parameter("run_share", &subject.catalog.criteria.value.run_share);
    let rest = ledger.term(Name::plain("share of the needs"), Operation::Complement, &[share]);
    let both = ledger.term(Name::plain("fit of both"), Operation::WeightedMean, &[runs, share, met, rest]);
    ledger.term(Name::plain("fit"), Operation::Unit, &[both])
}

fn component<'a, L: Ledger<'a>>(
    ledger: &mut L,
    subject: &Subject<'a>,
    placed: &'a PlacedComponent,
) -> L::Number {
    let Subject { catalog, platform, quote, context, .. } = *subject;
    let parameters = &catalog.criteria.value;
    let component = &quote.workload.components[placed.component];
    let of = |what| Name::with(what, &component.name);
    if placed.platform != platform.id {
        let Some(companion) = catalog.platforms.get(&placed.platform) else {
            return ledger
                .enter(Entry::Application { name: of("`{}` runs nowhere"), words: Words::None }, 0.0);
        };
        let mode = mode(ledger, subject, companion, component, of("how `{}` runs on the companion"));
        let lost = ledger.parameter("companion_cost", &parameters.companion_cost);
        let left = ledger.term(of("`{}` less the companion"), Operation::Difference, &[mode, lost]);
        let left = less_waiting(ledger, subject, companion, placed, left);
        return ledger.term(of("`{}`"), Operation::Unit, &[left]);
    }
    let foreign = !builds(catalog, platform, component) && platform.runs.images.value == Ability::No;
    if component.kind.serves_http() && foreign && !knows_framework(platform, component) {
        let languages = &platform.runs.languages;
        let entry = subject.figure(
            of("`{}`, whose language is not built and whose image is not taken"),
            "runs.languages",
            languages,
            Words::List(&languages.value),
        );
        return ledger.enter(entry, 0.0);
    }
    if let Some(value) = out_of_place(ledger, subject, component) {
        return ledger.term(of("`{}`"), Operation::Unit, &[value]);
    }
    let mut value = mode(ledger, subject, platform, component, of("how `{}` runs"));
    let frameworks = &platform.runs.frameworks;
    if knows_framework(platform, component) {
        value = with_bonus(ledger, subject, of("`{}` with a framework that it tunes for"), value, None);
        let floor = ledger.parameter("framework_floor", &parameters.framework_floor);
        value = ledger.term(of("`{}`, at least the floor"), Operation::Larger, &[value, floor]);
        if sets_image_aside(platform, component) {
            let lost = ledger.parameter("image_set_aside_cost", &parameters.image_set_aside_cost);
            value = ledger.term(of("`{}` less an image set aside"), Operation::Difference, &[value, lost]);
        }
    } else if let Some(servers) = starts_as_it_is(platform, component) {
        value = as_one_function(ledger, subject, servers, component, value);
    } else if is_planned_front_end(component) && !frameworks.value.is_empty() {
        let likely = ledger.parameter("framework_likely", &parameters.framework_likely);
        value = with_bonus(
            ledger,
            subject,
            of("`{}` with a framework that it may tune for"),
            value,
            Some(likely),
        );
    }
    if needs_image_written(catalog, platform, component) {
        let costs = &parameters.image_to_write_cost;
        let word = context.expertise.as_str();
        let entry = Entry::Parameter { key: "image_to_write_cost", word, reason: &costs.reason };
        let lost = ledger.enter(entry, costs.of(&context.expertise));
        value = ledger.term(of("`{}` less an image to write"), Operation::Difference, &[value, lost]);
    }
    value = less_waiting(ledger, subject, platform, placed, value);
    ledger.term(of("`{}`"), Operation::Unit, &[value])
}

/// The value of a component that the platform starts, but that does not serve there as it is: one whose data goes with the next restart,
/// and one that is no process where processes are run.
fn out_of_place<'a, L: Ledger<'a>>(
    ledger: &mut L,
    subject: &Subject<'a>,
    component: &'a Component,
) -> Option<L::Number> {
    let modes = &subject.catalog.criteria.value.run_mode_value;
    let platform = subject.platform;
    let of = |what| Name::with(what, &component.name);
    let scaled = |mode: RunMode| (Words::Scaled(mode.as_str(), "run_mode_value"), modes.of(&mode));
    if component.handles_requests {
        let Some(figure) = &platform.runs.request_handlers else {
            let (words, number) = scaled(RunMode::Limited);
            let name = of("`{}`, a handler of requests that has to become a process first");
            return Some(ledger.enter(Entry::Application { name, words }, number));
        };
        let (words, number) = scaled(figure.value);
        let name = of("how `{}`, a handler of requests, runs");
        return Some(ledger.enter(subject.figure(name, "runs.request_handlers", figure, words), number));
    }
    let disk = platform.capabilities.disk_of_embedded_databases();
    let lost = component.data_file.is_some() && disk.value == Ability::No;
    lost.then(|| {
        let (words, number) = scaled(RunMode::Limited);
        let name = of("`{}`, whose database is a file that does not last here");
        ledger.enter(subject.figure(name, "capabilities.embedded_databases", disk, words), number)
    })
}

/// A front end that is not written yet.
fn is_planned_front_end(component: &Component) -> bool {
    component.framework.is_none() && component.language.is_none() && component.kind == ServiceKind::Static
}

fn knows_framework(platform: &Platform, component: &Component) -> bool {
    component.framework.as_ref().is_some_and(|framework| platform.runs.frameworks.value.contains(framework))
}

/// The frameworks of servers that a platform of functions starts as they are, if the component's is one of them.
fn starts_as_it_is<'a>(platform: &'a Platform, component: &Component) -> Option<&'a Figure<Vec<String>>> {
    let by_function = platform.runs.mode(component.kind).value == RunMode::Function;
    let servers = platform.runs.server_frameworks.as_ref().filter(|_| by_function)?;
    servers.value.contains(component.framework.as_ref()?).then_some(servers)
}

/// The value of a server that is one function, however the platform runs its kind otherwise.
fn as_one_function<'a, L: Ledger<'a>>(
    ledger: &mut L,
    subject: &Subject<'a>,
    servers: &'a Figure<Vec<String>>,
    component: &'a Component,
    value: L::Number,
) -> L::Number {
    let of = |what| Name::with(what, &component.name);
    let parameters = &subject.catalog.criteria.value;
    let words = Words::List(&servers.value);
    let name = Name::plain("frameworks whose servers it starts as they are");
    #[expect(clippy::cast_precision_loss, reason = "a few dozen frameworks")]
    ledger.enter(subject.figure(name, "runs.server_frameworks", servers, words), servers.value.len() as f64);
    let least = ledger.parameter("server_as_function", &parameters.server_as_function);
    let value = ledger.term(of("`{}`, at least as one function"), Operation::Larger, &[value, least]);
    if !sets_image_aside(subject.platform, component) {
        return value;
    }
    let lost = ledger.parameter("image_set_aside_cost", &parameters.image_set_aside_cost);
    ledger.term(of("`{}` less an image set aside"), Operation::Difference, &[value, lost])
}

/// The value of how a kind of component runs.
fn mode<'a, L: Ledger<'a>>(
    ledger: &mut L,
    subject: &Subject<'a>,
    host: &'a Platform,
    component: &'a Component,
    name: Name<'a>,
) -> L::Number {
    let kind = served_as(host, component);
    let (mode, at) = (host.runs.mode(kind), place_of(kind));
    let words = Words::Scaled(mode.value.as_str(), "run_mode_value");
    let number = subject.catalog.criteria.value.run_mode_value.of(&mode.value);
    ledger.enter(fact(host, name, at, mode, words), number)
}

/// Whether a platform builds a server anew in a way of its own although the repository says how its image is built.
fn sets_image_aside(platform: &Platform, component: &Component) -> bool {
    let in_a_process =
        matches!(platform.runs.mode(component.kind).value, RunMode::Native | RunMode::Container);
    component.has_image && component.kind.serves_http() && !in_a_process
}

/// What a component is to a platform: files that come in an image of their own are a server where there is nothing better for them.
fn served_as(host: &Platform, component: &Component) -> ServiceKind {
    let in_image = component.kind == ServiceKind::Static
        && component.has_image
        && host.runs.static_site.value == RunMode::Limited
        && host.runs.images.value == Ability::Yes;
    if in_image { ServiceKind::Web } else { component.kind }
}

fn place_of(kind: ServiceKind) -> &'static str {
    match kind {
        ServiceKind::Web => "runs.web",
        ServiceKind::Api => "runs.api",
        ServiceKind::Worker => "runs.worker",
        ServiceKind::Cron => "runs.cron",
        ServiceKind::Static => "runs.static",
    }
}

fn with_bonus<'a, L: Ledger<'a>>(
    ledger: &mut L,
    subject: &Subject<'a>,
    name: Name<'a>,
    value: L::Number,
    likely: Option<L::Number>,
) -> L::Number {
    let frameworks = &subject.platform.runs.frameworks;
    let words = Words::List(&frameworks.value);
    let listed =
        subject.figure(Name::plain("frameworks that it tunes for"), "runs.frameworks", frameworks, words);
    #[expect(clippy::cast_precision_loss, reason = "a few dozen frameworks")]
    ledger.enter(listed, frameworks.value.len() as f64);
    let mut bonus = ledger.parameter("framework_bonus", &subject.catalog.criteria.value.framework_bonus);
    if let Some(likely) = likely {
        bonus = ledger.term(Name::plain("bonus as it is likely"), Operation::Product, &[bonus, likely]);
    }
    ledger.term(name, Operation::Sum, &[value, bonus])
}

/// The same application on the platform of this option that has to meet a need: the one that runs the jobs for jobs, else the
/// one that runs the server.
fn where_needed<'a>(subject: &Subject<'a>, need: Need) -> Subject<'a> {
    let quote = subject.quote;
    let host_of = |kind: ServiceKind| {
        let runs = |placed: &&PlacedComponent| quote.workload.components[placed.component].kind == kind;
        quote.components.iter().find(runs).map(|placed| &placed.platform)
    };
    let host = match need {
        // What computes on a GPU is a worker, where there is one.
        Need::Workers | Need::Gpu => host_of(ServiceKind::Worker),
        Need::Cron => host_of(ServiceKind::Cron),
        // The disk is where the component runs whose data lies on it.
        Need::FileStorage => {
            let keeps =
                |placed: &&PlacedComponent| quote.workload.components[placed.component].data_file.is_some();
            quote.components.iter().find(keeps).map(|placed| &placed.platform)
        }
        _ => None,
    };
    let host = host.unwrap_or(&quote.server);
    Subject { platform: subject.catalog.platforms.get(host).unwrap_or(subject.platform), ..*subject }
}

/// How far a need is met, from 0 to 1.
fn need_met<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>, need: Need) -> L::Number {
    let subject = &where_needed(subject, need);
    let platform = subject.platform;
    let can = &platform.capabilities;
    match need {
        Need::Websockets => subject.ability(ledger, "WebSockets", "capabilities.websockets", &can.websockets),
        Need::Gpu => subject.ability(ledger, "GPU", "capabilities.gpu", &can.gpu),
        Need::Clustering => subject.ability(
            ledger,
            "instances that find each other",
            "capabilities.clustering",
            &can.clustering,
        ),
        Need::FileStorage if subject.quote.workload.keeps_data_in_files() => subject.ability(
            ledger,
            "disks on which a database in the process lasts",
            "capabilities.embedded_databases",
            can.disk_of_embedded_databases(),
        ),
        Need::FileStorage => subject.ability(
            ledger,
            "disks that survive a restart",
            "capabilities.persistent_disk",
            &can.persistent_disk,
        ),
        Need::Workers if separate(subject, ServiceKind::Worker) => {
            mode_met(ledger, subject, ("runs.worker", &platform.runs.worker), "workers")
        }
        Need::Cron if separate(subject, ServiceKind::Cron) => {
            mode_met(ledger, subject, ("runs.cron", &platform.runs.cron), "scheduled jobs")
        }
        // What starts by itself in a process that serves needs one that runs all the time, and nothing of the platform's.
        Need::Workers => mode_met(ledger, subject, beside_requests(platform), "jobs in the process"),
        Need::Cron => mode_met(ledger, subject, beside_requests(platform), "schedules in the process"),
        Need::LongRequests => long_requests(ledger, subject),
        Need::Database => data_met(ledger, subject, "databases", |placed| !placed.is_cache),
        Need::Cache => data_met(ledger, subject, "caches", |placed| placed.is_cache),
    }
}

/// Whether the application runs on the cloud whose own services it calls. Elsewhere it works too, with a long-lived key, and
/// every call crosses the internet.
fn beside_cloud<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>, cloud: &'a str) -> L::Number {
    let same = subject.platform.cloud.as_deref() == Some(cloud);
    let (words, number) = if same { ("yes", 1.0) } else { ("no", 0.0) };
    let name = Name::with("beside the services of `{}` that it calls", cloud);
    let same = ledger.enter(Entry::Application { name, words: Words::Text(words) }, number);
    let elsewhere =
        ledger.parameter("foreign_cloud_value", &subject.catalog.criteria.value.foreign_cloud_value);
    ledger.term(Name::with("how well `{}` is reached", cloud), Operation::Larger, &[same, elsewhere])
}

/// Whether a need has a component of its own.
fn separate(subject: &Subject<'_>, kind: ServiceKind) -> bool {
    subject.quote.workload.components.iter().any(|component| component.kind == kind)
}

/// How work runs that a web process does beside its requests.
fn beside_requests(platform: &Platform) -> (&'static str, &Figure<RunMode>) {
    match &platform.runs.background {
        Some(figure) => ("runs.background", figure),
        None => ("runs.worker", &platform.runs.worker),
    }
}

/// How something runs, against how it runs at best.
fn mode_met<'a, L: Ledger<'a>>(
    ledger: &mut L,
    subject: &Subject<'a>,
    (place, mode): (&'static str, &'a Figure<RunMode>),
    name: &'static str,
) -> L::Number {
    let modes = &subject.catalog.criteria.value.run_mode_value;
    let words = Words::Scaled(mode.value.as_str(), "run_mode_value");
    let entry = subject.figure(Name::with("how {} run", name), place, mode, words);
    let value = ledger.enter(entry, modes.of(&mode.value));
    let best =
        Entry::Parameter { key: "run_mode_value", word: RunMode::Native.as_str(), reason: &modes.reason };
    let best = ledger.enter(best, modes.of(&RunMode::Native));
    ledger.term(Name::with("{}, against the best", name), Operation::Quotient, &[value, best])
}

fn long_requests<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>) -> L::Number {
    let name = Name::plain("seconds that a request may last");
    let Some(limit) = &subject.platform.limits.request_timeout_seconds else {
        let words = Words::Text("no limit is known to the catalog");
        return ledger.enter(Entry::Application { name, words }, 1.0);
    };
    let entry = subject.figure(name, "limits.request_timeout_seconds", limit, Words::None);
    let seconds = ledger.enter(entry, f64::from(limit.value));
    let full = &subject.catalog.criteria.value.long_request_full_seconds;
    let full = ledger.parameter("long_request_full_seconds", full);
    let share =
        ledger.term(Name::plain("seconds over those that are enough"), Operation::Quotient, &[seconds, full]);
    ledger.term(Name::plain("long requests"), Operation::Unit, &[share])
}

/// Whether what users reach is called as functions, each with connections of its own.
fn serves_by_functions(subject: &Subject<'_>) -> bool {
    let Subject { catalog, quote, .. } = *subject;
    let server = catalog.platforms.get(&quote.server);
    let mut there = quote.components.iter().filter(|placed| placed.platform == quote.server);
    there.any(|placed| {
        let kind = quote.workload.components[placed.component].kind;
        kind.serves_http() && server.is_some_and(|host| host.runs.mode(kind).value == RunMode::Function)
    })
}

fn data_met<'a, L: Ledger<'a>>(
    ledger: &mut L,
    subject: &Subject<'a>,
    name: &'static str,
    of_kind: fn(&PlacedData) -> bool,
) -> L::Number {
    let quote = subject.quote;
    let values = &subject.catalog.criteria.value.data_place_value;
    let missing = quote.unplaced.iter().any(|engine| !quote.workload.embedded.contains(engine));
    let mut met: Vec<L::Number> = Vec::new();
    for placed in quote.data.iter().filter(|placed| of_kind(placed) && !missing) {
        let service = placed.service.as_ref().and_then(|id| subject.catalog.data_services.get(id));
        let by_team = service.is_none_or(|service| service.operated_by == Operator::Team);
        let place = match (placed.same_platform, placed.lasts || placed.is_cache) {
            (true, true) if by_team && !placed.is_cache => DataPlace::SelfRun,
            (true, true) => DataPlace::Own,
            (false, true) => DataPlace::Elsewhere,
            (_, false) => DataPlace::NotLasting,
        };
        let name = Name::with("where {} is", &placed.engine);
        let words = Words::Scaled(place.as_str(), "data_place_value");
        let plan = service.and_then(|service| {
            let plan = service.plans.iter().find(|plan| plan.id == placed.plan)?;
            Some((service, plan))
        });
        let entry = match plan {
            Some((service, plan)) => Entry::Fact {
                name,
                words,
                thing: service.id.as_str(),
                at: "plan",
                note: None,
                source: service.sources.get(&plan.source),
            },
            None => Entry::Application { name, words },
        };
        let mut value = ledger.enter(entry, values.of(&place));
        if place == DataPlace::SelfRun {
            let shares = &subject.catalog.criteria.value.self_run_share;
            let expertise = &subject.context.expertise;
            let word = expertise.as_str();
            let share = Entry::Parameter { key: "self_run_share", word, reason: &shares.reason };
            let share = ledger.enter(share, shares.of(expertise));
            let name = Name::with("{} as this team runs it", &placed.engine);
            value = ledger.term(name, Operation::Product, &[value, share]);
        }
        if !placed.is_cache && serves_by_functions(subject) {
            let share = &subject.catalog.criteria.value.database_from_functions_share;
            let share = ledger.parameter("database_from_functions_share", share);
            let name = Name::with("{} as functions reach it", &placed.engine);
            value = ledger.term(name, Operation::Product, &[value, share]);
        }
        met.push(value);
    }
    if met.is_empty() {
        let words = Words::Scaled(DataPlace::Missing.as_str(), "data_place_value");
        let entry = Entry::Application { name: Name::with("where the {} are", name), words };
        met.push(ledger.enter(entry, values.of(&DataPlace::Missing)));
    }
    ledger.term(Name::plain(name), Operation::Mean, &met)
}
