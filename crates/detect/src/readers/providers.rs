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

/// Finds names that may be engines; the signal tables say which are.
pub(crate) fn read(text: &str) -> Vec<Provider> {
    static SETTING: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\bgorm/dialects/(\w+)"|\b(?:gorm|sql|sqlx|xorm)\.(?:Open|Connect|MustConnect|NewEngine)\(\s*"(\w+)"|["']?\b(?:ENGINE|dialect|client|type|adapter|provider|DB_CONNECTION)\b["']?\s*(?::|=>|,|=)\s*["']?([A-Za-z][\w.]*)"#,
        )
    });
    static ADDRESS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"["'`]((?:jdbc:)?[a-z][a-z0-9]*(?:\+[a-z0-9]+)?)://"#));
    let settings = SETTING.captures_iter(text).map(|found| (found, true));
    settings
        .chain(ADDRESS.captures_iter(text).map(|found| (found, false)))
        .filter_map(|(found, is_setting)| {
            let name = found.iter().skip(1).flatten().next()?;
            let line = line_text(text, name.start());
            let comment = ["//", "#", "*", "/*"].iter().any(|mark| line.trim_start().starts_with(mark));
            // An address may hold a password, so nothing after its scheme is shown.
            let seen = line.split("://").next().unwrap_or(line).trim().to_owned();
            (!comment && !matches!(name.as_str(), "http" | "https" | "string" | "button")).then(|| Provider {
                name: name.as_str().to_owned(),
                line: line_at(text, name.start()),
                seen,
                is_setting,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn settings_and_addresses() {
        let names = |text: &str| read(text).into_iter().map(|found| found.name).collect::<Vec<_>>();
        assert_eq!(names("'ENGINE': 'django.db.backends.postgresql',"), ["django.db.backends.postgresql"]);
        assert_eq!(names("dialect: 'mysql'"), ["mysql"]);
        assert_eq!(names("sql.Open(\"mysql\", dsn)"), ["mysql"]);
        assert_eq!(names("_ \"github.com/jinzhu/gorm/dialects/postgres\""), ["postgres"]);
        assert_eq!(names("url = \"postgresql+asyncpg://user:secret@db/x\""), ["postgresql+asyncpg"]);
        assert!(!read("u = \"redis://:secret@x\"")[0].seen.contains("secret"));
    }
}
