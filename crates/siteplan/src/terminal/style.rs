//! Colours and widths. Styled text is written through `anstream`, which takes the colours away where there is no
//! terminal and where `NO_COLOR` is set.

use anstyle::{AnsiColor, Style};

/// What the eye should find first.
pub(crate) const STRONG: Style = Style::new().bold();
/// What was recommended or is good.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What needs attention.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default();
/// Where to look, and what is said in passing.
pub(crate) const QUIET: Style = Style::new().dimmed();

/// Narrower than this nothing is readable; wider than this no line is.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=110;
/// Where output is piped.
const USUAL_WIDTH: usize = 100;

/// Text in a style.
pub(crate) fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Columns to fill.
pub(crate) fn width() -> usize {
    let terminal = comfy_table::Table::new().width().map(usize::from).filter(|width| *width > 0);
    terminal.unwrap_or(USUAL_WIDTH).clamp(*WIDTHS.start(), *WIDTHS.end())
}

/// Columns that a plain text takes.
pub(crate) fn columns(text: &str) -> usize {
    textwrap::core::display_width(text)
}

/// A plain text, filled up to a column.
pub(crate) fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// A plain text in lines, the first after `first` and the others after as many spaces as that is wide.
pub(crate) fn wrapped(first: &str, text: &str, width: usize) -> String {
    let rest = " ".repeat(columns(first));
    let options = textwrap::Options::new(width.max(columns(first) + 20))
        .initial_indent(first)
        .subsequent_indent(&rest)
        .break_words(false);
    textwrap::fill(text, options)
}
