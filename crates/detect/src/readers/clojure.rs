//! `project.clj`, `deps.edn` → [`Manifest`].

use std::sync::LazyLock;

use regex::{Captures, Regex};
use siteplan_catalog::signals::Ecosystem;

use super::manifest::{MOST_STATEMENTS, Manifest, Scope, Script};
use super::pattern::pattern;
use crate::text::{line_at, one_line};

/// Reads a Leiningen project.
pub(crate) fn read_project(text: &str) -> Manifest {
    static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\(defproject\s+([\w./-]+)\s+"([^"]+)""#));
    static DEPENDENCY: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\[([A-Za-z][\w.*+!?/-]*)\s+"([^"]+)""#));
    static MAIN: LazyLock<Regex> = LazyLock::new(|| pattern(r":main\s+(?:\^\S+\s+)?([\w.$-]+)"));
    static UBERJAR: LazyLock<Regex> = LazyLock::new(|| pattern(r#":uberjar-name\s+"([^"]+)""#));
    static TARGET: LazyLock<Regex> = LazyLock::new(|| pattern(r#":target-path\s+"([^"]+)""#));
    static PORT: LazyLock<Regex> = LazyLock::new(|| pattern(r":ring\s+\{[^}]*:port\s+(\d{2,5})"));
    let mut manifest = Manifest::new(Ecosystem::Maven);
    let line = |found: &Captures<'_>| found.get(0).map(|whole| line_at(text, whole.start()));
    if let Some(found) = NAME.captures(text) {
        let name = found[1].rsplit('/').next().unwrap_or_default().to_owned();
        manifest.name = Some((name, line(&found)));
        manifest.build.version = Some(found[2].to_owned());
    }
    // The project's own lists stand before those of its profiles.
    let profiles = text.find(":profiles").unwrap_or(text.len());
    let own = |key: &str| {
        let start = text.find(key)?;
        (start < profiles).then(|| start..closing(text, start))
    };
    let (dependencies, plugins) = (own(":dependencies"), own(":plugins"));
    for found in DEPENDENCY.captures_iter(text).take(MOST_STATEMENTS) {
        let place = found.get(0).map_or(0, |whole| whole.start());
        let within = |range: &Option<std::ops::Range<usize>>| {
            range.as_ref().is_some_and(|range| range.contains(&place))
        };
        if within(&plugins) {
            manifest.depend(
                &format!("{}:plugin", &found[1]),
                Some(&found[2]),
                Scope::Production,
                line(&found),
            );
        } else {
            let scope = if within(&dependencies) { Scope::Production } else { Scope::Development };
            depend(&mut manifest, &found[1], &found[2], scope, line(&found));
        }
    }
    manifest.build.main = MAIN.captures(text).map(|found| found[1].to_owned());
    manifest.build.product = UBERJAR.captures(text).map(|found| found[1].to_owned());
    if let Some(found) = TARGET.captures(text) {
        manifest.build.properties.insert("target-path".to_owned(), found[1].to_owned());
    }
    if let Some(found) = PORT.captures(text) {
        let port = found[1].parse().ok();
        manifest
            .build
            .ports
            .extend(port.map(|port| (port, line(&found).unwrap_or(1), format!(":port {port}"))));
    }
    manifest
}

/// Reads a `deps.edn`: aliases that start something become scripts.
pub(crate) fn read_deps(text: &str) -> Manifest {
    static DEPENDENCY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"([A-Za-z][\w.*+!?/-]*)\s*\{\s*:(?:mvn/version|git/tag|git/url|git/sha|local/root)\s+"([^"]*)""#,
        )
    });
    static ALIAS: LazyLock<Regex> = LazyLock::new(|| pattern(r":([\w/-]+)\s*(?:;[^\n]*\s*)*\{"));
    let mut manifest = Manifest::new(Ecosystem::Maven);
    let line = |at: usize| Some(line_at(text, at));
    let aliases = text.find(":aliases").map(|start| start..closing(text, start));
    for found in DEPENDENCY.captures_iter(text).take(MOST_STATEMENTS) {
        let place = found.get(0).map_or(0, |whole| whole.start());
        let optional = aliases.as_ref().is_some_and(|range| range.contains(&place));
        let scope = if optional { Scope::Development } else { Scope::Production };
        if found[0].contains(":local/root") {
            manifest.build.uses.push(found[2].to_owned());
        }
        depend(&mut manifest, &found[1], &found[2], scope, line(place));
    }
    if let Some(range) = aliases {
        for found in ALIAS.captures_iter(&text[range.clone()]).skip(1).take(100) {
            let Some(whole) = found.get(0) else { continue };
            let start = range.start + whole.end() - 1;
            let body = one_line(&text[start..closing(text, start)]);
            let starts =
                body.contains(":main-opts") || body.contains(":exec-fn") || body.contains(":ns-default");
            if starts && !manifest.scripts.contains_key(&found[1]) {
                let script = Script { text: body, line: line(range.start + whole.start()) };
                manifest.scripts.insert(found[1].to_owned(), script);
            }
        }
    }
    manifest
}

/// Coordinates as Maven writes them; a name without a group is its own group.
fn depend(manifest: &mut Manifest, name: &str, version: &str, scope: Scope, line: Option<u32>) {
    let (group, artifact) = name.split_once('/').unwrap_or((name, name));
    if group == "org.clojure" && artifact == "clojure" {
        manifest.pin("clojure", version, line);
    }
    let numbered = version.starts_with(|c: char| c.is_ascii_digit() || c == 'v');
    let version = Some(version).filter(|_| numbered);
    manifest.depend(&format!("{group}:{artifact}"), version, scope, line);
}

/// Where the first bracket after `from` closes; strings and comments are stepped over.
fn closing(text: &str, from: usize) -> usize {
    let mut depth = 0_usize;
    let mut quoted = false;
    let mut escaped = false;
    let mut comment = false;
    for (at, byte) in text.bytes().enumerate().skip(from) {
        match byte {
            _ if escaped => escaped = false,
            b'\n' => comment = false,
            _ if comment => {}
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b';' => comment = true,
            b'[' | b'{' | b'(' => depth += 1,
            b']' | b'}' | b')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{read_deps, read_project};
    use crate::readers::manifest::Scope;

    #[test]
    fn leiningen_tells_its_own_dependencies_from_those_of_profiles() {
        let text = "(defproject acme/shop \"0.1.0\"\n  :dependencies [[org.clojure/clojure \"1.11.1\"]\n                 [ring/ring-core \"1.9.5\"]\n                 [hiccup \"1.0\"]]\n  :plugins [[lein-ring \"0.12.5\"]]\n  :main ^:skip-aot shop.core\n  :profiles {:dev {:dependencies [[ring/ring-mock \"0.4.0\"]]}\n             :uberjar {:uberjar-name \"shop.jar\"}})\n";
        let manifest = read_project(text);
        assert_eq!(manifest.name.as_ref().expect("named").0, "shop");
        let of = |name: &str| manifest.dependencies.iter().find(|one| one.name == name).map(|one| one.scope);
        assert_eq!(of("ring:ring-core"), Some(Scope::Production));
        assert_eq!(of("hiccup:hiccup"), Some(Scope::Production));
        assert_eq!(of("lein-ring:plugin"), Some(Scope::Production));
        assert_eq!(of("ring:ring-mock"), Some(Scope::Development));
        assert_eq!(manifest.build.main.as_deref(), Some("shop.core"));
        assert_eq!(manifest.build.product.as_deref(), Some("shop.jar"));
        assert_eq!(manifest.pins[0].version, "1.11.1");
    }

    #[test]
    fn aliases_of_deps_are_scripts() {
        let text = "{:deps {ring/ring-core {:mvn/version \"1.12.1\"}}\n :aliases {:run {:main-opts [\"-m\" \"shop.core\"]}\n  :build {:deps {io.github.clojure/tools.build {:git/tag \"v0.9.2\"}} :ns-default build}}}";
        let manifest = read_deps(text);
        assert_eq!(manifest.dependencies[0].scope, Scope::Production);
        assert_eq!(manifest.dependencies[1].scope, Scope::Development);
        assert_eq!(manifest.scripts.keys().collect::<Vec<_>>(), ["build", "run"]);
    }
}
