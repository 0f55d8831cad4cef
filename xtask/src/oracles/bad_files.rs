//! The validators themselves: each must reject the files that are bad for it, or it would judge nothing.
//!
//! `xtask/checks/bad/<validator>/<what is wrong>/` is a small tree of files, laid out as in a repository.

use std::fs;
use std::path::{Path, PathBuf};

use super::{ALL, OF_ALL_FILES, Oracle, vendor_schemas};
use crate::copy;
use crate::failure::{Failure, Outcome};
use crate::plans::PlannedFile;
use crate::waivers::{self, Unused};
use crate::world::World;

/// Hands every case to its validator.
pub(crate) fn judge(world: &World) -> Outcome {
    let bad = world.root().join("xtask/checks/bad");
    let mut accepted = Vec::new();
    let mut number = 0;
    for oracle in ALL.iter().chain(OF_ALL_FILES) {
        let cases = entries(&bad.join(oracle.name))?;
        if cases.is_empty() {
            return Err(Failure::new(format!("`{}` has no bad file", oracle.name))
                .mend(format!("add one below xtask/checks/bad/{}", oracle.name)));
        }
        for case in cases {
            if vendor_schemas::is_left_out(world, oracle) {
                world.leave_out_schema_checks(1);
                continue;
            }
            number += 1;
            accepted.extend(accepts(world, oracle, &case)?);
        }
    }
    if accepted.is_empty() {
        println!("{number} bad files rejected");
        return Ok(());
    }
    Err(Failure::new(format!("accepted, though bad: {}", accepted.join(", "))))
}

/// The name of the case, if its validator accepts it.
fn accepts(world: &World, oracle: &Oracle, case: &Path) -> Outcome<Option<String>> {
    let name = case.file_name().unwrap_or_default().to_string_lossy();
    let name = format!("{}/{name}", oracle.name);
    let place = world.work().join("bad").join(&name);
    copy::fresh(case, &place)?;
    let mut files = Vec::new();
    collect(&place, "", &mut files)?;
    if let Some(stray) = files.iter().find(|file| !(oracle.accepts)(file)) {
        return Err(Failure::new(format!("`{}` of `{name}` is no file for that validator", stray.path)));
    }
    let judged = (oracle.judge)(world, &files)
        .and_then(|findings| waivers::settle(world, oracle.name, &files, &findings, Unused::Keep));
    Ok(judged.is_ok().then_some(name))
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<PlannedFile>) -> Outcome {
    for place in entries(folder)? {
        let path = format!("{prefix}{}", place.file_name().unwrap_or_default().to_string_lossy());
        if place.is_dir() {
            collect(&place, &format!("{path}/"), files)?;
        } else {
            let text = fs::read_to_string(&place)
                .map_err(|error| Failure::new(format!("cannot read `{}`: {error}", place.display())))?;
            files.push(PlannedFile::new(&path, place, &text));
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let unreadable = |error| Failure::new(format!("cannot read `{}`: {error}", folder.display()));
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let paths: Result<Vec<_>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(unreadable)?;
    paths.sort();
    Ok(paths)
}
