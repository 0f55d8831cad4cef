//! A platform above the stated budget → the least budget in whole dollars that suffices.
//!
//! What is bought depends on the budget: a free one takes what sleeps and trials, a small one another vendor's database. So a price
//! is looked up again under each budget that is considered: first under the ends of the bands, which all platforms share, then
//! within the first band that suffices.

use std::cell::OnceCell;

use rust_decimal::Decimal;
use siteplan_catalog::platform::Platform;
use siteplan_cost::{Choices, Pricer, Volume};
use siteplan_model::brief::{BudgetBand, Context};
use siteplan_model::money::Usd;

use crate::certain::Asked;
use crate::{under_band, under_budget};

/// The budgets above the stated one at which every platform is looked at first.
#[derive(Debug)]
pub(crate) struct Budgets<'a> {
    asked: Asked<'a>,
    /// The cheapest choices among what nobody chose.
    choices: Vec<Choices>,
    /// The ends of the bands above the stated budget, each with the context under it; the last has none.
    ends: Vec<(Option<Usd>, Context)>,
}

/// The same with the prices under the ends of the bands.
#[derive(Debug)]
pub(crate) struct Priced<'b> {
    budgets: &'b Budgets<'b>,
    bands: Vec<Band<'b>>,
}

/// One band above the stated budget.
#[derive(Debug)]
struct Band<'b> {
    end: Option<Usd>,
    context: &'b Context,
    /// What prices under its end, from the first who asks.
    pricers: OnceCell<Vec<Pricer<'b>>>,
}

impl<'a> Budgets<'a> {
    /// The budgets above the one that was stated; none where none was.
    pub(crate) fn of(asked: Asked<'a>) -> Self {
        let choices = asked.frugal_choices();
        let stated = asked.context.ceiling();
        let above = |band: &&BudgetBand| band.ceiling().is_none_or(|end| stated.is_some_and(|now| now < end));
        let bands = BudgetBand::ALL.iter().filter(above);
        let ends = bands.map(|band| (band.ceiling(), under_band(asked.context, *band))).collect();
        Self { asked, choices, ends }
    }

    /// What prices every platform under the ends of the bands.
    pub(crate) fn priced(&self) -> Priced<'_> {
        let ends = if self.choices.is_empty() { &[] } else { &self.ends[..] };
        let bands = ends.iter().map(|(end, context)| Band { end: *end, context, pricers: OnceCell::new() });
        Priced { budgets: self, bands: bands.collect() }
    }

    fn pricers<'c>(&'c self, context: &'c Context) -> Vec<Pricer<'c>> {
        let Asked { catalog, survey, .. } = self.asked;
        self.choices.iter().map(|choices| Pricer::new(catalog, survey, context, choices)).collect()
    }

    /// Whether a budget suffices for a platform, by what it costs at the least under it.
    fn suffices(&self, platform: &Platform, amount: Usd) -> bool {
        let context = under_budget(self.asked.context, amount);
        least(&self.pricers(&context), platform).is_some_and(|cost| cost <= amount)
    }
}

impl<'b> Priced<'b> {
    /// The same without looking at what the amount itself changes: the price under the first end of a band that suffices. No band is
    /// passed over: with a larger budget another plan may be taken, and it may be a cheaper one.
    pub(crate) fn about(&self, platform: &Platform) -> Option<Usd> {
        let mut below = self.budgets.asked.context.ceiling()?;
        for band in &self.bands {
            let cost = self.least(band, platform)?;
            match band.end.filter(|end| cost > *end) {
                Some(end) => below = end,
                None => return Some(cost.whole_up().max(below + step())),
            }
        }
        None
    }

    /// The least budget in whole dollars under which a platform is within it.
    pub(crate) fn enough(&self, platform: &Platform) -> Option<Usd> {
        let mut below = self.budgets.asked.context.ceiling()?;
        for band in &self.bands {
            let cost = self.least(band, platform)?;
            match band.end {
                Some(end) if cost > end => below = end,
                Some(end) => return Some(self.within(platform, below, end, cost)),
                // Without an end the price is the one that money does not change; under the amount itself it may be another one.
                None => {
                    let amount = cost.whole_up().max(below + step());
                    let end = [1, 2, 4, 8].into_iter().map(|times| amount * Decimal::from(times));
                    let end = end.into_iter().find(|end| self.budgets.suffices(platform, *end))?;
                    return Some(self.within(platform, below, end, cost));
                }
            }
        }
        None
    }

    /// What a platform costs at the least under the end of a band.
    fn least(&self, band: &Band<'b>, platform: &Platform) -> Option<Usd> {
        least(band.pricers.get_or_init(|| self.budgets.pricers(band.context)), platform)
    }

    /// The least amount above `below` that suffices, if `end` does, where the platform costs this.
    fn within(&self, platform: &Platform, below: Usd, end: Usd, cost: Usd) -> Usd {
        let suffices = |amount: Usd| self.budgets.suffices(platform, amount);
        let (mut below, mut end) = (below, end);
        // Nearly always it is the price itself, and a dollar less is too little.
        let likely = cost.whole_up().max(below + step()).min(end);
        if likely == end || suffices(likely) {
            end = likely;
            let less = end - step();
            if less <= below || !suffices(less) {
                return end;
            }
            end = less;
        } else {
            below = likely;
        }
        while end - below > step() {
            let middle = Usd::new(((below.amount() + end.amount()) / Decimal::TWO).floor());
            if suffices(middle) {
                end = middle;
            } else {
                below = middle;
            }
        }
        end
    }
}

#[cfg(test)]
mod tests;

/// Dollars by which budgets differ.
fn step() -> Usd {
    Usd::whole(1)
}

/// What a platform costs at the least.
fn least(pricers: &[Pricer<'_>], platform: &Platform) -> Option<Usd> {
    pricers.iter().filter_map(|pricer| pricer.expected(&platform.id, Volume::Today)).map(Usd::cents).min()
}
