//! What `plan` says at its end: what was written, the plan in five lines, who confirmed what, and the next steps.

mod diff;
pub(crate) mod generation;

use std::fmt::Write as _;

use serde::Serialize;
use siteplan_model::design::{Design, NextStep};
use siteplan_model::digits::hundredths;
use siteplan_model::gate::Gate;

use crate::cli::WriteArgs;
use crate::documents::{Disputed, Documents};
use crate::error::Outcome;
use crate::output::{self, Output};
use crate::ownership::{Action, Planned};
use crate::pipeline::Plan;
use crate::spec_folder::SpecFolder;
use crate::terminal::paragraph;

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
pub(crate) fn done(plan: &Plan, documents: &Documents, folder: &SpecFolder, output: Output) -> Outcome<()> {
    disputed(&documents.disputed, output);
    if !output.is_text() {
        return output::json_done(&result(plan, documents, true, |_| None));
    }
    let mut text = String::new();
    for file in &documents.shown {
        let path = folder.shown(&file.path);
        match file.action {
            Action::Created => line(&mut text, &format!("wrote    {path}")),
            Action::Updated | Action::Removed => line(&mut text, &format!("updated  {path}")),
            Action::Merged => line(&mut text, &format!("merged   {path}: your edits and the new plan")),
            Action::Kept | Action::Edited => {
                line(&mut text, &format!("kept     {path} as you edited it: the plan says nothing new"));
            }
            Action::Unchanged | Action::Conflict | Action::Foreign | Action::Left => {}
        }
    }
    if !documents.all().any(|file| file.action.writes()) {
        line(&mut text, "nothing to write: the plan says what it said before");
    }
    text.push('\n');
    summary(&mut text, plan);
    line(&mut text, "\nNext steps");
    next_steps(&mut text, &plan.design.next_steps);
    let files = match plan.files.len() {
        1 => "the file".to_owned(),
        many => format!("the {many} files"),
    };
    line(&mut text, &format!("\nnext: `siteplan generate` writes {files} that this design describes"));
    output.done(&text);
    Ok(())
}

/// Says what siteplan would have written where a person's words stay.
fn disputed(documents: &[Disputed], output: Output) {
    for Disputed { path, proposal, places } in documents {
        let spots = if places.len() == 1 { "one place" } else { "several places" };
        output.note(&format!(
            "warning: `{path}`: you and the plan changed {spots}; your words stay. siteplan would have written"
        ));
        for kept in places {
            output.note(diff::between(&kept.person, &kept.wanted).trim_end());
        }
        output.note(&format!("siteplan's whole text is in `{proposal}`"));
    }
}

/// Tells, to those who asked for more, who gave each answer and why it is so.
pub(crate) fn answers(plan: &Plan, output: Output) {
    for record in &plan.design.gates {
        let because = record.because.as_ref().map(|because| format!(": {because}")).unwrap_or_default();
        output.detail(&format!("{} = {} ({}{because})", record.gate, record.answer, record.provenance));
    }
}

/// Tells what would be written, with the changes where they are wanted.
pub(crate) fn rehearsal(plan: &Plan, documents: &Documents, args: &WriteArgs, output: Output) -> Outcome<()> {
    let diff = |file: &Planned| args.diff.then(|| diff::of(file)).filter(|diff| !diff.is_empty());
    if !output.is_text() {
        return output::json(&result(plan, documents, false, diff));
    }
    let mut text = String::new();
    if args.diff {
        for file in &documents.shown {
            text.push_str(&diff::shown(file));
        }
    }
    if args.dry_run {
        for file in documents.all() {
            let lines = file.after.as_deref().map_or(0, |text| text.lines().count());
            line(&mut text, &format!("{:14} {} ({lines} lines)", would(file.action), file.path));
        }
    }
    output.result(&text)
}

/// What would happen to a file, in two words.
fn would(action: Action) -> &'static str {
    match action {
        Action::Created => "would write",
        Action::Updated => "would update",
        Action::Merged => "would merge",
        Action::Unchanged => "unchanged",
        Action::Kept | Action::Edited => "would keep",
        Action::Conflict => "conflict",
        Action::Foreign => "needs --force",
        Action::Removed => "would remove",
        Action::Left => "would leave",
    }
}

fn summary(text: &mut String, plan: &Plan) {
    let design = &plan.design;
    let platform = &design.platform;
    let row = |text: &mut String, name: &str, value: &str| line(text, &format!("  {name:12} {value}"));
    row(
        text,
        "platform",
        &format!(
            "{}, {} confidence ({} of 100)",
            platform.name,
            platform.confidence.label().to_lowercase(),
            hundredths(platform.support)
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
        let name = format!("  {:12} ", "warning");
        line(text, &paragraph(&name, warning));
    }
}

fn next_steps(text: &mut String, steps: &[NextStep]) {
    for (index, step) in steps.iter().enumerate() {
        line(text, &format!("  {}. {}", index + 1, step.title));
        for command in &step.commands {
            line(text, &format!("       {command}"));
        }
        if let Some(note) = &step.note {
            line(text, &paragraph("     ", note));
        }
    }
}

fn unconfirmed(design: &Design) -> Vec<Gate> {
    design.gates.iter().filter(|record| !record.channel.is_personal()).map(|record| record.gate).collect()
}

fn result<'a>(
    plan: &'a Plan,
    documents: &'a Documents,
    written: bool,
    diff: impl Fn(&Planned) -> Option<String>,
) -> PlanResult<'a> {
    let files =
        documents.all().map(|file| FileResult { path: &file.path, action: file.action, diff: diff(file) });
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
