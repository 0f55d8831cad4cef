//! How a run ended, as a type: the exit status that scripts rely on.

use std::process::{ExitCode, Termination};

/// The exit statuses of every command, whatever the flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, nothing to report.
    Done,
    /// Problems were found that the caller asked to be told of.
    Findings,
    /// Bad usage or input.
    Usage,
    /// Gates are open and nobody can be asked; nothing was written.
    InputRequired,
    /// Nothing was written, because a person's or a stranger's file stands in the way, or the place cannot be written.
    Refused,
    /// A bug in siteplan.
    Bug,
    /// Interrupted by the person.
    Interrupted,
}

impl Exit {
    /// The number that the shell sees. (5, facts too old, belongs to a flag that does not exist yet.)
    pub(crate) fn status(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::InputRequired => 3,
            Self::Refused => 4,
            Self::Bug => 70,
            Self::Interrupted => 130,
        }
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self.status())
    }
}
