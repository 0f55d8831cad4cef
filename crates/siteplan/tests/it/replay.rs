//! `siteplan plan` on a brief that exists: the same repository gives the same bytes.

use crate::repository::{BRIEF, DAY, DOCUMENT, Repository, assert_same, stderr, stdout};

#[test]
fn a_replay_writes_the_same_bytes_whatever_the_day() {
    let repository = Repository::small();
    repository.plan(&[]).code(0);
    let first = repository.files("specs");
    let again = repository.run(&["plan"]).code(0);
    assert!(stdout(&again).contains("nothing to write"), "{}", stdout(&again));
    repository.run(&["plan", "--date", "2027-03-01"]).code(0);
    repository.command(&["plan"]).env("SOURCE_DATE_EPOCH", "1900000000").assert().code(0);
    repository.plan(&[]).code(0);
    assert_same(&repository.files("specs"), &first);
}

#[test]
fn the_same_inputs_in_another_place_give_the_same_bytes() {
    let (one, other) = (Repository::small(), Repository::small());
    one.plan(&[]).code(0);
    other.plan(&[]).code(0);
    assert_same(&one.files("specs"), &other.files("specs"));
}

#[test]
fn the_date_moves_with_the_design() {
    let repository = Repository::small();
    repository.plan(&[]).code(0);
    assert!(repository.text(BRIEF).contains(&format!("date = \"{DAY}\"")));
    repository.run(&["plan", "--date", "2027-03-01", "--set", "author=Ada"]).code(0);
    assert!(repository.text(BRIEF).contains("date = \"2027-03-01\""), "{}", repository.text(BRIEF));
    assert!(repository.text(DOCUMENT).contains("2027-03-01"));
}

#[test]
fn the_date_comes_from_the_epoch_of_the_build_when_there_is_one() {
    let repository = Repository::small();
    repository.command(&["plan", "--defaults"]).env("SOURCE_DATE_EPOCH", "1795564800").assert().code(0);
    assert!(repository.text(BRIEF).contains("date = \"2026-11-25\""), "{}", repository.text(BRIEF));
    let wrong = repository.command(&["plan"]).env("SOURCE_DATE_EPOCH", "soon").assert().code(2);
    assert!(stderr(&wrong).contains("SOURCE_DATE_EPOCH"));
}

#[test]
fn an_answer_changed_by_hand_stands_and_becomes_the_files_own() {
    let repository = Repository::small();
    repository.plan(&[]).code(0);
    let brief = repository.text(BRIEF);
    let edited = brief
        .replace("[answers]\n", "[answers]\n# our own words\n")
        .replace("environments = \"staging-production\"", "environments = \"production\" # one is enough");
    assert_ne!(brief, edited);
    repository.put(BRIEF, &edited);
    let run = repository.run(&["plan"]).code(0);
    assert!(stderr(&run).contains("environments"), "{}", stderr(&run));
    let written = repository.text(BRIEF);
    assert!(written.contains("# our own words\n"));
    assert!(written.contains("environments = \"production\" # one is enough"));
    assert!(written.contains("environments = \"file\""), "{written}");
    let gates = repository.text("specs/.siteplan/gates.jsonl");
    let lines: Vec<&str> = gates.lines().filter(|line| line.contains("\"environments\"")).collect();
    assert_eq!(lines.len(), 2, "{gates}");
    assert!(lines[1].contains("\"channel\":\"file\""), "{gates}");
}

#[test]
fn a_flag_stands_in_the_brief_and_is_not_needed_again() {
    let repository = Repository::small();
    repository.plan(&["--set", "expertise=advanced"]).code(0);
    let brief = repository.text(BRIEF);
    assert!(brief.contains("expertise = \"advanced\"") && brief.contains("expertise = \"flag\""), "{brief}");
    let first = repository.files("specs");
    repository.run(&["plan"]).code(0);
    assert_same(&repository.files("specs"), &first);
}

#[test]
fn flags_are_stronger_than_the_environment_and_that_is_stronger_than_a_file() {
    let repository = Repository::small();
    repository.put("answers.toml", "budget = \"free\"\nscale = \"medium\"\nexpertise = \"advanced\"\n");
    let words =
        ["plan", "--defaults", "--date", DAY, "--answers", "answers.toml", "--set", "budget=enterprise"];
    let mut command = repository.command(&words);
    command.env("SITEPLAN_BUDGET", "medium").env("SITEPLAN_SCALE", "high").assert().code(0);
    let brief = repository.text(BRIEF);
    for expected in
        ["budget = \"enterprise\"", "scale = \"high\"", "expertise = \"advanced\"", "expertise = \"file\""]
    {
        assert!(brief.contains(expected), "{expected} is not in\n{brief}");
    }
}

#[test]
fn line_ends_and_a_byte_order_mark_of_the_answers_stay() {
    let repository = Repository::small();
    repository.plan(&[]).code(0);
    let windows = format!("\u{feff}{}", repository.text(BRIEF).replace('\n', "\r\n"));
    repository.put(BRIEF, &windows);
    repository.run(&["plan"]).code(0);
    assert_eq!(repository.text(BRIEF), windows);
    repository.run(&["plan", "--set", "author=Ada", "--date", DAY]).code(0);
    let changed = repository.text(BRIEF);
    assert!(changed.starts_with('\u{feff}') && changed.contains("author = \"Ada\"\r\n"), "{changed:?}");
    assert_eq!(changed.matches('\n').count(), changed.matches("\r\n").count());
}
