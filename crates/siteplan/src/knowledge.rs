//! The catalog as a reader meets it: things by id, and every figure with its source. Works on the data files themselves,
//! so that a new kind of figure needs nothing here.

use std::fmt::Write as _;

use serde::Serialize;
use siteplan_catalog::Catalog;
use toml::{Table, Value};

/// One thing that has a file of its own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Thing {
    /// What it is, in the singular.
    pub(crate) kind: &'static str,
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Its file, below the data folder.
    pub(crate) file: String,
    /// The whole file.
    #[serde(skip)]
    pub(crate) data: Table,
}

/// Folders that hold one thing for each file, with what such a thing is called.
const KINDS: [(&str, &str); 6] = [
    ("platforms", "platform"),
    ("data-services", "data service"),
    ("secrets-services", "secrets manager"),
    ("ci-hosts", "code host"),
    ("monitors", "monitor"),
    ("migration-tools", "migration tool"),
];

/// Everything that has a file of its own, platforms first, by id.
pub(crate) fn things(catalog: &Catalog) -> Vec<Thing> {
    let of_kind = |(folder, kind): (&str, &'static str)| {
        let files = catalog.files.iter().filter(move |(file, _)| file.split('/').next() == Some(folder));
        files.filter_map(move |(file, text)| thing(kind, file, text)).collect::<Vec<_>>()
    };
    KINDS.into_iter().flat_map(of_kind).collect()
}

fn thing(kind: &'static str, file: &str, text: &str) -> Option<Thing> {
    let data: Table = text.parse().ok()?;
    let word = |key| data.get(key).and_then(Value::as_str).map(str::to_owned);
    let id = word("id")?;
    Some(Thing { kind, name: word("name").unwrap_or_else(|| id.clone()), id, file: file.to_owned(), data })
}

/// A figure with the source that it was read in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct FigureLine {
    /// Where it stands in the file (`limits.memory_mb`, `plan.pro`).
    pub(crate) path: String,
    /// Its value, as people read it.
    pub(crate) value: String,
    /// What limits it.
    pub(crate) note: Option<String>,
    /// The page it was read in.
    pub(crate) source: String,
    /// When it was read.
    pub(crate) seen: String,
    /// How strong the source is.
    pub(crate) grade: String,
}

impl Thing {
    /// Every figure of the file in its order.
    pub(crate) fn figures(&self) -> Vec<FigureLine> {
        let mut lines = Vec::new();
        for (key, value) in self.data.iter().filter(|(key, _)| *key != "sources") {
            self.collect(key, value, &mut lines);
        }
        lines
    }

    fn collect(&self, path: &str, value: &Value, lines: &mut Vec<FigureLine>) {
        match value {
            Value::Table(table) => match table.get("source").and_then(Value::as_str) {
                Some(source) => lines.push(self.line(path, table, source)),
                None => {
                    for (key, value) in table {
                        self.collect(&format!("{path}.{key}"), value, lines);
                    }
                }
            },
            Value::Array(values) => {
                for (index, value) in values.iter().enumerate() {
                    let id = value.get("id").or_else(|| value.get("name")).and_then(Value::as_str);
                    let part = id.map_or_else(|| (index + 1).to_string(), str::to_owned);
                    self.collect(&format!("{path}.{part}"), value, lines);
                }
            }
            _ => {}
        }
    }

    fn line(&self, path: &str, table: &Table, source: &str) -> FigureLine {
        let source = self.data.get("sources").and_then(|sources| sources.get(source));
        let of_source = |key: &str| source.and_then(|source| source.get(key)).map(words).unwrap_or_default();
        let condition = || table.get("when").map(|when| format!("when {}", words(when)));
        let note = table.get("note").map(words).or_else(condition);
        let fields = || {
            let fields = table.iter().filter(|(key, _)| !matches!(key.as_str(), "id" | "source" | "note"));
            fields.map(|(key, value)| format!("{key} {}", words(value))).collect::<Vec<_>>().join(", ")
        };
        let value = table.get("value").or_else(|| table.get("text")).map_or_else(fields, words);
        FigureLine {
            path: path.to_owned(),
            value,
            note,
            source: of_source("url"),
            seen: of_source("seen"),
            grade: of_source("grade"),
        }
    }

    /// The file's sentences and figures, with the sources numbered below.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("{} ({}, `{}`)\n", self.name, self.kind, self.id);
        for (key, value) in &self.data {
            if !matches!(key.as_str(), "schema" | "id" | "name" | "sources") && is_plain(value) {
                writeln!(text, "  {key}: {}", words(value)).expect("writing to a string");
            }
        }
        text.push('\n');
        text.push_str(&figures_text(&self.figures()));
        text
    }
}

/// Figures one a line, with the sources numbered below.
pub(crate) fn figures_text(figures: &[FigureLine]) -> String {
    let mut sources: Vec<String> = Vec::new();
    let mut text = String::new();
    let width = figures.iter().map(|line| line.path.chars().count()).max().unwrap_or(0).min(40);
    for line in figures {
        let source = format!("{} (seen {}, {})", line.source, line.seen, line.grade);
        let number = sources.iter().position(|known| *known == source).unwrap_or_else(|| {
            sources.push(source);
            sources.len() - 1
        });
        let note = line.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
        writeln!(text, "  {:width$}  {}{note} [{}]", line.path, line.value, number + 1)
            .expect("writing to a string");
    }
    text.push('\n');
    for (index, source) in sources.iter().enumerate() {
        writeln!(text, "  [{}] {source}", index + 1).expect("writing to a string");
    }
    text
}

fn is_plain(value: &Value) -> bool {
    match value {
        Value::Table(_) => false,
        Value::Array(values) => values.iter().all(is_plain),
        _ => true,
    }
}

/// A value as people read it.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Boolean(truth) => if *truth { "yes" } else { "no" }.to_owned(),
        Value::Array(values) if values.is_empty() => "none".to_owned(),
        Value::Array(values) => values.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Table(table) => {
            let fields = table.iter().filter(|(key, _)| *key != "source");
            fields.map(|(key, value)| format!("{key} {}", words(value))).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}
