//! The rows of the signal tables that say what a file, a text or a name means: needs, platforms, statements, code hosts.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::rows::Packages;

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
    /// Instances of one service that find each other.
    Clustering,
    /// More memory than usual.
    Memory,
    /// Pages rendered on the server.
    Pages,
    /// What keeps a program running that serves nothing: it begins again, waits for work, holds a connection.
    Lasting,
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
    /// Files that mean it; with texts, the only files in which these count (path patterns relative to the component).
    #[serde(default)]
    pub files: Vec<String>,
    /// Whether dependency and text mean it only together.
    #[serde(default)]
    pub weak: bool,
    /// Whether it only hints at the need: what a new project brings before anybody uses it.
    #[serde(default)]
    pub hint: bool,
    /// Dependencies beside which it means nothing: somebody else's service does what is needed.
    #[serde(default)]
    pub unless: Packages,
    /// Whether somebody else's service answers the need, so that nothing of the platform's own does.
    #[serde(default)]
    pub elsewhere: bool,
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

/// A practice of those who run an application that many rely on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Practice {
    /// What it is.
    pub id: String,
    /// What it says about those who run the application.
    pub because: String,
    /// Packages of the running application that mean it.
    pub packages: Packages,
}

/// How many practices speak of what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PracticeRules {
    /// So many migrations are a practice of their own: a schema with a long history.
    pub long_history_migrations: u32,
    /// So many test files are one as well.
    pub large_suite_tests: usize,
    /// Kinds from which on a medium scale and budget are proposed.
    pub medium_from: usize,
    /// Kinds from which on a high scale, an enterprise budget and an advanced team are proposed.
    pub high_from: usize,
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
    /// The large cloud whose own service it is, and nobody else's (`aws`, `google`, `azure`). Protocols that others speak too,
    /// such as that of S3, are of no cloud.
    #[serde(default)]
    pub cloud: Option<String>,
}

/// What a file that speaks of a thing shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shows {
    /// That it is there.
    #[default]
    Use,
    /// That others are offered to deploy a copy there.
    Button,
    /// An address at which the application is reached there.
    Address,
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
    /// What its texts show.
    #[serde(default)]
    pub shows: Shows,
    /// Keys by which a file says that it is made for others, who deploy a copy of their own with a button.
    #[serde(default)]
    pub offer_keys: Vec<String>,
    /// Whether the file is read by a platform that deploys each push by itself once it is connected to the repository.
    #[serde(default)]
    pub follows_pushes: bool,
    /// Keys (dotted; a number or `*` stands for each element) whose value is a health path, or the command of a check.
    #[serde(default)]
    pub health_keys: Vec<String>,
    /// Keys whose value is the memory of one instance; a bare number counts megabytes, under a key that ends in `_gb` gigabytes.
    #[serde(default)]
    pub memory_keys: Vec<String>,
    /// Keys whose value is the name of a plan or the class of an instance.
    #[serde(default)]
    pub plan_keys: Vec<String>,
    /// Beginnings of such names, lower-case, with the budget that they speak of; the longest that fits counts.
    #[serde(default)]
    pub plans: BTreeMap<String, String>,
    /// Keys whose value is the most instances that run under load.
    #[serde(default)]
    pub most_instances_keys: Vec<String>,
    /// Keys whose value is a port.
    #[serde(default)]
    pub port_keys: Vec<String>,
    /// Keys whose value is the start command.
    #[serde(default)]
    pub start_keys: Vec<String>,
    /// Keys whose values are jobs on a schedule: objects with an expression (`schedule` or `cronSchedule`), and a name or command.
    #[serde(default)]
    pub schedule_keys: Vec<String>,
    /// Whether it tells the versions of runtimes by variables.
    #[serde(default)]
    pub gives_versions: bool,
    /// What proficiency it speaks of.
    #[serde(default)]
    pub expertise: Option<String>,
}

/// A file in which a repository says how it is built and started: the platform's own, whichever platform that is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// What the file belongs to, for people.
    pub id: String,
    /// Path patterns.
    pub files: Vec<String>,
    /// Key that the file must have, where another file of that name is something else.
    #[serde(default)]
    pub needs: Option<String>,
    /// Key (dotted; `*` stands for each element) of the services that it describes; the whole file where there is none.
    #[serde(default)]
    pub each: Option<String>,
    /// Keys, within a service, of its folder.
    #[serde(default)]
    pub folder: Vec<String>,
    /// Keys of its name.
    #[serde(default)]
    pub name: Vec<String>,
    /// Keys of its kind, with what the values mean.
    #[serde(default)]
    pub kind: Vec<String>,
    /// Values of the kind that are workers.
    #[serde(default)]
    pub worker_kinds: Vec<String>,
    /// Values of the kind that run on a schedule, once, or not at all: other readers know them.
    #[serde(default)]
    pub other_kinds: Vec<String>,
    /// Keys of the command that installs.
    #[serde(default)]
    pub install: Vec<String>,
    /// Keys of the command that builds; a list is joined.
    #[serde(default)]
    pub build: Vec<String>,
    /// Keys of the command that starts.
    #[serde(default)]
    pub start: Vec<String>,
    /// Keys of the command that runs before a release.
    #[serde(default)]
    pub release: Vec<String>,
    /// Keys of tables of processes: name to command, as in a Procfile.
    #[serde(default)]
    pub processes: Vec<String>,
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

/// What shows that a CI job deploys.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    /// The platform's id, or the tool's where it deploys to several.
    pub id: String,
    /// Words that one command has in this order, others between them.
    #[serde(default)]
    pub commands: Vec<String>,
    /// Actions of GitHub, `owner/name` without a version.
    #[serde(default)]
    pub actions: Vec<String>,
    /// Beginnings of addresses that start a deployment when they are requested.
    #[serde(default)]
    pub addresses: Vec<String>,
    /// Actions and words of commands beside which the job only tries out (a cluster made for a test).
    #[serde(default)]
    pub not_beside: Vec<String>,
}
