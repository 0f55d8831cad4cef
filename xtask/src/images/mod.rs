//! Images that siteplan writes are built: the examples and small repositories of other languages without a Dockerfile, planned for a
//! platform that wants images. `buildah` builds each over stand-in bases whose programs do nothing, which shows that every instruction,
//! path and account holds.

mod dockerfile;
mod samples;
mod stand_in;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::cargo;
use crate::copy;
use crate::examples;
use crate::failure::{Failure, Outcome};
use crate::program::Program;
use crate::step::Step;
use crate::world::World;

/// A platform that runs nothing but images.
const PLATFORM: &str = "platform=kubernetes-gke";

/// The date of every plan.
const DATE: &str = "2026-11-25";

/// The step.
pub(crate) fn steps() -> Vec<Step> {
    vec![Step::new(
        "images",
        "the Dockerfiles that siteplan writes, by hadolint and built by buildah",
        build_all,
    )]
}

/// A repository with the Dockerfiles that siteplan wrote into it.
struct Written {
    name: String,
    folder: PathBuf,
    dockerfiles: Vec<PathBuf>,
}

fn build_all(world: &World) -> Outcome {
    let binary = cargo::build_siteplan(world)?;
    let folder = world.work().join("images");
    let mut all = Vec::new();
    for example in examples::folders(world)? {
        all.push(written(&binary, &example_without_image(&folder, &example)?)?);
    }
    for (name, files) in samples::ALL {
        let copy = folder.join(name);
        lay_out(&copy, files)?;
        all.push(written(&binary, &copy)?);
    }
    let files: Vec<PathBuf> = all.iter().flat_map(|one| one.dockerfiles.iter().cloned()).collect();
    world
        .tools()?
        .python("hadolint", world.root())
        .args(["--failure-threshold", "style"])
        .files(&files)
        .output()?;
    println!("{} Dockerfiles of {} repositories pass hadolint", files.len(), all.len());
    let builder = stand_in::Builder::ready(&world.work().join("images-storage"))?;
    for one in &all {
        for dockerfile in &one.dockerfiles {
            builder.build(&one.name, &one.folder, dockerfile)?;
        }
    }
    println!("{} images built over stand-in bases", files.len());
    Ok(())
}

fn example_without_image(folder: &Path, example: &Path) -> Outcome<PathBuf> {
    let copy = folder.join(examples::name(example));
    copy::fresh(example, &copy)?;
    let own = copy.join("Dockerfile");
    if own.is_file() {
        fs::remove_file(&own)
            .map_err(|error| Failure::new(format!("cannot remove `{}`: {error}", own.display())))?;
    }
    Ok(copy)
}

fn written(binary: &Path, folder: &Path) -> Outcome<Written> {
    let generate = Program::new(binary, folder)
        .args(["generate", "--quiet", "--defaults", "--date", DATE, "--set", PLATFORM, "--only", "image"])
        .env("NO_COLOR", "1");
    generate.output()?;
    let mut dockerfiles = Vec::new();
    find(folder, &mut dockerfiles)
        .map_err(|error| Failure::new(format!("cannot read `{}`: {error}", folder.display())))?;
    if dockerfiles.is_empty() {
        return Err(
            Failure::new(format!("no Dockerfile was written in `{}`", folder.display())).reproduce(&generate)
        );
    }
    dockerfiles.sort();
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Written { name, folder: folder.to_owned(), dockerfiles })
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            let built = ["node_modules", "target", ".next", ".git", ".venv", "specs"];
            if !built.iter().any(|name| entry.file_name() == *name) {
                find(&entry.path(), found)?;
            }
        } else if entry.file_name() == "Dockerfile" {
            found.push(entry.path());
        }
    }
    Ok(())
}

fn lay_out(folder: &Path, files: &[(&str, &str)]) -> Outcome {
    let failed = |error| Failure::new(format!("cannot write `{}`: {error}", folder.display()));
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(failed)?;
    }
    for (path, text) in files {
        let place = folder.join(path);
        fs::create_dir_all(place.parent().unwrap_or(folder)).map_err(failed)?;
        fs::write(&place, text).map_err(failed)?;
        if text.starts_with("#!") {
            fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).map_err(failed)?;
        }
    }
    Ok(())
}
