//! Embeds every TOML file under `data/`, so that adding a file is the whole registration.
//!
//! The signal tables are embedded a second time as one JSON text: every run of detection loads all of them, and JSON
//! loads many times faster than TOML.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a build script reads its own data folder"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let data = root.join("data");
    let mut files = Vec::new();
    collect(&data, &mut files);
    files.sort();

    let mut source = String::from(
        "/// Every data file: its path below `data/`, and its text.\npub(crate) const FILES: &[(&str, &str)] = &[\n",
    );
    for file in &files {
        let name =
            file.strip_prefix(&data).expect("collected below data").to_string_lossy().replace('\\', "/");
        writeln!(source, "    ({name:?}, include_str!({:?})),", file.display().to_string())
            .expect("writing to a string");
    }
    source.push_str("];\n");
    let signals: Vec<toml::Table> = files
        .iter()
        .filter(|file| file.starts_with(data.join("signals")))
        .map(|file| {
            let text = fs::read_to_string(file).expect("a data file is readable");
            text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()))
        })
        .collect();
    let json = serde_json::to_string(&signals).expect("tables are JSON");
    write!(
        source,
        "/// The files of `data/signals/` in their order, as a JSON list.\npub(crate) const SIGNALS: &str = {json:?};\n"
    )
    .expect("writing to a string");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("embedded.rs"), source).expect("writing to OUT_DIR");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder).expect("data folder is readable") {
        let path = entry.expect("data folder is readable").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
}
