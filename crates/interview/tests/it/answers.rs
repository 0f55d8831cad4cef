//! What is understood as an answer, and what is said when it is not.

use siteplan_interview::{AnswerError, Interview};
use siteplan_model::brief::{BudgetBand, DatabaseHosting, ScaleBand, SecretsHosting};
use siteplan_model::gate::{Channel, Gate, Provenance};
use siteplan_model::money::Usd;

use crate::fixture::{brief, catalog, recommend, shop};

fn after(gate: Gate, text: &str) -> Result<siteplan_model::brief::Answers, AnswerError> {
    let survey = shop();
    let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
    interview.answer(gate, text, Provenance::Person, Channel::Terminal)?;
    Ok(interview.into_brief().answers)
}

#[test]
fn a_number_of_users_brings_its_band() {
    let answers = after(Gate::Scale, "10K").unwrap();
    assert_eq!((answers.scale, answers.users), (Some(ScaleBand::High), Some(10_000)));
    let answers = after(Gate::Scale, "Very high").unwrap();
    assert_eq!((answers.scale, answers.users), (Some(ScaleBand::VeryHigh), None));
}

#[test]
fn a_number_of_dollars_brings_its_band() {
    let answers = after(Gate::Budget, "$30").unwrap();
    assert_eq!((answers.budget, answers.max_usd_per_month), (Some(BudgetBand::Small), Some(Usd::whole(30))));
    assert_eq!(after(Gate::Budget, "0").unwrap().budget, Some(BudgetBand::Free));
}

#[test]
fn a_platform_is_named_by_id_name_or_letter() {
    for (text, id) in
        [("B", "vercel"), ("render", "render"), ("Fly.io", "fly"), ("AWS ECS FARGATE", "aws-ecs-fargate")]
    {
        let answers = after(Gate::Platform, text).map(|answers| answers.platform.map(|id| id.to_string()));
        assert_eq!(answers, Ok(Some(id.to_owned())), "{text}");
    }
    assert!(after(Gate::Platform, "Z").is_err());
}

#[test]
fn yes_and_no_have_many_forms() {
    for text in ["y", "Yes", "true"] {
        assert_eq!(after(Gate::AutoDeploy, text).unwrap().auto_deploy, Some(true));
    }
    assert_eq!(after(Gate::HealthChecks, "N").unwrap().health_checks, Some(false));
    assert!(after(Gate::HealthChecks, "perhaps").is_err());
}

#[test]
fn a_wrong_answer_is_told_what_is_right() {
    let error = after(Gate::Expertise, "beginer").unwrap_err().to_string();
    assert_eq!(
        error,
        "`beginer` is no answer to `expertise`: it takes `beginner`, `intermediate` or `advanced`; \
         did you mean `beginner`?"
    );
    let error = after(Gate::Scale, "lots\u{1b}[2J").unwrap_err().to_string();
    assert!(error.contains("`lots[2J`") && error.contains("a number of users"), "{error}");
    let error = after(Gate::Platform, "rendr").unwrap_err().to_string();
    assert!(error.contains("did you mean `render`?") && error.contains("`heroku`"), "{error}");
}

#[test]
fn a_secret_is_refused_and_never_repeated() {
    let error = after(Gate::RequiredSecrets, "DATABASE_URL=postgres://me:hunter2@host").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"));
    let names = after(Gate::RequiredSecrets, "API_KEY, Stripe__Key").unwrap().required_secrets;
    assert_eq!(names.unwrap(), ["API_KEY", "Stripe__Key"]);
    assert_eq!(after(Gate::RequiredSecrets, "none").unwrap().required_secrets, Some(vec![]));
}

#[test]
fn a_flag_sets_answers_numbers_settings_and_assumptions() {
    let survey = shop();
    let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
    for (key, value) in [
        ("users", "800"),
        ("requests_per_month", "2M"),
        ("max_usd_per_month", "30"),
        ("production-approval", "manual"),
        ("author", "Ada"),
        ("expertise", "advanced"),
    ] {
        interview.set(key, value).unwrap_or_else(|error| panic!("{error}"));
    }
    let brief = interview.brief();
    assert_eq!(brief.answers.scale, Some(ScaleBand::Medium));
    assert_eq!(brief.answers.requests_per_month, Some(2_000_000));
    assert_eq!(brief.answers.budget, Some(BudgetBand::Small));
    assert_eq!(brief.settings["production_approval"], "manual");
    assert_eq!(brief.provenance[&Gate::Scale], Provenance::Flag);
    assert_eq!(brief.channels[&Gate::Expertise], Channel::Flag);
}

#[test]
fn who_names_a_service_has_chosen_to_use_one() {
    let survey = shop();
    let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
    interview.set("database_service", "neon").unwrap();
    interview.set("secrets_service", "doppler").unwrap();
    let answers = &interview.brief().answers;
    assert_eq!(answers.database, Some(DatabaseHosting::Managed));
    assert_eq!(answers.secrets, Some(SecretsHosting::Manager));

    let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
    interview.set("database", "same-platform").unwrap();
    interview.set("database_service", "neon").unwrap();
    assert_eq!(interview.brief().answers.database, Some(DatabaseHosting::SamePlatform), "somebody said so");
}

#[test]
fn a_wrong_flag_is_told_what_is_right() {
    let survey = shop();
    let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
    let mut error = |key, value| interview.set(key, value).unwrap_err().to_string();
    assert_eq!(
        error("expertize", "x"),
        "`expertize` is neither a question nor a setting; did you mean `expertise`?"
    );
    assert_eq!(error("qqqqqq", "x"), "`qqqqqq` is neither a question nor a setting");
    let message = error("production_approval", "manuel");
    assert!(message.contains("did you mean `manual`?"), "{message}");
    assert!(error("users", "many").contains("it takes a number such as"));
}

#[test]
fn a_refinement_is_set_by_key_and_a_wrong_value_is_told_what_it_takes() {
    let survey = shop();
    let mut interview = Interview::new(catalog(), &survey, brief(), &recommend).unwrap();
    interview.set("regions", "Europe, asia").unwrap();
    assert_eq!(interview.brief().settings["regions"], "europe,asia");
    let message = |wrong: Result<(), siteplan_interview::AnswerError>| wrong.unwrap_err().to_string();
    let unknown = message(interview.set("regions", "europe,afrika"));
    assert!(unknown.contains("`africa`") && unknown.contains("did you mean `africa`?"), "{unknown}");
    let contradicting = message(interview.set("compliance", "none,soc2"));
    assert!(contradicting.contains("`gdpr-residency`"), "{contradicting}");
    assert!(message(interview.set("team_size", "many")).contains("a whole number above zero"));
    assert_eq!(interview.brief().settings["regions"], "europe,asia", "a wrong value changes nothing");
}
