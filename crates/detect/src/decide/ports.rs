//! Container, compose, code, configuration, command line, framework → the port of a service, with contradictions.

use siteplan_catalog::signals::{Ecosystem, Signals};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::{Conflict, ServiceKind};

mod containers;

use super::frameworks::Shape;
use super::health;
use crate::component::{Component, dependency_evidence};
use crate::evidence::{at, maybe_at};
use crate::glob;
use crate::readers::Record;
use crate::readers::dockerfile::Dockerfile;
use crate::readers::structured::{at_path, scalar};
use crate::tree::{Tree, folder, is_aside, is_for_development, name};
pub(crate) use containers::is_about;

/// Ports of databases, mail and queues: a number that code connects to, not one that it opens.
const BACKING_PORTS: &[u16] = &[
    25, 465, 587, 1025, 1433, 2525, 3306, 5432, 5672, 6379, 6380, 9092, 9200, 9222, 9229, 11211, 15672, 27017,
];

/// A port that something speaks for. Weights: an image 6, platform and command 5, what is known of an image, compose and manifests 4,
/// configuration and code 3, an example 2, a default 1.
struct Claim {
    port: u16,
    weight: u8,
    evidence: Evidence,
}

/// The weight of a variable that the container hands over.
const HANDED: u8 = 7;
/// The weight of one for encrypted connections.
const HANDED_SECURE: u8 = 6;

/// The port of a component's service.
pub(crate) fn of(
    component: &Component<'_>,
    components: &[Component<'_>],
    shape: Option<&Shape<'_>>,
    dockerfile: Option<(&str, &Dockerfile)>,
    start: Option<(&str, &Evidence)>,
    tree: &Tree,
    signals: &Signals,
) -> (Option<Fact<u16>>, Option<Conflict>) {
    let mut claims: Vec<Claim> = Vec::new();
    if let Some((path, dockerfile)) = dockerfile {
        // What comes with a framework's skeleton names the framework's own port, whatever the application is told.
        let skeleton = shape.is_some_and(|shape| glob::any(&shape.main.framework.skeleton, path));
        claims.extend(containers::image_claims(path, dockerfile, skeleton, &signals.files));
    }
    claims.extend(platform_claims(component, tree, signals));
    claims.extend(containers::compose_claims(component, dockerfile, tree, signals));
    claims.extend(containers::workload_claims(component, components, tree, signals));
    if let Some((path, dockerfile)) = dockerfile {
        claims.extend(containers::environment_claims(component, path, dockerfile, signals));
    }
    let handed = claims.iter().any(|claim| claim.weight == HANDED);
    // A variable of the container outweighs the file, and a file the default in the code: they are no contradictions.
    if !handed {
        let configured = configuration_claims(component, tree, signals);
        let layered = shape
            .is_some_and(|shape| matches!(shape.main.ecosystem, Some(Ecosystem::Maven | Ecosystem::Nuget)));
        let code = code_claims(component, start.map(|(line, _)| line), signals);
        let in_code = configured.is_empty() || !layered;
        claims.extend(configured);
        claims.extend(code.into_iter().filter(|_| in_code));
    }
    claims.extend(build_claims(component));
    claims.extend(start.and_then(|(line, evidence)| {
        // A script is called by its name; what it says stands in the manifest. A line that was made here states nothing.
        let stated = port_in_command(&evidence.seen);
        let weight = if stated.is_some() { 5 } else { 1 };
        Some(Claim { port: stated.or_else(|| port_in_command(line))?, weight, evidence: evidence.clone() })
    }));
    claims.extend(containers::example_claims(component, tree, signals));
    if let Some(shape) = shape.filter(|shape| shape.kind != ServiceKind::Static) {
        claims.extend(own_configuration(component, shape, tree).map(|(port, evidence)| Claim {
            port,
            weight: 2,
            evidence,
        }));
    }
    // An image that answers FastCGI has no port of its own kind.
    if dockerfile.is_none_or(|(_, build)| !containers::speaks_fast_cgi(build, &signals.files)) {
        claims.extend(server_default(component, shape, signals));
        claims.extend(shape.and_then(framework_default));
    }
    // Port 0 asks the system for any that is free.
    claims.retain(|claim| claim.port != 0);
    // The sort is stable: among equals the first seen stays first.
    claims.sort_by_key(|claim| std::cmp::Reverse(claim.weight));
    let Some(best) = claims.first() else { return (None, None) };
    let (port, weight) = (best.port, best.weight);
    let evidence = claims
        .iter()
        .filter(|claim| claim.port == port)
        .map(|claim| claim.evidence.clone())
        .take(3)
        .collect();
    let rival = claims.iter().find(|claim| claim.port != port && claim.weight > 2 && weight > 2);
    // One statement of production is enough; of others two must agree, in two files.
    let stated: Vec<&Claim> = claims.iter().filter(|claim| claim.port == port && claim.weight > 1).collect();
    let agreed = stated.iter().any(|claim| claim.evidence.path != best.evidence.path);
    let certainty = match weight {
        5.. if rival.is_none() => Certainty::High,
        3..=4 if rival.is_none() && agreed => Certainty::High,
        3.. => Certainty::Medium,
        2 if agreed => Certainty::Medium,
        _ => Certainty::Low,
    };
    let mut others: Vec<&Claim> = Vec::new();
    for claim in claims.iter().filter(|claim| rival.is_some() && claim.port != port && claim.weight > 2) {
        if !others.iter().any(|other| other.port == claim.port) {
            others.push(claim);
        }
    }
    let conflict = rival.map(|_| Conflict {
        field: "port".to_owned(),
        values: std::iter::once(best)
            .chain(others.iter().copied())
            .map(|claim| claim.port.to_string())
            .collect(),
        evidence: std::iter::once(best)
            .chain(others.iter().copied())
            .map(|claim| claim.evidence.clone())
            .collect(),
    });
    let runner_up = rival.map(|rival| rival.port);
    (Some(Fact { value: port, certainty, evidence, runner_up }), conflict)
}

/// The port of the program that serves the application object, where one is installed.
fn server_default(component: &Component<'_>, shape: Option<&Shape<'_>>, signals: &Signals) -> Option<Claim> {
    let interface = shape?.main.framework.interface.as_ref()?;
    let rows = signals.servers.iter().filter(|row| row.interface == *interface || row.interface == "wsgi");
    rows.filter_map(|row| Some((row, row.port?))).find_map(|(row, port)| {
        let (path, dependency) = component.production_dependencies(&row.packages).next()?;
        let seen = format!("default of {}", row.id);
        Some(Claim { port, weight: 1, evidence: Evidence { seen, ..dependency_evidence(path, dependency) } })
    })
}

/// The port that the framework opens unless it is told another.
fn framework_default(shape: &Shape<'_>) -> Option<Claim> {
    let port = shape.main.framework.port?;
    let seen = format!("default of {}", shape.main.framework.id);
    Some(Claim { port, weight: 1, evidence: Evidence { seen, ..shape.main.evidence.clone() } })
}

/// The port that the framework's own configuration file names.
fn own_configuration(component: &Component<'_>, shape: &Shape<'_>, tree: &Tree) -> Option<(u16, Evidence)> {
    // Beside a server, what bundles its pages speaks of another.
    let bundler = shape.bundler.as_ref().filter(|_| shape.kind == ServiceKind::Static);
    let all = [Some(&shape.main), bundler];
    let files = all
        .into_iter()
        .flatten()
        .flat_map(|used| component.matching(&used.framework.files).map(move |path| (used.framework, path)));
    files.into_iter().find_map(|(framework, path)| {
        if let Some(Record::Document(document)) = tree.record(path) {
            let mut values = framework.port_keys.iter().flat_map(|key| at_path(document, key));
            let port = values.find_map(|value| scalar(value)?.parse().ok())?;
            return Some((port, maybe_at(path, None, &format!("port {port}"))));
        }
        let (_, source) = component.sources.iter().find(|(source, _)| *source == path)?;
        let listening = source.listening.first()?;
        Some((listening.port, at(path, listening.line, &listening.seen)))
    })
}

/// The port that people see static pages under while they work on them, where scripts or configuration name one.
pub(crate) fn of_pages(component: &Component<'_>, shape: &Shape<'_>, tree: &Tree) -> Option<Fact<u16>> {
    let scripts = component.manifests.iter().flat_map(|(path, manifest)| {
        ["start", "dev", "serve"].iter().filter_map(move |name| Some((*path, manifest.scripts.get(*name)?)))
    });
    let mut scripts = scripts.filter_map(|(path, script)| {
        Some((port_in_command(&script.text)?, maybe_at(path, script.line, &script.text)))
    });
    let (port, evidence) = scripts.next().or_else(|| own_configuration(component, shape, tree))?;
    Some(Fact::new(port, Certainty::Low, vec![evidence]))
}

fn platform_claims(component: &Component<'_>, tree: &Tree, signals: &Signals) -> Vec<Claim> {
    let mut claims = Vec::new();
    for row in signals.platforms.iter().filter(|row| !row.port_keys.is_empty()) {
        for path in tree.matching(&row.files) {
            let Some(Record::Document(document)) = tree.record(path) else { continue };
            let said = row.port_keys.iter().flat_map(|key| health::asked(document, key, path, component));
            claims.extend(said.filter_map(|(text, _)| text.parse().ok()).map(|port| Claim {
                port,
                weight: 5,
                evidence: maybe_at(path, None, &format!("port {port}")),
            }));
        }
        // A file of settings that a platform's tool reads lies in a folder for them.
        for path in component.matching(&row.files) {
            let Some(Record::AppConfig(config)) = tree.record(path) else { continue };
            for one in row.port_keys.iter().flat_map(|key| config.of(key)) {
                if let Ok(port) = one.value.parse() {
                    let seen = format!("port {port}");
                    claims.push(Claim { port, weight: 5, evidence: at(path, one.line, &seen) });
                }
            }
        }
    }
    claims
}

/// Ports that the code names, those of entry files and of the usual variable first.
fn code_claims(component: &Component<'_>, start: Option<&str>, signals: &Signals) -> Vec<Claim> {
    let entries = [
        "gunicorn",
        "puma",
        "unicorn",
        "index",
        "server",
        "main",
        "app",
        "config",
        "www",
        "env",
        "settings",
        "configuration",
    ];
    let mut found: Vec<(u8, usize, Claim)> = Vec::new();
    for (path, source) in &component.sources {
        let stem = name(path).split('.').next().unwrap_or_default();
        // The configuration of a build tool speaks of its development server, and a folder for development of that.
        let developed = folder(path).split('/').any(|part| is_for_development(&signals.files, part));
        if name(path).contains(".config.") || name(path).contains("webpack") || developed {
            continue;
        }
        for listening in source.listening.iter().filter(|one| !BACKING_PORTS.contains(&one.port)) {
            let telling = listening.seen.contains("PORT")
                || listening.seen.contains("listen")
                || listening.seen.contains("bind");
            let rank = u8::from(!entries.contains(&stem)) * 2 + u8::from(!telling);
            let evidence = at(path, listening.line, &listening.seen);
            // What a script does that is run itself, a program that serves its application object never does.
            let passed_over = source.language == "python"
                && listening.seen.contains(".run(")
                && start.is_some_and(|start| serves_object(start, signals));
            let weight = if passed_over { 1 } else { 3 };
            found.push((rank, path.matches('/').count(), Claim { port: listening.port, weight, evidence }));
        }
    }
    found.sort_by_key(|(rank, depth, _)| (*rank, *depth));
    found.into_iter().map(|(_, _, claim)| claim).take(1).collect()
}

/// Whether a command runs a program that serves an application object.
fn serves_object(command: &str, signals: &Signals) -> bool {
    let mut words = command.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
    words.any(|word| signals.servers.iter().any(|row| row.start.split(' ').next() == Some(word)))
}

/// Whether a variable is known to mean a port, or the code listens on it.
fn named_port_variable(component: &Component<'_>, variable: &str, signals: &Signals) -> bool {
    signals.variables.port_names.iter().any(|one| one == variable)
        || containers::listens_on(component, variable)
}

/// Ports that the keys of configurations name; what holds for one profile alone counts only if that is production's.
fn configuration_claims(component: &Component<'_>, tree: &Tree, signals: &Signals) -> Vec<Claim> {
    let rules = &signals.files;
    let mut found: Vec<(usize, Claim)> = Vec::new();
    let configs = component.files.iter().filter(|path| !is_aside(rules, path) && !path.contains("test"));
    for path in configs.filter(|path| !is_for_development(rules, name(path))) {
        let Some(Record::AppConfig(config)) = tree.record(path) else { continue };
        // `application-eu.yml` is for one profile; the file without a profile is what everybody gets.
        let stem = name(path).split('.').next().unwrap_or_default();
        let special = usize::from(stem.contains('-') && !stem.ends_with("-config"));
        for (rank, key) in rules.port_keys.iter().enumerate() {
            for one in config.of(key) {
                let production = one.profile.as_deref().is_none_or(|profile| profile.starts_with("prod"));
                let port =
                    port_in_value(&one.value).filter(|port| production && !BACKING_PORTS.contains(port));
                let Some(port) = port else { continue };
                let seen = format!("{key}: {port}");
                let own_profile = usize::from(one.profile.is_none() || stem.contains('-'));
                let order = (special * 2 + own_profile) * 1000 + rank;
                found.push((order, Claim { port, weight: 3, evidence: at(path, one.line, &seen) }));
            }
        }
    }
    // The sort is stable. Files of other environments are alternatives to the first, not contradictions.
    found.sort_by_key(|(order, _)| *order);
    let first = found.first().map(|(order, claim)| (order / 2000, claim.evidence.path.clone()));
    found
        .into_iter()
        .filter(|(order, claim)| {
            first.as_ref().is_some_and(|(group, path)| *group == order / 2000 && *path == claim.evidence.path)
        })
        .map(|(_, claim)| claim)
        .collect()
}

/// Ports that options of the built program name.
fn build_claims(component: &Component<'_>) -> Vec<Claim> {
    let named = component.manifests.iter().flat_map(|(path, manifest)| {
        manifest.build.ports.iter().map(move |(port, line, seen)| (*path, *port, *line, seen))
    });
    named.map(|(path, port, line, seen)| Claim { port, weight: 3, evidence: at(path, line, seen) }).collect()
}

/// The port of a plain value (`8080`, `${PORT:8080}`, `0.0.0.0:8080`, `http://*:8080/`).
fn port_in_value(value: &str) -> Option<u16> {
    let value = value.trim().trim_end_matches('/');
    let value = match value.strip_prefix("${") {
        Some(rest) => rest.split_once(':')?.1.trim_start_matches('-').trim_end_matches('}'),
        None => value,
    };
    let digits = value.rsplit(':').next()?;
    digits.parse().ok().filter(|port| *port > 0)
}

/// The port that a command line gives (`--port 80`, `-p 80`, `0.0.0.0:80`, `${PORT:-80}`).
pub(crate) fn port_in_command(command: &str) -> Option<u16> {
    let words: Vec<&str> = command.split([' ', '=']).map(|word| word.trim_matches(['"', '\''])).collect();
    let number = |word: &str| {
        let word = word.trim_start_matches("${PORT:-").trim_end_matches(['}', '/']);
        word.rsplit(':').next().and_then(|digits| digits.parse::<u16>().ok()).filter(|port| *port >= 80)
    };
    let by_option = words.windows(2).find_map(|pair| match pair {
        [
            "PORT"
            | "--port"
            | "-p"
            | "--http-port"
            | "--server.port"
            | "-Dserver.port"
            | "--listen"
            | "-b"
            | "--bind"
            | "-S"
            | "--http"
            | "--http-socket"
            | "-Dquarkus.http.port"
            | "-Dmicronaut.server.port"
            | "-Dhttp.port"
            | "-Dplay.server.http.port"
            | "--urls"
            | "--addr"
            | "--address",
            value,
        ] => number(value),
        _ => None,
    });
    // `manage.py runserver 0.0.0.0:8000` names the address without an option.
    let own = |word: &&&str| ["0.0.0.0:", "[::]:"].iter().any(|own| word.starts_with(own));
    by_option.or_else(|| words.iter().find(own).and_then(|word| number(word)))
}

#[cfg(test)]
mod tests {
    use super::port_in_command;

    #[test]
    fn ports_of_command_lines() {
        assert_eq!(port_in_command("uvicorn a:b --port 8080"), Some(8080));
        assert_eq!(port_in_command("gunicorn a --bind 0.0.0.0:9000"), Some(9000));
        assert_eq!(port_in_command("puma -p ${PORT:-3000}"), Some(3000));
        assert_eq!(port_in_command("gunicorn a --bind 0.0.0.0:$PORT"), None);
    }
}
