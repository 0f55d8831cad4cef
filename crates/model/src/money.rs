//! US dollars as decimals, and ranges of them.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub};

use crate::digits::apart;

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// No price of a list has nine digits: the smallest, for a millisecond, has six behind its zeros.
const MOST_LISTED: u128 = 100_000_000;

/// An amount of US dollars. Exact until it is shown; JSON and documents show cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Usd(Decimal);

impl Usd {
    /// No money.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// An exact amount.
    pub fn new(amount: Decimal) -> Self {
        Self(amount)
    }

    /// A whole number of dollars.
    pub fn whole(dollars: i64) -> Self {
        Self(Decimal::from(dollars))
    }

    /// Nearest amount to a floating-point value, rounded to a hundred-thousandth of a dollar; zero for NaN and infinities.
    pub fn from_f64(amount: f64) -> Self {
        Self(Decimal::from_f64(amount).unwrap_or_default().round_dp(5))
    }

    /// The exact decimal.
    pub fn amount(self) -> Decimal {
        self.0
    }

    /// For comparisons in floating point, never for sums.
    pub fn to_f64(self) -> f64 {
        self.0.to_f64().unwrap_or(f64::MAX)
    }

    /// Rounded to cents.
    #[must_use]
    pub fn cents(self) -> Self {
        Self(self.0.round_dp(2).normalize())
    }

    /// A price of a list with all its digits; what has more of them than any list was worked out, and is rounded to cents, or to
    /// two digits where it is less than one.
    #[must_use]
    pub fn listed(self) -> Self {
        if self.0.normalize().mantissa().unsigned_abs() < MOST_LISTED {
            return self;
        }
        let rounded = self.0.round_dp(2);
        Self(if rounded.is_zero() { self.0.round_sf(2).unwrap_or(rounded) } else { rounded })
    }

    /// The next whole dollar that is no less.
    #[must_use]
    pub fn whole_up(self) -> Self {
        Self(self.0.ceil().normalize())
    }

    /// Whole dollars: no cents where the reader compares rather than pays (`$13`), two digits below ten dollars.
    pub fn rounded(self) -> String {
        let shown = if self.0 < Decimal::TEN { self.0.round_dp(2) } else { self.0.round() };
        format!("${}", plain(shown))
    }
}

/// Without needless zeros, with thousands apart: `7`, `7.5` becomes `7.50`, `11370` becomes `11,370`.
fn plain(amount: Decimal) -> String {
    let amount = amount.normalize();
    let text = if amount.scale() == 0 { amount.to_string() } else { format!("{amount:.2}") };
    let (whole, cents) = text.split_once('.').map_or((text.as_str(), None), |(w, c)| (w, Some(c)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut grouped = format!("{sign}{}", apart(digits));
    if let Some(cents) = cents {
        grouped.push('.');
        grouped.push_str(cents);
    }
    grouped
}

impl fmt::Display for Usd {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&format!("${}", plain(self.0.round_dp(2))))
    }
}

impl Add for Usd {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Usd {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Usd {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Mul<Decimal> for Usd {
    type Output = Self;
    fn mul(self, factor: Decimal) -> Self {
        Self(self.0.saturating_mul(factor))
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl Serialize for Usd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let cents = self.cents().0;
        match cents.to_i64() {
            Some(whole) if cents.scale() == 0 => serializer.serialize_i64(whole),
            _ => serializer.serialize_f64(cents.to_f64().unwrap_or(f64::MAX)),
        }
    }
}

/// The form of a rate in files, to the last digit: a price of one unit is often a fraction of a cent.
pub mod exact {
    use super::{Deserialize, Deserializer, Serializer, ToPrimitive, Usd};

    /// Writes every digit.
    ///
    /// # Errors
    ///
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(price: &Usd, serializer: S) -> Result<S::Ok, S::Error> {
        let amount = price.0.normalize();
        match amount.to_i64() {
            Some(whole) if amount.scale() == 0 => serializer.serialize_i64(whole),
            _ => serializer.serialize_f64(amount.to_f64().unwrap_or(f64::MAX)),
        }
    }

    /// Reads it as any amount.
    ///
    /// # Errors
    ///
    /// Those of the deserializer.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Usd, D::Error> {
        Usd::deserialize(deserializer)
    }
}

impl<'de> Deserialize<'de> for Usd {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Whole(i64),
            Fraction(f64),
            Text(String),
        }
        let amount = match Written::deserialize(deserializer)? {
            Written::Whole(dollars) => Some(Decimal::from(dollars)),
            Written::Fraction(dollars) => dollars.to_string().parse().ok(),
            Written::Text(text) => text.trim_start_matches('$').parse().ok(),
        };
        amount.map(Self).ok_or_else(|| de::Error::custom("not an amount of US dollars"))
    }
}

impl JsonSchema for Usd {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Usd".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "description": "US dollars" })
    }
}

/// A low, an expected and a high estimate of one amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UsdRange {
    /// When everything that is uncertain turns out cheap.
    pub low: Usd,
    /// With the expected value of every assumption.
    pub expected: Usd,
    /// When everything that is uncertain turns out dear.
    pub high: Usd,
}

impl UsdRange {
    /// A known amount.
    pub fn exactly(amount: Usd) -> Self {
        Self { low: amount, expected: amount, high: amount }
    }

    /// `$13–27`, or `$7` when both ends show the same.
    pub fn span(&self) -> String {
        let (low, high) = (self.low.rounded(), self.high.rounded());
        if low == high { low } else { format!("{low}–{}", high.trim_start_matches('$')) }
    }
}

impl Add for UsdRange {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            low: self.low + other.low,
            expected: self.expected + other.expected,
            high: self.high + other.high,
        }
    }
}

impl Sum for UsdRange {
    fn sum<I: Iterator<Item = Self>>(ranges: I) -> Self {
        ranges.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::{Usd, UsdRange};

    #[test]
    fn money_shows_cents_only_when_there_are_any() {
        assert_eq!(Usd::whole(7).to_string(), "$7");
        assert_eq!(Usd::from_f64(7.5).to_string(), "$7.50");
        assert_eq!(Usd::from_f64(18.0246).to_string(), "$18.02");
        assert_eq!(Usd::from_f64(18.0246).rounded(), "$18");
        assert_eq!(Usd::whole(11_370).to_string(), "$11,370");
        assert_eq!(Usd::whole(999).to_string(), "$999");
        assert_eq!(Usd::from_f64(1_234_567.5).to_string(), "$1,234,567.50");
    }

    #[test]
    fn a_range_of_one_amount_shows_one_amount() {
        assert_eq!(UsdRange::exactly(Usd::whole(7)).span(), "$7");
        let range = UsdRange { low: Usd::whole(13), expected: Usd::whole(20), high: Usd::whole(27) };
        assert_eq!(range.span(), "$13–27");
    }

    #[test]
    fn money_survives_json() {
        for text in ["7", "7.5", "0.04"] {
            let amount: Usd = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&amount).unwrap(), text);
        }
        assert!(serde_json::from_str::<Usd>("\"a lot\"").is_err());
    }

    #[test]
    fn a_rate_keeps_every_digit_and_an_amount_its_cents() {
        #[derive(serde::Serialize, serde::Deserialize)]
        struct Line {
            #[serde(with = "super::exact")]
            rate: Usd,
            amount: Usd,
        }
        for (given, written) in [("0.0445", "0.04"), ("0.000024", "0.0"), ("7", "7"), ("0.128", "0.13")] {
            let line: Line =
                serde_json::from_str(&format!("{{\"rate\":{given},\"amount\":{given}}}")).unwrap();
            let text = serde_json::to_string(&line).unwrap();
            let back: Line = serde_json::from_str(&text).unwrap();
            assert_eq!(back.rate.amount(), given.parse().unwrap());
            assert_eq!(
                serde_json::to_value(&line).unwrap()["amount"].to_string(),
                written.trim_end_matches(".0")
            );
        }
    }
}
