//! Mistakes: what, where, what to do; the right status, and nothing half-written.

use crate::repository::{BRIEF, DOCUMENT, Repository, assert_same, siteplan, stderr, stdout};

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

#[test]
fn what_one_source_says_twice_and_differently_is_an_error() {
    let repository = Repository::small();
    for (words, expected) in [
        (["scale=low", "users=5000"], "`users = 5000` means another `scale`"),
        (["users=5000", "scale=low"], "`users = 5000` means another `scale`"),
        (["budget=free", "max_usd_per_month=30"], "`max_usd_per_month = 30` means another `budget`"),
        (["budget=free", "budget=small"], "give it once"),
        (["users=80", "users=90"], "give it once"),
        (["author=Ada", "author=Bob"], "give it once"),
    ] {
        for command in ["plan", "recommend", "cost"] {
            refuses(
                &repository,
                &[command, "--defaults", "--set", words[0], "--set", words[1]],
                2,
                &[expected],
            );
        }
    }
    repository
        .plan(&["--set", "scale=low", "--set", "users=80", "--set", "budget=small", "--set", "budget=small"])
        .code(0);
    // A stronger source overrides a weaker one.
    let repository = Repository::small();
    let mut command = repository.command(&["plan", "--defaults", "--set", "scale=low"]);
    command.env("SITEPLAN_USERS", "5000").assert().code(0);
    assert!(repository.text(BRIEF).contains("scale = \"low\""), "{}", repository.text(BRIEF));
}

#[test]
fn of_a_number_and_a_band_that_disagree_the_one_that_counts_is_named_with_the_other() {
    let repository = Repository::small();
    let requests = ["--defaults", "--set", "scale=low", "--set", "requests_per_month=5M"];
    for command in ["recommend", "cost", "plan"] {
        let told = stderr(&repository.run(&[&[command][..], &requests].concat()).code(0));
        assert!(told.contains("`requests_per_month = 5,000,000` decides the load"), "{command}: {told}");
        assert!(told.contains("`scale = low` would make 600 to 120,000"), "{command}: {told}");
        let agreeing = ["--set", "scale=low", "--set", "requests_per_month=40_000"];
        let told =
            stderr(&Repository::small().run(&[&[command, "--defaults"][..], &agreeing].concat()).code(0));
        assert!(!told.contains("decides the load"), "{command}: {told}");
    }
    let document = repository.text(DOCUMENT);
    assert!(document.contains("`requests_per_month = 5,000,000` decides the load"), "{document}");
    // A stronger source takes a weaker one's number away, and says so.
    for command in ["recommend", "cost", "plan"] {
        let repository = Repository::small();
        let mut run = repository.command(&[command, "--defaults", "--set", "budget=small"]);
        let told = stderr(&run.env("SITEPLAN_MAX_USD_PER_MONTH", "300").assert().code(0));
        assert!(told.contains("`max_usd_per_month = 300` no longer counts"), "{command}: {told}");
        assert!(told.contains("`budget = small`"), "{command}: {told}");
    }
}

#[test]
fn free_texts_have_a_form() {
    let repository = Repository::small();
    for (setting, expected) in [
        ("branch=a b", "the name of a git branch"),
        ("branch=$(id)..x", "the name of a git branch"),
        ("domain=https://example.org/", "without `https://`"),
        ("region=us east; rm", "an id of letters"),
        ("author=a\nb", "one line"),
    ] {
        refuses(&repository, &["plan", "--defaults", "--set", setting], 2, &[expected]);
    }
    repository.put(BRIEF, "[settings]\nbranch = \"a..b\"\n");
    refuses(&repository, &["plan", "--defaults"], 2, &["siteplan.toml:2", "the name of a git branch"]);
}

#[test]
fn what_contradicts_itself_is_an_error_wherever_it_was_given_and_what_has_no_effect_is_said() {
    let repository = Repository::small();
    let both = ["--set", "compliance=gdpr-residency", "--set", "regions=asia"];
    let named =
        ["`compliance = gdpr-residency` and `regions = asia`", "`regions` is from `--set`", "name `europe`"];
    for command in ["recommend", "cost", "plan"] {
        refuses(&repository, &[&[command, "--defaults"][..], &both].concat(), 2, &named);
    }
    let compared =
        ["recommend", "--defaults", "--set", "regions=asia", "--compare-with", "compliance=gdpr-residency"];
    refuses(
        &repository,
        &compared,
        2,
        &["`compliance` is from `--compare-with`", "`regions` is from `--set`"],
    );
    let run =
        repository.run(&["recommend", "--defaults", "--set", "auto_deploy=no", "--set", "code_host=gitlab"]);
    let told = stderr(&run.code(0));
    assert_eq!(told.matches("warning: `auto_deploy = no` and `code_host = gitlab`").count(), 1, "{told}");
    // What the file says counts like a flag, and is named.
    repository.put(BRIEF, "[settings]\nregions = \"asia\"\ncompliance = \"gdpr-residency\"\n");
    refuses(&repository, &["recommend", "--defaults"], 2, &["`regions` is from `specs/siteplan.toml`"]);
}

#[test]
fn a_count_of_requests_stands_beside_the_scale_in_either_order() {
    let repository = Repository::small();
    let (scale, requests) = ("scale=medium", "requests_per_month=400000");
    let json = |one, other| {
        let words = ["recommend", "--defaults", "--format", "json", "--set", one, "--set", other];
        crate::repository::stdout(&repository.run(&words).code(0))
    };
    assert_eq!(json(scale, requests), json(requests, scale));
}

#[test]
fn a_need_that_was_stated_is_kept_and_explained() {
    let repository = Repository::small();
    repository.run(&["plan", "--defaults", "--set", "websockets=yes"]).code(0);
    let kept = std::fs::read_to_string(repository.path().join(BRIEF)).expect("the brief is written");
    assert!(kept.contains("websockets = \"yes\""), "{kept}");
    for need in ["websockets", "workers", "cron", "long_requests", "file_storage", "gpu", "clustering"] {
        let told = crate::repository::stdout(&repository.run(&["explain", need]).code(0));
        assert!(told.contains(&format!("--set {need}=")) && told.contains("yes, no"), "{told}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_printed_does_not_undo_what_is_written() {
    let repository = Repository::small();
    let full = || std::fs::File::options().write(true).open("/dev/full").expect("the device exists");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_siteplan"));
    command.current_dir(repository.path()).args(["plan", "--defaults"]).stdout(full());
    let output = command.output().expect("the binary runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("the files are written"), "{told}");
    assert!(repository.path().join(BRIEF).exists());
}
