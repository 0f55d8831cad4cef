//! `--catalog DIR`: a folder of TOML files laid over the catalog inside the binary.

use std::fs;
use std::path::{Path, PathBuf};

use siteplan_catalog::signals::Signals;
use siteplan_catalog::{Catalog, CatalogError};

use crate::error::{Failure, Outcome};

/// How deep the folders of a catalog lie (`signals/frameworks`).
const DEEPEST: usize = 2;

/// The catalog inside the binary, with the files of a folder added or replaced.
pub(crate) fn load(folder: Option<&Path>) -> Outcome<Catalog> {
    let files = folder.map(files_of).transpose()?.unwrap_or_default();
    let own = files.is_empty();
    Catalog::with_files(files).map_err(|error| failure(&error, own))
}

/// The signal tables alone, which load many times faster than the whole catalog.
pub(crate) fn load_signals(folder: Option<&Path>) -> Outcome<Signals> {
    match folder {
        None => Signals::builtin().map_err(|error| {
            Failure::bug("the signal tables inside the binary cannot be read").because(&error)
        }),
        Some(_) => load(folder).map(|catalog| catalog.signals),
    }
}

fn failure(error: &CatalogError, own: bool) -> Failure {
    if own {
        return Failure::bug("the catalog inside the binary cannot be read").because(error);
    }
    Failure::input(error.to_string()).hint(
        "`siteplan catalog show ID` shows a file of the same kind, `siteplan schema catalog` its fields",
    )
}

/// Every TOML file of the folder's folders, as its path below the folder with its text.
fn files_of(folder: &Path) -> Outcome<Vec<(String, String)>> {
    let unreadable = |path: &Path, error: &std::io::Error| {
        Failure::input(format!("cannot read the catalog folder `{}`", path.display())).because(error)
    };
    let mut files = Vec::new();
    let mut folders: Vec<(String, PathBuf)> = vec![(String::new(), folder.to_owned())];
    while let Some((below, folder)) = folders.pop() {
        for path in entries(&folder).map_err(|error| unreadable(&folder, &error))? {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let below = if below.is_empty() { name } else { format!("{below}/{name}") };
            if path.is_dir() && below.split('/').count() <= DEEPEST {
                folders.push((below, path));
            } else if below.contains('/') && path.extension().is_some_and(|extension| extension == "toml") {
                let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
                files.push((below, text));
            }
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Failure::input(format!("the catalog folder `{}` holds no data", folder.display()))
            .hint("it has folders such as `platforms`, each with one TOML file for each thing"));
    }
    Ok(files)
}

fn entries(folder: &Path) -> std::io::Result<Vec<std::path::PathBuf>> {
    let mut paths: Vec<_> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.sort();
    Ok(paths)
}
