//! The state machine of the questions, which every front end drives: Survey and answers so far → the next question,
//! until the Brief is complete.
//!
//! [`Interview::next`] gives a [`Prompt`], [`Interview::answer`] takes what was said to it; [`Interview::back`],
//! [`Interview::reopen`], [`Interview::accept_defaults`] and [`Interview::set`] do what their names say. The Brief is the
//! whole state: saving it saves the interview, [`Interview::new`] with a saved one resumes or replays it. Nothing here
//! prints, reads or writes.

mod answer;
mod applies;
mod choices;
mod conflict;
mod database;
mod decision;
mod error;
mod interview;
mod missing;
mod notice;
mod number;
mod options;
mod pick;
mod prompt;
mod propose;
mod read;
mod refine;
mod replay;
mod secret_names;
mod set;
mod state;
mod subject;

pub use conflict::{Conflict, Disagreement};
pub use decision::Decision;
pub use error::{AnswerError, AnswerErrors};
pub use interview::{Interview, Step};
pub use missing::MissingGate;
pub use notice::{Notice, NoticeKind};
pub use options::Recommender;
pub use prompt::{Prompt, PromptKind, Proposal};
pub use replay::Change;
pub use siteplan_catalog::words::Choice;
pub use state::GateState;
pub use subject::Subject;
