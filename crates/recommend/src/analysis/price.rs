//! Prices of one platform, raised or lowered as a whole → the factor at which the recommendation changes.

use rust_decimal::Decimal;
use siteplan_model::money::Usd;
use siteplan_model::recommendation::PriceBreakEven;

use super::Ground;
use crate::candidate::{Candidate, Field};
use crate::constraint::{Frugal, Least};

/// The largest rise that is looked for: four times the price.
const MOST_RISE: i32 = 300;

/// The largest fall that is looked for.
const MOST_FALL: i32 = -90;

/// How far the recommended platform may become dearer, and how much cheaper each other option would have to be.
pub(crate) fn price_break_evens(ground: Ground<'_, '_>) -> Vec<PriceBreakEven> {
    let recommended = ground.recommended();
    if !recommended.feasible() || !recommended.within {
        return Vec::new();
    }
    let rise = break_even(ground, ground.winner(), MOST_RISE);
    let falls = ground.chosen[1..].iter().filter_map(|index| break_even(ground, *index, MOST_FALL));
    rise.into_iter().chain(falls).collect()
}

/// The smallest whole percentage, in the direction of `most`, at which another platform than today's is recommended.
fn break_even(ground: Ground<'_, '_>, index: usize, most: i32) -> Option<PriceBreakEven> {
    let platform = &ground.field.candidates[index];
    if platform.quote.report.total.expected == Usd::ZERO {
        return None;
    }
    let today = ground.recommended().id();
    let asked = ground.here.asked(ground.desk.catalog);
    let frugal = Frugal::of(&asked);
    let least = Least::of(asked, &frugal).cost(platform.platform, platform.quote.report.total.expected);
    let changed = |percent: i32| {
        let field = moved(ground, index, percent, least);
        let then = field.best().id().clone();
        (then != *today).then_some(then)
    };
    let mut then = changed(most)?;
    // Between 0, where nothing changes, and `most`, where something does.
    let (mut unchanged, mut flipped) = (0, most);
    while (flipped - unchanged).abs() > 1 {
        let middle = i32::midpoint(unchanged, flipped);
        match changed(middle) {
            Some(other) => (flipped, then) = (middle, other),
            None => unchanged = middle,
        }
    }
    let name = |id| ground.desk.catalog.platforms.get(id).map_or("", |platform| platform.name.as_str());
    let because = if flipped > 0 {
        format!("if {} were {flipped} % dearer, {} would be recommended", platform.platform.name, name(&then))
    } else if then == *platform.id() {
        format!("if {} were {} % cheaper, it would be recommended", platform.platform.name, -flipped)
    } else {
        format!(
            "if {} were {} % cheaper, {} would be recommended",
            platform.platform.name,
            -flipped,
            name(&then)
        )
    };
    Some(PriceBreakEven { platform: platform.id().clone(), percent: flipped, then, because })
}

/// The field with all prices of one platform moved by a percentage; `least` is what it costs today at the least.
fn moved<'a>(ground: Ground<'_, 'a>, index: usize, percent: i32, least: Usd) -> Field<'a> {
    let hundredths = 100 + percent;
    let asked = ground.here.asked(ground.desk.catalog);
    ground.field.altered(ground.desk, ground.here, index, |candidate: &mut Candidate<'a>| {
        let factor = f64::from(hundredths) / 100.0;
        candidate.cost_curve = candidate.cost_curve.iter().map(|usd| usd * factor).collect();
        let moved = Decimal::new(i64::from(hundredths), 2);
        let expected = candidate.quote.report.total.expected * moved;
        candidate.hold_against_budget(&asked, expected, least * moved);
    })
}
