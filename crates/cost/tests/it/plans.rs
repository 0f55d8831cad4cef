//! Account plans: how many members and regions each holds decides which one is taken, and that is said.

use std::collections::BTreeMap;

use siteplan_cost::{Choices, Depth, Pricer, Quote};
use siteplan_model::brief::{AppType, BudgetBand, Context, Expertise, ScaleBand};
use siteplan_model::id::PlatformId;
use siteplan_model::money::Usd;
use siteplan_model::survey::Survey;

use crate::properties::catalog_once;
use crate::{choices, context};

fn asked(context: &Context, platform: &str, given: &[(&str, &str)]) -> Quote {
    let settings: BTreeMap<String, String> =
        given.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let choices = Choices { settings, ..choices() };
    let survey = Survey::nothing(".", "planned");
    let pricer = Pricer::new(catalog_once(), &survey, context, &choices);
    pricer.quote(&PlatformId::new(platform), Depth::Full).expect("a platform of the catalog")
}

fn fee(quote: &Quote) -> [Usd; 3] {
    let lines = quote.report.lines.iter().filter(|line| line.component.ends_with(" plan"));
    let sum: siteplan_model::money::UsdRange = lines.map(|line| line.monthly).sum();
    [sum.low, sum.expected, sum.high]
}

fn team(quote: &Quote) -> Option<&siteplan_model::cost::Assumption> {
    quote.report.assumptions.iter().find(|row| row.key == "team_size")
}

#[test]
fn a_plan_for_one_member_is_not_taken_for_ten() {
    let catalog = catalog_once();
    for budget in BudgetBand::ALL {
        let context = Context { budget: *budget, ..context(AppType::FullStack, ScaleBand::Medium) };
        for (id, platform) in &catalog.platforms {
            for people in [1, 2, 10, 30] {
                let quote = asked(&context, id.as_str(), &[("team_size", &people.to_string())]);
                let plan = platform.plans.iter().find(|plan| plan.name == quote.plan).expect("the plan");
                let some_hold = platform.plans.iter().any(|plan| plan.takes(people));
                assert!(plan.takes(people) || !some_hold, "{id}: {} for {people}", plan.name);
                let open =
                    quote.report.not_included.iter().any(|open| open.what.contains(" members, of whom"));
                assert_eq!(open, !some_hold, "{id} for {people}: {:?}", quote.report.not_included);
            }
        }
    }
    let context = context(AppType::FullStack, ScaleBand::Medium);
    let heroku = asked(&context, "heroku", &[("team_size", "30")]);
    assert_eq!(heroku.report.not_included[0].what, "Heroku: 30 members, of whom its plans take 25");
}

#[test]
fn what_a_plan_lacks_is_the_reason_for_a_dearer_one() {
    let context = context(AppType::FullStack, ScaleBand::Medium);
    let (one, ten) =
        (asked(&context, "render", &[("team_size", "1")]), asked(&context, "render", &[("team_size", "10")]));
    assert_eq!((one.plan.as_str(), one.plan_because.as_deref(), fee(&one)), ("Hobby", None, [Usd::ZERO; 3]));
    assert_eq!((ten.plan.as_str(), ten.plan_because.as_deref()), ("Pro", Some("Hobby is for one member")));
    assert_eq!(fee(&ten), [Usd::whole(25); 3]);
    let row = team(&ten).expect("a row");
    assert_eq!(row.reason, "as set; Render Hobby is for one member");
    let personal = [("commercial", "no"), ("team_size", "1")];
    let regions = [("commercial", "no"), ("team_size", "1"), ("availability", "multi-region")];
    let context = Context { scale: ScaleBand::Low, ..context };
    let (near, far) = (asked(&context, "vercel", &personal), asked(&context, "vercel", &regions));
    assert_eq!((near.plan.as_str(), near.plan_because.as_deref()), ("Hobby", None));
    assert_eq!(
        (far.plan.as_str(), far.plan_because.as_deref()),
        ("Pro", Some("code runs in one region on Hobby"))
    );
    // Files are near everybody on any plan.
    let files = Context { app_type: AppType::Frontend, ..context };
    assert_eq!(asked(&files, "vercel", &regions).plan, "Hobby");
    let two = [("commercial", "no"), ("team_size", "2")];
    assert_eq!(asked(&files, "vercel", &two).plan_because.as_deref(), Some("Hobby is for one member"));
}

#[test]
fn a_team_of_which_nobody_spoke_is_one_person_and_a_larger_one_is_in_the_high_figure() {
    for expertise in Expertise::ALL {
        let context = Context { expertise: *expertise, ..context(AppType::FullStack, ScaleBand::Medium) };
        let render = asked(&context, "render", &[]);
        assert_eq!((render.seats, render.plan.as_str()), (1, "Hobby"));
        assert_eq!(fee(&render), [Usd::ZERO, Usd::ZERO, Usd::whole(25)]);
        let row = team(&render).expect("a row");
        assert_eq!([row.low, row.expected, row.high].map(|people| people.to_string()), ["1", "1", "2"]);
        assert!(row.reason.ends_with("; Render Hobby is for one member, the high figure has the next plan"));
        assert_eq!(fee(&asked(&context, "vercel", &[]))[1..], [Usd::whole(20), Usd::whole(40)]);
    }
    let grown = asked(&context(AppType::FullStack, ScaleBand::High), "render", &[]);
    assert_eq!((grown.seats, grown.plan.as_str()), (2, "Pro"));
}

#[test]
fn the_size_of_a_team_changes_a_figure_where_it_is_listed_and_nowhere_else() {
    let catalog = catalog_once();
    let mut listed = 0;
    for scale in ScaleBand::ALL {
        let context = context(AppType::FullStack, *scale);
        for id in catalog.platforms.keys() {
            let [one, twelve] =
                ["1", "12"].map(|people| asked(&context, id.as_str(), &[("team_size", people)]));
            if team(&asked(&context, id.as_str(), &[])).is_some() {
                listed += usize::from(one.report.total != twelve.report.total);
            } else {
                assert_eq!(one.report.lines, twelve.report.lines, "{id}");
            }
        }
    }
    assert!(listed > 0);
}
