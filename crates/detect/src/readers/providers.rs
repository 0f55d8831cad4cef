//! A source file → database engines that its settings name: ORM dialects and connection URLs.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;
use crate::text::{line_at, line_text};

/// A name under which a configuration knows an engine.
#[derive(Clone, Debug)]
pub(crate) struct Provider {
    pub(crate) name: String,
    pub(crate) line: u32,
    pub(crate) seen: String,
    /// Whether it is the value of a setting, not the scheme of an address.
    pub(crate) is_setting: bool,
}

/// No more are taken from one file by one way of naming: who names more writes data.
const MOST: usize = 1000;

/// Finds names of engines, those for which `is_known` says so.
///
/// The words that a setting begins with are in every other file: what stands around them is looked at by hand, which is
/// many times faster than a pattern.
pub(crate) fn read(text: &str, is_known: impl Fn(&str) -> bool) -> Vec<Provider> {
    static KEYS: LazyLock<Regex> =
        LazyLock::new(|| pattern("ENGINE|dialect|client|type|adapter|provider|DB_CONNECTION"));
    static CALLS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\bgorm/dialects/(\w+)"|\b(?:gorm|sql|sqlx|xorm)\.(?:Open|Connect|MustConnect|NewEngine)\(\s*"(\w+)""#,
        )
    });
    let mut found = Vec::new();
    for call in CALLS.captures_iter(text).take(MOST) {
        let name = call.iter().skip(1).flatten().next().map(|name| &text[name.range()]);
        found.extend(name.filter(|name| is_known(name)).and_then(|name| provider(text, name, true)));
    }
    for key in KEYS.find_iter(text) {
        if found.len() >= MOST {
            break;
        }
        let word = text.as_bytes().get(key.start().wrapping_sub(1)).is_some_and(|byte| is_word(*byte));
        let value = if word { None } else { set_to(text, key.end()) };
        found.extend(value.filter(|name| is_known(name)).and_then(|name| provider(text, name, true)));
    }
    for at in memchr::memmem::find_iter(text.as_bytes(), "://") {
        if found.len() >= 2 * MOST {
            break;
        }
        found.extend(
            scheme_before(text, at)
                .filter(|name| is_known(name))
                .and_then(|name| provider(text, name, false)),
        );
    }
    found
}

/// What the name that ends at `end` is set to: `: postgres`, `" => 'mysql2'`.
fn set_to(text: &str, end: usize) -> Option<&str> {
    let unquoted = |text: &'_ str| text.strip_prefix(['"', '\'']).map_or(0, |_| 1);
    let blank = |text: &str| text.len() - text.trim_start_matches(is_blank).len();
    let mut at = end + unquoted(&text[end..]);
    at += blank(&text[at..]);
    at += ["=>", ":", ",", "="].iter().find(|sign| text[at..].starts_with(**sign))?.len();
    at += blank(&text[at..]);
    at += unquoted(&text[at..]);
    let name = &text.as_bytes()[at..];
    let length = name.iter().take_while(|byte| is_word(**byte) || **byte == b'.').count();
    name.first().is_some_and(u8::is_ascii_alphabetic).then(|| &text[at..at + length])
}

/// The scheme of an address in quotes, whose `://` is at `end`.
fn scheme_before(text: &str, end: usize) -> Option<&str> {
    let bytes = &text.as_bytes()[..end];
    let part = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'+' | b':');
    let start = bytes.iter().rposition(|byte| !part(byte))?;
    let scheme = &text[start + 1..end];
    let own = scheme.strip_prefix("jdbc:").unwrap_or(scheme);
    let (base, dialect) = own.split_once('+').unwrap_or((own, "x"));
    let plain = |part: &str| !part.is_empty() && !part.contains([':', '+']);
    let quoted = matches!(bytes[start], b'"' | b'\'' | b'`');
    let named = base.starts_with(|first: char| first.is_ascii_lowercase()) && plain(base) && plain(dialect);
    (quoted && named).then_some(scheme)
}

/// A name that is part of the text.
fn provider(text: &str, name: &str, is_setting: bool) -> Option<Provider> {
    let offset = name.as_ptr() as usize - text.as_ptr() as usize;
    let line = line_text(text, offset);
    let comment = ["//", "#", "*", "/*"].iter().any(|mark| line.trim_start().starts_with(mark));
    // An address may hold a password, so nothing after its scheme is shown.
    let seen = line.split("://").next().unwrap_or(line).trim().to_owned();
    (!comment && !matches!(name, "http" | "https" | "string" | "button")).then(|| Provider {
        name: name.to_owned(),
        line: line_at(text, offset),
        seen,
        is_setting,
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\x0B' | '\x0C' | '\r' | ' ')
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn settings_and_addresses() {
        let names = |text: &str| read(text, |_| true).into_iter().map(|found| found.name).collect::<Vec<_>>();
        assert_eq!(names("'ENGINE': 'django.db.backends.postgresql',"), ["django.db.backends.postgresql"]);
        assert_eq!(names("dialect: 'mysql'"), ["mysql"]);
        assert_eq!(names("sql.Open(\"mysql\", dsn)"), ["mysql"]);
        assert_eq!(names("_ \"github.com/jinzhu/gorm/dialects/postgres\""), ["postgres"]);
        assert_eq!(names("url = \"postgresql+asyncpg://user:secret@db/x\""), ["postgresql+asyncpg"]);
        assert_eq!(names("x = 'jdbc:mysql://a'"), ["jdbc:mysql"]);
        assert!(names("prototype: pg, a = redis://x, b = 'Ax://y'").is_empty());
        assert!(!read("u = \"redis://:secret@x\"", |_| true)[0].seen.contains("secret"));
    }
}
