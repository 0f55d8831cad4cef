//! Items at three levels of optimism → cost lines, totals and the verdict on the budget.

use std::collections::BTreeMap;

use siteplan_catalog::figure::Source;
use siteplan_model::brief::Context;
use siteplan_model::cost::{BudgetVerdict, CostLine};
use siteplan_model::money::{Usd, UsdRange};

use crate::sizing::times;
use crate::usage::Level;

/// Environment of an item that all environments share.
pub(crate) const SHARED: &str = "all";

/// One item of a bill at one level.
#[derive(Clone, Debug)]
pub(crate) struct Item<'a> {
    /// What is paid for, in two parts that are read as one.
    pub(crate) component: [&'a str; 2],
    /// The environment, or [`SHARED`].
    pub(crate) environment: &'a str,
    /// The plan, size or meter, in words.
    pub(crate) detail: [&'a str; 3],
    /// Units used.
    pub(crate) quantity: f64,
    /// The unit.
    pub(crate) unit: &'static str,
    /// Price of one unit; negative for a credit.
    pub(crate) unit_price: Usd,
    /// Units that are free.
    pub(crate) included: f64,
    /// Where the price was seen.
    pub(crate) source: Option<&'a Source>,
}

impl Item<'_> {
    /// What it costs.
    pub(crate) fn monthly(&self) -> Usd {
        times(self.unit_price, (self.quantity - self.included).max(0.0))
    }
}

/// A bill at one level.
pub(crate) type Bill<'a> = Vec<Item<'a>>;

/// Joins the bills of the three levels into lines; an item that a level lacks costs nothing there.
pub(crate) fn lines(bills: &[Bill<'_>; 3]) -> Vec<CostLine> {
    let key = |item: &Item<'_>| (item.environment.to_owned(), item.component.concat(), words(&item.detail));
    let mut order = Vec::new();
    let mut joined: BTreeMap<_, [Option<&Item<'_>>; 3]> = BTreeMap::new();
    for level in [Level::Expected, Level::Low, Level::High] {
        for item in &bills[level.index()] {
            let entry = joined.entry(key(item)).or_insert_with(|| {
                order.push(key(item));
                [None; 3]
            });
            entry[level.index()] = Some(item);
        }
    }
    order.iter().filter_map(|key| line(&joined[key])).collect()
}

fn line(levels: &[Option<&Item<'_>>; 3]) -> Option<CostLine> {
    let shown = levels[Level::Expected.index()].or(levels[2]).or(levels[0])?;
    let cost = |level: Level| levels[level.index()].map_or(Usd::ZERO, Item::monthly);
    let costs = Level::ALL.map(cost);
    let quantity = levels[Level::Expected.index()].map_or(0.0, |item| item.quantity);
    let source = shown.source?;
    Some(CostLine {
        component: shown.component.concat(),
        environment: shown.environment.to_owned(),
        item: words(&shown.detail),
        quantity: round(quantity),
        unit: shown.unit.to_owned(),
        unit_price: shown.unit_price,
        included: round(shown.included),
        monthly: ordered(costs),
        source: source.url.clone(),
        seen: source.seen,
    })
}

fn words(parts: &[&str; 3]) -> String {
    parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The three costs with the smallest as low and the largest as high.
pub(crate) fn ordered(costs: [Usd; 3]) -> UsdRange {
    let [low, expected, high] = costs;
    UsdRange { low: low.min(expected).min(high), expected, high: high.max(expected).max(low) }
}

/// The sum of a bill, never below zero.
pub(crate) fn total(bill: &Bill<'_>) -> Usd {
    bill.iter().map(Item::monthly).sum::<Usd>().max(Usd::ZERO)
}

/// Cost by environment; what is shared counts with the last environment, which is production.
pub(crate) fn by_environment(lines: &[CostLine], environments: &[&str]) -> BTreeMap<String, UsdRange> {
    let mut sums: BTreeMap<String, UsdRange> =
        environments.iter().map(|name| ((*name).to_owned(), UsdRange::default())).collect();
    let production = environments.last().copied().unwrap_or_default();
    for line in lines {
        let name = if line.environment == SHARED { production.to_owned() } else { line.environment.clone() };
        let sum = sums.entry(name).or_default();
        *sum = *sum + line.monthly;
    }
    sums
}

/// Holds a total against the budget.
pub(crate) fn verdict(context: &Context, total: &UsdRange) -> BudgetVerdict {
    let ceiling = context.ceiling();
    let within = ceiling.is_none_or(|limit| total.expected.cents() <= limit);
    let surely_within = ceiling.is_none_or(|limit| total.high.cents() <= limit);
    let summary = match ceiling {
        None => "no ceiling was set".to_owned(),
        Some(limit) if surely_within => format!("within the {limit} a month even at the high estimate"),
        Some(limit) if within => format!(
            "within the {limit} a month at the expected cost; the high estimate exceeds it by {}",
            (total.high - limit).cents()
        ),
        Some(limit) => {
            format!("{} above the {limit} a month at the expected cost", (total.expected - limit).cents())
        }
    };
    BudgetVerdict { ceiling, within, surely_within, summary }
}

fn round(quantity: f64) -> f64 {
    let step = if quantity.abs() >= 100.0 { 1.0 } else { 1000.0 };
    (quantity * step).round() / step
}
