//! A source file → routes that look like health checks, and the prefixes under which routers are mounted.

use std::sync::LazyLock;

use regex::Regex;

use super::nesting;
use super::pattern::{pattern, words};
use crate::text::{line_at, line_text};

/// The module of a mount that names a path which the prefix of everything leaves out.
pub(crate) const EXCLUDED: &str = "!";

/// No more routes are kept of one file.
const MOST_ROUTES: usize = 32;

/// A route.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    /// As written, with the prefix that the same file gives.
    pub(crate) path: String,
    pub(crate) line: u32,
    pub(crate) seen: String,
}

/// A router that is mounted under a prefix.
#[derive(Clone, Debug)]
pub(crate) struct Mount {
    pub(crate) prefix: String,
    /// Name of the mounted module, its last part.
    pub(crate) module: String,
}

/// The last segments of routes that are health checks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segments<'s> {
    pub(crate) all: &'s [String],
    /// A pattern of their beginnings as a route in code has them, by which most files are passed over.
    pub(crate) words: Option<&'s Regex>,
}

impl Segments<'_> {
    /// What comes before a segment that is written in code: the slash above it, or the route's beginning.
    pub(crate) const BEFORE: [char; 5] = ['/', '"', '\'', '`', '^'];
}

/// Finds routes whose last segment is one of `segments`, and all mounts.
pub(crate) fn read(
    language: &str,
    path: &str,
    text: &str,
    segments: Segments<'_>,
) -> (Vec<Route>, Vec<Mount>) {
    let told = segments.words.is_none_or(|words| words.is_match(text));
    let segments = segments.all;
    let mut routes = file_route(path, segments).into_iter().collect::<Vec<_>>();
    if let Some(pattern) = route_pattern(language).filter(|_| told) {
        let prefix = file_prefix(language, text);
        for found in pattern.captures_iter(text) {
            let Some(route) = found.iter().skip(1).flatten().next() else { continue };
            if routes.len() >= MOST_ROUTES {
                break;
            }
            let line = line_text(text, route.start());
            if line.trim_start().starts_with("//")
                || line.trim_start().starts_with('#') && !matches!(language, "rust" | "r")
            {
                continue;
            }
            // A comparison is a route only where the same file answers requests by itself.
            if matches!(language, "javascript" | "typescript") && compares(line) && !answers(text) {
                continue;
            }
            let written = route
                .as_str()
                .trim_start_matches("GET ")
                .trim_start_matches('~')
                .trim_start_matches('^')
                .trim_end_matches(['$', '?']);
            // Where prefixes are costly to find, only a route that can be a health check is worth it.
            let ends = written.trim_matches('/').is_empty() || is_health(&joined("", written), segments);
            if nesting::speaks(language) && !ends {
                continue;
            }
            let full = joined(
                &group_prefix(language, text, route.start()).unwrap_or_else(|| prefix.clone()),
                written,
            );
            if is_health(&full, segments) {
                routes.push(Route { path: full, line: line_at(text, route.start()), seen: line.to_owned() });
            }
        }
    }
    (routes, mounts(language, text))
}

/// Whether a line compares the path of a request.
fn compares(line: &str) -> bool {
    ["pathname ==", "path ==", "url ==", "pathname==", "path==", "url=="].iter().any(|one| line.contains(one))
}

/// Whether a script answers requests without a router.
fn answers(text: &str) -> bool {
    [".serve(", "createServer(", "new Response(", "Response.json("].iter().any(|one| text.contains(one))
}

/// Whether the last segment of a path is a health word. Parameters make it something else.
pub(crate) fn is_health(path: &str, segments: &[String]) -> bool {
    let path = path.trim_end_matches('/');
    if path.contains([':', '{', '<', '*', ' ', '(', '[', '$']) || path.starts_with("http") {
        return false;
    }
    let mut parts = path.rsplit('/');
    let last = parts.next().unwrap_or_default().trim_end_matches(".json").trim_end_matches(".php");
    segments.iter().any(|segment| segment == last)
}

/// Two parts of a path with one slash between them.
pub(crate) fn joined(prefix: &str, path: &str) -> String {
    let prefix = prefix.trim_matches('/');
    let slash = if path.ends_with('/') && path.len() > 1 { "/" } else { "" };
    let path = path.trim_matches('/');
    match (prefix.is_empty(), path.is_empty()) {
        (true, _) => format!("/{path}{slash}"),
        (false, true) => format!("/{prefix}"),
        (false, false) => format!("/{prefix}/{path}{slash}"),
    }
}

fn route_pattern(language: &str) -> Option<&'static Regex> {
    static SCRIPT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\.(?:get|all|use|head|route|GET)\(\s*["'`](/[\w/.:-]*)["'`]|\burl:\s*["'`](/[\w/.:-]*)["'`]|@Get\(\s*["'`]?([\w/.:-]*)["'`]?\s*\)|\bmethod:\s*["'`]GET["'`]\s*,\s*path:\s*["'`](/[\w/.-]*)["'`]|(?:pathname|path|url)\s*===?\s*["'`](/[\w/.-]+)["'`]"#,
        )
    });
    static PYTHON: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"@\w+(?:\.\w+)*\.(?:get|route|api_route|head)\(\s*(?:path\s*=\s*)?["']([^"'\n]*)["']|self\.path\s*==\s*["'](/[\w/.-]+)["']|\b(?:path|re_path|url|Route|add_api_route|add_url_rule|add_get)\(\s*r?["']([^"'\n]*)["']"#,
        )
    });
    static GO: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\.(?:GET|Get|HandleFunc|Handle|Any|HEAD|Head|Path|Use|Add)\(\s*(?:http\.MethodGet\s*,\s*|"GET"\s*,\s*)?(?:[\w.]+\s*\+\s*)?"((?:GET )?/[^"\n]*)"|URL\.Path\s*==\s*"(/[^"\n]*)""#,
        )
    });
    static RUST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\.(?:route|resource|at|nest_service)\(\s*"(/[^"\n]*)"|#\[(?:get|head)\(\s*"(/[^"\n]*)"|resource\(\s*"(/[^"\n]*)"|path!?\(\s*"([^"\n/]*)"|"(/[\w/-]+)"\s*=>\s*get\("#,
        )
    });
    static RUBY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?m)^\s*(?:get|match|head|r\.(?:get|is))\s*\(?\s*["']/?([\w/.-]+)["']|mount\s+\w[\w:]*.*?=>\s*["'](/[\w/.-]+)["']|at:\s*["'](/[\w/.-]+)["']"#,
        )
    });
    static PHP: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"Route::(?:get|any|view)\(\s*["']([^"'\n]+)["']|\bhealth:\s*["']([^"'\n]+)["']|->(?:get|any|map)\(\s*["'](/[^"'\n]+)["']|#\[Route\(\s*(?:path:\s*)?["']([^"'\n]+)["']"#,
        )
    });
    static JVM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"@(?:GetMapping|RequestMapping|Path|Get)\(\s*(?:value\s*=\s*|path\s*=\s*)?\{?"([^"\n]*)"|\b(?:get|healthcheck)\(\s*"(/[^"\n]*)""#,
        )
    });
    static CSHARP: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\b(?:MapHealthChecks|MapGet|UseHealthChecks)\(\s*"([^"\n]+)"|\[(?:HttpGet|Route)\(\s*"([^"\n]+)""#,
        )
    });
    static ELIXIR: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"(?m)^\s*(?:get|forward|live)\s*\(?\s*"(/[^"\n]*)"|request_path:\s*"(/[^"\n]*)""#)
    });
    // What the smaller languages have in common: a verb and a quoted path. Gleam matches on the parts of a path, Servant writes it
    // as a type.
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\b(?:get|GET|Get|route|Route|any|addRoute|add_route|registerHandler|register_handler|CROW_ROUTE|ADD_METHOD_TO|METHOD_ADD|ENDPOINT|match|handleRequest|plug)\b[^"'\n]{0,40}["'](/?[\w/.-]+)["']|^\s*\[\s*"([\w-]+)"\s*\]\s*->|"([\w-]+)"\s*:>\s*(?:Get|Verb|NoContent)|#\*\s*@get\s+(/[\w/.-]+)"#,
        )
    });
    match language {
        "javascript" | "typescript" => Some(&SCRIPT),
        "python" => Some(&PYTHON),
        "go" => Some(&GO),
        "rust" => Some(&RUST),
        "ruby" => Some(&RUBY),
        "php" => Some(&PHP),
        "java" | "kotlin" | "scala" => Some(&JVM),
        "csharp" | "fsharp" => Some(&CSHARP),
        "elixir" => Some(&ELIXIR),
        "html" | "shell" | "c" | "" => None,
        _ => Some(&OTHERS),
    }
}

/// The prefix that a whole file is under: a Nest or Spring controller, a FastAPI router, a Flask blueprint.
fn file_prefix(language: &str, text: &str) -> String {
    static SCRIPT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"@Controller\(\s*(?:\{\s*path:\s*)?["'`]([^"'`\n]*)["'`]"#));
    static PYTHON: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"(?s)(?:APIRouter|Blueprint|Router)\([^)]*?(?:url_)?prefix\s*=\s*["']([^"'\n]*)["']"#)
    });
    static JVM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"@RequestMapping\(\s*(?:value\s*=\s*|path\s*=\s*)?\{?"([^"\n]*)"[^)]*\)\s*(?:@\w+(?:\([^)]*\))?\s*)*public\s+(?:final\s+)?class"#,
        )
    });
    let pattern = match language {
        "javascript" | "typescript" => &*SCRIPT,
        "python" => &*PYTHON,
        "java" | "kotlin" => &*JVM,
        _ => return String::new(),
    };
    pattern.captures(text).map(|found| found[1].to_owned()).unwrap_or_default()
}

/// The prefix of the router variable on which a route is registered, where the same file makes it.
fn group_prefix(language: &str, text: &str, route: usize) -> Option<String> {
    static ROUTER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?m)^(\w+)\s*(?::\s*\w+\s*)?=\s*(?:\w+\.)*(?:APIRouter|Blueprint|Router)\(([^)]*)\)")
    });
    static ROUTER_PREFIX: LazyLock<Regex> = LazyLock::new(|| pattern(r#"prefix\s*=\s*["']([^"'\n]*)["']"#));
    let line = line_text(text, route);
    if language == "python" {
        let receiver = line.trim_start().strip_prefix('@')?.split('.').next()?;
        let router = ROUTER.captures_iter(text).find(|found| &found[1] == receiver)?;
        return Some(ROUTER_PREFIX.captures(&router[2]).map(|found| found[1].to_owned()).unwrap_or_default());
    }
    nesting::prefix(language, text, route)
}

/// Routers mounted under a prefix.
fn mounts(language: &str, text: &str) -> Vec<Mount> {
    static SCRIPT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\.(?:use|route|register)\(\s*["'`](/[\w/.-]*)["'`]\s*,\s*(?:[\w.]+\([^)]*\)\s*,\s*)*(?:require\(["'`]([^"'`\n]+)["'`]\)|([\w.]+))"#,
        )
    });
    static SCRIPT_PREFIX: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"\.register\(\s*(\w+)\s*,\s*\{\s*prefix:\s*["'`](/[^"'`\n]*)["'`]"#));
    static IMPORT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?:import\s+(?:\*\s+as\s+)?\{?\s*(\w+)\s*\}?\s+from\s+|(?:const|let|var)\s+(\w+)\s*=\s*require\(\s*)["'`]([^"'`\n]+)["'`]"#,
        )
    });
    static GLOBAL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"setGlobalPrefix\(\s*["'`]([^"'`\n]+)["'`](?:\s*,\s*\{\s*exclude:\s*\[([^\]]{0,400})\])?"#)
    });
    static PYTHON: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?:include_router|register_blueprint)\(\s*([\w.]+)\s*((?s:[^)]*))\)"));
    static PYTHON_PREFIX: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?:url_)?prefix\s*=\s*(?:["']([^"'\n]*)["']|(?:\w+\.)*(\w+))"#));
    static PYTHON_IMPORT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?m)^from\s+([\w.]+)\s+import\s+(\w+)(?:\s+as\s+(\w+))?"));
    static DJANGO: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"\b(?:path|url)\(\s*r?["']\^?([^"'\n]*)["']\s*,\s*include\(\s*\(?["']([\w.]+)["']"#)
    });
    static RUST: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"\.nest\(\s*"(/[^"\n]*)"\s*,\s*(?:\w+::)*?(\w+)::\w+\("#));
    static CONSTANT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"(?m)^\s*(\w*(?i:prefix|_str|api_v1)\w*)\s*(?::\s*\w+\s*)?=\s*["'](/[\w/.-]*)["']"#)
    });
    static SCRIPT_WORDS: LazyLock<Regex> =
        LazyLock::new(|| words(&[".use(", ".route(", ".register(", "setGlobalPrefix("]));
    static CONSTANT_WORDS: LazyLock<Regex> =
        LazyLock::new(|| words(&["prefix", "Prefix", "PREFIX", "_str", "_STR", "api_v1", "API_V1"]));
    let mut mounts = Vec::new();
    match language {
        "javascript" | "typescript" if !SCRIPT_WORDS.is_match(text) => {}
        "javascript" | "typescript" => {
            let module_of = |name: &str| {
                let name = name.split('.').next().unwrap_or(name);
                IMPORT
                    .captures_iter(text)
                    .find(|found| {
                        found.get(1).or_else(|| found.get(2)).is_some_and(|local| local.as_str() == name)
                    })
                    .map_or_else(|| name.to_owned(), |found| found[3].to_owned())
            };
            for found in SCRIPT.captures_iter(text) {
                let module = found.get(2).map(|path| path.as_str().to_owned());
                let module =
                    module.unwrap_or_else(|| module_of(found.get(3).map_or("", |name| name.as_str())));
                mounts.push(Mount { prefix: found[1].to_owned(), module: stem(&module) });
            }
            for found in SCRIPT_PREFIX.captures_iter(text) {
                mounts.push(Mount { prefix: found[2].to_owned(), module: stem(&module_of(&found[1])) });
            }
            if let Some(found) = GLOBAL.captures(text) {
                mounts.push(Mount { prefix: found[1].to_owned(), module: "*".to_owned() });
                let excluded = found.get(2).map_or("", |list| list.as_str());
                let quoted = excluded.split(['"', '\'', '`']).skip(1).step_by(2);
                mounts.extend(
                    quoted.map(|path| Mount { prefix: path.to_owned(), module: EXCLUDED.to_owned() }),
                );
            }
        }
        "python" => {
            for found in PYTHON.captures_iter(text) {
                let Some(prefix) = PYTHON_PREFIX.captures(&found[2]) else { continue };
                // A prefix that is a constant elsewhere is kept as `=NAME` until all files are known.
                let written = prefix.get(1).map(|p| p.as_str().to_owned());
                let prefix = written.unwrap_or_else(|| format!("={}", &prefix[2]));
                let target = &found[1];
                let first = target.split('.').next().unwrap_or(target);
                let imported = PYTHON_IMPORT.captures_iter(text).find(|line| {
                    line.get(3).unwrap_or_else(|| line.get(2).expect("group 2 always matches")).as_str()
                        == first
                });
                // `include_router(users.router)` names the module itself, `include_router(router)` where it comes from.
                let module = match &imported {
                    Some(line) if !target.contains('.') => {
                        line[1].rsplit('.').next().unwrap_or_default().to_owned()
                    }
                    _ => first.to_owned(),
                };
                mounts.push(Mount { prefix, module });
            }
            for found in DJANGO.captures_iter(text) {
                let module =
                    found[2].trim_end_matches(".urls").rsplit('.').next().unwrap_or_default().to_owned();
                mounts.push(Mount { prefix: found[1].to_owned(), module });
            }
            let constants =
                CONSTANT_WORDS.is_match(text) && ["\"/", "'/"].iter().any(|path| text.contains(path));
            for found in constants.then(|| CONSTANT.captures_iter(text)).into_iter().flatten() {
                mounts.push(Mount { prefix: found[2].to_owned(), module: format!("={}", &found[1]) });
            }
        }
        "rust" if text.contains(".nest(") => {
            for found in RUST.captures_iter(text) {
                mounts.push(Mount { prefix: found[1].to_owned(), module: found[2].to_owned() });
            }
        }
        _ => {}
    }
    mounts
}

/// Last part of a module path without its ending; the folder's name for an index file.
fn stem(module: &str) -> String {
    let module = module.trim_end_matches(".js").trim_end_matches(".ts").trim_end_matches("/index");
    module.rsplit('/').next().unwrap_or(module).to_owned()
}

/// The route that a file's place gives it: Next, Nuxt, SvelteKit, Remix, Astro, TanStack.
fn file_route(path: &str, segments: &[String]) -> Option<Route> {
    let (folder, name) = path.rsplit_once('/')?;
    let (stem, ending) = name.split_once('.')?;
    let below = |marker: &str| {
        let start = if folder == marker.trim_end_matches('/') {
            Some("")
        } else {
            folder
                .strip_prefix(marker)
                .or_else(|| folder.split_once(&format!("/{marker}")).map(|(_, rest)| rest))
        };
        start.map(|rest| {
            rest.split('/')
                .filter(|part| !part.is_empty() && !part.starts_with('('))
                .collect::<Vec<_>>()
                .join("/")
        })
    };
    let script = matches!(ending.rsplit('.').next(), Some("ts" | "js" | "tsx" | "jsx" | "mjs"));
    if !script {
        return None;
    }
    let route = match stem {
        "route" => below("app/")?,
        "+server" => below("routes/")?,
        _ => {
            if let Some(rest) = below("pages/api/") {
                joined(&format!("api/{rest}"), if stem == "index" { "" } else { stem })
            } else if let Some(rest) = below("server/api/") {
                joined(&format!("api/{rest}"), if stem == "index" { "" } else { stem })
            } else if let Some(rest) = below("server/routes/") {
                joined(&rest, if stem == "index" { "" } else { stem })
            } else if let Some(rest) = below("app/routes/") {
                // Remix writes `/` as `.` in a file's name, escapes in brackets, and ends folders of flat routes in `+`.
                let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
                let flat = stem.replace(['[', ']', '_'], "").replace('.', "/");
                joined(&rest.replace('+', ""), flat.trim_end_matches("/route"))
            } else if let Some(rest) = below("pages/").filter(|_| ending == "ts" || ending == "js") {
                joined(&rest, if stem == "index" { "" } else { stem })
            } else {
                return None;
            }
        }
    };
    let path = joined("", &route);
    is_health(&path, segments).then(|| Route {
        path,
        line: 1,
        seen: "the file's place is its route".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::read;

    fn first(language: &str, path: &str, text: &str) -> Option<String> {
        let segments =
            ["health".to_owned(), "healthz".to_owned(), "up".to_owned(), "health-check".to_owned()];
        let segments = super::Segments { all: &segments, words: None };
        read(language, path, text, segments).0.first().map(|route| route.path.clone())
    }

    #[test]
    fn routes_in_code() {
        assert_eq!(first("javascript", "a.js", "app.get('/health', f)").as_deref(), Some("/health"));
        assert_eq!(
            first("typescript", "a.ts", "@Controller('health')\nclass H {\n @Get()\n").as_deref(),
            Some("/health")
        );
        assert_eq!(
            first("python", "a.py", "r = APIRouter(prefix=\"/utils\")\n@r.get(\"/health-check/\")")
                .as_deref(),
            Some("/utils/health-check/")
        );
        assert_eq!(
            first("go", "a.go", "api := r.Group(\"/api\")\napi.GET(\"/health\", h)").as_deref(),
            Some("/api/health")
        );
        assert_eq!(
            first("go", "a.go", "v1 := api.Group(\"/v1\")\napi := r.Group(\"/api\")\nv1.GET(\"/health\", h)")
                .as_deref(),
            Some("/api/v1/health")
        );
        assert_eq!(first("rust", "a.rs", ".route(\"/healthz\", get(h))").as_deref(), Some("/healthz"));
        assert_eq!(first("ruby", "a.rb", "  get \"up\" => \"rails/health#show\"").as_deref(), Some("/up"));
        assert_eq!(first("php", "a.php", "health: '/up',").as_deref(), Some("/up"));
        assert_eq!(first("javascript", "a.js", "app.get('/users/:id/health', f)"), None);
        assert_eq!(first("go", "a.go", "r.HandleFunc(baseUrl+\"/healthz\", h)").as_deref(), Some("/healthz"));
        assert_eq!(
            first("javascript", "a.js", "http.createServer((q, s) => { if (q.url === '/healthz') s.end() })")
                .as_deref(),
            Some("/healthz")
        );
        assert_eq!(first("javascript", "a.js", "if (location.pathname === '/health') show()"), None);
        assert_eq!(
            first("kotlin", "a.kt", "install(Cohort) { healthcheck(\"/health\", m) }").as_deref(),
            Some("/health")
        );
    }

    #[test]
    fn routes_by_place() {
        assert_eq!(
            first("typescript", "src/app/api/(x)/health/route.ts", "").as_deref(),
            Some("/api/health")
        );
        assert_eq!(first("typescript", "pages/api/health.ts", "").as_deref(), Some("/api/health"));
        assert_eq!(first("typescript", "server/api/health.get.ts", "").as_deref(), Some("/api/health"));
        assert_eq!(first("typescript", "src/routes/healthz/+server.ts", "").as_deref(), Some("/healthz"));
    }
}
