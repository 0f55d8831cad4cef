//! Routes, prefixes, health checks of containers and platforms → the health endpoint of a service.

use std::collections::BTreeMap;

use siteplan_catalog::signals::Signals;
use siteplan_model::fact::{Certainty, Evidence, Fact};

use super::containers::compose_files;
use super::frameworks::Shape;
use crate::component::{Component, dependency_evidence};
use crate::evidence::{at, maybe_at};
use crate::readers::Record;
use crate::readers::dockerfile::Dockerfile;
use crate::readers::routes::{Mount, joined};
use crate::readers::structured::{at_path, scalar};
use crate::tree::{Tree, folder, has_ending, name};

/// The health endpoint of a component's service.
pub(crate) fn of(
    component: &Component<'_>,
    shape: Option<&Shape<'_>>,
    dockerfile: Option<(&str, &Dockerfile)>,
    tree: &Tree,
    signals: &Signals,
) -> Option<Fact<String>> {
    let mut stated = stated(component, dockerfile, tree, signals);
    let routes = routes(component, signals);
    // A check that somebody set up names the path as it is reached; a route in code says where it is answered.
    if let Some((path, evidence)) = stated.first().cloned() {
        let in_code =
            routes.iter().find(|(route, _, _)| route.trim_end_matches('/') == path.trim_end_matches('/'));
        let mut all = Vec::new();
        all.extend(in_code.map(|(_, _, seen)| seen.clone()));
        all.push(evidence);
        return Some(Fact::new(path, Certainty::High, all));
    }
    stated.clear();
    if let Some((path, rank, evidence)) = routes.first().cloned() {
        let weak = rank >= signals.files.health_segments.len();
        let certainty = if weak { Certainty::Medium } else { Certainty::High };
        let runner_up = routes.iter().find(|(other, _, _)| *other != path).map(|(other, _, _)| other.clone());
        return Some(Fact { value: path, certainty, evidence: vec![evidence], runner_up });
    }
    let used = &shape?.main;
    let idiom = used.framework.health.as_ref()?;
    let (path, dependency) = component.production_dependencies(&idiom.packages).next()?;
    Some(Fact::new(idiom.path.clone(), Certainty::High, vec![dependency_evidence(path, dependency)]))
}

/// Paths that a platform's or container's check asks for.
fn stated(
    component: &Component<'_>,
    dockerfile: Option<(&str, &Dockerfile)>,
    tree: &Tree,
    signals: &Signals,
) -> Vec<(String, Evidence)> {
    let mut found = Vec::new();
    for row in signals.platforms.iter().filter(|row| !row.health_keys.is_empty()) {
        for path in tree.matching(&row.files).filter(|path| folder(path) == component.folder) {
            let Some(Record::Document(document)) = tree.record(path) else { continue };
            for value in row.health_keys.iter().flat_map(|key| at_path(document, key)) {
                if let Some(route) = scalar(value).filter(|route| route.starts_with('/') && route.len() > 1) {
                    found.push((route.clone(), maybe_at(path, None, &format!("health check {route}"))));
                }
            }
        }
    }
    if let Some((path, dockerfile)) = dockerfile {
        for check in dockerfile.shipped().iter().filter_map(|stage| stage.health.as_ref()) {
            if let Some(route) = route_in(&check.value) {
                found.push((route, at(path, check.line, &check.value)));
            }
        }
    }
    for (path, compose, _) in compose_files(tree) {
        for service in &compose.services {
            let own = super::containers::built_from(path, service)
                .is_some_and(|(context, _)| context == component.folder)
                || (service.build.is_none() && component.folder.is_empty() && !service.ports.is_empty());
            if let Some(route) = service.health.as_deref().filter(|_| own).and_then(route_in) {
                found.push((
                    route,
                    maybe_at(path, service.line, service.health.as_deref().unwrap_or_default()),
                ));
            }
        }
    }
    found
}

/// The path of the address in a check's command, where it is more than `/`.
fn route_in(command: &str) -> Option<String> {
    let address = command.split([' ', '"', '\'', '|', ')', '(']).find(|word| word.contains("://"))?;
    let (_, path) = address.split_once("://")?.1.split_once('/')?;
    let path = path.split(['?', '#', ';', '&']).next()?.trim_end_matches(['"', '\'', ',', ']']);
    (!path.is_empty() && !path.contains('$')).then(|| format!("/{path}"))
}

/// Health routes in code, best first, with the rank of their last segment.
fn routes(component: &Component<'_>, signals: &Signals) -> Vec<(String, usize, Evidence)> {
    let rules = &signals.files;
    let mounts: Vec<&Mount> = component.sources.iter().flat_map(|(_, source)| &source.mounts).collect();
    let constants: BTreeMap<&str, &str> = mounts
        .iter()
        .filter_map(|mount| Some((mount.module.strip_prefix('=')?, mount.prefix.as_str())))
        .collect();
    let mut found = Vec::new();
    for (path, source) in &component.sources {
        for route in &source.routes {
            let full = mounted(&route.path, path, &mounts, &constants);
            let last = full.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            let strong = rules.health_segments.iter().position(|segment| segment == last);
            let weak = rules.weak_health_segments.iter().position(|segment| segment == last);
            // `/ping` is a health check at the top of an interface, further down it is anything.
            let top = full
                .trim_matches('/')
                .split('/')
                .all(|part| part == last || part == "api" || part.starts_with('v'));
            let weak = weak.filter(|_| top);
            let Some(rank) = strong.or_else(|| weak.map(|weak| rules.health_segments.len() + weak)) else {
                continue;
            };
            // Liveness and readiness below one health path are parts of it; a browser's page of that name is none.
            let page = has_ending(path, &["vue", "tsx", "jsx"]);
            if !page || route.seen.contains("place is its route") {
                found.push((full, rank, at(path, route.line, &route.seen)));
            }
        }
    }
    found.sort_by(|a, b| {
        let depth = |route: &str| route.matches('/').count();
        (a.1, depth(&a.0), &a.0, &a.2).cmp(&(b.1, depth(&b.0), &b.0, &b.2))
    });
    found
}

/// A route with the prefixes under which its module is mounted.
fn mounted(route: &str, path: &str, mounts: &[&Mount], constants: &BTreeMap<&str, &str>) -> String {
    let mut full = route.to_owned();
    let mut module = module_name(path);
    let prefix_of = |mount: &Mount| match mount.prefix.strip_prefix('=') {
        Some(constant) => constants.get(constant).copied().unwrap_or("").to_owned(),
        None => mount.prefix.clone(),
    };
    // A chain longer than this is a circle.
    for _ in 0..4 {
        let Some(mount) = mounts.iter().find(|mount| mount.module == module) else { break };
        full = joined(&prefix_of(mount), &full);
        module = String::from("\u{0}");
    }
    if let Some(mount) = mounts.iter().find(|mount| mount.module == "*") {
        full = joined(&mount.prefix, &full);
    }
    // Routers that are gathered in one module are mounted together: `include_router(api_router, prefix=…)`.
    if has_ending(path, &["py"]) && module != "\u{0}" {
        let gathered = mounts.iter().find(|mount| {
            let gathers = ["api", "main", "router", "routes", "urls", "v1", "api_router"]
                .contains(&mount.module.as_str());
            let folder_holds = folder(path)
                .split('/')
                .any(|part| part == mount.module || part == "routes" || part == "endpoints" || part == "api");
            gathers && folder_holds && !mount.module.starts_with('=')
        });
        if let Some(mount) = gathered {
            full = joined(&prefix_of(mount), &full);
        }
    }
    full
}

/// The name under which other modules know a file.
fn module_name(path: &str) -> String {
    let stem = name(path).split('.').next().unwrap_or_default();
    match stem {
        "index" | "__init__" | "urls" | "views" => name(folder(path)).to_owned(),
        _ if name(path).contains(".route") || name(path).contains(".router") => {
            // `health.route.js` is imported as `./health.route`.
            name(path).trim_end_matches(".js").trim_end_matches(".ts").to_owned()
        }
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::route_in;

    #[test]
    fn the_path_of_a_check() {
        let check = "CMD-SHELL curl -f http://localhost:3000/api/heartbeat || exit 1";
        assert_eq!(route_in(check).as_deref(), Some("/api/heartbeat"));
        assert_eq!(route_in("CMD curl http://localhost:3000/"), None);
        assert_eq!(route_in("pg_isready"), None);
    }
}
