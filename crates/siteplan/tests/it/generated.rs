//! What is generated for the examples: the same whenever it is asked for, and what the document says.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::repository::{DAY, DOCUMENT, Repository, assert_same, stderr, stdout, workspace};

/// The hosts of code, in turns.
const HOSTS: [&str; 4] = ["github", "gitlab", "bitbucket", "other"];

fn examples() -> Vec<PathBuf> {
    let entries = fs::read_dir(workspace().join("examples")).expect("examples exist");
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.expect("examples can be read").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn platforms() -> Vec<String> {
    let entries = fs::read_dir(workspace().join("crates/catalog/data/platforms")).expect("platforms exist");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    let mut ids: Vec<String> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    ids.sort();
    ids
}

/// Every platform with an example and a host of code, each example and each host in turn.
fn cases() -> Vec<(PathBuf, String, &'static str)> {
    let examples = examples();
    let case = |(at, platform): (usize, String)| {
        (examples[at % examples.len()].clone(), platform, HOSTS[at % HOSTS.len()])
    };
    platforms().into_iter().enumerate().map(case).collect()
}

/// A planned example.
fn planned(example: &Path, platform: &str, host: &str) -> Repository {
    let repository = Repository::copy_of(example);
    let (platform, host) = (format!("platform={platform}"), format!("code_host={host}"));
    repository.plan(&["--set", &platform, "--set", &host]).code(0);
    repository
}

#[test]
fn a_design_is_the_same_after_it_was_carried_out() {
    let cases = cases();
    assert!(cases.len() >= 15, "only {} platforms", cases.len());
    for (example, platform, host) in cases {
        let case = format!("{} on {platform}, {host}", example.display());
        let repository = planned(&example, &platform, host);
        // An example may have files of its own in the place of generated ones.
        repository.run(&["generate", "--force", "--date", DAY]).code(0);
        let first = repository.files(".");
        for words in [&["plan"][..], &["generate", "--check"]] {
            let run = repository.run(words);
            let said = format!("{case}: {words:?}\n{}{}", stdout(&run), stderr(&run));
            assert_eq!(run.get_output().status.code(), Some(0), "{said}");
            assert!(repository.files(".") == first, "{said}");
        }
        assert_same(&repository.files("."), &first);
    }
}

#[test]
fn the_document_lists_and_shows_what_is_generated_byte_by_byte() {
    let mut shown_files = 0;
    for example in examples() {
        for (platform, host) in [
            ("render", "github"),
            ("kubernetes-gke", "gitlab"),
            ("fly", "bitbucket"),
            ("docker-compose-vps", "other"),
        ] {
            let repository = planned(&example, platform, host);
            let run = repository.run(&["generate", "--force", "--date", DAY, "--format", "json"]).code(0);
            let result: Value = serde_json::from_str(&stdout(&run)).expect("the result is JSON");
            let document = repository.text(DOCUMENT);
            let written: BTreeMap<String, String> = result["files"]
                .as_array()
                .expect("a result lists files")
                .iter()
                .filter(|file| file["part"] != "document")
                .map(|file| file["path"].as_str().expect("a path").to_owned())
                .map(|path| (path.clone(), repository.text(&path)))
                .collect();
            let listed: BTreeMap<String, usize> = document.lines().filter_map(row).collect();
            let lines = |(path, text): (&String, &String)| (path.clone(), text.lines().count());
            assert_eq!(listed, written.iter().map(lines).collect(), "{} on {platform}", example.display());
            for (path, text) in shown(&document) {
                assert_eq!(Some(&text), written.get(&path), "{path} on {platform}");
                shown_files += 1;
            }
            for script in scripts(&document) {
                assert!(
                    written.contains_key(&script),
                    "{platform}: the document calls `{script}`, which nothing writes"
                );
            }
        }
    }
    assert!(shown_files >= 20, "only {shown_files} files are shown");
}

/// A row of the table of files: the path and its lines.
fn row(line: &str) -> Option<(String, usize)> {
    let mut cells = line.strip_prefix("| `")?.split(" | ");
    let path = cells.next()?.strip_suffix('`')?;
    let part = cells.next()?;
    let parts = ["pipeline", "rollback", "platform", "image", "health", "environment"];
    Some((path.to_owned(), cells.next()?.parse().ok()?)).filter(|_| parts.contains(&part))
}

/// The fenced texts below a line that begins with a file's path.
fn shown(document: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut lines = document.lines().peekable();
    while let Some(line) = lines.next() {
        let path = line.strip_prefix('`').and_then(|rest| rest.split_once("`, ")).map(|(path, _)| path);
        let Some(path) = path.filter(|_| line.ends_with(':')) else { continue };
        lines.next_if_eq(&"");
        let Some(fence) = lines.next_if(|line| line.starts_with("```")) else { continue };
        let marks: String = fence.chars().take_while(|mark| *mark == '`').collect();
        let text: Vec<&str> = lines.by_ref().take_while(|line| *line != marks).collect();
        found.push((path.to_owned(), text.join("\n") + "\n"));
    }
    found
}

/// Scripts of the repository that the document's commands call.
fn scripts(document: &str) -> Vec<String> {
    let words = document.lines().filter_map(|line| {
        line.trim().split_once(' ').map_or(line.trim(), |(word, _)| word).strip_prefix("./")
    });
    words.filter(|word| word.starts_with("deploy/")).map(str::to_owned).collect()
}
