//! The template engine, with everything that is interpolated escaped for Markdown.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use siteplan_model::design::Command;
use siteplan_model::money::{Usd, UsdRange};

use super::view::View;
use crate::markdown::{self, Place};
use crate::names::capital;

const NAME: &str = "DEPLOYMENT_TDD.md";
const SOURCE: &str = include_str!("../../templates/DEPLOYMENT_TDD.md.j2");

/// The document of a view.
///
/// # Panics
///
/// If the template names a field that the view does not have: a bug here, which any test that renders meets.
pub(super) fn render(view: &View<'_>) -> String {
    static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(environment);
    let template = ENVIRONMENT.get_template(NAME).expect("the template is part of the program");
    let document = template.render(Serde(view)).unwrap_or_else(|error| panic!("{NAME}.j2: {error:#}"));
    markdown::tidy(&document)
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .expect("the default delimiters"),
    );
    environment.set_formatter(|out, _, value| {
        if value.is_safe() {
            out.write_str(value.as_str().unwrap_or_default())?;
        } else {
            out.write_str(&markdown::inline(&value.to_string(), Place::Prose))?;
        }
        Ok(())
    });
    environment.add_filter("cell", |text: &str| safe(markdown::inline(text, Place::Cell)));
    environment.add_filter("code", |text: &str| safe(markdown::code(text, Place::Prose)));
    environment.add_filter("cell_code", |text: &str| safe(markdown::code(text, Place::Cell)));
    environment.add_filter("link", |text: &str| safe(link_or_prose(text)));
    environment.add_filter("fence", |text: &str, syntax: &str| safe(markdown::fence(text, syntax)));
    environment.add_filter("indent", |block: &Value, columns: usize| {
        safe(markdown::indent(block.as_str().unwrap_or_default(), columns))
    });
    environment.add_function("commands", |commands: Serde<Vec<Command>>| shell_lines(&commands));
    environment.add_filter("sentence", |text: &str| sentence(text));
    environment.add_filter("capital", |text: &str| capital(text));
    environment.add_filter("span", |range: Serde<UsdRange>| range.span());
    environment.add_filter("usd", |amount: Serde<Usd>| amount.rounded());
    environment.add_template(NAME, SOURCE).expect("the template is part of the program");
    environment
}

fn safe(markdown: String) -> Value {
    Value::from_safe_string(markdown)
}

/// Fields that hold an address or, where there is none yet, words.
fn link_or_prose(text: &str) -> String {
    if text.contains("://") {
        markdown::link(text, Place::Prose)
    } else {
        markdown::inline(text, Place::Prose)
    }
}

/// Commands as a shell would take them, each below what it does.
fn shell_lines(commands: &[Command]) -> String {
    let lines = commands.iter().map(|command| match markdown::one_line(&command.purpose) {
        purpose if purpose.is_empty() => command.line.clone(),
        purpose => format!("# {purpose}\n{}", command.line),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// With a capital letter and a full stop, unless it ends in a mark already.
pub(super) fn sentence(text: &str) -> String {
    let text = capital(markdown::one_line(text).as_str());
    if text.is_empty() || text.ends_with(['.', '!', '?', ':']) { text } else { format!("{text}.") }
}
