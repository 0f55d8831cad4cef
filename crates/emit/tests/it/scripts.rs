//! The scripts really run: in a repository of their own, by the machine's `sh`.
#![expect(clippy::disallowed_methods, reason = "the scripts are run, in a folder of the target folder")]

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use proptest::prelude::{ProptestConfig, prop_assert, proptest};
use siteplan_emit::pipeline_files;
use siteplan_model::design::Design;
use siteplan_model::script::{Action, Script};

use crate::{hostile, sample};

/// A git repository with the scripts in it.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scripts").join(name);
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("bin")).expect("a folder");
        for file in pipeline_files(&sample::on_host(&sample::next_on_render(), "other")) {
            let path = root.join(&file.path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(&path, &file.contents).expect("a file");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
        }
        let place = Self(root);
        place.git(&["init", "-q", "."]);
        place.commit("README.md", "begin");
        place
    }

    fn git(&self, words: &[&str]) -> String {
        let mut command = Command::new("git");
        command.current_dir(&self.0).args(["-c", "user.name=a", "-c", "user.email=a@b.example"]).args(words);
        let output = command.output().expect("git runs");
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn commit(&self, path: &str, message: &str) -> String {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, message).expect("a file");
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn program(&self, name: &str, text: &str) {
        let path = self.0.join("bin").join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
    }

    /// Runs a script: its status and all that it says.
    fn run(&self, call: &str, variables: &[(&str, &str)]) -> (i32, String) {
        let mut words = call.split(' ');
        let mut command = Command::new(self.0.join("deploy").join(words.next().expect("a script")));
        let path = format!("{}:{}", self.0.join("bin").display(), env!("PATH"));
        command.args(words).current_dir("/").env("PATH", path).env("DEPLOY_STATE", self.0.join("kept"));
        command.env_remove("APP_URL").env_remove("TOKEN").envs(variables.iter().copied());
        let output = command.output().expect("the script runs");
        let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        (output.status.code().unwrap_or(-1), said.concat())
    }
}

#[test]
fn a_script_says_all_that_it_lacks_and_never_a_value() {
    let place = Place::new("needs");
    let (status, said) = place.run("deploy production", &[]);
    assert!(status == 2 && said.contains("deploy/deploy: TOKEN: set this variable: lets it in"), "{said}");
    let (status, said) = place.run("deploy production", &[("TOKEN", "s3cret")]);
    assert!(status == 0 && said.contains("1-production") && !said.contains("s3cret"), "{said}");
    let (status, said) = place.run("deploy nowhere", &[("TOKEN", "s3cret")]);
    assert!(status == 2 && said.contains("usage: deploy/deploy staging|production"), "{said}");
    place.program("curl", "echo healthy");
    assert_eq!(place.run("verify staging", &[]).0, 0, "the address is known");
    let (status, said) = place.run("verify production", &[]);
    assert!(status == 2 && said.contains("APP_URL"), "{said}");
}

#[test]
fn a_freeze_holds_in_its_window_unless_a_person_lifts_it() {
    let place = Place::new("freeze");
    let at = |now: &str| {
        place.program("date", &format!("echo {now}"));
        place.run("freeze production", &[]).0
    };
    assert_eq!(["51459", "51500", "72359", "10759", "10800", "30808"].map(at), [0, 1, 1, 1, 0, 0]);
    place.program("date", "echo 60900");
    let (status, said) = place.run("freeze production", &[]);
    assert!(status == 1 && said.contains("OVERRIDE_FREEZE"), "{said}");
    assert_eq!(place.run("freeze production", &[("OVERRIDE_FREEZE", "yes")]).0, 0);
    assert_eq!(place.run("freeze staging", &[]).0, 0);
}

/// A platform on which `r0` and then `r1` were released, and the commit of each.
fn platform(place: &Place, rules: &str) {
    let usual = "serving) echo '{\"id\": \"r1\"}' ;; releases) printf 'r0\\nr1\\n' ;; state) echo live ;; list) echo r0 r1 ;; *) : ;;";
    place.program("platform", &format!("case $1 in {rules} {usual} esac"));
    place.program("sleep", ":");
}

#[test]
fn a_rollback_returns_to_what_was_kept_to_what_is_named_or_to_the_one_before() {
    let place = Place::new("back");
    let head = place.commit("app", "code");
    platform(&place, "");
    assert!(place.run("previous production", &[]).1.contains("PREVIOUS_ID=r1"));
    let kept = [("PREVIOUS_COMMIT", head.as_str())];
    let (status, said) = place.run("rollback production recorded", &kept);
    assert!(status == 0 && said.contains("back to r1"), "{said}");
    assert!(place.run("rollback production", &[]).1.contains("back to r0"));
    assert!(place.run("rollback production", &[("PREVIOUS_ID", "r7")]).1.contains("back to r7"));
    let (status, said) = place.run("rollback production", &[("PREVIOUS_ID", "r\"7; id")]);
    assert!(status == 1 && said.contains("not the id of a release"), "{said}");
    let (status, said) = place.run("rollback staging recorded", &kept);
    assert!(status == 1 && said.contains("no earlier release was kept") && said.contains("r0 r1"), "{said}");
    assert_eq!(place.run("rollback production soon", &[]).0, 2);
}

#[test]
fn a_failed_question_is_no_answer() {
    let place = Place::new("asked");
    let before = |rules: &str| {
        platform(&place, rules);
        place.run("previous production", &[])
    };
    for failing in ["serving) echo unauthorized >&2; exit 1 ;;", "serving) ;;", "serving) echo '<html>' ;;"] {
        let (status, said) = before(failing);
        assert!(status == 1 && said.contains("nothing was changed"), "{failing}: {said}");
        assert!(!place.0.join("kept/ticket-shop/production/PREVIOUS_ID").exists(), "{failing}");
    }
    let (status, said) = before("serving) echo '{}' ;;");
    assert!(status == 0 && said.contains("the platform knows no earlier release (PREVIOUS_ID)"), "{said}");
    assert!(place.run("previous production", &[]).0 == 0);
    platform(&place, "releases) exit 7 ;;");
    let (status, said) = place.run("rollback production", &[]);
    assert!(status == 1 && said.contains("could not be asked") && !said.contains("back to"), "{said}");
    assert_eq!(
        place.run("rollback production", &[("PREVIOUS_ID", "r0")]).0,
        0,
        "a named release needs no answer"
    );
}

#[test]
fn nobody_returns_to_a_release_from_which_somebody_returned() {
    let place = Place::new("history");
    let target = |served: &str| {
        platform(&place, &format!("releases) printf '{served}' ;;"));
        let said = place.run("rollback production", &[]).1;
        let target = said.lines().find_map(|line| line.strip_prefix("back to ")).map(str::to_owned);
        target.ok_or(said)
    };
    let is = |served: &str, release: &str| assert_eq!(target(served).as_deref(), Ok(release), "{served}");
    is("a\\nb\\n", "a");
    is("a\\nb\\nc\\nb\\n", "a");
    is("d1 a\\nd2 b\\nd3 c\\nd4 b\\n", "d1");
    is("d1 a\\nd2 b\\nd3 c\\nd4 b\\nd5 e\\n", "d4");
    is("d1 a\\nd2 b\\nd3 b\\n", "d1");
    is("d1 a\\nd2 b\\nd3 a\\nd4 b\\n", "d3");
    for none in ["", "a\\n", "d1 a\\nd2 a\\n", "d1 a\\nd2 b\\nd3 a\\n"] {
        let said = target(none).expect_err("there is none");
        assert!(said.contains("no earlier release from which nobody returned"), "{none}: {said}");
    }
}

#[test]
fn a_commit_that_serves_already_is_nothing_to_return_to() {
    let place = Place::new("again");
    let older = place.commit("app", "code");
    let head = place.commit("app", "more code");
    let commits = format!("commit) echo {head} ;; commits) printf '{older}\\n{head}\\n' ;;");
    platform(&place, &commits);
    let (status, said) = place.run("previous production", &[("COMMIT", &head)]);
    assert!(status == 0 && said.contains(&format!("PREVIOUS_COMMIT={older}")), "{said}");
    let said = place.run("previous production", &[("COMMIT", "another")]).1;
    assert!(said.contains(&format!("PREVIOUS_COMMIT={head}")), "{said}");
}

#[test]
fn the_way_back_is_awaited_for_a_bounded_time() {
    let place = Place::new("awaited");
    let ends = |state: &str| {
        platform(&place, &format!("state) {state} ;;"));
        place.run("rollback production", &[])
    };
    let (status, said) = ends(
        "n=$(cat state 2> /dev/null || echo 0); echo $((n + 1)) > state; if [ $n -lt 2 ]; then echo starting; else echo live; fi",
    );
    assert_eq!(status, 0, "{said}");
    let (status, said) = ends("echo failed");
    assert!(status == 1 && said.contains("it ended as `failed`"), "{said}");
    let (status, said) = ends("echo starting");
    assert!(
        status == 1 && said.contains("not done after 20 seconds, the last answer is `starting`"),
        "{said}"
    );
    let (status, said) = ends("exit 3");
    assert!(status == 1 && said.contains("`no answer`"), "{said}");
}

#[test]
fn what_hangs_has_failed() {
    let place = Place::new("hangs");
    platform(&place, "serving) exec /bin/sleep 30 ;;");
    let begin = std::time::Instant::now();
    let (status, said) = place.run("previous production", &[("LIMIT_SECONDS", "1")]);
    assert!(status == 124 && said.contains("longer than 1 seconds"), "{status}: {said}");
    assert!(begin.elapsed().as_secs() < 20);
}

#[test]
fn a_smoke_test_wants_the_commit_that_was_released_or_returned_to() {
    let place = Place::new("version");
    let older = place.commit("app", "code");
    let head = place.commit("app", "more code");
    platform(&place, &format!("commit-of) echo {older} ;;"));
    let serves = |answer: &str| place.program("curl", answer);
    let verify =
        |word: &str| place.run(&format!("verify production{word}"), &[("APP_URL", "https://x.example")]);
    let version =
        |version: &str| format!("printf '{{\"status\": \"healthy\",\\n  \"version\": \"{version}\"}}\\n'");
    serves(&version(&head));
    let (status, said) = verify("");
    assert!(status == 0 && said.contains(&format!("answers with commit {head}")), "{said}");
    serves(&version(&format!("registry.example/app:{head}")));
    assert_eq!(verify("").0, 0, "the commit is part of an image's name");
    serves(&version(&older));
    let (status, said) = verify("");
    assert!(status == 1 && said.contains(&format!("answers with commit {older}, not with {head}")), "{said}");
    serves(&format!(
        "n=$(cat asked 2> /dev/null || echo 0); echo $((n + 1)) > asked; if [ $n -lt 3 ]; then {}; else {}; fi",
        version(&older),
        version(&head)
    ));
    assert_eq!(verify("").0, 0, "it is asked again until the new one answers");
    for other in [version("1.4.2"), version("20261126"), "echo '<html>'".to_owned(), ":".to_owned()] {
        serves(&other);
        let (status, said) = verify("");
        assert!(status == 0 && said.contains("it tells no commit"), "{other}: {said}");
    }
    let nested = |own: &str| {
        format!(
            "echo '{{\"dependencies\":{{\"redis\":{{\"version\":\"7.2\"}}}},\"version\":\"{own}\",\"by\":{{\"version\":\"2\"}}}}'"
        )
    };
    serves(&nested(&head));
    let (status, said) = verify("");
    assert!(status == 0 && said.contains(&format!("answers with commit {head}")), "{said}");
    serves(&nested(&older));
    let (status, said) = verify("");
    assert!(status == 1 && said.contains(&format!("answers with commit {older}, not with {head}")), "{said}");
    serves("echo '{\"status\": \"unhealthy\", \"version\": \"1\"}'");
    let (status, said) = verify("");
    assert!(status == 1 && said.contains("it answers that it is unhealthy"), "{said}");
    // As curl does with a redirect that it may not follow.
    serves("case \" $* \" in *' --location --max-redirs 0 '*) exit 47 ;; esac");
    let (status, said) = verify("");
    assert!(status == 1 && said.contains("no redirect counts"), "{said}");
    serves("echo nothing >&2; exit 22");
    assert_eq!(verify("").0, 1);
    serves(&version(&older));
    assert_eq!(place.run("rollback production", &[]).0, 0);
    let (status, said) = verify(" returned");
    assert!(status == 0 && said.contains(&format!("answers with commit {older}")), "{said}");
    serves(&version(&head));
    assert_eq!(verify(" returned").0, 1, "the failed release still answers");
}

#[test]
fn a_smoke_test_requests_the_address_that_was_made() {
    let place = Place::new("made");
    place.program("curl", "for word; do :; done; echo \"asked $word\" >&2");
    let token = [("TOKEN", "x")];
    let (status, said) = place.run("verify-copy staging", &token);
    assert!(status == 2 && said.contains("COPY_URL: the address of the release is not known"), "{said}");
    assert_eq!(place.run("deploy staging", &token).0, 0);
    assert!(place.run("verify-copy staging", &token).1.contains("asked https://copy.example/health"));
    assert_eq!(place.run("deploy production", &token).0, 0);
    assert_eq!(place.run("verify-copy production", &token).0, 2, "production has an address of its own");
}

#[test]
fn code_goes_back_by_itself_only_over_migrations_that_it_runs_with() {
    let place = Place::new("guard");
    let before = place.commit("app", "code");
    platform(&place, "");
    place.run("previous production", &[]);
    let back = |commit: &str| place.run("rollback production recorded", &[("PREVIOUS_COMMIT", commit)]);
    place.commit("app", "more code");
    assert_eq!(back(&before).0, 0, "no migration lies between");
    place.commit("db/migrate/1.sql", "add a column\n\nMigration: expand");
    assert_eq!(back(&before).0, 0, "it is marked");
    let drop = place.commit("db/migrate/2.sql", "drop a column");
    let (status, said) = back(&before);
    assert!(status == 1 && said.contains(&drop) && said.contains("call team lead"), "{said}");
    assert!(!said.contains("back to"), "{said}");
    assert_eq!(back(&drop).0, 0, "that migration was there before");
    assert_eq!(back("").0, 1, "what lies between is unknown, and the commit is not marked");
    assert_eq!(place.run("rollback production", &[]).0, 0, "a person decides");
}

#[test]
fn a_failure_in_the_middle_of_a_list_ends_the_script() {
    let place = Place::new("failure");
    let path = place.0.join("deploy/deploy");
    let text = fs::read_to_string(&path).expect("a script");
    let failing = text.replace("printf '%s\\n' \"$COMMIT-$ENVIRONMENT\"", "false && true");
    assert_ne!(text, failing);
    fs::write(&path, format!("{failing}\necho went on\n")).expect("a script");
    let (status, said) = place.run("deploy production", &[("TOKEN", "x")]);
    assert!(status != 0 && !said.contains("went on"), "{said}");
}

/// The design with `text` in every free field of its scripts: all but the lines, which are ours.
fn with(text: &str) -> Design {
    let mut design = sample::on_host(&sample::next_on_render(), "other");
    let mut fields: Vec<&mut String> = vec![&mut design.application.slug];
    for script in &mut design.delivery.scripts {
        let Script { purpose, environments, options, needs, defaults, tools, actions, .. } = script;
        fields.push(purpose);
        for environment in environments {
            fields.push(&mut environment.name);
            fields.extend(environment.values.values_mut());
        }
        fields.extend(options.iter_mut().map(|option| &mut option.word));
        for need in needs {
            fields.push(&mut need.purpose);
            fields.extend(&mut need.environments);
        }
        defaults.insert("DATABASE_URL".to_owned(), text.to_owned());
        defaults.insert(text.to_owned(), text.to_owned());
        tools.push(text.to_owned());
        for action in actions {
            match action {
                Action::Command { purpose, command, directory } => {
                    fields.extend([purpose, command, directory]);
                }
                Action::Freeze { window, environments } => {
                    fields.extend([&mut window.text, &mut window.zone]);
                    fields.extend(environments);
                }
                Action::MigrationGuard { paths, call } => {
                    fields.push(call);
                    fields.extend(paths);
                }
                Action::Prepare { purpose, .. }
                | Action::Install { purpose, .. }
                | Action::Run { purpose, .. }
                | Action::Record { purpose, .. }
                | Action::Recall { purpose, .. }
                | Action::Smoke { purpose, .. } => fields.push(purpose),
                Action::Await { purpose, good, bad, .. } => {
                    fields.push(purpose);
                    fields.extend(good.iter_mut().chain(bad));
                }
                Action::KeepAddress { purpose, environments, .. } => {
                    fields.push(purpose);
                    fields.extend(environments);
                }
                Action::KeepDigest { purpose, variable, .. } => fields.extend([purpose, variable]),
                Action::TakeDigests { variables } => fields.extend(variables),
                Action::BeginDigests | Action::Returned => {}
            }
        }
    }
    for field in fields {
        text.clone_into(field);
    }
    design
}

fn parses(text: &str) -> Result<(), String> {
    let shell = Command::new("sh")
        .arg("-n")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut shell = shell.map_err(|error| error.to_string())?;
    let mut input = shell.stdin.take().ok_or("no input")?;
    input.write_all(text.as_bytes()).map_err(|error| error.to_string())?;
    drop(input);
    let output = shell.wait_with_output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_value_is_syntax_of_a_script(text in hostile::text()) {
        for file in pipeline_files(&with(&text)).iter().filter(|file| file.syntax == "sh") {
            let parsed = parses(&file.contents);
            prop_assert!(parsed.is_ok(), "{parsed:?}\n{}", file.contents);
        }
    }

    #[test]
    fn a_command_of_the_repository_stays_one_step(text in hostile::text()) {
        let files = pipeline_files(&with(&text));
        let test = files.iter().find(|file| file.path == "deploy/test").expect("a script");
        // Whatever the first command says, the script reaches what stands after it as its own text.
        let end = format!("{}\n: the end\n", test.contents);
        prop_assert!(parses(&end).is_ok());
        prop_assert!(end.lines().filter(|line| *line == ")").count() >= 2, "{end}");
    }
}
