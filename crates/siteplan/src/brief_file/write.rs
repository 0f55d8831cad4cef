//! A Brief → the text of its file, with everything that a person wrote around the values left alone.

use serde::Serialize;
use siteplan_model::brief::Brief;
use siteplan_model::gate::Gate;
use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value};

use crate::error::{Failure, Outcome};
use crate::keys;
use crate::toml_source;

/// What a new file begins with.
const HEAD: &str = "# The answers of this plan. A person may edit them: `siteplan plan` takes them from here and keeps the comments.\n";
const PROVENANCE_HEAD: &str =
    "\n# Kept by siteplan: who gave each answer. An answer changed by hand becomes `file`.\n";
const CHANNELS_HEAD: &str =
    "\n# Kept by siteplan: how each answer was confirmed; `default` means that nobody did.\n";

/// The text of the brief file, from the text that is there now, if any.
pub(crate) fn write(name: &str, existing: Option<&str>, brief: &Brief) -> Outcome<String> {
    let mut document: DocumentMut =
        existing.unwrap_or_default().parse().map_err(|error: toml_edit::TomlError| {
            Failure::input(format!("`{name}` is not valid TOML")).detail(error.to_string().trim_end())
        })?;
    let root = document.as_table_mut();
    set(root, "schema", Value::from(brief.schema.as_str()));
    set(root, "date", Value::from(brief.date.to_string()));
    if existing.is_none()
        && let Some(mut schema) = root.key_mut("schema")
    {
        schema.leaf_decor_mut().set_prefix(HEAD);
    }

    let answers = object(&brief.answers)?;
    fill(section(root, "answers", "\n"), keys::answers(), |key| answers.get(key).and_then(value));
    let settings: Vec<&str> = brief.settings.keys().map(String::as_str).collect();
    let given = |key: &str| brief.settings.get(key).map(|words| Value::from(words.as_str()));
    if !settings.is_empty() || root.contains_key("settings") {
        fill(section(root, "settings", "\n"), settings, given);
    }
    let gates = || Gate::ALL.map(Gate::key).to_vec();
    let mut provenance = object(&brief.provenance)?;
    provenance.extend(object(&brief.setting_provenance)?);
    let givers = gates().into_iter().chain(brief.setting_provenance.keys().map(String::as_str)).collect();
    fill(section(root, "provenance", PROVENANCE_HEAD), givers, |key| provenance.get(key).and_then(value));
    let channels = object(&brief.channels)?;
    fill(section(root, "channels", CHANNELS_HEAD), gates(), |key| channels.get(key).and_then(value));
    Ok(document.to_string())
}

/// A table of the file, made with a head where it is missing.
fn section<'a>(root: &'a mut Table, key: &str, head: &str) -> &'a mut dyn TableLike {
    let made = || {
        let mut table = Table::new();
        table.decor_mut().set_prefix(head);
        Item::Table(table)
    };
    let item = root.entry(key).or_insert_with(made);
    if !item.is_table_like() {
        *item = made();
    }
    item.as_table_like_mut().expect("a table was just put there")
}

/// Makes a table hold exactly the given keys that have a value; values that are already so stay as they are written.
fn fill(table: &mut dyn TableLike, keys: Vec<&str>, value_of: impl Fn(&str) -> Option<Value>) {
    let gone: Vec<String> =
        table.iter().map(|(key, _)| key.to_owned()).filter(|key| value_of(key).is_none()).collect();
    for key in gone {
        let comments = comments_of(table, &key);
        let next = table.iter().map(|(key, _)| key.to_owned()).skip_while(|other| *other != key).nth(1);
        table.remove(&key);
        if !comments.is_empty() {
            leave(table, next.as_deref(), &comments);
        }
    }
    for key in keys {
        if let Some(value) = value_of(key) {
            set(table, key, value);
        }
    }
}

/// What a person wrote above a key and behind its value, as lines of comments.
fn comments_of(table: &dyn TableLike, key: &str) -> Vec<String> {
    let text =
        |raw: Option<&toml_edit::RawString>| raw.and_then(|raw| raw.as_str()).unwrap_or_default().to_owned();
    let above = table.key(key).map(|key| text(key.leaf_decor().prefix())).unwrap_or_default();
    let value = table.get(key).and_then(Item::as_value);
    let behind = value.map(|value| text(value.decor().suffix())).unwrap_or_default();
    let mut comments: Vec<String> =
        above.lines().filter(|line| line.contains('#')).map(str::to_owned).collect();
    if let Some((_, comment)) = behind.split_once('#') {
        // Behind the value it could only be about that: alone it names it.
        comments.push(format!("# {key}: {}", comment.trim()));
    }
    comments
}

/// Leaves comments whose key is gone where they were: above the next key, else below the last one.
fn leave(table: &mut dyn TableLike, next: Option<&str>, comments: &[String]) {
    let comments = comments.join("\n");
    if let Some(mut key) = next.and_then(|next| table.key_mut(next)) {
        let decor = key.leaf_decor_mut();
        let above = decor.prefix().and_then(|raw| raw.as_str()).unwrap_or_default();
        let all = format!("{comments}\n{above}");
        decor.set_prefix(all);
        return;
    }
    let last = table.iter().last().map(|(key, _)| key.to_owned());
    if let Some(value) = last.and_then(|last| table.get_mut(&last)).and_then(Item::as_value_mut) {
        let decor = value.decor_mut();
        let behind = decor.suffix().and_then(|raw| raw.as_str()).unwrap_or_default();
        let all = format!("{behind}\n{comments}");
        decor.set_suffix(all);
    }
}

/// Sets one value, keeping the spaces and the comment around the old one; an equal value stays as it is written.
fn set(table: &mut dyn TableLike, key: &str, mut value: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            let words = |value: &Value| toml_source::words(&Item::Value(value.clone()));
            if words(old) != words(&value) {
                *value.decor_mut() = old.decor().clone();
                *old = value;
            }
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

fn object(record: &impl Serialize) -> Outcome<serde_json::Map<String, serde_json::Value>> {
    match serde_json::to_value(record) {
        Ok(serde_json::Value::Object(values)) => Ok(values),
        _ => Err(Failure::bug("the answers cannot be written as a table")),
    }
}

fn value(json: &serde_json::Value) -> Option<Value> {
    match json {
        serde_json::Value::Bool(truth) => Some(Value::from(*truth)),
        serde_json::Value::Number(number) => {
            number.as_i64().map(Value::from).or_else(|| number.as_f64().map(Value::from))
        }
        serde_json::Value::String(text) => Some(Value::from(text.as_str())),
        serde_json::Value::Array(values) => {
            Some(Value::Array(values.iter().filter_map(value).collect::<Array>()))
        }
        serde_json::Value::Null | serde_json::Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use siteplan_catalog::Catalog;
    use siteplan_model::Date;
    use siteplan_model::brief::{Brief, ScaleBand};
    use siteplan_model::gate::{Gate, Provenance};

    use super::write;
    use crate::brief_file::read;

    const DAY: Date = Date::constant(2026, 11, 25);

    fn brief_of(text: &str) -> Brief {
        read("siteplan.toml", text, &Catalog::embedded().unwrap(), None, DAY).unwrap().brief
    }

    #[test]
    fn what_was_written_is_read_back_and_written_again_with_the_same_bytes() {
        let brief = brief_of(
            "[answers]\nusers = 80\nauto_deploy = true\nrequired_secrets = [\"A\", \"B\"]\n[settings]\nauthor = \"Ada\"\n",
        );
        let text = write("siteplan.toml", None, &brief).unwrap();
        assert_eq!(brief_of(&text), brief);
        assert_eq!(write("siteplan.toml", Some(&text), &brief).unwrap(), text);
    }

    #[test]
    fn who_gave_a_setting_is_kept_until_somebody_changes_it_by_hand() {
        let text = "[settings]\nregions = [\"europe\", \"asia\"]\ncompliance = \"soc2\"\n\
                    [provenance]\nregions = \"person\"\nteam_size = \"default\"\nlock_in = \"person\"\n";
        let brief = brief_of(text);
        assert_eq!(brief.settings["regions"], "europe,asia");
        let givers: Vec<(&str, Provenance)> =
            brief.setting_provenance.iter().map(|(key, by)| (key.as_str(), *by)).collect();
        assert_eq!(givers, [("regions", Provenance::Person), ("team_size", Provenance::Default)]);
        let written = write("siteplan.toml", None, &brief).unwrap();
        assert_eq!(brief_of(&written), brief);
        let edited = written.replace("europe,asia", "africa");
        let catalog = Catalog::embedded().unwrap();
        let again = read("siteplan.toml", &edited, &catalog, Some(&brief), DAY).unwrap().brief;
        assert_eq!(again.settings["regions"], "africa");
        assert!(!again.setting_provenance.contains_key("regions"));
    }

    #[test]
    fn comments_and_layout_of_a_person_stay() {
        let text = "# ours\nschema = 'siteplan/brief@1'\ndate = \"2026-11-25\" # the day\n\n[answers] # below\n\
                    users   = 4_0   # counted\nhealth_checks = \"yes\"\n\n# why\n[provenance]\nscale = \"file\"\nhealth_checks = \"file\"\n\
                    [channels]\nscale = \"file\"\nhealth_checks = \"file\"\n";
        let mut brief = brief_of(text);
        let same = write("siteplan.toml", Some(text), &brief).unwrap();
        assert_eq!(
            same,
            text.replace("health_checks = \"yes\"\n", "health_checks = \"yes\"\nscale = \"low\"\n")
        );
        brief.answers.users = Some(5_000);
        brief.answers.scale = Some(ScaleBand::Medium);
        let changed = write("siteplan.toml", Some(&same), &brief).unwrap();
        assert_eq!(changed, same.replace("4_0  ", "5000  ").replace("\"low\"", "\"medium\""));
    }

    #[test]
    fn comments_of_an_answer_that_drops_out_stay_where_they_were() {
        let text = "schema = \"siteplan/brief@1\"\ndate = \"2026-11-25\"\n\n[answers]\n# small for now\nscale = \"low\" # counted in June\n\
                    # said the boss\nbudget = \"small\" # a month\n\n[provenance]\nscale = \"file\"\nbudget = \"file\"\n\n\
                    [channels]\nscale = \"file\"\nbudget = \"file\"\n";
        let without = |gates: &[Gate]| {
            let mut brief = brief_of(text);
            for gate in gates {
                brief.provenance.remove(gate);
                brief.channels.remove(gate);
                match gate.key() {
                    "scale" => brief.answers.scale = None,
                    _ => brief.answers.budget = None,
                }
            }
            write("siteplan.toml", Some(text), &brief).unwrap()
        };
        assert!(
            without(&[Gate::Scale]).contains("[answers]\n# small for now\n# scale: counted in June\n# said the boss\nbudget = \"small\" # a month\n"),
            "{}",
            without(&[Gate::Scale])
        );
        let last = without(&[Gate::Budget]);
        assert!(
            last.contains("scale = \"low\" # counted in June\n# said the boss\n# budget: a month\n"),
            "{last}"
        );
        assert_eq!(brief_of(&last).answers.scale, Some(ScaleBand::Low));
    }
}
