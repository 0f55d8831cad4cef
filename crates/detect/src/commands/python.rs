//! Commands of Python components: the application object's module decides how it is served.

use siteplan_catalog::signals::Ecosystem;
use siteplan_model::survey::ServiceKind;

use super::{Context, Field, Planned, stated};
use crate::evidence::{at, file, maybe_at};
use crate::readers::source::Object;
use crate::tree::{has_ending, name, relative};

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
    "__init__.py",
    "__main__.py",
];

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
    let names = [
        "requirements.txt",
        "requirements/production.txt",
        "requirements/prod.txt",
        "requirements/base.txt",
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
    if let Some(used) =
        context.shape.map(|shape| &shape.main).filter(|one| one.ecosystem == Some(Ecosystem::Pypi))
        && let Some((line, evidence)) = used.framework.start.as_deref().and_then(|line| served(context, line))
    {
        planned.set(Field::Start, exec(context, &line), evidence);
        return;
    }
    script(context, planned);
}

/// A framework's start line with module and object filled in.
fn served(context: &Context<'_, '_>, line: &str) -> Option<(String, siteplan_model::fact::Evidence)> {
    let used = &context.shape?.main;
    let port = context.port.or(used.framework.port).unwrap_or(8000).to_string();
    let filled = line.replace("{port}", &port);
    let folder = &context.component.folder;
    if line.contains("{module}.wsgi") {
        // Django: the project's package is where its wsgi module lies; with Channels, its asgi module.
        let asgi = context.component.has_package(Ecosystem::Pypi, "channels")
            || context.component.has_package(Ecosystem::Pypi, "daphne");
        let wanted = if asgi { "asgi.py" } else { "wsgi.py" };
        let path = entry_named(context, wanted)?;
        let module = module_of(relative(path, folder)?);
        if asgi {
            let line = format!("uvicorn {module}:application --host 0.0.0.0 --port {port}");
            return Some((line, file(path, "asgi module")));
        }
        let package = module.trim_end_matches("wsgi").trim_end_matches('.').to_owned();
        let line = if package.is_empty() {
            filled.replace("{module}.", "")
        } else {
            filled.replace("{module}", &package)
        };
        return Some((line, file(path, "wsgi module")));
    }
    if line.contains("{file}") {
        let path = ENTRIES.iter().find(|entry| context.component.has(entry))?;
        return Some((filled.replace("{file}", path), file(&context.component.path(path), "entry file")));
    }
    let (path, object, factory) = application(context, &used.framework.constructors)?;
    let below = relative(path, folder)?;
    let in_src = below.starts_with("src/") && !context.component.has("src/__init__.py");
    let module = module_of(if in_src { &below["src/".len()..] } else { below });
    let mut line = filled.replace("{module}", &module);
    if factory.is_empty() {
        line = line.replace("{object}", &object.name);
    } else if line.starts_with("uvicorn") {
        line = line.replace("{object}", &format!("{factory} --factory"));
    } else {
        line = line.replace(&format!("{module}:{{object}}"), &format!("'{module}:{factory}()'"));
    }
    if in_src && line.starts_with("uvicorn") {
        line.push_str(" --app-dir src");
    } else if in_src && line.starts_with("gunicorn") {
        line.push_str(" --chdir src");
    }
    Some((line, at(path, object.line, &format!("{} = {}(", object.name, object.constructor))))
}

/// The application object: where it is made, the object, and the factory's name if it has no name of its own.
fn application<'t>(
    context: &Context<'_, 't>,
    constructors: &[String],
) -> Option<(&'t str, &'t Object, String)> {
    let is_made_by = |object: &Object, constructors: &[String]| {
        constructors
            .iter()
            .any(|one| *one == object.constructor || object.constructor.ends_with(&format!(".{one}")))
    };
    let mut named: Vec<(&str, &Object)> = Vec::new();
    let mut through_factory: Vec<(&str, &Object)> = Vec::new();
    let mut factories: Vec<(&str, &Object)> = Vec::new();
    for (path, source) in &context.component.sources {
        for object in &source.objects {
            if is_made_by(object, constructors) {
                if object.name.is_empty() {
                    factories.push((path, object));
                } else {
                    named.push((path, object));
                }
            } else if matches!(object.name.as_str(), "app" | "application" | "api" | "server") {
                let lower = object.constructor.rsplit('.').next().unwrap_or_default();
                if lower.starts_with(|c: char| c.is_ascii_lowercase()) && lower.contains("app") {
                    through_factory.push((path, object));
                }
            }
        }
    }
    let order = |(path, _): &(&str, &Object)| {
        let rank = ENTRIES.iter().position(|entry| *entry == name(path)).unwrap_or(ENTRIES.len());
        (rank, path.matches('/').count(), (*path).to_owned())
    };
    named.sort_by_key(order);
    through_factory.sort_by_key(order);
    factories.sort_by_key(order);
    if let Some((path, object)) = named.first() {
        return Some((path, object, String::new()));
    }
    if !factories.is_empty()
        && let Some((path, object)) = through_factory.first()
    {
        return Some((path, object, String::new()));
    }
    factories.into_iter().find_map(|(path, object)| Some((path, object, object.factory.clone()?)))
}

fn entry_named<'t>(context: &Context<'_, 't>, wanted: &str) -> Option<&'t str> {
    let mut found: Vec<&str> =
        context.component.sources.iter().map(|(path, _)| *path).filter(|path| name(path) == wanted).collect();
    found.sort_by_key(|path| (path.matches('/').count(), *path));
    found.into_iter().next()
}

/// A program without framework: a script, or a package that is run as a module.
fn script(context: &Context<'_, '_>, planned: &mut Planned) {
    let component = context.component;
    for entry in ENTRIES.iter().filter(|entry| !entry.starts_with("__")) {
        for candidate in [(*entry).to_owned(), format!("src/{entry}"), format!("app/{entry}")] {
            if component.has(&candidate) {
                let path = component.path(&candidate);
                planned.set(
                    Field::Start,
                    exec(context, &format!("python {candidate}")),
                    file(&path, "entry file"),
                );
                return;
            }
        }
    }
    if let Some(path) = entry_named(context, "__main__.py") {
        let module = module_of(relative(path, &component.folder).unwrap_or(path));
        let package = module.trim_end_matches("__main__").trim_end_matches('.').trim_start_matches("src.");
        if !package.is_empty() {
            planned.set(
                Field::Start,
                exec(context, &format!("python -m {package}")),
                file(path, "package with `__main__`"),
            );
            return;
        }
    }
    let programs = component.manifest(Ecosystem::Pypi).filter(|(_, manifest)| manifest.programs.len() == 1);
    if let Some((path, program)) =
        programs.and_then(|(path, manifest)| Some((path, manifest.programs.keys().next()?)))
    {
        planned.set(Field::Start, exec(context, program), file(path, &format!("script `{program}`")));
    }
}

/// The module name of a file (`app/main.py` → `app.main`).
pub(crate) fn module_of(path: &str) -> String {
    let stem = path.trim_end_matches(".py").trim_end_matches("/__init__");
    stem.replace('/', ".")
}
