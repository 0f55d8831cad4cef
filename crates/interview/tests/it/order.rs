//! Which questions are asked, in which order, with what is proposed.

use siteplan_interview::{GateState, Interview, PromptKind, Step};
use siteplan_model::fact::Certainty;
use siteplan_model::gate::{Channel, Gate, Provenance};
use siteplan_model::survey::Survey;

use crate::fixture::{brief, catalog, planned, recommend, shop, site};

/// Answers every question as preselected and returns the gates in the order in which they were asked.
fn asked(survey: &Survey, given: &[(&str, &str)]) -> Vec<Gate> {
    let mut interview = Interview::new(catalog(), survey, brief(), &recommend).unwrap();
    for (key, value) in given {
        interview.set(key, value).unwrap();
    }
    let mut gates = Vec::new();
    while let Step::Ask(prompt) = interview.next() {
        gates.push(prompt.subject.gate().unwrap());
        let answer = prompt.preselected().to_owned();
        interview.answer_to(&prompt.subject, &answer, Provenance::Person, Channel::Terminal).unwrap();
    }
    gates
}

#[test]
fn every_question_that_applies_is_asked_once_in_order() {
    let gates = asked(&shop(), &[]);
    let without = [Gate::DatabaseService, Gate::SecretsService];
    let expected: Vec<Gate> = Gate::ALL.into_iter().filter(|gate| !without.contains(gate)).collect();
    assert_eq!(gates, expected);
}

#[test]
fn a_question_that_does_not_apply_is_skipped() {
    let of_data = [Gate::Database, Gate::DatabaseService, Gate::Migrations];
    assert!(asked(&site(), &[]).iter().all(|gate| !of_data.contains(gate)));
    assert!(asked(&planned(), &[]).contains(&Gate::Database));
    assert!(!asked(&planned(), &[("app_type", "workers")]).contains(&Gate::Database));
    assert!(!asked(&shop(), &[("auto_deploy", "no")]).contains(&Gate::CodeHost));
    assert!(asked(&shop(), &[("database", "managed")]).contains(&Gate::DatabaseService));
    assert!(!asked(&shop(), &[("database", "none")]).contains(&Gate::Migrations));
    assert!(asked(&shop(), &[("secrets", "manager")]).contains(&Gate::SecretsService));
}

#[test]
fn what_was_found_is_proposed_with_its_place() {
    let survey = shop();
    let interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
    let Step::Ask(prompt) = interview.next() else { panic!("nothing was answered") };
    assert_eq!((prompt.number, prompt.of), (1, 13));
    assert_eq!(prompt.default, "web-api");
    let proposed = prompt.proposed.unwrap();
    assert_eq!((proposed.value.as_str(), proposed.from), ("full-stack", Provenance::Detected));
    assert!(proposed.because.contains("package.json:14"), "{}", proposed.because);
    assert_eq!(proposed.certainty, Certainty::High);
    assert_eq!(interview.state(Gate::AppType), GateState::Proposed);
    assert_eq!(interview.state(Gate::Expertise), GateState::Unanswered);
    assert_eq!(interview.prompt(Gate::CodeHost).preselected(), "gitlab");
    assert_eq!(interview.prompt(Gate::RequiredSecrets).preselected(), "DATABASE_URL, Stripe__Key");
}

#[test]
fn defaults_follow_from_the_answers_before() {
    let survey = shop();
    let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
    assert_eq!(interview.default(Gate::Environments), "staging-production");
    assert_eq!(interview.default(Gate::Database), "same-platform");
    interview.set("platform", "vercel").unwrap();
    assert_eq!(interview.default(Gate::Database), "managed");
    interview.set("database", "managed").unwrap();
    let services = interview.prompt(Gate::DatabaseService);
    assert!(services.choices().any(|choice| choice.value == services.default), "{}", services.default);
    interview.set("budget", "free").unwrap();
    assert_eq!(interview.default(Gate::Environments), "production");
}

#[test]
fn the_platform_question_shows_the_options_and_takes_every_platform() {
    let survey = shop();
    let interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
    let prompt = interview.prompt(Gate::Platform);
    assert_eq!(prompt.choices().count(), catalog().platforms.len());
    let PromptKind::Choice { choices, others, .. } = prompt.kind else { panic!("a choice") };
    assert_eq!(choices[0].value, "render");
    assert!(choices[0].description.contains("$26"), "{}", choices[0].description);
    let heroku = others.iter().find(|choice| choice.value == "heroku").unwrap();
    assert!(heroku.description.contains("takes no new customers"), "{}", heroku.description);
}

#[test]
fn what_is_missing_is_told_with_choices_and_flags() {
    let survey = shop();
    let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
    let all = interview.missing();
    assert_eq!(all.len(), 13);
    let scale = all.iter().find(|missing| missing.gate == Gate::Scale).unwrap();
    assert_eq!(scale.flag, "--set scale=…");
    assert_eq!(scale.choices, ["low", "medium", "high", "very-high"]);
    interview.set("scale", "low").unwrap();
    assert_eq!(interview.missing().len(), 12);
    interview.accept_defaults();
    assert!(interview.missing().is_empty());
}

#[test]
fn every_fixed_choice_of_the_catalog_is_an_answer() {
    let survey = shop();
    for question in &catalog().questions.question {
        for choice in &question.choice {
            let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
            for given in [&choice.value, &choice.label, &choice.label.to_uppercase()] {
                let person = (Provenance::Person, Channel::Terminal);
                interview.answer(question.gate, given, person.0, person.1).unwrap_or_else(|e| panic!("{e}"));
                let decision = interview.decisions().into_iter().find(|d| d.subject == question.gate.into());
                assert_eq!(decision.unwrap().value, choice.value);
            }
        }
        let default = question.default.as_str();
        if !default.is_empty() && !question.choice.is_empty() {
            assert!(question.choice.iter().any(|choice| choice.value == default), "{default}");
        }
    }
    let gates: Vec<Gate> = catalog().questions.question.iter().map(|question| question.gate).collect();
    assert_eq!(gates, Gate::ALL, "one question for each gate, in their order");
}
