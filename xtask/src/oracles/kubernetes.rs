//! Kubernetes: each overlay is built as `kubectl apply --kustomize` would build it, and the result is held against the
//! API's schemas.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::plans::PlannedFile;
use crate::world::World;

/// The manifests and their overlays.
pub(crate) fn accepts(path: &str) -> bool {
    path.starts_with("deploy/kubernetes/")
}

/// Builds all overlays, then validates what came out.
pub(crate) fn judge(world: &World, files: &[PlannedFile]) -> Outcome {
    let tools = world.tools()?;
    let overlays: BTreeSet<&Path> =
        files.iter().filter_map(|file| file.place.parent()).filter(|folder| is_overlay(folder)).collect();
    if overlays.is_empty() {
        return Err(Failure::new("no manifest lies below `overlays/`, so nothing would be applied"));
    }
    let mut built = Vec::new();
    for overlay in overlays {
        let objects = tools.python("kubectl", overlay).args(["kustomize", "."]).output()?;
        let file = overlay.join("built.yaml");
        fs::write(&file, objects)
            .map_err(|error| Failure::new(format!("cannot write `{}`: {error}", file.display())))?;
        built.push(file);
    }
    tools.python("kubernetes-validate", &world.work()).args(["--strict"]).files(&built).output()?;
    Ok(())
}

fn is_overlay(folder: &Path) -> bool {
    folder.parent().is_some_and(|parent| parent.ends_with("overlays"))
}
