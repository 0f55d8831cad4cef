//! The program of a migration tool that is none of the application's dependencies → where it is made, and how the image gets it.

use siteplan_catalog::small::ToolImage;
use siteplan_model::design::{ImageStage, ImageStep};

use super::layers::is_plain;
use crate::ground::Ground;
use crate::prose;
use crate::services::PlacedService;

/// The stage that makes the program.
const STAGE: &str = "migrate";

/// A program that the image must hold.
pub(super) struct Tool<'a> {
    facts: &'a ToolImage,
    engine: String,
    arguments: String,
}

/// The program that migrates from the image of these services, where it must be brought along.
pub(super) fn of<'a>(ground: &Ground<'a>, group: &[&PlacedService<'_>]) -> Option<Tool<'a>> {
    let migrates = group.iter().any(|service| service.plan.migrate.is_some());
    let tool = ground.migration_tool.filter(|_| migrates && ground.migrates_automatically())?;
    needed(ground, tool.image.as_ref()?)
}

/// The program, where the command that migrates is its own and an engine is known for it.
fn needed<'a>(ground: &Ground<'a>, facts: &'a ToolImage) -> Option<Tool<'a>> {
    let program = ground.survey.migrations.as_ref()?.program.as_deref()?;
    let (command, _) = ground.migrate_command()?;
    let rest = match &facts.command {
        Some([from, _]) => command.strip_prefix(from.as_str())?,
        None => command.strip_prefix(program).filter(|rest| rest.starts_with(' '))?,
    };
    let used = ground.placed_database().map(|data| data.engine.as_str()).or_else(|| ground.embedded_engine());
    let engine = if facts.engines.is_empty() { "" } else { facts.engines.get(used?)? };
    // What could be syntax of a shell or of the file makes no part of a line.
    let plain = rest.split_whitespace().all(|word| is_plain(word.trim_start_matches('-')));
    let arguments = if facts.command.is_some() { rest } else { "" };
    (facts.command.is_none() || plain).then(|| Tool {
        facts,
        engine: engine.to_owned(),
        arguments: arguments.to_owned(),
    })
}

impl Tool<'_> {
    fn line(&self, version: &str) -> String {
        let line = self.facts.run.replace("{engine}", &self.engine);
        line.replace("{version}", version).replace("{arguments}", &self.arguments)
    }

    /// Makes it in a stage of its own or in the one that builds, and copies it into the last.
    pub(super) fn add(&self, recipe: &str, version: &str, stages: &mut Vec<ImageStage>) {
        let can = self.facts.recipes.is_empty() || self.facts.recipes.iter().any(|one| one == recipe);
        if !can || stages.is_empty() {
            return;
        }
        let make = ImageStep::Run { line: self.line(version), waived: Vec::new() };
        let from = if let Some(base) = &self.facts.base {
            let stage = ImageStage { name: Some(STAGE.to_owned()), base: base.clone(), steps: vec![make] };
            stages.insert(0, stage);
            STAGE.to_owned()
        } else {
            let Some(build) = stages.iter_mut().rev().nth(1) else { return };
            let Some(name) = build.name.clone() else { return };
            build.steps.push(make);
            name
        };
        if let Some(last) = stages.last_mut() {
            let copy = ImageStep::Copy {
                from: Some(from),
                sources: vec![self.facts.take.clone()],
                to: self.facts.to.clone(),
                owner: None,
            };
            let comment = ImageStep::Comment("The program that migrates the database.".to_owned());
            last.steps.splice(0..0, [comment, copy]);
        }
    }
}

/// What a repository's own Dockerfile lacks to migrate where the platform runs its image.
pub(crate) fn lacking(ground: &Ground<'_>) -> Option<String> {
    let service = crate::delivery::release::migrating(ground)?;
    let dockerfile = service.plan.dockerfile.as_deref().filter(|_| service.plan.needs_image)?;
    let there = service.platform.migrate.hook.is_some() || service.platform.migrate.line.is_some();
    let found = ground.survey.migrations.as_ref().filter(|found| !found.in_image && there)?;
    let program = found.program.as_deref().filter(|_| ground.migrates_automatically())?;
    let (command, _) = ground.migrate_command()?;
    if command.split_whitespace().next() != Some(program) {
        return None;
    }
    let tool = ground.migration_tool?;
    let facts = tool.image.as_ref();
    let how = facts.and_then(|facts| Some((facts, needed(ground, facts)?))).map(|(facts, needed)| {
        let made = prose::code(&needed.line(service.plan.language_version.as_deref().unwrap_or_default()));
        let taken =
            format!("copy {} into its last stage as {}", prose::code(&facts.take), prose::code(&facts.to));
        let runs =
            facts.command.as_ref().map(|[_, to]| format!(", and let {} be the command", prose::code(to)));
        let place = facts.base.as_ref().map_or_else(
            || "the stage that builds".to_owned(),
            |base| format!("a stage from {}", prose::code(base)),
        );
        format!(": run {made} in {place}, {taken}{}", runs.unwrap_or_default())
    });
    Some(format!(
        "{} runs {} in the image of {}, which does not hold {}: the first release fails until it does{}.",
        service.platform.name,
        prose::code(&command),
        prose::code(dockerfile),
        prose::code(program),
        how.unwrap_or_default()
    ))
}
