//! `siteplan generate`: what it writes, what it leaves alone, and what it says of the difference.

mod edits;

use crate::repository::{BRIEF, DOCUMENT, Repository, assert_same, stderr, stdout};

/// The pipeline of the small repository.
const PIPELINE: &str = ".github/workflows/deploy.yml";

impl Repository {
    /// Generates with the answers that are there, on the day of these tests.
    fn generate(&self, words: &[&str]) -> assert_cmd::assert::Assert {
        self.run(&[&["generate", "--date", crate::repository::DAY], words].concat())
    }

    /// A small repository whose plan is written and generated.
    fn generated(words: &[&str]) -> Self {
        let repository = Self::small();
        repository.plan(words).code(0);
        repository.generate(&[]).code(0);
        repository
    }
}

fn json(run: &assert_cmd::assert::Assert) -> serde_json::Value {
    serde_json::from_str(&stdout(run)).unwrap_or_else(|error| panic!("{error}: {}", stdout(run)))
}

/// The action of a file in a result.
fn action(result: &serde_json::Value, path: &str) -> String {
    let files = result["files"].as_array().expect("a result lists files");
    let file = files.iter().find(|file| file["path"] == path);
    file.map_or_else(String::new, |file| file["action"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn without_a_plan_it_says_what_is_missing() {
    let repository = Repository::small();
    let before = repository.files(".");
    let run = repository.generate(&[]).code(3);
    for expected in ["budget", "--set scale=", "--defaults", "siteplan plan"] {
        assert!(stderr(&run).contains(expected), "`{expected}` is not in\n{}", stderr(&run));
    }
    assert_same(&repository.files("."), &before);
}

#[test]
fn it_writes_the_files_of_the_design_and_keeps_their_text() {
    let repository = Repository::small();
    let run = repository.generate(&["--defaults"]).code(0);
    assert!(stdout(&run).contains(PIPELINE), "{}", stdout(&run));
    assert!(stdout(&run).contains("Next:"), "{}", stdout(&run));
    let result = json(&repository.generate(&["--check", "--format", "json"]).code(0));
    assert_eq!(result["schema"], "siteplan/generation@1");
    assert_eq!((&result["clean"], &result["written"]), (&true.into(), &false.into()));
    let files = result["files"].as_array().expect("a result lists files");
    assert!(files.iter().any(|file| file["part"] == "pipeline"), "{result}");
    for file in files.iter().filter(|file| file["part"] != "document") {
        let path = file["path"].as_str().expect("a path");
        assert_eq!(
            repository.text(path),
            repository.text(&format!("specs/.siteplan/base/{path}.base")),
            "{path}"
        );
    }
    assert!(repository.text(BRIEF).contains("[answers]"));
    assert!(repository.text(DOCUMENT).contains("Technical Design Document"));
}

#[test]
fn nothing_is_written_twice_and_every_later_run_says_the_same() {
    let repository = Repository::generated(&[]);
    let first = repository.files(".");
    let run = repository.generate(&[]).code(0);
    assert!(stdout(&run).contains("nothing to write"), "{}", stdout(&run));
    repository.run(&["plan"]).code(0);
    repository.generate(&["--check"]).code(0);
    repository.generate(&["--force"]).code(0);
    assert_same(&repository.files("."), &first);
}

#[cfg(unix)]
#[test]
fn scripts_are_executable() {
    use std::os::unix::fs::PermissionsExt as _;

    let repository = Repository::generated(&["--set", "code_host=other"]);
    let files = repository.files("deploy");
    assert!(!files.is_empty());
    for (path, bytes) in files.0.iter().filter(|(_, bytes)| bytes.starts_with(b"#!")) {
        let mode = std::fs::metadata(repository.path().join(path)).expect("it exists").permissions().mode();
        assert_eq!(mode & 0o777, 0o755, "{} {}", path.display(), bytes.len());
    }
}

#[test]
fn every_file_that_siteplan_did_not_write_is_named_and_none_is_touched() {
    let repository = Repository::small();
    repository.plan(&[]).code(0);
    let planned = json(&repository.generate(&["--check", "--format", "json"]).code(1));
    let paths: Vec<&str> = planned["files"]
        .as_array()
        .expect("a result lists files")
        .iter()
        .filter(|file| file["part"] != "document")
        .map(|file| file["path"].as_str().expect("a path"))
        // A workflow takes another name where one is taken.
        .filter(|path| !path.starts_with(".github/"))
        .take(2)
        .collect();
    assert_eq!(paths.len(), 2, "{planned}");
    for path in &paths {
        repository.put(path, "# ours\n");
    }
    let before = repository.files(".");
    let run = repository.generate(&[]).code(4);
    for expected in paths.iter().copied().chain(["--force", "--diff", "--only", "--keep"]) {
        assert!(stderr(&run).contains(expected), "`{expected}` is not in\n{}", stderr(&run));
    }
    for (path, bytes) in &before.0 {
        assert_eq!(
            std::fs::read(repository.path().join(path)).ok().as_ref(),
            Some(bytes),
            "{}",
            path.display()
        );
    }
    let added = repository.files(".").0.into_keys().filter(|path| !before.0.contains_key(path));
    for path in added {
        assert!(path.starts_with("specs/.siteplan/proposed"), "{}", path.display());
    }
    // Kept, they stay, and the others are written.
    repository.generate(&["--keep"]).code(0);
    assert_eq!(repository.text(paths[0]), "# ours\n");
    // That is settled by one run, and stays so whatever becomes of the person's own file.
    repository.put(paths[0], "# ours\n# more\n");
    let run = repository.generate(&["--check"]).code(0);
    assert!(stdout(&run).contains("kept") && stdout(&run).contains(paths[0]), "{}", stdout(&run));
    let kept = repository.files(".");
    repository.generate(&[]).code(0);
    assert_same(&repository.files("."), &kept);
    repository.put(paths[0], "# ours\n");
    // Forced by name, they are replaced, and their text is kept.
    repository.generate(&["--force", "--only", &paths.join(",")]).code(0);
    for path in &paths {
        assert_ne!(repository.text(path), "# ours\n");
    }
    assert_eq!(repository.files("specs/.siteplan/backup").0.len(), 2);
    repository.generate(&["--check"]).code(0);
}

#[test]
fn one_part_alone_is_written() {
    let repository = Repository::small();
    repository.plan(&[]).code(0);
    let before = repository.files("specs");
    repository.generate(&["--only", "pipeline"]).code(0);
    assert!(repository.path().join(PIPELINE).exists());
    let written = json(&repository.generate(&["--check", "--format", "json"]).code(1));
    for file in written["files"].as_array().expect("a result lists files") {
        let settled = matches!(file["part"].as_str(), Some("document" | "pipeline"));
        assert_eq!(file["action"] == "unchanged", settled, "{file}");
    }
    for (path, bytes) in &before.0 {
        assert_eq!(
            std::fs::read(repository.path().join(path)).ok().as_ref(),
            Some(bytes),
            "{}",
            path.display()
        );
    }
    let run = repository.generate(&["--only", "pipelin"]).code(2);
    assert!(stderr(&run).contains("did you mean `pipeline`?"), "{}", stderr(&run));
}

#[test]
fn a_check_tells_what_is_missing_and_a_rehearsal_writes_nothing() {
    let repository = Repository::generated(&[]);
    std::fs::remove_file(repository.path().join(PIPELINE)).expect("a file can be removed");
    let before = repository.files(".");
    let run = repository.generate(&["--check"]).code(1);
    assert!(stdout(&run).contains("missing") && stdout(&run).contains(PIPELINE), "{}", stdout(&run));
    let run = repository.generate(&["--diff"]).code(0);
    assert!(stdout(&run).contains(&format!("--- /dev/null\n+++ b/{PIPELINE}\n")), "{}", stdout(&run));
    let run = repository.generate(&["--dry-run"]).code(0);
    assert!(stdout(&run).contains("would write"), "{}", stdout(&run));
    let result = json(&repository.generate(&["--check", "--diff", "--format", "json"]).code(1));
    assert_eq!(action(&result, PIPELINE), "created");
    assert_same(&repository.files("."), &before);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_repository_is_never_written_through() {
    let outside = Repository::empty();
    let repository = Repository::small();
    repository.plan(&[]).code(0);
    std::os::unix::fs::symlink(outside.path(), repository.path().join(".github"))
        .expect("a link can be made");
    for words in [&[][..], &["--force"]] {
        let run = repository.generate(words).code(4);
        assert!(stderr(&run).contains("leads out of the repository"), "{}", stderr(&run));
    }
    assert!(outside.files(".").is_empty());
    assert!(!repository.path().join(format!("specs/.siteplan/base/{PIPELINE}.base")).exists());
}

#[test]
fn no_tool_takes_what_siteplan_keeps_for_source_and_older_trees_can_be_read() {
    const SOURCE: [&str; 12] =
        ["js", "ts", "py", "rb", "go", "rs", "sh", "yml", "yaml", "toml", "md", "json"];
    let repository = Repository::generated(&[]);
    let first = repository.files(".");
    for path in repository.files("specs/.siteplan/base").0.into_keys() {
        let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        assert!(!SOURCE.contains(&ending.as_str()), "{}", path.display());
    }
    // A tree as it was written before: the texts under their own names.
    for (path, bytes) in &first.0 {
        let name = path.to_string_lossy();
        if let Some(own) = name.strip_suffix(".base") {
            std::fs::rename(repository.path().join(path), repository.path().join(own))
                .expect("it can be moved");
            assert!(!bytes.is_empty());
        }
    }
    let edited = format!("# ours\n{}", repository.text(PIPELINE));
    repository.put(PIPELINE, &edited);
    let run = repository.generate(&["--check"]).code(1);
    assert!(stdout(&run).contains("edited") && !stdout(&run).contains("not siteplan's"), "{}", stdout(&run));
    repository.put(PIPELINE, &edited["# ours\n".len()..]);
    repository.generate(&["--check"]).code(0);
    repository.generate(&[]).code(0);
    assert_same(&repository.files("."), &first);
}

#[test]
fn a_file_of_processes_of_the_repositorys_own_is_respected() {
    let own = "web: node server.js\nworker: node worker.js\n";
    let repository = Repository::small();
    repository.put("Procfile", own);
    repository.put("worker.js", "setInterval(() => {}, 1000);\n");
    repository.put("migrations/1_a.js", "exports.up = () => {};\nexports.down = () => {};\n");
    let manifest = repository.text("package.json").replace("\"pg\":", "\"node-pg-migrate\": \"^8\", \"pg\":");
    repository.put("package.json", &manifest);
    let run = repository.plan(&["--set", "platform=heroku"]).code(0);
    assert!(stdout(&run).contains("names no process `release`"), "{}", stdout(&run));
    repository.generate(&[]).code(0);
    assert_eq!(repository.text("Procfile"), own);
    assert!(repository.path().join("deploy/migrate").exists());
    let first = repository.files(".");
    repository.generate(&["--check"]).code(0);
    repository.generate(&[]).code(0);
    repository.run(&["plan"]).code(0);
    assert_same(&repository.files("."), &first);
    // The line that was named is all that the platform needs.
    let document = repository.text(DOCUMENT);
    let line = document
        .split("add the line `")
        .nth(1)
        .and_then(|rest| rest.split('`').next())
        .expect("it names the line");
    repository.put("Procfile", &format!("{line}\n{own}"));
    repository.generate(&[]).code(0);
    assert!(!repository.path().join("deploy/migrate").exists());
    assert!(!repository.text(DOCUMENT).contains("names no process"));
    repository.generate(&["--check"]).code(0);
    // Replaced, the plan is stable too, and lets the platform migrate.
    repository.put("Procfile", "web: node other.js\nclock: node clock.js\n");
    repository.generate(&["--force"]).code(0);
    let forced = repository.files(".");
    repository.run(&["plan"]).code(0);
    repository.generate(&["--check"]).code(0);
    assert_same(&repository.files("."), &forced);
}

#[test]
fn a_platforms_file_of_the_repositorys_own_is_held_against_the_design() {
    let repository = Repository::small();
    repository.plan(&["--set", "platform=heroku"]).code(0);
    repository.put("app.json", "{\n  \"name\": \"ours\",\n  \"keywords\": [\"notes\"]\n}\n");
    let run = repository.generate(&[]).code(4);
    for expected in ["name = \"notes\", where yours says \"ours\"", "stack = ", "--keep leaves app.json"] {
        assert!(stderr(&run).contains(expected), "`{expected}` is not in\n{}", stderr(&run));
    }
    // What is proposed is the person's text with what it lacks.
    let proposal = repository.text("specs/.siteplan/proposed/app.json.proposed");
    assert!(proposal.contains("\"keywords\": [\"notes\"]") && proposal.contains("\"stack\""), "{proposal}");
    let result = json(&repository.generate(&["--check", "--format", "json"]).code(1));
    let files = result["files"].as_array().expect("a result lists files");
    let lacks = files.iter().find(|file| file["path"] == "app.json").map(|file| file["lacks"].to_string());
    assert!(lacks.is_some_and(|lacks| lacks.contains("stack")), "{result}");
    // Taken over with the same name, it says all that is wanted and is still the person's.
    repository.put("app.json", &proposal.replace("\"ours\"", "\"notes\""));
    repository.generate(&[]).code(0);
    assert!(!repository.path().join("specs/.siteplan/base/app.json.base").exists());
    repository.generate(&["--check"]).code(0);
}

#[test]
fn two_processes_of_one_folder_are_generated() {
    let example = crate::repository::workspace().join("examples/tasks-fastapi");
    for second in
        ["admin: uvicorn app.admin:app --host 0.0.0.0 --port 9000", "metrics: python -m http.server 9100"]
    {
        let repository = Repository::copy_of(&example);
        let first = "web: uvicorn app.main:app --host 0.0.0.0 --port $PORT";
        repository.put("Procfile", &format!("{first}\n{second}\n"));
        repository.put("app/admin.py", "from fastapi import FastAPI\n\napp = FastAPI()\n");
        repository.plan(&["--set", "platform=fly"]).code(0);
        repository.generate(&["--force"]).code(0);
        assert!(repository.path().join("app/health.py").exists(), "{second}");
        repository.generate(&["--check"]).code(0);
    }
}

#[test]
fn a_link_to_another_file_is_never_written_through() {
    const SECRETS: &str = "API_KEY=a-persons-own\n";
    let repository = Repository::small();
    repository.put(".env", SECRETS);
    std::os::unix::fs::symlink(".env", repository.path().join(".env.example")).expect("a link can be made");
    repository.plan(&[]).code(0);
    let before = repository.files(".");
    for words in [&[][..], &["--force"], &["--force", "--only", ".env.example"], &["--check"], &["--diff"]] {
        let run = repository.generate(words).code(4);
        assert!(stderr(&run).contains("symbolic link to `.env`"), "{}", stderr(&run));
        assert!(!stdout(&run).contains("a-persons-own"), "{}", stdout(&run));
    }
    assert_same(&repository.files("."), &before);
    assert_eq!(repository.text(".env"), SECRETS);
    assert!(repository.path().join(".env.example").is_symlink());

    // A link at another place of siteplan's.
    let repository = Repository::small();
    repository.plan(&[]).code(0);
    repository.put("ours.yml", "mine: true\n");
    repository.put(".github/workflows/keep", "");
    std::os::unix::fs::symlink("../../ours.yml", repository.path().join(PIPELINE))
        .expect("a link can be made");
    for words in [&[][..], &["--force"]] {
        let run = repository.generate(words).code(4);
        assert!(stderr(&run).contains("symbolic link to `../../ours.yml`"), "{}", stderr(&run));
    }
    assert_eq!(repository.text("ours.yml"), "mine: true\n");
    repository.generate(&["--keep"]).code(0);
    repository.generate(&["--check"]).code(0);
    assert_eq!(repository.text("ours.yml"), "mine: true\n");
}

#[test]
fn a_workflow_that_calls_the_generated_script_deploys() {
    let repository = Repository::small();
    repository.put(
        ".github/workflows/ours.yml",
        "on: push\njobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ./deploy/deploy production\n",
    );
    repository.plan(&[]).code(0);
    let document = repository.text(DOCUMENT);
    assert!(document.contains("Job `ship` of `.github/workflows/ours.yml` deploys with"), "{document}");
}

#[test]
fn a_part_alone_is_not_written_for_another_answer() {
    let repository = Repository::generated(&["--set", "platform=fly"]);
    let before = repository.files(".");
    let run = repository.generate(&["--set", "platform=render", "--only", "pipeline"]).code(4);
    assert!(stderr(&run).contains("another `platform`"), "{}", stderr(&run));
    assert_same(&repository.files("."), &before);
    repository.generate(&["--set", "platform=fly", "--only", "pipeline"]).code(0);
}
