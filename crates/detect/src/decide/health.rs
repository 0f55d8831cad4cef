//! Routes, prefixes, health checks of containers and platforms → the health endpoint of a service.

use std::collections::BTreeMap;

use serde_json::Value;
use siteplan_catalog::signals::{HealthIdiom, Signals};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::Conflict;

use super::containers::compose_files;
use super::frameworks::Shape;
use super::ports::is_about;
use crate::component::{Component, dependency_evidence};
use crate::evidence::{at, maybe_at};
use crate::readers::Record;
use crate::readers::dockerfile::Dockerfile;
use crate::readers::routes::{EXCLUDED, Mount, joined};
use crate::readers::structured::{at_path, scalar, strings};
use crate::readers::workloads::Asks;
use crate::tree::{Tree, folder, has_ending, name, relative};

/// What was found out about the health endpoint of a service.
#[derive(Debug, Default)]
pub(crate) struct Health {
    pub(crate) endpoint: Option<Fact<String>>,
    pub(crate) conflict: Option<Conflict>,
}

/// The health endpoint of a component's service.
pub(crate) fn of(
    component: &Component<'_>,
    components: &[Component<'_>],
    shape: Option<&Shape<'_>>,
    dockerfile: Option<(&str, &Dockerfile)>,
    tree: &Tree,
    signals: &Signals,
) -> Health {
    let mut stated = stated(component, components, dockerfile, tree, signals);
    let routes = routes(component, signals);
    // Of several checks, one that this code answers is this service's.
    stated.sort_by_key(|(path, _)| !routes.iter().any(|(route, _, _)| same(route, path)));
    let idiom = idiom(component, shape, tree);
    // A check that somebody set up names the path as it is reached; a route in code says where it is answered.
    if let Some((path, evidence)) = stated.first().cloned() {
        let in_code = routes.iter().find(|(route, _, _)| same(route, &path));
        let mut all = Vec::new();
        all.extend(in_code.map(|(_, _, seen)| seen.clone()));
        all.push(evidence);
        let mut answers: Vec<(String, Evidence)> = Vec::new();
        if in_code.is_none() {
            let strong = signals.files.health_segments.len();
            answers.extend(
                routes
                    .iter()
                    .filter(|(_, rank, _)| *rank < strong)
                    .map(|(route, _, at)| (route.clone(), at.clone())),
            );
            answers.extend(
                idiom.as_ref().and_then(|fact| Some((fact.value.clone(), fact.evidence.first()?.clone()))),
            );
        }
        let conflict = disagreement(&stated, &answers);
        let runner_up = conflict.as_ref().and_then(|conflict| conflict.values.get(1).cloned());
        // What the code does not answer although it answers another may be an old check.
        let certainty = if conflict.is_some() { Certainty::Medium } else { Certainty::High };
        let endpoint = Fact { value: path, certainty, evidence: all, runner_up };
        return Health { endpoint: Some(endpoint), conflict };
    }
    if let Some((path, rank, evidence)) = routes.first().cloned() {
        let weak = rank >= signals.files.health_segments.len();
        let mut others = routes.iter().filter(|(other, _, _)| !same(other, &path));
        // Of several of one name any may be the one.
        let several = others.clone().any(|(_, other, _)| *other == rank);
        let certainty = if weak || several { Certainty::Medium } else { Certainty::High };
        let runner_up = others.next().map(|(other, _, _)| other.clone());
        let endpoint = Fact { value: path, certainty, evidence: vec![evidence], runner_up };
        return Health { endpoint: Some(endpoint), conflict: None };
    }
    let page = || page_check(component, dockerfile, tree, signals);
    Health { endpoint: idiom.or_else(page), conflict: None }
}

/// The start page that a container's check asks for: it tells that something answers, and no more.
fn page_check(
    component: &Component<'_>,
    dockerfile: Option<(&str, &Dockerfile)>,
    tree: &Tree,
    signals: &Signals,
) -> Option<Fact<String>> {
    let (_, evidence) = container_checks(component, dockerfile, tree, signals)
        .into_iter()
        .find(|(command, _)| route_in(command).is_none() && local_address(command).is_some())?;
    Some(Fact::new("/".to_owned(), Certainty::Low, vec![evidence]))
}

/// The endpoint that the framework itself serves.
fn idiom(component: &Component<'_>, shape: Option<&Shape<'_>>, tree: &Tree) -> Option<Fact<String>> {
    let used = &shape?.main;
    let idiom = used.framework.health.as_ref()?;
    let (path, dependency) = component.production_dependencies(&idiom.packages).next()?;
    let mut evidence = vec![dependency_evidence(path, dependency)];
    if hidden(idiom, component, tree) {
        return None;
    }
    let full = configured(idiom, component, tree, &mut evidence);
    // A package that is there for this check says so; what a framework always serves, few rely on.
    let built_in = idiom.packages == used.framework.packages;
    let certainty = if built_in { Certainty::Medium } else { Certainty::High };
    Some(Fact::new(full, certainty, evidence))
}

/// Whether the configuration shows only other endpoints of the framework than its check.
fn hidden(idiom: &HealthIdiom, component: &Component<'_>, tree: &Tree) -> bool {
    let last = idiom.path.rsplit('/').next().unwrap_or_default();
    let configs = component.files.iter().filter_map(|path| match tree.record(path) {
        Some(Record::AppConfig(config)) => Some(config),
        _ => None,
    });
    let mut shown = configs
        .flat_map(|config| idiom.shown_keys.iter().flat_map(move |key| config.of(key)))
        .filter(|one| one.profile.is_none() && !one.value.is_empty())
        .peekable();
    let all = |value: &str| {
        let mut names = value.split([',', ' ', '[', ']']).map(|name| name.trim_matches(['"', '\'']));
        names.any(|name| name == "*" || name == last) || value.contains('$')
    };
    shown.peek().is_some() && !shown.any(|one| all(&one.value))
}

/// The path of a framework's own check as the configuration moves it.
fn configured(
    idiom: &HealthIdiom,
    component: &Component<'_>,
    tree: &Tree,
    evidence: &mut Vec<Evidence>,
) -> String {
    let mut value = |keys: &[String]| {
        let configs = component.files.iter().filter_map(|path| match tree.record(path) {
            Some(Record::AppConfig(config)) => Some((*path, config)),
            _ => None,
        });
        let mut said = configs.flat_map(|(path, config)| {
            keys.iter().flat_map(move |key| config.of(key).map(move |one| (path, key, one)))
        });
        let (path, key, one) = said.find(|(_, _, one)| one.profile.is_none() && !one.value.contains('$'))?;
        evidence.push(at(path, one.line, &format!("{key}: {}", one.value)));
        Some(one.value.clone())
    };
    let last = idiom.path.rsplit('/').next().unwrap_or_default();
    let path = value(&idiom.base_keys).map_or_else(|| idiom.path.clone(), |base| joined(&base, last));
    value(&idiom.context_keys).map_or_else(|| path.clone(), |context| joined(&context, &path))
}

fn same(a: &str, b: &str) -> bool {
    a.trim_end_matches('/') == b.trim_end_matches('/')
}

/// Checks that ask for different paths, or for one that the code does not answer although it answers another. Different questions
/// of one file (is it alive, is it ready) are no contradiction.
fn disagreement(stated: &[(String, Evidence)], answers: &[(String, Evidence)]) -> Option<Conflict> {
    let (path, seen) = stated.first()?;
    let mut asked = stated.iter().filter(|(_, place)| place.path != seen.path);
    let other = asked.find(|(other, _)| !same(other, path));
    // `/health/liveness` is a part of what answers at `/health`.
    let part = |answer: &str| relative(path, answer.trim_end_matches('/')).is_some();
    let other = other.or_else(|| answers.iter().find(|(answer, _)| !same(answer, path) && !part(answer)))?;
    Some(Conflict {
        field: "health_endpoint".to_owned(),
        values: vec![path.clone(), other.0.clone()],
        evidence: vec![seen.clone(), other.1.clone()],
    })
}

/// Paths that a platform's or container's check asks for.
fn stated(
    component: &Component<'_>,
    components: &[Component<'_>],
    dockerfile: Option<(&str, &Dockerfile)>,
    tree: &Tree,
    signals: &Signals,
) -> Vec<(String, Evidence)> {
    let mut found = Vec::new();
    for row in signals.platforms.iter().filter(|row| !row.health_keys.is_empty()) {
        for path in tree.matching(&row.files) {
            let values: Vec<(String, Option<u32>)> = match tree.record(path) {
                Some(Record::Document(document)) => {
                    row.health_keys.iter().flat_map(|key| asked(document, key, path, component)).collect()
                }
                Some(Record::AppConfig(config)) if Some(component.folder.as_str()) == above_config(path) => {
                    let keys = config.keys.iter().filter(|key| row.health_keys.contains(&key.path.join(".")));
                    keys.map(|key| (key.value.clone(), Some(key.line))).collect()
                }
                _ => continue,
            };
            for (value, line) in values {
                // An address is asked for as a whole (`HTTP:80/health`), a command by its words.
                let route = if value.starts_with('/') { Some(value) } else { route_in(&value) };
                if let Some(route) = route.filter(|route| route.len() > 1 && !route.contains(' ')) {
                    found.push((route.clone(), maybe_at(path, line, &format!("health check {route}"))));
                }
            }
        }
    }
    found.extend(probes(component, components, tree, signals));
    for (command, evidence) in container_checks(component, dockerfile, tree, signals) {
        found.extend(route_in(&command).map(|route| (route, evidence)));
    }
    found
}

/// Commands by which containers of this component are checked.
fn container_checks(
    component: &Component<'_>,
    dockerfile: Option<(&str, &Dockerfile)>,
    tree: &Tree,
    signals: &Signals,
) -> Vec<(String, Evidence)> {
    let mut found = Vec::new();
    if let Some((path, dockerfile)) = dockerfile {
        let checks = dockerfile.shipped().into_iter().filter_map(|stage| stage.health.as_ref());
        found.extend(checks.map(|check| (check.value.clone(), at(path, check.line, &check.value))));
    }
    for (path, compose, _) in compose_files(tree) {
        for service in &compose.services {
            let own = super::containers::built_from(path, service)
                .is_some_and(|(context, _)| context == component.folder)
                || (service.build.is_none()
                    && component.folder.is_empty()
                    && !service.ports.is_empty()
                    && super::containers::is_application(service, signals)
                    && compose.services.iter().all(|other| other.build.is_none()));
            if let Some(command) = service.health.as_deref().filter(|_| own) {
                found.push((command.to_owned(), maybe_at(path, service.line, command)));
            }
        }
    }
    found
}

/// The folder that a file in `config/` speaks for.
fn above_config(path: &str) -> Option<&str> {
    folder(path).strip_suffix("config").map(|above| above.trim_end_matches('/'))
}

/// Values of a key in a platform's file, where they are about this component: the file lies in its folder, or names it.
pub(super) fn asked(
    document: &Value,
    key: &str,
    path: &str,
    component: &Component<'_>,
) -> Vec<(String, Option<u32>)> {
    let (list, rest) = key.split_once(".*.").map_or(("", key), |(list, rest)| (list, rest));
    let elements: Vec<&Value> =
        if list.is_empty() { vec![document] } else { at_path(document, &format!("{list}.*")) };
    let of_component = |element: &&Value| {
        let named = ["rootDir", "root", "source_dir", "dockerContext"]
            .iter()
            .find_map(|name| element[*name].as_str())
            .map(|below| below.trim_start_matches('/'));
        // A platform's own folder (`.do`) speaks for the one around it.
        let home = folder(path);
        let home = if name(home).starts_with('.') { folder(home) } else { home };
        let home = crate::tree::resolve(home, named.unwrap_or_default());
        home.as_deref() == Some(component.folder.as_str())
    };
    let of_component = elements.into_iter().filter(of_component);
    let values = of_component.flat_map(|element| {
        at_path(element, rest).into_iter().flat_map(|value| match value {
            // The words of a command.
            Value::Array(_) => vec![strings(value).join(" ")],
            other => scalar(other).into_iter().collect(),
        })
    });
    values.map(|value| (value, None)).collect()
}

/// Probes of manifests that are about this component: by name, or because there is no other.
fn probes(
    component: &Component<'_>,
    components: &[Component<'_>],
    tree: &Tree,
    signals: &Signals,
) -> Vec<(String, Evidence)> {
    let mut found: Vec<(Asks, String, Evidence)> = Vec::new();
    for (path, workloads) in tree.workloads() {
        if crate::tree::is_aside(&signals.files, path) {
            continue;
        }
        for probe in &workloads.probes {
            let meant = is_about(component, components, &probe.names);
            if meant && probe.path.len() > 1 && !probe.path.contains('{') {
                let seen = at(path, probe.line, &format!("health check {}", probe.path));
                found.push((probe.asks, probe.path.clone(), seen));
            }
        }
    }
    found.sort_by_key(|(asks, path, _)| (*asks, path.matches('/').count()));
    found.into_iter().map(|(_, path, seen)| (path, seen)).collect()
}

/// The path of the address in a check's command, where it is more than `/`.
fn route_in(command: &str) -> Option<String> {
    let (_, path) = local_address(command)?.split_once('/')?;
    let path = path.split(['?', '#', ';', '&']).next()?.trim_end_matches(['"', '\'', ',', ']']);
    (!path.is_empty() && !path.contains('$')).then(|| format!("/{path}"))
}

/// The address that a check's command asks.
fn local_address(command: &str) -> Option<&str> {
    let local = ["localhost", "127.0.0.1", "0.0.0.0", "[::1]"];
    let mut words = command.split([' ', '"', '\'', '|', ')', '(', '`']);
    let address =
        words.find(|word| word.contains("://") || local.iter().any(|host| word.starts_with(host)))?;
    Some(address.split_once("://").map_or(address, |(_, rest)| rest))
}

/// Health routes in code, best first, with the rank of their last segment.
fn routes(component: &Component<'_>, signals: &Signals) -> Vec<(String, usize, Evidence)> {
    let rules = &signals.files;
    let mounts: Vec<Mounted<'_>> = component
        .sources
        .iter()
        .flat_map(|(path, source)| source.mounts.iter().map(|mount| (*path, mount)))
        .collect();
    let constants: BTreeMap<&str, &str> = mounts
        .iter()
        .filter_map(|(_, mount)| Some((mount.module.strip_prefix('=')?, mount.prefix.as_str())))
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

/// The route that answers while the process runs and asks nothing else, as far as its name or the framework says so.
pub(crate) fn live(component: &Component<'_>, signals: &Signals) -> Option<String> {
    let rules = &signals.files;
    let found = routes(component, signals);
    let last = |route: &str| route.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    let named = found.iter().filter(|(route, _, _)| rules.live_segments.contains(&last(route)));
    let told = found.iter().filter(|(_, _, at)| rules.live_marks.iter().any(|mark| at.seen.contains(mark)));
    named.chain(told).next().map(|(route, _, _)| route.clone())
}

/// A mount with the file that mounts.
type Mounted<'t> = (&'t str, &'t Mount);

/// A route with the prefixes under which its module is mounted, and the module that mounts it, and so on.
fn mounted(route: &str, path: &str, mounts: &[Mounted<'_>], constants: &BTreeMap<&str, &str>) -> String {
    let mut full = route.to_owned();
    let prefix_of = |mount: &Mount| match mount.prefix.strip_prefix('=') {
        Some(constant) => constants.get(constant).copied().unwrap_or("").to_owned(),
        None => mount.prefix.clone(),
    };
    let mut at = path;
    let mut chained = false;
    // A chain longer than this is a circle.
    for _ in 0..4 {
        let module = module_name(at);
        let above = mounts
            .iter()
            .find(|(from, mount)| (mount.module == module || gathered(mount, at)) && *from != at);
        let Some((from, mount)) = above else { break };
        full = joined(&prefix_of(mount), &full);
        at = from;
        chained = true;
    }
    let left_out = mounts.iter().any(|(_, mount)| {
        let below = full.trim_matches('/').strip_prefix(mount.prefix.trim_matches('/'));
        mount.module == EXCLUDED && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    if let Some((_, mount)) = mounts.iter().find(|(_, mount)| mount.module == "*" && !left_out) {
        full = joined(&mount.prefix, &full);
    }
    // Routers that are gathered in one module are mounted together: `include_router(api_router, prefix=…)`.
    if has_ending(path, &["py"]) && !chained {
        let gathered = mounts.iter().find(|(_, mount)| {
            let gathers = ["api", "main", "router", "routes", "urls", "v1", "api_router"]
                .contains(&mount.module.as_str());
            let folder_holds = folder(path)
                .split('/')
                .any(|part| part == mount.module || part == "routes" || part == "endpoints" || part == "api");
            gathers && folder_holds && !mount.module.starts_with('=')
        });
        if let Some((_, mount)) = gathered {
            full = joined(&prefix_of(mount), &full);
        }
    }
    full
}

/// Whether a Rust module that is mounted holds a file as one of its own parts.
fn gathered(mount: &Mount, path: &str) -> bool {
    has_ending(path, &["rs"]) && folder(path).split('/').any(|part| part == mount.module)
}

/// The name under which other modules know a file.
fn module_name(path: &str) -> String {
    let stem = name(path).split('.').next().unwrap_or_default();
    match stem {
        "index" | "__init__" | "urls" | "views" | "mod" => name(folder(path)).to_owned(),
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
        assert_eq!(route_in("CMD wget -qO- localhost:80/healthz").as_deref(), Some("/healthz"));
        assert_eq!(route_in("pg_isready"), None);
    }
}
