//! A TOML file as a person wrote it: parsed, with the line of everything in it.

use siteplan_model::gate::Gate;
use toml_edit::{Document, Item, TableLike, Value};

use crate::error::{Failure, Outcome};

/// A parsed file that knows its lines.
#[derive(Debug)]
pub(crate) struct TomlSource {
    name: String,
    document: Document<String>,
}

impl TomlSource {
    /// Parses a file; the failure shows the place.
    pub(crate) fn parse(name: &str, text: &str) -> Outcome<Self> {
        let document = Document::parse(text.to_owned()).map_err(|error| {
            Failure::input(format!("`{name}` is not valid TOML"))
                .detail(error.to_string().trim_end())
                .hint("mend that line and run the command again; nothing was written")
        })?;
        Ok(Self { name: name.to_owned(), document })
    }

    /// The file's top table.
    pub(crate) fn root(&self) -> &dyn TableLike {
        self.document.as_table()
    }

    /// The table of a name; `None` if there is none.
    pub(crate) fn table(&self, key: &str) -> Outcome<Option<&dyn TableLike>> {
        let Some(item) = self.root().get(key) else { return Ok(None) };
        let wrong =
            || self.wrong(self.root(), key, &format!("must be a table, `[{key}]`, not {}", kind(item)));
        item.as_table_like().map(Some).ok_or_else(wrong)
    }

    /// `file:line` of a key.
    pub(crate) fn place(&self, table: &dyn TableLike, key: &str) -> String {
        match self.line(table, key) {
            Some(line) => format!("`{}:{line}`", self.name),
            None => format!("`{}`", self.name),
        }
    }

    /// The failure of a key whose value is wrong, with the line as it stands in the file.
    pub(crate) fn wrong(&self, table: &dyn TableLike, key: &str, what: &str) -> Failure {
        self.shown(table, key, Failure::input(format!("{}: `{key}` {what}", self.place(table, key))))
    }

    /// Adds the line of a key to a failure, but for the list of secrets: who writes a value there must not see it in a log.
    pub(crate) fn shown(&self, table: &dyn TableLike, key: &str, failure: Failure) -> Failure {
        if key.starts_with(Gate::RequiredSecrets.key()) {
            return failure;
        }
        let Some(line) = self.line(table, key) else { return failure };
        let text = self.document.raw().lines().nth(line - 1).unwrap_or_default();
        failure.detail(format!("{line} | {}", text.trim_end()))
    }

    /// The one-based line of a key.
    fn line(&self, table: &dyn TableLike, key: &str) -> Option<usize> {
        let (key, item) = table.get_key_value(key)?;
        let span = key.span().or_else(|| item.span())?;
        Some(self.document.raw()[..span.start].matches('\n').count() + 1)
    }
}

/// A value in the words of flags: `yes` and `no` for booleans, commas between the items of a list.
pub(crate) fn words(item: &Item) -> Option<String> {
    fn of(value: &Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text.value().clone()),
            Value::Integer(number) => Some(number.value().to_string()),
            Value::Float(number) => Some(number.value().to_string()),
            Value::Boolean(truth) => Some(if *truth.value() { "yes" } else { "no" }.to_owned()),
            Value::Datetime(date) => Some(date.value().to_string()),
            Value::Array(values) => {
                let words: Option<Vec<String>> = values.iter().map(of).collect();
                words.map(|words| words.join(","))
            }
            Value::InlineTable(_) => None,
        }
    }
    item.as_value().and_then(of)
}

/// What an item is, for messages.
pub(crate) fn kind(item: &Item) -> &'static str {
    match item.type_name() {
        "string" => "text",
        "integer" | "float" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "table" | "inline table" => "a table",
        _ => "this",
    }
}
