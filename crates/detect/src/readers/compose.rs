//! Compose files → services with image, build, command, ports and variables.

use serde_json::Value;

use super::structured::{self, fields, scalar, strings};
use crate::text::{line_of, one_line};

/// One service.
#[derive(Clone, Debug, Default)]
pub(crate) struct ComposeService {
    pub(crate) name: String,
    pub(crate) line: Option<u32>,
    pub(crate) image: Option<String>,
    /// Context of the build, relative to the compose file.
    pub(crate) build: Option<String>,
    /// Dockerfile, relative to the context.
    pub(crate) dockerfile: Option<String>,
    pub(crate) command: Option<String>,
    pub(crate) command_line: Option<u32>,
    /// Ports inside the container.
    pub(crate) ports: Vec<u16>,
    /// Variables with the value as written, where one is.
    pub(crate) environment: Vec<(String, Option<String>, Option<u32>)>,
    pub(crate) profiles: Vec<String>,
    /// Services that it waits for.
    pub(crate) depends_on: Vec<String>,
    pub(crate) health: Option<String>,
    pub(crate) wants_gpu: Option<u32>,
    /// Folders that are mounted: what is mounted, and where.
    pub(crate) volumes: Vec<(String, String)>,
    /// The memory that it is given, in MB, with the line.
    pub(crate) memory: Option<(u32, Option<u32>)>,
    /// Whether it is started again when it ends.
    pub(crate) starts_again: bool,
}

/// A compose file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Compose {
    pub(crate) services: Vec<ComposeService>,
}

impl Compose {
    /// Whether a service is only there for images of others: nothing that is built here speaks of it, and one of them does.
    pub(crate) fn serves_only_others(&self, name: &str) -> bool {
        let speaks = |service: &ComposeService| {
            let in_values = service.environment.iter().filter_map(|(_, value, _)| value.as_deref());
            let host = |value: &str| {
                value
                    .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
                    .any(|word| word == name)
            };
            service.depends_on.iter().any(|other| other == name) || in_values.into_iter().any(host)
        };
        let (built, others): (Vec<_>, Vec<_>) = self
            .services
            .iter()
            .filter(|service| service.name != name)
            .partition(|service| service.build.is_some());
        !built.is_empty() && !built.into_iter().any(speaks) && others.into_iter().any(speaks)
    }
}

/// Reads a compose file.
pub(crate) fn read(text: &str) -> Result<Compose, String> {
    let value = structured::yaml(text)?;
    let mut compose = Compose::default();
    for (name, service) in fields(&value["services"]) {
        compose.services.push(service_of(name, service, text));
    }
    // In the file's own order, so that the first application stands first.
    compose.services.sort_by_key(|service| service.line);
    Ok(compose)
}

fn service_of(name: &str, value: &Value, text: &str) -> ComposeService {
    let line = line_of_service(text, name);
    let build = &value["build"];
    let command = match &value["command"] {
        Value::Null => None,
        Value::Array(words) => Some(words.iter().filter_map(scalar).collect::<Vec<_>>().join(" ")),
        other => scalar(other),
    };
    let command = command.map(|command| one_line(&command)).filter(|command| !command.is_empty());
    let start = line.map_or(0, |line| text.lines().take(line as usize).map(|l| l.len() + 1).sum::<usize>());
    let after = text.get(start.min(text.len())..).unwrap_or_default();
    let below = |needle: &str| Some(line? + line_of(after, needle)?);
    ComposeService {
        name: name.to_owned(),
        line,
        image: value["image"].as_str().map(filled),
        build: build
            .as_str()
            .map(str::to_owned)
            .or_else(|| build.is_object().then(|| build["context"].as_str().unwrap_or(".").to_owned())),
        dockerfile: build["dockerfile"].as_str().map(str::to_owned),
        command_line: command.as_ref().and_then(|_| below("command:")),
        command,
        ports: value["ports"]
            .as_array()
            .into_iter()
            .chain(value["expose"].as_array())
            .flatten()
            .filter_map(container_port)
            .collect(),
        environment: environment(&value["environment"])
            .into_iter()
            .map(|(name, value)| {
                let line = below(&name);
                (name, value, line)
            })
            .collect(),
        profiles: strings(&value["profiles"]),
        depends_on: match &value["depends_on"] {
            Value::Object(services) => services.keys().cloned().collect(),
            other => strings(other),
        },
        health: match &value["healthcheck"]["test"] {
            Value::Null => None,
            other => Some(one_line(&strings(other).join(" "))),
        },
        wants_gpu: value["deploy"]["resources"]["reservations"]["devices"]
            .as_array()
            .filter(|devices| !devices.is_empty())
            .and_then(|_| below("devices:").or(line))
            .or_else(|| (value["runtime"] == "nvidia").then(|| below("runtime:").or(line)).flatten())
            .or_else(|| (!value["gpus"].is_null()).then(|| below("gpus:").or(line)).flatten()),
        volumes: value["volumes"].as_array().into_iter().flatten().filter_map(volume).collect(),
        memory: scalar(&value["mem_limit"])
            .map(|limit| (limit, "mem_limit:"))
            .or_else(|| Some((scalar(&value["deploy"]["resources"]["limits"]["memory"])?, "memory:")))
            .and_then(|(limit, key)| Some((super::memory::size(&limit)?, below(key)))),
        starts_again: matches!(value["restart"].as_str(), Some("always" | "unless-stopped")),
    }
}

/// The line of a service's own key: indented, alone, and after `services:`.
fn line_of_service(text: &str, name: &str) -> Option<u32> {
    let mut in_services = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.starts_with("services:") {
            in_services = true;
        }
        let key = line.trim().trim_end_matches(|c: char| c.is_whitespace());
        let key = key.split(" #").next().unwrap_or(key).trim_end();
        if in_services
            && line.starts_with(' ')
            && key.strip_suffix(':').is_some_and(|key| key.trim_matches(['"', '\'']) == name)
        {
            return Some(number);
        }
    }
    line_of(text, name)
}

fn container_port(value: &Value) -> Option<u16> {
    let text = scalar(&value["target"]).or_else(|| scalar(value))?;
    let last = text.rsplit(':').next()?.split('/').next()?;
    let last =
        match last.split_once(":-").or_else(|| last.split_once('-').filter(|(first, _)| first.contains('$')))
        {
            Some((_, default)) => default.trim_end_matches('}'),
            None => last.trim_end_matches('}'),
        };
    last.trim_start_matches('-').split('-').next()?.parse().ok()
}

/// `${NAME:-default}` with its default, `${NAME}` with nothing.
fn filled(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        // A default may hold placeholders itself; then its end is not this one, and nothing is filled in.
        let Some((inner, after)) = after.split_once('}').filter(|(inner, _)| !inner.contains("${")) else {
            out.push_str("${");
            rest = after;
            continue;
        };
        let (_, default) = inner.split_once('-').unwrap_or_default();
        out.push_str(default);
        rest = after;
    }
    out.push_str(rest);
    // What is left of `image:${TAG}`.
    out.trim_end_matches(':').to_owned()
}

/// A mounted folder: `source:target`, `target` alone, or an object.
fn volume(value: &Value) -> Option<(String, String)> {
    if let Some(target) = value["target"].as_str() {
        return Some((value["source"].as_str().unwrap_or_default().to_owned(), target.to_owned()));
    }
    let text = filled(value.as_str()?);
    let mut parts = text.split(':');
    let first = parts.next()?;
    Some(match parts.next() {
        Some(target) => (first.to_owned(), target.to_owned()),
        None => (String::new(), first.to_owned()),
    })
}

/// `environment` as a map or as a list of `NAME=value`.
fn environment(value: &Value) -> Vec<(String, Option<String>)> {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), scalar(value))).collect(),
        Value::Array(items) => items
            .iter()
            .filter_map(Value::as_str)
            .map(|item| match item.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (item.to_owned(), None),
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// An image's name without registry and tag, and its tag.
pub(crate) fn image_parts(image: &str) -> (String, Option<String>) {
    let image = image.split('@').next().unwrap_or(image);
    let (path, tag) = match image.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
        _ => (image, None),
    };
    let name = path.rsplit('/').next().unwrap_or(path);
    (name.to_ascii_lowercase(), tag.map(str::to_owned))
}

/// The version in an image's tag: `16-alpine` is 16, `latest` is none.
pub(crate) fn image_version(tag: &str) -> Option<String> {
    let tag = tag.trim_start_matches("pg").trim_start_matches('v');
    let end = tag.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(tag.len());
    let version = tag[..end].trim_end_matches('.');
    (!version.is_empty()).then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{image_parts, image_version, read};

    #[test]
    fn services_in_both_spellings() {
        let text = "services:\n  web:\n    build: .\n    command: [\"npm\", \"start\"]\n    ports: [\"8080:3000\"]\n    environment:\n      - A=b\n      - C\n\
            \x20 db:\n    image: postgres:16-alpine\n    environment: {X: 1}\n";
        let compose = read(text).expect("valid");
        let web = &compose.services[0];
        assert_eq!((web.name.as_str(), web.line, web.ports.as_slice()), ("web", Some(2), &[3000][..]));
        assert_eq!(web.command.as_deref(), Some("npm start"));
        assert_eq!(web.environment[0], ("A".to_owned(), Some("b".to_owned()), Some(7)));
        assert_eq!(compose.services[1].image.as_deref(), Some("postgres:16-alpine"));
    }

    #[test]
    fn images_are_taken_apart() {
        assert_eq!(
            image_parts("ghcr.io/a/postgres:16-alpine"),
            ("postgres".to_owned(), Some("16-alpine".to_owned()))
        );
        assert_eq!(image_parts("localhost:5000/redis"), ("redis".to_owned(), None));
        assert_eq!(image_version("16-alpine").as_deref(), Some("16"));
        assert_eq!(image_version("latest"), None);
    }
}
