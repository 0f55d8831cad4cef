//! The tables that siteplan keeps in a brief file → who gave each answer, and how it was confirmed.

use std::collections::BTreeMap;

use serde_json::Value;
use siteplan_model::gate::{Channel, Gate, Provenance};
use toml_edit::TableLike;

use crate::error::Outcome;
use crate::nearest::suggestion;
use crate::toml_source::{self, TomlSource};

/// Who gave each answer and how it was confirmed, as siteplan recorded it.
pub(super) fn recorded(source: &TomlSource) -> Outcome<BTreeMap<Gate, (Provenance, Option<Channel>)>> {
    let empty = toml_edit::Table::new();
    let provenance = source.table("provenance")?.unwrap_or(&empty);
    let channels = source.table("channels")?.unwrap_or(&empty);
    let mut recorded = BTreeMap::new();
    for (key, _) in provenance.iter() {
        let gate = gate(source, provenance, key)?;
        recorded.insert(gate, (word(source, provenance, key)?, None));
    }
    for (key, _) in channels.iter() {
        let gate = gate(source, channels, key)?;
        let channel = word(source, channels, key)?;
        if let Some((_, recorded)) = recorded.get_mut(&gate) {
            *recorded = Some(channel);
        }
    }
    Ok(recorded)
}

fn gate(source: &TomlSource, table: &dyn TableLike, key: &str) -> Outcome<Gate> {
    let known = Gate::ALL.map(Gate::key);
    key.parse().map_err(|()| source.wrong(table, key, &format!("is no answer{}", suggestion(key, known))))
}

fn word<T: serde::de::DeserializeOwned>(source: &TomlSource, table: &dyn TableLike, key: &str) -> Outcome<T> {
    let words = table.get(key).and_then(toml_source::words).unwrap_or_default();
    serde_json::from_value(Value::from(words))
        .map_err(|error| source.wrong(table, key, &format!("is wrong: {error}")))
}

/// The channel of an answer whose record has none.
pub(super) fn usual_channel(provenance: Provenance) -> Option<Channel> {
    match provenance {
        Provenance::Person => Some(Channel::Terminal),
        Provenance::Flag => Some(Channel::Flag),
        Provenance::File | Provenance::Imported => Some(Channel::File),
        Provenance::Detected | Provenance::Default => Some(Channel::Default),
        Provenance::Assistant => None,
    }
}
