//! `siteplan catalog list|show|validate`: what siteplan knows of the world.

use std::fmt::Write as _;

use serde_json::json;
use siteplan_catalog::Catalog;
use siteplan_catalog::validate::validate;

use crate::cli::CatalogCommand;
use crate::error::{Failure, Outcome};
use crate::exit::Exit;
use crate::knowledge::{Thing, things};
use crate::nearest::suggestion;
use crate::output::{self, Output};

/// Runs one of the three.
pub(crate) fn run(command: &CatalogCommand, catalog: &Catalog, output: Output) -> Outcome<Exit> {
    match command {
        CatalogCommand::List => list(catalog, output),
        CatalogCommand::Show { id } => show(catalog, id, output),
        CatalogCommand::Validate => check(catalog, output),
    }
}

fn list(catalog: &Catalog, output: Output) -> Outcome<Exit> {
    let things = things(catalog);
    if !output.is_text() {
        output::json(&things)?;
        return Ok(Exit::Done);
    }
    let width = things.iter().map(|thing| thing.id.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    let mut kind = "";
    for thing in &things {
        if thing.kind != kind {
            kind = thing.kind;
            let count = things.iter().filter(|thing| thing.kind == kind).count();
            let gap = if text.is_empty() { "" } else { "\n" };
            writeln!(text, "{gap}{kind} ({count})").expect("writing to a string");
        }
        writeln!(text, "  {:width$}  {}", thing.id, thing.name).expect("writing to a string");
    }
    output.result(&text)?;
    Ok(Exit::Done)
}

fn show(catalog: &Catalog, id: &str, output: Output) -> Outcome<Exit> {
    let things = things(catalog);
    let found: Vec<&Thing> = things.iter().filter(|thing| thing.id == id).collect();
    if found.is_empty() {
        let near = suggestion(id, things.iter().map(|thing| thing.id.as_str()));
        return Err(Failure::input(format!("the catalog holds nothing with the id `{id}`{near}"))
            .hint("`siteplan catalog list` prints every id"));
    }
    if output.is_text() {
        let texts: Vec<String> = found.iter().map(|thing| thing.text()).collect();
        output.result(&texts.join("\n"))?;
    } else if let [thing] = found[..] {
        output::json(&thing.data)?;
    } else {
        output::json(&found.iter().map(|thing| &thing.data).collect::<Vec<_>>())?;
    }
    Ok(Exit::Done)
}

fn check(catalog: &Catalog, output: Output) -> Outcome<Exit> {
    let problems = validate(catalog);
    if output.is_text() {
        let mut text = String::new();
        for problem in &problems {
            writeln!(text, "{}: {}: {}", problem.path, problem.field, problem.message)
                .expect("writing to a string");
        }
        let figures: usize = things(catalog).iter().map(|thing| thing.figures().len()).sum();
        let verdict = match problems.len() {
            0 => "no problem".to_owned(),
            1 => "1 problem".to_owned(),
            count => format!("{count} problems"),
        };
        writeln!(text, "{verdict} in {} files with {figures} figures", catalog.files.len())
            .expect("writing to a string");
        output.result(&text)?;
    } else {
        let listed: Vec<_> = problems
            .iter()
            .map(|problem| json!({"path": problem.path, "field": problem.field, "message": problem.message}))
            .collect();
        output::json(&json!({"files": catalog.files.len(), "problems": listed}))?;
    }
    Ok(if problems.is_empty() { Exit::Done } else { Exit::Findings })
}
