//! The files of a plan in a repository: their places, and reading them without leaving the repository.

use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use crate::error::{Failure, Outcome};

/// The name of the design document.
pub(crate) const DOCUMENT: &str = "DEPLOYMENT_TDD.md";
/// The name of the decision log.
pub(crate) const DECISIONS: &str = "09_DECISIONS.md";
/// The name of the file of answers.
pub(crate) const BRIEF: &str = "siteplan.toml";

/// The ending of a text as last written.
const BASE_ENDING: &str = ".base";

/// A repository with the folder of its documents.
#[derive(Debug)]
pub(crate) struct SpecFolder {
    root: Dir,
    place: PathBuf,
    path: String,
}

impl SpecFolder {
    /// Opens a repository. `spec_path` is relative to it and stays inside.
    pub(crate) fn open(root: &Path, spec_path: &Path) -> Outcome<Self> {
        let root_name = root.display().to_string();
        let place = root.to_owned();
        let opened = Dir::open_ambient_dir(root, ambient_authority());
        let root = opened.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Failure::input(format!("there is no directory `{root_name}`")),
            io::ErrorKind::NotADirectory => {
                Failure::input(format!("`{root_name}` is a file, not a directory"))
                    .hint("give the directory of the repository that holds it")
            }
            _ => unreadable(&root_name, &error),
        })?;
        root.entries().map_err(|error| unreadable(&root_name, &error))?;
        Ok(Self { root, place, path: inside(spec_path)? })
    }

    /// The repository.
    pub(crate) fn root(&self) -> &Dir {
        &self.root
    }

    /// A path of the repository as the person can open it from where the command was run.
    pub(crate) fn shown(&self, path: &str) -> String {
        let path = Path::new(path);
        let place = if self.place == Path::new(".") { path.to_owned() } else { self.place.join(path) };
        place.display().to_string()
    }

    /// The folder of the documents, relative to the repository, with `/` as separator.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The design document.
    pub(crate) fn document(&self) -> String {
        format!("{}/{DOCUMENT}", self.path)
    }

    /// The decision log.
    pub(crate) fn decisions(&self) -> String {
        format!("{}/{DECISIONS}", self.path)
    }

    /// The Brief.
    pub(crate) fn brief(&self) -> String {
        format!("{}/{BRIEF}", self.path)
    }

    /// The whole Design as last written.
    pub(crate) fn plan(&self) -> String {
        format!("{}/.siteplan/plan.json", self.path)
    }

    /// Who confirmed which gate.
    pub(crate) fn gates(&self) -> String {
        format!("{}/.siteplan/gates.jsonl", self.path)
    }

    /// What a person has decided about single files.
    pub(crate) fn kept(&self) -> String {
        format!("{}/.siteplan/kept.jsonl", self.path)
    }

    /// Where the text is kept that siteplan wrote last to a path of the repository. No tool of the project takes it for source:
    /// its ending is nobody's.
    pub(crate) fn base_of(&self, path: &str) -> String {
        format!("{}{BASE_ENDING}", self.earlier_base_of(path))
    }

    /// Where earlier versions of siteplan kept it.
    pub(crate) fn earlier_base_of(&self, path: &str) -> String {
        format!("{}/.siteplan/base/{path}", self.path)
    }

    /// The text that siteplan wrote last to a path of the repository.
    pub(crate) fn read_base(&self, path: &str) -> Outcome<Option<String>> {
        match self.read(&self.base_of(path))? {
            Some(text) => Ok(Some(text)),
            None => self.read(&self.earlier_base_of(path)),
        }
    }

    /// Where the text is put that siteplan would write to a path and may not.
    pub(crate) fn proposed(&self, path: &str) -> String {
        format!("{}.proposed", self.earlier_proposed(path))
    }

    /// Where earlier versions of siteplan put it.
    pub(crate) fn earlier_proposed(&self, path: &str) -> String {
        format!("{}{path}", self.proposals())
    }

    /// The folder of such texts.
    pub(crate) fn proposals(&self) -> String {
        format!("{}/.siteplan/proposed/", self.path)
    }

    /// Where a text that `--force` replaces is kept; its name is made from the text, so that no two get in each other's way.
    pub(crate) fn backup(&self, path: &str, text: &str) -> String {
        let digest = crate::digest::of(text);
        format!("{}/.siteplan/backup/{path}.{}", self.path, &digest[..12])
    }

    /// The paths of the generated files that siteplan wrote last, sorted: whatever the base holds beside the documents.
    pub(crate) fn generated_before(&self) -> Outcome<Vec<String>> {
        let base = self.earlier_base_of("");
        let mut found = Vec::new();
        let Ok(folder) = self.root.open_dir(base.trim_end_matches('/')) else { return Ok(found) };
        collect(&folder, "", &mut found).map_err(|error| unreachable_file(&self.root, &base, &error))?;
        for path in &mut found {
            if let Some(named) = path.strip_suffix(BASE_ENDING) {
                *path = named.to_owned();
            }
        }
        found.retain(|path| is_ours_to_write(path) && ![DOCUMENT, BRIEF, DECISIONS].contains(&path.as_str()));
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// Whether a file may be run; `None` if there is no such file. Where files have no such permission, all may be.
    pub(crate) fn is_executable(&self, path: &str) -> Option<bool> {
        self.root.metadata(path).ok().map(|metadata| may_run(&metadata))
    }

    /// Where a path leads that is a symbolic link by itself, as the link says it; `None` if it is none.
    pub(crate) fn link_at(&self, path: &str) -> Outcome<Option<String>> {
        if !self.root.symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) {
            return Ok(None);
        }
        match self.root.read_link_contents(path) {
            Ok(target) => Ok(Some(target.display().to_string())),
            Err(error) => Err(unreachable_file(&self.root, path, &error)),
        }
    }

    /// The text of a file of the repository; `None` if there is no such file.
    pub(crate) fn read(&self, path: &str) -> Outcome<Option<String>> {
        match self.root.read(path) {
            Ok(bytes) => String::from_utf8(bytes).map(Some).map_err(|_| {
                Failure::refused(format!("`{path}` is not UTF-8 text, so siteplan leaves it alone"))
                    .hint("convert it to UTF-8, or move it away")
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unreachable_file(&self.root, path, &error)),
        }
    }
}

/// Whether the owner may run a file.
#[cfg(unix)]
fn may_run(metadata: &cap_std::fs::Metadata) -> bool {
    use cap_std::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o100 != 0
}

/// Files have no such permission.
#[cfg(not(unix))]
fn may_run(_: &cap_std::fs::Metadata) -> bool {
    true
}

/// The failure of a repository that cannot be listed.
fn unreadable(root: &str, error: &io::Error) -> Failure {
    Failure::input(format!("cannot read the directory `{root}`")).because(error).hint("check its permissions")
}

/// Every regular file below a folder, by its path from there. Links are not followed.
fn collect(folder: &Dir, above: &str, found: &mut Vec<String>) -> io::Result<()> {
    for entry in folder.entries()? {
        let entry = entry?;
        let Some(name) = entry.file_name().to_str().map(|name| format!("{above}{name}")) else { continue };
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&entry.open_dir()?, &format!("{name}/"), found)?;
        } else if kind.is_file() {
            found.push(name);
        }
    }
    Ok(())
}

/// Whether a path, relative and with `/`, is one that siteplan may write a generated file to: inside the repository, outside
/// the folder of git, and a name that a terminal shows as it is.
pub(crate) fn is_ours_to_write(path: &str) -> bool {
    let mut parts = path.split('/');
    !path.is_empty()
        && parts.all(|part| !matches!(part, "" | "." | "..") && named(OsStr::new(part)).is_some())
}

/// The failure of a file that cannot be reached inside the repository.
pub(crate) fn unreachable_file(root: &Dir, path: &str, error: &io::Error) -> Failure {
    if leads_outside(error) {
        // The link itself is named, not what would lie behind it.
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        let link = ends
            .map(|end| &path[..end])
            .find(|above| root.metadata(above).is_err_and(|error| leads_outside(&error)));
        return Failure::refused(format!(
            "`{}` leads out of the repository through a symbolic link",
            link.unwrap_or(path)
        ))
        .hint("replace the link by a real folder, or give another folder with --spec-path");
    }
    Failure::refused(format!("cannot use `{path}`; nothing was written"))
        .because(error)
        .hint("see that it can be read and written, or give another folder with --spec-path")
}

/// Whether a path leads out of the directory through a symbolic link: this is how `cap-std` words it.
fn leads_outside(error: &io::Error) -> bool {
    error.to_string().contains("outside of the filesystem")
}

/// The name of a folder that may hold documents: text that a terminal shows as it is, and not git's own folder.
fn named(part: &OsStr) -> Option<String> {
    let name = part.to_str()?;
    (!name.eq_ignore_ascii_case(".git") && !name.chars().any(char::is_control)).then(|| name.to_owned())
}

/// A relative path without `.`, or the failure of one that could leave the repository.
fn inside(spec_path: &Path) -> Outcome<String> {
    let mut parts = Vec::new();
    for component in spec_path.components() {
        match component {
            Component::Normal(part) => parts.push(named(part).ok_or_else(|| {
                Failure::input("`--spec-path` names a folder that siteplan does not write to")
                    .hint("give a folder of plain text outside `.git`, such as `specs` or `docs/deployment`")
            })?),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(Failure::input(format!(
                    "`--spec-path {}` leaves the repository",
                    spec_path.display()
                ))
                .hint("give a folder relative to the repository, such as `specs` or `docs/deployment`"));
            }
        }
    }
    if parts.is_empty() {
        return Err(Failure::input("`--spec-path` names no folder").hint("give a folder such as `specs`"));
    }
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::inside;

    #[test]
    fn a_spec_path_stays_inside_the_repository() {
        assert_eq!(inside(Path::new("./docs//deploy/")).unwrap(), "docs/deploy");
        for path in ["/etc", "../specs", "a/../../b", ".", "", ".git", "a/.git/b", "a\nb"] {
            assert!(inside(Path::new(path)).is_err(), "{path}");
        }
    }
}
