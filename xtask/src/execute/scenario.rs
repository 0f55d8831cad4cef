//! What happens in one run of a pipeline.

use std::fmt;

use serde_json::{Value, json};

use super::cases::Case;

/// Where a failure leads back to what served.
pub(super) const PRODUCTION: &str = "production";

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scenario {
    /// Nothing fails.
    AllGoesWell,
    /// A test fails.
    TestFails,
    /// The platform cannot release to production.
    ReleaseFails,
    /// The smoke test of an environment fails, until an older release serves again.
    SmokeTestFails {
        /// Where.
        environment: &'static str,
        /// What the newest commit brings.
        migration: Brought,
    },
    /// A person starts the rollback of production.
    RollbackByHand,
}

/// The migrations of the newest commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Brought {
    /// None.
    Nothing,
    /// One that is marked: the older code runs with it.
    Expanding,
    /// One without a mark.
    Unmarked,
}

impl Scenario {
    /// Every scenario of a case.
    pub(super) fn all(case: &Case) -> Vec<Self> {
        let fails = |environment, migration| Self::SmokeTestFails { environment, migration };
        let mut all = vec![
            Self::AllGoesWell,
            Self::TestFails,
            fails("staging", Brought::Nothing),
            Self::ReleaseFails,
            fails(PRODUCTION, Brought::Nothing),
            Self::RollbackByHand,
        ];
        if case.migration.is_some() {
            all.extend([Brought::Expanding, Brought::Unmarked].map(|migration| fails(PRODUCTION, migration)));
        }
        all
    }

    /// What the newest commit brings.
    pub(super) fn migration(self) -> Brought {
        match self {
            Self::SmokeTestFails { migration, .. } => migration,
            _ => Brought::Nothing,
        }
    }

    /// The release that a rollback returns to.
    pub(super) fn returns_to(self) -> &'static str {
        if self == Self::RollbackByHand { "older" } else { "live" }
    }

    /// The last script that does its work before something else begins.
    pub(super) fn last(self) -> String {
        match self {
            Self::TestFails => "test".to_owned(),
            Self::ReleaseFails => format!("deploy {PRODUCTION}"),
            Self::SmokeTestFails { environment, .. } => format!("verify {environment}"),
            Self::AllGoesWell | Self::RollbackByHand => format!("verify {PRODUCTION}"),
        }
    }

    /// Whether the pipeline itself returns to the release that served: in production, where the older code can run.
    pub(super) fn falls_back(self) -> bool {
        match self {
            Self::ReleaseFails => true,
            Self::SmokeTestFails { environment, migration } => {
                environment == PRODUCTION && migration != Brought::Unmarked
            }
            Self::AllGoesWell | Self::TestFails | Self::RollbackByHand => false,
        }
    }

    /// The calls that fail.
    pub(super) fn failures(self, case: &Case) -> Value {
        match self {
            Self::AllGoesWell | Self::RollbackByHand => json!([]),
            Self::TestFails => json!([case.test]),
            Self::ReleaseFails => json!([{
                "tool": case.release.tool,
                "arguments": case.release.arguments,
                "script": "^deploy production",
            }]),
            Self::SmokeTestFails { environment, .. } => json!([{
                "tool": "curl",
                "script": format!("^verify {environment}"),
                "until_script": format!("^rollback {environment}"),
                "exit": 22,
            }]),
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AllGoesWell => formatter.write_str("all goes well"),
            Self::TestFails => formatter.write_str("a test fails"),
            Self::ReleaseFails => formatter.write_str("the release to production fails"),
            Self::SmokeTestFails { environment, migration } => {
                let brought = match migration {
                    Brought::Nothing => "",
                    Brought::Expanding => " after an expanding migration",
                    Brought::Unmarked => " after an unmarked migration",
                };
                write!(formatter, "the smoke test of {environment} fails{brought}")
            }
            Self::RollbackByHand => formatter.write_str("a person rolls production back"),
        }
    }
}
