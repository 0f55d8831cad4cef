//! What holds for every answer.

use siteplan_catalog::Catalog;
use siteplan_model::brief::{AppType, BudgetBand, Context, Expertise, ScaleBand};
use siteplan_model::recommendation::PlatformOption;
use siteplan_model::survey::{ServiceKind, Survey};

use crate::sample::{application, ask, catalog, stand};

fn contexts() -> Vec<Context> {
    let mut all = Vec::new();
    for app_type in AppType::ALL {
        for expertise in Expertise::ALL {
            for scale in ScaleBand::ALL {
                for budget in BudgetBand::ALL {
                    all.push(Context::of(*app_type, *expertise, *scale, *budget));
                }
            }
        }
    }
    all
}

#[test]
fn every_fifth_of_the_288_contexts_gives_two_to_four_sensible_options() {
    let catalog = catalog();
    let survey = Survey::nothing(".", "planned");
    let contexts = contexts();
    assert_eq!(contexts.len(), 288);
    // Every answer of each question occurs, in many combinations; `cargo bench` decides all of them.
    for context in contexts.into_iter().step_by(5) {
        let recommendation = ask(&catalog, &survey, &context);
        let options = &recommendation.options;
        let what = format!("{context:?}");
        assert!((2..=4).contains(&options.len()), "{what}: {} options", options.len());
        assert_eq!(options[0].platform, recommendation.recommended, "{what}");
        for option in options {
            assert_eq!(option.feasible, option.violates.is_empty(), "{what}");
            assert!(!option.reasoning.is_empty() && !option.best_for.is_empty(), "{what}");
            let lists = [option.pros.len(), option.cons.len(), option.avoid_if.len()];
            assert!(!lists.contains(&0), "{what}: {} has pros, cons, avoid-if {lists:?}", option.platform);
            assert!(option.reasoning.contains(context.expertise.as_str()), "{what}: {}", option.reasoning);
            assert!(option.monthly_usd.low <= option.monthly_usd.expected, "{what}");
            assert!(option.monthly_usd.expected <= option.monthly_usd.high, "{what}");
            for broken in &option.violates {
                assert!(!broken.because.is_empty() && !broken.relax.is_empty(), "{what}");
                assert!(broken.source.starts_with("https://"), "{what}: {broken:?}");
            }
        }
        // An option that breaks a constraint is never preferred to one that breaks none and is within the budget.
        let first_broken = options.iter().position(|option| !option.feasible).unwrap_or(options.len());
        let sure = |option: &PlatformOption| option.feasible && option.within_budget;
        assert!(!options[first_broken..].iter().any(sure), "{what}");
    }
}

#[test]
fn a_larger_budget_never_rules_a_platform_out_for_cost() {
    let catalog = catalog();
    let survey = application(AppType::WebApi, "go", None, &[ServiceKind::Api], &["postgres"]);
    for context in contexts().into_iter().filter(|context| context.app_type == AppType::WebApi) {
        let excluded = |budget| {
            let asked = Context { budget, ..context.clone() };
            let standings = stand(&catalog, &survey, &asked);
            let for_cost = standings.excluded.into_iter().filter(|e| e.constraint == "budget");
            for_cost.map(|exclusion| exclusion.platform).collect::<Vec<_>>()
        };
        for pair in BudgetBand::ALL.windows(2) {
            let (small, large) = (excluded(pair[0]), excluded(pair[1]));
            // A free budget takes free trials that a paid one does not, so it is compared only with itself.
            if pair[0] != BudgetBand::Free {
                assert!(large.iter().all(|platform| small.contains(platform)), "{context:?}");
            }
        }
    }
}

#[test]
fn an_added_need_never_adds_a_feasible_platform() {
    let catalog = catalog();
    let context =
        Context::of(AppType::WebApi, Expertise::Intermediate, ScaleBand::Medium, BudgetBand::Medium);
    let plain = application(AppType::WebApi, "python", Some("fastapi"), &[ServiceKind::Api], &[]);
    let feasible = |survey: &Survey| {
        let ranking = stand(&catalog, survey, &context).ranking;
        ranking.into_iter().filter(|r| r.feasible).map(|r| r.platform).collect::<Vec<_>>()
    };
    let before = feasible(&plain);
    let turns: [fn(&mut Survey); 5] = [
        |survey| survey.needs.websockets.value = true,
        |survey| survey.needs.gpu.value = true,
        |survey| survey.needs.clustering.value = true,
        |survey| survey.needs.long_requests.value = true,
        |survey| survey.needs.file_storage.value = true,
    ];
    for turn in turns {
        let mut needy = plain.clone();
        turn(&mut needy);
        let after = feasible(&needy);
        assert!(after.iter().all(|platform| before.contains(platform)), "{before:?} {after:?}");
    }
}

#[test]
fn the_same_question_has_the_same_answer_whatever_the_order_of_the_files() {
    let embedded = catalog();
    let mut files: Vec<(String, String)> = embedded.files.clone().into_iter().collect();
    files.reverse();
    let reversed = Catalog::with_files(files).expect("the same files");
    let survey =
        application(AppType::FullStack, "typescript", Some("next"), &[ServiceKind::Web], &["postgres"]);
    let context = Context::of(AppType::FullStack, Expertise::Beginner, ScaleBand::Low, BudgetBand::Small);
    assert_eq!(ask(&embedded, &survey, &context), ask(&reversed, &survey, &context));
}

#[test]
fn a_flip_is_what_asking_with_the_changed_answer_recommends() {
    let catalog = catalog();
    let survey =
        application(AppType::FullStack, "python", Some("django"), &[ServiceKind::Web], &["postgres"]);
    let context = Context::of(AppType::FullStack, Expertise::Beginner, ScaleBand::Low, BudgetBand::Small);
    let recommendation = ask(&catalog, &survey, &context);
    assert!(!recommendation.would_change.is_empty());
    for flip in &recommendation.would_change {
        let mut changed = context.clone();
        for (key, value) in &flip.when {
            match key.as_str() {
                "app_type" => changed.app_type = value.parse().expect("an app type"),
                "expertise" => changed.expertise = value.parse().expect("an expertise"),
                "scale" => changed.scale = value.parse().expect("a scale"),
                "budget" => changed.budget = value.parse().expect("a budget"),
                _ => {}
            }
        }
        if changed != context {
            let then = stand(&catalog, &survey, &changed).ranking[0].platform.clone();
            assert_eq!(then, flip.then, "{flip:?}");
        }
    }
}
