//! Text files → a [`Catalog`]. Reading folders is the binary's business; this works on text.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use siteplan_model::id::{CodeHostId, DatabaseServiceId, MigrationToolId, PlatformId, SecretsServiceId};

use crate::data_service::DataService;
use crate::embedded;
use crate::figure::Sources;
use crate::health::HealthKits;
use crate::image::ImageRecipe;
use crate::names::{Names, SecretKinds};
use crate::platform::Platform;
use crate::reasoning::{Criteria, Usage};
use crate::refinement::Refinements;
use crate::runtimes::Runtimes;
use crate::signals::Signals;
use crate::small::{CiHost, MigrationTool, MonitorTool, SecretsService, Tool};
use crate::starts::Starts;
use crate::words::{Questions, Settings};

/// Everything that siteplan knows of the world.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// Hosting platforms.
    pub platforms: BTreeMap<PlatformId, Platform>,
    /// Databases and caches.
    pub data_services: BTreeMap<DatabaseServiceId, DataService>,
    /// Secrets managers.
    pub secrets_services: BTreeMap<SecretsServiceId, SecretsService>,
    /// Code hosts with their CI.
    pub ci_hosts: BTreeMap<CodeHostId, CiHost>,
    /// Monitoring tools, by id.
    pub monitors: BTreeMap<String, MonitorTool>,
    /// Migration tools.
    pub migration_tools: BTreeMap<MigrationToolId, MigrationTool>,
    /// Programs that the platforms' commands call, by id.
    pub tools: BTreeMap<String, Tool>,
    /// How container images are made, by id.
    pub images: BTreeMap<String, ImageRecipe>,
    /// What detection looks for.
    pub signals: Signals,
    /// Questions of the interview.
    pub questions: Questions,
    /// Settings.
    pub settings: Settings,
    /// Questions that are asked only while an answer would change the recommendation.
    pub refinements: Refinements,
    /// What things are called.
    pub names: Names,
    /// What is known of a secret by its name.
    pub secret_kinds: SecretKinds,
    /// Language runtimes and engines, for builds and tests.
    pub runtimes: Runtimes,
    /// How long applications take to start.
    pub starts: Starts,
    /// How options are compared.
    pub criteria: Criteria,
    /// What an application uses in a month.
    pub usage: Usage,
    /// How the health contract is answered.
    pub health: HealthKits,
    /// The newest day on which one of its sources was read: ages are counted to it, not to the day on which somebody asks.
    pub date: Date,
    /// Every file as read, by path below the data folder: what a digest of the catalog covers.
    pub files: BTreeMap<String, String>,
}

/// Why a catalog cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// A file is not valid TOML, or does not have the fields it needs.
    #[error("catalog file `{path}` cannot be read: {message}")]
    Malformed {
        /// Path below the data folder.
        path: String,
        /// What the parser said, with line and column.
        message: String,
    },
    /// A file lies in a folder that the catalog does not know.
    #[error("catalog file `{path}` is in no folder of the catalog; the folders are {folders}")]
    UnknownFolder {
        /// Path below the data folder.
        path: String,
        /// The known folders.
        folders: String,
    },
    /// A table that must exist is absent.
    #[error("catalog file `{path}` is missing")]
    Missing {
        /// Path below the data folder.
        path: String,
    },
}

/// Folders that hold one file for each thing.
const FOLDERS: &[&str] = &[
    "ci-hosts",
    "data-services",
    "images",
    "migration-tools",
    "monitors",
    "platforms",
    "reasoning",
    "secrets-services",
    "signals",
    "signals/frameworks",
    "tools",
    "words",
];

impl Catalog {
    /// The catalog inside the binary.
    pub fn embedded() -> Result<Self, CatalogError> {
        Self::with_files([])
    }

    /// The catalog inside the binary with files added or replaced, each as its path below a data folder and its text.
    pub fn with_files(files: impl IntoIterator<Item = (String, String)>) -> Result<Self, CatalogError> {
        let mut all: BTreeMap<String, String> =
            embedded::FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        let mut own_signals = false;
        for (path, text) in files {
            own_signals |= path.starts_with("signals/");
            all.insert(path, text);
        }
        for path in all.keys() {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if !FOLDERS.contains(&folder) {
                let folders = FOLDERS.join(", ");
                return Err(CatalogError::UnknownFolder { path: path.clone(), folders });
            }
        }
        let of_signals =
            || all.iter().filter_map(|(path, text)| Some((path.strip_prefix("signals/")?, text.as_str())));
        let signals =
            if own_signals { Signals::parse(&of_signals().collect::<Vec<_>>()) } else { Signals::builtin() };
        let mut catalog = Self {
            platforms: by_id(&all, "platforms/", |platform: &Platform| platform.id.clone())?,
            data_services: by_id(&all, "data-services/", |service: &DataService| service.id.clone())?,
            secrets_services: by_id(&all, "secrets-services/", |s: &SecretsService| s.id.clone())?,
            ci_hosts: by_id(&all, "ci-hosts/", |host: &CiHost| host.id.clone())?,
            monitors: by_id(&all, "monitors/", |tool: &MonitorTool| tool.id.clone())?,
            migration_tools: by_id(&all, "migration-tools/", |tool: &MigrationTool| tool.id.clone())?,
            tools: by_id(&all, "tools/", |tool: &Tool| tool.id.clone())?,
            images: by_id(&all, "images/", |recipe: &ImageRecipe| recipe.id.clone())?,
            signals: signals.map_err(|error| CatalogError::Malformed {
                path: "signals".to_owned(),
                message: error.to_string(),
            })?,
            questions: one(&all, "words/questions.toml")?,
            settings: one(&all, "words/settings.toml")?,
            refinements: one(&all, "words/refinements.toml")?,
            names: one(&all, "words/names.toml")?,
            secret_kinds: one(&all, "words/secrets.toml")?,
            runtimes: one(&all, "reasoning/runtimes.toml")?,
            starts: one(&all, "reasoning/starts.toml")?,
            criteria: one(&all, "reasoning/criteria.toml")?,
            usage: one(&all, "reasoning/usage.toml")?,
            health: one(&all, "reasoning/health.toml")?,
            date: Date::MIN,
            files: all,
        };
        catalog.date = catalog.newest();
        Ok(catalog)
    }

    fn newest(&self) -> Date {
        let platforms = self.platforms.values().map(|platform| &platform.sources);
        let data = self.data_services.values().map(|service| &service.sources);
        let secrets = self.secrets_services.values().map(|service| &service.sources);
        let hosts = self.ci_hosts.values().map(|host| &host.sources);
        let tools = self.tools.values().map(|tool| &tool.sources);
        let starts = std::iter::once(&self.starts.sources);
        let all = platforms.chain(data).chain(secrets).chain(hosts).chain(tools).chain(starts);
        all.flat_map(Sources::values).map(|source| source.seen).max().unwrap_or(Date::MIN)
    }

    /// The data services that serve an engine, by id.
    pub fn data_services_for<'a>(&'a self, engine: &'a str) -> impl Iterator<Item = &'a DataService> {
        self.data_services.values().filter(move |service| service.engines.iter().any(|e| e == engine))
    }

    /// A setting's value: the given one, else its default.
    pub fn setting<'a>(&'a self, given: &'a BTreeMap<String, String>, key: &str) -> &'a str {
        let default = || self.settings.setting.iter().find(|setting| setting.key == key);
        given.get(key).map(String::as_str).or_else(|| default().map(|s| s.default.as_str())).unwrap_or("")
    }
}

/// Reads every file of a folder.
fn by_id<K: Ord, T: DeserializeOwned>(
    files: &BTreeMap<String, String>,
    folder: &str,
    id: impl Fn(&T) -> K,
) -> Result<BTreeMap<K, T>, CatalogError> {
    files
        .iter()
        .filter(|(path, _)| path.starts_with(folder))
        .map(|(path, text)| parse::<T>(path, text).map(|thing| (id(&thing), thing)))
        .collect()
}

fn one<T: DeserializeOwned>(files: &BTreeMap<String, String>, path: &str) -> Result<T, CatalogError> {
    let text = files.get(path).ok_or_else(|| CatalogError::Missing { path: path.to_owned() })?;
    parse(path, text)
}

fn parse<T: DeserializeOwned>(path: &str, text: &str) -> Result<T, CatalogError> {
    toml::from_str(text)
        .map_err(|error| CatalogError::Malformed { path: path.to_owned(), message: error.to_string() })
}
