//! A source file → the environment variables that it reads, each with its default.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::pattern::pattern;
use super::source::{Reading, VariableRead};
use super::{blocks, settings, shell};
use crate::text::{line_at, line_text};

/// How a pattern's matches are to be understood. Group 1 is the name, group 2 a literal default where there is one.
struct Rule {
    pattern: LazyLock<Regex>,
    /// What a read without default means.
    without_default: Reading,
    while_building: bool,
}

/// No more reads are taken by one pattern from one file: what reads more is generated.
const MOST_READS: usize = 1000;

/// Defaults that only say that there is none.
const NOTHING: &[&str] = &["None", "null", "nil", "undefined"];

/// Reads of one language.
pub(crate) fn read(language: &str, text: &str) -> Vec<VariableRead> {
    let mut found: Vec<VariableRead> = Vec::new();
    // Each pattern holds one of these words: most files hold none, and a word is found faster than a pattern.
    let told = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let possible = match language {
        "ruby" => told(&["ENV"]),
        "java" | "kotlin" | "scala" => told(&["getenv", "@Value"]),
        "shell" => told(&["$"]),
        _ => told(&["env", "Env", "ENV", "onfig", "Settings", "\": {", "\":{"]),
    };
    if !possible {
        return found;
    }
    for rule in rules(language) {
        for captures in rule.pattern.captures_iter(text).take(MOST_READS) {
            found.extend(one(rule, &captures, text));
        }
    }
    match language {
        "python" => found.extend(settings::read(text)),
        "shell" => found.extend(shell::read(text)),
        "go" => found.extend(option_table(text)),
        "javascript" | "typescript" => {
            found.extend(destructured(text));
            found.extend(schema_fields(text));
        }
        _ => {}
    }
    found.sort_by(|a, b| (a.line, &a.name).cmp(&(b.line, &b.name)));
    found
}

fn one(rule: &Rule, captures: &Captures<'_>, text: &str) -> Option<VariableRead> {
    let whole = captures.get(0)?;
    let name = captures.name("name")?.as_str();
    let line = line_text(text, whole.start());
    let before = line[..line.len().min(line.find(whole.as_str()).unwrap_or(0))].trim();
    if before.starts_with("//") || before.starts_with('#') || before.starts_with('*') {
        return None;
    }
    let after = &text[whole.end()..];
    let either = |first: &str, second: &str| captures.name(first).or_else(|| captures.name(second));
    let default =
        either("default", "default2").map(|d| d.as_str().trim().trim_matches(['"', '\'', '`']).to_owned());
    let has_fallback = default.is_some() || either("fallback", "fallback2").is_some();
    let nothing = default.as_deref().is_some_and(|value| NOTHING.contains(&value));
    // Astro and Vite define these themselves.
    let built_in = ["MODE", "BASE_URL", "PROD", "DEV", "SSR", "SITE", "ASSETS_PREFIX"];
    if rule.while_building && captures[0].starts_with("import.meta") && built_in.contains(&name) {
        return None;
    }
    let conditional = blocks::is_conditional(text, whole.start());
    let reading = if is_demanded(before) || fails_without(before, after) {
        Reading::Strict
    } else if has_fallback && !nothing {
        Reading::Optional
    } else if conditional || is_tested(before, after) {
        Reading::Tested
    } else if let Some(later) = blocks::judged_later(text, whole.start(), before)
        .filter(|later| *later == Reading::Strict || rule.without_default != Reading::Strict)
    {
        later
    } else if nothing {
        Reading::Optional
    } else if whole.as_str().ends_with('!') {
        Reading::Strict
    } else {
        rule.without_default
    };
    Some(VariableRead {
        name: name.to_owned(),
        reading,
        default: default.filter(|value| !nothing && is_literal(value)),
        while_building: rule.while_building,
        line: line_at(text, whole.start()),
        seen: line.to_owned(),
    })
}

/// Whether a helper that insists on a value takes the read (`required("A", process.env.A)`).
fn is_demanded(before: &str) -> bool {
    let call = before.rsplit(['=', ';', '{']).next().unwrap_or(before).to_ascii_lowercase();
    ["require", "must", "invariant(", "assert("].iter().any(|word| call.contains(word)) && call.contains('(')
}

/// Whether the program stops where the value is absent (`if (!process.env.A) throw`, `|| raise`).
fn fails_without(before: &str, after: &str) -> bool {
    let end = after.char_indices().nth(160).map_or(after.len(), |(at, _)| at);
    let next = &after[..end];
    let ends = blocks::stops;
    let same = next.trim_start_matches([' ', ')', '\n']);
    let otherwise = same.strip_prefix("||").or_else(|| same.strip_prefix("??"));
    if let Some(rest) = otherwise {
        return rest.trim_start().lines().next().is_some_and(|line| ends(&format!("{line} ")));
    }
    let negated = before.ends_with('!') || before.ends_with("not") || before.ends_with("unless");
    negated && ends(next.split("\n\n").next().unwrap_or_default())
}

/// Whether the absence of a value is thought of where it is read.
fn is_tested(before: &str, after: &str) -> bool {
    let after = after.trim_start_matches([' ', ')']);
    let asks = ["if (", "if(", "if ", "elif ", "unless ", "&& ", "!", "!!", "while ", "? "];
    let goes_on =
        ["?", "&&", "===", "!==", "==", "!=", "||", " in ", ".unwrap_or", ".ok()", ".is_ok", ".present?"];
    asks.iter().any(|word| before.ends_with(word.trim_end()))
        || goes_on.iter().any(|word| after.starts_with(word.trim_start()) && !after.starts_with("?;"))
}

/// A default is shown only if it is a plain value, not an expression.
fn is_literal(value: &str) -> bool {
    value.len() <= 120 && !value.contains(['(', '{', '$', '\n'])
}

macro_rules! rule {
    ($reading:ident, $building:literal, $pattern:expr) => {
        Rule {
            pattern: LazyLock::new(|| pattern($pattern)),
            without_default: Reading::$reading,
            while_building: $building,
        }
    };
}

/// The patterns of a language.
fn rules(language: &str) -> &'static [Rule] {
    static SCRIPT: [Rule; 7] = [
        rule!(
            Plain,
            false,
            r#"\b(?:get|read|load|fetch|from|string|number|bool)?_?[eE]nv(?:Or\w+|Var|Variable)?\(\s*["'](?<name>[A-Z][A-Z0-9_]{2,})["']\s*(?:,\s*(?<default>"[^"\n]*"|'[^'\n]*'|\d+))?"#
        ),
        rule!(
            Strict,
            false,
            r#"\b(?:require|required|must|mustGet|getRequired|assert)(?:d)?Env\w*\(\s*["'](?<name>[A-Z][A-Z0-9_]{2,})["']"#
        ),
        rule!(
            Plain,
            false,
            r#"\bprocess\.env\.(?<name>[A-Za-z_]\w*)!?(?:\s+as\s+\w+)?\)?(?:\s*(?:\|\||\?\?)\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|\d+|true|false)|(?<fallback>[\w(\[{])))?"#
        ),
        rule!(
            Plain,
            false,
            r#"\bprocess\.env\[\s*["'`](?<name>\w+)["'`]\s*\]!?(?:\s*(?:\|\||\?\?)\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|\d+)|(?<fallback>[\w(\[{])))?"#
        ),
        rule!(
            Plain,
            true,
            r#"\bimport\.meta\.env\.(?<name>[A-Z_]\w*)(?:\s*(?:\|\||\?\?)\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|\d+|true|false)|(?<fallback>[\w(\[{])))?"#
        ),
        rule!(
            Plain,
            false,
            r#"\b(?:Deno\.env\.get|Env\.get|env\.get)\(\s*["'](?<name>[A-Z_]\w*)["']\s*(?:,\s*(?<default>"[^"\n]*"|'[^'\n]*'|\d+))?\s*\)(?:\s*(?:\|\||\?\?)\s*(?<fallback>\S))?"#
        ),
        rule!(
            Plain,
            false,
            r#"\b[cC]onfig(?:Service)?\.get(?:OrThrow)?(?:<[^>\n]*>)?\(\s*["'](?<name>[A-Z][A-Z0-9_]+)["']\s*(?:,\s*(?<default>"[^"\n]*"|'[^'\n]*'|\d+))?"#
        ),
    ];
    static PYTHON: [Rule; 6] = [
        rule!(
            Plain,
            false,
            r#"\b(?:get|read|load)_env(?:_\w+)?\(\s*["'](?<name>[A-Z][A-Z0-9_]{2,})["']\s*(?:,\s*(?:default\s*=\s*)?(?<default>"[^"\n]*"|'[^'\n]*'|\d+|True|False|None))?"#
        ),
        rule!(
            Strict,
            false,
            r#"\b(?:require|required|must|get_required|require_get)_env\w*\(\s*["'](?<name>[A-Z][A-Z0-9_]{2,})["']"#
        ),
        rule!(Strict, false, r#"\b(?:os\.)?environ\[\s*["'](?<name>\w+)["']\s*\]"#),
        rule!(
            Plain,
            false,
            r#"\b(?:os\.)?(?:environ\.get|getenv|environ\.setdefault)\(\s*["'](?<name>\w+)["']\s*(?:,\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|-?\d+(?:\.\d+)?|True|False|None)|(?<fallback>[^\s)])))?"#
        ),
        rule!(
            Strict,
            false,
            r#"\benv(?:\.(?:str|bool|int|float|list|tuple|dict|json|url|db|db_url|cache|cache_url|path|email|email_url|search_url))?\(\s*["'](?<name>[A-Z][A-Z0-9_]*)["'](?:\s*,\s*(?:default\s*=\s*|cast\s*=\s*\w+\s*,\s*default\s*=\s*)?(?:(?<default>"[^"\n]*"|'[^'\n]*'|-?\d+(?:\.\d+)?|True|False|None)|(?<fallback>[^\s)])))?"#
        ),
        rule!(
            Strict,
            false,
            r#"\b(?:config|decouple\.config)\(\s*["'](?<name>[A-Z][A-Z0-9_]*)["'](?:\s*,\s*cast\s*=\s*[\w.]+(?:\([^)\n]*\))?)?(?:\s*,\s*default\s*=\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|-?\d+(?:\.\d+)?|True|False|None)|(?<fallback>[^\s)])))?"#
        ),
    ];
    static GO: [Rule; 5] = [
        rule!(Plain, false, r#"\bos\.(?:Getenv|LookupEnv)\(\s*"(?<name>\w+)"\s*\)"#),
        rule!(
            Optional,
            false,
            r#"\b(?i:get_?env|env|lookup_?env|env_?or\w*|mustget_?env)\w*\(\s*"(?<name>[A-Z][A-Z0-9_]*)"\s*(?:,\s*(?<default>"[^"\n]*"|\d+|true|false))?"#
        ),
        rule!(
            Plain,
            false,
            r#"\benv:"(?<name>[A-Z][A-Z0-9_]*)[^"]*"(?:[^`\n]*(?:envDefault|default):"(?<default>[^"]*)")?"#
        ),
        rule!(
            Plain,
            false,
            r#"\benvconfig:"(?<name>[A-Z][A-Z0-9_]*)"(?:[^`\n]*default:"(?<default>[^"]*)")?"#
        ),
        rule!(Plain, false, r#"\bBindEnv\(\s*"[^"]*"\s*,\s*"(?<name>[A-Z][A-Z0-9_]*)""#),
    ];
    static RUBY: [Rule; 2] = [
        rule!(
            Plain,
            false,
            r#"\bENV\[\s*["'](?<name>\w+)["']\s*\](?:\s*\|\|=?\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|\d+)|(?<fallback>[\w(\[{:])))?"#
        ),
        rule!(
            Strict,
            false,
            r#"\bENV\.fetch\(?\s*["'](?<name>\w+)["']\s*(?:,\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|\d+|true|false|nil)|(?<fallback>[^\s)]))\s*)?\)?(?:\s*\{\s*(?:(?<default2>"[^"\n]*"|'[^'\n]*'|\d+)|(?<fallback2>\S)))?"#
        ),
    ];
    static RUST: [Rule; 4] = [
        rule!(
            Strict,
            false,
            r#"\b(?:env|dotenvy|dotenv|std::env)::var(?:_os)?\(\s*"(?<name>\w+)"\s*\)(?:\s*\.(?<fallback>unwrap_or|ok|is_ok|unwrap_or_else|unwrap_or_default|map_or)\w*\((?:\|[^|]*\|\s*)?(?<default>"[^"\n]*")?)?"#
        ),
        rule!(Strict, true, r#"\benv!\(\s*"(?<name>\w+)""#),
        rule!(Optional, true, r#"\boption_env!\(\s*"(?<name>\w+)""#),
        rule!(
            Strict,
            false,
            r#"\benv\s*=\s*"(?<name>[A-Z][A-Z0-9_]*)"(?:[^\n\]]*default_value(?:_t)?\s*=\s*(?<default>"[^"\n]*"|\w+))?"#
        ),
    ];
    static JVM: [Rule; 2] = [
        rule!(
            Plain,
            false,
            r#"\bSystem\.getenv\(\s*"(?<name>\w+)"\s*\)(?:\s*\?:\s*(?:(?<default>"[^"\n]*")|(?<fallback>\S)))?"#
        ),
        rule!(Strict, false, r#"@Value\(\s*"\\?\$\{(?<name>[A-Z][A-Z0-9_]*)(?::(?<default>[^}\n]*))?\}"#),
    ];
    static PHP: [Rule; 3] = [
        rule!(
            Plain,
            false,
            r#"\benv\(\s*["'](?<name>[A-Z][A-Z0-9_]*)["']\s*(?:,\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|\d+|true|false|null)|(?<fallback>[^\s)])))?"#
        ),
        rule!(
            Plain,
            false,
            r#"\bgetenv\(\s*["'](?<name>\w+)["']\s*\)(?:\s*\?:\s*(?:(?<default>"[^"\n]*"|'[^'\n]*')|(?<fallback>\S)))?"#
        ),
        rule!(
            Plain,
            false,
            r#"\$_ENV\[\s*["'](?<name>\w+)["']\s*\](?:\s*\?\?\s*(?:(?<default>"[^"\n]*"|'[^'\n]*'|\d+)|(?<fallback>\S)))?"#
        ),
    ];
    static ELIXIR: [Rule; 2] = [
        rule!(
            Plain,
            false,
            r#"\bSystem\.get_env\(\s*"(?<name>\w+)"\s*(?:,\s*(?<default>"[^"\n]*"))?\)(?:\s*\|\|\s*(?:(?<default2>"[^"\n]*"|\d+)|(?<fallback>[^\sr])))?"#
        ),
        rule!(Strict, false, r#"\bSystem\.fetch_env!?\(\s*"(?<name>\w+)""#),
    ];
    static CSHARP: [Rule; 1] = [rule!(
        Plain,
        false,
        r#"\bEnvironment\.GetEnvironmentVariable\(\s*"(?<name>\w+)"\s*\)(?:\s*\?\?\s*(?:(?<default>"[^"\n]*")|(?<fallback>\S)))?"#
    )];
    match language {
        "javascript" | "typescript" => &SCRIPT,
        "python" => &PYTHON,
        "go" => &GO,
        "ruby" => &RUBY,
        "rust" => &RUST,
        "java" | "kotlin" | "scala" => &JVM,
        "php" => &PHP,
        "elixir" => &ELIXIR,
        "csharp" | "fsharp" => &CSHARP,
        _ => &[],
    }
}

/// `const { A, B = "x" } = process.env`.
fn destructured(text: &str) -> Vec<VariableRead> {
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\{([^{}]*)\}\s*(?::\s*\w+\s*)?=\s*(?:process\.env|import\.meta\.env|Bun\.env)\b")
    });
    let mut found = Vec::new();
    for captures in PATTERN.captures_iter(text) {
        let Some(list) = captures.get(1) else { continue };
        for part in list.as_str().split(',') {
            let (name, default) =
                part.split_once('=').map_or((part, None), |(name, value)| (name, Some(value.trim())));
            let name = name.split(':').next().unwrap_or(name).trim();
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                continue;
            }
            let offset = list.start() + list.as_str().find(name).unwrap_or(0);
            found.push(VariableRead {
                name: name.to_owned(),
                reading: if default.is_some() { Reading::Optional } else { Reading::Plain },
                default: default
                    .map(|value| value.trim_matches(['"', '\'', '`']).to_owned())
                    .filter(|v| is_literal(v)),
                while_building: captures[0].ends_with("import.meta.env"),
                line: line_at(text, offset),
                seen: line_text(text, offset).to_owned(),
            });
        }
    }
    found
}

/// Keys of a table of options that a program fills from its environment.
fn option_table(text: &str) -> Vec<VariableRead> {
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"(?m)^\s*"(?<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)":\s*(?:&?\w*\{|new\w*\()"#)
    });
    static DEFAULT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?:rawValue|default\w*|Default\w*):\s*"(?<default>[^"\n]*)""#));
    let found: Vec<_> = PATTERN.captures_iter(text).collect();
    // One such key may be anything; a whole table of them is a configuration.
    if found.len() < 5 {
        return Vec::new();
    }
    found
        .into_iter()
        .filter_map(|captures| {
            let name = captures.name("name")?;
            let end = text[name.end()..].find("},").map_or(name.end(), |at| name.end() + at);
            let default = DEFAULT.captures(&text[name.end()..end]).map(|found| found["default"].to_owned());
            Some(VariableRead {
                name: name.as_str().to_owned(),
                reading: Reading::Optional,
                default: default.filter(|value| is_literal(value)),
                while_building: false,
                line: line_at(text, name.start()),
                seen: line_text(text, name.start()).to_owned(),
            })
        })
        .collect()
}

/// Fields of a validation schema over the environment (Zod, Joi, envalid, …), in files that read it.
fn schema_fields(text: &str) -> Vec<VariableRead> {
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?m)^\s*["']?(?<name>[A-Z][A-Z0-9_]{2,})["']?\s*:\s*(?:z|[jJ]oi|str|num|port|bool|url|email|host|json|yup|v|t|Type|s|vine|envField|Env\.schema)\b(?<rule>[.(][^\n]*(?:\n\s+\.[^\n]*)*)"#,
        )
    });
    static DEFAULT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"default[(:]\s*(?<default>"[^"\n]*"|'[^'\n]*'|\d+|true|false)"#));
    let reads_environment = [
        "process.env",
        "createEnv",
        "cleanEnv",
        "import.meta.env",
        "@nestjs/config",
        "Env.create",
        "Bun.env",
        "envField",
    ];
    if !reads_environment.iter().any(|word| text.contains(word)) {
        return Vec::new();
    }
    PATTERN
        .captures_iter(text)
        .filter_map(|captures| {
            let name = captures.name("name")?;
            let rule = captures.name("rule").map_or("", |rule| rule.as_str());
            let default =
                DEFAULT.captures(rule).map(|found| found["default"].trim_matches(['"', '\'']).to_owned());
            let optional = rule.contains("optional")
                || rule.contains("public") && captures[0].contains("envField")
                || rule.contains("default")
                || rule.contains("nullish");
            // Joi's fields are optional unless they say that they are required.
            let joi = captures[0].contains("oi.") && !rule.contains("required()");
            Some(VariableRead {
                name: name.as_str().to_owned(),
                reading: if optional || joi { Reading::Optional } else { Reading::Strict },
                default,
                while_building: false,
                line: line_at(text, name.start()),
                seen: line_text(text, name.start()).to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::readers::source::Reading;

    fn shown(language: &str, text: &str) -> Vec<(String, Reading, Option<String>)> {
        read(language, text).into_iter().map(|found| (found.name, found.reading, found.default)).collect()
    }

    #[test]
    fn javascript_reads() {
        let text = "const a = process.env.A || 'x';\nconst b = process.env.B;\nif (process.env.C) {}\nconst { D, E = '1' } = process.env;\n// process.env.Z\n";
        let expected = [
            ("A", Reading::Optional, Some("x")),
            ("B", Reading::Plain, None),
            ("C", Reading::Tested, None),
            ("D", Reading::Plain, None),
            ("E", Reading::Optional, Some("1")),
        ];
        let found = shown("javascript", text);
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (got, want) in found.iter().zip(expected) {
            assert_eq!((got.0.as_str(), got.1, got.2.as_deref()), want);
        }
    }

    #[test]
    fn schemas_over_the_environment() {
        let text = "import { z } from 'zod';\nexport const env = createEnv({ server: {\n  DATABASE_URL: z.string().url(),\n  PORT: z.coerce.number().default(3000),\n}, runtimeEnv: process.env });";
        let found = shown("typescript", text);
        assert_eq!(found[0], ("DATABASE_URL".to_owned(), Reading::Strict, None));
        assert_eq!(found[1], ("PORT".to_owned(), Reading::Optional, Some("3000".to_owned())));
    }

    #[test]
    fn other_languages_read_too() {
        assert_eq!(shown("python", "os.environ['A']")[0].1, Reading::Strict);
        assert_eq!(shown("python", "os.getenv('A', 'b')")[0].2.as_deref(), Some("b"));
        assert_eq!(shown("python", "env.bool('DEBUG', default=False)")[0].2.as_deref(), Some("False"));
        assert_eq!(shown("go", "os.Getenv(\"A\")")[0].1, Reading::Plain);
        assert_eq!(shown("go", "Port int `env:\"PORT\" envDefault:\"80\"`")[0].2.as_deref(), Some("80"));
        assert_eq!(shown("ruby", "ENV.fetch(\"A\") { 3 }")[0].1, Reading::Optional);
        assert_eq!(shown("ruby", "ENV.fetch(\"A\")")[0].1, Reading::Strict);
        assert_eq!(shown("rust", "env::var(\"A\").unwrap_or(\"b\".into())")[0].2.as_deref(), Some("b"));
        assert_eq!(shown("java", "System.getenv(\"A\")")[0].0, "A");
        assert_eq!(shown("php", "'key' => env('APP_KEY', 'x'),")[0].2.as_deref(), Some("x"));
        assert_eq!(shown("elixir", "System.get_env(\"A\") || raise \"x\"")[0].1, Reading::Strict);
        assert_eq!(shown("javascript", "if (!process.env.A) { throw new Error() }")[0].1, Reading::Strict);
    }
}
