//! A sign of life on a terminal for anything that takes more than half a second; none where output is piped.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::output::Output;

/// Work shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// Runs some work with a sign of life beside it.
pub(crate) fn during<T>(output: Output, doing: &'static str, work: impl FnOnce() -> T) -> T {
    let _spinner = output.may_animate().then(|| Spinner::start(doing));
    work()
}

/// Draws once patience is over, and is gone when dropped.
struct Spinner {
    done: Option<Sender<()>>,
    drawing: Option<JoinHandle<()>>,
}

impl Spinner {
    fn start(doing: &'static str) -> Self {
        let (done, finished) = mpsc::channel::<()>();
        let drawing = thread::spawn(move || {
            if finished.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let spinner = ProgressBar::new_spinner().with_message(doing);
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}  {elapsed}") {
                spinner.set_style(style);
            }
            spinner.enable_steady_tick(Duration::from_millis(100));
            // Ends when the sender is dropped.
            let _ = finished.recv();
            spinner.finish_and_clear();
        });
        Self { done: Some(done), drawing: Some(drawing) }
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(drawing) = self.drawing.take() {
            let _ = drawing.join();
        }
    }
}
