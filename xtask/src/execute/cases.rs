//! `xtask/checks/execute/cases.toml` and `answers.toml` → which pipelines are run, and what is expected of them.

use std::collections::BTreeMap;
use std::fs;

use serde::{Deserialize, Serialize};

use super::repository::Place;
use crate::failure::{Failure, Outcome};
use crate::world::World;

/// Below the checkout.
pub(super) const FOLDER: &str = "xtask/checks/execute";

/// Everything that the tables say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cases {
    /// Tools that are never really called, unless a case says so.
    pub(super) stand_ins: Vec<String>,
    /// Values of the code host's plain variables.
    pub(super) variables: BTreeMap<String, String>,
    /// The cases.
    case: Vec<Case>,
    /// What the stand-ins print.
    #[serde(default)]
    pub(super) answer: Vec<Answer>,
}

/// Where a pipeline runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Host {
    GitHub,
    GitLab,
}

/// CI that a repository has already, a folder of `xtask/checks/execute/ci`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum OwnCi {
    /// A workflow that pushes start: the deployment waits for it.
    Awaited,
    /// A workflow that others can call: the deployment does.
    Called,
    /// The one file of its host: it includes the deployment.
    Included,
}

impl OwnCi {
    /// Its folder.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Awaited => "awaited",
            Self::Called => "called",
            Self::Included => "included",
        }
    }
}

/// One example on one platform.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub(super) host: Host,
    pub(super) example: String,
    pub(super) platform: String,
    /// Scripts with their environment, in order.
    pub(super) order: Vec<String>,
    pub(super) test: Pattern,
    pub(super) release: Pattern,
    pub(super) rollback: Rollback,
    #[serde(default)]
    pub(super) real: Vec<String>,
    /// The CI that the repository has already.
    #[serde(default)]
    pub(super) ci: Option<OwnCi>,
    /// Whether a release that hangs is tried, which takes as long as its limit.
    #[serde(default)]
    pub(super) hangs: bool,
    #[serde(default)]
    pub(super) migration: Option<Migration>,
    /// The release that a person names who rolls production back, where one has to be named.
    #[serde(default)]
    pub(super) named: Option<String>,
}

impl Case {
    /// Its name, also that of its folder.
    pub(super) fn name(&self) -> String {
        let host = match self.host {
            Host::GitHub => "github",
            Host::GitLab => "gitlab",
        };
        let ci = self.ci.map(|ci| format!("-{}", ci.folder())).unwrap_or_default();
        format!("{host}-{}-{}{ci}", self.platform, self.example)
    }
}

impl Case {
    /// What a person names to return to the release `older`: its own id where the case says one, else its commit.
    pub(super) fn named<'a>(&'a self, place: &'a Place) -> &'a str {
        self.named.as_deref().unwrap_or(&place.older)
    }
}

/// Calls of one tool.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pattern {
    pub(super) tool: String,
    /// A regular expression for its arguments, one space between two.
    pub(super) arguments: String,
}

/// The call that returns to an earlier release.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rollback {
    tool: String,
    arguments: String,
    /// What stands in its arguments, with the placeholders of a release.
    #[serde(default)]
    pub(super) names: Option<String>,
    /// Everything that it reads from its standard input, with the placeholders of a release.
    #[serde(default)]
    pub(super) reads: Option<String>,
}

impl Rollback {
    pub(super) fn pattern(&self) -> Pattern {
        Pattern { tool: self.tool.clone(), arguments: self.arguments.clone() }
    }
}

/// A migration that a commit adds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Migration {
    /// Its file.
    pub(super) path: String,
    /// Its text.
    pub(super) text: String,
}

/// What a stand-in prints.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    tool: String,
    #[serde(default)]
    arguments: String,
    #[serde(default)]
    output: String,
    #[serde(default)]
    exit: i32,
}

impl Cases {
    /// Reads both tables.
    pub(super) fn read(world: &World) -> Outcome<Self> {
        let text = |name: &str| {
            let file = world.root().join(FOLDER).join(name);
            fs::read_to_string(&file)
                .map_err(|error| Failure::new(format!("cannot read `{}`: {error}", file.display())))
        };
        let both = format!("{}\n{}", text("cases.toml")?, text("answers.toml")?);
        toml::from_str(&both).map_err(|error| Failure::new(format!("`{FOLDER}` cannot be used: {error}")))
    }

    /// The cases of one host.
    pub(super) fn of(&self, host: Host) -> impl Iterator<Item = &Case> {
        self.case.iter().filter(move |case| case.host == host)
    }
}
