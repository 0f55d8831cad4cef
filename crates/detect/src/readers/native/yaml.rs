//! `pubspec.yaml`, `shard.yml`, `package.yaml`, `stack.yaml` → [`Manifest`].

use serde_json::Value;
use siteplan_catalog::signals::Ecosystem;

use super::MOST;
use crate::readers::manifest::{Manifest, Scope, Trait};
use crate::readers::structured::{self, fields, scalar, strings};
use crate::text::line_of;

fn named(ecosystem: Ecosystem, value: &Value, text: &str) -> Manifest {
    let mut manifest = Manifest::new(ecosystem);
    manifest.name = value["name"].as_str().map(|name| (name.to_owned(), line_of(text, "name:")));
    manifest
}

fn depend_on_keys(manifest: &mut Manifest, table: &Value, scope: Scope, text: &str) {
    for (name, spec) in fields(table).take(MOST) {
        let version = scalar(spec).or_else(|| scalar(&spec["version"]));
        manifest.depend(name, version.as_deref(), scope, line_of(text, &format!("{name}:")));
    }
}

/// Dart and Flutter.
pub(super) fn read_pubspec(text: &str) -> Result<Manifest, String> {
    let value = structured::yaml(text)?;
    let mut manifest = named(Ecosystem::Pub, &value, text);
    depend_on_keys(&mut manifest, &value["dependencies"], Scope::Production, text);
    depend_on_keys(&mut manifest, &value["dev_dependencies"], Scope::Development, text);
    if let Some(sdk) = value["environment"]["sdk"].as_str() {
        manifest.pin("dart", sdk, line_of(text, "sdk:"));
    }
    manifest.members = strings(&value["workspace"]);
    if !manifest.members.is_empty() {
        manifest.traits.insert(Trait::WorkspaceRoot);
    }
    Ok(manifest)
}

/// Crystal.
pub(super) fn read_shard(text: &str) -> Result<Manifest, String> {
    let value = structured::yaml(text)?;
    let mut manifest = named(Ecosystem::Shards, &value, text);
    depend_on_keys(&mut manifest, &value["dependencies"], Scope::Production, text);
    depend_on_keys(&mut manifest, &value["development_dependencies"], Scope::Development, text);
    if let Some(version) = scalar(&value["crystal"]) {
        manifest.pin("crystal", &version, line_of(text, "crystal:"));
    }
    for (target, spec) in fields(&value["targets"]) {
        manifest.programs.insert(target.clone(), spec["main"].as_str().map(str::to_owned));
    }
    Ok(manifest)
}

/// Haskell, as hpack writes it.
pub(super) fn read_hpack(text: &str) -> Result<Manifest, String> {
    let value = structured::yaml(text)?;
    let mut manifest = named(Ecosystem::Hackage, &value, text);
    let programs = || {
        let single = value.get("executable").map(|one| (manifest_name(&value), one));
        fields(&value["executables"]).map(|(name, one)| (name.clone(), one)).chain(single)
    };
    let lists = [&value["dependencies"], &value["library"]["dependencies"]];
    let of_programs: Vec<&Value> = programs().map(|(_, one)| &one["dependencies"]).collect();
    for list in lists.into_iter().chain(of_programs) {
        depend_on_list(&mut manifest, list, text);
    }
    for (name, one) in programs() {
        let folder = strings(&one["source-dirs"]).into_iter().next().unwrap_or_default();
        let main = one["main"].as_str().map(|main| crate::tree::join(&folder, main));
        manifest.programs.insert(name, main);
    }
    Ok(manifest)
}

fn manifest_name(value: &Value) -> String {
    value["name"].as_str().unwrap_or("app").to_owned()
}

fn depend_on_list(manifest: &mut Manifest, list: &Value, text: &str) {
    for item in list.as_array().into_iter().flatten().take(MOST) {
        let written = scalar(item).or_else(|| scalar(&item["name"])).unwrap_or_default();
        let (name, version) = written.split_once(' ').unwrap_or((&written, ""));
        if !name.is_empty() {
            manifest.depend(name, Some(version), Scope::Production, line_of(text, name));
        }
    }
}

/// Stack's project file: which compiler and packages are used, not what they are.
pub(super) fn read_stack(text: &str) -> Result<Manifest, String> {
    let value = structured::yaml(text)?;
    let mut manifest = Manifest::new(Ecosystem::Hackage);
    manifest.package_manager = Some(("stack".to_owned(), line_of(text, "resolver").or(Some(1))));
    let compiler = value["compiler"].as_str().or_else(|| value["resolver"].as_str()).unwrap_or_default();
    if let Some(version) = compiler.strip_prefix("ghc-") {
        manifest.pin("ghc", version, line_of(text, compiler));
    }
    manifest.members =
        strings(&value["packages"]).into_iter().filter(|one| one != "." && one != "./").collect();
    Ok(manifest)
}

#[cfg(test)]
mod tests {
    use super::{read_hpack, read_pubspec, read_shard};

    #[test]
    fn programs_and_dependencies() {
        let manifest = read_shard(
            "name: shop\ncrystal: 1.4.1\ntargets:\n  web:\n    main: src/web.cr\ndependencies:\n  kemal:\n    github: kemalcr/kemal\n",
        )
        .expect("valid");
        assert_eq!(manifest.programs["web"].as_deref(), Some("src/web.cr"));
        assert_eq!(
            (manifest.dependencies[0].name.as_str(), manifest.dependencies[0].line),
            ("kemal", Some(7))
        );
        assert_eq!(manifest.pins[0].version, "1.4.1");
        let manifest = read_pubspec(
            "name: api\nenvironment:\n  sdk: ^3.0.0\ndependencies:\n  shelf: ^1.4.0\n  flutter:\n    sdk: flutter\n",
        )
        .expect("valid");
        let names: Vec<_> = manifest.dependencies.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["shelf", "flutter"]);
        let manifest = read_hpack(
            "name: x\nexecutables:\n  x-exe:\n    main: Main.hs\n    source-dirs: app\n    dependencies:\n    - scotty >= 0.12\n",
        )
        .expect("valid");
        assert_eq!(manifest.programs["x-exe"].as_deref(), Some("app/Main.hs"));
        assert_eq!(manifest.dependencies[0].version.as_deref(), Some(">= 0.12"));
    }
}
