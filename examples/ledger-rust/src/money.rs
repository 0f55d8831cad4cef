//! The arithmetic, free of any HTTP. Decimals only: floats lose cents.

use std::fmt;

use rust_decimal::{prelude::ToPrimitive, Decimal, RoundingStrategy};
use serde::Deserialize;

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    Eur,
    Usd,
    Jpy,
    Kwd,
}

impl Currency {
    /// Digits after the point, as ISO 4217 has them.
    pub fn digits(self) -> u32 {
        match self {
            Self::Eur | Self::Usd => 2,
            Self::Jpy => 0,
            Self::Kwd => 3,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// The bank's way, and the default: over many sums it drifts neither way.
    #[default]
    HalfEven,
    HalfUp,
    Down,
}

impl From<Rounding> for RoundingStrategy {
    fn from(rounding: Rounding) -> Self {
        match rounding {
            Rounding::HalfEven => Self::MidpointNearestEven,
            Rounding::HalfUp => Self::MidpointAwayFromZero,
            Rounding::Down => Self::ToZero,
        }
    }
}

#[derive(Debug, PartialEq)]
pub enum MoneyError {
    TooFine { digits: u32 },
    TooLarge,
    NoWeights,
}

impl fmt::Display for MoneyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFine { digits } => {
                write!(
                    out,
                    "this currency has only {digits} digits after the point"
                )
            }
            Self::TooLarge => write!(out, "the amount is too large"),
            Self::NoWeights => write!(out, "at least one weight must be above zero"),
        }
    }
}

impl std::error::Error for MoneyError {}

pub fn round(amount: Decimal, currency: Currency, rounding: Rounding) -> Decimal {
    let mut rounded = amount.round_dp_with_strategy(currency.digits(), rounding.into());
    rounded.rescale(currency.digits());
    rounded
}

/// Splits by weight so that the parts add up to the amount exactly.
///
/// Each part is first cut down to whole minor units; the few units left over
/// go one each to the parts that lost most (the largest-remainder method).
pub fn split(
    amount: Decimal,
    currency: Currency,
    weights: &[u32],
) -> Result<Vec<Decimal>, MoneyError> {
    let total: i128 = weights.iter().map(|&weight| i128::from(weight)).sum();
    if total == 0 {
        return Err(MoneyError::NoWeights);
    }
    let units = i128::from(minor_units(amount, currency)?);
    let sign = units.signum();

    // i64 times u32 always fits in i128, so none of this can overflow.
    let shares: Vec<i128> = weights
        .iter()
        .map(|&weight| units.abs() * i128::from(weight))
        .collect();
    let mut parts: Vec<i128> = shares.iter().map(|share| share / total).collect();

    let left_over = (units.abs() - parts.iter().sum::<i128>()) as usize;
    let mut by_loss: Vec<usize> = (0..shares.len()).collect();
    // A stable sort: on a tie the earlier part wins, so answers never vary.
    by_loss.sort_by_key(|&index| std::cmp::Reverse(shares[index] % total));
    for &index in by_loss.iter().take(left_over) {
        parts[index] += 1;
    }

    Ok(parts
        .into_iter()
        .map(|part| Decimal::from_i128_with_scale(sign * part, currency.digits()))
        .collect())
}

/// Debits less credits; zero for a posting that balances.
pub fn difference(
    lines: impl IntoIterator<Item = (Decimal, Decimal)>,
) -> Result<Decimal, MoneyError> {
    lines
        .into_iter()
        .try_fold(Decimal::ZERO, |sum, (debit, credit)| {
            sum.checked_add(debit)?.checked_sub(credit)
        })
        .ok_or(MoneyError::TooLarge)
}

fn minor_units(amount: Decimal, currency: Currency) -> Result<i64, MoneyError> {
    let digits = currency.digits();
    let amount = amount.normalize();
    if amount.scale() > digits {
        return Err(MoneyError::TooFine { digits });
    }
    amount
        .checked_mul(Decimal::from(10_i64.pow(digits)))
        .and_then(|units| units.to_i64())
        .ok_or(MoneyError::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn half_even_goes_to_the_even_neighbour() {
        let round = |text| round(dec(text), Currency::Eur, Rounding::HalfEven);
        assert_eq!(round("2.345"), dec("2.34"));
        assert_eq!(round("2.355"), dec("2.36"));
    }

    #[test]
    fn an_answer_shows_all_of_its_currency_digits() {
        let rounded = round(dec("5"), Currency::Kwd, Rounding::Down);
        assert_eq!(rounded.to_string(), "5.000");
    }

    #[test]
    fn no_cent_is_lost_in_a_split() {
        let parts = split(dec("100.00"), Currency::Eur, &[1, 1, 1]).unwrap();
        assert_eq!(parts, [dec("33.34"), dec("33.33"), dec("33.33")]);
    }

    #[test]
    fn a_negative_amount_splits_like_its_opposite() {
        let parts = split(dec("-1"), Currency::Jpy, &[1, 3]).unwrap();
        assert_eq!(parts, [dec("0"), dec("-1")]);
    }

    #[test]
    fn impossible_splits_are_refused() {
        let split = |text, weights: &[u32]| split(dec(text), Currency::Usd, weights);
        assert_eq!(split("1", &[]), Err(MoneyError::NoWeights));
        assert_eq!(split("1", &[0, 0]), Err(MoneyError::NoWeights));
        assert_eq!(split("0.001", &[1]), Err(MoneyError::TooFine { digits: 2 }));
        assert_eq!(
            split("1000000000000000000", &[1]),
            Err(MoneyError::TooLarge)
        );
    }
}
