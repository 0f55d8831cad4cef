//! `--catalog DIR`: a folder of TOML files laid over the catalog inside the binary.

use std::fs;
use std::path::Path;

use siteplan_catalog::{Catalog, CatalogError};

use crate::error::{Failure, Outcome};

/// The catalog inside the binary, with the files of a folder added or replaced.
pub(crate) fn load(folder: Option<&Path>) -> Outcome<Catalog> {
    let files = folder.map(files_of).transpose()?.unwrap_or_default();
    let own = files.is_empty();
    Catalog::with_files(files).map_err(|error| failure(&error, own))
}

fn failure(error: &CatalogError, own: bool) -> Failure {
    if own {
        return Failure::bug("the catalog inside the binary cannot be read").because(error);
    }
    Failure::input(error.to_string()).hint(
        "`siteplan catalog show ID` shows a file of the same kind, `siteplan schema catalog` its fields",
    )
}

/// Every TOML file of the folder's folders, as `folder/file.toml` with its text.
fn files_of(folder: &Path) -> Outcome<Vec<(String, String)>> {
    let unreadable = |path: &Path, error: &std::io::Error| {
        Failure::input(format!("cannot read the catalog folder `{}`", path.display())).because(error)
    };
    let mut files = Vec::new();
    for kind in entries(folder).map_err(|error| unreadable(folder, &error))? {
        if !kind.is_dir() {
            continue;
        }
        for path in entries(&kind).map_err(|error| unreadable(&kind, &error))? {
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
            let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((format!("{}/{}", name(&kind), name(&path)), text));
        }
    }
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
