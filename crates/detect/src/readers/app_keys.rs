//! A configuration file in YAML, properties, HOCON, EDN, JSON or XML → its plain values, each under its whole key.

use std::sync::LazyLock;

use regex::Regex;

use super::app_config::Key;
use super::pattern::pattern;
use crate::text::line_at;
use crate::tree::has_ending;

/// No more keys are kept of one file.
const MOST_KEYS: usize = 2000;

/// The plain values of a file, by its ending.
pub(super) fn read(path: &str, text: &str) -> Vec<Key> {
    let lower = path.to_ascii_lowercase();
    let mut keys = if has_ending(&lower, &["properties"]) {
        properties(text)
    } else if has_ending(&lower, &["conf", "ini", "toml"]) {
        braces(text)
    } else if has_ending(&lower, &["json"]) {
        json(text)
    } else if has_ending(&lower, &["xml"]) {
        attributes(text)
    } else if has_ending(&lower, &["edn"]) {
        edn(text)
    } else {
        indented(text)
    };
    keys.truncate(MOST_KEYS);
    keys
}

fn key(path: impl Iterator<Item = String>, value: &str, line: u32) -> Key {
    let path = path.flat_map(|part| part.split('.').map(str::to_owned).collect::<Vec<_>>()).collect();
    Key { path, value: value.to_owned(), line, profile: None }
}

fn unquoted(value: &str) -> &str {
    value.trim().trim_end_matches(',').trim().trim_matches(['"', '\''])
}

/// YAML by indentation: enough for a configuration, and with its lines. A later document belongs to the profile that it names.
fn indented(text: &str) -> Vec<Key> {
    let mut open: Vec<(usize, String)> = Vec::new();
    let mut found: Vec<Key> = Vec::new();
    let mut document = 0;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_end() == "---" {
            open.clear();
            name_profile(&mut found[document..]);
            document = found.len();
        }
        let body = line.trim_start();
        let listed = body.strip_prefix("- ").map(str::trim_start);
        let body = listed.unwrap_or(body);
        let Some((key, value)) = body.split_once(':') else { continue };
        let key = key.trim_matches(['"', '\'']);
        let plain = !key.is_empty()
            && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '%'));
        if !plain {
            continue;
        }
        let indent = line.len() - body.len();
        while open.last().is_some_and(|(above, _)| *above >= indent) {
            open.pop();
        }
        open.push((indent, key.to_owned()));
        let value = value.trim().split(" #").next().unwrap_or_default().trim();
        if !value.is_empty() && !value.starts_with('#') {
            found.push(self::key(open.iter().map(|(_, key)| key.clone()), unquoted(value), number));
        }
    }
    name_profile(&mut found[document..]);
    found
}

/// Keys of one document all belong to the profile that one of them names.
fn name_profile(keys: &mut [Key]) {
    let profile = keys.iter().find_map(|key| {
        let whole = key.path.join(".");
        matches!(whole.as_str(), "spring.profiles" | "spring.config.activate.on-profile")
            .then(|| key.value.clone())
    });
    for key in keys.iter_mut() {
        key.profile.clone_from(&profile);
    }
}

/// `a.b.c=value`; Quarkus writes `%prod.` before what is for one profile.
fn properties(text: &str) -> Vec<Key> {
    let mut found: Vec<Key> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.starts_with(['#', '!']) {
            continue;
        }
        let Some(at) = line.find(['=', ':']) else { continue };
        let (name, value) = (line[..at].trim(), line[at + 1..].trim());
        let (profile, name) = match name.strip_prefix('%').and_then(|rest| rest.split_once('.')) {
            Some((profile, name)) => (Some(profile.to_owned()), name),
            None => (None, name),
        };
        let mut key = key(std::iter::once(name.to_owned()), value, number);
        key.profile = profile;
        found.push(key);
    }
    found
}

/// HOCON and the like: `a.b = c`, `a { b = c }`, an INI file's sections as the first part.
fn braces(text: &str) -> Vec<Key> {
    let mut open: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.split("//").next().unwrap_or_default().trim();
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let section = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let plain = |one: &&str| {
            !one.is_empty() && one.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
        };
        if let Some(section) = section.filter(plain) {
            open = vec![section.to_owned()];
            continue;
        }
        let mut rest = line;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, after) = rest.split_at(at);
            if after.starts_with('{') && !before.ends_with('$') {
                open.push(before.trim().trim_end_matches(['=', ':']).trim().trim_matches('"').to_owned());
            } else if after.starts_with('{') {
                break;
            } else {
                found.extend(assignment(&open, before, number));
                open.pop();
            }
            rest = &after[1..];
        }
        found.extend(assignment(&open, rest, number));
    }
    found
}

fn assignment(open: &[String], text: &str, line: u32) -> Option<Key> {
    let at = text.find(['=', ':'])?;
    let (name, value) = (text[..at].trim().trim_matches('"'), text[at + 1..].trim());
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    (plain && !value.is_empty() && open.len() < 20)
        .then(|| key(open.iter().cloned().chain([name.to_owned()]), unquoted(value), line))
}

/// JSON as it is usually laid out, one field on a line.
fn json(text: &str) -> Vec<Key> {
    static FIELD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#""([\w.:/*-]+)"\s*:\s*(?:"([^"\n]*)"|(\d+|true|false))|"([\w.:/*-]+)"\s*:\s*\{|(\})"#)
    });
    let mut open: Vec<String> = Vec::new();
    let mut found = Vec::new();
    let mut at = (0, 1);
    for one in FIELD.captures_iter(text).take(MOST_KEYS * 4) {
        let place = one.get(0).map_or(0, |whole| whole.start());
        at = (place, at.1 + line_at(&text[at.0..place], place) - 1);
        if let Some(name) = one.get(4) {
            open.push(name.as_str().to_owned());
        } else if one.get(5).is_some() {
            open.pop();
        } else if let Some(value) = one.get(2).or_else(|| one.get(3)) {
            let names = open.iter().cloned().chain([one[1].to_owned()]);
            found.push(key(names.take(20), value.as_str(), at.1));
            // A name with dots is a whole key, whatever it is grouped under.
            if one[1].contains('.') && !open.is_empty() {
                found.push(key(std::iter::once(one[1].to_owned()), value.as_str(), at.1));
            }
        }
    }
    found
}

/// Attributes of XML elements as `element.attribute`; `${name}` is filled in from a `variable` of the same file.
fn attributes(text: &str) -> Vec<Key> {
    static ELEMENT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"<([A-Za-z][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:\x22[^\x22]*\x22|'[^']*'))+)")
    });
    static ATTRIBUTE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"([\w.:-]+)\s*=\s*(?:\x22([^\x22]*)\x22|'([^']*)')"));
    static FEATURE: LazyLock<Regex> = LazyLock::new(|| pattern(r"<(feature)>\s*([\w.-]+)\s*<"));
    let mut found: Vec<Key> = Vec::new();
    let mut variables: Vec<(String, String)> = Vec::new();
    for element in ELEMENT.captures_iter(text).take(MOST_KEYS) {
        let line = line_at(text, element.get(0).map_or(0, |whole| whole.start()));
        let all: Vec<(String, String)> = ATTRIBUTE
            .captures_iter(&element[2])
            .filter_map(|one| {
                Some((one[1].to_owned(), one.get(2).or_else(|| one.get(3))?.as_str().to_owned()))
            })
            .collect();
        let of = |name: &str| all.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        if let ("variable", Some(name), Some(value)) =
            (&element[1], of("name"), of("defaultValue").or_else(|| of("value")))
        {
            variables.push((format!("${{{name}}}"), value));
        }
        for (name, value) in all {
            found.push(key([element[1].to_owned(), name].into_iter(), &value, line));
        }
    }
    for one in FEATURE.captures_iter(text).take(200) {
        let line = line_at(text, one.get(0).map_or(0, |whole| whole.start()));
        found.push(key(["feature".to_owned()].into_iter(), &one[2], line));
    }
    for key in &mut found {
        if let Some((_, value)) = variables.iter().find(|(name, _)| *name == key.value) {
            key.value.clone_from(value);
        }
    }
    found
}

/// `:name value` of EDN; of values by profile (`#profile {:default 1 :production 2}`) that of production.
fn edn(text: &str) -> Vec<Key> {
    static FIELD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#":([\w./-]+)\s+(?:#profile\s+\{[^{}]*?:prod(?:uction)?\s+"?([^"\s{}]+)|(?:#\S+\s+)*"?(\d[\w.-]*|[^"\s\[{(]+)"?)"#,
        )
    });
    FIELD
        .captures_iter(text)
        .take(MOST_KEYS)
        .map(|one| {
            let line = line_at(text, one.get(0).map_or(0, |whole| whole.start()));
            let value = one.get(2).or_else(|| one.get(3)).map_or("", |value| value.as_str());
            let mut key = key([one[1].replace('/', ".")].into_iter(), value, line);
            key.profile = one.get(2).map(|_| "production".to_owned());
            key
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::read;

    fn shown(path: &str, text: &str) -> Vec<String> {
        read(path, text)
            .iter()
            .map(|key| format!("{}={}@{}", key.path.join("."), key.value, key.line))
            .collect()
    }

    #[test]
    fn each_format_gives_whole_keys_with_lines() {
        assert_eq!(shown("a.yml", "server:\n  port: 8081 # x\n"), ["server.port=8081@2"]);
        assert_eq!(shown("a.properties", "# c\nserver.port = 9000\n"), ["server.port=9000@2"]);
        assert_eq!(
            shown(
                "a.conf",
                "ktor {\n  deployment {\n    port = 8080\n    port = ${?PORT}\n  }\n}\nhttp.port = 9\n"
            ),
            ["ktor.deployment.port=8080@3", "ktor.deployment.port=${?PORT}@4", "http.port=9@7"]
        );
        assert_eq!(
            shown("a.json", "{\n \"Kestrel\": {\n  \"Url\": \"http://*:5005\"\n }\n}"),
            ["Kestrel.Url=http://*:5005@3"]
        );
        assert_eq!(
            shown(
                "server.xml",
                "<server>\n<variable name=\"p\" defaultValue=\"9080\"/>\n<httpEndpoint httpPort=\"${p}\"/>\n</server>"
            )[2],
            "httpEndpoint.httpPort=9080@3"
        );
        assert_eq!(shown("uwsgi.ini", "[uwsgi]\nhttp = :9004\n"), ["uwsgi.http=:9004@2"]);
        assert_eq!(shown("Rocket.toml", "[default]\nport = 8235\n"), ["default.port=8235@2"]);
        assert_eq!(shown("c.edn", "{:port #profile {:default 1\n  :production 2}}"), ["port=2@1"]);
        assert_eq!(shown("c.edn", "{:port 3000\n :db \"x\"}"), ["port=3000@1", "db=x@2"]);
    }

    #[test]
    fn a_later_document_belongs_to_its_profile() {
        let keys = read("a.yml", "server:\n  port: 1\n---\nspring:\n  profiles: dev\nserver:\n  port: 2\n");
        assert_eq!(keys[0].profile, None);
        assert_eq!(keys[2].profile.as_deref(), Some("dev"));
    }
}
