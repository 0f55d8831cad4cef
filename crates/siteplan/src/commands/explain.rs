//! `siteplan explain WHAT`: what a platform, question, setting, criterion, service or figure means, with its source; with a
//! criterion behind a platform, how that value comes about.

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};
use siteplan_catalog::Catalog;
use siteplan_catalog::reasoning::{Criterion, UsageAssumption};
use siteplan_catalog::words::{Question, Setting};
use siteplan_model::id::PlatformId;

use crate::catalog_folder;
use crate::cli::ExplainArgs;
use crate::error::{Failure, Outcome};
use crate::exit::Exit;
use crate::keys;
use crate::knowledge::{Thing, figures_text, things};
use crate::nearest::suggestion;
use crate::output::{self, Output};

/// One meaning of a word.
#[derive(Debug, Serialize)]
struct Meaning {
    kind: &'static str,
    #[serde(skip)]
    text: String,
    #[serde(flatten)]
    data: Value,
}

/// Prints every meaning of the word.
pub(crate) fn run(args: &ExplainArgs, folder: Option<&Path>, output: Output) -> Outcome<Exit> {
    let catalog = catalog_folder::load(folder)?;
    if let Some(criterion) = &args.criterion {
        return super::criterion::run(args, criterion, &catalog, folder, output);
    }
    let catalog = &catalog;
    let things = things(catalog);
    let meanings = meanings(catalog, &things, &args.what)?;
    if meanings.is_empty() {
        let near = suggestion(&args.what, names(catalog, &things));
        return Err(Failure::input(format!("nothing is called `{}`{near}", args.what))
            .hint(format!("questions: {}", keys::answers().join(", ")))
            .hint(format!("settings: {}", keys::settings(catalog).join(", ")))
            .hint("platforms, services and tools: `siteplan catalog list`"));
    }
    if output.is_text() {
        let texts: Vec<&str> = meanings.iter().map(|meaning| meaning.text.as_str()).collect();
        output.result(&texts.join("\n"))?;
    } else {
        output::json(&meanings)?;
    }
    Ok(Exit::Done)
}

fn meanings(catalog: &Catalog, things: &[Thing], what: &str) -> Outcome<Vec<Meaning>> {
    let mut found = Vec::new();
    if let Some(gate) = keys::gate_of(what)
        && let Some(question) = catalog.questions.question.iter().find(|question| question.gate == gate)
    {
        found.push(of_question(catalog, question, what)?);
    }
    for setting in catalog.settings.setting.iter().filter(|setting| setting.key == what) {
        found.push(of_setting(setting)?);
    }
    if let Some(assumption) = catalog.usage.get(what) {
        found.push(of_assumption(assumption)?);
    }
    for criterion in catalog.criteria.criterion.iter().filter(|criterion| criterion.id.as_str() == what) {
        found.push(of_criterion(catalog, criterion)?);
    }
    for thing in things.iter().filter(|thing| thing.id == what) {
        found.push(Meaning { kind: thing.kind, text: thing.text(), data: data(&thing.data)? });
    }
    for thing in things {
        if let Some(path) = what.strip_prefix(&thing.id).and_then(|rest| rest.strip_prefix('.')) {
            found.push(of_figures(thing, path)?);
        }
    }
    Ok(found)
}

fn of_question(catalog: &Catalog, question: &Question, key: &str) -> Outcome<Meaning> {
    let mut text = format!(
        "{} (question `{}`)\n  {}\n  {}\n",
        question.text, question.gate, question.why, question.help
    );
    for choice in &question.choice {
        writeln!(text, "    {:28} {}: {}", choice.value, choice.label, choice.description)
            .expect("writing to a string");
    }
    if question.choice.is_empty() {
        let choices = keys::choices(catalog, question.gate);
        if !choices.is_empty() {
            writeln!(text, "  one of {}", choices.join(", ")).expect("writing to a string");
        }
    }
    writeln!(text, "  set it with --set {key}=…, or below [answers] in siteplan.toml")
        .expect("writing to a string");
    Ok(Meaning { kind: "question", text, data: data(question)? })
}

fn of_setting(setting: &Setting) -> Outcome<Meaning> {
    let default = if setting.default.is_empty() { "none" } else { &setting.default };
    let mut text = format!("{} (setting)\n  {}\n  default: {default}\n", setting.key, setting.help);
    if !setting.choices.is_empty() {
        let choices = setting.choices.iter().filter(|choice| !choice.is_empty());
        let choices: Vec<&str> = choices.map(String::as_str).collect();
        writeln!(text, "  one of {}", choices.join(", ")).expect("writing to a string");
    }
    writeln!(text, "  set it with --set {}=…, or below [settings] in siteplan.toml", setting.key)
        .expect("writing to a string");
    Ok(Meaning { kind: "setting", text, data: data(setting)? })
}

fn of_assumption(assumption: &UsageAssumption) -> Outcome<Meaning> {
    let [low, expected, high] = assumption.values;
    let mut text = format!("{} (assumption of the cost)\n  {}\n", assumption.key, assumption.name);
    writeln!(text, "  low {low}, expected {expected}, high {high} ({})", assumption.unit)
        .expect("writing to a string");
    for (scale, [low, expected, high]) in &assumption.by_scale {
        writeln!(text, "  at scale {scale}: {low}, {expected}, {high}").expect("writing to a string");
    }
    for (language, [low, expected, high]) in &assumption.by_language {
        writeln!(text, "  for {language}: {low}, {expected}, {high}").expect("writing to a string");
    }
    writeln!(text, "  {}\n  set it with --set {}=…", assumption.reason, assumption.key)
        .expect("writing to a string");
    Ok(Meaning { kind: "assumption", text, data: data(assumption)? })
}

fn of_criterion(catalog: &Catalog, criterion: &Criterion) -> Outcome<Meaning> {
    let id = criterion.id.as_str();
    let example = catalog.platforms.keys().next().map_or("PLATFORM", PlatformId::as_str);
    let text = format!(
        "{id} (criterion)\n  {}\n  `siteplan explain {example} {id}` shows the facts, the terms and the sources for a platform\n",
        criterion.formula
    );
    Ok(Meaning { kind: "criterion", text, data: data(criterion)? })
}

/// The figures at or below a path of a thing's file.
fn of_figures(thing: &Thing, path: &str) -> Outcome<Meaning> {
    let all = thing.figures();
    let below = |of: &str| of == path || of.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
    let figures: Vec<_> = all.iter().filter(|figure| below(&figure.path)).cloned().collect();
    if figures.is_empty() {
        let near = suggestion(path, all.iter().map(|figure| figure.path.as_str()));
        return Err(Failure::input(format!("`{}` has no figure `{path}`{near}", thing.id))
            .hint(format!("`siteplan catalog show {}` prints all of them", thing.id)));
    }
    let text = format!("{} ({}, `{}`)\n{}", thing.name, thing.kind, thing.id, figures_text(&figures));
    Ok(Meaning { kind: "figure", text, data: json!({"of": thing.id, "figures": figures}) })
}

fn names<'a>(catalog: &'a Catalog, things: &'a [Thing]) -> Vec<&'a str> {
    let criteria = catalog.criteria.criterion.iter().map(|criterion| criterion.id.as_str());
    let ids = things.iter().map(|thing| thing.id.as_str());
    keys::answers().into_iter().chain(keys::settings(catalog)).chain(criteria).chain(ids).collect()
}

fn data(record: &impl Serialize) -> Outcome<Value> {
    serde_json::to_value(record)
        .map_err(|error| Failure::bug("the catalog cannot be written as JSON").because(&error))
}
