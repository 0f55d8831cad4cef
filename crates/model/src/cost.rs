//! An itemised monthly cost, with the assumptions it rests on.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::{Usd, UsdRange};

/// The monthly cost of all environments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CostReport {
    /// One line per component and environment.
    pub lines: Vec<CostLine>,
    /// The sum at today's load.
    pub total: UsdRange,
    /// The same at multiples of today's load, in rising order, today first.
    pub loads: Vec<LoadPoint>,
    /// What the figures assume.
    pub assumptions: Vec<Assumption>,
    /// Against the budget.
    pub budget: BudgetVerdict,
    /// What is to be paid besides, or may be, without a price that is known: no figure holds it.
    #[serde(default)]
    pub not_included: Vec<NotIncluded>,
}

/// Something that no figure of a cost holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotIncluded {
    /// What it is and whose, as a sentence without its end.
    pub what: String,
    /// Where it was read.
    pub source: String,
    /// Whether it may be the largest part of the bill, so that what is priced says nothing of a budget.
    #[serde(default)]
    pub decides: bool,
}

/// One item of the bill.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CostLine {
    /// What is paid for, from the reader's view (`web`, `postgres`, `plan fee`, `transfer`).
    pub component: String,
    /// The environment, or `all` for what is shared.
    pub environment: String,
    /// The plan, size or meter.
    pub item: String,
    /// How many units at the expected load.
    pub quantity: f64,
    /// The unit (`instance-month`, `GB`, `vCPU-hour`).
    pub unit: String,
    /// Price of one unit, exact; of a credit its amount.
    #[serde(with = "crate::money::exact")]
    #[schemars(with = "Usd")]
    pub unit_price: Usd,
    /// How much of the quantity is free.
    pub included: f64,
    /// The line's sum.
    pub monthly: UsdRange,
    /// Where the price comes from.
    pub source: String,
    /// When the price was seen.
    pub seen: Date,
}

/// The total at one load.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LoadPoint {
    /// Multiple of today's load.
    pub factor: u32,
    /// Users at that load.
    pub users: u64,
    /// Requests a month at that load.
    pub requests_per_month: u64,
    /// The sum.
    pub monthly: UsdRange,
    /// What has to grow to get there (`web: 2 × standard`), empty if nothing.
    pub changes: Vec<String>,
}

/// A number that somebody may know better.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Assumption {
    /// The key that overrides it, where one does.
    pub key: String,
    /// What it means.
    pub name: String,
    /// Low end of what is likely; the low figure of a cost goes half of the way to it, on a logarithmic scale, as several ends rarely
    /// meet.
    pub low: f64,
    /// Expected value.
    pub expected: f64,
    /// High end, to which the high figure goes half of the way.
    pub high: f64,
    /// Its unit.
    pub unit: String,
    /// Source or reason.
    pub reason: String,
}

/// The total against the budget.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BudgetVerdict {
    /// The ceiling; `None` is without limit.
    pub ceiling: Option<Usd>,
    /// Whether the expected total is within it; not where that is open.
    pub within: bool,
    /// Whether even the high total is within it, and nothing is left out of it.
    pub surely_within: bool,
    /// Whether something without a known price may decide it.
    #[serde(default)]
    pub open: bool,
    /// One sentence for people.
    pub summary: String,
}
