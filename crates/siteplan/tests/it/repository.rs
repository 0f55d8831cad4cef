//! A repository in a temporary folder, and the binary run on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use tempfile::TempDir;

/// The day of every plan in these tests.
pub(crate) const DAY: &str = "2026-11-25";

/// The document of a plan, relative to the repository.
pub(crate) const DOCUMENT: &str = "specs/DEPLOYMENT_TDD.md";
/// The decision log.
pub(crate) const DECISIONS: &str = "specs/09_DECISIONS.md";
/// The brief file.
pub(crate) const BRIEF: &str = "specs/siteplan.toml";

/// A repository that is gone at the end of the test.
pub(crate) struct Repository {
    folder: TempDir,
}

impl Repository {
    /// An empty repository.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder can be made") }
    }

    /// A small web API with a database.
    pub(crate) fn small() -> Self {
        let repository = Self::empty();
        repository.put(
            "package.json",
            "{\n  \"name\": \"notes\",\n  \"scripts\": { \"start\": \"node server.js\", \"test\": \"node --test\" },\n  \
             \"engines\": { \"node\": \"22\" },\n  \"dependencies\": { \"express\": \"^5.1.0\", \"pg\": \"^8.16.0\" }\n}\n",
        );
        repository.put(
            "package-lock.json",
            "{\n  \"name\": \"notes\",\n  \"lockfileVersion\": 3,\n  \"packages\": {}\n}\n",
        );
        repository.put(
            "server.js",
            "import express from \"express\";\nimport pg from \"pg\";\nconst pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });\n\
             const app = express();\napp.get(\"/health\", (_, response) => response.send(\"ok\"));\napp.listen(3000);\n",
        );
        repository
    }

    /// A copy of a folder.
    pub(crate) fn copy_of(folder: &Path) -> Self {
        let repository = Self::empty();
        copy(folder, repository.path());
        repository
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file.
    pub(crate) fn put(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("folders can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// The text of a file.
    pub(crate) fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Every file below a folder with its bytes; without any if there is no such folder.
    pub(crate) fn files(&self, below: &str) -> Files {
        let mut files = Vec::new();
        collect(&self.path().join(below), &mut files);
        let inside = |path: PathBuf| path.strip_prefix(self.path()).expect("it lies inside").to_owned();
        Files(files.into_iter().map(|(path, bytes)| (inside(path), bytes)).collect())
    }

    /// The binary, about to run in this repository.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = siteplan();
        command.current_dir(self.path()).args(words);
        command
    }

    /// Runs the binary in this repository.
    pub(crate) fn run(&self, words: &[&str]) -> Assert {
        self.command(words).assert()
    }

    /// Plans with the stated defaults.
    pub(crate) fn plan(&self, words: &[&str]) -> Assert {
        self.run(&[&["plan", "--defaults", "--date", DAY], words].concat())
    }
}

/// Files with their bytes, by path relative to the repository.
#[derive(PartialEq, Eq)]
pub(crate) struct Files(pub(crate) BTreeMap<PathBuf, Vec<u8>>);

impl Files {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for Files {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (path, bytes) in &self.0 {
            writeln!(formatter, "==> {} <==\n{}", path.display(), String::from_utf8_lossy(bytes))?;
        }
        Ok(())
    }
}

/// Panics with the files that differ, and only those.
pub(crate) fn assert_same(now: &Files, before: &Files) {
    let differs = |one: &Files, other: &Files| {
        let differing = one.0.iter().filter(|(path, bytes)| other.0.get(*path) != Some(bytes));
        Files(differing.map(|(path, bytes)| (path.clone(), bytes.clone())).collect())
    };
    assert!(now == before, "before:\n{:?}\nnow:\n{:?}", differs(before, now), differs(now, before));
}

/// The binary, with nothing of ours in its environment.
pub(crate) fn siteplan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_siteplan"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SITEPLAN_") {
            command.env_remove(name);
        }
    }
    command.env_remove("SOURCE_DATE_EPOCH").env("NO_COLOR", "1");
    command
}

/// What a run printed on standard output.
pub(crate) fn stdout(run: &Assert) -> String {
    String::from_utf8_lossy(&run.get_output().stdout).into_owned()
}

/// What a run told on standard error.
pub(crate) fn stderr(run: &Assert) -> String {
    String::from_utf8_lossy(&run.get_output().stderr).into_owned()
}

/// The workspace of siteplan.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace exists")
}

fn copy(from: &Path, to: &Path) {
    // What building and testing an example leaves behind is no part of it.
    const LEFTOVERS: [&str; 8] = [
        "node_modules",
        "target",
        ".next",
        ".venv",
        "__pycache__",
        ".pytest_cache",
        "specs",
        "next-env.d.ts",
    ];
    fs::create_dir_all(to).expect("folders can be made");
    for entry in fs::read_dir(from).expect("a folder can be read") {
        let entry = entry.expect("a folder can be read");
        if LEFTOVERS.contains(&entry.file_name().to_string_lossy().as_ref()) {
            continue;
        }
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("a folder can be read").path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push((path.clone(), fs::read(&path).expect("a file can be read")));
        }
    }
}
