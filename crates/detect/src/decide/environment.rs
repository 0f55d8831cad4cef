//! Reads in code, configurations, examples → the environment variables of the application.
//!
//! A value is shown only for a variable that is no secret by its name, and never out of a real `.env`.

use std::collections::BTreeMap;

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
    build: bool,
    run: bool,
    documented: Option<(String, bool)>,
}

/// Variables that the code of the application reads, sorted by name.
pub(crate) fn of(components: &[Component<'_>], tree: &Tree, signals: &Signals) -> Vec<EnvironmentVariable> {
    let rules = &signals.variables;
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    for component in components.iter().filter(|component| !component.aside) {
        for (path, source) in &component.sources {
            for read in &source.variables {
                note(&mut known, path, read, rules);
            }
        }
        for path in &component.files {
            match tree.record(path) {
                Some(Record::AppConfig(config)) if !path.contains("test") => {
                    config.variables.iter().for_each(|read| note(&mut known, path, read, rules));
                }
                Some(Record::Prisma(prisma)) => {
                    for (name, line) in &prisma.variables {
                        let read = strict(name, *line, &format!("env(\"{name}\")"));
                        note(&mut known, path, &read, rules);
                    }
                }
                _ => {}
            }
        }
    }
    add_compose(&mut known, tree, signals);
    add_examples(&mut known, components, tree, rules);
    known
        .into_iter()
        .filter(|(name, one)| !is_given(name, rules) && (!one.reads.is_empty()))
        .map(|(name, one)| variable(name, one, rules))
        .collect()
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

fn note(known: &mut BTreeMap<String, Known>, path: &str, read: &VariableRead, rules: &VariableRules) {
    let one = known.entry(read.name.clone()).or_default();
    let secret = is_secret(&read.name, rules);
    // A default in code may be a secret itself, so the line of a secret is not shown as it stands.
    let seen = if secret { read.name.clone() } else { read.seen.clone() };
    one.reads.push((read.reading, at(path, read.line, &seen)));
    if one.default.is_none() && !secret {
        one.default.clone_from(&read.default);
    }
    let inlined = rules.build_prefixes.iter().any(|prefix| read.name.starts_with(prefix.as_str()));
    if read.while_building || inlined {
        one.build = true;
    } else {
        one.run = true;
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
                    one.reads.push((reading, maybe_at(path, *line, &format!("environment of {}", service.name))));
                    one.run = true;
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
    !engines.into_iter().any(|engine| engine.images.contains(&name)) && !super::containers::is_backing(service)
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
                    one.build |= rules.build_prefixes.iter().any(|prefix| variable.name.starts_with(prefix.as_str()));
                    one.run |= !one.build;
                }
                if let Some(one) = known.get_mut(&variable.name) {
                    if one.documented.is_none() {
                        one.documented = Some((variable.value.clone(), variable.commented));
                        if one.reads.len() < MOST_EVIDENCE {
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
    let tested = one.default.is_some();
    let never = rules.never_required.contains(&name);
    let required = !never && !commented && !tested && (strict || plain);
    let default = if secret {
        None
    } else {
        one.default.or_else(|| {
            one.documented.map(|(value, _)| value).filter(|value| !value.is_empty() && !looks_secret(value))
        })
    };
    let when = match (one.build, one.run) {
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
    let public = words.iter().any(|word| rules.public_words.iter().any(|public| public == word));
    (ending || word) && !public
}

/// Whether a value gives a password away although the name does not (`https://user:pass@host`).
fn looks_secret(value: &str) -> bool {
    value.split_once("://").is_some_and(|(_, rest)| rest.split('/').next().is_some_and(|host| host.contains('@')))
        || ["sk_live", "sk_test", "ghp_", "AKIA", "-----BEGIN", "xox"].iter().any(|start| value.contains(start))
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
        for name in ["DATABASE_URL", "STRIPE_API_KEY", "SECRET_KEY_BASE", "JWT_SECRET", "SMTP_PASSWORD", "BOT_TOKEN", "SENTRY_DSN"] {
            assert!(is_secret(name, &rules), "{name}");
        }
        for name in ["PORT", "NEXT_PUBLIC_API_KEY", "ACCESS_TOKEN_EXPIRE_MINUTES", "PUBLIC_KEY", "KEYCLOAK_REALM"] {
            assert!(!is_secret(name, &rules), "{name}");
        }
    }

    #[test]
    fn passwords_in_addresses_are_not_shown() {
        assert!(looks_secret("amqp://guest:guest@localhost"));
        assert!(!looks_secret("http://localhost:3000"));
    }
}
