//! Commands of JavaScript and TypeScript components: scripts of the manifest first, then the framework's own.

mod compiled;
mod task;

use siteplan_catalog::signals::{Ecosystem, FrameworkRole};
use siteplan_model::survey::{Conflict, ServiceKind};

use super::{Context, Field, Planned, is_development_server, names_missing_file, stated};
use crate::decide::services::documentation_script;
use crate::evidence::{at, file, maybe_at};
use crate::readers::manifest::{Manifest, Script};
use crate::tree::has_ending;

/// Names of scripts that start in production, the most telling first.
const START: &[&str] =
    &["start:prod", "start:production", "start-server", "start", "production", "serve:prod", "prod"];
/// The same for runtimes that need no build.
const TYPESCRIPT_ENTRIES: &[&str] = &[
    "main.ts",
    "src/main.ts",
    "index.ts",
    "src/index.ts",
    "server.ts",
    "src/server.ts",
    "app.ts",
    "src/app.ts",
    "mod.ts",
    "server/index.ts",
    "bot.ts",
    "src/bot.ts",
    "index.tsx",
    "src/index.tsx",
];
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
    if context.component.task().is_some() {
        task::plan(context, planned);
        return;
    }
    let Some((path, manifest)) = context.component.manifest(Ecosystem::Npm) else {
        if context.kind != ServiceKind::Static {
            entry(context, None, planned);
        }
        return;
    };
    let framework = context.shape.map(|shape| &shape.main);
    let site = framework.is_some_and(|used| used.framework.role == FrameworkRole::Site);
    let documents = documentation_script(context.component, context.signals).filter(|_| site);
    if let Some((name, script)) = documents.and_then(|name| Some((name, manifest.scripts.get(name)?))) {
        planned.set(Field::Build, manager.run(name), maybe_at(path, script.line, &script.text));
    } else if let Some((name, script)) = script(manifest, &["build", "build:prod", "build:production"]) {
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

/// The scripts of a workspace's root.
pub(super) fn of_root(context: &Context<'_, '_>, planned: &mut Planned) {
    let Some(manager) = context.manager else { return };
    let Some((path, manifest)) = context.component.manifest(Ecosystem::Npm) else { return };
    if let Some((name, script)) = script(manifest, &["build", "build:prod", "build:production", "build:all"])
    {
        planned.set(Field::Build, manager.run(name), maybe_at(path, script.line, &script.text));
    }
    test(context, path, manifest, planned);
    if let Some((name, script)) = script(manifest, &["lint", "lint:check", "eslint"]) {
        planned.set(Field::Lint, manager.run(name), maybe_at(path, script.line, &script.text));
    }
    let started = script(manifest, START);
    if let Some((name, script)) = started
        && !is_development_server(&context.signals.files, &expanded(manifest, &script.text))
    {
        planned.set(Field::Start, manager.run(name), maybe_at(path, script.line, &script.text));
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
    if let (Some(line), Some(seen)) =
        (&manager.row.test, context.component.matching(&manager.row.test_files).next())
    {
        planned.set(Field::Test, line.clone(), file(seen, "test"));
    }
}

fn start(context: &Context<'_, '_>, path: &str, manifest: &Manifest, planned: &mut Planned) {
    let Some(manager) = context.manager else { return };
    let rules = &context.signals.files;
    let base = &context.component.folder;
    let mut development: Option<(&str, &Script)> = None;
    // Angular names the script that serves what its build rendered after the project.
    let rendered = manifest.scripts.keys().map(String::as_str).filter(|name| name.starts_with("serve:ssr"));
    for name in rendered.chain(START.iter().copied()) {
        let Some(script) = manifest.scripts.get(name) else { continue };
        let text = expanded(manifest, &script.text);
        if is_development_server(rules, &text) {
            development = development.or(Some((name, script)));
        } else if names_missing_file(context.tree, base, &text).is_none() {
            planned.set(Field::Start, manager.run(name), maybe_at(path, script.line, &script.text));
            return;
        }
    }
    without_script(context, path, manifest, development, planned);
    // What the script named `start` does is for development: both are shown.
    if let (Some((name, script)), Some(start)) = (development, &planned.commands.start) {
        let mut evidence = planned.evidence.get("commands.start").cloned().unwrap_or_default();
        evidence.push(maybe_at(path, script.line, &format!("{name}: {}", script.text)));
        let values = vec![start.clone(), manager.run(name)];
        planned.conflicts.push(Conflict { field: "commands.start".to_owned(), values, evidence });
    }
}

/// How a component starts in production that has no script for it.
fn without_script(
    context: &Context<'_, '_>,
    path: &str,
    manifest: &Manifest,
    development: Option<(&str, &Script)>,
    planned: &mut Planned,
) {
    let Some(manager) = context.manager else { return };
    if let Some((docker, dockerfile)) = context.dockerfile
        && let Some(start) =
            stated::container_start(context, dockerfile).filter(|start| stated::usable(context, &start.value))
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
        && used.framework.start_when.as_ref().is_none_or(|needed| context.component.meets(needed).is_some())
    {
        let direct = line.starts_with("node ") || line.starts_with("deno ");
        let line = if direct { line.clone() } else { manager.exec(line) };
        planned.set(Field::Start, line, used.evidence.clone());
        return;
    }
    let watched = development.or_else(|| manifest.scripts.get("dev").map(|script| ("dev", script)));
    if let Some((line, script)) = watched.and_then(|(_, script)| Some((unwatched(context, script)?, script)))
    {
        planned.set(Field::Start, line, maybe_at(path, script.line, &script.text));
        return;
    }
    if let Some((line, seen)) = compiled::start(context, manifest) {
        planned.set(Field::Start, line, seen);
        return;
    }
    entry(context, Some(manifest), planned);
}

/// What a watcher watches, started without it (`nodemon server.js` → `node server.js`).
fn unwatched(context: &Context<'_, '_>, script: &Script) -> Option<String> {
    let words: Vec<&str> = script.text.split_whitespace().collect();
    let watchers: [(&[&str], &str); 7] = [
        (&["nodemon"], "node"),
        (&["node", "--watch"], "node"),
        (&["tsx", "watch"], "tsx"),
        (&["bun", "--watch"], "bun"),
        (&["bun", "--hot"], "bun"),
        (&["bun", "run", "--watch"], "bun"),
        (&["bun", "run", "--hot"], "bun"),
    ];
    let (watcher, program) = watchers.iter().find(|(start, _)| words.starts_with(start))?;
    let [file] = words[watcher.len()..] else { return None };
    let plain = file.trim_start_matches("./");
    let endings: &[&str] =
        if *program == "node" { &["js", "mjs", "cjs"] } else { &["ts", "js", "mts", "tsx"] };
    if !context.component.has(plain) || !has_ending(plain, endings) {
        return None;
    }
    let line = format!("{program} {plain}");
    Some(if *program == "tsx" { context.manager?.exec(&line) } else { line })
}

/// Starts the file in which the program usually begins.
fn entry(context: &Context<'_, '_>, manifest: Option<&Manifest>, planned: &mut Planned) {
    let Some(manager) = context.manager else { return };
    let runtime = match manager.row.id.as_str() {
        "bun" => "bun",
        "deno" => "deno run -A",
        _ => "node",
    };
    let main = manifest.and_then(|one| one.main.as_deref()).map(|main| main.trim_start_matches("./"));
    let entries = main.into_iter().chain(ENTRIES.iter().copied());
    let entries = entries.chain(TYPESCRIPT_ENTRIES.iter().copied());
    // Node.js runs TypeScript only after a build, which is another function's business.
    let runs = |entry: &&str| runtime != "node" || has_ending(entry, &["js", "mjs", "cjs"]);
    for entry in entries.filter(runs) {
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
