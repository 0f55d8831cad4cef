//! The lines that install the platforms' programs, run under `sh`: what does not have its digest is not installed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use assert_cmd::Command;
use siteplan_catalog::Catalog;

/// A `curl` that takes every file from a folder, or makes up what is not there.
const CURL: &str = r#"#!/bin/sh
save() {
  if [ -e "$SERVED/${2##*/}" ]; then cp "$SERVED/${2##*/}" "$1"; else echo "something else" > "$1"; fi
}
output=
while [ $# -gt 0 ]; do
  case $1 in
  --output) output=$2; shift ;;
  https://*) save "${output:-${1##*/}}" "$1" ;;
  esac
  shift
done
"#;

/// Runs a line with that `curl` in a home of its own, and tells whether it succeeded.
fn runs(line: &str, home: &Path, served: &Path) -> bool {
    let programs = home.join("programs");
    fs::create_dir_all(&programs).expect("a folder");
    let curl = programs.join("curl");
    fs::write(&curl, CURL).expect("a program");
    fs::set_permissions(&curl, fs::Permissions::from_mode(0o755)).expect("it can be run");
    let path = format!("{}:/usr/bin:/bin", programs.display());
    let mut shell = Command::new("/bin/sh");
    shell.args(["-ec", line]).env_clear().env("PATH", path).env("HOME", home).env("SERVED", served);
    shell.output().expect("sh runs").status.success()
}

#[test]
fn what_has_another_digest_is_not_installed() {
    let catalog = Catalog::embedded().expect("the catalog loads");
    let mut compared = 0;
    for tool in catalog.tools.values().filter(|tool| tool.line.contains("sum --check")) {
        let home = tempfile::tempdir().expect("a folder");
        let line = tool.line.replace("{version}", &tool.version.value);
        assert!(!runs(&line, home.path(), home.path()), "{} is installed whatever is loaded", tool.id);
        let there = fs::read_dir(home.path().join(".local/bin")).into_iter().flatten().count();
        assert_eq!(there, 0, "{}", tool.id);
        compared += 1;
    }
    assert!(compared >= 6, "{compared} tools are checked");
}

#[test]
fn what_has_the_digest_of_its_release_is_installed() {
    let catalog = Catalog::embedded().expect("the catalog loads");
    let tool = &catalog.tools["flyctl"];
    let (home, served) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let version = &tool.version.value;
    let make = format!(
        "cd '{}' && echo program > flyctl && tar -czf flyctl_{version}_Linux_x86_64.tar.gz flyctl && sha256sum flyctl_{version}_Linux_x86_64.tar.gz > flyctl_{version}_checksums.txt && echo '0000  another' >> flyctl_{version}_checksums.txt",
        served.path().display()
    );
    assert!(runs(&make, home.path(), served.path()));
    assert!(runs(&tool.line.replace("{version}", version), home.path(), served.path()));
    let program = fs::read_to_string(home.path().join(".local/bin/flyctl")).expect("it is there");
    assert_eq!(program, "program\n");
}
