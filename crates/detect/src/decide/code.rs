//! What a component's files tell of its code → what a new file that joins it has to know: its folder, its module, its drivers.

use siteplan_catalog::signals::{Ecosystem, Signals};
use siteplan_model::survey::CodeFacts;

use super::frameworks::Shape;
use crate::component::Component;
use crate::readers::manifest::Trait;
use crate::tree::{Tree, folder, has_ending, name, relative, upwards};

/// No more names are kept: nobody writes more files about health.
const MOST_NAMES: usize = 40;

/// The facts of a component's service.
pub(crate) fn of(
    component: &Component<'_>,
    (shape, ecosystem): (Option<&Shape<'_>>, Option<Ecosystem>),
    tree: &Tree,
    signals: &Signals,
) -> CodeFacts {
    let mut facts = CodeFacts {
        clients: clients(component, signals),
        live_endpoint: super::health::live(component, signals),
        health_files: health_files(component),
        ..CodeFacts::default()
    };
    match ecosystem {
        Some(Ecosystem::Npm) => script(component, shape, tree, &mut facts),
        Some(Ecosystem::Pypi) => python(component, shape, &mut facts),
        Some(Ecosystem::Maven) => jvm(component, &mut facts),
        Some(Ecosystem::Hex) => elixir(component, &mut facts),
        Some(one @ (Ecosystem::Go | Ecosystem::Crate)) => {
            let named = component.manifest(one).and_then(|(_, manifest)| manifest.name.as_ref());
            facts.namespace = named.map(|(name, _)| name.clone());
            facts.folder = component.has("src/main.rs").then(|| "src".to_owned());
        }
        _ => {}
    }
    facts
}

/// The libraries of production that talk to a database or cache, each once.
fn clients(component: &Component<'_>, signals: &Signals) -> Vec<String> {
    let engines = signals.databases.iter().chain(&signals.caches).map(|engine| &engine.packages);
    let mut clients: Vec<String> = engines
        .chain([&signals.files.data_packages])
        .flat_map(|packages| component.production_dependencies(packages))
        .map(|(_, dependency)| dependency.name.clone())
        .collect();
    clients.sort();
    clients.dedup();
    clients
}

/// Its files whose own name speaks of health.
fn health_files(component: &Component<'_>) -> Vec<String> {
    let speaks = |path: &&&str| name(path).to_lowercase().contains("health") || path.contains("/health/");
    component.files.iter().filter(speaks).take(MOST_NAMES).map(|path| (*path).to_owned()).collect()
}

/// JavaScript and TypeScript: the module system, the folder in which the server begins, the router of Next.js.
fn script(component: &Component<'_>, shape: Option<&Shape<'_>>, tree: &Tree, facts: &mut CodeFacts) {
    let typed = component.has("tsconfig.json")
        || upwards(&component.folder).any(|above| tree.has(&crate::tree::join(above, "tsconfig.json")));
    let modules =
        component.manifest(Ecosystem::Npm).is_some_and(|(_, one)| one.traits.contains(&Trait::EsModules));
    let packages = shape.map(|shape| &shape.main.framework.packages);
    let entry = packages.and_then(|packages| component.entry_importing(packages)).map(|(path, _, _)| path);
    let entry_typed = entry.map(|path| has_ending(path, &["ts", "mts", "cts"]));
    let modern = entry.is_some_and(|path| has_ending(path, &["mjs", "mts"]));
    let dialect = match (entry_typed.unwrap_or(typed), modules) {
        (true, true) => "typescript-esm",
        (true, false) => "typescript",
        (false, true) => "esm",
        (false, false) if modern => "mjs",
        (false, false) => "commonjs",
    };
    facts.dialect = Some(dialect.to_owned());
    facts.folder = entry.map(|path| below(component, path));
    for (routing, folders) in [("app", ["app", "src/app"]), ("pages", ["pages", "src/pages"])] {
        let holds = |below: &&&str| {
            let start = format!("{}/", component.path(below));
            let mut files =
                component.files.starting_at(&start).iter().take_while(|path| path.starts_with(&start));
            files.any(|path| has_ending(path, &["tsx", "jsx", "ts", "js"]))
        };
        if facts.routing.is_none()
            && let Some(found) = folders.iter().find(holds)
            && shape.is_some_and(|shape| shape.main.framework.id == "next")
        {
            facts.routing = Some(routing.to_owned());
            facts.folder = Some((*found).to_owned());
        }
    }
}

/// Python: the package in which the application object or, for Django, the settings stand.
fn python(component: &Component<'_>, shape: Option<&Shape<'_>>, facts: &mut CodeFacts) {
    let constructors = shape.map(|shape| shape.main.framework.constructors.as_slice()).unwrap_or_default();
    let mut makers = component
        .sources
        .iter()
        .filter(|(_, source)| source.objects.iter().any(|one| constructors.contains(&one.constructor)))
        .map(|(path, _)| *path);
    let urls = |path: &&&str| {
        let beside = |file: &str| component.files.contains(crate::tree::join(folder(path), file).as_str());
        name(path) == "urls.py" && (beside("wsgi.py") || beside("asgi.py") || beside("settings.py"))
    };
    let home = makers.next().or_else(|| component.files.iter().find(urls).copied());
    let Some(home) = home.map(|path| below(component, path)) else { return };
    let package = component.has(&format!("{home}/__init__.py"));
    facts.namespace = package.then(|| home.replace('/', "."));
    facts.folder = Some(home);
}

/// Spring Boot: the package below which beans are found, which is that of the class that begins the program.
fn jvm(component: &Component<'_>, facts: &mut CodeFacts) {
    let begins = |path: &&&str| name(path).ends_with("Application.java") && path.contains("src/main/java/");
    let Some(main) = component.files.iter().filter(begins).min_by_key(|path| path.len()) else { return };
    let home = below(component, main);
    facts.namespace = home.split_once("src/main/java/").map(|(_, package)| package.replace('/', "."));
    facts.folder = Some(home);
}

/// Phoenix: the folder of the endpoint, and the application's module as the generator names it.
fn elixir(component: &Component<'_>, facts: &mut CodeFacts) {
    let endpoint = |path: &&&str| name(path) == "endpoint.ex" && folder(path).ends_with("_web");
    let Some(path) = component.files.iter().find(endpoint) else { return };
    let home = below(component, path);
    let words = name(&home).trim_end_matches("_web").split('_');
    let module: String = words
        .filter_map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
        })
        .collect();
    facts.namespace = Some(module);
    facts.folder = Some(home);
}

/// The folder of a file relative to the component, `.` for its own.
fn below(component: &Component<'_>, path: &str) -> String {
    match relative(folder(path), &component.folder) {
        Some(inside) if !inside.is_empty() => inside.to_owned(),
        _ => ".".to_owned(),
    }
}
