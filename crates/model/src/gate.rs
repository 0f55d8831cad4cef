//! The questions that must be answered, in their order, and where an answer came from.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One question of the interview. The order of the variants is the order of the questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// What type of application it is.
    AppType,
    /// How much of the work may be the team's.
    Expertise,
    /// How many users are expected.
    Scale,
    /// What may be spent a month.
    Budget,
    /// Which of the options is taken.
    Platform,
    /// Whether a push deploys.
    AutoDeploy,
    /// Where the code is hosted.
    CodeHost,
    /// Which environments there are.
    Environments,
    /// Where the database is hosted.
    Database,
    /// Which managed database service, if one was chosen.
    DatabaseService,
    /// How migrations run.
    Migrations,
    /// Where secrets are kept.
    Secrets,
    /// Which secrets manager, if one was chosen.
    SecretsService,
    /// Which secrets the application needs.
    RequiredSecrets,
    /// Whether the design includes health checks.
    HealthChecks,
}

impl Gate {
    /// All gates, in order.
    pub const ALL: [Self; 15] = [
        Self::AppType,
        Self::Expertise,
        Self::Scale,
        Self::Budget,
        Self::Platform,
        Self::AutoDeploy,
        Self::CodeHost,
        Self::Environments,
        Self::Database,
        Self::DatabaseService,
        Self::Migrations,
        Self::Secrets,
        Self::SecretsService,
        Self::RequiredSecrets,
        Self::HealthChecks,
    ];

    /// The key in files, flags and JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::AppType => "app_type",
            Self::Expertise => "expertise",
            Self::Scale => "scale",
            Self::Budget => "budget",
            Self::Platform => "platform",
            Self::AutoDeploy => "auto_deploy",
            Self::CodeHost => "code_host",
            Self::Environments => "environments",
            Self::Database => "database",
            Self::DatabaseService => "database_service",
            Self::Migrations => "migrations",
            Self::Secrets => "secrets",
            Self::SecretsService => "secrets_service",
            Self::RequiredSecrets => "required_secrets",
            Self::HealthChecks => "health_checks",
        }
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.key())
    }
}

impl FromStr for Gate {
    type Err = ();
    fn from_str(key: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|gate| gate.key() == key).ok_or(())
    }
}

/// Who gave an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Provenance {
    /// A person, at a terminal or a page.
    Person,
    /// A command-line flag.
    Flag,
    /// The answers file.
    File,
    /// The Survey.
    Detected,
    /// The stated default.
    Default,
    /// An AI assistant.
    Assistant,
    /// Another document.
    Imported,
}

impl Provenance {
    /// Whether a replay computes the answer anew instead of keeping it.
    pub fn is_recomputed(self) -> bool {
        matches!(self, Self::Detected | Self::Default | Self::Assistant)
    }

    /// The channel of an answer that has no other record; none for what an assistant only proposed.
    pub fn usual_channel(self) -> Option<Channel> {
        match self {
            Self::Person => Some(Channel::Terminal),
            Self::Flag => Some(Channel::Flag),
            Self::File | Self::Imported => Some(Channel::File),
            Self::Detected | Self::Default => Some(Channel::Default),
            Self::Assistant => None,
        }
    }

    /// The word in files and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Flag => "flag",
            Self::File => "file",
            Self::Detected => "detected",
            Self::Default => "default",
            Self::Assistant => "assistant",
            Self::Imported => "imported",
        }
    }
}

impl fmt::Display for Provenance {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// How a gate was confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// At a terminal.
    Terminal,
    /// On the local web page.
    Web,
    /// Through an assistant's form, answered by a person.
    Elicitation,
    /// By a command-line flag.
    Flag,
    /// By the answers file.
    File,
    /// By `--defaults`: nobody confirmed it.
    Default,
}

impl Channel {
    /// Whether a person confirmed the gate, now or by writing the file or flag.
    pub fn is_personal(self) -> bool {
        self != Self::Default
    }

    /// The word in files and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Web => "web",
            Self::Elicitation => "elicitation",
            Self::Flag => "flag",
            Self::File => "file",
            Self::Default => "default",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
