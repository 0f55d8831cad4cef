//! CI files that start themselves on a schedule → the application's own programs that they run.
//!
//! Most schedules of CI look after the repository: tests, scanners, updates, labels. What is left runs a program of the
//! repository and neither tests, publishes nor changes it.

use siteplan_catalog::signals::{Ecosystem, Signals};

use super::ci::{commands, deploying, jobs, tests};
use crate::component::Component;
use crate::readers::ci::Job;
use crate::readers::ci_acts::{Act, ActKind};
use crate::readers::ci_starts::Push;
use crate::tree::{Tree, folder, has_word, is_aside, join, name, relative, resolve};

/// A program of the application that CI runs on a schedule.
#[derive(Clone, Debug)]
pub(super) struct CiJob<'t> {
    /// The CI file, and the line of its schedule.
    pub(super) file: &'t str,
    pub(super) line: Option<u32>,
    pub(super) expression: String,
    /// The folder of the component whose program it is.
    pub(super) home: String,
    /// The file that begins it, where the command names one.
    pub(super) program: Option<String>,
    /// What is run, where it can be said in plain words.
    pub(super) command: Option<String>,
    /// What is shown of it.
    pub(super) shown: String,
}

/// A program that a command runs.
struct Run {
    home: String,
    program: Option<String>,
}

/// Where commands are looked at.
struct Around<'a, 't> {
    components: &'a [Component<'t>],
    tree: &'t Tree,
    signals: &'a Signals,
}

/// All of them, in the order of their files.
pub(super) fn scheduled<'t>(
    components: &[Component<'t>],
    tree: &'t Tree,
    signals: &Signals,
) -> Vec<CiJob<'t>> {
    let around = Around { components, tree, signals };
    let mut found: Vec<CiJob<'t>> = Vec::new();
    for (file, ci, job) in jobs(tree) {
        let Some((expression, line)) = ci.starts.schedules.first() else { continue };
        // What every change starts as well looks at the change.
        let by_change = ci.starts.pull_requests || !matches!(ci.starts.push, Push::Never);
        if by_change || is_upkeep(file, job, signals) {
            continue;
        }
        for act in job.acts.iter().filter(|act| act.kind == ActKind::Line) {
            for (run, words) in around.runs(act) {
                let said = words.join(" ");
                if found.iter().any(|one| one.file == file && one.shown == said) {
                    continue;
                }
                found.push(CiJob {
                    file,
                    line: *line,
                    expression: expression.clone(),
                    home: run.home,
                    program: run.program,
                    command: words.iter().all(|word| is_plain(word)).then(|| said.clone()),
                    shown: said,
                });
            }
        }
    }
    found
}

/// Whether a job tests, publishes or changes the repository.
fn is_upkeep(file: &str, job: &Job, signals: &Signals) -> bool {
    let rules = &signals.files;
    let named = [name(file), job.name.as_str()];
    if named.iter().any(|name| has_word(&name.to_ascii_lowercase(), &rules.upkeep_words)) {
        return true;
    }
    let does = |act: &Act| match act.kind {
        ActKind::Action => rules.upkeep_acts.contains(&act.text),
        ActKind::Line => {
            tests(&act.text) || rules.upkeep_acts.iter().any(|text| act.text.contains(text.as_str()))
        }
    };
    job.acts.iter().any(does)
        || job.lines.iter().any(|line| tests(line))
        || signals.deployments.iter().any(|row| deploying(row, job).is_some())
}

/// Whether a word means the same to every shell.
fn is_plain(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_alphanumeric() || "_-./:=@,+".contains(c))
}

impl Around<'_, '_> {
    /// The own programs that an act runs, each with its words.
    fn runs(&self, act: &Act) -> Vec<(Run, Vec<String>)> {
        let mut at = act.folder.as_deref().map_or_else(|| Some(String::new()), |below| resolve("", below));
        let mut found = Vec::new();
        for words in commands(&act.text) {
            if words.first().is_some_and(|first| first == "cd") {
                at = at.and_then(|at| resolve(&at, words.get(1)?));
                continue;
            }
            let Some(at) = &at else { break };
            if let Some(run) = self.run(&words, at, Depth::Outside) {
                found.push((run, words));
            }
        }
        found
    }

    /// What a command runs of the repository's own.
    fn run(&self, words: &[String], at: &str, depth: Depth) -> Option<Run> {
        let rules = &self.signals.files;
        let words = self.without_wrappers(words);
        let (first, rest) = words.split_first()?;
        let said = words.join(" ").to_ascii_lowercase();
        if has_word(&said, &rules.upkeep_words) {
            return None;
        }
        let manager = self
            .signals
            .package_managers
            .iter()
            .any(|row| row.ecosystem == Ecosystem::Npm && row.id == *first);
        if manager
            && depth == Depth::Outside
            && let Some(run) = self.script(rest, at)
        {
            return Some(run);
        }
        if let Some(file) = rules.task_files.get(first) {
            let component = self.component_of(&join(at, file))?;
            let task = rest.iter().any(|word| !word.starts_with('-'));
            return (task && self.tree.has(&join(at, file)))
                .then(|| Run { home: component.folder.clone(), program: None });
        }
        if let Some(component) = self.installed(first) {
            return Some(Run { home: component.folder.clone(), program: None });
        }
        let program = name(first);
        let runner = rules.script_runners.iter().any(|one| one == program);
        let candidates: Vec<String> = if runner { arguments(rest) } else { vec![first.clone()] };
        let by_path = |word: &String| {
            let path = resolve(at, word)?;
            let begun = if self.tree.has(&path) { path } else { self.begun_in(&path)? };
            // A command without a folder is looked for among the installed programs, not here.
            (runner || word.contains('/')).then_some(begun)
        };
        let begun = candidates.iter().find_map(by_path).filter(|path| !is_aside(rules, path))?;
        let component = self.component_of(&begun)?;
        Some(Run { home: component.folder.clone(), program: Some(begun) })
    }

    /// Words after variables and after programs that prepare the surroundings.
    fn without_wrappers<'w>(&self, words: &'w [String]) -> &'w [String] {
        let mut rest = words;
        loop {
            let before = rest.len();
            let is_set = |word: &String| {
                word.split_once('=').is_some_and(|(name, _)| {
                    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                })
            };
            if rest.first().is_some_and(is_set) {
                rest = &rest[1..];
            }
            for wrapper in &self.signals.files.run_wrappers {
                let parts: Vec<&str> = wrapper.split(' ').collect();
                let fits =
                    rest.len() > parts.len() && parts.iter().zip(rest).all(|(part, word)| part == word);
                if fits {
                    rest = &rest[parts.len()..];
                }
            }
            if rest.len() == before {
                return rest;
            }
        }
    }

    /// The file that begins the program of a folder.
    fn begun_in(&self, path: &str) -> Option<String> {
        let component = self.component_of(&join(path, "main"))?;
        let mut sources = component.sources.iter();
        let begins = sources.find(|(one, source)| folder(one) == path && source.program.is_some());
        begins.map(|(path, _)| (*path).to_owned())
    }

    /// What a script of a manifest runs: the repository's own program, by one command.
    fn script(&self, rest: &[String], at: &str) -> Option<Run> {
        let name = rest.iter().find(|word| !word.starts_with('-') && *word != "run")?;
        let component = self.components.iter().find(|one| one.folder == at && !one.aside)?;
        let (_, manifest) = component.manifest(Ecosystem::Npm)?;
        let script = manifest.scripts.get(name)?;
        let all = commands(&script.text);
        all.iter().find_map(|words| self.run(words, at, Depth::Script))
    }

    /// The component that installs a program of this name.
    fn installed(&self, program: &str) -> Option<&Component<'_>> {
        self.components.iter().filter(|one| !one.aside).find(|one| {
            let mut manifests = one.manifests.iter().map(|(_, manifest)| manifest);
            manifests.any(|manifest| {
                manifest.ecosystem == Ecosystem::Pypi && manifest.programs.contains_key(program)
            })
        })
    }

    /// The component that a file belongs to.
    fn component_of(&self, path: &str) -> Option<&Component<'_>> {
        let above = self.components.iter().filter(|one| relative(path, &one.folder).is_some());
        above.max_by_key(|one| one.folder.len()).filter(|one| !one.aside)
    }
}

/// Files and modules among the arguments of what runs them.
fn arguments(rest: &[String]) -> Vec<String> {
    let module = rest.iter().position(|word| word == "-m").and_then(|at| rest.get(at + 1));
    match module {
        Some(module) => {
            let path = module.replace('.', "/");
            let forms = [format!("{path}.py"), format!("{path}/__main__.py")];
            forms.iter().flat_map(|form| [form.clone(), format!("src/{form}")]).collect()
        }
        None => rest.iter().filter(|word| !word.starts_with('-') && !word.contains('$')).cloned().collect(),
    }
}

/// Where a command stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    /// In the CI file.
    Outside,
    /// In a script that the CI file calls.
    Script,
}
