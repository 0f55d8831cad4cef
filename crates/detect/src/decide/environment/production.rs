//! What a deployed application needs a variable to be, where that is certain; which values are those of a developer's machine.

use siteplan_catalog::signals::VariableRules;
use siteplan_model::survey::{DefaultUse, EnvironmentVariable, VariableTime};

use super::names::has_word;
use super::{Around, By, Known};
use crate::decide::frameworks;
use crate::evidence::at;
use crate::readers::source::Reading;
use crate::tree::{name as file_name, relative};

/// The variable by which Django finds its settings.
const SETTINGS_MODULE: &str = "DJANGO_SETTINGS_MODULE";

/// Names of the settings of production, without their ending.
const OF_PRODUCTION: [&str; 2] = ["production", "prod"];

/// The value that is certain: a mode that every runtime knows, or the other side of a switch that the code leaves on.
pub(super) fn value(name: &str, one: &Known, around: &Around<'_, '_>) -> Option<String> {
    let rules = &around.signals.variables;
    let known = rules.deployed.iter().filter(|row| row.names.iter().any(|known| known == name));
    let meant = known.into_iter().find(|row| row.frameworks.is_empty() || uses(around, &row.frameworks));
    let mut fallback = one.reads.iter().filter(|read| matches!(read.by, By::Application | By::Skeleton));
    let fallback = fallback.find_map(|read| read.default.as_deref());
    if let Some(row) = meant {
        return Some(row.value.clone()).filter(|value| fallback != Some(value.as_str()));
    }
    let switch = is_switch(name, rules);
    if !switch && !rules.mode_names.iter().any(|mode| mode == name) {
        return None;
    }
    // An example is a developer's own file: only what the code does without a value must be turned round, or what it insists on.
    let strict = one.reads.iter().any(|read| read.reading == Reading::Strict && read.default.is_none());
    let example = || one.documented.as_ref().map(|(value, _)| value.as_str()).filter(|_| strict);
    rules.counterparts.get(fallback.or_else(example)?.trim()).cloned()
}

/// Whether a variable switches debugging on.
fn is_switch(name: &str, rules: &VariableRules) -> bool {
    let last = name.rsplit('_').next().unwrap_or_default();
    rules.debug_words.iter().any(|word| word == last)
}

/// Whether a value is one of development: a mode, a switch for debugging, an address of this machine.
pub(super) fn is_developments(name: &str, value: &str, rules: &VariableRules) -> bool {
    let lower = value.trim().to_ascii_lowercase();
    let turned = rules.counterparts.contains_key(value.trim());
    let word = turned && lower.chars().any(|c| c.is_ascii_alphabetic()) && !is_boolean(&lower);
    let local = rules.local_addresses.iter().any(|part| lower.contains(part.as_str()));
    let listens = has_word(name, &rules.listen_words)
        || name.rsplit('_').next().is_some_and(|last| rules.host_endings.iter().any(|one| one == last));
    word || turned && is_switch(name, rules) || local && !listens
}

fn is_boolean(lower: &str) -> bool {
    matches!(lower, "true" | "on" | "yes")
}

fn uses(around: &Around<'_, '_>, wanted: &[String]) -> bool {
    let own = around.components.iter().filter(|component| !component.aside);
    own.into_iter().any(|component| {
        let used = frameworks::of(component, around.signals);
        used.iter().any(|one| wanted.contains(&one.framework.id))
    })
}

/// Django's settings of production, where programs of the repository fall back to others.
pub(super) fn settings_module(around: &Around<'_, '_>) -> Option<EnvironmentVariable> {
    around.components.iter().filter(|component| !component.aside).find_map(|component| {
        let own = OF_PRODUCTION.iter().find_map(|stem| {
            let named = format!("{stem}.py");
            component.files.iter().find(|path| {
                let home = crate::tree::folder(path);
                file_name(path) == named && file_name(home) == "settings"
            })
        })?;
        // Modules are named from the folder of the program that starts Django.
        let manage = component.files.iter().find(|path| file_name(path) == "manage.py")?;
        let below = relative(own, crate::tree::folder(manage))?;
        let module = below.strip_suffix(".py")?.replace('/', ".");
        let fallback = component.sources.iter().find_map(|(path, source)| {
            let read = source.variables.iter().find(|read| read.name == SETTINGS_MODULE)?;
            let other = read.default.as_deref().is_some_and(|default| default != module);
            other.then(|| at(path, read.line, &read.seen))
        })?;
        Some(EnvironmentVariable {
            name: SETTINGS_MODULE.to_owned(),
            secret: false,
            required: true,
            when: VariableTime::Run,
            default: None,
            default_use: DefaultUse::None,
            deployed: Some(module),
            evidence: vec![fallback],
        })
    })
}
