//! A component's dependencies and files → its frameworks, and what they make of it.

use siteplan_catalog::signals::{Ecosystem, Framework, FrameworkRole, Need, Signals, package_matches};
use siteplan_model::fact::Evidence;
use siteplan_model::survey::ServiceKind;

use crate::commands::makes;
use crate::component::{Component, dependency_evidence};
use crate::evidence::{at, file};
use crate::readers::manifest::Scope;
use crate::readers::nx_project::EXECUTOR;
use crate::tree::{has_ending, relative};

/// A framework that a component uses.
#[derive(Clone, Debug)]
pub(crate) struct Used<'s> {
    pub(crate) framework: &'s Framework,
    pub(crate) version: Option<String>,
    pub(crate) evidence: Evidence,
    /// The ecosystem of the dependency; none when only a file shows it.
    pub(crate) ecosystem: Option<Ecosystem>,
    /// Whether a dependency of production shows it, not only an import or a file's name.
    pub(crate) declared: bool,
}

/// All frameworks of a component that no other contains, the most telling first.
pub(crate) fn of<'s>(component: &Component<'_>, signals: &'s Signals) -> Vec<Used<'s>> {
    let found: Vec<Used<'s>> =
        signals.frameworks.iter().filter_map(|framework| used(component, framework)).collect();
    visible(&found)
}

/// Those that no other contains, the most telling first.
fn visible<'s>(found: &[Used<'s>]) -> Vec<Used<'s>> {
    let hidden: Vec<&str> =
        found.iter().flat_map(|one| one.framework.hides.iter().map(String::as_str)).collect();
    let mut visible: Vec<Used<'s>> =
        found.iter().filter(|one| !hidden.contains(&one.framework.id.as_str())).cloned().collect();
    visible.sort_by_key(|one| (std::cmp::Reverse(one.framework.rank), one.framework.id.as_str()));
    visible
}

fn used<'s>(component: &Component<'_>, framework: &'s Framework) -> Option<Used<'s>> {
    let browser =
        matches!(framework.role, FrameworkRole::Browser | FrameworkRole::BrowserServer | FrameworkRole::Site);
    // What is bundled into browser code is often a development dependency; what runs on a server is not.
    let dependency = component
        .manifests
        .iter()
        .flat_map(|(path, manifest)| {
            manifest.meant(&framework.packages).map(move |one| (*path, manifest.ecosystem, one))
        })
        .filter(|(_, ecosystem, one)| {
            one.scope != Scope::Development || (browser && *ecosystem == Ecosystem::Npm)
        })
        // A starter names the framework's version; a side package often does not.
        .max_by_key(|(_, _, one)| (one.scope == Scope::Production, one.version.is_some()));
    let imported = imported(component, framework);
    // A dependency that no source imports shapes nothing: it came with a template, or for later.
    let unused =
        || {
            !framework.imports.is_empty()
                && imported.is_none()
                && !component.files.iter().any(|path| {
                    !framework.server_modules.is_empty() && crate::tree::name(path) == "manage.py"
                })
                && has_scripts(component)
                && !component.sources.iter().any(|(_, source)| {
                    source.objects.iter().any(|object| makes(object, &framework.constructors))
                })
        };
    if let Some((path, ecosystem, one)) =
        dependency.filter(|(_, ecosystem, _)| *ecosystem != Ecosystem::Pypi || !unused())
    {
        return Some(Used {
            framework,
            version: one.locked.clone().or_else(|| one.version.clone()).or_else(|| {
                component.dependencies(&framework.versions).find_map(|(_, managed)| managed.version.clone())
            }),
            evidence: dependency_evidence(path, one),
            ecosystem: Some(ecosystem),
            declared: true,
        });
    }
    // Without any manifest of its own, a script says by its imports what it needs.
    let bare = imported.filter(|(_, ecosystem)| component.manifest(*ecosystem).is_none());
    if let Some((evidence, ecosystem)) = bare {
        return Some(Used {
            framework,
            version: None,
            evidence,
            ecosystem: Some(ecosystem),
            declared: false,
        });
    }
    let npm = Some(Ecosystem::Npm);
    if let Some((path, executor)) = executor(component, framework) {
        return Some(Used {
            framework,
            version: None,
            evidence: file(path, executor),
            ecosystem: npm,
            declared: false,
        });
    }
    // Without a manifest, what the program imports is all that tells.
    if component.manifest(Ecosystem::Npm).is_none()
        && let Some((path, line, name)) = component.entry_importing(&framework.packages)
    {
        return Some(Used {
            framework,
            version: None,
            evidence: at(path, line, name),
            ecosystem: npm,
            declared: false,
        });
    }
    if let Some(evidence) = framework.found_when.as_ref().and_then(|condition| component.meets(condition)) {
        return Some(Used { framework, version: None, evidence, ecosystem: None, declared: false });
    }
    let path =
        component.matching(&framework.files).find(|path| !crate::tree::folder(path).contains("test"))?;
    let ecosystem = framework.packages.keys().copied().find(|one| component.manifest(*one).is_some());
    // A file of a server framework tells its ecosystem too; one for browser code may stand beside any.
    let mut ecosystems = framework.packages.keys().copied();
    let only = ecosystems.next().filter(|one| *one != Ecosystem::Npm && ecosystems.next().is_none());
    let ecosystem = ecosystem.or(only);
    Some(Used {
        framework,
        version: None,
        evidence: file(path, "configuration file"),
        ecosystem,
        declared: false,
    })
}

/// The executor of a task runner's project that means a framework.
fn executor<'c>(component: &'c Component<'_>, framework: &Framework) -> Option<(&'c str, &'c str)> {
    if framework.executors.is_empty() {
        return None;
    }
    component.manifests.iter().find_map(|(path, manifest)| {
        let own = manifest.programs.iter().filter(|(key, _)| key.starts_with(EXECUTOR));
        let named = own.filter_map(|(_, executor)| executor.as_deref());
        let means = |executor: &&str| {
            framework.executors.iter().any(|one| package_matches(Ecosystem::Npm, one, executor))
        };
        named.into_iter().find(means).map(|executor| (*path, executor))
    })
}

/// Where a source imports a framework.
fn imported(component: &Component<'_>, framework: &Framework) -> Option<(Evidence, Ecosystem)> {
    if framework.imports.is_empty() {
        return None;
    }
    component.sources.iter().find_map(|(path, source)| {
        let ecosystem = if source.language == "ruby" { Ecosystem::Gem } else { Ecosystem::Pypi };
        framework.packages.get(&ecosystem)?;
        let (module, line) =
            source.imports.iter().find(|(module, _)| framework.imports.iter().any(|one| one == module))?;
        Some((at(path, *line, &format!("import {module}")), ecosystem))
    })
}

/// Whether a component has sources whose imports are known.
fn has_scripts(component: &Component<'_>) -> bool {
    component.sources.iter().any(|(_, source)| source.language == "python")
}

/// What the frameworks of a component make of it.
#[derive(Clone, Debug)]
pub(crate) struct Shape<'s> {
    pub(crate) kind: ServiceKind,
    /// The framework that answers requests, or that fills the static folder.
    pub(crate) main: Used<'s>,
    /// Browser code beside a server in the same component.
    pub(crate) browser: Option<Used<'s>>,
    /// What bundles the browser code, named after the library that it bundles for.
    pub(crate) bundler: Option<Used<'s>>,
    /// Why it is of that kind.
    pub(crate) evidence: Vec<Evidence>,
    /// Folder of a static build.
    pub(crate) static_output: Option<String>,
}

/// Whether there is anything that a bundler makes pages of; servers are bundled too.
fn has_pages(component: &Component<'_>) -> bool {
    component
        .files
        .iter()
        .any(|path| has_ending(path, &["html", "pug", "tsx", "jsx", "vue", "svelte", "ejs"]))
        || component.manifests.iter().any(|(_, manifest)| manifest.ecosystem != Ecosystem::Npm)
}

/// Judges a component by its frameworks.
pub(crate) fn shape<'s>(component: &Component<'_>, signals: &'s Signals) -> Option<Shape<'s>> {
    let all = of(component, signals);
    let browser = all
        .iter()
        .find(|one| matches!(one.framework.role, FrameworkRole::Browser | FrameworkRole::Site))
        .filter(|one| !one.framework.bundles || has_pages(component))
        .cloned();
    let listens = component.sources.iter().any(|(_, source)| source.serves.is_some());
    let server = all
        .iter()
        .filter(|one| match one.framework.role {
            FrameworkRole::BrowserServer | FrameworkRole::Pages => true,
            // A server library beside browser code counts only if some code serves.
            FrameworkRole::Api => one.ecosystem != Some(Ecosystem::Npm) || browser.is_none() || listens,
            FrameworkRole::Site | FrameworkRole::Browser => one
                .framework
                .server_when
                .as_ref()
                .is_some_and(|condition| component.meets(condition).is_some()),
            FrameworkRole::Worker => false,
        })
        .max_by_key(|one| (weight(one), std::cmp::Reverse(one.framework.id.as_str())))
        .cloned();
    let worker = all.iter().find(|one| one.framework.role == FrameworkRole::Worker).cloned();
    let main = match (server, worker) {
        // A bot with a small web server beside it is a bot still, if nothing serves.
        (Some(server), Some(worker))
            if server.framework.role == FrameworkRole::Api
                && server.framework.rank < 50.min(worker.framework.rank) =>
        {
            worker
        }
        (Some(server), _) => server,
        (None, Some(worker)) => worker,
        (None, None) => browser.clone()?,
    };
    // A site generator beside a server of another ecosystem makes its documentation, and hides nothing of it.
    let documents = main.ecosystem != Some(Ecosystem::Npm)
        && browser.as_ref().is_some_and(|one| one.framework.role == FrameworkRole::Site);
    let browser = if documents {
        let rows = signals.frameworks.iter().filter(|row| row.role == FrameworkRole::Browser);
        let found: Vec<Used<'s>> = rows.filter_map(|framework| used(component, framework)).collect();
        visible(&found).into_iter().next()
    } else {
        browser
    };
    // What only bundles the scripts of a server in another language is a detail of that server's build.
    let detail = |one: &Used<'_>| one.framework.bundles && main.ecosystem != Some(Ecosystem::Npm);
    let browser = browser.filter(|one| one.framework.id != main.framework.id && !detail(one));
    let of_browser = main.framework.role == FrameworkRole::Browser
        || browser.is_some() && main.ecosystem == Some(Ecosystem::Npm);
    let bundler = all.iter().find(|one| one.framework.bundles && of_browser).cloned();
    let named = |one: &Used<'_>| {
        one.framework.id == main.framework.id
            || browser.as_ref().is_some_and(|browser| browser.framework.id == one.framework.id)
    };
    let bundler = bundler.filter(|one| !named(one));
    let shape = judge(component, signals, main, browser);
    // Beside a server, what bundles its scripts is a detail of its build.
    let bundler = bundler.filter(|_| shape.kind == ServiceKind::Static);
    Some(Shape { bundler, ..shape })
}

/// Server frameworks by how much they say: of one component in two ecosystems, the one that is not Node's wins a tie.
fn weight(one: &Used<'_>) -> u32 {
    let pages = u32::from(matches!(one.framework.role, FrameworkRole::Pages | FrameworkRole::BrowserServer));
    u32::from(one.framework.rank) * 10 + pages * 5 + u32::from(one.ecosystem != Some(Ecosystem::Npm))
}

/// The folder of a build whose tool keeps its files in a hidden folder beside the pages (`docs/.vitepress/dist`).
fn placed(component: &Component<'_>, output: String) -> String {
    let Some(hidden) = output.split('/').next().filter(|first| first.starts_with('.')) else { return output };
    let inside = format!("/{hidden}/");
    let beside = component.files.iter().find_map(|path| {
        let below = relative(path, &component.folder)?;
        below.find(&inside).map(|at| &below[..at])
    });
    beside.map_or(output.clone(), |folder| format!("{folder}/{output}"))
}

/// Whether the manifest starts what the build leaves as a program.
fn starts_node(component: &Component<'_>) -> bool {
    component.manifest(Ecosystem::Npm).is_some_and(|(_, manifest)| {
        manifest.scripts.get("start").is_some_and(|script| {
            script.text.split_whitespace().find(|word| !word.contains('=')) == Some("node")
        })
    })
}

fn judge<'s>(
    component: &Component<'_>,
    signals: &Signals,
    main: Used<'s>,
    browser: Option<Used<'s>>,
) -> Shape<'s> {
    let mut evidence = vec![main.evidence.clone()];
    let pages = component.needs(Need::Pages, signals);
    let mut static_output = None;
    let kind = match main.framework.role {
        FrameworkRole::BrowserServer => {
            let served = component.matching(&main.framework.server_files).next();
            match main.framework.static_when.as_ref().and_then(|c| component.meets(c)) {
                Some(_) if served.is_some() || starts_node(component) => {
                    evidence.extend(served.map(|path| file(path, "answers requests")));
                    ServiceKind::Web
                }
                Some(seen) => {
                    evidence.push(seen);
                    static_output.clone_from(&main.framework.static_output);
                    ServiceKind::Static
                }
                None => ServiceKind::Web,
            }
        }
        FrameworkRole::Pages => match main.framework.api_when.as_ref().and_then(|c| component.meets(c)) {
            Some(seen) if pages.is_empty() || seen.path.ends_with("config/application.rb") => {
                evidence.push(seen);
                ServiceKind::Api
            }
            _ => ServiceKind::Web,
        },
        FrameworkRole::Api if browser.is_some() => {
            evidence.extend(browser.iter().map(|one| one.evidence.clone()));
            ServiceKind::Web
        }
        FrameworkRole::Api => match pages.into_iter().next() {
            Some(seen) => {
                evidence.push(seen);
                ServiceKind::Web
            }
            None => ServiceKind::Api,
        },
        FrameworkRole::Site | FrameworkRole::Browser => {
            if let Some(seen) = main.framework.server_when.as_ref().and_then(|c| component.meets(c)) {
                evidence.push(seen);
                ServiceKind::Web
            } else {
                static_output.clone_from(&main.framework.static_output);
                ServiceKind::Static
            }
        }
        FrameworkRole::Worker => ServiceKind::Worker,
    };
    let static_output = static_output.map(|output| placed(component, output));
    let own = main.ecosystem.and_then(|one| component.manifest(one)).and_then(|(_, one)| one.name.as_ref());
    let static_output = static_output.map(|output| match own {
        Some((name, _)) => output.replace("{name}", name),
        None => output,
    });
    Shape { kind, main, browser, bundler: None, evidence, static_output }
}
