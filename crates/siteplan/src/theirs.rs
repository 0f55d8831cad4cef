//! A person's own file and the text that the design wants in its place → what the person's lacks, and both in one where that is
//! safe. The person's values always stand: what is added is only what is not there.

use serde_json::{Map, Value};
use toml_edit::{DocumentMut, Item, TableLike};

/// A person's file, held against the design.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Theirs {
    /// What the design wants and the file does not say, one line each; the lines to add, where a line is enough.
    pub(crate) lacks: Vec<String>,
    /// The person's text with what it lacks, or as it is where it lacks nothing; absent where the two cannot be put together.
    pub(crate) merged: Option<String>,
}

/// The name of the file of processes, which several tools read.
const PROCESSES: &str = "Procfile";

/// Keys by which an element of a list is known.
const NAMES: [&str; 3] = ["name", "key", "id"];

/// Characters of a value that are shown.
const SHOWN: usize = 70;

/// Holds a file against the wanted text. Nothing is known of formats that are not read here: then nothing is lacking and nothing
/// put together.
pub(crate) fn compare(path: &str, theirs: &str, wanted: &str) -> Theirs {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        _ if name == PROCESSES => processes(theirs, wanted),
        Some("json") => records(theirs, wanted, |text| serde_json::from_str(text).ok(), json_with),
        Some("yaml" | "yml") => records(theirs, wanted, |text| serde_saphyr::from_str(text).ok(), yaml_with),
        Some("toml") => records(theirs, wanted, toml, |theirs, _, wanted| toml_with(theirs, wanted)),
        _ => Theirs::default(),
    }
}

/// Processes, one a line. Their commands are the person's; a process that is not there is lacking.
fn processes(theirs: &str, wanted: &str) -> Theirs {
    let name = |line: &str| line.split_once(':').map(|(name, _)| name.trim().to_owned());
    let there: Vec<String> = theirs.lines().filter_map(name).collect();
    let lacks: Vec<String> = wanted
        .lines()
        .filter(|line| name(line).is_some_and(|name| !there.contains(&name)))
        .map(str::to_owned)
        .collect();
    let mut merged = ended(theirs);
    for line in &lacks {
        merged.push_str(line);
        merged.push('\n');
    }
    let merged = if lacks.is_empty() { theirs.to_owned() } else { merged };
    Theirs { lacks, merged: Some(merged) }
}

/// Records of keys and values.
fn records(
    theirs: &str,
    wanted: &str,
    read: impl Fn(&str) -> Option<Value>,
    with: impl Fn(&str, &Map<String, Value>, &str) -> Option<String>,
) -> Theirs {
    let (Some(own), Some(want)) = (read(theirs), read(wanted)) else { return Theirs::default() };
    let mut lacks = Vec::new();
    lacking("", &own, &want, &mut lacks);
    if lacks.is_empty() {
        return Theirs { lacks, merged: Some(theirs.to_owned()) };
    }
    let absent = match (&own, &want) {
        (Value::Object(own), Value::Object(want)) => want
            .iter()
            .filter(|(key, _)| !own.contains_key(*key))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
        _ => Map::new(),
    };
    // Whatever was put together is read again: it must hold all that the person's file holds.
    let holds = |text: &String| read(text).is_some_and(|merged| keeps(&own, &merged));
    let merged = with(theirs, &absent, wanted).filter(holds);
    Theirs { lacks, merged }
}

/// Whether everything of one value is in another.
fn keeps(own: &Value, merged: &Value) -> bool {
    match (own, merged) {
        (Value::Object(own), Value::Object(merged)) => {
            own.iter().all(|(key, value)| merged.get(key).is_some_and(|other| keeps(value, other)))
        }
        _ => own == merged,
    }
}

/// Notes what a value lacks or says otherwise, by its place.
fn lacking(place: &str, own: &Value, want: &Value, lacks: &mut Vec<String>) {
    match (own, want) {
        (Value::Object(own), Value::Object(want)) => {
            for (key, value) in want {
                let place = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
                match own.get(key) {
                    Some(other) => lacking(&place, other, value, lacks),
                    None => lacks.push(format!("{place} = {}", shown(value))),
                }
            }
        }
        (Value::Array(own), Value::Array(want)) => {
            for (at, value) in want.iter().enumerate() {
                let name = name_of(value);
                let same = match name {
                    Some(_) => own.iter().find(|other| name_of(other) == name),
                    None if value.is_object() => own.get(at),
                    None => own.iter().find(|other| *other == value),
                };
                let place = format!("{place}[{}]", name.map_or_else(|| at.to_string(), str::to_owned));
                match same {
                    Some(other) => lacking(&place, other, value, lacks),
                    None => lacks.push(format!("{place} = {}", shown(value))),
                }
            }
        }
        _ if own == want => {}
        _ => lacks.push(format!("{place} = {}, where yours says {}", shown(want), shown(own))),
    }
}

fn name_of(value: &Value) -> Option<&str> {
    NAMES.iter().find_map(|key| value.get(key)?.as_str())
}

/// A value on one line.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= SHOWN { text } else { text.chars().take(SHOWN).chain(['…']).collect() }
}

fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

/// A JSON text with further keys at its end; the rest stays as it is written.
fn json_with(theirs: &str, absent: &Map<String, Value>, _: &str) -> Option<String> {
    let inside = theirs.trim_end().strip_suffix('}')?.trim_end();
    let comma = if inside.ends_with('{') { "" } else { "," };
    let entries = serde_json::to_string_pretty(absent).ok()?;
    let entries = entries.strip_prefix('{')?.strip_suffix('}')?.trim_end().to_owned();
    Some(format!("{inside}{comma}{entries}\n}}\n"))
}

/// A YAML text with further keys at its end.
fn yaml_with(theirs: &str, absent: &Map<String, Value>, _: &str) -> Option<String> {
    if absent.is_empty() {
        return None;
    }
    let entries = serde_saphyr::to_string(absent).ok()?;
    Some(format!("{}{entries}", ended(theirs)))
}

/// A TOML text with the keys that it lacks, at every depth; comments and order stay, and whole tables are added at its end.
fn toml_with(theirs: &str, wanted: &str) -> Option<String> {
    let mut own: DocumentMut = theirs.parse().ok()?;
    let mut rest: DocumentMut = wanted.parse().ok()?;
    let known: Vec<String> = own.iter().map(|(key, _)| key.to_owned()).collect();
    let want = rest.clone();
    complete(own.as_table_mut(), want.as_table());
    let is_table = |item: &Item| item.is_table() || item.is_array_of_tables();
    rest.retain(|key, item| is_table(item) && !known.iter().any(|known| known == key));
    let text = ended(&own.to_string());
    let tables = rest.to_string();
    Some(if tables.trim().is_empty() { text } else { format!("{text}\n{}", tables.trim_start()) })
}

/// Adds the values that a table lacks, and those that its own tables lack.
fn complete(own: &mut dyn TableLike, want: &dyn TableLike) {
    for (key, item) in want.iter() {
        match own.get_mut(key) {
            None if item.is_value() => {
                own.insert(key, item.clone());
            }
            None => {}
            Some(there) => {
                if let (Some(there), Some(item)) = (there.as_table_like_mut(), item.as_table_like()) {
                    complete(there, item);
                }
            }
        }
    }
}

fn toml(text: &str) -> Option<Value> {
    let document: DocumentMut = text.parse().ok()?;
    Some(of_item(document.as_item()))
}

fn of_item(item: &Item) -> Value {
    match item {
        Item::None => Value::Null,
        Item::Value(value) => of_value(value),
        Item::Table(table) => of_table(table),
        Item::ArrayOfTables(tables) => Value::Array(tables.iter().map(|table| of_table(table)).collect()),
    }
}

fn of_table(table: &dyn TableLike) -> Value {
    Value::Object(table.iter().map(|(key, item)| (key.to_owned(), of_item(item))).collect())
}

fn of_value(value: &toml_edit::Value) -> Value {
    match value {
        toml_edit::Value::String(text) => Value::from(text.value().as_str()),
        toml_edit::Value::Integer(number) => Value::from(*number.value()),
        toml_edit::Value::Float(number) => Value::from(*number.value()),
        toml_edit::Value::Boolean(truth) => Value::from(*truth.value()),
        toml_edit::Value::Datetime(date) => Value::from(date.value().to_string()),
        toml_edit::Value::Array(list) => Value::Array(list.iter().map(of_value).collect()),
        toml_edit::Value::InlineTable(table) => of_table(table),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Theirs, compare};

    #[test]
    fn processes_that_are_there_stay_and_others_are_named_line_by_line() {
        let theirs = "web: gunicorn ours\nworker: ours";
        let wanted = "release: alembic upgrade head\nweb: uvicorn app\nworker: python -m app.worker\n";
        let Theirs { lacks, merged } = compare("api/Procfile", theirs, wanted);
        assert_eq!(lacks, ["release: alembic upgrade head"]);
        let merged = merged.unwrap();
        assert_eq!(merged, "web: gunicorn ours\nworker: ours\nrelease: alembic upgrade head\n");
        assert_eq!(compare("api/Procfile", &merged, wanted).lacks, Vec::<String>::new());
    }

    #[test]
    fn a_toml_file_keeps_its_comments_and_values_and_gets_what_it_lacks() {
        let theirs = "# ours\napp = \"live\" # the name\n\n[deploy]\nstrategy = \"bluegreen\"\n";
        let wanted = "app = \"live\"\nkill_timeout = 30\n\n[deploy]\nrelease_command = \"migrate\"\nstrategy = \"rolling\"\n\n[[vm]]\nmemory = \"1gb\"\n";
        let Theirs { lacks, merged } = compare("some.toml", theirs, wanted);
        assert_eq!(
            lacks,
            [
                "kill_timeout = 30",
                "deploy.release_command = \"migrate\"",
                "deploy.strategy = \"rolling\", where yours says \"bluegreen\"",
                "vm = [{\"memory\":\"1gb\"}]",
            ]
        );
        let merged = merged.unwrap();
        assert!(merged.starts_with("# ours\napp = \"live\" # the name\n"), "{merged}");
        assert!(
            merged.contains("strategy = \"bluegreen\"") && merged.contains("release_command = \"migrate\""),
            "{merged}"
        );
        assert!(merged.ends_with("\n\n[[vm]]\nmemory = \"1gb\"\n"), "{merged}");
        assert_eq!(compare("some.toml", &merged, wanted).lacks.len(), 1, "{merged}");
    }

    #[test]
    fn elements_of_lists_are_known_by_their_names() {
        let theirs = "services:\n  - name: b\n    plan: free\n  - name: a\n    plan: starter\n";
        let wanted = "services:\n  - name: a\n    plan: starter\n    hook: x\n  - name: c\n";
        let lacks = compare("r.yaml", theirs, wanted).lacks;
        assert_eq!(lacks, ["services[a].hook = \"x\"", "services[c] = {\"name\":\"c\"}"]);
    }

    #[test]
    fn what_cannot_be_read_or_put_together_is_left_to_a_person() {
        assert_eq!(compare("Dockerfile", "FROM a\n", "FROM b\n"), Theirs::default());
        assert_eq!(compare("a.json", "{ // a comment\n}", "{\"a\":1}"), Theirs::default());
        // An anchor that the text ends in, a key that occurs below: nothing is appended that would be read otherwise.
        let nested = compare("a.yaml", "a: 1\n...\n", "b: 2\n");
        assert_eq!(nested.lacks, ["b = 2"]);
        assert_eq!(nested.merged, None);
    }

    fn value() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Into::into),
            (0..5_i64).prop_map(Into::into),
            "[a-c#:{}\"' \n]{0,4}".prop_map(Into::into)
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Into::into),
                proptest::collection::btree_map("[a-d]{1,2}", inner, 0..4)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    fn object() -> impl Strategy<Value = serde_json::Value> {
        proptest::collection::btree_map("[a-d]{1,2}", value(), 0..5)
            .prop_map(|map| serde_json::Value::Object(map.into_iter().collect()))
    }

    proptest! {
        #[test]
        fn what_is_put_together_keeps_everything_of_the_person(own in object(), want in object()) {
            let pretty = |value: &serde_json::Value| serde_json::to_string_pretty(value).unwrap();
            let (own_text, want_text) = (pretty(&own), pretty(&want));
            for path in ["a.json", "a.yaml"] {
                let Theirs { lacks, merged } = compare(path, &own_text, &want_text);
                let Some(merged) = merged else { continue };
                let read: serde_json::Value = serde_saphyr::from_str(&merged).unwrap();
                prop_assert!(super::keeps(&own, &read), "{merged}");
                prop_assert!(compare(path, &merged, &want_text).lacks.len() <= lacks.len());
            }
        }
    }
}
