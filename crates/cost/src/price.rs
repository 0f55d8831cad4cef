//! Charges at three levels of optimism → cost lines, totals and the verdict on the budget.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use siteplan_catalog::figure::{Source, Sources};
use siteplan_model::brief::Context;
use siteplan_model::cost::{BudgetVerdict, CostLine, NotIncluded};
use siteplan_model::money::{Usd, UsdRange};

use crate::shares::{Shares, split};
use crate::usage::Level;

/// Environment of a charge that all environments share.
pub const SHARED: &str = "all";

/// One charge of a month at one level.
#[derive(Clone, Copy, Debug)]
pub struct Charge<'a> {
    /// What is paid for, in two parts that are read as one.
    pub component: [&'a str; 2],
    /// The environment, or [`SHARED`].
    pub environment: &'a str,
    /// Who is paid, then the plan, size or meter, in words.
    pub detail: [&'a str; 3],
    /// Units used.
    pub quantity: f64,
    /// The unit.
    pub unit: &'static str,
    /// Price of one unit; negative for a credit.
    pub unit_price: Usd,
    /// Units that are free.
    pub included: f64,
    /// Where the price was seen.
    pub source: Cited<'a>,
}

/// A source by its key, looked up where it is shown: of thousands of charges that are compared a few dozen are.
#[derive(Clone, Copy, Debug)]
pub struct Cited<'a> {
    /// All sources of the platform or service.
    pub sources: &'a Sources,
    /// The key of one.
    pub key: &'a str,
}

impl<'a> Cited<'a> {
    fn found(self) -> Option<&'a Source> {
        self.sources.get(self.key)
    }
}

impl Charge<'_> {
    /// What it costs.
    pub fn monthly(&self) -> Usd {
        times(self.unit_price, (self.quantity - self.included).max(0.0))
    }

    /// What makes it the same item at another level or load, whatever size or plan it then has.
    pub(crate) fn key(&self) -> (&str, [&str; 2], &str, &'static str) {
        (self.environment, self.component, self.detail[0], self.unit)
    }

    /// Plan, size or meter in words.
    pub(crate) fn words(&self) -> String {
        let parts = self.detail.iter().copied().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(" ")
    }
}

/// The charges of a month at one level.
pub type Bill<'a> = Vec<Charge<'a>>;

/// A price times a quantity, which is rounded to a billionth.
pub(crate) fn times(price: Usd, quantity: f64) -> Usd {
    const BILLIONTHS: f64 = 1e9;
    // What fits into 63 bits is by far the commonest; more is as much as a decimal holds.
    let scaled = libm::round(quantity * BILLIONTHS);
    if scaled.abs() < 9e18 {
        #[expect(clippy::cast_possible_truncation, reason = "the magnitude was just checked")]
        return price * Decimal::new(scaled as i64, 9);
    }
    #[expect(clippy::cast_possible_truncation, reason = "the magnitude is limited")]
    let scaled = scaled.clamp(-7e28, 7e28) as i128;
    price * Decimal::try_from_i128_with_scale(scaled, 9).unwrap_or_default()
}

/// Joins the bills of the three levels into lines; an item that a level lacks costs nothing there. What is metered for all
/// environments together becomes a line of each that uses it.
pub(crate) fn lines(bills: &[Bill<'_>; 3], shares: &Shares<'_>) -> Vec<CostLine> {
    let mut order: Vec<[Option<&Charge<'_>>; 3]> = Vec::new();
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    for level in [Level::Expected, Level::Low, Level::High] {
        for charge in &bills[level.index()] {
            let position = *known.entry(charge.key()).or_insert_with(|| {
                order.push([None; 3]);
                order.len() - 1
            });
            order[position][level.index()] = Some(charge);
        }
    }
    let whole = order.iter().filter_map(|levels| Some((*shown(levels)?, line(levels)?)));
    whole
        .flat_map(|(charge, line)| {
            let of = (charge.component[0], charge.detail[0]);
            let parts = shares.get(&of).filter(|_| charge.environment == SHARED);
            parts.map_or_else(|| vec![line.clone()], |parts| split(&line, parts))
        })
        .collect()
}

/// The charge that gives a line its words: the expected one, where there is one.
fn shown<'c, 'a>(levels: &[Option<&'c Charge<'a>>; 3]) -> Option<&'c Charge<'a>> {
    levels[Level::Expected.index()].or(levels[Level::High.index()]).or(levels[Level::Low.index()])
}

fn line(levels: &[Option<&Charge<'_>>; 3]) -> Option<CostLine> {
    let expected = levels[Level::Expected.index()];
    let shown = shown(levels)?;
    let [low, middle, high] = levels.map(|charge| charge.map_or(Usd::ZERO, Charge::monthly));
    // A credit is larger where more is used, so its ends stay where their levels put them.
    let is_credit = shown.unit_price < Usd::ZERO;
    let monthly = if is_credit {
        UsdRange { low, expected: middle, high }
    } else {
        // A larger size may come with a smaller price of something else; an end is never on the wrong side.
        UsdRange { low: low.min(middle), expected: middle, high: high.max(middle) }
    };
    let source = shown.source.found()?;
    Some(CostLine {
        component: shown.component.concat(),
        environment: shown.environment.to_owned(),
        item: shown.words(),
        quantity: round(expected.map_or(0.0, |charge| charge.quantity)),
        unit: shown.unit.to_owned(),
        // A credit has no rate: it is an amount.
        unit_price: if is_credit { shown.unit_price.cents() } else { shown.unit_price },
        included: round(shown.included),
        monthly,
        source: source.url.clone(),
        seen: source.seen,
    })
}

/// The sum of all lines.
pub(crate) fn sum(lines: &[CostLine]) -> UsdRange {
    lines.iter().map(|line| line.monthly).sum()
}

/// Cost by environment; what is shared counts with the last environment, which is production.
pub(crate) fn by_environment(lines: &[CostLine], environments: &[&str]) -> BTreeMap<String, UsdRange> {
    let mut sums: BTreeMap<String, UsdRange> =
        environments.iter().map(|name| ((*name).to_owned(), UsdRange::default())).collect();
    let production = environments.last().copied().unwrap_or_default();
    for line in lines {
        let name = if line.environment == SHARED { production } else { &line.environment };
        let sum = sums.entry(name.to_owned()).or_default();
        *sum = *sum + line.monthly;
    }
    sums
}

/// Holds a total against the budget. Where something without a known price may decide it, nobody knows; where something else is left
/// out, it is not sure.
pub(crate) fn verdict(context: &Context, total: &UsdRange, left_out: &[NotIncluded]) -> BudgetVerdict {
    let ceiling = context.ceiling();
    if let Some(decisive) = left_out.iter().find(|item| item.decides) {
        let question = ceiling.map_or_else(
            || "the price is not known".to_owned(),
            |limit| format!("whether it is within the {limit} a month is not known"),
        );
        let priced = total.expected.cents();
        let summary = format!("{question}: what has a price comes to {priced}, without {}", decisive.what);
        return BudgetVerdict { ceiling, within: false, surely_within: false, open: true, summary };
    }
    let within = ceiling.is_none_or(|limit| total.expected.cents() <= limit);
    let below = ceiling.is_none_or(|limit| total.high.cents() <= limit);
    let surely_within = below && left_out.is_empty();
    let summary = match ceiling {
        None => "no ceiling was set".to_owned(),
        Some(limit) if surely_within => format!("within the {limit} a month even at the high estimate"),
        Some(limit) if below => format!("within the {limit} a month, without what has no known price"),
        Some(limit) if within => format!(
            "within the {limit} a month at the expected cost; the high estimate exceeds it by {}",
            (total.high - limit).cents()
        ),
        Some(limit) => {
            format!("{} above the {limit} a month at the expected cost", (total.expected - limit).cents())
        }
    };
    BudgetVerdict { ceiling, within, surely_within, open: false, summary }
}

/// A quantity as it is shown.
pub(crate) fn round(quantity: f64) -> f64 {
    let step = if quantity.abs() >= 100.0 { 1.0 } else { 1000.0 };
    (quantity * step).round() / step
}
