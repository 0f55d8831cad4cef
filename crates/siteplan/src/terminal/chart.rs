//! Amounts → bars of blocks, an eighth of a column fine.

/// A bar that is `share` of a width long; anything above nothing leaves at least a sliver.
pub(crate) fn bar(share: f64, width: usize) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = eighths(share, width);
    format!("{}{}", "█".repeat(eighths / 8), PARTS[eighths % 8])
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred columns")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between nothing and the width")]
fn eighths(share: f64, width: usize) -> usize {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let exact = share * (width * 8) as f64;
    if share > 0.0 { (exact.round() as usize).max(1) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::bar;

    #[test]
    fn a_bar_is_as_long_as_its_share() {
        assert_eq!(bar(1.0, 4), "████");
        assert_eq!(bar(0.5, 4), "██");
        assert_eq!(bar(0.0, 4), "");
        assert_eq!(bar(0.001, 4), "▏");
        assert_eq!(bar(f64::NAN, 4), "");
        assert_eq!(bar(9.0, 4), "████");
    }
}
