//! One typed answer: its words, and its place in the Brief.

use siteplan_model::brief::{
    Answers, AppType, BudgetBand, DatabaseHosting, EnvironmentSet, Expertise, MigrationMode, ScaleBand,
    SecretsHosting,
};
use siteplan_model::gate::Gate;
use siteplan_model::id::{CodeHostId, DatabaseServiceId, PlatformId, SecretsServiceId};
use siteplan_model::money::Usd;

use crate::pick::yes_or_no;
use crate::secret_names::NO_SECRETS;

/// An answer that is known to be one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    AppType(AppType),
    Expertise(Expertise),
    Scale(ScaleBand),
    Users(u64),
    Budget(BudgetBand),
    Ceiling(Usd),
    Platform(PlatformId),
    AutoDeploy(bool),
    CodeHost(CodeHostId),
    Environments(EnvironmentSet),
    Database(DatabaseHosting),
    DatabaseService(DatabaseServiceId),
    Migrations(MigrationMode),
    Secrets(SecretsHosting),
    SecretsService(SecretsServiceId),
    RequiredSecrets(Vec<String>),
    HealthChecks(bool),
}

impl Answer {
    /// The answer that a choice's value stands for; `None` for a value that the gate does not have.
    pub(crate) fn of_word(gate: Gate, word: &str) -> Option<Self> {
        match gate {
            Gate::AppType => word.parse().ok().map(Self::AppType),
            Gate::Expertise => word.parse().ok().map(Self::Expertise),
            Gate::Scale => word.parse().ok().map(Self::Scale),
            Gate::Budget => word.parse().ok().map(Self::Budget),
            Gate::Platform => Some(Self::Platform(PlatformId::new(word))),
            Gate::AutoDeploy => yes_or_no(word).map(Self::AutoDeploy),
            Gate::CodeHost => Some(Self::CodeHost(CodeHostId::new(word))),
            Gate::Environments => word.parse().ok().map(Self::Environments),
            Gate::Database => word.parse().ok().map(Self::Database),
            Gate::DatabaseService => Some(Self::DatabaseService(DatabaseServiceId::new(word))),
            Gate::Migrations => word.parse().ok().map(Self::Migrations),
            Gate::Secrets => word.parse().ok().map(Self::Secrets),
            Gate::SecretsService => Some(Self::SecretsService(SecretsServiceId::new(word))),
            Gate::RequiredSecrets => None,
            Gate::HealthChecks => yes_or_no(word).map(Self::HealthChecks),
        }
    }

    /// Writes the answer to its place. A band drops an exact number that lies outside it; a number brings its band.
    pub(crate) fn put(self, answers: &mut Answers) {
        match self {
            Self::AppType(value) => answers.app_type = Some(value),
            Self::Expertise(value) => answers.expertise = Some(value),
            Self::Scale(band) => {
                answers.scale = Some(band);
                answers.users = answers.users.filter(|users| ScaleBand::of_users(*users) == band);
            }
            Self::Users(users) => {
                answers.scale = Some(ScaleBand::of_users(users));
                answers.users = Some(users);
            }
            Self::Budget(band) => {
                answers.budget = Some(band);
                answers.max_usd_per_month =
                    answers.max_usd_per_month.filter(|ceiling| BudgetBand::of_ceiling(*ceiling) == band);
            }
            Self::Ceiling(ceiling) => {
                answers.budget = Some(BudgetBand::of_ceiling(ceiling));
                answers.max_usd_per_month = Some(ceiling);
            }
            Self::Platform(value) => answers.platform = Some(value),
            Self::AutoDeploy(value) => answers.auto_deploy = Some(value),
            Self::CodeHost(value) => answers.code_host = Some(value),
            Self::Environments(value) => answers.environments = Some(value),
            Self::Database(value) => answers.database = Some(value),
            Self::DatabaseService(value) => answers.database_service = Some(value),
            Self::Migrations(value) => answers.migrations = Some(value),
            Self::Secrets(value) => answers.secrets = Some(value),
            Self::SecretsService(value) => answers.secrets_service = Some(value),
            Self::RequiredSecrets(names) => answers.required_secrets = Some(names),
            Self::HealthChecks(value) => answers.health_checks = Some(value),
        }
    }
}

/// A given answer in the words that give it again.
pub(crate) fn words(answers: &Answers, gate: Gate) -> Option<String> {
    let yes_no = |value: bool| if value { "yes" } else { "no" }.to_owned();
    match gate {
        Gate::AppType => answers.app_type.map(|value| value.to_string()),
        Gate::Expertise => answers.expertise.map(|value| value.to_string()),
        Gate::Scale => {
            let band = answers.scale.map(|value| value.to_string());
            answers.users.map(|users| users.to_string()).or(band)
        }
        Gate::Budget => {
            let band = answers.budget.map(|value| value.to_string());
            answers.max_usd_per_month.map(|ceiling| ceiling.to_string()).or(band)
        }
        Gate::Platform => answers.platform.as_ref().map(ToString::to_string),
        Gate::AutoDeploy => answers.auto_deploy.map(yes_no),
        Gate::CodeHost => answers.code_host.as_ref().map(ToString::to_string),
        Gate::Environments => answers.environments.map(|value| value.to_string()),
        Gate::Database => answers.database.map(|value| value.to_string()),
        Gate::DatabaseService => answers.database_service.as_ref().map(ToString::to_string),
        Gate::Migrations => answers.migrations.map(|value| value.to_string()),
        Gate::Secrets => answers.secrets.map(|value| value.to_string()),
        Gate::SecretsService => answers.secrets_service.as_ref().map(ToString::to_string),
        Gate::RequiredSecrets => answers
            .required_secrets
            .as_ref()
            .map(|names| if names.is_empty() { NO_SECRETS.to_owned() } else { names.join(", ") }),
        Gate::HealthChecks => answers.health_checks.map(yes_no),
    }
}

/// Takes an answer away, with the exact number that narrows it.
pub(crate) fn clear(answers: &mut Answers, gate: Gate) {
    match gate {
        Gate::AppType => answers.app_type = None,
        Gate::Expertise => answers.expertise = None,
        Gate::Scale => (answers.scale, answers.users) = (None, None),
        Gate::Budget => (answers.budget, answers.max_usd_per_month) = (None, None),
        Gate::Platform => answers.platform = None,
        Gate::AutoDeploy => answers.auto_deploy = None,
        Gate::CodeHost => answers.code_host = None,
        Gate::Environments => answers.environments = None,
        Gate::Database => answers.database = None,
        Gate::DatabaseService => answers.database_service = None,
        Gate::Migrations => answers.migrations = None,
        Gate::Secrets => answers.secrets = None,
        Gate::SecretsService => answers.secrets_service = None,
        Gate::RequiredSecrets => answers.required_secrets = None,
        Gate::HealthChecks => answers.health_checks = None,
    }
}
