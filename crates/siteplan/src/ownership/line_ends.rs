//! The line ends and byte order mark of a person's file ↔ the plain text that siteplan compares and writes.

/// How a file ends its lines, and whether it begins with a byte order mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LineEnds {
    mark: bool,
    carriage_returns: bool,
}

const MARK: char = '\u{feff}';

impl LineEnds {
    /// Those of a text. A text that mixes line ends keeps them: there they are a person's own.
    pub(crate) fn of(text: &str) -> Self {
        let lines = text.matches('\n').count();
        let carriage_returns = lines > 0 && lines == text.matches("\r\n").count();
        Self { mark: text.starts_with(MARK), carriage_returns }
    }

    /// A text of this kind in plain form.
    pub(crate) fn plain(self, text: &str) -> String {
        let text = text.strip_prefix(MARK).unwrap_or(text);
        if self.carriage_returns { text.replace("\r\n", "\n") } else { text.to_owned() }
    }

    /// A plain text in this form.
    pub(crate) fn styled(self, plain: &str) -> String {
        let text = if self.carriage_returns { plain.replace('\n', "\r\n") } else { plain.to_owned() };
        if self.mark { format!("{MARK}{text}") } else { text }
    }
}
