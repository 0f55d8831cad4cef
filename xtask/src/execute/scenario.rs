//! What happens in one run of a pipeline.

use std::fmt;

use serde_json::{Value, json};

use super::cases::Case;

/// Minutes that a release may take: the shortest limit that a pipeline can have.
pub(super) const LIMIT: u32 = 1;
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
    /// The platform's tool does not come back from releasing to production.
    ReleaseHangs,
    /// A person has rolled production back between the push and the release to production.
    RolledBackMeanwhile,
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
        if case.ci.is_some() {
            return vec![Self::AllGoesWell, Self::TestFails, fails(PRODUCTION, Brought::Nothing)];
        }
        let mut all = vec![
            Self::AllGoesWell,
            Self::TestFails,
            fails("staging", Brought::Nothing),
            Self::ReleaseFails,
            Self::RolledBackMeanwhile,
            fails(PRODUCTION, Brought::Nothing),
            Self::RollbackByHand,
        ];
        if case.hangs {
            all.push(Self::ReleaseHangs);
        }
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
            Self::ReleaseFails | Self::ReleaseHangs => format!("deploy {PRODUCTION}"),
            Self::RolledBackMeanwhile => "verify staging".to_owned(),
            Self::SmokeTestFails { environment, .. } => format!("verify {environment}"),
            Self::AllGoesWell | Self::RollbackByHand => format!("verify {PRODUCTION}"),
        }
    }

    /// Whether the pipeline itself returns to the release that served: in production, where the older code can run.
    pub(super) fn falls_back(self) -> bool {
        match self {
            Self::ReleaseFails | Self::ReleaseHangs => true,
            Self::SmokeTestFails { environment, migration } => {
                environment == PRODUCTION && migration != Brought::Unmarked
            }
            Self::AllGoesWell | Self::TestFails | Self::RolledBackMeanwhile | Self::RollbackByHand => false,
        }
    }

    /// What the code host answers beside the platforms: the rollback that a person has started.
    pub(super) fn answers(self) -> Value {
        if self != Self::RolledBackMeanwhile {
            return json!([]);
        }
        let deployment = r#"[{"id":7,"deployable":{"id":9,"name":"rollback-production"}}]"#;
        json!([
            { "tool": "gh", "arguments": "^run list --workflow rollback", "output": "Roll back: production\n" },
            { "tool": "curl", "arguments": "/deployments\\?environment=production&.*&status=success", "output": deployment },
        ])
    }

    /// The calls that fail.
    pub(super) fn failures(self, case: &Case) -> Value {
        match self {
            Self::AllGoesWell | Self::RolledBackMeanwhile | Self::RollbackByHand => json!([]),
            Self::TestFails => json!([case.test]),
            Self::ReleaseFails => json!([{
                "tool": case.release.tool,
                "arguments": case.release.arguments,
                "script": "^deploy production",
            }]),
            // Longer than the pipeline's own limit, and not for ever where nothing stops it.
            Self::ReleaseHangs => json!([{
                "tool": case.release.tool,
                "arguments": case.release.arguments,
                "script": "^deploy production",
                "seconds": 60 * LIMIT + 120,
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
            Self::ReleaseHangs => formatter.write_str("the release to production hangs"),
            Self::RolledBackMeanwhile => formatter.write_str("production was rolled back meanwhile"),
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
