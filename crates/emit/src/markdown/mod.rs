//! Foreign text to Markdown that shows it and never obeys it.
//!
//! Everything that a template interpolates goes through here. A value may hold pairs of backticks (siteplan's own
//! sentences name commands and files that way): they stay code spans. Everything else that could become structure
//! is escaped, and nothing that could not: `DATABASE_URL`, `~5 minutes` and `3 < 4` stay as they are.

mod blocks;
mod inline;
mod spans;

pub(crate) use blocks::{fence, indent, tidy};
pub(crate) use inline::{Place, inline};
pub(crate) use spans::{code, link};

/// One line of text: every run of white space becomes a space; control, bidirectional and zero-width characters go.
pub(crate) fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let visible: String = spaced.chars().filter(|c| !is_invisible(*c)).collect();
    visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether a character shows nothing and may change how its neighbours are shown.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
