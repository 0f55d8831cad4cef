//! Which of a Python component's files begin it, and from which folder their modules are found.

use crate::component::Component;
use crate::readers::source::{Object, Source};
use crate::tree::{folder, join, name, relative, upwards};

/// Files that are run, or that hold the application object, the most telling first.
const ENTRIES: &[&str] = &[
    "main.py",
    "app.py",
    "asgi.py",
    "wsgi.py",
    "server.py",
    "api.py",
    "run.py",
    "bot.py",
    "application.py",
    "start.py",
    "index.py",
    "manage.py",
    "__init__.py",
    "__main__.py",
];

/// How telling a file's name is; the smaller, the more.
pub(super) fn rank(path: &str) -> usize {
    ENTRIES.iter().position(|entry| *entry == name(path)).unwrap_or(ENTRIES.len())
}

/// Whether a file's name is one of those that begin a program.
pub(crate) fn is_entry(path: &str) -> bool {
    !matches!(name(path), "manage.py" | "__init__.py" | "wsgi.py" | "asgi.py") && rank(path) < ENTRIES.len()
}

/// Whether an object is the result of one of these constructors.
pub(crate) fn makes(object: &Object, constructors: &[String]) -> bool {
    constructors.iter().any(|one| {
        *one == object.constructor
            || object.constructor.strip_suffix(one.as_str()).is_some_and(|before| before.ends_with('.'))
    })
}

/// Whether a folder is a package.
pub(super) fn is_package(component: &Component<'_>, below: &str) -> bool {
    component.has(&join(below, "__init__.py"))
}

/// The folder, relative to the component, from which a file's modules are found: where its imports lead to files. Without an
/// import that tells, it is the component itself, or `src` if that is no package.
pub(super) fn source_root<'p>(component: &Component<'_>, path: &'p str, source: &Source) -> &'p str {
    let below = relative(path, &component.folder).unwrap_or(path);
    let home = folder(below);
    let above: Vec<&str> = upwards(home).collect();
    let has = |root: &str, module: &str| {
        let stem = join(root, module);
        component.has(&format!("{stem}.py"))
            || component
                .files
                .starting_at(&component.path(&stem))
                .first()
                .is_some_and(|next| relative(next, &component.path(&stem)).is_some())
    };
    let mut votes: Vec<(usize, usize)> = above.iter().enumerate().map(|(at, _)| (0, at)).collect();
    for (module, _) in source.imports.iter().filter(|(module, _)| !module.is_empty()) {
        // A module that is found from several folders says nothing.
        let found: Vec<usize> =
            above.iter().enumerate().filter(|(_, root)| has(root, module)).map(|(at, _)| at).collect();
        if let [only] = found.as_slice() {
            votes[*only].0 += 1;
        }
    }
    let best = votes
        .iter()
        .max_by_key(|(count, at)| (*count, std::cmp::Reverse(*at)))
        .filter(|(count, _)| *count > 0);
    if let Some((_, at)) = best {
        return above[*at];
    }
    let relative_import = source.imports.iter().any(|(module, _)| module.is_empty());
    if relative_import && !home.is_empty() {
        // A relative import needs the package around it, so that the root lies above all packages.
        return above
            .iter()
            .find(|root| !is_package(component, root) && **root != home)
            .copied()
            .unwrap_or("");
    }
    let in_src = below.starts_with("src/") && !is_package(component, "src");
    if in_src { &below[..3] } else { "" }
}
