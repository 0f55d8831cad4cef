//! The tables that siteplan keeps in a brief file → who gave each answer, and how it was confirmed.

use std::collections::BTreeMap;

use serde_json::Value;
use siteplan_catalog::Catalog;
use siteplan_model::gate::{Channel, Gate, Provenance};
use toml_edit::TableLike;

use crate::error::Outcome;
use crate::keys;
use crate::nearest::suggestion;
use crate::toml_source::{self, TomlSource};

/// What siteplan recorded of the answers.
#[derive(Clone, Debug, Default)]
pub(super) struct Recorded {
    /// Who gave each answer and how it was confirmed.
    pub(super) gates: BTreeMap<Gate, (Provenance, Option<Channel>)>,
    /// Who gave each setting.
    pub(super) settings: BTreeMap<String, Provenance>,
}

/// Who gave each answer and setting, and how the answers were confirmed, as siteplan recorded it.
pub(super) fn recorded(source: &TomlSource, catalog: &Catalog) -> Outcome<Recorded> {
    let empty = toml_edit::Table::new();
    let provenance = source.table("provenance")?.unwrap_or(&empty);
    let channels = source.table("channels")?.unwrap_or(&empty);
    let (mut recorded, mut settings) = (BTreeMap::new(), BTreeMap::new());
    for (key, _) in provenance.iter() {
        if keys::is_setting(catalog, key) {
            settings.insert(key.to_owned(), word(source, provenance, key)?);
            continue;
        }
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
    Ok(Recorded { gates: recorded, settings })
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
