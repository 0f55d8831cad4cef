//! Ctrl-C: ends the run with its own exit status, but never in the middle of a write.

use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::exit::Exit;

/// Held while files are replaced.
static WRITING: Mutex<()> = Mutex::new(());

/// From now on Ctrl-C ends the run with [`Exit::Interrupted`].
pub(crate) fn listen() {
    // Without a handler the system ends the run, which differs only in the status that a script sees.
    let _ = ctrlc::set_handler(|| {
        let _finished = hold();
        process::exit(i32::from(Exit::Interrupted.status()));
    });
}

/// Puts Ctrl-C off until the guard is dropped.
pub(crate) fn hold() -> MutexGuard<'static, ()> {
    WRITING.lock().unwrap_or_else(PoisonError::into_inner)
}
