//! A source file → ports of servers on the JVM and .NET and in rarer calls of others, and what names that are listened on stand for, in any language.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;
use super::source::Listening;
use crate::text::{line_at, line_text};

/// No more names are followed in one file.
const MOST_NAMES: usize = 8;

/// What a file listens on beyond plain numbers in calls.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) ports: Vec<Listening>,
    /// Variables of the environment.
    pub(super) variables: Vec<String>,
}

/// Finds them.
pub(super) fn read(language: &str, text: &str) -> Named {
    let mut named = Named { ports: compiled(language, text), variables: Vec::new() };
    for argument in arguments(language, text) {
        if let Some(variable) = variable(argument) {
            named.variables.push(variable.to_owned());
        } else if argument.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            follow(argument, text, &mut named);
        }
    }
    named
}

/// The variable of the environment that an expression reads.
fn variable(expression: &str) -> Option<&str> {
    static READ: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?:process\.env\.|env\.|(?:environ(?:\.get)?|getenv|Getenv|GetEnvironmentVariable)[(\[]\s*["'])(\w+)"#,
        )
    });
    READ.captures(expression).and_then(|found| found.get(1)).map(|name| name.as_str())
}

/// What stands for the port in calls that listen.
fn arguments<'t>(language: &str, text: &'t str) -> Vec<&'t str> {
    static SCRIPT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\.listen\(\s*(?:\{\s*port:\s*)?([A-Za-z_][\w.\x22'\[\]]*)"));
    static PYTHON: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\.run\([^)\n]*\bport\s*=\s*(?:int\()?([A-Za-z_][\w.]*)"));
    let pattern = match language {
        "javascript" | "typescript" if text.contains(".listen(") => &*SCRIPT,
        "python" if text.contains(".run(") => &*PYTHON,
        _ => return Vec::new(),
    };
    pattern
        .captures_iter(text)
        .filter_map(|found| found.get(1))
        .map(|one| one.as_str())
        .take(MOST_NAMES)
        .collect()
}

/// The number or variable that a name is given.
fn follow(name: &str, text: &str, named: &mut Named) {
    for (place, _) in text.match_indices(name).take(50) {
        let line = line_text(text, place);
        let before = line.split(name).next().unwrap_or_default();
        let after = &text[place + name.len()..];
        let Some(value) = after
            .trim_start()
            .strip_prefix(['=', ':'])
            .map(|rest| rest.split('\n').next().unwrap_or_default())
        else {
            continue;
        };
        let begins = before.trim_end().is_empty()
            || ["const", "let", "var", "export", "static"]
                .contains(&before.split_whitespace().next_back().unwrap_or_default());
        if !begins || value.starts_with('=') {
            continue;
        }
        named.variables.extend(variable(value).map(str::to_owned));
        let last = value.trim_end_matches([';', ' ', ')', '\r', '"', '\'']);
        let digits = last.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        if let Some(port) = digits.parse().ok().filter(|port| *port >= 80) {
            named.ports.push(Listening {
                port,
                line: line_at(text, place),
                seen: format!("listens on {}", line.trim()),
            });
        }
        return;
    }
}

/// Ports in the calls by which servers on the JVM and .NET are made.
fn compiled(language: &str, text: &str) -> Vec<Listening> {
    static JVM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\.(?:listen|rxListen|bindHttp|setPort|withPort|start)\(\s*(?:port")?(\d{2,5})\b|\bport\(\s*(\d{2,5})\s*\)|\b(?:Netty|Jetty|SunHttp|Undertow|KtorCIO|KtorNetty|ApacheServer|Helidon|JettyLoom|SunHttpLoom)\(\s*(\d{2,5})\s*\)|\bembeddedServer\(\s*\w+\s*,\s*(?:port\s*=\s*)?(\d{2,5})|\bnew Server\(\s*(\d{2,5})|(?:newServerAt|bindAndHandle)\([^\n]*?,\s*(\d{2,5})\b|defaultWithPort\(\s*(\d{2,5})|defaultHttpPort[^\n]*":(\d{2,5})"|InetSocketAddress\((?:[^(),\n]*,\s*)?(\d{2,5})\)|(?i:"(?:[\w.]*port)")\s*,\s*"?(\d{4,5})\b|(?:getenv|env\.get|envOrElse|getOrDefault)\w*\(\s*"PORT"[^\n]{0,60}?"?(\d{4,5})\b|serverPort\s*=\s*(\d{4,5})\b"#,
        )
    });
    static CLOJURE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#":(?:http-)?port\s+(\d{2,5})\b|"PORT"\)?\s+"?(\d{4,5})\b|:port\b[^\n]{0,60}?"(\d{4,5})"|::http/port\s+(\d{2,5})\b"#,
        )
    });
    static DOTNET: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?:UseUrls|\.Run|RunAsync|\burl|Urls\.Add|run_url)\s*\(?\s*\(?\s*"https?://[^":\n]*:(\d{2,5})|ListenAnyIP\(\s*(\d{2,5})|ListenLocalhost\(\s*(\d{2,5})|\.Listen\([^,\n]*,\s*(\d{2,5})|"PORT"\)?\s*(?:\?\?|,)\s*"?(\d{2,5})|HttpBinding\.create\w*\s+HTTP\s+\S+\s+(\d{2,5})"#,
        )
    });
    static GO: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\.(?:ListenAndServe(?:TLS)?|Listen)\(\s*(\d{2,5})\s*\)"));
    static PYTHON: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bdefault_port\s*=\s*[\x22']?(\d{2,5})\b"));
    let mentions = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let pattern = match language {
        "java" | "kotlin" | "scala" | "groovy"
            if mentions(&["ort", "isten", "erver", "Socket", "start(", "Netty", "Jetty"]) =>
        {
            &*JVM
        }
        "go" if mentions(&["Listen"]) => &*GO,
        "python" if mentions(&["default_port"]) => &*PYTHON,
        "clojure" if mentions(&["port", "PORT"]) => &*CLOJURE,
        "csharp" | "fsharp" | "vb" if mentions(&["://", "Listen", "PORT", "HttpBinding"]) => &*DOTNET,
        _ => return Vec::new(),
    };
    pattern
        .captures_iter(text)
        .take(20)
        .filter_map(|found| {
            let number = found.iter().skip(1).flatten().next()?;
            let line = line_text(text, number.start());
            let comment = ["//", "*", ";", "#"].iter().any(|mark| line.trim_start().starts_with(mark));
            let port: u16 = number.as_str().parse().ok().filter(|port| *port >= 80 && !comment)?;
            Some(Listening { port, line: line_at(text, number.start()), seen: line.to_owned() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::read;

    fn ports(language: &str, text: &str) -> Vec<u16> {
        read(language, text).ports.iter().map(|one| one.port).collect()
    }

    #[test]
    fn servers_of_compiled_languages() {
        assert_eq!(ports("java", ".rxListen(config().getInteger(\"http.port\", 8081))"), [8081]);
        assert_eq!(ports("java", "var app = Javalin.create().start(7071);"), [7071]);
        assert_eq!(ports("kotlin", "embeddedServer(Netty, port = 8082) {"), [8082]);
        assert_eq!(ports("kotlin", "app.asServer(Undertow(9001)).start()"), [9001]);
        assert_eq!(ports("scala", "Http().newServerAt(\"0.0.0.0\", 8083).bind(routes)"), [8083]);
        assert_eq!(ports("scala", ".withPort(port\"8084\")"), [8084]);
        assert_eq!(ports("clojure", "(run-jetty app {:port 3001})"), [3001]);
        assert_eq!(ports("csharp", "app.Run(\"http://0.0.0.0:5001\");"), [5001]);
        assert_eq!(ports("fsharp", "url \"http://0.0.0.0:8085/\""), [8085]);
        assert!(ports("java", "// server.listen(8080)").is_empty());
    }

    #[test]
    fn a_name_stands_for_its_number_or_variable() {
        assert_eq!(ports("javascript", "var WEB = process.env.WEB || 8080;\napp.listen(WEB, f)"), [8080]);
        assert_eq!(read("javascript", "app.listen(process.env.WEB, f)").variables, ["WEB"]);
        assert_eq!(ports("python", "PORT = 3001\napp.run(port=PORT)"), [3001]);
        assert!(ports("python", "app.run(port=\"wrong\")").is_empty());
    }
}
