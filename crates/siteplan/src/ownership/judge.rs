//! What is there, what siteplan wrote last and what it wants now → what happens to a file.

use super::Action;
use super::line_ends::LineEnds;
use super::merge::{self, Kept, Merge};
use super::syntax;

/// What happens to a file, and the text that it will have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    /// What happens.
    pub(crate) verdict: Verdict,
    /// The text to write where something is written; where nothing may be, the text that siteplan wants.
    pub(crate) text: String,
}

/// An action with what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It goes together.
    Clear(Action),
    /// It does not, in these places; the text has a person's words there and siteplan's elsewhere.
    Conflict(Vec<Kept>),
    /// It would, were the merged text not broken: this is why.
    Broken(String),
}

/// Judges a file by its present text, its text as last written, and the wanted text. Line ends and a byte order mark are the
/// present file's own, and no edit.
pub(crate) fn judge(path: &str, current: Option<&str>, base: Option<&str>, new: &str) -> Judgement {
    let Some(raw) = current else { return clear(Action::Created, new.to_owned()) };
    let ends = LineEnds::of(raw);
    let current = ends.plain(raw);
    let styled = |text: &str| ends.styled(text);
    if current == new {
        return clear(Action::Unchanged, raw.to_owned());
    }
    let Some(base) = base else { return clear(Action::Foreign, styled(new)) };
    // An emptied file holds no words of a person that could be lost.
    if current.trim().is_empty() {
        return clear(Action::Updated, styled(new));
    }
    if base == new {
        return clear(Action::Edited, raw.to_owned());
    }
    if current == base {
        return clear(Action::Updated, styled(new));
    }
    match merge::merge(base, &current, new) {
        Merge::Clean(text) if text == current => clear(Action::Edited, raw.to_owned()),
        Merge::Clean(text) => match syntax::broken_by_merge(path, &current, new, &text) {
            Some(why) => Judgement { verdict: Verdict::Broken(why), text: styled(new) },
            None => clear(Action::Merged, styled(&text)),
        },
        Merge::Conflict { text, kept } => Judgement { verdict: Verdict::Conflict(kept), text: styled(&text) },
    }
}

fn clear(action: Action, text: String) -> Judgement {
    Judgement { verdict: Verdict::Clear(action), text }
}

#[cfg(test)]
mod tests {
    use super::super::Action;
    use super::{Verdict, judge};

    fn action(path: &str, current: Option<&str>, base: Option<&str>, new: &str) -> Option<Action> {
        match judge(path, current, base, new).verdict {
            Verdict::Clear(action) => Some(action),
            Verdict::Conflict(_) | Verdict::Broken(_) => None,
        }
    }

    #[test]
    fn only_a_text_that_siteplan_wrote_is_replaced() {
        for (current, base, new, expected) in [
            (None, None, "new", Some(Action::Created)),
            (None, Some("old"), "new", Some(Action::Created)),
            (Some("old"), Some("old"), "new", Some(Action::Updated)),
            (Some("new"), Some("old"), "new", Some(Action::Unchanged)),
            (Some("new"), None, "new", Some(Action::Unchanged)),
            (Some("edited"), Some("new"), "new", Some(Action::Edited)),
            (Some(" \n"), Some("new"), "new", Some(Action::Updated)),
            (Some(""), None, "new", Some(Action::Foreign)),
            (Some("edited"), Some("old"), "new", None),
            (Some("foreign"), None, "new", Some(Action::Foreign)),
        ] {
            assert_eq!(action("f", current, base, new), expected, "{current:?} {base:?} {new:?}");
        }
    }

    #[test]
    fn both_sides_are_in_the_text_when_they_changed_different_places() {
        let (base, new) = ("a\nb\nc\nd\ne\n", "A\nb\nc\nd\ne\n");
        let judged = judge("f", Some("a\nb\nc\nd\ne\nmine\n"), Some(base), new);
        assert_eq!(judged.verdict, Verdict::Clear(Action::Merged));
        assert_eq!(judged.text, "A\nb\nc\nd\ne\nmine\n");
    }

    #[test]
    fn line_ends_and_a_byte_order_mark_are_no_edit_and_stay() {
        let (base, new) = ("a\nb\n", "a\nc\n");
        let judged = judge("f", Some("\u{feff}a\r\nb\r\n"), Some(base), new);
        assert_eq!(judged.verdict, Verdict::Clear(Action::Updated));
        assert_eq!(judged.text, "\u{feff}a\r\nc\r\n");
        assert_eq!(action("f", Some("a\r\nb\r\n"), Some(base), base), Some(Action::Unchanged));
        let judged = judge("f", Some("a\r\nb\r\n"), None, "x\n");
        assert_eq!((judged.verdict, judged.text.as_str()), (Verdict::Clear(Action::Foreign), "x\r\n"));
    }

    #[test]
    fn a_merge_that_breaks_the_syntax_is_none() {
        let base = "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3,\n  \"d\": 4\n}\n";
        // A person drops the last entry and its comma, siteplan changes the first: each fits alone and both together.
        let person = "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}\n";
        let new = base.replace("\"a\": 1", "\"a\": 10");
        assert_eq!(action("f.json", Some(person), Some(base), &new), Some(Action::Merged));
        // Both add the same key in different places: the lines go together, the record does not.
        let person = base.replace("\"a\": 1,\n", "\"a\": 1,\n  \"x\": 1,\n");
        let new = base.replace("\"d\": 4\n", "\"d\": 4,\n  \"x\": 2\n");
        let judged = judge("f.json", Some(&person), Some(base), &new);
        assert!(matches!(judged.verdict, Verdict::Broken(_)), "{judged:?}");
        assert_eq!(judged.text, new);
    }
}
