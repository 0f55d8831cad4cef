//! Sources and pins → languages of a component and of the whole, with versions.

use std::collections::BTreeMap;

use siteplan_catalog::signals::{Ecosystem, Signals};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::{LanguageFact, Service, VersionedFact};

use crate::component::Component;
use crate::evidence::{file, maybe_at};
use crate::tree::Tree;

/// Whether a language leads where there is another.
fn leads(language: &str, signals: &Signals) -> bool {
    signals.language(language).is_none_or(|row| !row.auxiliary)
}

/// The language in which a component is written, by ecosystem where one is given, else by size.
pub(crate) fn of_component(
    component: &Component<'_>,
    ecosystem: Option<Ecosystem>,
    signals: &Signals,
) -> Option<String> {
    let bytes = component.bytes_by_language();
    let belongs = |language: &str| {
        signals
            .languages
            .iter()
            .any(|row| row.id == language && (ecosystem.is_none() || row.ecosystem == ecosystem))
    };
    let largest = bytes
        .iter()
        .filter(|(language, _)| belongs(language) && leads(language, signals))
        .max_by_key(|(language, size)| (**size, std::cmp::Reverse(**language)))
        .map(|(language, _)| (*language).to_owned());
    // Vue, Svelte and Astro files are counted as JavaScript although their scripts may be TypeScript.
    let typescript = largest.as_deref() == Some("javascript")
        && (component.has("tsconfig.json") || component.has_package(Ecosystem::Npm, "typescript"))
        && bytes
            .get("typescript")
            .is_some_and(|size| size * 3 >= bytes.get("javascript").copied().unwrap_or(0));
    if typescript {
        return Some("typescript".to_owned());
    }
    largest.or_else(|| {
        let row = signals.languages.iter().find(|row| ecosystem.is_some() && row.ecosystem == ecosystem)?;
        let javascript = ecosystem == Some(Ecosystem::Npm)
            && !component.has("tsconfig.json")
            && !component.has_package(Ecosystem::Npm, "typescript");
        Some(if javascript { "javascript".to_owned() } else { row.id.clone() })
    })
}

/// Whether the scripts of a component are assets of its server: it has manifests, none of them for scripts, and other code.
fn has_assets(component: &Component<'_>, bytes: &BTreeMap<&str, u64>, signals: &Signals) -> bool {
    let npm = |ecosystem: Option<Ecosystem>| ecosystem == Some(Ecosystem::Npm);
    !component.manifests.is_empty()
        && !component.manifests.iter().any(|(_, manifest)| npm(Some(manifest.ecosystem)))
        && bytes.keys().any(|language| {
            leads(language, signals) && !npm(signals.language(language).and_then(|row| row.ecosystem))
        })
}

/// Languages of the whole, the main service's first.
pub(crate) fn of_tree(
    components: &[Component<'_>],
    services: &[Service],
    main: Option<&Service>,
    runtimes: &[VersionedFact],
    tree: &Tree,
    signals: &Signals,
) -> Vec<LanguageFact> {
    let mut bytes: BTreeMap<&str, u64> = BTreeMap::new();
    for component in components.iter().filter(|component| !component.aside) {
        let own = component.bytes_by_language();
        let assets = has_assets(component, &own, signals);
        for (language, size) in own {
            let browser = signals.language(language).and_then(|row| row.ecosystem) == Some(Ecosystem::Npm);
            if !(assets && browser) {
                *bytes.entry(language).or_default() += size;
            }
        }
    }
    let total: u64 =
        bytes.iter().filter(|(language, _)| leads(language, signals)).map(|(_, size)| size).sum();
    let of_services: Vec<&str> = services.iter().filter_map(|service| service.language.as_deref()).collect();
    let primary = main
        .and_then(|service| service.language.clone())
        .or_else(|| {
            let real = bytes.iter().filter(|(language, _)| leads(language, signals));
            real.max_by_key(|(language, size)| (**size, std::cmp::Reverse(**language)))
                .map(|(l, _)| (*l).to_owned())
        })
        .or_else(|| bytes.keys().next().map(|language| (*language).to_owned()))
        // A manifest without any source yet says what is meant to be written.
        .or_else(|| {
            let root = components.iter().find(|one| !one.aside && !one.manifests.is_empty())?;
            of_component(root, Some(root.manifests.first()?.1.ecosystem), signals)
        });
    let mut names: Vec<&str> = of_services.clone();
    // A language of no service counts from a tenth of the code on: one stray file decides nothing.
    names.extend(
        bytes
            .iter()
            .filter(|(language, size)| leads(language, signals) && **size * 10 >= total.max(1))
            .map(|(language, _)| *language),
    );
    names.extend(primary.as_deref());
    names.sort_by_key(|name| {
        (Some(*name) != primary.as_deref(), std::cmp::Reverse(bytes.get(name).copied().unwrap_or(0)), *name)
    });
    names.dedup();
    let manager = main.and_then(|service| service.package_manager.as_deref());
    let by_manager =
        signals.languages.iter().find(|row| manager.is_some() && row.package_manager.as_deref() == manager);
    let leading = by_manager.map(|row| row.id.as_str()).or(primary.as_deref());
    names.splice(0..0, by_manager.map(|row| row.id.as_str()));
    names
        .into_iter()
        .map(|language| {
            let folder = main.map_or("", |service| service.path.trim_start_matches('.'));
            let version = version(language, folder, runtimes, components, tree, signals);
            let service = services.iter().any(|service| service.language.as_deref() == Some(language))
                || by_manager.is_some_and(|row| row.id == language);
            let certainty = if service { Certainty::High } else { Certainty::Medium };
            let mut evidence: Vec<Evidence> = version.iter().map(|(_, seen)| seen.clone()).collect();
            if by_manager.is_some_and(|row| row.id == language) {
                let seen = main.and_then(|service| service.evidence.get("package_manager"));
                evidence.extend(seen.into_iter().flatten().cloned());
            }
            if let Some(path) = largest_file(language, components) {
                evidence.push(file(path, &format!("largest {language} source file")));
            }
            LanguageFact {
                primary: Some(language) == leading,
                version: version.map(|(version, _)| version),
                fact: Fact::new(language.to_owned(), certainty, evidence),
            }
        })
        .collect()
}

fn largest_file<'t>(language: &str, components: &[Component<'t>]) -> Option<&'t str> {
    components
        .iter()
        .filter(|component| !component.aside)
        .flat_map(|component| &component.sources)
        .filter(|(_, source)| source.language == language)
        .max_by_key(|(path, source)| (source.bytes, std::cmp::Reverse(*path)))
        .map(|(path, _)| *path)
}

/// The version of a language: its compiler's, the one pinned under its own name, else its runtime's.
fn version(
    language: &str,
    home: &str,
    runtimes: &[VersionedFact],
    components: &[Component<'_>],
    tree: &Tree,
    signals: &Signals,
) -> Option<(String, Evidence)> {
    let row = signals.language(language)?;
    let mut ordered: Vec<&Component<'_>> = components.iter().filter(|component| !component.aside).collect();
    ordered.sort_by_key(|component| (component.folder != home, !component.folder.is_empty()));
    if !row.compilers.is_empty() {
        return ordered.iter().find_map(|component| {
            let (path, one) = component.dependencies(&row.compilers).next()?;
            Some((one.version.clone()?, crate::component::dependency_evidence(path, one)))
        });
    }
    if !row.tools.is_empty() || row.runtime.is_none() {
        let own = |tool: &str| tool == language || row.tools.iter().any(|name| name == tool);
        return ordered.iter().find_map(|component| {
            let (path, pin) = component.pins(tree).into_iter().find(|(_, pin)| own(&pin.tool))?;
            Some((pin.version.clone(), maybe_at(path, pin.line, &format!("{} {}", pin.tool, pin.version))))
        });
    }
    let runtime = signals.runtime(row.runtime.as_deref()?)?;
    let of_services = runtimes.iter().find(|fact| fact.fact.value == runtime.id && fact.version.is_some());
    of_services
        .and_then(|fact| Some((fact.version.clone()?, fact.fact.evidence.first()?.clone())))
        .or_else(|| super::runtimes::version_near(runtime, home, components, tree))
}
