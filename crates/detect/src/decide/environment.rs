//! Reads in code, configurations, examples → the environment variables of the application.
//!
//! A value is shown only for a variable that is no secret by its name, and never out of a real `.env`.

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::signals::{Signals, VariableRules};
use siteplan_model::fact::Evidence;
use siteplan_model::survey::{EnvironmentVariable, VariableTime};

use super::containers::compose_files;
use crate::component::Component;
use crate::evidence::{at, maybe_at};
use crate::readers::Record;
use crate::readers::source::{Reading, VariableRead};
use crate::tree::Tree;

/// No more places are kept for one variable.
const MOST_EVIDENCE: usize = 5;

/// What is known of one variable.
#[derive(Debug, Default)]
struct Known {
    reads: Vec<(Reading, Evidence)>,
    default: Option<String>,
    times: BTreeSet<Time>,
    documented: Option<(String, bool)>,
    /// Whether some read gives a default, shown or not.
    defaulted: bool,
    /// Whether only tools of the developers read it.
    only_tools: bool,
}

/// When a read happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Time {
    Build,
    Run,
}

/// Variables that the code of the application reads, sorted by name.
pub(crate) fn of(components: &[Component<'_>], tree: &Tree, signals: &Signals) -> Vec<EnvironmentVariable> {
    let rules = &signals.variables;
    let tools = &signals.files.tool_folders;
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    for component in components.iter().filter(|component| !component.aside) {
        for (path, source) in &component.sources {
            for read in &source.variables {
                note(&mut known, path, read, rules, tools);
            }
        }
        for path in &component.files {
            match tree.record(path) {
                Some(Record::AppConfig(config)) if !path.contains("test") => {
                    config.variables.iter().for_each(|read| note(&mut known, path, read, rules, tools));
                }
                Some(Record::Prisma(prisma)) => {
                    for (name, line) in &prisma.variables {
                        let read = strict(name, *line, &format!("env(\"{name}\")"));
                        note(&mut known, path, &read, rules, tools);
                    }
                }
                _ => {}
            }
        }
        for read in layered(component, tree) {
            note(&mut known, &read.0, &read.1, rules, tools);
        }
    }
    add_compose(&mut known, tree, signals);
    add_implied(&mut known, components, signals);
    add_examples(&mut known, components, tree, rules);
    known
        .into_iter()
        .filter(|(name, one)| {
            let strict = one.reads.iter().any(|(reading, _)| *reading == Reading::Strict);
            (strict || !is_given(name, rules)) && !one.reads.is_empty()
        })
        .map(|(name, one)| variable(name, one, rules))
        .collect()
}

/// Variables that override the keys of a layered configuration: prefix, then the key's path.
fn layered(component: &Component<'_>, tree: &Tree) -> Vec<(String, VariableRead)> {
    let layers = component.sources.iter().find_map(|(_, source)| source.layers.as_ref());
    let Some(layers) = layers else { return Vec::new() };
    let mut found = Vec::new();
    for path in &component.files {
        let Some(Record::AppConfig(config)) = tree.record(path) else { continue };
        for (keys, line) in &config.keys {
            let name = format!("{}{}{}", layers.prefix, layers.after_prefix, keys.join(&layers.between))
                .to_ascii_uppercase();
            let read = VariableRead { reading: Reading::Plain, ..strict(&name, *line, &keys.join(".")) };
            found.push(((*path).to_owned(), read));
        }
    }
    found
}

fn strict(name: &str, line: u32, seen: &str) -> VariableRead {
    VariableRead {
        name: name.to_owned(),
        reading: Reading::Strict,
        default: None,
        while_building: false,
        line,
        seen: seen.to_owned(),
    }
}

fn note(
    known: &mut BTreeMap<String, Known>,
    path: &str,
    read: &VariableRead,
    rules: &VariableRules,
    tools: &[String],
) {
    let one = known.entry(read.name.clone()).or_default();
    let secret = is_secret(&read.name, rules);
    // A default in code may be a secret itself, so the line of a secret is not shown as it stands.
    let seen = if secret { read.name.clone() } else { read.seen.clone() };
    let by_tool = tools.iter().any(|tool| path.split('/').any(|part| part == tool));
    one.only_tools = by_tool && (one.only_tools || one.reads.is_empty());
    one.defaulted |= read.reading == Reading::Optional;
    one.reads.push((read.reading, at(path, read.line, &seen)));
    if one.default.is_none() && !secret {
        one.default.clone_from(&read.default);
    }
    let inlined = rules.build_prefixes.iter().any(|prefix| read.name.starts_with(prefix.as_str()));
    one.times.insert(if read.while_building || inlined { Time::Build } else { Time::Run });
}

/// Variables that a framework reads although no line of the application names them.
fn add_implied(known: &mut BTreeMap<String, Known>, components: &[Component<'_>], signals: &Signals) {
    for component in components.iter().filter(|component| !component.aside) {
        for row in &signals.frameworks {
            if row.variables.is_empty() || component.production_dependencies(&row.packages).next().is_none() {
                continue;
            }
            for variable in &row.variables {
                if let Some(path) = component.matching(&variable.files).next() {
                    let one = known.entry(variable.name.clone()).or_default();
                    one.reads
                        .push((Reading::Strict, crate::evidence::file(path, &format!("read by {}", row.id))));
                    one.times.insert(Time::Run);
                }
            }
        }
    }
}

/// What a production compose file asks the environment for (`${NAME:?message}`, `NAME` alone) or hands to the application.
fn add_compose(known: &mut BTreeMap<String, Known>, tree: &Tree, signals: &Signals) {
    for (path, compose, development) in compose_files(tree, signals) {
        if development {
            continue;
        }
        for service in compose.services.iter().filter(|service| is_application(service, signals)) {
            for (name, value, line) in &service.environment {
                let plain = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
                if !plain || is_given(name, &signals.variables) {
                    continue;
                }
                let one = known.entry(name.clone()).or_default();
                let already = !one.reads.is_empty();
                let required = value.as_deref().is_none_or(|value| value.contains(":?"));
                // Where the code's own reads are known they decide; compose alone says that the variable exists.
                if !already {
                    let reading = if required { Reading::Plain } else { Reading::Optional };
                    one.reads
                        .push((reading, maybe_at(path, *line, &format!("environment of {}", service.name))));
                    one.times.insert(Time::Run);
                    let shown = value.clone().filter(|value| !value.is_empty() && !value.contains('$'));
                    if !is_secret(name, &signals.variables) {
                        one.default = shown;
                    }
                }
            }
        }
    }
}

fn is_application(service: &crate::readers::compose::ComposeService, signals: &Signals) -> bool {
    if service.build.is_some() {
        return true;
    }
    let Some(image) = service.image.as_deref() else { return false };
    let (name, _) = crate::readers::compose::image_parts(image);
    let engines = signals.databases.iter().chain(&signals.caches);
    !engines.into_iter().any(|engine| engine.images.contains(&name))
        && !super::containers::is_backing(service, signals)
}

/// Examples give defaults and say what is optional; alone they name no variable unless nothing in the code does.
fn add_examples(
    known: &mut BTreeMap<String, Known>,
    components: &[Component<'_>],
    tree: &Tree,
    rules: &VariableRules,
) {
    let nothing_read = known.is_empty();
    for component in components.iter().filter(|component| !component.aside) {
        for path in &component.files {
            let Some(Record::Example(variables)) = tree.record(path) else { continue };
            for variable in variables {
                if nothing_read && !variable.commented {
                    let one = known.entry(variable.name.clone()).or_default();
                    one.reads.push((Reading::Plain, at(path, variable.line, &variable.name)));
                    let inlined =
                        rules.build_prefixes.iter().any(|prefix| variable.name.starts_with(prefix.as_str()));
                    one.times.insert(if inlined { Time::Build } else { Time::Run });
                }
                if let Some(one) = known.get_mut(&variable.name) {
                    let better = one
                        .documented
                        .as_ref()
                        .is_none_or(|(_, commented)| *commented && !variable.commented);
                    if better {
                        let first = one.documented.is_none();
                        one.documented = Some((variable.value.clone(), variable.commented));
                        if first && one.reads.len() < MOST_EVIDENCE {
                            one.reads.push((Reading::Optional, at(path, variable.line, &variable.name)));
                        }
                    }
                }
            }
        }
    }
}

fn variable(name: String, one: Known, rules: &VariableRules) -> EnvironmentVariable {
    let secret = is_secret(&name, rules);
    let commented = one.documented.as_ref().is_some_and(|(_, commented)| *commented);
    let code_reads = one.reads.iter().map(|(reading, _)| *reading);
    let strict = code_reads.clone().any(|reading| reading == Reading::Strict);
    let plain = code_reads.clone().any(|reading| reading == Reading::Plain);
    // Where a default or a test for its absence is known, another plain read does not make it needed.
    let optional = one.default.is_some()
        || code_reads.clone().any(|reading| reading == Reading::Tested)
        || one.defaulted;
    let documented = one.documented.is_some() && !commented;
    let never = rules.never_required.contains(&name);
    let missed = strict && one.default.is_none() || plain && !optional && (secret || documented);
    let required = !never && !one.only_tools && missed && (strict || !commented);
    let default = if secret {
        None
    } else {
        one.default.or_else(|| {
            one.documented.map(|(value, _)| value).filter(|value| !value.is_empty() && !looks_secret(value))
        })
    };
    let when = match (one.times.contains(&Time::Build), one.times.contains(&Time::Run)) {
        (true, true) => VariableTime::Both,
        (true, false) => VariableTime::Build,
        _ => VariableTime::Run,
    };
    let mut evidence: Vec<Evidence> = one.reads.into_iter().map(|(_, seen)| seen).collect();
    evidence.dedup();
    evidence.truncate(MOST_EVIDENCE);
    EnvironmentVariable { name, secret, required, when, default, evidence }
}

/// Whether a value must be kept secret, by the variable's name.
pub(crate) fn is_secret(name: &str, rules: &VariableRules) -> bool {
    let upper = name.to_ascii_uppercase();
    // What is inlined into a browser bundle is public, whatever it is called.
    if rules.build_prefixes.iter().any(|prefix| upper.starts_with(prefix.as_str())) {
        return false;
    }
    let words: Vec<&str> = upper.split('_').collect();
    let ending = rules.secret_endings.iter().any(|ending| upper.ends_with(ending.as_str()));
    let word = words.iter().any(|word| rules.secret_words.iter().any(|secret| secret == word));
    let last = words.last().copied().unwrap_or_default();
    let public = words.iter().any(|word| rules.public_words.iter().any(|public| public == word))
        || rules.public_endings.iter().any(|ending| ending == last);
    let address = upper.ends_with("_URL") || upper.ends_with("_URI") || upper.ends_with("_DSN");
    let connection = address && words.iter().any(|word| rules.connection_words.iter().any(|one| one == word));
    (ending || word || connection) && !public
}

/// Whether a value gives a password away although the name does not (`https://user:pass@host`).
fn looks_secret(value: &str) -> bool {
    value
        .split_once("://")
        .is_some_and(|(_, rest)| rest.split('/').next().is_some_and(|host| host.contains('@')))
        || ["sk_live", "sk_test", "ghp_", "AKIA", "-----BEGIN", "xox"]
            .iter()
            .any(|start| value.contains(start))
}

/// Whether shell, runtime, CI or build tool give a variable, so that nobody sets it for the application.
fn is_given(name: &str, rules: &VariableRules) -> bool {
    rules.given.iter().any(|given| given == name)
        || rules.given_prefixes.iter().any(|prefix| name.starts_with(prefix.as_str()))
}

#[cfg(test)]
mod tests {
    use super::{is_secret, looks_secret};
    use siteplan_catalog::signals::Signals;

    #[test]
    fn secrets_are_known_by_name() {
        let rules = Signals::builtin().expect("built-in").variables;
        for name in [
            "DATABASE_URL",
            "STRIPE_API_KEY",
            "SECRET_KEY_BASE",
            "JWT_SECRET",
            "SMTP_PASSWORD",
            "BOT_TOKEN",
            "SENTRY_DSN",
            "CLICKHOUSE_URL",
        ] {
            assert!(is_secret(name, &rules), "{name}");
        }
        for name in
            ["PORT", "NEXT_PUBLIC_API_KEY", "ACCESS_TOKEN_EXPIRE_MINUTES", "PUBLIC_KEY", "KEYCLOAK_REALM"]
        {
            assert!(!is_secret(name, &rules), "{name}");
        }
    }

    #[test]
    fn passwords_in_addresses_are_not_shown() {
        assert!(looks_secret("amqp://guest:guest@localhost"));
        assert!(!looks_secret("http://localhost:3000"));
    }
}
