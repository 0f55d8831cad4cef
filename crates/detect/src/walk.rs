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
    let reading = Reading::new(options.signals);
    let sent = Mutex::new(Vec::new());
    let budget = std::sync::atomic::AtomicU64::new(LARGEST_TOTAL);
    let skipped_folders = options.signals.files.skipped_folders.clone();
    let skipped_by_name = std::sync::Arc::new(Mutex::new(Vec::new()));
    let by_name = std::sync::Arc::clone(&skipped_by_name);
    let base = root.to_owned();
    let walker = WalkBuilder::new(root)
        .hidden(false)
        .require_git(false)
        .parents(false)
        .git_global(false)
        .git_exclude(true)
        .follow_links(false)
        .same_file_system(true)
        .filter_entry(move |entry| {
            let Some(why) = why_not_entered(entry, &skipped_folders) else { return true };
            // The records of git and of siteplan itself are no part of the application.
            if entry.file_name() != ".git" && entry.file_name() != ".siteplan" {
                push(&by_name, Sent::Skipped { path: relative(&base, entry.path()), why: why.to_owned() });
            }
            false
        })
        .build_parallel();
    walker.run(|| {
        Box::new(|entry| {
            match entry {
                Ok(entry) => {
                    if let Some(message) = look(root, &entry, &reading, &budget) {
                        push(&sent, message);
                    }
                }
                Err(error) => push(&sent, Sent::Skipped { path: String::new(), why: error.to_string() }),
            }
            WalkState::Continue
        })
    });
    let mut messages = sent.into_inner().unwrap_or_default();
    if let Ok(mut skipped) = skipped_by_name.lock() {
        messages.append(&mut skipped);
    }
    let mut tree = gather(messages);
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

/// Why a folder is not entered.
fn why_not_entered(entry: &DirEntry, skipped_folders: &[String]) -> Option<&'static str> {
    if entry.depth() == 0 || !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return None;
    }
    let name = entry.file_name().to_string_lossy();
    if skipped_folders.iter().any(|skipped| skipped == name.as_ref()) {
        return Some("installed or built files");
    }
    if name == "build" {
        // `build` is an output only beside a tool that writes there; elsewhere it may hold sources.
        let beside = ["package.json", "build.gradle", "build.gradle.kts", "pubspec.yaml"];
        if entry.path().parent().is_some_and(|parent| beside.iter().any(|file| parent.join(file).is_file())) {
            return Some("installed or built files");
        }
    }
    entry.path().join("pyvenv.cfg").is_file().then_some("a Python virtual environment")
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
        return Some(Sent::Skipped { path, why: "symbolic link, not followed".to_owned() });
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
    let mut bytes = Vec::new();
    // The limit holds even if the file grows while it is read.
    let outcome =
        std::fs::File::open(entry.path()).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes));
    if let Err(error) = outcome {
        return Some(Sent::File { path, facts: None, why_not: Some(format!("cannot be read: {error}")) });
    }
    if bytes.contains(&0) {
        return Some(Sent::File { path, facts: None, why_not: None });
    }
    let content = String::from_utf8_lossy(&bytes);
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
                tree.paths.insert(path);
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
