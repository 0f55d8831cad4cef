//! The terminal: asks the interview's questions one at a time, asks for the one approval, shows what the stages return.
//! It decides nothing itself.
//!
//! `plan` goes through it so, where a changed answer needs a new plan:
//!
//! ```text
//! interview() → plan → approve() ─ Yes → write
//!                 ▲        ├────── No, Leave → keep the answers
//!                 └────────┴────── Changed
//! ```

mod approve;
mod ask;
mod chart;
mod drive;
mod glyphs;
mod numbers;
mod question;
mod sanitise;
pub(crate) mod show;
mod style;
mod table;
#[cfg(test)]
mod tests;

use std::io::{self, IsTerminal as _, Write};

use siteplan_interview::Interview;
use siteplan_model::design::Design;
use siteplan_model::gate::Gate;

use crate::error::{Failure, Outcome};
use crate::output::{Output, Verbosity};

pub(crate) use approve::Approval;
pub(crate) use glyphs::shown;
pub(crate) use sanitise::code;
pub(crate) use style::{QUIET, WARNING, paint};
pub(crate) use table::{Row, Side};

use ask::Person;
use drive::{Ending, drive};

/// How a person left the questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leave {
    /// Every question is answered.
    Answered,
    /// In the middle: the answers so far are to be saved.
    Saved,
}

/// Whether there is somebody to ask: keys come from standard input, questions go to standard error.
pub(crate) fn is_present() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Shows what was found and asks every open question.
pub(crate) fn interview(interview: &mut Interview<'_>, output: Output) -> Outcome<Leave> {
    let mut out = anstream::stderr();
    if output.verbosity >= Verbosity::Normal {
        let screen = show::survey(interview.catalog(), interview.survey());
        write!(out, "{screen}").map_err(|error| failed(&error))?;
    }
    ending(drive(interview, &Gate::ALL, &mut Person, &mut out))
}

/// Asks the open questions among some; a person who leaves interrupts the command.
pub(crate) fn ask(interview: &mut Interview<'_>, gates: &[Gate]) -> Outcome<()> {
    match ending(drive(interview, gates, &mut Person, &mut anstream::stderr()))? {
        Leave::Answered => Ok(()),
        Leave::Saved => Err(Failure::interrupted()),
    }
}

/// Asks for the approval of a plan before anything is written.
pub(crate) fn approve(interview: &mut Interview<'_>, design: &Design) -> Outcome<Approval> {
    let approval = approve::approve(interview, design, &mut Person, &mut anstream::stderr());
    approval.map_err(|error| failed(&error))?.ok_or_else(Failure::interrupted)
}

fn ending(ending: io::Result<Ending>) -> Outcome<Leave> {
    match ending.map_err(|error| failed(&error))? {
        Ending::Answered => Ok(Leave::Answered),
        Ending::Left => Ok(Leave::Saved),
        Ending::Interrupted => Err(Failure::interrupted()),
    }
}

fn failed(error: &io::Error) -> Failure {
    Failure::refused("the terminal cannot be used; nothing was written")
        .because(error)
        .hint("`--set` and `--defaults` answer without a terminal")
}

/// Rows in lines as wide as the terminal; the `elastic` column is cut where they do not fit.
pub(crate) fn table(sides: &[Side], elastic: usize, rows: &[Row]) -> String {
    table::table(sides, elastic, rows, 0, style::width())
}

/// A text in lines as wide as the terminal, each after the same margin.
pub(crate) fn paragraph(margin: &str, text: &str) -> String {
    style::wrapped(margin, &sanitise::line(text), style::width())
}
