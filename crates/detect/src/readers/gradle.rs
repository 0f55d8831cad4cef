//! `build.gradle(.kts)`, `settings.gradle(.kts)`, scripts of conventions, `libs.versions.toml` → [`Manifest`].

use std::sync::LazyLock;

use regex::{Captures, Regex};
use siteplan_catalog::signals::Ecosystem;

use super::manifest::{MOST_STATEMENTS, Manifest, Scope, Trait};
use super::pattern::pattern;
use super::structured::{self, fields};
use crate::text::{line_at, line_text};

/// Reads the literal statements of a Gradle script.
pub(crate) fn read(text: &str) -> Manifest {
    static SHARED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?m)^[ \t]*(?:configure\s*\()?(subprojects|allprojects)\b[^\n{]*\{"));
    let text = without_comments(text);
    let mut own = text.clone();
    let mut shared = String::new();
    // Each block is copied once; a script has one or two.
    for found in SHARED.captures_iter(&text).take(8) {
        let Some(whole) = found.get(0) else { continue };
        let end = closing(&text, whole.end());
        if &found[1] == "subprojects" {
            own = only(&own, |at| !(whole.start()..end).contains(&at));
        }
        shared = only(&text, |at| (whole.end()..end).contains(&at));
    }
    let mut manifest = statements(&own);
    if !shared.is_empty() {
        manifest.build.shared = Some(Box::new(statements(&shared)));
    }
    manifest
}

/// The same text with comment lines blanked, so that places stay what they are.
fn without_comments(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let body = line.trim_start();
        if body.starts_with("//") || body.starts_with('*') || body.starts_with("/*") {
            clean.push_str(&only(line, |_| false));
        } else {
            clean.push_str(line);
        }
    }
    clean
}

/// The text with everything blanked that is not kept, line breaks excepted.
pub(super) fn only(text: &str, mut keep: impl FnMut(usize) -> bool) -> String {
    let mut result = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if c == '\n' || keep(at) {
            result.push(c);
        } else {
            result.extend(std::iter::repeat_n(' ', c.len_utf8()));
        }
    }
    result
}

/// Where the brace closes that opened before `from`.
pub(super) fn closing(text: &str, from: usize) -> usize {
    let mut depth = 1_usize;
    for (at, byte) in text.bytes().enumerate().skip(from) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.len()
}

fn line_of(text: &str, found: &Captures<'_>) -> Option<u32> {
    found.get(0).map(|whole| line_at(text, whole.end()))
}

fn statements(text: &str) -> Manifest {
    static DEPENDENCY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?m)^\s*["']?(\w+)["']?[\s(]+(?:(?:enforcedP|p)latform\s*\(?\s*)?["']([\w.-]+:[\w.-]+)(?::([^"':@]+))?(?::\w+)?(?:@\w+)?["']"#,
        )
    });
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?m)^\s*(\w+)[\s(]+group\s*[:=]\s*["']([\w.-]+)["']\s*,\s*name\s*[:=]\s*["']([\w.-]+)["'](?:\s*,\s*version\s*[:=]\s*["']([\w.-]+)["'])?"#,
        )
    });
    static CATALOG: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?m)^\s*(\w+)[\s(]+(?:platform\s*\(\s*)?libs\.([\w.]+)"));
    static PROPERTY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"(?m)^\s*(?:val\s+|def\s+|set\()?["']?(\w+)["']?\s*[=,]\s*["']([\w.-]+)["']"#)
    });
    static USES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"\bproject\(\s*(?:path\s*[:=]\s*)?["'](:[\w:.-]+)["']|\bprojects\.([\w.]+)"#)
    });
    let mut manifest = Manifest::new(Ecosystem::Maven);
    for found in PROPERTY.captures_iter(text).take(200) {
        manifest.build.properties.insert(found[1].to_owned(), found[2].to_owned());
    }
    for found in DEPENDENCY.captures_iter(text).take(MOST_STATEMENTS) {
        let version = found.get(3).map(|version| version.as_str());
        manifest.depend(&found[2], version, scope(&found[1]), line_of(text, &found));
    }
    for found in NAMED.captures_iter(text).take(MOST_STATEMENTS) {
        let name = format!("{}:{}", &found[2], &found[3]);
        let version = found.get(4).map(|version| version.as_str());
        manifest.depend(&name, version, scope(&found[1]), line_of(text, &found));
    }
    for found in CATALOG.captures_iter(text).take(MOST_STATEMENTS) {
        // Resolved later against gradle/libs.versions.toml; the alias is kept in the catalog's own spelling.
        let alias = format!("libs.{}", found[2].replace(['.', '_'], "-").trim_end_matches("-get"));
        let place = found.get(0).map_or(0, |whole| whole.end());
        if !line_text(text, place).contains("apply false") {
            manifest.depend(&alias, None, scope(&found[1]), line_of(text, &found));
        }
    }
    for found in USES.captures_iter(text).take(MOST_STATEMENTS) {
        let used = found.get(1).map(|path| path.as_str().to_owned());
        manifest
            .build
            .uses
            .extend(used.or_else(|| Some(format!(":{}", found.get(2)?.as_str().replace('.', ":")))));
    }
    plugins(&mut manifest, text);
    product(&mut manifest, text);
    settings(&mut manifest, text);
    manifest
}

/// Plugins; one counts as an artifact of its own group: `org.springframework.boot` as `org.springframework.boot:plugin`.
fn plugins(manifest: &mut Manifest, text: &str) {
    static PLUGIN: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"\bid[\s(]+["']([\w.-]+)["']\)?(?:\s*version\s*\(?["']([\w.-]+)["'])?"#));
    static APPLIED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"\bapply\s*\(?\s*plugin\s*[:=]\s*["']([\w.-]+)["']|\bplugin\(["']([\w.-]+)["']\)"#)
    });
    static KOTLIN: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"\bkotlin\(["']([\w.]+)["']\)(?:\s*version\s*["']([\w.-]+)["'])?"#));
    static BLOCK: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^[ \t]*plugins\s*\{"));
    static BARE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?m)(?:^|[{;])[ \t]*`?([a-z][a-z-]+)`?[ \t]*(?:$|[;}])"));
    for found in PLUGIN.captures_iter(text).take(MOST_STATEMENTS) {
        let place = found.get(0).map_or(0, |whole| whole.start());
        if line_text(text, place).contains("apply false") || line_text(text, place).contains("apply(false") {
            continue;
        }
        let version = found.get(2).map(|version| version.as_str());
        if found[1].starts_with("org.jetbrains.kotlin") {
            manifest.pin("kotlin", version.unwrap_or_default(), line_of(text, &found));
        }
        manifest.depend(&format!("{}:plugin", &found[1]), version, Scope::Production, line_of(text, &found));
    }
    for found in KOTLIN.captures_iter(text).take(MOST_STATEMENTS) {
        manifest.pin("kotlin", found.get(2).map_or("", |version| version.as_str()), line_of(text, &found));
    }
    for found in APPLIED.captures_iter(text).take(MOST_STATEMENTS) {
        let Some(id) = found.get(1).or_else(|| found.get(2)) else { continue };
        manifest.depend(&format!("{}:plugin", id.as_str()), None, Scope::Production, line_of(text, &found));
    }
    if let Some(block) = BLOCK.find(text) {
        let end = closing(text, block.end());
        for found in BARE.captures_iter(&text[block.end()..end]).take(MOST_STATEMENTS) {
            let line = line_at(text, block.end() + found.get(1).map_or(0, |word| word.start()));
            manifest.depend(&format!("{}:plugin", &found[1]), None, Scope::Production, Some(line));
        }
    }
    let has = |id: &str| manifest.dependencies.iter().any(|one| one.name.strip_suffix(":plugin") == Some(id));
    if has("application") || has("com.github.johnrengelman.shadow") || has("com.gradleup.shadow") {
        manifest.traits.insert(Trait::Program);
    }
    if has("war") {
        manifest.build.packaging = Some("war".to_owned());
    }
}

/// What is built, and with which Java.
fn product(manifest: &mut Manifest, text: &str) {
    static JAVA: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?:JavaLanguageVersion\.of\(|jvmToolchain\(|(?:source|target)Compatibility\s*=?\s*(?:JavaVersion\.(?:VERSION_|toVersion\(\s*))?["']?|release(?:\.set\(|\s*=\s*)|JvmTarget\.JVM_|jvmTarget\s*=\s*["'])["']?(\d[\d_.]*)"#,
        )
    });
    static VERSION: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?m)^\s*version\s*=?\s*["']([\w.+-]+)["']"#));
    static GROUP: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?m)^\s*group\s*=?\s*["']([\w.-]+)["']"#));
    static MAIN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?:mainClass(?:Name)?(?:\.set\(|\s*=)?\s*|["']Main-Class["']\s*(?:[:=]|to)\s*|main-verticle\s*=\s*)["']([\w.$]+)["']"#,
        )
    });
    static PRODUCT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?:archiveFileName|archivesBaseName|archiveBaseName|archivesName|archiveName|baseName)(?:\.set\(|\s*=)?\s*["']([\w.-]+)["']"#,
        )
    });
    if let Some(found) = JAVA.captures(text) {
        manifest.pin("java", &found[1].replace('_', "."), line_of(text, &found));
    }
    manifest.build.version = VERSION.captures(text).map(|found| found[1].to_owned());
    manifest.build.group = GROUP.captures(text).map(|found| found[1].to_owned());
    if let Some(found) = MAIN.captures(text) {
        manifest.build.main = Some(found[1].to_owned());
        manifest.traits.insert(Trait::Program);
        if found[0].contains("Main-Class") {
            // The jar names its own main class, so it runs by itself.
            manifest.modules.push("runnable-jar".to_owned());
        }
    }
    manifest.build.product = PRODUCT.captures(text).map(|found| found[1].to_owned());
}

/// The name of the whole and its projects.
fn settings(manifest: &mut Manifest, text: &str) {
    static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r#"rootProject\.name\s*=\s*["']([^"']+)["']"#));
    static INCLUDE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?m)^\s*include\b[\s(]*((?:["'][^"'\n]+["']\s*,?\s*)+)"#));
    if let Some(found) = NAME.captures(text) {
        manifest.name = Some((found[1].to_owned(), line_of(text, &found)));
    }
    for found in INCLUDE.captures_iter(text).take(MOST_STATEMENTS) {
        for part in found[1].split(',') {
            let module = part.trim().trim_matches(['"', '\'', '(', ')', ' ']).trim_start_matches(':');
            if !module.is_empty() {
                manifest.members.push(module.replace(':', "/"));
            }
        }
    }
}

/// Reads a version catalog as pairs of alias and artifact; a bundle's artifacts are joined by commas.
pub(crate) fn read_catalog(text: &str) -> Result<Manifest, String> {
    let value = structured::toml(text)?;
    let mut manifest = Manifest::new(Ecosystem::Maven);
    let mut versions: Vec<(String, String)> = Vec::new();
    let version = |entry: &serde_json::Value| {
        let named = entry["version"]["ref"].as_str().map(|name| &value["versions"][name]);
        let stated = named.unwrap_or(&entry["version"]);
        stated.as_str().or_else(|| stated["strictly"].as_str()).map(str::to_owned)
    };
    for (alias, library) in fields(&value["libraries"]) {
        let whole = library.as_str().map(str::to_owned);
        let module = whole
            .or_else(|| library["module"].as_str().map(str::to_owned))
            .or_else(|| Some(format!("{}:{}", library["group"].as_str()?, library["name"].as_str()?)));
        if let Some(module) = module {
            let parts: Vec<&str> = module.split(':').collect();
            let own = parts.get(2).map(|version| (*version).to_owned()).or_else(|| version(library));
            let name = parts.iter().take(2).copied().collect::<Vec<_>>().join(":");
            let alias = format!("libs.{}", alias.replace(['.', '_'], "-"));
            versions.extend(own.map(|version| (alias.clone(), version)));
            manifest.programs.insert(alias, Some(name));
        }
    }
    for (alias, members) in fields(&value["bundles"]) {
        let members: Vec<String> = structured::strings(members)
            .iter()
            .filter_map(|member| {
                manifest.programs.get(&format!("libs.{}", member.replace(['.', '_'], "-"))).cloned().flatten()
            })
            .collect();
        let alias = format!("libs.bundles-{}", alias.replace(['.', '_'], "-"));
        manifest.programs.insert(alias, Some(members.join(",")));
    }
    for (alias, plugin) in fields(&value["plugins"]) {
        let whole = plugin.as_str().and_then(|text| text.split_once(':'));
        let id = whole.map(|(id, _)| id).or_else(|| plugin["id"].as_str());
        if let Some(id) = id {
            let alias = format!("libs.plugins-{}", alias.replace(['.', '_'], "-"));
            let own = whole.map(|(_, version)| version.to_owned()).or_else(|| version(plugin));
            versions.extend(own.map(|version| (alias.clone(), version)));
            manifest.programs.insert(alias, Some(format!("{id}:plugin")));
        }
    }
    manifest.build.properties.extend(versions);
    Ok(manifest)
}

fn scope(configuration: &str) -> Scope {
    let lower = configuration.to_ascii_lowercase();
    let build = ["annotationprocessor", "kapt", "ksp", "classpath"].contains(&lower.as_str());
    if build || lower.contains("test") || lower.contains("developmentonly") {
        Scope::Development
    } else {
        Scope::Production
    }
}

#[cfg(test)]
mod tests {
    use super::{read, read_catalog};
    use crate::readers::manifest::{Scope, Trait};

    #[test]
    fn gradle_in_both_languages() {
        let text = "plugins {\n id(\"org.springframework.boot\") version \"3.4.0\"\n application\n id(\"x\") apply false\n}\ndependencies {\n implementation('a:b:1')\n\
             testImplementation \"c:d\"\n implementation(project(\":core\"))\n}\njava { toolchain { languageVersion = JavaLanguageVersion.of(21) } }\n";
        let manifest = read(text);
        let names: Vec<_> = manifest.dependencies.iter().map(|d| (d.name.as_str(), d.scope)).collect();
        assert_eq!(names[0], ("a:b", Scope::Production));
        assert_eq!(names[1], ("c:d", Scope::Development));
        assert_eq!(names[2].0, "org.springframework.boot:plugin");
        assert_eq!(names[3].0, "application:plugin");
        assert_eq!(names.len(), 4);
        assert_eq!(manifest.pins[0].version, "21");
        assert_eq!(manifest.build.uses, [":core"]);
        assert!(manifest.traits.contains(&Trait::Program));
    }

    #[test]
    fn what_is_said_for_all_projects_is_kept_apart() {
        let text = "version = '1'\nsubprojects {\n  apply plugin: 'java'\n  dependencies {\n    implementation 'a:b'\n  }\n}\n";
        let manifest = read(text);
        assert!(manifest.dependencies.is_empty());
        let shared = manifest.build.shared.expect("shared statements");
        assert_eq!(shared.dependencies[0].name, "a:b");
        assert_eq!(shared.dependencies[0].line, Some(5));
    }

    #[test]
    fn a_catalog_gives_modules_versions_and_bundles() {
        let text = "[versions]\nktor = \"3.0\"\n[libraries]\nktor-core = { module = \"io.ktor:ktor-server-core\", version.ref = \"ktor\" }\n\
            [bundles]\nweb = [\"ktor-core\"]\n[plugins]\nktor = { id = \"io.ktor.plugin\", version.ref = \"ktor\" }\n";
        let manifest = read_catalog(text).expect("valid");
        let of = |alias: &str| manifest.programs.get(alias).cloned().flatten();
        assert_eq!(of("libs.ktor-core").as_deref(), Some("io.ktor:ktor-server-core"));
        assert_eq!(of("libs.bundles-web").as_deref(), Some("io.ktor:ktor-server-core"));
        assert_eq!(of("libs.plugins-ktor").as_deref(), Some("io.ktor.plugin:plugin"));
        assert_eq!(manifest.build.properties.get("libs.ktor-core").map(String::as_str), Some("3.0"));
    }
}
