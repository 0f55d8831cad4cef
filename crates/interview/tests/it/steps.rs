//! Back, reopen, notices, decisions.

use siteplan_interview::{GateState, Interview, NoticeKind, Step};
use siteplan_model::gate::{Channel, Gate, Provenance};

use crate::fixture::{brief, catalog, recommend, shop};

fn answer(interview: &mut Interview<'_>, gate: Gate, text: &str) {
    interview.answer(gate, text, Provenance::Person, Channel::Terminal).unwrap();
}

fn next(interview: &Interview<'_>) -> Option<Gate> {
    match interview.next() {
        Step::Ask(prompt) => prompt.subject.gate(),
        Step::Done => None,
    }
}

#[test]
fn one_step_back_takes_the_last_answer_back_and_offers_it_again() {
    let survey = shop();
    let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
    assert_eq!(interview.back(), None);
    answer(&mut interview, Gate::AppType, "monolith");
    answer(&mut interview, Gate::Expertise, "advanced");
    assert_eq!(interview.back(), Some(Gate::Expertise.into()));
    assert_eq!(next(&interview), Some(Gate::Expertise));
    assert_eq!(interview.prompt(Gate::Expertise).preselected(), "advanced");
    assert_eq!(interview.back(), Some(Gate::AppType.into()));
    assert_eq!(interview.back(), None);
    assert_eq!(interview.brief(), &brief());
}

#[test]
fn a_resumed_interview_goes_back_too_but_not_over_flags() {
    let survey = shop();
    let mut first = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
    answer(&mut first, Gate::AppType, "monolith");
    first.set("expertise", "advanced").unwrap();
    let saved = first.into_brief();
    let mut resumed = Interview::new(catalog(), &survey, saved, &recommend).unwrap();
    assert_eq!(next(&resumed), Some(Gate::Scale));
    assert_eq!(resumed.back(), Some(Gate::AppType.into()));
    assert_eq!(resumed.prompt(Gate::AppType).preselected(), "monolith");
    answer(&mut resumed, Gate::AppType, "web-api");
    assert_eq!(next(&resumed), Some(Gate::Scale));
}

#[test]
fn a_decision_can_be_changed_and_the_change_taken_back() {
    let survey = shop();
    let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
    interview.accept_defaults();
    let before = interview.brief().clone();
    interview.reopen(Gate::Budget);
    assert_eq!(next(&interview), Some(Gate::Budget));
    assert_eq!(interview.back(), Some(Gate::Budget.into()));
    assert_eq!(interview.brief(), &before);
    interview.reopen(Gate::Budget);
    answer(&mut interview, Gate::Budget, "free");
    let answers = &interview.brief().answers;
    assert_eq!(answers.platform.as_ref().unwrap().as_str(), "vercel", "what nobody chose follows");
    assert_eq!(answers.environments.unwrap().as_str(), "production");
    assert_eq!(answers.database.unwrap().as_str(), "managed");
    assert!(
        answers.database_service.is_some(),
        "a question that applies only now is filled as its parent was"
    );
    assert_eq!(next(&interview), None);
}

#[test]
fn an_answer_that_breaks_the_budget_is_told_at_once_and_once() {
    let survey = shop();
    let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
    for (gate, text) in [(Gate::AppType, "full-stack"), (Gate::Expertise, "beginner"), (Gate::Scale, "low")] {
        answer(&mut interview, gate, text);
    }
    answer(&mut interview, Gate::Budget, "$40");
    answer(&mut interview, Gate::Platform, "A");
    assert!(interview.notices().is_empty());
    answer(&mut interview, Gate::AutoDeploy, "yes");
    answer(&mut interview, Gate::Environments, "dev-staging-production");
    let [notice] = interview.notices() else { panic!("{:?}", interview.notices()) };
    assert!(matches!(notice.kind, NoticeKind::OverBudget { .. }));
    assert_eq!(notice.undo, Gate::Environments.into());
    assert!(notice.message.contains("Render") && notice.message.contains("$52"), "{}", notice.message);
    answer(&mut interview, Gate::HealthChecks, "yes");
    assert!(interview.notices().is_empty(), "it is known by now");
    interview.back();
    interview.back();
    assert_eq!(next(&interview), Some(Gate::CodeHost));
}

#[test]
fn a_platform_that_was_ruled_out_or_keeps_no_data_is_told() {
    let survey = shop();
    let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
    for (gate, text) in [
        (Gate::AppType, "full-stack"),
        (Gate::Expertise, "beginner"),
        (Gate::Scale, "low"),
        (Gate::Budget, "medium"),
        (Gate::Platform, "heroku"),
    ] {
        answer(&mut interview, gate, text);
    }
    assert!(interview.notices().iter().any(|notice| notice.kind == NoticeKind::RuledOut));
    interview.back();
    assert!(interview.notices().is_empty());
    answer(&mut interview, Gate::Platform, "vercel");
    answer(&mut interview, Gate::Database, "same-platform");
    assert!(interview.notices().iter().any(|notice| notice.kind == NoticeKind::DataWouldNotLast));
}

#[test]
fn decisions_say_what_they_imply_and_which_are_hard_to_undo() {
    let survey = shop();
    let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
    interview.accept_defaults();
    let decisions = interview.decisions();
    let gates: Vec<Gate> = decisions.iter().filter_map(|decision| decision.subject.gate()).collect();
    assert_eq!(gates, interview.gates());
    let platform = decisions.iter().find(|decision| decision.subject == Gate::Platform.into()).unwrap();
    assert_eq!((platform.label.as_str(), platform.provenance), ("Render", Provenance::Default));
    assert!(!platform.hard_to_undo.is_empty());
    assert!(decisions.iter().all(|decision| decision.state == GateState::Confirmed(Channel::Default)));
}

#[test]
fn an_assistant_proposes_and_a_person_confirms() {
    let survey = shop();
    let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
    interview.answer(Gate::Expertise, "advanced", Provenance::Assistant, None).unwrap();
    assert_eq!(interview.state(Gate::Expertise), GateState::Proposed);
    assert_eq!(interview.prompt(Gate::Expertise).proposed.unwrap().value, "advanced");
    let saved = interview.brief().clone();
    let mut interview = Interview::new(catalog(), &survey, saved, &recommend).unwrap();
    assert!(interview.is_open(Gate::Expertise), "a saved proposal is still one");
    interview.answer(Gate::Expertise, "advanced", Provenance::Assistant, Channel::Elicitation).unwrap();
    assert_eq!(interview.state(Gate::Expertise), GateState::Confirmed(Channel::Elicitation));
    let replayed = Interview::new(catalog(), &survey, interview.into_brief(), &recommend).unwrap();
    assert!(replayed.replayed_changes().is_empty(), "what a person confirmed stands");
}
