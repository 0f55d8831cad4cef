//! Section 2: what runs where, and what a platform must know of each service.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::HealthCode;
use crate::id::PlatformId;
use crate::survey::{Commands, ImageFacts, ServiceKind};

/// Section 2: what runs where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Topology {
    /// What runs, in the order in which a request meets it.
    pub components: Vec<Component>,
    /// Who talks to whom, by component name.
    pub edges: Vec<Edge>,
}

/// One thing that runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Component {
    /// Its name, unique in the topology.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// Technology, as people read it (`Next.js 15 on Node.js 22`, `PostgreSQL 16`).
    pub technology: String,
    /// The platform or service that runs it, as people read it.
    pub hosted_on: String,
    /// Size or plan, as people read it; empty where there is none.
    pub plan: String,
    /// Number of instances in production, at least; 0 where the platform runs as many as the load needs, and none while nobody asks.
    pub instances: u32,
    /// The Survey's service behind it, if it is one.
    pub service: Option<ServicePlan>,
    /// Evidence, `path:line`.
    pub evidence: Option<String>,
}

/// The role of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// People.
    User,
    /// Content delivery or load balancing in front of the application.
    Edge,
    /// A component of the application.
    App,
    /// A database.
    Database,
    /// A cache or queue.
    Cache,
    /// A third party's interface.
    External,
}

/// A connection between two components.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Edge {
    /// Name of the component that calls.
    pub from: String,
    /// Name of the component that is called.
    pub to: String,
    /// What passes (`HTTPS`, `SQL`).
    pub label: String,
}

/// What a platform's own configuration needs to know of one service.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that some platform needs to know"
)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServicePlan {
    /// Kebab-case name, unique among the services.
    pub slug: String,
    /// Folder relative to the root.
    pub path: String,
    /// Its kind.
    pub kind: ServiceKind,
    /// Its language, for platforms that name a runtime.
    pub language: Option<String>,
    /// Version of the language as a bare number (`22`, `3.12`).
    pub language_version: Option<String>,
    /// Its framework.
    pub framework: Option<String>,
    /// Its package manager.
    pub package_manager: Option<String>,
    /// Its commands.
    pub commands: Commands,
    /// The port it listens on.
    pub port: u16,
    /// Path of the production Dockerfile, relative to the root.
    pub dockerfile: Option<String>,
    /// Folder that the Dockerfile copies from, relative to the root; absent for the root itself.
    #[serde(default)]
    pub build_context: Option<String>,
    /// Whether what it is built from lies above its folder too (the lock file of a workspace), so that a platform which builds it
    /// must be given the whole repository.
    #[serde(default)]
    pub whole_repository: bool,
    /// Whether no second instance may run beside it, not even while a release replaces the first (it keeps a schedule).
    #[serde(default)]
    pub single: bool,
    /// How the image of the repository's own Dockerfile runs; absent without one.
    #[serde(default)]
    pub image: Option<ImageFacts>,
    /// Whether the platform runs it from a container image.
    pub needs_image: bool,
    /// Folder of static files that the build fills.
    pub static_output: Option<String>,
    /// Cron expression in UTC, five fields; present for scheduled services only.
    pub schedule: Option<String>,
    /// Whether the cron expression is assumed, because the repository states none that could be read.
    #[serde(default)]
    pub schedule_assumed: bool,
    /// The platform's id of the chosen size.
    pub size: String,
    /// vCPUs of the chosen size.
    pub vcpu: f64,
    /// Memory of the chosen size in MB.
    pub memory_mb: u32,
    /// Readiness path, for services that serve HTTP.
    pub health_path: Option<String>,
    /// Live path, which asks nothing but the process, for probes that restart; absent where none is known or written.
    #[serde(default)]
    pub live_path: Option<String>,
    /// The path for a platform that has one probe only: the live path where its probe restarts, else the readiness path.
    /// Platforms with a probe for each use `health_path` and `live_path`.
    #[serde(default)]
    pub probe_path: Option<String>,
    /// Code that is generated to answer them; absent where nothing has to be written or no template fits.
    #[serde(default)]
    pub health_code: Option<HealthCode>,
    /// Command that migrates the database, if this service runs the migrations.
    pub migrate: Option<String>,
    /// The platform that runs it, the main one or a companion.
    #[serde(default)]
    pub platform: Option<PlatformId>,
    /// Slug of the service that it is released together with, by one command and one file, where the platform does so;
    /// absent for the first service of each such unit.
    #[serde(default)]
    pub released_with: Option<String>,
}

impl ServicePlan {
    /// The unit that it is released in, by the slug of the unit's first service.
    pub fn unit(&self) -> &str {
        self.released_with.as_deref().unwrap_or(&self.slug)
    }

    /// The folder that its image is built from, relative to the root.
    pub fn build_context(&self) -> &str {
        self.build_context.as_deref().unwrap_or(".")
    }

    /// The Dockerfile, or where it has to be written. Services with one Dockerfile share an image.
    pub fn dockerfile_path(&self) -> String {
        let folder = self.path.trim_start_matches("./").trim_end_matches('/');
        let written = || {
            if matches!(folder, "" | ".") { "Dockerfile".to_owned() } else { format!("{folder}/Dockerfile") }
        };
        self.dockerfile.clone().unwrap_or_else(written)
    }
}
