//! Mistakes: what, where, what to do; the right status, and nothing half-written.

use crate::repository::{BRIEF, Repository, assert_same, siteplan, stderr, stdout};

fn refuses(repository: &Repository, words: &[&str], status: i32, expected: &[&str]) {
    let before = repository.files(".");
    let run = repository.run(words).code(status);
    for expected in expected {
        assert!(stderr(&run).contains(expected), "`{expected}` is not in\n{}", stderr(&run));
    }
    assert_same(&repository.files("."), &before);
}

#[test]
fn bad_toml_is_shown_at_its_line() {
    let repository = Repository::small();
    repository.put(BRIEF, "[answers]\nscale = low\n");
    refuses(
        &repository,
        &["plan", "--defaults"],
        2,
        &["specs/siteplan.toml", "line 2, column 9", "scale = low"],
    );
    let repository = Repository::small();
    repository.put("answers.toml", "budget = \"small\nscale = \"low\"\n");
    refuses(&repository, &["plan", "--answers", "answers.toml"], 2, &["answers.toml", "line 1"]);
}

#[test]
fn unknown_keys_are_shown_with_the_nearest_name() {
    let repository = Repository::small();
    repository.put(BRIEF, "[answers]\nbugdet = \"small\"\n");
    refuses(&repository, &["plan", "--defaults"], 2, &["siteplan.toml:2", "did you mean `budget`?"]);
    let repository = Repository::small();
    refuses(&repository, &["plan", "--defaults", "--set", "bugdet=small"], 2, &["did you mean `budget`?"]);
    refuses(
        &repository,
        &["plan", "--defaults", "--set", "scale=lo"],
        2,
        &["`scale`", "did you mean `low`?"],
    );
    refuses(&repository, &["plan", "--defaults", "--set", "scale"], 2, &["no `=`"]);
    let run = repository.command(&["plan", "--defaults"]).env("SITEPLAN_BUGDET", "small").assert().code(2);
    assert!(
        stderr(&run).contains("SITEPLAN_BUGDET") && stderr(&run).contains("`budget`"),
        "{}",
        stderr(&run)
    );
}

#[test]
fn the_value_of_a_secret_is_refused_and_not_repeated() {
    let repository = Repository::small();
    let run =
        repository.run(&["plan", "--defaults", "--set", "required_secrets=API_KEY=hunter2hunter2"]).code(2);
    assert!(!stderr(&run).contains("hunter2"), "{}", stderr(&run));
    repository.put(BRIEF, "[answers]\nrequired_secrets = [\"sk-live-hunter2\"]\n");
    let run = repository.run(&["plan", "--defaults"]).code(2);
    assert!(!stderr(&run).contains("hunter2"), "{}", stderr(&run));
}

#[test]
fn a_path_that_cannot_be_planned_for_says_why() {
    let repository = Repository::small();
    refuses(&repository, &["plan", "--defaults", "package.json"], 2, &["package.json", "not a directory"]);
    refuses(&repository, &["detect", "nowhere"], 2, &["nowhere"]);
    refuses(
        &repository,
        &["plan", "--defaults", "--spec-path", "../elsewhere"],
        2,
        &["leaves the repository"],
    );
    refuses(&repository, &["plan", "--answers", "nowhere.toml"], 2, &["nowhere.toml"]);
    refuses(&repository, &["plan", "--catalog", "nowhere"], 2, &["nowhere"]);
}

#[test]
fn a_broken_manifest_is_a_warning_and_not_the_end() {
    let repository = Repository::empty();
    repository.put("package.json", "{ \"name\": \"broken\", \n");
    let run = repository.plan(&[]).code(0);
    assert!(stderr(&run).contains("package.json"), "{}", stderr(&run));
}

#[test]
fn an_empty_folder_is_a_planned_application() {
    let repository = Repository::empty();
    let run = repository.plan(&[]).code(0);
    assert!(stdout(&run).contains("Next steps"), "{}", stdout(&run));
}

#[test]
fn usage_mistakes_have_status_2_and_help_has_0() {
    siteplan().arg("plan").arg("--no-such-flag").assert().code(2);
    siteplan().arg("no-such-command").assert().code(2);
    siteplan().assert().code(2);
    siteplan().arg("--help").assert().code(0);
    siteplan().arg("--version").assert().code(0);
    siteplan().args(["plan", "--date", "soon"]).assert().code(2);
}
