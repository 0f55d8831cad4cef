//! Files of single platforms whose vendors publish a program, a model or a package that knows them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::plans::PlannedFile;
use crate::world::World;

fn extension(path: &str) -> &str {
    Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

/// An ECS task definition.
pub(crate) fn is_ecs(path: &str) -> bool {
    path.starts_with("deploy/ecs/") && extension(path) == "json"
}

/// The model of the AWS API.
pub(crate) fn ecs(world: &World, files: &[PlannedFile]) -> Outcome {
    world.tools()?.python_driver("ecs_task.py", &world.work()).files(files).output()?;
    Ok(())
}

/// A Railway project as code.
pub(crate) fn is_railway(path: &str) -> bool {
    path.starts_with(".railway/") && extension(path) == "ts"
}

/// The types of the vendor's package: an unknown field or a value of the wrong type does not compile.
pub(crate) fn railway(world: &World, files: &[PlannedFile]) -> Outcome {
    let tools = world.tools()?;
    // A module is looked for in `node_modules` of the folders above the file.
    let link = world.work().join("node_modules");
    let _ = fs::remove_file(&link);
    symlink(tools.node_modules(), &link)
        .map_err(|error| Failure::new(format!("cannot link `{}`: {error}", link.display())))?;
    let options = ["--noEmit", "--strict", "--skipLibCheck", "--pretty", "false", "--target", "es2023"];
    let modules = ["--module", "nodenext", "--moduleResolution", "nodenext", "--types", "node"];
    tools.node("tsc", &world.work()).args(options).args(modules).files(files).output()?;
    Ok(())
}

/// A Netlify project.
pub(crate) fn is_netlify(path: &str) -> bool {
    Path::new(path).file_name().is_some_and(|name| name == "netlify.toml")
}

/// What Netlify itself reads the file with: a value of the wrong type fails.
pub(crate) fn netlify(world: &World, files: &[PlannedFile]) -> Outcome {
    for file in files {
        let folder = file.place.parent().unwrap_or(&file.place);
        let check = world.tools()?.node("netlify-config", folder).args(["--offline", "--output=/dev/null"]);
        check.args(["--repositoryRoot=.", "--config"]).files(std::slice::from_ref(file)).output()?;
    }
    Ok(())
}

/// A Procfile.
pub(crate) fn is_procfile(path: &str) -> bool {
    Path::new(path).file_name().is_some_and(|name| name == "Procfile")
}

/// A program that starts processes from such files.
pub(crate) fn procfile(world: &World, files: &[PlannedFile]) -> Outcome {
    for file in files {
        let check = world.tools()?.python("honcho", &world.work()).args(["check", "--procfile"]);
        check.files(std::slice::from_ref(file)).output()?;
    }
    Ok(())
}
