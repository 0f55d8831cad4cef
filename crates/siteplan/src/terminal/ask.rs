//! The two things that are asked at a terminal: one row of a menu, one line of text.

use std::io;

use inquire::ui::RenderConfig;
use inquire::{InquireError, Select, Text};

/// Rows of which one is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Menu {
    /// What is asked, in one line.
    pub(crate) heading: String,
    /// The rows as shown.
    pub(crate) rows: Vec<String>,
    /// The row that is offered first.
    pub(crate) start: usize,
    /// The keys that work.
    pub(crate) keys: &'static str,
}

/// A line to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    /// What is asked.
    pub(crate) heading: String,
    /// What is there already.
    pub(crate) initial: String,
    /// What a good line looks like.
    pub(crate) help: String,
    /// Whether the line stays on the screen once it is entered.
    pub(crate) echo: Echo,
}

/// What becomes of an entered line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Echo {
    /// It stays on the screen.
    Kept,
    /// It is wiped: it could be a secret entered by mistake.
    Wiped,
}

/// What somebody did with a menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Picked {
    /// Took a row.
    Row(usize),
    /// Pressed escape.
    Escape,
    /// Pressed control-C.
    Interrupt,
}

/// What somebody did with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// Entered it.
    Line(String),
    /// Pressed escape.
    Escape,
    /// Pressed control-C.
    Interrupt,
}

/// Somebody who can be asked.
pub(crate) trait Asker {
    /// Asks for a row.
    fn pick(&mut self, menu: &Menu) -> io::Result<Picked>;
    /// Asks for a line.
    fn write(&mut self, field: &Field) -> io::Result<Written>;
}

/// The person at the terminal, asked on standard error.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Person;

impl Asker for Person {
    fn pick(&mut self, menu: &Menu) -> io::Result<Picked> {
        let answer = Select::new(&menu.heading, menu.rows.clone())
            .with_starting_cursor(menu.start)
            .with_page_size(menu.rows.len().min(MOST_ROWS))
            .with_help_message(menu.keys)
            .with_scorer(&|typed, _, row, _| likeness(typed, row))
            .with_formatter(&|row| row.value.split("  ").next().unwrap_or_default().trim().to_owned())
            .with_render_config(RenderConfig::default())
            .raw_prompt();
        match answer {
            Ok(row) => Ok(Picked::Row(row.index)),
            Err(InquireError::OperationCanceled) => Ok(Picked::Escape),
            Err(InquireError::OperationInterrupted) => Ok(Picked::Interrupt),
            Err(error) => Err(failed(error)),
        }
    }

    fn write(&mut self, field: &Field) -> io::Result<Written> {
        let echo = field.echo;
        let kept = move |line: &str| if echo == Echo::Kept { line.to_owned() } else { String::new() };
        let answer = Text::new(&field.heading)
            .with_initial_value(&field.initial)
            .with_help_message(&field.help)
            .with_formatter(&kept)
            .with_render_config(RenderConfig::default())
            .prompt();
        match answer {
            Ok(line) => Ok(Written::Line(line)),
            Err(InquireError::OperationCanceled) => Ok(Written::Escape),
            Err(InquireError::OperationInterrupted) => Ok(Written::Interrupt),
            Err(error) => Err(failed(error)),
        }
    }
}

/// Longer menus scroll.
const MOST_ROWS: usize = 16;

/// How well a row fits what was typed: it contains it, the nearer to its beginning the better.
fn likeness(typed: &str, row: &str) -> Option<i64> {
    let place = row.to_lowercase().find(&typed.to_lowercase())?;
    i64::try_from(place).ok().map(|place| -place)
}

fn failed(error: InquireError) -> io::Error {
    match error {
        InquireError::IO(error) => error,
        other => io::Error::other(other.to_string()),
    }
}
