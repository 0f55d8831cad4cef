//! `gates.jsonl`: who confirmed which gate, through which channel, when. Lines are only ever added.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use siteplan_model::Date;
use siteplan_model::brief::Brief;
use siteplan_model::gate::{Channel, Gate, Provenance};

use crate::error::{Failure, Outcome};

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Entry {
    gate: Gate,
    value: Value,
    provenance: Provenance,
    channel: Channel,
    date: Date,
}

impl Entry {
    /// Whether two lines tell the same, whenever they were written.
    fn tells_the_same(&self, other: &Self) -> bool {
        (&self.value, self.provenance, self.channel) == (&other.value, other.provenance, other.channel)
    }
}

/// The log with one line more for each gate whose answer, provenance or channel is not what its last line says.
pub(crate) fn extended(existing: Option<&str>, brief: &Brief) -> Outcome<String> {
    let mut text = existing.unwrap_or_default().to_owned();
    let mut latest: BTreeMap<Gate, Entry> = BTreeMap::new();
    // A line that is not ours is left alone, and says nothing.
    for entry in text.lines().filter_map(|line| serde_json::from_str::<Entry>(line).ok()) {
        latest.insert(entry.gate, entry);
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    let answers = serde_json::to_value(&brief.answers).map_err(|error| unwritable(&error))?;
    for (gate, channel) in &brief.channels {
        let (Some(value), Some(provenance)) = (answers.get(gate.key()), brief.provenance.get(gate)) else {
            continue;
        };
        let entry = Entry {
            gate: *gate,
            value: value.clone(),
            provenance: *provenance,
            channel: *channel,
            date: brief.date,
        };
        if !latest.get(gate).is_some_and(|last| last.tells_the_same(&entry)) {
            text.push_str(&serde_json::to_string(&entry).map_err(|error| unwritable(&error))?);
            text.push('\n');
        }
    }
    Ok(text)
}

fn unwritable(error: &serde_json::Error) -> Failure {
    Failure::bug("the log of gates cannot be written").because(error)
}

#[cfg(test)]
mod tests {
    use siteplan_model::Date;
    use siteplan_model::brief::{Brief, ScaleBand};
    use siteplan_model::gate::{Channel, Gate, Provenance};

    use super::extended;

    #[test]
    fn a_line_is_added_only_when_it_tells_something_new() {
        let mut brief = Brief::new(Date::constant(2026, 11, 25));
        brief.answers.scale = Some(ScaleBand::Low);
        brief.provenance.insert(Gate::Scale, Provenance::Default);
        brief.channels.insert(Gate::Scale, Channel::Default);
        let first = extended(None, &brief).unwrap();
        let line = "{\"gate\":\"scale\",\"value\":\"low\",\"provenance\":\"default\",\"channel\":\"default\",\"date\":\"2026-11-25\"}\n";
        assert_eq!(first, line);
        brief.date = Date::constant(2027, 1, 1);
        assert_eq!(extended(Some(&first), &brief).unwrap(), first);
        brief.channels.insert(Gate::Scale, Channel::Terminal);
        brief.provenance.insert(Gate::Scale, Provenance::Person);
        let second = extended(Some(&first), &brief).unwrap();
        assert!(second.starts_with(&first) && second.lines().count() == 2, "{second}");
    }
}
