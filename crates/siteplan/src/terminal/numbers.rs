//! Numbers → digits that people read.

pub(crate) use siteplan_model::digits::grouped;
use siteplan_model::money::Usd;

/// A measured or computed number: whole where it is whole, else three significant digits.
pub(crate) fn number(value: f64) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    let size = value.abs();
    let decimals = match size {
        _ if (size - size.round()).abs() < 1e-9 => 0,
        _ if size >= 100.0 => 0,
        _ if size >= 10.0 => 1,
        _ if size >= 1.0 => 2,
        _ if size >= 0.1 => 3,
        _ if size >= 0.01 => 4,
        _ => 6,
    };
    let digits = format!("{size:.decimals$}");
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), grouped);
    let part = part.trim_end_matches('0');
    let sign = if value < 0.0 && (whole != "0" || !part.is_empty()) { "−" } else { "" };
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

/// A price with all its digits, since some are a fraction of a cent: `$7`, `$6.30`, `$0.005`. What has more digits than any price
/// list was worked out, and is shown as other amounts are.
pub(crate) fn price(usd: Usd) -> String {
    let amount = usd.listed().amount().normalize();
    let digits = amount.abs();
    let digits = if matches!(digits.scale(), 1 | 2) { format!("{digits:.2}") } else { digits.to_string() };
    format!("{}${digits}", if amount.is_sign_negative() { "−" } else { "" })
}

/// An amount as people compare it; a credit carries its sign in front.
pub(crate) fn money(usd: Usd) -> String {
    let size = if usd < Usd::ZERO { (Usd::ZERO - usd).rounded() } else { usd.rounded() };
    // Less than half a cent is nothing, and nothing has no sign.
    if usd < Usd::ZERO && size != Usd::ZERO.rounded() { format!("−{size}") } else { size }
}

/// A unit in the plural where there is not one of it: `minutes`, `instance-months`, but `GB` and `million`.
pub(crate) fn units(quantity: f64, unit: &str) -> String {
    let (counted, of) = unit.find(" of ").map_or((unit, ""), |at| unit.split_at(at));
    let has_plural = counted != "million" && counted.ends_with(char::is_lowercase) && !counted.ends_with('s');
    if has_plural && (quantity - 1.0).abs() > 1e-9 { format!("{counted}s{of}") } else { unit.to_owned() }
}

/// A count with its noun.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{} {noun}s", grouped(count)) }
}

#[cfg(test)]
mod tests {
    use siteplan_model::money::Usd;

    use super::{counted, grouped, money, number, price, units};

    #[test]
    fn numbers_are_as_long_as_they_say_something() {
        assert_eq!(grouped(1_204), "1,204");
        assert_eq!(number(14.0), "14");
        assert_eq!(number(1e9), "1,000,000,000");
        assert_eq!(number(0.785_714), "0.786");
        assert_eq!(number(0.036_5), "0.0365");
        assert_eq!(number(23.456), "23.5");
        assert_eq!(number(-2.5), "−2.5");
        assert_eq!(number(0.000_001_4), "0.000001");
        assert_eq!(units(2.0, "minute"), "minutes");
        assert_eq!(units(1.0, "instance-month"), "instance-month");
        assert_eq!(units(9.0, "GB"), "GB");
        assert_eq!(units(9.0, "million"), "million");
        assert_eq!(units(2.5, "GB-month of history"), "GB-months of history");
        assert_eq!(money(Usd::whole(-5)), "−$5");
        assert_eq!(money(Usd::from_f64(-0.004)), "$0");
        assert_eq!(price(Usd::whole(7)), "$7");
        assert_eq!(price(Usd::from_f64(6.3)), "$6.30");
        assert_eq!(price(Usd::from_f64(0.005)), "$0.005");
        assert_eq!(price(Usd::ZERO - Usd::from_f64(2.5)), "−$2.50");
        assert_eq!(price("-0.5494107257368".parse().map(Usd::new).unwrap()), "−$0.55");
        assert_eq!(price("0.00001157407".parse().map(Usd::new).unwrap()), "$0.00001157407");
        assert_eq!(counted(1, "file"), "1 file");
        assert_eq!(counted(2_000, "user"), "2,000 users");
    }
}
