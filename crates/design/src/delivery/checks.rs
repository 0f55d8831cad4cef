//! The test job: install, lint and test what the repository has, with the backing services that its tests connect to.

use std::collections::BTreeSet;

use siteplan_catalog::signals::PackageManager;
use siteplan_model::fact::EvidenceByField;
use siteplan_model::pipeline::{EnvValue, History, Job, JobPurpose, Occasion, Permission, Step};
use siteplan_model::script::Script;
use siteplan_model::survey::{Commands, Service};

use super::test_data::{self, containers};
use super::{limits, pipeline, scripts};
use crate::command::Blanks;
use crate::ground::Ground;
use crate::prose;
use crate::services::{as_managed, runtime_version};

/// The id of the test job.
pub(crate) const TEST: &str = "test";

/// A folder with the commands that act on it.
struct Workspace<'a> {
    path: &'a str,
    name: &'a str,
    commands: &'a Commands,
    language: Option<&'a str>,
    package_manager: Option<&'a str>,
    /// The texts of the scripts that its test command runs.
    scripts: Vec<&'a str>,
}

/// What stands behind a command that runs the tests.
fn behind(evidence: &EvidenceByField) -> Vec<&str> {
    let seen = evidence.get("commands.test").into_iter().flatten();
    seen.map(|seen| seen.seen.as_str()).collect()
}

/// The folders to check: one per service path, or the root where no service was found.
fn workspaces<'a>(ground: &Ground<'a>) -> Vec<Workspace<'a>> {
    let survey = ground.survey;
    let of = |service: &'a Service| Workspace {
        path: &service.path,
        name: &service.name,
        commands: &service.commands,
        language: service.language.as_deref(),
        package_manager: service.package_manager.as_deref(),
        scripts: behind(&service.evidence),
    };
    let mut seen = BTreeSet::new();
    let mut list: Vec<Workspace<'a>> =
        survey.services.iter().filter(|service| seen.insert(service.path.as_str())).map(of).collect();
    let tested = list.iter().any(|workspace| workspace.commands.test.is_some());
    if list.is_empty() || (!tested && survey.commands.test.is_some() && !seen.contains(".")) {
        list.push(Workspace {
            path: ".",
            name: &survey.name.value,
            commands: &survey.commands,
            language: survey.languages.iter().find(|l| l.primary).map(|l| l.fact.value.as_str()),
            package_manager: survey.package_manager.as_ref().map(|manager| manager.value.as_str()),
            scripts: behind(&survey.evidence),
        });
    }
    list
}

/// Steps that install the runtimes of some folders.
fn runtime_steps<'w>(ground: &Ground<'_>, workspaces: impl Iterator<Item = &'w Workspace<'w>>) -> Vec<Step> {
    let mut seen = BTreeSet::new();
    let mut steps = Vec::new();
    for workspace in workspaces {
        let runtime = workspace
            .language
            .and_then(|language| ground.catalog.runtimes.of(language, workspace.package_manager));
        let Some(runtime) = runtime else { continue };
        let version = runtime_version(ground.survey, runtime, workspace.path);
        if seen.insert((runtime.id.clone(), version.clone())) {
            let image_tag =
                if version.starts_with(|c: char| c.is_ascii_digit()) { version.as_str() } else { "1" };
            steps.push(Step::Runtime {
                runtime: runtime.id.clone(),
                image: Blanks::default().with("version", image_tag).sentence(&runtime.image),
                version,
                package_manager: workspace.package_manager.map(str::to_owned),
                lock_files: lock_files(ground, workspace),
            });
        }
    }
    steps
}

/// What the catalog knows of a folder's package manager.
fn manager_of<'a>(ground: &Ground<'a>, workspace: &Workspace<'_>) -> Option<&'a PackageManager> {
    let managers = &ground.catalog.signals.package_managers;
    workspace.package_manager.and_then(|id| managers.iter().find(|manager| manager.id == id))
}

/// The line that installs what the tests need too, where the one for a release leaves it out.
fn with_test_tools(ground: &Ground<'_>, workspace: &Workspace<'_>, line: &str) -> String {
    let known = manager_of(ground, workspace).and_then(|manager| {
        let tests = manager.install_tests.as_ref()?;
        let ours = [&manager.install_locked, &manager.install];
        Some((ours.into_iter().find(|install| line.contains(install.as_str()))?, tests))
    });
    known.map_or_else(|| line.to_owned(), |(install, tests)| line.replace(install.as_str(), tests))
}

/// A line whose program no lock file brings, as the line that fetches and runs it.
fn fetched(ground: &Ground<'_>, workspace: &Workspace<'_>, line: &str) -> String {
    let (program, rest) = line.split_at(line.find(' ').unwrap_or(line.len()));
    let known = manager_of(ground, workspace).and_then(|manager| manager.fetched.get(program));
    known.map_or_else(|| line.to_owned(), |fetch| format!("{fetch}{rest}"))
}

/// The files by which the package manager's cache is known; none where it installs without one.
fn lock_files(ground: &Ground<'_>, workspace: &Workspace<'_>) -> Vec<String> {
    let locked = |manager: &&PackageManager| {
        workspace.commands.install.as_deref().is_some_and(|line| line.contains(&manager.install_locked))
    };
    // The file stands beside the manifest, or above it where several folders share one.
    manager_of(ground, workspace)
        .filter(locked)
        .and_then(|manager| manager.lock_files.first())
        .map(|name| format!("**/{name}"))
        .into_iter()
        .collect()
}

/// Runtimes for a command that runs in the folder of a service.
pub(crate) fn runtimes_in(ground: &Ground<'_>, path: &str) -> Vec<Step> {
    let workspaces = workspaces(ground);
    runtime_steps(ground, workspaces.iter().filter(|workspace| workspace.path == path))
}

/// Dependencies for a command that runs in the folder of a service.
pub(crate) fn installs(ground: &Ground<'_>, path: &str) -> Vec<Task> {
    let workspaces = workspaces(ground);
    let chosen = workspaces.iter().filter(|workspace| workspace.path == path);
    chosen
        .filter_map(|workspace| task(INSTALL, workspace.commands.install.as_deref(), workspace.path))
        .collect()
}

/// All runtimes, for a deploy tool that installs and builds by itself.
pub(crate) fn runtimes(ground: &Ground<'_>) -> Vec<Step> {
    let workspaces = workspaces(ground);
    runtime_steps(ground, workspaces.iter())
}

/// One command of the repository.
pub(crate) struct Task {
    pub(crate) title: String,
    pub(crate) command: String,
    pub(crate) directory: String,
}

const INSTALL: &str = "Install dependencies";

fn task(title: &str, command: Option<&str>, directory: &str) -> Option<Task> {
    Some(Task { title: title.to_owned(), command: command?.to_owned(), directory: directory.to_owned() })
}

/// The test command of a folder: the Survey's, else the one that an existing CI job runs at the root.
fn test_command<'a>(ground: &Ground<'a>, workspace: &Workspace<'a>) -> Option<&'a str> {
    let of_ci = || ground.survey.ci_test_jobs.first().map(|job| job.command.as_str());
    workspace.commands.test.as_deref().or_else(|| if workspace.path == "." { of_ci() } else { None })
}

/// The commands that test, each with its folder, for people.
pub(crate) fn test_commands(ground: &Ground<'_>) -> Vec<(String, String)> {
    workspaces(ground)
        .iter()
        .filter_map(|workspace| {
            Some((test_command(ground, workspace)?.to_owned(), workspace.path.to_owned()))
        })
        .collect()
}

/// What is done with the code before a release, in order; nothing for a planned application.
pub(crate) fn tasks(ground: &Ground<'_>) -> Vec<Task> {
    if ground.planned {
        return Vec::new();
    }
    let workspaces = workspaces(ground);
    let several = workspaces.len() > 1;
    let mut tasks = Vec::new();
    for workspace in &workspaces {
        let titled =
            |title: &str| if several { format!("{title} ({})", workspace.name) } else { title.to_owned() };
        let commands = workspace.commands;
        let install = commands.install.as_deref().map(|line| with_test_tools(ground, workspace, line));
        let lint = commands.lint.as_deref().map(|line| fetched(ground, workspace, line));
        tasks.extend(task(&titled(INSTALL), install.as_deref(), workspace.path));
        tasks.extend(task(&titled("Lint"), lint.as_deref(), workspace.path));
        let test = test_command(ground, workspace);
        for tool in &ground.catalog.runtimes.test_tool {
            let browsers = as_managed(ground.catalog, workspace.package_manager, &tool.install);
            let calls = test.is_some_and(|test| {
                test.contains(&tool.calls) || workspace.scripts.iter().any(|seen| seen.contains(&tool.calls))
            });
            tasks.extend(task(
                &titled(&tool.what),
                Some(browsers.as_str()).filter(|_| calls),
                workspace.path,
            ));
        }
        tasks.extend(task(&titled("Test"), test, workspace.path));
        if test.is_none() {
            tasks.extend(task(&titled("Build"), commands.build.as_deref(), workspace.path));
        }
    }
    tasks
}

/// What the tasks do, as verbs, each once.
pub(crate) fn verbs(ground: &Ground<'_>) -> Vec<String> {
    let mut verbs: Vec<String> = Vec::new();
    for task in tasks(ground) {
        let verb = task.title.split(" (").next().unwrap_or_default().to_lowercase();
        let verb = verb.split(' ').next().unwrap_or_default().to_owned();
        if !verbs.contains(&verb) {
            verbs.push(verb);
        }
    }
    verbs
}

/// The test job; absent for a planned application, which has nothing to test.
pub(crate) fn test_job(ground: &Ground<'_>, scripts: &[Script]) -> Option<Job> {
    let script = scripts::named(scripts, scripts::TEST)?;
    let mut steps = vec![Step::Checkout { history: History::Commit }];
    steps.extend(runtimes(ground));
    steps.push(pipeline::step(ground, script, None));
    Some(Job {
        id: TEST.to_owned(),
        name: if test_commands(ground).is_empty() { "Check".to_owned() } else { "Test".to_owned() },
        purpose: JobPurpose::Test,
        needs: Vec::new(),
        occasion: if already_on_pull_requests(ground) {
            Occasion::Branch
        } else {
            Occasion::BranchAndPullRequests
        },
        environment: None,
        permissions: BTreeSet::from([Permission::ReadCode]),
        exclusive: None,
        calls: None,
        hands_on: Vec::new(),
        timeout_minutes: limits::of_job(&steps),
        services: containers(ground),
        env: test_data::variables(ground)
            .into_iter()
            .map(|(name, address)| (name, EnvValue::Literal(address)))
            .collect(),
        steps,
    })
}

/// Whether the host's own CI already runs the tests, so that pull requests need no second run.
pub(crate) fn already_on_pull_requests(ground: &Ground<'_>) -> bool {
    super::reuse::on_pull_requests(ground)
}

/// A positive number of minutes, rounded up.
pub(crate) fn minutes(value: f64) -> u32 {
    if !value.is_finite() || value <= 0.0 {
        return 0;
    }
    (1..=600).find(|minutes| f64::from(*minutes) >= value).unwrap_or(600)
}

/// The version of an engine in tests: the one of production, else the one that the repository asks for, else the default.
pub(super) fn engine_version(ground: &Ground<'_>, engine: &str) -> String {
    let placed = ground.quote.data.iter().find(|data| data.engine == engine && !data.version.is_empty());
    let workload = &ground.quote.workload;
    let asked = workload.databases.iter().chain(&workload.caches).find(|need| need.engine == engine);
    let default = || {
        let facts = ground.catalog.runtimes.engine(engine)?;
        Some(facts.default_version.as_ref()?.value.clone())
    };
    placed
        .map(|data| data.version.clone())
        .or_else(|| asked.and_then(|need| need.version.clone()))
        .or_else(default)
        .unwrap_or_else(|| "latest".to_owned())
}

/// Which containers stand beside the tests and why (`PostgreSQL 16 beside it, because `x.test.ts:4` connects to one`).
pub(crate) fn containers_because(ground: &Ground<'_>) -> Option<String> {
    let names = container_names(ground);
    let containers = containers(ground);
    let places: Vec<String> = containers
        .iter()
        .filter_map(|container| {
            ground.survey.test_services.iter().find(|service| service.value == container.name)?.place()
        })
        .map(|place| prose::code(&place))
        .collect();
    let because = match (places.len(), names.len()) {
        (0, _) => "because the tests connect there".to_owned(),
        (1, 1) => format!("because {} connects to one", places[0]),
        _ => format!("because {} connect to them", prose::list(&places)),
    };
    (!names.is_empty()).then(|| format!("{} beside it, {because}", prose::list(&names)))
}

/// The containers beside the tests by name and version.
pub(crate) fn container_names(ground: &Ground<'_>) -> Vec<String> {
    containers(ground)
        .iter()
        .map(|container| {
            format!(
                "{} {}",
                ground.catalog.names.of(&container.name),
                engine_version(ground, &container.name)
            )
        })
        .collect()
}
