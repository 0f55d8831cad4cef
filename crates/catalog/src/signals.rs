//! What the things in a source tree mean: tables of frameworks, databases, tools and file names → [`Signals`].
//!
//! Detection knows formats; these tables know meanings. A framework is one row of `data/signals/frameworks/`.

mod marks;
mod rows;
mod rules;

use std::collections::BTreeSet;

use serde::Deserialize;

pub use marks::{
    CodeHost, Deployment, ExternalService, Marker, Need, NeedSign, Practice, PracticeRules, Shows, Statement,
};
pub use rows::{
    Condition, Ecosystem, Engine, Framework, FrameworkRole, HealthIdiom, ImpliedVariable, Language,
    MigrationTool, MigrationWrapper, PackageManager, Packages, RuntimeSign, ServerProgram, TaskRunner,
    UsualCommands, WayBack, package_matches,
};
pub use rules::{DeployedValue, FileRules, ImageAccount, VariableRules};

/// The tables that are compiled in, before parsing, as (file name, text), so that a folder can be laid over them.
pub fn embedded() -> Vec<(&'static str, &'static str)> {
    crate::embedded::FILES
        .iter()
        .filter_map(|(path, text)| Some((path.strip_prefix("signals/")?, *text)))
        .collect()
}

/// All tables.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Signals {
    /// Programming languages by file name.
    #[serde(rename = "language")]
    pub languages: Vec<Language>,
    /// Language runtimes.
    #[serde(rename = "runtime")]
    pub runtimes: Vec<RuntimeSign>,
    /// Frameworks, in no order of meaning.
    #[serde(rename = "framework")]
    pub frameworks: Vec<Framework>,
    /// Programs that serve an application object, the usual one of each interface first.
    #[serde(rename = "server")]
    pub servers: Vec<ServerProgram>,
    /// Database engines.
    #[serde(rename = "database")]
    pub databases: Vec<Engine>,
    /// Caches.
    #[serde(rename = "cache")]
    pub caches: Vec<Engine>,
    /// Migration tools.
    #[serde(rename = "migration")]
    pub migrations: Vec<MigrationTool>,
    /// Package managers.
    #[serde(rename = "package_manager")]
    pub package_managers: Vec<PackageManager>,
    /// Tools that run the scripts of a workspace's members.
    #[serde(rename = "task_runner")]
    pub task_runners: Vec<TaskRunner>,
    /// Signs of what an application asks of a platform.
    #[serde(rename = "need")]
    pub needs: Vec<NeedSign>,
    /// Third parties.
    #[serde(rename = "external_service")]
    pub external_services: Vec<ExternalService>,
    /// Practices of those who run an application that many rely on.
    #[serde(rename = "practice")]
    pub practices: Vec<Practice>,
    /// How many of them speak of what.
    pub practice_rules: PracticeRules,
    /// CI systems by their files.
    #[serde(rename = "ci")]
    pub ci: Vec<Marker>,
    /// Code hosts by remote and by CI system.
    #[serde(rename = "code_host")]
    pub code_hosts: Vec<CodeHost>,
    /// What deploys, by the commands and actions of CI jobs.
    #[serde(rename = "deployment")]
    pub deployments: Vec<Deployment>,
    /// Platforms by their files.
    #[serde(rename = "platform")]
    pub platforms: Vec<Marker>,
    /// Infrastructure code by its files.
    #[serde(rename = "infrastructure")]
    pub infrastructure: Vec<Marker>,
    /// Files in which a repository says how it is built and started.
    #[serde(rename = "statement")]
    pub statements: Vec<Statement>,
    /// How variables are judged by their names.
    pub variables: VariableRules,
    /// How files and folders are judged by their names.
    pub files: FileRules,
}

/// Why the tables cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SignalsError {
    /// A file is not what the schema says.
    #[error("signals file `{file}` is not valid: {source}")]
    Toml {
        /// Its name.
        file: String,
        /// Where and why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// The tables that are compiled in are not what the schema says.
    #[error("the built-in signals are not valid: {source}")]
    Embedded {
        /// Where and why.
        #[source]
        source: Box<serde_json::Error>,
    },
    /// A row breaks a rule.
    #[error("signals: {table} `{id}` {problem}")]
    Row {
        /// The table.
        table: &'static str,
        /// The row.
        id: String,
        /// The rule that it breaks.
        problem: String,
    },
}

impl Signals {
    /// Reads tables given as (file name, text); a file may hold rows of any table.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, SignalsError> {
        let mut all = Self::default();
        for (file, text) in files {
            let part: Self = toml::from_str(text).map_err(|source| SignalsError::Toml {
                file: (*file).to_owned(),
                source: Box::new(source),
            })?;
            all.absorb(part);
        }
        all.validate()?;
        Ok(all)
    }

    /// The tables that are compiled in.
    pub fn builtin() -> Result<Self, SignalsError> {
        let parts: Vec<Self> = serde_json::from_str(crate::embedded::SIGNALS)
            .map_err(|source| SignalsError::Embedded { source: Box::new(source) })?;
        let mut all = Self::default();
        for part in parts {
            all.absorb(part);
        }
        all.validate()?;
        Ok(all)
    }

    fn absorb(&mut self, part: Self) {
        self.languages.extend(part.languages);
        self.runtimes.extend(part.runtimes);
        self.frameworks.extend(part.frameworks);
        self.servers.extend(part.servers);
        self.databases.extend(part.databases);
        self.caches.extend(part.caches);
        self.migrations.extend(part.migrations);
        self.package_managers.extend(part.package_managers);
        self.task_runners.extend(part.task_runners);
        self.needs.extend(part.needs);
        self.external_services.extend(part.external_services);
        self.practices.extend(part.practices);
        if part.practice_rules != PracticeRules::default() {
            self.practice_rules = part.practice_rules;
        }
        self.ci.extend(part.ci);
        self.code_hosts.extend(part.code_hosts);
        self.deployments.extend(part.deployments);
        self.platforms.extend(part.platforms);
        self.infrastructure.extend(part.infrastructure);
        self.statements.extend(part.statements);
        self.variables.absorb(part.variables);
        self.files.absorb(part.files);
    }

    /// Ids are unique and kebab-case, and what rows name exists.
    fn validate(&self) -> Result<(), SignalsError> {
        unique("language", self.languages.iter().map(|row| &row.id))?;
        unique("runtime", self.runtimes.iter().map(|row| &row.id))?;
        unique("framework", self.frameworks.iter().map(|row| &row.id))?;
        unique("server", self.servers.iter().map(|row| &row.id))?;
        unique("database", self.databases.iter().map(|row| &row.id))?;
        unique("cache", self.caches.iter().map(|row| &row.id))?;
        unique("migration", self.migrations.iter().map(|row| &row.id))?;
        unique("package_manager", self.package_managers.iter().map(|row| &row.id))?;
        unique("task_runner", self.task_runners.iter().map(|row| &row.id))?;
        unique("external_service", self.external_services.iter().map(|row| &row.id))?;
        unique("practice", self.practices.iter().map(|row| &row.id))?;
        unique("deployment", self.deployments.iter().map(|row| &row.id))?;
        unique("code_host", self.code_hosts.iter().map(|row| &row.id))?;
        for language in &self.languages {
            let unknown = language.runtime.as_deref().filter(|id| self.runtime(id).is_none());
            if let Some(name) = unknown {
                return Err(broken(
                    "language",
                    &language.id,
                    format!("has runtime `{name}`, which is not in the table"),
                ));
            }
        }
        for framework in &self.frameworks {
            let unknown = framework.hides.iter().find(|name| self.framework(name).is_none());
            if let Some(name) = unknown {
                return Err(broken(
                    "framework",
                    &framework.id,
                    format!("hides `{name}`, which is no framework"),
                ));
            }
            let unknown = framework.interface.as_deref();
            let unknown = unknown.filter(|one| !self.servers.iter().any(|server| server.interface == *one));
            if let Some(name) = unknown {
                return Err(broken(
                    "framework",
                    &framework.id,
                    format!("has interface `{name}`, which no server has"),
                ));
            }
            if framework.packages.is_empty() && framework.files.is_empty() {
                return Err(broken("framework", &framework.id, "has neither packages nor files".to_owned()));
            }
        }
        for host in &self.code_hosts {
            let unknown = host.ci.iter().find(|name| !self.ci.iter().any(|ci| &ci.id == *name));
            if let Some(name) = unknown {
                return Err(broken(
                    "code_host",
                    &host.id,
                    format!("has CI `{name}`, which is not in the table"),
                ));
            }
        }
        Ok(())
    }

    /// The language of that name.
    pub fn language(&self, id: &str) -> Option<&Language> {
        self.languages.iter().find(|language| language.id == id)
    }

    /// The runtime of that name.
    pub fn runtime(&self, id: &str) -> Option<&RuntimeSign> {
        self.runtimes.iter().find(|runtime| runtime.id == id)
    }

    /// The framework of that name.
    pub fn framework(&self, id: &str) -> Option<&Framework> {
        self.frameworks.iter().find(|framework| framework.id == id)
    }

    /// The package manager of that name.
    pub fn package_manager(&self, id: &str) -> Option<&PackageManager> {
        self.package_managers.iter().find(|manager| manager.id == id)
    }
}

fn unique<'a>(table: &'static str, ids: impl Iterator<Item = &'a String>) -> Result<(), SignalsError> {
    let mut seen = BTreeSet::new();
    for id in ids {
        let kebab = id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.');
        if id.is_empty() || !kebab {
            return Err(broken(table, id, "is not a kebab-case id".to_owned()));
        }
        if !seen.insert(id) {
            return Err(broken(table, id, "is there twice".to_owned()));
        }
    }
    Ok(())
}

fn broken(table: &'static str, id: &str, problem: String) -> SignalsError {
    SignalsError::Row { table, id: id.to_owned(), problem }
}

#[cfg(test)]
mod tests {
    use super::{Ecosystem, Signals, package_matches};

    #[test]
    fn the_built_in_tables_are_valid() {
        let signals = Signals::builtin().expect("built-in signals parse");
        assert!(signals.framework("next").is_some());
        assert!(signals.package_manager("pnpm").is_some());
    }

    #[test]
    fn the_built_in_tables_are_those_of_the_files() {
        let from_files = Signals::parse(&super::embedded()).expect("the files parse");
        let compiled_in = Signals::builtin().expect("built-in signals parse");
        assert_eq!(format!("{from_files:?}"), format!("{compiled_in:?}"));
    }

    #[test]
    fn a_row_that_hides_an_unknown_framework_is_refused() {
        let text = "[[framework]]\nid = \"a\"\nrole = \"api\"\nfiles = [\"a\"]\nhides = [\"b\"]\n";
        let error = Signals::parse(&[("x.toml", text)]).expect_err("must be refused");
        assert_eq!(error.to_string(), "signals: framework `a` hides `b`, which is no framework");
    }

    #[test]
    fn a_go_module_stands_for_its_later_versions() {
        assert!(package_matches(Ecosystem::Go, "github.com/labstack/echo", "github.com/labstack/echo/v4"));
        assert!(!package_matches(
            Ecosystem::Go,
            "github.com/labstack/echo",
            "github.com/labstack/echo-contrib"
        ));
        assert!(package_matches(Ecosystem::Npm, "@prisma/*", "@prisma/client"));
    }
}
