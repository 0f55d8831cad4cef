//! Catalog facts → the value of a platform on each criterion, from 0 to 1, with a half-width for what is uncertain.
//!
//! Every value is absolute: it does not depend on which other platforms there are.

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::Need;
use siteplan_catalog::figure::{Figure, Grade};
use siteplan_catalog::platform::{Ability, LifecycleState, Platform, RunMode};
use siteplan_cost::{Component, PlacedComponent, Quote};
use siteplan_model::brief::{Context, ScaleBand};
use siteplan_model::recommendation::Effort;
use siteplan_model::survey::ServiceKind;

use crate::effort::{builds, needs_image_written};
use crate::weights::AXES;

/// A value on each criterion with its half-width, in the order of `CriterionId::ALL`.
pub(crate) type Values = [Value; AXES];

/// A value with its half-width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Value {
    /// From 0 to 1.
    pub(crate) middle: f64,
    /// How far the true value may lie from it.
    pub(crate) half_width: f64,
}

/// The values of one platform. That of cost is the one at the expected load; scenarios take it from the cost curve.
pub(crate) fn values(
    catalog: &Catalog,
    platform: &Platform,
    quote: &Quote,
    context: &Context,
    effort: &Effort,
) -> Values {
    let cost = quote.report.total.expected.to_f64();
    [
        fit(catalog, platform, quote, context),
        simplicity(catalog, context, effort),
        Value { middle: cost_value(catalog, context, cost), half_width: 0.02 },
        headroom(catalog, platform, quote, context),
        maturity(catalog, platform, context),
        portability(catalog, platform, quote),
        reach(catalog, platform),
        team(catalog, platform, quote),
    ]
}

/// Value of a monthly cost against the budget.
pub(crate) fn cost_value(catalog: &Catalog, context: &Context, usd: f64) -> f64 {
    match context.ceiling().map(siteplan_model::money::Usd::to_f64) {
        Some(0.0) => f64::from(u8::from(usd < 0.005)),
        Some(ceiling) => (1.0 - usd / ceiling).clamp(0.0, 1.0),
        // Without a ceiling dollars count by order of magnitude: nothing is free of value, and twice the cost always costs.
        None => {
            let reference = catalog.criteria.value.cost_reference_usd;
            (1.0 - libm::log1p(usd / 20.0) / libm::log1p(reference / 20.0) * 0.8).clamp(0.0, 1.0)
        }
    }
}

fn fit(catalog: &Catalog, platform: &Platform, quote: &Quote, context: &Context) -> Value {
    let runs: Vec<f64> = quote
        .components
        .iter()
        .map(|placed| component_fit(catalog, platform, quote, placed, context))
        .collect();
    let run = mean(&runs);
    let met: Vec<f64> = quote.workload.needs.iter().map(|need| need_met(platform, quote, *need)).collect();
    let middle = if met.is_empty() { run } else { 0.6 * run + 0.4 * mean(&met) };
    let grades = quote.workload.components.iter().map(|c| grade(platform, platform.runs.mode(c.kind)));
    Value { middle: middle.clamp(0.0, 1.0), half_width: width(catalog, grades) }
}

fn component_fit(
    catalog: &Catalog,
    platform: &Platform,
    quote: &Quote,
    placed: &PlacedComponent,
    context: &Context,
) -> f64 {
    let parameters = &catalog.criteria.value;
    let component = &quote.workload.components[placed.component];
    let value = |mode: RunMode| catalog.criteria.run_mode_value.get(&mode).copied().unwrap_or(0.0);
    if placed.platform != platform.id {
        return (value(RunMode::Native) - parameters.companion_cost).max(0.0);
    }
    let mut fit = value(platform.runs.mode(component.kind).value);
    if knows_framework(platform, component) {
        fit = (fit + parameters.framework_bonus).max(parameters.framework_floor);
    } else if component.framework.is_none()
        && component.language.is_none()
        && component.kind == ServiceKind::Static
        && !platform.runs.frameworks.value.is_empty()
    {
        // A planned front end will most likely be written in a framework that such a platform knows.
        fit += parameters.framework_bonus / 2.0;
    } else if component.kind.serves_http() && !builds(catalog, platform, component) && !has_images(platform) {
        fit *= 0.5;
    }
    if needs_image_written(catalog, platform, component) {
        fit -= parameters.image_to_write_cost.get(&context.expertise).copied().unwrap_or(0.0);
    }
    fit.clamp(0.0, 1.0)
}

fn knows_framework(platform: &Platform, component: &Component) -> bool {
    component.framework.as_ref().is_some_and(|framework| platform.runs.frameworks.value.contains(framework))
}

fn has_images(platform: &Platform) -> bool {
    platform.runs.images.value != Ability::No
}

/// How far a need is met, from 0 to 1.
fn need_met(platform: &Platform, quote: &Quote, need: Need) -> f64 {
    let capabilities = &platform.capabilities;
    match need {
        Need::Websockets => ability(capabilities.websockets.value),
        Need::Gpu => ability(capabilities.gpu.value),
        Need::FileStorage => ability(capabilities.persistent_disk.value),
        Need::Workers => mode_met(platform.runs.worker.value),
        Need::Cron => mode_met(platform.runs.cron.value),
        Need::LongRequests => platform
            .limits
            .request_timeout_seconds
            .as_ref()
            .map_or(1.0, |limit| (f64::from(limit.value) / 900.0).min(1.0)),
        Need::Database => data_met(quote, quote.data.iter().filter(|placed| !placed.is_cache)),
        Need::Cache => data_met(quote, quote.data.iter().filter(|placed| placed.is_cache)),
    }
}

/// A service of the platform's own offer counts fully, another one costs a connection, an account and a bill.
fn data_met<'a>(quote: &Quote, placed: impl Iterator<Item = &'a siteplan_cost::PlacedData>) -> f64 {
    let met: Vec<f64> = placed
        .map(|placed| match (placed.same_platform, placed.lasts || placed.is_cache) {
            (true, true) => 1.0,
            (false, true) => 0.5,
            (_, false) => 0.3,
        })
        .collect();
    let missing = quote.unplaced.iter().filter(|engine| !quote.workload.embedded.contains(engine)).count();
    if met.is_empty() || missing > 0 { 0.2 } else { mean(&met) }
}

fn mode_met(mode: RunMode) -> f64 {
    match mode {
        RunMode::Native => 1.0,
        RunMode::Container => 0.9,
        RunMode::Function => 0.6,
        RunMode::Limited => 0.4,
        RunMode::No => 0.0,
    }
}

fn simplicity(catalog: &Catalog, context: &Context, effort: &Effort) -> Value {
    let ceiling = catalog.criteria.value.effort_ceiling.get(&context.expertise).copied().unwrap_or(26.0);
    let middle = (1.0 - f64::from(effort.total()) / ceiling).clamp(0.0, 1.0);
    Value { middle, half_width: 1.0 / ceiling }
}

fn headroom(catalog: &Catalog, platform: &Platform, quote: &Quote, context: &Context) -> Value {
    let ratio = capacity(catalog, platform, quote) / upper_load(catalog, context);
    let full = catalog.criteria.value.headroom_full;
    let carried = (libm::log(ratio.max(1.0)) / libm::log(full)).clamp(0.0, 1.0);
    let scaling = ability(platform.capabilities.autoscaling.value);
    let grades =
        [grade(platform, &platform.limits.instances), grade(platform, &platform.capabilities.autoscaling)];
    Value { middle: carried * (0.7 + 0.3 * scaling), half_width: width(catalog, grades.into_iter()) }
}

/// Requests a second that the platform can serve with its largest size and most instances.
pub(crate) fn capacity(catalog: &Catalog, platform: &Platform, quote: &Quote) -> f64 {
    let language = quote.workload.main().language.as_deref();
    let served = catalog.usage.get("requests_per_second_per_vcpu").map_or(40.0, |assumption| {
        language.and_then(|name| assumption.by_language.get(name)).copied().unwrap_or(assumption.values)[1]
    });
    let vcpus = platform.sizes.iter().map(|size| size.vcpu).fold(0.0, f64::max);
    let files_only = quote.workload.components.iter().all(|component| component.kind == ServiceKind::Static);
    if files_only && platform.capabilities.cdn.value == Ability::Yes {
        return 1e9;
    }
    vcpus * f64::from(platform.limits.instances.value) * served
}

/// Requests a second in the busiest minute at the upper end of the load.
pub(crate) fn upper_load(catalog: &Catalog, context: &Context) -> f64 {
    let expected = |key| catalog.usage.get(key).map_or(1.0, |assumption| assumption.values[1]);
    #[expect(clippy::cast_precision_loss, reason = "users and requests stay far below 2^52")]
    let requests = match (context.requests_per_month, context.users) {
        (Some(requests), _) => requests as f64,
        (None, Some(users)) => users as f64 * expected("requests_per_user"),
        (None, None) => context.scale.users().1 as f64 * expected("requests_per_user"),
    };
    (requests / siteplan_cost::usage::SECONDS_PER_MONTH * expected("peak_factor")).max(1e-6)
}

/// A promise of uptime counts from a scale on at which somebody would notice an outage.
fn maturity(catalog: &Catalog, platform: &Platform, context: &Context) -> Value {
    let lifecycle = &platform.lifecycle;
    let years = f64::from(CATALOG_YEAR.saturating_sub(lifecycle.generally_available.value));
    let age = (years / catalog.criteria.value.maturity_years).clamp(0.0, 1.0);
    let promised =
        lifecycle.sla_percent.as_ref().map_or(0.0, |sla| ((sla.value - 99.0) / 0.95).clamp(0.0, 1.0));
    let state = match lifecycle.state.value {
        LifecycleState::Active => 1.0,
        LifecycleState::Sustaining => 0.3,
        LifecycleState::Ending => -2.0,
    };
    let middle = if context.scale == ScaleBand::Low {
        0.7 * age + 0.3 * state
    } else {
        0.5 * age + 0.25 * promised + 0.25 * state
    };
    let grades = [grade(platform, &lifecycle.generally_available), grade(platform, &lifecycle.state)];
    Value { middle: middle.clamp(0.0, 1.0), half_width: width(catalog, grades.into_iter()) }
}

/// The year of the catalog's research: ages must not depend on the day on which somebody asks.
const CATALOG_YEAR: u16 = 2026;

fn portability(catalog: &Catalog, platform: &Platform, quote: &Quote) -> Value {
    let own_data = quote.data.iter().filter(|placed| placed.same_platform).count();
    #[expect(clippy::cast_precision_loss, reason = "a handful of interfaces")]
    let bound = platform.effort.lock_in.value.len() as f64 + 0.25 * own_data as f64;
    let middle = (1.0 - bound / catalog.criteria.value.lock_in_ceiling).clamp(0.0, 1.0);
    Value { middle, half_width: width(catalog, std::iter::once(grade(platform, &platform.effort.lock_in))) }
}

fn reach(catalog: &Catalog, platform: &Platform) -> Value {
    let full = libm::log1p(catalog.criteria.value.reach_regions);
    let middle = (libm::log1p(f64::from(platform.limits.regions.value)) / full).clamp(0.0, 1.0);
    Value { middle, half_width: width(catalog, std::iter::once(grade(platform, &platform.limits.regions))) }
}

/// Rights and a log of changes mean nothing to somebody who works alone.
fn team(catalog: &Catalog, platform: &Platform, quote: &Quote) -> Value {
    let capabilities = &platform.capabilities;
    let alone = [&capabilities.preview_environments];
    let together = [&capabilities.preview_environments, &capabilities.roles, &capabilities.audit_log];
    let facts: &[&Figure<Ability>] = if quote.seats <= 1 { &alone } else { &together };
    let values: Vec<f64> = facts.iter().map(|fact| ability(fact.value)).collect();
    let grades = facts.iter().map(|fact| grade(platform, fact));
    Value { middle: mean(&values), half_width: width(catalog, grades) }
}

fn ability(ability: Ability) -> f64 {
    match ability {
        Ability::Yes => 1.0,
        Ability::Limited => 0.5,
        Ability::No => 0.0,
    }
}

fn grade<T>(platform: &Platform, figure: &Figure<T>) -> Grade {
    platform.sources.get(&figure.source).map_or(Grade::Assumed, |source| source.grade)
}

/// Half-width of a value that rests on facts of these grades: that of the weakest, shared by how many there are.
fn width(catalog: &Catalog, grades: impl Iterator<Item = Grade>) -> f64 {
    let weakest = grades.max().unwrap_or(Grade::Assumed);
    catalog.criteria.width_by_grade.get(&weakest).copied().unwrap_or(0.1)
}

#[expect(clippy::cast_precision_loss, reason = "a handful of values")]
fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}
