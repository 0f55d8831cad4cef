//! Which file is of which format, and the record that each format gives.

pub(crate) mod app_config;
mod app_keys;
pub(crate) mod architecture;
mod blocks;
pub(crate) mod cargo_toml;
pub(crate) mod ci;
pub(crate) mod ci_acts;
pub(crate) mod ci_starts;
pub(crate) mod clojure;
pub(crate) mod compose;
pub(crate) mod composer;
pub(crate) mod dockerfile;
pub(crate) mod dotnet;
pub(crate) mod gemfile;
pub(crate) mod git;
pub(crate) mod go_mod;
pub(crate) mod gradle;
pub(crate) mod listening;
pub(crate) mod locked;
pub(crate) mod manifest;
pub(crate) mod maven;
pub(crate) mod memory;
pub(crate) mod migration;
pub(crate) mod native;
mod nesting;
pub(crate) mod nx_project;
pub(crate) mod other_manifests;
pub(crate) mod package_json;
mod pattern;
pub(crate) mod providers;
pub(crate) mod python;
pub(crate) mod routes;
pub(crate) mod sbt;
pub(crate) mod schedules;
pub(crate) mod settings;
mod shell;
pub(crate) mod small_files;
pub(crate) mod source;
pub(crate) mod structured;
pub(crate) mod supervisor;
pub(crate) mod test_access;
mod tickers;
mod variable_rules;
pub(crate) mod variables;
mod viper;
pub(crate) mod workloads;

#[cfg(test)]
mod properties;
mod reading;

pub(crate) use reading::Reading;

use app_config::AppConfig;
use architecture::Statement;
use ci::CiFile;
use compose::Compose;
use dockerfile::Dockerfile;
use locked::Locked;
use manifest::{Manifest, Pin};
use migration::NoWayBack;
use schedules::Scheduled;
use small_files::{ExampleVariable, Prisma, Process, TypeScript};
use source::Source;
use workloads::Workloads;

/// The record of one file.
#[derive(Clone, Debug)]
pub(crate) enum Record {
    Manifest(Manifest),
    Dockerfile(Dockerfile),
    Compose(Compose),
    Procfile(Vec<Process>),
    /// Processes that a process manager keeps running in one container or machine.
    Managed(Vec<Process>),
    Pins(Vec<Pin>),
    Locked(Locked),
    Example(Vec<ExampleVariable>),
    Prisma(Prisma),
    TypeScript(TypeScript),
    Ci(CiFile),
    AppConfig(AppConfig),
    Architecture(Vec<Statement>),
    Crontab(Vec<Scheduled>),
    /// A structured file whose keys a signal table names.
    Document(serde_json::Value),
}

/// A text of the signal tables that was seen in a file.
#[derive(Clone, Debug)]
pub(crate) struct Sighting {
    pub(crate) text: String,
    pub(crate) line: u32,
    pub(crate) seen: String,
}

/// Everything that one reading of a file gave.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileFacts {
    pub(crate) record: Option<Box<Record>>,
    pub(crate) source: Option<Source>,
    pub(crate) sightings: Vec<Sighting>,
    pub(crate) no_way_back: Option<NoWayBack>,
    /// CronJobs of a Kubernetes manifest.
    pub(crate) cron_jobs: Vec<Scheduled>,
    /// Health checks and limits of a Kubernetes manifest, a template or Terraform.
    pub(crate) workloads: Workloads,
    /// How tests sign in to a database.
    pub(crate) test_access: Vec<test_access::Access>,
}

impl FileFacts {
    /// Whether nothing was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.record.is_none()
            && self.source.is_none()
            && self.sightings.is_empty()
            && self.no_way_back.is_none()
            && self.cron_jobs.is_empty()
            && self.workloads.is_empty()
            && self.test_access.is_empty()
    }
}
