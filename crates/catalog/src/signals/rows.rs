//! The rows of the signal tables: what one `[[…]]` of `data/signals/*.toml` holds.

use std::collections::BTreeMap;

use serde::Deserialize;

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
    /// Dart and Flutter packages.
    Pub,
    /// Swift packages by the last part of their address.
    Swift,
    /// Crystal shards.
    Shards,
    /// Haskell packages.
    Hackage,
    /// Zig packages by the name under which a build knows them.
    Zig,
    /// Nim packages.
    Nimble,
    /// OCaml packages.
    Opam,
    /// D packages.
    Dub,
    /// Modules of V.
    Vpm,
    /// C and C++ libraries under the name that Conan, vcpkg or CMake gives them, in lower case.
    C,
    /// Lua rocks.
    Rocks,
    /// Perl distributions.
    Cpan,
    /// R packages.
    Cran,
    /// Julia packages.
    Julia,
}

/// Dependency names by ecosystem; a name may end in `*`.
pub type Packages = BTreeMap<Ecosystem, Vec<String>>;

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
    /// The package manager whose projects go by this name, whatever their files are written in.
    #[serde(default)]
    pub package_manager: Option<String>,
    /// Whether it only describes or glues, so that it leads only where there is no other.
    #[serde(default)]
    pub auxiliary: bool,
    /// Texts by which a source shows that it serves HTTP, where no reader knows more of the language.
    #[serde(default)]
    pub serves: Vec<String>,
    /// How a program of a few files without any manifest is built and run.
    #[serde(default)]
    pub bare: Option<UsualCommands>,
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
    /// The program that its images run when a container build names none.
    #[serde(default)]
    pub entrypoint: Option<String>,
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
    /// Keys of its configuration files whose value is the port of its development server.
    #[serde(default)]
    pub port_keys: Vec<String>,
    /// Constructors whose result is the application object (`FastAPI`).
    #[serde(default)]
    pub constructors: Vec<String>,
    /// Modules that a source file imports to use it (`flask`).
    #[serde(default)]
    pub imports: Vec<String>,
    /// How a server calls its application object: the `interface` of rows of the server table.
    #[serde(default)]
    pub interface: Option<String>,
    /// Name of the object that a server calls, where it is not the application object itself.
    #[serde(default)]
    pub served_object: Option<String>,
    /// Files that hold the application object by convention, by interface (`wsgi.py`).
    #[serde(default)]
    pub server_modules: BTreeMap<String, String>,
    /// The line that serves a project without any of these files; `{settings}` is the module of its settings.
    #[serde(default)]
    pub start_by_settings: Option<String>,
    /// What makes it speak the interface `asgi` instead of its own.
    #[serde(default)]
    pub asgi_when: Option<Condition>,
    /// Path patterns of the files that its applications begin with, the most telling first.
    #[serde(default)]
    pub entries: Vec<String>,
    /// Command that builds, when the manifest has no script for it.
    #[serde(default)]
    pub build: Option<String>,
    /// Command that starts in production; `{port}`, `{file}`, `{module}`, `{object}` and `{name}` are filled in.
    #[serde(default)]
    pub start: Option<String>,
    /// What the start command needs, where it does not come with the framework itself.
    #[serde(default)]
    pub start_when: Option<Condition>,
    /// Command that tests once, when nothing else says how.
    #[serde(default)]
    pub test: Option<String>,
    /// Folder that a static build fills.
    #[serde(default)]
    pub static_output: Option<String>,
    /// What makes a server framework's build static.
    #[serde(default)]
    pub static_when: Option<Condition>,
    /// Files that answer requests, so that a build which looks static is a server all the same (path patterns).
    #[serde(default)]
    pub server_files: Vec<String>,
    /// What makes a static framework a server.
    #[serde(default)]
    pub server_when: Option<Condition>,
    /// What makes a framework of pages an interface without pages.
    #[serde(default)]
    pub api_when: Option<Condition>,
    /// What shows that a component that uses it is a program of its own, where using it alone does not.
    #[serde(default)]
    pub started_when: Option<Condition>,
    /// What shows that such a program answers requests; without it, it is a worker.
    #[serde(default)]
    pub serves_when: Option<Condition>,
    /// Dependencies that do not mean it and yet carry its version: what its versions are managed by.
    #[serde(default)]
    pub versions: Packages,
    /// Variables that the framework itself reads, with the file whose presence shows it.
    #[serde(default)]
    pub variables: Vec<ImpliedVariable>,
    /// What means it besides packages and files: a text in a file whose name others use too.
    #[serde(default)]
    pub found_when: Option<Condition>,
    /// Command that builds where the build is static, if another than `build`.
    #[serde(default)]
    pub static_build: Option<String>,
    /// Pages of which one must be there for it to make a site: Flutter makes applications for telephones too.
    #[serde(default)]
    pub own_pages: Vec<String>,
    /// Whether whatever uses it is a site, not a library.
    #[serde(default)]
    pub makes_sites: bool,
    /// Whether it only bundles: what it makes may be a library, so that its configuration alone is no sign of a site, and it is named
    /// after the library of views that it bundles for.
    #[serde(default)]
    pub bundles: bool,
    /// Executors of a task runner's project file that mean it; a name may end in `*`.
    #[serde(default)]
    pub executors: Vec<String>,
    /// The program that a build leaves, by package manager, where it is not the package manager's usual place.
    #[serde(default)]
    pub programs: BTreeMap<String, String>,
    /// Files that come with the framework's skeleton: what they read with nothing behind it is an offer, not a demand.
    #[serde(default)]
    pub skeleton: Vec<String>,
    /// A health endpoint that the framework itself serves, with what switches it on.
    #[serde(default)]
    pub health: Option<HealthIdiom>,
}

/// A program that serves an application object over HTTP.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerProgram {
    /// Lower-case name.
    pub id: String,
    /// How it calls the application object; frameworks name the one that theirs has.
    pub interface: String,
    /// Dependencies that install it.
    pub packages: Packages,
    /// The port that it opens unless it is told another.
    #[serde(default)]
    pub port: Option<u16>,
    /// Its command line; `{module}`, `{object}` and `{port}` are filled in.
    pub start: String,
    /// The same for a function that makes the object.
    pub factory: String,
    /// What is added where modules are not found from the working directory but from `{directory}`.
    #[serde(default)]
    pub directory: Option<String>,
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
    /// Any of these texts in a script of the manifest that builds.
    pub scripts: Vec<String>,
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
    /// Keys of the configuration whose value stands for all of the path but its last part.
    #[serde(default)]
    pub base_keys: Vec<String>,
    /// Keys whose value stands before the path.
    #[serde(default)]
    pub context_keys: Vec<String>,
    /// Keys whose value lists what is shown; where it names others alone, the check is not answered.
    #[serde(default)]
    pub shown_keys: Vec<String>,
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
    /// Packages that do nothing at all without it.
    #[serde(default)]
    pub needing: Packages,
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
#[expect(clippy::struct_excessive_bools, reason = "columns of a table of signals")]
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
    /// Whether its packages are for nothing else, so that one of them alone names it.
    #[serde(default)]
    pub only_migrates: bool,
    /// Whether an application that links it in runs the migrations itself when it starts.
    #[serde(default)]
    pub linked: bool,
    /// Texts in sources by which an application runs the migrations itself when it starts.
    #[serde(default)]
    pub calls: Vec<String>,
    /// Whether its command is a program of its own, which no dependency of the application brings.
    #[serde(default)]
    pub apart: bool,
    /// How a migration is undone.
    pub way_back: WayBack,
    /// Command that applies all that are pending.
    pub command: String,
    /// Its command where a package calls the tool on its own terms.
    #[serde(default)]
    pub wrappers: Vec<MigrationWrapper>,
}

/// A package that brings a migration tool with a command of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MigrationWrapper {
    /// The package.
    pub packages: Packages,
    /// Its command that applies all migrations that are pending.
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
    /// Texts in the first file of a program that mean it, where there is no manifest.
    #[serde(default)]
    pub marks: Vec<String>,
    /// Tests once, where no script and no tool among the dependencies does …
    #[serde(default)]
    pub test: Option<String>,
    /// … and one of these files is there (path patterns).
    #[serde(default)]
    pub test_files: Vec<String>,
    /// Installs exactly what the lock file says.
    pub install_locked: String,
    /// Installs without a lock file.
    pub install: String,
    /// Installs for checks, where the two above leave out what only checks need.
    #[serde(default)]
    pub install_tests: Option<String>,
    /// Programs that checks call and no lock file brings, each with the line that fetches and runs it.
    #[serde(default)]
    pub fetched: BTreeMap<String, String>,
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
    /// What it makes of a component without further knowledge of the language.
    #[serde(default)]
    pub usual: UsualCommands,
}

/// Commands that are the same for every project of a package manager or language. `{program}` is the program's name, `{file}` the
/// source file that begins it, `{name}` the package's; a line of which one is not known is left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UsualCommands {
    /// Builds for production.
    pub build: Option<String>,
    /// A file without which nothing is built.
    pub build_file: Option<String>,
    /// Starts what was built.
    pub start: Option<String>,
    /// Runs the tests once …
    pub test: Option<String>,
    /// … if any of these path patterns, relative to the component, is met.
    pub test_files: Vec<String>,
    /// Files that begin a program, as path patterns relative to the component, the most telling first.
    pub entries: Vec<String>,
}

/// A tool that runs the scripts of a workspace's members.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskRunner {
    /// Lower-case name.
    pub id: String,
    /// Its file at the workspace's root.
    pub files: Vec<String>,
    /// The tasks that it always has; where it names none here or in its file, every script of a member is one.
    #[serde(default)]
    pub tasks: Vec<String>,
    /// Keys of that file below which the tasks stand.
    #[serde(default)]
    pub task_keys: Vec<String>,
    /// Keys whose value names the project that is meant when none is named.
    #[serde(default)]
    pub default_keys: Vec<String>,
    /// Runs a task of all members: `{script}`.
    pub run: String,
    /// Whether `run` is a program of the dependencies, called through the package manager.
    #[serde(default = "yes")]
    pub installed: bool,
    /// Installs the whole workspace, where it is not the package manager's own business.
    #[serde(default)]
    pub install: Option<String>,
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
