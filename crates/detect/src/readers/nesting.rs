//! A route in Go, Rust or Elixir code → the prefix of the groups, scopes and routers around it in the same file.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;
use super::routes::joined;
use crate::text::line_text;

/// Nested groups deeper than this are a circle.
const DEEPEST: usize = 6;
/// No more groups than this are looked at around one route.
const MOST: usize = 200;

/// Whether prefixes of a language are found here.
pub(super) fn speaks(language: &str) -> bool {
    matches!(language, "go" | "rust" | "elixir")
}

/// The prefix of a route that stands at `route`.
pub(super) fn prefix(language: &str, text: &str, route: usize) -> Option<String> {
    match language {
        "go" => Some(go(text, route)),
        "rust" => Some(rust(text, route)),
        "elixir" => Some(elixir(text, route)),
        _ => None,
    }
}

/// Groups held in a variable (`api := r.Group("/api")`), and those whose routes stand in a function (`r.Route("/api", func(…`).
fn go(text: &str, route: usize) -> String {
    static GROUP: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(\w+)\s*:?=\s*(\w+)(?:\.\w+)*?(?:\.\w+\(\))?\.(?:Group|Party|PathPrefix|Route)\(\s*"([^"\n]*)""#,
        )
    });
    static BLOCK: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"\.(?:Route|PartyFunc|Group)\(\s*"([^"\n]*)"\s*,\s*func\([^)]*\)"#));
    let line = line_text(text, route).trim_start();
    let mut receiver = line.split(['.', ' ', '(']).next().unwrap_or_default().to_owned();
    let groups: Vec<(String, String, String)> = GROUP
        .captures_iter(text)
        .take(MOST)
        .map(|found| (found[1].to_owned(), found[2].to_owned(), found[3].to_owned()))
        .collect();
    let mut prefix = String::new();
    for _ in 0..DEEPEST {
        let Some((_, parent, own)) = groups.iter().find(|(name, _, _)| *name == receiver) else { break };
        prefix = joined(own, &prefix);
        if *parent == receiver {
            break;
        }
        receiver.clone_from(parent);
    }
    joined(&around(text, &BLOCK, route), &prefix)
}

/// Routers nested in the same expression or by the name of a variable or function, and Actix scopes.
fn rust(text: &str, route: usize) -> String {
    static NEST: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?:\.nest\(\s*"([^"\n]*)"\s*,|\bscope\(\s*"([^"\n]*)"\s*\))"#));
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"\.nest\(\s*"([^"\n]*)"\s*,\s*(?:\w+::)*(\w+)|\.mount\(\s*"([^"\n]*)"\s*,\s*routes!\[([^\]]*)\]"#,
        )
    });
    static SCOPE: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\bscope\(\s*"([^"\n]*)"\s*\)"#));
    static OWNER: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bfn (\w+)|\blet (?:mut )?(\w+)[^=\n]*="));
    let line = line_text(text, route).trim_start();
    // An attribute stands before the function that answers; where that function is registered decides.
    if line.starts_with("#[") {
        let handler = OWNER.captures(&text[route..]).and_then(|found| found.get(1).map(|name| name.as_str()));
        let Some(handler) = handler else { return String::new() };
        let mounted = NAMED.captures_iter(text).take(MOST).find(|found| {
            found.get(4).is_some_and(|list| {
                list.as_str().split(',').any(|one| one.trim().rsplit("::").next() == Some(handler))
            })
        });
        if let Some(found) = mounted {
            return found.get(3).map_or_else(String::new, |prefix| joined("", prefix.as_str()));
        }
        let registered = [format!("service({handler})"), format!("::{handler})")];
        let place = registered.iter().find_map(|call| text.find(call.as_str()));
        return place.map_or_else(String::new, |place| around(text, &SCOPE, place));
    }
    let mut prefix = around(text, &NEST, route);
    let mut place = route;
    for _ in 0..DEEPEST {
        let owners = OWNER.captures_iter(&text[..place]).last();
        let Some(owner) = owners.and_then(|found| found.get(1).or_else(|| found.get(2))) else { break };
        let nested = NAMED
            .captures_iter(text)
            .take(MOST)
            .find(|found| found.get(2).is_some_and(|name| name.as_str() == owner.as_str()));
        let Some(found) = nested else { break };
        let Some(own) = found.get(1) else { break };
        prefix = joined(own.as_str(), &prefix);
        if own.start() == place {
            break;
        }
        place = own.start();
    }
    prefix
}

/// Phoenix scopes, by how far their lines are indented.
fn elixir(text: &str, route: usize) -> String {
    static SCOPE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"^\s*(?:scope|forward)\s*\(?\s*(?:path:\s*)?"([^"\n]*)"[^\n]*\bdo\b"#));
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut nearest = indent(line_text(text, route));
    let mut prefix = String::new();
    for line in text[..route].lines().rev().skip(1) {
        if nearest == 0 {
            break;
        }
        if line.trim().is_empty() || indent(line) >= nearest {
            continue;
        }
        nearest = indent(line);
        if let Some(found) = SCOPE.captures(line) {
            prefix = joined(&found[1], &prefix);
        }
    }
    prefix
}

/// The prefixes of all groups in whose brackets a place stands, the outermost first.
fn around(text: &str, group: &Regex, place: usize) -> String {
    let mut prefix = String::new();
    for found in group.captures_iter(text).take(MOST) {
        let Some(whole) = found.get(0) else { continue };
        if whole.end() > place {
            break;
        }
        let own = found.iter().skip(1).flatten().next().map_or("", |own| own.as_str());
        if holds(&text[whole.end()..place]) {
            prefix = joined(&prefix, own);
        }
    }
    prefix
}

/// Whether no bracket that was open before a text is closed in it. The function's own opening bracket counts as open.
fn holds(between: &str) -> bool {
    let mut depth = 0_i32;
    for c in between.chars() {
        match c {
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::prefix;

    fn of(language: &str, text: &str, route: &str) -> String {
        prefix(language, text, text.find(route).expect("the route is there"))
            .expect("a language that is known")
    }

    #[test]
    fn groups_of_go() {
        let chi = "r.Route(\"/api\", func(r chi.Router) {\n r.Use(x)\n r.Route(\"/v1\", func(r chi.Router) {\n  r.Get(\"/users\", u)\n  r.Get(\"/health\", h)\n })\n})\nr.Get(\"/live\", l)\n";
        assert_eq!(of("go", chi, "/health"), "/api/v1");
        assert_eq!(of("go", chi, "/live"), "/");
        let gin = "api := r.Group(\"/api\")\nv1 := api.Group(\"/v1\")\nv1.GET(\"/health\", h)\n";
        assert_eq!(of("go", gin, "/health"), "/api/v1");
    }

    #[test]
    fn routers_of_rust() {
        let inline =
            "Router::new().nest(\"/api\", Router::new().route(\"/health\", get(h))).route(\"/live\", get(l))";
        assert_eq!(of("rust", inline, "/health"), "/api");
        assert_eq!(of("rust", inline, "/live"), "");
        let named = "fn app() -> Router { Router::new().nest(\"/api\", routes()) }\nfn routes() -> Router {\n Router::new().route(\"/health\", get(h))\n}";
        assert_eq!(of("rust", named, "/health"), "/api");
        let actix = "#[get(\"/health\")]\nasync fn health() {}\nApp::new().service(web::scope(\"/api\").service(health)).service(other)";
        assert_eq!(of("rust", actix, "/health"), "/api");
        let rocket =
            "#[get(\"/health\")]\nfn health() {}\nrocket::build().mount(\"/api\", routes![index, health])";
        assert_eq!(of("rust", rocket, "/health"), "/api");
    }

    #[test]
    fn scopes_of_phoenix() {
        let text = "  scope \"/\", Web do\n    get \"/a\", A, :a\n  end\n\n  scope \"/api\", Web do\n    pipe_through :api\n    scope \"/v1\" do\n      get \"/health\", H, :i\n    end\n  end\n";
        assert_eq!(of("elixir", text, "/health"), "/api/v1");
    }
}
