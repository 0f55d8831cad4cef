//! The shell scripts that deploy: what each CI host's file and a person run alike.
//!
//! A script is a list of actions with their purpose. Whether it runs on GitHub, in another CI or in a person's shell,
//! the same lines run: a pipeline only says when.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::pipeline::ServiceContainer;

/// The folder of the scripts.
pub const FOLDER: &str = "deploy";

/// The file, at the root, in which a build notes the digests of its images.
pub const DIGESTS: &str = "images.env";

/// One script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Script {
    /// Its name, a file of the folder `deploy` (`test`, `build`, `migrate`, `deploy`, `verify`, `rollback`, …).
    pub name: String,
    /// What it does, in a few words.
    pub purpose: String,
    /// What its first argument may be; a script without any takes no argument.
    pub environments: Vec<ScriptEnvironment>,
    /// Further words that may follow the environment, each with what it changes.
    pub options: Vec<ScriptOption>,
    /// Variables that it needs, in the order in which it asks for them.
    pub needs: Vec<Need>,
    /// Values that variables have unless they are set (throw-away test credentials only).
    pub defaults: BTreeMap<String, String>,
    /// Backing services that must run beside it.
    pub beside: Vec<ServiceContainer>,
    /// Programs that it calls and that an ordinary machine may lack.
    pub tools: Vec<String>,
    /// Seconds after which it stops itself, so that what hangs has failed; absent where it may take as long as it takes.
    #[serde(default)]
    pub limit_seconds: Option<u32>,
    /// Programs that it calls and that the script `tools` installs.
    #[serde(default)]
    pub installed: Vec<String>,
    /// What it does, in order.
    pub actions: Vec<Action>,
}

impl Script {
    /// Its path from the root of the repository.
    pub fn path(&self) -> String {
        format!("{FOLDER}/{}", self.name)
    }
}

/// An environment that a script can be called for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScriptEnvironment {
    /// Its name, the first argument.
    pub name: String,
    /// Variables that hold for it unless they are set already: its addresses, what a platform calls it.
    pub values: BTreeMap<String, String>,
}

/// A word that may follow the environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScriptOption {
    /// The word.
    pub word: String,
    /// What it changes.
    pub meaning: String,
}

/// A variable that a script needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Need {
    /// Its name.
    pub name: String,
    /// What it is and where one gets it.
    pub purpose: String,
    /// Whether its value is a secret.
    pub secret: bool,
    /// Environments that need it; all, if empty.
    pub environments: Vec<String>,
}

/// One thing that a script does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "action")]
pub enum Action {
    /// Runs a line in the script's own shell, so that what it sets holds for all that follow.
    Prepare {
        /// What it does.
        purpose: String,
        /// The line, already quoted.
        line: String,
    },
    /// Installs one program in the folder `.local` of the home directory, unless it is there.
    Install {
        /// What is installed, with its exact version, and how it is checked.
        purpose: String,
        /// Line that succeeds where it is there already.
        present: String,
        /// The line that installs it, already quoted.
        line: String,
    },
    /// Runs a line by itself.
    Run {
        /// What it does.
        purpose: String,
        /// The line, already quoted; `$ENVIRONMENT` is the environment, `$COMMIT` the commit.
        line: String,
    },
    /// Runs a command of the repository, whatever it says.
    Command {
        /// What it does.
        purpose: String,
        /// The command as it was found.
        command: String,
        /// Folder relative to the root.
        directory: String,
    },
    /// Stops, unless a person says otherwise, within a weekly window.
    Freeze {
        /// The window.
        window: FreezeWindow,
        /// Environments that it holds for.
        environments: Vec<String>,
    },
    /// Keeps the id of the release that serves now.
    Record {
        /// What the id is.
        purpose: String,
        /// Variable that a rollback reads.
        variable: String,
        /// Prints it, and nothing before the first release. Where it fails the script stops: a failed question is no answer.
        lookup: Lookup,
        /// The releases that served, where the id is the commit alone: a commit that serves already has that before it.
        #[serde(default)]
        history: Option<Lookup>,
    },
    /// Finds the id of the release to return to: the variable itself, where it is set; with the option `recorded` what
    /// `Record` kept; else, from what served, the release before the present one from which nobody returned.
    Recall {
        /// What the id is.
        purpose: String,
        /// Variable that holds it.
        variable: String,
        /// Prints the releases that served, oldest first, the present one last: `ID` or `ID IDENTITY`, where releases of
        /// one identity are the same code. Absent where the platform does not tell: the release has to be named.
        history: Option<Lookup>,
        /// Lines that list the releases for a person who has to name one.
        #[serde(default)]
        list: Vec<String>,
        /// Prints the id from other ids that are known already.
        #[serde(default)]
        derived: Option<Lookup>,
        /// Whether there is no way back without it.
        required: bool,
    },
    /// Repeats a line until it prints a word that ends the wait, for a bounded time.
    Await {
        /// What it waits for.
        purpose: String,
        /// The line; a failure counts as no answer yet.
        line: String,
        /// Words that end the wait well.
        good: Vec<String>,
        /// Words that end it with a failure.
        bad: Vec<String>,
        /// Seconds after which it has failed.
        seconds: u32,
    },
    /// Requests an address until it answers and, where the answer tells a commit, until that is the wanted one.
    Smoke {
        /// What it requests.
        purpose: String,
        /// The address as a word of shell, already quoted.
        address: String,
        /// Variable of the address that a release may have kept, when it made one.
        #[serde(default)]
        kept: Option<String>,
    },
    /// Keeps what a line prints last, the address of the release that it makes, for the smoke test.
    KeepAddress {
        /// What it does.
        purpose: String,
        /// The line.
        line: String,
        /// Variable of the address.
        variable: String,
        /// Environments without an address of their own: only theirs is kept.
        environments: Vec<String>,
    },
    /// Notes the digest of the image that was built, for the environments that run it.
    KeepDigest {
        /// What it does.
        purpose: String,
        /// Line that prints the image's names with their digests.
        line: String,
        /// Variable of the digest.
        variable: String,
    },
    /// Begins the list of digests that a build notes.
    BeginDigests,
    /// Takes the digests that the build of this commit has noted, and stops where one is missing.
    TakeDigests {
        /// Their variables.
        variables: Vec<String>,
    },
    /// Keeps which commit serves after the way back, for the smoke test that follows.
    Returned,
    /// With the option `recorded`: stops, unless the older code runs with the migrations of this release.
    MigrationGuard {
        /// Paths of the migrations, relative to the root.
        paths: Vec<String>,
        /// Who is called when it stops.
        call: String,
    },
}

/// A question to a platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lookup {
    /// Line that prints the answer; its failure is a failed question.
    pub line: String,
    /// Filter that picks the wanted part out of the answer; all of it, if absent.
    #[serde(default)]
    pub pick: Option<String>,
}

impl Lookup {
    /// Its shell lines.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.line.as_str()).chain(self.pick.as_deref())
    }
}

/// A weekly window, in minutes since Monday, 00:00. It may reach over the end of the week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FreezeWindow {
    /// As people read it.
    pub text: String,
    /// Its first minute.
    pub from: u32,
    /// The first minute after it.
    pub until: u32,
    /// Its time zone (`Europe/Berlin`, `UTC`).
    pub zone: String,
}

impl Action {
    /// The shell lines that it runs, but those of what only helps a person.
    pub fn lines(&self) -> Vec<&str> {
        match self {
            Self::Prepare { line, .. }
            | Self::Run { line, .. }
            | Self::Install { line, .. }
            | Self::Await { line, .. }
            | Self::KeepAddress { line, .. }
            | Self::KeepDigest { line, .. } => vec![line],
            Self::Command { command, .. } => vec![command],
            Self::Smoke { address, .. } => vec![address],
            Self::Record { lookup, history, .. } => {
                std::iter::once(lookup).chain(history).flat_map(Lookup::lines).collect()
            }
            Self::Recall { history, derived, .. } => {
                history.iter().chain(derived).flat_map(Lookup::lines).collect()
            }
            Self::Freeze { .. }
            | Self::MigrationGuard { .. }
            | Self::BeginDigests
            | Self::TakeDigests { .. }
            | Self::Returned => Vec::new(),
        }
    }

    /// Programs that it calls besides those of its lines.
    pub fn programs(&self) -> &'static [&'static str] {
        match self {
            Self::MigrationGuard { .. } => &["git"],
            Self::Smoke { .. } => &["curl"],
            _ => &[],
        }
    }
}

/// Whether a shell line calls a program on the machine that runs it: the name stands where a command begins, not among the words
/// that are handed to another one (`ssh HOST docker ps`).
pub fn calls(line: &str, program: &str) -> bool {
    const BEFORE_A_COMMAND: [&str; 12] =
        ["|", "||", "&&", ";", "{", "(", "!", "if", "then", "else", "do", "while"];
    let mut begins = true;
    for word in line.split_whitespace() {
        // A substitution begins a command within a word.
        let inner = word.rsplit("$(").next().unwrap_or(word);
        let bare = inner.trim_start_matches(['(', '"', '{', '!']).trim_end_matches([';', ')', '"']);
        let is_assignment = begins && bare.split_once('=').is_some_and(|(name, _)| is_variable(name));
        if (begins || inner.len() < word.len() || word.starts_with('(')) && bare == program {
            return true;
        }
        begins = BEFORE_A_COMMAND.contains(&word) || word.ends_with(';') || is_assignment;
    }
    false
}

/// Whether a name can be that of a shell or environment variable.
pub fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::calls;

    #[test]
    fn a_program_is_called_where_a_command_begins() {
        for line in [
            "docker build .",
            "printf x | docker login --password-stdin",
            "A=1 docker push x",
            "test -e x || { docker ps; }",
            "ID=\"$(docker ps --quiet)\"",
            "if docker info; then true; fi",
            "for x in 1 2; do docker ps; done",
            "! docker ps",
            "(docker ps)",
        ] {
            assert!(calls(line, "docker"), "{line}");
        }
        for line in [
            "ssh \"deploy@$HOST\" docker ps",
            "scp docker host:",
            "printf '%s' docker",
            "dockerize x",
            "npm run docker",
        ] {
            assert!(!calls(line, "docker"), "{line}");
        }
    }
}
