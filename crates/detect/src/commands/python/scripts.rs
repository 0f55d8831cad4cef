//! A Python component without a server → the script, package or installed program that is run.

use siteplan_catalog::signals::Ecosystem;
use siteplan_model::fact::Evidence;

use super::entry::{is_entry, is_package, rank, source_root};
use super::module_of;
use crate::component::Component;
use crate::evidence::{at, file, maybe_at};
use crate::readers::source::Source;
use crate::tree::{folder, name, relative};

/// What is run.
pub(crate) struct Script {
    pub(crate) line: String,
    pub(crate) evidence: Evidence,
    /// Whether it is a program that the package installs.
    pub(crate) installed: bool,
    /// Lines that would be as good.
    pub(crate) rivals: Vec<String>,
}

/// Finds it: an entry file, a package with `__main__`, an installed program, the file that says it is run.
pub(crate) fn find(component: &Component<'_>, imports: &[String]) -> Option<Script> {
    entry_file(component, imports)
        .or_else(|| main_package(component))
        .or_else(|| installed_program(component))
        .or_else(|| any_script(component))
}

/// A file whose name says that it is run, at the top, in a folder of sources, or in the one package.
fn entry_file(component: &Component<'_>, imports: &[String]) -> Option<Script> {
    let uses = |source: &Source| source.imports.iter().any(|(module, _)| imports.contains(module));
    let candidates = component.sources.iter().filter(|(path, source)| {
        let below = relative(path, &component.folder).unwrap_or(path);
        let near = matches!(folder(below), "" | "src" | "app");
        let begins = source.program.is_some() || source.serves.is_some();
        name(path) != "__main__.py"
            && is_entry(path)
            && (near || begins && folder(below).matches('/').count() < 2)
    });
    let (path, source) = candidates.min_by_key(|(path, source)| {
        let below = relative(path, &component.folder).unwrap_or(path);
        let near = matches!(folder(below), "" | "src" | "app");
        (!near, folder(below).matches('/').count(), !uses(source), below.contains('/'), rank(path), *path)
    })?;
    Some(script(component, path, source, "entry file"))
}

/// How a file is run: by its path, or as a module where its imports are found from the component's folder only.
fn script(component: &Component<'_>, path: &str, source: &Source, seen: &str) -> Script {
    let below = relative(path, &component.folder).unwrap_or(path);
    let home = folder(below);
    let root = source_root(component, path, source);
    let inner = relative(below, root).unwrap_or(below);
    let as_module =
        !home.is_empty() && root != home && is_package(component, home) && (root.is_empty() || root == "src");
    let line = match (as_module, root.is_empty()) {
        (true, true) => format!("python -m {}", module_of(below)),
        (true, false) => format!("PYTHONPATH={root} python -m {}", module_of(inner)),
        (false, _) => format!("python {}", quoted(below)),
    };
    let evidence = source.program.map_or_else(|| file(path, seen), |line| at(path, line, "__main__"));
    Script { line, evidence, installed: false, rivals: Vec::new() }
}

/// A path as the shell needs it.
fn quoted(path: &str) -> String {
    let plain = path.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '+'));
    if plain { path.to_owned() } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

/// A package that is run as a module.
fn main_package(component: &Component<'_>) -> Option<Script> {
    let mains = component.sources.iter().filter(|(path, _)| name(path) == "__main__.py");
    let (path, _) = mains.min_by_key(|(path, _)| (path.matches('/').count(), *path))?;
    let below = relative(path, &component.folder)?;
    let home = folder(below);
    if home.is_empty() {
        return Some(Script {
            line: "python __main__.py".to_owned(),
            evidence: file(path, "`__main__`"),
            installed: false,
            rivals: Vec::new(),
        });
    }
    let inner = home.strip_prefix("src/").unwrap_or(home);
    Some(Script {
        line: format!("python -m {}", inner.replace('/', ".")),
        evidence: file(path, "package with `__main__`"),
        installed: false,
        rivals: Vec::new(),
    })
}

/// The program that the package installs, where it is one or bears the package's name.
fn installed_program(component: &Component<'_>) -> Option<Script> {
    let (path, manifest) = component
        .manifests
        .iter()
        .find(|(_, manifest)| manifest.ecosystem == Ecosystem::Pypi && !manifest.programs.is_empty())?;
    let named = manifest.name.as_ref().map(|(name, _)| name.as_str());
    let program = match manifest.programs.len() {
        1 => manifest.programs.keys().next()?,
        _ => manifest
            .programs
            .keys()
            .find(|program| Some(program.as_str()) == named || *program == "start" || *program == "serve")?,
    };
    let evidence = maybe_at(path, None, &format!("script `{program}`"));
    Some(Script { line: program.clone(), evidence, installed: true, rivals: Vec::new() })
}

/// The file that says it is run, or the only one there is.
fn any_script(component: &Component<'_>) -> Option<Script> {
    let python = || {
        component.sources.iter().filter(|(path, source)| {
            source.language == "python"
                && !matches!(
                    name(path),
                    "setup.py"
                        | "manage.py"
                        | "__init__.py"
                        | "conftest.py"
                        | "noxfile.py"
                        | "tasks.py"
                        | "fabfile.py"
                )
        })
    };
    let top = |path: &str| !relative(path, &component.folder).unwrap_or(path).contains('/');
    let mut begins: Vec<_> = python().filter(|(_, source)| source.program.is_some()).collect();
    if begins.iter().any(|(path, _)| top(path)) {
        begins.retain(|(path, _)| top(path));
    }
    if begins.is_empty() {
        begins = python().filter(|(path, _)| top(path)).collect();
        if begins.len() > 1 {
            return None;
        }
    }
    begins.sort_by_key(|(path, source)| {
        (source.serves.is_none(), path.matches('/').count(), std::cmp::Reverse(source.bytes), *path)
    });
    let mut lines = begins.iter().map(|(path, source)| script(component, path, source, "the only script"));
    let mut first = lines.next()?;
    first.rivals = lines.map(|other| other.line).take(3).collect();
    Some(first)
}
