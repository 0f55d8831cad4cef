//! What stands in a document without being a file of its own: diagrams, commands, JSON; and shell scripts.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::failure::{Failure, Outcome};
use crate::plans::PlannedFile;
use crate::world::World;

/// What shellcheck, also when actionlint calls it, is told by its environment. Notes are matters of taste. SC2140 takes
/// `"$REGISTRY/"app:"$COMMIT"` for a slip: there a shell-quoted name stands between two quoted words on purpose.
pub(crate) const SHELLCHECK_OPTIONS: (&str, &str) =
    ("SHELLCHECK_OPTS", "--severity=warning --exclude=SC2140");

fn is_unnamed(path: &str, languages: &[&str]) -> bool {
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

/// Commands in a document, and scripts.
pub(crate) fn is_shell(path: &str) -> bool {
    is_unnamed(path, &["bash", "sh"]) || path.rsplit_once('.').is_some_and(|(_, extension)| extension == "sh")
}

/// shellcheck; what a document shows is for bash.
pub(crate) fn shell(world: &World, files: &[PlannedFile]) -> Outcome {
    let tools = world.tools()?;
    let (shown, scripts): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.path.starts_with("unnamed/"));
    let check = |arguments: &[&str], files: &[&PlannedFile]| {
        if files.is_empty() {
            return Ok(());
        }
        let program = tools.python("shellcheck", &world.work()).args(["--color=never", "--format=gcc"]);
        let program = program.env(SHELLCHECK_OPTIONS.0, SHELLCHECK_OPTIONS.1);
        program.args(arguments.iter().copied()).files(files).output().map(|_| ())
    };
    check(&["--shell=bash"], &shown)?;
    check(&[], &scripts)
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
    use super::{is_json, is_mermaid, is_shell};

    #[test]
    fn a_snippet_goes_to_the_validator_of_its_language() {
        assert!(is_mermaid("unnamed/12.mermaid"));
        assert!(is_shell("unnamed/12.bash") && is_shell("deploy/test.sh"));
        assert!(is_json("unnamed/12.json") && !is_json("app.json"));
    }
}
