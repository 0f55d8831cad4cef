//! No terminal, open questions: every one is listed, and nothing is written.

use crate::repository::{Repository, assert_same, stderr, stdout};

#[test]
fn every_open_question_is_listed_with_its_choices_and_its_flag() {
    let repository = Repository::small();
    let before = repository.files(".");
    let run = repository.run(&["plan"]).code(3);
    let told = stderr(&run);
    for gate in [
        "app_type",
        "expertise",
        "scale",
        "budget",
        "platform",
        "auto_deploy",
        "code_host",
        "environments",
        "database",
        "secrets",
        "required_secrets",
        "health_checks",
    ] {
        assert!(told.contains(&format!("--set {gate}=…")), "{gate} is not in\n{told}");
    }
    assert!(told.contains("beginner | intermediate | advanced"), "{told}");
    assert!(told.contains("--defaults"), "{told}");
    assert!(stdout(&run).is_empty());
    assert_same(&repository.files("."), &before);
}

#[test]
fn only_what_is_missing_is_listed() {
    let repository = Repository::small();
    let run = repository.run(&["recommend", "--set", "app_type=web-api", "--set", "users=80"]).code(3);
    let told = stderr(&run);
    assert!(told.starts_with("error: two answers are missing"), "{told}");
    assert!(told.contains("--set expertise=…") && told.contains("--set budget=…"), "{told}");
    assert!(!told.contains("--set scale=…"), "{told}");
}

#[test]
fn programs_get_the_list_as_json() {
    let repository = Repository::small();
    let run = repository.run(&["plan", "--format", "json"]).code(3);
    let listed: serde_json::Value = serde_json::from_str(&stdout(&run)).expect("standard output is JSON");
    let missing = listed["missing"].as_array().expect("a list");
    assert_eq!(missing[0]["gate"], "app_type");
    assert_eq!(missing[0]["flag"], "--set app_type=…");
    assert!(missing[0]["choices"].as_array().is_some_and(|choices| choices.len() == 6));
}

#[test]
fn a_complete_set_of_answers_needs_no_terminal() {
    let repository = Repository::small();
    repository.plan(&["--dry-run"]).code(0);
    repository.put(
        "answers.toml",
        "[answers]\napp_type = \"web-api\"\nexpertise = \"beginner\"\nusers = 80\nbudget = \"small\"\n\
         platform = \"render\"\nauto_deploy = true\ncode_host = \"github\"\nenvironments = \"production\"\n\
         database = \"same-platform\"\nmigrations = \"auto\"\nsecrets = \"platform\"\n\
         required_secrets = [\"DATABASE_URL\"]\nhealth_checks = true\n",
    );
    let run = repository.run(&["plan", "--answers", "answers.toml", "--date", "2026-11-25"]).code(0);
    assert!(stdout(&run).contains("every answer was confirmed by a person"), "{}", stdout(&run));
}
