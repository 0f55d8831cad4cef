//! The rules of `data/signals/variables.toml` and `files.toml`: lists of words, endings, texts and patterns.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::rows::Packages;
use crate::figure::Source;

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
    /// Last words of names that hold a host, without a scheme or path.
    pub host_endings: Vec<String>,
    /// Words of names that hold a part of a connection without which there is none.
    pub connection_parts: Vec<String>,
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
    /// Names of variables whose value is the port, or an address with it, that a program listens on.
    pub port_names: Vec<String>,
    /// Last words of names that switch debugging on.
    pub debug_words: Vec<String>,
    /// Names that say in which mode a program runs, whichever it is.
    pub mode_names: Vec<String>,
    /// Values that mean development or debugging, with what production says in the same form.
    pub counterparts: BTreeMap<String, String>,
    /// Variables whose value is certain wherever an application is deployed.
    pub deployed: Vec<DeployedValue>,
}

/// A variable whose value is certain wherever an application is deployed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeployedValue {
    /// Its names.
    pub names: Vec<String>,
    /// The value.
    pub value: String,
    /// Frameworks that give the name this meaning; any program where none is named.
    #[serde(default)]
    pub frameworks: Vec<String>,
    /// Where that was seen.
    pub source: Source,
}

/// An account that base images bring along.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageAccount {
    /// Beginnings of the names of those images.
    pub images: Vec<String>,
    /// The account.
    pub name: String,
    /// Its number.
    pub number: u32,
    /// Where that was seen.
    pub source: Source,
}

/// How files and folders are judged by their names.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FileRules {
    /// Folders that hold what was installed or built; never entered.
    pub skipped_folders: Vec<String>,
    /// Folders of tools that the developers run; what they read the application does not need.
    pub tool_folders: Vec<String>,
    /// Files of programs that are installed on a device.
    pub device_files: Vec<String>,
    /// Packages of programs that are installed on a device.
    pub device_packages: Vec<String>,
    /// Patterns of the settings of process managers.
    pub process_managers: Vec<String>,
    /// Folders at the root of a workspace that hold what is deployed.
    pub application_folders: Vec<String>,
    /// Folders at the root of a workspace that hold what applications share.
    pub library_folders: Vec<String>,
    /// Folders whose content is not the application (tests, examples, documentation).
    pub aside_folders: Vec<String>,
    /// Images that serve the pages that a build copies into them.
    pub page_server_images: Vec<String>,
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
    /// Patterns of the files by which a build installs and sets up.
    #[serde(default)]
    pub build_files: Vec<String>,
    /// Those of them that ask nothing but the process.
    pub live_segments: Vec<String>,
    /// Texts of a route that frameworks answer by themselves without asking anything else.
    pub live_marks: Vec<String>,
    /// Libraries that talk to whichever database they are pointed at, and so speak for none.
    pub data_packages: Packages,
    /// Names of files that document variables.
    pub example_env_files: Vec<String>,
    /// Where an architecture document may stand.
    pub architecture_documents: Vec<String>,
    /// Constructors of application objects that belong to no framework's row.
    pub constructors: Vec<String>,
    /// Programs of databases, mail and tunnels that run beside an application on a developer's machine.
    pub backing_programs: Vec<String>,
    /// Texts that show that a source file sets an ORM or query builder up.
    pub orm_texts: Vec<String>,
    /// Names of configuration files of ORMs, as path patterns.
    pub orm_files: Vec<String>,
    /// Names of a manifest's scripts that build or start what is deployed.
    pub deployment_scripts: Vec<String>,
    /// Words of a program's name that mean a server.
    pub server_words: Vec<String>,
    /// Words of a program's name that mean a tool of the developers.
    pub tool_words: Vec<String>,
    /// Words of a process name that mean one for development.
    pub development_processes: Vec<String>,
    /// Names of source files, without their ending, in which a program usually begins.
    pub entry_names: Vec<String>,
    /// Packages of programs for people's own machines: desktops, telephones, browsers' and editors' extensions.
    pub client_packages: Vec<String>,
    /// Names of a manifest's scripts that build its documentation.
    pub documentation_scripts: Vec<String>,
    /// Folders of functions that a platform runs by itself.
    pub function_folders: Vec<String>,
    /// Names of folders beside the application that hold a site of their own where a site generator is in them.
    pub documentation_folders: Vec<String>,
    /// Texts in a command that run a scheduler.
    pub cron_commands: Vec<String>,
    /// Texts in commands of schedulers that run all the time and start their jobs themselves.
    pub clock_commands: Vec<String>,
    /// Texts in a command that run a worker.
    pub worker_commands: Vec<String>,
    /// Texts in a command or process name that serve requests.
    pub server_commands: Vec<String>,
    /// Names of a manifest's scripts that start a worker.
    pub worker_scripts: Vec<String>,
    /// Names of a manifest's scripts that apply migrations, the safest first.
    pub migration_scripts: Vec<String>,
    /// Names of packages that name no application.
    pub generic_names: Vec<String>,
    /// Files by which a browser application answers requests for data itself, as path patterns.
    pub back_end_files: Vec<String>,
    /// Packages that mean the same.
    pub back_end_packages: Vec<String>,
    /// Programs that serve for development when nothing or one of these words follows.
    pub development_programs: BTreeMap<String, Vec<String>>,
    /// Words of a mounted folder's name that mean that what is written there must last.
    pub storage_words: Vec<String>,
    /// Tools for load tests, whose presence speaks of scale.
    pub load_tests: Vec<String>,
    /// Keys of configurations whose value is the port, or an address with it, the most telling first.
    pub port_keys: Vec<String>,
    /// Images that listen on a port without naming it again: `name`, or `name:word` for a word of the tag.
    pub image_ports: BTreeMap<String, u16>,
    /// Accounts that base images bring along.
    pub image_accounts: Vec<ImageAccount>,
    /// Words of images and programs that answer FastCGI, not HTTP.
    pub fast_cgi_words: Vec<String>,
    /// Folders of code that browsers run, where a server's lies beside it.
    pub browser_folders: Vec<String>,
    /// Folders of code that a server runs, where browsers' lies beside it.
    pub server_folders: Vec<String>,
    /// Folders of commands that people or schedulers start by themselves.
    pub command_folders: Vec<String>,
    /// Beginnings of commands that prepare the surroundings of the command that follows them.
    pub run_wrappers: Vec<String>,
    /// Programs that run a file or module which they are given.
    pub script_runners: Vec<String>,
    /// Programs that run a task of a file that lies where they are called.
    pub task_files: BTreeMap<String, String>,
    /// Words that say that a job of CI looks after the repository and not after what the application does.
    pub upkeep_words: Vec<String>,
    /// Actions and texts of commands by which a job of CI changes or publishes the repository.
    pub upkeep_acts: Vec<String>,
}

impl VariableRules {
    pub(super) fn absorb(&mut self, part: Self) {
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
        self.host_endings.extend(part.host_endings);
        self.connection_parts.extend(part.connection_parts);
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
        self.port_names.extend(part.port_names);
        self.debug_words.extend(part.debug_words);
        self.mode_names.extend(part.mode_names);
        self.counterparts.extend(part.counterparts);
        self.deployed.extend(part.deployed);
    }
}

impl FileRules {
    pub(super) fn absorb(&mut self, part: Self) {
        self.skipped_folders.extend(part.skipped_folders);
        self.aside_folders.extend(part.aside_folders);
        self.tool_folders.extend(part.tool_folders);
        self.device_files.extend(part.device_files);
        self.device_packages.extend(part.device_packages);
        self.process_managers.extend(part.process_managers);
        self.application_folders.extend(part.application_folders);
        self.library_folders.extend(part.library_folders);
        self.page_server_images.extend(part.page_server_images);
        self.backing_images.extend(part.backing_images);
        self.test_endings.extend(part.test_endings);
        self.development_words.extend(part.development_words);
        self.development_servers.extend(part.development_servers);
        self.worker_words.extend(part.worker_words);
        self.cron_words.extend(part.cron_words);
        self.release_words.extend(part.release_words);
        self.health_segments.extend(part.health_segments);
        self.weak_health_segments.extend(part.weak_health_segments);
        self.build_files.extend(part.build_files);
        self.live_segments.extend(part.live_segments);
        self.live_marks.extend(part.live_marks);
        for (ecosystem, names) in part.data_packages {
            self.data_packages.entry(ecosystem).or_default().extend(names);
        }
        self.example_env_files.extend(part.example_env_files);
        self.architecture_documents.extend(part.architecture_documents);
        self.constructors.extend(part.constructors);
        self.backing_programs.extend(part.backing_programs);
        self.orm_texts.extend(part.orm_texts);
        self.orm_files.extend(part.orm_files);
        self.deployment_scripts.extend(part.deployment_scripts);
        self.server_words.extend(part.server_words);
        self.tool_words.extend(part.tool_words);
        self.development_processes.extend(part.development_processes);
        self.cron_commands.extend(part.cron_commands);
        self.clock_commands.extend(part.clock_commands);
        self.worker_commands.extend(part.worker_commands);
        self.server_commands.extend(part.server_commands);
        self.worker_scripts.extend(part.worker_scripts);
        self.migration_scripts.extend(part.migration_scripts);
        self.generic_names.extend(part.generic_names);
        self.back_end_files.extend(part.back_end_files);
        self.back_end_packages.extend(part.back_end_packages);
        self.development_programs.extend(part.development_programs);
        self.entry_names.extend(part.entry_names);
        self.client_packages.extend(part.client_packages);
        self.documentation_scripts.extend(part.documentation_scripts);
        self.function_folders.extend(part.function_folders);
        self.documentation_folders.extend(part.documentation_folders);
        self.storage_words.extend(part.storage_words);
        self.load_tests.extend(part.load_tests);
        self.port_keys.extend(part.port_keys);
        self.image_ports.extend(part.image_ports);
        self.image_accounts.extend(part.image_accounts);
        self.fast_cgi_words.extend(part.fast_cgi_words);
        self.browser_folders.extend(part.browser_folders);
        self.server_folders.extend(part.server_folders);
        self.command_folders.extend(part.command_folders);
        self.run_wrappers.extend(part.run_wrappers);
        self.script_runners.extend(part.script_runners);
        self.task_files.extend(part.task_files);
        self.upkeep_words.extend(part.upkeep_words);
        self.upkeep_acts.extend(part.upkeep_acts);
    }
}
