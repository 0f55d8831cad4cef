//! Programs that stand in for the tools of platforms: installed first on the path, told what to answer and when to fail,
//! and read afterwards.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};

use super::Run;
use super::cases::{Case, Cases, FOLDER};
use super::repository::{Generated, Place};
use super::scenario::Scenario;
use crate::failure::{Failure, Outcome};
use crate::program::Program;
use crate::world::World;

/// One call of a tool.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Call {
    pub(super) tool: String,
    pub(super) arguments: Vec<String>,
    /// Digest of what it read.
    pub(super) input: Option<String>,
    pub(super) job: Option<String>,
    /// The script of the folder `deploy` that called it, with its arguments.
    pub(super) script: Option<Vec<String>>,
    pub(super) exit: i32,
}

impl Call {
    /// Its arguments in a line.
    pub(super) fn line(&self) -> String {
        self.arguments.join(" ")
    }

    /// Its script with the environment that it was called for: `verify staging`, `test`.
    pub(super) fn stage(&self) -> Option<String> {
        let script = self.script.as_ref()?;
        Some(script.iter().take(2).cloned().collect::<Vec<_>>().join(" "))
    }
}

/// The installed programs.
#[derive(Debug)]
pub(super) struct StandIns {
    folder: PathBuf,
    /// Tools that a case may run besides, with their place.
    real: BTreeMap<String, PathBuf>,
}

impl StandIns {
    /// Writes one program for each tool.
    pub(super) fn install(world: &World, cases: &Cases) -> Outcome<Self> {
        let folder = world.work().join("execute/stand-ins");
        let tools = world.tools()?;
        let (python, driver) =
            (tools.python_programs().join("python"), world.root().join(FOLDER).join("stand_in.py"));
        let mut real = BTreeMap::new();
        fs::create_dir_all(&folder).map_err(|error| unusable(&folder, &error))?;
        for tool in &cases.stand_ins {
            let file = folder.join(tool);
            let text = format!(
                "#!/bin/sh\nexec '{}' -I -S '{}' '{tool}' \"$@\"\n",
                python.display(),
                driver.display()
            );
            fs::write(&file, text)
                .and_then(|()| fs::set_permissions(&file, fs::Permissions::from_mode(0o755)))
                .map_err(|error| unusable(&file, &error))?;
            let pinned = tools.python_programs();
            let path = env::var_os("PATH").unwrap_or_default();
            let places = [pinned].into_iter().chain(env::split_paths(&path)).map(|place| place.join(tool));
            real.extend(places.into_iter().find(|place| place.is_file()).map(|place| (tool.clone(), place)));
        }
        Ok(Self { folder, real })
    }

    /// Tells them what one run is about.
    pub(super) fn session(
        &self,
        cases: &Cases,
        case: &Case,
        generated: &Generated,
        place: &Place,
        scenario: Scenario,
    ) -> Outcome<Session> {
        let folder = place.folder.join("stand-ins");
        let home = place.folder.join("home");
        for folder in [&folder, &home] {
            fs::create_dir_all(folder).map_err(|error| unusable(folder, &error))?;
        }
        let real: BTreeMap<&String, &PathBuf> =
            case.real.iter().filter_map(|tool| self.real.get(tool).map(|place| (tool, place))).collect();
        if let Some(missing) = case.real.iter().find(|tool| !real.contains_key(tool)) {
            return Err(Failure::new(format!("`{missing}` is not there to be run")));
        }
        let mut answers = scenario.answers();
        if let (Some(all), Value::Array(known)) = (answers.as_array_mut(), json!(cases.answer)) {
            all.extend(known);
        }
        let control = json!({
            "answers": answers,
            "fail": scenario.failures(case),
            "values": {
                "head_commit": place.head,
                "live_commit": place.live,
                "older_commit": place.older,
                "returned_commit": if scenario.returns_to() == "older" { &place.older } else { &place.live },
                "stand_ins": self.folder,
            },
            "real": real,
            "home": env::home_dir(),
        });
        let file = folder.join("control.json");
        fs::write(&file, format!("{control:#}\n")).map_err(|error| unusable(&file, &error))?;
        Ok(Session {
            programs: self.folder.clone(),
            folder,
            home,
            checkout: place.checkout.clone(),
            secrets: generated.secrets.clone(),
        })
    }
}

/// One run, before and after.
#[derive(Debug)]
pub(super) struct Session {
    programs: PathBuf,
    folder: PathBuf,
    /// The home of whoever runs the pipeline.
    pub(super) home: PathBuf,
    /// The repository.
    pub(super) checkout: PathBuf,
    secrets: Vec<(String, String)>,
}

impl Session {
    /// The program that runs the pipeline, among stand-ins.
    fn dressed(&self, program: Program) -> Program {
        let program = program.path_first(self.programs.clone()).env("STAND_INS", self.folder.as_os_str());
        let home = |name: &str| self.home.join(name).into_os_string();
        program
            .env("HOME", self.home.as_os_str())
            .env("XDG_CACHE_HOME", home(".cache"))
            .env("XDG_CONFIG_HOME", home(".config"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("NO_COLOR", "1")
    }

    /// Runs the pipeline and collects what it did; what it writes is kept in the folder of the run.
    pub(super) fn run(&self, program: &Program, folder: &Path) -> Outcome<Run> {
        let program = self.dressed(program.clone());
        let output = program.command().output().map_err(|error| program.not_run(&error))?;
        let both = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&both).into_owned();
        let log = folder.join("output.log");
        fs::write(&log, format!("{program}\n{text}")).map_err(|error| unusable(&log, &error))?;
        Ok(Run {
            passed: output.status.success(),
            output: text,
            calls: self.calls()?,
            folder: folder.to_owned(),
        })
    }

    /// Tells the stand-ins one answer more, which goes before those that they know.
    pub(super) fn answer(&self, answer: Value) -> Outcome {
        let file = self.folder.join("control.json");
        let text = fs::read_to_string(&file).map_err(|error| unusable(&file, &error))?;
        let mut control: Value = serde_json::from_str(&text).map_err(|error| unusable(&file, &error))?;
        if let Some(answers) = control["answers"].as_array_mut() {
            answers.insert(0, answer);
        }
        fs::write(&file, format!("{control:#}\n")).map_err(|error| unusable(&file, &error))
    }

    /// The calls, in order.
    fn calls(&self) -> Outcome<Vec<Call>> {
        let file = self.folder.join("calls.jsonl");
        // A pipeline that calls nothing leaves no file.
        let text = fs::read_to_string(&file).unwrap_or_default();
        let calls = text.lines().map(serde_json::from_str);
        calls.collect::<Result<_, _>>().map_err(|error| unusable(&file, &error))
    }

    /// The names of secrets that appear in a text, with a piece of the text.
    pub(super) fn secrets_in<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.secrets.iter().filter_map(move |(name, value)| {
            let line = text.lines().find(|line| line.contains(value.as_str()))?;
            Some((name.as_str(), line))
        })
    }
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("cannot use `{}`: {error}", path.display()))
}
