//! The last stage of a container build → as whom its image runs, and whether a program of its own stands before every command.

use siteplan_catalog::signals::Signals;
use siteplan_model::survey::ImageFacts;

use crate::readers::Record;
use crate::readers::dockerfile::{Dockerfile, Stage};
use crate::tree::Tree;

/// Words of base images that bring a user of their own.
const UNPRIVILEGED: [&str; 3] = ["nonroot", "unprivileged", "chiseled"];

/// How the image of a build runs.
pub(crate) fn image(path: &str, tree: &Tree, signals: &Signals) -> Option<ImageFacts> {
    let Some(Record::Dockerfile(dockerfile)) = tree.record(path) else { return None };
    let chain = dockerfile.shipped();
    let base = chain.last().map(|stage| stage.base.to_ascii_lowercase()).unwrap_or_default();
    let said = chain.iter().find_map(|stage| stage.user.as_ref()).map(|user| user.value.as_str());
    let user = said
        .filter(|name| !matches!(*name, "root" | "0"))
        .map(|name| number(name, dockerfile, &base, signals).unwrap_or_else(|| name.to_owned()));
    // An official image has no owner in its name, and runs as root unless it says otherwise.
    let official = !base.contains('/') || base.starts_with("docker.io/library/");
    let unprivileged = UNPRIVILEGED.iter().any(|word| base.contains(word));
    let unknown_user =
        said.is_none() && (!official || unprivileged || base.contains('$') || base == "scratch");
    let hands_over = |stage: &&Stage| stage.entrypoint.as_ref().is_some_and(|said| hands_over(&said.value));
    let entry = chain.iter().find(|stage| stage.entrypoint.is_some());
    Some(ImageFacts { user, unknown_user, entrypoint: entry.is_some_and(|stage| !hands_over(stage)) })
}

/// Whether an entry point only prepares and becomes the command that it is given.
fn hands_over(entry: &str) -> bool {
    let program = entry.split_whitespace().next().unwrap_or_default();
    let name = program.rsplit('/').next().unwrap_or_default();
    matches!(name, "tini" | "dumb-init" | "catatonit" | "env" | "bash" | "sh") || name.contains("entrypoint")
}

/// The number of an account: written as one, given where it is made, or brought along by the base image.
fn number(name: &str, dockerfile: &Dockerfile, base: &str, signals: &Signals) -> Option<String> {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    if digits(name) {
        return Some(name.to_owned());
    }
    let made = dockerfile
        .stages
        .iter()
        .flat_map(|stage| &stage.runs)
        .flat_map(|run| run.value.split(['&', ';', '|']).map(str::to_owned).collect::<Vec<_>>());
    for line in made {
        let words: Vec<&str> = line.split_whitespace().collect();
        let makes = words.iter().any(|word| matches!(word.rsplit('/').next(), Some("useradd" | "adduser")));
        if !makes || !words.contains(&name) {
            continue;
        }
        let given = words.iter().enumerate().find_map(|(at, word)| match *word {
            "-u" | "--uid" => words.get(at + 1).copied(),
            other => {
                other.strip_prefix("--uid=").or_else(|| other.strip_prefix("-u").filter(|id| digits(id)))
            }
        });
        if let Some(id) = given.map(|id| id.trim_matches('"')).filter(|id| digits(id)) {
            return Some(id.to_owned());
        }
        return None;
    }
    let accounts = &signals.files.image_accounts;
    let account = accounts.iter().find(|account| {
        account.name == name && account.images.iter().any(|image| base.starts_with(image.as_str()))
    })?;
    Some(account.number.to_string())
}

/// Whether a build brings a program along: a line that installs or copies something names it.
pub(crate) fn brings_program(path: &str, program: &str, tree: &Tree) -> bool {
    let Some(Record::Dockerfile(dockerfile)) = tree.record(path) else { return false };
    let names = |line: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        line.split(|c: char| !is_part(c)).any(|word| word == program)
    };
    let lines = dockerfile.stages.iter().flat_map(|stage| {
        let runs = stage.runs.iter().map(|run| run.value.as_str());
        runs.chain(stage.taken.iter().map(String::as_str))
    });
    lines.into_iter().any(names)
}
