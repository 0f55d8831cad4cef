//! The build stages of a Dockerfile → the same commands here, in a folder that stands for the image's root.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::dockerfile::{copied, shell_line, stages};
use crate::copy;
use crate::failure::{Failure, Outcome};
use crate::program::Program;
use crate::world::World;

/// The folders of the image that commands name.
const FOLDERS: [&str; 2] = ["/app", "/opt"];

/// Runs every stage but the last, then looks for what the last one takes from them.
pub(super) fn run(world: &World, repository: &Path, dockerfile: &Path) -> Outcome {
    let name = repository.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let root = world.work().join("image-roots").join(&name);
    let app = root.join("app");
    let failed = |error| Failure::new(format!("cannot write `{}`: {error}", root.display()));
    if root.exists() {
        fs::remove_dir_all(&root).map_err(failed)?;
    }
    for folder in ["app", "opt"] {
        fs::create_dir_all(root.join(folder)).map_err(failed)?;
    }
    let programs = python(world)?;
    let moved = |text: &str| {
        FOLDERS.iter().fold(text.to_owned(), |text, folder| {
            text.replace(folder, &format!("{}{folder}", root.display()))
        })
    };
    let stages = stages(dockerfile)?;
    let Some((last, before)) = stages.split_last() else { return Ok(()) };
    let mut environment: BTreeMap<String, String> = BTreeMap::new();
    let inherited = std::env::var("PATH").unwrap_or_default();
    let cargo = world.cache().join("cargo-programs");
    environment
        .insert("PATH".to_owned(), format!("{}:{}/bin:{inherited}", programs.display(), cargo.display()));
    environment.insert("CARGO_INSTALL_ROOT".to_owned(), cargo.to_string_lossy().into_owned());
    environment.insert("CARGO_TARGET_DIR".to_owned(), app.join("target").to_string_lossy().into_owned());
    let mut folder = app.clone();
    for (instruction, rest) in before.iter().flat_map(|stage| &stage.instructions) {
        match instruction.as_str() {
            "WORKDIR" => folder = PathBuf::from(moved(rest)),
            "ENV" | "ARG" => set(&mut environment, rest, moved),
            "COPY" => take(repository, rest, moved)?,
            "RUN" => {
                let line = moved(&shell_line(rest));
                if !line.contains("apt-get") {
                    println!("({} in {})", line, folder.display());
                    shell(&line, &folder, &environment)?;
                }
            }
            _ => {}
        }
    }
    let wanted = last.instructions.iter().filter(|(name, _)| name == "COPY").map(|(_, rest)| copied(rest));
    for path in wanted.filter(|(from, ..)| from.is_some()).flat_map(|(_, sources, _)| sources) {
        let place = PathBuf::from(moved(&path));
        if !place.exists() {
            return Err(Failure::new(format!("the build of {name} made no `{path}` ({})", place.display())));
        }
    }
    println!("{name}: built as its Dockerfile says");
    Ok(())
}

/// A Python environment that lines may install into.
fn python(world: &World) -> Outcome<PathBuf> {
    let folder = world.work().join("image-python");
    if !folder.join("bin/pip").is_file() {
        Program::new("python3", world.root())
            .args(["-m".into(), "venv".into(), folder.clone().into_os_string()])
            .output()?;
    }
    Ok(folder.join("bin"))
}

fn set(environment: &mut BTreeMap<String, String>, rest: &str, moved: impl Fn(&str) -> String) {
    for pair in rest.split_whitespace() {
        if let Some((name, value)) = pair.split_once('=') {
            let path = environment.get("PATH").cloned().unwrap_or_default();
            environment.insert(name.to_owned(), moved(value.trim_matches('"')).replace("$PATH", &path));
        }
    }
}

fn take(repository: &Path, rest: &str, moved: impl Fn(&str) -> String) -> Outcome {
    let (from, sources, to) = copied(rest);
    if from.is_some() {
        return Ok(());
    }
    let to = PathBuf::from(moved(&to));
    for source in sources {
        let place = repository.join(&source);
        if place.is_dir() {
            copy::over(&place, &to)?;
        } else {
            let name = place.file_name().unwrap_or_default();
            fs::create_dir_all(&to)
                .and_then(|()| fs::copy(&place, to.join(name)))
                .map_err(|error| Failure::new(format!("cannot copy `{}`: {error}", place.display())))?;
        }
    }
    Ok(())
}

fn shell(line: &str, folder: &Path, environment: &BTreeMap<String, String>) -> Outcome {
    fs::create_dir_all(folder)
        .map_err(|error| Failure::new(format!("cannot make `{}`: {error}", folder.display())))?;
    let assigned = environment.iter().map(|(name, value)| format!("{name}={value}"));
    Program::new("env", folder).args(assigned).args(["sh", "-e", "-c", line]).output().map(|_| ())
}
