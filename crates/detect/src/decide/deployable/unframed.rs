//! Components that no known framework shapes → their programs, by container build, Procfile, scripts, entry files and pages.

use siteplan_catalog::signals::{Ecosystem, Signals};
use siteplan_model::fact::{Certainty, Evidence};
use siteplan_model::survey::ServiceKind;

use super::started::{is_for_a_server, is_imported, starts};
use super::{Program, declared, has_program, is_workspace_root, several};
use crate::commands::{python_script, ruby_script, web_root};
use crate::component::Component;
use crate::decide::containers;
use crate::decide::services::{has_procfile, renders_pages};
use crate::evidence::{at, file, maybe_at};
use crate::readers::compose::image_parts;
use crate::readers::dockerfile::Dockerfile;
use crate::readers::manifest::Trait;
use crate::tree::{Tree, folder, relative};

/// Programs of a component that no known framework shapes.
pub(super) fn without_framework(
    component: &Component<'_>,
    components: &[Component<'_>],
    tree: &Tree,
    signals: &Signals,
) -> Vec<Program> {
    let bare_go = component.manifests.is_empty() && bare_ecosystem(component, signals) == Some(Ecosystem::Go);
    if bare_go || has_program(component, Ecosystem::Go) || has_program(component, Ecosystem::Crate) {
        return several::programs(component, None, components, tree, signals);
    }
    let docker = containers::of_component(component, tree);
    let procfile = has_procfile(component, tree);
    let sole = components.iter().filter(|other| !other.aside && !other.sources.is_empty()).count() <= 1;
    // In a browser's script any object may `listen`; beside a page, a server shows by what it imports.
    let of_page = component.manifests.is_empty() && component.has("index.html");
    let serving = component
        .sources
        .iter()
        .filter(|(_, source)| !of_page || !source.imports.is_empty() || source.runs_on.is_some())
        .find_map(|(path, source)| Some(at(path, source.serves?, "serves HTTP")));
    let pages = renders_pages(component, signals);
    let ecosystem = component
        .manifests
        .iter()
        .filter(|(_, manifest)| !manifest.traits.contains(&Trait::WorkspaceRoot))
        .map(|(_, manifest)| (component_bytes(component, manifest.ecosystem, signals), manifest.ecosystem))
        .max()
        .map(|(_, ecosystem)| ecosystem)
        .or_else(|| bare_ecosystem(component, signals));
    if let Some(ecosystem) =
        ecosystem.filter(|one| declared::usual(component, *one, components, tree, signals).is_some())
        && has_program(component, ecosystem)
    {
        let found = declared::programs(component, None, ecosystem, components, tree, signals);
        // A folder beside others in which nothing is a server and nothing deploys holds a library or helpers.
        let beside = !component.folder.is_empty() && docker.is_none() && !procfile;
        if !found.is_empty() || beside {
            return found;
        }
    }
    let kind = match (&serving, pages.is_some()) {
        (Some(_), true) => ServiceKind::Web,
        // A queue's consumer often answers a health check and is a consumer still.
        (Some(_), false) if is_named_worker(component, signals) && !handles_requests(component) => {
            ServiceKind::Worker
        }
        (Some(_), false) => ServiceKind::Api,
        (None, _) => ServiceKind::Worker,
    };
    let program = |kind, certainty, evidence| Program {
        kind,
        certainty,
        evidence,
        path: None,
        target: None,
        name: None,
        ecosystem,
        framed: false,
    };
    // The root of a workspace is built and started for its members; alone it is nothing.
    let members = components
        .iter()
        .any(|other| !other.aside && other.folder != component.folder && !other.manifests.is_empty());
    if is_workspace_root(component) && !procfile && (docker.is_none() || (members && serving.is_none())) {
        return Vec::new();
    }
    if let Some((_, manifest)) =
        component.manifest(Ecosystem::Npm).filter(|_| ecosystem == Some(Ecosystem::Npm))
    {
        let script = manifest.scripts.get("start").filter(|_| starts(manifest, signals));
        if let Some(script) =
            script.filter(|_| !component.sources.is_empty() && !is_workspace_root(component))
        {
            let (path, ()) =
                component.manifest(Ecosystem::Npm).map_or(("package.json", ()), |(path, _)| (*path, ()));
            let certainty = if serving.is_some() { Certainty::Medium } else { Certainty::Low };
            let mut evidence: Vec<Evidence> = serving.into_iter().collect();
            evidence.push(maybe_at(path, script.line, &format!("start: {}", script.text)));
            return vec![program(kind, certainty, evidence)];
        }
        let library =
            manifest.traits.contains(&Trait::Library) || is_imported(component, manifest, components);
        if (serving.is_none() || library) && docker.is_none() && !procfile && !sole {
            return Vec::new();
        }
    }
    if ecosystem == Some(Ecosystem::Composer) || (ecosystem.is_none() && component.has("index.php")) {
        let library = component.manifests.iter().any(|(_, manifest)| {
            manifest.ecosystem == Ecosystem::Composer && manifest.traits.contains(&Trait::Library)
        });
        if let Some((_, seen)) = web_root(component).filter(|_| !library) {
            let evidence = vec![seen];
            let mut found = program(ServiceKind::Web, Certainty::Medium, evidence);
            found.ecosystem = Some(Ecosystem::Composer);
            return vec![found];
        }
    }
    if ecosystem == Some(Ecosystem::Gem) && component.has("config.ru") {
        let evidence = vec![file(&component.path("config.ru"), "Rack application")];
        let kind = if pages.is_some() { ServiceKind::Web } else { ServiceKind::Api };
        return vec![program(kind, Certainty::Medium, evidence)];
    }
    if let Some((path, dockerfile)) =
        docker.filter(|(path, _)| folder(path) == component.folder || component.folder.is_empty())
    {
        let exposed = dockerfile.ports().into_iter().next();
        let own_code = !component.sources.is_empty() || component.folder == folder(path);
        let of_members = component.sources.is_empty()
            && components.iter().any(|other| {
                !other.folder.is_empty()
                    && !other.aside
                    && containers::brings(path, dockerfile, &other.folder)
            });
        if own_code && !of_members && !containers_elsewhere(component, components, path) {
            let served_pages = served_pages(component, dockerfile, signals).filter(|_| serving.is_none());
            let kind = match (&exposed, kind) {
                _ if served_pages.is_some() => ServiceKind::Static,
                (Some(_), ServiceKind::Worker) if pages.is_some() => ServiceKind::Web,
                (Some(_), ServiceKind::Worker) => ServiceKind::Api,
                (_, kind) => kind,
            };
            let mut evidence: Vec<Evidence> = serving.into_iter().collect();
            evidence.push(exposed.map_or_else(
                || file(path, "container build"),
                |port| at(path, port.line, &format!("EXPOSE {}", port.value)),
            ));
            // An image of which nothing says what it does is a program, and no more is known of it.
            let certainty = if kind == ServiceKind::Worker { Certainty::Low } else { Certainty::Medium };
            return vec![program(kind, certainty, evidence)];
        }
    }
    if procfile {
        // Its processes are added by name; what the code itself serves is added here.
        return serving.map(|seen| vec![program(kind, Certainty::Medium, vec![seen])]).unwrap_or_default();
    }
    let serving_kind = serving.clone().map(|seen| (kind, seen));
    // A root without manifest holds scraps beside the components; it is the application only where there is nothing else.
    let alone = components.iter().all(|other| other.aside || other.manifests.is_empty());
    if let Some(found) = bare_program(component, serving_kind, signals).filter(|_| sole && alone) {
        return vec![found];
    }
    if let Some(seen) = serving.filter(|_| alone || !component.manifests.is_empty()) {
        return vec![program(kind, Certainty::Medium, vec![seen])];
    }
    if let Some((path, manifest)) = component
        .manifests
        .iter()
        .find(|(_, manifest)| manifest.build.packaging.as_deref().is_some_and(is_for_a_server))
    {
        let packaging = manifest.build.packaging.as_deref().unwrap_or_default();
        let kind = if pages.is_some() { ServiceKind::Web } else { ServiceKind::Api };
        return vec![program(kind, Certainty::Medium, vec![file(path, &format!("packaging {packaging}"))])];
    }
    // The only build that says of itself that it makes a program.
    let makes = |one: &&Component<'_>| {
        one.manifests.iter().any(|(_, manifest)| {
            matches!(manifest.ecosystem, Ecosystem::Maven | Ecosystem::Nuget)
                && manifest.traits.contains(&Trait::Program)
                && !manifest.modules.iter().any(|module| module == "tests")
        })
    };
    let only = makes(&component) && components.iter().filter(|one| !one.aside).filter(makes).count() == 1;
    if let Some((path, _)) = component.manifests.first().filter(|_| only && !component.sources.is_empty()) {
        return vec![program(ServiceKind::Worker, Certainty::Low, vec![file(path, "makes a program")])];
    }
    if !sole || !component.folder.is_empty() && ecosystem == Some(Ecosystem::Pypi) {
        return Vec::new();
    }
    let seen = match ecosystem {
        Some(Ecosystem::Pypi) => python_script(component),
        Some(Ecosystem::Gem) => ruby_script(component, None).map(|path| file(path, "program")),
        _ => entry_file(component).map(|path| file(path, "program")),
    };
    seen.map(|seen| vec![program(ServiceKind::Worker, Certainty::Low, vec![seen])]).unwrap_or_default()
}

/// The page that a container build hands to a server of pages, where nothing else runs in it.
fn served_pages<'t>(
    component: &Component<'t>,
    dockerfile: &Dockerfile,
    signals: &Signals,
) -> Option<&'t str> {
    let base = dockerfile.shipped().last().map(|stage| image_parts(&stage.base).0)?;
    let serves = signals.files.page_server_images.contains(&base) && dockerfile.stages.len() == 1;
    component.matching(&["index.html".to_owned()]).next().filter(|_| serves)
}

/// Whether a runtime calls it for each request: what such runtimes name a worker is a server.
fn handles_requests(component: &Component<'_>) -> bool {
    component.sources.iter().any(|(_, source)| source.handles_requests)
}

/// Whether the folder of a component is called after what works in the background.
fn is_named_worker(component: &Component<'_>, signals: &Signals) -> bool {
    let last = crate::tree::name(&component.folder).to_ascii_lowercase();
    crate::tree::has_word(&last, &signals.files.worker_words)
}

/// Whether the root's container build is only one of several, each of its own folder.
fn containers_elsewhere(component: &Component<'_>, components: &[Component<'_>], path: &str) -> bool {
    component.folder.is_empty()
        && !folder(path).is_empty()
        && components.iter().any(|other| other.folder == folder(path))
}

fn component_bytes(component: &Component<'_>, ecosystem: Ecosystem, signals: &Signals) -> u64 {
    let bytes = component.bytes_by_language();
    signals
        .languages
        .iter()
        .filter(|row| row.ecosystem == Some(ecosystem))
        .filter_map(|row| bytes.get(row.id.as_str()))
        .sum()
}

/// The ecosystem of a folder without manifest, by its largest language.
fn bare_ecosystem(component: &Component<'_>, signals: &Signals) -> Option<Ecosystem> {
    let bytes = component.bytes_by_language();
    let largest = bytes
        .iter()
        .filter(|(language, _)| **language != "html" && **language != "shell")
        .max_by_key(|(language, size)| (**size, **language))?;
    signals.languages.iter().find(|row| row.id == *largest.0)?.ecosystem
}

/// The program of a few files in a language whose programs need no manifest.
fn bare_program(
    component: &Component<'_>,
    serving: Option<(ServiceKind, Evidence)>,
    signals: &Signals,
) -> Option<Program> {
    if !component.manifests.is_empty() || !component.folder.is_empty() {
        return None;
    }
    let bytes = component.bytes_by_language();
    let leading = |language: &str| signals.language(language).is_some_and(|row| !row.auxiliary);
    let leads = bytes.keys().any(|language| leading(language));
    let pages = bytes.contains_key("html");
    let (language, _) = bytes
        .iter()
        .filter(|(language, _)| leading(language) || !leads && !pages)
        .max_by_key(|(language, size)| (**size, **language))?;
    let row = signals.language(language)?;
    let entries: Vec<String> = row.bare.as_ref()?.entries.iter().map(|entry| format!("/{entry}")).collect();
    let first = entries.iter().find_map(|entry| component.matching(std::slice::from_ref(entry)).next());
    let own: Vec<&str> = component
        .sources
        .iter()
        .filter(|(path, source)| source.language == *language && path.matches('/').count() < 2)
        .map(|(path, _)| *path)
        .collect();
    // One file alone needs no usual name, unless its language is glue.
    let path = first.or_else(|| own.first().copied().filter(|_| own.len() == 1 && !row.auxiliary))?;
    let (kind, seen) = match serving {
        Some((kind, seen)) => (kind, Some(seen)),
        None => (ServiceKind::Worker, None),
    };
    let mut evidence = vec![file(path, "program")];
    evidence.extend(seen);
    Some(Program {
        kind,
        certainty: if kind == ServiceKind::Worker { Certainty::Low } else { Certainty::Medium },
        evidence,
        path: Some(path.to_owned()),
        target: None,
        name: None,
        ecosystem: None,
        framed: false,
    })
}

/// A file that is run without being named.
fn entry_file<'t>(component: &Component<'t>) -> Option<&'t str> {
    let entries = ["index.js", "server.js", "app.js", "src/index.js", "index.ts", "src/index.ts", "main.ts"];
    let begins = component.sources.iter().find(|(path, source)| {
        let below = relative(path, &component.folder).unwrap_or(path);
        // Java and .NET say where a program begins, at whatever depth; a script is one only at the top.
        let compiled = matches!(
            source.language.as_str(),
            "java" | "kotlin" | "scala" | "groovy" | "clojure" | "csharp" | "fsharp" | "vb"
        );
        let top = !below.contains('/') && !below.ends_with("setup.py");
        entries.contains(&below) || (source.program.is_some() && (compiled || top))
    });
    let mix = || {
        component.manifest(Ecosystem::Hex).filter(|_| !component.sources.is_empty()).map(|(path, _)| *path)
    };
    begins.map(|(path, _)| *path).or_else(mix)
}

/// Folders with pages and no manifest, the root or the nearest to it.
pub(crate) fn plain_pages(components: &[Component<'_>], tree: &Tree) -> Option<(String, String)> {
    let code = components.iter().any(|component| {
        !component.aside
            && component
                .sources
                .iter()
                .any(|(_, source)| !matches!(source.language.as_str(), "html" | "javascript" | "shell"))
    });
    if code {
        return None;
    }
    let candidates = ["", "public", "site", "www", "web", "html", "src", "docs"];
    candidates
        .iter()
        .map(|folder| ((*folder).to_owned(), crate::tree::join(folder, "index.html")))
        .find(|(_, page)| tree.has(page))
}
