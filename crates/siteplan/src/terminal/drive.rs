//! Drives an [`Interview`] one question at a time, with whoever can be asked.

use std::io::{self, Write};

use siteplan_interview::{Interview, Prompt, Proposal, Step, Subject};
use siteplan_model::fact::Certainty;
use siteplan_model::gate::{Channel, Gate, Provenance};

use super::ask::{Asker, Menu, Picked};
use super::question::{self, BACK, KEYS, Reply};
use super::sanitise::line;
use super::show;
use super::style::{self, QUIET, WARNING, paint, wrapped};

/// How a row of questions ended. The answers are in the interview whatever the ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Every question that was to be asked is answered.
    Answered,
    /// Escape: the answers are to be kept.
    Left,
    /// Control-C.
    Interrupted,
}

/// What follows one exchange.
enum Next {
    Go,
    End(Ending),
}

/// Asks the open questions among `gates`, in the interview's order.
///
/// `out` is where the asker draws: standard error through `anstream` for a person. Fails only if the terminal does.
pub(crate) fn drive(
    interview: &mut Interview<'_>,
    gates: &[Gate],
    asker: &mut dyn Asker,
    out: &mut dyn Write,
) -> io::Result<Ending> {
    let mut told: Option<Subject> = None;
    loop {
        let Step::Ask(prompt) = interview.next() else { return Ok(Ending::Answered) };
        // Refinements belong to the choice of a platform.
        if !gates.contains(&prompt.subject.gate().unwrap_or(Gate::Platform)) {
            return Ok(Ending::Answered);
        }
        if told.as_ref() != Some(&prompt.subject) {
            introduce(interview, &prompt, out)?;
            told = Some(prompt.subject.clone());
        }
        if let Next::End(ending) = exchange(interview, &prompt, asker, out)? {
            return Ok(ending);
        }
    }
}

/// What is said before a question: the options for the platform, why it is asked, and what is proposed.
fn introduce(interview: &Interview<'_>, prompt: &Prompt, out: &mut dyn Write) -> io::Result<()> {
    let width = style::width();
    writeln!(out)?;
    let is_platform = prompt.subject == Subject::Gate(Gate::Platform);
    if is_platform {
        write!(out, "{}", show::before_choice(&interview.recommendation(), width))?;
        if let Some(text) = not_worth_asking(interview) {
            writeln!(out, "{}", paint(QUIET, &wrapped("  ", &line(&text), width)))?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", paint(QUIET, &wrapped("  ", &line(&prompt.why), width)))?;
    if let Some(proposal) = prompt.proposed.as_ref().filter(|_| !is_platform) {
        writeln!(out, "{}", wrapped("  ", &proposed(prompt, proposal), width))?;
    }
    Ok(())
}

/// `Not worth asking: compliance, team size: no answer changes the recommendation; gpu: nothing in the repository speaks for it`
fn not_worth_asking(interview: &Interview<'_>) -> Option<String> {
    let mut by_reason: Vec<(String, Vec<String>)> = Vec::new();
    for not in interview.refinements_not_worth_asking() {
        let refinement = interview.catalog().refinements.get(&not.key);
        let name = refinement.map_or_else(|| not.key.clone(), |refinement| refinement.name.clone());
        let reason = not.because.split(": ").next().unwrap_or_default();
        match by_reason.iter_mut().find(|(known, _)| known == reason) {
            Some((_, names)) => names.push(name),
            None => by_reason.push((reason.to_owned(), vec![name])),
        }
    }
    let parts: Vec<String> =
        by_reason.iter().map(|(reason, names)| format!("{}: {reason}", names.join(", "))).collect();
    (!parts.is_empty()).then(|| format!("Not worth asking: {}", parts.join("; ")))
}

/// `Proposed: Full-stack web application, because of …`
fn proposed(prompt: &Prompt, proposal: &Proposal) -> String {
    let label = prompt.choices().find(|choice| choice.value == proposal.value);
    let value = label.map_or(&proposal.value, |choice| &choice.label);
    let doubt = match proposal.certainty {
        Certainty::High => "",
        Certainty::Medium => " (fairly sure)",
        Certainty::Low => " (a guess)",
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
            if let Err(error) = interview.answer_to(&prompt.subject, &text, provenance, Channel::Terminal) {
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
