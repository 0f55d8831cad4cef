//! A folder on disk → [`Tree`]: one parallel walk, each file opened at most once, nothing read that cannot matter.

use std::io::Read;
use std::path::Path;
use std::sync::Mutex;

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
/// After so many bytes source files are counted but no longer scanned.
const LARGEST_TOTAL: u64 = 256 * 1024 * 1024;
/// So many bytes of a file are looked at to see whether it is text.
const BINARY: usize = 8 * 1024;
/// So many skipped paths are named one by one.
const MOST_SKIPPED: usize = 200;

/// What one thread of the walk sends home.
enum Sent {
    File { path: String, facts: Option<Box<FileFacts>>, why_not: Option<String> },
    Skipped { path: String, why: String },
}

impl Sent {
    fn path(&self) -> &str {
        match self {
            Self::File { path, .. } | Self::Skipped { path, .. } => path,
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
    let sent = Mutex::new(Vec::new());
    let budget = std::sync::atomic::AtomicU64::new(LARGEST_TOTAL);
    let skipped_folders = options.signals.files.skipped_folders.clone();
    let walker = WalkBuilder::new(root)
        .hidden(false)
        .require_git(false)
        .parents(false)
        .git_global(false)
        .git_exclude(true)
        .follow_links(false)
        .same_file_system(true)
        // What was installed or built, and the records of git, are no part of the application: nobody misses them.
        .filter_entry(move |entry| !is_installed_or_built(entry, &skipped_folders))
        .build_parallel();
    walker.run(|| {
        Box::new(|entry| {
            match entry {
                Ok(entry) => {
                    if let Some(message) = look(root, &entry, &reading, &budget) {
                        push(&sent, message);
                    }
                }
                Err(error) => push(&sent, unreadable(root, &error)),
            }
            WalkState::Continue
        })
    });
    let mut tree = gather(sent.into_inner().unwrap_or_default());
    tree.git = readers::git::read(root, options.signals);
    tree
}

fn push(list: &Mutex<Vec<Sent>>, message: Sent) {
    if let Ok(mut list) = list.lock() {
        list.push(message);
    }
}

fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> =
        below.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    parts.join("/")
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
fn is_installed_or_built(entry: &DirEntry, skipped_folders: &[String]) -> bool {
    if entry.depth() == 0 || !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return false;
    }
    let name = entry.file_name().to_string_lossy();
    if skipped_folders.iter().any(|skipped| skipped == name.as_ref()) {
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
fn leads_outside(root: &Path, link: &Path) -> bool {
    match (root.canonicalize(), link.canonicalize()) {
        (Ok(root), Ok(target)) => !target.starts_with(root),
        // A broken link or a circle of links leads nowhere.
        _ => false,
    }
}

/// Reads one entry if it can matter.
fn look(
    root: &Path,
    entry: &DirEntry,
    reading: &Reading<'_>,
    budget: &std::sync::atomic::AtomicU64,
) -> Option<Sent> {
    let kind = entry.file_type()?;
    if kind.is_dir() {
        return None;
    }
    let path = relative(root, entry.path());
    if kind.is_symlink() {
        let why = "symbolic link out of the tree, not followed".to_owned();
        return leads_outside(root, entry.path()).then_some(Sent::Skipped { path, why });
    }
    if !kind.is_file() {
        return Some(Sent::Skipped { path, why: "not a regular file".to_owned() });
    }
    let Some(wanted) = reading.wanted(&path) else {
        return Some(Sent::File { path, facts: None, why_not: None });
    };
    let size = entry.metadata().map_or(0, |metadata| metadata.len());
    let limit = if wanted.is_source() { LARGEST_SOURCE } else { LARGEST };
    if size > limit {
        let why_not = Some(format!("too large ({} KB)", size / 1024));
        return Some(Sent::File { path, facts: None, why_not });
    }
    if wanted.is_source() {
        use std::sync::atomic::Ordering::Relaxed;
        if budget.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(size)).is_err() {
            return Some(Sent::File {
                path,
                facts: None,
                why_not: Some("enough source was read".to_owned()),
            });
        }
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    // The limit holds even if the file grows while it is read.
    let outcome =
        std::fs::File::open(entry.path()).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes));
    if let Err(error) = outcome {
        return Some(Sent::File { path, facts: None, why_not: Some(format!("cannot be read: {error}")) });
    }
    // As git does: what has a zero byte near its beginning is no text.
    if bytes[..bytes.len().min(BINARY)].contains(&0) {
        return Some(Sent::File { path, facts: None, why_not: None });
    }
    let content = match std::str::from_utf8(&bytes) {
        Ok(text) => std::borrow::Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(&bytes),
    };
    let (facts, why_not) = match reading.read(wanted, &path, &content) {
        Ok(facts) => (facts, None),
        Err(why) => (FileFacts::default(), Some(text::one_line(&why))),
    };
    Some(Sent::File { path, facts: Some(Box::new(facts)), why_not })
}

/// Puts everything into an order that does not depend on the threads.
fn gather(mut messages: Vec<Sent>) -> Tree {
    messages.sort_by(|a, b| a.path().cmp(b.path()));
    let mut tree = Tree::default();
    for message in messages {
        match message {
            Sent::File { path, facts, why_not } => {
                if let Some(why) = why_not {
                    tree.skipped.push(Skipped { path: path.clone(), why });
                }
                if let Some(facts) = facts.filter(|facts| !facts.is_empty()) {
                    tree.take(path.clone(), *facts);
                }
                tree.add(path);
            }
            Sent::Skipped { path, why } => {
                let path = if path.is_empty() { ".".to_owned() } else { path };
                tree.skipped.push(Skipped { path, why });
            }
        }
    }
    tree.skipped.sort();
    let left_out = tree.skipped.len().saturating_sub(MOST_SKIPPED);
    if left_out > 0 {
        tree.skipped.truncate(MOST_SKIPPED);
        tree.skipped.push(Skipped { path: ".".to_owned(), why: format!("{left_out} more paths like these") });
    }
    tree
}
