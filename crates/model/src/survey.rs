//! What `detect` found in a tree: facts with evidence, conflicts kept, gaps named.

mod environment;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::brief::{AppType, BudgetBand, Expertise, ScaleBand};
use crate::fact::{Certainty, Evidence, EvidenceByField, Fact};

pub use environment::{DefaultUse, EnvironmentVariable, TestAccess, VariableTime};

/// The schema name that every serialised survey carries.
pub const SCHEMA: &str = "siteplan/survey@1";

/// Everything that was found in one tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Survey {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The surveyed root as it was named, `.` for the current directory.
    pub root: String,
    /// The application's own name, from a manifest, else from the folder.
    pub name: Fact<String>,
    /// The shape of the whole, from its services; absent when nothing was found.
    pub app_type: Option<Fact<AppType>>,
    /// Programming languages, the primary one first.
    pub languages: Vec<LanguageFact>,
    /// Language runtimes by the catalog's ids (`node`, `python`, …), those of the main service first. Several versions
    /// of one runtime are several entries; the first place of each one's evidence says which folder asks for it.
    #[serde(default)]
    pub runtimes: Vec<VersionedFact>,
    /// Frameworks of all services, the most telling first.
    pub frameworks: Vec<VersionedFact>,
    /// Package manager at the root or of the main service.
    pub package_manager: Option<Fact<String>>,
    /// Whether there is a Dockerfile or Containerfile.
    pub containerised: Containerised,
    /// Separately deployable components; libraries are none.
    pub services: Vec<Service>,
    /// Databases that production uses.
    pub databases: Vec<DatabaseFact>,
    /// Redis, Valkey, Memcached, for any use.
    pub caches: Vec<DatabaseFact>,
    /// The migration tool and what is known of its migrations.
    pub migrations: Option<MigrationsFact>,
    /// What the application asks of a platform.
    pub needs: Needs,
    /// Commands of the main service.
    pub commands: Commands,
    /// Evidence for [`Survey::commands`], by `commands.<field>`.
    #[serde(default)]
    pub evidence: EvidenceByField,
    /// Port of the main service.
    pub port: Option<Fact<u16>>,
    /// Health endpoint of the main service.
    pub health_endpoint: Option<Fact<String>>,
    /// Environment variables that the code reads.
    pub environment: Vec<EnvironmentVariable>,
    /// Backing services that the tests connect to (`postgres`, `redis`, …).
    #[serde(default)]
    pub test_services: Vec<Fact<String>>,
    /// How the tests sign in to databases beside them, where their own settings say so.
    #[serde(default)]
    pub test_access: Vec<TestAccess>,
    /// Third parties that the code talks to (`stripe`, `sendgrid`, …).
    #[serde(default)]
    pub external_services: Vec<Fact<String>>,
    /// Large clouds whose own services the code calls (`aws`, `google`, `azure`), by their libraries.
    #[serde(default)]
    pub clouds: Vec<Fact<String>>,
    /// Folders of services that are no process: a runtime at the edge calls their code for each request
    /// (`export default { fetch }`).
    #[serde(default)]
    pub request_handlers: Vec<Fact<String>>,
    /// CI systems already configured.
    pub ci: Vec<Fact<String>>,
    /// Existing CI jobs that run tests, as `<file>` → `<job>`.
    #[serde(default)]
    pub ci_test_jobs: Vec<CiJob>,
    /// Existing CI jobs that deploy.
    #[serde(default)]
    pub ci_deploys: Vec<CiDeploy>,
    /// All files of CI systems.
    #[serde(default)]
    pub ci_files: Vec<String>,
    /// Where the code is hosted, from the git remote.
    pub code_host: Option<Fact<String>>,
    /// `owner/name` on the code host, from the git remote, where that is one of the known hosts.
    #[serde(default)]
    pub repository: Option<Fact<String>>,
    /// The branch that deployments follow.
    pub default_branch: Option<Fact<String>>,
    /// Platforms whose own files are present.
    pub platforms_in_use: Vec<Fact<String>>,
    /// Infrastructure code present (`terraform`, `helm`, `kustomize`, …).
    #[serde(default)]
    pub infrastructure: Vec<Fact<String>>,
    /// Proposed answers to questions about people, with evidence.
    pub proposals: Proposals,
    /// What `02_ARCHITECTURE.md` states, when a spec folder has one.
    #[serde(default)]
    pub architecture_document: Option<ArchitectureDocument>,
    /// Contradictions that were found and not silently resolved.
    pub conflicts: Vec<Conflict>,
    /// Fields for which nothing was found although something was looked for.
    pub missing: Vec<String>,
    /// Paths that were not read, and why.
    pub skipped: Vec<Skipped>,
    /// Number of files walked.
    #[serde(default)]
    pub files: u64,
    /// Files by which a build installs and sets up: manifests, lock files, settings of package managers, `.dockerignore`,
    /// `.env.example`.
    #[serde(default)]
    pub build_files: Vec<String>,
    /// Files that name the processes of the application (`Procfile`), which several platforms and tools read.
    #[serde(default)]
    pub process_files: Vec<ProcessFile>,
}

/// A file that names processes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProcessFile {
    /// Its path.
    pub path: String,
    /// The names of its processes, in their order.
    pub processes: Vec<String>,
}

impl Survey {
    /// The Survey of a tree in which nothing was found.
    pub fn nothing(root: &str, name: &str) -> Self {
        let no = || Fact::new(false, Certainty::Medium, Vec::new());
        Self {
            schema: SCHEMA.to_owned(),
            root: root.to_owned(),
            name: Fact::new(name.to_owned(), Certainty::Low, Vec::new()),
            app_type: None,
            languages: Vec::new(),
            runtimes: Vec::new(),
            frameworks: Vec::new(),
            package_manager: None,
            containerised: Containerised { fact: no(), production: false, dockerfile: None },
            services: Vec::new(),
            databases: Vec::new(),
            caches: Vec::new(),
            migrations: None,
            needs: Needs {
                websockets: no(),
                workers: no(),
                cron: no(),
                long_requests: no(),
                file_storage: no(),
                object_storage: no(),
                gpu: no(),
                clustering: no(),
                memory: Fact::new(None, Certainty::Low, Vec::new()),
            },
            commands: Commands::default(),
            evidence: EvidenceByField::new(),
            port: None,
            health_endpoint: None,
            environment: Vec::new(),
            test_services: Vec::new(),
            test_access: Vec::new(),
            external_services: Vec::new(),
            clouds: Vec::new(),
            request_handlers: Vec::new(),
            ci: Vec::new(),
            ci_test_jobs: Vec::new(),
            ci_deploys: Vec::new(),
            ci_files: Vec::new(),
            code_host: None,
            repository: None,
            default_branch: None,
            platforms_in_use: Vec::new(),
            infrastructure: Vec::new(),
            proposals: Proposals::default(),
            architecture_document: None,
            conflicts: Vec::new(),
            missing: Vec::new(),
            skipped: Vec::new(),
            files: 0,
            build_files: Vec::new(),
            process_files: Vec::new(),
        }
    }

    /// Whether nothing deployable was found: a planned application.
    pub fn is_empty(&self) -> bool {
        self.services.is_empty() && self.languages.is_empty()
    }

    /// The service that the others stand around: the first that serves HTTP, else the first.
    pub fn main_service(&self) -> Option<&Service> {
        self.services.iter().find(|s| s.kind.serves_http()).or_else(|| self.services.first())
    }
}

/// A language with its share in the tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LanguageFact {
    /// The language, lower-case.
    #[serde(flatten)]
    pub fact: Fact<String>,
    /// Whether it is what the main service is written in or, for another runtime of the same language, goes by.
    pub primary: bool,
    /// The version asked for, as written (`3.12`, `>=20`, `22.x`).
    pub version: Option<String>,
}

/// A thing with an optional version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VersionedFact {
    /// Its lower-case name in its own ecosystem.
    #[serde(flatten)]
    pub fact: Fact<String>,
    /// The version asked for, as written.
    pub version: Option<String>,
}

/// A database engine or a cache that production uses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DatabaseFact {
    /// The engine (`postgres`, `mysql`, `mongodb`, `sqlite`, …).
    #[serde(flatten)]
    pub fact: Fact<String>,
    /// The version asked for, for example by a compose service's image.
    pub version: Option<String>,
    /// Whether production does without it: it is one of several alternatives, or used only where somebody names it.
    #[serde(default)]
    pub optional: bool,
}

/// Whether container builds exist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Containerised {
    /// Any Dockerfile or Containerfile.
    #[serde(flatten)]
    pub fact: Fact<bool>,
    /// Whether one of them is for production.
    pub production: bool,
    /// Path of the production Dockerfile.
    #[serde(default)]
    pub dockerfile: Option<String>,
}

/// A migration tool with what its folder tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MigrationsFact {
    /// The tool (`prisma`, `alembic`, `django`, …), `custom` for scripts of its own.
    #[serde(flatten)]
    pub fact: Fact<String>,
    /// Folder of the migrations.
    pub directory: Option<String>,
    /// How many there are.
    pub count: Option<u32>,
    /// Migrations without a way back, by file, as far as the files tell.
    #[serde(default)]
    pub irreversible: Vec<Evidence>,
    /// The repository's own command that applies them, if it has one.
    #[serde(default)]
    pub command: Option<String>,
    /// Whether the application applies them itself when it starts, so that no command does.
    #[serde(default)]
    pub at_start: bool,
    /// The program of the tool, where it is none of the application's dependencies (`sqlx`, `goose`).
    #[serde(default)]
    pub program: Option<String>,
    /// Whether the repository's own Dockerfile brings that program.
    #[serde(default)]
    pub in_image: bool,
}

/// What kind of component a service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ServiceKind {
    /// Serves pages.
    Web,
    /// Serves an HTTP interface without pages.
    Api,
    /// Consumes a queue, runs jobs, is a bot.
    Worker,
    /// Runs on a schedule.
    Cron,
    /// Files that a CDN can serve.
    Static,
}

impl AppType {
    /// The kinds of services that a type means where nothing is written yet, in the order of a request.
    pub fn means(self) -> &'static [ServiceKind] {
        match self {
            Self::Frontend => &[ServiceKind::Static],
            Self::FullStack | Self::Monolith => &[ServiceKind::Web],
            Self::WebApi => &[ServiceKind::Api],
            Self::Workers => &[ServiceKind::Worker],
            Self::Microservices => &[ServiceKind::Web, ServiceKind::Api, ServiceKind::Worker],
        }
    }
}

impl ServiceKind {
    /// All kinds.
    pub const ALL: &[Self] = &[Self::Web, Self::Api, Self::Worker, Self::Cron, Self::Static];

    /// Whether users reach it over HTTP.
    pub fn serves_http(self) -> bool {
        matches!(self, Self::Web | Self::Api | Self::Static)
    }

    /// The word in the JSON contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Api => "api",
            Self::Worker => "worker",
            Self::Cron => "cron",
            Self::Static => "static",
        }
    }
}

impl fmt::Display for ServiceKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A separately deployable component.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Service {
    /// Folder relative to the root, `.` for the root itself.
    pub path: String,
    /// Its name, from a manifest, Procfile or compose file, else from the folder.
    pub name: String,
    /// What it does.
    pub kind: ServiceKind,
    /// Its language.
    pub language: Option<String>,
    /// Its framework.
    pub framework: Option<String>,
    /// Its package manager.
    pub package_manager: Option<String>,
    /// The port it listens on, when the code or a file says so.
    pub port: Option<u16>,
    /// Path of its health endpoint.
    pub health_endpoint: Option<String>,
    /// Database engines it uses.
    #[serde(default)]
    pub databases: Vec<String>,
    /// Its migration tool.
    pub migrations: Option<String>,
    /// Its commands.
    pub commands: Commands,
    /// The production Dockerfile it is built from, relative to the root.
    #[serde(default)]
    pub dockerfile: Option<String>,
    /// Folder that the container build copies from, relative to the root (`.` for the root itself); absent where it was not
    /// found out.
    #[serde(default)]
    pub build_context: Option<String>,
    /// Folder that the build fills with static files, relative to the service.
    #[serde(default)]
    pub static_output: Option<String>,
    /// Cron expression of a scheduled service.
    #[serde(default)]
    pub schedule: Option<String>,
    /// Whether its process keeps its own schedule (`celery beat`), so that it runs all the time, and only once.
    #[serde(default)]
    pub own_clock: bool,
    /// Whether its program does its work and ends: nothing of it serves, waits for work or begins again, as far as the code tells.
    /// Such a worker is a job that somebody or something starts.
    #[serde(default)]
    pub ends: bool,
    /// How the image of its Dockerfile runs.
    #[serde(default)]
    pub image: Option<ImageFacts>,
    /// What a file that joins its code has to know.
    #[serde(default)]
    pub code: CodeFacts,
    /// Evidence for the fields above (`kind`, `port`, `commands.start`, …).
    #[serde(default)]
    pub evidence: EvidenceByField,
}

/// How the image of a repository's own Dockerfile runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImageFacts {
    /// The user of the last stage: a number where one can be told, else the name; absent where it is root.
    pub user: Option<String>,
    /// Whether nothing is known of the user: the base image, which is not read, may set one.
    #[serde(default)]
    pub unknown_user: bool,
    /// Whether a program of the image stands in front of every command that it is given (`ENTRYPOINT`).
    #[serde(default)]
    pub entrypoint: bool,
}

/// What a file that joins a service's code has to know of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodeFacts {
    /// Libraries of its production dependencies that talk to a database or cache, by their names in their own ecosystem.
    #[serde(default)]
    pub clients: Vec<String>,
    /// How its files are written and import each other, where the language has several ways (`typescript`,
    /// `typescript-esm`, `esm`, `mjs`, `commonjs`).
    #[serde(default)]
    pub dialect: Option<String>,
    /// Folder of its source code, relative to the service (`src`, `app`, `src/main/java/com/acme/shop`); `.` for its own folder.
    #[serde(default)]
    pub folder: Option<String>,
    /// Package, namespace or module of that folder, as its language writes it.
    #[serde(default)]
    pub namespace: Option<String>,
    /// How its framework finds routes, where it has several ways (`app` and `pages` of Next.js).
    #[serde(default)]
    pub routing: Option<String>,
    /// Path of a live check that its code answers beside the health endpoint.
    #[serde(default)]
    pub live_endpoint: Option<String>,
    /// Its files whose name speaks of health, relative to the root: names that a new file must not take.
    #[serde(default)]
    pub health_files: Vec<String>,
}

/// Shell lines that act on a service, run in its folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Commands {
    /// Installs dependencies from the lock file.
    pub install: Option<String>,
    /// Builds what is deployed.
    pub build: Option<String>,
    /// Runs the tests once, not in watch mode.
    pub test: Option<String>,
    /// Starts the production process.
    pub start: Option<String>,
    /// Checks style.
    #[serde(default)]
    pub lint: Option<String>,
    /// Applies database migrations.
    #[serde(default)]
    pub migrate: Option<String>,
}

/// What the application asks of a platform beyond serving requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Needs {
    /// The server holds long-lived sockets.
    pub websockets: Fact<bool>,
    /// Queue consumers, job processors, bots.
    pub workers: Fact<bool>,
    /// Any scheduled job.
    pub cron: Fact<bool>,
    /// Requests that last minutes.
    pub long_requests: Fact<bool>,
    /// Files written that must survive a restart, on a disk or in an object store.
    pub file_storage: Fact<bool>,
    /// Files that an object store keeps, so that they need no disk of the platform.
    #[serde(default = "absent")]
    pub object_storage: Fact<bool>,
    /// A GPU.
    pub gpu: Fact<bool>,
    /// Instances of one service that find and reach each other, wherever more than one runs. What is false with evidence is
    /// only hinted at.
    #[serde(default = "absent")]
    pub clustering: Fact<bool>,
    /// Memory that one instance needs, in MB, when it is more than usual.
    pub memory: Fact<Option<u32>>,
}

impl Needs {
    /// Whether files must last on a disk of the application's own: some sign of them is no sign of an object store.
    pub fn disk(&self) -> bool {
        let elsewhere = |seen: &Evidence| self.object_storage.evidence.contains(seen);
        let only_elsewhere = self.object_storage.value && self.file_storage.evidence.iter().all(elsewhere);
        self.file_storage.value && !only_elsewhere
    }
}

/// A need that nothing speaks for.
fn absent() -> Fact<bool> {
    Fact::new(false, Certainty::Medium, Vec::new())
}

/// A job of an existing CI configuration that tests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CiJob {
    /// File of the configuration.
    pub path: String,
    /// The job's name in it.
    pub job: String,
    /// The line that runs the tests.
    pub command: String,
    /// Further lines of the job that run tests.
    #[serde(default)]
    pub further: Vec<String>,
    /// The CI system that reads the file (`github-actions`, `gitlab-ci`, …).
    #[serde(default)]
    pub system: String,
    /// What starts the job.
    #[serde(default)]
    pub starts: CiStarts,
}

/// What starts a job of an existing CI configuration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CiStarts {
    /// Whether each push to the branch that deployments follow runs it: no filter of paths and no condition leaves it out, and
    /// the run fails where it fails.
    pub pushes: bool,
    /// Whether pull requests run it, perhaps not all.
    pub pull_requests: bool,
    /// Whether another workflow can call its file with nothing but the right to read the code.
    pub callable: bool,
}

/// A job of an existing CI configuration that deploys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CiDeploy {
    /// File of the configuration.
    pub path: String,
    /// The job's name in it.
    pub job: String,
    /// What shows it: a command, an action, the environment that the file names.
    pub runs: String,
    /// The row of the signals that knows it (`fly`, `kubectl`, …); absent where the job only names an environment.
    #[serde(default)]
    pub means: Option<String>,
    /// Where it was seen.
    pub seen: Evidence,
}

/// Proposed answers to questions about people.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Proposals {
    /// How much the team can take on.
    pub expertise: Option<Fact<Expertise>>,
    /// How many users there are.
    pub scale: Option<Fact<ScaleBand>>,
    /// What may be spent.
    pub budget: Option<Fact<BudgetBand>>,
}

/// Statements read from an architecture document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArchitectureDocument {
    /// Its path.
    pub path: String,
    /// What it states and siteplan understood, in its own words, each with its line.
    pub statements: Vec<Evidence>,
}

/// A contradiction between two places of the tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Conflict {
    /// The field in question.
    pub field: String,
    /// The competing values, the one that was taken first.
    pub values: Vec<String>,
    /// Where each was seen.
    pub evidence: Vec<Evidence>,
}

/// A path that was not read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Skipped {
    /// The path.
    pub path: String,
    /// The reason.
    pub why: String,
}
