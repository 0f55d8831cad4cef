//! Secrets, people and minutes → what a secrets manager and a CI cost in a month.

use siteplan_catalog::small::{CiHost, PaidUsers, SecretsService};
use siteplan_model::money::Usd;

use crate::price::{Charge, Cited, SHARED};

/// The charges of a secrets manager for a number of secrets and of people who use it.
pub fn secrets<'a>(
    service: &'a SecretsService,
    count: f64,
    people: u32,
    charge: &mut impl FnMut(Charge<'a>),
) {
    let item = |what: &'a str, quantity, unit, unit_price, included, source: &'a str| Charge {
        component: ["secrets manager", ""],
        environment: SHARED,
        detail: [&service.name, what, ""],
        quantity,
        unit,
        unit_price,
        included,
        source: Cited { sources: &service.sources, key: source },
    };
    let figure = &service.usd_per_secret;
    let free = f64::from(service.free_secrets.value);
    charge(item("secrets", count, "secret-month", figure.value, free, &figure.source));
    let plan = &service.usd_per_month;
    if plan.value > Usd::ZERO {
        charge(item("plan", 1.0, "month", plan.value, 0.0, &plan.source));
    }
    if let Some(users) = service.users.as_ref().filter(|users| people > users.free) {
        let free = match users.paid {
            PaidUsers::Further => f64::from(users.free),
            PaidUsers::All => 0.0,
        };
        charge(item("users", f64::from(people), "user-month", users.usd_per_month, free, &users.source));
    }
}

/// The charge of a CI for minutes of a private repository.
pub fn ci<'a>(host: &'a CiHost, minutes: f64, charge: &mut impl FnMut(Charge<'a>)) {
    charge(Charge {
        component: ["CI/CD", ""],
        environment: SHARED,
        detail: [&host.ci_name, "minutes", ""],
        quantity: minutes,
        unit: "minute",
        unit_price: host.usd_per_minute.value,
        included: f64::from(host.free_minutes.value),
        source: Cited { sources: &host.sources, key: &host.usd_per_minute.source },
    });
}
