//! `02_ARCHITECTURE.md` → statements: lines that name a technology which siteplan knows.

use siteplan_catalog::signals::Signals;

/// A statement with its line.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) line: u32,
    pub(crate) text: String,
}

/// Words about the shape of a system that are statements in themselves.
const SHAPES: &[&str] = &[
    "monolith",
    "microservice",
    "serverless",
    "rest api",
    "graphql",
    "websocket",
    "background worker",
    "queue",
    "cron",
    "single-page",
    "server-side rendering",
    "static site",
    "database",
    "cache",
    "cdn",
    "object storage",
    "deploy",
    "hosting",
    "region",
    "uptime",
    "users",
    "requests per second",
    "scale",
];

/// Reads an architecture document.
pub(crate) fn read(text: &str, signals: &Signals) -> Vec<Statement> {
    let mut names: Vec<&str> = SHAPES.to_vec();
    names.extend(signals.frameworks.iter().map(|row| row.id.as_str()).filter(|id| id.len() > 3));
    names.extend(signals.databases.iter().map(|row| row.id.as_str()));
    names.extend(signals.caches.iter().map(|row| row.id.as_str()));
    names.extend(signals.platforms.iter().map(|row| row.id.as_str()));
    let mut in_code = false;
    let mut statements = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        let trimmed = content.trim();
        if trimmed.starts_with("```") {
            in_code = !in_code;
        }
        if in_code
            || trimmed.is_empty()
            || trimmed.starts_with('#')
            || trimmed.starts_with("|--")
            || trimmed.starts_with("<!--")
        {
            continue;
        }
        let lower = trimmed.to_ascii_lowercase();
        if names.iter().any(|name| holds_word(&lower, name)) {
            let text =
                trimmed.trim_start_matches(['-', '*', '>', ' ']).trim_matches('|').trim().replace("**", "");
            statements.push(Statement { line, text });
        }
    }
    statements
}

/// Whether `name` stands in `text` at the beginning of a word.
fn holds_word(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::read;
    use siteplan_catalog::signals::Signals;

    #[test]
    fn lines_that_name_something_known_are_statements() {
        let signals = Signals::builtin().expect("built-in");
        let text = "# Architecture\n\n- **Database**: postgres 16\n- Written with care\n```\nredis\n```\n";
        let statements = read(text, &signals);
        assert_eq!(statements.len(), 1);
        assert_eq!((statements[0].line, statements[0].text.as_str()), (3, "Database: postgres 16"));
    }
}
