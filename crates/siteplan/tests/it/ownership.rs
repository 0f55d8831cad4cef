//! A person's words are never lost: what siteplan did not write is not overwritten without being told to.

use crate::repository::{BRIEF, DOCUMENT, Repository, assert_same, stderr, stdout};

const FOREIGN: &str = "# Our deployment\n\nWritten by hand.\n";

#[test]
fn a_document_that_siteplan_did_not_write_is_refused_and_nothing_is_written() {
    let repository = Repository::small();
    repository.put(DOCUMENT, FOREIGN);
    let before = repository.files(".");
    let run = repository.plan(&[]).code(4);
    for expected in [DOCUMENT, "--force", "--diff", "--dry-run"] {
        assert!(stderr(&run).contains(expected), "{expected} is not in\n{}", stderr(&run));
    }
    assert_same(&repository.files("."), &before);
}

#[test]
fn force_replaces_it_and_keeps_its_text() {
    let repository = Repository::small();
    repository.put(DOCUMENT, FOREIGN);
    repository.plan(&["--force"]).code(0);
    assert!(repository.text(DOCUMENT).contains("Technical Design Document"));
    let kept = repository.files("specs/.siteplan/backup");
    assert_eq!(kept.0.values().collect::<Vec<_>>(), [FOREIGN.as_bytes()]);
    repository.run(&["plan"]).code(0);
}

#[test]
fn edits_stay_while_the_plan_says_nothing_new() {
    let repository = Repository::small();
    repository.plan(&[]).code(0);
    let edited = format!("{}\nA note of ours.\n", repository.text(DOCUMENT));
    repository.put(DOCUMENT, &edited);
    let run = repository.plan(&[]).code(0);
    assert!(stdout(&run).contains("as you edited it"), "{}", stdout(&run));
    assert_eq!(repository.text(DOCUMENT), edited);
}

#[test]
fn edits_and_a_changed_plan_are_merged() {
    let repository = Repository::small();
    repository.plan(&[]).code(0);
    let edited = format!("{}\nA note of ours.\n", repository.text(DOCUMENT));
    repository.put(DOCUMENT, &edited);
    let run = repository.plan(&["--set", "environments=production"]).code(0);
    assert!(stdout(&run).contains("merged"), "{}", stdout(&run));
    let merged = repository.text(DOCUMENT);
    let other = Repository::small();
    other.plan(&["--set", "environments=production"]).code(0);
    assert_eq!(merged, format!("{}\nA note of ours.\n", other.text(DOCUMENT)));
    let before = repository.files(".");
    repository.plan(&[]).code(0);
    assert_same(&repository.files("."), &before);
}

#[test]
fn what_both_changed_keeps_the_persons_words_and_says_what_siteplan_would_have_written() {
    const OURS: &str = "- Environments: whatever we say";
    let proposal = "specs/.siteplan/proposed/DEPLOYMENT_TDD.md.proposed";
    let repository = Repository::small();
    repository.plan(&[]).code(0);
    let edited = repository.text(DOCUMENT).replace("- Environments: Staging + Production", OURS);
    assert!(edited.contains(OURS));
    repository.put(DOCUMENT, &edited);
    let run = repository.plan(&["--set", "environments=production"]).code(0);
    assert!(stderr(&run).contains("+- Environments: Production"), "{}", stderr(&run));
    assert!(stderr(&run).contains(proposal), "{}", stderr(&run));
    assert!(repository.text(DOCUMENT).contains(OURS));
    assert!(repository.text(proposal).contains("- Environments: Production"));
    let run = repository.plan(&[]).code(0);
    assert!(stdout(&run).contains("as you edited it"), "{}", stdout(&run));
    assert!(repository.text(DOCUMENT).contains(OURS));
    repository.plan(&["--set", "environments=staging-production", "--force"]).code(0);
    assert!(!repository.text(DOCUMENT).contains(OURS));
    assert!(!repository.path().join(proposal).exists());
    let kept = repository.files("specs/.siteplan/backup");
    assert!(format!("{kept:?}").contains(OURS), "{kept:?}");
}

#[test]
fn a_rehearsal_writes_nothing_and_shows_what_would_be_written() {
    let repository = Repository::small();
    let before = repository.files(".");
    let run = repository.plan(&["--dry-run"]).code(0);
    assert!(stdout(&run).contains(&format!("would write    {DOCUMENT}")), "{}", stdout(&run));
    let run = repository.plan(&["--diff"]).code(0);
    assert!(stdout(&run).contains(&format!("+++ b/{DOCUMENT}")), "{}", stdout(&run));
    assert_same(&repository.files("."), &before);

    repository.put(DOCUMENT, FOREIGN);
    let run = repository.plan(&["--diff"]).code(0);
    assert!(stdout(&run).contains("-Written by hand."), "{}", stdout(&run));
    let run = repository.plan(&["--dry-run"]).code(0);
    assert!(stdout(&run).contains("needs --force"), "{}", stdout(&run));
}

#[test]
fn the_result_for_programs_is_json_alone() {
    let repository = Repository::small();
    let run = repository.plan(&["--format", "json"]).code(0);
    let result: serde_json::Value = serde_json::from_str(&stdout(&run)).expect("standard output is JSON");
    assert_eq!(result["written"], true);
    assert_eq!(result["files"][0]["path"], DOCUMENT);
    assert_eq!(result["files"][0]["action"], "created");
    assert_eq!(result["design"]["schema"], "siteplan/design@1");
    assert!(result["unconfirmed"].as_array().is_some_and(|gates| !gates.is_empty()));
    assert!(repository.text(BRIEF).contains("schema = \"siteplan/brief@1\""));
}
