//! Container, compose, code, configuration, command line, framework → the port of a service, with contradictions.

use siteplan_catalog::signals::{Ecosystem, Signals};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::{Conflict, ServiceKind};

use super::containers::{built_from, compose_files};
use super::frameworks::Shape;
use crate::component::Component;
use crate::evidence::{at, maybe_at};
use crate::glob;
use crate::readers::Record;
use crate::readers::compose::{ComposeService, image_parts};
use crate::readers::dockerfile::Dockerfile;
use crate::readers::structured::{at_path, scalar};
use crate::tree::{Tree, is_aside, is_for_development, name};

/// Ports of databases, mail and queues: a number that code connects to, not one that it opens.
const BACKING_PORTS: &[u16] = &[
    25, 465, 587, 1025, 1433, 2525, 3306, 5432, 5672, 6379, 6380, 9092, 9200, 9222, 9229, 11211, 15672, 27017,
];

/// A port that something speaks for. Weights: container and platform 4, code 3, command 2, framework 1.
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
        let ports = dockerfile.ports();
        // Beside the plain port, the one for TLS is the proxy's and no other answer.
        let plain = ports.iter().any(|port| port.value != 443);
        for port in ports.into_iter().filter(|port| port.value != 443 || !plain) {
            claims.push(Claim {
                port: port.value,
                weight: if skeleton { 2 } else { 6 },
                evidence: at(path, port.line, &format!("EXPOSE {}", port.value)),
            });
        }
    }
    claims.extend(platform_claims(component, tree, signals));
    for (path, compose, development) in compose_files(tree) {
        for service in &compose.services {
            let own = built_from(path, service).is_some_and(|(context, file)| {
                (context == component.folder && dockerfile.is_none_or(|(build, _)| build == file))
                    || dockerfile.is_some_and(|(build, _)| build == file)
            }) || is_image_of(component, service);
            for port in service.ports.iter().filter(|port| own && !BACKING_PORTS.contains(port)) {
                let weight = if development { 3 } else { 4 };
                let seen = format!("service {} publishes {port}", service.name);
                claims.push(Claim { port: *port, weight, evidence: maybe_at(path, service.line, &seen) });
            }
        }
    }
    if let Some((path, dockerfile)) = dockerfile {
        claims.extend(environment_claims(component, path, dockerfile, signals));
    }
    let handed = claims.iter().any(|claim| claim.weight == HANDED);
    // A variable of the container outweighs the file, and a file the default in the code: they are no contradictions.
    if !handed {
        let configured = configuration_claims(component, tree, signals);
        let layered = shape
            .is_some_and(|shape| matches!(shape.main.ecosystem, Some(Ecosystem::Maven | Ecosystem::Nuget)));
        if configured.is_empty() || !layered {
            claims.extend(code_claims(component));
        }
        claims.extend(configured);
    }
    claims.extend(build_claims(component));
    claims.extend(start.and_then(|(line, evidence)| {
        // A script is called by its name; what it says stands in the manifest.
        let port = port_in_command(line).or_else(|| port_in_command(&evidence.seen))?;
        Some(Claim { port, weight: 5, evidence: evidence.clone() })
    }));
    if let Some(shape) = shape.filter(|shape| shape.kind != ServiceKind::Static) {
        claims.extend(own_configuration(component, shape).map(|(port, evidence)| Claim {
            port,
            weight: 2,
            evidence,
        }));
    }
    if let Some(used) = shape.map(|shape| &shape.main)
        && let Some(port) = used.framework.port
    {
        let seen = format!("default of {}", used.framework.id);
        let evidence = Evidence { seen, ..used.evidence.clone() };
        claims.push(Claim { port, weight: 1, evidence });
    }
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
    let certainty = match weight {
        4.. if rival.is_none() => Certainty::High,
        2.. => Certainty::Medium,
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

/// The port that the framework's own configuration file names.
fn own_configuration(component: &Component<'_>, shape: &Shape<'_>) -> Option<(u16, Evidence)> {
    // Beside a server, what bundles its pages speaks of another.
    let bundler = shape.bundler.as_ref().filter(|_| shape.kind == ServiceKind::Static);
    let all = [Some(&shape.main), bundler];
    all.into_iter().flatten().flat_map(|used| component.matching(&used.framework.files)).find_map(|path| {
        let (_, source) = component.sources.iter().find(|(source, _)| *source == path)?;
        let listening = source.listening.first()?;
        Some((listening.port, at(path, listening.line, &listening.seen)))
    })
}

/// The port that people see static pages under while they work on them, where scripts or configuration name one.
pub(crate) fn of_pages(component: &Component<'_>, shape: &Shape<'_>) -> Option<Fact<u16>> {
    let scripts = component.manifests.iter().flat_map(|(path, manifest)| {
        ["start", "dev", "serve"].iter().filter_map(move |name| Some((*path, manifest.scripts.get(*name)?)))
    });
    let mut scripts = scripts.filter_map(|(path, script)| {
        Some((port_in_command(&script.text)?, maybe_at(path, script.line, &script.text)))
    });
    let (port, evidence) = scripts.next().or_else(|| own_configuration(component, shape))?;
    Some(Fact::new(port, Certainty::Low, vec![evidence]))
}

fn platform_claims(component: &Component<'_>, tree: &Tree, signals: &Signals) -> Vec<Claim> {
    let mut claims = Vec::new();
    for row in signals.platforms.iter().filter(|row| !row.port_keys.is_empty()) {
        for (path, record) in tree.records_in(&component.folder) {
            let Record::Document(document) = record else { continue };
            if !glob::any(&row.files, path) {
                continue;
            }
            for value in row.port_keys.iter().flat_map(|key| at_path(document, key)) {
                if let Some(port) = scalar(value).and_then(|text| text.parse().ok()) {
                    let seen = format!("port {port}");
                    claims.push(Claim { port, weight: 5, evidence: maybe_at(path, None, &seen) });
                }
            }
        }
    }
    claims
}

/// Whether a compose service runs the image that is called like the component.
fn is_image_of(component: &Component<'_>, service: &ComposeService) -> bool {
    let Some(image) = service.image.as_deref().filter(|_| service.build.is_none()) else { return false };
    let (image, _) = image_parts(image);
    let mut names = component.manifests.iter().filter_map(|(_, manifest)| manifest.name.as_ref());
    !component.folder.is_empty()
        && (image == name(&component.folder) || names.any(|(name, _)| name.eq_ignore_ascii_case(&image)))
}

/// Ports that the code names, those of entry files and of the usual variable first.
fn code_claims(component: &Component<'_>) -> Vec<Claim> {
    let entries =
        ["gunicorn", "index", "server", "main", "app", "config", "www", "env", "settings", "configuration"];
    let mut found: Vec<(u8, usize, Claim)> = Vec::new();
    for (path, source) in &component.sources {
        let stem = name(path).split('.').next().unwrap_or_default();
        // The configuration of a build tool speaks of its development server.
        if name(path).contains(".config.") || name(path).contains("webpack") {
            continue;
        }
        for listening in source.listening.iter().filter(|one| !BACKING_PORTS.contains(&one.port)) {
            let telling = listening.seen.contains("PORT")
                || listening.seen.contains("listen")
                || listening.seen.contains("bind");
            let rank = u8::from(!entries.contains(&stem)) * 2 + u8::from(!telling);
            let evidence = at(path, listening.line, &listening.seen);
            found.push((
                rank,
                path.matches('/').count(),
                Claim { port: listening.port, weight: 3, evidence },
            ));
        }
    }
    found.sort_by_key(|(rank, depth, _)| (*rank, *depth));
    found.into_iter().map(|(_, _, claim)| claim).take(1).collect()
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
                let Some(port) = port_in_value(&one.value).filter(|_| production) else { continue };
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

/// Ports that a container build hands to the program through variables: those that are known to mean a port, and those that the code
/// listens on.
fn environment_claims(
    component: &Component<'_>,
    path: &str,
    dockerfile: &Dockerfile,
    signals: &Signals,
) -> Vec<Claim> {
    let listened: Vec<&str> = component
        .sources
        .iter()
        .flat_map(|(_, source)| &source.listening_variables)
        .map(String::as_str)
        .collect();
    let known =
        |name: &str| signals.variables.port_names.iter().any(|one| one == name) || listened.contains(&name);
    let said = dockerfile.shipped().into_iter().flat_map(|stage| &stage.environment);
    said.filter(|said| known(&said.value.0))
        .flat_map(|said| {
            let (name, value) = &said.value;
            let ports: Vec<u16> = value.split([';', ',']).filter_map(port_in_value).collect();
            ports.into_iter().map(move |port| Claim {
                port,
                // Where there is a port without encryption, that is the one that a proxy speaks to.
                weight: if name.contains("SSL") || name.contains("HTTPS") { HANDED_SECURE } else { HANDED },
                evidence: at(path, said.line, &format!("ENV {name}={port}")),
            })
        })
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
        let word = word.trim_start_matches("${PORT:-").trim_end_matches('}');
        word.rsplit(':').next().and_then(|digits| digits.parse::<u16>().ok()).filter(|port| *port >= 80)
    };
    words.windows(2).find_map(|pair| match pair {
        [
            "PORT" | "--port" | "-p" | "--http-port" | "--server.port" | "-Dserver.port" | "--listen" | "-b"
            | "--bind",
            value,
        ] => number(value),
        _ => None,
    })
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
