//! What goes to standard output and what to standard error: JSON to the first alone, then all else to the second.

use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;
use serde::Serialize;

use crate::error::{Failure, Outcome};

/// What a command prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people.
    Text,
    /// JSON for programs, on standard output alone.
    Json,
}

/// How much is told besides the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    /// Only results and errors.
    Quiet,
    /// Results and what a person should know.
    Normal,
    /// Everything, with the source of each value.
    Verbose,
}

/// The two streams of one run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// What the command prints.
    pub(crate) format: Format,
    /// How much is told besides.
    pub(crate) verbosity: Verbosity,
}

impl Output {
    /// Whether the result is text.
    pub(crate) fn is_text(self) -> bool {
        self.format == Format::Text
    }

    /// Prints the result of a command as text; with `--format json` that is no result and nothing is printed.
    pub(crate) fn result(self, text: &str) -> Outcome<()> {
        if self.is_text() { print(anstream::stdout().lock(), text) } else { Ok(()) }
    }

    /// Prints, as text, what a command has written. The files are there, so that a report which cannot be printed is no failure.
    pub(crate) fn done(self, text: &str) {
        if let Err(failure) = self.result(text) {
            tell(&format!("warning: the files are written, but the report is not: {}", failure.message()));
        }
    }

    /// Tells the person something besides the result.
    pub(crate) fn note(self, text: &str) {
        if self.verbosity >= Verbosity::Normal {
            tell(text);
        }
    }

    /// Tells the person something that only those who asked for more want to know.
    pub(crate) fn detail(self, text: &str) {
        if self.verbosity >= Verbosity::Verbose {
            tell(text);
        }
    }

    /// Whether passing signs of life may be drawn on standard error.
    pub(crate) fn may_animate(self) -> bool {
        self.verbosity >= Verbosity::Normal && io::stderr().is_terminal()
    }
}

/// Prints the result of a command as JSON.
pub(crate) fn json(value: &impl Serialize) -> Outcome<()> {
    let mut text = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::bug("the result cannot be written as JSON").because(&error))?;
    text.push('\n');
    print(io::stdout().lock(), &text)
}

/// Prints, as JSON, what a command has written. Who reads it does not get it, but the files are there.
pub(crate) fn json_done(value: &impl Serialize) -> Outcome<()> {
    json(value).map_err(|failure| {
        Failure::input("the files are written, but the result is not").detail(failure.message())
    })
}

/// Prints text that is for a program as it stands, whatever the format.
pub(crate) fn script(text: &str) -> Outcome<()> {
    print(io::stdout().lock(), text)
}

/// Prints a failure on standard error.
pub(crate) fn failure(failure: &Failure) {
    error("error", &failure.message());
}

/// Prints the report of a bug on standard error.
pub(crate) fn bug(report: &str) {
    error("internal error", report);
}

fn error(word: &str, message: &str) {
    let style = anstyle::Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into()));
    tell(&format!("{style}{word}{style:#}: {message}"));
}

/// A line on standard error. That nobody reads it is no failure of the command.
fn tell(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Text on a stream. A reader that has seen enough (`| head`) is no failure.
fn print(mut stream: impl Write, text: &str) -> Outcome<()> {
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::refused("cannot write to standard output").because(&error))
        }
        _ => Ok(()),
    }
}
