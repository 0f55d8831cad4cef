//! The reads of one variable → whether it is secret, required, when it is read, and the default that is shown.

use siteplan_model::fact::Evidence;
use siteplan_model::survey::{DefaultUse, EnvironmentVariable, VariableTime};

use super::names::{Worth, has_word, is_secret, looks_secret, worth};
use super::{Around, By, Known, Read, Time, gather, production};
use crate::readers::source::Reading;

/// No more places are kept for one variable.
const MOST_EVIDENCE: usize = 5;

/// Judges a variable.
pub(super) fn variable(name: String, mut one: Known, around: &Around<'_, '_>) -> EnvironmentVariable {
    // What a tool does without a value says nothing of the application.
    one.reads.retain(|read| read.by != By::Tool);
    let secret = is_secret(&name, &around.signals.variables);
    let required = is_required(&name, &one, secret, around);
    let (default, default_use) =
        if secret { (None, DefaultUse::None) } else { shown_default(&name, &one, around) };
    let deployed = if secret { None } else { production::value(&name, &one, around) };
    let when = match (one.times.contains(&Time::Build), one.times.contains(&Time::Run)) {
        (true, true) => VariableTime::Both,
        (true, false) => VariableTime::Build,
        _ => VariableTime::Run,
    };
    let mut evidence: Vec<Evidence> = one.reads.into_iter().map(|read| read.evidence).collect();
    evidence.dedup();
    evidence.truncate(MOST_EVIDENCE);
    EnvironmentVariable { name, secret, required, when, default, default_use, deployed, evidence }
}

/// The default that the code falls back to, else the one of an example, and what production makes of it.
fn shown_default(name: &str, one: &Known, around: &Around<'_, '_>) -> (Option<String>, DefaultUse) {
    let shown = |value: &String| !value.is_empty() && value.len() <= 120 && !looks_secret(value);
    let by = |own: bool| {
        let reads = one.reads.iter().filter(move |read| own != matches!(read.by, By::Compose | By::Example));
        reads.filter_map(|read| read.default.clone()).find(shown)
    };
    let of_code = by(true);
    let from_code = of_code.is_some();
    let documented = || one.documented.as_ref().map(|(value, _)| value.clone()).filter(shown);
    let default = of_code.or_else(|| by(false)).or_else(documented);
    let hosts = gather::hosts(around.tree);
    let usable = default.as_ref().is_some_and(|value| {
        worth(name, value, &hosts, around.signals) == Worth::Usable
            && !production::is_developments(name, value, &around.signals.variables)
    });
    let use_ = match (usable, from_code) {
        (false, _) => DefaultUse::None,
        (true, true) => DefaultUse::Code,
        (true, false) => DefaultUse::Example,
    };
    (default, use_)
}

/// Whether the application cannot run in production without a value of somebody's own.
fn is_required(name: &str, one: &Known, secret: bool, around: &Around<'_, '_>) -> bool {
    let rules = &around.signals.variables;
    let alternative = rules.alternative_endings.iter().any(|ending| name.ends_with(ending.as_str()));
    if alternative
        || rules.never_required.iter().any(|never| never == name)
        || has_word(name, &rules.test_words)
    {
        return false;
    }
    let reads = |by: &[By]| one.reads.iter().filter(|read| by.contains(&read.by)).collect::<Vec<&Read>>();
    let framework = reads(&[By::Framework]);
    if let Some(read) = framework.first() {
        return read.reading == Reading::Strict && connects(name, around) != Some(false);
    }
    let own = reads(&[By::Application, By::Compose, By::Example]);
    let any = |reading: Reading| own.iter().any(|read| read.reading == reading);
    let commented = one.documented.as_ref().is_some_and(|(_, commented)| *commented);
    let documented = one.documented.is_some() && !commented;
    let hosts = gather::hosts(around.tree);
    let worths: Vec<Worth> = own
        .iter()
        .filter_map(|read| read.default.as_deref())
        .map(|value| worth(name, value, &hosts, around.signals))
        .collect();
    if worths.contains(&Worth::Usable) {
        return false;
    }
    if any(Reading::Strict) {
        return true;
    }
    // A database or cache that production does not use needs no address either.
    let connected = connects(name, around);
    if connected == Some(false) {
        return false;
    }
    // Without somebody else's key or address only that part is off.
    let foreign = has_word(name, &rules.foreign_words) || is_third_party(name, around);
    // A fallback that is computed, and a test for absence, both know how to do without.
    let can_do_without = own.iter().any(|read| read.by != By::Example && read.reading == Reading::Tested)
        || own.iter().any(|read| read.reading == Reading::Optional && read.default.is_none());
    if worths.contains(&Worth::StandIn) {
        let local = own.iter().filter_map(|read| read.default.as_deref()).any(|value| {
            rules.local_addresses.iter().any(|part| value.to_ascii_lowercase().contains(part.as_str()))
        });
        // What listens on this machine, or what somebody else may run on it, can stay here.
        let host =
            name.rsplit('_').next().is_some_and(|last| rules.host_endings.iter().any(|one| one == last));
        let stays = local && (foreign || host && !documented && connected != Some(true));
        return secret || !stays;
    }
    if worths.contains(&Worth::Empty) {
        let own_secret = secret && has_word(name, &rules.own_secret_words) && !foreign;
        let database = connected == Some(true) && !is_password(name, around);
        // Who documents a value to be replaced wants it replaced.
        let to_replace = one.documented.as_ref().is_some_and(|(value, commented)| {
            !commented && worth(name, value, &hosts, around.signals) == Worth::StandIn
        });
        let own_documented = secret && documented && !foreign && !is_password(name, around);
        let wanted = own_secret || database || to_replace || own_documented;
        return !can_do_without && wanted;
    }
    let address = has_word(name, &rules.address_words) && documented;
    // The last word says what of the connection it is: `DATABASE_MAX_CONNECTIONS` is no part of the address.
    let last = name.rsplit('_').next().unwrap_or_default();
    let part = connected == Some(true) && has_word(last, &rules.connection_parts);
    any(Reading::Plain) && !can_do_without && !commented && !foreign && (secret || address || part)
}

/// An empty password is one that a cache or mail server may not ask for.
fn is_password(name: &str, around: &Around<'_, '_>) -> bool {
    has_word(name, &around.signals.variables.password_words)
}

fn is_third_party(name: &str, around: &Around<'_, '_>) -> bool {
    let rows = &around.signals.external_services;
    rows.iter().flat_map(|row| &row.variables).any(|start| name.starts_with(start.as_str()))
}

/// Whether a variable that speaks of a database or cache speaks of one that production connects to; `None` if it speaks of none.
fn connects(name: &str, around: &Around<'_, '_>) -> Option<bool> {
    let signals = around.signals;
    let rules = &signals.variables;
    let used: Vec<&str> = around
        .databases
        .iter()
        .filter(|fact| !fact.optional)
        .map(|fact| fact.fact.value.as_str())
        .chain(around.caches.iter().map(|fact| fact.fact.value.as_str()))
        .collect();
    let engines = || signals.databases.iter().chain(&signals.caches);
    let mut named = engines().filter(|engine| has_word(name, &engine.words)).peekable();
    if named.peek().is_some() {
        // A driver of one engine may be what speaks to another (`MYSQL_HOST` of a MariaDB).
        return Some(named.any(|engine| {
            let alike = |id: &str| {
                engines().any(|other| other.id == id && other.speaks_as.as_ref() == Some(&engine.id))
            };
            used.iter().any(|id| *id == engine.id || alike(id))
        }));
    }
    if !has_word(name, &rules.database_words) {
        return None;
    }
    let main = around.databases.iter().find(|fact| !fact.optional)?;
    let engine = signals.databases.iter().find(|engine| engine.id == main.fact.value)?;
    Some(!engine.embedded)
}
