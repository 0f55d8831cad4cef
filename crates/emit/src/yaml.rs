//! Values to YAML. `serde-saphyr` writes it: it quotes whatever any reader of YAML 1.1 or 1.2 could take for something
//! other than the string it is, and writes text of several lines as block scalars.

use serde::{Serialize, Serializer};
use serde_saphyr::ser_options;

/// A value as YAML, long lines unbroken.
pub(crate) fn to_yaml<T: Serialize>(value: &T) -> String {
    let options = ser_options! { compact_list_indent: false, folded_wrap_chars: usize::MAX };
    serde_saphyr::to_string_with_options(value, options).expect("maps, lists and strings always serialise")
}

/// The same YAML with a blank line before each key of the top level and each entry of `jobs`, for people.
///
/// Text that keeps its last newlines (`|+`) would take the blank line as its own, so a document with such text stays
/// as it is.
pub(crate) fn spaced(yaml: &str) -> String {
    if yaml.contains("|+") {
        return yaml.to_owned();
    }
    let mut out = String::with_capacity(yaml.len() + 64);
    let (mut in_jobs, mut before) = (false, "");
    for line in yaml.lines() {
        let is_top = !line.is_empty() && !line.starts_with([' ', '#']);
        let is_job = in_jobs && line.starts_with("  ") && !line.starts_with("   ") && before != "jobs:";
        if !out.is_empty() && (is_top || is_job) {
            out.push('\n');
        }
        if is_top {
            in_jobs = line == "jobs:";
        }
        out.push_str(line);
        out.push('\n');
        before = line;
    }
    out
}

/// A mapping that keeps the order in which it was filled.
#[derive(Clone, Debug)]
pub(crate) struct Mapping<V>(Vec<(String, V)>);

impl<V> Mapping<V> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<V> Default for Mapping<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> FromIterator<(String, V)> for Mapping<V> {
    fn from_iter<I: IntoIterator<Item = (String, V)>>(entries: I) -> Self {
        let mut mapping = Self::default();
        mapping.extend(entries);
        mapping
    }
}

/// A key that is there already keeps its first value: YAML forbids to write it twice.
impl<V> Extend<(String, V)> for Mapping<V> {
    fn extend<I: IntoIterator<Item = (String, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            if !self.0.iter().any(|(known, _)| *known == key) {
                self.0.push((key, value));
            }
        }
    }
}

impl<V: Serialize> Serialize for Mapping<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}
