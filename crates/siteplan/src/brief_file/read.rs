//! The text of a brief file → a Brief, with every mistake at its line.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Map, Value};
use siteplan_catalog::Catalog;
use siteplan_model::brief::{Answers, Brief, BudgetBand, SCHEMA, ScaleBand};
use siteplan_model::gate::{Channel, Gate, Provenance};

use super::answers::{canonical, check_answer, check_setting};
use super::recorded::{Recorded, recorded};
use crate::error::{Failure, Outcome};
use crate::keys;
use crate::nearest::suggestion;
use crate::toml_source::{self, TomlSource};

/// What may stand at the top of the file.
const ROOT: [&str; 6] = ["schema", "date", "answers", "settings", "provenance", "channels"];

/// A brief file as read.
#[derive(Debug)]
pub(crate) struct BriefFile {
    /// Its answers; the date is that of the fallback where the file has none.
    pub(crate) brief: Brief,
    /// Gates whose answer a person changed in the file since siteplan wrote it last.
    pub(crate) changed_by_hand: Vec<Gate>,
}

/// Reads a brief file. `last` is the Brief as siteplan wrote it last, if that is known.
pub(crate) fn read(
    name: &str,
    text: &str,
    catalog: &Catalog,
    last: Option<&Brief>,
    fallback: Date,
) -> Outcome<BriefFile> {
    let source = TomlSource::parse(name, text)?;
    known_keys(&source)?;
    schema(&source)?;
    let date = date(&source)?.unwrap_or(fallback);
    let mut answers = answers(&source, catalog)?;
    bands_of_numbers(&source, &mut answers, last)?;
    let settings = settings(&source, catalog)?;
    let recorded = recorded(&source, catalog)?;

    let mut brief = Brief { date, answers, settings, ..Brief::new(date) };
    let mut changed_by_hand = Vec::new();
    for gate in Gate::ALL {
        if !is_answered(&brief.answers, gate) {
            continue;
        }
        let kept = recorded
            .gates
            .get(&gate)
            .filter(|_| last.is_none_or(|last| same(&last.answers, &brief.answers, gate)));
        if kept.is_none() {
            changed_by_hand.push(gate);
        }
        let (provenance, channel) = kept.copied().unwrap_or((Provenance::File, Some(Channel::File)));
        brief.provenance.insert(gate, provenance);
        brief.channels.extend(channel.or_else(|| provenance.usual_channel()).map(|channel| (gate, channel)));
    }
    brief.setting_provenance = givers_of_settings(catalog, &brief.settings, recorded, last);
    Ok(BriefFile { brief, changed_by_hand })
}

/// Who gave each setting: what a person changed in the file is the file's own, which has no record. A refinement that was passed over
/// has a record and no value.
fn givers_of_settings(
    catalog: &Catalog,
    settings: &BTreeMap<String, String>,
    recorded: Recorded,
    last: Option<&Brief>,
) -> BTreeMap<String, Provenance> {
    let stands = |key: &String, by: &Provenance| match settings.get(key) {
        Some(value) => last.is_none_or(|last| last.settings.get(key) == Some(value)),
        None => *by == Provenance::Default && catalog.refinements.get(key).is_some(),
    };
    recorded.settings.into_iter().filter(|(key, by)| *by != Provenance::File && stands(key, by)).collect()
}

fn known_keys(source: &TomlSource) -> Outcome<()> {
    let Some((key, _)) = source.root().iter().find(|(key, _)| !ROOT.contains(key)) else { return Ok(()) };
    let place = source.place(source.root(), key);
    let failure = match keys::gate_of(key) {
        Some(_) => Failure::input(format!("{place}: the answer `{key}` belongs below `[answers]`")),
        None => Failure::input(format!("{place}: unknown key `{key}`{}", suggestion(key, ROOT))),
    };
    Err(source.shown(source.root(), key, failure.hint(format!("the file holds {}", ROOT.join(", ")))))
}

fn schema(source: &TomlSource) -> Outcome<()> {
    match source.root().get("schema").map(|item| item.as_str()) {
        None | Some(Some(SCHEMA)) => Ok(()),
        Some(_) => Err(source.wrong(source.root(), "schema", &format!("must be `{SCHEMA}`"))),
    }
}

fn date(source: &TomlSource) -> Outcome<Option<Date>> {
    let Some(item) = source.root().get("date") else { return Ok(None) };
    let date = toml_source::words(item).and_then(|words| words.parse().ok());
    date.map(Some).ok_or_else(|| source.wrong(source.root(), "date", "must be a date such as `2026-11-22`"))
}

fn answers(source: &TomlSource, catalog: &Catalog) -> Outcome<Answers> {
    let mut found = Map::new();
    if let Some(table) = source.table("answers")? {
        for (key, item) in table.iter() {
            let Some(gate) = keys::gate_of(key) else {
                let place = source.place(table, key);
                let failure = if keys::is_setting(catalog, key) {
                    Failure::input(format!("{place}: the setting `{key}` belongs below `[settings]`"))
                } else {
                    let near = suggestion(key, keys::answers());
                    Failure::input(format!("{place}: unknown answer `{key}`{near}"))
                };
                let all = format!("the answers are {}", keys::answers().join(", "));
                return Err(source.shown(table, key, failure.hint(all)));
            };
            let not_this = || format!("cannot be {}", toml_source::kind(item));
            let words = toml_source::words(item).ok_or_else(|| source.wrong(table, key, &not_this()))?;
            check_answer(catalog, key, &words).map_err(|what| {
                // The line would repeat what may be the value of a secret.
                if gate == Gate::RequiredSecrets {
                    Failure::input(format!("{}: `{key}` {what}", source.place(table, key)))
                } else {
                    source.wrong(table, key, &what)
                }
            })?;
            found.insert(key.to_owned(), typed(key, gate, &words));
        }
    }
    serde_json::from_value(Value::Object(found))
        .map_err(|error| Failure::bug("checked answers cannot be read").because(&error))
}

/// Words in the type that the record has for them.
fn typed(key: &str, gate: Gate, words: &str) -> Value {
    let number = || serde_json::from_str(&words.replace('_', "")).unwrap_or(Value::Null);
    match gate {
        _ if key != gate.key() => number(),
        Gate::AutoDeploy | Gate::HealthChecks => Value::Bool(words == "yes"),
        Gate::RequiredSecrets => {
            let names = words.split(',').map(str::trim).filter(|name| !name.is_empty());
            Value::Array(names.map(Value::from).collect())
        }
        _ => Value::from(words),
    }
}

/// An exact number decides its band, unless a person wrote another band beside it since siteplan wrote the file last.
fn bands_of_numbers(source: &TomlSource, answers: &mut Answers, last: Option<&Brief>) -> Outcome<()> {
    let last = last.map(|brief| &brief.answers);
    if let Some(users) = answers.users {
        let band = ScaleBand::of_users(users);
        let before = last.and_then(|last| last.scale);
        agree(source, ["scale", "users"], &mut answers.scale, band, before)?;
    }
    if let Some(ceiling) = answers.max_usd_per_month {
        let band = BudgetBand::of_ceiling(ceiling);
        let before = last.and_then(|last| last.budget);
        agree(source, ["budget", "max_usd_per_month"], &mut answers.budget, band, before)?;
    }
    Ok(())
}

fn agree<Band: PartialEq + std::fmt::Display + Copy>(
    source: &TomlSource,
    [gate, number]: [&str; 2],
    answer: &mut Option<Band>,
    band: Band,
    before: Option<Band>,
) -> Outcome<()> {
    match *answer {
        Some(given) if given != band && before != Some(given) => {
            let table = source.table("answers")?.unwrap_or(source.root());
            let what = format!("is `{given}`, but `{number}` means `{band}`");
            Err(source.wrong(table, gate, &what).hint(format!("remove `{number}`, or make the two agree")))
        }
        _ => {
            *answer = Some(band);
            Ok(())
        }
    }
}

fn settings(source: &TomlSource, catalog: &Catalog) -> Outcome<BTreeMap<String, String>> {
    let mut settings = BTreeMap::new();
    let Some(table) = source.table("settings")? else { return Ok(settings) };
    for (key, item) in table.iter() {
        if !keys::is_setting(catalog, key) {
            let near = suggestion(key, keys::settings(catalog));
            let place = source.place(table, key);
            let failure = if keys::gate_of(key).is_some() {
                Failure::input(format!("{place}: the answer `{key}` belongs below `[answers]`"))
            } else {
                Failure::input(format!("{place}: unknown setting `{key}`{near}"))
            };
            let all = format!("the settings are {}", keys::settings(catalog).join(", "));
            return Err(source.shown(table, key, failure.hint(all)));
        }
        let not_this = || format!("cannot be {}", toml_source::kind(item));
        let words = toml_source::words(item).ok_or_else(|| source.wrong(table, key, &not_this()))?;
        check_setting(catalog, key, &words).map_err(|what| source.wrong(table, key, &what))?;
        settings.insert(key.to_owned(), canonical(catalog, key, words));
    }
    Ok(settings)
}

fn is_answered(answers: &Answers, gate: Gate) -> bool {
    values(answers).contains_key(gate.key())
}

/// Whether two sets of answers agree on a gate and its numbers.
fn same(one: &Answers, other: &Answers, gate: Gate) -> bool {
    let (one, other) = (values(one), values(other));
    std::iter::once(gate.key()).chain(keys::numbers_of(gate)).all(|key| one.get(key) == other.get(key))
}

fn values(answers: &Answers) -> Map<String, Value> {
    match serde_json::to_value(answers) {
        Ok(Value::Object(values)) => values,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use siteplan_catalog::Catalog;
    use siteplan_model::Date;
    use siteplan_model::brief::{Brief, ScaleBand};
    use siteplan_model::gate::{Channel, Gate, Provenance};

    use super::{BriefFile, read};

    const TODAY: Date = Date::constant(2026, 11, 25);

    fn reading(text: &str, last: Option<&Brief>) -> Result<BriefFile, String> {
        let catalog = Catalog::embedded().unwrap();
        read("siteplan.toml", text, &catalog, last, TODAY).map_err(|failure| failure.message())
    }

    #[test]
    fn an_answer_without_a_record_is_the_files_own() {
        let file = reading("[answers]\nscale = \"low\"\n", None).unwrap();
        assert_eq!(file.brief.provenance[&Gate::Scale], Provenance::File);
        assert_eq!(file.brief.channels[&Gate::Scale], Channel::File);
    }

    #[test]
    fn an_answer_changed_by_hand_becomes_the_files_own_and_the_others_keep_their_origin() {
        let text = "[answers]\nscale = \"low\"\nexpertise = \"beginner\"\n\
                    [provenance]\nscale = \"detected\"\nexpertise = \"person\"\n";
        let last = reading(text, None).unwrap().brief;
        assert_eq!(last.provenance[&Gate::Scale], Provenance::Detected);
        let edited = text.replace("\"low\"", "\"high\"");
        let file = reading(&edited, Some(&last)).unwrap();
        assert_eq!(file.changed_by_hand, [Gate::Scale]);
        assert_eq!(file.brief.provenance[&Gate::Scale], Provenance::File);
        assert_eq!(file.brief.provenance[&Gate::Expertise], Provenance::Person);
    }

    #[test]
    fn a_number_decides_its_band() {
        let file = reading("[answers]\nusers = 40_000\n", None).unwrap();
        assert_eq!(file.brief.answers.scale, Some(ScaleBand::High));
    }

    #[test]
    fn a_band_changed_against_its_number_is_a_contradiction() {
        let last = reading("[answers]\nscale = \"low\"\nusers = 80\n", None).unwrap().brief;
        let message = reading("[answers]\nscale = \"high\"\nusers = 80\n", Some(&last)).unwrap_err();
        assert!(message.contains("siteplan.toml:2") && message.contains("remove `users`"), "{message}");
    }

    #[test]
    fn mistakes_are_shown_at_their_line_with_the_nearest_name() {
        for (text, expected) in [
            (
                "[answers]\nbugdet = \"small\"\n",
                "`siteplan.toml:2`: unknown answer `bugdet`; did you mean `budget`?",
            ),
            ("[answers]\nbudget = \"smal\"\n", "did you mean `small`?"),
            ("[answers]\nauthor = \"A\"\n", "belongs below `[settings]`"),
            ("[settings]\nbrnch = \"main\"\n", "did you mean `branch`?"),
            ("answrs = 1\n", "did you mean `answers`?"),
            ("budget = \"small\"\n", "belongs below `[answers]`"),
            ("[answers]\nbudget = small\n", "line 2, column 10"),
            ("schema = \"siteplan/brief@9\"\n", "must be `siteplan/brief@1`"),
            ("date = \"soon\"\n", "must be a date"),
        ] {
            let message = reading(text, None).unwrap_err();
            assert!(message.contains(expected), "{text:?} gives\n{message}");
        }
    }
}
