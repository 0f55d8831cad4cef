//! `pom.xml` → [`Manifest`].

use std::sync::LazyLock;

use quick_xml::Reader;
use quick_xml::events::Event;
use regex::Regex;
use siteplan_catalog::signals::Ecosystem;

use super::manifest::{Manifest, Parent, Scope, Trait};
use super::pattern::pattern;
use crate::text::{line_at, line_of};

/// No more properties are kept of one file.
const MOST_PROPERTIES: usize = 500;

/// The coordinates of a dependency or plugin that is being read.
#[derive(Default)]
struct Coordinates {
    group: Option<String>,
    artifact: Option<String>,
    version: Option<String>,
    scope: Option<String>,
    started: usize,
}

/// No element that means anything lies deeper.
const DEEPEST: usize = 100;

/// Reads a `pom.xml`.
pub(crate) fn read(text: &str) -> Result<Manifest, String> {
    let mut manifest = Manifest::new(Ecosystem::Maven);
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    let mut open: Vec<Coordinates> = Vec::new();
    let mut parent = (Parent::default(), String::new());
    loop {
        let offset = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match reader.read_event() {
            Err(_) => return Err(format!("not valid XML at line {}", line_at(text, offset))),
            Ok(Event::Eof) => break,
            Ok(Event::Start(tag)) => {
                if path.len() >= DEEPEST {
                    return Err(format!("elements nested too deeply at line {}", line_at(text, offset)));
                }
                path.push(tag.local_name().as_ref().to_owned());
                if path.last().is_some_and(|name| is_unit(name)) {
                    open.push(Coordinates { started: offset, ..Coordinates::default() });
                }
            }
            Ok(Event::Empty(tag)) if tag.local_name().as_ref() == "relativePath" => {
                parent.0.path = Some(String::new());
            }
            Ok(Event::Text(content)) => {
                let content = content.as_ref().trim();
                if content.is_empty() {
                    continue;
                }
                let names: Vec<&str> = path.iter().map(String::as_str).collect();
                match names.as_slice() {
                    ["project", "parent", "groupId"] => content.clone_into(&mut parent.0.group),
                    ["project", "parent", "artifactId"] => content.clone_into(&mut parent.0.artifact),
                    ["project", "parent", "version"] => content.clone_into(&mut parent.1),
                    ["project", "parent", "relativePath"] => parent.0.path = Some(content.to_owned()),
                    [.., unit, field] if is_unit(unit) => {
                        if let Some(one) = open.last_mut() {
                            coordinate(one, field, content);
                        }
                    }
                    _ => said(&mut manifest, &names, content, line_at(text, offset)),
                }
            }
            Ok(Event::End(_)) => {
                let closed = path.pop().unwrap_or_default();
                if is_unit(&closed)
                    && let Some(one) = open.pop()
                {
                    take(&mut manifest, &closed, one, &path, text);
                }
            }
            Ok(_) => {}
        }
    }
    let (parent, version) = parent;
    if !parent.artifact.is_empty() {
        // It is no dependency, but what it is tells the version of what it manages.
        let name = format!("parent:{}:{}", parent.group, parent.artifact);
        let line = line_of(text, &parent.artifact);
        manifest.depend(&name, Some(&version), Scope::Production, line);
        manifest.build.group.get_or_insert_with(|| parent.group.clone());
        manifest.build.version.get_or_insert(version);
        manifest.build.parent = Some(parent);
    }
    Ok(manifest)
}

/// Whether an element has coordinates of its own.
fn is_unit(name: &str) -> bool {
    matches!(name, "dependency" | "plugin")
}

fn coordinate(one: &mut Coordinates, field: &str, content: &str) {
    let slot = match field {
        "groupId" => &mut one.group,
        "artifactId" => &mut one.artifact,
        "version" => &mut one.version,
        "scope" => &mut one.scope,
        _ => return,
    };
    *slot = Some(content.to_owned());
}

/// Takes a dependency or plugin that has been read in full.
fn take(manifest: &mut Manifest, closed: &str, one: Coordinates, path: &[String], text: &str) {
    let within = |name: &str| path.iter().any(|part| part == name);
    let Some(artifact) = one.artifact else { return };
    let group = one.group.unwrap_or_else(|| "org.apache.maven.plugins".to_owned());
    let line = Some(line_at(text, one.started));
    let version = one.version.as_deref();
    if within("dependencyManagement") {
        if one.scope.as_deref() == Some("import") {
            manifest.depend(&format!("bom:{group}:{artifact}"), version, Scope::Production, line);
        }
        return;
    }
    // What a plugin depends on serves the build alone.
    if within("pluginManagement") || (closed == "dependency" && within("plugin")) {
        return;
    }
    let scope = match one.scope.as_deref() {
        Some("test") => Scope::Development,
        // The server brings it: it says on what the application runs, and is not shipped.
        Some("provided") => Scope::Optional,
        _ => Scope::Production,
    };
    manifest.depend(&format!("{group}:{artifact}"), version, scope, line);
}

/// Takes a plain value elsewhere in the file.
fn said(manifest: &mut Manifest, names: &[&str], content: &str, line: u32) {
    static PORT: LazyLock<Regex> = LazyLock::new(|| pattern(r"-D[\w.-]*\bport=(\d{2,5})\b"));
    let text = content.to_owned();
    match names {
        ["project", "artifactId"] => manifest.name = Some((text, Some(line))),
        ["project", "groupId"] => manifest.build.group = Some(text),
        ["project", "version"] => manifest.build.version = Some(text),
        ["project", "packaging"] if content == "pom" => {
            manifest.traits.insert(Trait::WorkspaceRoot);
        }
        ["project", "packaging"] => manifest.build.packaging = Some(text),
        ["project", "build", "finalName"] => manifest.build.product = Some(text),
        ["project", "modules" | "subprojects", _] | ["project", "profiles", "profile", "modules", _] => {
            manifest.members.push(text);
        }
        ["project", "properties", property] => {
            match *property {
                "java.version" | "maven.compiler.release" | "maven.compiler.source" | "jdk.version" => {
                    manifest.pin("java", content, Some(line));
                }
                "kotlin.version" => manifest.pin("kotlin", content, Some(line)),
                "scala.version" => manifest.pin("scala", content, Some(line)),
                "start-class" | "mainClass" | "main.class" | "exec.mainClass" => {
                    manifest.build.main = Some(text.clone());
                }
                _ => {}
            }
            if manifest.build.properties.len() < MOST_PROPERTIES {
                manifest.build.properties.insert((*property).to_owned(), text);
            }
        }
        [.., "plugin", "configuration", "release" | "source"] => manifest.pin("java", content, Some(line)),
        [.., "mainClass" | "mainVerticle"] if names.contains(&"plugin") => {
            manifest.build.main = Some(text);
            manifest.traits.insert(Trait::Program);
        }
        [.., "plugin", "configuration", "classifier"] if names.contains(&"build") => {
            manifest.build.suffix = Some(format!("-{text}"));
        }
        [.., "descriptorRef"] => manifest.build.suffix = Some(format!("-{text}")),
        _ if names.contains(&"plugin") && content.contains("port=") => {
            let ports = PORT.captures_iter(content).filter_map(|found| found[1].parse().ok());
            manifest.build.ports.extend(ports.map(|port| (port, line, text.clone())));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::readers::manifest::Scope;

    #[test]
    fn a_pom_gives_parent_dependencies_and_java() {
        let text = "<project>\n<parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId>\
            <version>3.4.0</version><relativePath/></parent>\n<artifactId>shop</artifactId>\n<properties><java.version>21</java.version></properties>\n\
            <dependencies><dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId></dependency>\n\
            <dependency><groupId>a</groupId><artifactId>b</artifactId><scope>test</scope></dependency></dependencies></project>";
        let manifest = read(text).expect("valid");
        assert_eq!(manifest.name.as_ref().expect("named").0, "shop");
        assert_eq!(manifest.pins[0].version, "21");
        assert_eq!(manifest.dependencies[1].scope, Scope::Development);
        assert_eq!(manifest.dependencies[2].version.as_deref(), Some("3.4.0"));
        assert_eq!(
            manifest.dependencies[2].name,
            "parent:org.springframework.boot:spring-boot-starter-parent"
        );
        assert_eq!(manifest.build.parent.expect("a parent").path.as_deref(), Some(""));
    }

    #[test]
    fn a_plugin_keeps_its_name_beside_its_own_dependencies() {
        let text = "<project><build><plugins><plugin><groupId>g</groupId><artifactId>p</artifactId>\
            <dependencies><dependency><groupId>x</groupId><artifactId>driver</artifactId></dependency></dependencies>\
            <configuration><javaOpts>-Dserver.port=8085</javaOpts></configuration></plugin></plugins></build></project>";
        let manifest = read(text).expect("valid");
        let names: Vec<&str> = manifest.dependencies.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["g:p"]);
        assert_eq!(manifest.build.ports[0].0, 8085);
    }
}
