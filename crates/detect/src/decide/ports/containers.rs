//! Container builds, compose files and manifests of orchestrators → ports that they open for a component.

use siteplan_catalog::signals::{FileRules, Signals};

use super::{BACKING_PORTS, Claim, HANDED, HANDED_SECURE, named_port_variable, port_in_value};
use crate::component::Component;
use crate::decide::containers::{built_from, compose_files};
use crate::evidence::{at, maybe_at};
use crate::readers::compose::{ComposeService, image_parts};
use crate::readers::dockerfile::Dockerfile;
use crate::tree::{Tree, is_aside, is_for_development, name};

/// The port of FastCGI: a web server before the container speaks to it, people and platforms cannot.
const FAST_CGI: u16 = 9000;

/// Whether the shipped image answers FastCGI alone: it is made of such an image or runs such a program, and opens no other port.
pub(super) fn speaks_fast_cgi(dockerfile: &Dockerfile, rules: &FileRules) -> bool {
    let shipped = dockerfile.shipped();
    let of_image = |image: &str| {
        image.split([':', '-', '/']).any(|word| rules.fast_cgi_words.iter().any(|one| one == word))
    };
    let made_of = shipped.last().is_some_and(|stage| of_image(&stage.base));
    let runs = dockerfile.start().is_some_and(|start| {
        let program = start.value.split_whitespace().next().unwrap_or_default();
        of_image(program)
    });
    made_of || runs
}

/// Ports that an image opens: those that it names, else the one that it is known for.
pub(super) fn image_claims(
    path: &str,
    dockerfile: &Dockerfile,
    skeleton: bool,
    rules: &FileRules,
) -> Vec<Claim> {
    let fast_cgi = speaks_fast_cgi(dockerfile, rules);
    let mut ports = dockerfile.ports();
    ports.retain(|port| !(fast_cgi && port.value == FAST_CGI));
    // Beside the plain port, the one for TLS is the proxy's and no other answer.
    let plain = ports.iter().any(|port| port.value != 443);
    let claims = ports.into_iter().filter(|port| port.value != 443 || !plain).map(|port| Claim {
        port: port.value,
        weight: if skeleton { 2 } else { 6 },
        evidence: at(path, port.line, &format!("EXPOSE {}", port.value)),
    });
    let claims: Vec<Claim> = claims.collect();
    if !claims.is_empty() {
        return claims;
    }
    let shipped = dockerfile.shipped();
    let Some(base) = shipped.last().filter(|_| !fast_cgi) else { return claims };
    let known = of_image(&base.base, rules).map(|port| Claim {
        port,
        weight: 4,
        evidence: at(path, base.line, &format!("FROM {}, which listens on {port}", base.base)),
    });
    known.into_iter().collect()
}

/// The port that an image is known for: by its name, or by its name and a word of its tag.
fn of_image(image: &str, rules: &FileRules) -> Option<u16> {
    let (name, tag) = image_parts(image);
    let tagged = tag.iter().flat_map(|tag| tag.split('-')).map(|word| format!("{name}:{word}"));
    tagged.chain([name.clone()]).find_map(|one| rules.image_ports.get(&one).copied())
}

/// Ports that services of compose files publish, and those that they hand to the program through variables.
pub(super) fn compose_claims(
    component: &Component<'_>,
    dockerfile: Option<(&str, &Dockerfile)>,
    tree: &Tree,
    signals: &Signals,
) -> Vec<Claim> {
    let mut claims = Vec::new();
    let fast_cgi = dockerfile.is_some_and(|(_, build)| speaks_fast_cgi(build, &signals.files));
    for (path, compose, development) in compose_files(tree) {
        let weight = if development { 3 } else { 4 };
        for service in &compose.services {
            let own = built_from(path, service).is_some_and(|(context, file)| {
                (context == component.folder && dockerfile.is_none_or(|(build, _)| build == file))
                    || dockerfile.is_some_and(|(build, _)| build == file)
            }) || is_image_of(component, service);
            if !own {
                continue;
            }
            let meant = |port: &u16| !(BACKING_PORTS.contains(port) || fast_cgi && *port == FAST_CGI);
            for port in service.ports.iter().filter(|port| meant(port)) {
                let seen = format!("service {} publishes {port}", service.name);
                claims.push(Claim { port: *port, weight, evidence: maybe_at(path, service.line, &seen) });
            }
            for (variable, value, line) in &service.environment {
                let port = value.as_deref().and_then(port_in_value);
                let Some(port) = port.filter(|_| named_port_variable(component, variable, signals)) else {
                    continue;
                };
                let seen = format!("{variable}={port}");
                claims.push(Claim { port, weight, evidence: maybe_at(path, *line, &seen) });
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

/// Ports of containers in manifests that are about this component: by name, or because there is no other.
pub(super) fn workload_claims(
    component: &Component<'_>,
    components: &[Component<'_>],
    tree: &Tree,
    signals: &Signals,
) -> Vec<Claim> {
    let mut claims = Vec::new();
    for (path, workloads) in tree.workloads() {
        if is_aside(&signals.files, path) || is_for_development(&signals.files, path) {
            continue;
        }
        for opened in &workloads.ports {
            let backing = opened.names.iter().any(|name| is_backing_image(name, signals));
            let own = !backing && is_about(component, components, &opened.names);
            if own && !BACKING_PORTS.contains(&opened.port) {
                let seen = format!("containerPort: {}", opened.port);
                claims.push(Claim { port: opened.port, weight: 4, evidence: at(path, opened.line, &seen) });
            }
        }
    }
    claims
}

fn is_backing_image(name: &str, signals: &Signals) -> bool {
    let mut engines = signals.databases.iter().chain(&signals.caches);
    signals.files.backing_images.iter().any(|one| one == name)
        || engines.any(|engine| engine.images.iter().any(|one| one == name))
}

/// Whether a workload of these names is about a component: it carries its name, or there is no other component.
pub(crate) fn is_about(component: &Component<'_>, components: &[Component<'_>], names: &[String]) -> bool {
    let other =
        |one: &Component<'_>| !one.aside && !one.manifests.is_empty() && one.folder != component.folder;
    if !components.iter().any(other) {
        return true;
    }
    let of_manifests = component
        .manifests
        .iter()
        .filter_map(|(_, manifest)| manifest.name.as_ref().map(|(name, _)| name.as_str()));
    // A folder of sources is named after nothing, the one around it after the component.
    let mut folders = component.folder.rsplit('/').filter(|part| !part.is_empty() && *part != "src");
    let known: Vec<&str> = of_manifests.chain(folders.next()).collect();
    names.iter().any(|name| known.iter().any(|own| name == own || name.ends_with(&format!("-{own}"))))
}

/// Ports that a container build hands to the program through variables: those that are known to mean a port, and those that the code
/// listens on.
pub(super) fn environment_claims(
    component: &Component<'_>,
    path: &str,
    dockerfile: &Dockerfile,
    signals: &Signals,
) -> Vec<Claim> {
    let said = dockerfile.shipped().into_iter().flat_map(|stage| &stage.environment);
    said.filter(|said| named_port_variable(component, &said.value.0, signals))
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

/// Ports that a documented default of the environment names; an example is no statement of production.
pub(super) fn example_claims(component: &Component<'_>, tree: &Tree, signals: &Signals) -> Vec<Claim> {
    let mut claims = Vec::new();
    for path in &component.files {
        let Some(crate::readers::Record::Example(variables)) = tree.record(path) else { continue };
        if is_for_development(&signals.files, &name(path).replace("example", "").replace("sample", "")) {
            continue;
        }
        for variable in variables.iter().filter(|one| !one.commented && listens_on(component, &one.name)) {
            let Some(port) = port_in_value(&variable.value) else { continue };
            let seen = format!("{}={port}", variable.name);
            claims.push(Claim { port, weight: 2, evidence: at(path, variable.line, &seen) });
        }
    }
    claims
}

/// Whether the code listens on what a variable holds.
pub(super) fn listens_on(component: &Component<'_>, variable: &str) -> bool {
    let mut listened = component.sources.iter().flat_map(|(_, source)| &source.listening_variables);
    listened.any(|one| one == variable)
}
