//! What every section stands on: the answers settled, the ids looked up, the services named.

mod gather;
mod technology;

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_catalog::condition::{Circumstances, Need};
use siteplan_catalog::platform::Platform;
use siteplan_catalog::small::{CiHost, MigrationTool, SecretsService};
use siteplan_cost::usage::{Assumptions, Key};
use siteplan_cost::{PlacedData, Quote};
use siteplan_model::brief::{Brief, Context, DatabaseHosting, EnvironmentSet, MigrationMode};
use siteplan_model::gate::Gate;
use siteplan_model::recommendation::{PlatformOption, Recommendation};
use siteplan_model::survey::{Survey, VariableTime};

use crate::command::Blanks;
use crate::services::{PlacedService, as_managed, migrate_command};

pub(crate) use technology::versioned;

/// The name of the environment that users meet.
pub(crate) const PRODUCTION: &str = "production";

/// The variable of a script that holds the environment.
const ENVIRONMENT: &str = "ENVIRONMENT";

/// The variable of a script that holds what the platform calls the environment.
const OWN_NAME: &str = "PLATFORM_ENVIRONMENT";

/// The variable of a script that holds what ends the names of an environment: nothing in production.
const SUFFIX: &str = "SUFFIX";

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
    /// A setting's value, given or default.
    pub(crate) fn setting(&self, key: &str) -> &'a str {
        self.catalog.setting(&self.brief.settings, key)
    }

    /// What the statements of the catalog are held against.
    pub(crate) fn circumstances(&self) -> Circumstances<'_> {
        Circumstances { context: &self.context, survey: self.survey, settings: &self.brief.settings }
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
            .with("environment", self.own_name(platform, environment))
            .with("suffix", suffix)
            .with("region", self.region(platform))
            .with("branch", self.branch.as_str())
            .with("image", format!("{}/{main}", self.slug))
            .with_build_arguments(&[])
            .for_service(main)
    }

    /// Blanks of every template in a script, which learns the environment from its caller.
    pub(crate) fn script_blanks(&self, platform: &'a Platform) -> Blanks {
        let variable = if self.renames(platform) { OWN_NAME } else { ENVIRONMENT };
        self.blanks(platform, PRODUCTION)
            .with_variable("environment", variable)
            .with_variable("suffix", SUFFIX)
    }

    /// What a script's variables hold in an environment, beside its name.
    pub(crate) fn script_values(&self, environment: &str) -> [(&'static str, String); 2] {
        let suffix = if environment == PRODUCTION { String::new() } else { format!("-{environment}") };
        [(OWN_NAME, self.own_name(self.platform, environment).to_owned()), (SUFFIX, suffix)]
    }

    fn renames(&self, platform: &'a Platform) -> bool {
        self.deployed().any(|name| self.own_name(platform, name) != name)
    }

    /// What the platform itself calls an environment: a small account plan may know no other names than its own.
    fn own_name<'n>(&self, platform: &'a Platform, environment: &'n str) -> &'n str
    where
        'a: 'n,
    {
        let further = platform.environments.further.as_ref();
        let holds = |plans: &[String]| platform.id == self.platform.id && plans.contains(&self.quote.plan);
        further
            .filter(|further| environment != PRODUCTION && holds(&further.plans))
            .map_or(environment, |further| further.name.as_str())
    }

    /// The address of a service in an environment, where it is known before the first deploy.
    pub(crate) fn url(&self, service: &PlacedService<'a>, environment: &str) -> Option<String> {
        if environment == PREVIEW {
            return None;
        }
        let is_main = self.main().is_some_and(|main| main.plan.slug == service.plan.slug);
        let domain = self.setting("domain");
        if environment == PRODUCTION && is_main && !domain.is_empty() {
            return Some(format!(
                "https://{}",
                domain.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/')
            ));
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
        self.migrations == MigrationMode::Auto && self.has_database() && self.migrate_command().is_some()
    }

    /// Whether the application itself applies its migrations when it starts.
    pub(crate) fn migrates_at_start(&self) -> bool {
        self.has_database() && self.survey.migrations.as_ref().is_some_and(|found| found.at_start)
    }

    /// Whether the plan holds a database, wherever it runs.
    pub(crate) fn has_database(&self) -> bool {
        self.database != DatabaseHosting::None
            && (self.placed_database().is_some()
                || self.embedded_engine().is_some()
                || !self.quote.workload.databases.is_empty())
    }

    /// Whether the plan holds data that a restart must not lose.
    pub(crate) fn keeps_data(&self) -> bool {
        self.has_database() || self.needs(Need::FileStorage)
    }

    /// A usage assumption: low, expected and high, for the application's scale and language.
    pub(crate) fn assumption(&self, key: Key) -> [f64; 3] {
        let language = self.main().and_then(|service| service.plan.language.as_deref());
        let known = Assumptions::new(&self.catalog.usage, &self.context, &self.brief.settings, language);
        known.values(key, language)
    }
}
