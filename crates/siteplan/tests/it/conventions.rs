//! Rules of the house that no type can hold.

use std::fs;
use std::path::{Path, PathBuf};

use crate::repository::workspace;

/// Ids that are words of the model too, or of a format: their quoted form says nothing about a platform or host.
const WORDS: [&str; 1] = ["other"];

#[test]
fn no_platform_or_ci_host_is_named_in_code() {
    let root = workspace();
    let data = root.join("crates/catalog/data");
    let mut ids: Vec<String> = ["platforms", "ci-hosts"]
        .iter()
        .flat_map(|folder| files(&data.join(folder), "toml"))
        .map(|path| path.file_stem().expect("a file has a name").to_string_lossy().into_owned())
        .filter(|id| !WORDS.contains(&id.as_str()))
        .collect();
    ids.sort();
    assert!(ids.len() >= 11, "only {} ids found below {}", ids.len(), data.display());

    let mut named = Vec::new();
    for path in files(&root.join("crates"), "rs") {
        let inside = path.strip_prefix(&root).expect("it lies inside").to_string_lossy().into_owned();
        if inside.starts_with("crates/emit/") || inside.contains("/tests/") || inside.ends_with("tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source file can be read");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (index, line) in code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
        {
            for id in ids.iter().filter(|id| line.contains(&format!("\"{id}\""))) {
                named.push(format!("{inside}:{}: \"{id}\"", index + 1));
            }
        }
    }
    assert!(
        named.is_empty(),
        "platforms and CI hosts are data; move what these lines decide into a field of the catalog \
         (crates/catalog/data), or into crates/emit if it is the form of a file:\n{}",
        named.join("\n")
    );
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for path in entries.map(|entry| entry.expect("a folder can be read").path()) {
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|of| of == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}
