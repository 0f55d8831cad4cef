//! Programs and tables, by the grammar of their language: that they can be read at all. What they do is another test's
//! matter.

use std::path::Path;

use crate::failure::Outcome;
use crate::plans::PlannedFile;
use crate::world::World;

/// Endings that `parse.py` has a grammar for.
const ENDINGS: [&str; 13] =
    ["cs", "ex", "exs", "go", "java", "js", "mjs", "php", "py", "rb", "rs", "toml", "ts"];

/// Names of such files without an ending.
const NAMES: [&str; 2] = [".dockerignore", ".env.example"];

/// A program or a table of a language that there is a grammar for.
pub(super) fn accepts(path: &str) -> bool {
    let path = Path::new(path);
    let ending = path.extension().and_then(|ending| ending.to_str());
    let name = path.file_name().and_then(|name| name.to_str());
    ending.is_some_and(|ending| ENDINGS.contains(&ending)) || name.is_some_and(|name| NAMES.contains(&name))
}

/// A driver of the grammars.
pub(super) fn judge(world: &World, files: &[PlannedFile]) -> Outcome {
    world.tools()?.python_driver("parse.py", &world.work()).files(files).output()?;
    Ok(())
}
