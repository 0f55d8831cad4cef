//! Settings of tests (`config/test.exs`, `.env.test`, `phpunit.xml`) → how the tests sign in to a database. Nothing else is taken
//! from such a file.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;
use crate::text::line_at;
use crate::tree::{folder, name};

/// How tests sign in to a database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Access {
    /// The engine's name or the scheme of its address; none where the file names no engine.
    pub(crate) engine: Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) database: Option<String>,
    pub(crate) port: Option<u16>,
    pub(crate) line: u32,
}

/// No longer value is taken.
const LONGEST: usize = 63;

/// Whether a file holds settings of tests, by its name.
pub(crate) fn is_one(path: &str) -> bool {
    match name(path) {
        "phpunit.xml" | "phpunit.xml.dist" | "phpunit.dist.xml" | ".env.test" | ".env.testing"
        | ".env.ci" => true,
        "test.exs" => name(folder(path)) == "config",
        _ => false,
    }
}

/// Reads such a file.
pub(crate) fn read(path: &str, text: &str) -> Vec<Access> {
    match name(path) {
        "test.exs" => repositories(text),
        file if file.starts_with("phpunit") => variables(&elements(text)),
        _ => variables(&assignments(text)),
    }
}

/// Blocks of an Elixir configuration that set a repository up.
fn repositories(text: &str) -> Vec<Access> {
    static FIELD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"(?m)^\s*(username|password|database|port|url):\s*(?:"([^"\n]*)"|(\d+))"#)
    });
    let starts: Vec<usize> = text
        .match_indices("config ")
        .map(|(at, _)| at)
        .filter(|at| *at == 0 || text[..*at].ends_with('\n'))
        .collect();
    let blocks = starts.iter().enumerate().map(|(index, at)| {
        let end = starts.get(index + 1).copied().unwrap_or(text.len());
        (*at, &text[*at..end])
    });
    let mut found = Vec::new();
    for (at, block) in blocks {
        if !block.lines().next().is_some_and(|first| first.contains("Repo")) {
            continue;
        }
        let mut access = Access { line: line_at(text, at), ..Access::default() };
        for field in FIELD.captures_iter(block) {
            let value = field.get(2).or_else(|| field.get(3)).map_or("", |value| value.as_str());
            match &field[1] {
                "username" => access.user = plain(value),
                "password" => access.password = plain(value),
                // `#{…}` names the partition of a parallel run: alone there is none.
                "database" => access.database = plain(value.split("#{").next().unwrap_or_default()),
                "port" => access.port = value.parse().ok(),
                _ => access = Access { line: access.line, ..address(value).unwrap_or_default() },
            }
        }
        if access.user.is_some() || access.database.is_some() {
            found.push(access);
        }
    }
    found
}

/// `NAME=value` lines with their line numbers.
fn assignments(text: &str) -> Vec<(String, String, u32)> {
    let lines = (1..).zip(text.lines()).filter_map(|(number, line)| {
        let line = line.trim().trim_start_matches("export ");
        let (key, value) = line.split_once('=').filter(|_| !line.starts_with('#'))?;
        let value = value.trim().trim_matches(['"', '\'']);
        Some((key.trim().to_owned(), value.to_owned(), number))
    });
    lines.collect()
}

/// `<env name="…" value="…"/>` with their line numbers.
fn elements(text: &str) -> Vec<(String, String, u32)> {
    static ELEMENT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"<(?:env|server)\s+(?:force="\w+"\s+)?name="(\w+)"\s+value="([^"\n]*)""#));
    ELEMENT
        .captures_iter(text)
        .map(|one| {
            let at = one.get(0).map_or(0, |whole| whole.start());
            (one[1].to_owned(), one[2].to_owned(), line_at(text, at))
        })
        .collect()
}

/// Variables that hold addresses, or parts of one under a common beginning.
fn variables(all: &[(String, String, u32)]) -> Vec<Access> {
    let mut found: Vec<Access> = Vec::new();
    for (name, value, line) in all {
        if (name.ends_with("URL") || name.ends_with("URI") || name.ends_with("DSN"))
            && let Some(access) = address(value)
        {
            found.push(Access { line: *line, ..access });
        }
    }
    for prefix in ["DB_", "DATABASE_", "POSTGRES_", "PG", "MYSQL_"] {
        let of = |endings: &[&str]| {
            let is = |(name, ..): &&(String, String, u32)| {
                name.strip_prefix(prefix).is_some_and(|rest| endings.contains(&rest))
            };
            all.iter().find(is)
        };
        let text = |endings: &[&str]| of(endings).and_then(|(_, value, _)| plain(value));
        let engine = match prefix {
            "PG" | "POSTGRES_" => Some("postgres".to_owned()),
            "MYSQL_" => Some("mysql".to_owned()),
            _ => text(&["CONNECTION", "CLIENT", "DIALECT", "ENGINE", "TYPE"]),
        };
        let first = of(&["DATABASE", "NAME", "DB"]).or_else(|| of(&["USER", "USERNAME"]));
        let Some((_, _, line)) = first else { continue };
        let access = Access {
            engine,
            user: text(&["USER", "USERNAME"]),
            password: text(&["PASSWORD", "PASS"]),
            database: text(&["DATABASE", "NAME", "DB"]),
            port: text(&["PORT"]).and_then(|port| port.parse().ok()),
            line: *line,
        };
        found.push(access);
    }
    found
}

/// The parts of an address on this machine (`postgres://user:password@localhost:5432/name`), also behind `jdbc:`.
pub(crate) fn address(text: &str) -> Option<Access> {
    let (scheme, rest) = text.split_once("://")?;
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (server, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (account, host) = server.rsplit_once('@').map_or((None, server), |(one, other)| (Some(one), other));
    let (host, port) = host.split_once(':').unwrap_or((host, ""));
    let named = scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | ':'));
    if !named || !matches!(host, "localhost" | "127.0.0.1") {
        return None;
    }
    let (user, password) = match account {
        Some(account) => account.split_once(':').map_or((Some(account), None), |(a, b)| (Some(a), Some(b))),
        None => (None, None),
    };
    Some(Access {
        engine: Some(scheme.to_owned()),
        user: user.and_then(plain),
        password: password.and_then(plain),
        database: plain(path),
        port: port.parse().ok(),
        line: 1,
    })
}

/// `Host=localhost;Database=x;Username=y;Password=z`.
pub(crate) fn keywords(text: &str) -> Option<Access> {
    let mut access = Access { line: 1, ..Access::default() };
    let mut local = false;
    for pair in text.split(';') {
        let Some((key, value)) = pair.split_once('=') else { continue };
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "host" | "server" | "data source" => {
                local = value.starts_with("localhost") || value.starts_with("127.");
            }
            "database" | "initial catalog" => access.database = plain(value),
            "username" | "user id" | "user" | "uid" => access.user = plain(value),
            "password" | "pwd" => access.password = plain(value),
            "port" => access.port = value.parse().ok(),
            _ => {}
        }
    }
    (local && access.user.is_some()).then_some(access)
}

/// A value of letters, digits and few signs: what could be syntax anywhere is not taken.
pub(crate) fn plain(value: &str) -> Option<String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    (!value.is_empty() && value.len() <= LONGEST && value.chars().all(fits)).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{address, is_one, keywords, read};

    #[test]
    fn the_repository_of_an_elixir_configuration() {
        let text = "import Config\n\nconfig :a, A.Endpoint,\n  password: \"no\"\n\nconfig :a, A.Repo,\n  username: \"shop\",\n  password: \"pass\",\n  hostname: \"localhost\",\n  database: \"a_test#{System.get_env(\"X\")}\",\n  pool: Y\n";
        let found = read("config/test.exs", text);
        assert_eq!(found.len(), 1);
        let one = &found[0];
        assert_eq!((one.user.as_deref(), one.password.as_deref()), (Some("shop"), Some("pass")));
        assert_eq!((one.database.as_deref(), one.line), (Some("a_test"), 6));
    }

    #[test]
    fn variables_of_tests() {
        let found = read(
            ".env.test",
            "# DATABASE_URL=x\nDATABASE_URL=\"postgres://a:b@localhost:5433/c?x=1\"\nKEY=secret\n",
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].engine.as_deref(), Some("postgres"));
        assert_eq!((found[0].port, found[0].database.as_deref()), (Some(5433), Some("c")));
        let text = "<php>\n<env name=\"DB_CONNECTION\" value=\"mysql\"/>\n<env name=\"DB_DATABASE\" value=\"testing\" force=\"true\"/>\n</php>";
        let found = read("phpunit.xml", text);
        assert_eq!(
            (found[0].engine.as_deref(), found[0].database.as_deref()),
            (Some("mysql"), Some("testing"))
        );
    }

    #[test]
    fn addresses_elsewhere_and_syntax_are_not_taken() {
        assert_eq!(address("postgres://a:b@db.example.org/c"), None);
        assert_eq!(address("postgres://a:${{x}}@localhost/c").and_then(|one| one.password), None);
        assert!(keywords("Host=localhost;Username=a;Password=b;Database=c").is_some());
        assert!(keywords("Host=db;Username=a").is_none());
        assert!(!is_one(".env") && !is_one("lib/test.exs"));
    }
}
