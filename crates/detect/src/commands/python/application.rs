//! A Python framework and its application object → the line that serves it, by a server program that is installed.

use siteplan_catalog::signals::{Framework, ServerProgram};
use siteplan_model::fact::Evidence;

use super::entry::{is_entry, makes, rank, source_root};
use super::module_of;
use crate::commands::Context;
use crate::component::Component;
use crate::evidence::{at, file};
use crate::glob;
use crate::readers::source::{Object, Source};
use crate::tree::{folder, name, relative};

/// What a server is given.
struct Target {
    module: String,
    object: String,
    /// Whether the object is a function that makes the application.
    factory: bool,
    /// The folder from which the module is found, where it is not the component's.
    directory: String,
    evidence: Evidence,
}

/// A framework's start line with everything filled in.
pub(super) fn served(context: &Context<'_, '_>, framework: &Framework) -> Option<(String, Evidence)> {
    let port = context.port.or(framework.port).unwrap_or(8000).to_string();
    if let Some(line) = &framework.start {
        return by_file(context, framework, line, &port);
    }
    let interface = framework.interface.as_deref()?;
    let asks_for_async =
        framework.asgi_when.as_ref().is_some_and(|condition| context.component.meets(condition).is_some());
    let interface = if asks_for_async { "asgi" } else { interface };
    if !framework.server_modules.is_empty() {
        let other = if interface == "asgi" { "wsgi" } else { "asgi" };
        let with_server = [interface, other].into_iter().find(|one| {
            installed(context, one).is_some() && by_convention(context, framework, one).is_some()
        });
        let chosen = with_server.into_iter().chain([interface, other]);
        let found = chosen.into_iter().find_map(|one| Some((one, by_convention(context, framework, one)?)));
        return match found {
            Some((interface, target)) => Some(line_of(program(context, interface)?, &target, &port)),
            None => by_settings(context.component, framework.start_by_settings.as_deref()?, &port),
        };
    }
    let (path, source, object, factory) = application(context.component, &framework.constructors)?;
    // A file that serves itself does so where no server program is installed.
    if installed(context, interface).is_none()
        && source.serves.is_some()
        && source.program.is_some()
        && factory.is_none()
    {
        return None;
    }
    let root = source_root(context.component, path, source);
    let below = relative(path, &context.component.folder)?;
    let target = Target {
        module: module_of(relative(below, root)?),
        object: factory
            .clone()
            .or_else(|| framework.served_object.clone())
            .unwrap_or_else(|| object.name.clone()),
        factory: factory.is_some(),
        directory: root.to_owned(),
        evidence: at(path, object.line, &format!("{} = {}(", object.name, object.constructor)),
    };
    Some(line_of(program(context, interface)?, &target, &port))
}

/// The line for a project that has settings but no module with an application object.
fn by_settings(component: &Component<'_>, line: &str, port: &str) -> Option<(String, Evidence)> {
    let rank = |path: &str| {
        let own = [
            "settings/production.py",
            "settings/prod.py",
            "settings.py",
            "settings/__init__.py",
            "settings/base.py",
        ];
        own.iter().position(|one| path.ends_with(&format!("/{one}")) || path == *one)
    };
    let settings = component.sources.iter().filter_map(|(path, _)| Some((rank(path)?, *path)));
    let (_, path) = settings.min_by_key(|(rank, path)| (path.matches('/').count() > 3, *rank, *path))?;
    let module = module_of(relative(path, &component.folder)?);
    Some((line.replace("{settings}", &module).replace("{port}", port), file(path, "settings")))
}

/// The server of an interface that the component depends on.
fn installed<'c>(context: &Context<'c, '_>, interface: &str) -> Option<&'c ServerProgram> {
    let speaks = context.signals.servers.iter().filter(|server| server.interface == interface);
    speaks
        .into_iter()
        .find(|server| context.component.production_dependencies(&server.packages).next().is_some())
}

/// The installed server of an interface, else the usual one.
fn program<'c>(context: &Context<'c, '_>, interface: &str) -> Option<&'c ServerProgram> {
    installed(context, interface)
        .or_else(|| context.signals.servers.iter().find(|server| server.interface == interface))
}

fn line_of(server: &ServerProgram, target: &Target, port: &str) -> (String, Evidence) {
    let line = if target.factory { &server.factory } else { &server.start };
    let mut line =
        line.replace("{module}", &target.module).replace("{object}", &target.object).replace("{port}", port);
    if !target.directory.is_empty() {
        match &server.directory {
            Some(option) => {
                line.push(' ');
                line.push_str(&option.replace("{directory}", &target.directory));
            }
            None => line = format!("PYTHONPATH={} {line}", target.directory),
        }
    }
    (line, target.evidence.clone())
}

/// The module in which a framework's projects keep their application object.
fn by_convention(context: &Context<'_, '_>, framework: &Framework, interface: &str) -> Option<Target> {
    let wanted = framework.server_modules.get(interface)?;
    let component = context.component;
    let manage = component.sources.iter().map(|(path, _)| *path).filter(|path| name(path) == "manage.py");
    let manage = manage.min_by_key(|path| (path.matches('/').count(), *path));
    // A project's modules are found from where `manage.py` lies.
    let directory = manage.and_then(|path| relative(path, &component.folder)).map_or("", folder);
    let below = |path: &'_ str| -> Option<String> {
        let below = relative(path, &component.folder)?;
        relative(below, directory).map(str::to_owned)
    };
    let modules =
        component.sources.iter().map(|(path, _)| *path).filter(|path| name(path) == wanted.as_str());
    let found = modules
        .filter_map(|path| Some((path, below(path)?)))
        .min_by_key(|(path, inner)| (inner.matches('/').count(), *path));
    let (path, inner) = found?;
    Some(Target {
        module: module_of(&inner),
        object: "application".to_owned(),
        factory: false,
        directory: directory.to_owned(),
        evidence: file(path, &format!("{interface} module")),
    })
}

/// A line that names a file, a module or nothing at all.
fn by_file(
    context: &Context<'_, '_>,
    framework: &Framework,
    line: &str,
    port: &str,
) -> Option<(String, Evidence)> {
    let component = context.component;
    let line = line.replace("{port}", port);
    if line.contains("{module}") {
        let (path, source, object, _) = application(component, &framework.constructors)?;
        let root = source_root(component, path, source);
        let module = module_of(relative(relative(path, &component.folder)?, root)?);
        let module = module.strip_suffix(".celery").unwrap_or(&module);
        return Some((line.replace("{module}", module), at(path, object.line, &object.constructor)));
    }
    if !line.contains("{file}") {
        let evidence = context.shape?.main.evidence.clone();
        return Some((line, evidence));
    }
    let preferred = |path: &str| {
        let below = relative(path, &component.folder).unwrap_or(path);
        framework.entries.iter().position(|pattern| glob::matches(pattern, below))
    };
    let candidates = component.sources.iter().filter(|(path, source)| {
        let imports = source.imports.iter().any(|(module, _)| framework.imports.contains(module));
        // Pages of a multi-page application lie beside its entry.
        imports && !folder(path).ends_with("pages") && name(path) != "__init__.py"
    });
    let (path, _) = candidates.min_by_key(|(path, source)| {
        let depth = path.matches('/').count();
        let telling = preferred(path).is_none() && !is_entry(path);
        (telling && source.program.is_none(), telling, preferred(path).is_none(), depth, rank(path), *path)
    })?;
    let below = relative(path, &component.folder)?;
    Some((line.replace("{file}", below), file(path, "entry file")))
}

/// The application object: where it is made, the object, and the factory's name if it has no name of its own.
fn application<'t>(
    component: &Component<'t>,
    constructors: &[String],
) -> Option<(&'t str, &'t Source, &'t Object, Option<String>)> {
    let mut named: Vec<(&str, &Source, &Object)> = Vec::new();
    let mut through_factory: Vec<(&str, &Source, &Object)> = Vec::new();
    let mut factories: Vec<(&str, &Source, &Object)> = Vec::new();
    for (path, source) in &component.sources {
        for object in &source.objects {
            if makes(object, constructors) {
                if object.name.is_empty() {
                    factories.push((path, source, object));
                } else {
                    named.push((path, source, object));
                }
            } else if is_application_name(&object.name) {
                let function = object.constructor.rsplit('.').next().unwrap_or_default();
                if function.starts_with(|c: char| c.is_ascii_lowercase()) && function.contains("app") {
                    through_factory.push((path, source, object));
                }
            }
        }
    }
    let order = |(path, _, object): &(&str, &Source, &Object)| {
        (rank(path), path.matches('/').count(), !is_application_name(&object.name), (*path).to_owned())
    };
    named.sort_by_key(order);
    through_factory.sort_by_key(order);
    factories.sort_by_key(order);
    if let Some((path, source, object)) = named.first() {
        return Some((path, source, object, None));
    }
    if !factories.is_empty()
        && let Some((path, source, object)) = through_factory.first()
    {
        return Some((path, source, object, None));
    }
    factories
        .into_iter()
        .find_map(|(path, source, object)| Some((path, source, object, Some(object.factory.clone()?))))
}

fn is_application_name(name: &str) -> bool {
    matches!(
        name,
        "app"
            | "application"
            | "api"
            | "server"
            | "flask_app"
            | "wsgi_app"
            | "asgi_app"
            | "fastapi_app"
            | "web_app"
    )
}
