//! A source file → the environment variables that it reads, each with its default.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::pattern::{pattern, words};
use super::source::{Reading, VariableRead};
use super::variable_rules::{Rule, rules};
use super::{blocks, settings, shell, viper};
use crate::text::{line_at, line_text};

/// No more reads are taken by one pattern from one file: what reads more is generated.
const MOST_READS: usize = 1000;

/// Defaults that only say that there is none.
const NOTHING: &[&str] = &["None", "null", "nil", "undefined"];

/// Reads of one language.
pub(crate) fn read(language: &str, text: &str) -> Vec<VariableRead> {
    static SCRIPT: LazyLock<Regex> = LazyLock::new(|| words(&["env", "Env", "ENV", "onfig"]));
    let mut found: Vec<VariableRead> = Vec::new();
    // Each pattern holds one of these words: most files hold none, and a word is found faster than a pattern.
    let told = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let possible = match language {
        "javascript" | "typescript" => SCRIPT.is_match(text),
        "ruby" => told(&["ENV"]),
        "java" | "kotlin" | "scala" => told(&["getenv", "sys.env", "@Value"]),
        "shell" => told(&["$"]),
        _ => told(&["env", "Env", "ENV", "onfig", "onnectionString", "Settings", "\": {", "\":{"]),
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
        "go" => {
            found.extend(option_table(text));
            found.extend(viper::read(text));
        }
        "javascript" | "typescript" => {
            found.extend(destructured(text));
            found.extend(imported(text));
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
    let comment = before.starts_with('#') && !before.starts_with("#[");
    if before.starts_with("//") || comment || before.starts_with('*') {
        return None;
    }
    let after = &text[whole.end()..];
    // To write a variable is not to read it.
    let sets = after
        .trim_start_matches([']', ' '])
        .strip_prefix('=')
        .is_some_and(|rest| !rest.starts_with(['=', '>', '~']));
    if sets && !whole.as_str().contains("fetch") && !is_struct_tag(whole.as_str()) {
        return None;
    }
    let name = dotnet_name(name);
    let either = |first: &str, second: &str| captures.name(first).or_else(|| captures.name(second));
    let default =
        either("default", "default2").map(|d| d.as_str().trim().trim_matches(['"', '\'', '`']).to_owned());
    let has_fallback = default.is_some() || either("fallback", "fallback2").is_some();
    let nothing = default.as_deref().is_some_and(|value| NOTHING.contains(&value));
    // Astro and Vite define these themselves.
    let built_in = ["MODE", "BASE_URL", "PROD", "DEV", "SSR", "SITE", "ASSETS_PREFIX"];
    if rule.while_building && captures[0].starts_with("import.meta") && built_in.contains(&name.as_ref()) {
        return None;
    }
    let conditional = blocks::is_conditional(text, whole.start());
    let demanded = is_struct_tag(whole.as_str())
        && [",required", ",notEmpty", "required:\"true\""].iter().any(|word| line.contains(word));
    let called = whole.as_str().to_ascii_lowercase();
    let insists = ["must", "require"].iter().any(|word| called.starts_with(word));
    let reading = if demanded || insists || is_demanded(before) || fails_without(before, after) {
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
    } else if is_struct_tag(whole.as_str()) && is_optional_field(after) {
        Reading::Optional
    } else {
        rule.without_default
    };
    Some(VariableRead {
        name: name.into_owned(),
        reading,
        default: default.filter(|value| !nothing && is_literal(value)),
        while_building: rule.while_building,
        line: line_at(text, whole.start()),
        seen: line.to_owned(),
    })
}

/// Whether a match is of a tag or attribute that binds a field, not of a call.
fn is_struct_tag(text: &str) -> bool {
    text.starts_with("env:\"")
        || text.starts_with("envconfig:\"")
        || text.starts_with("env =")
        || text.starts_with("env=")
}

/// Whether the field that a Rust attribute stands before may be absent.
fn is_optional_field(after: &str) -> bool {
    let field =
        after.lines().skip(1).map(str::trim).find(|line| !line.is_empty() && !line.starts_with(['/', '#']));
    let attribute = after.lines().next().unwrap_or_default();
    attribute.contains("default")
        || field.is_some_and(|field| {
            field.contains("Option<") || field.contains(": bool") || field.contains("Vec<")
        })
}

/// The variable by which .NET is given a key of its configuration: `Jwt:Key` is `Jwt__Key`.
fn dotnet_name(name: &str) -> Cow<'_, str> {
    match name.strip_prefix("ConnectionString(") {
        Some(rest) => format!("ConnectionStrings__{}", rest.trim_start_matches([' ', '"'])).into(),
        None if name.contains(':') => name.replace(':', "__").into(),
        None => name.into(),
    }
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
    let before = before.trim_end_matches("std::");
    let asks = [
        "match ",
        "if let Ok(",
        "let Ok(",
        "if (",
        "if(",
        "if ",
        "elif ",
        "unless ",
        "&& ",
        "!",
        "!!",
        "while ",
        "? ",
    ];
    let goes_on = [
        "?",
        "&&",
        "===",
        "!==",
        "==",
        "!=",
        "||",
        " in ",
        ".unwrap_or",
        ".ok()",
        ".is_ok",
        ".is_some",
        ".is_none",
        ".or_else",
        ".present?",
        ".presence",
        ".blank?",
    ];
    asks.iter().any(|word| before.ends_with(word.trim_end()))
        || goes_on.iter().any(|word| after.starts_with(word.trim_start()) && !after.starts_with("?;"))
}

/// A default is shown only if it is a plain value, not an expression.
fn is_literal(value: &str) -> bool {
    value.len() <= 120 && !value.contains(['(', '{', '$', '\n'])
}

/// `import { A, B } from '$env/static/private'` of SvelteKit, `'astro:env/server'` of Astro.
fn imported(text: &str) -> Vec<VariableRead> {
    static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"import\s*\{([^{}]*)\}\s*from\s*["'](?:\$env/static/|astro:env/)(\w+)["']"#)
    });
    if !text.contains("$env/static/") && !text.contains("astro:env/") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for captures in PATTERN.captures_iter(text) {
        let Some(list) = captures.get(1) else { continue };
        for part in list.as_str().split(',') {
            let name = part.split_whitespace().next().unwrap_or_default();
            if !name.starts_with(|c: char| c.is_ascii_uppercase()) {
                continue;
            }
            let offset = list.start() + list.as_str().find(name).unwrap_or(0);
            let astro = captures[0].contains("astro:env");
            found.push(VariableRead {
                name: name.to_owned(),
                // SvelteKit does not build without it; Astro's schema says whether it must be there.
                reading: if astro { Reading::Plain } else { Reading::Strict },
                default: None,
                while_building: !astro || &captures[2] == "client",
                line: line_at(text, offset),
                seen: line_text(text, offset).to_owned(),
            });
        }
    }
    found
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

    #[test]
    fn smaller_languages_and_bindings_read_as_well() {
        let first = |language: &str, text: &str| shown(language, text).pop().expect(text);
        let found = |language: &str, text: &str| {
            let (name, reading, default) = first(language, text);
            (name, reading, default.unwrap_or_default())
        };
        let expected = |name: &str, reading, default: &str| (name.to_owned(), reading, default.to_owned());
        assert_eq!(
            found("swift", "let h = Environment.get(\"DB_HOST\") ?? \"x\""),
            expected("DB_HOST", Reading::Optional, "x")
        );
        assert_eq!(
            found("dart", "Platform.environment['PORT'] ?? '8080'"),
            expected("PORT", Reading::Optional, "8080")
        );
        assert_eq!(found("haskell", "getEnv \"SECRET_KEY\""), expected("SECRET_KEY", Reading::Strict, ""));
        assert_eq!(found("haskell", "x = lookupEnv \"PORT\""), expected("PORT", Reading::Tested, ""));
        assert_eq!(found("clojure", "(System/getenv \"PORT\")"), expected("PORT", Reading::Plain, ""));
        assert_eq!(
            found("gleam", "envoy.get(\"SHA\") |> result.unwrap(\"HEAD\")"),
            expected("SHA", Reading::Optional, "HEAD")
        );
        assert_eq!(found("cpp", "getenv(\"HOST_NAME\")"), expected("HOST_NAME", Reading::Plain, ""));
        assert_eq!(found("r", "Sys.getenv(\"TOKEN_X\", \"y\")"), expected("TOKEN_X", Reading::Optional, "y"));
        assert_eq!(
            found("csharp", "builder.Configuration[\"Jwt:Key\"]"),
            expected("Jwt__Key", Reading::Plain, "")
        );
        assert_eq!(
            found("csharp", "config.GetConnectionString(\"Main\")"),
            expected("ConnectionStrings__Main", Reading::Strict, "")
        );
        assert_eq!(
            found("scala", "sys.env.getOrElse(\"PORT\", \"9\")"),
            expected("PORT", Reading::Optional, "9")
        );
        assert_eq!(
            found("go", "mustMapEnv(&svc.addr, \"CART_ADDR\")"),
            expected("CART_ADDR", Reading::Strict, "")
        );
        assert_eq!(
            found("go", "Key string `env:\"API_KEY,required\"`"),
            expected("API_KEY", Reading::Strict, "")
        );
        assert_eq!(
            found("rust", "#[clap(long, env = \"APP_PORT\")]\npub port: Option<u16>,"),
            expected("APP_PORT", Reading::Optional, "")
        );
        assert_eq!(
            found("rust", "match std::env::var(\"MODE_X\") {"),
            expected("MODE_X", Reading::Tested, "")
        );
        assert_eq!(
            found("elixir", "Util.fetch_env!(\"DB_NAME\", dev: \"x\")"),
            expected("DB_NAME", Reading::Strict, "")
        );
        assert_eq!(
            found("typescript", "import { A_KEY } from '$env/static/private'"),
            expected("A_KEY", Reading::Strict, "")
        );
        assert_eq!(found("typescript", "Bun.env.PORT ?? '1'"), expected("PORT", Reading::Optional, "1"));
        assert!(shown("python", "os.environ[\"THREADS\"] = \"1\"").is_empty());
        assert!(shown("javascript", "process.env.NODE_X = 'y'").is_empty());
    }
}
