//! Catalog facts against needs → the constraints that a platform breaks, each with the fact, the need, where the need was seen
//! and the source.
//!
//! Only a certain need against a strong fact rules out, and only where no placement of the option meets it. What is left lowers
//! the values of the criteria and is said by [`crate::concern`].

use std::cell::OnceCell;
use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Need;
use siteplan_catalog::figure::Figure;
use siteplan_catalog::platform::{Ability, Platform, RunMode};
use siteplan_catalog::validate::url;
use siteplan_cost::{Choices, Pricer, Quote, Volume};
use siteplan_model::brief::{BudgetBand, Context};
use siteplan_model::gate::Gate;
use siteplan_model::money::Usd;
use siteplan_model::recommendation::Exclusion;
use siteplan_model::survey::ServiceKind;

use crate::certain::{Asked, STATED, is_strong};
use crate::criteria::{Limits, capacity};
use crate::effort::builds;
use crate::relax::CEILING;
use crate::under_band;

/// The constraints that a platform breaks; empty when it is feasible. `least` gives what it costs at the least, from what it is
/// expected to cost.
pub(crate) fn violations(
    asked: &Asked<'_>,
    platform: &Platform,
    quote: &Quote,
    current: bool,
    least: impl FnOnce(Usd) -> Usd,
) -> Vec<Exclusion> {
    let checks = [
        closed(platform, current),
        terms(asked, platform, quote),
        unrunnable(asked, platform, quote),
        capability(asked, platform, quote, Need::Websockets),
        capability(asked, platform, quote, Need::Gpu),
        capability(asked, platform, quote, Need::Clustering),
        long_requests(asked, platform, quote),
        memory(asked, platform, quote),
        load(asked, platform, quote),
        budget(asked, platform, quote.report.total.expected, least),
    ];
    checks.into_iter().flatten().collect()
}

/// A broken constraint without the words of its relaxation.
fn exclusion(
    platform: &Platform,
    constraint: &str,
    fact: String,
    because: String,
    source: &str,
) -> Exclusion {
    Exclusion {
        platform: platform.id.clone(),
        constraint: constraint.to_owned(),
        because,
        relax: String::new(),
        relax_by: BTreeMap::new(),
        fact,
        need: constraint.to_owned(),
        seen: STATED.to_owned(),
        source: source.to_owned(),
    }
}

/// `key = value` as a map.
pub(crate) fn by(key: &str, value: &impl ToString) -> BTreeMap<String, String> {
    BTreeMap::from([(key.to_owned(), value.to_string())])
}

fn closed(platform: &Platform, current: bool) -> Option<Exclusion> {
    let closed = platform.lifecycle.closed_to_new_customers.as_ref().filter(|fact| fact.value && !current)?;
    let because = closed.note.clone().unwrap_or_else(|| format!("{} takes no new customers", platform.name));
    let fact = "lifecycle.closed_to_new_customers = true".to_owned();
    Some(Exclusion {
        relax: "an account that exists already".to_owned(),
        need: "a new account".to_owned(),
        ..exclusion(platform, "closed-to-new-customers", fact, because, url(&platform.sources, closed))
    })
}

/// Terms forbid only what somebody declared: that an application is commercial is else an assumption.
fn terms(asked: &Asked<'_>, platform: &Platform, quote: &Quote) -> Option<Exclusion> {
    if quote.terms_allow || !asked.is_set("commercial") {
        return None;
    }
    let plan = platform.plans.iter().find(|plan| !plan.commercial)?;
    let source = platform.sources.get(&plan.source).map_or("", |source| source.url.as_str());
    let because = format!("the plan {} of {} does not allow commercial use", plan.name, platform.name);
    let fact = format!("plan {}: commercial = false", plan.name);
    Some(Exclusion {
        relax: "declare the application non-commercial (`--set commercial=no`)".to_owned(),
        relax_by: by("commercial", &"no"),
        need: "commercial".to_owned(),
        ..exclusion(platform, "terms-of-use", fact, because, source)
    })
}

/// A component that neither the platform nor a companion runs. A companion takes what can stand apart, not what users meet.
fn unrunnable(asked: &Asked<'_>, platform: &Platform, quote: &Quote) -> Option<Exclusion> {
    if !asked.shape_is_certain(platform) {
        return None;
    }
    let main = quote.workload.main();
    let service = main.service.and_then(|index| asked.survey.services.get(index));
    let kind_seen = service
        .and_then(|service| service.evidence.get("kind"))
        .and_then(|seen| seen.first())
        .map_or_else(|| STATED.to_owned(), siteplan_model::fact::Evidence::place);
    let mode = platform.runs.mode(main.kind);
    if mode.value == RunMode::No && is_strong(platform, mode) {
        let id = if main.kind.serves_http() { "server-process" } else { "background-workers" };
        let because = format!("{} does not run a component of kind `{}`", platform.name, main.kind);
        return Some(Exclusion {
            relax: format!("run `{}` elsewhere", main.name),
            need: format!("a component of kind `{}`", main.kind),
            seen: kind_seen,
            ..exclusion(
                platform,
                id,
                format!("runs.{} = no", main.kind),
                because,
                url(&platform.sources, mode),
            )
        });
    }
    let images = &platform.runs.images;
    let language = main.language.as_deref().unwrap_or_default();
    let foreign = images.value == Ability::No && !builds(asked.catalog, platform, main);
    if foreign && main.kind != ServiceKind::Static && is_strong(platform, &platform.runs.languages) {
        let because = format!("{} runs neither {language} nor container images", platform.name);
        return Some(Exclusion {
            relax: "another language".to_owned(),
            need: format!("a server in {language}"),
            seen: kind_seen,
            ..exclusion(
                platform,
                "runtime",
                format!("runs.languages = {}", platform.runs.languages.value.join(", ")),
                because,
                url(&platform.sources, &platform.runs.languages),
            )
        });
    }
    None
}

/// The fact of a capability, and its name in the catalog.
pub(crate) fn ability(platform: &Platform, need: Need) -> Option<(&Figure<Ability>, &'static str)> {
    let capabilities = &platform.capabilities;
    match need {
        Need::Websockets => Some((&capabilities.websockets, "websockets")),
        Need::Gpu => Some((&capabilities.gpu, "gpu")),
        Need::Clustering => Some((&capabilities.clustering, "clustering")),
        Need::FileStorage => Some((&capabilities.persistent_disk, "persistent_disk")),
        _ => None,
    }
}

/// The platforms that run a server, a worker or a job of this option; the main one if nothing but files is served.
pub(crate) fn server_hosts<'c>(catalog: &'c Catalog, quote: &Quote) -> Vec<&'c Platform> {
    let servers = quote
        .components
        .iter()
        .filter(|placed| quote.workload.components[placed.component].kind != ServiceKind::Static);
    let mut hosts: Vec<&Platform> =
        servers.filter_map(|placed| catalog.platforms.get(&placed.platform)).collect();
    if hosts.is_empty() {
        hosts.extend(catalog.platforms.get(&quote.platform));
    }
    hosts
}

/// A capability that no platform of the option offers.
fn capability(asked: &Asked<'_>, platform: &Platform, quote: &Quote, need: Need) -> Option<Exclusion> {
    let (fact, name) = ability(platform, need)?;
    if !quote.workload.has(need) || fact.value != Ability::No || !is_strong(platform, fact) {
        return None;
    }
    let seen = asked.certain(need)?;
    let offers =
        |host: &&Platform| ability(host, need).is_some_and(|(figure, _)| figure.value != Ability::No);
    if server_hosts(asked.catalog, quote).iter().any(offers) {
        return None;
    }
    let because = match &fact.note {
        Some(note) => format!("{} does not offer {}: {note}", platform.name, need_name(need)),
        None => format!("{} does not offer {}", platform.name, need_name(need)),
    };
    Some(Exclusion {
        relax: format!("do without {}", need_name(need)),
        relax_by: by(name, &"no"),
        need: need_name(need).to_owned(),
        seen,
        ..exclusion(
            platform,
            name,
            format!("capabilities.{name} = no"),
            because,
            url(&platform.sources, fact),
        )
    })
}

/// A need as people read it.
pub(crate) fn need_name(need: Need) -> &'static str {
    match need {
        Need::Websockets => "long-lived sockets",
        Need::Workers => "background workers",
        Need::Cron => "scheduled jobs",
        Need::LongRequests => "requests that last minutes",
        Need::FileStorage => "files on a disk",
        Need::Gpu => "a GPU",
        Need::Clustering => "instances that find each other",
        Need::Database => "a database",
        Need::Cache => "a cache",
    }
}

fn long_requests(asked: &Asked<'_>, platform: &Platform, quote: &Quote) -> Option<Exclusion> {
    let limit = platform.limits.request_timeout_seconds.as_ref()?;
    let shortest = asked.catalog.criteria.long_request_seconds;
    let long_enough = |host: &&Platform| {
        host.limits.request_timeout_seconds.as_ref().is_none_or(|limit| limit.value >= shortest)
    };
    if !quote.workload.has(Need::LongRequests)
        || limit.value >= shortest
        || !is_strong(platform, limit)
        || server_hosts(asked.catalog, quote).iter().any(long_enough)
    {
        return None;
    }
    let seen = asked.certain(Need::LongRequests)?;
    let note = limit.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
    Some(Exclusion {
        relax: "move long work into a background job".to_owned(),
        relax_by: by("long_requests", &"no"),
        need: need_name(Need::LongRequests).to_owned(),
        seen,
        ..exclusion(
            platform,
            "request-timeout",
            format!("limits.request_timeout_seconds = {}", limit.value),
            format!("a request ends after {} seconds{note}", limit.value),
            url(&platform.sources, limit),
        )
    })
}

fn memory(asked: &Asked<'_>, platform: &Platform, quote: &Quote) -> Option<Exclusion> {
    let limit = &platform.limits.memory_mb;
    let hosts = server_hosts(asked.catalog, quote);
    let needed = asked.certain_memory().filter(|needed| {
        is_strong(platform, limit) && hosts.iter().all(|host| *needed > host.limits.memory_mb.value)
    })?;
    Some(Exclusion {
        relax: "use less memory".to_owned(),
        relax_by: by("memory_mb", &limit.value),
        need: format!("{needed} MB for an instance"),
        ..exclusion(
            platform,
            "memory",
            format!("limits.memory_mb = {}", limit.value),
            format!("an instance has at most {} MB, the application needs {needed} MB", limit.value),
            url(&platform.sources, limit),
        )
    })
}

/// What a platform cannot carry even at the expected load. The upper end of a band is nobody's statement: between the two the
/// headroom is lower.
fn load(asked: &Asked<'_>, platform: &Platform, quote: &Quote) -> Option<Exclusion> {
    let limit = &platform.limits.instances;
    if !asked.is_stated(Gate::Scale) || !is_strong(platform, limit) {
        return None;
    }
    // That a database in a file allows one instance was found, not stated.
    let most = capacity(asked.catalog, platform, quote, asked.context, Limits::OfPlatform);
    let needed = expected_load(asked.catalog, asked.context);
    if most >= needed {
        return None;
    }
    let because =
        format!("its largest sizes carry about {most:.0} requests a second, the load is about {needed:.0}");
    let scale = most / needed;
    let relax_by = match asked.context.requests_per_month {
        Some(requests) => by("requests_per_month", &share(requests, scale)),
        None => by("users", &share(expected_users(asked.context), scale)),
    };
    let (key, value) = relax_by.first_key_value().map(|(k, v)| (k.clone(), v.clone())).unwrap_or_default();
    Some(Exclusion {
        relax: format!("expect fewer users (`{key} = {value}`)"),
        relax_by,
        ..exclusion(
            platform,
            "scale",
            format!("limits.instances = {}", limit.value),
            because,
            url(&platform.sources, limit),
        )
    })
}

/// Users that are expected: the number that was given, else the middle of the band on a logarithmic scale.
#[expect(clippy::cast_precision_loss, reason = "users stay far below 2^52")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between the ends of a band")]
pub(crate) fn expected_users(context: &Context) -> u64 {
    let (low, high) = context.scale.users();
    context.users.unwrap_or_else(|| libm::sqrt(low as f64 * high as f64) as u64)
}

/// Requests a second in the busiest minute at the expected load.
fn expected_load(catalog: &Catalog, context: &Context) -> f64 {
    let exact = Context { users: Some(expected_users(context)), ..context.clone() };
    crate::criteria::upper_load(catalog, &exact)
}

/// A share of a count, rounded down.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between zero and the count")]
fn share(count: u64, share: f64) -> u64 {
    libm::floor(count as f64 * share) as u64
}

/// The id of the constraint that a budget is.
pub(crate) const BUDGET: &str = "budget";

/// A stated budget that is exceeded even if everything that nobody chose is taken at its cheapest. `least` gives that cost when
/// the expected one is above the budget.
pub(crate) fn budget(
    asked: &Asked<'_>,
    platform: &Platform,
    expected: Usd,
    least: impl FnOnce(Usd) -> Usd,
) -> Option<Exclusion> {
    let ceiling = asked.context.ceiling().filter(|_| asked.is_stated(Gate::Budget))?;
    let cost = expected.cents();
    if cost <= ceiling {
        return None;
    }
    let least = least(cost).cents();
    if least <= ceiling {
        return None;
    }
    let because = if least < cost {
        format!(
            "about {} a month for all environments, {} at the least, the budget is {ceiling}",
            cost.rounded(),
            least.rounded()
        )
    } else {
        format!("about {} a month for all environments, the budget is {ceiling}", cost.rounded())
    };
    Some(Exclusion {
        relax: format!("a budget of {} a month", least.rounded()),
        relax_by: by(CEILING, &least.whole_up().amount()),
        ..exclusion(
            platform,
            BUDGET,
            format!("expected cost = {} a month", least.rounded()),
            because,
            url(&platform.sources, &platform.price_note),
        )
    })
}

/// The answers under which a platform is as cheap as it can be.
#[derive(Debug)]
pub(crate) struct Frugal {
    /// See [`Asked::frugal_choices`].
    choices: Vec<Choices>,
    /// The answers of who may spend nothing.
    nothing: Context,
}

impl Frugal {
    /// Everything that nobody chose at its cheapest.
    pub(crate) fn of(asked: &Asked<'_>) -> Self {
        Self { choices: asked.frugal_choices(), nothing: under_band(asked.context, BudgetBand::Free) }
    }
}

/// What platforms cost with everything that nobody chose at its cheapest: priced when it is first asked for.
#[derive(Debug)]
pub(crate) struct Least<'p> {
    asked: Asked<'p>,
    frugal: &'p Frugal,
    pricers: OnceCell<Vec<Pricer<'p>>>,
    /// What prices the same where nothing may be spent.
    free: OnceCell<Vec<Pricer<'p>>>,
}

impl<'p> Least<'p> {
    /// Under the cheapest answers.
    pub(crate) fn of(asked: Asked<'p>, frugal: &'p Frugal) -> Self {
        Self { asked, frugal, pricers: OnceCell::new(), free: OnceCell::new() }
    }

    /// What a platform costs at the least, if the expected cost is this. What can be had for nothing under a free budget can be had
    /// under any: who may spend a dollar is not offered less than who may spend none.
    pub(crate) fn cost(&self, platform: &Platform, expected: Usd) -> Usd {
        let Asked { catalog, survey, context, choices } = self.asked;
        let Frugal { choices: frugal, nothing } = self.frugal;
        let pricer =
            |context: &'p Context, choices: &'p Choices| Pricer::new(catalog, survey, context, choices);
        let cost = |pricer: &Pricer<'_>| pricer.expected(&platform.id, Volume::Today).map(Usd::cents);
        let pricers = self.pricers.get_or_init(|| frugal.iter().map(|one| pricer(context, one)).collect());
        let least = pricers.iter().filter_map(cost).fold(expected, Usd::min);
        if context.ceiling().is_none_or(|ceiling| least <= ceiling || ceiling == Usd::ZERO) {
            return least;
        }
        let all = || frugal.iter().chain([choices]);
        let free = self.free.get_or_init(|| all().map(|one| pricer(nothing, one)).collect());
        if free.iter().filter_map(cost).any(|cost| cost == Usd::ZERO) { Usd::ZERO } else { least }
    }
}
