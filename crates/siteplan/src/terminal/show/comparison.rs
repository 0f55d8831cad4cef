//! What changed answers change → a table of platforms before and after.

use std::collections::BTreeMap;

use siteplan_model::digits::hundredths;
use siteplan_model::id::PlatformId;
use siteplan_model::recommendation::Level;

use super::super::sanitise::line;
use super::super::style::{GOOD, QUIET, STRONG, paint, wrapped};
use super::super::table::{Row, Side, table};
use crate::comparison::{Change, Compared, Comparison};

/// From this width on the confidence stands in its row; below it, under the row.
const ROOMY: usize = 88;

/// The comparison at a width.
pub(crate) fn comparison_at(comparison: &Comparison, width: usize) -> String {
    let title = format!("What {} changes", line(&answers(&comparison.changed)));
    let mut text = format!("{}\n", paint(STRONG, &title));
    let recommended = if comparison.recommended.is_one() {
        let (before, after) = (
            name(comparison, &comparison.recommended.before),
            name(comparison, &comparison.recommended.after),
        );
        paint(GOOD, &wrapped("  ", &format!("the recommendation: {before} → {after}"), width))
    } else {
        wrapped(
            "  ",
            &format!("the recommendation stays {}", name(comparison, &comparison.recommended.after)),
            width,
        )
    };
    text.push_str(&recommended);
    text.push_str("\n\n");

    let shown: Vec<&Compared> = comparison.platforms.iter().filter(|platform| matters(platform)).collect();
    let roomy = width >= ROOMY;
    let head = kept(["rank", "", "expected", "confidence"].map(str::to_owned), roomy);
    let sides = vec![Side::Left; head.len()];
    let mut rows = vec![Row::new(head).styled(QUIET)];
    rows.extend(shown.iter().map(|platform| row(comparison, platform, roomy)));
    text.push_str(&table(&sides, 1, &rows, 2, width));
    let others: Vec<&Compared> = comparison.platforms.iter().filter(|platform| !matters(platform)).collect();
    if !others.is_empty() {
        let names: Vec<&str> = others.iter().map(|platform| platform.name.as_str()).collect();
        let words = format!("not an option before or after: {}", names.join(", "));
        text.push_str(&paint(QUIET, &wrapped("  ", &line(&words), width)));
        text.push('\n');
    }
    if comparison.platforms.iter().all(|platform| !platform.is_changed()) {
        text.push_str("  nothing else changes\n");
    }
    if comparison.because.is_one() {
        text.push('\n');
        text.push_str(&wrapped(
            "  Then ",
            &line(&format!("{}.", comparison.because.after.trim_end_matches('.'))),
            width,
        ));
        text.push('\n');
    }
    text
}

/// Whether a platform is worth a line: it is or was an option, or can or could be one.
fn matters(platform: &Compared) -> bool {
    let shown = platform.shown.before || platform.shown.after;
    shown || platform.feasible.before || platform.feasible.after
}

/// The cells of a row; without room the last one stands below it.
fn kept(cells: [String; 4], roomy: bool) -> Vec<String> {
    cells.into_iter().take(if roomy { 4 } else { 3 }).collect()
}

fn row(comparison: &Comparison, platform: &Compared, roomy: bool) -> Row {
    let standing = |level: Level, support: f64, broken: &[String]| {
        if broken.is_empty() {
            format!("{} {}", level.label().to_lowercase(), hundredths(support))
        } else {
            format!("breaks {}", line(&broken.join(", ")))
        }
    };
    let confidence = Change {
        before: standing(platform.level.before, platform.support.before, &platform.broken.before),
        after: standing(platform.level.after, platform.support.after, &platform.broken.after),
    };
    let cost = Change {
        before: platform.monthly_usd.before.expected.rounded(),
        after: platform.monthly_usd.after.expected.rounded(),
    };
    let cells = [
        change(&Change { before: platform.rank.before.to_string(), after: platform.rank.after.to_string() }),
        line(&platform.name),
        change(&cost),
        change(&confidence),
    ];
    let below = if roomy { String::new() } else { cells[3].clone() };
    let row = Row::new(kept(cells, roomy)).with_below(below);
    if platform.platform == comparison.recommended.after {
        row.styled(STRONG)
    } else if platform.is_changed() {
        row
    } else {
        row.styled(QUIET)
    }
}

/// `a → b`, or `a` where both are the same.
fn change(change: &Change<String>) -> String {
    if change.is_one() { format!("{} → {}", change.before, change.after) } else { change.after.clone() }
}

fn name(comparison: &Comparison, id: &PlatformId) -> String {
    let platform = comparison.platforms.iter().find(|platform| platform.platform == *id);
    platform.map_or_else(|| id.to_string(), |platform| line(&platform.name))
}

fn answers(changed: &BTreeMap<String, String>) -> String {
    let all: Vec<String> = changed.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    all.join(" and ")
}
