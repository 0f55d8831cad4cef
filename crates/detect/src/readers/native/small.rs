//! `build.zig`, `build.zig.zon`, `*.nimble`, `dub.json`, `dub.sdl`, `v.mod` → [`Manifest`].

use std::sync::LazyLock;

use regex::Regex;
use siteplan_catalog::signals::Ecosystem;

use super::{MOST, stem};
use crate::readers::manifest::{Manifest, Scope, Trait};
use crate::readers::pattern::pattern;
use crate::readers::structured::{self, fields, scalar};
use crate::text::{line_at, line_of};

fn place(text: &str, found: &regex::Captures<'_>) -> Option<u32> {
    found.get(0).map(|whole| line_at(text, whole.start()))
}

/// Zig's build program and its list of packages.
pub(super) fn read_zig(text: &str) -> Manifest {
    static PROGRAM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"addExecutable\(\s*\.\{[^;]*?\.name\s*=\s*"([^"]+)"(?:[^;]*?"([\w./-]+\.zig)")?"#)
    });
    static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?m)^\s{0,4}\.name\s*=\s*[."]([\w-]+)"#));
    static PACKAGES: LazyLock<Regex> = LazyLock::new(|| pattern(r"\.dependencies\s*=\s*\.\{"));
    static PACKAGE: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\.(?:@"([^"]+)"|(\w+))\s*=\s*\.\{"#));
    static ASKED: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\.dependency\(\s*"([^"]+)""#));
    static VERSION: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\.minimum_zig_version\s*=\s*"([^"]+)""#));
    let mut manifest = Manifest::new(Ecosystem::Zig);
    for found in PROGRAM.captures_iter(text) {
        manifest.programs.insert(found[1].to_owned(), found.get(2).map(|path| path.as_str().to_owned()));
    }
    if let Some(found) = PACKAGES.find(text) {
        for package in PACKAGE.captures_iter(&text[found.end()..]) {
            let Some(name) = package.get(1).or_else(|| package.get(2)) else { continue };
            let line = line_at(text, found.end() + name.start());
            manifest.depend(name.as_str(), None, Scope::Production, Some(line));
        }
    }
    for found in ASKED.captures_iter(text) {
        manifest.depend(&found[1], None, Scope::Production, place(text, &found));
    }
    if !text.contains("addExecutable") {
        manifest.name = NAME.captures(text).map(|found| (found[1].to_owned(), place(text, &found)));
    }
    if let Some(found) = VERSION.captures(text) {
        manifest.pin("zig", &found[1], place(text, &found));
    }
    manifest
}

/// Nim.
pub(super) fn read_nimble(path: &str, text: &str) -> Manifest {
    static REQUIRES: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^\s*requires\s*\(?([^\n]*)"));
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| pattern(r#""([\w:/.-]+)\s*([^"]*)""#));
    static PROGRAMS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^\s*(?:bin|namedBin)\s*=\s*([^\n]*)"));
    static FOLDER: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?m)^\s*srcDir\s*=\s*"([^"]*)""#));
    let mut manifest = Manifest::new(Ecosystem::Nimble);
    manifest.name = Some((stem(path).to_owned(), None));
    for found in REQUIRES.captures_iter(text) {
        for one in QUOTED.captures_iter(&found[1]) {
            let name = one[1].trim_end_matches(".git").rsplit('/').next().unwrap_or_default().to_owned();
            if name == "nim" {
                manifest.pin("nim", &one[2], place(text, &found));
            } else {
                manifest.depend(&name, Some(&one[2]), Scope::Production, place(text, &found));
            }
        }
    }
    let folder = FOLDER.captures(text).map(|found| found[1].to_owned()).unwrap_or_default();
    if let Some(found) = PROGRAMS.captures(text) {
        for one in QUOTED.captures_iter(&found[1]) {
            let source = crate::tree::join(&folder, &format!("{}.nim", &one[1]));
            manifest.programs.insert(one[1].to_owned(), Some(source));
        }
    }
    manifest
}

/// D, in JSON.
pub(super) fn read_dub_json(text: &str) -> Result<Manifest, String> {
    let value = structured::jsonc(text)?;
    let mut manifest = Manifest::new(Ecosystem::Dub);
    if let Some(name) = value["name"].as_str() {
        manifest.name = Some((name.to_owned(), line_of(text, "\"name\"")));
        if !matches!(value["targetType"].as_str(), Some("library" | "staticLibrary" | "dynamicLibrary")) {
            let target = value["targetName"].as_str().unwrap_or(name);
            let folder = value["targetPath"].as_str().unwrap_or_default();
            manifest.programs.insert(crate::tree::join(folder, target), None);
        }
    }
    for (name, version) in fields(&value["dependencies"]).take(MOST) {
        manifest.depend(
            name,
            scalar(version).as_deref(),
            Scope::Production,
            line_of(text, &format!("\"{name}\"")),
        );
    }
    Ok(manifest)
}

/// D, in its own notation.
pub(super) fn read_dub_sdl(text: &str) -> Manifest {
    static LINE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"(?m)^\s*(name|dependency|targetType|targetName|targetPath)\s+"([^"]+)""#)
    });
    let mut manifest = Manifest::new(Ecosystem::Dub);
    let (mut target, mut folder, mut library) = (None, String::new(), false);
    for found in LINE.captures_iter(text) {
        let value = found[2].to_owned();
        match &found[1] {
            "name" => manifest.name = Some((value, place(text, &found))),
            "dependency" => manifest.depend(&value, None, Scope::Production, place(text, &found)),
            "targetType" => library = value.ends_with("ibrary"),
            "targetName" => target = Some(value),
            _ => folder = value,
        }
    }
    if library {
        manifest.traits.insert(Trait::Library);
    } else if let Some(target) = target.or_else(|| manifest.name.as_ref().map(|(name, _)| name.clone())) {
        manifest.programs.insert(crate::tree::join(&folder, &target), None);
    }
    manifest
}

/// V. Its web frameworks come with the language, so that sources tell of them.
pub(super) fn read_v(text: &str) -> Manifest {
    static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"name:\s*'([^']+)'"));
    static PACKAGES: LazyLock<Regex> = LazyLock::new(|| pattern(r"dependencies:\s*\[([^\]]*)\]"));
    let mut manifest = Manifest::new(Ecosystem::Vpm);
    manifest.name = NAME.captures(text).map(|found| (found[1].to_owned(), place(text, &found)));
    if let Some(found) = PACKAGES.captures(text) {
        for one in found[1].split(',').map(|one| one.trim().trim_matches(['\'', '"'])) {
            let name = one.rsplit('.').next().unwrap_or(one);
            if !name.is_empty() {
                manifest.depend(name, None, Scope::Production, place(text, &found));
            }
        }
    }
    manifest
}

#[cfg(test)]
mod tests {
    use super::{read_dub_sdl, read_nimble, read_v, read_zig};

    #[test]
    fn programs_of_each() {
        let manifest = read_zig(
            "const exe = b.addExecutable(.{\n  .name = \"shop\",\n  .root_source_file = b.path(\"src/main.zig\"),\n});\nconst httpz = b.dependency(\"httpz\", .{});\n",
        );
        assert_eq!(manifest.programs["shop"].as_deref(), Some("src/main.zig"));
        assert_eq!(
            (manifest.dependencies[0].name.as_str(), manifest.dependencies[0].line),
            ("httpz", Some(5))
        );
        let manifest = read_zig(
            ".{\n  .name = .shop,\n  .minimum_zig_version = \"0.14.0\",\n  .dependencies = .{\n    .zap = .{ .url = \"x\" },\n  },\n}\n",
        );
        assert_eq!(
            (manifest.dependencies[0].name.as_str(), manifest.pins[0].version.as_str()),
            ("zap", "0.14.0")
        );
        let manifest = read_nimble(
            "shop.nimble",
            "srcDir = \"src\"\nbin = @[\"shop\"]\nrequires \"nim >= 1.6.0\"\nrequires \"jester >= 0.5\"\n",
        );
        assert_eq!(manifest.programs["shop"].as_deref(), Some("src/shop.nim"));
        assert_eq!(manifest.dependencies[0].name, "jester");
        let manifest = read_dub_sdl("name \"shop\"\ndependency \"vibe-d\" version=\"~>0.9\"\n");
        assert!(manifest.programs.contains_key("shop"));
        assert_eq!(manifest.dependencies[0].line, Some(2));
        assert_eq!(read_v("Module {\n\tname: 'shop'\n}").name.map(|(name, _)| name).as_deref(), Some("shop"));
    }
}
