//! Text that wants to be syntax, put in the place of every free value of a Design.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use serde_json::Value;
use siteplan_model::design::Design;

/// Fields with a closed set of values, or that siteplan makes itself: they cannot hold foreign text.
const CLOSED: &[&str] = &[
    "schema",
    "app_type",
    "date",
    "gate",
    "provenance",
    "channel",
    "philosophy",
    "complexity",
    "confidence",
    "role",
    "step",
    "seen",
    "id",
    "spec_path",
    "pipeline_path",
    "code_host",
    "deployer",
    "part",
    "history",
    "occasion",
    "permissions",
    "runtime",
    "cloud",
    "secret",
    "variable",
    "platform",
    "action",
    "occasion",
    "permissions",
    "history",
];
/// Values of enumerations whose field names are also those of free text.
const WORDS: &[&str] = &[
    "test",
    "build",
    "deploy",
    "preview",
    "rollback",
    "web",
    "api",
    "worker",
    "cron",
    "static",
    "succeeded",
];

/// The design with `text` in the place of every free string.
pub(crate) fn everywhere(design: &Design, text: &str) -> Design {
    let mut value = serde_json::to_value(design).expect("a Design serialises");
    replace(&mut value, text);
    serde_json::from_value(value).expect("still a Design")
}

fn replace(value: &mut Value, text: &str) {
    match value {
        Value::String(string) => text.clone_into(string),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, text)),
        Value::Object(fields) => {
            for (key, field) in fields.iter_mut().filter(|(key, _)| !CLOSED.contains(&key.as_str())) {
                let is_word = field.as_str().is_some_and(|word| WORDS.contains(&word));
                if !(is_word && matches!(key.as_str(), "purpose" | "kind" | "when")) {
                    replace(field, text);
                }
            }
        }
        _ => {}
    }
}

/// Pieces of Markdown, HTML, YAML, shell and GitHub's expressions, in any order, around a letter.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "\n",
            "\n\n",
            "\r\n",
            "# ",
            "## ",
            "- ",
            "* ",
            "+ ",
            "1. ",
            "2) ",
            "> ",
            "---",
            "***",
            "===",
            "___",
            "```",
            "~~~",
            "`",
            "``",
            "|",
            "\\|",
            "\\",
            "\\\\",
            "<b>",
            "</b>",
            "<script>",
            "<!--",
            "-->",
            "<https://x.example>",
            "[x](y)",
            "![x](y)",
            "[x]: y",
            "[ ] ",
            "](",
            "][",
            "[^1]",
            "*",
            "**",
            "_",
            "__",
            "~",
            "~~",
            "&lt;",
            "&#35;",
            "    ",
            "\t",
            " ",
            "${{ secrets.X }}",
            "${{",
            "}}",
            "$(id)",
            "\"",
            "'",
            ": ",
            " #",
            "- a: b",
            "{",
            "}",
            "[",
            "]",
            "%%{init: {}}%%",
            "\u{0}",
            "\u{2028}",
            "\u{feff}",
            "https://x.example/",
            "www.x.example",
            "a@b.example",
            ":-",
            "|-|",
            "$x$",
            "é",
            "\u{202e}",
        ])
        .prop_map(str::to_owned),
        "[a-z]{1,4}",
        any::<char>().prop_map(String::from),
    ];
    (vec(piece, 0..8), Just("x"), any::<bool>()).prop_map(|(pieces, letter, first)| {
        let text = pieces.concat();
        if first { format!("{letter}{text}") } else { format!("{text}{letter}") }
    })
}
