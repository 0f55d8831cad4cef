//! Every band and every whole dollar is tried: the amounts that are reported are the least that suffice.

use siteplan_catalog::Catalog;
use siteplan_cost::{Pricer, Volume};
use siteplan_model::Date;
use siteplan_model::brief::{AppType, Brief, BudgetBand, Context, Expertise, ScaleBand};
use siteplan_model::fact::{Certainty, Fact};
use siteplan_model::money::Usd;
use siteplan_model::survey::Survey;

use super::Budgets;
use crate::situation::Situation;
use crate::{Inputs, under_budget};

/// The most dollars that are tried one by one.
const MOST: i64 = 120;

/// Contexts with a stated budget; the larger ones begin with a plan that the smaller ones do not take.
fn contexts() -> Vec<Context> {
    let mut all = Vec::new();
    for app_type in AppType::ALL {
        for expertise in Expertise::ALL {
            for scale in ScaleBand::ALL {
                all.push(Context::of(*app_type, *expertise, *scale, BudgetBand::Free));
                let five = Context::of(*app_type, *expertise, *scale, BudgetBand::Small);
                all.push(Context { max_usd_per_month: Some(Usd::whole(5)), ..five });
            }
        }
    }
    all
}

/// Applications that ask for little and for much.
fn applications() -> Vec<Survey> {
    let plain = Survey::nothing(".", "planned");
    let mut needy = plain.clone();
    for need in [&mut needy.needs.workers, &mut needy.needs.cron, &mut needy.needs.file_storage] {
        *need = Fact::new(true, Certainty::High, Vec::new());
    }
    let mut large = plain.clone();
    large.needs.memory = Fact::new(Some(4_000), Certainty::High, Vec::new());
    vec![plain, needy, large]
}

/// What a platform costs at the least under a context, priced by hand.
fn least(catalog: &Catalog, here: &Situation<'_>, context: &Context, id: &str) -> Usd {
    let choices = here.asked(catalog).frugal_choices();
    let costs = choices.iter().filter_map(|choices| {
        let pricer = Pricer::new(catalog, &here.survey, context, choices);
        pricer.expected(&catalog.platforms[id].id, Volume::Today)
    });
    costs.map(Usd::cents).min().expect("a budget is stated")
}

#[test]
fn the_least_budget_is_the_least_of_all_bands_and_dollars() {
    let catalog = Catalog::embedded().unwrap();
    let brief = Brief::new(Date::constant(2026, 11, 25));
    let (mut tried, mut compared, mut reached_by_another_plan) = (0, 0, 0);
    let surveys = applications();
    for (context, survey) in
        contexts().into_iter().flat_map(|context| surveys.iter().map(move |one| (context.clone(), one)))
    {
        let survey = survey.clone();
        let here =
            crate::situation(Inputs { catalog: &catalog, survey: &survey, brief: &brief, context: &context });
        let budgets = Budgets::of(here.asked(&catalog));
        let priced = budgets.priced();
        let stated = context.ceiling().unwrap();
        for platform in catalog.platforms.values() {
            let now = least(&catalog, &here, &context, platform.id.as_str());
            if now <= stated {
                continue;
            }
            // The first end of a band that suffices, every band looked at.
            let bands = BudgetBand::ALL.iter().filter(|band| band.ceiling().is_none_or(|end| end > stated));
            let mut below = stated;
            let mut expected = None;
            for band in bands {
                let under = Context { budget: *band, max_usd_per_month: None, ..context.clone() };
                let cost = least(&catalog, &here, &under, platform.id.as_str());
                // What it costs now is above the band, and yet the band suffices.
                let by_another_plan = band.ceiling().is_some_and(|end| now > end && cost <= end);
                reached_by_another_plan += usize::from(by_another_plan);
                if band.ceiling().is_none_or(|end| cost <= end) {
                    expected = Some(cost.whole_up().max(below + Usd::whole(1)));
                    break;
                }
                below = band.ceiling().unwrap();
            }
            assert_eq!(priced.about(platform), expected, "{} {context:?}", platform.id);
            // Every dollar, for some of them.
            tried += 1;
            if tried % 7 != 0 {
                continue;
            }
            let suffices = |amount: &i64| {
                let amount = Usd::whole(*amount);
                let under = under_budget(&context, amount);
                least(&catalog, &here, &under, platform.id.as_str()) <= amount
            };
            let first = i64::try_from(stated.amount().mantissa()).unwrap_or_default() + 1;
            let found = priced.enough(platform);
            if let Some(found) = found.filter(|found| *found <= Usd::whole(MOST)) {
                let brute = (first..=MOST).find(suffices).map(Usd::whole);
                assert_eq!(Some(found), brute, "{} {context:?}", platform.id);
                compared += 1;
            }
        }
    }
    assert!(compared > 50, "{compared} compared");
    assert!(reached_by_another_plan > 0, "no band is reached from a price above it");
}
