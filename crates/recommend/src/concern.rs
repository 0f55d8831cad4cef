//! What lowers an option without ruling it out → sentences that its disadvantages say.

use siteplan_catalog::condition::Need;
use siteplan_catalog::platform::{Ability, Platform, RunMode};
use siteplan_cost::{Quote, Rest, Wait};
use siteplan_model::fact::Evidence;
use siteplan_model::gate::Gate;
use siteplan_model::recommendation::Relaxation;
use siteplan_model::survey::ServiceKind;

use crate::candidate::Candidate;
use crate::certain::Asked;
use crate::constraint::{ability, need_name, server_hosts};
use crate::criteria::{Limits, capacity, is_one_instance, upper_load};
use crate::effort::builds;
use crate::lacking::forgetful;
use crate::refined::of_need;

/// The sentences for one platform, without those of the constraints that it breaks and of what its own disadvantages say.
pub(crate) fn concerns(
    asked: &Asked<'_>,
    candidate: &Candidate<'_>,
    within_budget_with: Option<&Relaxation>,
) -> Vec<String> {
    let Candidate { platform, quote, violates, .. } = candidate;
    let broken = |constraint: &str| violates.iter().any(|broken| broken.constraint == constraint);
    let known = |need: Need| platform.cons.iter().any(|con| con.when.need.contains(&need));
    let mut said = Vec::new();
    said.extend(shape(asked, platform, quote).filter(|_| violates.is_empty()));
    for need in [Need::Websockets, Need::Gpu, Need::Clustering, Need::FileStorage] {
        let name = ability(platform, need).map_or("", |(_, name)| name);
        if !broken(name) && !known(need) {
            said.extend(lacking(asked, platform, quote, need));
        }
    }
    said.extend(forgetful(asked.catalog, quote).map(|placed| {
        let component = &quote.workload.components[placed.component];
        format!("The data of `{}` lies in a file, and files are gone there with each release", component.name)
    }));
    if !broken("request-timeout") && !known(Need::LongRequests) {
        said.extend(timeout(asked, platform, quote));
    }
    if !broken("memory") {
        said.extend(memory(asked, platform, quote));
    }
    if !broken("scale") {
        said.extend(load(asked, platform, quote));
    }
    if !broken("terms-of-use") && !quote.terms_allow {
        said.push(format!("The plan {} is not meant for commercial use", quote.plan));
    }
    if !broken("budget") {
        said.extend(budget(asked, quote, within_budget_with));
    }
    said.extend(quote.report.not_included.iter().map(|open| format!("Not in the price: {}", open.what)));
    said.extend(starts(asked, quote));
    said.extend(apart(asked, platform, quote));
    said.extend(unplaced(asked, quote));
    said
}

/// Where a need was seen, in brackets.
fn seen(asked: &Asked<'_>, need: Need) -> String {
    let fact = of_need(&asked.survey.needs, need);
    fact.and_then(|fact| fact.evidence.first())
        .map(|place: &Evidence| format!(" (seen at `{}`)", place.place()))
        .unwrap_or_default()
}

/// A main component that the platform runs only in part or not at all.
fn shape(asked: &Asked<'_>, platform: &Platform, quote: &Quote) -> Option<String> {
    let main = quote.workload.main();
    let host = quote.components.iter().find(|placed| quote.workload.components[placed.component] == *main);
    if host.is_some_and(|placed| placed.platform != platform.id) || main.kind == ServiceKind::Static {
        return None;
    }
    let foreign = platform.runs.images.value == Ability::No && !builds(asked.catalog, platform, main);
    let language = main.language.as_deref().unwrap_or_default();
    if platform.runs.mode(main.kind).value == RunMode::No {
        return Some(format!(
            "Nothing of it runs a component of kind `{}`: `{}` would have to run elsewhere",
            main.kind, main.name
        ));
    }
    foreign.then(|| format!("It runs neither {language} nor container images as a server"))
}

fn lacking(asked: &Asked<'_>, platform: &Platform, quote: &Quote, need: Need) -> Option<String> {
    let (fact, _) = ability(platform, need)?;
    let offered = server_hosts(asked.catalog, quote)
        .iter()
        .any(|host| ability(host, need).is_some_and(|(figure, _)| figure.value != Ability::No));
    if !quote.workload.has(need) || offered {
        return None;
    }
    let note = fact.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
    Some(format!(
        "It does not offer {}{note}, which the application seems to need{}",
        need_name(need),
        seen(asked, need)
    ))
}

fn timeout(asked: &Asked<'_>, platform: &Platform, quote: &Quote) -> Option<String> {
    let limit = platform.limits.request_timeout_seconds.as_ref()?;
    let short = limit.value < asked.catalog.criteria.long_request_seconds;
    let own = server_hosts(asked.catalog, quote).iter().all(|host| host.id == platform.id);
    (quote.workload.has(Need::LongRequests) && short && own).then(|| {
        let note = limit.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
        format!(
            "A request ends after {} seconds{note}, and some seem to last longer{}",
            limit.value,
            seen(asked, Need::LongRequests)
        )
    })
}

fn memory(asked: &Asked<'_>, platform: &Platform, quote: &Quote) -> Option<String> {
    let limit = platform.limits.memory_mb.value;
    let needed = quote.workload.memory_mb.filter(|needed| *needed > limit)?;
    let hosts = server_hosts(asked.catalog, quote);
    let enough = hosts.iter().any(|host| host.limits.memory_mb.value >= needed);
    let place = asked.survey.needs.memory.evidence.first();
    let seen = place.map(|seen| format!(" (seen at `{}`)", seen.place())).unwrap_or_default();
    (!enough).then(|| {
        format!("An instance has at most {limit} MB, and the application may need {needed} MB{seen}")
    })
}

fn load(asked: &Asked<'_>, platform: &Platform, quote: &Quote) -> Option<String> {
    let most = capacity(asked.catalog, platform, quote, asked.context, Limits::OfWhole);
    let upper = upper_load(asked.catalog, asked.context);
    (most < upper).then(|| {
        if is_one_instance(quote) {
            return format!(
                "One instance of its largest size carries about {most:.0} requests a second, the upper end of the load is about {upper:.0}; a database in a file allows no second one"
            );
        }
        format!(
            "Its largest sizes carry about {most:.0} requests a second, the upper end of the load is about {upper:.0}"
        )
    })
}

fn budget(asked: &Asked<'_>, quote: &Quote, with: Option<&Relaxation>) -> Option<String> {
    let ceiling =
        asked.context.ceiling().filter(|_| !quote.report.budget.within && !quote.report.budget.open)?;
    let cost = quote.report.total.expected.rounded();
    Some(match with {
        Some(with) => format!(
            "About {cost} a month as the answers stand, above the budget of {ceiling}; within it with {}",
            with.words
        ),
        None if asked.is_stated(Gate::Budget) => {
            format!("About {cost} a month, above the budget of {ceiling}")
        }
        None => format!("About {cost} a month, above the budget of {ceiling} that is assumed"),
    })
}

/// Who waits for a start, and what is kept running so that nobody does.
fn starts(asked: &Asked<'_>, quote: &Quote) -> Vec<String> {
    let mut said = Vec::new();
    for placed in &quote.components {
        let component = &quote.workload.components[placed.component];
        match placed.rest {
            Rest::Runs => {}
            Rest::Stops => {
                let waits = Wait::of(asked.catalog, quote, placed);
                said.extend(waits.filter(Wait::is_noticed).map(|waits| {
                    format!(
                        "The first request after {:.0} minutes without one waits about {:.0} seconds for `{}` to start: with this load about {:.0} of 100 visits",
                        waits.after_minutes,
                        waits.seconds,
                        component.name,
                        waits.share * 100.0
                    )
                }));
            }
            Rest::Kept(count) => {
                let instances =
                    if count == 1 { "an instance".to_owned() } else { format!("{count} instances") };
                said.push(format!(
                    "`{}` would stop while nobody asks and keep the next visitor waiting: production keeps {instances} running, which is paid around the clock",
                    component.name
                ));
            }
        }
    }
    said
}

/// What two platforms cost that one would not.
fn apart(asked: &Asked<'_>, platform: &Platform, quote: &Quote) -> Option<String> {
    let others: Vec<&str> = quote
        .companions
        .iter()
        .filter_map(|id| asked.catalog.platforms.get(id))
        .map(|companion| companion.name.as_str())
        .collect();
    (!others.is_empty()).then(|| {
        format!(
            "{} accounts and bills; {} and {} reach each other over the public internet only",
            if others.len() == 1 { "Two" } else { "Several" },
            platform.name,
            others.join(" and ")
        )
    })
}

/// What has no place and so no price.
fn unplaced(asked: &Asked<'_>, quote: &Quote) -> Option<String> {
    let embedded = &asked.catalog.usage.embedded_engines;
    let parts: Vec<String> = quote
        .unplaced
        .iter()
        .filter(|engine| !embedded.contains(engine))
        .chain(&quote.idle)
        .map(|name| format!("`{name}`"))
        .collect();
    (!parts.is_empty()).then(|| {
        format!("Nothing of the catalog runs {} here: it is neither placed nor priced", parts.join(", "))
    })
}
