//! Failures as a person wants them: what, where, what to do. One function turns the kind into the exit status.

use std::error::Error;
use std::fmt::Write as _;

use crate::exit::Exit;

/// What kind of failure it is; decides the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The command line or a file that it names is wrong.
    Input,
    /// Answers are missing and nobody can be asked.
    InputRequired,
    /// Nothing was written, so that nothing is lost.
    Refused,
    /// The person stopped it.
    Interrupted,
    /// Our own fault.
    Bug,
}

impl Kind {
    /// The exit status of a kind of failure.
    pub(crate) fn exit(self) -> Exit {
        match self {
            Self::Input => Exit::Usage,
            Self::InputRequired => Exit::InputRequired,
            Self::Refused => Exit::Refused,
            Self::Interrupted => Exit::Interrupted,
            Self::Bug => Exit::Bug,
        }
    }
}

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    what: String,
    details: Vec<String>,
    hints: Vec<String>,
}

/// The result of everything that can fail in this crate.
pub(crate) type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// The command line or a file that it names is wrong.
    pub(crate) fn input(what: impl Into<String>) -> Self {
        Self::new(Kind::Input, what)
    }

    /// Answers are missing and nobody can be asked.
    pub(crate) fn input_required(what: impl Into<String>) -> Self {
        Self::new(Kind::InputRequired, what)
    }

    /// Nothing was written, so that nothing is lost.
    pub(crate) fn refused(what: impl Into<String>) -> Self {
        Self::new(Kind::Refused, what)
    }

    /// The person stopped it.
    pub(crate) fn interrupted() -> Self {
        Self::new(Kind::Interrupted, "interrupted; nothing was written")
    }

    /// Our own fault: a state that the code was meant to exclude.
    pub(crate) fn bug(what: impl Into<String>) -> Self {
        Self::new(Kind::Bug, what).hint("this is a bug in siteplan: please report it with the line above")
    }

    fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), details: Vec::new(), hints: Vec::new() }
    }

    /// Adds a line that says where, or shows the place.
    #[must_use]
    pub(crate) fn detail(mut self, line: impl Into<String>) -> Self {
        self.details.push(line.into());
        self
    }

    /// Adds lines that say where, or show the place.
    #[must_use]
    pub(crate) fn details(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.details.extend(lines);
        self
    }

    /// Adds what can be done about it.
    #[must_use]
    pub(crate) fn hint(mut self, line: impl Into<String>) -> Self {
        self.hints.push(line.into());
        self
    }

    /// Adds every cause beneath an error.
    #[must_use]
    pub(crate) fn because(mut self, error: &(dyn Error + 'static)) -> Self {
        let mut cause = Some(error);
        while let Some(error) = cause {
            let text = error.to_string();
            // Some errors repeat their source in their own words.
            if !self.what.contains(&text) && !self.details.iter().any(|line| line.contains(&text)) {
                self.details.push(format!("because {text}"));
            }
            cause = error.source();
        }
        self
    }

    /// The exit status.
    pub(crate) fn exit(&self) -> Exit {
        self.kind.exit()
    }

    /// The whole message below the word `error`.
    pub(crate) fn message(&self) -> String {
        let mut text = self.what.clone();
        for line in self.details.iter().chain(&self.hints).flat_map(|block| block.lines()) {
            write!(text, "\n  {line}").expect("writing to a string");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;
    use crate::exit::Exit;

    #[test]
    fn a_message_says_what_then_where_then_what_to_do() {
        let failure = Failure::refused("`specs/DEPLOYMENT_TDD.md` was edited")
            .hint("--force overwrites it")
            .detail("3 lines differ");
        let expected = "`specs/DEPLOYMENT_TDD.md` was edited\n  3 lines differ\n  --force overwrites it";
        assert_eq!(failure.message(), expected);
        assert_eq!(failure.exit(), Exit::Refused);
    }

    #[test]
    fn a_cause_is_told_once() {
        let cause = std::io::Error::other("no space left");
        let failure = Failure::refused("cannot write: no space left").because(&cause);
        assert_eq!(failure.message(), "cannot write: no space left");
    }
}
