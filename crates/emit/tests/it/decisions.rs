//! The decision record in somebody's decision log.

use proptest::prelude::{Just, ProptestConfig, Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};
use siteplan_emit::documents::{BEGIN, DecisionError, END, decisions};

use crate::{hostile, sample};

fn record() -> String {
    let log = decisions(None, &sample::next_on_render()).unwrap();
    log.trim_start_matches("# Decisions\n\n").trim_end().to_owned()
}

#[test]
fn a_new_log_has_a_title_and_the_record() {
    insta::assert_snapshot!(decisions(None, &sample::next_on_render()).unwrap());
}

#[test]
fn a_log_that_somebody_keeps_is_left_alone_around_the_record() {
    let record = record();
    for (before, expected_gap) in [
        ("# Log\n\n## Deployment Infrastructure\n\nours\n", "\n"),
        ("# Log", "\n\n"),
        ("\u{feff}# Log\n\n", ""),
        ("~~~\nclosed\n~~~\n", "\n"),
    ] {
        let log = decisions(Some(before), &sample::next_on_render()).unwrap();
        assert_eq!(log, format!("{before}{expected_gap}{record}\n"));
    }
}

#[test]
fn windows_line_ends_are_kept() {
    let log = decisions(Some("# Log\r\n\r\ntext\r\n"), &sample::next_on_render()).unwrap();
    assert_eq!(log.matches('\n').count(), log.matches("\r\n").count());
    assert_eq!(decisions(Some(&log), &sample::next_on_render()).unwrap(), log);
}

#[test]
fn markers_in_a_fence_or_comment_are_somebody_elses() {
    let shown = format!("```html\n{BEGIN}\n```\n\n<!--\n{BEGIN}\nx\n");
    // The comment ends with the marker's own end, as HTML has it.
    let log = decisions(Some(&shown), &sample::next_on_render()).unwrap();
    assert_eq!(log, format!("{shown}\n{}\n", record()));
}

#[test]
fn an_unclosed_fence_does_not_swallow_the_record() {
    let log = decisions(Some("text\n\n```sh\nls\n"), &sample::next_on_render()).unwrap();
    assert_eq!(log, format!("text\n\n{}\n\n```sh\nls\n", record()));
    assert_eq!(decisions(Some(&log), &sample::next_on_render()).unwrap(), log);
}

#[test]
fn an_old_record_is_replaced_where_it_stands() {
    let log = format!("before\n{BEGIN}\nold\n{END}\t\nafter");
    let new = decisions(Some(&log), &sample::next_on_render()).unwrap();
    assert_eq!(new, format!("before\n{}\t\nafter", record()));
}

#[test]
fn broken_markers_are_an_error_that_says_where() {
    let broken = |log: String| decisions(Some(&log), &sample::next_on_render()).unwrap_err();
    assert_eq!(broken(format!("a\n{BEGIN}\nb\n")), DecisionError::NoEnd { line: 2 });
    assert_eq!(broken(format!("{END}\n")), DecisionError::NoBegin { line: 1 });
    assert_eq!(broken(format!("{BEGIN}\n{BEGIN}\n{END}\n")), DecisionError::Nested { line: 2, outer: 1 });
    assert_eq!(
        broken(format!("{BEGIN}\n{END}\n{BEGIN}\n{END}\n")),
        DecisionError::Twice { line: 3, first: 1 }
    );
    assert!(broken(format!("{END}\n")).to_string().contains("line 1"));
}

fn log() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("## Deployment Infrastructure".to_owned()),
        Just("```".to_owned()),
        Just("~~~~".to_owned()),
        Just("<!-- open".to_owned()),
        Just("-->".to_owned()),
        Just("    ```".to_owned()),
        Just(String::new()),
        Just(format!(" {BEGIN}")),
        Just(format!("> {END}")),
        Just("text".to_owned()),
        Just("é\u{feff}".to_owned()),
    ];
    let end = prop_oneof![Just("\n"), Just("\r\n"), Just(""), Just("\r")];
    (proptest::collection::vec((line, end), 0..12), proptest::bool::ANY).prop_map(|(lines, bom)| {
        let text: String = lines.into_iter().map(|(line, end)| line + end).collect();
        if bom { format!("\u{feff}{text}") } else { text }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn foreign_bytes_stay_and_twice_is_once(log in log(), text in hostile::text()) {
        let design = hostile::everywhere(&sample::next_on_render(), &text);
        let once = decisions(Some(&log), &design).unwrap();
        let twice = decisions(Some(&once), &design).unwrap();
        prop_assert_eq!(&once, &twice);
        let start = once.find(&format!("{BEGIN}{}", if once.contains(&format!("{BEGIN}\r\n")) { "\r\n" } else { "\n" }));
        prop_assert!(start.is_some());
        // Another design changes the record alone.
        let other = decisions(Some(&once), &sample::api_and_worker_on_ecs()).unwrap();
        prop_assert_eq!(decisions(Some(&other), &design).unwrap(), once.clone());
        let from = if log.is_empty() { 0 } else { common_prefix(&log, &once) };
        prop_assert!(once.ends_with(&log[from..]), "{log:?} {once:?}");
    }
}

/// Length of what both begin with, at a character's edge.
fn common_prefix(a: &str, b: &str) -> usize {
    a.char_indices().zip(b.chars()).find(|((_, a), b)| a != b).map_or(a.len(), |((at, _), _)| at)
}
