//! Commands of JVM components: the wrapper where there is one, the product under the name that the build gives it.

use siteplan_catalog::signals::Ecosystem;
use siteplan_model::fact::Evidence;

use super::{Context, Field, Planned, way_up};
use crate::component::Component;
use crate::evidence::{file, maybe_at};
use crate::readers::manifest::{Manifest, Trait};
use crate::tree::{folder, name, relative};

pub(super) fn plan(context: &Context<'_, '_>, planned: &mut Planned) {
    let Some(manager) = context.manager else { return };
    match manager.row.id.as_str() {
        "maven" => maven(context, planned),
        "gradle" => gradle(context, planned),
        "sbt" => sbt(context, planned),
        "mill" => mill(context, planned),
        "lein" => leiningen(context, planned),
        "clojure" => clojure(context, planned),
        _ => {}
    }
}

/// The build of a component that a file of that name describes.
fn build<'c>(component: &'c Component<'_>, files: &[&str]) -> Option<(&'c str, &'c Manifest)> {
    let home = |path: &str| folder(path) == component.folder;
    component
        .manifests
        .iter()
        .find(|(path, _)| home(path) && files.iter().any(|file| name(path) == *file))
        .or_else(|| component.manifest(Ecosystem::Maven))
        .map(|(path, manifest)| (*path, manifest))
}

fn has_package(component: &Component<'_>, package: &str) -> bool {
    component.has_package(Ecosystem::Maven, package)
}

/// A program of the build tool: the wrapper in the nearest folder that has it, else the one that is installed.
fn wrapper(context: &Context<'_, '_>, script: &str, program: &str) -> (String, Option<String>) {
    let mut at = context.component.folder.as_str();
    let mut up = String::new();
    loop {
        let path = crate::tree::join(at, script);
        if context.tree.has(&path) {
            let prefix = if up.is_empty() { "./" } else { up.as_str() };
            return (format!("{prefix}{script}"), Some(path));
        }
        if at.is_empty() {
            return (program.to_owned(), None);
        }
        at = folder(at);
        up.push_str("../");
    }
}

/// The highest pom above a module that joins modules together: from there its siblings are built too.
fn reactor<'c>(context: &'c Context<'_, '_>) -> Option<&'c str> {
    let own = context.component.folder.as_str();
    let joins = |one: &&Component<'_>| {
        one.folder != own
            && relative(own, &one.folder).is_some()
            && one.manifests.iter().any(|(path, manifest)| {
                name(path) == "pom.xml" && folder(path) == one.folder && !manifest.members.is_empty()
            })
    };
    context.components.iter().filter(joins).map(|one| one.folder.as_str()).min_by_key(|folder| folder.len())
}

fn maven(context: &Context<'_, '_>, planned: &mut Planned) {
    let component = context.component;
    let Some((pom, manifest)) = build(component, &["pom.xml"]) else { return };
    let (program, script) = wrapper(context, "mvnw", "mvn");
    let seen = file(script.as_deref().unwrap_or(pom), "Maven");
    let reactor = reactor(context).and_then(|root| relative(&component.folder, root));
    let (from, only) = match reactor {
        Some(module) => (format!(" -f {}pom.xml", way_up(module)), format!(" -pl {module} -am")),
        None => (String::new(), String::new()),
    };
    planned.set(Field::Install, format!("{program} -B{from} dependency:go-offline"), seen.clone());
    planned.set(Field::Build, format!("{program} -B{from}{only} -DskipTests package"), seen.clone());
    planned.set(Field::Test, format!("{program} -B{from}{only} test"), seen);
    let build = &manifest.build;
    let packaging = build.packaging.as_deref().unwrap_or("jar");
    let runs_itself =
        ["org.springframework.boot:spring-boot-maven-plugin", "org.springframework.boot:spring-boot-starter"]
            .iter()
            .any(|one| {
                component
                    .manifests
                    .iter()
                    .any(|(_, m)| m.dependencies.iter().any(|d| d.name.starts_with(one)))
            });
    if packaging != "jar" && !runs_itself {
        // It is put onto a server, which is no command of the repository.
        return;
    }
    let ending = if packaging == "war" { "war" } else { "jar" };
    let stated = build.product.clone().or_else(|| {
        let (artifact, _) = manifest.name.as_ref()?;
        Some(format!("{artifact}-{}", build.version.as_deref()?))
    });
    let stated = stated.filter(|product| !product.contains('$'));
    let product = stated.map_or_else(
        || format!("target/*.{ending}"),
        |product| format!("target/{product}{}.{ending}", build.suffix.as_deref().unwrap_or_default()),
    );
    let own = context.shape.and_then(|shape| shape.main.framework.programs.get("maven"));
    let line = manifest.name.as_ref().and_then(|(_, line)| *line);
    let seen = maybe_at(pom, line, &product);
    planned.set(Field::Start, format!("java -jar {}", own.unwrap_or(&product)), seen);
}

fn gradle(context: &Context<'_, '_>, planned: &mut Planned) {
    let component = context.component;
    let Some((path, manifest)) = build(component, &["build.gradle", "build.gradle.kts"]) else { return };
    let (program, script) = wrapper(context, "gradlew", "gradle");
    let seen = file(script.as_deref().unwrap_or(path), "Gradle");
    planned.set(Field::Install, format!("{program} dependencies"), seen.clone());
    planned.set(Field::Test, format!("{program} test"), seen.clone());
    let plugin = |ids: &[&str]| ids.iter().any(|id| has_package(component, &format!("{id}:plugin")));
    let war = manifest.build.packaging.as_deref() == Some("war");
    let boot = component.manifests.iter().any(|(_, manifest)| {
        manifest.dependencies.iter().any(|one| one.name.starts_with("org.springframework.boot:"))
    });
    let own = context.shape.and_then(|shape| shape.main.framework.programs.get("gradle"));
    let product = manifest.build.product.as_deref().map(|product| product.trim_end_matches(".jar"));
    let jar = |usual: &str| {
        let named = product
            .map(|product| if product.contains('.') { product.to_owned() } else { format!("{product}*") });
        named.map_or_else(|| usual.to_owned(), |product| format!("build/libs/{product}.jar"))
    };
    // A script of the distribution carries the project's name, which is its folder's where nothing else is said.
    let project = gradle_name(context);
    let script = project.filter(|_| plugin(&["application"]) || plugin(&["io.micronaut.application"]));
    let runnable = manifest.modules.iter().any(|module| module == "runnable-jar");
    let (task, start) = if let Some(own) = own {
        ("build -x test", Some(format!("java -jar {own}")))
    } else if boot && war {
        ("bootWar", Some("java -jar build/libs/*.war".to_owned()))
    } else if boot {
        // `bootJar` alone leaves one jar; `build` would leave a plain one beside it.
        ("bootJar", Some(format!("java -jar {}", jar("build/libs/*.jar"))))
    } else if plugin(&["io.ktor.plugin"]) {
        ("buildFatJar", Some(format!("java -jar {}", jar("build/libs/*-all.jar"))))
    } else if plugin(&["com.github.johnrengelman.shadow", "com.gradleup.shadow"]) {
        ("shadowJar", Some(format!("java -jar {}", jar("build/libs/*-all.jar"))))
    } else if war {
        ("war", None)
    } else if let Some(name) = script.filter(|_| !runnable) {
        ("installDist", Some(format!("build/install/{name}/bin/{name}")))
    } else {
        ("build -x test", Some(format!("java -jar {}", jar("build/libs/*.jar"))))
    };
    planned.set(Field::Build, format!("{program} {task}"), seen.clone());
    if let Some(start) = start {
        planned.set(Field::Start, start, file(path, task));
    }
}

/// The name of a Gradle project: the root's is stated in its settings, another's is that of its folder.
fn gradle_name(context: &Context<'_, '_>) -> Option<String> {
    let component = context.component;
    let settings = component
        .manifests
        .iter()
        .find(|(path, _)| name(path).starts_with("settings.gradle") && folder(path) == component.folder);
    match settings {
        Some((_, manifest)) => manifest.name.as_ref().map(|(name, _)| name.clone()),
        None if component.folder.is_empty() => None,
        None => Some(name(&component.folder).to_owned()),
    }
}

fn sbt(context: &Context<'_, '_>, planned: &mut Planned) {
    let component = context.component;
    let Some((path, manifest)) = component
        .manifests
        .iter()
        .filter(|(path, _)| name(path) == "build.sbt")
        .max_by_key(|(_, manifest)| (manifest.name.is_some(), manifest.dependencies.len()))
        .map(|(path, manifest)| (*path, manifest))
    else {
        return;
    };
    let seen = file(path, "sbt");
    // A project that the root's build describes is built from there.
    let project = manifest.build.properties.get("project").filter(|_| folder(path) != component.folder);
    let task = |task: &str| match project {
        Some(project) => format!("sbt {project}/{task}"),
        None => format!("sbt {task}"),
    };
    planned.set(Field::Test, task("test"), seen.clone());
    let plugins = |ending: &str| {
        context.components.iter().flat_map(|one| &one.manifests).any(|(path, manifest)| {
            name(path) == "plugins.sbt"
                && manifest
                    .dependencies
                    .iter()
                    .any(|one| one.name.ends_with(ending) || one.name.starts_with(ending))
        })
    };
    let packaged = manifest.traits.contains(&Trait::Program)
        && manifest.dependencies.iter().any(|one| {
            one.name.ends_with("AppPackaging:plugin")
                || one.name.starts_with("Play")
                || one.name.starts_with("Lagom")
        });
    if packaged || plugins(":sbt-native-packager") || plugins(":sbt-plugin") {
        let named = manifest.build.product.clone().or_else(|| {
            let (name, _) = manifest.name.as_ref()?;
            Some(normalised(name))
        });
        let named = named.unwrap_or_else(|| normalised(name(&component.folder)));
        planned.set(Field::Build, task("stage"), seen.clone());
        if !named.is_empty() {
            planned.set(Field::Start, format!("target/universal/stage/bin/{named}"), seen);
        }
    } else if plugins(":sbt-assembly") {
        planned.set(Field::Build, task("assembly"), seen.clone());
        planned.set(Field::Start, "java -jar target/scala-*/*-assembly-*.jar", seen);
    } else {
        planned.set(Field::Build, task("compile"), seen.clone());
        planned.set(Field::Start, task("run"), seen);
    }
}

/// A project's name as sbt turns it into a file's: lower case, with hyphens.
fn normalised(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c.to_ascii_lowercase() } else { '-' };
    name.chars().map(plain).collect::<String>().trim_matches('-').to_owned()
}

fn mill(context: &Context<'_, '_>, planned: &mut Planned) {
    let Some((path, manifest)) = build(context.component, &["build.mill", "build.sc"]) else { return };
    let (program, script) = wrapper(context, "mill", "mill");
    let seen = file(script.as_deref().unwrap_or(path), "Mill");
    planned.set(Field::Test, format!("{program} __.test"), seen.clone());
    if let Some(module) = manifest.modules.first() {
        planned.set(Field::Build, format!("{program} {module}.assembly"), seen.clone());
        planned.set(Field::Start, format!("java -jar out/{module}/assembly.dest/out.jar"), seen);
    }
}

fn leiningen(context: &Context<'_, '_>, planned: &mut Planned) {
    let component = context.component;
    let Some((path, manifest)) = build(component, &["project.clj"]) else { return };
    let seen = maybe_at(path, manifest.name.as_ref().and_then(|(_, line)| *line), "Leiningen project");
    let ring = has_package(component, "lein-ring:plugin");
    planned.set(Field::Build, if ring { "lein ring uberjar" } else { "lein uberjar" }, seen.clone());
    planned.set(Field::Test, "lein test", seen.clone());
    let build = &manifest.build;
    let per_profile = build.properties.get("target-path").is_some_and(|path| path.contains("%s"));
    let home = if per_profile { "target/uberjar" } else { "target" };
    let product = build.product.clone().or_else(|| {
        let (name, _) = manifest.name.as_ref()?;
        Some(format!("{name}-{}-standalone.jar", build.version.as_deref()?))
    });
    planned.set(
        Field::Start,
        format!("java -jar {home}/{}", product.as_deref().unwrap_or("*-standalone.jar")),
        seen,
    );
}

fn clojure(context: &Context<'_, '_>, planned: &mut Planned) {
    let component = context.component;
    let Some((path, manifest)) = build(component, &["deps.edn"]) else { return };
    let seen = |alias: &str| -> Evidence {
        let script = manifest.scripts.get(alias);
        maybe_at(path, script.and_then(|script| script.line), &format!(":{alias}"))
    };
    let run = |alias: &str| {
        let mode = if manifest.scripts.get(alias).is_some_and(|script| script.text.contains(":exec-fn")) {
            "X"
        } else {
            "M"
        };
        format!("clojure -{mode}:{alias}")
    };
    if manifest.scripts.contains_key("test") {
        planned.set(Field::Test, run("test"), seen("test"));
    }
    if component.has("build.clj") && manifest.scripts.contains_key("build") {
        planned.set(Field::Build, "clojure -T:build uber", seen("build"));
        planned.set(Field::Start, "java -jar target/*.jar", seen("build"));
        return;
    }
    let alias = ["prod", "run", "start", "main", "server", "run-m", "run-x"]
        .into_iter()
        .find(|alias| manifest.scripts.contains_key(*alias));
    if let Some(alias) = alias {
        planned.set(Field::Start, run(alias), seen(alias));
    }
}
