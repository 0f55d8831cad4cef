//! Programs and tables, by the grammar of their language: that they can be read at all. What they do is another test's
//! matter.

use std::path::Path;

use crate::failure::Outcome;
use crate::plans::PlannedFile;
use crate::world::World;

/// Endings that `parse.py` has a grammar for.
const ENDINGS: [&str; 13] =
    ["cs", "ex", "exs", "go", "java", "js", "mjs", "php", "py", "rb", "rs", "toml", "ts"];

/// A program or a table of a language that there is a grammar for.
pub(super) fn accepts(path: &str) -> bool {
    let ending = Path::new(path).extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ENDINGS.contains(&ending))
}

/// A driver of the grammars.
pub(super) fn judge(world: &World, files: &[PlannedFile]) -> Outcome {
    world.tools()?.python_driver("parse.py", &world.work()).files(files).output()?;
    Ok(())
}
