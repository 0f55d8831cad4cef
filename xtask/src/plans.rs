//! The examples planned for every platform and code host by the freshly built binary, with the files that it generates and
//! the blocks of the documents, laid out so that validators can read them. A document shows a file as it is written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use serde_json::Value;

use crate::cargo;
use crate::copy;
use crate::examples;
use crate::failure::{Failure, Outcome};
use crate::fenced;
use crate::oracles;
use crate::parallel::in_parallel;
use crate::program::Program;
use crate::world::{World, digest};

/// The date of every plan.
const DATE: &str = "2026-11-25";
/// Sets of environments, taken in turn.
const ENVIRONMENTS: [&str; 4] =
    ["staging-production", "production", "preview-staging-production", "dev-staging-production"];
/// So many plans are compared with their trees, each with another platform and the hosts in turn.
const CHECKED: usize = 8;
/// Languages of blocks that are a picture or an extract, not a file.
const PROSE: [&str; 2] = ["", "text"];

/// One plan of one example.
#[derive(Clone, Debug)]
struct Run {
    name: String,
    example: PathBuf,
    settings: Vec<String>,
    /// Whether the tree is compared with the design afterwards, which must find nothing.
    is_checked: bool,
}

/// All plans with what was found in them.
#[derive(Debug, Default)]
pub(crate) struct Plans {
    documents: Vec<PathBuf>,
    files: Vec<PlannedFile>,
}

/// A file that siteplan writes, or a block of a document.
#[derive(Clone, Debug)]
pub(crate) struct PlannedFile {
    /// Its path in the repository that it is meant for; `unnamed/…` for a block that names none.
    pub(crate) path: String,
    /// Where its text lies now.
    pub(crate) place: PathBuf,
    /// What tells its text from others.
    pub(crate) digest: String,
    /// Whether it says by itself what runs it.
    pub(crate) is_script: bool,
}

impl PlannedFile {
    /// The file of a path with its text, which lies in some place.
    pub(crate) fn new(path: &str, place: PathBuf, text: &str) -> Self {
        let is_script = text.starts_with("#!");
        Self { path: path.to_owned(), place, digest: digest([text.as_bytes()]), is_script }
    }

    /// The folder that stands for the repository.
    pub(crate) fn root(&self) -> &Path {
        let above = Path::new(&self.path).components().count();
        self.place.ancestors().nth(above).unwrap_or(&self.place)
    }
}

impl AsRef<Path> for PlannedFile {
    fn as_ref(&self) -> &Path {
        &self.place
    }
}

impl Plans {
    /// Makes all plans, anew.
    pub(crate) fn make(world: &World) -> Outcome<Self> {
        let binary = cargo::build_siteplan(world)?;
        let folder = world.work().join("plans");
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .map_err(|error| Failure::new(format!("cannot remove `{}`: {error}", folder.display())))?;
        }
        let runs = runs(world, &binary)?;
        let made = in_parallel(&runs, |run| plan(run, &binary, &folder));
        let mut plans = Self::default();
        let mut failures = Vec::new();
        for (run, outcome) in runs.iter().zip(made) {
            match outcome {
                Ok(one) => {
                    plans.documents.extend(one.documents);
                    plans.files.extend(one.files);
                }
                Err(failure) => failures.push(format!("{}: {failure}", run.name)),
            }
        }
        if !failures.is_empty() {
            return Err(Failure::new(failures.join("\n")));
        }
        let (runs, files) = (runs.len(), plans.files.len());
        println!("{runs} plans with {files} files in {}", folder.display());
        Ok(plans)
    }

    /// The documents that siteplan wrote.
    pub(crate) fn documents(&self) -> &[PathBuf] {
        &self.documents
    }

    /// The files whose path is one of those wanted. That there is none is a failure, because a check would check nothing.
    pub(crate) fn files(&self, wanted: impl Fn(&PlannedFile) -> bool) -> Outcome<Vec<PlannedFile>> {
        let found: Vec<_> = self.files.iter().filter(|file| wanted(file)).cloned().collect();
        if found.is_empty() {
            return Err(Failure::new("no plan has a file for this check"));
        }
        Ok(found)
    }

    /// Fails for files that no check looks at.
    pub(crate) fn all_are_checked(&self) -> Outcome {
        let unchecked = self.files.iter().filter(|file| !oracles::ALL.iter().any(|o| (o.accepts)(file)));
        let unchecked: BTreeMap<&str, &Path> =
            unchecked.map(|file| (file.path.as_str(), file.place.as_path())).collect();
        if unchecked.is_empty() {
            return Ok(());
        }
        let listed: Vec<String> = unchecked
            .iter()
            .map(|(path, place)| format!("nothing checks `{path}` ({})", place.display()))
            .collect();
        Err(Failure::new(listed.join("\n")).mend("add a validator to `ALL` in xtask/src/oracles.rs"))
    }
}

/// Each example as it is, then every platform with every code host, with the examples and environments in turn.
fn runs(world: &World, binary: &Path) -> Outcome<Vec<Run>> {
    let examples = examples::folders(world)?;
    let plain = |example: &PathBuf| Run {
        name: examples::name(example),
        example: example.clone(),
        settings: Vec::new(),
        is_checked: false,
    };
    let mut runs: Vec<Run> = examples.iter().map(plain).collect();
    let listed = Program::new(binary, world.root()).args(["catalog", "list", "--format", "json"]).output()?;
    let (platforms, hosts) = (ids(&listed, "platform")?, ids(&listed, "code host")?);
    for (row, platform) in platforms.iter().enumerate() {
        for (column, host) in hosts.iter().enumerate() {
            let example = &examples[(row + column) % examples.len()];
            let environments = ENVIRONMENTS[(row + column) % ENVIRONMENTS.len()];
            let approval = if row % 2 == 0 { "automatic" } else { "manual" };
            runs.push(Run {
                name: format!("{}-{platform}-{host}", examples::name(example)),
                example: example.clone(),
                settings: vec![
                    format!("platform={platform}"),
                    format!("code_host={host}"),
                    format!("environments={environments}"),
                    format!("production_approval={approval}"),
                ],
                is_checked: column == row % hosts.len() && row < CHECKED,
            });
        }
    }
    Ok(runs)
}

/// The ids of one kind in the catalog's list.
fn ids(listed: &str, kind: &str) -> Outcome<Vec<String>> {
    let list: Value = serde_json::from_str(listed)
        .map_err(|error| Failure::new(format!("`siteplan catalog list` gave no JSON: {error}")))?;
    let of_kind = list.as_array().into_iter().flatten().filter(|entry| entry["kind"] == kind);
    let ids: Vec<String> = of_kind.filter_map(|entry| entry["id"].as_str().map(str::to_owned)).collect();
    if ids.is_empty() {
        return Err(Failure::new(format!("`siteplan catalog list` names no {kind}")));
    }
    Ok(ids)
}

/// Plans one copy, generates its files, and takes its documents apart.
fn plan(run: &Run, binary: &Path, folder: &Path) -> Outcome<Plans> {
    let folder = folder.join(&run.name);
    // The folder's name is part of the plan, so the copy bears the example's.
    let copy = folder.join(examples::name(&run.example));
    copy::fresh(&run.example, &copy)?;
    let settings = run.settings.iter().flat_map(|setting| ["--set", setting.as_str()]);
    let siteplan = |command: &str| {
        Program::new(binary, &copy).args([command, "--quiet", "--date", DATE]).env("NO_COLOR", "1")
    };
    siteplan("plan").args(["--defaults"]).args(settings).output()?;
    // What an example has already is replaced where the answers do not rest on it, so that all that siteplan writes is judged.
    let obstacles = if run.settings.is_empty() { "--keep" } else { "--force" };
    let listed = siteplan("generate").args([obstacles, "--format", "json"]).output()?;
    let (mut files, kept) = written(&listed, &copy)?;
    if run.is_checked {
        siteplan("generate").args(["--check"]).output()?;
    }
    let documents = ["DEPLOYMENT_TDD.md", "09_DECISIONS.md"].map(|name| copy.join("specs").join(name));
    let text = read(&documents[0])?;
    let mut shown = BTreeSet::new();
    for block in fenced::blocks(&text) {
        let place = format!("{}:{}", documents[0].display(), block.line);
        // A file that stays as the example has it is shown as siteplan would write it.
        let kept = block.path.as_ref().filter(|path| kept.contains(*path));
        let Some(path) = block.path.clone().filter(|_| kept.is_none()) else {
            if kept.is_some() || !PROSE.contains(&block.language.as_str()) {
                let unnamed = || format!("unnamed/{}.{}", block.line, block.language);
                let path = kept.cloned().unwrap_or_else(unnamed);
                let place = lay_out(&folder.join("files"), &path, &block.text)?;
                files.push(PlannedFile::new(&path, place, &block.text));
            }
            continue;
        };
        let Some(file) = files.iter().find(|file| file.path == path) else {
            return Err(Failure::new(format!(
                "{place} shows `{path}`, which `siteplan generate` does not write"
            )));
        };
        if file.digest != digest([block.text.as_bytes()]) {
            return Err(Failure::new(format!(
                "{place} shows another `{path}` than `siteplan generate` writes"
            )));
        }
        if !shown.insert(path) {
            return Err(Failure::new(format!("{place} shows `{}` twice", file.path)));
        }
    }
    Ok(Plans { documents: documents.into(), files })
}

/// The files that `siteplan generate` has written, documents aside, and the paths of those that it left alone.
fn written(listed: &str, copy: &Path) -> Outcome<(Vec<PlannedFile>, BTreeSet<String>)> {
    let result: Value = serde_json::from_str(listed)
        .map_err(|error| Failure::new(format!("`siteplan generate` gave no JSON: {error}")))?;
    let files = result["files"].as_array().into_iter().flatten();
    let files = files.filter(|file| file["part"].as_str().is_some_and(|part| part != "document"));
    let (mut written, mut kept) = (Vec::new(), BTreeSet::new());
    for (path, action) in files.filter_map(|file| Some((file["path"].as_str()?, &file["action"]))) {
        if !Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(Failure::new(format!("`{path}` leaves the repository")));
        }
        if action == "kept" {
            kept.insert(path.to_owned());
            continue;
        }
        let place = copy.join(path);
        let text = read(&place)?;
        written.push(PlannedFile::new(path, place, &text));
    }
    Ok((written, kept))
}

fn read(file: &Path) -> Outcome<String> {
    fs::read_to_string(file)
        .map_err(|error| Failure::new(format!("cannot read `{}`: {error}", file.display())))
}

fn lay_out(folder: &Path, path: &str, text: &str) -> Outcome<PathBuf> {
    let place = folder.join(path);
    let parent = place.parent().unwrap_or(folder);
    fs::create_dir_all(parent)
        .and_then(|()| fs::write(&place, text))
        .map_err(|error| Failure::new(format!("cannot write `{}`: {error}", place.display())))?;
    Ok(place)
}

#[cfg(test)]
mod tests {
    use super::ids;

    #[test]
    fn the_catalog_list_is_read_by_kind() {
        let list = r#"[{"kind": "platform", "id": "fly"}, {"kind": "monitor", "id": "sentry"}]"#;
        assert_eq!(ids(list, "platform").expect("one is there"), ["fly"]);
        assert!(ids(list, "code host").is_err());
    }
}
