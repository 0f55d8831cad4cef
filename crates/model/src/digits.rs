//! Whole numbers → digits that people read.

/// A whole number with its thousands apart: `1200000` becomes `1,200,000`.
pub fn grouped(number: u64) -> String {
    apart(&number.to_string())
}

/// A share as a count of a hundred. It is taken in thousandths, in which records keep it, so that a sentence and a table that are
/// made from the same share before and after it was kept say the same.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share between 0 and 1")]
pub fn hundredths(share: f64) -> u32 {
    let thousandths = (share.clamp(0.0, 1.0) * 1000.0).round() as u32;
    (thousandths + 5) / 10
}

/// Digits with their thousands apart.
pub(crate) fn apart(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{grouped, hundredths};

    #[test]
    fn a_share_is_the_same_number_before_and_after_it_was_kept() {
        for step in 0..=100_000_u32 {
            let share = f64::from(step) / 100_000.0;
            let kept = (share * 1000.0).round() / 1000.0;
            assert_eq!(hundredths(share), hundredths(kept), "{share}");
        }
        assert_eq!([0.9848, 0.985, 0.015, 0.0149, 1.2, -0.1].map(hundredths), [99, 99, 2, 2, 100, 0]);
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!([grouped(7), grouped(1_000), grouped(2_100_000)], ["7", "1,000", "2,100,000"]);
    }
}
