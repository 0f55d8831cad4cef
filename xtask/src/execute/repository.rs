//! An example with everything that siteplan generates for it, as a repository whose last commit is about to be released.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::cases::{Case, Cases, FOLDER, Host, OwnCi};
use super::scenario::{Brought, LIMIT, Scenario};
use crate::cargo;
use crate::copy;
use crate::examples;
use crate::failure::{Failure, Outcome};
use crate::program::Program;
use crate::world::{World, digest};

/// The date of the plan.
const DATE: &str = "2026-11-25";
/// What the commit of a migration says with which the older code runs.
const MARK: &str = "\n\nMigration: expand";
/// Whose commits they are; their hashes depend on nothing else of the machine.
const AUTHOR: [(&str, &str); 8] = [
    ("GIT_AUTHOR_NAME", "siteplan"),
    ("GIT_AUTHOR_EMAIL", "siteplan@example.invalid"),
    ("GIT_AUTHOR_DATE", "2026-11-25T12:00:00Z"),
    ("GIT_COMMITTER_NAME", "siteplan"),
    ("GIT_COMMITTER_EMAIL", "siteplan@example.invalid"),
    ("GIT_COMMITTER_DATE", "2026-11-25T12:00:00Z"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
];

/// The files of one case.
#[derive(Clone, Debug)]
pub(super) struct Generated {
    /// The folder of the case, and the example in it.
    folder: PathBuf,
    application: PathBuf,
    /// The design.
    pub(super) design: Value,
    /// What the code host holds: secrets, each with a value found nowhere else, and plain variables.
    pub(super) secrets: Vec<(String, String)>,
    pub(super) variables: Vec<(String, String)>,
}

/// A repository that is about to be released.
#[derive(Debug)]
pub(super) struct Place {
    /// The folder of the run.
    pub(super) folder: PathBuf,
    /// The checkout in it.
    pub(super) checkout: PathBuf,
    /// Commits: the one to release, the one that serves, the one before.
    pub(super) head: String,
    pub(super) live: String,
    pub(super) older: String,
}

impl Generated {
    /// Plans and generates in a copy of the example.
    pub(super) fn make(world: &World, cases: &Cases, case: &Case) -> Outcome<Self> {
        let binary = cargo::build_siteplan(world)?;
        let folder = world.work().join("execute").join(case.name());
        let application = folder.join(&case.example);
        let example =
            examples::folders(world)?.into_iter().find(|folder| examples::name(folder) == case.example);
        let example =
            example.ok_or_else(|| Failure::new(format!("there is no example `{}`", case.example)))?;
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| unusable(&folder, &error))?;
        }
        copy::fresh(&example, &application)?;
        if let Some(ci) = case.ci {
            let own = world.root().join(FOLDER).join("ci").join(ci.folder());
            copy_all(&own.join("."), &application)?;
            // What starts a workflow depends on the branch.
            git(&application, &["init", "--quiet", "--initial-branch=main"])?;
            commit(&application, "What was there")?;
            follow_origin(&application)?;
        }
        let host = match case.host {
            Host::GitHub => "github",
            Host::GitLab => "gitlab",
        };
        let settings = [
            format!("platform={}", case.platform),
            format!("code_host={host}"),
            "environments=staging-production".to_owned(),
            "production_approval=automatic".to_owned(),
            format!("deploy_timeout={LIMIT}"),
        ];
        let siteplan = |command: &str| {
            Program::new(&binary, &application)
                .args([command, "--quiet"])
                .args(["--date", DATE])
                .env("NO_COLOR", "1")
        };
        let settings = settings.iter().flat_map(|setting| ["--set", setting.as_str()]);
        siteplan("plan").args(["--defaults"]).args(settings).output()?;
        siteplan("generate").args(["--keep"]).output()?;
        if case.ci.is_some() {
            let history = application.join(".git");
            fs::remove_dir_all(&history).map_err(|error| unusable(&history, &error))?;
        }
        if case.ci == Some(OwnCi::Included) {
            include(&application)?;
        }
        let record = application.join("specs/.siteplan/plan.json");
        let text = fs::read_to_string(&record).map_err(|error| unusable(&record, &error))?;
        let record: Value = serde_json::from_str(&text)
            .map_err(|error| Failure::new(format!("`{}` cannot be read: {error}", record.display())))?;
        let design = record["design"].clone();
        let names = |list: &str| {
            let values = design["delivery"][list].as_array().into_iter().flatten();
            values.filter_map(|value| value["name"].as_str().map(str::to_owned)).collect::<Vec<String>>()
        };
        let secrets = names("ci_secrets").into_iter().map(|name| {
            let canary = format!("canary-{}", &digest([name.as_bytes()])[..24]);
            (name, canary)
        });
        let variables = names("ci_variables").into_iter().map(|name| {
            let given = cases.variables.get(&name).cloned();
            let value = given.unwrap_or_else(|| name.to_lowercase().replace('_', "-"));
            (name, value)
        });
        Ok(Self { secrets: secrets.collect(), variables: variables.collect(), folder, application, design })
    }

    /// A text of the design's section on delivery.
    pub(super) fn text(&self, key: &str) -> Outcome<String> {
        let text = self.design["delivery"][key].as_str().map(str::to_owned);
        text.ok_or_else(|| Failure::new(format!("the design has no `delivery.{key}`")))
    }

    /// What a person says who starts the rollback of an environment; `named` is the release, where one must be named.
    pub(super) fn rollback_inputs(&self, environment: &str, named: &str) -> Vec<(String, String)> {
        let inputs = self.design["delivery"]["rollback_pipeline"]["triggers"]["inputs"].as_array();
        let said = inputs.into_iter().flatten().filter_map(|input| {
            let name = input["name"].as_str()?;
            let chosen =
                input["choices"].as_array().is_some_and(|choices| choices.iter().any(|c| c == environment));
            let given = input["default"].as_str()?;
            let must = input["required"] == true && given.is_empty();
            let value = if chosen {
                environment
            } else if must {
                named
            } else {
                given
            };
            Some((name.to_owned(), value.to_owned()))
        });
        said.collect()
    }

    /// The same as variables of the job, for a host that knows no inputs.
    pub(super) fn rollback_variables(&self, environment: &str, named: &str) -> Vec<(String, String)> {
        let said = self.rollback_inputs(environment, named);
        let jobs = self.design["delivery"]["rollback_pipeline"]["jobs"].as_array();
        let given = jobs.into_iter().flatten().filter_map(|job| job["env"].as_object()).flatten();
        let variables = given.filter_map(|(variable, value)| {
            let (_, text) = said.iter().find(|(input, _)| value["input"] == **input)?;
            Some((variable.clone(), text.clone()))
        });
        variables.filter(|(_, text)| !text.is_empty()).collect()
    }

    /// A repository of three commits: what served before, what serves, and what the scenario brings.
    pub(super) fn release(&self, case: &Case, scenario: Scenario) -> Outcome<Place> {
        let name = scenario.to_string().replace(' ', "-");
        let folder = self.folder.join(name);
        // The folder's name is what the application is called.
        let checkout = folder.join(self.application.file_name().unwrap_or_default());
        copy_all(&self.application, &checkout)?;
        let git = |arguments: &[&str]| git(&checkout, arguments);
        let commit = |message: &str| commit(&checkout, message);
        git(&["init", "--quiet", "--initial-branch=main"])?;
        git(&["remote", "add", "origin", "https://git.example.invalid/team/application.git"])?;
        let older = commit("What served before")?;
        let live = commit("What serves")?;
        if let Some(migration) = case.migration.as_ref().filter(|_| scenario.migration() != Brought::Nothing)
        {
            let file = checkout.join(&migration.path);
            fs::write(&file, &migration.text).map_err(|error| unusable(&file, &error))?;
        }
        let mark = if scenario.migration() == Brought::Expanding { MARK } else { "" };
        let head = commit(&format!("What is released{mark}"))?;
        follow_origin(&checkout)?;
        Ok(Place { folder, checkout, head, live, older })
    }
}

fn git(checkout: &Path, arguments: &[&str]) -> Outcome<String> {
    let git = Program::new("git", checkout).args(arguments.iter().copied());
    AUTHOR.iter().fold(git, |git, (name, value)| git.env(*name, *value)).output()
}

/// Commits everything and gives the commit.
fn commit(checkout: &Path, message: &str) -> Outcome<String> {
    git(checkout, &["add", "--all"])?;
    git(checkout, &["commit", "--quiet", "--allow-empty", "--message", message])?;
    git(checkout, &["rev-parse", "HEAD"]).map(|hash| hash.trim().to_owned())
}

/// The branch of the remote repository is where this one is.
fn follow_origin(checkout: &Path) -> Outcome {
    git(checkout, &["update-ref", "refs/remotes/origin/main", "HEAD"])?;
    git(checkout, &["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"])?;
    Ok(())
}

/// Does what the generated file asks a person to do: its line goes into the file that GitLab reads.
fn include(application: &Path) -> Outcome {
    let read = |path: &Path| fs::read_to_string(path).map_err(|error| unusable(path, &error));
    let generated = read(&application.join(".gitlab/siteplan-deploy.yml"))?;
    let asked =
        generated.lines().find_map(|line| line.strip_prefix("# Add to .gitlab-ci.yml: `")?.split('`').next());
    let asked =
        asked.ok_or_else(|| Failure::new("the generated file does not say how it is included".to_owned()))?;
    let own = application.join(".gitlab-ci.yml");
    let text = format!("{asked}\n\n{}", read(&own)?);
    fs::write(&own, text).map_err(|error| unusable(&own, &error))
}

/// A copy that keeps which files can be executed.
fn copy_all(from: &Path, to: &Path) -> Outcome {
    let parent = to.parent().unwrap_or(to);
    fs::create_dir_all(parent).map_err(|error| unusable(parent, &error))?;
    Program::new("cp", parent).args(["-R".as_ref(), from.as_os_str(), to.as_os_str()]).output().map(|_| ())
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("cannot use `{}`: {error}", path.display()))
}
