//! The books in which a value is worked out: numbers are entered, terms follow from them.

use siteplan_catalog::Catalog;
use siteplan_catalog::figure::Source;
use siteplan_catalog::platform::{Cases, Credential, EffortItem};
use siteplan_catalog::reasoning::{Parameter, UsageAssumption};
use siteplan_model::explanation::Operation;

/// Where a value is worked out.
pub(crate) trait Ledger<'a> {
    /// A number as this ledger keeps it.
    type Number: Copy;

    /// Enters a number with where it comes from; a fact widens the value.
    fn enter(&mut self, entry: Entry<'a>, number: f64) -> Self::Number;

    /// Works out a term.
    fn term(&mut self, name: Name<'a>, operation: Operation, of: &[Self::Number]) -> Self::Number;

    /// Widens the value beyond what its facts do.
    fn widen(&mut self, half_width: f64, because: &'static str);

    /// Enters a parameter of the method.
    fn parameter(&mut self, key: &'static str, parameter: &'a Parameter) -> Self::Number {
        let entry = Entry::Parameter { key, word: "", reason: &parameter.reason };
        self.enter(entry, parameter.value)
    }
}

/// A number that is entered, with where it comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry<'a> {
    /// A fact of the catalog.
    Fact {
        name: Name<'a>,
        words: Words<'a>,
        /// Id of the thing whose file states it.
        thing: &'a str,
        /// Its place in that file.
        at: &'static str,
        note: Option<&'a str>,
        /// Absent for lists that a file keeps without one.
        source: Option<&'a Source>,
    },
    /// A parameter of the method, or that of one word.
    Parameter { key: &'static str, word: &'static str, reason: &'a str },
    /// An assumption about use.
    Assumption { of: &'a UsageAssumption },
    /// Something of the application: an answer, a count, its cost.
    Application { name: Name<'a>, words: Words<'a> },
}

/// What a number is called; `{}` stands for a name that belongs to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name<'a> {
    pub(crate) what: &'static str,
    pub(crate) of: &'a str,
}

impl<'a> Name<'a> {
    /// A name without another in it.
    pub(crate) fn plain(what: &'static str) -> Self {
        Self { what, of: "" }
    }

    /// A name with another in the place of `{}`.
    pub(crate) fn with(what: &'static str, of: &'a str) -> Self {
        Self { what, of }
    }
}

/// A number in words.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Words<'a> {
    /// The number says all.
    None,
    /// A word or sentence.
    Text(&'a str),
    /// A word that a scale of the method gives a number.
    Scaled(&'a str, &'static str),
    /// What was counted.
    List(&'a [String]),
    /// The things of a list that are needed in these cases, which were counted.
    Needed(&'a [EffortItem], Cases),
    /// The things of a list that are not needed in these cases.
    NotNeeded(&'a [EffortItem], Cases),
    /// Credentials of which those were counted that are needed in these cases.
    Credentials(&'a [Credential], Cases),
}

/// Keeps numbers only.
#[derive(Debug)]
pub(crate) struct Plain<'c> {
    catalog: &'c Catalog,
    half_width: f64,
}

impl<'c> Plain<'c> {
    pub(crate) fn new(catalog: &'c Catalog) -> Self {
        Self::from_width(catalog, 0.0)
    }

    /// Goes on with a value of this half-width.
    pub(crate) fn from_width(catalog: &'c Catalog, half_width: f64) -> Self {
        Self { catalog, half_width }
    }

    /// Half-width of the value: that of the weakest thing beneath it.
    pub(crate) fn half_width(&self) -> f64 {
        self.half_width
    }
}

impl<'a> Ledger<'a> for Plain<'_> {
    type Number = f64;

    fn enter(&mut self, entry: Entry<'a>, number: f64) -> f64 {
        if let Entry::Fact { source: Some(source), .. } = entry {
            self.half_width = self.half_width.max(width(self.catalog, source));
        }
        number
    }

    fn term(&mut self, _: Name<'a>, operation: Operation, of: &[f64]) -> f64 {
        work_out(operation, of)
    }

    fn widen(&mut self, half_width: f64, _: &'static str) {
        self.half_width = self.half_width.max(half_width);
    }
}

/// Half-width of a value that rests on a fact of this source: by its grade, more for each year of its age.
pub(crate) fn width(catalog: &Catalog, source: &Source) -> f64 {
    let parameters = &catalog.criteria.value;
    let by_age = parameters.width_per_year.value * source.age_years(catalog.date);
    parameters.width_by_grade.of(&source.grade) + by_age
}

/// What an operation makes of numbers.
pub(crate) fn work_out(operation: Operation, of: &[f64]) -> f64 {
    let at = |index: usize| of.get(index).copied().unwrap_or(0.0);
    let sum = || of.iter().sum::<f64>();
    match operation {
        Operation::Sum => sum(),
        Operation::Difference => at(0) - at(1),
        Operation::Product => of.iter().product(),
        Operation::Quotient => at(0) / at(1),
        Operation::Mean if of.is_empty() => 0.0,
        #[expect(clippy::cast_precision_loss, reason = "a handful of values")]
        Operation::Mean => sum() / of.len() as f64,
        Operation::WeightedMean => {
            let pairs = || of.chunks_exact(2);
            let shares: f64 = pairs().map(|pair| pair[1]).sum();
            pairs().map(|pair| pair[0] * pair[1]).sum::<f64>() / shares
        }
        Operation::Complement => 1.0 - at(0),
        Operation::Unit => at(0).clamp(0.0, 1.0),
        Operation::Larger => at(0).max(at(1)),
        Operation::Smallest => of.iter().copied().reduce(f64::min).unwrap_or(0.0),
        Operation::LogarithmOver => libm::log(at(0).max(1.0)) / libm::log(at(1)),
        Operation::LogarithmOfOneMoreOver => libm::log1p(at(0)) / libm::log1p(at(1)),
        Operation::ExponentialOfMinus => libm::exp(-at(0)),
        Operation::Nothing => f64::from(u8::from(at(0) < 0.005)),
    }
}

#[cfg(test)]
mod tests {
    use siteplan_catalog::Catalog;
    use siteplan_catalog::figure::{Grade, Source};
    use siteplan_model::Date;

    use super::width;

    #[test]
    fn an_older_or_weaker_fact_widens_the_value() {
        let catalog = Catalog::embedded().unwrap();
        let wide = |grade: Grade, as_of: &str| {
            let seen = Date::constant(2026, 11, 22);
            width(&catalog, &Source { url: String::new(), seen, as_of: Some(as_of.to_owned()), grade })
        };
        let new = wide(Grade::Vendor, "2026-11-22");
        assert!(wide(Grade::Vendor, "2025-11-22") > new);
        assert!(wide(Grade::Vendor, "2024-11-22") > wide(Grade::Vendor, "2025-11-22"));
        assert!(wide(Grade::Assumed, "2026-11-22") > new);
        assert!(wide(Grade::Single, "2023") > wide(Grade::Single, "2023-12"));
    }
}
