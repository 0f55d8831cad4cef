//! A saved Brief, read again.

use siteplan_interview::{Interview, Step};
use siteplan_model::brief::{AppType, ScaleBand};
use siteplan_model::gate::{Channel, Gate, Provenance};
use siteplan_model::id::PlatformId;
use siteplan_model::money::Usd;

use crate::fixture::{brief, catalog, recommend, shop, site};

#[test]
fn what_nobody_gave_is_computed_anew_and_the_rest_stands() {
    let before = shop();
    let mut interview = Interview::new(catalog(), &before, brief(), &recommend).unwrap();
    interview.set("expertise", "advanced").unwrap();
    interview.answer(Gate::CodeHost, "github", Provenance::Person, Channel::Terminal).unwrap();
    interview.accept_defaults();
    let saved = interview.into_brief();

    let same = Interview::new(catalog(), &before, saved.clone(), &recommend).unwrap();
    assert!(same.replayed_changes().is_empty());
    assert_eq!(same.brief(), &saved);

    let now = site();
    let replayed = Interview::new(catalog(), &now, saved, &recommend).unwrap();
    let changed: Vec<_> = replayed
        .replayed_changes()
        .iter()
        .map(|change| (change.gate, change.before.as_deref(), change.after.as_deref()))
        .collect();
    assert_eq!(
        changed,
        [
            (Gate::AppType, Some("full-stack"), Some("frontend")),
            (Gate::Platform, Some("render"), Some("vercel")),
            (Gate::Database, Some("same-platform"), None),
            (Gate::Migrations, Some("auto"), None),
            (Gate::RequiredSecrets, Some("DATABASE_URL, Stripe__Key"), Some("none")),
        ]
    );
    assert_eq!(replayed.brief().answers.code_host.as_ref().unwrap().as_str(), "github");
    assert_eq!(replayed.brief().provenance[&Gate::Expertise], Provenance::Flag);
    assert_eq!(replayed.next(), Step::Done);
}

#[test]
fn an_answer_that_a_person_confirmed_as_detected_loses_the_confirmation_when_it_changes() {
    let before = shop();
    let mut interview = Interview::new(catalog(), &before, brief(), &recommend).unwrap();
    interview.answer(Gate::AppType, "full-stack", Provenance::Detected, Channel::Terminal).unwrap();
    let saved = interview.into_brief();
    let same = Interview::new(catalog(), &before, saved.clone(), &recommend).unwrap();
    assert_eq!(same.brief().channels[&Gate::AppType], Channel::Terminal);
    let now = site();
    let replayed = Interview::new(catalog(), &now, saved, &recommend).unwrap();
    assert_eq!(replayed.brief().answers.app_type, Some(AppType::Frontend));
    assert_eq!(replayed.brief().channels[&Gate::AppType], Channel::Default);
}

#[test]
fn an_answer_without_provenance_comes_from_the_file() {
    let survey = shop();
    let mut saved = brief();
    saved.answers.app_type = Some(AppType::Monolith);
    saved.answers.users = Some(800);
    let interview = Interview::new(catalog(), &survey, saved, &recommend).unwrap();
    assert_eq!(interview.brief().provenance[&Gate::AppType], Provenance::File);
    assert_eq!(interview.brief().channels[&Gate::AppType], Channel::File);
    assert_eq!(interview.brief().answers.scale, Some(ScaleBand::Medium));
    assert!(!interview.is_open(Gate::Scale));
}

#[test]
fn everything_wrong_with_a_file_is_told_at_once() {
    let survey = shop();
    let mut saved = brief();
    saved.answers.scale = Some(ScaleBand::Low);
    saved.answers.users = Some(5_000);
    saved.answers.max_usd_per_month = Some(Usd::whole(30));
    saved.answers.platform = Some(PlatformId::new("rendr"));
    saved.answers.required_secrets = Some(vec!["DATABASE_URL=hunter2".to_owned()]);
    saved.settings.insert("auther".to_owned(), "Ada".to_owned());
    let Err(errors) = Interview::new(catalog(), &survey, saved, &recommend) else { panic!("it is wrong") };
    let text = errors.to_string();
    assert_eq!(errors.0.len(), 4, "{text}");
    for part in
        ["`users = 5000` lies outside `scale = low`", "`render`?", "contains `=`", "did you mean `author`?"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("hunter2"));
}

#[test]
fn an_answer_that_does_not_apply_is_kept_and_named() {
    let survey = shop();
    let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
    interview.set("auto_deploy", "no").unwrap();
    interview.set("code_host", "github").unwrap();
    assert_eq!(interview.ignored(), [Gate::CodeHost]);
    interview.accept_defaults();
    assert!(interview.brief().answers.code_host.is_some());
    assert!(interview.decisions().iter().all(|decision| decision.subject != Gate::CodeHost.into()));
}
