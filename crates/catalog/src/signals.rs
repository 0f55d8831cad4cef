//! What the things in a source tree mean: tables of frameworks, databases, tools and file names → [`Signals`].
//!
//! Detection knows formats; these tables know meanings. A framework is one row of `data/signals/frameworks.toml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// The tables that are compiled in, before parsing, as (file name, text), so that a folder can be laid over them.
pub fn embedded() -> Vec<(&'static str, &'static str)> {
    crate::embedded::FILES
        .iter()
        .filter_map(|(path, text)| Some((path.strip_prefix("signals/")?, *text)))
        .collect()
}

/// Where a dependency is published, and so what its name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ecosystem {
    /// JavaScript and TypeScript packages.
    Npm,
    /// Python packages.
    Pypi,
    /// Ruby gems.
    Gem,
    /// Go modules; a row's path also stands for the packages below it and for its later major versions.
    Go,
    /// Rust crates.
    Crate,
    /// JVM artifacts as `group:artifact`.
    Maven,
    /// PHP packages.
    Composer,
    /// Elixir packages.
    Hex,
    /// .NET packages.
    Nuget,
}

/// Dependency names by ecosystem; a name may end in `*`.
pub type Packages = BTreeMap<Ecosystem, Vec<String>>;

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
    /// Signs of what an application asks of a platform.
    #[serde(rename = "need")]
    pub needs: Vec<NeedSign>,
    /// Third parties.
    #[serde(rename = "external_service")]
    pub external_services: Vec<ExternalService>,
    /// CI systems by their files.
    #[serde(rename = "ci")]
    pub ci: Vec<Marker>,
    /// Code hosts by remote and by CI system.
    #[serde(rename = "code_host")]
    pub code_hosts: Vec<CodeHost>,
    /// Platforms by their files.
    #[serde(rename = "platform")]
    pub platforms: Vec<Marker>,
    /// Infrastructure code by its files.
    #[serde(rename = "infrastructure")]
    pub infrastructure: Vec<Marker>,
    /// How variables are judged by their names.
    pub variables: VariableRules,
    /// How files and folders are judged by their names.
    pub files: FileRules,
}

/// A programming language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// Lower-case name.
    pub id: String,
    /// File name endings without the dot.
    #[serde(default)]
    pub extensions: Vec<String>,
    /// Whole file names.
    #[serde(default)]
    pub file_names: Vec<String>,
    /// Names under which version files (`.tool-versions`, …) know its own version, where that is not its runtime's.
    #[serde(default)]
    pub tools: Vec<String>,
    /// Dependencies whose version is the language's own.
    #[serde(default)]
    pub compilers: Packages,
    /// The runtime that runs it.
    #[serde(default)]
    pub runtime: Option<String>,
    /// Ecosystem of its dependencies.
    #[serde(default)]
    pub ecosystem: Option<Ecosystem>,
    /// Whether it only describes or glues, so that it leads only where there is no other.
    #[serde(default)]
    pub auxiliary: bool,
}

/// How a runtime's version is written in files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuntimeSign {
    /// Its id in the catalog (`data/reasoning/runtimes.toml`).
    pub id: String,
    /// Names under which manifests and version files know it.
    pub tools: Vec<String>,
    /// Container images whose tag begins with its version.
    #[serde(default)]
    pub images: Vec<String>,
    /// Texts in `image:tag` of other images that its version follows.
    #[serde(default)]
    pub image_marks: Vec<String>,
    /// Variables by which platforms and container builds are told its version.
    #[serde(default)]
    pub variables: Vec<String>,
    /// Inputs of CI set-up steps that give it.
    #[serde(default)]
    pub ci_inputs: Vec<String>,
    /// Package managers that are this runtime themselves.
    #[serde(default)]
    pub package_managers: Vec<String>,
    /// Number of parts in which two versions must agree (`22` one, `3.12` two).
    pub version_parts: usize,
}

/// What a component that uses a framework is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FrameworkRole {
    /// A library or bundler for browser code; what it builds is static.
    Browser,
    /// A browser framework that renders on a server of its own.
    BrowserServer,
    /// A generator of static sites.
    Site,
    /// A server framework whose usual answer is a page.
    Pages,
    /// A server framework whose usual answer is data.
    Api,
    /// A bot or job framework without HTTP.
    Worker,
}

/// A framework.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// Lower-case name, its ecosystem's own.
    pub id: String,
    /// What a component that uses it is.
    pub role: FrameworkRole,
    /// Dependencies that mean it.
    #[serde(default)]
    pub packages: Packages,
    /// Files that mean it, as path patterns relative to the component.
    #[serde(default)]
    pub files: Vec<String>,
    /// Frameworks that it contains, and that are not named beside it.
    #[serde(default)]
    pub hides: Vec<String>,
    /// Among several of one role, the highest is the most telling.
    #[serde(default = "middle")]
    pub rank: u8,
    /// The port that its server takes without being told.
    #[serde(default)]
    pub port: Option<u16>,
    /// Constructors whose result is the application object (`FastAPI`).
    #[serde(default)]
    pub constructors: Vec<String>,
    /// Command that builds, when the manifest has no script for it.
    #[serde(default)]
    pub build: Option<String>,
    /// Command that starts in production; `{port}`, `{module}`, `{object}` and `{name}` are filled in.
    #[serde(default)]
    pub start: Option<String>,
    /// Command that tests once, when nothing else says how.
    #[serde(default)]
    pub test: Option<String>,
    /// Folder that a static build fills.
    #[serde(default)]
    pub static_output: Option<String>,
    /// What makes a server framework's build static.
    #[serde(default)]
    pub static_when: Option<Condition>,
    /// What makes a static framework a server.
    #[serde(default)]
    pub server_when: Option<Condition>,
    /// What makes a framework of pages an interface without pages.
    #[serde(default)]
    pub api_when: Option<Condition>,
    /// Variables that the framework itself reads, with the file whose presence shows it.
    #[serde(default)]
    pub variables: Vec<ImpliedVariable>,
    /// Files that come with the framework's skeleton: what they read with nothing behind it is an offer, not a demand.
    #[serde(default)]
    pub skeleton: Vec<String>,
    /// A health endpoint that the framework itself serves, with what switches it on.
    #[serde(default)]
    pub health: Option<HealthIdiom>,
}

fn middle() -> u8 {
    50
}

/// Something that can be seen in a component.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Condition {
    /// Any of these dependencies.
    pub packages: Packages,
    /// Any of these texts …
    pub contains: Vec<String>,
    /// … in a file of this kind (path patterns; any source file when empty).
    pub files: Vec<String>,
}

/// A variable that no line of the application names.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImpliedVariable {
    /// Its name.
    pub name: String,
    /// Any of these files shows that it is read.
    pub files: Vec<String>,
    /// Whether the application fails without it.
    #[serde(default = "yes")]
    pub required: bool,
}

fn yes() -> bool {
    true
}

/// A health endpoint that comes with a framework.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HealthIdiom {
    /// Its path.
    pub path: String,
    /// Any of these dependencies switches it on.
    #[serde(default)]
    pub packages: Packages,
}

/// A database engine or cache.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engine {
    /// Lower-case name.
    pub id: String,
    /// Drivers.
    #[serde(default)]
    pub packages: Packages,
    /// Drivers that other things use too, so that they alone are a weak sign.
    #[serde(default)]
    pub weak_packages: Packages,
    /// Container images, without registry and tag.
    #[serde(default)]
    pub images: Vec<String>,
    /// Schemes of connection URLs.
    #[serde(default)]
    pub schemes: Vec<String>,
    /// Names under which configurations of ORMs know it (Prisma's `provider`, Django's `ENGINE`, …).
    #[serde(default)]
    pub providers: Vec<String>,
    /// Names of variables that only it has.
    #[serde(default)]
    pub variables: Vec<String>,
    /// Words by which names of variables speak of it.
    #[serde(default)]
    pub words: Vec<String>,
    /// Whether it speaks SQL, so that it and others of its kind are alternatives.
    #[serde(default)]
    pub relational: bool,
    /// Whether it lives in the application's own process or file, so that nothing connects to it.
    #[serde(default)]
    pub embedded: bool,
    /// Whether it is gone with the process, so that it is no database of production beside another.
    #[serde(default)]
    pub transient: bool,
    /// The engine whose drivers speak to it too: what is said of that one is said of this one where this one is there.
    #[serde(default)]
    pub speaks_as: Option<String>,
}

/// How a migration tool can be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WayBack {
    /// The tool has no way back at all.
    None,
    /// A second file beside the first (`*.down.sql`).
    DownFile,
    /// A section in the same file (`-- +goose Down`).
    DownSection,
    /// A function in the same file (`def downgrade`).
    DownFunction,
}

/// A migration tool.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MigrationTool {
    /// Lower-case name.
    pub id: String,
    /// Dependencies that mean it.
    #[serde(default)]
    pub packages: Packages,
    /// Files that mean it.
    #[serde(default)]
    pub files: Vec<String>,
    /// Migration files, as path patterns; where `weak`, they count only beside a package or file.
    #[serde(default)]
    pub migrations: Vec<String>,
    /// Files among them that are none.
    #[serde(default)]
    pub except: Vec<String>,
    /// Whether a migration file alone is enough to name the tool.
    #[serde(default)]
    pub telling: bool,
    /// How many folders a migration file stands below the migrations' folder.
    #[serde(default)]
    pub depth: usize,
    /// How a migration is undone.
    pub way_back: WayBack,
    /// Command that applies all that are pending.
    pub command: String,
}

/// A package manager.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageManager {
    /// Lower-case name.
    pub id: String,
    /// Ecosystem whose packages it installs.
    pub ecosystem: Ecosystem,
    /// Its lock files, the present one first.
    #[serde(default)]
    pub lock_files: Vec<String>,
    /// Other files that mean it, weaker than a lock file.
    #[serde(default)]
    pub files: Vec<String>,
    /// Installs exactly what the lock file says.
    pub install_locked: String,
    /// Installs without a lock file.
    pub install: String,
    /// Runs a script of the manifest: `{script}`.
    #[serde(default)]
    pub run: Option<String>,
    /// Runs a program of an installed dependency: `{command}`.
    #[serde(default)]
    pub exec: Option<String>,
    /// Whether it installs into an environment of its own, whose programs are found through `exec` only.
    #[serde(default)]
    pub isolates: bool,
    /// Taken when no file says otherwise.
    #[serde(default)]
    pub fallback: bool,
}

/// What an application can ask of a platform, and what shapes a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// Long-lived sockets held by the server.
    Websockets,
    /// Queue consumers, job processors, bots.
    Workers,
    /// Scheduled jobs.
    Cron,
    /// Requests that last minutes.
    LongRequests,
    /// Files that must survive a restart.
    FileStorage,
    /// A GPU.
    Gpu,
    /// More memory than usual.
    Memory,
    /// Pages rendered on the server.
    Pages,
}

/// A sign of a need.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeedSign {
    /// The need.
    pub need: Need,
    /// Dependencies that mean it.
    #[serde(default)]
    pub packages: Packages,
    /// Texts in source files that mean it …
    #[serde(default)]
    pub contains: Vec<String>,
    /// … in these languages (all when empty).
    #[serde(default)]
    pub languages: Vec<String>,
    /// Files that mean it.
    #[serde(default)]
    pub files: Vec<String>,
    /// Whether the dependency is often there without the need, so that code must confirm it.
    #[serde(default)]
    pub weak: bool,
    /// A process of its own that the need asks for: its command (`{module}` is the application object's module).
    #[serde(default)]
    pub process: Option<String>,
    /// The cron expression by which that process is to be run.
    #[serde(default)]
    pub schedule: Option<String>,
    /// Memory of one instance in MB.
    #[serde(default)]
    pub megabytes: Option<u32>,
}

/// A third party.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExternalService {
    /// Lower-case name.
    pub id: String,
    /// Its client libraries.
    #[serde(default)]
    pub packages: Packages,
    /// Beginnings of variable names that only it has.
    #[serde(default)]
    pub variables: Vec<String>,
}

/// A thing known by files in the tree.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marker {
    /// Its id in the catalog.
    pub id: String,
    /// Path patterns; one without `/` stands for that name in any folder.
    pub files: Vec<String>,
    /// The file must hold one of these texts, where given.
    #[serde(default)]
    pub contains: Vec<String>,
    /// Whether the file alone is not proof of use.
    #[serde(default)]
    pub weak: bool,
    /// Keys (dotted; a number or `*` stands for each element) whose value is a health path.
    #[serde(default)]
    pub health_keys: Vec<String>,
    /// Keys whose value is a port.
    #[serde(default)]
    pub port_keys: Vec<String>,
    /// Keys whose value is the start command.
    #[serde(default)]
    pub start_keys: Vec<String>,
    /// Keys whose values are jobs on a schedule: objects with an expression (`schedule` or `cronSchedule`), and a name or command.
    #[serde(default)]
    pub schedule_keys: Vec<String>,
    /// What proficiency it speaks of.
    #[serde(default)]
    pub expertise: Option<String>,
}

/// A code host.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeHost {
    /// Its id in the catalog.
    pub id: String,
    /// Texts in the host part of a remote's address.
    pub remotes: Vec<String>,
    /// CI systems that only it has.
    #[serde(default)]
    pub ci: Vec<String>,
    /// The most parts that the path of a repository has there (`owner/name` two); none where its addresses have no such path.
    #[serde(default)]
    pub path_parts: Option<usize>,
}

/// How variables are judged by their names.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VariableRules {
    /// Words between underscores that make a value secret.
    pub secret_words: Vec<String>,
    /// Endings that make a value secret.
    pub secret_endings: Vec<String>,
    /// Words of things that are connected to, whose address may hold a password.
    pub connection_words: Vec<String>,
    /// Words that take it back wherever they stand (`PUBLIC`, `EXPIRES`).
    pub public_words: Vec<String>,
    /// Words that take it back at the end of a name (`_PATH`, `_LENGTH`).
    pub public_endings: Vec<String>,
    /// Beginnings of names that are inlined while building.
    pub build_prefixes: Vec<String>,
    /// Names given by shell, runtime, CI or build tool, which nobody sets for the application.
    pub given: Vec<String>,
    /// Beginnings of such names.
    pub given_prefixes: Vec<String>,
    /// Names that a platform sets, so that they are never required.
    pub never_required: Vec<String>,
    /// Words of names that are for tests, so that they are never required.
    pub test_words: Vec<String>,
    /// Words of names whose value is an address that the application connects to or is known by.
    pub address_words: Vec<String>,
    /// Words of names whose value is an address to listen on.
    pub listen_words: Vec<String>,
    /// Words of names that speak of a database, whichever it is.
    pub database_words: Vec<String>,
    /// Words of names that hold a password, for which nothing may be meant.
    pub password_words: Vec<String>,
    /// Words of names whose secret is the application's own and not somebody else's.
    pub own_secret_words: Vec<String>,
    /// Words of names whose secret is somebody else's, so that without one only that part is off.
    pub foreign_words: Vec<String>,
    /// Words of names that hold a user's name.
    pub user_words: Vec<String>,
    /// Names of users that every installation has, so that they are nobody's own.
    pub stand_in_users: Vec<String>,
    /// Endings of names that are another way to give what the name before them gives.
    pub alternative_endings: Vec<String>,
    /// Defaults that nobody uses in production, whatever the name.
    pub stand_in_values: Vec<String>,
    /// Texts in defaults that nobody uses in production.
    pub stand_in_parts: Vec<String>,
    /// Texts in addresses that only a developer's machine, or somebody else's cluster, has.
    pub local_addresses: Vec<String>,
    /// Defaults that mean that there is none.
    pub nothing_values: Vec<String>,
    /// Shell scripts that start the application in production, as path patterns.
    pub entrypoints: Vec<String>,
}

/// How files and folders are judged by their names.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FileRules {
    /// Folders that hold what was installed or built; never entered.
    pub skipped_folders: Vec<String>,
    /// Folders of tools that the developers run; what they read the application does not need.
    pub tool_folders: Vec<String>,
    /// Folders whose content is not the application (tests, examples, documentation).
    pub aside_folders: Vec<String>,
    /// Images of proxies, monitors and the like: beside an application, none of it.
    pub backing_images: Vec<String>,
    /// Endings of names of test files.
    pub test_endings: Vec<String>,
    /// Words of a file or service name that mean development only.
    pub development_words: Vec<String>,
    /// Texts in a command that mean a development server.
    pub development_servers: Vec<String>,
    /// Words of a process name that mean a worker.
    pub worker_words: Vec<String>,
    /// Words of a process name that mean a scheduler.
    pub cron_words: Vec<String>,
    /// Names of process entries that run once before a release.
    pub release_words: Vec<String>,
    /// Last segments of a route that mean a health check, best first.
    pub health_segments: Vec<String>,
    /// Segments that may mean one.
    pub weak_health_segments: Vec<String>,
    /// Names of files that document variables.
    pub example_env_files: Vec<String>,
    /// Where an architecture document may stand.
    pub architecture_documents: Vec<String>,
    /// Texts that show that a source file sets an ORM or query builder up.
    pub orm_texts: Vec<String>,
    /// Names of configuration files of ORMs, as path patterns.
    pub orm_files: Vec<String>,
    /// Names of a manifest's scripts that build or start what is deployed.
    pub deployment_scripts: Vec<String>,
    /// Tools for load tests, whose presence speaks of scale.
    pub load_tests: Vec<String>,
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
        Self::parse(&embedded())
    }

    fn absorb(&mut self, part: Self) {
        self.languages.extend(part.languages);
        self.runtimes.extend(part.runtimes);
        self.frameworks.extend(part.frameworks);
        self.databases.extend(part.databases);
        self.caches.extend(part.caches);
        self.migrations.extend(part.migrations);
        self.package_managers.extend(part.package_managers);
        self.needs.extend(part.needs);
        self.external_services.extend(part.external_services);
        self.ci.extend(part.ci);
        self.code_hosts.extend(part.code_hosts);
        self.platforms.extend(part.platforms);
        self.infrastructure.extend(part.infrastructure);
        self.variables.absorb(part.variables);
        self.files.absorb(part.files);
    }

    /// Ids are unique and kebab-case, and what rows name exists.
    fn validate(&self) -> Result<(), SignalsError> {
        unique("language", self.languages.iter().map(|row| &row.id))?;
        unique("runtime", self.runtimes.iter().map(|row| &row.id))?;
        unique("framework", self.frameworks.iter().map(|row| &row.id))?;
        unique("database", self.databases.iter().map(|row| &row.id))?;
        unique("cache", self.caches.iter().map(|row| &row.id))?;
        unique("migration", self.migrations.iter().map(|row| &row.id))?;
        unique("package_manager", self.package_managers.iter().map(|row| &row.id))?;
        unique("external_service", self.external_services.iter().map(|row| &row.id))?;
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

impl VariableRules {
    fn absorb(&mut self, part: Self) {
        self.secret_words.extend(part.secret_words);
        self.secret_endings.extend(part.secret_endings);
        self.connection_words.extend(part.connection_words);
        self.public_words.extend(part.public_words);
        self.public_endings.extend(part.public_endings);
        self.build_prefixes.extend(part.build_prefixes);
        self.given.extend(part.given);
        self.given_prefixes.extend(part.given_prefixes);
        self.never_required.extend(part.never_required);
        self.test_words.extend(part.test_words);
        self.address_words.extend(part.address_words);
        self.listen_words.extend(part.listen_words);
        self.database_words.extend(part.database_words);
        self.password_words.extend(part.password_words);
        self.own_secret_words.extend(part.own_secret_words);
        self.foreign_words.extend(part.foreign_words);
        self.user_words.extend(part.user_words);
        self.stand_in_users.extend(part.stand_in_users);
        self.alternative_endings.extend(part.alternative_endings);
        self.stand_in_values.extend(part.stand_in_values);
        self.stand_in_parts.extend(part.stand_in_parts);
        self.local_addresses.extend(part.local_addresses);
        self.nothing_values.extend(part.nothing_values);
        self.entrypoints.extend(part.entrypoints);
    }
}

impl FileRules {
    fn absorb(&mut self, part: Self) {
        self.skipped_folders.extend(part.skipped_folders);
        self.aside_folders.extend(part.aside_folders);
        self.tool_folders.extend(part.tool_folders);
        self.backing_images.extend(part.backing_images);
        self.test_endings.extend(part.test_endings);
        self.development_words.extend(part.development_words);
        self.development_servers.extend(part.development_servers);
        self.worker_words.extend(part.worker_words);
        self.cron_words.extend(part.cron_words);
        self.release_words.extend(part.release_words);
        self.health_segments.extend(part.health_segments);
        self.weak_health_segments.extend(part.weak_health_segments);
        self.example_env_files.extend(part.example_env_files);
        self.architecture_documents.extend(part.architecture_documents);
        self.orm_texts.extend(part.orm_texts);
        self.orm_files.extend(part.orm_files);
        self.deployment_scripts.extend(part.deployment_scripts);
        self.load_tests.extend(part.load_tests);
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

/// Whether a dependency's name is one that a row gives; see [`Ecosystem`] for what a name stands for.
pub fn package_matches(ecosystem: Ecosystem, pattern: &str, name: &str) -> bool {
    if let Some(start) = pattern.strip_suffix('*') {
        return name.starts_with(start);
    }
    name == pattern
        || (ecosystem == Ecosystem::Go
            && name.strip_prefix(pattern).is_some_and(|rest| rest.starts_with('/') || rest.starts_with(".v")))
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
