//! Numbers, prices and quantities as people read them.

pub(super) use siteplan_model::digits::grouped as count;
use siteplan_model::money::Usd;

/// A price to its last digit: prices of single requests are fractions of a cent.
pub(super) fn exact(price: Usd) -> String {
    let amount = price.listed().amount().normalize();
    if amount.scale() <= 2 { price.to_string() } else { format!("${amount}") }
}

/// A number with as many digits as a reader needs: thousands apart, two decimals, four below one.
pub(super) fn number(value: f64) -> String {
    if !value.is_finite() {
        return "unknown".to_owned();
    }
    let decimals = if value.abs() < 1.0 { 4 } else { 2 };
    let text = format!("{value:.decimals$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    let whole = match whole.strip_prefix('-') {
        Some(digits) => format!("-{}", digits.parse().map_or(digits.to_owned(), count)),
        None => whole.parse().map_or(whole.to_owned(), count),
    };
    if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") }
}

/// A quantity with its unit: the unit's first word in the plural unless the number is one, a share as a percentage.
pub(super) fn quantity(value: f64, unit: &str) -> String {
    if unit == "share" {
        return format!("{} %", number(value * 100.0));
    }
    let is_one = (value - 1.0).abs() < f64::EPSILON;
    let (word, rest) =
        unit.split_once(' ').map_or((unit, String::new()), |(word, rest)| (word, format!(" {rest}")));
    let is_abbreviation = word.len() <= 2 || word.ends_with(|c: char| c.is_uppercase());
    let is_plural = word.ends_with('s') && !is_abbreviation;
    let word = match word {
        "times" | "million" | "" => word.to_owned(),
        _ if is_abbreviation => word.to_owned(),
        _ if is_one && is_plural => word.trim_end_matches('s').to_owned(),
        _ if is_one || is_plural => word.to_owned(),
        _ => format!("{word}s"),
    };
    format!("{} {word}{rest}", number(value)).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{count, exact, number, quantity};
    use siteplan_model::money::Usd;

    #[test]
    fn figures_read_well() {
        assert_eq!(count(1_200_000), "1,200,000");
        assert_eq!(count(999), "999");
        assert_eq!(number(730.0), "730");
        assert_eq!(number(1234.5), "1,234.5");
        assert_eq!(number(0.0225), "0.0225");
        assert_eq!(number(f64::NAN), "unknown");
        assert_eq!(exact(Usd::from_f64(0.0225)), "$0.0225");
        assert_eq!(exact(Usd::whole(7)), "$7");
    }
    #[test]
    fn units_follow_their_numbers() {
        for (value, unit, expected) in [
            (150.0, "minute", "150 minutes"),
            (1.0, "instance-month", "1 instance-month"),
            (2.0, "month", "2 months"),
            (1.0, "instances", "1 instance"),
            (0.29, "GB", "0.29 GB"),
            (35.0, "ms", "35 ms"),
            (87.68, "vCPU-hour", "87.68 vCPU-hours"),
            (25.0, "requests a second", "25 requests a second"),
            (10.0, "times", "10 times"),
            (0.02, "share", "2 %"),
            (3.0, "", "3"),
        ] {
            assert_eq!(quantity(value, unit), expected);
        }
    }
}
