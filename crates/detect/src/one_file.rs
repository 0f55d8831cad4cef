//! The bytes of one file → what its reader makes of them, without a tree: for those who try readers out.

use siteplan_catalog::signals::Signals;

use crate::readers::Reading;
use crate::text;

/// The readers, ready for any number of files.
#[doc(hidden)]
pub struct OneFile<'s>(Reading<'s>);

impl<'s> OneFile<'s> {
    /// Prepares the tables.
    pub fn new(signals: &'s Signals) -> Self {
        Self(Reading::new(signals))
    }

    /// Whether a file of that path is read at all.
    pub fn is_read(&self, path: &str) -> bool {
        self.0.asked(path).is_some()
    }

    /// Reads one; the record as `Debug` shows it, or why it was refused.
    pub fn read(&self, path: &str, bytes: &[u8]) -> Option<Result<String, String>> {
        let asked = self.0.asked(path)?;
        let text = String::from_utf8_lossy(bytes);
        let read = self.0.read(&asked, path, &text);
        Some(read.map(|facts| format!("{facts:?}")).map_err(|why| text::one_line(&why)))
    }
}
