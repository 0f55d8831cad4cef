//! Catalog facts → the value of a platform on each criterion, from 0 to 1, with a half-width for what is uncertain.
//!
//! Every value is absolute: it does not depend on which other platforms there are. A criterion is worked out in a
//! [`Ledger`]: one that keeps nothing but the number, for the thousands of values of a recommendation, or one that writes
//! everything down, for the person who asks why. The formula is written once.

mod applies;
mod cost;
mod demands;
mod explain;
mod fit;
mod headroom;
mod ledger;
mod maturity;
mod portability;
mod reach;
mod simplicity;
mod team;
mod trace;
mod waiting;

use siteplan_catalog::Catalog;
use siteplan_catalog::figure::Figure;
use siteplan_catalog::platform::{Ability, Platform};
use siteplan_catalog::reasoning::CriterionId;
use siteplan_cost::Quote;
use siteplan_model::brief::Context;

use crate::existing;
use crate::refined::Settings;
use crate::weights::{AXES, position};

pub(crate) use applies::{is_files_near_users, is_jobs_only, is_one_instance};
pub(crate) use cost::cost_value;
pub use explain::explain;
pub(crate) use headroom::{Limits, capacity, upper_load};
pub(crate) use ledger::{Entry, Ledger, Name, Plain, Words};

/// A value on each criterion with its half-width, in the order of `CriterionId::ALL`.
pub(crate) type Values = [Value; AXES];

/// A value with its half-width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Value {
    /// From 0 to 1.
    pub(crate) middle: f64,
    /// How far the true value may lie from it.
    pub(crate) half_width: f64,
}

/// What is valued: a platform as it would run one application.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) platform: &'a Platform,
    pub(crate) quote: &'a Quote,
    pub(crate) context: &'a Context,
    /// What was answered beyond the context; `None` before that counts.
    pub(crate) refined_by: Option<&'a Settings>,
}

/// The values of one platform, before answers beyond the context count. That of cost is the one at the expected load; scenarios
/// take it from the cost curve.
pub(crate) fn values(catalog: &Catalog, platform: &Platform, quote: &Quote, context: &Context) -> Values {
    let subject = Subject { catalog, platform, quote, context, refined_by: None };
    CriterionId::ALL.map(|criterion| valued(criterion, &subject))
}

/// The same under the answers beyond the context. Only what these touch is worked out again.
pub(crate) fn refined(plain: &Values, subject: &Subject<'_>) -> Values {
    let mut values = *plain;
    if demands::any(subject) {
        let fit = &mut values[position(CriterionId::Fit)];
        let mut ledger = Plain::from_width(subject.catalog, fit.half_width);
        let middle = demands::under(&mut ledger, subject, fit.middle);
        *fit = Value { middle, half_width: ledger.half_width() };
    }
    if subject.refined_by.is_some_and(|settings| existing::is_answered(subject.catalog, settings)) {
        values[position(CriterionId::Simplicity)] = valued(CriterionId::Simplicity, subject);
    }
    values
}

fn valued(criterion: CriterionId, subject: &Subject<'_>) -> Value {
    let mut ledger = Plain::new(subject.catalog);
    let middle = worked_out(criterion, &mut ledger, subject);
    Value { middle, half_width: ledger.half_width() }
}

/// The value on one criterion, worked out in a ledger.
fn worked_out<'a, L: Ledger<'a>>(criterion: CriterionId, ledger: &mut L, subject: &Subject<'a>) -> L::Number {
    match criterion {
        CriterionId::Fit => fit::fit(ledger, subject),
        CriterionId::Simplicity => simplicity::simplicity(ledger, subject),
        CriterionId::Cost => cost::cost(ledger, subject),
        CriterionId::Headroom => headroom::headroom(ledger, subject),
        CriterionId::Maturity => maturity::maturity(ledger, subject),
        CriterionId::Portability => portability::portability(ledger, subject),
        CriterionId::Reach => reach::reach(ledger, subject),
        CriterionId::Team => team::team(ledger, subject),
    }
}

impl<'a> Subject<'a> {
    /// A figure of the platform, to be entered.
    fn figure<T>(
        &self,
        name: Name<'a>,
        at: &'static str,
        figure: &'a Figure<T>,
        words: Words<'a>,
    ) -> Entry<'a> {
        fact(self.platform, name, at, figure, words)
    }

    /// Whether the platform can do something, as a number.
    fn ability<L: Ledger<'a>>(
        &self,
        ledger: &mut L,
        name: &'static str,
        at: &'static str,
        figure: &'a Figure<Ability>,
    ) -> L::Number {
        let scale = &self.catalog.criteria.value.ability_value;
        let words = Words::Scaled(figure.value.as_str(), "ability_value");
        ledger.enter(self.figure(Name::plain(name), at, figure, words), scale.of(&figure.value))
    }
}

/// A figure of any platform, to be entered.
pub(crate) fn fact<'a, T>(
    platform: &'a Platform,
    name: Name<'a>,
    at: &'static str,
    figure: &'a Figure<T>,
    words: Words<'a>,
) -> Entry<'a> {
    Entry::Fact {
        name,
        words,
        thing: platform.id.as_str(),
        at,
        note: figure.note.as_deref(),
        source: platform.sources.get(&figure.source),
    }
}
