//! `pom.xml`, `build.gradle(.kts)`, `settings.gradle(.kts)`, `build.sbt`, `libs.versions.toml` → [`Manifest`].

use std::sync::LazyLock;

use quick_xml::Reader;
use quick_xml::events::Event;
use regex::Regex;
use siteplan_catalog::signals::Ecosystem;

use super::manifest::{Manifest, Scope, Trait};
use super::pattern::pattern;
use super::structured::{self, fields};
use crate::text::{line_at, line_of};

/// Reads a `pom.xml`.
pub(crate) fn read_pom(text: &str) -> Result<Manifest, String> {
    let mut manifest = Manifest::new(Ecosystem::Maven);
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    let (mut group, mut artifact, mut version, mut scope) = Default::default();
    let mut parent = (String::new(), String::new(), String::new());
    let mut started = 0;
    loop {
        let offset = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match reader.read_event() {
            Err(_) => return Err(format!("not valid XML at line {}", line_at(text, offset))),
            Ok(Event::Eof) => break,
            Ok(Event::Start(tag)) => {
                path.push(tag.local_name().as_ref().to_owned());
                let name = path.last().map(String::as_str);
                if matches!(name, Some("dependency" | "plugin" | "parent")) {
                    (group, artifact, version, scope) = Default::default();
                    started = offset;
                }
            }
            Ok(Event::Text(content)) => {
                let content = content.as_ref().trim().to_owned();
                if content.is_empty() {
                    continue;
                }
                let names: Vec<&str> = path.iter().map(String::as_str).collect();
                let line = Some(line_at(text, offset));
                match names.as_slice() {
                    ["project", "artifactId"] => manifest.name = Some((content, line)),
                    ["project", "packaging"] if content == "pom" => {
                        manifest.traits.insert(Trait::WorkspaceRoot);
                    }
                    ["project", "modules", "module"] => manifest.members.push(content),
                    [
                        "project",
                        "properties",
                        "java.version" | "maven.compiler.release" | "maven.compiler.source",
                    ] => {
                        manifest.pin("java", &content, line);
                    }
                    [.., "parent", "groupId"] => parent.0 = content,
                    [.., "parent", "artifactId"] => parent.1 = content,
                    [.., "parent", "version"] => parent.2 = content,
                    [.., "dependency" | "plugin", "groupId"] => group = Some(content),
                    [.., "dependency" | "plugin", "artifactId"] => artifact = Some(content),
                    [.., "dependency" | "plugin", "version"] => version = Some(content),
                    [.., "dependency", "scope"] => scope = Some(content),
                    _ => {}
                }
            }
            Ok(Event::End(_)) => {
                let closed = path.pop().unwrap_or_default();
                let managed =
                    path.iter().any(|name| name == "dependencyManagement" || name == "pluginManagement");
                if matches!(closed.as_str(), "dependency" | "plugin")
                    && !managed
                    && let Some(artifact) = artifact.take()
                {
                    let group: String = group.take().unwrap_or_else(|| "org.apache.maven.plugins".to_owned());
                    let scope = match scope.take().as_deref() {
                        Some("test" | "provided") => Scope::Development,
                        _ => Scope::Production,
                    };
                    let version: Option<String> = version.take().filter(|v: &String| !v.starts_with('$'));
                    let line = Some(line_at(text, started));
                    manifest.depend(&format!("{group}:{artifact}"), version.as_deref(), scope, line);
                }
            }
            Ok(_) => {}
        }
    }
    if !parent.1.is_empty() {
        let line = line_of(text, &parent.1);
        manifest.depend(&format!("{}:{}", parent.0, parent.1), Some(&parent.2), Scope::Production, line);
    }
    Ok(manifest)
}

/// Reads literal statements of a Gradle or sbt build.
pub(crate) fn read_gradle(text: &str) -> Manifest {
    static DEPENDENCY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?m)^\s*(\w+)[\s(]+(?:platform\()?["']([\w.-]+:[\w.-]+)(?::([\w.+-]+))?(?::\w+)?(?:@\w+)?["']"#,
        )
    });
    static PLUGIN: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"\bid[\s(]+["']([\w.-]+)["']\)?(?:\s+version\s*\(?["']([\w.-]+)["'])?"#));
    static JAVA: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?:JavaLanguageVersion\.of\(|jvmToolchain\(|(?:source|target)Compatibility\s*=?\s*(?:JavaVersion\.VERSION_)?["']?)(\d[\d_.]*)"#,
        )
    });
    static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r#"rootProject\.name\s*=\s*["']([^"']+)["']"#));
    static INCLUDE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^\s*include[\s(]+(.+)$"));
    static CATALOG: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?m)^\s*(\w+)[\s(]+(?:platform\()?libs\.([\w.]+)"));
    static SBT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#""([\w.-]+)"\s*%%?%?\s*"([\w.-]+)"\s*%\s*"?([\w.-]+)"#));
    let mut manifest = Manifest::new(Ecosystem::Maven);
    let at = |found: &regex::Captures<'_>| found.get(0).map(|whole| line_at(text, whole.end()));
    for found in DEPENDENCY.captures_iter(text) {
        let scope = gradle_scope(&found[1]);
        manifest.depend(&found[2], found.get(3).map(|version| version.as_str()), scope, at(&found));
    }
    for found in CATALOG.captures_iter(text) {
        // Resolved later against gradle/libs.versions.toml; the alias is kept in the catalog's own spelling.
        let alias = format!("libs.{}", found[2].replace('.', "-"));
        manifest.depend(&alias, None, gradle_scope(&found[1]), at(&found));
    }
    for found in SBT.captures_iter(text) {
        let name = format!("{}:{}", &found[1], &found[2]);
        manifest.depend(&name, Some(&found[3]), Scope::Production, at(&found));
    }
    for found in PLUGIN.captures_iter(text) {
        let version = found.get(2).map(|version| version.as_str());
        // A plugin counts as an artifact of its own group: `org.springframework.boot` as `org.springframework.boot:plugin`.
        manifest.depend(&format!("{}:plugin", &found[1]), version, Scope::Production, at(&found));
    }
    if let Some(found) = JAVA.captures(text) {
        manifest.pin("java", &found[1].replace('_', "."), at(&found));
    }
    if let Some(found) = NAME.captures(text) {
        manifest.name = Some((found[1].to_owned(), at(&found)));
    }
    for found in INCLUDE.captures_iter(text) {
        for part in found[1].split(',') {
            let module = part.trim().trim_matches(['"', '\'', '(', ')', ' ']).trim_start_matches(':');
            if !module.is_empty() {
                manifest.members.push(module.replace(':', "/"));
            }
        }
    }
    manifest
}

/// Reads a Gradle version catalogue as pairs of alias and artifact.
pub(crate) fn read_catalog(text: &str) -> Result<Manifest, String> {
    let value = structured::toml(text)?;
    let mut manifest = Manifest::new(Ecosystem::Maven);
    for (alias, library) in fields(&value["libraries"]) {
        let module = library["module"]
            .as_str()
            .map(str::to_owned)
            .or_else(|| Some(format!("{}:{}", library["group"].as_str()?, library["name"].as_str()?)));
        if let Some(module) = module {
            manifest.programs.insert(format!("libs.{}", alias.replace(['.', '_'], "-")), Some(module));
        }
    }
    for (alias, plugin) in fields(&value["plugins"]) {
        if let Some(id) = plugin["id"].as_str() {
            let alias = format!("libs.plugins-{}", alias.replace(['.', '_'], "-"));
            manifest.programs.insert(alias, Some(format!("{id}:plugin")));
        }
    }
    Ok(manifest)
}

fn gradle_scope(configuration: &str) -> Scope {
    let lower = configuration.to_ascii_lowercase();
    if lower.contains("test") || lower.contains("developmentonly") {
        Scope::Development
    } else {
        Scope::Production
    }
}

#[cfg(test)]
mod tests {
    use super::{read_gradle, read_pom};
    use crate::readers::manifest::Scope;

    #[test]
    fn a_pom_gives_parent_dependencies_and_java() {
        let text = "<project>\n<parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId>\
            <version>3.4.0</version></parent>\n<artifactId>shop</artifactId>\n<properties><java.version>21</java.version></properties>\n\
            <dependencies><dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId></dependency>\n\
            <dependency><groupId>a</groupId><artifactId>b</artifactId><scope>test</scope></dependency></dependencies></project>";
        let manifest = read_pom(text).expect("valid");
        assert_eq!(manifest.name.as_ref().expect("named").0, "shop");
        assert_eq!(manifest.pins[0].version, "21");
        assert_eq!(manifest.dependencies[1].scope, Scope::Development);
        assert_eq!(manifest.dependencies[2].version.as_deref(), Some("3.4.0"));
    }

    #[test]
    fn gradle_in_both_languages() {
        let text = "plugins {\n id(\"org.springframework.boot\") version \"3.4.0\"\n}\ndependencies {\n implementation('a:b:1')\n\
             testImplementation \"c:d\"\n}\njava { toolchain { languageVersion = JavaLanguageVersion.of(21) } }\n";
        let manifest = read_gradle(text);
        let names: Vec<_> = manifest.dependencies.iter().map(|d| (d.name.as_str(), d.scope)).collect();
        assert_eq!(names[0], ("a:b", Scope::Production));
        assert_eq!(names[1], ("c:d", Scope::Development));
        assert_eq!(names[2].0, "org.springframework.boot:plugin");
        assert_eq!(manifest.pins[0].version, "21");
    }
}
