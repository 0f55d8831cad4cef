//! Catalog facts against needs → the constraints that a platform breaks, each with the fact and its source.

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Need;
use siteplan_catalog::figure::Figure;
use siteplan_catalog::platform::{Ability, Platform, RunMode};
use siteplan_catalog::validate::url;
use siteplan_cost::Quote;
use siteplan_model::brief::Context;
use siteplan_model::money::Usd;
use siteplan_model::recommendation::Exclusion;

use crate::criteria::{capacity, upper_load};
use crate::effort::builds;

/// The constraints that a platform breaks; empty when it is feasible.
pub(crate) fn violations(
    catalog: &Catalog,
    platform: &Platform,
    quote: &Quote,
    context: &Context,
    current: bool,
) -> Vec<Exclusion> {
    let checks = [
        closed(platform, current),
        terms(platform, quote),
        unrunnable(catalog, platform, quote),
        capability(platform, quote, Need::Websockets, &platform.capabilities.websockets, "websockets"),
        capability(platform, quote, Need::Gpu, &platform.capabilities.gpu, "gpu"),
        long_requests(catalog, platform, quote),
        memory(platform, quote),
        load(catalog, platform, quote, context),
        budget(platform, quote.report.total.expected, context),
    ];
    checks.into_iter().flatten().collect()
}

fn exclusion(
    platform: &Platform,
    constraint: &str,
    because: String,
    relax: String,
    source: &str,
) -> Exclusion {
    Exclusion {
        platform: platform.id.clone(),
        constraint: constraint.to_owned(),
        because,
        relax,
        source: source.to_owned(),
    }
}

fn closed(platform: &Platform, current: bool) -> Option<Exclusion> {
    let closed = platform.lifecycle.closed_to_new_customers.as_ref().filter(|fact| fact.value && !current)?;
    let because = closed.note.clone().unwrap_or_else(|| format!("{} takes no new customers", platform.name));
    let relax = "an account that exists already".to_owned();
    Some(exclusion(platform, "closed-to-new-customers", because, relax, url(&platform.sources, closed)))
}

fn terms(platform: &Platform, quote: &Quote) -> Option<Exclusion> {
    if quote.terms_allow {
        return None;
    }
    let plan = platform.plans.iter().find(|plan| !plan.commercial)?;
    let source = platform.sources.get(&plan.source).map_or("", |source| source.url.as_str());
    let because = format!("the plan {} of {} does not allow commercial use", plan.name, platform.name);
    let relax = "declare the application non-commercial (`--set commercial=no`)".to_owned();
    Some(exclusion(platform, "terms-of-use", because, relax, source))
}

/// A component that neither the platform nor a companion runs. A companion takes workers and jobs, not what users meet.
fn unrunnable(catalog: &Catalog, platform: &Platform, quote: &Quote) -> Option<Exclusion> {
    let main = quote.workload.main();
    let mode = platform.runs.mode(main.kind);
    if mode.value == RunMode::No {
        let id = if main.kind.serves_http() { "server-process" } else { "background-workers" };
        let because = format!("{} does not run a component of kind `{}`", platform.name, main.kind);
        let relax = format!("run `{}` elsewhere", main.name);
        return Some(exclusion(platform, id, because, relax, url(&platform.sources, mode)));
    }
    let images = &platform.runs.images;
    let language = main.language.as_deref().unwrap_or_default();
    let from_files = main.kind == siteplan_model::survey::ServiceKind::Static;
    if images.value == Ability::No && !builds(catalog, platform, main) && !from_files {
        let because = format!("{} runs neither {language} nor container images", platform.name);
        let relax = "another language".to_owned();
        return Some(exclusion(
            platform,
            "runtime",
            because,
            relax,
            url(&platform.sources, &platform.runs.languages),
        ));
    }
    let placed = |index: usize| quote.components.iter().any(|placed| placed.component == index);
    let missing = (0..quote.workload.components.len()).find(|index| !placed(*index))?;
    let component = &quote.workload.components[missing];
    let because = format!("no platform of the catalog runs `{}` beside {}", component.name, platform.name);
    let relax = format!("leave `{}` out", component.name);
    let source = url(&platform.sources, platform.runs.mode(component.kind));
    Some(exclusion(platform, "background-workers", because, relax, source))
}

fn capability(
    platform: &Platform,
    quote: &Quote,
    need: Need,
    fact: &Figure<Ability>,
    constraint: &str,
) -> Option<Exclusion> {
    if !quote.workload.has(need) || fact.value != Ability::No {
        return None;
    }
    let because = match &fact.note {
        Some(note) => format!("{} does not offer it: {note}", platform.name),
        None => format!("{} does not offer it", platform.name),
    };
    let relax = format!("do without {constraint}");
    Some(exclusion(platform, constraint, because, relax, url(&platform.sources, fact)))
}

fn long_requests(catalog: &Catalog, platform: &Platform, quote: &Quote) -> Option<Exclusion> {
    let limit = platform.limits.request_timeout_seconds.as_ref()?;
    if !quote.workload.has(Need::LongRequests) || limit.value >= catalog.criteria.long_request_seconds {
        return None;
    }
    let because = format!("a request ends after {} seconds", limit.value);
    let relax = "move long work into a background job".to_owned();
    Some(exclusion(platform, "request-timeout", because, relax, url(&platform.sources, limit)))
}

fn memory(platform: &Platform, quote: &Quote) -> Option<Exclusion> {
    let limit = &platform.limits.memory_mb;
    let needed = quote.workload.memory_mb.filter(|needed| *needed > limit.value)?;
    let because = format!("an instance has at most {} MB, the application needs {needed} MB", limit.value);
    Some(exclusion(platform, "memory", because, "use less memory".to_owned(), url(&platform.sources, limit)))
}

fn load(catalog: &Catalog, platform: &Platform, quote: &Quote, context: &Context) -> Option<Exclusion> {
    let most = capacity(catalog, platform, quote, context);
    let needed = upper_load(catalog, context);
    if most >= needed {
        return None;
    }
    let because =
        format!("its largest sizes carry about {most:.0} requests a second, the upper load is {needed:.0}");
    let source = url(&platform.sources, &platform.limits.instances);
    Some(exclusion(platform, "scale", because, "expect fewer users".to_owned(), source))
}

/// The id of the constraint that a budget is.
pub(crate) const BUDGET: &str = "budget";

/// The budget held against an expected cost of a month.
pub(crate) fn budget(platform: &Platform, expected: Usd, context: &Context) -> Option<Exclusion> {
    let ceiling = context.ceiling()?;
    let cost = expected.cents();
    if cost <= ceiling {
        return None;
    }
    let because = format!("about {} a month for all environments, the budget is {ceiling}", cost.rounded());
    let relax = format!("a budget of {} a month", cost.rounded());
    Some(exclusion(platform, BUDGET, because, relax, url(&platform.sources, &platform.price_note)))
}
