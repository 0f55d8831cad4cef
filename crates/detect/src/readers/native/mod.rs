//! Manifests of languages with a compiler of their own and of the smaller scripting languages → [`Manifest`]: what a
//! project is called, what it needs, which programs it builds.

mod c;
mod functional;
mod scripting;
mod small;
mod swift;
mod yaml;

use super::manifest::Manifest;
use crate::tree::{has_ending, name};

/// Whether a file is such a manifest.
pub(crate) fn is_manifest(file: &str) -> bool {
    matches!(
        file,
        "pubspec.yaml"
            | "shard.yml"
            | "package.yaml"
            | "stack.yaml"
            | "Package.swift"
            | "build.zig"
            | "build.zig.zon"
            | "gleam.toml"
            | "rebar.config"
            | "dune-project"
            | "dune"
            | "dub.json"
            | "dub.sdl"
            | "v.mod"
            | "CMakeLists.txt"
            | "meson.build"
            | "conanfile.txt"
            | "conanfile.py"
            | "vcpkg.json"
            | "cpanfile"
            | "Makefile.PL"
            | "renv.lock"
            | "DESCRIPTION"
            | "install.R"
            | "Project.toml"
    ) || has_ending(file, &["cabal", "nimble", "opam", "rockspec"])
}

/// Reads one.
pub(crate) fn read(path: &str, text: &str) -> Result<Manifest, String> {
    Ok(match name(path) {
        "pubspec.yaml" => yaml::read_pubspec(text)?,
        "shard.yml" => yaml::read_shard(text)?,
        "package.yaml" => yaml::read_hpack(text)?,
        "stack.yaml" => yaml::read_stack(text)?,
        "Package.swift" => swift::read(text),
        "build.zig" | "build.zig.zon" => small::read_zig(text),
        "gleam.toml" => functional::read_gleam(text)?,
        "rebar.config" => functional::read_rebar(text),
        "dune-project" | "dune" => functional::read_dune(path, text),
        "dub.json" => small::read_dub_json(text)?,
        "dub.sdl" => small::read_dub_sdl(text),
        "v.mod" => small::read_v(text),
        "CMakeLists.txt" => c::read_cmake(text),
        "meson.build" => c::read_meson(text),
        "conanfile.txt" | "conanfile.py" => c::read_conan(text),
        "vcpkg.json" => c::read_vcpkg(text)?,
        "cpanfile" | "Makefile.PL" => scripting::read_perl(text),
        "renv.lock" => scripting::read_renv(text)?,
        "DESCRIPTION" | "install.R" => scripting::read_r(text),
        "Project.toml" => scripting::read_julia(text)?,
        file if has_ending(file, &["cabal"]) => functional::read_cabal(text),
        file if has_ending(file, &["opam"]) => functional::read_opam(path, text),
        file if has_ending(file, &["nimble"]) => small::read_nimble(path, text),
        _ => scripting::read_rockspec(text),
    })
}

/// No more entries than this are followed up in one manifest: nobody writes more, and each costs a look through the text.
const MOST: usize = 1000;

/// The name of a file without its ending.
fn stem(path: &str) -> &str {
    let file = name(path);
    file.split_once('.').map_or(file, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::{is_manifest, read};

    #[test]
    fn every_manifest_is_read_as_something() {
        for file in ["pubspec.yaml", "a.cabal", "dune", "CMakeLists.txt", "x.nimble", "a-1.rockspec"] {
            assert!(is_manifest(file), "{file}");
            assert!(read(file, "").is_ok(), "{file}");
        }
        assert!(!is_manifest("Makefile"));
    }
}
