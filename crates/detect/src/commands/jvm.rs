//! Commands of JVM components: the wrapper where there is one, a jar as the product.

use siteplan_catalog::signals::Ecosystem;

use super::{Context, Field, Planned, way_up};
use crate::evidence::file;

pub(super) fn plan(context: &Context<'_, '_>, planned: &mut Planned) {
    let component = context.component;
    let Some(manager) = context.manager else { return };
    let wrapper = |script: &str, program: &str| {
        if component.has(script) {
            return (format!("./{script}"), component.path(script));
        }
        if context.tree.has(script) {
            return (format!("{}{script}", way_up(&component.folder)), script.to_owned());
        }
        let path = component
            .manifest(Ecosystem::Maven)
            .map_or_else(|| component.shown().to_owned(), |(path, _)| (*path).to_owned());
        (program.to_owned(), path)
    };
    // A framework may build its program somewhere of its own.
    let jar = |usual: &str| {
        let own = context.shape.and_then(|shape| shape.main.framework.programs.get(&manager.row.id));
        format!("java -jar {}", own.map_or(usual, String::as_str))
    };
    let boot = component.manifests.iter().any(|(_, manifest)| {
        manifest.dependencies.iter().any(|one| one.name.starts_with("org.springframework.boot:"))
    });
    match manager.row.id.as_str() {
        "maven" => {
            let (program, path) = wrapper("mvnw", "mvn");
            let seen = file(&path, "Maven");
            planned.set(Field::Install, format!("{program} -B dependency:go-offline"), seen.clone());
            planned.set(Field::Build, format!("{program} -B -DskipTests package"), seen.clone());
            planned.set(Field::Test, format!("{program} -B test"), seen.clone());
            planned.set(Field::Start, jar("target/*.jar"), seen);
        }
        "gradle" => {
            let (program, path) = wrapper("gradlew", "gradle");
            let seen = file(&path, "Gradle");
            planned.set(Field::Install, format!("{program} dependencies"), seen.clone());
            // `bootJar` alone leaves one jar; `build` would leave a plain one beside it.
            let task = if boot { "bootJar" } else { "build -x test" };
            planned.set(Field::Build, format!("{program} {task}"), seen.clone());
            planned.set(Field::Test, format!("{program} test"), seen.clone());
            planned.set(Field::Start, jar("build/libs/*.jar"), seen);
        }
        "sbt" => {
            let seen = file(&component.path("build.sbt"), "sbt");
            planned.set(Field::Build, "sbt stage", seen.clone());
            planned.set(Field::Test, "sbt test", seen);
        }
        _ => {}
    }
}
