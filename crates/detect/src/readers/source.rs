//! A source file → what it reads from the environment, which routes and ports it opens, which signs it carries.
//!
//! Nothing is parsed in full: each language has a few patterns, tried only where their fixed words occur.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::pattern::{pattern, words};
use super::providers::{self, Provider};
use super::routes::{Mount, Route};
use super::{routes, variables};
use crate::text::{line_at, line_text};

/// How a variable is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reading {
    /// There is a default.
    Optional,
    /// Its absence is tested for.
    Tested,
    /// Nothing is said about its absence.
    Plain,
    /// The program stops without it.
    Strict,
}

/// A variable that is read.
#[derive(Clone, Debug)]
pub(crate) struct VariableRead {
    pub(crate) name: String,
    pub(crate) reading: Reading,
    pub(crate) default: Option<String>,
    /// Whether the value is taken while compiling.
    pub(crate) while_building: bool,
    pub(crate) line: u32,
    pub(crate) seen: String,
}

/// An application object (`app = FastAPI()`).
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) name: String,
    pub(crate) constructor: String,
    pub(crate) line: u32,
    /// The function that makes it, where it has no name at the left margin.
    pub(crate) factory: Option<String>,
}

/// A port that the code names.
#[derive(Clone, Debug)]
pub(crate) struct Listening {
    pub(crate) port: u16,
    pub(crate) line: u32,
    pub(crate) seen: String,
}

/// How a layered configuration forms the names of its variables.
#[derive(Clone, Debug)]
pub(crate) struct Layers {
    pub(crate) prefix: String,
    pub(crate) after_prefix: String,
    pub(crate) between: String,
}

/// What was found in one source file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Source {
    pub(crate) language: String,
    pub(crate) bytes: u64,
    pub(crate) variables: Vec<VariableRead>,
    pub(crate) routes: Vec<Route>,
    pub(crate) mounts: Vec<Mount>,
    pub(crate) objects: Vec<Object>,
    pub(crate) listening: Vec<Listening>,
    /// Variables whose value a call listens on.
    pub(crate) listening_variables: Vec<String>,
    pub(crate) providers: Vec<Provider>,
    /// Whether an ORM or query builder is set up here, so that what it names as engine is meant.
    pub(crate) sets_orm_up: bool,
    pub(crate) layers: Option<Layers>,
    /// Modules that it imports, by their first part: those that a table names, or all where it may begin a program.
    pub(crate) imports: Vec<(String, u32)>,
    /// Cron expressions that it hands to a library.
    pub(crate) schedules: Vec<(String, u32)>,
    /// Where it begins something again for as long as the process runs.
    pub(crate) tickers: Vec<(u32, String)>,
    /// The line on which a program begins (`func main`, `@SpringBootApplication`, …).
    pub(crate) program: Option<u32>,
    /// Whether the file serves HTTP, with the line.
    pub(crate) serves: Option<u32>,
    /// Whether it gives a runtime a handler that is called for each request, in place of a process that listens.
    pub(crate) handles_requests: bool,
    /// The package manager that it speaks of by addresses and globals, with the line.
    pub(crate) runs_on: Option<(String, u32)>,
}

/// What is to be looked for in a source file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sought<'s> {
    /// Last segments of routes that are health checks.
    pub(crate) health_segments: routes::Segments<'s>,
    /// Names of engines in settings and addresses.
    pub(crate) engines: &'s BTreeSet<&'s str>,
    /// Whether it holds the name of an application object's constructor at all.
    pub(crate) objects: bool,
    /// Texts of the tables by which a source of this language shows that it serves HTTP.
    pub(crate) serves: Option<&'s Regex>,
    /// Modules that a table names.
    pub(crate) modules: &'s BTreeSet<&'s str>,
    /// Whether a program may begin in the file, so that its imports tell what it is made with.
    pub(crate) imports: bool,
}

/// Scans a source file.
pub(crate) fn read(language: &str, path: &str, text: &str, sought: Sought<'_>) -> Source {
    let mut source = Source {
        language: language.to_owned(),
        bytes: text.len() as u64,
        variables: variables::read(language, text),
        providers: providers::read(text, |name| sought.engines.contains(name)),
        ..Source::default()
    };
    (source.routes, source.mounts) = routes::read(language, path, text, sought.health_segments);
    source.program = first_line(program_pattern(language), text);
    source.serves = first_code_line(serving_pattern(language).or(sought.serves), text);
    source.handles_requests = source.serves.is_some() && request_handler(language, text);
    source.objects = if sought.objects { objects(language, text) } else { Vec::new() };
    let begins = source.program.is_some() || sought.objects || source.serves.is_some();
    source.imports = imports(language, text, sought.modules, begins);
    source.listening = listening(language, path, text, source.serves.is_some());
    let named = super::listening::read(language, text);
    source.listening.extend(named.ports);
    source.listening_variables = named.variables;
    if sought.imports && matches!(language, "javascript" | "typescript") {
        source.imports = script_imports(text);
    }
    source.layers = layers(language, text);
    source.schedules = super::schedules::in_code(text);
    source.tickers = super::tickers::read(language, text);
    source
}

/// The prefix and separators of Rust's `config` crate.
fn layers(language: &str, text: &str) -> Option<Layers> {
    static PREFIX: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"Environment::with_prefix\(\s*"(\w+)"\s*\)"#));
    static AFTER: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\.prefix_separator\(\s*"([^"]+)""#));
    static BETWEEN: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\.separator\(\s*"([^"]+)""#));
    if language != "rust" {
        return None;
    }
    let prefix = PREFIX.captures(text)?[1].to_owned();
    let between = BETWEEN.captures(text).map_or_else(|| ".".to_owned(), |found| found[1].to_owned());
    // Without a separator of its own, the prefix is followed by the one between keys.
    let after_prefix = AFTER.captures(text).map_or_else(|| between.clone(), |found| found[1].to_owned());
    Some(Layers { prefix, after_prefix, between })
}

/// Packages that a script imports; types alone are none.
fn script_imports(text: &str) -> Vec<(String, u32)> {
    static IMPORT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?m)^[ \t]*(?:import\s+(?:[^;'"]*?\sfrom\s*)?|(?:export\s+)?(?:const|let|var)\s[^=;\n]+=\s*(?:await\s+)?(?:require|import)\s*\(\s*|\}\s*from\s*)["']([^'"\n]+)["']"#,
        )
    });
    let whole = |found: &regex::Captures<'_>| {
        found.get(0).is_some_and(|all| !all.as_str().trim_start().starts_with("import type"))
    };
    IMPORT
        .captures_iter(text)
        .filter(whole)
        .filter_map(|found| {
            let specifier = found.get(1)?;
            let (package, _) = super::package_json::package_of(specifier.as_str())?;
            Some((package.to_owned(), line_at(text, specifier.start())))
        })
        .collect()
}

fn first_line(pattern: Option<&Regex>, text: &str) -> Option<u32> {
    pattern?.find(text).map(|found| line_at(text, found.start()))
}

/// The first line outside of comments.
fn first_code_line(pattern: Option<&Regex>, text: &str) -> Option<u32> {
    let comment = |at: usize| {
        let line = line_text(text, at).trim_start();
        ["//", "# ", "--", "/*", "* ", "%", ";;"].iter().any(|mark| line.starts_with(mark))
    };
    let found = pattern?.find_iter(text).take(8).find(|found| !comment(found.start()))?;
    Some(line_at(text, found.start()))
}

/// Where a program begins.
fn program_pattern(language: &str) -> Option<&'static Regex> {
    static PYTHON: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?m)^if\s*\(?\s*__name__\s*==\s*["']__main__["']"#));
    static GO: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^func main\(\)"));
    static RUST: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?m)^(?:pub )?(?:async )?fn main\s*\(|^#\[(?:rocket::)?launch\]"));
    static JVM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"@SpringBootApplication|@QuarkusMain|static (?:final )?void main\(|(?m)^(?:suspend )?fun main\(|^@main\b|^\s*def main\(|\bextends (?:[\w.]+\.)?(?:App|IOApp|ZIOAppDefault|ZIOApp|AbstractVerticle|HttpServer)\b|\bCoroutineVerticle\(|^\(defn\s+(?:\^\S+\s+)?-main\b",
        )
    });
    static CSHARP: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"WebApplication\.Create|(?:Host|WebHost)\.Create\w*Builder|static (?:async Task(?:<int>)?|void|int) Main\(|(?m)^\s*\[<EntryPoint>\]|^\s*(?:Shared )?Sub Main\(",
        )
    });
    match language {
        "python" => Some(&PYTHON),
        "go" => Some(&GO),
        "rust" => Some(&RUST),
        "java" | "kotlin" | "scala" | "groovy" | "clojure" => Some(&JVM),
        "csharp" | "fsharp" | "vb" => Some(&CSHARP),
        _ => None,
    }
}

/// Whether a script exports or registers a handler of requests, as runtimes at the edge call it. In a page's service worker the
/// listener is registered on `self`, and nothing is served.
fn request_handler(language: &str, text: &str) -> bool {
    static HANDLER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"export default \{\s*(?:async\s+)?fetch\b|(?m:^addEventListener\(\s*['\x22]fetch['\x22])")
    });
    matches!(language, "javascript" | "typescript") && HANDLER.is_match(text)
}

/// That HTTP is served.
fn serving_pattern(language: &str) -> Option<&'static Regex> {
    static SCRIPT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\.listen\s*\(|createServer\s*\(|Bun\.serve\s*\(|Deno\.serve\s*\(|export default \{\s*(?:port|fetch|async\s+fetch)|(?m:^addEventListener\(\s*['\x22]fetch['\x22])",
        )
    });
    static PYTHON: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"uvicorn\.run\(|HTTPServer\(|web\.run_app\(|\.run\(\s*(?:host|debug|port|app\b)|\b(?:app|application|server|api|web|dashboard)\.run(?:_server)?\(|(?m:^\s*run\(\s*(?:app|host|server|port)\b)|serve_forever\(|WSGIServer\(|make_server\(|cherrypy\.(?:quickstart|engine\.start)\(|grpc(?:\.aio)?\.server\(|mcp\.run\(",
        )
    });
    static GO: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"ListenAndServe(?:TLS)?\(|grpc\.NewServer\(|http\.Server\{|\.Run\(\s*(?::|\x22|addr|port|fmt)|\.Start\(\s*(?:\x22:|addr|port|fmt|os)|\.Listen\(|http\.Serve\(",
        )
    });
    static RUST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"axum::serve\(|HttpServer::new\(|rocket::(?:build|ignite|custom)\(|warp::serve\(|Server::bind\w*\(|TcpListener::bind\(|Server::new\(|Server::builder\(\)|\.listen\(|serve_connection|lambda_http::run|Shuttle(?:Axum|Actix\w*|Rocket|Warp|Poem|Salvo|Tide)|dioxus::launch|LaunchBuilder|StartMode::",
        )
    });
    static CSHARP: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"WebApplication\.Create|UseKestrel|ConfigureWebHost|startWebServer"));
    static JVM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"@RestController\b|@Controller\b|@WebServlet\b|@Path\(|extends HttpServlet\b|createHttpServer\(|HttpServer\.create\(|embeddedServer\(|Javalin\.create|newServerAt\(|EmberServerBuilder|BlazeServerBuilder|Server\.serve\(|\.asServer\(|run-jetty|run-server|run-undertow|jetty/run|new Server\(\d",
        )
    });
    match language {
        "javascript" | "typescript" => Some(&SCRIPT),
        "python" => Some(&PYTHON),
        "go" => Some(&GO),
        "rust" => Some(&RUST),
        "csharp" | "fsharp" => Some(&CSHARP),
        "java" | "kotlin" | "scala" | "groovy" | "clojure" => Some(&JVM),
        _ => None,
    }
}

/// Assignments of a call to a name at the left margin, or the result of a factory that returns such a call.
fn objects(language: &str, text: &str) -> Vec<Object> {
    static PYTHON: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?m)^(\w+)(?:\s*,\s*\w+)*(?:\s*:\s*[\w.]+)?\s*=\s*([A-Za-z_][\w.]*)\("));
    static FACTORY: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?m)^\s+(?:\w+(?:\s*:\s*[\w.]+)?\s*=|return)\s*([A-Z][\w.]*)\("));
    static FUNCTION: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^def (\w+)\("));
    if language != "python" {
        return Vec::new();
    }
    let mut objects: Vec<Object> = PYTHON
        .captures_iter(text)
        .map(|found| Object {
            name: found[1].to_owned(),
            constructor: found[2].to_owned(),
            line: line_at(text, found.get(0).map_or(0, |whole| whole.start())),
            factory: None,
        })
        .collect();
    // A factory's product has no name of its own; the empty name says so.
    objects.extend(FACTORY.captures_iter(text).map(|found| {
        let offset = found.get(1).map_or(0, |whole| whole.start());
        let function = FUNCTION.captures_iter(&text[..offset]).last();
        Object {
            name: String::new(),
            constructor: found[1].to_owned(),
            line: line_at(text, offset),
            factory: function.map(|found| found[1].to_owned()),
        }
    }));
    objects
}

/// Modules that a script imports, by their first part, each once; a relative import gives the empty name.
fn imports(language: &str, text: &str, known: &BTreeSet<&str>, all: bool) -> Vec<(String, u32)> {
    let mut found: Vec<(String, u32)> = Vec::new();
    if language == "ruby" {
        for (line, number) in text.lines().zip(1..) {
            // `require "sinatra/base"` uses what `require "sinatra"` does.
            let Some(rest) = line.trim_start().strip_prefix("require ") else { continue };
            let module = rest.trim().trim_matches(['"', '\'']).split('/').next().unwrap_or_default();
            if known.contains(module) && !found.iter().any(|(one, _)| one == module) {
                found.push((module.to_owned(), number));
            }
        }
    }
    if language != "python" {
        return found;
    }
    for (line, number) in text.lines().zip(1..) {
        let line = line.trim_start();
        let Some(rest) = line.strip_prefix("from ").or_else(|| line.strip_prefix("import ")) else {
            continue;
        };
        // `import a, b` names two modules, `from a import b` one.
        let most = if line.starts_with("from ") { 1 } else { usize::MAX };
        for part in rest.split(',').take(most) {
            let module = part.trim().split(['.', ' ', ';', '#']).next().unwrap_or_default();
            let plain = module.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if plain && (all || known.contains(module)) && !found.iter().any(|(one, _)| one == module) {
                found.push((module.to_owned(), number));
            }
        }
    }
    found
}

/// Whether a file's name says that an application begins or is configured in it.
fn sets_up(path: &str) -> bool {
    let stem = crate::tree::name(path).split('.').next().unwrap_or_default().to_ascii_lowercase();
    [
        "main",
        "server",
        "app",
        "config",
        "configure",
        "settings",
        "entrypoint",
        "start",
        "runtime",
        "puma",
        "unicorn",
    ]
    .contains(&stem.as_str())
}

/// Whether `port` is given a value: it is part of many words (`import`, `export`), which a pattern would stop at.
fn sets_port(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), "port").any(|at| {
        let before = text.as_bytes()[..at].last();
        let rest = text[at + "port".len()..].trim_start();
        !before.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
            && rest.starts_with([':', '='])
    })
}

/// Whether a digit stands before a quote.
fn ends_in_quotes(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'"', bytes).any(|at| bytes[..at].last().is_some_and(u8::is_ascii_digit))
}

/// Whether `port`, however written, ends a name.
fn names_port(text: &str) -> bool {
    let ends = |at: usize| text.as_bytes().get(at).is_none_or(|byte| !byte.is_ascii_alphabetic());
    ["port", "Port", "PORT"]
        .iter()
        .any(|word| memchr::memmem::find_iter(text.as_bytes(), word).any(|at| ends(at + word.len())))
}

/// Ports in calls that listen, and in the usual spelling of a default (`PORT || 3000`).
fn listening(language: &str, path: &str, text: &str, serves: bool) -> Vec<Listening> {
    static SCRIPT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\.listen\s*\(\s*(?:\{\s*port:\s*)?(\d{2,5})\b|\bPORT["']?\]?\)?\s*(?:\|\||\?\?)\s*["']?(\d{2,5})\b|\b(?:port|PORT)\s*[=:]\s*(\d{4,5})\b|\bPORT["']\s*,\s*["']?(\d{2,5})|PORT:\s*(?:z|Joi|num|port)\b[^\n]*default[:(]\s*["']?(\d{2,5})|\bDEFAULT_(?:HTTP_|SERVER_)?PORT\s*=\s*["']?(\d{4,5})"#,
        )
    });
    static PYTHON: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?m)\bPORT["']\s*,\s*(?:default\s*=\s*)?["']?(\d{2,5})|\.run\([^)\n]*\bport\s*=\s*(\d{2,5})|^bind\s*=\s*f?["'][^"'\n]*:(\d{2,5})|uvicorn\.run\((?s:[^)]*?)\bport\s*=\s*(\d{2,5})|^\s*(?i:(?:server_|app_|api_|http_|web_)?port)\s*:\s*int\s*=\s*(?:Field\(\s*(?:default\s*=\s*)?)?(\d{4,5})|\b(?i:default_port)\s*=\s*["']?(\d{4,5})"#,
        )
    });
    static GO: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?:ListenAndServe(?:TLS)?|\.Run|\.Start|\.Listen)\(\s*"[\w.]*:(\d{2,5})"|ListenAndServe\(\s*(\d{4,5})\b|(?:"(?:[\w.-]*[._-])?(?i:port)"\s*,|\b(?:[Pp]ort|PORT)\s*(?::=|:|=|int\s*=))\s*(\d{4,5})\b|env:"(?:\w+_)?PORT[^`\n]*[dD]efault:"(\d{4,5})"|Addr:\s*"[\w.]*:(\d{2,5})"|(?i:port)"?\s*,?\s*(?::?=|,)\s*"?:?(\d{4,5})"|"[\d.]*:(\d{4,5})""#,
        )
    });
    static RUST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"bind\w*\(\s*&?(?:\(\s*)?"[\d.\[\]:a-z]*:(\d{2,5})"|bind\w*\(\s*\(\s*"[^"]+"\s*,\s*(\d{2,5})|SocketAddr::from\(\(\[[^\]]*\],\s*(\d{2,5})|"(?:0\.0\.0\.0|127\.0\.0\.1|\[::\]):(\d{2,5})"|(?:UNSPECIFIED|LOCALHOST|new\(\s*0,\s*0,\s*0,\s*0\s*\))\)?,\s*(\d{4,5})\b|\b(?i:port)\s*:\s*u16\s*=\s*(\d{4,5})|(?s:"PORT"[^;{]*?unwrap_or(?:_else)?\(\s*(?:\|\w*\|\s*)?"?(\d{4,5}))|default_value(?:_t)?\s*=\s*"?(\d{4,5})"?[^\n]*\)\]\s*(?:pub\s+)?(?:\w+_)?port\s*:"#,
        )
    });
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\b(?i:port)["']?\]?\)?\s*(?:=>|:=|<-|\?\?|\|\||\|>|[=:(,])\s*(?:[\w.]+\()?\s*["']?(\d{4,5})\b|PORT["')\]]+[^\n\d]{0,60}["']?(\d{4,5})\b|(?:bind|serve|listen|addListener|bind_tcp|scotty|Warp\.run|\brun)[( ][^\n\d]{0,40}(?:\d+\.\d+\.\d+\.\d+(?:["']\s*,\s*|:))?(\d{4,5})\b"#,
        )
    });
    static SCRIPT_WORDS: LazyLock<Regex> = LazyLock::new(|| words(&[".listen", "PORT"]));
    // A cheap look first: of Go's patterns every one ends with a number, and all but that of a name stand in quotes.
    let possible = match language {
        "javascript" | "typescript" => SCRIPT_WORDS.is_match(text) || sets_port(text),
        "go" => ends_in_quotes(text) || names_port(text),
        _ => true,
    };
    if !possible {
        return Vec::new();
    }
    let pattern = match language {
        "javascript" | "typescript" => &*SCRIPT,
        "python" => &*PYTHON,
        "go" => &*GO,
        "rust" => &*RUST,
        // These have their own calls.
        "java" | "kotlin" | "scala" | "groovy" | "clojure" | "csharp" | "fsharp" | "vb" => return Vec::new(),
        // Elsewhere a port stands behind the word, or in the call that opens it, where something is served or set up.
        _ if serves || sets_up(path) => &*OTHERS,
        _ => return Vec::new(),
    };
    pattern
        .captures_iter(text)
        .filter_map(|found| {
            let number = found.iter().skip(1).flatten().next()?;
            let line = line_text(text, number.start());
            let comment = line.trim_start().starts_with("//")
                || (line.trim_start().starts_with('#') && !line.trim_start().starts_with("#["));
            // `REDIS_PORT` is where something else listens, and PHP is mostly served by another program.
            let elsewhere = match language {
                "php" => !serves || line.contains("_PORT"),
                "ruby" => line.contains("_PORT"),
                _ => false,
            };
            let comment = comment || elsewhere;
            let port: u16 = number.as_str().parse().ok().filter(|port| *port > 0 && !comment)?;
            Some(Listening { port, line: line_at(text, number.start()), seen: line.to_owned() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::read;

    static NONE: std::collections::BTreeSet<&str> = std::collections::BTreeSet::new();
    const ALL: super::Sought<'_> = super::Sought {
        health_segments: super::routes::Segments { all: &[], words: None },
        engines: &NONE,
        objects: true,
        serves: None,
        modules: &NONE,
        imports: true,
    };

    #[test]
    fn ports_that_code_names() {
        let port = |language: &str, text: &str| {
            read(language, "main", text, ALL).listening.first().map(|found| found.port)
        };
        assert_eq!(
            port("javascript", "const PORT = process.env.PORT || 4000;\napp.listen(PORT)"),
            Some(4000)
        );
        assert_eq!(port("javascript", "app.listen(8081, () => {})"), Some(8081));
        assert_eq!(port("python", "port = int(os.environ.get(\"PORT\", 5001))"), Some(5001));
        assert_eq!(port("go", "http.ListenAndServe(\":9090\", nil)"), Some(9090));
        assert_eq!(port("rust", "TcpListener::bind(\"0.0.0.0:3001\")"), Some(3001));
        assert_eq!(port("javascript", "// app.listen(1234)"), None);
        assert_eq!(port("go", "p := flag.Int(\"port\", 4001, \"HTTP port\")"), Some(4001));
        assert_eq!(port("go", "redisPort := 6379"), None);
        assert_eq!(port("go", "Port int `env:\"PORT\" envDefault:\"4002\"`"), Some(4002));
        assert_eq!(
            port("rust", "std::env::var(\"PORT\").ok().and_then(|p| p.parse().ok()).unwrap_or(3232);"),
            Some(3232)
        );
        assert_eq!(port("rust", "SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 3233)"), Some(3233));
        assert_eq!(
            port("rust", "#[arg(long, env, default_value_t = 3234)]\n    pub http_port: u16,"),
            Some(3234)
        );
        assert_eq!(port("python", "class S(BaseSettings):\n    PORT: int = 8124\n"), Some(8124));
        assert_eq!(port("python", "    DB_PORT: int = 8125\n"), None);
        assert_eq!(port("python", "Command.default_port = \"3543\""), Some(3543));
        assert_eq!(port("crystal", "Kemal.config.port = 3001"), Some(3001));
        assert_eq!(port("gleam", "|> mist.port(8000)"), Some(8000));
        assert_eq!(port("ocaml", "Dream.run ~port:8081 ~interface:\"0.0.0.0\""), Some(8081));
        assert_eq!(
            port("dart", "final port = int.parse(Platform.environment['PORT'] ?? '8088');"),
            Some(8088)
        );
        assert_eq!(port("cpp", "app().addListener(\"0.0.0.0\", 8848).run(); // port"), Some(8848));
        assert_eq!(port("haskell", "main = scotty 3005 $ do -- port"), Some(3005));
    }

    #[test]
    fn application_objects() {
        let source =
            read("python", "main.py", "from fastapi import FastAPI\n\napp = FastAPI(title='x')\n", ALL);
        assert_eq!((source.objects[0].name.as_str(), source.objects[0].line), ("app", 3));
        let source = read("python", "main.py", "def make():\n    app = FastAPI()\n    return app\n", ALL);
        assert_eq!(source.objects[0].name, "");
        let source = read("python", "main.py", "app, rt = fast_app(live=True)\n", ALL);
        assert_eq!(
            (source.objects[0].name.as_str(), source.objects[0].constructor.as_str()),
            ("app", "fast_app")
        );
    }

    #[test]
    fn imports_by_the_first_part_of_their_module() {
        let text = "import os, flask.views as v\nfrom .a import b\ntry:\n    from app.db import x, y\nexcept E: ...\n# import c\nimportant = 1\n";
        let source = read("python", "main.py", text, ALL);
        let names: Vec<_> = source.imports.iter().map(|(name, line)| (name.as_str(), *line)).collect();
        assert_eq!(names, [("os", 1), ("flask", 1), ("", 2), ("app", 4)]);
    }
}
