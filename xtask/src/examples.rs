//! The example applications' own tests, in copies outside the checkout: each is tested, built and started as its lock
//! file says, so that dropping a folder into `examples/` is the whole registration.

use std::fs;
use std::path::{Path, PathBuf};

use crate::copy;
use crate::failure::{Failure, Outcome};
use crate::program::Program;
use crate::server;
use crate::step::Step;
use crate::world::World;

/// What a lock file says about an example.
#[derive(Clone, Copy, Debug)]
enum Ecosystem {
    Npm,
    Uv,
    Cargo,
}

const LOCK_FILES: [(&str, Ecosystem); 3] =
    [("package-lock.json", Ecosystem::Npm), ("uv.lock", Ecosystem::Uv), ("Cargo.lock", Ecosystem::Cargo)];

/// The folders of `examples/`, sorted.
pub(crate) fn folders(world: &World) -> Outcome<Vec<PathBuf>> {
    let examples = world.root().join("examples");
    let unreadable = |error| Failure::new(format!("cannot read `{}`: {error}", examples.display()));
    let mut folders = Vec::new();
    for entry in fs::read_dir(&examples).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

/// The name of an example, which is its folder's.
pub(crate) fn name(folder: &Path) -> String {
    folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// One step for each example.
pub(crate) fn steps(world: &World) -> Outcome<Vec<Step>> {
    folders(world)?.into_iter().map(step).collect()
}

fn step(folder: PathBuf) -> Outcome<Step> {
    let known = LOCK_FILES.iter().find(|(lock, _)| folder.join(lock).is_file());
    let Some((lock, ecosystem)) = known else {
        let known = LOCK_FILES.map(|(lock, _)| lock).join(", ");
        return Err(Failure::new(format!("`{}` has none of {known}", folder.display()))
            .mend("commit its lock file, or teach xtask/src/examples.rs its kind"));
    };
    let about = format!("its own tests, by its {lock}; then it is started and asked");
    Ok(Step::new(format!("example-{}", name(&folder)), about, move |world| test(world, &folder, *ecosystem)))
}

fn test(world: &World, example: &Path, ecosystem: Ecosystem) -> Outcome {
    let copy = world.work().join("examples").join(name(example));
    copy::fresh(example, &copy)?;
    for command in commands(world, &copy, ecosystem)? {
        println!("{command}");
        command.output()?;
    }
    let start = start(world, &copy, ecosystem)?;
    server::answers(&start, &environment(&copy))
}

/// What installs, tests and builds the example.
fn commands(world: &World, copy: &Path, ecosystem: Ecosystem) -> Outcome<Vec<Program>> {
    let with = |name: &str, arguments: &[&str]| Program::new(name, copy).args(arguments.iter().copied());
    Ok(match ecosystem {
        Ecosystem::Npm => vec![
            with("npm", &["ci", "--no-audit", "--no-fund", "--loglevel=error"]),
            with("npm", &["test"]).env("CI", "1"),
            with("npm", &["run", "build"]).env("CI", "1").env("NEXT_TELEMETRY_DISABLED", "1"),
        ],
        Ecosystem::Uv => {
            vec![uv(world, copy)?.args(["sync", "--locked"]), uv(world, copy)?.args(["run", "pytest"])]
        }
        Ecosystem::Cargo => vec![with("cargo", &["test", "--locked"]), with("cargo", &["build", "--locked"])],
    })
}

/// What starts the built example.
fn start(world: &World, copy: &Path, ecosystem: Ecosystem) -> Outcome<Program> {
    Ok(match ecosystem {
        Ecosystem::Npm => Program::new("npm", copy).args(["start"]).env("NEXT_TELEMETRY_DISABLED", "1"),
        Ecosystem::Uv => uv(world, copy)?.args(["run", "--no-sync", "sh", "-c", &web_process(copy)?]),
        Ecosystem::Cargo => Program::new("cargo", copy).args(["run", "--locked", "--quiet"]),
    })
}

/// `uv`, which is one of the pinned tools; it takes the Python that is there.
fn uv(world: &World, copy: &Path) -> Outcome<Program> {
    Ok(world.tools()?.python("uv", copy).env("UV_PYTHON_DOWNLOADS", "never"))
}

/// The command of the `web` process in the Procfile.
fn web_process(copy: &Path) -> Outcome<String> {
    let procfile = copy.join("Procfile");
    let text = fs::read_to_string(&procfile).unwrap_or_default();
    let command = text.lines().find_map(|line| line.strip_prefix("web:"));
    command
        .map(|command| command.trim().to_owned())
        .ok_or_else(|| Failure::new(format!("`{}` has no `web:` process to start", procfile.display())))
}

/// The placeholders of `.env.example`; variables without a value are left out.
fn environment(copy: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(copy.join(".env.example")).unwrap_or_default();
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| (name.trim().to_owned(), value.trim().trim_matches('"').to_owned()))
        .collect()
}
