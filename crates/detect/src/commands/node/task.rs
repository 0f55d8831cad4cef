//! Projects of a task runner's workspace that have no manifest of their own → commands by the runner's targets.

use siteplan_model::survey::ServiceKind;

use super::super::{Context, Field, Planned, is_development_server};
use crate::evidence::maybe_at;
use crate::readers::nx_project::EXECUTOR;
use crate::tree::join;

/// Plans the commands of a project; they are run at the root.
pub(super) fn plan(context: &Context<'_, '_>, planned: &mut Planned) {
    let Some(manager) = context.manager else { return };
    let Some((path, project)) = context.component.task() else { return };
    let Some((name, _)) = &project.name else { return };
    let target = |target: &str| manager.exec(&format!("nx {target} {name}"));
    for (field, names) in [(Field::Build, &["build"][..]), (Field::Test, &["test"]), (Field::Lint, &["lint"])]
    {
        let found = names.iter().find_map(|one| project.scripts.get(*one).map(|script| (*one, script)));
        if let Some((one, script)) = found {
            planned.set(field, target(one), maybe_at(path, script.line, &script.text));
        }
    }
    // Present workspaces infer targets from the tools' configurations.
    if let Some(used) = context.shape.map(|shape| &shape.main).filter(|_| project.scripts.is_empty()) {
        planned.set(Field::Build, target("build"), used.evidence.clone());
    }
    if context.kind == ServiceKind::Static {
        return;
    }
    let development = |text: &str| is_development_server(&context.signals.files, text);
    let executor = |one: &str| project.programs.get(&format!("{EXECUTOR}{one}")).and_then(Option::as_deref);
    if let Some(script) = project.scripts.get("start").filter(|script| !development(&script.text)) {
        planned.set(Field::Start, target("start"), maybe_at(path, script.line, &script.text));
    } else if let Some((output, script)) =
        project.programs.get("output").and_then(Option::as_deref).zip(project.scripts.get("build"))
        && project.main.as_deref().is_some_and(|main| context.tree.has(main))
    {
        let stem = project.main.as_deref().and_then(|main| main.rsplit('/').next()?.split('.').next());
        let line = format!("node {}", join(output, &format!("{}.js", stem.unwrap_or("main"))));
        planned.set(Field::Start, line, maybe_at(path, script.line, &format!("outputPath {output}")));
    } else if let Some(script) =
        project.scripts.get("serve").filter(|_| executor("serve").is_some() && executor("build").is_some())
    {
        let line = manager.exec(&format!("nx run {name}:serve:production"));
        planned.set(Field::Start, line, maybe_at(path, script.line, &script.text));
    }
}
