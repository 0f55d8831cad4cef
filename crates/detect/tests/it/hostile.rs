//! Trees that nobody wrote with good intentions, or at all.

use std::fs;
use std::path::Path;

use siteplan_detect::{DetectError, Options, survey};

use crate::tree::{SIGNALS, survey_of, surveyed, write};

#[test]
fn a_broken_manifest_is_said_and_does_not_stop_the_rest() {
    let survey = surveyed(&[
        ("package.json", "{\n  \"name\": \"x\",\n}\n"),
        ("api/requirements.txt", "flask\n"),
        ("api/app.py", "app = Flask(__name__)\n"),
    ]);
    let skipped = survey.skipped.iter().find(|one| one.path == "package.json").expect("said");
    assert_eq!(skipped.why, "not valid JSON at line 3");
    assert_eq!(survey.services.len(), 1);
}

#[test]
fn the_same_tree_gives_the_same_bytes() {
    let files: Vec<(String, String)> = (0..200)
        .map(|n| (format!("src/f{n}.js"), format!("process.env.V{n}; app.listen({})", 3000 + n)))
        .collect();
    let mut files: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    files.push((
        "package.json",
        r#"{"scripts": {"start": "node src/f0.js"}, "dependencies": {"express": "4"}}"#,
    ));
    let folder = write(&files);
    let text = || serde_json::to_string(&survey_of(folder.path())).expect("JSON");
    let first = text();
    for _ in 0..5 {
        assert_eq!(first, text());
    }
}

#[test]
fn nothing_that_can_steer_a_terminal_comes_out() {
    let survey = surveyed(&[
        (
            "package.json",
            "{\"name\": \"a\\u001b[31mb\", \"scripts\": {\"start\": \"node \\u0007a.js\"}, \"dependencies\": {\"express\": \"4\\u001b\"}}",
        ),
        ("a\u{1b}[2J.js", "process.env.A; // \u{1b}[31m\napp.listen(3000)"),
        ("b\nc.js", "process.env.B"),
    ]);
    let value = serde_json::to_value(&survey).expect("JSON");
    assert!(plain(&value), "{value}");
}

/// Whether no string holds a control character.
fn plain(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::String(text) => !text.chars().any(char::is_control),
        serde_json::Value::Array(items) => items.iter().all(plain),
        serde_json::Value::Object(fields) => {
            fields.iter().all(|(key, field)| !key.chars().any(char::is_control) && plain(field))
        }
        _ => true,
    }
}

#[test]
fn installed_built_and_ignored_files_are_not_the_application() {
    let survey = surveyed(&[
        ("node_modules/next/package.json", r#"{"name": "next", "scripts": {"start": "x"}}"#),
        (".venv/lib/a.py", "os.environ['NO']"),
        ("ignored/package.json", r#"{"dependencies": {"express": "4"}, "scripts": {"start": "node a.js"}}"#),
        ("ignored/a.js", "app.listen(1)"),
        (".gitignore", "ignored/\n"),
        ("index.html", ""),
    ]);
    assert_eq!(survey.services.len(), 1);
    assert!(survey.environment.is_empty());
    // The list of what was not read is for what a person should know.
    assert!(survey.skipped.is_empty(), "{:?}", survey.skipped);
}

#[test]
fn odd_bytes_large_files_and_deep_folders_are_survived() {
    let folder = write(&[("package.json", r#"{"name": "x"}"#)]);
    fs::write(folder.path().join("a.py"), b"x = '\xff\xfe'\nos.environ['A']\n").expect("a file");
    fs::write(folder.path().join("binary.js"), b"\0\0\0").expect("a file");
    fs::write(folder.path().join("big.json"), vec![b'['; 3 << 20]).expect("a file");
    fs::create_dir(folder.path().join("sub")).expect("a folder");
    fs::write(folder.path().join("sub/package.json"), "[".repeat(200_000)).expect("a file");
    fs::write(folder.path().join("compose.yml"), "a: &a [*a, *a]\n".repeat(50)).expect("a file");
    let deep = (0..60).fold(folder.path().to_owned(), |path, _| path.join("d"));
    fs::create_dir_all(&deep).expect("folders");
    fs::write(deep.join("main.go"), "package main\nfunc main() {}\n").expect("a file");
    let survey = survey_of(folder.path());
    assert!(survey.environment.iter().any(|one| one.name == "A"));
    assert!(survey.skipped.iter().any(|one| one.path == "sub/package.json"));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_out_of_the_root_or_in_circles() {
    let outside = write(&[("package.json", r#"{"dependencies": {"next": "15"}}"#)]);
    let folder = write(&[("index.html", "")]);
    std::os::unix::fs::symlink(outside.path(), folder.path().join("out")).expect("a link");
    std::os::unix::fs::symlink(folder.path(), folder.path().join("circle")).expect("a link");
    fs::write(folder.path().join(".git"), format!("gitdir: {}\n", outside.path().display())).expect("a file");
    let survey = survey_of(folder.path());
    assert!(survey.frameworks.is_empty());
    let links: Vec<_> = survey.skipped.iter().filter(|one| one.why.contains("symbolic link")).collect();
    // The circle leads to what is read at its own place.
    assert_eq!(links.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["out"]);
    assert!(survey.default_branch.is_none());
}

#[test]
fn a_bare_repository_says_what_to_do() {
    let survey = surveyed(&[
        ("HEAD", "ref: refs/heads/main\n"),
        ("config", "[core]\n\tbare = true\n[remote \"origin\"]\n\turl = git@github.com:acme/shop.git\n"),
        ("objects/pack/x", ""),
        ("refs/heads/main", ""),
    ]);
    assert!(survey.is_empty() && survey.files == 0);
    assert!(survey.skipped[0].why.contains("clone it"));
    assert_eq!(survey.repository.as_ref().map(|fact| fact.value.as_str()), Some("acme/shop"));
}

#[test]
fn a_remote_that_is_no_plain_path_gives_no_repository() {
    for url in
        ["https://github.com/acme/shop/$(id)", "https://github.com/acme", "https://example.org/acme/shop"]
    {
        let survey = surveyed(&[
            (".git/config", &format!("[remote \"origin\"]\n\turl = {url}\n")),
            ("index.html", ""),
        ]);
        assert!(survey.repository.is_none(), "{url}");
    }
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_said_by_its_place() {
    use std::os::unix::fs::PermissionsExt;
    let folder = write(&[("closed/package.json", "{}"), ("secret.py", "x"), ("index.html", "")]);
    let close = |path: &str| {
        let path = folder.path().join(path);
        fs::set_permissions(path, fs::Permissions::from_mode(0o0)).expect("permissions");
    };
    close("closed");
    close("secret.py");
    let readable = fs::read_dir(folder.path().join("closed")).is_ok();
    let survey = survey_of(folder.path());
    fs::set_permissions(folder.path().join("closed"), fs::Permissions::from_mode(0o755))
        .expect("permissions");
    // To the superuser nothing is closed.
    if !readable {
        let said: Vec<_> = survey.skipped.iter().map(|one| one.path.as_str()).collect();
        assert_eq!(said, ["closed", "secret.py"]);
    }
}

#[test]
fn what_cannot_be_surveyed_says_what_to_do() {
    let options = Options { spec_path: "specs", root_name: ".", signals: &SIGNALS };
    let missing = survey(Path::new("/no/such/folder"), &options).expect_err("missing");
    assert!(matches!(missing, DetectError::Missing(_)));
    assert_eq!(missing.to_string(), "`/no/such/folder` does not exist; give the folder of a repository");
    let folder = write(&[("a.txt", "")]);
    let file = survey(&folder.path().join("a.txt"), &options).expect_err("a file");
    assert!(matches!(file, DetectError::NotADirectory(_)));
}

#[test]
fn an_empty_folder_is_a_planned_application() {
    let survey = surveyed(&[]);
    assert!(survey.is_empty() && survey.app_type.is_none() && survey.files == 0);
}
