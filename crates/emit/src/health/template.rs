//! The endpoint's templates, and the engine that fills them: every value is a literal or a comment of the language, or a word of
//! our own.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;
use siteplan_model::design::{HealthAnswers, HealthCheck, HealthCode};

use super::literal::{Language, comment, literal};

/// A template by its name: a kit, or a part of several.
macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../templates/health/", $name, ".j2")))),*]
    };
}

/// Parts end in `.j2`, as the templates include them.
const TEMPLATES: &[(&str, &str)] = templates![
    "express",
    "fastify",
    "nest",
    "next-app",
    "next-pages",
    "fastapi",
    "flask",
    "django",
    "rails",
    "laravel",
    "spring-boot",
    "net-http",
    "axum",
    "phoenix",
    "aspnet",
    "node/head",
    "node/imports",
    "node/state",
    "python/head",
    "python/standard",
    "python/imports",
    "python/state",
];

/// What a template sees.
#[derive(Serialize)]
struct View<'a> {
    kit: &'a str,
    role: &'a str,
    ready: &'a str,
    live: &'a str,
    both: bool,
    checks: &'a [HealthCheck],
    clients: Vec<&'a str>,
    addressed: bool,
    version_variables: &'a [String],
    wiring: &'a [String],
    namespace: &'a str,
    #[serde(flatten)]
    script: Script,
}

/// How JavaScript and TypeScript are written.
#[derive(Serialize)]
struct Script {
    /// With types.
    typed: bool,
    /// With `import` rather than `require`.
    modules: bool,
    /// Loaded as ECMAScript modules by the runtime itself.
    native: bool,
}

/// The text of one file of generated code; nothing for a kit that has no template.
pub(super) fn render(code: &HealthCode, role: &str, ready: &str, live: &str) -> Option<String> {
    static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(environment);
    // Gin is served by the handlers of Go's own library.
    let name = if code.kit == "gin" { "net-http" } else { code.kit.as_str() };
    let template = ENVIRONMENT.get_template(&format!("{name}.j2")).ok()?;
    let dialect = code.dialect.as_deref().unwrap_or_default();
    let namespace = code.namespace.as_deref().filter(|name| is_name(name)).unwrap_or_default();
    let view = View {
        kit: &code.kit,
        role,
        ready,
        live,
        both: code.answers == HealthAnswers::Both,
        checks: &code.checks,
        clients: code.checks.iter().map(|check| check.client.as_str()).collect(),
        addressed: code.checks.iter().any(|check| check.variable.is_some()),
        version_variables: &code.version_variables,
        wiring: &code.wiring,
        namespace,
        script: Script {
            typed: dialect.starts_with("typescript"),
            modules: dialect != "commonjs",
            native: matches!(dialect, "typescript-esm" | "esm" | "mjs"),
        },
    };
    let text = template.render(Serde(&view)).ok()?;
    Some(tidy(&text, if super::syntax(&code.file) == "python" { 2 } else { 1 }))
}

/// A name of a package or module that is no more than that.
fn is_name(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c))
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.unwrap_or_default());
    for (filter, language) in [
        ("js", Language::CLike),
        ("python", Language::CLike),
        ("java", Language::CLike),
        ("go", Language::CLike),
        ("csharp", Language::CLike),
        ("rust", Language::Rust),
        ("ruby", Language::SingleQuoted),
        ("php", Language::SingleQuoted),
        ("elixir", Language::Elixir),
    ] {
        environment.add_filter(filter, move |text: &str| Value::from(literal(language, text)));
    }
    environment.add_filter("comment", comment);
    environment.add_filter("relative", |path: &str| path.trim_start_matches('/').to_owned());
    for (name, source) in TEMPLATES {
        // The engine takes the last newline of a template away, and a part must end its line where it is included. A template
        // that cannot be read is found by the tests, which render every one.
        let _ = environment.add_template_owned(format!("{name}.j2"), format!("{source}\n"));
    }
    environment
}

/// No trailing blanks, no more than so many empty lines in a row, one newline at the end.
fn tidy(text: &str, most_empty: usize) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut empty = most_empty;
    for line in text.lines().map(str::trim_end) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty <= most_empty {
            tidied.push_str(line);
            tidied.push('\n');
        }
    }
    while tidied.ends_with("\n\n") {
        tidied.pop();
    }
    tidied
}
