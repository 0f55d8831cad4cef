//! A component → the programs of it that are deployed on their own; libraries, tools and examples give none.

use siteplan_catalog::signals::{Ecosystem, FrameworkRole, Signals};
use siteplan_model::fact::{Certainty, Evidence};
use siteplan_model::survey::ServiceKind;

use super::containers;
use super::frameworks::Shape;
use super::services::{has_procfile, renders_pages};
use crate::commands::is_development_server;
use crate::component::Component;
use crate::evidence::{at, file, maybe_at};
use crate::readers::manifest::{Manifest, Trait};
use crate::tree::{Tree, folder, has_ending, name, relative};

/// A program that is deployed.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) kind: ServiceKind,
    pub(crate) certainty: Certainty,
    pub(crate) evidence: Vec<Evidence>,
    /// The file that begins it, where a component has several.
    pub(crate) path: Option<String>,
    /// Its own name, where it is not the component's.
    pub(crate) name: Option<String>,
    pub(crate) ecosystem: Option<Ecosystem>,
}

/// Words of a program's name that mean a server.
const SERVER_WORDS: &[&str] = &[
    "server", "api", "web", "http", "app", "backend", "service", "gateway", "main", "serve", "site",
    "frontend",
];
/// Words of a program's name that mean a tool of the developers.
const TOOL_WORDS: &[&str] = &[
    "migrate",
    "migration",
    "migrations",
    "seed",
    "cli",
    "gen",
    "generate",
    "tool",
    "tools",
    "ctl",
    "admin",
    "bench",
    "example",
    "dev",
    "fixtures",
    "lint",
];

/// The deployed programs of a component.
pub(crate) fn programs(
    component: &Component<'_>,
    shape: Option<&Shape<'_>>,
    components: &[Component<'_>],
    tree: &Tree,
    signals: &Signals,
) -> Vec<Program> {
    let one = |kind, certainty, evidence| {
        vec![Program {
            kind,
            certainty,
            evidence,
            path: None,
            name: None,
            ecosystem: shape.and_then(|s| s.main.ecosystem),
        }]
    };
    let Some(shape) = shape else { return without_framework(component, components, tree, signals) };
    let wanted =
        containers::of_component(component, tree).is_some() || has_procfile(component, tree);
    match shape.main.framework.role {
        FrameworkRole::Browser | FrameworkRole::Site if shape.kind == ServiceKind::Static => {
            if is_site(component, shape, components) {
                one(shape.kind, Certainty::High, shape.evidence.clone())
            } else {
                without_framework(component, components, tree, signals)
            }
        }
        FrameworkRole::BrowserServer | FrameworkRole::Browser | FrameworkRole::Site => {
            if has_own_code(component) {
                one(shape.kind, Certainty::High, shape.evidence.clone())
            } else {
                Vec::new()
            }
        }
        _ => match shape.main.ecosystem {
            Some(Ecosystem::Go | Ecosystem::Crate) => several(component, Some(shape), tree, signals),
            ecosystem => {
                let sure = is_started(component, shape, tree, signals);
                if sure || (wanted && !is_workspace_root(component)) {
                    let certainty = if sure { Certainty::High } else { Certainty::Medium };
                    let mut found = one(shape.kind, certainty, shape.evidence.clone());
                    found[0].ecosystem = ecosystem;
                    found
                } else {
                    Vec::new()
                }
            }
        },
    }
}

/// Whether something in a component starts its server framework.
fn is_started(component: &Component<'_>, shape: &Shape<'_>, tree: &Tree, signals: &Signals) -> bool {
    let has = |path: &str| component.has(path);
    match shape.main.ecosystem {
        Some(Ecosystem::Npm) => {
            let Some((_, manifest)) = component.manifest(Ecosystem::Npm) else { return true };
            let started = starts(manifest, signals);
            let serves = component.sources.iter().any(|(_, source)| source.serves.is_some());
            // The root of a workspace often starts its members; it is a service only with code of its own.
            let nest = has("nest-cli.json");
            let root = is_workspace_root(component) && !serves && !nest;
            let library = manifest.traits.contains(&Trait::Library) && !started;
            let begins = started || serves || nest || shape.main.framework.start.is_some();
            begins && !root && !library && !component.sources.is_empty()
        }
        Some(Ecosystem::Pypi) => {
            let constructors = &shape.main.framework.constructors;
            let made = component.sources.iter().flat_map(|(_, source)| &source.objects).any(|object| {
                constructors
                    .iter()
                    .any(|one| *one == object.constructor || object.constructor.ends_with(&format!(".{one}")))
            });
            let managed = component.files.iter().any(|path| name(path) == "manage.py");
            let programmed = component.sources.iter().any(|(_, source)| source.serves.is_some());
            let runs = ["bot.py", "main.py", "app.py", "run.py", "__main__.py"];
            let entry = constructors.is_empty()
                && component.sources.iter().any(|(path, _)| runs.contains(&name(path)));
            made || managed || entry || (constructors.is_empty() && programmed)
        }
        Some(Ecosystem::Gem) => {
            ["config.ru", "config/application.rb", "app.rb", "main.rb", "server.rb", "bot.rb"]
                .iter()
                .any(|path| has(path))
        }
        Some(Ecosystem::Composer) => {
            let library = component
                .manifest(Ecosystem::Composer)
                .is_some_and(|(_, m)| m.traits.contains(&Trait::Library));
            !library
                && [
                    "artisan",
                    "public/index.php",
                    "index.php",
                    "web/index.php",
                    "webroot/index.php",
                    "bin/console",
                ]
                .iter()
                .any(|path| has(path))
        }
        Some(Ecosystem::Maven) => {
            component.sources.iter().any(|(_, source)| source.program.is_some())
                || has("src/main/resources/application.properties")
                || has("src/main/resources/application.yml")
        }
        Some(Ecosystem::Nuget) => component.manifests.iter().any(|(_, manifest)| {
            manifest.traits.contains(&Trait::Program)
                && !manifest.modules.iter().any(|module| module == "tests")
        }),
        Some(Ecosystem::Hex) => tree.has_folder(&component.path("lib")),
        _ => true,
    }
}

/// Whether browser code is a site of its own and not a library or the assets of a server.
fn is_site(component: &Component<'_>, shape: &Shape<'_>, components: &[Component<'_>]) -> bool {
    let pages =
        ["index.html", "public/index.html", "src/index.html", "src/app.html", "app/index.html", "index.pug"];
    let page = pages.iter().any(|page| component.has(page));
    let configured = component.matching(&shape.main.framework.files).next().is_some();
    let site = shape.main.framework.role == FrameworkRole::Site;
    let library = component.manifests.iter().any(|(_, manifest)| manifest.traits.contains(&Trait::Library));
    let built = component.manifest(Ecosystem::Npm).is_some_and(|(_, m)| m.scripts.contains_key("build"));
    let served = shape.main.framework.id.as_str();
    let vite_page = component.has("vite.config.ts")
        || component.has("vite.config.js")
        || component.has("vite.config.mts");
    // Next to a server in another language, browser code without a page of its own is that server's asset.
    let of_server = components.iter().any(|other| {
        let above = other.folder != component.folder && relative(&component.folder, &other.folder).is_some();
        let beside = other.folder == component.folder;
        let assets = matches!(name(&component.folder), "assets" | "static" | "theme" | "client_assets");
        (above && assets || beside)
            && other.manifests.iter().any(|(_, manifest)| manifest.ecosystem != Ecosystem::Npm)
    });
    if page || site {
        return page || !of_server;
    }
    let generator = [
        "create-react-app",
        "angular",
        "ember",
        "ionic",
        "umijs",
        "sanity",
        "yew",
        "blazor",
        "stencil",
        "polymer",
        "brunch",
    ];
    let by_framework = configured && served != "vite" || generator.contains(&served);
    !library
        && !of_server
        && built
        && (by_framework || (vite_page && !component.has("tsup.config.ts") && has_own_page(component)))
}

fn has_own_page(component: &Component<'_>) -> bool {
    component
        .files
        .iter()
        .any(|path| has_ending(path, &["html"]) || path.ends_with("/main.tsx") || path.ends_with("/main.jsx"))
}

/// Whether a component holds an application and not only the settings of a workspace.
fn has_own_code(component: &Component<'_>) -> bool {
    let folders = ["app", "pages", "src", "server", "routes", "components", "lib", "views", "content"];
    component.files.iter().any(|path| {
        relative(path, &component.folder).is_some_and(|below| {
            below.split('/').next().is_some_and(|first| folders.contains(&first))
                || below == "app.vue"
                || below == "main.ts"
                || has_ending(below, &["py"])
        })
    })
}

fn is_workspace_root(component: &Component<'_>) -> bool {
    component.has("pnpm-workspace.yaml") && component.manifests.iter().all(|(_, m)| m.dependencies.len() < 3)
        || component.manifests.iter().any(|(_, manifest)| manifest.traits.contains(&Trait::WorkspaceRoot))
}

/// Whether a script starts something in production.
fn starts(manifest: &Manifest, signals: &Signals) -> bool {
    ["start", "start:prod", "start:production", "start-server", "serve", "production"].iter().any(|name| {
        manifest.scripts.get(*name).is_some_and(|script| {
            !is_development_server(&signals.files, &script.text) || script.text.contains("nodemon")
        })
    })
}

/// Programs of a component that no known framework shapes.
fn without_framework(
    component: &Component<'_>,
    components: &[Component<'_>],
    tree: &Tree,
    signals: &Signals,
) -> Vec<Program> {
    let bare_go = component.manifests.is_empty() && bare_ecosystem(component, signals) == Some(Ecosystem::Go);
    if bare_go || has_program(component, Ecosystem::Go) || has_program(component, Ecosystem::Crate) {
        return several(component, None, tree, signals);
    }
    let docker = containers::of_component(component, tree);
    let procfile = has_procfile(component, tree);
    let sole = components.iter().filter(|other| !other.aside && !other.sources.is_empty()).count() <= 1;
    let serving =
        component.sources.iter().find_map(|(path, source)| Some(at(path, source.serves?, "serves HTTP")));
    let pages = renders_pages(component, signals);
    let ecosystem = component
        .manifests
        .iter()
        .filter(|(_, manifest)| !manifest.traits.contains(&Trait::WorkspaceRoot))
        .map(|(_, manifest)| (component_bytes(component, manifest.ecosystem, signals), manifest.ecosystem))
        .max()
        .map(|(_, ecosystem)| ecosystem)
        .or_else(|| bare_ecosystem(component, signals));
    let kind = match (&serving, pages.is_some()) {
        (Some(_), true) => ServiceKind::Web,
        (Some(_), false) => ServiceKind::Api,
        (None, _) => ServiceKind::Worker,
    };
    let program =
        |kind, certainty, evidence| Program { kind, certainty, evidence, path: None, name: None, ecosystem };
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
        if serving.is_none() && docker.is_none() && !procfile && !sole {
            return Vec::new();
        }
    }
    if ecosystem == Some(Ecosystem::Composer) || (ecosystem.is_none() && component.has("index.php")) {
        let index =
            ["public/index.php", "index.php", "web/index.php"].iter().find(|path| component.has(path));
        if let Some(index) = index {
            let evidence = vec![file(&component.path(index), "front controller")];
            let mut found = program(ServiceKind::Web, Certainty::Medium, evidence);
            found.ecosystem = Some(Ecosystem::Composer);
            return vec![found];
        }
    }
    if let Some((path, dockerfile)) =
        docker.filter(|(path, _)| folder(path) == component.folder || component.folder.is_empty())
    {
        let exposed = dockerfile.ports().into_iter().next();
        let own_code = !component.sources.is_empty() || component.folder == folder(path);
        if own_code && !containers_elsewhere(component, components, path) {
            let kind = match (&exposed, kind) {
                (Some(_), ServiceKind::Worker) if pages.is_some() => ServiceKind::Web,
                (Some(_), ServiceKind::Worker) => ServiceKind::Api,
                (_, kind) => kind,
            };
            let mut evidence: Vec<Evidence> = serving.into_iter().collect();
            evidence.push(exposed.map_or_else(
                || file(path, "container build"),
                |port| at(path, port.line, &format!("EXPOSE {}", port.value)),
            ));
            return vec![program(kind, Certainty::Medium, evidence)];
        }
    }
    if procfile {
        // Its processes are added by name; what the code itself serves is added here.
        return serving.map(|seen| vec![program(kind, Certainty::Medium, vec![seen])]).unwrap_or_default();
    }
    // A root without manifest holds scraps beside the components; it is the application only where there is nothing else.
    let alone = components.iter().all(|other| other.aside || other.manifests.is_empty());
    if let Some(seen) = serving.filter(|_| alone || !component.manifests.is_empty()) {
        return vec![program(kind, Certainty::Medium, vec![seen])];
    }
    let entry = entry_file(component).filter(|_| sole && component.folder.is_empty());
    entry
        .map(|path| vec![program(ServiceKind::Worker, Certainty::Low, vec![file(path, "program")])])
        .unwrap_or_default()
}

/// Whether the root's container build is only one of several, each of its own folder.
fn containers_elsewhere(component: &Component<'_>, components: &[Component<'_>], path: &str) -> bool {
    component.folder.is_empty()
        && !folder(path).is_empty()
        && components.iter().any(|other| other.folder == folder(path))
}

fn has_program(component: &Component<'_>, ecosystem: Ecosystem) -> bool {
    component.manifest(ecosystem).is_some()
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

/// A file that is run without being named.
fn entry_file<'t>(component: &Component<'t>) -> Option<&'t str> {
    let entries = [
        "main.py",
        "app.py",
        "bot.py",
        "run.py",
        "src/main.py",
        "index.js",
        "server.js",
        "app.js",
        "src/index.js",
        "index.ts",
        "src/index.ts",
        "main.ts",
        "app.rb",
        "main.rb",
    ];
    let begins = component.sources.iter().find(|(path, source)| {
        let below = relative(path, &component.folder).unwrap_or(path);
        // Java and .NET say where a program begins, at whatever depth; a script is one only at the top.
        let compiled = matches!(source.language.as_str(), "java" | "kotlin" | "scala" | "csharp" | "fsharp");
        let top = !below.contains('/') && !below.ends_with("setup.py");
        entries.contains(&below) || (source.program.is_some() && (compiled || top))
    });
    let mix = || {
        component.manifest(Ecosystem::Hex).filter(|_| !component.sources.is_empty()).map(|(path, _)| *path)
    };
    begins.map(|(path, _)| *path).or_else(mix)
}

/// Go and Rust build several programs from one folder: servers and workers are deployed, tools are not.
fn several(
    component: &Component<'_>,
    shape: Option<&Shape<'_>>,
    tree: &Tree,
    signals: &Signals,
) -> Vec<Program> {
    let rust = shape.map_or_else(
        || has_program(component, Ecosystem::Crate),
        |shape| shape.main.ecosystem == Some(Ecosystem::Crate),
    );
    let ecosystem = if rust { Ecosystem::Crate } else { Ecosystem::Go };
    let language = if rust { "rust" } else { "go" };
    let mains: Vec<(&str, u32)> = component
        .sources
        .iter()
        .filter(|(path, source)| source.language == language && (!rust || is_rust_program(component, path)))
        .filter_map(|(path, source)| Some((*path, source.program?)))
        .collect();
    let listening = component.sources.iter().find_map(|(path, source)| {
        if source.language == language { Some(at(path, source.serves?, "serves HTTP")) } else { None }
    });
    let http = shape.is_some_and(|shape| shape.kind != ServiceKind::Worker) || listening.is_some();
    let pages = renders_pages(component, signals);
    let served = match shape {
        Some(shape) => shape.kind,
        None if pages.is_some() => ServiceKind::Web,
        None => ServiceKind::Api,
    };
    let deployed_otherwise =
        containers::of_component(component, tree).is_some() || has_procfile(component, tree);
    let mut evidence: Vec<Evidence> = shape.map(|shape| shape.evidence.clone()).unwrap_or_default();
    evidence.extend(listening);
    evidence.extend(pages);
    let program = |(path, line): (&str, u32), kind, named: bool| {
        let mut seen = vec![at(path, line, "program")];
        seen.extend(evidence.clone());
        Program {
            kind,
            certainty: if http { Certainty::High } else { Certainty::Low },
            evidence: seen,
            path: Some(path.to_owned()),
            name: named.then(|| program_name(path)),
            ecosystem: Some(ecosystem),
        }
    };
    let judged: Vec<((&str, u32), Option<ServiceKind>)> =
        mains.iter().map(|main| (*main, judge(&program_name(main.0), served, signals))).collect();
    let real: Vec<_> = judged.iter().filter(|(main, _)| !is_tool(&program_name(main.0))).collect();
    match real.as_slice() {
        [] => Vec::new(),
        [(main, kind)] => {
            let kind = if http {
                kind.filter(|kind| *kind != ServiceKind::Web || served == ServiceKind::Web).unwrap_or(served)
            } else {
                ServiceKind::Worker
            };
            // A program that serves nothing and that nothing deploys is a tool for people's own machines.
            if http
                || deployed_otherwise
                || mains.len() == 1 && tree.has_folder(&component.folder) && component.folder.is_empty()
            {
                vec![program(*main, kind, false)]
            } else {
                Vec::new()
            }
        }
        many => {
            let named: Vec<_> = many.iter().filter_map(|(main, kind)| Some((*main, (*kind)?))).collect();
            let chosen: Vec<((&str, u32), ServiceKind)> = if named.is_empty() {
                let root = many.iter().find(|(main, _)| !main.0.contains('/')).unwrap_or(&many[0]);
                vec![(root.0, if http { served } else { ServiceKind::Worker })]
            } else {
                named
            };
            let several = chosen.len() > 1;
            if !http && !deployed_otherwise {
                return Vec::new();
            }
            chosen.into_iter().map(|(main, kind)| program(main, kind, several)).collect()
        }
    }
}

fn is_rust_program(component: &Component<'_>, path: &str) -> bool {
    let Some(below) = relative(path, &component.folder) else { return false };
    let named = component.manifest(Ecosystem::Crate).is_some_and(|(_, manifest)| {
        manifest.programs.values().any(|program| program.as_deref() == Some(below))
    });
    named || below == "src/main.rs" || below.starts_with("src/bin/")
}

/// The name of a program by its file: the folder of `main.go`, the stem of `src/bin/x.rs`.
fn program_name(path: &str) -> String {
    let stem = name(path).split('.').next().unwrap_or_default();
    let own = if stem == "main" { name(folder(path)) } else { stem };
    if own == "src" || own.is_empty() { name(folder(folder(path))).to_owned() } else { own.to_owned() }
}

fn words(name: &str) -> Vec<String> {
    name.to_ascii_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_owned).collect()
}

fn is_tool(program: &str) -> bool {
    words(program).iter().any(|word| TOOL_WORDS.contains(&word.as_str()))
}

/// What a program's name says of it.
fn judge(program: &str, served: ServiceKind, signals: &Signals) -> Option<ServiceKind> {
    let parts = words(program);
    let any = |list: &[String]| parts.iter().any(|word| list.contains(word));
    if any(&signals.files.cron_words) {
        return Some(ServiceKind::Cron);
    }
    if any(&signals.files.worker_words) {
        return Some(ServiceKind::Worker);
    }
    parts.iter().any(|word| SERVER_WORDS.contains(&word.as_str())).then_some(served)
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
    let candidates = ["", "public", "site", "www", "html", "src"];
    candidates
        .iter()
        .map(|folder| ((*folder).to_owned(), crate::tree::join(folder, "index.html")))
        .find(|(_, page)| tree.has(page))
}
