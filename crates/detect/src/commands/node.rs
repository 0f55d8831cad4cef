//! Commands of JavaScript and TypeScript components: scripts of the manifest first, then the framework's own.

use siteplan_catalog::signals::{Ecosystem, FrameworkRole};
use siteplan_model::survey::ServiceKind;

use super::{Context, Field, Planned, is_development_server, names_missing_file, stated};
use crate::evidence::{at, file, maybe_at};
use crate::readers::manifest::{Manifest, Script};

/// Names of scripts that start in production, the most telling first.
const START: &[&str] =
    &["start:prod", "start:production", "start-server", "start", "production", "serve:prod", "prod"];
/// Names of scripts that test once.
const TEST: &[&str] = &["test:ci", "test", "test:unit", "test:run", "tests", "test:all", "unit"];
/// Files that are run without being named anywhere.
const ENTRIES: &[&str] = &[
    "index.js",
    "server.js",
    "app.js",
    "main.js",
    "src/index.js",
    "src/server.js",
    "src/app.js",
    "src/main.js",
    "index.mjs",
    "server.mjs",
    "server/index.js",
    "server/server.js",
    "bot.js",
    "src/bot.js",
];

pub(super) fn plan(context: &Context<'_, '_>, planned: &mut Planned) {
    let Some(manager) = context.manager else { return };
    let Some((path, manifest)) = context.component.manifest(Ecosystem::Npm) else { return };
    let framework = context.shape.map(|shape| &shape.main);
    if let Some((name, script)) = script(manifest, &["build", "build:prod", "build:production"]) {
        planned.set(Field::Build, manager.run(name), maybe_at(path, script.line, &script.text));
    } else if let Some(used) = framework.filter(|used| used.ecosystem == Some(Ecosystem::Npm)) {
        let builds = used.framework.role != FrameworkRole::Api || context.component.has("nest-cli.json");
        if let Some(build) = used.framework.build.as_deref().filter(|_| builds) {
            planned.set(Field::Build, manager.exec(build), used.evidence.clone());
        }
    }
    test(context, path, manifest, planned);
    if let Some((name, script)) = script(manifest, &["lint", "lint:check", "eslint"]) {
        planned.set(Field::Lint, manager.run(name), maybe_at(path, script.line, &script.text));
    }
    if context.kind != ServiceKind::Static {
        start(context, path, manifest, planned);
    }
}

fn script<'m>(manifest: &'m Manifest, names: &[&'static str]) -> Option<(&'static str, &'m Script)> {
    names.iter().find_map(|name| manifest.scripts.get(*name).map(|script| (*name, script)))
}

fn test(context: &Context<'_, '_>, path: &str, manifest: &Manifest, planned: &mut Planned) {
    let Some(manager) = context.manager else { return };
    let real =
        |script: &Script| !script.text.contains("no test specified") && !script.text.starts_with("echo ");
    let found = TEST
        .iter()
        .find_map(|name| manifest.scripts.get(*name).filter(|s| real(s)).map(|script| (*name, script)));
    if let Some((name, script)) = found {
        let line = manager.run(name);
        let dashes = if manager.row.id == "npm" { " --" } else { "" };
        // A watcher never ends in CI, so it is told to run once.
        let has = |words: &str| script.text.contains(words);
        let watches = has("react-scripts test")
            || has("--watchAll") && !has("--watchAll=false")
            || has("--watch") && has("jest");
        let once = if watches {
            format!("{line}{dashes} --watchAll=false")
        } else if script.text.trim_end().ends_with("vitest")
            || script.text.contains("vitest --") && !script.text.contains("--run")
        {
            format!("{line}{dashes} --run")
        } else if script.text.trim() == "ng test" {
            format!("{line}{dashes} --watch=false --browsers=ChromeHeadless")
        } else {
            line
        };
        planned.set(Field::Test, once, maybe_at(path, script.line, &script.text));
        return;
    }
    for (package, line) in [("vitest", "vitest run"), ("jest", "jest"), ("mocha", "mocha"), ("ava", "ava")] {
        if let Some(dependency) = manifest.dependencies.iter().find(|one| one.name == package) {
            planned.set(Field::Test, manager.exec(line), maybe_at(path, dependency.line, package));
        }
    }
}

fn start(context: &Context<'_, '_>, path: &str, manifest: &Manifest, planned: &mut Planned) {
    let Some(manager) = context.manager else { return };
    let rules = &context.signals.files;
    let base = &context.component.folder;
    for name in START {
        let Some(script) = manifest.scripts.get(*name) else { continue };
        let text = expanded(manifest, &script.text);
        if !is_development_server(rules, &text) && names_missing_file(context.tree, base, &text).is_none() {
            planned.set(Field::Start, manager.run(name), maybe_at(path, script.line, &script.text));
            return;
        }
    }
    if let Some((docker, dockerfile)) = context.dockerfile
        && let Some(start) = dockerfile.start().filter(|start| stated::usable(context, &start.value))
    {
        planned.set(
            Field::Start,
            stated::without_migrations(context.signals, &start.value),
            at(docker, start.line, &start.value),
        );
        return;
    }
    if let Some(used) =
        context.shape.map(|shape| &shape.main).filter(|one| one.ecosystem == Some(Ecosystem::Npm))
        && let Some(line) = &used.framework.start
    {
        let direct = line.starts_with("node ") || line.starts_with("deno ");
        let line = if direct { line.clone() } else { manager.exec(line) };
        planned.set(Field::Start, line, used.evidence.clone());
        return;
    }
    let runtime = match manager.row.id.as_str() {
        "bun" => "bun",
        "deno" => "deno run -A",
        _ => "node",
    };
    let main = manifest.main.as_deref().map(|main| main.trim_start_matches("./"));
    let typescript = ["index.ts", "src/index.ts", "main.ts", "server.ts", "src/main.ts"];
    let entries = main.into_iter().chain(ENTRIES.iter().copied());
    let entries = entries.chain(typescript.into_iter().filter(|_| runtime != "node"));
    for entry in entries {
        if context.component.has(entry) {
            let found = context.component.path(entry);
            planned.set(Field::Start, format!("{runtime} {entry}"), file(&found, "entry file"));
            return;
        }
    }
}

/// A script with the scripts that it runs in turn, two levels deep: enough to see a development server behind a name.
fn expanded(manifest: &Manifest, text: &str) -> String {
    let mut all = text.to_owned();
    for _ in 0..2 {
        let mut more = String::new();
        for (name, script) in &manifest.scripts {
            let runs = [
                format!("run {name}"),
                format!("yarn {name}"),
                format!("pnpm {name}"),
                format!("npm {name}"),
            ];
            let whole = |run: &String| {
                all.find(run.as_str()).is_some_and(|at| {
                    !all[at + run.len()..]
                        .starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_'))
                })
            };
            if runs.iter().any(whole) && !all.contains(&script.text) {
                more.push_str(" && ");
                more.push_str(&script.text);
            }
        }
        if more.is_empty() {
            break;
        }
        all.push_str(&more);
    }
    all
}
