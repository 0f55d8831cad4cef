//! Three texts → one: what only one side changed is taken, what both changed stays as the person wrote it.

use diffy::{ConflictStyle, IncompleteHunkStyle, MergeOptions};

/// A place that both sides changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// The person's words, which stay.
    pub(crate) person: String,
    /// What siteplan would have written.
    pub(crate) wanted: String,
}

/// A merged text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Merge {
    /// No place was changed by both.
    Clean(String),
    /// Some were: there the text has the person's words.
    Conflict {
        /// The text.
        text: String,
        /// The places.
        kept: Vec<Kept>,
    },
}

/// No marker is shorter than this.
const SHORTEST_MARKER: usize = 7;

/// Merges what a person and siteplan made of the same text.
pub(super) fn merge(base: &str, person: &str, wanted: &str) -> Merge {
    // A last line without an end is a line: what is added behind it must not count as a change of it.
    let [base, ours, theirs] = [base, person, wanted].map(with_last_end);
    // Markers must not be mistaken for lines of the texts.
    let longest = [&base, &ours, &theirs].iter().map(|text| longest_run(text)).max().unwrap_or(0);
    let length = (longest + 1).max(SHORTEST_MARKER);
    let mut options = MergeOptions::new();
    options
        .set_conflict_marker_length(length)
        .set_conflict_style(ConflictStyle::Merge)
        .set_incomplete_hunk_style(IncompleteHunkStyle::Git);
    let last = if person.is_empty() { wanted } else { person };
    let ends = !last.is_empty() && !last.ends_with('\n');
    let finished = |mut text: String| {
        if ends && text.ends_with('\n') {
            text.pop();
        }
        text
    };
    match options.merge(&base, &ours, &theirs) {
        Ok(text) => Merge::Clean(finished(text)),
        Err(marked) => {
            let (text, kept) = resolved(&marked, length);
            Merge::Conflict { text: finished(text), kept }
        }
    }
}

fn with_last_end(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

/// The longest run of a marker's characters at the beginning of a line.
fn longest_run(text: &str) -> usize {
    let run = |line: &str| {
        ['<', '=', '>', '|']
            .iter()
            .map(|mark| line.chars().take_while(|c| c == mark).count())
            .max()
            .unwrap_or(0)
    };
    text.lines().map(run).max().unwrap_or(0)
}

/// A text with markers → the text with the person's words in their places, and what was at each place.
fn resolved(marked: &str, length: usize) -> (String, Vec<Kept>) {
    enum Side {
        Both,
        Person,
        Wanted,
    }
    let [begin, middle, end] = ['<', '=', '>'].map(|mark| mark.to_string().repeat(length));
    let (mut text, mut kept, mut side) = (String::new(), Vec::new(), Side::Both);
    let mut place = Kept { person: String::new(), wanted: String::new() };
    for line in marked.split_inclusive('\n') {
        match side {
            Side::Both if line.starts_with(&begin) => side = Side::Person,
            Side::Person if line.starts_with(&middle) => side = Side::Wanted,
            Side::Wanted if line.starts_with(&end) => {
                side = Side::Both;
                let done =
                    std::mem::replace(&mut place, Kept { person: String::new(), wanted: String::new() });
                kept.push(done);
            }
            Side::Both => text.push_str(line),
            Side::Person => {
                text.push_str(line);
                place.person.push_str(line);
            }
            Side::Wanted => place.wanted.push_str(line),
        }
    }
    (text, kept)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::{Kept, Merge, merge};

    #[test]
    fn what_both_changed_stays_as_the_person_wrote_it() {
        let base = "one\ntwo\nthree\nfour\nfive\n";
        let person = "one\nTWO (ours)\nthree\nfour\nfive\n";
        let wanted = "one\n2\nthree\nfour\n5\n";
        let Merge::Conflict { text, kept } = merge(base, person, wanted) else {
            panic!("both changed line 2")
        };
        assert_eq!(text, "one\nTWO (ours)\nthree\nfour\n5\n");
        assert_eq!(kept, [Kept { person: "TWO (ours)\n".to_owned(), wanted: "2\n".to_owned() }]);
    }

    #[test]
    fn lines_that_look_like_markers_are_lines() {
        let base = "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n";
        let person = "<<<<<<< ours\na\n=======\nmine\n>>>>>>> theirs\n";
        let wanted = "<<<<<<< ours\na\n=======\nyours\n>>>>>>> theirs\n";
        let Merge::Conflict { text, kept } = merge(base, person, wanted) else { panic!("both changed b") };
        assert_eq!(text, person);
        assert_eq!(kept[0].wanted, "yours\n");
    }

    #[test]
    fn a_last_line_without_an_end_stays_one() {
        assert_eq!(
            merge("a\nb\nc\nd\n", "a\nb\nc\nd\nmine", "A\nb\nc\nd\n"),
            Merge::Clean("A\nb\nc\nd\nmine".to_owned())
        );
        assert_eq!(merge("a\nb\nc\nd", "a\nb\nc\nd", "A\nb\nc\nd\n"), Merge::Clean("A\nb\nc\nd".to_owned()));
    }

    /// Texts over few lines, so that the same ones occur on every side.
    fn text() -> impl Strategy<Value = String> {
        let line = prop_oneof!["[a-e]", "<{7,8}", "={7}", ">{7} theirs", Just(String::new())];
        (proptest::collection::vec(line, 0..12), any::<bool>()).prop_map(|(lines, end)| {
            let text = lines.join("\n");
            if end && !text.is_empty() { format!("{text}\n") } else { text }
        })
    }

    fn counted(text: &str) -> BTreeMap<&str, usize> {
        let mut lines = BTreeMap::new();
        for line in text.lines() {
            *lines.entry(line).or_default() += 1;
        }
        lines
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_line_that_a_person_added_is_never_lost(base in text(), person in text(), wanted in text()) {
            let merged = match merge(&base, &person, &wanted) {
                Merge::Clean(text) | Merge::Conflict { text, .. } => text,
            };
            let (before, theirs, after) = (counted(&base), counted(&person), counted(&merged));
            for (line, count) in theirs {
                let added = count.saturating_sub(before.get(line).copied().unwrap_or(0));
                let there = after.get(line).copied().unwrap_or(0);
                prop_assert!(there >= added, "{added} times {line:?} was added, {there} are left in {merged:?}");
            }
        }

        #[test]
        fn a_side_that_changed_nothing_gives_way(base in text(), other in text()) {
            prop_assert_eq!(merge(&base, &base, &other), Merge::Clean(end_of(&base, &other)));
            prop_assert_eq!(merge(&base, &other, &base), Merge::Clean(other.clone()));
            prop_assert_eq!(merge(&base, &other, &other), Merge::Clean(other.clone()));
        }
    }

    /// The last line ends as in the person's text.
    fn end_of(person: &str, text: &str) -> String {
        if person.is_empty() || text.is_empty() {
            text.to_owned()
        } else if person.ends_with('\n') {
            super::with_last_end(text)
        } else {
            text.strip_suffix('\n').unwrap_or(text).to_owned()
        }
    }
}
