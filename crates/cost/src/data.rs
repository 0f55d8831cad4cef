//! Use of a database or cache in a month → what its plan, storage, history, commands and account cost.

use siteplan_catalog::data_service::{DataPlan, DataService};
use siteplan_model::money::Usd;

use crate::price::{Charge, Cited, SHARED, times};

/// What one database or cache holds and does in one environment in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DataUse {
    /// Share of the month in which it exists.
    pub months: f64,
    /// GB stored.
    pub storage_gb: f64,
    /// GB of changes kept for restoring to a moment.
    pub history_gb: f64,
    /// Millions of commands.
    pub commands_million: f64,
}

/// The charges of one database on a plan.
pub fn data<'a>(
    service: &'a DataService,
    plan: &'a DataPlan,
    [engine, environment]: [&'a str; 2],
    used: &DataUse,
    charge: &mut impl FnMut(Charge<'a>),
) {
    let source = plan.source.as_str();
    let item = |what: &'a str, quantity: f64, unit, unit_price, included: f64, source: &'a str| Charge {
        component: [engine, ""],
        environment,
        detail: [&service.name, what, ""],
        quantity: quantity * used.months,
        unit,
        unit_price,
        included: included * used.months,
        source: Cited { sources: &service.sources, key: source },
    };
    charge(item(&plan.id, 1.0, "month", plan.usd_per_month, 0.0, source));
    let stored = billed_storage(service, used.storage_gb);
    if let Some(price) = service.storage_price(plan).filter(|_| stored > plan.storage_gb) {
        let figure = service.storage_usd_per_gb.as_ref().filter(|_| plan.storage_usd_per_gb.is_none());
        let source = figure.map_or(source, |figure| figure.source.as_str());
        charge(item("storage", stored, "GB-month", price, plan.storage_gb, source));
    }
    if let Some(price) = history_price(service, plan).filter(|_| used.history_gb > 0.0) {
        let source = service.history_usd_per_gb.as_ref().map_or(source, |figure| figure.source.as_str());
        charge(item("history", used.history_gb, "GB-month of history", price, 0.0, source));
    }
    let commands = service.command_price(plan);
    if commands > Usd::ZERO && used.commands_million > 0.0 {
        let figure = service.usd_per_million_commands.as_ref();
        let source = figure.map_or(source, |figure| figure.source.as_str());
        // Commands are counted for the whole environment already.
        charge(Charge {
            quantity: used.commands_million,
            ..item("commands", 0.0, "million", commands, 0.0, source)
        });
    }
}

/// The charges of the account that the plans of one engine's environments share: its fee once, and its credit against them.
pub fn data_account<'a>(
    service: &'a DataService,
    engine: &'a str,
    plans: impl Iterator<Item = (&'a DataPlan, f64)>,
    charge: &mut impl FnMut(Charge<'a>),
) {
    let Some(account) = &service.account else { return };
    let paid = plans.filter(|(plan, _)| account.plans.contains(&plan.id));
    let gross: Usd = paid.map(|(plan, months)| times(plan.usd_per_month, months)).sum();
    if gross == Usd::ZERO {
        return;
    }
    let item = |what: &'a str, unit, unit_price| Charge {
        component: [engine, ""],
        environment: SHARED,
        detail: [&service.name, &account.name, what],
        quantity: 1.0,
        unit,
        unit_price,
        included: 0.0,
        source: Cited { sources: &service.sources, key: &account.source },
    };
    charge(item("", "account-month", account.usd_per_month));
    let credit = account.credit_usd.min(gross);
    if credit > Usd::ZERO {
        charge(item("credit", "credit", Usd::ZERO - credit));
    }
}

/// What one database costs alone, with the account that it needs: what services and plans are compared by.
pub(crate) fn plan_price(service: &DataService, plan: &DataPlan, used: &DataUse) -> Usd {
    let beyond = (billed_storage(service, used.storage_gb) - plan.storage_gb).max(0.0);
    let storage = service.storage_price(plan).map_or(Usd::ZERO, |price| times(price, beyond));
    let history = history_price(service, plan).map_or(Usd::ZERO, |price| times(price, used.history_gb));
    let commands = service.command_price(plan);
    let commands = if commands == Usd::ZERO { commands } else { times(commands, used.commands_million) };
    let account = service
        .account_of(plan)
        .map_or(Usd::ZERO, |account| account.usd_per_month - account.credit_usd.min(plan.usd_per_month));
    plan.usd_per_month + storage + history + commands + account
}

fn billed_storage(service: &DataService, storage_gb: f64) -> f64 {
    service.least_storage_gb.as_ref().map_or(storage_gb, |least| storage_gb.max(least.value))
}

/// A free plan keeps what it keeps.
fn history_price(service: &DataService, plan: &DataPlan) -> Option<Usd> {
    let price = service.history_usd_per_gb.as_ref()?.value;
    (plan.usd_per_month > Usd::ZERO).then_some(price)
}
