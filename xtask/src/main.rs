//! Development tasks: `cargo xtask test` runs every test of the project, `cargo xtask docs` writes the reference pages.

mod bench_detect;
mod cargo;
mod choices;
mod copy;
mod examples;
mod execute;
mod failure;
mod fenced;
mod fuzz;
mod health;
mod images;
mod oracles;
mod parallel;
mod plans;
mod program;
mod reference;
mod server;
mod step;
mod steps;
mod suite;
mod tools;
mod waivers;
mod world;

use std::path::Path;
use std::process::ExitCode;

use failure::{Failure, Outcome};
use world::World;

const USAGE: &str = "\
usage: cargo xtask test              run every step
       cargo xtask test NAME...      run single steps
       cargo xtask test --list       name the steps
       cargo xtask docs              write docs/reference again
       cargo xtask suite NAME TREE   compare detection with what another detector's tests expect of TREE, its checkout
       cargo xtask choices DIR TSV [SITEPLAN]  where maintainers run their applications, against what siteplan recommends
       cargo xtask bench-detect [TREE...]  whole processes against one search of each tree and against other detectors";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["test", "--list"] => list(),
        ["test", names @ ..] if !names.iter().any(|name| name.starts_with('-')) => test(names),
        ["docs"] => World::open().and_then(|world| reference::write(&world)),
        ["choices", folder, table, program @ ..] if program.len() <= 1 => {
            let program = program.first().map(Path::new);
            World::open().and_then(|world| choices::run(&world, Path::new(folder), Path::new(table), program))
        }
        ["bench-detect", trees @ ..] => World::open().and_then(|world| bench_detect::run(&world, trees)),
        ["suite", name, tree] => World::open().and_then(|world| suite::run(&world, name, Path::new(tree))),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn list() -> Outcome {
    for step in steps::all(&World::open()?)? {
        println!("{:<28}  {}", step.name, step.about);
    }
    Ok(())
}

fn test(names: &[&str]) -> Outcome {
    let world = World::open()?;
    let mut steps = steps::all(&world)?;
    let known = |name: &&str| steps.iter().any(|step| step.name == *name);
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        return Err(Failure::new(format!("there is no step `{unknown}`")).mend("cargo xtask test --list"));
    }
    steps.retain(|step| names.is_empty() || names.contains(&step.name.as_str()));
    step::run(&world, &steps)
}
