//! What every package manifest says, whatever its format: names, dependencies, scripts, pinned versions.

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::signals::{Ecosystem, Packages, package_matches};

/// No more statements of one kind are taken from one build file: nobody writes more, and each costs a look through the text.
pub(crate) const MOST_STATEMENTS: usize = 2000;

/// When a dependency is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    /// In production.
    Production,
    /// In production, if somebody asks for it.
    Optional,
    /// Only while developing or testing.
    Development,
}

/// A dependency as a manifest names it.
#[derive(Clone, Debug)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) version: Option<String>,
    /// The version that a lock file fixes.
    pub(crate) locked: Option<String>,
    pub(crate) scope: Scope,
    pub(crate) line: Option<u32>,
}

/// A named command or entry point of a manifest.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) text: String,
    pub(crate) line: Option<u32>,
}

/// A version that a file pins.
#[derive(Clone, Debug)]
pub(crate) struct Pin {
    /// The language or tool.
    pub(crate) tool: String,
    pub(crate) version: String,
    pub(crate) line: Option<u32>,
}

/// What else a manifest says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trait {
    /// It only joins others together.
    WorkspaceRoot,
    /// It is made to be imported by others.
    Library,
    /// It builds something that runs.
    Program,
    /// Its files are ECMAScript modules.
    EsModules,
    /// It is a task runner's file: its scripts are targets, its dependencies those of the root.
    Task,
}

/// A manifest.
#[derive(Clone, Debug)]
pub(crate) struct Manifest {
    pub(crate) ecosystem: Ecosystem,
    pub(crate) name: Option<(String, Option<u32>)>,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) scripts: BTreeMap<String, Script>,
    pub(crate) pins: Vec<Pin>,
    /// The package manager that it asks for.
    pub(crate) package_manager: Option<(String, Option<u32>)>,
    /// The package manager whose build back end it names: others can install it too.
    pub(crate) built_by: Option<(String, Option<u32>)>,
    /// Patterns of workspace members.
    pub(crate) members: Vec<String>,
    /// The file that it says to run or import.
    pub(crate) main: Option<String>,
    /// Programs that it builds: name, and source file or module where given.
    pub(crate) programs: BTreeMap<String, Option<String>>,
    pub(crate) traits: BTreeSet<Trait>,
    /// Names of modules of a multi-module build, and the like.
    pub(crate) modules: Vec<String>,
    /// What it builds and from what, where the repository holds several builds.
    pub(crate) build: Box<Build>,
}

/// What a build makes, and what it takes from other builds of the same repository.
#[derive(Clone, Debug, Default)]
pub(crate) struct Build {
    /// The group under which it is published.
    pub(crate) group: Option<String>,
    pub(crate) version: Option<String>,
    /// The kind of its product: `jar`, `war`, `ear`.
    pub(crate) packaging: Option<String>,
    /// The file name of its product, where it is not the usual one; without an ending if it has none.
    pub(crate) product: Option<String>,
    /// What follows the version in the name of the product that runs by itself (`-exec`, `-jar-with-dependencies`).
    pub(crate) suffix: Option<String>,
    /// The class or namespace that begins the program.
    pub(crate) main: Option<String>,
    /// Values that the text refers to by name.
    pub(crate) properties: BTreeMap<String, String>,
    /// The build above it, from which it takes what it does not say itself.
    pub(crate) parent: Option<Parent>,
    /// Other builds of the repository that it uses: a path relative to its folder, or `:` and a project's path.
    pub(crate) uses: Vec<String>,
    /// Whether it declares versions and features for the manifests below it.
    pub(crate) declares: bool,
    /// What it says for all builds below it.
    pub(crate) shared: Option<Box<Manifest>>,
    /// Builds that it describes itself, by their folder relative to its own.
    pub(crate) described: Vec<(String, Manifest)>,
    /// Ports that options of its product name, with line and text.
    pub(crate) ports: Vec<(u16, u32, String)>,
}

/// The build from which another inherits.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parent {
    pub(crate) group: String,
    pub(crate) artifact: String,
    /// Where it is said to stand, relative to the folder.
    pub(crate) path: Option<String>,
}

impl Manifest {
    pub(crate) fn new(ecosystem: Ecosystem) -> Self {
        Self {
            ecosystem,
            name: None,
            dependencies: Vec::new(),
            scripts: BTreeMap::new(),
            pins: Vec::new(),
            package_manager: None,
            built_by: None,
            members: Vec::new(),
            main: None,
            programs: BTreeMap::new(),
            traits: BTreeSet::new(),
            modules: Vec::new(),
            build: Box::default(),
        }
    }

    /// What it hands down to another: dependencies and pins, but neither name nor members nor what it is itself.
    pub(crate) fn handed_down(&self) -> Self {
        Self { dependencies: self.dependencies.clone(), pins: self.pins.clone(), ..Self::new(self.ecosystem) }
    }

    pub(crate) fn depend(&mut self, name: &str, version: Option<&str>, scope: Scope, line: Option<u32>) {
        let version = version.map(str::trim).filter(|v| !v.is_empty() && *v != "*").map(str::to_owned);
        self.dependencies.push(Dependency { name: name.to_owned(), version, locked: None, scope, line });
    }

    pub(crate) fn pin(&mut self, tool: &str, version: &str, line: Option<u32>) {
        let version = version.trim().trim_matches(['"', '\'']).trim();
        if !version.is_empty() {
            self.pins.push(Pin { tool: tool.to_owned(), version: version.to_owned(), line });
        }
    }

    /// Dependencies that a row of a signal table means.
    pub(crate) fn meant<'m>(&'m self, packages: &'m Packages) -> impl Iterator<Item = &'m Dependency> + 'm {
        let patterns = packages.get(&self.ecosystem).map(Vec::as_slice).unwrap_or_default();
        self.dependencies.iter().filter(move |dependency| {
            patterns.iter().any(|pattern| package_matches(self.ecosystem, pattern, &dependency.name))
        })
    }
}

/// A Python package name as the index compares it.
pub(crate) fn python_name(name: &str) -> String {
    name.trim().to_ascii_lowercase().replace(['_', '.'], "-")
}

/// Name and version of a Python requirement (`Django[argon2]>=4.2,<5 ; python_version > "3.8"`).
pub(crate) fn python_requirement(text: &str) -> Option<(String, Option<String>)> {
    let text = text.split(';').next()?.split(" #").next()?.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(text.len());
    let name = &text[..end];
    if name.is_empty() || !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let mut rest = text[end..].trim();
    if rest.starts_with('[') {
        rest = rest.split_once(']').map_or("", |(_, after)| after).trim();
    }
    if rest.starts_with('@') {
        return Some((python_name(name), None));
    }
    let version = rest.trim_matches(['(', ')']).trim();
    Some((python_name(name), (!version.is_empty()).then(|| version.trim_start_matches("==").to_owned())))
}

#[cfg(test)]
mod tests {
    use super::python_requirement;

    #[test]
    fn requirements_in_all_spellings() {
        assert_eq!(python_requirement("Django==5.1"), Some(("django".into(), Some("5.1".into()))));
        assert_eq!(
            python_requirement("uvicorn[standard] >=0.3 ; x"),
            Some(("uvicorn".into(), Some(">=0.3".into())))
        );
        assert_eq!(python_requirement("discord.py"), Some(("discord-py".into(), None)));
        assert_eq!(python_requirement("a @ git+https://x"), Some(("a".into(), None)));
        assert_eq!(python_requirement("-r base.txt"), None);
    }
}
