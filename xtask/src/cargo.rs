//! The steps that cargo itself does, and the binary that the document checks run.

use std::path::PathBuf;

use serde_json::Value;

use crate::failure::{Failure, Outcome};
use crate::program::Program;
use crate::step::Step;
use crate::world::World;

/// Format, lint, unit and integration tests.
pub(crate) fn steps() -> Vec<Step> {
    vec![
        step("format", &["fmt", "--all", "--check"]),
        step("lint", &["clippy", "--locked", "--workspace", "--all-targets", "--", "--deny", "warnings"]),
        step("tests", &["test", "--locked", "--workspace", "--no-fail-fast"]),
    ]
}

fn step(name: &str, arguments: &'static [&'static str]) -> Step {
    let about = format!("cargo {}", arguments.join(" "));
    Step::new(name, about, |world| cargo(world, arguments).stream())
}

fn cargo(world: &World, arguments: &[&str]) -> Program {
    Program::new("cargo", world.root()).args(arguments.iter().copied())
}

/// Builds siteplan and says where the binary is.
pub(crate) fn build_siteplan(world: &World) -> Outcome<PathBuf> {
    build(world, &["build", "--locked", "--quiet", "--package", "siteplan"])
}

/// The same, optimised as people get it.
pub(crate) fn build_siteplan_for_people(world: &World) -> Outcome<PathBuf> {
    build(world, &["build", "--locked", "--quiet", "--release", "--package", "siteplan"])
}

fn build(world: &World, arguments: &[&str]) -> Outcome<PathBuf> {
    cargo(world, arguments).stream()?;
    // Asked again, now that there is nothing to build: only this form says where the binary is.
    let build = cargo(world, arguments).args(["--message-format=json"]);
    let messages = build.output()?;
    let binary = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == "siteplan")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from));
    binary.ok_or_else(|| Failure::new("cargo did not say where it put `siteplan`").reproduce(&build))
}
