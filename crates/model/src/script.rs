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
        /// Line that prints it; prints nothing before the first release.
        line: String,
    },
    /// Finds the id of the release to return to: the variable itself, where it is set; with the option `recorded` what
    /// `Record` kept; else what a line prints.
    Recall {
        /// What the id is.
        purpose: String,
        /// Variable that holds it.
        variable: String,
        /// Line that prints the id of the release before the one that serves now.
        before: Option<String>,
        /// Whether there is no way back without it.
        required: bool,
    },
    /// With the option `recorded`: stops, unless the older code runs with the migrations of this release.
    MigrationGuard {
        /// Paths of the migrations, relative to the root.
        paths: Vec<String>,
        /// Who is called when it stops.
        call: String,
    },
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
