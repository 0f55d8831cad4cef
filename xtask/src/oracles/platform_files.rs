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

/// Inputs of AWS: folder of the files, service, operation.
const AWS: &[(&str, &str, &str)] = &[
    ("deploy/ecs/", "ecs", "RegisterTaskDefinition"),
    ("deploy/ecs-express/", "ecs", "CreateExpressGatewayService"),
    ("deploy/app-runner/", "apprunner", "CreateService"),
];

/// The input of an operation of AWS.
pub(crate) fn is_aws(path: &str) -> bool {
    AWS.iter().any(|(folder, ..)| path.starts_with(folder)) && extension(path) == "json"
}

/// The models of the AWS APIs.
pub(crate) fn aws(world: &World, files: &[PlannedFile]) -> Outcome {
    for (folder, service, operation) in AWS {
        let inputs: Vec<_> = files.iter().filter(|file| file.path.starts_with(folder)).collect();
        if !inputs.is_empty() {
            let check = world.tools()?.python_driver("aws_input.py", &world.work());
            check.args([*service, *operation]).files(&inputs).output()?;
        }
    }
    Ok(())
}

/// A container app or a job.
pub(crate) fn is_container_app(path: &str) -> bool {
    path.starts_with("deploy/container-apps/") && extension(path) == "yaml"
}

/// The models of the Azure API.
pub(crate) fn container_apps(world: &World, files: &[PlannedFile]) -> Outcome {
    world.tools()?.python_driver("container_apps.py", &world.work()).files(files).output()?;
    Ok(())
}

/// A Worker: its configuration, or the program that starts its container.
pub(crate) fn is_cloudflare(path: &str) -> bool {
    path.starts_with("deploy/cloudflare/") && matches!(extension(path), "jsonc" | "ts")
}

/// The schema of the vendor's tool is closed, so that a slip in a key is found; so are the types of its packages.
pub(crate) fn cloudflare(world: &World, files: &[PlannedFile]) -> Outcome {
    let (programs, configurations): (Vec<_>, Vec<_>) =
        files.iter().partition(|file| extension(&file.path) == "ts");
    let tools = world.tools()?;
    if !configurations.is_empty() {
        let schema = tools.node_modules().join("wrangler/config-schema.json");
        let check =
            tools.python("check-jsonschema", &world.work()).args(["--color=never", "--force-filetype=json"]);
        check.args(["--schemafile".into(), schema.into_os_string()]).files(&configurations).output()?;
    }
    let options = ["--target", "es2023", "--module", "esnext", "--moduleResolution", "bundler"];
    let types = ["--types", "@cloudflare/workers-types"];
    // Each declares the variables of its own Worker.
    for program in programs {
        compiled(world, &[program], &options, &types)?;
    }
    Ok(())
}

/// A Railway project as code.
pub(crate) fn is_railway(path: &str) -> bool {
    path.starts_with(".railway/") && extension(path) == "ts"
}

/// The types of the vendor's package: an unknown field or a value of the wrong type does not compile.
pub(crate) fn railway(world: &World, files: &[PlannedFile]) -> Outcome {
    let modules = ["--target", "es2023", "--module", "nodenext", "--moduleResolution", "nodenext"];
    compiled(world, files, &modules, &["--types", "node"])
}

/// What the TypeScript compiler says about files that use packages of the checks.
fn compiled<F: AsRef<Path>>(world: &World, files: &[F], modules: &[&str], types: &[&str]) -> Outcome {
    let tools = world.tools()?;
    // A module is looked for in `node_modules` of the folders above the file.
    let link = world.work().join("node_modules");
    let _ = fs::remove_file(&link);
    symlink(tools.node_modules(), &link)
        .map_err(|error| Failure::new(format!("cannot link `{}`: {error}", link.display())))?;
    let options = ["--noEmit", "--strict", "--skipLibCheck", "--pretty", "false"];
    let check = tools.node("tsc", &world.work()).args(options).args(modules.iter().copied());
    check.args(types.iter().copied()).files(files).output()?;
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
