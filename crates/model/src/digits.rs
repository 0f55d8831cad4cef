//! Whole numbers → digits that people read.

/// A whole number with its thousands apart: `1200000` becomes `1,200,000`.
pub fn grouped(number: u64) -> String {
    apart(&number.to_string())
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
    use super::grouped;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!([grouped(7), grouped(1_000), grouped(2_100_000)], ["7", "1,000", "2,100,000"]);
    }
}
