//! Trees that nobody wrote with good intentions, or at all.

use std::fs;
use std::path::Path;

use siteplan_detect::{DetectError, Options, survey};
use siteplan_model::survey::Survey;

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
    let options = Options { spec_path: "specs", root_name: ".", own: &[], signals: &SIGNALS };
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

/// Bytes in a file of that name.
fn put(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
    fs::write(path, bytes).expect("a file");
}

/// Why a path was not read.
fn why<'s>(survey: &'s Survey, path: &str) -> &'s str {
    let found = survey.skipped.iter().find(|one| one.path == path);
    found.map_or_else(|| panic!("`{path}` is not among {:?}", survey.skipped), |one| one.why.as_str())
}

#[test]
fn a_huge_file_is_passed_over_by_its_size() {
    let folder = write(&[("index.html", "")]);
    // Sparse: it takes no room, but reading it would take a while.
    for path in ["package.json", "data/compose.yml", "main.py"] {
        put(folder.path(), path, "{");
        let file = fs::OpenOptions::new().write(true).open(folder.path().join(path)).expect("a file");
        file.set_len(100 << 20).expect("a sparse file");
    }
    let survey = survey_of(folder.path());
    for path in ["package.json", "data/compose.yml", "main.py"] {
        assert_eq!(why(&survey, path), "too large (102400 KB)");
    }
}

#[test]
fn many_files_in_one_folder_and_many_folders_in_each_other_are_walked() {
    let folder = write(&[(
        "package.json",
        r#"{"dependencies": {"express": "4"}, "scripts": {"start": "node a.js"}}"#,
    )]);
    for number in 0..5000 {
        put(folder.path(), &format!("many/f{number}.js"), "");
    }
    put(folder.path(), &format!("{}main.py", "d/".repeat(500)), "import os\nos.environ['DEEP']\n");
    let survey = survey_of(folder.path());
    assert_eq!(survey.files, 5002);
    assert!(survey.environment.iter().any(|one| one.name == "DEEP"));
}

#[test]
fn a_folder_in_the_place_of_a_file_is_a_folder() {
    let survey = surveyed(&[
        ("package.json/index.js", "process.env.A"),
        (
            "Dockerfile/package.json",
            r#"{"dependencies": {"express": "4"}, "scripts": {"start": "node a.js"}}"#,
        ),
        ("Dockerfile/a.js", "app.listen(3000)"),
        (".git/HEAD/x", ""),
        (".gitignore/x", ""),
        ("go.mod/go.mod/go.mod", "module x\n"),
        (".env/x", ""),
        ("requirements.txt/x", ""),
    ]);
    assert_eq!(
        survey.frameworks.iter().map(|fact| fact.fact.value.as_str()).collect::<Vec<_>>(),
        ["express"]
    );
    assert!(survey.default_branch.is_none());
}

#[cfg(unix)]
#[test]
fn pipes_devices_and_sockets_are_never_opened() {
    let folder = write(&[
        ("index.html", ""),
        ("piped/package.json", r#"{"dependencies": {"next": "15"}}"#),
        ("zero/package.json", r#"{"dependencies": {"next": "15"}}"#),
        ("large/package.json", r#"{"dependencies": {"next": "15"}}"#),
    ]);
    let root = folder.path();
    let pipe = |path: &str| {
        #[expect(clippy::disallowed_methods, reason = "the standard library makes no named pipes")]
        let made = std::process::Command::new("mkfifo").arg(root.join(path)).status();
        made.is_ok_and(|status| status.success())
    };
    // Where there is no such command, the other kinds are tried all the same.
    let piped = pipe("package.json") && pipe("piped/.gitignore");
    std::os::unix::fs::symlink("/dev/zero", root.join("Dockerfile")).expect("a link");
    std::os::unix::fs::symlink("/dev/zero", root.join("zero/.ignore")).expect("a link");
    let _socket = std::os::unix::net::UnixListener::bind(root.join("Procfile")).expect("a socket");
    let large = fs::File::create(root.join("large/.gitignore")).expect("a file");
    large.set_len(1 << 30).expect("a sparse file");
    let survey = survey_of(root);
    assert_eq!(why(&survey, "Procfile"), "not a regular file");
    assert_eq!(why(&survey, "Dockerfile"), "symbolic link out of the tree, not followed");
    assert_eq!(
        why(&survey, "zero"),
        "not entered: its `.ignore` is no file of ordinary size within the tree"
    );
    assert_eq!(
        why(&survey, "large"),
        "not entered: its `.gitignore` is no file of ordinary size within the tree"
    );
    if piped {
        assert_eq!(why(&survey, "package.json"), "not a regular file");
        assert_eq!(
            why(&survey, "piped"),
            "not entered: its `.gitignore` is no file of ordinary size within the tree"
        );
        assert!(survey.frameworks.is_empty());
    }
}

#[cfg(unix)]
#[test]
fn what_is_ignored_by_a_linked_list_is_ignored_if_the_list_lies_inside() {
    let folder = write(&[
        (".gitignore", "out.js\n"),
        ("web/out.js", "process.env.NOT_SEEN"),
        ("web/list", "local.js\n"),
        ("web/local.js", "process.env.NOT_SEEN_EITHER"),
        ("web/index.js", "process.env.SEEN"),
    ]);
    std::os::unix::fs::symlink("list", folder.path().join("web/.gitignore")).expect("a link");
    let survey = survey_of(folder.path());
    assert_eq!(survey.environment.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["SEEN"]);
}

#[cfg(unix)]
#[test]
fn at_the_root_too_a_list_of_ignored_files_is_not_waited_for() {
    let folder = write(&[("index.js", "process.env.A")]);
    std::os::unix::fs::symlink("/dev/zero", folder.path().join(".gitignore")).expect("a link");
    let survey = survey_of(folder.path());
    assert!(survey.environment.iter().any(|one| one.name == "A"));
    assert_eq!(why(&survey, ".gitignore"), "symbolic link out of the tree, not followed");
}

#[cfg(unix)]
#[test]
fn links_in_circles_and_names_that_are_no_text_are_survived() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let folder = write(&[("a/index.js", "process.env.A"), ("b/x.js", "")]);
    let root = folder.path();
    symlink("two", root.join("one")).expect("a link");
    symlink("one", root.join("two")).expect("a link");
    symlink(".", root.join("package.json")).expect("a link");
    symlink("../b", root.join("a/b")).expect("a link");
    symlink("../a", root.join("b/a")).expect("a link");
    symlink("missing", root.join("Dockerfile")).expect("a link");
    for name in [
        &b"\xff\xfe.py"[..],
        b"new\nline.py",
        b"\x1b]0;title\x07.py",
        b"..\\..\\up.py",
        b"~",
        b"-rf",
        b"$(id).py",
    ] {
        fs::write(root.join(std::ffi::OsStr::from_bytes(name)), "import os\nos.environ['N']\n")
            .expect("a file");
    }
    let folder_name = std::ffi::OsStr::from_bytes(b"\xc3\x28\n\x1b[0m");
    fs::create_dir(root.join(folder_name)).expect("a folder");
    fs::write(root.join(folder_name).join("package.json"), "{\"name\": \"\\u0000\"}").expect("a file");
    let survey = survey_of(root);
    assert_eq!(survey.environment.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["A", "N"]);
    assert!(plain(&serde_json::to_value(&survey).expect("JSON")));
    let text = serde_json::to_string(&survey).expect("JSON");
    assert!(!text.chars().any(char::is_control));
}

#[test]
fn submodules_are_read_where_they_are_and_nowhere_else() {
    let elsewhere = write(&[
        ("HEAD", "ref: refs/heads/elsewhere\n"),
        ("commondir", "."),
        ("info/exclude", "index.js\n"),
        ("config", "[remote \"origin\"]\n\turl = https://github.com/acme/elsewhere\n"),
    ]);
    let gitdir = format!("gitdir: {}\n", elsewhere.path().display());
    let survey = surveyed(&[
        (".gitmodules", "[submodule \"lib\"]\n\tpath = lib\n\turl = ../../../../etc\n"),
        (".git/HEAD", "ref: refs/heads/main\n"),
        (".git/modules/lib/HEAD", "ref: refs/heads/other\n"),
        ("lib/.git", &gitdir),
        ("lib/index.js", "process.env.A"),
        ("index.html", ""),
    ]);
    assert_eq!(survey.default_branch.as_ref().map(|fact| fact.value.as_str()), Some("main"));
    assert!(survey.environment.iter().any(|one| one.name == "A"), "a list outside the tree decided");
    assert!(!serde_json::to_string(&survey).expect("JSON").contains("elsewhere"));
}

#[test]
fn no_part_of_an_address_that_may_be_a_credential_comes_out() {
    for url in [
        "https://user:hunter2@github.com/acme/shop.git",
        "https://hunter2@example.org",
        "https://user:hunter2@example.org/",
        "https://example.org/a?token=hunter2",
        "ssh://hunter2@example.org:22",
        "hunter2@example.org",
        "ext::sh -c hunter2",
        "https://github.com/acme/\u{1b}[31mhunter2",
        "file:///etc/hunter2\u{202e}",
    ] {
        let config = format!("[remote \"origin\"]\n\turl = {url}\n");
        let survey = surveyed(&[(".git/config", &config), ("index.js", "app.listen(3000)")]);
        let text = serde_json::to_string(&survey).expect("JSON");
        assert!(!text.contains("hunter2"), "{url}: {text}");
    }
}

#[cfg(unix)]
#[test]
fn the_git_folder_is_not_left_by_links() {
    let outside =
        write(&[("origin/HEAD", "ref: refs/remotes/origin/secret\n"), ("HEAD", "ref: refs/heads/secret\n")]);
    let folder = write(&[("index.html", ""), (".git/refs/heads/x", "")]);
    std::os::unix::fs::symlink(outside.path(), folder.path().join(".git/refs/remotes")).expect("a link");
    assert!(survey_of(folder.path()).default_branch.is_none());
}
