//! Whatever text comes, every reader ends soon and in order: the readers as a table, and what must hold for each row.

mod readers;
mod samples;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::sample::Index;
use regex::Regex;

use readers::{READERS, Reader};

/// Far more than any reader takes, far less than one that looks at everything anew for everything that it finds.
const LONGEST: Duration = Duration::from_secs(4);
/// So large are texts that are made to be slow.
const LARGE: usize = 16 * 1024;
/// So deep are nested texts.
const DEEP: usize = 10_000;

/// What is put into texts: what steers terminals, splits lines, opens without closing, or is longer in bytes than in letters.
const HOSTILE: &[&str] = &[
    "\u{0}",
    "\u{1b}[2J",
    "\u{7}",
    "\r",
    "\r\n",
    "\n",
    "\u{feff}",
    "\u{2028}",
    "\u{202e}",
    "\t",
    " ",
    "ü",
    "日本",
    "🚀",
    "İ",
    "ß",
    "\"",
    "'",
    "`",
    "\"\"\"",
    "'''",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "<!--",
    "-->",
    "<![CDATA[",
    "/*",
    "*/",
    "//",
    "#",
    "\\",
    "\\\n",
    "$",
    "${",
    "$(",
    "{{",
    "{%",
    "%",
    ":",
    ": ",
    "=",
    "=>",
    "-",
    "--",
    "---\n",
    "|",
    ">-\n",
    "&a ",
    "*a ",
    "!!",
    "@",
    "~",
    ",",
    ";",
    ".",
    "..",
    "../",
    "/",
    "0",
    "-1",
    "65536",
    "99999999999999999999999",
    "1e999",
    "null",
    "true",
    "=\"",
    "end\n",
];

/// One change to a text.
type Change = (u8, Index, Index);

/// Changes a text at any place between its letters.
fn change(text: &str, (kind, first, second): &Change) -> String {
    let letters: Vec<char> = text.chars().collect();
    let place = |index: &Index| index.index(letters.len() + 1);
    let (from, to) = (place(first).min(place(second)), place(first).max(place(second)));
    let part = |range: std::ops::Range<usize>| letters[range].iter().collect::<String>();
    let (before, between, after) = (part(0..from), part(from..to), part(to..letters.len()));
    match kind % 10 {
        0 => before,
        1 => format!("{before}{after}"),
        2 => format!("{before}{between}{between}{after}"),
        3 => format!("{after}{between}{before}"),
        4 => text.replace('\n', "\r\n"),
        5 => text.replace('\n', ""),
        6 => format!("{before}{}{after}", between.chars().rev().collect::<String>()),
        7 => text.lines().flat_map(|line| [line, line]).collect::<Vec<_>>().join("\n"),
        _ => format!("{before}{}{between}{after}", HOSTILE[second.index(HOSTILE.len())]),
    }
}

/// Reads a text and looks at what came of it.
fn hold(reader: &Reader, text: &str) -> Result<(), String> {
    #[expect(clippy::disallowed_methods, reason = "a test that measures")]
    let begun = Instant::now();
    let read = (reader.read)(text);
    let took = begun.elapsed();
    if took > LONGEST {
        return Err(format!("{} took {took:?} for {} bytes", reader.name, text.len()));
    }
    match read {
        Ok(record) => {
            let lines = text.matches('\n').count() as u64 + 1;
            let wrong = lines_in(&record).into_iter().find(|line| !(1..=lines).contains(line));
            wrong.map_or(Ok(()), |line| Err(format!("{}: line {line} of {lines}: {record}", reader.name)))
        }
        Err(why) if why.len() > 200 || why.chars().any(char::is_control) => {
            Err(format!("{}: its error cannot be shown: {why:?}", reader.name))
        }
        Err(_) => Ok(()),
    }
}

/// All line numbers of a record, as its `Debug` shows them: in fields of that name, and beside texts in pairs.
///
/// This holds for fields that are added later, too.
fn lines_in(record: &str) -> Vec<u64> {
    static TEXT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#""(?:[^"\\]|\\.)*""#).expect("a pattern of texts"));
    static LINE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"(?:\bline: |"", )(?:Some\()?(\d+)\)?"#).expect("a pattern of lines"));
    let bare = TEXT.replace_all(record, "\"\"");
    LINE.captures_iter(&bare).map(|found| found[1].parse().unwrap_or(u64::MAX)).collect()
}

/// The words and signs that a format is made of, and those that no format is made of.
fn words(sample: &'static str) -> Vec<&'static str> {
    let ends = [' ', '\n', '"', '(', ')', '{', '}', ':', '=', ',', '/'];
    sample.split_inclusive(ends).chain(HOSTILE.iter().copied()).collect()
}

/// Holds one text against all readers and says which of them fail.
fn all_hold(texts: impl Fn(&Reader) -> Vec<String>) {
    let mut failed = Vec::new();
    for reader in READERS {
        for text in texts(reader) {
            if let Err(why) = hold(reader, &text) {
                failed.push(format!(
                    "{why}; the text began with {:?}",
                    text.chars().take(80).collect::<String>()
                ));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(
        changes in vec(any::<Change>(), 1..8),
        picks in vec(any::<Index>(), 0..60),
        anything in any::<String>(),
    ) {
        for reader in READERS {
            let changed = changes.iter().fold(reader.sample.to_owned(), |text, one| change(&text, one));
            let words = words(reader.sample);
            let mixed: String = picks.iter().map(|pick| words[pick.index(words.len())]).collect();
            for text in [&changed, &mixed, &anything] {
                if let Err(why) = hold(reader, text) {
                    panic!("{why}\n{text:?}");
                }
            }
        }
    }
}

#[test]
fn every_sample_is_read() {
    for reader in READERS {
        for text in [reader.sample.to_owned(), reader.sample.replace('\n', "\r\n")] {
            hold(reader, &text).unwrap_or_else(|why| panic!("{why}"));
            // Several formats of one reader share a sample; what refuses one of them must take another.
            let shared =
                READERS.iter().filter(|other| other.name == reader.name).any(|one| (one.read)(&text).is_ok());
            assert!(shared, "{} refuses its own sample", reader.name);
        }
    }
}

#[test]
fn deep_nesting_is_survived() {
    let pairs = [
        ("[", "]"),
        ("{", "}"),
        ("(", ")"),
        ("{\"a\":", "}"),
        ("<a>", "</a>"),
        ("- ", ""),
        ("${", "}"),
        ("a:\n ", ""),
        ("#{", "}"),
    ];
    all_hold(|reader| {
        let nested = pairs.iter().flat_map(|(open, close)| {
            let whole = format!("{}1{}", open.repeat(DEEP), close.repeat(DEEP));
            let half = format!("{}\nx = {}", reader.sample, open.repeat(DEEP));
            [whole, half]
        });
        nested.collect()
    });
}

#[test]
fn many_equal_parts_take_no_longer_than_many_different_ones() {
    all_hold(|reader| {
        // Many lines, and for each of its lines one that does not end.
        let many = |part: &str| part.repeat(LARGE / part.len() + 1);
        let endless =
            reader.sample.lines().filter(|line| !line.trim().is_empty()).map(|line| many(line.trim()));
        endless.chain([many(reader.sample)]).collect()
    });
}

#[test]
fn every_reader_is_in_the_table() {
    static READ: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?m)^pub\((?:crate|super)\) fn (read\w*)").expect("a pattern of readers")
    });
    // What they do is read from disk, asked for by the walk, part of another one, or no reading at all.
    let others =
        ["ci_acts", "ci_starts", "git::read", "mod", "pattern", "properties", "reading", "variable_rules"];
    let listed: BTreeSet<&str> = READERS.iter().map(|reader| reader.name).collect();
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/readers");
    let mut missing = Vec::new();
    for (folder, prefix) in [(home.clone(), ""), (home.join("native"), "native::")] {
        for entry in std::fs::read_dir(&folder).expect("the readers can be listed") {
            let path = entry.expect("the readers can be listed").path();
            let Some(module) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".rs")) else {
                continue;
            };
            let text = std::fs::read_to_string(&path).expect("a reader can be read");
            let module = format!("{prefix}{module}").replace("native::mod", "native");
            let mut functions: Vec<String> =
                READ.captures_iter(&text).map(|found| format!("{module}::{}", &found[1])).collect();
            if functions.is_empty() {
                functions.push(module);
            }
            missing.extend(
                functions
                    .into_iter()
                    .filter(|one| !listed.contains(one.as_str()) && !others.contains(&one.as_str())),
            );
        }
    }
    assert!(missing.is_empty(), "give these rows in `readers/properties/readers.rs`: {missing:?}");
}
