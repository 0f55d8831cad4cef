//! Answers and settings that a run brings with it: `--answers FILE`, then `SITEPLAN_*`, then `--set`, the later ones stronger.

use std::env;
use std::fs;
use std::path::Path;

use siteplan_catalog::Catalog;
use siteplan_model::gate::{Channel, Provenance};

use crate::error::{Failure, Outcome};
use crate::keys;
use crate::nearest::suggestion;
use crate::toml_source::{self, TomlSource};

/// What every variable of ours begins with.
const PREFIX: &str = "SITEPLAN_";

/// Variables that stand for a flag rather than for an answer or a setting, and the one that the project's own tests read.
const FLAGS: [&str; 7] = [
    "SITEPLAN_ANSWERS",
    "SITEPLAN_CATALOG",
    "SITEPLAN_DEFAULTS",
    "SITEPLAN_FORMAT",
    "SITEPLAN_SPEC_PATH",
    "SITEPLAN_DATE",
    "SITEPLAN_SCHEMAS",
];

/// Where answers come from, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// The answers file.
    File,
    /// The environment.
    Environment,
    /// Flags.
    Flag,
}

/// One answer or setting as given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Given {
    /// Its key.
    pub(crate) key: String,
    /// Its words.
    pub(crate) words: String,
    /// Where it was given, for messages.
    pub(crate) place: String,
    /// Who gave it.
    pub(crate) provenance: Provenance,
    /// How it is confirmed by that.
    pub(crate) channel: Channel,
    /// Where it comes from: a stronger source overrides a weaker one.
    pub(crate) source: Source,
}

/// Everything that this run brings, weakest first. The keys are known ones; the interview judges the words.
pub(crate) fn collect(catalog: &Catalog, answers: Option<&Path>, set: &[String]) -> Outcome<Vec<Given>> {
    let mut given = Vec::new();
    if let Some(path) = answers {
        given.extend(from_file(catalog, path)?);
    }
    given.extend(from_environment(catalog)?);
    for pair in set {
        given.push(from_flag(catalog, "--set", pair)?);
    }
    Ok(given)
}

/// Answers and settings that a comparison changes.
pub(crate) fn changes(catalog: &Catalog, pairs: &[String]) -> Outcome<Vec<Given>> {
    pairs.iter().map(|pair| from_flag(catalog, "--compare-with", pair)).collect()
}

/// Reads an answers file: a brief file, or the same keys without tables.
fn from_file(catalog: &Catalog, path: &Path) -> Outcome<Vec<Given>> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::input(format!("cannot read the answers file `{name}`")).because(&error))?;
    let source = TomlSource::parse(&name, &text)?;
    let tables = ["answers", "settings"];
    let with_tables = tables.iter().any(|table| source.root().contains_key(table));
    let mut given = Vec::new();
    for table in if with_tables { &tables[..] } else { &[""] } {
        let Some(table) = (if table.is_empty() { Some(source.root()) } else { source.table(table)? }) else {
            continue;
        };
        for (key, item) in table.iter().filter(|(key, _)| with_tables || !matches!(*key, "schema" | "date")) {
            let not_this = || format!("cannot be {}", toml_source::kind(item));
            let words = toml_source::words(item).ok_or_else(|| source.wrong(table, key, &not_this()))?;
            let place = source.place(table, key);
            given.push(known(catalog, key, words, place, Source::File)?);
        }
    }
    if with_tables {
        let known = ["schema", "date", "answers", "settings", "provenance", "channels"];
        if let Some((key, _)) = source.root().iter().find(|(key, _)| !known.contains(key)) {
            return Err(source.wrong(
                source.root(),
                key,
                &format!("is unknown here{}", suggestion(key, known)),
            ));
        }
    }
    Ok(given)
}

/// Reads `SITEPLAN_<KEY>`. A name that means nothing is an error, because a slip would otherwise go unnoticed.
fn from_environment(catalog: &Catalog) -> Outcome<Vec<Given>> {
    let mut given = Vec::new();
    let mut variables: Vec<(String, String)> = env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
        .filter(|(name, value)| {
            name.starts_with(PREFIX) && !FLAGS.contains(&name.as_str()) && !value.is_empty()
        })
        .collect();
    variables.sort();
    for (name, words) in variables {
        let key = name[PREFIX.len()..].to_lowercase();
        let place = format!("the environment variable `{name}`");
        given.push(known(catalog, &key, words, place, Source::Environment)?);
    }
    Ok(given)
}

fn from_flag(catalog: &Catalog, flag: &str, pair: &str) -> Outcome<Given> {
    let Some((key, words)) = pair.split_once('=') else {
        return Err(Failure::input(format!("`{flag} {pair}` has no `=`"))
            .hint(format!("write {flag} KEY=VALUE, for example {flag} budget=small")));
    };
    known(catalog, key.trim(), words.trim().to_owned(), format!("`{flag}`"), Source::Flag)
}

fn known(catalog: &Catalog, key: &str, words: String, place: String, source: Source) -> Outcome<Given> {
    if keys::gate_of(key).is_none() && !keys::is_setting(catalog, key) {
        return Err(keys::unknown(catalog, key, &place));
    }
    let (provenance, channel) = match source {
        Source::File => (Provenance::File, Channel::File),
        Source::Environment | Source::Flag => (Provenance::Flag, Channel::Flag),
    };
    Ok(Given { key: key.to_owned(), words, place, provenance, channel, source })
}

#[cfg(test)]
mod tests {
    use siteplan_catalog::Catalog;

    use super::collect;

    fn given(pair: &str) -> Result<(String, String), String> {
        let catalog = Catalog::embedded().unwrap();
        let given = collect(&catalog, None, &[pair.to_owned()]).map_err(|failure| failure.message())?;
        Ok((given[0].key.clone(), given[0].words.clone()))
    }

    #[test]
    fn a_flag_sets_an_answer_a_number_or_a_setting() {
        assert_eq!(given("budget=small"), Ok(("budget".to_owned(), "small".to_owned())));
        assert_eq!(given("users=80"), Ok(("users".to_owned(), "80".to_owned())));
        assert_eq!(given("author = Ada L."), Ok(("author".to_owned(), "Ada L.".to_owned())));
    }

    #[test]
    fn a_slip_is_an_error_with_the_nearest_name() {
        assert!(given("bugdet=small").unwrap_err().contains("did you mean `budget`?"));
        assert!(given("budget").unwrap_err().contains("no `=`"));
    }
}
