//! The interview at a pseudo-terminal, driven to its end as a person would.

#![cfg(unix)]

use std::process::Command;
use std::time::Duration;

use expectrl::process::unix::WaitStatus;
use expectrl::session::OsSession;
use expectrl::{Eof, Expect as _, Regex, Session};

use crate::repository::{BRIEF, DAY, DOCUMENT, Repository, assert_same};

const ENTER: &str = "\r";
const ESCAPE: &str = "\u{1b}";
const CONTROL_C: &str = "\u{3}";

/// Starts `siteplan plan` at a terminal of its own.
fn interview(repository: &Repository) -> OsSession {
    let mut command = Command::new(env!("CARGO_BIN_EXE_siteplan"));
    command.args(["plan", "--date", DAY]).current_dir(repository.path());
    command.env("NO_COLOR", "1").env("TERM", "xterm-256color").env_remove("SOURCE_DATE_EPOCH");
    let mut session = Session::spawn(command).expect("the binary starts");
    session.set_expect_timeout(Some(Duration::from_mins(2)));
    session.get_process_mut().set_window_size(120, 50).expect("the terminal has a size");
    session
}

/// Presses enter at every question, up to the approval; returns how many questions there were.
fn take_what_is_proposed(session: &mut OsSession) -> usize {
    let mut asked = Vec::new();
    loop {
        let seen = session
            .expect(Regex(
                r"\d+ of \d+ ·|would decide · [^?\r\n]+|Do you approve these decisions|Keep this answer",
            ))
            .expect("a question, a notice or the approval");
        // Everything that matches is taken at once; what stands on the screen now is the last.
        let text = String::from_utf8_lossy(seen.matches().last().expect("a match")).into_owned();
        if text.starts_with("Do you approve") {
            return asked.len();
        }
        // A question is drawn again when it is answered; it is answered once.
        if text.starts_with("Keep") || asked.last() != Some(&text) {
            asked.push(text);
            session.send(ENTER).expect("a key can be pressed");
        }
    }
}

fn status(session: &mut OsSession) -> Option<i32> {
    session.expect(Eof).expect("the program ends");
    match session.get_process().wait() {
        Ok(WaitStatus::Exited(_, status)) => Some(status),
        Ok(_) | Err(_) => None,
    }
}

#[test]
fn the_interview_ends_in_a_plan() {
    let repository = Repository::small();
    let mut session = interview(&repository);
    let asked = take_what_is_proposed(&mut session);
    assert!(asked >= 10, "only {asked} questions were asked");
    assert!(repository.files("specs").is_empty(), "something was written before the approval");
    session.send(ENTER).expect("a key can be pressed");
    session.expect("Next steps").expect("the run ends with the next steps");
    assert_eq!(status(&mut session), Some(0));
    assert!(repository.text(DOCUMENT).contains("Technical Design Document"));
    let brief = repository.text(BRIEF);
    assert!(brief.contains("scale = \"terminal\""), "{brief}");
    assert!(!brief.contains("scale = \"default\""), "{brief}");

    // What a person has said is not asked again.
    let before = repository.files("specs");
    let mut session = interview(&repository);
    session.expect("nothing to write").expect("a replay has nothing to say");
    assert_eq!(status(&mut session), Some(0));
    assert_same(&repository.files("specs"), &before);
}

#[test]
fn leaving_keeps_the_answers_and_writes_no_document() {
    let repository = Repository::small();
    let mut session = interview(&repository);
    session.expect("1 of ").expect("the first question");
    session.send(ENTER).expect("a key can be pressed");
    session.expect("2 of ").expect("the second question");
    session.send(ESCAPE).expect("a key can be pressed");
    assert_eq!(status(&mut session), Some(3));
    assert!(repository.text(BRIEF).contains("app_type = \"terminal\""));
    assert!(!repository.path().join(DOCUMENT).exists());

    let mut session = interview(&repository);
    session.expect("2 of ").expect("the interview goes on where it was left");
    session.send(CONTROL_C).expect("a key can be pressed");
    assert_eq!(status(&mut session), Some(130));
    assert!(!repository.path().join(DOCUMENT).exists());
}
