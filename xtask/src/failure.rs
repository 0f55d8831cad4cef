//! Why a task did not succeed, and the command that shows it again or mends it.

use std::fmt;

/// The result of anything that can fail.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// One failure, for a person to read.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    what: String,
    reproduce: Option<String>,
    mend: Option<String>,
}

impl Failure {
    /// A failure in words.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), reproduce: None, mend: None }
    }

    /// With the command that shows it again.
    pub(crate) fn reproduce(self, command: impl fmt::Display) -> Self {
        Self { reproduce: Some(command.to_string()), ..self }
    }

    /// With the command that mends it, or the next thing to do.
    pub(crate) fn mend(self, command: impl fmt::Display) -> Self {
        Self { mend: Some(command.to_string()), ..self }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.what.trim_end())?;
        if let Some(command) = &self.reproduce {
            write!(formatter, "\n  to see it again: {command}")?;
        }
        if let Some(command) = &self.mend {
            write!(formatter, "\n  to mend it: {command}")?;
        }
        Ok(())
    }
}
