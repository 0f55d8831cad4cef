//! What every section stands on: the answers settled, the ids looked up, the services named.

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::{Circumstances, Need};
use siteplan_catalog::platform::Platform;
use siteplan_catalog::small::{CiHost, MigrationTool, SecretsService};
use siteplan_cost::usage::{Assumptions, Key};
use siteplan_cost::{PlacedData, Quote};
use siteplan_model::brief::{Brief, Context, DatabaseHosting, EnvironmentSet, MigrationMode, SecretsHosting};
use siteplan_model::gate::Gate;
use siteplan_model::recommendation::{PlatformOption, Recommendation};
use siteplan_model::survey::{Survey, VariableTime};

use crate::command::Blanks;
use crate::error::{DesignError, known};
use crate::names;
use crate::services::{PlacedService, as_managed, migrate_command, placed_services};
use crate::{Inputs, prose};

/// The name of the environment that users meet.
pub(crate) const PRODUCTION: &str = "production";

/// The name of the environment of a pull request; the platform makes it, not the pipeline.
pub(crate) const PREVIEW: &str = "preview";

/// Inputs, looked up and settled.
pub(crate) struct Ground<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) survey: &'a Survey,
    pub(crate) brief: &'a Brief,
    pub(crate) recommendation: &'a Recommendation,
    pub(crate) quote: &'a Quote,
    pub(crate) spec_path: &'a str,
    pub(crate) because: &'a BTreeMap<Gate, String>,
    pub(crate) context: Context,
    pub(crate) automatic: bool,
    pub(crate) environments: EnvironmentSet,
    pub(crate) database: DatabaseHosting,
    pub(crate) migrations: MigrationMode,
    pub(crate) secrets_service: Option<&'a SecretsService>,
    pub(crate) health_checks: bool,
    pub(crate) platform: &'a Platform,
    pub(crate) option: Option<&'a PlatformOption>,
    pub(crate) host: &'a CiHost,
    pub(crate) migration_tool: Option<&'a MigrationTool>,
    pub(crate) slug: String,
    pub(crate) services: Vec<PlacedService<'a>>,
    pub(crate) branch: String,
    pub(crate) planned: bool,
}

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

    /// A setting's value, given or default.
    pub(crate) fn setting(&self, key: &str) -> &'a str {
        self.catalog.setting(&self.brief.settings, key)
    }

    /// What the statements of the catalog are held against.
    pub(crate) fn circumstances(&self) -> Circumstances<'_> {
        Circumstances { context: &self.context, survey: self.survey }
    }

    /// Whether the application needs something.
    pub(crate) fn needs(&self, need: Need) -> bool {
        self.quote.workload.has(need)
    }

    /// The service that users meet first.
    pub(crate) fn main(&self) -> Option<&PlacedService<'a>> {
        self.services.iter().find(|service| service.plan.kind.serves_http()).or_else(|| self.services.first())
    }

    /// The services that answer requests, static sites included.
    pub(crate) fn over_http(&self) -> impl Iterator<Item = &PlacedService<'a>> {
        self.services.iter().filter(|service| service.plan.kind.serves_http())
    }

    /// The platforms in use, the main one first.
    pub(crate) fn platforms(&self) -> Vec<&'a Platform> {
        let mut platforms = vec![self.platform];
        for service in &self.services {
            if !platforms.iter().any(|platform| platform.id == service.platform.id) {
                platforms.push(service.platform);
            }
        }
        platforms
    }

    /// The environments that the pipeline deploys to, in order: a preview is made by the platform.
    pub(crate) fn deployed(&self) -> impl Iterator<Item = &'static str> {
        self.environments.names().iter().copied().filter(|name| *name != PREVIEW)
    }

    /// The environment before production, if there is one.
    pub(crate) fn before_production(&self) -> Option<&'static str> {
        self.deployed().filter(|name| *name != PRODUCTION).last()
    }

    /// The region by the platform's own id.
    pub(crate) fn region(&self, platform: &'a Platform) -> &'a str {
        match self.setting("region") {
            "" => &platform.limits.default_region.value,
            region => region,
        }
    }

    /// Blanks of every template for one environment.
    pub(crate) fn blanks(&self, platform: &'a Platform, environment: &str) -> Blanks {
        let suffix = if environment == PRODUCTION { String::new() } else { format!("-{environment}") };
        let main = self.main().map_or(self.slug.as_str(), |service| service.plan.slug.as_str());
        Blanks::default()
            .with("app", self.slug.as_str())
            .with("environment", environment)
            .with("suffix", suffix)
            .with("region", self.region(platform))
            .with("branch", self.branch.as_str())
            .with("image", format!("{}/{main}", self.slug))
            .for_service(main)
    }

    /// The address of a service in an environment, where it is known before the first deploy.
    pub(crate) fn url(&self, service: &PlacedService<'a>, environment: &str) -> Option<String> {
        if environment == PREVIEW {
            return None;
        }
        let is_main = self.main().is_some_and(|main| main.plan.slug == service.plan.slug);
        let domain = self.setting("domain");
        if environment == PRODUCTION && is_main && !domain.is_empty() {
            return Some(format!("https://{}", domain.trim_start_matches("https://").trim_end_matches('/')));
        }
        let pattern = service.platform.environments.url.as_ref()?;
        let app = if self.services.len() == 1 || (is_main && self.over_http().count() == 1) {
            self.slug.clone()
        } else {
            format!("{}-{}", self.slug, service.plan.slug)
        };
        let blanks =
            self.blanks(service.platform, environment).for_service(&service.plan.slug).with("app", app);
        Some(blanks.sentence(&pattern.value))
    }

    /// The database that keeps the data, where a service of the catalog or the team runs one.
    pub(crate) fn placed_database(&self) -> Option<&'a PlacedData> {
        self.quote.data.iter().find(|data| !data.is_cache)
    }

    /// The engine that lives inside the application, if that is where the data is.
    pub(crate) fn embedded_engine(&self) -> Option<&'a str> {
        let embedded = &self.catalog.usage.embedded_engines;
        self.quote.unplaced.iter().map(String::as_str).find(|engine| embedded.iter().any(|e| e == engine))
    }

    /// The variable by which the application finds an engine, as far as the Survey reads one.
    pub(crate) fn engine_variables(&self, engine: &str) -> Vec<&'a str> {
        let Some(facts) = self.catalog.runtimes.engine(engine) else { return Vec::new() };
        let read: Vec<&str> = facts
            .variables
            .iter()
            .filter(|name| {
                self.survey.environment.iter().any(|v| v.name == **name && v.when != VariableTime::Build)
            })
            .map(String::as_str)
            .collect();
        if read.is_empty() { facts.variables.first().map(String::as_str).into_iter().collect() } else { read }
    }

    /// A name as people read it.
    pub(crate) fn called(&self, id: &'a str) -> &'a str {
        self.catalog.names.of(id)
    }

    /// The command that migrates the database, with where it comes from.
    pub(crate) fn migrate_command(&self) -> Option<(String, String)> {
        migrate_command(self.catalog, self.survey)
    }

    /// A command of a tool as the repository's package manager runs it.
    pub(crate) fn tool_line(&self, line: &str) -> String {
        let manager = self.survey.services.iter().find(|service| service.migrations.is_some());
        let manager = manager
            .or_else(|| self.survey.main_service())
            .and_then(|service| service.package_manager.as_deref());
        as_managed(self.catalog, manager, line)
    }

    /// Whether migrations exist and the pipeline or the platform runs them.
    pub(crate) fn migrates_automatically(&self) -> bool {
        self.migrations == MigrationMode::Auto
            && self.database != DatabaseHosting::None
            && self.migrate_command().is_some()
    }

    /// A usage assumption: low, expected and high, for the application's scale and language.
    pub(crate) fn assumption(&self, key: Key) -> [f64; 3] {
        let language = self.main().and_then(|service| service.plan.language.as_deref());
        let known = Assumptions::new(&self.catalog.usage, &self.context, &self.brief.settings, language);
        known.values(key, language)
    }

    /// The names of the application's languages and frameworks in one line.
    pub(crate) fn technology(&self) -> String {
        let survey = self.survey;
        let mut parts: Vec<String> = survey
            .frameworks
            .iter()
            .take(3)
            .map(|framework| versioned(self.called(&framework.fact.value), framework.version.as_deref()))
            .collect();
        parts.extend(
            survey
                .languages
                .iter()
                .filter(|language| language.primary)
                .map(|language| self.called(&language.fact.value).to_owned()),
        );
        parts.extend(survey.package_manager.as_ref().map(|manager| manager.value.clone()));
        if parts.is_empty() {
            let kinds: Vec<String> =
                self.services.iter().map(|service| prose::code(service.plan.kind.as_str())).collect();
            return format!("not written yet; planned components: {}", prose::list(&kinds));
        }
        parts.join(" · ")
    }
}

/// A name with a version, where one is known as a number.
pub(crate) fn versioned(name: &str, version: Option<&str>) -> String {
    let number = version.map(|text| text.trim_start_matches(|c: char| !c.is_ascii_digit()));
    match number {
        Some(number) if !number.is_empty() && !number.contains([' ', ',', '|', '*']) => {
            format!("{name} {number}")
        }
        _ => name.to_owned(),
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
