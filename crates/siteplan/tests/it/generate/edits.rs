//! What a person has changed, and what the design no longer describes: kept, merged, told of or taken away.

use super::{PIPELINE, action, json};
use crate::repository::{BRIEF, DOCUMENT, Repository, assert_same, stderr, stdout};

#[test]
fn edits_stay_and_are_merged_when_the_design_changes() {
    let repository = Repository::generated(&[]);
    let edited = format!("# our own words\n{}", repository.text(PIPELINE));
    repository.put(PIPELINE, &edited);
    // An edit is no secret: it differs from the design until a person says that it is meant.
    for words in [&["--check"][..], &[], &["--check"]] {
        let run = repository.generate(words).code(i32::from(!words.is_empty()));
        assert!(stdout(&run).contains("edited") && stdout(&run).contains(PIPELINE), "{}", stdout(&run));
        assert_eq!(repository.text(PIPELINE), edited);
    }
    let result = json(&repository.generate(&["--check", "--format", "json"]).code(1));
    assert_eq!((action(&result, PIPELINE).as_str(), &result["clean"]), ("edited", &false.into()));
    repository.generate(&["--keep"]).code(0);
    let run = repository.generate(&["--check"]).code(0);
    assert!(stdout(&run).contains("kept") && stdout(&run).contains("edited by a person"), "{}", stdout(&run));
    let kept = repository.files(".");
    repository.generate(&["--keep"]).code(0);
    assert_same(&repository.files("."), &kept);
    // The next edit is looked at again.
    repository.put(PIPELINE, &format!("# more\n{edited}"));
    repository.generate(&["--check"]).code(1);
    repository.put(PIPELINE, &edited);
    repository.generate(&["--check"]).code(0);

    let changed = ["--set", "environments=production"];
    let run = repository.generate(&[&["--check"], &changed[..]].concat()).code(1);
    assert!(stdout(&run).contains("outdated"), "{}", stdout(&run));
    let run = repository.generate(&changed).code(0);
    assert!(stdout(&run).contains("merged"), "{}", stdout(&run));
    let other = Repository::small();
    other.plan(&changed).code(0);
    other.generate(&[]).code(0);
    assert_eq!(repository.text(PIPELINE), format!("# our own words\n{}", other.text(PIPELINE)));
    repository.generate(&["--check"]).code(0);
}

#[test]
fn a_conflict_writes_nothing_and_says_what_siteplan_would_write() {
    let proposal = format!("specs/.siteplan/proposed/{PIPELINE}.proposed");
    let repository = Repository::generated(&[]);
    let text = repository.text(PIPELINE);
    // Whatever lines the changed design touches, every one of them is a person's now.
    let edited = text.replace('\n', " # ours\n");
    repository.put(PIPELINE, &edited);
    let before = repository.files(".");
    let run = repository.generate(&["--set", "environments=production"]).code(4);
    assert!(stderr(&run).contains(PIPELINE) && stderr(&run).contains("--force"), "{}", stderr(&run));
    assert!(stdout(&run).contains(&format!("+++ b/{PIPELINE}")), "{}", stdout(&run));
    assert!(stderr(&run).contains(&format!("--force --only {PIPELINE}")), "{}", stderr(&run));
    assert!(repository.text(&proposal).contains("name:"));
    std::fs::remove_dir_all(repository.path().join("specs/.siteplan/proposed")).expect("it can be removed");
    assert_same(&repository.files("."), &before);
    // Kept, the person's text stands, and what siteplan wanted counts as seen.
    repository.generate(&["--set", "environments=production", "--keep"]).code(0);
    assert_eq!(repository.text(PIPELINE), edited);
    repository.generate(&["--check"]).code(0);
    repository.generate(&["--set", "environments=staging-production"]).code(4);
    repository.generate(&["--set", "environments=staging-production", "--force"]).code(0);
    assert_eq!(repository.text(PIPELINE), text);
    assert!(!repository.path().join(&proposal).exists());
    assert!(format!("{:?}", repository.files("specs/.siteplan/backup")).contains("# ours"));
}

#[test]
fn what_the_design_no_longer_describes_goes_unless_a_person_edited_it() {
    let repository = Repository::generated(&["--set", "code_host=github"]);
    let scripts: Vec<String> =
        repository.files(".github").0.into_keys().map(|path| path.to_string_lossy().into_owned()).collect();
    assert!(scripts.len() > 1, "{scripts:?}");
    let edited = format!("{}# ours\n", repository.text(&scripts[0]));
    repository.put(&scripts[0], &edited);
    let changed = ["--set", "code_host=other"];
    let run = repository.generate(&[&["--dry-run"], &changed[..]].concat()).code(0);
    assert!(
        stdout(&run).contains("would remove") && stdout(&run).contains("would leave"),
        "{}",
        stdout(&run)
    );
    let run = repository.generate(&changed).code(0);
    assert!(stdout(&run).contains("removed") && stdout(&run).contains("left"), "{}", stdout(&run));
    assert_eq!(repository.text(&scripts[0]), edited);
    for gone in &scripts[1..] {
        assert!(!repository.path().join(gone).exists(), "{gone}");
        assert!(!repository.path().join(format!("specs/.siteplan/base/{gone}.base")).exists(), "{gone}");
    }
    let run = repository.generate(&["--check"]).code(1);
    assert!(stdout(&run).contains("not in the design"), "{}", stdout(&run));
    std::fs::remove_file(repository.path().join(&scripts[0])).expect("a person can delete it");
    repository.generate(&[]).code(0);
    repository.generate(&["--check"]).code(0);
    assert!(!repository.path().join("specs/.siteplan/base/.github").exists());
}

#[test]
fn an_emptied_file_is_no_edit_and_a_gutted_document_is_more_than_one() {
    let repository = Repository::generated(&[]);
    let first = repository.files(".");
    repository.put(PIPELINE, " \n");
    let run = repository.generate(&["--check"]).code(1);
    assert!(stdout(&run).contains("outdated") && stdout(&run).contains(PIPELINE), "{}", stdout(&run));
    // Not even `--keep` takes it for a text.
    repository.generate(&["--keep"]).code(0);
    assert_same(&repository.files("."), &first);

    // Words of a person are as it should be in a document that both write.
    let document = repository.text(DOCUMENT);
    repository.put(DOCUMENT, &format!("{document}\n## Ours\n\nA note.\n"));
    repository.generate(&["--check"]).code(0);
    // A document without its sections says nothing of the design any more.
    let at = document.find("\n## ").expect("a document has sections");
    repository.put(DOCUMENT, &document[..at]);
    let run = repository.generate(&["--check"]).code(1);
    assert!(stdout(&run).contains("sections are gone"), "{}", stdout(&run));
    repository.put(DOCUMENT, "");
    repository.generate(&["--check"]).code(1);
    repository.generate(&[]).code(0);
    assert_same(&repository.files("."), &first);
}

#[cfg(unix)]
#[test]
fn a_script_that_cannot_be_run_any_more_differs_and_is_mended() {
    use std::os::unix::fs::PermissionsExt as _;

    let repository = Repository::generated(&["--set", "code_host=other"]);
    let script = repository.path().join("deploy/verify");
    let mode = || std::fs::metadata(&script).expect("it exists").permissions().mode() & 0o777;
    let lock = || {
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o644)).expect("it can be changed");
    };
    lock();
    let run = repository.generate(&["--check", "--diff"]).code(1);
    assert!(stdout(&run).contains("new mode 100755"), "{}", stdout(&run));
    assert!(stdout(&run).contains("could not be run"), "{}", stdout(&run));
    repository.generate(&[]).code(0);
    assert_eq!(mode(), 0o755);
    repository.generate(&["--check"]).code(0);
    // The same for a script as a person edited it: the words stay, the permission comes back.
    let edited = format!("{}# ours\n", repository.text("deploy/verify"));
    repository.put("deploy/verify", &edited);
    repository.generate(&["--keep"]).code(0);
    lock();
    repository.generate(&["--check"]).code(1);
    repository.generate(&[]).code(0);
    assert_eq!((mode(), repository.text("deploy/verify")), (0o755, edited));
    repository.generate(&["--check"]).code(0);
}

#[test]
fn a_conflict_in_prose_holds_nothing_back() {
    const RUNBOOK: &str = "deploy/README.md";
    let proposal = format!("specs/.siteplan/proposed/{RUNBOOK}.proposed");
    let changed = ["--set", "environments=production"];
    let repository = Repository::generated(&[]);
    let edited = repository.text(RUNBOOK).replace('\n', " (ours)\n");
    repository.put(RUNBOOK, &edited);
    let run = repository.generate(&changed).code(0);
    assert!(stderr(&run).contains(RUNBOOK) && stderr(&run).contains(&proposal), "{}", stderr(&run));
    assert!(repository.text(RUNBOOK).contains("(ours)"));
    assert!(repository.text(BRIEF).contains("environments = \"production\""));
    let wanted = repository.text(&proposal);
    assert!(!wanted.contains("(ours)"));
    // One file alone is settled by its name, either way.
    let run = repository.generate(&["--check"]).code(1);
    assert!(stdout(&run).contains(RUNBOOK), "{}", stdout(&run));
    repository.generate(&["--keep", "--only", RUNBOOK]).code(0);
    repository.generate(&["--check"]).code(0);
    repository.generate(&["--force", "--only", RUNBOOK]).code(0);
    assert_eq!(repository.text(RUNBOOK), wanted);
    repository.generate(&["--check"]).code(0);
}

#[test]
fn keeping_settles_everything_at_once() {
    // What changes on the same host, on another one, and on another platform.
    let designs: [&[&str]; 3] = [
        &["--set", "environments=production"],
        &["--set", "code_host=gitlab"],
        &["--set", "platform=heroku"],
    ];
    for changed in designs {
        let repository = Repository::generated(&["--set", "code_host=github"]);
        let mut at = 0;
        for path in repository.files(".").0.into_keys() {
            let path = path.to_string_lossy().into_owned();
            // Everything that was generated is edited, every other file throughout.
            if path.starts_with("specs/")
                || !repository.path().join(format!("specs/.siteplan/base/{path}.base")).exists()
            {
                continue;
            }
            let text = repository.text(&path);
            let edited =
                if at % 2 == 0 { format!("{text}# ours\n") } else { text.replace('\n', " # ours\n") };
            repository.put(&path, &edited);
            at += 1;
        }
        assert!(at > 5, "only {at} files");
        repository.generate(&[&["--keep"], changed].concat()).code(0);
        let kept = repository.files(".");
        let run = repository.generate(&["--check"]);
        assert_eq!(run.get_output().status.code(), Some(0), "{changed:?}\n{}", stdout(&run));
        repository.generate(&[]).code(0);
        repository.run(&["plan"]).code(0);
        assert_same(&repository.files("."), &kept);
    }
}

#[test]
fn a_script_with_carriage_returns_differs_and_is_mended() {
    let repository = Repository::generated(&["--set", "code_host=other"]);
    let script = repository.text("deploy/verify");
    repository.put("deploy/verify", &script.replace('\n', "\r\n"));
    let run = repository.generate(&["--check"]).code(1);
    assert!(stdout(&run).contains("deploy/verify") && stdout(&run).contains("carriage"), "{}", stdout(&run));
    repository.generate(&[]).code(0);
    assert_eq!(repository.text("deploy/verify"), script);

    // Words of a person stay; the carriage returns go all the same, also those of some lines alone.
    let edited = format!("{script}# ours\n");
    repository.put("deploy/verify", &edited.replacen('\n', "\r\n", 1));
    repository.generate(&["--keep"]).code(0);
    assert_eq!(repository.text("deploy/verify"), edited);
    repository.generate(&["--check"]).code(0);
}

#[cfg(unix)]
#[test]
fn a_renamed_workflow_of_siteplans_is_told_of_until_it_is_gone() {
    const MOVED: &str = ".github/workflows/ship.yml";
    let repository = Repository::generated(&["--set", "platform=fly"]);
    let text = repository.text(PIPELINE);
    std::fs::remove_file(repository.path().join(PIPELINE)).expect("a file can be removed");
    repository.put(MOVED, &text);
    let run = repository.generate(&[]).code(0);
    let warned = stderr(&run);
    assert!(
        warned.contains("warning: `.github/workflows/ship.yml`") && warned.contains("remove it"),
        "{warned}"
    );
    assert_eq!(repository.text(PIPELINE), text, "its own jobs are no tests of a person's");
    assert_eq!(repository.text(MOVED), text);
    assert!(repository.text(DOCUMENT).contains("of `.github/workflows/ship.yml` deploys"));
    let run = repository.generate(&["--check"]).code(1);
    assert!(stdout(&run).contains(MOVED) && stdout(&run).contains("not in the design"), "{}", stdout(&run));

    // A person may mean it, or have it taken away with a copy.
    let kept = Repository::generated(&["--set", "platform=fly"]);
    kept.put(MOVED, &text);
    kept.generate(&["--keep"]).code(0);
    kept.generate(&["--check"]).code(0);
    repository.generate(&["--force", "--only", MOVED]).code(0);
    assert!(!repository.path().join(MOVED).exists());
    repository.generate(&[]).code(0);
    repository.generate(&["--check"]).code(0);
    assert!(!repository.text(DOCUMENT).contains("ship.yml"));
}

#[test]
fn a_lost_record_makes_no_second_workflow() {
    let repository = Repository::generated(&["--set", "platform=fly"]);
    let before = repository.files(".github");
    std::fs::remove_dir_all(repository.path().join("specs/.siteplan")).expect("a folder can be removed");
    repository.run(&["generate", "--date", crate::repository::DAY, "--keep"]).code(0);
    assert_same(&repository.files(".github"), &before);
    assert!(!repository.text(DOCUMENT).contains("may deploy this application too"));
}
