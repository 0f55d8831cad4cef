//! What `plan` says at its end: what was written, the plan in five lines, who confirmed what, and the next steps.

use std::fmt::Write as _;

use serde::Serialize;
use similar::TextDiff;
use siteplan_model::design::Design;
use siteplan_model::gate::Gate;

use crate::cli::WriteArgs;
use crate::error::Outcome;
use crate::output::{self, Output};
use crate::ownership::{Action, Planned};
use crate::pipeline::Plan;
use crate::spec_folder::SpecFolder;

/// The result of `plan` for programs.
#[derive(Debug, Serialize)]
struct PlanResult<'a> {
    schema: &'static str,
    /// Whether the files were written, not only worked out.
    written: bool,
    files: Vec<FileResult<'a>>,
    /// Gates that no person confirmed.
    unconfirmed: Vec<Gate>,
    design: &'a Design,
}

/// One file for programs.
#[derive(Debug, Serialize)]
struct FileResult<'a> {
    path: &'a str,
    action: Action,
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
}

/// Tells what was written and what comes next.
pub(crate) fn done(plan: &Plan, files: &[Planned], folder: &SpecFolder, output: Output) -> Outcome<()> {
    if !output.is_text() {
        return output::json(&result(plan, files, true, |_| None));
    }
    let mut text = String::new();
    let mut wrote = false;
    for file in files.iter().filter(|file| !is_inner(&file.path)) {
        let path = folder.shown(&file.path);
        let did = match file.action {
            Action::Created => "wrote",
            Action::Updated => "updated",
            Action::Unchanged => continue,
            Action::Kept => {
                line(&mut text, &format!("kept     {path} as you edited it: the plan says nothing new"));
                continue;
            }
            Action::Foreign => "left",
        };
        wrote = true;
        line(&mut text, &format!("{did:8} {path}"));
    }
    if !wrote && !files.iter().any(|file| file.to_write().is_some()) {
        line(&mut text, "nothing to write: the plan says what it said before");
    }
    text.push('\n');
    summary(&mut text, plan);
    next_steps(&mut text, &plan.design);
    output.result(&text)
}

/// Tells, to those who asked for more, who gave each answer and why it is so.
pub(crate) fn answers(plan: &Plan, output: Output) {
    for record in &plan.design.gates {
        let because = record.because.as_ref().map(|because| format!(": {because}")).unwrap_or_default();
        output.detail(&format!("{} = {} ({}{because})", record.gate, record.answer, record.provenance));
    }
}

/// Tells what would be written, with the changes where they are wanted.
pub(crate) fn rehearsal(plan: &Plan, files: &[Planned], args: &WriteArgs, output: Output) -> Outcome<()> {
    let diff = |file: &Planned| args.diff.then(|| unified(file)).filter(|diff| !diff.is_empty());
    if !output.is_text() {
        return output::json(&result(plan, files, false, diff));
    }
    let mut text = String::new();
    if args.diff {
        for diff in files.iter().filter(|file| !is_inner(&file.path)).filter_map(diff) {
            text.push_str(&diff);
        }
    }
    if args.dry_run {
        for file in files {
            let would = match file.action {
                Action::Created => "would write",
                Action::Updated => "would update",
                Action::Unchanged => "unchanged",
                Action::Kept => "would keep",
                Action::Foreign => "needs --force",
            };
            line(&mut text, &format!("{would:14} {} ({} lines)", file.path, file.after.lines().count()));
        }
    }
    output.result(&text)
}

/// Files that are siteplan's own record and no reading for people.
fn is_inner(path: &str) -> bool {
    path.contains("/.siteplan/") && !path.contains("/.siteplan/backup/")
}

fn unified(file: &Planned) -> String {
    // Edits that stay are no change.
    if file.action == Action::Kept {
        return String::new();
    }
    let before = file.before.as_deref().unwrap_or_default();
    let old = if file.before.is_some() { format!("a/{}", file.path) } else { "/dev/null".to_owned() };
    TextDiff::from_lines(before, &file.after)
        .unified_diff()
        .context_radius(3)
        .header(&old, &format!("b/{}", file.path))
        .to_string()
}

fn summary(text: &mut String, plan: &Plan) {
    let design = &plan.design;
    let platform = &design.platform;
    let row = |text: &mut String, name: &str, value: &str| line(text, &format!("  {name:12} {value}"));
    row(
        text,
        "platform",
        &format!(
            "{}, {} confidence ({:.0} of 100)",
            platform.name,
            platform.confidence.label().to_lowercase(),
            platform.support * 100.0
        ),
    );
    let total = &design.cost.total;
    row(
        text,
        "cost",
        &format!(
            "{} a month, {} expected; {}",
            total.span(),
            total.expected.rounded(),
            design.cost.budget.summary
        ),
    );
    let environments: Vec<&str> = design.environments.list.iter().map(|place| place.name.as_str()).collect();
    row(text, "environments", &environments.join(", "));
    row(text, "effort", &format!("{} complexity", platform.complexity.label().to_lowercase()));
    let unconfirmed: Vec<&str> = unconfirmed(design).into_iter().map(Gate::key).collect();
    if unconfirmed.is_empty() {
        row(text, "status", "draft; every answer was confirmed by a person");
    } else {
        row(text, "status", &format!("draft; no person confirmed {}", unconfirmed.join(", ")));
    }
    for warning in &design.warnings {
        row(text, "warning", warning);
    }
}

fn next_steps(text: &mut String, design: &Design) {
    line(text, "\nNext steps");
    for (index, step) in design.next_steps.iter().enumerate() {
        line(text, &format!("  {}. {}", index + 1, step.title));
        for command in &step.commands {
            line(text, &format!("       {command}"));
        }
        if let Some(note) = &step.note {
            line(text, &format!("     {note}"));
        }
    }
}

fn unconfirmed(design: &Design) -> Vec<Gate> {
    design.gates.iter().filter(|record| !record.channel.is_personal()).map(|record| record.gate).collect()
}

fn result<'a>(
    plan: &'a Plan,
    files: &'a [Planned],
    written: bool,
    diff: impl Fn(&Planned) -> Option<String>,
) -> PlanResult<'a> {
    let files =
        files.iter().map(|file| FileResult { path: &file.path, action: file.action, diff: diff(file) });
    PlanResult {
        schema: "siteplan/plan-result@1",
        written,
        files: files.collect(),
        unconfirmed: unconfirmed(&plan.design),
        design: &plan.design,
    }
}

fn line(text: &mut String, words: &str) {
    writeln!(text, "{words}").expect("writing to a string");
}
