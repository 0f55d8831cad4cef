//! `docs/reference`: the command line and the schemas as the binary itself tells them.

use std::fmt::Write as _;
use std::fs;

use crate::cargo;
use crate::failure::{Failure, Outcome};
use crate::program::Program;
use crate::world::World;

const HEAD: &str = "# Command line\n\nWritten by `cargo xtask docs` from the help of the binary.\n";

/// One generated file below `docs/reference`.
#[derive(Debug)]
struct Page {
    path: String,
    text: String,
}

/// Writes the pages.
pub(crate) fn write(world: &World) -> Outcome {
    let folder = world.root().join("docs/reference");
    for page in pages(world)? {
        let path = folder.join(page.path);
        let parent = path.parent().unwrap_or(&folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, page.text))
            .map_err(|error| Failure::new(format!("cannot write `{}`: {error}", path.display())))?;
        println!("wrote {}", path.display());
    }
    Ok(())
}

/// Fails for a page that says something else than the binary.
pub(crate) fn check(world: &World) -> Outcome {
    let folder = world.root().join("docs/reference");
    let stale = |page: &Page| fs::read_to_string(folder.join(&page.path)).ok().as_ref() != Some(&page.text);
    let stale: Vec<String> =
        pages(world)?.into_iter().filter(stale).map(|page| format!("docs/reference/{}", page.path)).collect();
    if stale.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("stale: {}", stale.join(", "))).mend("cargo xtask docs"))
}

fn pages(world: &World) -> Outcome<Vec<Page>> {
    let binary = cargo::build_siteplan(world)?;
    let siteplan = |arguments: &[&str]| {
        let program = Program::new(&binary, world.root()).args(arguments.iter().copied());
        program.env("NO_COLOR", "1").output()
    };
    let top = siteplan(&["--help"])?;
    let mut line = format!("{HEAD}\n## siteplan\n\n{}", fenced(&top));
    for command in listed(&top) {
        let _ = write!(line, "\n## siteplan {command}\n\n{}", fenced(&siteplan(&[&command, "--help"])?));
    }
    let mut pages = vec![Page { path: "command-line.md".to_owned(), text: line }];
    for name in choices(&siteplan(&["schema", "--help"])?) {
        let text = siteplan(&["schema", &name])?;
        pages.push(Page { path: format!("schemas/{name}.json"), text });
    }
    Ok(pages)
}

fn fenced(help: &str) -> String {
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    format!("```text\n{}\n```\n", lines.join("\n").trim_matches('\n'))
}

/// The commands that a help text lists.
fn listed(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    lines
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// The possible values of the one argument that a help text describes.
fn choices(help: &str) -> Vec<String> {
    let values = help.split_once("Arguments:").map_or("", |(_, arguments)| arguments);
    let values = values.split_once("[possible values: ").map_or("", |(_, values)| values);
    let (values, _) = values.split_once(']').unwrap_or_default();
    values.split(',').map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::{choices, listed};

    #[test]
    fn commands_and_values_are_read_from_a_help_text() {
        let help = "About.\n\nCommands:\n  plan    The main job,\n            in two lines\n  detect  Facts\n  help    This\n\nOptions:\n";
        assert_eq!(listed(help), ["plan", "detect"]);
        let help =
            "Arguments:\n  <NAME>\n          The record\n\n          [possible values: brief, survey]\n";
        assert_eq!(choices(help), ["brief", "survey"]);
    }
}
