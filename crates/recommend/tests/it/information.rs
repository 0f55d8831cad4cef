//! Which questions are worth asking: exactly those of which some answer changes the winner or its label.

use siteplan_catalog::Catalog;
use siteplan_model::Date;
use siteplan_model::brief::{AppType, Brief, Context, DatabaseHosting, EnvironmentSet};
use siteplan_model::fact::{Certainty, Fact};
use siteplan_model::gate::{Channel, Gate, Provenance};
use siteplan_model::recommendation::Recommendation;
use siteplan_model::survey::{ServiceKind, Survey};
use siteplan_recommend::{Inputs, recommend, standings};

use crate::sample::{application, catalog, context};

/// A Brief whose gates a person answered.
fn brief(settings: &[(&str, &str)]) -> Brief {
    let mut brief = Brief::new(Date::constant(2026, 11, 25));
    brief.answers.environments = Some(EnvironmentSet::StagingProduction);
    brief.answers.database = Some(DatabaseHosting::SamePlatform);
    for gate in [Gate::Environments, Gate::Database] {
        brief.provenance.insert(gate, Provenance::Person);
        brief.channels.insert(gate, Channel::Terminal);
    }
    brief.settings = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    brief
}

fn cases() -> Vec<(Survey, Context)> {
    let site = application(AppType::Frontend, "typescript", Some("astro"), &[ServiceKind::Static], &[]);
    let shop = application(AppType::FullStack, "python", Some("django"), &[ServiceKind::Web], &["postgres"]);
    let bot = application(AppType::Workers, "go", None, &[ServiceKind::Worker], &[]);
    vec![
        (site, context(AppType::Frontend, ("beginner", "low", "free"))),
        (shop, context(AppType::FullStack, ("intermediate", "medium", "medium"))),
        (bot, context(AppType::Workers, ("advanced", "high", "enterprise"))),
        (Survey::nothing(".", "planned"), context(AppType::WebApi, ("advanced", "medium", "enterprise"))),
    ]
}

/// The winner and its label, asked anew.
fn verdict(catalog: &Catalog, survey: &Survey, context: &Context, brief: &Brief) -> (String, usize) {
    let first = standings(Inputs { catalog, survey, brief, context }).ranking.remove(0);
    let cuts = [catalog.criteria.medium_from, catalog.criteria.high_from];
    (first.platform.to_string(), cuts.into_iter().filter(|cut| first.support >= *cut).count())
}

fn ask(catalog: &Catalog, survey: &Survey, context: &Context, brief: &Brief) -> Recommendation {
    recommend(Inputs { catalog, survey, brief, context })
}

#[test]
fn a_refinement_is_worth_asking_exactly_if_an_answer_changes_the_winner_or_its_label() {
    let catalog = catalog();
    let (mut worth, mut not_worth) = (0, 0);
    for (survey, context) in cases() {
        let open = brief(&[]);
        let now = verdict(&catalog, &survey, &context, &open);
        let recommendation = ask(&catalog, &survey, &context, &open);
        let mut expected: Vec<(f64, &str)> = Vec::new();
        for refinement in &catalog.refinements.refinement {
            if refinement.need.is_some() && !survey.is_empty() {
                assert!(!recommendation.worth_asking.contains(&refinement.key), "detection could tell");
                continue;
            }
            let changing = |(choice, _): &(&siteplan_catalog::refinement::RefinementChoice, f64)| {
                let answered = brief(&[(&refinement.key, &choice.value)]);
                verdict(&catalog, &survey, &context, &answered) != now
            };
            let value: f64 = refinement.answers().filter(changing).map(|(_, likelihood)| likelihood).sum();
            if value > catalog.refinements.ask_above {
                expected.push((value, &refinement.key));
            } else {
                let reason = recommendation.not_worth_asking.iter().find(|not| not.key == refinement.key);
                assert!(reason.is_some_and(|not| !not.because.is_empty()), "{}", refinement.key);
                not_worth += 1;
            }
        }
        expected.sort_by(|one, other| other.0.total_cmp(&one.0));
        worth += expected.len();
        let keys: Vec<&str> = expected.iter().map(|(_, key)| *key).collect();
        assert_eq!(recommendation.worth_asking, keys, "{context:?}");
        for ((value, key), told) in expected.iter().zip(&recommendation.value_of_asking) {
            assert!((value - told.value).abs() < 0.001 && told.key == *key, "{value} {told:?}");
            assert!(!told.because.is_empty());
        }
    }
    assert!(worth > 0 && not_worth > 0, "both kinds occur: {worth} {not_worth}");
}

#[test]
fn answering_what_is_worth_asking_comes_to_an_end_at_which_no_answer_changes_anything() {
    let catalog = catalog();
    let (survey, context) = cases().remove(1);
    let mut answers: Vec<(String, String)> = Vec::new();
    loop {
        let given: Vec<(&str, &str)> = answers.iter().map(|(key, value)| (&**key, &**value)).collect();
        let recommendation = ask(&catalog, &survey, &context, &brief(&given));
        let answered = |key: &String| answers.iter().any(|(known, _)| known == key);
        let not_worth = recommendation.not_worth_asking.iter().map(|not| &not.key);
        assert!(!not_worth.chain(&recommendation.worth_asking).any(answered), "{answers:?}");
        let Some(next) = recommendation.worth_asking.first() else { break };
        let refinement = catalog.refinements.get(next).expect("no gate is open");
        let (choice, _) = refinement.answers().last().expect("a choice");
        answers.push((next.clone(), choice.value.clone()));
    }
    assert!(!answers.is_empty() && answers.len() <= catalog.refinements.refinement.len(), "{answers:?}");
    let given: Vec<(&str, &str)> = answers.iter().map(|(key, value)| (&**key, &**value)).collect();
    let now = verdict(&catalog, &survey, &context, &brief(&given));
    for refinement in &catalog.refinements.refinement {
        // What detection could tell is not asked, whatever it would change.
        if refinement.need.is_some() || answers.iter().any(|(key, _)| *key == refinement.key) {
            continue;
        }
        for (choice, _) in refinement.answers() {
            let more: Vec<(&str, &str)> =
                given.iter().copied().chain([(&*refinement.key, &*choice.value)]).collect();
            assert_eq!(verdict(&catalog, &survey, &context, &brief(&more)), now, "{more:?}");
        }
    }
}

#[test]
fn a_gate_is_weighed_until_somebody_confirms_it() {
    let catalog = catalog();
    let (survey, context) = cases().remove(1);
    let mut open = brief(&[]);
    open.provenance.insert(Gate::Budget, Provenance::Default);
    open.channels.insert(Gate::Budget, Channel::Default);
    let key = Gate::Budget.key();
    let listed = |brief: &Brief| {
        let recommendation = ask(&catalog, &survey, &context, brief);
        let not = recommendation.not_worth_asking.iter().any(|not| not.key == key);
        let told = recommendation.value_of_asking.into_iter().find(|told| told.key == key);
        (told.map(|told| told.value), not)
    };
    let others = ["free", "small", "enterprise"];
    let now = verdict(&catalog, &survey, &context, &open);
    let changes = others.iter().filter(|budget| {
        let changed = Context { budget: budget.parse().expect("a budget"), ..context.clone() };
        verdict(&catalog, &survey, &changed, &open) != now
    });
    let count = changes.count();
    assert!(count > 0);
    #[expect(clippy::cast_precision_loss, reason = "at most three")]
    let uniform = (count as f64 / 4.0 * 1000.0).round() / 1000.0;
    assert_eq!(listed(&open), (Some(uniform), false));
    open.channels.insert(Gate::Budget, Channel::Terminal);
    assert_eq!(listed(&open), (None, false));
}

#[test]
fn a_surer_proposal_makes_its_question_less_worth_asking() {
    let catalog = catalog();
    let (mut survey, context) = cases().remove(1);
    let mut open = brief(&[]);
    open.provenance.insert(Gate::Budget, Provenance::Detected);
    let mut value = |certainty| {
        survey.proposals.budget = Some(Fact::new(context.budget, certainty, Vec::new()));
        let told = ask(&catalog, &survey, &context, &open).value_of_asking;
        told.into_iter().find(|told| told.key == Gate::Budget.key()).expect("budget is open").value
    };
    let (low, high) = (value(Certainty::Low), value(Certainty::High));
    assert!(low > 3.0 * high && high > 0.0, "{low} {high}");
}

#[test]
fn what_detection_could_tell_is_not_asked() {
    let catalog = catalog();
    let (mut survey, context) = cases().remove(2);
    let gpu = |survey: &Survey| {
        let told = ask(&catalog, survey, &context, &brief(&[]));
        told.not_worth_asking.into_iter().find(|not| not.key == "gpu").map(|not| not.because)
    };
    assert!(gpu(&survey).expect("a reason").contains("nothing in the repository speaks for it"));
    survey.needs.gpu = Fact::new(true, Certainty::High, Vec::new());
    assert!(gpu(&survey).expect("a reason").contains("the repository shows it"));
}
