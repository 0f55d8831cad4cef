//! The names that answers and settings have in files, flags and the environment.

use siteplan_catalog::Catalog;
use siteplan_model::gate::Gate;
use siteplan_model::id::{CodeHostId, DatabaseServiceId, PlatformId, SecretsServiceId};

use crate::error::Failure;
use crate::nearest::suggestion;

/// Exact numbers that narrow the answer of a gate.
const NUMBERS: [(&str, Gate); 3] =
    [("users", Gate::Scale), ("requests_per_month", Gate::Scale), ("max_usd_per_month", Gate::Budget)];

/// The gate that an answer's key belongs to, be it the gate's own key or that of a number.
pub(crate) fn gate_of(key: &str) -> Option<Gate> {
    let number = || NUMBERS.iter().find(|(number, _)| *number == key).map(|(_, gate)| *gate);
    key.parse().ok().or_else(number)
}

/// What a key says something about: a number that narrows an answer speaks of that answer. A count of requests stands beside the
/// scale and decides the load, whatever band is answered.
pub(crate) fn subject_of(key: &str) -> &str {
    const BESIDE: &str = "requests_per_month";
    if key == BESIDE { key } else { gate_of(key).map_or(key, |gate| gate.key()) }
}

/// The numbers that belong to a gate.
pub(crate) fn numbers_of(gate: Gate) -> impl Iterator<Item = &'static str> {
    NUMBERS.into_iter().filter(move |(_, of)| *of == gate).map(|(number, _)| number)
}

/// The keys of answers, each number behind its gate.
pub(crate) fn answers() -> Vec<&'static str> {
    Gate::ALL.into_iter().flat_map(|gate| std::iter::once(gate.key()).chain(numbers_of(gate))).collect()
}

/// The keys of settings: those of the catalog, and the assumptions and totals of the cost.
pub(crate) fn settings(catalog: &Catalog) -> Vec<&str> {
    let settings = catalog.settings.setting.iter().map(|setting| setting.key.as_str());
    settings.chain(catalog.usage.keys()).collect()
}

/// Whether a key is a setting's.
pub(crate) fn is_setting(catalog: &Catalog, key: &str) -> bool {
    settings(catalog).contains(&key)
}

/// What can be answered at a gate, by the words of files and flags; empty where any text can.
pub(crate) fn choices(catalog: &Catalog, gate: Gate) -> Vec<&str> {
    match gate {
        Gate::Platform => catalog.platforms.keys().map(PlatformId::as_str).collect(),
        Gate::CodeHost => catalog.ci_hosts.keys().map(CodeHostId::as_str).collect(),
        Gate::DatabaseService => catalog.data_services.keys().map(DatabaseServiceId::as_str).collect(),
        Gate::SecretsService => catalog.secrets_services.keys().map(SecretsServiceId::as_str).collect(),
        _ => {
            let question = catalog.questions.question.iter().find(|question| question.gate == gate);
            let choices = question.into_iter().flat_map(|question| &question.choice);
            choices.map(|choice| choice.value.as_str()).collect()
        }
    }
}

/// The failure of a key that is neither an answer nor a setting.
pub(crate) fn unknown(catalog: &Catalog, key: &str, place: &str) -> Failure {
    let known: Vec<&str> = answers().into_iter().chain(settings(catalog)).collect();
    let near = suggestion(key, known);
    Failure::input(format!("{place} names `{key}`, which is neither an answer nor a setting{near}"))
        .hint(format!("the answers are {}", answers().join(", ")))
        .hint(format!("the settings are {}", settings(catalog).join(", ")))
}
