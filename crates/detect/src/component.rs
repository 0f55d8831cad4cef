//! Files grouped by the folder whose manifest they belong to → [`Component`]s, each with what it depends on and contains.

mod workspace;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use siteplan_catalog::signals::{Condition, Ecosystem, Need, NeedSign, Packages, Signals, package_matches};
use siteplan_model::fact::Evidence;

use crate::evidence::{at, file, maybe_at};
use crate::glob::{self, Paths};
use crate::inherit::{Builds, is_only_taken_from};
use crate::readers::cargo_toml::OF_WORKSPACE;
use crate::readers::manifest::{Dependency, Manifest, Pin, Scope, Trait};
use crate::readers::source::Source;
use crate::readers::{Record, Sighting};
use crate::tree::{Tree, folder, is_aside, is_aside_folder, join, name, relative, resolve, upwards};

/// A folder with a manifest, or the root.
#[derive(Debug)]
pub(crate) struct Component<'t> {
    /// Relative to the root, which is the empty string.
    pub(crate) folder: String,
    pub(crate) manifests: Vec<(&'t str, Manifest)>,
    /// Source files for which no deeper folder is responsible.
    pub(crate) sources: Vec<(&'t str, &'t Source)>,
    pub(crate) sightings: Vec<(&'t str, &'t Sighting)>,
    /// All files for which no deeper folder is responsible.
    pub(crate) files: Paths<'t>,
    /// The records among them.
    pub(crate) records: Vec<(&'t str, &'t Record)>,
    /// Places among all components of those that it depends on directly.
    links: Vec<usize>,
    /// Whether it stands beside the application (examples, tests, documentation).
    pub(crate) aside: bool,
    /// The container build that makes its image for production.
    pub(crate) build: Option<&'t str>,
    /// Folders of other components that it refers to as parts of itself.
    uses: BTreeSet<String>,
}

/// Groups a tree into components, the root first.
pub(crate) fn gather<'t>(tree: &'t Tree, signals: &Signals) -> Vec<Component<'t>> {
    let builds = Builds::new(tree);
    let mut components: BTreeMap<String, Component<'t>> = BTreeMap::new();
    let mut open = |folder: &str| {
        components.entry(folder.to_owned()).or_insert_with(|| Component {
            folder: folder.to_owned(),
            manifests: Vec::new(),
            sources: Vec::new(),
            sightings: Vec::new(),
            files: Paths::default(),
            records: Vec::new(),
            links: Vec::new(),
            aside: is_aside_folder(&signals.files, folder) || is_of_platform(signals, folder),
            build: None,
            uses: BTreeSet::new(),
        });
    };
    open("");
    for (path, record) in tree.records() {
        let Record::Manifest(manifest) = record else { continue };
        if !is_only_taken_from(path) {
            let home = home(path, tree);
            open(home);
            for (below, _) in &manifest.build.described {
                open(&resolve(home, below).unwrap_or_default());
            }
        }
    }
    for (path, record) in tree.records() {
        let Record::Manifest(manifest) = record else { continue };
        if is_only_taken_from(path) {
            continue;
        }
        let home = home(path, tree);
        let described = manifest.build.described.iter().map(|(below, part)| (resolve(home, below), part));
        for (folder, manifest) in std::iter::once((Some(home.to_owned()), manifest)).chain(described) {
            let Some(folder) = folder else { continue };
            let Some(component) = components.get_mut(&folder) else { continue };
            component.uses.extend(builds.used(&folder, manifest));
            let mut all = builds.resolved(path, manifest);
            let part = is_part(path) && crate::tree::folder(path) != home;
            if let Some(below) = relative(crate::tree::folder(path), home).filter(|_| part)
                && let Some((_, own)) = all.first_mut()
            {
                build_below(own, below);
            }
            for (_, own) in &mut all {
                lock(own, crate::tree::folder(path), tree);
            }
            component.manifests.extend(all);
        }
    }
    inherit(&mut components);
    let mut components: Vec<Component<'t>> = components.into_values().collect();
    let by_folder: HashMap<String, usize> =
        (0..).zip(&components).map(|(at, component)| (component.folder.clone(), at)).collect();
    let mut files: Vec<Vec<&'t str>> = vec![Vec::new(); components.len()];
    let mut last: Option<(&str, usize)> = None;
    let mut facts = tree.facts().peekable();
    for path in &tree.paths {
        let read = facts.next_if(|(known, _)| *known == path);
        let own = folder(path);
        let nearest = match last {
            Some((folder, nearest)) if folder == own => Some(nearest),
            _ => upwards(folder(path)).find_map(|above| by_folder.get(above).copied()),
        };
        let Some(nearest) = nearest else { continue };
        last = Some((own, nearest));
        files[nearest].push(path);
        let Some((path, facts)) = read else { continue };
        let component = &mut components[nearest];
        component.records.extend(facts.record.as_deref().map(|record| (path, record)));
        component.sources.extend(facts.source.as_ref().map(|source| (path, source)));
        if !facts.sightings.is_empty() && (component.aside || !is_aside(&signals.files, path)) {
            component.sightings.extend(facts.sightings.iter().map(|sighting| (path, sighting)));
        }
    }
    share_dependencies(&mut components);
    workspace::complete(tree, &mut components);
    for (component, files) in components.iter_mut().zip(files) {
        component.files = Paths::new(files);
    }
    link(&mut components);
    components
}

/// Finds out which components depend on which: a dependency has the name of another's manifest.
fn link(components: &mut [Component<'_>]) {
    let mut named: HashMap<(Ecosystem, String), Vec<usize>> = HashMap::new();
    for (at, component) in components.iter().enumerate() {
        for (_, manifest) in &component.manifests {
            if let Some((name, _)) = &manifest.name {
                named.entry((manifest.ecosystem, name.clone())).or_default().push(at);
            }
        }
    }
    let by_folder: HashMap<String, usize> =
        (0..).zip(&*components).map(|(at, component)| (component.folder.clone(), at)).collect();
    for component in components {
        let mut links: Vec<usize> =
            component.uses.iter().filter_map(|folder| by_folder.get(folder).copied()).collect();
        for (_, manifest) in &component.manifests {
            for dependency in &manifest.dependencies {
                let key = (manifest.ecosystem, dependency.name.clone());
                links.extend(named.get(&key).into_iter().flatten());
            }
        }
        links.sort_unstable();
        links.dedup();
        component.links = links;
    }
}

/// Whether a folder holds functions that a platform runs by itself: they are deployed with what they stand beside.
fn is_of_platform(signals: &Signals, folder: &str) -> bool {
    let below = format!("/{folder}/");
    signals.files.function_folders.iter().any(|one| below.contains(&format!("/{one}/")))
}

/// Whether a `package.json` says more than a name and its neighbours in the workspace.
fn is_own(path: &str, manifest: &Manifest) -> bool {
    let foreign =
        |one: &Dependency| !one.version.as_deref().is_some_and(|version| version.starts_with("workspace:"));
    manifest.ecosystem == Ecosystem::Npm
        && !manifest.traits.contains(&Trait::Task)
        && name(path) == "package.json"
        && (!manifest.scripts.is_empty() || manifest.dependencies.iter().any(foreign))
}

/// Whether a source imports packages of the JavaScript ecosystem.
fn is_script(source: &Source) -> bool {
    matches!(source.language.as_str(), "javascript" | "typescript")
}

/// Gives projects of a task runner those dependencies of the root that their programs import.
fn share_dependencies(components: &mut [Component<'_>]) {
    let Some(root) = components.iter().find(|one| one.folder.is_empty()) else { return };
    let Some((path, whole)) = root.manifests.iter().find(|(path, _)| name(path) == "package.json") else {
        return;
    };
    let (path, whole) = (*path, whole.clone());
    for component in components.iter_mut().filter(|one| one.task().is_some()) {
        let imported: BTreeSet<&str> = component
            .sources
            .iter()
            .filter(|(_, source)| is_script(source))
            .flat_map(|(_, source)| &source.imports)
            .map(|(name, _)| name.as_str())
            .collect();
        let own = whole.dependencies.iter().filter(|one| imported.contains(one.name.as_str()));
        let mut shared = Manifest::new(Ecosystem::Npm);
        shared.dependencies = own.cloned().collect();
        component.manifests.push((path, shared));
    }
}

/// The folder that a manifest speaks for: `requirements/base.txt` and `gradle/libs.versions.toml` speak for the one above, a part
/// of a build for the project that it is a part of.
fn home<'p>(path: &'p str, tree: &Tree) -> &'p str {
    let own = folder(path);
    match (name(own), name(path)) {
        // sbt keeps its plugins below the build.
        ("requirements" | "gradle", _) | ("project", "plugins.sbt") => folder(own),
        (_, "dune") => {
            upwards(folder(path)).find(|above| tree.has(&join(above, "dune-project"))).unwrap_or(own)
        }
        (_, part) if is_part(path) => {
            let mut home = own;
            while !home.is_empty() && tree.has(&join(folder(home), part)) {
                home = folder(home);
            }
            home
        }
        _ => own,
    }
}

/// Gives members of a Cargo workspace the versions and features that it declares for what they use.
fn inherit(components: &mut BTreeMap<String, Component<'_>>) {
    let mut declared: Vec<(String, Vec<Dependency>)> = Vec::new();
    for (folder, component) in &*components {
        for (_, manifest) in &component.manifests {
            if manifest.ecosystem == Ecosystem::Crate && manifest.build.declares {
                let own = manifest.dependencies.iter().filter(|one| one.scope == Scope::Optional);
                declared.push((folder.clone(), own.cloned().collect()));
            }
        }
    }
    for (folder, component) in components {
        let above =
            declared.iter().rev().find(|(root, _)| folder == root || relative(folder, root).is_some());
        let Some((_, given)) = above else { continue };
        for (_, manifest) in
            component.manifests.iter_mut().filter(|(_, one)| one.ecosystem == Ecosystem::Crate)
        {
            let mut features: Vec<Dependency> = Vec::new();
            for one in &mut manifest.dependencies {
                if one.version.as_deref() != Some(OF_WORKSPACE) {
                    continue;
                }
                one.version =
                    given.iter().find(|other| other.name == one.name).and_then(|other| other.version.clone());
                let prefix = format!("{}/", one.name);
                features.extend(
                    given.iter().filter(|other| other.name.starts_with(&prefix)).map(|other| Dependency {
                        scope: one.scope,
                        line: one.line,
                        ..other.clone()
                    }),
                );
            }
            manifest.dependencies.extend(features);
        }
    }
}

/// Whether a build may be spread over files of this name in many folders.
fn is_part(path: &str) -> bool {
    matches!(name(path), "dune" | "meson.build" | "CMakeLists.txt")
}

/// What a part of a build in a folder below makes, it leaves in a folder of the same name.
fn build_below(manifest: &mut Manifest, below: &str) {
    manifest.name = None;
    for built in manifest.programs.values_mut().flatten() {
        *built = join(below, built);
    }
}

/// Takes the versions that the lock file beside a manifest fixes.
fn lock(manifest: &mut Manifest, folder: &str, tree: &Tree) {
    let locked = tree.records_in(folder).find_map(|(_, record)| match record {
        Record::Locked(locked) if manifest.ecosystem == Ecosystem::Gem => Some(locked),
        _ => None,
    });
    let Some(locked) = locked else { return };
    for dependency in &mut manifest.dependencies {
        dependency.locked = locked.versions.get(&dependency.name).cloned();
    }
}

/// The components that one uses, directly or through others: libraries of the same repository.
pub(crate) fn used_by<'c, 't>(
    component: &Component<'t>,
    components: &'c [Component<'t>],
) -> Vec<&'c Component<'t>> {
    let mut used: Vec<&Component<'_>> = Vec::new();
    let mut known = vec![false; components.len()];
    let mut open = Vec::new();
    if let Some(at) = components.iter().position(|one| one.folder == component.folder) {
        known[at] = true;
        open.push(at);
    }
    while let Some(at) = open.pop() {
        for &other in &components[at].links {
            if !std::mem::replace(&mut known[other], true) {
                used.push(&components[other]);
                open.push(other);
            }
        }
    }
    used
}

impl<'t> Component<'t> {
    /// The folder as it is shown.
    pub(crate) fn shown(&self) -> &str {
        if self.folder.is_empty() { "." } else { &self.folder }
    }

    /// A path below the component.
    pub(crate) fn path(&self, rest: &str) -> String {
        join(&self.folder, rest)
    }

    /// Whether a file is there.
    pub(crate) fn has(&self, rest: &str) -> bool {
        self.files.contains(self.path(rest).as_str())
    }

    /// Its own files that fit a pattern, which is relative to the component.
    pub(crate) fn matching(&self, patterns: &[String]) -> impl Iterator<Item = &'t str> + use<'t> {
        self.files.matching(patterns, &self.folder).into_iter()
    }

    /// Its manifest of one ecosystem with the most to say.
    pub(crate) fn manifest(&self, ecosystem: Ecosystem) -> Option<&(&'t str, Manifest)> {
        self.manifests.iter().filter(|(_, manifest)| manifest.ecosystem == ecosystem).max_by_key(
            |(path, manifest)| {
                // Beside a `package.json` with something to say, another runtime's file says how a part is published.
                let usual = name(path) == "package.json"
                    && !(manifest.scripts.is_empty() && manifest.dependencies.is_empty());
                let says = (manifest.name.is_some(), !manifest.scripts.is_empty());
                (usual, says, manifest.dependencies.len(), std::cmp::Reverse(*path))
            },
        )
    }

    /// All dependencies that a row means, with the file that names them.
    pub(crate) fn dependencies<'c>(
        &'c self,
        packages: &'c Packages,
    ) -> impl Iterator<Item = (&'t str, &'c Dependency)> + 'c {
        self.manifests
            .iter()
            .flat_map(move |(path, manifest)| manifest.meant(packages).map(move |one| (*path, one)))
    }

    /// The same for production.
    pub(crate) fn production_dependencies<'c>(
        &'c self,
        packages: &'c Packages,
    ) -> impl Iterator<Item = (&'t str, &'c Dependency)> + 'c {
        self.dependencies(packages).filter(|(_, dependency)| dependency.scope != Scope::Development)
    }

    /// Whether a package is there for any purpose.
    pub(crate) fn has_package(&self, ecosystem: Ecosystem, package: &str) -> bool {
        self.manifests.iter().any(|(_, manifest)| {
            manifest.ecosystem == ecosystem && manifest.dependencies.iter().any(|d| d.name == package)
        })
    }

    /// A script that builds and holds one of these texts.
    fn built_by(&self, texts: &[String]) -> Option<Evidence> {
        let scripts = self.manifests.iter().flat_map(|(path, manifest)| {
            manifest
                .scripts
                .iter()
                .filter(|(name, _)| name.contains("build"))
                .map(move |(_, one)| (path, one))
        });
        let mut found =
            scripts.filter(|(_, script)| texts.iter().any(|text| script.text.contains(text.as_str())));
        found.next().map(|(path, script)| maybe_at(path, script.line, &script.text))
    }

    /// A file in which its program may begin and that imports a package which a row means.
    pub(crate) fn entry_importing(&self, packages: &Packages) -> Option<(&'t str, u32, &'t str)> {
        let wanted = packages.get(&Ecosystem::Npm)?;
        let mut scripts =
            self.sources.iter().filter(|(path, source)| is_script(source) && self.is_entry(path));
        scripts.find_map(|(path, source)| {
            let mut imports = source.imports.iter();
            let (name, line) = imports.find(|(name, _)| {
                wanted.iter().any(|pattern| package_matches(Ecosystem::Npm, pattern, name))
            })?;
            Some((*path, *line, name.as_str()))
        })
    }

    /// Whether a source stands where programs begin: at the top or in the folder of the server's code.
    fn is_entry(&self, path: &str) -> bool {
        let below = relative(path, &self.folder).map(folder);
        matches!(
            below,
            Some("" | "src" | "server" | "src/server" | "backend" | "api" | "app" | "bin" | "lib")
        )
    }

    /// Whether it is only a task runner's project, whose dependencies stand at the root.
    pub(crate) fn task(&self) -> Option<&(&'t str, Manifest)> {
        self.manifests.iter().find(|(_, manifest)| manifest.traits.contains(&Trait::Task)).filter(|_| {
            !self
                .manifests
                .iter()
                .any(|(path, manifest)| folder(path) == self.folder && is_own(path, manifest))
        })
    }

    /// Where a condition of the signal tables is met.
    pub(crate) fn meets(&self, condition: &Condition) -> Option<Evidence> {
        let dependency =
            self.dependencies(&condition.packages).next().map(|(path, one)| dependency_evidence(path, one));
        dependency.or_else(|| self.built_by(&condition.scripts)).or_else(|| {
            self.sightings
                .iter()
                .filter(|(path, sighting)| {
                    condition.contains.contains(&sighting.text)
                        && (condition.files.is_empty()
                            || relative(path, &self.folder)
                                .is_some_and(|below| glob::any(&condition.files, below)))
                })
                .map(|(path, sighting)| at(path, sighting.line, &sighting.seen))
                .next()
        })
    }

    /// Evidence for a need, from dependencies, files and code.
    pub(crate) fn needs(&self, need: Need, signals: &Signals) -> Vec<Evidence> {
        signals.needs.iter().filter(|row| row.need == need).flat_map(|row| self.signs(row)).collect()
    }

    /// Evidence for one row of a need.
    pub(crate) fn signs(&self, row: &NeedSign) -> Vec<Evidence> {
        let mut found: Vec<Evidence> = self
            .production_dependencies(&row.packages)
            .map(|(path, one)| dependency_evidence(path, one))
            .collect();
        // Neither a package nor a text proves anything alone, so the second is looked for only beside the first.
        if row.weak {
            let mut texts = if found.is_empty() { Vec::new() } else { self.texts(row) };
            if texts.is_empty() {
                return texts;
            }
            found.append(&mut texts);
            return found;
        }
        if row.contains.is_empty() {
            found.extend(self.matching(&row.files).map(|path| file(path, "file")));
        } else {
            found.append(&mut self.texts(row));
        }
        found
    }

    /// Where texts of a need's row stand, in sources of its languages or in files of its names.
    fn texts(&self, row: &NeedSign) -> Vec<Evidence> {
        let speaks = |path: &str| {
            if !row.files.is_empty() {
                return relative(path, &self.folder).is_some_and(|below| glob::any(&row.files, below));
            }
            row.languages.is_empty()
                || self
                    .language_of(path)
                    .is_some_and(|language| row.languages.iter().any(|one| one == language))
        };
        self.sightings
            .iter()
            .filter(|(path, sighting)| row.contains.contains(&sighting.text) && speaks(path))
            .map(|(path, sighting)| at(path, sighting.line, &sighting.seen))
            .collect()
    }

    /// The language of one of its sources, which stand in the order of their paths.
    fn language_of(&self, path: &str) -> Option<&str> {
        let found = self.sources.binary_search_by_key(&path, |(source, _)| source).ok()?;
        Some(self.sources[found].1.language.as_str())
    }

    /// Versions pinned in its own folder by files other than manifests, then by manifests.
    pub(crate) fn pins<'c>(&'c self, tree: &'c Tree) -> Vec<(&'c str, &'c Pin)> {
        let own = tree.records_in(&self.folder).filter_map(|(path, record)| match record {
            Record::Pins(pins) => Some((path, pins)),
            _ => None,
        });
        let manifests = self.manifests.iter().map(|(path, manifest)| (*path, &manifest.pins));
        let all = own.chain(manifests).flat_map(|(path, pins)| pins.iter().map(move |pin| (path, pin)));
        let mut pins: Vec<(&str, &Pin)> = all.collect();
        // A file that only pins is what people run; a manifest says what is allowed. `.tool-versions` stands between.
        pins.sort_by_key(|(path, _)| match tree.record(path) {
            Some(Record::Pins(_)) if name(path).starts_with('.') => 0,
            Some(Record::Pins(_)) => 1,
            _ => 2,
        });
        pins
    }

    /// Bytes of source by language.
    pub(crate) fn bytes_by_language(&self) -> BTreeMap<&'t str, u64> {
        let mut bytes = BTreeMap::new();
        for (_, source) in &self.sources {
            *bytes.entry(source.language.as_str()).or_default() += source.bytes;
        }
        bytes
    }
}

/// A dependency as evidence.
pub(crate) fn dependency_evidence(path: &str, dependency: &Dependency) -> Evidence {
    let mut seen = dependency.name.clone();
    if let Some(version) = &dependency.version {
        seen = format!("{seen} {version}");
    }
    if let Some(locked) = &dependency.locked {
        seen = format!("{seen} (locked {locked})");
    }
    maybe_at(path, dependency.line, &seen)
}
