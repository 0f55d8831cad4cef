//! Commands of Go, Rust, .NET and Elixir components: what they build has a name.

use siteplan_catalog::signals::Ecosystem;
use siteplan_model::fact::Evidence;
use siteplan_model::survey::ServiceKind;

use super::{Context, Field, Planned, way_up};
use crate::evidence::{at, file, maybe_at};
use crate::readers::manifest::Manifest;
use crate::tree::{folder, name, relative};

pub(super) fn plan(context: &Context<'_, '_>, ecosystem: Option<Ecosystem>, planned: &mut Planned) {
    let Some(ecosystem) = ecosystem else { return };
    let bare = Manifest::new(ecosystem);
    let Some((path, manifest)) =
        context.component.manifest(ecosystem).map(|(path, manifest)| (*path, manifest)).or_else(|| {
            // A Go program of one file needs no module.
            context.program.filter(|_| ecosystem == Ecosystem::Go).map(|program| (program, &bare))
        })
    else {
        return;
    };
    match ecosystem {
        Ecosystem::Go => go(context, path, manifest, planned),
        Ecosystem::Crate => rust(context, path, manifest, planned),
        Ecosystem::Nuget => dotnet(context, path, manifest, planned),
        _ => elixir(context, path, manifest, planned),
    }
}

fn go(context: &Context<'_, '_>, path: &str, manifest: &Manifest, planned: &mut Planned) {
    let component = context.component;
    let program =
        context.program.and_then(|program| relative(program, &component.folder)).unwrap_or("main.go");
    let package = folder(program);
    let module = manifest.name.as_ref().map_or("app", |(module, _)| module.as_str());
    let module = module.rsplit('/').find(|part| !is_major_version(part)).unwrap_or("app");
    let binary = if package.is_empty() || name(package) == "cmd" { module } else { name(package) };
    let seen = file(&component.path(program), "package main");
    if component.manifest(Ecosystem::Go).is_none() {
        // Without a module only files can be compiled, and there is nothing to install or to test by path.
        let stem = name(program).trim_end_matches(".go");
        let sole = component.sources.iter().filter(|(_, one)| one.language == "go").count() == 1;
        let build = if sole {
            format!("go build -o bin/{stem} {program}")
        } else {
            format!("GO111MODULE=off go build -o bin/{stem} ./{package}")
        };
        planned.commands.install = None;
        planned.evidence.remove("commands.install");
        planned.set(Field::Build, build, seen.clone());
        planned.set(Field::Start, format!("./bin/{stem}"), seen);
        return;
    }
    let target = if package.is_empty() { ".".to_owned() } else { format!("./{package}") };
    planned.set(Field::Build, format!("go build -o bin/{binary} {target}"), seen.clone());
    planned.set(Field::Test, "go test ./...", file(path, "Go module"));
    let linter =
        [".golangci.yml", ".golangci.yaml", ".golangci.toml"].into_iter().find(|one| component.has(one));
    match linter {
        Some(config) => {
            planned.set(Field::Lint, "golangci-lint run", file(&component.path(config), "configuration"));
        }
        None => planned.set(Field::Lint, "go vet ./...", file(path, "Go module")),
    }
    planned.set(Field::Start, format!("./bin/{binary}"), seen);
}

fn is_major_version(part: &str) -> bool {
    part.strip_prefix('v')
        .is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()))
}

fn rust(context: &Context<'_, '_>, path: &str, manifest: &Manifest, planned: &mut Planned) {
    let component = context.component;
    let package = manifest.name.as_ref().map_or("app", |(package, _)| package.as_str());
    let binary = context
        .program
        .and_then(|program| program_name(component.folder.as_str(), program, manifest))
        .or_else(|| manifest.main.clone())
        .or_else(|| manifest.programs.keys().next().filter(|_| !component.has("src/main.rs")).cloned())
        .or_else(|| {
            manifest
                .programs
                .iter()
                .find(|(_, p)| p.as_deref() == Some("src/main.rs"))
                .map(|(n, _)| n.clone())
        })
        .unwrap_or_else(|| package.to_owned());
    let is_static = context.kind == ServiceKind::Static;
    // A member builds into the folder of its workspace.
    let up = context
        .components
        .iter()
        .filter(|other| {
            other.folder != component.folder && relative(&component.folder, &other.folder).is_some()
        })
        .find(|other| {
            other.manifest(Ecosystem::Crate).is_some_and(|(_, manifest)| !manifest.members.is_empty())
        })
        .map(|root| way_up(relative(&component.folder, &root.folder).unwrap_or(&component.folder)));
    let locked = if context.manager.is_some_and(|manager| manager.lock.is_some()) { " --locked" } else { "" };
    let several = manifest.programs.len() > 1;
    let which = if several { format!(" --bin {binary}") } else { String::new() };
    let seen =
        maybe_at(path, manifest.name.as_ref().and_then(|(_, line)| *line), &format!("package {package}"));
    // Code for browsers is packed by a tool of its own; a server framework whose tool is not configured is built as any program.
    let packed = context.shape.and_then(|shape| {
        let framework = shape.main.framework;
        let usual = framework.build.as_ref();
        let line = if is_static { framework.static_build.as_ref().or(usual) } else { usual };
        Some((line?.clone(), shape.main.evidence.clone()))
    });
    if let Some((line, evidence)) = packed {
        planned.set(Field::Build, line, evidence);
    }
    planned.set(Field::Build, format!("cargo build --release{locked}{which}"), seen.clone());
    planned.set(Field::Test, format!("cargo test{locked}"), seen.clone());
    planned.set(Field::Lint, "cargo clippy --all-targets", seen.clone());
    if is_static {
        return;
    }
    let prefix = up.unwrap_or_else(|| "./".to_owned());
    planned.set(Field::Start, format!("{prefix}target/release/{binary}"), seen);
}

/// The name of the program that a source file begins.
fn program_name(base: &str, program: &str, manifest: &Manifest) -> Option<String> {
    let below = relative(program, base)?;
    if let Some((name, _)) = manifest.programs.iter().find(|(_, path)| path.as_deref() == Some(below)) {
        return Some(name.clone());
    }
    let stem = below.strip_prefix("src/bin/")?;
    Some(stem.trim_end_matches("/main.rs").trim_end_matches(".rs").to_owned())
}

fn dotnet(context: &Context<'_, '_>, path: &str, manifest: &Manifest, planned: &mut Planned) {
    let project = manifest.name.as_ref().map_or("app", |(project, _)| project.as_str());
    let program = manifest.build.product.as_deref().filter(|name| !name.contains('$')).unwrap_or(project);
    let seen = file(path, "project file");
    if manifest.dependencies.iter().any(|one| one.name == "classic:web-application") {
        // It is built by MSBuild for a web server of Windows, which no line here starts.
        planned.set(Field::Build, format!("msbuild {} /p:Configuration=Release", name(path)), seen);
        return;
    }
    // With several projects in a folder the one that is meant is named.
    let several = context.component.manifests.iter().filter(|(other, other_manifest)| {
        other_manifest.ecosystem == Ecosystem::Nuget
            && other_manifest.name.is_some()
            && folder(other) == folder(path)
    });
    let which = if several.count() > 1 { format!(" {}", name(path)) } else { String::new() };
    planned.set(Field::Build, format!("dotnet publish{which} -c Release -o out"), seen.clone());
    let tests = context.components.iter().flat_map(|component| &component.manifests).find(|(_, other)| {
        other.ecosystem == Ecosystem::Nuget && other.modules.iter().any(|module| module == "tests")
    });
    if let Some((tests, _)) = tests {
        let line = format!("dotnet test {}{}", way_up(&context.component.folder), folder(tests));
        planned.set(Field::Test, line, file(tests, "test project"));
    }
    if context.kind != ServiceKind::Static {
        planned.set(Field::Start, format!("dotnet out/{program}.dll"), seen);
    }
}

/// What says that the application is deployed as a release.
fn releases(context: &Context<'_, '_>, path: &str, manifest: &Manifest) -> Option<Evidence> {
    if manifest.modules.iter().any(|one| one == "releases") {
        return Some(file(path, "releases"));
    }
    let (docker, dockerfile) = context.dockerfile?;
    let run = dockerfile.stages.iter().flat_map(|stage| &stage.runs).find(|run| {
        run.value.contains("mix release") || run.value.contains("mix do") && run.value.contains("release")
    })?;
    Some(at(docker, run.line, &run.value))
}

fn elixir(context: &Context<'_, '_>, path: &str, manifest: &Manifest, planned: &mut Planned) {
    let component = context.component;
    let app = manifest.name.as_ref().map_or("app", |(app, _)| app.as_str());
    let seen = file(path, "Mix project");
    let assets =
        manifest.modules.iter().any(|alias| alias == "assets.deploy") && context.kind == ServiceKind::Web;
    let steps = if assets { "MIX_ENV=prod mix assets.deploy && " } else { "" };
    let release = manifest.main.as_deref().unwrap_or(app);
    let server = "rel/overlays/bin/server";
    let phoenix =
        context.shape.is_some_and(|shape| shape.main.framework.start.as_deref() == Some("mix phx.server"));
    if component.has(server) {
        planned.set(Field::Build, format!("{steps}MIX_ENV=prod mix release"), seen.clone());
        planned.set(
            Field::Start,
            format!("_build/prod/rel/{release}/bin/server"),
            file(&component.path(server), "release script"),
        );
    } else if let Some(seen) = releases(context, path, manifest) {
        planned.set(Field::Build, format!("{steps}MIX_ENV=prod mix release"), seen.clone());
        let switch = if phoenix { "PHX_SERVER=true " } else { "" };
        planned.set(Field::Start, format!("{switch}_build/prod/rel/{release}/bin/{release} start"), seen);
    } else {
        planned.set(Field::Build, format!("{steps}MIX_ENV=prod mix compile"), seen.clone());
        let line = if phoenix { "MIX_ENV=prod mix phx.server" } else { "MIX_ENV=prod mix run --no-halt" };
        planned.set(Field::Start, line, seen.clone());
    }
    if context.tree.has_folder(&component.path("test")) {
        planned.set(Field::Test, "mix test", file(&component.path("test"), "tests"));
    }
    let credo = manifest.dependencies.iter().find(|one| one.name == "credo");
    match credo {
        Some(one) => planned.set(Field::Lint, "mix credo", at(path, one.line.unwrap_or(1), "credo")),
        None if component.has(".formatter.exs") => {
            planned.set(
                Field::Lint,
                "mix format --check-formatted",
                file(&component.path(".formatter.exs"), "formatter"),
            );
        }
        None => {}
    }
}
