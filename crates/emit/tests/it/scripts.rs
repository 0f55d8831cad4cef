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

#[test]
fn a_rollback_returns_to_what_was_kept_to_what_is_named_or_to_the_one_before() {
    let place = Place::new("back");
    let head = place.commit("app", "code");
    assert!(place.run("previous production", &[]).1.contains("PREVIOUS_ID=r1"));
    let kept = [("PREVIOUS_COMMIT", head.as_str())];
    let (status, said) = place.run("rollback production recorded", &kept);
    assert!(status == 0 && said.contains("back to r1"), "{said}");
    assert!(place.run("rollback production", &[]).1.contains("back to r0"));
    assert!(place.run("rollback production", &[("PREVIOUS_ID", "r7")]).1.contains("back to r7"));
    let (status, said) = place.run("rollback production", &[("PREVIOUS_ID", "r\"7; id")]);
    assert!(status == 1 && said.contains("not the id of a release"), "{said}");
    let (status, said) = place.run("rollback staging recorded", &kept);
    assert!(status == 1 && said.contains("no earlier release is known"), "{said}");
    assert_eq!(place.run("rollback production soon", &[]).0, 2);
}

#[test]
fn code_goes_back_by_itself_only_over_migrations_that_it_runs_with() {
    let place = Place::new("guard");
    let before = place.commit("app", "code");
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
                | Action::Run { purpose, .. }
                | Action::Record { purpose, .. }
                | Action::Recall { purpose, .. } => fields.push(purpose),
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
