//! The exact lines of a bill → lines in cents that add up to the total in cents, as an invoice does.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use siteplan_model::cost::CostLine;
use siteplan_model::money::{Usd, UsdRange};

/// Digits of a cent.
const DIGITS: u32 = 2;

/// Rounds every line to cents, so that each of the three figures adds up to its own total in cents.
pub(crate) fn in_cents(mut lines: Vec<CostLine>) -> Vec<CostLine> {
    let of = |take: &dyn Fn(&UsdRange) -> Usd| {
        apportioned(&lines.iter().map(|line| take(&line.monthly).amount()).collect::<Vec<_>>())
    };
    let (mut low, expected, mut high) =
        (of(&|range| range.low), of(&|range| range.expected), of(&|range| range.high));
    let is_credit: Vec<bool> = lines.iter().map(|line| line.unit_price < Usd::ZERO).collect();
    ordered(&mut low, &expected, &is_credit, Side::Below);
    ordered(&mut high, &expected, &is_credit, Side::Above);
    for (index, line) in lines.iter_mut().enumerate() {
        let [low, expected, high] =
            [low[index], expected[index], high[index]].map(|amount| Usd::new(amount).cents());
        line.monthly = UsdRange { low, expected, high };
        // The price of a credit is the credit itself.
        if is_credit[index] && expected != Usd::ZERO {
            line.unit_price = expected;
        }
    }
    lines
}

/// Amounts cut off at the cent; the cents that their sum then lacks go to those that lost the most, of equals to the first (the
/// method of largest remainders).
fn apportioned(amounts: &[Decimal]) -> Vec<Decimal> {
    let floor =
        |amount: &Decimal| amount.round_dp_with_strategy(DIGITS, RoundingStrategy::ToNegativeInfinity);
    let mut cents: Vec<Decimal> = amounts.iter().map(floor).collect();
    let total = Usd::new(amounts.iter().sum()).cents().amount();
    let missing = (total - cents.iter().sum::<Decimal>()) * Decimal::ONE_HUNDRED;
    let mut order: Vec<usize> = (0..amounts.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(amounts[*index] - cents[*index]));
    for index in order.into_iter().take(missing.to_usize().unwrap_or_default()) {
        cents[index] += cent();
    }
    cents
}

/// On which side of what is expected an end lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Below,
    Above,
}

/// An end of a line that came to lie on the wrong side of what is expected, by the cent that another line got, gives that cent to, or
/// takes it from, the first line that has room. A credit may be larger at either end.
fn ordered(end: &mut [Decimal], expected: &[Decimal], is_credit: &[bool], side: Side) {
    let beyond = |end: Decimal, expected: Decimal| match side {
        Side::Below => end > expected,
        Side::Above => end < expected,
    };
    let step = if side == Side::Below { cent() } else { -cent() };
    for index in 0..end.len() {
        while !is_credit[index] && beyond(end[index], expected[index]) {
            let has_room = |other: &usize| {
                *other != index && !beyond(end[*other] + step, expected[*other]) && !is_credit[*other]
            };
            let credit = || (0..end.len()).find(|other| is_credit[*other]);
            let Some(other) = (0..end.len()).find(has_room).or_else(credit) else { break };
            end[index] -= step;
            end[other] += step;
        }
    }
}

fn cent() -> Decimal {
    Decimal::new(1, DIGITS)
}
