//! A document as siteplan wrote it and as it is now → what it has lost, where that is more than editing.
//!
//! A person and siteplan both write documents, so that an edit of one is as it should be. A document whose sections are gone no
//! longer says what the design says, whoever took them away.

use std::collections::BTreeMap;

/// What a document has lost, in a few words; nothing, where it still says what was written.
pub(crate) fn loss(written: &str, current: &str) -> Option<String> {
    let there: Vec<&str> = headings(current).collect();
    let gone: Vec<&str> = headings(written).filter(|heading| !there.contains(heading)).collect();
    match gone[..] {
        [] if lost_lines(written, current) => Some("most of its lines are gone".to_owned()),
        [] => None,
        [one] => Some(format!("the section `{}` is gone", one.trim_start_matches('#').trim())),
        _ => Some(format!("{} of its sections are gone", gone.len())),
    }
}

/// The headings, as they stand; a `#` in a block of code is none.
fn headings(text: &str) -> impl Iterator<Item = &str> {
    let mut fence: Option<&str> = None;
    text.lines().filter(move |line| {
        let marks = line.len() - line.trim_start_matches('`').len();
        match fence {
            Some(open) if line.trim_end() == open => fence = None,
            None if marks >= 3 => fence = line.get(..marks),
            _ => return fence.is_none() && line.starts_with('#'),
        }
        false
    })
}

/// Whether fewer than half of the lines that were written are left.
fn lost_lines(written: &str, current: &str) -> bool {
    let mut there: BTreeMap<&str, usize> = BTreeMap::new();
    for line in current.lines() {
        *there.entry(line).or_default() += 1;
    }
    let lines: Vec<&str> = written.lines().filter(|line| !line.trim().is_empty()).collect();
    let left = lines.iter().filter(|line| match there.get_mut(**line) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    });
    left.count() * 2 < lines.len()
}

#[cfg(test)]
mod tests {
    use super::loss;

    const WRITTEN: &str = "# Plan\n\n## One\n\na\nb\nc\n\n```sh\n# no heading\n```\n\n## Two\n\nd\n";

    #[test]
    fn edits_are_no_loss() {
        let edited =
            WRITTEN.replace("a\n", "A, as we say\n").replace("# no heading\n", "") + "\n## Ours\n\nmore\n";
        assert_eq!(loss(WRITTEN, &edited), None);
    }

    #[test]
    fn a_section_that_is_gone_is_one_and_so_is_a_skeleton() {
        let without = WRITTEN.replace("## Two\n", "");
        assert_eq!(loss(WRITTEN, &without).as_deref(), Some("the section `Two` is gone"));
        assert_eq!(loss(WRITTEN, "ours\n").as_deref(), Some("3 of its sections are gone"));
        let skeleton = "# Plan\n## One\n## Two\n";
        assert_eq!(loss(WRITTEN, skeleton).as_deref(), Some("most of its lines are gone"));
    }
}
