//! Refinements as questions: before the platform, only while worth asking, with the step back, and replayed from the file.

use siteplan_interview::{Interview, PromptKind, Step, Subject};
use siteplan_model::brief::{Brief, Context};
use siteplan_model::gate::{Channel, Gate, Provenance};
use siteplan_model::recommendation::{Recommendation, ValueOfAsking};

use crate::fixture::{brief, catalog, recommend, shop};

/// A recommender to which a region matters most, and rules to keep as long as it is not Europe.
fn refining(brief: &Brief, context: &Context) -> Recommendation {
    let given = |key: &str| brief.settings.get(key).map(String::as_str);
    let mut recommendation = recommend(brief, context);
    let europe = given("regions") == Some("europe");
    for (key, value, matters) in [("regions", 0.4, true), ("compliance", 0.25, !europe)] {
        if matters && given(key).is_none() {
            recommendation.worth_asking.push(key.to_owned());
            recommendation.value_of_asking.push(ValueOfAsking {
                key: key.to_owned(),
                value,
                because: "with `africa` it is Fly.io".to_owned(),
            });
        }
    }
    recommendation
}

/// An interview in which the context is answered.
fn asked(survey: &siteplan_model::survey::Survey, brief: Brief) -> Interview<'_> {
    let mut interview = Interview::new(catalog(), survey, brief, &refining).unwrap();
    for (gate, text) in [
        (Gate::AppType, "full-stack"),
        (Gate::Expertise, "beginner"),
        (Gate::Scale, "low"),
        (Gate::Budget, "small"),
    ] {
        interview.answer(gate, text, Provenance::Person, Channel::Terminal).unwrap();
    }
    interview
}

fn next(interview: &Interview<'_>) -> String {
    match interview.next() {
        Step::Ask(prompt) => prompt.subject.to_string(),
        Step::Done => "done".to_owned(),
    }
}

#[test]
fn they_come_after_the_context_and_before_the_platform_the_most_informative_first() {
    let survey = shop();
    let interview = Interview::new(catalog(), &survey, brief(), &refining).unwrap();
    assert_eq!(next(&interview), "app_type");
    let mut interview = asked(&survey, brief());
    let Step::Ask(prompt) = interview.next() else { panic!("a question is open") };
    assert_eq!(prompt.subject, Subject::Refinement("regions".to_owned()));
    assert!(prompt.why.contains("Asked because with `africa` it is Fly.io."), "{}", prompt.why);
    assert_eq!(prompt.preselected(), "anywhere");
    let PromptKind::Choice { choices, several, .. } = &prompt.kind else { panic!("choices are offered") };
    assert!(*several && choices.iter().any(|choice| choice.value == "europe"));
    interview.refine("regions", "Asia", Provenance::Person).unwrap();
    assert_eq!(next(&interview), "compliance");
    interview.refine("compliance", "none", Provenance::Person).unwrap();
    assert_eq!(next(&interview), "platform");
}

#[test]
fn an_answer_can_make_the_others_not_worth_asking() {
    let survey = shop();
    let mut interview = asked(&survey, brief());
    interview.refine("regions", "europe", Provenance::Person).unwrap();
    assert_eq!(next(&interview), "platform");
    assert_eq!(interview.back(), Some(Subject::Refinement("regions".to_owned())));
    assert_eq!(next(&interview), "regions");
    assert_eq!(interview.refinement_prompt("regions").unwrap().preselected(), "europe");
    interview.refine("regions", "asia, oceania", Provenance::Person).unwrap();
    assert_eq!(interview.brief().settings["regions"], "asia,oceania");
    assert_eq!(next(&interview), "compliance");
    assert_eq!(interview.back(), Some(Subject::Refinement("regions".to_owned())));
    assert_eq!(interview.back(), Some(Gate::Budget.into()));
    assert!(interview.brief().settings.is_empty() && interview.brief().setting_provenance.is_empty());
}

#[test]
fn a_question_passed_over_is_not_asked_again_and_leaves_the_default() {
    let survey = shop();
    let mut interview = asked(&survey, brief());
    interview.refine("regions", "anywhere", Provenance::Person).unwrap();
    interview.refine("team_size", "Not sure", Provenance::Person).unwrap();
    assert_eq!(interview.brief().settings.get("team_size"), None);
    assert_eq!(interview.brief().setting_provenance["team_size"], Provenance::Default);
    let saved = interview.into_brief();
    let resumed = Interview::new(catalog(), &survey, saved.clone(), &refining).unwrap();
    assert_eq!(resumed.brief(), &saved, "replaying changes nothing");
    assert_eq!(next(&resumed), "compliance");
}

#[test]
fn a_resumed_interview_steps_back_over_the_refinements() {
    let survey = shop();
    let mut interview = asked(&survey, brief());
    interview.refine("regions", "europe", Provenance::Person).unwrap();
    let mut resumed = Interview::new(catalog(), &survey, interview.into_brief(), &refining).unwrap();
    assert_eq!(next(&resumed), "platform");
    assert_eq!(resumed.back(), Some(Subject::Refinement("regions".to_owned())));
    assert_eq!(next(&resumed), "regions");
}

#[test]
fn nobody_has_to_answer_one() {
    let survey = shop();
    let mut interview = Interview::new(catalog(), &survey, brief(), &refining).unwrap();
    assert!(interview.missing().iter().all(|missing| missing.flag != "--set regions=…"));
    interview.accept_defaults();
    assert_eq!(next(&interview), "done");
    assert!(interview.brief().settings.is_empty());
    let mut interview = asked(&survey, brief());
    interview.set("platform", "render").unwrap();
    assert_ne!(next(&interview), "regions", "the platform is chosen");
}

#[test]
fn what_a_file_or_a_flag_says_is_not_asked_and_keeps_its_origin() {
    let survey = shop();
    let mut given = brief();
    given.settings.insert("regions".to_owned(), "asia".to_owned());
    let mut interview = asked(&survey, given);
    assert_eq!(next(&interview), "compliance");
    interview.set("compliance", "soc2").unwrap();
    assert_eq!(next(&interview), "platform");
    let decisions = interview.decisions();
    let of = |key: &str| decisions.iter().find(|decision| decision.subject.key() == key).unwrap();
    assert_eq!((of("regions").provenance, of("regions").label.as_str()), (Provenance::File, "Asia"));
    assert_eq!((of("compliance").provenance, of("compliance").label.as_str()), (Provenance::Flag, "SOC 2"));
    let order: Vec<&str> = decisions.iter().map(|decision| decision.subject.key()).collect();
    assert_eq!(order[3..6], ["budget", "regions", "compliance"]);
}

#[test]
fn a_decision_can_be_changed_whatever_it_is_worth_by_then() {
    let survey = shop();
    let mut interview = asked(&survey, brief());
    interview.refine("regions", "europe", Provenance::Person).unwrap();
    interview.accept_defaults();
    let before = interview.brief().clone();
    interview.reopen(Subject::Refinement("regions".to_owned()));
    assert_eq!(next(&interview), "regions");
    assert_eq!(interview.back(), Some(Subject::Refinement("regions".to_owned())));
    assert_eq!((interview.brief(), next(&interview)), (&before, "done".to_owned()));
    interview.reopen(Subject::Refinement("regions".to_owned()));
    interview.refine("regions", "asia", Provenance::Person).unwrap();
    assert_eq!(next(&interview), "done");
    assert_eq!(interview.brief().settings["regions"], "asia");
}

#[test]
fn a_wrong_answer_says_what_the_question_takes_and_changes_nothing() {
    let survey = shop();
    let mut interview = asked(&survey, brief());
    let before = interview.brief().clone();
    for (key, wrong, told) in [
        ("regions", "eurpe", "did you mean `europe`?"),
        ("compliance", "none, soc2", "`gdpr-residency`"),
        ("team_size", "0", "a whole number above zero"),
        ("gpu", "perhaps", "`yes` or `no`"),
    ] {
        let message = interview.refine(key, wrong, Provenance::Person).unwrap_err().to_string();
        assert!(message.contains(told), "{message}");
    }
    assert_eq!(interview.brief(), &before);
}
