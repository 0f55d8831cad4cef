//! Markdown: every document that siteplan writes, and the pages of this project.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::plans::PlannedFile;
use crate::world::World;

/// Our own pages: these files, and all below these folders.
const OWN: [&str; 6] =
    ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs", "examples/README.md"];

/// Lints both with one configuration.
pub(crate) fn judge(world: &World) -> Outcome {
    let mut files = world.plans()?.documents().to_vec();
    for own in OWN {
        collect(&world.root().join(own), &mut files)?;
    }
    println!("{} files", files.len());
    lint(world, &files)
}

/// A page that is written beside other files.
pub(super) fn accepts(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|ending| ending == "md")
}

/// Lints such pages.
pub(super) fn pages(world: &World, files: &[PlannedFile]) -> Outcome {
    lint(world, &files.iter().map(|file| file.place.clone()).collect::<Vec<_>>())
}

fn lint(world: &World, files: &[PathBuf]) -> Outcome {
    let tools = world.tools()?;
    let config = tools.check_file("documents.markdownlint-cli2.jsonc");
    let lint = tools.node("markdownlint-cli2", &world.work());
    let lint = lint.args(["--no-globs".into(), "--config".into(), config.into_os_string()]);
    // Behind a colon, a path is a path and no pattern.
    let literal: Vec<String> = files.iter().map(|file| format!(":{}", file.display())).collect();
    let said = lint.files(&literal).output()?;
    if said.contains(&format!("Linting: {} file(s)", files.len())) {
        return Ok(());
    }
    Err(Failure::new(format!("markdownlint-cli2 did not look at all files; it said:\n{said}")))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Outcome {
    let unreadable = |error| Failure::new(format!("cannot read `{}`: {error}", path.display()));
    if path.is_dir() {
        for entry in fs::read_dir(path).map_err(unreadable)? {
            collect(&entry.map_err(unreadable)?.path(), files)?;
        }
    } else if path.extension().is_some_and(|extension| extension == "md") {
        files.push(path.to_owned());
    }
    Ok(())
}
