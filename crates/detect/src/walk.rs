//! A folder on disk → [`Tree`]: one parallel walk, each file opened at most once, nothing read that cannot matter.

use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ignore::{DirEntry, WalkBuilder, WalkState};
use siteplan_model::survey::Skipped;

use crate::Options;
use crate::readers::{self, FileFacts, Reading};
use crate::text;
use crate::tree::Tree;

/// No file above this size is read.
const LARGEST: u64 = 1024 * 1024;
/// No source file above this size is scanned: it is generated or bundled.
const LARGEST_SOURCE: u64 = 512 * 1024;
/// So many bytes of a file are looked at to see whether it is text.
const BINARY: usize = 8 * 1024;
/// So many bytes are asked for first: most files end before.
const FIRST: usize = 64 * 1024;
/// So many skipped paths are named one by one.
const MOST_SKIPPED: usize = 200;

/// What is known of one path after the walk.
enum Sent {
    File { path: String, facts: Option<Box<FileFacts>>, why_not: Option<Box<str>> },
    Skipped { path: String, why: String },
}

impl Sent {
    fn path(&self) -> &str {
        match self {
            Self::File { path, .. } | Self::Skipped { path, .. } => path,
        }
    }

    fn unread(path: String, why: String) -> Self {
        Self::File { path, facts: None, why_not: Some(why.into()) }
    }
}

/// One thread of the walk: what it found, handed in once at its end, and the memory that it reads files into.
struct Walking<'w> {
    found: Vec<Sent>,
    buffer: Vec<u8>,
    home: &'w Mutex<Vec<Vec<Sent>>>,
}

impl Drop for Walking<'_> {
    fn drop(&mut self) {
        if let Ok(mut home) = self.home.lock() {
            home.push(std::mem::take(&mut self.found));
        }
    }
}

/// Walks the tree at `root`.
pub(crate) fn walk(root: &Path, options: &Options<'_>) -> Tree {
    if readers::git::is_bare(root) {
        let why = "a bare git repository, whose files are packed; clone it and survey the clone".to_owned();
        let skipped = vec![Skipped { path: ".".to_owned(), why }];
        let mut tree = Tree::default();
        (tree.skipped, tree.git) = (skipped, readers::git::read(root, options.signals));
        return tree;
    }
    let reading = Reading::new(options.signals);
    let place = Place { root, real: root.canonicalize().ok(), own: options.own };
    let home = Mutex::new(Vec::new());
    let skipped_folders: HashSet<String> = options.signals.files.skipped_folders.iter().cloned().collect();
    let refused = Arc::new(Mutex::new(Vec::new()));
    let lists =
        IgnoreLists { root: root.to_owned(), real: place.real.clone(), refused: Arc::clone(&refused) };
    let listed = lists.unfit(root).is_none();
    let walker = WalkBuilder::new(root)
        .hidden(false)
        .require_git(false)
        .parents(false)
        .git_global(false)
        .ignore(listed)
        .git_ignore(listed)
        // What a person excludes on one machine is no part of the repository, and a submodule's list may lie anywhere.
        .git_exclude(false)
        .follow_links(false)
        .same_file_system(true)
        // What was installed or built, and the records of git, are no part of the application: nobody misses them.
        .filter_entry(move |entry| {
            !is_installed_or_built(entry, &skipped_folders) && lists.can_be_read(entry)
        })
        .build_parallel();
    walker.run(|| {
        let mut thread = Walking { found: Vec::new(), buffer: vec![0; FIRST], home: &home };
        let (reading, place) = (&reading, &place);
        Box::new(move |entry| {
            let found = match entry {
                Ok(entry) => look(place, &entry, reading, &mut thread.buffer),
                Err(error) => Some(unreadable(root, &error)),
            };
            thread.found.extend(found);
            WalkState::Continue
        })
    });
    let mut found: Vec<Sent> = home.into_inner().unwrap_or_default().into_iter().flatten().collect();
    found.append(&mut refused.lock().map(|mut refused| std::mem::take(&mut *refused)).unwrap_or_default());
    let mut tree = gather(found);
    tree.git = readers::git::read(root, options.signals);
    tree
}

/// The lists of what git and others ignore, which the walk opens on its own when it enters a folder.
///
/// A list may be a pipe that nobody writes to, a link to a device without end, or larger than memory: such a folder is not
/// entered.
struct IgnoreLists {
    root: PathBuf,
    real: Option<PathBuf>,
    refused: Arc<Mutex<Vec<Sent>>>,
}

impl IgnoreLists {
    /// The list of a folder that cannot be opened without danger.
    fn unfit(&self, folder: &Path) -> Option<&'static str> {
        [".gitignore", ".ignore"].into_iter().find(|name| {
            let path = folder.join(name);
            let Ok(own) = path.symlink_metadata() else { return false };
            if own.is_dir() {
                return false;
            }
            let inside = || {
                let target = path.canonicalize().ok();
                target.is_some_and(|target| self.real.as_ref().is_some_and(|root| target.starts_with(root)))
            };
            // A link that leads nowhere opens nothing.
            let Ok(found) = path.metadata() else { return false };
            !found.is_file() || found.len() > LARGEST || (own.is_symlink() && !inside())
        })
    }

    /// Whether a folder can be entered; what cannot is said.
    fn can_be_read(&self, entry: &DirEntry) -> bool {
        if entry.depth() == 0 || !entry.file_type().is_some_and(|kind| kind.is_dir()) {
            return true;
        }
        let Some(list) = self.unfit(entry.path()) else { return true };
        let why = format!("not entered: its `{list}` is no file of ordinary size within the tree");
        if let Ok(mut refused) = self.refused.lock() {
            refused.push(Sent::Skipped { path: relative(&self.root, entry.path()), why });
        }
        false
    }
}

/// Where the tree lies: as it was named, and as it really is; and what in it is no part of the application.
struct Place<'p> {
    root: &'p Path,
    real: Option<PathBuf>,
    /// What siteplan wrote itself, sorted.
    own: &'p [String],
}

fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
    match std::path::MAIN_SEPARATOR {
        '/' => below.into_owned(),
        other => below.replace(other, "/"),
    }
}

/// What the walk could not enter or list.
fn unreadable(root: &Path, error: &ignore::Error) -> Sent {
    match error {
        ignore::Error::WithPath { path, err } => {
            let why = text::one_line(&format!("cannot be read: {err}"));
            Sent::Skipped { path: relative(root, path), why }
        }
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            unreadable(root, err)
        }
        other => Sent::Skipped { path: String::new(), why: text::one_line(&other.to_string()) },
    }
}

/// Whether a folder holds what was installed or built, so that it is not entered.
fn is_installed_or_built(entry: &DirEntry, skipped_folders: &HashSet<String>) -> bool {
    if entry.depth() == 0 || !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return false;
    }
    let name = entry.file_name().to_string_lossy();
    if skipped_folders.contains(name.as_ref()) {
        return true;
    }
    let has = |folder: &Path, files: &[&str]| files.iter().any(|file| folder.join(file).is_file());
    // `build` is an output only beside a tool that writes there; elsewhere it may hold sources.
    let beside = ["package.json", "build.gradle", "build.gradle.kts", "pubspec.yaml"];
    name == "build" && entry.path().parent().is_some_and(|parent| has(parent, &beside))
        // A Python virtual environment under whatever name.
        || has(entry.path(), &["pyvenv.cfg"])
}

/// Whether a symbolic link leads out of the tree; where it leads inside, its target is read at its own place.
fn leads_outside(place: &Place<'_>, link: &Path) -> bool {
    match (&place.real, link.canonicalize()) {
        (Some(root), Ok(target)) => !target.starts_with(root),
        // A broken link or a circle of links leads nowhere.
        _ => false,
    }
}

/// Reads one entry if it can matter.
fn look(place: &Place<'_>, entry: &DirEntry, reading: &Reading<'_>, buffer: &mut Vec<u8>) -> Option<Sent> {
    let kind = entry.file_type()?;
    if kind.is_dir() {
        return None;
    }
    let path = relative(place.root, entry.path());
    if place.own.binary_search(&path).is_ok() {
        return None;
    }
    if kind.is_symlink() {
        let why = "symbolic link out of the tree, not followed".to_owned();
        return leads_outside(place, entry.path()).then_some(Sent::Skipped { path, why });
    }
    if !kind.is_file() {
        return Some(Sent::Skipped { path, why: "not a regular file".to_owned() });
    }
    let Some(asked) = reading.asked(&path) else {
        return Some(Sent::File { path, facts: None, why_not: None });
    };
    let limit = if asked.is_source() { LARGEST_SOURCE } else { LARGEST };
    let bytes = match content(entry.path(), limit, buffer) {
        Ok(Content::Whole(bytes)) => bytes,
        Ok(Content::Larger(size)) => {
            return Some(Sent::unread(path, format!("too large ({} KB)", size / 1024)));
        }
        Err(error) => return Some(Sent::unread(path, format!("cannot be read: {error}"))),
    };
    // As git does: what has a zero byte near its beginning is no text.
    if bytes[..bytes.len().min(BINARY)].contains(&0) {
        return Some(Sent::File { path, facts: None, why_not: None });
    }
    let content = match std::str::from_utf8(bytes) {
        Ok(text) => std::borrow::Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    };
    let (facts, why_not) = match reading.read(&asked, &path, &content) {
        Ok(facts) => (facts, None),
        Err(why) => (FileFacts::default(), Some(text::one_line(&why).into())),
    };
    Some(Sent::File { path, facts: (!facts.is_empty()).then(|| Box::new(facts)), why_not })
}

/// What a file holds.
enum Content<'b> {
    Whole(&'b [u8]),
    /// More than is wanted, with its size.
    Larger(u64),
}

/// Reads a file into memory that is used again and again. The limit holds even if the file grows while it is read.
fn content<'b>(path: &Path, limit: u64, buffer: &'b mut Vec<u8>) -> std::io::Result<Content<'b>> {
    #[cfg(test)]
    tests::note(path);
    let mut file = std::fs::File::open(path)?;
    let mut length = 0;
    loop {
        if length == buffer.len() {
            // Most files end before: only the others are asked for their size.
            let size = file.metadata()?.len();
            if size.max(length as u64) > limit {
                return Ok(Content::Larger(size));
            }
            let most = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
            buffer.resize((length * 2).min(most).max(length + 1), 0);
        }
        match file.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    if length as u64 > limit {
        return Ok(Content::Larger(length as u64));
    }
    Ok(Content::Whole(&buffer[..length]))
}

/// Puts everything into an order that does not depend on the threads.
fn gather(mut messages: Vec<Sent>) -> Tree {
    messages.sort_unstable_by(|a, b| a.path().cmp(b.path()));
    let mut tree = Tree::default();
    for message in messages {
        match message {
            Sent::File { path, facts, why_not } => {
                if let Some(why) = why_not {
                    tree.skipped.push(Skipped { path: path.clone(), why: why.into() });
                }
                tree.take(path, facts.map(|facts| *facts));
            }
            Sent::Skipped { path, why } => {
                let path = if path.is_empty() { ".".to_owned() } else { path };
                tree.skipped.push(Skipped { path, why });
            }
        }
    }
    tree.complete();
    tree.skipped.sort();
    let left_out = tree.skipped.len().saturating_sub(MOST_SKIPPED);
    if left_out > 0 {
        tree.skipped.truncate(MOST_SKIPPED);
        tree.skipped.push(Skipped { path: ".".to_owned(), why: format!("{left_out} more paths like these") });
    }
    tree
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::sync::Mutex;

    use siteplan_catalog::signals::Signals;

    use super::walk;
    use crate::Options;

    /// Every file that any test opened.
    static OPENED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

    pub(super) fn note(path: &Path) {
        OPENED.lock().expect("no test fails while it notes").push(path.to_owned());
    }

    #[test]
    fn each_file_is_opened_at_most_once_and_what_cannot_matter_never() {
        let wanted =
            ["package.json", "src/a.ts", "src/b.ts", "api/main.py", "go.mod", "Dockerfile", ".env.example"];
        let never = [
            ".env",
            "LICENSE",
            "package-lock.json",
            "pnpm-lock.yaml",
            "public/logo.svg",
            "public/app.min.js",
            "src/types.d.ts",
            "src/a.test.ts",
            "tests/b.py",
            "docs/conf.py",
            "node_modules/x/package.json",
            "node_modules/x/index.js",
            "dist/index.js",
        ];
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        for path in wanted.iter().chain(&never) {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            fs::write(path, "{}\n").expect("a file");
        }
        let signals = Signals::builtin().expect("built-in");
        walk(folder.path(), &Options { spec_path: "specs", root_name: ".", own: &[], signals: &signals });
        let all = OPENED.lock().expect("no test fails while it notes");
        let mut opened: Vec<String> = all
            .iter()
            .filter_map(|path| path.strip_prefix(folder.path()).ok())
            .map(|path| path.to_string_lossy().into_owned())
            .collect();
        opened.sort();
        let mut expected = wanted.map(str::to_owned);
        expected.sort();
        assert_eq!(opened, expected);
    }
}
