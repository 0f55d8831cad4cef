//! All reads of all components, by variable.

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::signals::Signals;

use super::names::{is_given, is_secret};
use super::{Around, By, Known, Read, Time};
use crate::component::Component;
use crate::decide::containers::{self, Purpose, compose_files};
use crate::evidence::{at, file, maybe_at};
use crate::glob;
use crate::readers::Record;
use crate::readers::manifest::Script;
use crate::readers::source::{Reading, VariableRead};
use crate::tree::{Tree, is_development_source, is_for_development, name, relative};

/// No more places are kept from examples for one variable.
const MOST_EVIDENCE: usize = 5;

/// Variables with their reads.
pub(super) fn all(around: &Around<'_, '_>) -> BTreeMap<String, Known> {
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    let scripts = start_scripts(around);
    for component in around.components.iter().filter(|component| !component.aside) {
        let skeleton = skeleton_of(component, around.signals);
        for (path, source) in &component.sources {
            if source.language == "shell" && !is_start_script(component, path, &scripts, around.signals) {
                continue;
            }
            let by = reader(component, path, &skeleton, &scripts, around.signals);
            for read in &source.variables {
                note(&mut known, path, read, by, around.signals);
            }
        }
        from_files(&mut known, component, around);
        from_layers(&mut known, component, around);
    }
    from_compose(&mut known, around.tree, around.signals);
    from_frameworks(&mut known, around);
    from_examples(&mut known, around);
    known
}

/// Patterns of the files that came with a component's frameworks.
fn skeleton_of(component: &Component<'_>, signals: &Signals) -> Vec<String> {
    let used = signals.frameworks.iter().filter(|row| {
        !row.skeleton.is_empty() && component.production_dependencies(&row.packages).next().is_some()
    });
    used.flat_map(|row| row.skeleton.iter().cloned()).collect()
}

fn reader(
    component: &Component<'_>,
    path: &str,
    skeleton: &[String],
    scripts: &[String],
    signals: &Signals,
) -> By {
    let rules = &signals.files;
    let in_tools = path.split('/').any(|part| rules.tool_folders.iter().any(|tool| tool == part));
    let below = relative(path, &component.folder).unwrap_or(path);
    if (in_tools && !is_named(path, scripts)) || is_development_source(rules, path) {
        By::Tool
    } else if glob::any(skeleton, below) {
        By::Skeleton
    } else {
        By::Application
    }
}

/// Commands by which something is built or starts in production.
fn start_scripts(around: &Around<'_, '_>) -> Vec<String> {
    let builds = containers::builds(around.tree).filter(|(_, _, purpose)| *purpose == Purpose::Production);
    let containers = builds.flat_map(|(_, dockerfile, _)| {
        dockerfile.shipped().into_iter().flat_map(|stage| [&stage.entrypoint, &stage.command])
    });
    let containers = containers.flatten().map(|said| said.value.clone());
    let services = around.services.iter().filter_map(|service| service.commands.start.clone());
    let manifests = around.components.iter().filter(|one| !one.aside).flat_map(|one| &one.manifests);
    let deployed = manifests.flat_map(|(_, manifest)| deployed(&manifest.scripts, around.signals));
    containers.chain(services).chain(deployed).collect()
}

/// The scripts of a manifest that build or start, with those that they run in turn.
fn deployed(scripts: &BTreeMap<String, Script>, signals: &Signals) -> Vec<String> {
    let mut open: Vec<&str> = signals.files.deployment_scripts.iter().map(String::as_str).collect();
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    let mut texts = Vec::new();
    while let Some(name) = open.pop() {
        let Some((name, script)) = scripts.get_key_value(name).filter(|(name, _)| taken.insert(name)) else {
            continue;
        };
        open.extend(script.text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';')));
        taken.insert(name);
        texts.push(script.text.clone());
    }
    texts
}

fn is_named(path: &str, commands: &[String]) -> bool {
    commands.iter().any(|command| {
        command
            .split(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | ';'))
            .any(|word| name(word) == name(path))
    })
}

fn is_start_script(component: &Component<'_>, path: &str, starts: &[String], signals: &Signals) -> bool {
    let below = relative(path, &component.folder).unwrap_or(path);
    is_named(path, starts) || glob::any(&signals.variables.entrypoints, below)
}

fn note(known: &mut BTreeMap<String, Known>, path: &str, read: &VariableRead, by: By, signals: &Signals) {
    let rules = &signals.variables;
    // A default in code may be a secret itself, so the line of a secret is not shown as it stands.
    let seen = if is_secret(&read.name, rules) { read.name.clone() } else { read.seen.clone() };
    let one = known.entry(read.name.clone()).or_default();
    one.reads.push(Read {
        by,
        reading: read.reading,
        default: read.default.clone(),
        evidence: at(path, read.line, &seen),
    });
    if by != By::Tool {
        let inlined = rules.build_prefixes.iter().any(|prefix| read.name.starts_with(prefix.as_str()));
        one.times.insert(if read.while_building || inlined { Time::Build } else { Time::Run });
    }
}

/// Placeholders in configurations and schemas.
fn from_files(known: &mut BTreeMap<String, Known>, component: &Component<'_>, around: &Around<'_, '_>) {
    for (path, record) in &component.records {
        match record {
            Record::AppConfig(config) if !path.contains("test") => {
                for read in &config.variables {
                    note(known, path, read, By::Application, around.signals);
                }
            }
            Record::Prisma(prisma) => {
                for (name, line) in &prisma.variables {
                    let read = read_of(name, Reading::Strict, *line, &format!("env(\"{name}\")"));
                    note(known, path, &read, By::Application, around.signals);
                }
            }
            _ => {}
        }
    }
}

fn read_of(name: &str, reading: Reading, line: u32, seen: &str) -> VariableRead {
    VariableRead {
        name: name.to_owned(),
        reading,
        default: None,
        while_building: false,
        line,
        seen: seen.to_owned(),
    }
}

/// Variables that override the keys of a layered configuration: prefix, then the key's path. The values of the files are the defaults,
/// production's own before the shared ones; those of a developer's machine are none.
fn from_layers(known: &mut BTreeMap<String, Known>, component: &Component<'_>, around: &Around<'_, '_>) {
    let layers = component.sources.iter().find_map(|(_, source)| source.layers.as_ref());
    let Some(layers) = layers else { return };
    for (path, record) in &component.records {
        let Record::AppConfig(config) = record else { continue };
        let development = is_for_development(&around.signals.files, path);
        for key in &config.keys {
            let name = format!("{}{}{}", layers.prefix, layers.after_prefix, key.path.join(&layers.between))
                .to_ascii_uppercase();
            let reading = if development { Reading::Strict } else { Reading::Optional };
            let default = (!development).then(|| key.value.clone());
            let read = VariableRead { default, ..read_of(&name, reading, key.line, &key.path.join(".")) };
            note(known, path, &read, By::Application, around.signals);
        }
    }
}

/// Variables that a framework reads although no line of the application names them.
fn from_frameworks(known: &mut BTreeMap<String, Known>, around: &Around<'_, '_>) {
    for component in around.components.iter().filter(|component| !component.aside) {
        for row in &around.signals.frameworks {
            if row.variables.is_empty() || component.production_dependencies(&row.packages).next().is_none() {
                continue;
            }
            for variable in &row.variables {
                if let Some(path) = component.matching(&variable.files).next() {
                    let reading = if variable.required { Reading::Strict } else { Reading::Optional };
                    let one = known.entry(variable.name.clone()).or_default();
                    one.reads.push(Read {
                        by: By::Framework,
                        reading,
                        default: None,
                        evidence: file(path, &format!("read by {}", row.id)),
                    });
                    one.times.insert(Time::Run);
                }
            }
        }
    }
}

/// What a production compose file asks the environment for (`${NAME:?message}`, `NAME` alone) or hands to the application.
fn from_compose(known: &mut BTreeMap<String, Known>, tree: &Tree, signals: &Signals) {
    let rules = &signals.variables;
    for (path, compose, development) in compose_files(tree) {
        if development {
            continue;
        }
        // Beside what is built here, an image alone is somebody else's program.
        let builds = compose.services.iter().any(|service| service.build.is_some());
        let own = compose.services.iter().filter(|service| service.build.is_some() || !builds);
        for service in own.filter(|service| containers::is_application(service, signals)) {
            for (name, value, line) in &service.environment {
                let plain = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
                    || name.contains("__") && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                if !plain || is_given(name, rules) {
                    continue;
                }
                let one = known.entry(name.clone()).or_default();
                // Where the code's own reads are known they decide; compose alone says that the variable exists.
                if one.reads.iter().any(|read| read.by != By::Tool) {
                    continue;
                }
                let required = value.as_deref().is_none_or(|value| value.contains(":?"));
                one.reads.push(Read {
                    by: By::Compose,
                    reading: if required { Reading::Plain } else { Reading::Optional },
                    default: value.clone().filter(|value| !value.is_empty() && !value.contains('$')),
                    evidence: maybe_at(path, *line, &format!("environment of {}", service.name)),
                });
                one.times.insert(Time::Run);
            }
        }
    }
}

/// Examples give defaults and say what is optional; alone they name no variable unless nothing in the code does.
fn from_examples(known: &mut BTreeMap<String, Known>, around: &Around<'_, '_>) {
    let rules = &around.signals.variables;
    let nothing_read = known.is_empty();
    for component in around.components.iter().filter(|component| !component.aside) {
        for (path, record) in &component.records {
            let Record::Example(variables) = record else { continue };
            for variable in variables {
                if nothing_read && !variable.commented {
                    let one = known.entry(variable.name.clone()).or_default();
                    one.reads.push(Read {
                        by: By::Example,
                        reading: Reading::Plain,
                        default: None,
                        evidence: at(path, variable.line, &variable.name),
                    });
                    let inlined =
                        rules.build_prefixes.iter().any(|prefix| variable.name.starts_with(prefix.as_str()));
                    one.times.insert(if inlined { Time::Build } else { Time::Run });
                }
                let Some(one) = known.get_mut(&variable.name) else { continue };
                let better =
                    one.documented.as_ref().is_none_or(|(_, commented)| *commented && !variable.commented);
                if !better {
                    continue;
                }
                let first = one.documented.is_none();
                one.documented = Some((variable.value.clone(), variable.commented));
                if first && one.reads.len() < MOST_EVIDENCE {
                    one.reads.push(Read {
                        by: By::Example,
                        reading: Reading::Tested,
                        default: None,
                        evidence: at(path, variable.line, &variable.name),
                    });
                }
            }
        }
    }
}

/// The names of all compose services: hosts that mean nothing outside of their network.
pub(super) fn hosts(tree: &Tree) -> Vec<&str> {
    compose_files(tree)
        .flat_map(|(_, compose, _)| &compose.services)
        .map(|service| service.name.as_str())
        .collect()
}
