//! Bytes → a file or a tree → what detection makes of it, which must be in order whatever the bytes are.
//!
//! Why libFuzzer: it watches which code is reached, takes a seed, and needs no nightly compiler as long as no sanitizer is
//! wanted, which code without `unsafe` has no use for. `cargo xtask test fuzz` runs each target for some seconds; to look
//! longer, run the command that it prints with a larger `-max_total_time`.

use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

use siteplan_catalog::signals::Signals;
use siteplan_detect::{OneFile, Options, survey};

/// Names of which each is read by another reader, or by the same in another way.
const NAMES: &[&str] = &[
    "package.json",
    "deno.json",
    "apps/a/project.json",
    "tsconfig.json",
    "pyproject.toml",
    "requirements.txt",
    "Pipfile",
    "pixi.toml",
    "setup.py",
    "environment.yml",
    "go.mod",
    "Cargo.toml",
    "Gemfile",
    "Gemfile.lock",
    "pom.xml",
    "build.gradle",
    "build.sbt",
    "build.mill",
    "project.clj",
    "deps.edn",
    "gradle/libs.versions.toml",
    "composer.json",
    "mix.exs",
    "a/a.csproj",
    "Dockerfile",
    "compose.yml",
    "Procfile",
    "supervisord.conf",
    ".env.test",
    "config/test.exs",
    "phpunit.xml",
    ".tool-versions",
    "mise.toml",
    ".nvmrc",
    "global.json",
    "system.properties",
    ".env.example",
    "schema.prisma",
    ".github/workflows/ci.yml",
    ".gitlab-ci.yml",
    "application.yml",
    "application.properties",
    "application.conf",
    "appsettings.json",
    "config/database.yml",
    "02_ARCHITECTURE.md",
    "crontab",
    "fly.toml",
    "render.yaml",
    "vercel.json",
    "k8s/deployment.yaml",
    "main.tf",
    "pubspec.yaml",
    "shard.yml",
    "package.yaml",
    "stack.yaml",
    "Package.swift",
    "build.zig.zon",
    "gleam.toml",
    "rebar.config",
    "a.cabal",
    "dune-project",
    "bin/dune",
    "a.opam",
    "dub.json",
    "dub.sdl",
    "v.mod",
    "a.nimble",
    "CMakeLists.txt",
    "meson.build",
    "conanfile.txt",
    "vcpkg.json",
    "cpanfile",
    "renv.lock",
    "DESCRIPTION",
    "Project.toml",
    "a-1.rockspec",
    "db/migrate/1.rb",
    "migrations/1.sql",
    "alembic/versions/a.py",
    "src/server.js",
    "src/main.ts",
    "src/main.py",
    "main.go",
    "src/main.rs",
    "config/routes.rb",
    "routes/web.php",
    "src/main/java/A.java",
    "A.kt",
    "A.scala",
    "Program.cs",
    "lib/router.ex",
    "start.sh",
];

/// Names of JSON, TOML and YAML.
const STRUCTURED: &[&str] = &[
    "package.json",
    "tsconfig.json",
    "deno.json",
    "composer.json",
    "appsettings.json",
    "vercel.json",
    "pyproject.toml",
    "Cargo.toml",
    "fly.toml",
    "Pipfile",
    "gradle/libs.versions.toml",
    "mise.toml",
    "compose.yml",
    ".github/workflows/ci.yml",
    "environment.yml",
    "render.yaml",
    "application.yml",
    "pubspec.yaml",
    "pom.xml",
];

static SIGNALS: LazyLock<Signals> = LazyLock::new(|| Signals::builtin().expect("built-in signals"));
static ONE_FILE: LazyLock<OneFile<'static>> = LazyLock::new(|| OneFile::new(&SIGNALS));

/// One file: its name on the first line, or one of those that are known.
pub fn readers(bytes: &[u8]) {
    let (name, content) = divided(bytes);
    let asked = std::str::from_utf8(name).ok().filter(|name| ONE_FILE.is_read(name));
    one(asked.unwrap_or_else(|| chosen(NAMES, bytes)), content);
}

/// One file of JSON, TOML or YAML.
pub fn structured(bytes: &[u8]) {
    one(chosen(STRUCTURED, bytes), bytes.get(1..).unwrap_or_default());
}

/// A Dockerfile.
pub fn dockerfile(bytes: &[u8]) {
    one("Dockerfile", bytes);
}

/// A shell script.
pub fn shell(bytes: &[u8]) {
    one("start.sh", bytes);
}

/// A tree of up to twenty files, each after a line `=== path`, through the whole way.
pub fn tree(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = String::from_utf8_lossy(bytes);
    for part in text.split("=== ").skip(1).take(20) {
        let (path, content) = part.split_once('\n').unwrap_or((part, ""));
        let path = folder.path().join(below(path));
        // What is no name, or is a folder already, is left out.
        if let Some(parent) = path.parent()
            && std::fs::create_dir_all(parent).is_ok()
        {
            let _ = std::fs::write(&path, content);
        }
    }
    let options = Options { spec_path: "specs", root_name: ".", own: &[], signals: &SIGNALS };
    let found = survey(folder.path(), &options).expect("a folder can be surveyed");
    let json = serde_json::to_string(&found).expect("a survey is JSON");
    assert!(!json.chars().any(char::is_control), "a control character came out: {json:?}");
}

/// Runs a target on each file of its corpus, whole and cut short.
pub fn replay(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let entries = std::fs::read_dir(&folder).expect("a corpus can be listed");
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.expect("a corpus can be listed").path()).collect();
    files.sort();
    assert!(!files.is_empty(), "`{}` holds nothing", folder.display());
    for file in files {
        let bytes = std::fs::read(&file).expect("a file of the corpus can be read");
        for end in [bytes.len(), bytes.len() / 2, bytes.len() / 3] {
            target(&bytes[..end]);
        }
    }
}

fn one(path: &str, content: &[u8]) {
    if let Some(Err(why)) = ONE_FILE.read(path, content) {
        assert!(
            !why.chars().any(char::is_control) && why.len() < 300,
            "an error that cannot be shown: {why:?}"
        );
    }
}

/// The first line and the rest.
fn divided(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    (&bytes[..end], bytes.get(end + 1..).unwrap_or_default())
}

fn chosen(names: &[&'static str], bytes: &[u8]) -> &'static str {
    names[bytes.first().map_or(0, |byte| usize::from(*byte)) % names.len()]
}

/// A path that stays below a folder.
fn below(path: &str) -> PathBuf {
    let short: String = path.chars().filter(|c| *c != '\0').take(60).collect();
    Path::new(&short).components().filter(|part| matches!(part, Component::Normal(_))).collect()
}
