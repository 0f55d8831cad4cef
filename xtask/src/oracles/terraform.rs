//! Terraform stacks, judged by Terraform itself against the real providers' schemas: format, `validate`, and a plan for
//! each environment.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::failure::Outcome;
use crate::plans::PlannedFile;
use crate::program::Program;
use crate::world::World;

/// A file of a stack.
pub(super) fn accepts(path: &str) -> bool {
    let ending = Path::new(path).extension().and_then(|ending| ending.to_str());
    matches!(ending, Some("tf" | "tfvars"))
}

/// The stacks are the folders that hold such files.
pub(super) fn judge(world: &World, files: &[PlannedFile]) -> Outcome {
    if Program::new("terraform", &world.work()).args(["version"]).output().is_err() {
        println!("left out: there is no terraform");
        return Ok(());
    }
    let stacks: BTreeSet<&Path> = files.iter().filter_map(|file| file.place.parent()).collect();
    let stacks: Vec<PathBuf> = stacks.into_iter().map(Path::to_owned).collect();
    // What a person of this machine has set for Terraform is nothing to the stacks.
    let check = world.tools()?.python_driver("terraform/check.py", &world.work());
    print!("{}", check.env("TF_CLI_CONFIG_FILE", "/dev/null").files(&stacks).output()?);
    Ok(())
}
