//! Writes stay inside the repository, and are all or nothing.

use std::fs;

use crate::repository::{DOCUMENT, Repository, assert_same, stderr};

#[cfg(unix)]
#[test]
fn a_spec_folder_that_is_a_link_out_of_the_repository_is_refused() {
    let outside = Repository::empty();
    let repository = Repository::small();
    std::os::unix::fs::symlink(outside.path(), repository.path().join("specs")).expect("a link can be made");
    let run = repository.plan(&[]).code(4);
    assert!(stderr(&run).contains("`specs` leads out of the repository"), "{}", stderr(&run));
    assert!(outside.files(".").is_empty());
}

#[cfg(unix)]
#[test]
fn a_document_that_is_a_link_out_of_the_repository_is_refused() {
    let outside = Repository::empty();
    outside.put("passwd", "root");
    let repository = Repository::small();
    repository.put("specs/README.md", "ours");
    std::os::unix::fs::symlink(outside.path().join("passwd"), repository.path().join(DOCUMENT))
        .expect("a link can be made");
    repository.plan(&["--force"]).code(4);
    assert_eq!(outside.text("passwd"), "root");
}

#[test]
fn when_one_file_cannot_be_written_none_is() {
    let repository = Repository::small();
    repository.put("specs/.siteplan", "a file where a folder is needed");
    let before = repository.files(".");
    let run = repository.plan(&[]).code(4);
    assert!(stderr(&run).contains("specs/.siteplan"), "{}", stderr(&run));
    assert_same(&repository.files("."), &before);
}

#[cfg(unix)]
#[test]
fn a_read_only_repository_is_refused_with_what_to_do() {
    let repository = Repository::small();
    let (status, told) = as_nobody(&repository, 0o555, &["plan", "--defaults"]);
    assert_eq!(status, Some(4), "{told}");
    assert!(told.contains("nothing was written") && told.contains("--spec-path"), "{told}");
    assert!(repository.files("specs").is_empty());
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_is_bad_input_for_every_command() {
    let repository = Repository::small();
    for command in ["plan", "detect", "generate", "recommend"] {
        let words = if command == "detect" { &[command][..] } else { &[command, "--defaults"] };
        let (status, told) = as_nobody(&repository, 0o111, words);
        assert_eq!(status, Some(2), "{command}: {told}");
        assert!(told.contains("cannot read the directory"), "{command}: {told}");
    }
}

/// Runs the binary in a repository with these permissions as somebody who is not root, because root may do everything, from a
/// place that nobody can reach. Gives the status and what was told.
#[cfg(unix)]
fn as_nobody(repository: &Repository, mode: u32, words: &[&str]) -> (Option<i32>, String) {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;

    const NOBODY: u32 = 65_534;
    let binary = Repository::empty();
    let program = binary.path().join("siteplan");
    fs::copy(env!("CARGO_BIN_EXE_siteplan"), &program).expect("the binary can be copied");
    let is_root = fs::metadata(repository.path()).expect("it exists").uid() == 0;
    for (path, mode) in [(repository.path(), mode), (binary.path(), 0o755), (program.as_path(), 0o755)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions can be set");
    }
    let mut command = std::process::Command::new(&program);
    command.current_dir(repository.path()).args(words).env("NO_COLOR", "1");
    if is_root {
        command.uid(NOBODY).gid(NOBODY);
    }
    // A process that another test starts at this moment still holds the copy open for writing, until it becomes its program.
    let output = (0..100)
        .find_map(|_| match command.output() {
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => {
                std::thread::sleep(std::time::Duration::from_millis(20));
                None
            }
            other => Some(other.expect("the binary runs")),
        })
        .expect("nobody writes the binary any more");
    fs::set_permissions(repository.path(), fs::Permissions::from_mode(0o755))
        .expect("permissions can be set");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}
