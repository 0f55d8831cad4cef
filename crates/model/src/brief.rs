//! The Brief: all answers, each with its provenance. It is the one source of truth of a plan.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::gate::{Channel, Gate, Provenance};
use crate::id::{CodeHostId, DatabaseServiceId, PlatformId, SecretsServiceId};
use crate::money::Usd;

/// The schema name that every brief file carries.
pub const SCHEMA: &str = "siteplan/brief@1";

/// All answers and settings, as far as they are given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Brief {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The date of the plan; moves only when the design changes.
    pub date: Date,
    /// The answers.
    #[serde(default)]
    pub answers: Answers,
    /// Values that no gate asks for, as changed from their defaults.
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// Who gave each setting, where it was not the file. `default` without a value: a refinement that a person passed over.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub setting_provenance: BTreeMap<String, Provenance>,
    /// Who gave each answer.
    #[serde(default)]
    pub provenance: BTreeMap<Gate, Provenance>,
    /// How each confirmed gate was confirmed.
    #[serde(default)]
    pub channels: BTreeMap<Gate, Channel>,
}

impl Brief {
    /// A brief without any answer.
    pub fn new(date: Date) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            date,
            answers: Answers::default(),
            settings: BTreeMap::new(),
            setting_provenance: BTreeMap::new(),
            provenance: BTreeMap::new(),
            channels: BTreeMap::new(),
        }
    }
}

/// The answers, one per gate; `None` is unanswered or not applicable.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answers {
    /// Answer to [`Gate::AppType`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_type: Option<AppType>,
    /// Answer to [`Gate::Expertise`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expertise: Option<Expertise>,
    /// Answer to [`Gate::Scale`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<ScaleBand>,
    /// Exact number of users, narrows the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<u64>,
    /// Exact load, narrows the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests_per_month: Option<u64>,
    /// Answer to [`Gate::Budget`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<BudgetBand>,
    /// Exact ceiling, narrows the band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_usd_per_month: Option<Usd>,
    /// Answer to [`Gate::Platform`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<PlatformId>,
    /// Answer to [`Gate::AutoDeploy`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_deploy: Option<bool>,
    /// Answer to [`Gate::CodeHost`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_host: Option<CodeHostId>,
    /// Answer to [`Gate::Environments`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environments: Option<EnvironmentSet>,
    /// Answer to [`Gate::Database`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<DatabaseHosting>,
    /// Answer to [`Gate::DatabaseService`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database_service: Option<DatabaseServiceId>,
    /// Answer to [`Gate::Migrations`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migrations: Option<MigrationMode>,
    /// Answer to [`Gate::Secrets`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets: Option<SecretsHosting>,
    /// Answer to [`Gate::SecretsService`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets_service: Option<SecretsServiceId>,
    /// Answer to [`Gate::RequiredSecrets`]: names, never values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_secrets: Option<Vec<String>>,
    /// Answer to [`Gate::HealthChecks`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health_checks: Option<bool>,
}

/// The four answers that the recommendation always needs, with the exact numbers that narrow them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Context {
    /// What type of application it is.
    pub app_type: AppType,
    /// How much of the work may be the team's.
    pub expertise: Expertise,
    /// How many users are expected.
    pub scale: ScaleBand,
    /// What may be spent.
    pub budget: BudgetBand,
    /// Exact number of users.
    pub users: Option<u64>,
    /// Exact load.
    pub requests_per_month: Option<u64>,
    /// Exact ceiling in US dollars a month for all environments together.
    pub max_usd_per_month: Option<Usd>,
}

impl Context {
    /// A context of bands alone.
    pub fn of(app_type: AppType, expertise: Expertise, scale: ScaleBand, budget: BudgetBand) -> Self {
        Self {
            app_type,
            expertise,
            scale,
            budget,
            users: None,
            requests_per_month: None,
            max_usd_per_month: None,
        }
    }

    /// The ceiling for all environments together; `None` is without limit.
    pub fn ceiling(&self) -> Option<Usd> {
        self.max_usd_per_month.or_else(|| self.budget.ceiling())
    }
}

impl Answers {
    /// The context, once its four gates are answered.
    pub fn context(&self) -> Option<Context> {
        Some(Context {
            app_type: self.app_type?,
            expertise: self.expertise?,
            scale: self.scale?,
            budget: self.budget?,
            users: self.users,
            requests_per_month: self.requests_per_month,
            max_usd_per_month: self.max_usd_per_month,
        })
    }
}

/// Declares an answer enum with its words and the sentence that people read.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum $name {
            $(#[doc = $label] #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// All choices, in the order in which they are shown.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word in files, flags and JSON.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// What people read.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = ();
            fn from_str(word: &str) -> Result<Self, ()> {
                Self::ALL.iter().copied().find(|choice| choice.as_str() == word).ok_or(())
            }
        }
    };
}

choices! {
    /// What type of application it is.
    AppType {
        WebApi = "web-api", "Web API (back-end service)";
        FullStack = "full-stack", "Full-stack web application (front end and back end)";
        Frontend = "frontend", "Front end only (single-page application, static site)";
        Workers = "workers", "Background workers or jobs";
        Microservices = "microservices", "Microservices";
        Monolith = "monolith", "Monolith";
    }
}

choices! {
    /// How much deployment experience there is.
    Expertise {
        Beginner = "beginner", "Beginner (never deployed before, wants the simplest option)";
        Intermediate = "intermediate", "Intermediate (has deployed before, comfortable with a PaaS)";
        Advanced = "advanced", "Advanced (comfortable with Docker, Kubernetes, infrastructure as code)";
    }
}

choices! {
    /// How many users are expected.
    ScaleBand {
        Low = "low", "Low (fewer than 100 users, personal or internal tool)";
        Medium = "medium", "Medium (100 to 10,000 users, startup or small business)";
        High = "high", "High (10,000 to 1 million users, growing product)";
        VeryHigh = "very-high", "Very high (more than 1 million users, enterprise scale)";
    }
}

choices! {
    /// What may be spent a month, for all environments together.
    BudgetBand {
        Free = "free", "Free tier only ($0 a month)";
        Small = "small", "Small budget ($10 to 50 a month)";
        Medium = "medium", "Medium budget ($50 to 200 a month)";
        Enterprise = "enterprise", "Enterprise budget ($200 or more a month)";
    }
}

choices! {
    /// Which environments there are.
    EnvironmentSet {
        Production = "production", "Production only";
        StagingProduction = "staging-production", "Staging and production";
        DevStagingProduction = "dev-staging-production", "Dev, staging and production";
        PreviewStagingProduction = "preview-staging-production", "Preview per pull request, staging and production";
    }
}

choices! {
    /// Where the database is hosted.
    DatabaseHosting {
        SamePlatform = "same-platform", "On the same platform as the application";
        Managed = "managed", "At a managed database service";
        SelfManaged = "self-managed", "On a server that the team runs itself";
        None = "none", "No database";
    }
}

choices! {
    /// How migrations run.
    MigrationMode {
        Auto = "auto", "Automatically, before each release";
        Manual = "manual", "By a person, separately from the deployment";
    }
}

choices! {
    /// Where secrets are kept.
    SecretsHosting {
        Platform = "platform", "In the platform's environment variables";
        Manager = "manager", "In a secrets manager";
    }
}

impl ScaleBand {
    /// Lower and upper number of users of the band. The first band starts at 10 and the last ends at 10 million
    /// because a load of zero or without limit cannot be costed.
    pub fn users(self) -> (u64, u64) {
        match self {
            Self::Low => (10, 100),
            Self::Medium => (100, 10_000),
            Self::High => (10_000, 1_000_000),
            Self::VeryHigh => (1_000_000, 10_000_000),
        }
    }

    /// The band that holds a number of users.
    pub fn of_users(users: u64) -> Self {
        match users {
            0..100 => Self::Low,
            100..10_000 => Self::Medium,
            10_000..1_000_000 => Self::High,
            _ => Self::VeryHigh,
        }
    }
}

impl BudgetBand {
    /// The ceiling of the band for all environments together; `None` is without limit.
    pub fn ceiling(self) -> Option<Usd> {
        match self {
            Self::Free => Some(Usd::ZERO),
            Self::Small => Some(Usd::whole(50)),
            Self::Medium => Some(Usd::whole(200)),
            Self::Enterprise => None,
        }
    }

    /// The band that holds a ceiling.
    pub fn of_ceiling(ceiling: Usd) -> Self {
        [Self::Free, Self::Small, Self::Medium]
            .into_iter()
            .find(|band| band.ceiling().is_some_and(|limit| ceiling <= limit))
            .unwrap_or(Self::Enterprise)
    }
}

impl EnvironmentSet {
    /// The names of the environments, in the order in which a change passes through them.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Production => &["production"],
            Self::StagingProduction => &["staging", "production"],
            Self::DevStagingProduction => &["dev", "staging", "production"],
            Self::PreviewStagingProduction => &["preview", "staging", "production"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BudgetBand, ScaleBand};
    use crate::money::Usd;

    #[test]
    fn a_number_falls_into_the_band_that_holds_it() {
        assert_eq!(ScaleBand::of_users(0), ScaleBand::Low);
        assert_eq!(ScaleBand::of_users(99), ScaleBand::Low);
        assert_eq!(ScaleBand::of_users(100), ScaleBand::Medium);
        assert_eq!(ScaleBand::of_users(1_000_000), ScaleBand::VeryHigh);
        assert_eq!(BudgetBand::of_ceiling(Usd::ZERO), BudgetBand::Free);
        assert_eq!(BudgetBand::of_ceiling(Usd::whole(50)), BudgetBand::Small);
        assert_eq!(BudgetBand::of_ceiling(Usd::whole(51)), BudgetBand::Medium);
        assert_eq!(BudgetBand::of_ceiling(Usd::whole(500)), BudgetBand::Enterprise);
    }
}
