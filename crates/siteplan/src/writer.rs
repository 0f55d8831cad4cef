//! Changes several files of a repository, all of them or none, and none outside.
//!
//! Every text first goes to a temporary file beside its target and to the disk; only then are the targets replaced, each
//! by one rename, and what is to go is renamed away. If anything fails, what was replaced is put back and what was made is
//! removed. What a run that was killed left beside its targets is removed by the next one.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use cap_std::fs::{Dir, File, OpenOptions, Permissions};

use crate::error::{Failure, Outcome};
use crate::interrupt;
use crate::spec_folder::unreachable_file;

/// What happens to one path of the repository, relative to the root and with `/` as separator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// The path.
    pub(crate) path: String,
    /// What happens there.
    pub(crate) what: What,
}

/// What happens at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// This whole text is written.
    Write(String, Mode),
    /// The file goes.
    Remove,
    /// Nothing; only what a killed run left beside it is removed.
    Leave,
}

/// Who may run a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Nobody, unless its permissions say so already.
    Plain,
    /// Everybody who may read it.
    Executable,
}

impl Mode {
    /// The mode of a text: a script says in its first two characters that it wants to be run.
    pub(crate) fn of(text: &str) -> Self {
        if text.starts_with("#!") { Self::Executable } else { Self::Plain }
    }
}

/// Makes all changes or, on any failure, none.
pub(crate) fn write_all(root: &Dir, changes: &[Change]) -> Outcome<()> {
    once_each(changes)?;
    let _uninterrupted = interrupt::hold();
    let _alone = alone(root)?;
    let mut attempt = Attempt { root, folders: Vec::new(), staged: Vec::new(), replaced: Vec::new() };
    for change in changes {
        attempt.sweep(Path::new(&change.path));
    }
    let result = attempt.run(changes);
    if result.is_err() {
        attempt.undo();
    } else {
        attempt.clean();
    }
    result
}

/// Fails where two changes are meant for one path: only one of them could be made.
fn once_each(changes: &[Change]) -> Outcome<()> {
    let mut paths = BTreeSet::new();
    match changes
        .iter()
        .filter(|change| change.what != What::Leave)
        .find(|change| !paths.insert(change.path.as_str()))
    {
        Some(twice) => Err(Failure::bug(format!(
            "two changes are planned for `{}`; nothing was written",
            twice.path.escape_debug()
        ))),
        None => Ok(()),
    }
}

/// Keeps other runs from writing to the same repository until the lock is dropped; `None` where the system has no such locks.
fn alone(root: &Dir) -> Outcome<Option<std::fs::File>> {
    let Ok(folder) = root.open(".") else { return Ok(None) };
    let folder = folder.into_std();
    match folder.try_lock() {
        Ok(()) => Ok(Some(folder)),
        Err(std::fs::TryLockError::WouldBlock) => Err(Failure::refused(
            "another run of siteplan is writing to this repository; nothing was written",
        )
        .hint("run the command again when it has finished")),
        Err(std::fs::TryLockError::Error(_)) => Ok(None),
    }
}

/// What an attempt has done so far, so that it can be undone.
struct Attempt<'a> {
    root: &'a Dir,
    /// Folders that were made, outermost first.
    folders: Vec<PathBuf>,
    /// Targets with what waits beside them.
    staged: Vec<Staged>,
    /// Targets that were replaced or taken away, with the place of the old file, if there was one.
    replaced: Vec<(PathBuf, Option<PathBuf>)>,
}

/// A target with what waits beside it.
struct Staged {
    target: PathBuf,
    /// The new text; `None` if the target goes.
    waiting: Option<PathBuf>,
    /// The old file, or where it will be put.
    old: Option<PathBuf>,
}

impl Attempt<'_> {
    fn run(&mut self, changes: &[Change]) -> Outcome<()> {
        let staged = changes.iter().filter(|change| change.what != What::Leave);
        let paths: Vec<&str> = staged.clone().map(|change| change.path.as_str()).collect();
        for change in staged {
            self.stage(change).map_err(|error| unreachable_file(self.root, &change.path, &error))?;
        }
        for (index, path) in paths.into_iter().enumerate() {
            self.replace(index).map_err(|error| unreachable_file(self.root, path, &error))?;
        }
        Ok(())
    }

    fn stage(&mut self, change: &Change) -> io::Result<()> {
        let path = Path::new(&change.path);
        match &change.what {
            What::Leave => Ok(()),
            What::Remove => {
                let old = beside(path, "old");
                self.staged.push(Staged { target: path.to_owned(), waiting: None, old: Some(old) });
                Ok(())
            }
            What::Write(text, mode) => self.stage_text(path, text, *mode),
        }
    }

    fn stage_text(&mut self, path: &Path, text: &str, mode: Mode) -> io::Result<()> {
        self.make_folders(path.parent().unwrap_or(Path::new("")))?;
        // A link is followed to the file that it names, so that it stays a link; `cap-std` refuses one that leads outside.
        let target = match self.root.symlink_metadata(path) {
            Ok(metadata) if metadata.is_symlink() => self.root.canonicalize(path)?,
            Ok(metadata) if metadata.is_dir() => {
                return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
            }
            Ok(_) => path.to_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
            Err(error) => return Err(error),
        };
        if holds_secrets(&target) || holds_secrets(path) {
            let what = "it is a file of secrets, which siteplan neither reads into a copy nor writes";
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, what));
        }
        let waiting = beside(&target, "new");
        let mut temporary = self.fresh(&waiting)?;
        self.staged.push(Staged { target: target.clone(), waiting: Some(waiting.clone()), old: None });
        temporary.write_all(text.as_bytes())?;
        temporary.sync_all()?;
        let there = self.root.metadata(&target).ok();
        if let Some(wanted) = permissions(there.as_ref().map(cap_std::fs::Metadata::permissions), mode) {
            self.root.set_permissions(&waiting, wanted)?;
        }
        if there.is_some() {
            let old = beside(&target, "old");
            self.remove(&old)?;
            self.root.copy(&target, self.root, &old)?;
            if let Some(staged) = self.staged.last_mut() {
                staged.old = Some(old);
            }
        }
        Ok(())
    }

    /// A new file; what a killed run left in its place is removed, be it a file or a link.
    fn fresh(&self, path: &Path) -> io::Result<File> {
        self.remove(path)?;
        self.root.open_with(path, OpenOptions::new().write(true).create_new(true))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        match self.root.remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn make_folders(&mut self, folder: &Path) -> io::Result<()> {
        let mut so_far = PathBuf::new();
        for part in folder.components() {
            so_far.push(part);
            match self.root.create_dir(&so_far) {
                Ok(()) => self.folders.push(so_far.clone()),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    // Tells a folder, or a link to one inside, from a file and from a link that leads outside.
                    self.root.open_dir(&so_far)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn replace(&mut self, index: usize) -> io::Result<()> {
        let Staged { target, waiting, old } = &self.staged[index];
        match (waiting, old) {
            (Some(waiting), _) => self.root.rename(waiting, self.root, target)?,
            (None, Some(old)) => self.root.rename(target, self.root, old)?,
            (None, None) => return Ok(()),
        }
        self.replaced.push((target.clone(), old.clone()));
        Ok(())
    }

    /// Puts everything back. What fails here cannot be told better than by the failure that led here.
    fn undo(&self) {
        for (target, old) in self.replaced.iter().rev() {
            let _ = match old {
                Some(old) => self.root.rename(old, self.root, target),
                None => self.root.remove_file(target),
            };
        }
        self.sweep_staged();
        for folder in self.folders.iter().rev() {
            let _ = self.root.remove_dir(folder);
        }
    }

    /// Removes what lies beside the targets, and folders in which a removed file was the last one.
    fn clean(&self) {
        self.sweep_staged();
        for gone in self.staged.iter().filter(|staged| staged.waiting.is_none()) {
            let folders = gone.target.ancestors().skip(1).take_while(|folder| *folder != Path::new(""));
            for folder in folders {
                if self.root.remove_dir(folder).is_err() {
                    break;
                }
            }
        }
    }

    fn sweep_staged(&self) {
        for staged in &self.staged {
            self.sweep(&staged.target);
        }
    }

    /// Removes what lies beside a target.
    fn sweep(&self, target: &Path) {
        for what in ["new", "old"] {
            let _ = self.root.remove_file(beside(target, what));
        }
    }
}

/// Words by which the name of a file of variables says that it holds no real values.
const EXAMPLES: [&str; 8] =
    ["example", "sample", "template", "tmpl", "dist", "defaults", "default", "schema"];

/// Whether a file holds a person's secrets by its name (`.env`, `.env.production`); an example of one does not.
fn holds_secrets(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let is_example = || name.split(['.', '-', '_']).any(|word| EXAMPLES.contains(&word));
    (name == ".env" || name == ".envrc" || name.starts_with(".env.")) && !is_example()
}

/// A hidden name beside a target. It is the same for every run, so that the next one finds what a killed one left.
fn beside(target: &Path, what: &str) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.siteplan-{what}"))
}

/// The permissions of a written file: those that it had, and for a script everybody who may read it may also run it.
#[cfg(unix)]
fn permissions(had: Option<Permissions>, mode: Mode) -> Option<Permissions> {
    use cap_std::fs::PermissionsExt as _;
    let bits = had.as_ref().map_or(0o644, Permissions::mode);
    match mode {
        Mode::Plain => had,
        Mode::Executable => Some(Permissions::from_mode(bits | ((bits & 0o444) >> 2))),
    }
}

/// The permissions of a written file: those that it had.
#[cfg(not(unix))]
fn permissions(had: Option<Permissions>, _: Mode) -> Option<Permissions> {
    had
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use cap_std::ambient_authority;
    use cap_std::fs::Dir;

    use super::{Change, Mode, What, beside, write_all};

    fn text(path: &str, text: &str) -> Change {
        Change { path: path.to_owned(), what: What::Write(text.to_owned(), Mode::of(text)) }
    }

    fn gone(path: &str) -> Change {
        Change { path: path.to_owned(), what: What::Remove }
    }

    fn listing(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn all_files_are_written_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let root = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
        fs::write(folder.path().join("b"), "old").unwrap();
        write_all(&root, &[text("a/deep/file", "one"), text("b", "two")]).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("a/deep/file")).unwrap(), "one");
        assert_eq!(fs::read_to_string(folder.path().join("b")).unwrap(), "two");
        assert_eq!(listing(folder.path()), ["a", "b"]);
        assert_eq!(listing(&folder.path().join("a/deep")), ["file"]);
    }

    #[test]
    fn two_changes_of_one_path_are_refused_before_anything_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let root = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
        let failure =
            write_all(&root, &[text("a/b", "one"), text("c", "two"), text("a/b", "one")]).unwrap_err();
        assert!(failure.message().contains("two changes are planned for `a/b`"), "{}", failure.message());
        assert!(listing(folder.path()).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn secrets_are_not_written_even_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let root = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
        fs::write(folder.path().join(".env"), "KEY=real").unwrap();
        std::os::unix::fs::symlink(".env", folder.path().join("plan.md")).unwrap();
        for path in ["plan.md", ".env", ".env.production"] {
            let failure = write_all(&root, &[text("a", "one"), text(path, "two")]).unwrap_err();
            assert!(failure.message().contains("file of secrets"), "{}", failure.message());
        }
        assert_eq!(fs::read_to_string(folder.path().join(".env")).unwrap(), "KEY=real");
        assert_eq!(listing(folder.path()), [".env", "plan.md"]);
        write_all(&root, &[text(".env.example", "KEY="), text("x/.env.staging.sample", "")]).unwrap();
    }

    #[test]
    fn a_failure_leaves_everything_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let root = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
        fs::write(folder.path().join("b"), "old").unwrap();
        fs::write(folder.path().join("file"), "not a folder").unwrap();
        let failure = write_all(&root, &[text("a/new", "one"), text("b", "two"), text("file/c", "three")]);
        assert!(failure.unwrap_err().message().contains("file/c"));
        assert_eq!(fs::read_to_string(folder.path().join("b")).unwrap(), "old");
        assert_eq!(listing(folder.path()), ["b", "file"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_repository_is_never_followed_and_one_inside_stays_a_link() {
        let outside = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let root = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("specs")).unwrap();
        let failure = write_all(&root, &[text("specs/a", "one")]).unwrap_err();
        assert!(failure.message().contains("leads out of the repository"), "{}", failure.message());
        assert!(listing(outside.path()).is_empty());

        fs::write(folder.path().join("real"), "old").unwrap();
        std::os::unix::fs::symlink("real", folder.path().join("link")).unwrap();
        write_all(&root, &[text("link", "new")]).unwrap();
        assert!(folder.path().join("link").is_symlink());
        assert_eq!(fs::read_to_string(folder.path().join("real")).unwrap(), "new");
    }

    #[test]
    fn a_file_that_goes_takes_its_empty_folders_with_it_and_comes_back_when_another_fails() {
        let folder = tempfile::tempdir().unwrap();
        let root = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
        fs::create_dir_all(folder.path().join("a/deep")).unwrap();
        fs::write(folder.path().join("a/deep/file"), "one").unwrap();
        fs::write(folder.path().join("b"), "two").unwrap();
        write_all(&root, &[gone("a/deep/file"), gone("missing")]).unwrap_err();
        assert_eq!(fs::read_to_string(folder.path().join("a/deep/file")).unwrap(), "one");
        write_all(&root, &[gone("a/deep/file"), text("b", "three")]).unwrap();
        assert_eq!(listing(folder.path()), ["b"]);
    }

    #[test]
    fn what_a_killed_run_left_is_removed_also_beside_what_does_not_change() {
        let folder = tempfile::tempdir().unwrap();
        let root = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
        for name in ["a", "b"] {
            fs::write(folder.path().join(name), "old").unwrap();
            for what in ["new", "old"] {
                fs::write(folder.path().join(beside(Path::new(name), what)), "left").unwrap();
            }
        }
        write_all(&root, &[text("a", "new"), Change { path: "b".to_owned(), what: What::Leave }]).unwrap();
        assert_eq!(listing(folder.path()), ["a", "b"]);
        assert_eq!(fs::read_to_string(folder.path().join("a")).unwrap(), "new");
    }

    #[cfg(unix)]
    #[test]
    fn scripts_can_be_run_and_other_permissions_stay() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let root = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("own"), "#!/bin/sh\n").unwrap();
        fs::set_permissions(at("own"), fs::Permissions::from_mode(0o640)).unwrap();
        fs::write(at("plain"), "text").unwrap();
        fs::set_permissions(at("plain"), fs::Permissions::from_mode(0o600)).unwrap();
        let script = "#!/bin/sh\ntrue\n";
        write_all(&root, &[text("new", script), text("own", script), text("plain", "more")]).unwrap();
        let mode = |name: &str| fs::metadata(at(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!([mode("new"), mode("own"), mode("plain")], [0o755, 0o750, 0o600]);
    }

    #[test]
    fn two_runs_do_not_write_at_the_same_time() {
        let folder = tempfile::tempdir().unwrap();
        let root = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
        let other = super::alone(&root).unwrap();
        let refusal = write_all(&root, &[text("a", "one")]).unwrap_err();
        assert!(refusal.message().contains("another run"), "{}", refusal.message());
        drop(other);
        write_all(&root, &[text("a", "one")]).unwrap();
    }
}
