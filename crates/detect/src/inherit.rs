//! Parent poms, Gradle's shared blocks, conventions and catalogs, shared .NET properties → what each build takes from the others.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::signals::Ecosystem;

use crate::readers::Record;
use crate::readers::dotnet;
use crate::readers::manifest::{Manifest, Scope};
use crate::tree::{Tree, folder, has_ending, join, name, resolve, upwards};

/// A chain of parents longer than this is a circle.
const LONGEST_CHAIN: usize = 8;

/// All builds of a tree by what others look for in them.
pub(crate) struct Builds<'t> {
    manifests: Vec<(&'t str, &'t Manifest)>,
    by_path: BTreeMap<&'t str, &'t Manifest>,
    /// Poms by `group:artifact`.
    poms: BTreeMap<String, &'t str>,
    /// Scripts of conventions by the plugin that they are.
    conventions: BTreeMap<String, &'t str>,
    /// Aliases of version catalogs: artifacts, joined by commas.
    aliases: BTreeMap<&'t str, &'t str>,
    versions: BTreeMap<&'t str, &'t str>,
    /// Folders of builds by their spelling without signs, made when the first reference asks.
    projects: OnceCell<BTreeMap<String, &'t str>>,
    /// Folders with a settings script.
    settings: BTreeSet<&'t str>,
}

/// Whether a file of a build system speaks only through the builds that take from it.
pub(crate) fn is_only_taken_from(path: &str) -> bool {
    let file = name(path);
    let script = has_ending(file, &["gradle"]) || file.ends_with(".gradle.kts");
    let stem = file.split('.').next().unwrap_or_default();
    let build = matches!(stem, "build" | "settings") || stem == name(folder(path));
    file == "libs.versions.toml"
        || dotnet::is_shared(file)
        || (script && (!build || path.split('/').any(|part| part == "buildSrc" || part == "build-logic")))
}

impl<'t> Builds<'t> {
    /// Gathers them.
    pub(crate) fn new(tree: &'t Tree) -> Self {
        let manifests: Vec<(&str, &Manifest)> = tree
            .records()
            .filter_map(|(path, record)| match record {
                Record::Manifest(manifest) => Some((path, manifest)),
                _ => None,
            })
            .collect();
        let mut builds = Self {
            by_path: manifests.iter().copied().collect(),
            poms: BTreeMap::new(),
            conventions: BTreeMap::new(),
            aliases: BTreeMap::new(),
            versions: BTreeMap::new(),
            projects: OnceCell::new(),
            settings: BTreeSet::new(),
            manifests: Vec::new(),
        };
        for (path, manifest) in &manifests {
            let file = name(path);
            if file == "pom.xml" {
                let group = manifest.build.group.as_deref().unwrap_or_default();
                if let Some((artifact, _)) = &manifest.name {
                    builds.poms.entry(format!("{group}:{artifact}")).or_insert(path);
                }
            } else if file == "libs.versions.toml" {
                for (alias, module) in &manifest.programs {
                    builds.aliases.extend(module.as_deref().map(|module| (alias.as_str(), module)));
                }
                let versions = manifest.build.properties.iter();
                builds.versions.extend(versions.map(|(alias, version)| (alias.as_str(), version.as_str())));
            } else if file.starts_with("settings.gradle") {
                builds.settings.insert(folder(path));
            } else if let Some(stem) =
                file.strip_suffix(".gradle.kts").or_else(|| file.strip_suffix(".gradle"))
                && is_only_taken_from(path)
            {
                builds.conventions.entry(stem.to_owned()).or_insert(path);
            }
        }
        builds.manifests = manifests;
        builds
    }

    /// A manifest with names and values filled in, followed by what it inherits, each with the file that says it.
    pub(crate) fn resolved(&self, path: &'t str, manifest: &Manifest) -> Vec<(&'t str, Manifest)> {
        let mut inherited: Vec<(&'t str, Manifest)> = match manifest.ecosystem {
            Ecosystem::Maven if name(path) == "pom.xml" => self.parents(path, manifest),
            Ecosystem::Maven => self.of_gradle(path, manifest),
            Ecosystem::Nuget => self.above(path),
            _ => Vec::new(),
        };
        let mut values = manifest.build.properties.clone();
        for (_, above) in &inherited {
            for (key, value) in &above.build.properties {
                values.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
        let build = &manifest.build;
        let own = [
            ("project.version", build.version.as_deref()),
            ("project.artifactId", manifest.name.as_ref().map(|(name, _)| name.as_str())),
            ("project.groupId", build.group.as_deref()),
        ];
        for (key, value) in own {
            values.extend(value.map(|value| (key.to_owned(), value.to_owned())));
        }
        let mut all = vec![(path, manifest.clone())];
        for (path, above) in &mut inherited {
            let properties = std::mem::take(&mut above.build.properties);
            let mut down = above.handed_down();
            down.build.properties = properties;
            all.push((path, down));
        }
        for (_, manifest) in &mut all {
            self.fill(manifest, &values);
        }
        all
    }

    fn fill(&self, manifest: &mut Manifest, values: &BTreeMap<String, String>) {
        let mut added = Vec::new();
        for dependency in &mut manifest.dependencies {
            if let Some(modules) = self.aliases.get(dependency.name.as_str()) {
                let version =
                    self.versions.get(dependency.name.as_str()).map(|version| (*version).to_owned());
                let mut modules = modules.split(',');
                modules.next().unwrap_or_default().clone_into(&mut dependency.name);
                dependency.version = version.or_else(|| dependency.version.take());
                for module in modules {
                    let mut more = dependency.clone();
                    module.clone_into(&mut more.name);
                    added.push(more);
                }
            }
            if dependency.name.contains("${") {
                dependency.name = filled(&dependency.name, values);
            }
            let central =
                || values.get(&dependency.name).filter(|_| manifest.ecosystem == Ecosystem::Nuget).cloned();
            dependency.version = match dependency.version.take() {
                Some(version) if version.contains('$') => {
                    Some(filled(&version, values)).filter(|version| !version.contains('$'))
                }
                None => central(),
                version => version,
            };
        }
        manifest.dependencies.extend(added);
        let kotlin = manifest.dependencies.iter().find(|one| {
            one.name.starts_with("org.jetbrains.kotlin")
                && one.name.ends_with(":plugin")
                && one.version.is_some()
        });
        if let Some((version, line)) = kotlin.map(|one| (one.version.clone().unwrap_or_default(), one.line))
            && !manifest.pins.iter().any(|pin| pin.tool == "kotlin")
        {
            manifest.pin("kotlin", &version, line);
        }
        for pin in &mut manifest.pins {
            pin.version = filled(&pin.version, values);
        }
        manifest.pins.retain(|pin| !pin.version.contains('$'));
        let build = &mut manifest.build;
        for value in [&mut build.version, &mut build.product, &mut build.main].into_iter().flatten() {
            *value = filled(value, values);
        }
    }

    /// The poms above one, the nearest first.
    fn parents(&self, path: &'t str, manifest: &Manifest) -> Vec<(&'t str, Manifest)> {
        let mut found: Vec<(&'t str, Manifest)> = Vec::new();
        let mut at = path;
        let mut parent = manifest.build.parent.clone();
        while let Some(one) = parent.take() {
            let id = format!("{}:{}", one.group, one.artifact);
            let said = one.path.as_deref().unwrap_or("../pom.xml");
            let near = resolve(folder(at), said)
                .map(|near| if has_ending(&near, &["xml"]) { near } else { join(&near, "pom.xml") });
            let is_it = |path: &str| {
                self.by_path
                    .get(path)
                    .is_some_and(|pom| pom.name.as_ref().is_some_and(|(name, _)| *name == one.artifact))
            };
            let near = near.and_then(|near| self.by_path.get_key_value(near.as_str())).map(|(path, _)| *path);
            let Some(above) = near.filter(|near| is_it(near)).or_else(|| self.poms.get(&id).copied()) else {
                break;
            };
            if found.len() >= LONGEST_CHAIN || above == path || found.iter().any(|(known, _)| *known == above)
            {
                break;
            }
            let Some(pom) = self.by_path.get(above) else { break };
            found.push((above, (*pom).clone()));
            parent.clone_from(&pom.build.parent);
            at = above;
        }
        found
    }

    /// What Gradle's root says for all projects, and the conventions that a project applies.
    fn of_gradle(&self, path: &'t str, manifest: &Manifest) -> Vec<(&'t str, Manifest)> {
        let file = name(path);
        if !(has_ending(file, &["gradle"]) || file.ends_with(".gradle.kts")) || file.starts_with("settings.")
        {
            return Vec::new();
        }
        let mut found: Vec<(&'t str, Manifest)> = Vec::new();
        let home = folder(path);
        for above in upwards(home) {
            for script in ["build.gradle", "build.gradle.kts"] {
                let Some((root, build)) = self.by_path.get_key_value(join(above, script).as_str()) else {
                    continue;
                };
                let mut values = Manifest::new(Ecosystem::Maven);
                values.build.properties.clone_from(&build.build.properties);
                if above != home {
                    if let Some(shared) = &build.build.shared {
                        values.dependencies.clone_from(&shared.dependencies);
                        values.pins.clone_from(&shared.pins);
                        values.build.properties.extend(shared.build.properties.clone());
                    }
                    found.push((*root, values));
                }
            }
            if self.settings.contains(above) {
                break;
            }
        }
        let mut open: Vec<String> = plugin_ids(manifest);
        let mut known: BTreeSet<&str> = BTreeSet::new();
        while let Some(id) = open.pop() {
            let Some(script) = self.conventions.get(&id) else { continue };
            if known.len() < LONGEST_CHAIN * 4
                && known.insert(script)
                && let Some(convention) = self.by_path.get(script)
            {
                open.extend(plugin_ids(convention));
                found.push((script, (*convention).clone()));
            }
        }
        found
    }

    /// What stands above a .NET project for all below.
    fn above(&self, path: &'t str) -> Vec<(&'t str, Manifest)> {
        if dotnet::is_shared(name(path)) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for file in ["Directory.Build.props", "Directory.Packages.props", "Directory.Build.targets"] {
            // Only the nearest of each is taken.
            let nearest = upwards(folder(path))
                .find_map(|above| self.by_path.get_key_value(join(above, file).as_str()));
            found.extend(nearest.map(|(path, shared)| (*path, (*shared).clone())));
        }
        found
    }

    /// The folders of the builds that one uses.
    pub(crate) fn used(&self, home: &str, manifest: &Manifest) -> BTreeSet<String> {
        let mut used: BTreeSet<String> = BTreeSet::new();
        for reference in &manifest.build.uses {
            match reference.strip_prefix(':') {
                Some(project) => {
                    let root = upwards(home).find(|above| self.settings.contains(above)).unwrap_or_default();
                    used.insert(self.project(root, project));
                }
                None => used.extend(resolve(home, reference)),
            }
        }
        for dependency in manifest.dependencies.iter().filter(|one| one.scope != Scope::Development) {
            used.extend(self.poms.get(&dependency.name).map(|pom| folder(pom).to_owned()));
        }
        used.remove(home);
        used
    }

    /// The folder of a Gradle project; accessors write `core-data` as `coreData`.
    fn project(&self, root: &str, path: &str) -> String {
        let direct = join(root, &path.replace(':', "/"));
        let plain = |text: &str| text.replace(['-', '_'], "").to_ascii_lowercase();
        let projects = self.projects.get_or_init(|| {
            // Of two that are spelled alike, the first is meant.
            let folders = self.manifests.iter().rev().map(|(path, _)| folder(path));
            folders.map(|folder| (plain(folder), folder)).collect()
        });
        projects.get(&plain(&direct)).map_or(direct, |known| (*known).to_owned())
    }
}

fn plugin_ids(manifest: &Manifest) -> Vec<String> {
    manifest
        .dependencies
        .iter()
        .filter_map(|one| one.name.strip_suffix(":plugin"))
        .map(str::to_owned)
        .collect()
}

/// `${name}` and `$name` filled in; a value may refer to another, but not for ever.
fn filled(text: &str, values: &BTreeMap<String, String>) -> String {
    let mut text = text.to_owned();
    for _ in 0..LONGEST_CHAIN {
        let Some(start) = text.find('$') else { break };
        let rest = &text[start + 1..];
        let (name, end) = if let Some(inner) = rest.strip_prefix(['{', '(']) {
            let Some(close) = inner.find(['}', ')']) else { break };
            (&inner[..close], start + close + 3)
        } else {
            let close = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
            (&rest[..close], start + close + 1)
        };
        let name =
            name.strip_prefix("pom.").map_or_else(|| name.to_owned(), |name| format!("project.{name}"));
        let Some(value) = values.get(&name) else { break };
        if text.len() + value.len() > 500 {
            break;
        }
        text = format!("{}{value}{}", &text[..start], &text[end..]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{filled, is_only_taken_from};

    #[test]
    fn values_refer_to_each_other() {
        let values = [("a", "${b}"), ("b", "1"), ("loop", "${loop}")];
        let values = values.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        assert_eq!(filled("x-${a}-y", &values), "x-1-y");
        assert_eq!(filled("$b", &values), "1");
        assert_eq!(filled("${loop}", &values), "${loop}");
        assert_eq!(filled("${unknown}", &values), "${unknown}");
    }

    #[test]
    fn conventions_are_no_builds() {
        assert!(is_only_taken_from("buildSrc/src/main/groovy/shop.java-conventions.gradle"));
        assert!(is_only_taken_from("gradle/libs.versions.toml"));
        assert!(!is_only_taken_from("web/build.gradle.kts"));
        assert!(!is_only_taken_from("web/web.gradle"));
    }
}
