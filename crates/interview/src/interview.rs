//! The state machine itself: which question is next, taking an answer, taking it back.

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_model::brief::Brief;
use siteplan_model::gate::{Channel, Gate, Provenance};
use siteplan_model::survey::Survey;

use crate::answer::{self, Answer};
use crate::choices::Offered;
use crate::error::{AnswerError, AnswerErrors};
use crate::notice::Notice;
use crate::options::{Kept, Recommender};
use crate::prompt::{Prompt, PromptKind};
use crate::replay::Change;
use crate::state::GateState;
use crate::subject::Subject;

/// The interview over one Survey.
pub struct Interview<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) survey: &'a Survey,
    pub(crate) brief: Brief,
    pub(crate) changes: Vec<Change>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) recommender: Recommender<'a>,
    pub(crate) kept: Kept,
    history: Vec<Undo>,
    withdrawn: BTreeMap<Subject, String>,
    /// A refinement that is to be asked whatever it is worth.
    reopened: Option<String>,
}

/// The Brief as it was before a question was answered or reopened.
#[derive(Clone, Debug)]
struct Undo {
    subject: Subject,
    before: Brief,
}

/// What the interview wants next.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "one exists at a time")]
pub enum Step {
    /// A question to ask.
    Ask(Prompt),
    /// Every question that applies is answered and confirmed.
    Done,
}

impl<'a> Interview<'a> {
    /// Starts, resumes or replays an interview from the answers that a Brief already has.
    ///
    /// Answers without a provenance count as given by file. Answers that detection or a default gave before are computed
    /// anew: [`Interview::replayed_changes`] tells what became of them. Everything wrong with the Brief comes back at
    /// once.
    pub fn new(
        catalog: &'a Catalog,
        survey: &'a Survey,
        brief: Brief,
        recommender: Recommender<'a>,
    ) -> Result<Self, AnswerErrors> {
        let mut interview = Self {
            catalog,
            survey,
            brief,
            changes: Vec::new(),
            notices: Vec::new(),
            recommender,
            kept: Kept::default(),
            history: Vec::new(),
            withdrawn: BTreeMap::new(),
            reopened: None,
        };
        interview.complete_provenance();
        let errors = interview.errors_in_brief();
        if !errors.is_empty() {
            return Err(AnswerErrors(errors));
        }
        interview.replay();
        Ok(interview)
    }

    /// The next question, or that there is none. Before the platform come the refinements that are worth asking.
    pub fn next(&self) -> Step {
        let reopened = self.reopened.as_ref().and_then(|key| self.refinement_prompt(key));
        if let Some(prompt) = reopened {
            return Step::Ask(prompt);
        }
        match self.gates().into_iter().find(|gate| self.is_open(*gate)) {
            None => Step::Done,
            Some(Gate::Platform) => {
                let refinement = self.refinements_to_ask().into_iter().next();
                let prompt = refinement.and_then(|key| self.refinement_prompt(&key));
                Step::Ask(prompt.unwrap_or_else(|| self.prompt(Gate::Platform)))
            }
            Some(gate) => Step::Ask(self.prompt(gate)),
        }
    }

    /// One question, whether it is open or not.
    pub fn prompt(&self, gate: Gate) -> Prompt {
        let gates = self.gates();
        let question = self.question(gate);
        let Offered { shown, others, number } = self.offered(gate);
        let text = |of: fn(&siteplan_catalog::words::Question) -> &String| {
            question.map(of).cloned().unwrap_or_default()
        };
        Prompt {
            subject: gate.into(),
            number: gates.iter().position(|other| *other == gate).map_or(gates.len(), |index| index + 1),
            of: gates.len(),
            text: question.map_or_else(|| gate.to_string(), |question| question.text.clone()),
            why: text(|question| &question.why),
            help: text(|question| &question.help),
            kind: if gate == Gate::RequiredSecrets {
                PromptKind::Text { example: "DATABASE_URL, STRIPE_API_KEY".to_owned() }
            } else {
                PromptKind::Choice {
                    choices: shown,
                    others,
                    number: number.map(str::to_owned),
                    several: false,
                }
            },
            default: self.default(gate),
            proposed: self.proposal(gate),
            given: self.withdrawn(&gate.into()),
        }
    }

    /// Takes an answer. Without a channel it is only proposed, and the question stays open.
    pub fn answer(
        &mut self,
        gate: Gate,
        text: &str,
        provenance: Provenance,
        channel: impl Into<Option<Channel>>,
    ) -> Result<(), AnswerError> {
        let answer = self.read(gate, text)?;
        let before = self.brief.clone();
        self.record(gate, answer, provenance, channel.into());
        self.took(&gate.into(), &before, provenance);
        Ok(())
    }

    /// Takes an answer to a gate or a refinement.
    pub fn answer_to(
        &mut self,
        subject: &Subject,
        text: &str,
        provenance: Provenance,
        channel: impl Into<Option<Channel>>,
    ) -> Result<(), AnswerError> {
        match subject {
            Subject::Gate(gate) => self.answer(*gate, text, provenance, channel),
            Subject::Refinement(key) => self.refine(key, text, provenance),
        }
    }

    /// What follows from an answer that was written to its place.
    pub(crate) fn took(&mut self, subject: &Subject, before: &Brief, provenance: Provenance) {
        // The command line and the file are not a step that one takes back.
        let is_step = !matches!(provenance, Provenance::Flag | Provenance::File);
        if is_step {
            self.history.push(Undo { subject: subject.clone(), before: before.clone() });
        }
        self.withdrawn.remove(subject);
        self.reopened = None;
        self.refresh();
        self.notices = if is_step { self.notices_after(subject, before) } else { Vec::new() };
    }

    /// One step back: the last answer is taken back and its question is open again. Without an answer of this session it
    /// is the question before the one that is next. Returns what was reopened, or `None` at the first question.
    pub fn back(&mut self) -> Option<Subject> {
        self.notices.clear();
        self.reopened = None;
        if let Some(undo) = self.history.pop() {
            if let Some(words) = self.words(&undo.subject) {
                self.withdrawn.insert(undo.subject.clone(), words);
            }
            self.brief = undo.before;
            return Some(undo.subject);
        }
        let gates = self.gates();
        let next = gates.iter().position(|gate| self.is_open(*gate)).unwrap_or(gates.len());
        let refinement = self.last_refinement().filter(|_| gates.get(next) == Some(&Gate::Platform));
        let by_flag = |gate: &Gate| self.brief.provenance.get(gate) == Some(&Provenance::Flag);
        let gate = || gates[..next].iter().rev().copied().find(|gate| !by_flag(gate)).map(Subject::Gate);
        let previous = refinement.map(Subject::Refinement).or_else(gate)?;
        self.open(&previous);
        Some(previous)
    }

    /// Opens a question that was answered, to answer it differently; [`Interview::back`] restores the answer.
    pub fn reopen(&mut self, subject: impl Into<Subject>) {
        let subject = subject.into();
        self.notices.clear();
        self.history.push(Undo { subject: subject.clone(), before: self.brief.clone() });
        self.open(&subject);
    }

    /// Answers every open question with what is proposed, else with the stated default. Nobody confirms these answers:
    /// their channel is [`Channel::Default`].
    pub fn accept_defaults(&mut self) {
        for gate in Gate::ALL {
            if self.applies(gate) && self.is_open(gate) {
                self.fill(gate);
            }
        }
    }

    /// Whether a question must still be asked: it is unanswered, or nobody confirmed the answer.
    pub fn is_open(&self, gate: Gate) -> bool {
        let answered = answer::words(&self.brief.answers, gate).is_some();
        !(answered && self.brief.channels.contains_key(&gate))
    }

    /// How far a gate is.
    pub fn state(&self, gate: Gate) -> GateState {
        let answered = answer::words(&self.brief.answers, gate).is_some();
        match self.brief.channels.get(&gate) {
            Some(channel) if answered => GateState::Confirmed(*channel),
            _ if answered || self.proposal(gate).is_some() => GateState::Proposed,
            _ => GateState::Unanswered,
        }
    }

    /// The Brief so far: the whole state.
    pub fn brief(&self) -> &Brief {
        &self.brief
    }

    /// The Brief, the interview being over.
    pub fn into_brief(self) -> Brief {
        self.brief
    }

    /// The Survey that the interview is about.
    pub fn survey(&self) -> &'a Survey {
        self.survey
    }

    /// The catalog that the interview draws on.
    pub fn catalog(&self) -> &'a Catalog {
        self.catalog
    }

    pub(crate) fn record(
        &mut self,
        gate: Gate,
        answer: Answer,
        provenance: Provenance,
        channel: Option<Channel>,
    ) {
        answer.put(&mut self.brief.answers);
        self.brief.provenance.insert(gate, provenance);
        match channel {
            Some(channel) => self.brief.channels.insert(gate, channel),
            None => self.brief.channels.remove(&gate),
        };
    }

    /// Answers a question with what is taken when nobody is asked.
    pub(crate) fn fill(&mut self, gate: Gate) {
        let (text, provenance) = self.unasked(gate);
        if let Ok(answer) = self.read(gate, &text) {
            self.record(gate, answer, provenance, Some(Channel::Default));
        }
    }

    /// Takes an answer away with all that is known of it.
    pub(crate) fn forget(&mut self, gate: Gate) {
        answer::clear(&mut self.brief.answers, gate);
        self.brief.provenance.remove(&gate);
        self.brief.channels.remove(&gate);
    }

    /// The answer that was given before and taken back.
    pub(crate) fn withdrawn(&self, subject: &Subject) -> Option<String> {
        self.withdrawn.get(subject).cloned()
    }

    /// The answer to a question in its words.
    fn words(&self, subject: &Subject) -> Option<String> {
        match subject {
            Subject::Gate(gate) => answer::words(&self.brief.answers, *gate),
            Subject::Refinement(key) => self.brief.settings.get(key).cloned(),
        }
    }

    fn open(&mut self, subject: &Subject) {
        if let Some(words) = self.words(subject) {
            self.withdrawn.insert(subject.clone(), words);
        }
        match subject {
            Subject::Gate(gate) => self.forget(*gate),
            Subject::Refinement(key) => {
                self.brief.settings.remove(key);
                self.brief.setting_provenance.remove(key);
                self.reopened = Some(key.clone());
            }
        }
    }
}
