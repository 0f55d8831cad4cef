//! The lines that are the same for every project of a package manager, language or framework, with names filled in.

use siteplan_catalog::signals::{Ecosystem, UsualCommands};
use siteplan_model::fact::Evidence;
use siteplan_model::survey::ServiceKind;

use super::{Context, Field, Planned};
use crate::evidence::file;
use crate::tree::name;

/// Plans what is still open.
pub(super) fn plan(context: &Context<'_, '_>, ecosystem: Option<Ecosystem>, planned: &mut Planned) {
    let component = context.component;
    let by_manager = context
        .manager
        .filter(|one| one.row.usual.start.is_some() && component.manifest(one.row.ecosystem).is_some());
    let of_language = || {
        let program = context.program.filter(|_| ecosystem.is_none())?;
        let (_, source) = component.sources.iter().find(|(path, _)| *path == program)?;
        let usual = context.signals.language(&source.language)?.bare.as_ref()?;
        Some((usual, Some(file(program, "program"))))
    };
    let known = by_manager.map(|one| (&one.row.usual, one.evidence.first().cloned())).or_else(of_language);
    let Some((usual, seen)) = known else {
        // A generator of sites needs no manifest: its own line builds them.
        if let Some(shape) = context.shape.filter(|one| one.main.ecosystem.is_none())
            && let Some(line) = shape.main.framework.build.as_ref().and_then(|line| filled(context, line))
        {
            planned.set(Field::Build, line, shape.main.evidence.clone());
        }
        return;
    };
    let framework = context.shape.map(|shape| shape.main.framework);
    let seen = seen.unwrap_or_else(|| file(component.shown(), "no manifest"));
    let of_framework = |line: Option<&String>| {
        let used = context.shape.map(|shape| shape.main.evidence.clone());
        line.and_then(|line| Some((filled(context, line)?, used?)))
    };
    let may_build = usual.build_file.as_deref().is_none_or(|needed| component.has(needed));
    let build = of_framework(framework.and_then(|one| one.build.as_ref()))
        .or_else(|| Some((filled(context, usual.build.as_ref()?)?, seen.clone())).filter(|_| may_build));
    let complete = build.is_some() || usual.build.is_none();
    if let Some((line, evidence)) = build {
        planned.set(Field::Build, line, evidence);
    }
    plan_test(context, usual, framework.and_then(|one| one.test.as_ref()), &seen, planned);
    if context.kind == ServiceKind::Static || !complete {
        return;
    }
    let start = of_framework(framework.and_then(|one| one.start.as_ref()))
        .or_else(|| Some((filled(context, usual.start.as_ref()?)?, seen)));
    if let Some((line, evidence)) = start {
        planned.set(Field::Start, line, evidence);
    }
}

fn plan_test(
    context: &Context<'_, '_>,
    usual: &UsualCommands,
    of_framework: Option<&String>,
    seen: &Evidence,
    planned: &mut Planned,
) {
    let tests: Vec<String> = usual.test_files.iter().map(|pattern| format!("/{pattern}")).collect();
    let there = context.component.matching(&tests).next();
    if let (Some(line), Some(path)) = (of_framework.or(usual.test.as_ref()), there)
        && let Some(line) = filled(context, line)
    {
        // A build description can name tests; whether it does is not looked into, so that it counts as their evidence.
        let evidence = if name(path) == name(&seen.path) { seen.clone() } else { file(path, "tests") };
        planned.set(Field::Test, line, evidence);
    }
}

/// A line with its names filled in; none where one is not known.
fn filled(context: &Context<'_, '_>, line: &str) -> Option<String> {
    let stem = |path: &str| name(path).split('.').next().unwrap_or_default().to_owned();
    let base = &context.component.folder;
    let own = context.program.and_then(|program| crate::tree::relative(program, base));
    let program = context.target.map(|(name, _)| name.to_owned()).or_else(|| own.map(stem));
    let source =
        context.target.and_then(|(_, path)| path.map(str::to_owned)).or_else(|| own.map(str::to_owned));
    let manifest = context.manager.and_then(|manager| context.component.manifest(manager.row.ecosystem));
    let named = manifest.and_then(|(_, one)| one.name.as_ref()).map(|(name, _)| name.clone());
    let port = context.port.map(|port| port.to_string());
    let mut line = line.to_owned();
    for (mark, value) in [("{program}", program), ("{file}", source), ("{name}", named), ("{port}", port)] {
        if line.contains(mark) {
            line = line.replace(mark, &value.filter(|one| !one.is_empty())?);
        }
    }
    Some(line)
}
