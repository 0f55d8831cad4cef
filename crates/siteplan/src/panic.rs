//! A panic is our bug: it ends the run with its own status and a short report that a person can send.

use std::panic;

use crate::exit::Exit;
use crate::output;

/// Runs the whole program; a panic inside becomes [`Exit::Bug`].
pub(crate) fn catch(program: impl FnOnce() -> Exit + panic::UnwindSafe) -> Exit {
    panic::set_hook(Box::new(|info| {
        let message = info.payload_as_str().unwrap_or("no message");
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        output::bug(&format!(
            "siteplan has a bug and stopped; files are written all or none\n  \
             {message}\n  at {place}, siteplan {} on {}-{}\n  \
             please report it with these lines and the command that you ran, without secrets",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::ARCH,
            std::env::consts::OS,
        ));
    }));
    panic::catch_unwind(program).unwrap_or(Exit::Bug)
}
