//! Commands of Python components: the application object's module decides how it is served.

mod application;
mod entry;
mod scripts;

use siteplan_catalog::signals::Ecosystem;
use siteplan_model::fact::Evidence;
use siteplan_model::survey::{Conflict, ServiceKind};

use super::{Context, Field, Planned, stated};
use crate::component::Component;
use crate::evidence::{at, file, maybe_at};
use crate::tree::{has_ending, name, relative};

pub(crate) use entry::{is_entry, makes};

pub(super) fn plan(context: &Context<'_, '_>, planned: &mut Planned) {
    test(context, planned);
    lint(context, planned);
    if context.kind == ServiceKind::Static {
        if let Some(used) = context.shape.map(|shape| &shape.main)
            && let Some(build) = &used.framework.build
        {
            planned.set(Field::Build, exec(context, build), used.evidence.clone());
        }
        return;
    }
    if let Some(path) = context.component.matching(&["manage.py".to_owned()]).next() {
        let static_files =
            context.component.sources.iter().any(|(path, _)| name(path).starts_with("settings"));
        if static_files && context.kind == ServiceKind::Web {
            let script = relative(path, &context.component.folder).unwrap_or(path);
            planned.set(
                Field::Build,
                exec(context, &format!("python {script} collectstatic --noinput")),
                file(path, "manage.py"),
            );
        }
    }
    start(context, planned);
}

/// A line that runs within the environment of the package manager.
fn exec(context: &Context<'_, '_>, line: &str) -> String {
    context.manager.map_or_else(|| line.to_owned(), |manager| manager.exec(line))
}

/// `pip` installs from whichever file the production dependencies are in.
pub(super) fn pip_install(context: &Context<'_, '_>, planned: &mut Planned) {
    // The whole first; of files by purpose, what production uses before what it shares with development.
    let names = [
        "requirements.txt",
        "requirements/production.txt",
        "requirements/prod.txt",
        "requirements/requirements.txt",
        "requirements-prod.txt",
        "requirements_prod.txt",
        "requirements.prod.txt",
        "requirements-production.txt",
        "requirements/base.txt",
        "requirements/common.txt",
        "requirements/main.txt",
        "requirements/default.txt",
        "requirements/app.txt",
        "requirements/heroku.txt",
        "requirements.in",
    ];
    if let Some(found) = names.iter().find(|found| context.component.has(found)) {
        let path = context.component.path(found);
        planned.set(Field::Install, format!("pip install -r {found}"), file(&path, "requirements"));
    } else if context.tree.has("requirements.txt") && !context.component.has("pyproject.toml") {
        let up = super::way_up(&context.component.folder);
        planned.set(
            Field::Install,
            format!("pip install -r {up}requirements.txt"),
            file("requirements.txt", "requirements"),
        );
    } else if let Some((path, _)) = context.component.manifest(Ecosystem::Pypi) {
        let own = name(path);
        let line = if has_ending(own, &["txt"]) {
            format!("pip install -r {}", relative(path, &context.component.folder).unwrap_or(own))
        } else {
            // Groups without a project (PEP 735) are installed by name.
            let groups = context.component.manifest(Ecosystem::Pypi).map(|(_, manifest)| &manifest.modules);
            let group = groups.into_iter().flatten().find_map(|module| module.strip_prefix("group:"));
            group.map_or_else(|| "pip install .".to_owned(), |group| format!("pip install --group {group}"))
        };
        planned.set(Field::Install, line, file(path, "manifest"));
    }
}

fn test(context: &Context<'_, '_>, planned: &mut Planned) {
    let component = context.component;
    let dependency = component.manifests.iter().find_map(|(path, manifest)| {
        let one =
            manifest.dependencies.iter().find(|one| one.name == "pytest" || one.name == "pytest-django")?;
        Some(maybe_at(path, one.line, &one.name))
    });
    let configured = ["pytest.ini", "conftest.py", "tests/conftest.py"].iter().find(|one| component.has(one));
    let in_pyproject =
        component.manifests.iter().find(|(_, manifest)| manifest.modules.iter().any(|one| one == "pytest"));
    let evidence = dependency
        .or_else(|| configured.map(|one| file(&component.path(one), "pytest configuration")))
        .or_else(|| in_pyproject.map(|(path, _)| file(path, "[tool.pytest]")));
    if let Some(evidence) = evidence {
        planned.set(Field::Test, exec(context, "pytest"), evidence);
        return;
    }
    let tests = component.files.iter().find(|path| {
        let own = name(path);
        has_ending(path, &["py"])
            && (own.starts_with("test_") || own == "tests.py" || own.ends_with("_test.py"))
    });
    let Some(tests) = tests else { return };
    let manage = component.matching(&["manage.py".to_owned()]).next();
    match manage {
        Some(manage) => {
            let script = relative(manage, &component.folder).unwrap_or(manage);
            planned.set(Field::Test, exec(context, &format!("python {script} test")), file(tests, "tests"));
        }
        None => planned.set(Field::Test, exec(context, "python -m unittest discover"), file(tests, "tests")),
    }
}

fn lint(context: &Context<'_, '_>, planned: &mut Planned) {
    for (package, line) in [("ruff", "ruff check ."), ("flake8", "flake8"), ("pylint", "pylint .")] {
        for (path, manifest) in &context.component.manifests {
            if let Some(one) = manifest.dependencies.iter().find(|one| one.name == package) {
                planned.set(Field::Lint, exec(context, line), maybe_at(path, one.line, package));
            } else if manifest.modules.iter().any(|tool| tool == package) {
                planned.set(Field::Lint, exec(context, line), file(path, &format!("[tool.{package}]")));
            }
        }
    }
}

fn start(context: &Context<'_, '_>, planned: &mut Planned) {
    if let Some((path, dockerfile)) = context.dockerfile
        && let Some(start) = dockerfile.start().filter(|start| stated::usable(context, &start.value))
    {
        planned.set(
            Field::Start,
            stated::without_migrations(context.signals, &start.value),
            at(path, start.line, &start.value),
        );
        return;
    }
    let used = context.shape.map(|shape| &shape.main).filter(|one| one.ecosystem == Some(Ecosystem::Pypi));
    if let Some(used) = used
        && let Some((line, evidence)) = application::served(context, used.framework)
    {
        planned.set(Field::Start, exec(context, &line), evidence);
        return;
    }
    let imports = used.map(|used| used.framework.imports.as_slice()).unwrap_or_default();
    let Some(found) = scripts::find(context.component, imports) else { return };
    // What a package installs is found through its manager; the interpreter is the environment's own, which every
    // platform that builds Python puts first.
    let line = if found.installed { exec(context, &found.line) } else { found.line };
    if !found.rivals.is_empty() {
        let mut values = vec![line.clone()];
        values.extend(found.rivals);
        let evidence = vec![found.evidence.clone()];
        planned.conflicts.push(Conflict { field: "commands.start".to_owned(), values, evidence });
    }
    planned.set(Field::Start, line, found.evidence);
}

/// The script that a component is, where nothing else says what it is; what a package installs is for people's own machines.
pub(crate) fn python_script(component: &Component<'_>) -> Option<Evidence> {
    scripts::find(component, &[]).filter(|script| !script.installed).map(|script| script.evidence)
}

/// The module name of a file (`app/main.py` → `app.main`).
pub(crate) fn module_of(path: &str) -> String {
    let stem = path.trim_end_matches(".py");
    let stem = stem.strip_suffix("/__init__").unwrap_or(stem);
    stem.replace('/', ".")
}
