//! Break-even points hold on one side and not on the other; weight intervals and load-bearing values mean what they say.

use siteplan_cost::{Choices, Depth, quote};
use siteplan_model::Date;
use siteplan_model::brief::{AppType, Brief, BudgetBand, Context, Expertise, ScaleBand};
use siteplan_model::id::PlatformId;
use siteplan_model::money::Usd;
use siteplan_model::recommendation::{Level, LoadChange, Recommendation};
use siteplan_model::survey::{ServiceKind, Survey};
use siteplan_recommend::{Inputs, choices};

use crate::sample::{application, ask, catalog};

fn cases() -> Vec<(Survey, Context)> {
    use ServiceKind::{Api, Static, Web, Worker};
    let case = |app_type,
                language,
                framework,
                kinds: &[ServiceKind],
                databases: &[&str],
                expertise,
                scale,
                budget| {
        let survey = application(app_type, language, framework, kinds, databases);
        (survey, Context::of(app_type, expertise, scale, budget))
    };
    vec![
        case(
            AppType::FullStack,
            "python",
            Some("django"),
            &[Web, Worker],
            &["postgres"],
            Expertise::Beginner,
            ScaleBand::Low,
            BudgetBand::Small,
        ),
        case(
            AppType::WebApi,
            "go",
            None,
            &[Api],
            &["postgres"],
            Expertise::Intermediate,
            ScaleBand::Medium,
            BudgetBand::Medium,
        ),
        case(
            AppType::Frontend,
            "typescript",
            Some("next"),
            &[Static],
            &[],
            Expertise::Beginner,
            ScaleBand::Medium,
            BudgetBand::Small,
        ),
        case(
            AppType::Workers,
            "python",
            None,
            &[Worker],
            &[],
            Expertise::Advanced,
            ScaleBand::High,
            BudgetBand::Enterprise,
        ),
    ]
}

#[test]
fn a_load_break_even_is_exact_to_one_user() {
    let catalog = catalog();
    let brief = Brief::new(Date::constant(2026, 11, 25));
    let mut checked = 0;
    for (survey, context) in cases() {
        let recommendation = ask(&catalog, &survey, &context);
        let choices: Choices =
            choices(Inputs { catalog: &catalog, survey: &survey, brief: &brief, context: &context });
        let cost = |platform: &PlatformId, users: u64| {
            let context =
                Context { users: Some(users), scale: ScaleBand::of_users(users), ..context.clone() };
            let quote = quote(&catalog, &survey, &context, &choices, platform, Depth::Comparison);
            quote.expect("a platform of the catalog").report.total.expected
        };
        let winner = &recommendation.recommended;
        for found in &recommendation.break_even_load {
            let holds = |users: u64| match found.what {
                LoadChange::Cheaper => cost(&found.platform, users) < cost(winner, users),
                LoadChange::OverBudget => cost(winner, users).cents() > context.ceiling().expect("a ceiling"),
                LoadChange::Recommended => panic!("not reported today"),
            };
            let before = if found.users > found.users_today { found.users - 1 } else { found.users + 1 };
            assert_ne!(holds(found.users), holds(before), "{found:?}");
            assert_ne!(holds(found.users), holds(found.users_today), "{found:?}");
            assert!(found.because.contains("users"), "{found:?}");
            checked += 1;
        }
    }
    assert!(checked >= 4, "{checked} break-even points: the comparison compares nothing");
}

#[test]
fn a_dearer_winner_is_left_from_the_reported_percentage_on() {
    let catalog = catalog();
    let mut checked = 0;
    for (survey, context) in cases() {
        let recommendation = ask(&catalog, &survey, &context);
        for found in &recommendation.break_even_price {
            assert_ne!(found.then, recommendation.recommended, "{found:?}");
            let moves_the_winner = found.platform == recommendation.recommended;
            assert_eq!(moves_the_winner, found.percent > 0, "{found:?}");
            assert!(found.because.contains(&found.percent.abs().to_string()), "{found:?}");
            checked += 1;
        }
    }
    assert!(checked >= 3, "{checked} prices: the comparison compares nothing");
}

#[test]
fn weight_intervals_hold_the_mean_weight_and_the_mean_weights_sum_to_one() {
    let catalog = catalog();
    let mut checked = 0;
    for (survey, context) in cases() {
        let stability = ask(&catalog, &survey, &context).weight_stability;
        for interval in &stability {
            assert!(interval.from <= interval.weight && interval.weight <= interval.to, "{interval:?}");
            assert_eq!(interval.below.is_some(), interval.from > 0.0, "{interval:?}");
            assert_eq!(interval.above.is_some(), interval.to < 1.0, "{interval:?}");
        }
        if !stability.is_empty() {
            let sum: f64 = stability.iter().map(|interval| interval.weight).sum();
            assert!((sum - 1.0).abs() < 0.005, "{sum}");
            checked += 1;
        }
    }
    assert!(checked >= 2);
}

#[test]
fn a_load_bearing_value_keeps_the_recommendation_from_being_high() {
    let catalog = catalog();
    for (survey, context) in cases() {
        let recommendation: Recommendation = ask(&catalog, &survey, &context);
        if !recommendation.load_bearing.is_empty() {
            assert_ne!(
                recommendation.options[0].confidence.level,
                Level::High,
                "{:?}",
                recommendation.load_bearing
            );
        }
        assert!(recommendation.options[0].monthly_usd.expected >= Usd::ZERO);
    }
}

#[test]
fn a_wider_tolerance_never_lowers_support_and_free_weights_are_reported() {
    let catalog = catalog();
    for (survey, context) in cases() {
        let recommendation = ask(&catalog, &survey, &context);
        let [narrow, wide, free] = &recommendation.method_sensitivity[..] else {
            panic!("{:?}", recommendation.method_sensitivity)
        };
        assert!(narrow.value < wide.value && free.value.is_none());
        let declared = &recommendation.options[0];
        if narrow.recommended == declared.platform && wide.recommended == declared.platform {
            assert!(narrow.support <= declared.confidence.support, "{narrow:?}");
            assert!(declared.confidence.support <= wide.support, "{wide:?}");
        }
    }
}
