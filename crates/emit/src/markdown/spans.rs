//! Code spans and links.

use super::inline::escape_all;
use super::{Place, one_line};

/// Text as a code span that it cannot leave; nothing for text that shows nothing.
pub(crate) fn code(text: &str, place: Place) -> String {
    let mut text = one_line(text);
    if text.is_empty() {
        return text;
    }
    if place == Place::Cell {
        // Renderers disagree on a backslash before a pipe in a cell's code span, so such text is shown as prose.
        if text.contains("\\|") {
            return escape_all(&text);
        }
        text = text.replace('|', "\\|");
    }
    let ticks = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// A web address as a link to itself; anything else as a code span.
pub(crate) fn link(address: &str, place: Place) -> String {
    let address = one_line(address);
    let is_web = ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme));
    let is_plain = address.chars().all(|c| c.is_ascii_graphic() && !"<>\\`|".contains(c));
    if is_web && is_plain { format!("<{address}>") } else { code(&address, place) }
}

/// Length of the longest run of backticks.
pub(super) fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Place, code, link};

    #[test]
    fn a_code_span_holds_its_content() {
        assert_eq!(code("pnpm test", Place::Prose), "`pnpm test`");
        assert_eq!(code("a`b", Place::Prose), "``a`b``");
        assert_eq!(code("`", Place::Prose), "`` ` ``");
        assert_eq!(code("a\n\nb", Place::Prose), "`a b`");
        assert_eq!(code("a | b", Place::Prose), "`a | b`");
        assert_eq!(code("a | b", Place::Cell), "`a \\| b`");
    }

    #[test]
    fn only_a_plain_web_address_is_a_link() {
        assert_eq!(link("https://render.com/docs", Place::Prose), "<https://render.com/docs>");
        assert_eq!(link("javascript:alert(1)", Place::Prose), "`javascript:alert(1)`");
        assert_eq!(link("https://a.example/>x", Place::Prose), "`https://a.example/>x`");
    }
}
