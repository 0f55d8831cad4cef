//! What a TypeScript build leaves → the line that starts it; never a file that no build makes.

use siteplan_model::fact::Evidence;

use super::super::Context;
use crate::evidence::{at, file};
use crate::readers::Record;
use crate::readers::manifest::Manifest;
use crate::readers::small_files::TypeScript;
use crate::tree::{folder, has_ending, join, name, relative, resolve};

/// How many configurations may build upon each other.
const MOST_EXTENDED: usize = 4;
/// Files in which a server usually begins.
const STEMS: &[&str] = &["server", "main", "index", "app"];

/// The line that starts what the compiler writes, with where that is said.
pub(super) fn start(context: &Context<'_, '_>, manifest: &Manifest) -> Option<(String, Evidence)> {
    let build = manifest.scripts.get("build")?;
    let compiles = build.text.split_whitespace().any(|word| word == "tsc" || word == "tsc-alias");
    let component = context.component;
    if let Some(main) = manifest.main.as_deref().map(|main| main.trim_start_matches("./")) {
        // The manifest names the file itself: the build makes it where the source of that name is there.
        let stem = main.rsplit_once('.').map_or(main, |(stem, _)| stem);
        let below = stem.split_once('/').map(|(_, below)| below);
        let source = below.is_some_and(|below| {
            ["ts", "mts", "tsx"].iter().any(|ending| {
                component.has(&format!("src/{below}.{ending}")) || component.has(&format!("{below}.{ending}"))
            })
        });
        if source && has_ending(main, &["js", "mjs", "cjs"]) && !component.has(main) {
            return Some((
                format!("node {main}"),
                file(&component.path("package.json"), &format!("main: {main}")),
            ));
        }
    }
    if !compiles {
        return None;
    }
    let (path, settings, seen) = settings(context)?;
    let root = settings.root.unwrap_or_else(|| common_root(context, &settings.include));
    let out = settings.out?;
    let entry = component
        .sources
        .iter()
        .filter(|(source, _)| has_ending(source, &["ts", "mts"]))
        .filter_map(|(source, facts)| Some((relative(source, &component.path(&root))?, facts)))
        .filter(|(below, _)| !below.contains('/'))
        .filter_map(|(below, facts)| {
            let stem = below.split('.').next()?;
            let place = STEMS.iter().position(|one| *one == stem)?;
            Some((facts.serves.is_none(), facts.imports.is_empty(), place, stem))
        })
        .min()?;
    Some((format!("node {}", join(&out.0, &format!("{}.js", entry.3))), at(&path, out.1, &seen)))
}

/// The compiler's settings of a component, completed by those that they build upon.
fn settings(context: &Context<'_, '_>) -> Option<(String, TypeScript, String)> {
    let mut path = context.component.path("tsconfig.json");
    let mut whole = TypeScript::default();
    let mut place = None;
    for _ in 0..MOST_EXTENDED {
        let Some(Record::TypeScript(settings)) = context.tree.record(&path) else { break };
        // Folders are relative to the file that names them.
        let here = |below: &str| {
            relative(&resolve(folder(&path), below)?, &context.component.folder).map(str::to_owned)
        };
        if whole.out.is_none()
            && let Some((out, line)) = &settings.out
        {
            whole.out = here(out).map(|out| (out, *line));
            place = Some((path.clone(), format!("outDir {out}")));
        }
        if whole.root.is_none() {
            whole.root = settings.root.as_deref().and_then(here);
        }
        if whole.include.is_empty() {
            whole.include.clone_from(&settings.include);
        }
        let Some(next) = settings.extends.as_deref().and_then(|next| resolve(folder(&path), next)) else {
            break;
        };
        path = if has_ending(&next, &["json"]) { next } else { format!("{next}.json") };
    }
    let (path, seen) = place?;
    Some((path, whole, seen))
}

/// The folder that all compiled files lie in: what the compiler takes for their root.
fn common_root(context: &Context<'_, '_>, include: &[String]) -> String {
    let first =
        |path: &str| path.trim_start_matches("./").split(['/', '*']).next().unwrap_or_default().to_owned();
    let in_source = if include.is_empty() {
        let component = context.component;
        let mut below = component
            .sources
            .iter()
            .filter(|(path, _)| has_ending(path, &["ts", "tsx", "mts"]) && !name(path).contains(".config."))
            .filter_map(|(path, _)| relative(path, &component.folder));
        below.all(|path| path.starts_with("src/"))
    } else {
        include.iter().all(|path| first(path) == "src")
    };
    if in_source { "src".to_owned() } else { String::new() }
}
