//! What the environments use of a meter together → the part of each, and a line of the bill for each.

use std::collections::BTreeMap;

use siteplan_catalog::platform::MeterId;
use siteplan_model::cost::CostLine;
use siteplan_model::money::{Usd, UsdRange};

use crate::account::{MonthlyUse, USAGE_CREDIT};
use crate::bill::{At, own_meters};
use crate::place::{Arrangement, Site};
use crate::plans::Plans;
use crate::price::{round, times};
use crate::usage::Level;

/// Whose part of what is metered for all environments together is how large, by what is metered and who meters it; those without a
/// part are left out.
pub(crate) type Shares<'a> = BTreeMap<(&'a str, &'a str), Vec<(&'static str, f64)>>;

impl<'a> Site<'a> {
    /// Which part of each meter's use, and of what a plan's credit pays for, is whose: of the environments, production last, as
    /// expected today.
    pub(crate) fn shares(&self, arrangement: &Arrangement<'a>, plans: &Plans<'a>) -> Shares<'a> {
        let at = At { level: Level::Expected, factor: 1.0 };
        let mut shares = Shares::new();
        if self.choices.environments.names().len() < 2 {
            return shares;
        }
        for (host, _) in plans {
            let mut on = self.hosted(host, arrangement, at);
            let (mut used, mut credited) = (Vec::new(), Vec::new());
            for environment in self.environments(at.level) {
                let mut part = MonthlyUse::default();
                self.environment_use(&mut on, environment, &mut part, &mut |_| ());
                let rated = host.meters.iter().map(|meter| times(meter.usd, part.get(meter.id)));
                let mut paid: Usd = rated.sum();
                for placed in own_meters(host, arrangement) {
                    self.engine(placed, at, &mut |charge| {
                        if charge.environment == environment.name {
                            paid += charge.monthly();
                        }
                    });
                }
                credited.push((environment.name, paid.to_f64()));
                used.push((environment.name, part));
            }
            for meter in host.meters.iter().filter(|meter| meter.id != MeterId::ImageGb) {
                let parts = used.iter().map(|(name, part)| (*name, part.get(meter.id))).collect();
                shares
                    .extend(fractions(parts).map(|parts| ((meter.id.words().0, host.name.as_str()), parts)));
            }
            shares.extend(fractions(credited).map(|parts| ((USAGE_CREDIT, host.name.as_str()), parts)));
        }
        shares
    }
}

/// The parts of a whole, those of some size; none of nothing.
fn fractions(parts: Vec<(&'static str, f64)>) -> Option<Vec<(&'static str, f64)>> {
    let whole: f64 = parts.iter().map(|(_, part)| part).sum();
    let some = parts.into_iter().filter(|(_, part)| *part > 0.0);
    (whole > 0.0).then(|| some.map(|(name, part)| (name, part / whole)).collect())
}

/// A line of all environments as one of each that has a part in it: of what is used, of what is free and of what is paid. The last
/// takes what the others leave, so that nothing is lost. What is expected to cost nothing stays one line, with all that is free of
/// it; a part below a cent makes no line.
pub(crate) fn split(line: &CostLine, parts: &[(&'static str, f64)]) -> Vec<CostLine> {
    let is_nothing = |range: &UsdRange| range.expected.cents() == Usd::ZERO;
    let Some(((last, _), others)) = parts.split_last().filter(|_| !is_nothing(&line.monthly)) else {
        return vec![line.clone()];
    };
    let part = |share: f64| {
        let UsdRange { low, expected, high } = line.monthly;
        UsdRange { low: times(low, share), expected: times(expected, share), high: times(high, share) }
    };
    let mut left = (1.0, line.monthly);
    let mut made = Vec::new();
    let mut add = |name: &str, share: f64, monthly: UsdRange| {
        // A part of a credit is a credit of its own.
        let credit = (line.unit_price < Usd::ZERO).then(|| (line.quantity, monthly.expected.cents()));
        let (quantity, unit_price) = credit.unwrap_or((round(line.quantity * share), line.unit_price));
        made.push(CostLine {
            environment: name.to_owned(),
            quantity,
            unit_price,
            included: round(line.included * share),
            monthly,
            ..line.clone()
        });
    };
    for (name, share) in others {
        let monthly = part(*share);
        if is_nothing(&monthly) {
            continue;
        }
        let (rest, whole) = left;
        left = (
            rest - share,
            UsdRange {
                low: whole.low - monthly.low,
                expected: whole.expected - monthly.expected,
                high: whole.high - monthly.high,
            },
        );
        add(name, *share, monthly);
    }
    add(last, left.0, left.1);
    made
}
