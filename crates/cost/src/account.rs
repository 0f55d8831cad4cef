//! Use of one platform in a month → what an account on one of its plans pays: fee, meters, steps and credit.

use siteplan_catalog::platform::{Meter, MeterId, Plan, PlanUnit, Platform, PriceStep, SteppedPrice};
use siteplan_model::money::Usd;

use crate::price::{Charge, Cited, SHARED, times};

/// What the credit of a plan is called in a bill.
pub(crate) const USAGE_CREDIT: &str = "usage credit";

/// What is used of one platform in a month, over all environments.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MonthlyUse {
    /// Quantity by meter, in the order of [`MeterId::ALL`].
    quantities: [f64; MeterId::ALL.len()],
    /// GB of transfer that the instances include.
    pub transfer_of_instances_gb: f64,
    /// Use of the platform that is itemised elsewhere but that a usage credit covers too.
    pub other_usd: Usd,
}

impl MonthlyUse {
    /// Nothing but these quantities.
    pub fn of(quantities: impl IntoIterator<Item = (MeterId, f64)>) -> Self {
        let mut used = Self::default();
        for (id, quantity) in quantities {
            used.add(id, quantity);
        }
        used
    }

    /// The quantity of one meter.
    pub fn get(&self, id: MeterId) -> f64 {
        self.quantities[id as usize]
    }

    /// Adds to the quantity of one meter.
    pub fn add(&mut self, id: MeterId, quantity: f64) {
        self.quantities[id as usize] += quantity;
    }
}

/// Whether a plan carries the use: one whose inclusions are limits stops beyond them, be they quantities or a usage credit.
pub fn carries(platform: &Platform, plan: &Plan, used: &MonthlyUse) -> bool {
    if !plan.capped {
        return true;
    }
    let within = plan.included.meters.iter().all(|(id, most)| used.get(*id) <= *most);
    within
        && (plan.included.usage_usd == Usd::ZERO || metered(platform, plan, used) <= plan.included.usage_usd)
}

/// What a usage credit is held against: the meters beyond what the plan includes of them, and what is itemised elsewhere.
fn metered(platform: &Platform, plan: &Plan, used: &MonthlyUse) -> Usd {
    let beyond = |meter: &Meter| {
        let instances = if meter.id == MeterId::TransferGb { used.transfer_of_instances_gb } else { 0.0 };
        let free = plan.included.meters.get(&meter.id).copied().unwrap_or(0.0) + instances;
        times(meter.usd, (used.get(meter.id) - free).max(0.0))
    };
    platform.meters.iter().map(beyond).sum::<Usd>() + used.other_usd
}

/// The charges of an account on a plan with a number of paid seats, each given to `charge`.
pub fn account<'a>(
    platform: &'a Platform,
    plan: &'a Plan,
    seats: u32,
    used: &MonthlyUse,
    charge: &mut impl FnMut(Charge<'a>),
) {
    charge(fee(platform, plan, seats));
    let applies = |stepped: &&SteppedPrice| stepped.plans.is_empty() || stepped.plans.contains(&plan.id);
    let stepped = || platform.stepped.iter().filter(applies);
    let mut metered = used.other_usd;
    for meter in &platform.meters {
        let quantity = used.get(meter.id);
        if quantity <= 0.0 {
            continue;
        }
        let instances = if meter.id == MeterId::TransferGb { used.transfer_of_instances_gb } else { 0.0 };
        let free = plan.included.meters.get(&meter.id).copied().unwrap_or(0.0) + instances;
        let held = stepped().filter_map(|stepped| step(stepped, used)?.upto.get(&meter.id)).copied();
        let (component, unit) = meter.id.words();
        let item = Charge {
            component: [component, ""],
            environment: SHARED,
            detail: [&platform.name, "", ""],
            quantity,
            unit,
            unit_price: meter.usd,
            included: held.fold(free, f64::max),
            source: Cited { sources: &platform.sources, key: &meter.source },
        };
        metered += item.monthly();
        charge(item);
    }
    for stepped in stepped() {
        if let Some(step) = step(stepped, used).filter(|step| step.usd_per_month > Usd::ZERO) {
            charge(Charge {
                component: [&stepped.name, ""],
                environment: SHARED,
                detail: [&platform.name, &step.name, ""],
                quantity: 1.0,
                unit: "month",
                unit_price: step.usd_per_month,
                included: 0.0,
                source: Cited { sources: &platform.sources, key: &stepped.source },
            });
        }
    }
    let credit = metered.min(plan.included.usage_usd);
    if credit > Usd::ZERO {
        charge(Charge {
            component: [USAGE_CREDIT, ""],
            environment: SHARED,
            detail: [&platform.name, &plan.name, ""],
            quantity: 1.0,
            unit: "month",
            unit_price: Usd::ZERO - credit,
            included: 0.0,
            source: Cited { sources: &platform.sources, key: &plan.source },
        });
    }
}

fn fee<'a>(platform: &'a Platform, plan: &'a Plan, seats: u32) -> Charge<'a> {
    let (quantity, unit) = match plan.per {
        PlanUnit::Workspace => (1.0, "month"),
        PlanUnit::Seat => (f64::from(seats), "seat-month"),
    };
    Charge {
        component: [&platform.name, " plan"],
        environment: SHARED,
        detail: ["", &plan.name, ""],
        quantity,
        unit,
        unit_price: plan.usd_per_month,
        included: 0.0,
        source: Cited { sources: &platform.sources, key: &plan.source },
    }
}

/// The first step that holds all of its meters, else the last.
fn step<'a>(stepped: &'a SteppedPrice, used: &MonthlyUse) -> Option<&'a PriceStep> {
    let holds = |step: &&PriceStep| step.upto.iter().all(|(id, most)| used.get(*id) <= *most);
    stepped.steps.iter().find(holds).or(stepped.steps.last())
}
