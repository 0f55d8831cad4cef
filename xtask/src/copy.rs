//! A copy of an example outside the checkout, without what building it or planning for it leaves behind.

use std::fs;
use std::io;
use std::path::Path;

use crate::failure::{Failure, Outcome};

/// What is never copied, and stays in a copy that is made anew: it is slow to make and belongs to no commit.
const BUILT: [&str; 7] = [".git", ".next", ".pytest_cache", ".venv", "__pycache__", "node_modules", "target"];
/// What a run of siteplan in the example itself would have left.
const PLANNED: [&str; 4] = [".siteplan", "09_DECISIONS.md", "DEPLOYMENT_TDD.md", "siteplan.toml"];

/// Makes `to` a copy of the folder `from`.
pub(crate) fn fresh(from: &Path, to: &Path) -> Outcome {
    clear(to).and_then(|()| copy(from, to)).map_err(|error| {
        Failure::new(format!("cannot copy `{}` to `{}`: {error}", from.display(), to.display()))
    })
}

fn clear(folder: &Path) -> io::Result<()> {
    if !folder.exists() {
        return fs::create_dir_all(folder);
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if BUILT.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if BUILT.iter().chain(&PLANNED).any(|skipped| name == *skipped) {
            continue;
        }
        let target = to.join(&name);
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
