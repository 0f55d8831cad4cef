//! Every reader with a text that it understands.

use std::sync::LazyLock;

use siteplan_catalog::signals::Signals;

use super::samples;
use crate::readers::{
    Reading, app_config, app_keys, architecture, blocks, cargo_toml, ci, clojure, compose, composer,
    dockerfile, dotnet, gemfile, go_mod, gradle, listening, locked, manifest, maven, memory, migration,
    native, nesting, nx_project, other_manifests, package_json, providers, python, routes, sbt, schedules,
    settings, shell, small_files, structured, supervisor, test_access, tickers, variables, viper, workloads,
};

/// One reader.
pub(super) struct Reader {
    /// Module and function; of several formats read by one function, the function of each.
    pub(super) name: &'static str,
    /// Reads a text and shows the record.
    pub(super) read: fn(&str) -> Result<String, String>,
    /// A text in its format.
    pub(super) sample: &'static str,
}

static SIGNALS: LazyLock<Signals> = LazyLock::new(|| Signals::builtin().expect("built-in signals"));
static READING: LazyLock<Reading<'static>> = LazyLock::new(|| Reading::new(&SIGNALS));

/// Reads a file as the walk does, by its path.
fn file(path: &str, text: &str) -> Result<String, String> {
    let asked = READING.asked(path).ok_or_else(|| format!("nobody asks for {path}"))?;
    READING.read(&asked, path, text).map(|facts| format!("{facts:?}"))
}

/// A reader that takes any text.
macro_rules! takes {
    ($name:literal, $sample:ident, $text:ident => $read:expr) => {
        Reader { name: $name, read: |$text| Ok(format!("{:?}", $read)), sample: samples::$sample }
    };
}

/// A reader that refuses what is broken.
macro_rules! may_refuse {
    ($name:literal, $sample:ident, $text:ident => $read:expr) => {
        Reader {
            name: $name,
            read: |$text| $read.map(|record| format!("{record:?}")),
            sample: samples::$sample,
        }
    };
}

/// A source file, through everything that looks at sources.
macro_rules! source {
    ($path:literal, $sample:ident) => {
        Reader { name: "source::read", read: |text| file($path, text), sample: samples::$sample }
    };
}

/// All readers.
pub(super) const READERS: &[Reader] = &[
    takes!("app_config::read", APP_CONFIG, text => app_config::read("src/main/resources/application-prod.yml", text)),
    takes!("app_keys::read", APP_CONFIG, text => [
        app_keys::read("application.properties", text), app_keys::read("application.conf", text), app_keys::read("a/config.edn", text),
    ]),
    takes!("app_keys::read", APP_JSON, text => app_keys::read("appsettings.Production.json", text)),
    takes!("architecture::read", ARCHITECTURE, text => architecture::read(text, &SIGNALS)),
    takes!("blocks", SCRIPT, text => {
        let at = text.find("process").unwrap_or(0);
        (blocks::stops(text), blocks::is_conditional(text, at), blocks::judged_later(text, at, text).is_some())
    }),
    may_refuse!("cargo_toml::read", CARGO, text => cargo_toml::read(text)),
    may_refuse!("ci::read", CI, text => ci::read(text)),
    takes!("clojure::read_project", PROJECT_CLJ, text => clojure::read_project(text)),
    takes!("clojure::read_deps", DEPS_EDN, text => clojure::read_deps(text)),
    may_refuse!("compose::read", COMPOSE, text => compose::read(text)),
    may_refuse!("composer::read", COMPOSER, text => composer::read(text)),
    takes!("dockerfile::read", DOCKERFILE, text => {
        let file = dockerfile::read(text);
        (file.start(), file.ports(), format!("{file:?}").len())
    }),
    takes!("dockerfile::read", DOCKERFILE, text => dockerfile::read(text)),
    takes!("dotnet::read", CSPROJ, text => dotnet::read("a/Shop.csproj", text)),
    takes!("gemfile::read", GEMFILE, text => gemfile::read(text)),
    takes!("go_mod::read", GO_MOD, text => go_mod::read(text)),
    takes!("gradle::read", GRADLE, text => gradle::read(text)),
    may_refuse!("gradle::read_catalog", CATALOG, text => gradle::read_catalog(text)),
    takes!("listening::read", SCRIPT, text => [listening::read("javascript", text), listening::read("java", text)]),
    takes!("locked::read_gems", GEMFILE_LOCK, text => locked::read_gems(text)),
    takes!("manifest", REQUIREMENTS, text => text.lines().map(manifest::python_requirement).collect::<Vec<_>>()),
    may_refuse!("maven::read", POM, text => maven::read(text)),
    takes!("memory", SHELL, text => (memory::heaps(text), memory::size(text))),
    takes!("migration::read", SQL, text => migration::read("db/1.sql", text)),
    takes!("migration::read", PYTHON, text => ["py", "exs", "rs"].map(|ending| migration::read(&format!("m/1.{ending}"), text))),
    takes!("migration::read", RUBY, text => ["rb", "js", "php"].map(|ending| migration::read(&format!("m/1.{ending}"), text))),
    may_refuse!("native::c::read_vcpkg", VCPKG, text => native::read("vcpkg.json", text)),
    may_refuse!("native::c::read_cmake", CMAKE, text => native::read("CMakeLists.txt", text)),
    may_refuse!("native::c::read_meson", MESON, text => native::read("meson.build", text)),
    may_refuse!("native::c::read_conan", CONAN, text => native::read("conanfile.py", text)),
    may_refuse!("native::functional::read_gleam", GLEAM, text => native::read("gleam.toml", text)),
    may_refuse!("native::functional::read_rebar", REBAR, text => native::read("rebar.config", text)),
    may_refuse!("native::functional::read_cabal", CABAL, text => native::read("shop.cabal", text)),
    may_refuse!("native::functional::read_dune", DUNE, text => native::read("bin/dune", text)),
    may_refuse!("native::functional::read_dune", DUNE, text => native::read("dune-project", text)),
    may_refuse!("native::functional::read_opam", OPAM, text => native::read("shop.opam", text)),
    may_refuse!("native::scripting::read_rockspec", ROCKSPEC, text => native::read("shop-1.rockspec", text)),
    may_refuse!("native::scripting::read_perl", PERL, text => native::read("cpanfile", text)),
    may_refuse!("native::scripting::read_renv", RENV, text => native::read("renv.lock", text)),
    may_refuse!("native::scripting::read_r", DESCRIPTION, text => native::read("DESCRIPTION", text)),
    may_refuse!("native::scripting::read_julia", JULIA, text => native::read("Project.toml", text)),
    may_refuse!("native::small::read_zig", ZIG, text => native::read("build.zig.zon", text)),
    may_refuse!("native::small::read_nimble", NIMBLE, text => native::read("shop.nimble", text)),
    may_refuse!("native::small::read_dub_json", DUB_JSON, text => native::read("dub.json", text)),
    may_refuse!("native::small::read_dub_sdl", DUB_SDL, text => native::read("dub.sdl", text)),
    may_refuse!("native::small::read_v", V, text => native::read("v.mod", text)),
    may_refuse!("native::swift::read", SWIFT, text => native::read("Package.swift", text)),
    may_refuse!("native::yaml::read_pubspec", PUBSPEC, text => native::read("pubspec.yaml", text)),
    may_refuse!("native::yaml::read_shard", SHARD, text => native::read("shard.yml", text)),
    may_refuse!("native::yaml::read_hpack", HPACK, text => native::read("package.yaml", text)),
    may_refuse!("native::yaml::read_stack", STACK, text => native::read("stack.yaml", text)),
    may_refuse!("native::read", V, text => native::read("v.mod", text)),
    takes!("nesting", GO, text => ["go", "rust", "elixir"].map(|one| nesting::prefix(one, text, text.find("/ready").unwrap_or(0)))),
    may_refuse!("nx_project::read", NX, text => nx_project::read("apps/api/project.json", text)),
    takes!("other_manifests::read_mix", MIX, text => other_manifests::read_mix(text)),
    may_refuse!("package_json::read", PACKAGE, text => package_json::read(text)),
    may_refuse!("package_json::read_deno", DENO, text => package_json::read_deno(text)),
    takes!("providers::read", PHP, text => providers::read(text, |_| true)),
    may_refuse!("python::read_pyproject", PYPROJECT, text => python::read_pyproject(text)),
    takes!("python::read_requirements", REQUIREMENTS, text => python::read_requirements("requirements/dev.txt", text)),
    may_refuse!("python::read_pipfile", PIPFILE, text => python::read_pipfile(text)),
    takes!("python::read_setup", SETUP, text => python::read_setup(text)),
    may_refuse!("python::read_pixi", PIXI, text => python::read_pixi(text)),
    may_refuse!("python::read_conda", CONDA, text => python::read_conda(text)),
    takes!("routes::read", GO, text => {
        let all = ["health".to_owned(), "ready".to_owned()];
        ["go", "ruby", "php", "csharp"].map(|one| routes::read(one, "a", text, routes::Segments { all: &all, words: None }))
    }),
    takes!("sbt::read", SBT, text => sbt::read(text)),
    takes!("sbt::read_mill", MILL, text => sbt::read_mill(text)),
    takes!("schedules::read_crontab", CRONTAB, text => [
        schedules::read_crontab("etc/cron.d/x", text), schedules::read_crontab("crontab", text),
    ]),
    takes!("schedules::read_cron_jobs", KUBERNETES, text => schedules::read_cron_jobs(text)),
    takes!("tickers::read", SCRIPT, text => {
        ["javascript", "go", "python", "rust", "csharp", "elixir", "ruby", "java"].map(|language| tickers::read(language, text))
    }),
    takes!("settings::read", PYTHON, text => settings::read(text)),
    takes!("shell::read", SHELL, text => shell::read(text)),
    takes!("small_files::read_procfile", PROCFILE, text => small_files::read_procfile(text)),
    may_refuse!("small_files::read_pins", PINS, text => small_files::read_pins(".tool-versions", text)),
    may_refuse!("small_files::read_pins", PINS, text => small_files::read_pins("mise.toml", text)),
    may_refuse!("small_files::read_pins", PINS, text => small_files::read_pins("global.json", text)),
    may_refuse!("small_files::read_pins", PINS, text => small_files::read_pins("system.properties", text)),
    may_refuse!("small_files::read_pins", PINS, text => small_files::read_pins(".nvmrc", text)),
    takes!("small_files::read_env_example", ENV, text => small_files::read_env_example(text)),
    may_refuse!("small_files::read_typescript", TSCONFIG, text => small_files::read_typescript(text)),
    takes!("small_files::read_prisma", PRISMA, text => small_files::read_prisma(text)),
    source!("src/server.js", SCRIPT),
    source!("src/index.tsx", SCRIPT),
    source!("src/main.py", PYTHON),
    source!("main.go", GO),
    source!("src/main.rs", RUST),
    source!("config/routes.rb", RUBY),
    source!("routes/web.php", PHP),
    source!("src/main/java/A.java", JVM),
    source!("src/main/kotlin/A.kt", JVM),
    source!("src/main/scala/A.scala", JVM),
    source!("Program.cs", CSHARP),
    source!("lib/router.ex", ELIXIR),
    source!("start.sh", SHELL),
    may_refuse!("structured", YAML, text => structured::yaml_documents(text)),
    may_refuse!("structured", TOML, text => structured::toml(text)),
    may_refuse!("structured", TSCONFIG, text => structured::jsonc(text)),
    may_refuse!("structured", PACKAGE, text => structured::json(text)),
    takes!("supervisor::read", SUPERVISOR, text => supervisor::read(text)),
    takes!("test_access::read", TEST_ACCESS, text => (
        test_access::read("config/test.exs", text),
        test_access::read("phpunit.xml", text),
        test_access::read(".env.test", text),
        test_access::address(text),
        test_access::keywords(text),
    )),
    takes!("variables::read", SCRIPT, text => variables::read("typescript", text)),
    takes!("viper::read", GO, text => viper::read(text)),
    takes!("workloads::read", KUBERNETES, text => workloads::read(text)),
];
