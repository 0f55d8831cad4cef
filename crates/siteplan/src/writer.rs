//! Writes several files of a repository, all of them or none, and none outside.
//!
//! Every text first goes to a temporary file beside its target and to the disk; only then are the targets replaced, each
//! by one rename. If anything fails, what was replaced is put back and what was made is removed.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use cap_std::fs::{Dir, OpenOptions};

use crate::error::Outcome;
use crate::interrupt;
use crate::spec_folder::unreachable_file;

/// A text for a path of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewText {
    /// Path relative to the root, with `/` as separator.
    pub(crate) path: String,
    /// The whole text.
    pub(crate) text: String,
}

/// Writes all files or, on any failure, none.
pub(crate) fn write_all(root: &Dir, files: &[NewText]) -> Outcome<()> {
    let _uninterrupted = interrupt::hold();
    let mut attempt = Attempt { root, folders: Vec::new(), staged: Vec::new(), replaced: Vec::new() };
    let result = attempt.run(files);
    if result.is_err() {
        attempt.undo();
    } else {
        attempt.clean();
    }
    result
}

/// What an attempt has done so far, so that it can be undone.
struct Attempt<'a> {
    root: &'a Dir,
    /// Folders that were made, outermost first.
    folders: Vec<PathBuf>,
    /// Texts that wait beside their targets.
    staged: Vec<Staged>,
    /// Targets that were replaced, with the place of the old file, if there was one.
    replaced: Vec<(PathBuf, Option<PathBuf>)>,
}

/// A text that waits beside its target.
struct Staged {
    target: PathBuf,
    waiting: PathBuf,
    old: Option<PathBuf>,
}

impl Attempt<'_> {
    fn run(&mut self, files: &[NewText]) -> Outcome<()> {
        for file in files {
            self.stage(file).map_err(|error| unreachable_file(&file.path, &error))?;
        }
        for (index, file) in files.iter().enumerate() {
            self.replace(index).map_err(|error| unreachable_file(&file.path, &error))?;
        }
        Ok(())
    }

    fn stage(&mut self, file: &NewText) -> io::Result<()> {
        let path = Path::new(&file.path);
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
        let waiting = beside(&target, "new");
        let mut options = OpenOptions::new();
        let mut temporary = self.root.open_with(&waiting, options.write(true).create(true).truncate(true))?;
        self.staged.push(Staged { target: target.clone(), waiting: waiting.clone(), old: None });
        temporary.write_all(file.text.as_bytes())?;
        temporary.sync_all()?;
        if let Ok(metadata) = self.root.metadata(&target) {
            self.root.set_permissions(&waiting, metadata.permissions())?;
            let old = beside(&target, "old");
            self.root.copy(&target, self.root, &old)?;
            if let Some(staged) = self.staged.last_mut() {
                staged.old = Some(old);
            }
        }
        Ok(())
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
        let staged = &self.staged[index];
        self.root.rename(&staged.waiting, self.root, &staged.target)?;
        self.replaced.push((staged.target.clone(), staged.old.clone()));
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
        self.clean();
        for folder in self.folders.iter().rev() {
            let _ = self.root.remove_dir(folder);
        }
    }

    /// Removes what lies beside the targets.
    fn clean(&self) {
        for staged in &self.staged {
            let _ = self.root.remove_file(&staged.waiting);
            if let Some(old) = &staged.old {
                let _ = self.root.remove_file(old);
            }
        }
    }
}

/// A hidden name beside a target that no other run uses.
fn beside(target: &Path, what: &str) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.{}.{what}", std::process::id()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use cap_std::ambient_authority;
    use cap_std::fs::Dir;

    use super::{NewText, write_all};

    fn text(path: &str, text: &str) -> NewText {
        NewText { path: path.to_owned(), text: text.to_owned() }
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
}
