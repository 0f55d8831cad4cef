//! How little of the budget a platform uses.

use siteplan_catalog::Catalog;
use siteplan_model::brief::Context;
use siteplan_model::explanation::Operation;
use siteplan_model::money::Usd;

use super::{Entry, Ledger, Name, Plain, Subject, Words};

/// The value of the expected cost, as wide as the prices beneath it are weak.
pub(super) fn cost<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>) -> L::Number {
    prices(ledger, subject);
    worth(ledger, subject.catalog, subject.context, subject.quote.report.total.expected.to_f64())
}

/// Value of a monthly cost against the budget.
pub(crate) fn cost_value(catalog: &Catalog, context: &Context, usd: f64) -> f64 {
    worth(&mut Plain::new(catalog), catalog, context, usd)
}

fn worth<'a, L: Ledger<'a>>(
    ledger: &mut L,
    catalog: &'a Catalog,
    context: &'a Context,
    usd: f64,
) -> L::Number {
    let name = Name::plain("expected cost of a month, all environments, in dollars");
    let usd = ledger.enter(Entry::Application { name, words: Words::None }, usd);
    let budget = |ledger: &mut L, ceiling: f64, words: &'static str| {
        let name = Name::plain("budget of a month in dollars");
        ledger.enter(Entry::Application { name, words: Words::Text(words) }, ceiling)
    };
    match context.ceiling().map(Usd::to_f64) {
        Some(0.0) => {
            budget(ledger, 0.0, "nothing may be spent");
            ledger.term(Name::plain("cost"), Operation::Nothing, &[usd])
        }
        Some(ceiling) => {
            let ceiling = budget(ledger, ceiling, "the ceiling");
            let share = ledger.term(Name::plain("share of the budget"), Operation::Quotient, &[usd, ceiling]);
            let unnoticed = &catalog.criteria.value.cost_unnoticed_share;
            let unnoticed = ledger.parameter("cost_unnoticed_share", unnoticed);
            let noticed =
                ledger.term(Name::plain("share that is noticed"), Operation::Difference, &[share, unnoticed]);
            let left = ledger.term(Name::plain("what is left"), Operation::Complement, &[noticed]);
            ledger.term(Name::plain("cost"), Operation::Unit, &[left])
        }
        // Without a ceiling dollars count by order of magnitude: nothing is free of value, and twice the cost always costs.
        None => {
            let parameters = &catalog.criteria.value;
            let small = ledger.parameter("cost_small_usd", &parameters.cost_small_usd);
            let reference = ledger.parameter("cost_reference_usd", &parameters.cost_reference_usd);
            let times = ledger.term(Name::plain("cost in small sums"), Operation::Quotient, &[usd, small]);
            let most = ledger.term(
                Name::plain("worthless cost in small sums"),
                Operation::Quotient,
                &[reference, small],
            );
            let share = ledger.term(
                Name::plain("share on a logarithmic scale"),
                Operation::LogarithmOfOneMoreOver,
                &[times, most],
            );
            let left = ledger.term(Name::plain("what is left"), Operation::Complement, &[share]);
            ledger.term(Name::plain("cost"), Operation::Unit, &[left])
        }
    }
}

/// Enters the prices of the chosen sizes and data plans. The bill follows from them and from how much is used;
/// `siteplan cost` shows it line by line.
fn prices<'a, L: Ledger<'a>>(ledger: &mut L, subject: &Subject<'a>) {
    let Subject { catalog, quote, .. } = *subject;
    for placed in &quote.components {
        let Some(host) = catalog.platforms.get(&placed.platform) else { continue };
        let Some(size) = host.sizes.iter().find(|size| size.id == placed.size) else { continue };
        let entry = Entry::Fact {
            name: Name::with(
                "price of an instance of `{}`",
                &quote.workload.components[placed.component].name,
            ),
            words: Words::Text(if size.usd_per_month.is_some() { &size.id } else { "by meters" }),
            thing: host.id.as_str(),
            at: "size",
            note: None,
            source: host.sources.get(&size.source),
        };
        ledger.enter(entry, size.usd_per_month.map_or(0.0, Usd::to_f64));
    }
    for placed in &quote.data {
        let service = placed.service.as_ref().and_then(|id| catalog.data_services.get(id));
        let Some(service) = service else { continue };
        let Some(plan) = service.plans.iter().find(|plan| plan.id == placed.plan) else { continue };
        let entry = Entry::Fact {
            name: Name::with("price of the plan for {}", &placed.engine),
            words: Words::Text(&plan.id),
            thing: service.id.as_str(),
            at: "plan",
            note: None,
            source: service.sources.get(&plan.source),
        };
        ledger.enter(entry, plan.usd_per_month.to_f64());
    }
}

#[cfg(test)]
mod tests {
    use siteplan_catalog::Catalog;
    use siteplan_model::brief::{AppType, BudgetBand, Context, Expertise, ScaleBand};

    use super::cost_value;

    #[test]
    fn sums_that_nobody_notices_are_worth_the_same_and_others_less_and_less() {
        let catalog = Catalog::embedded().unwrap();
        let context =
            Context::of(AppType::WebApi, Expertise::Intermediate, ScaleBand::Low, BudgetBand::Small);
        let value = |usd: f64| cost_value(&catalog, &context, usd);
        let unnoticed = 50.0 * catalog.criteria.value.cost_unnoticed_share.value;
        assert!((value(0.35) - 1.0).abs() < 1e-12 && (value(unnoticed) - 1.0).abs() < 1e-12);
        let steps: Vec<f64> = (0..=10).map(|step| value(unnoticed + 4.0 * f64::from(step))).collect();
        assert!(steps.windows(2).all(|pair| pair[0] - pair[1] > 0.07), "{steps:?}");
        assert!(value(1_000.0).abs() < 1e-12);
    }
}
