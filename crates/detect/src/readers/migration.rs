//! A migration file → whether it can be undone, as far as the file itself tells.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;
use crate::text::line_at;

/// A migration without a way back.
#[derive(Clone, Debug)]
pub(crate) struct NoWayBack {
    pub(crate) line: Option<u32>,
    pub(crate) why: String,
}

/// Judges a migration file by the function or section that would undo it; `None` if it can be undone or is none.
pub(crate) fn read(path: &str, text: &str) -> Option<NoWayBack> {
    let ending = path.rsplit('.').next().unwrap_or_default();
    match ending {
        "py" => python(text),
        "rb" => ruby(text),
        "js" | "ts" | "cjs" | "mjs" => script(text),
        "php" => php(text),
        "exs" => elixir(text),
        "rs" => rust(text),
        "sql" => sql(text),
        _ => None,
    }
}

fn python(text: &str) -> Option<NoWayBack> {
    static DOWN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?m)^def downgrade\([^)]*\)[^:]*:\s*(?:\n\s+(?:#[^\n]*|"""[^"]*"""))*\s*\n?\s+(pass|raise\b[^\n]*)\s*$"#,
        )
    });
    static RUN: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?s)migrations\.Run(Python|SQL)\(([^()]*(?:\([^()]*\)[^()]*)*)\)"));
    if let Some(found) = DOWN.captures(text) {
        let line = found.get(1).map(|body| line_at(text, body.start()));
        return Some(NoWayBack { line, why: "`downgrade` does nothing".to_owned() });
    }
    for found in RUN.captures_iter(text) {
        let arguments = &found[2];
        let many = arguments.trim().trim_end_matches(',').matches(',').count() >= 1;
        let reverse = arguments.contains("reverse_") || (&found[1] == "Python" && many);
        if !reverse {
            let line = found.get(0).map(|whole| line_at(text, whole.start()));
            return Some(NoWayBack { line, why: format!("`Run{}` without a reverse", &found[1]) });
        }
    }
    None
}

fn ruby(text: &str) -> Option<NoWayBack> {
    static UP: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^\s*def (?:self\.)?up\b"));
    static EXECUTE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?m)^\s*(?:execute|remove_column|change_column|drop_table)\b[^\n]*"));
    if let Some(at) = text.find("IrreversibleMigration") {
        let why = "raises `ActiveRecord::IrreversibleMigration`".to_owned();
        return Some(NoWayBack { line: Some(line_at(text, at)), why });
    }
    let has_down = text.contains("def down") || text.contains("def self.down");
    if let Some(found) = UP.find(text).filter(|_| !has_down) {
        return Some(NoWayBack {
            line: Some(line_at(text, found.start() + 1)),
            why: "`up` without `down`".to_owned(),
        });
    }
    if text.contains("def change") && !text.contains("reversible") && !text.contains("up_only") {
        let found = EXECUTE.find(text)?;
        let statement = found.as_str().trim();
        // Rails can undo a removal only when it is told the type or given a block.
        let told = match statement.split_whitespace().next() {
            Some("remove_column") => statement.matches(',').count() >= 2,
            Some("drop_table") => statement.ends_with("|t|") || statement.contains(" do"),
            _ => false,
        };
        let why = format!(
            "`{}` in `change` cannot be reversed",
            statement.split_whitespace().next().unwrap_or_default()
        );
        let offset = found.start() + (found.as_str().len() - found.as_str().trim_start().len());
        return (!told).then(|| NoWayBack { line: Some(line_at(text, offset)), why });
    }
    None
}

fn script(text: &str) -> Option<NoWayBack> {
    static EMPTY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\bdown\b[^{=\n]*(?:=\s*(?:async\s*)?(?:function\s*)?\([^)]*\)\s*(?::\s*[\w<>]+\s*)?(?:=>)?\s*)?\{(?:\s|//[^\n]*\n|return[^;}\n]*;?|/\*[^*]*\*/)*\}",
        )
    });
    static UP: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b(?:exports\.up|async up\b|up\s*[:(=]|function up\b)"));
    if let Some(found) = EMPTY.find(text) {
        return Some(NoWayBack {
            line: Some(line_at(text, found.start())),
            why: "`down` does nothing".to_owned(),
        });
    }
    let up = UP.find(text)?;
    let has_down = text.contains("down");
    (!has_down)
        .then(|| NoWayBack { line: Some(line_at(text, up.start())), why: "`up` without `down`".to_owned() })
}

fn php(text: &str) -> Option<NoWayBack> {
    static EMPTY: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"function down\([^)]*\)[^{]*\{(?:\s|//[^\n]*\n)*\}"));
    if let Some(found) = EMPTY.find(text) {
        return Some(NoWayBack {
            line: Some(line_at(text, found.start())),
            why: "`down` does nothing".to_owned(),
        });
    }
    let up = text.find("function up(")?;
    (!text.contains("function down("))
        .then(|| NoWayBack { line: Some(line_at(text, up)), why: "`up` without `down`".to_owned() })
}

fn elixir(text: &str) -> Option<NoWayBack> {
    let up = text.find("def up")?;
    (!text.contains("def down"))
        .then(|| NoWayBack { line: Some(line_at(text, up)), why: "`up` without `down`".to_owned() })
}

fn rust(text: &str) -> Option<NoWayBack> {
    let up = text.find("async fn up")?;
    (!text.contains("async fn down"))
        .then(|| NoWayBack { line: Some(line_at(text, up)), why: "`up` without `down`".to_owned() })
}

/// Only a file that has sections at all can lack one.
fn sql(text: &str) -> Option<NoWayBack> {
    let lower = text.to_ascii_lowercase();
    let up =
        ["+goose up", "migrate:up", "create above / drop below"].iter().find_map(|mark| lower.find(mark))?;
    let down =
        ["+goose down", "migrate:down", "create above / drop below"].iter().find_map(|mark| lower.find(mark));
    let Some(down) = down else {
        return Some(NoWayBack {
            line: Some(line_at(text, up)),
            why: "no section that undoes it".to_owned(),
        });
    };
    let body = lower[down..]
        .lines()
        .skip(1)
        .any(|line| !line.trim().is_empty() && !line.trim_start().starts_with("--"));
    (!body).then(|| NoWayBack {
        line: Some(line_at(text, down)),
        why: "the section that undoes it is empty".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::read;

    fn line(path: &str, text: &str) -> Option<u32> {
        read(path, text).and_then(|found| found.line)
    }

    #[test]
    fn what_cannot_be_undone_is_named_with_its_line() {
        assert_eq!(line("a.py", "def upgrade():\n    x()\n\ndef downgrade() -> None:\n    pass\n"), Some(5));
        assert_eq!(line("a.py", "def downgrade():\n    op.drop_table('x')\n"), None);
        assert_eq!(line("a.py", "ops = [\n migrations.RunPython(forwards),\n]"), Some(2));
        assert_eq!(line("a.py", "migrations.RunPython(forwards, migrations.RunPython.noop)"), None);
        assert_eq!(line("a.rb", "def change\n  execute \"x\"\nend"), Some(2));
        assert_eq!(line("a.rb", "def up\n  raise ActiveRecord::IrreversibleMigration\n"), Some(2));
        assert_eq!(line("a.rb", "def change\n  add_column :a, :b, :string\nend"), None);
        assert_eq!(
            line("a.js", "exports.up = async (k) => { await k() };\nexports.down = async (k) => {};\n"),
            Some(2)
        );
        assert_eq!(line("a.js", "exports.up = f;\nexports.down = async (k) => { await k.x(); };\n"), None);
        assert_eq!(line("a.sql", "-- +goose Up\nx;\n-- +goose Down\n"), Some(3));
        assert_eq!(line("a.sql", "create table x ();"), None);
    }
}
