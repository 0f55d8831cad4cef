//! Inputs → ground: every gate answered, every id looked up.

use siteplan_catalog::Catalog;
use siteplan_catalog::small::CiHost;
use siteplan_cost::Quote;
use siteplan_model::brief::{Brief, DatabaseHosting, MigrationMode, SecretsHosting};
use siteplan_model::gate::Gate;

use super::Ground;
use crate::error::{DesignError, known};
use crate::services::placed_services;
use crate::{Inputs, names};

impl<'a> Ground<'a> {
    /// Looks everything up; fails on open gates and unknown ids.
    pub(crate) fn of(inputs: &Inputs<'a>) -> Result<Self, DesignError> {
        let Inputs { catalog, survey, brief, recommendation, quote, spec_path, because } = *inputs;
        let answers = &brief.answers;
        let open = open_gates(brief, quote);
        let (
            Some(context),
            Some(chosen),
            Some(automatic),
            Some(environments),
            Some(secrets),
            Some(health_checks),
            [],
        ) = (
            answers.context(),
            answers.platform.as_ref(),
            answers.auto_deploy,
            answers.environments,
            answers.secrets,
            answers.health_checks,
            open.as_slice(),
        )
        else {
            return Err(DesignError::Unanswered { gates: open });
        };
        let platform = catalog
            .platforms
            .get(chosen)
            .ok_or_else(|| known("platform", chosen, catalog.platforms.keys()))?;
        let host = host(catalog, brief, automatic)?;
        let secrets_service = match (secrets, &answers.secrets_service) {
            (SecretsHosting::Manager, Some(id)) => Some(
                catalog
                    .secrets_services
                    .get(id)
                    .ok_or_else(|| known("secrets manager", id, catalog.secrets_services.keys()))?,
            ),
            _ => None,
        };
        let migration_tool = survey
            .migrations
            .as_ref()
            .and_then(|migrations| catalog.migration_tools.get(migrations.fact.value.as_str()));
        let setting = |key| catalog.setting(&brief.settings, key);
        let found_branch = survey.default_branch.as_ref().map(|branch| branch.value.as_str());
        let branch = match setting("branch") {
            "" => found_branch.unwrap_or("main"),
            branch => branch,
        };
        Ok(Self {
            catalog,
            survey,
            brief,
            recommendation,
            quote,
            spec_path,
            because,
            context,
            automatic,
            environments,
            database: answers.database.unwrap_or(DatabaseHosting::SamePlatform),
            migrations: answers.migrations.unwrap_or(MigrationMode::Auto),
            secrets_service,
            health_checks,
            platform,
            option: recommendation.options.iter().find(|option| option.platform == *chosen),
            host,
            migration_tool,
            slug: names::slug(&survey.name.value, names::APPLICATION, "app"),
            services: placed_services(catalog, survey, quote)?,
            branch: branch.to_owned(),
            planned: survey.is_empty(),
        })
    }
}

/// The gates that a design needs and that have no answer.
fn open_gates(brief: &Brief, quote: &Quote) -> Vec<Gate> {
    let answers = &brief.answers;
    let keeps_data = quote.data.iter().any(|data| !data.is_cache);
    let open = |gate| match gate {
        Gate::AppType => answers.app_type.is_none(),
        Gate::Expertise => answers.expertise.is_none(),
        Gate::Scale => answers.scale.is_none(),
        Gate::Budget => answers.budget.is_none(),
        Gate::Platform => answers.platform.is_none(),
        Gate::AutoDeploy => answers.auto_deploy.is_none(),
        Gate::CodeHost => answers.auto_deploy == Some(true) && answers.code_host.is_none(),
        Gate::Environments => answers.environments.is_none(),
        Gate::Database => keeps_data && answers.database.is_none(),
        Gate::Secrets => answers.secrets.is_none(),
        Gate::SecretsService => {
            answers.secrets == Some(SecretsHosting::Manager) && answers.secrets_service.is_none()
        }
        Gate::HealthChecks => answers.health_checks.is_none(),
        // The quote has already chosen the service; no migrations and no secrets are answers, too.
        Gate::DatabaseService | Gate::Migrations | Gate::RequiredSecrets => false,
    };
    Gate::ALL.into_iter().filter(|gate| open(*gate)).collect()
}

/// The CI host: the answered one, or the scripts that need none.
fn host<'a>(catalog: &'a Catalog, brief: &Brief, automatic: bool) -> Result<&'a CiHost, DesignError> {
    if automatic && let Some(id) = &brief.answers.code_host {
        return catalog.ci_hosts.get(id).ok_or_else(|| known("code host", id, catalog.ci_hosts.keys()));
    }
    catalog.ci_hosts.values().find(|host| host.scripts_only).ok_or_else(|| DesignError::Unknown {
        what: "code host",
        id: "scripts_only".to_owned(),
        known: "the catalog has no entry in `ci-hosts` with `scripts_only = true`".to_owned(),
    })
}
