//! What stands in a document without being a file of its own, commands aside: diagrams, JSON.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::failure::{Failure, Outcome};
use crate::plans::PlannedFile;
use crate::world::World;

/// Whether it is a block of a document that names no file, in one of the languages.
pub(super) fn is_unnamed(path: &str, languages: &[&str]) -> bool {
    path.strip_prefix("unnamed/")
        .and_then(|name| name.rsplit_once('.'))
        .is_some_and(|(_, language)| languages.contains(&language))
}

/// Diagrams.
pub(crate) fn is_mermaid(path: &str) -> bool {
    is_unnamed(path, &["mermaid"])
}

/// mermaid's own grammar.
pub(crate) fn mermaid(world: &World, files: &[PlannedFile]) -> Outcome {
    world.tools()?.node_driver("mermaid.mjs", &world.work()).files(files).output()?;
    Ok(())
}

/// The health contract, by the validator of the format's own schema.
pub(crate) fn openapi(world: &World, files: &[PlannedFile]) -> Outcome {
    world.tools()?.python("openapi-spec-validator", &world.work()).files(files).output()?;
    Ok(())
}

/// JSON in a document.
pub(crate) fn is_json(path: &str) -> bool {
    is_unnamed(path, &["json"])
}

/// A parser.
pub(crate) fn json(files: &[PlannedFile]) -> Outcome {
    let wrong = |file: &PlannedFile| {
        parsed(&file.place).err().map(|error| format!("{}: {error}", file.place.display()))
    };
    let wrong: Vec<String> = files.iter().filter_map(wrong).collect();
    if wrong.is_empty() { Ok(()) } else { Err(Failure::new(wrong.join("\n"))) }
}

fn parsed(file: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{is_json, is_mermaid};

    #[test]
    fn a_snippet_goes_to_the_validator_of_its_language() {
        assert!(is_mermaid("unnamed/12.mermaid"));
        assert!(is_json("unnamed/12.json") && !is_json("app.json"));
    }
}
