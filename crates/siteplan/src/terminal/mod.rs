//! The interview at a terminal: drives [`Interview`] one question at a time and shows what the stages return. It decides
//! nothing itself.

pub(crate) mod ask;
pub(crate) mod sanitise;
pub(crate) mod show;
pub(crate) mod style;

mod approve;
mod question;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use siteplan_interview::{Interview, Prompt, Proposal, Step};
use siteplan_model::gate::{Channel, Gate, Provenance};

use ask::{Asker, Menu, Picked};
use question::{BACK, KEYS, Reply};
use sanitise::line;
use style::{QUIET, STRONG, WARNING, paint, wrapped};

/// How an interview ended. The answers are in the interview whatever the ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Everything is answered and the plan approved: write it.
    Approved,
    /// Everything is answered and the plan not approved: write no document.
    Declined,
    /// Escape: save the answers and leave.
    Left,
    /// Control-C: save the answers and leave with the status of an interruption.
    Interrupted,
}

/// What follows one exchange.
enum Next {
    Go,
    End(Ending),
}

/// Asks every open question and then for the one approval.
///
/// `out` is where the asker draws: standard error through `anstream` for [`ask::Person`]. Fails only if the terminal
/// does.
pub(crate) fn interview(
    interview: &mut Interview<'_>,
    asker: &mut dyn Asker,
    out: &mut dyn Write,
) -> io::Result<Ending> {
    let mut told: Option<Gate> = None;
    loop {
        let next = match interview.next() {
            Step::Done => {
                told = None;
                approve::approve(interview, asker, out)?
            }
            Step::Ask(prompt) => {
                if told != Some(prompt.gate) {
                    introduce(interview, &prompt, out)?;
                    told = Some(prompt.gate);
                }
                exchange(interview, &prompt, asker, out)?
            }
        };
        if let Next::End(ending) = next {
            return Ok(ending);
        }
    }
}

/// What is said before a question: the options for the platform, why it is asked, and what is proposed.
fn introduce(interview: &Interview<'_>, prompt: &Prompt, out: &mut dyn Write) -> io::Result<()> {
    let width = style::width();
    writeln!(out)?;
    if prompt.gate == Gate::Platform {
        write!(out, "{}", show::recommendation(&interview.recommendation(), width))?;
        writeln!(out)?;
    }
    writeln!(out, "{}", paint(QUIET, &wrapped("  ", &line(&prompt.why), width)))?;
    if let Some(proposal) = prompt.proposed.as_ref().filter(|_| prompt.gate != Gate::Platform) {
        writeln!(out, "{}", wrapped("  ", &proposed(prompt, proposal), width))?;
    }
    Ok(())
}

/// `Proposed: Full-stack web application, because of …`
fn proposed(prompt: &Prompt, proposal: &Proposal) -> String {
    let label = prompt.choices().find(|choice| choice.value == proposal.value);
    let value = label.map_or(&proposal.value, |choice| &choice.label);
    let doubt = match proposal.certainty {
        siteplan_model::fact::Certainty::High => "",
        siteplan_model::fact::Certainty::Medium => " (fairly sure)",
        siteplan_model::fact::Certainty::Low => " (a guess)",
    };
    format!("Proposed{doubt}: {} — {}", line(value), line(&proposal.because))
}

/// One question and what its reply brings about.
fn exchange(
    interview: &mut Interview<'_>,
    prompt: &Prompt,
    asker: &mut dyn Asker,
    out: &mut dyn Write,
) -> io::Result<Next> {
    match question::ask(prompt, asker, style::width())? {
        Reply::Answer(text) => {
            let provenance = provenance(prompt, &text);
            if let Err(error) = interview.answer(prompt.gate, &text, provenance, Channel::Terminal) {
                let message = line(&error.to_string());
                writeln!(out, "{}", paint(WARNING, &wrapped("  ! ", &message, style::width())))?;
                return Ok(Next::Go);
            }
            return heed(interview, asker, out);
        }
        Reply::Back => {
            if interview.back().is_none() {
                writeln!(out, "{}", paint(QUIET, "  This is the first question."))?;
            }
        }
        Reply::Why => {
            for text in [&prompt.why, &prompt.help] {
                writeln!(out, "{}", wrapped("  ", &line(text), style::width()))?;
            }
        }
        Reply::Leave => return Ok(Next::End(Ending::Left)),
        Reply::Interrupt => return Ok(Next::End(Ending::Interrupted)),
    }
    Ok(Next::Go)
}

/// Who gave an answer at the terminal: whoever proposed it, if it was taken as proposed, else the person.
fn provenance(prompt: &Prompt, text: &str) -> Provenance {
    match &prompt.proposed {
        Some(proposal) if proposal.value == text && proposal.from != Provenance::Default => proposal.from,
        _ => Provenance::Person,
    }
}

/// Tells what the answer brought about, and offers the step back.
fn heed(interview: &mut Interview<'_>, asker: &mut dyn Asker, out: &mut dyn Write) -> io::Result<Next> {
    if interview.notices().is_empty() {
        return Ok(Next::Go);
    }
    writeln!(out)?;
    for notice in interview.notices() {
        let message = wrapped("  ! ", &line(&notice.message), style::width());
        writeln!(out, "{}", paint(WARNING, &message))?;
    }
    let menu = Menu {
        heading: "Keep this answer?".to_owned(),
        rows: vec!["keep it".to_owned(), BACK.to_owned()],
        start: 0,
        keys: KEYS,
    };
    Ok(match asker.pick(&menu)? {
        Picked::Row(0) => Next::Go,
        Picked::Row(_) => {
            interview.back();
            Next::Go
        }
        Picked::Escape => Next::End(Ending::Left),
        Picked::Interrupt => Next::End(Ending::Interrupted),
    })
}

/// A heading above a block of text.
fn heading(text: &str) -> String {
    paint(STRONG, text)
}
