//! Numbers as people write them (`10K`, `1.5M`, `$30 a month`) → users, requests, dollars.

use siteplan_model::money::Usd;

/// Above these nobody means a number of people or dollars.
const MOST_COUNTED: f64 = 1e13;
const MOST_DOLLARS: f64 = 1e9;

/// A whole number of people or requests: `800`, `10K`, `1.5M`, `40_000`, `10,000 users`.
pub(crate) fn count(text: &str) -> Option<u64> {
    let text = text.trim().to_lowercase();
    let bare = ["users", "user", "requests", "people"].iter().find_map(|unit| text.strip_suffix(unit));
    let value = magnitude(bare.unwrap_or(&text).trim_end())?;
    if !(0.0..=MOST_COUNTED).contains(&value) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range was just checked")]
    let whole = value.round() as u64;
    Some(whole)
}

/// An amount of dollars a month: `30`, `$30`, `30.50`, `$1,000`, `30 USD`, `$30 a month`.
pub(crate) fn dollars(text: &str) -> Option<Usd> {
    let text = text.trim().to_lowercase();
    let units = ["a month", "per month", "/month", "/mo", "usd", "dollars", "dollar"];
    let mut bare = text.as_str();
    while let Some(rest) = units.iter().find_map(|unit| bare.strip_suffix(unit)) {
        bare = rest.trim_end();
    }
    let value = magnitude(bare.strip_prefix('$').unwrap_or(bare).trim_start())?;
    (0.0..=MOST_DOLLARS).contains(&value).then(|| Usd::from_f64(value).cents())
}

/// A decimal number, thousands separated by `,` or `_`, with `k`, `m` or `b` after it.
fn magnitude(text: &str) -> Option<f64> {
    let (digits, factor) = match text.chars().last()? {
        'k' => (&text[..text.len() - 1], 1e3),
        'm' => (&text[..text.len() - 1], 1e6),
        'b' => (&text[..text.len() - 1], 1e9),
        _ => (text, 1.0),
    };
    let digits = ungrouped(digits.trim_end())?;
    digits.parse::<f64>().ok().map(|value| value * factor)
}

/// Digits with at most one decimal point; a `,` is a thousands separator only before three digits, so that `1,5` is not 15.
fn ungrouped(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.split([',', '_']);
    let first = groups.next()?;
    let grouped = groups.clone().all(|group| group.len() == 3);
    let numeric = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    if first.is_empty() || !grouped || !numeric(first) || !groups.all(numeric) || !numeric(fraction) {
        return None;
    }
    Some(format!("{}.{}", whole.replace([',', '_'], ""), if fraction.is_empty() { "0" } else { fraction }))
}

#[cfg(test)]
mod tests {
    use super::{count, dollars};
    use siteplan_model::money::Usd;

    #[test]
    fn people_write_counts_in_many_ways() {
        for (text, value) in
            [("800", 800), ("10K", 10_000), ("1.5m", 1_500_000), ("40_000", 40_000), ("10,000 users", 10_000)]
        {
            assert_eq!(count(text), Some(value), "{text}");
        }
        for bad in
            ["", "k", "-5", "1,5", "1e9", "NaN", "inf", "many", "9999999999999999", ".", "é", "1_", "5 %"]
        {
            assert_eq!(count(bad), None, "{bad}");
        }
    }

    #[test]
    fn people_write_dollars_in_many_ways() {
        for (text, value) in [("$30", 30.0), ("30", 30.0), ("30.50 USD", 30.5), ("$1,000 a month", 1000.0)] {
            assert_eq!(dollars(text), Some(Usd::from_f64(value)), "{text}");
        }
        for bad in ["", "$", "free", "-1", "30€", "10-50"] {
            assert_eq!(dollars(bad), None, "{bad}");
        }
    }
}
