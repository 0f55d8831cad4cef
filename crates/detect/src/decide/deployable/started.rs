//! Whether a component is an application that something starts or that a build makes a site of, and not a library.

use siteplan_catalog::signals::{Ecosystem, FrameworkRole, Signals};

use crate::commands::{is_development_server, is_entry, makes, ruby_script, web_root};
use crate::component::{Component, used_by};
use crate::decide::frameworks::Shape;
use crate::readers::manifest::{Manifest, Trait};
use crate::tree::{Tree, has_ending, name, relative};

use super::is_workspace_root;

/// Whether something in a component starts its server framework.
pub(super) fn is_started(
    component: &Component<'_>,
    shape: &Shape<'_>,
    components: &[Component<'_>],
    tree: &Tree,
    signals: &Signals,
) -> bool {
    let has = |path: &str| component.has(path);
    match shape.main.ecosystem {
        Some(Ecosystem::Npm) => {
            let Some((_, manifest)) = component.manifest(Ecosystem::Npm) else { return true };
            let started = starts(manifest, signals);
            let serves = component.sources.iter().any(|(_, source)| source.serves.is_some());
            // The root of a workspace often starts its members; it is a service only with code of its own.
            let nest = has("nest-cli.json");
            let root = is_workspace_root(component) && !serves && !nest;
            // A file at the top that listens is run by hand, whatever else the package is for.
            let entry = ["server.js", "server.ts", "index.js", "app.js", "main.js"].iter().any(|entry| {
                component.sources.iter().any(|(path, source)| {
                    relative(path, &component.folder) == Some(*entry) && !source.listening.is_empty()
                })
            });
            let library = manifest.traits.contains(&Trait::Library) && !started && !entry;
            let own_start = shape.main.framework.start.is_some() && shape.main.framework.start_when.is_none();
            let begins = started || serves || nest || own_start;
            // A program without a script is one by its first file, unless others of the repository import it.
            let imported = || {
                component.entry_importing(&shape.main.framework.packages).is_some()
                    && !is_imported(component, manifest, components)
            };
            (begins || imported()) && !root && !library && !component.sources.is_empty()
        }
        Some(Ecosystem::Pypi) => {
            let framework = shape.main.framework;
            let mut sources = component.sources.iter();
            if !framework.server_modules.is_empty() {
                return component.files.iter().any(|path| name(path) == "manage.py");
            }
            let by_file = framework.start.as_ref().is_some_and(|line| line.contains("{file}"));
            if by_file || component.matching(&framework.files).next().is_some() {
                return true;
            }
            let made = sources.clone().any(|(_, source)| {
                source.objects.iter().any(|object| makes(object, &framework.constructors))
            });
            // Where no object is known by its maker, a file that serves or that says it is run is the application.
            let open = framework.constructors.is_empty() || framework.interface.is_none();
            made || (open
                && sources.any(|(path, source)| {
                    source.serves.is_some() || source.program.is_some() || is_entry(path)
                }))
        }
        Some(Ecosystem::Gem) => {
            has("config.ru")
                || has("config/application.rb")
                || ruby_script(component, Some(shape.main.framework)).is_some()
        }
        Some(Ecosystem::Composer) => {
            let library = component
                .manifest(Ecosystem::Composer)
                .is_some_and(|(_, m)| m.traits.contains(&Trait::Library));
            let runs = ["artisan", "bin/console", "bin/cake", "bin/magento", "bin/hyperf.php", "start.php"];
            !library && (web_root(component).is_some() || runs.iter().any(|path| has(path)))
        }
        Some(Ecosystem::Maven) => is_jvm_program(component, shape),
        Some(Ecosystem::Nuget) => component.manifests.iter().any(|(_, manifest)| {
            manifest.traits.contains(&Trait::Program)
                && !manifest.modules.iter().any(|module| module == "tests")
        }),
        Some(Ecosystem::Hex) => tree.has_folder(&component.path("lib")),
        _ => true,
    }
}

/// Whether another component depends on a package.
pub(super) fn is_imported(
    component: &Component<'_>,
    manifest: &Manifest,
    components: &[Component<'_>],
) -> bool {
    let Some((name, _)) = &manifest.name else { return false };
    let others = components.iter().filter(|one| one.folder != component.folder);
    others.flat_map(|one| &one.manifests).any(|(_, other)| {
        other.ecosystem == manifest.ecosystem && other.dependencies.iter().any(|one| one.name == *name)
    })
}

/// Whether a component on the JVM is a program: its product runs on a server, its framework's mark is there, or something begins it.
fn is_jvm_program(component: &Component<'_>, shape: &Shape<'_>) -> bool {
    let manifests = || component.manifests.iter().map(|(_, manifest)| manifest);
    if manifests().any(|manifest| manifest.build.packaging.as_deref().is_some_and(is_for_a_server)) {
        return true;
    }
    let begins = component.sources.iter().any(|(_, source)| source.program.is_some());
    let program = manifests().any(|manifest| manifest.traits.contains(&Trait::Program));
    if let Some(condition) = &shape.main.framework.started_when {
        return component.meets(condition).is_some() || (begins && program);
    }
    let configured = ["application.properties", "application.yml", "application.yaml", "application.conf"]
        .iter()
        .any(|file| component.has(&format!("src/main/resources/{file}")));
    begins || (program && !component.sources.is_empty()) || configured
}

/// Whether a product is put onto an application server.
pub(super) fn is_for_a_server(packaging: &str) -> bool {
    matches!(packaging, "war" | "ear")
}

/// Whether browser code is a site of its own and not a library or the assets of a server.
pub(super) fn is_site(component: &Component<'_>, shape: &Shape<'_>, components: &[Component<'_>]) -> bool {
    if shape.main.ecosystem == Some(Ecosystem::Nuget) {
        let program =
            component.manifests.iter().any(|(_, manifest)| manifest.traits.contains(&Trait::Program));
        // What a server of the same repository refers to is served by it.
        let served = components.iter().any(|other| {
            other.folder != component.folder
                && other.manifests.iter().any(|(_, manifest)| manifest.traits.contains(&Trait::Program))
                && used_by(other, components).iter().any(|used| used.folder == component.folder)
        });
        return program && !served;
    }
    let pages =
        ["index.html", "public/index.html", "src/index.html", "src/app.html", "app/index.html", "index.pug"];
    let needed = &shape.main.framework.own_pages;
    if !needed.is_empty() {
        return needed.iter().any(|page| component.has(page));
    }
    let page = pages.iter().any(|page| component.has(page));
    let configured = component.matching(&shape.main.framework.files).next().is_some();
    let site = shape.main.framework.role == FrameworkRole::Site;
    let library = component.manifests.iter().any(|(_, manifest)| manifest.traits.contains(&Trait::Library));
    let built = component.manifest(Ecosystem::Npm).is_some_and(|(_, m)| m.scripts.contains_key("build"));
    let vite_page = component.has("vite.config.ts")
        || component.has("vite.config.js")
        || component.has("vite.config.mts");
    // Next to a server in another language, browser code without a page of its own is that server's asset.
    let of_server = components.iter().any(|other| {
        let above = other.folder != component.folder && relative(&component.folder, &other.folder).is_some();
        let beside = other.folder == component.folder;
        let assets = matches!(name(&component.folder), "assets" | "static" | "theme" | "client_assets");
        (above && assets || beside)
            && other.manifests.iter().any(|(_, manifest)| {
                manifest.ecosystem != Ecosystem::Npm && Some(manifest.ecosystem) != shape.main.ecosystem
            })
    });
    if page || site {
        return page || !of_server;
    }
    let framework = shape.main.framework;
    let by_framework = configured && !framework.bundles || framework.makes_sites;
    !library
        && !of_server
        && built
        && (by_framework
            || builds_browser_code(component, components)
            || (vite_page && !component.has("tsup.config.ts") && has_own_page(component)))
}

/// Whether a private package begins with browser code, is built, and nobody imports it.
fn builds_browser_code(component: &Component<'_>, components: &[Component<'_>]) -> bool {
    let Some((_, manifest)) = component.manifest(Ecosystem::Npm) else { return false };
    let compiles = manifest.scripts.get("build").is_some_and(|script| {
        let words = script.text.split_whitespace();
        words
            .into_iter()
            .any(|word| matches!(word, "tsc" | "tsup" | "tsdown" | "rollup" | "unbuild" | "esbuild"))
    });
    let begins = ["index", "main"].iter().any(|stem| {
        ["js", "jsx", "ts", "tsx"].iter().any(|ending| component.has(&format!("src/{stem}.{ending}")))
    });
    manifest.main.is_none() && !compiles && begins && !is_imported(component, manifest, components)
}

fn has_own_page(component: &Component<'_>) -> bool {
    component
        .files
        .iter()
        .any(|path| has_ending(path, &["html"]) || path.ends_with("/main.tsx") || path.ends_with("/main.jsx"))
}

/// Whether a component holds an application and not only the settings of a workspace.
pub(super) fn has_own_code(component: &Component<'_>) -> bool {
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

/// Whether a script starts something in production.
pub(super) fn starts(manifest: &Manifest, signals: &Signals) -> bool {
    ["start", "start:prod", "start:production", "start-server", "serve", "production"].iter().any(|name| {
        manifest.scripts.get(*name).is_some_and(|script| {
            !is_development_server(&signals.files, &script.text) || script.text.contains("nodemon")
        })
    })
}
