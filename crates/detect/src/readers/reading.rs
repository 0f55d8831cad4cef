//! A path → whether it is worth opening and as what; its text → [`FileFacts`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use regex::Regex;
use siteplan_catalog::signals::{Condition, Framework, Signals};

use super::routes::Segments;
use super::{
    FileFacts, Record, Sighting, app_config, architecture, cargo_toml, ci, clojure, compose, composer,
    dockerfile, dotnet, gemfile, go_mod, gradle, locked, maven, migration, native, nx_project,
    other_manifests, package_json, python, sbt, schedules, small_files, source, structured, supervisor,
    test_access, workloads,
};
use crate::glob::{self, Patterns};
use crate::text::{line_at, line_text};
use crate::tree::{folder, has_ending, is_aside, name};

/// No more sightings are kept of one text in one file.
const MOST_SIGHTINGS: usize = 3;

/// What a file is to be read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    PackageJson,
    DenoJson,
    NxProject,
    TypeScript,
    Pyproject,
    Requirements,
    Pipfile,
    Pixi,
    SetupPy,
    Conda,
    GoMod,
    CargoToml,
    Gemfile,
    GemfileLock,
    Pom,
    Gradle,
    Sbt,
    Mill,
    Leiningen,
    ClojureDeps,
    VersionCatalog,
    Composer,
    Mix,
    Dotnet,
    Native,
    Dockerfile,
    Compose,
    Procfile,
    ProcessManager,
    Pins,
    Example,
    Prisma,
    Ci,
    AppConfig,
    Architecture,
    Crontab,
    Document,
    /// Only looked through for texts of the signal tables.
    Text,
    Source,
}

/// What the patterns of the tables say of a path besides its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Meaning {
    /// A file of a CI system.
    Ci,
    /// A structured file whose keys a table names.
    Document,
    /// A script that starts the application.
    Entrypoint,
    /// Settings of a process manager.
    ProcessManager,
    /// A migration.
    Migration,
    /// A file in which texts are looked for, by the number of their pattern.
    Probe(usize),
}

/// Texts that are looked for together; the pattern is made when the first file asks for it.
#[derive(Debug)]
struct Texts<'s> {
    texts: BTreeSet<&'s str>,
    pattern: OnceLock<Option<Regex>>,
}

impl<'s> Texts<'s> {
    fn new(texts: impl Iterator<Item = &'s String>) -> Self {
        Self { texts: texts.map(String::as_str).collect(), pattern: OnceLock::new() }
    }

    /// A pattern of all texts, the longest first: of two that begin alike, the longer says more.
    fn pattern(&self) -> Option<&Regex> {
        let make = || {
            let mut texts: Vec<&str> = self.texts.iter().copied().filter(|text| !text.is_empty()).collect();
            texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
            let escaped: Vec<String> = texts.into_iter().map(regex::escape).collect();
            if escaped.is_empty() { None } else { Regex::new(&escaped.join("|")).ok() }
        };
        self.pattern.get_or_init(make).as_ref()
    }

    /// Whether a text holds one of them.
    fn any(&self, text: &str) -> bool {
        self.pattern().is_some_and(|pattern| pattern.is_match(text))
    }
}

/// The signal tables, prepared for reading.
pub(crate) struct Reading<'s> {
    signals: &'s Signals,
    language_by_ending: BTreeMap<&'s str, &'s str>,
    texts_by_language: BTreeMap<&'s str, Texts<'s>>,
    /// Texts by which a source shows that it serves HTTP.
    serving: BTreeMap<&'s str, Texts<'s>>,
    /// Patterns of texts that are looked for in files of some names.
    probes: Vec<Texts<'s>>,
    meanings: Patterns<'s, Meaning>,
    /// Names of engines in settings and addresses.
    engines: BTreeSet<&'s str>,
    /// Constructors of application objects.
    constructors: Texts<'s>,
    /// Modules whose import means a framework.
    modules: BTreeSet<&'s str>,
    health_segments: Vec<String>,
    /// Their beginnings as a route in code has them.
    health_words: OnceLock<Option<Regex>>,
}

/// What a file is to be read as, with what its path says besides.
pub(crate) struct Asked {
    wanted: Wanted,
    meanings: Vec<Meaning>,
    /// Whether it lies beside the application.
    aside: bool,
}

impl Asked {
    /// Whether the limits for sources apply.
    pub(crate) fn is_source(&self) -> bool {
        self.wanted == Wanted::Source
    }
}

impl<'s> Reading<'s> {
    /// Prepares the tables.
    pub(crate) fn new(signals: &'s Signals) -> Self {
        let mut language_by_ending = BTreeMap::new();
        for language in &signals.languages {
            for ending in &language.extensions {
                language_by_ending.insert(ending.as_str(), language.id.as_str());
            }
        }
        let mut health_segments = signals.files.health_segments.clone();
        health_segments.extend(signals.files.weak_health_segments.iter().cloned());
        let (probes, meanings) = meanings(signals);
        Self {
            language_by_ending,
            texts_by_language: texts_by_language(signals),
            serving: signals
                .languages
                .iter()
                .map(|row| (row.id.as_str(), Texts::new(row.serves.iter())))
                .collect(),
            probes,
            meanings,
            engines: engines(signals),
            constructors: Texts::new(
                signals
                    .frameworks
                    .iter()
                    .flat_map(|row| &row.constructors)
                    .chain(&signals.files.constructors),
            ),
            modules: signals.frameworks.iter().flat_map(|row| &row.imports).map(String::as_str).collect(),
            health_segments,
            health_words: OnceLock::new(),
            signals,
        }
    }

    /// What a file is to be read as, if at all. A real `.env` is never read.
    pub(crate) fn asked(&self, path: &str) -> Option<Asked> {
        let meanings = self.meanings.of(path);
        let wanted = self.wanted(path, &meanings)?;
        let aside = is_aside(&self.signals.files, path);
        // Beside the application, a source file says nothing unless a table asks for it.
        let silent = aside
            && wanted == Wanted::Source
            && !meanings.iter().any(|meaning| matches!(meaning, Meaning::Probe(_) | Meaning::Migration))
            && !test_access::is_one(path);
        (!silent).then_some(Asked { wanted, meanings, aside })
    }

    fn wanted(&self, path: &str, meanings: &[Meaning]) -> Option<Wanted> {
        let file = name(path);
        let lower = file.to_ascii_lowercase();
        if self.signals.files.example_env_files.contains(&lower) {
            return Some(Wanted::Example);
        }
        // Of the tests' own values, which are in the repository, only how they sign in to a database is taken.
        if test_access::is_one(path) && !has_ending(&lower, &["exs"]) {
            return Some(Wanted::Text);
        }
        if lower == ".env" || lower.starts_with(".env.") || has_ending(&lower, &["env"]) {
            return None;
        }
        if let Some(wanted) = by_name(file, &lower, path) {
            return Some(wanted);
        }
        let means = |meaning: Meaning| meanings.contains(&meaning);
        if means(Meaning::Ci) && has_ending(&lower, &["yml", "yaml"]) {
            return Some(Wanted::Ci);
        }
        if means(Meaning::ProcessManager) {
            return Some(Wanted::ProcessManager);
        }
        if means(Meaning::Document) {
            return Some(Wanted::Document);
        }
        if file == "02_ARCHITECTURE.md" {
            return Some(Wanted::Architecture);
        }
        let language = lower.rsplit_once('.').and_then(|(_, ending)| self.language_by_ending.get(ending));
        let code = language.is_some() && !lower.ends_with(".min.js") && !lower.ends_with(".d.ts");
        let script = (means(Meaning::Entrypoint) || path.ends_with("bin/www")) && !file.contains('.');
        let probed = meanings.iter().any(|meaning| matches!(meaning, Meaning::Probe(_)));
        if code || script {
            return Some(Wanted::Source);
        }
        let migrates = means(Meaning::Migration) && has_ending(&lower, &["sql"]);
        (probed || migrates).then_some(Wanted::Text)
    }

    /// Reads a file's text.
    pub(crate) fn read(&self, asked: &Asked, path: &str, text: &str) -> Result<FileFacts, String> {
        let Asked { wanted, ref meanings, aside } = *asked;
        let mut facts =
            FileFacts { record: self.record(wanted, path, text)?.map(Box::new), ..FileFacts::default() };
        for meaning in meanings {
            if let Meaning::Probe(number) = meaning {
                sight(self.probes[*number].pattern(), text, &mut facts.sightings);
            }
        }
        if matches!(wanted, Wanted::Source | Wanted::Text) && test_access::is_one(path) {
            facts.test_access = test_access::read(path, text);
        }
        if wanted == Wanted::Source {
            let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
            let known = self.language_by_ending.get(ending.as_str()).copied();
            let script =
                text.lines().next().is_some_and(|line| line.starts_with("#!") && line.contains("sh"));
            let node = path.ends_with("bin/www").then_some("javascript");
            let language = known.or_else(|| script.then_some("shell")).or(node).unwrap_or_default();
            if aside {
                // Its size counts for nothing and its reads are the tests' own.
            } else {
                let sought = source::Sought {
                    health_segments: Segments {
                        all: &self.health_segments,
                        words: self.health_words.get_or_init(|| beginnings(&self.health_segments)).as_ref(),
                    },
                    engines: &self.engines,
                    objects: language == "python" && self.constructors.any(text),
                    serves: self.serving.get(language).and_then(Texts::pattern),
                    modules: &self.modules,
                    imports: matches!(language, "javascript" | "typescript") && self.begins_program(path),
                };
                let mut source = source::read(language, path, text, sought);
                if sought.imports {
                    source.runs_on = self.marked(text);
                }
                let rules = &self.signals.files;
                source.sets_orm_up = !source.providers.is_empty()
                    && (rules.orm_texts.iter().any(|setup| text.contains(setup.as_str()))
                        || glob::any(&rules.orm_files, path));
                facts.source = Some(source);
                if let Some(texts) = self.texts_by_language.get(language) {
                    sight(texts.pattern(), text, &mut facts.sightings);
                }
            }
        }
        if wanted == Wanted::Text && !aside {
            facts.cron_jobs = schedules::read_cron_jobs(text);
            facts.workloads = workloads::read(text);
        }
        if matches!(wanted, Wanted::Source | Wanted::Text) && meanings.contains(&Meaning::Migration) {
            facts.no_way_back = migration::read(path, text);
        }
        Ok(facts)
    }

    /// Whether a program usually begins in a file of that name.
    fn begins_program(&self, path: &str) -> bool {
        let file = name(path);
        let stem = file.split('.').next().unwrap_or(file);
        self.signals.files.entry_names.iter().any(|entry| entry == stem)
    }

    /// The package manager that a program without manifest speaks of, with the line.
    fn marked(&self, text: &str) -> Option<(String, u32)> {
        let rows = self.signals.package_managers.iter();
        rows.flat_map(|row| row.marks.iter().map(move |mark| (row, mark)))
            .find_map(|(row, mark)| Some((row.id.clone(), line_at(text, text.find(mark.as_str())?))))
    }

    fn record(&self, wanted: Wanted, path: &str, text: &str) -> Result<Option<Record>, String> {
        Ok(Some(match wanted {
            Wanted::PackageJson => Record::Manifest(package_json::read(text)?),
            Wanted::DenoJson => Record::Manifest(package_json::read_deno(text)?),
            Wanted::NxProject => match nx_project::read(path, text)? {
                Some(manifest) => Record::Manifest(manifest),
                None => return Ok(None),
            },
            Wanted::TypeScript => Record::TypeScript(small_files::read_typescript(text)?),
            Wanted::Pyproject => Record::Manifest(python::read_pyproject(text)?),
            Wanted::Requirements => Record::Manifest(python::read_requirements(path, text)),
            Wanted::Pipfile => Record::Manifest(python::read_pipfile(text)?),
            Wanted::Pixi => Record::Manifest(python::read_pixi(text)?),
            Wanted::SetupPy => Record::Manifest(python::read_setup(text)),
            Wanted::Conda => Record::Manifest(python::read_conda(text)?),
            Wanted::GoMod => Record::Manifest(go_mod::read(text)),
            Wanted::CargoToml => Record::Manifest(cargo_toml::read(text)?),
            Wanted::Gemfile => Record::Manifest(gemfile::read(text)),
            Wanted::GemfileLock => Record::Locked(locked::read_gems(text)),
            Wanted::Pom => Record::Manifest(maven::read(text)?),
            Wanted::Gradle => Record::Manifest(gradle::read(text)),
            Wanted::Sbt => Record::Manifest(sbt::read(text)),
            Wanted::Mill => Record::Manifest(sbt::read_mill(text)),
            Wanted::Leiningen => Record::Manifest(clojure::read_project(text)),
            Wanted::ClojureDeps => Record::Manifest(clojure::read_deps(text)),
            Wanted::VersionCatalog => Record::Manifest(gradle::read_catalog(text)?),
            Wanted::Composer => Record::Manifest(composer::read(text)?),
            Wanted::Mix => Record::Manifest(other_manifests::read_mix(text)),
            Wanted::Dotnet => Record::Manifest(dotnet::read(path, text)),
            Wanted::Native => Record::Manifest(native::read(path, text)?),
            Wanted::Dockerfile => Record::Dockerfile(dockerfile::read(text)),
            Wanted::Compose => Record::Compose(compose::read(text)?),
            Wanted::ProcessManager => Record::Managed(supervisor::read(text)),
            Wanted::Procfile => Record::Procfile(small_files::read_procfile(text)),
            Wanted::Pins => Record::Pins(small_files::read_pins(name(path), text)?),
            Wanted::Example => Record::Example(small_files::read_env_example(text)),
            Wanted::Prisma => Record::Prisma(small_files::read_prisma(text)),
            Wanted::Ci => Record::Ci(ci::read(text)?),
            Wanted::AppConfig => Record::AppConfig(app_config::read(path, text)),
            Wanted::Architecture => Record::Architecture(architecture::read(text, self.signals)),
            Wanted::Crontab => Record::Crontab(schedules::read_crontab(path, text)),
            Wanted::Document => Record::Document(document(path, text)?),
            Wanted::Text | Wanted::Source => return Ok(None),
        }))
    }
}

/// A pattern of the beginnings of routes' last segments. Of two words that begin alike, the shorter finds both.
fn beginnings(segments: &[String]) -> Option<Regex> {
    let shortest = segments
        .iter()
        .filter(|one| !segments.iter().any(|other| other != *one && one.starts_with(other.as_str())));
    let texts: Vec<String> = shortest
        .flat_map(|segment| Segments::BEFORE.map(|before| regex::escape(&format!("{before}{segment}"))))
        .collect();
    Regex::new(&texts.join("|")).ok().filter(|_| !texts.is_empty())
}

fn by_name(file: &str, lower: &str, path: &str) -> Option<Wanted> {
    let below_requirements = name(folder(path)) == "requirements" && has_ending(lower, &["txt"]);
    Some(match file {
        "package.json" => Wanted::PackageJson,
        "deno.json" | "deno.jsonc" | "import_map.json" => Wanted::DenoJson,
        "tsconfig.json" => Wanted::TypeScript,
        "project.json" => Wanted::NxProject,
        "pnpm-workspace.yaml" | "angular.json" => Wanted::Document,
        "pyproject.toml" => Wanted::Pyproject,
        "Pipfile" => Wanted::Pipfile,
        "setup.py" | "setup.cfg" => Wanted::SetupPy,
        "environment.yml" | "environment.yaml" => Wanted::Conda,
        "go.mod" => Wanted::GoMod,
        "Cargo.toml" => Wanted::CargoToml,
        "Gemfile" | "gems.rb" => Wanted::Gemfile,
        "Gemfile.lock" | "gems.locked" => Wanted::GemfileLock,
        "pixi.toml" => Wanted::Pixi,
        "pom.xml" => Wanted::Pom,
        "build.sbt" | "plugins.sbt" => Wanted::Sbt,
        "build.mill" | "build.sc" => Wanted::Mill,
        "project.clj" => Wanted::Leiningen,
        "deps.edn" => Wanted::ClojureDeps,
        _ if has_ending(lower, &["gradle"]) || lower.ends_with(".gradle.kts") => Wanted::Gradle,
        "libs.versions.toml" => Wanted::VersionCatalog,
        "composer.json" => Wanted::Composer,
        "mix.exs" => Wanted::Mix,
        "Procfile" => Wanted::Procfile,
        ".nvmrc"
        | ".node-version"
        | ".python-version"
        | ".ruby-version"
        | ".go-version"
        | ".java-version"
        | ".jdk-version"
        | ".bun-version"
        | ".deno-version"
        | ".dvmrc"
        | ".php-version"
        | ".swift-version"
        | ".crystal-version"
        | ".zigversion"
        | ".zig-version"
        | ".perl-version"
        | ".exenv-version"
        | ".elixir-version"
        | ".lua-version"
        | ".sdkmanrc"
        | "elixir_buildpack.config"
        | ".tool-versions"
        | "rust-toolchain"
        | "rust-toolchain.toml"
        | "runtime.txt"
        | "system.properties"
        | "global.json"
        | "mise.toml"
        | ".mise.toml" => Wanted::Pins,
        _ if lower == "requirements.txt" || below_requirements => Wanted::Requirements,
        _ if lower.starts_with("requirements") && has_ending(lower, &["txt", "in"]) => Wanted::Requirements,
        _ if has_ending(lower, &["csproj", "fsproj", "vbproj"]) || dotnet::is_shared(file) => Wanted::Dotnet,
        _ if native::is_manifest(file) => Wanted::Native,
        _ if has_ending(lower, &["prisma"]) => Wanted::Prisma,
        _ if is_crontab(lower, path) => Wanted::Crontab,
        _ if is_dockerfile(lower) => Wanted::Dockerfile,
        _ if is_compose(lower) => Wanted::Compose,
        _ if app_config::is_one(lower, path) => Wanted::AppConfig,
        _ if has_ending(lower, &["yml", "yaml"])
            && path.split('/').any(|part| part == "config" || part == "configuration") =>
        {
            Wanted::AppConfig
        }
        _ => return None,
    })
}

/// Whether a file is a container build (`Dockerfile`, `Dockerfile.dev`, `web.Dockerfile`, `Containerfile`).
pub(crate) fn is_dockerfile(lower: &str) -> bool {
    let named = ["dockerfile", "containerfile"].iter().any(|stem| {
        lower.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
            || lower.strip_suffix(stem).is_some_and(|rest| rest.ends_with('.'))
    });
    named && !has_ending(lower, &["dockerignore", "md", "j2", "tmpl", "template", "sh"])
}

/// Whether a file is a crontab.
fn is_crontab(lower: &str, path: &str) -> bool {
    lower == "crontab"
        || has_ending(lower, &["crontab", "cron"])
        || matches!(name(folder(path)), "cron.d" | "crontabs")
}

/// Whether a file is a compose file.
pub(crate) fn is_compose(lower: &str) -> bool {
    (lower.starts_with("docker-compose")
        || lower.starts_with("compose.")
        || lower.starts_with("compose-")
        || lower.starts_with("docker-stack"))
        && has_ending(lower, &["yml", "yaml"])
}

fn document(path: &str, text: &str) -> Result<serde_json::Value, String> {
    match path.rsplit('.').next() {
        Some("toml") => structured::toml(text),
        Some("json" | "jsonc") => structured::jsonc(text),
        _ => structured::yaml(text),
    }
}

/// All texts that any table looks for in the sources of each language.
fn texts_by_language(signals: &Signals) -> BTreeMap<&str, Texts<'_>> {
    let of_language = |language: &str| {
        let speaks =
            |languages: &[String]| languages.is_empty() || languages.iter().any(|one| one == language);
        let needs = signals.needs.iter().filter(|row| row.files.is_empty() && speaks(&row.languages));
        let needs = needs.flat_map(|row| &row.contains);
        // What shapes a framework stands in the sources of its own ecosystem.
        let ecosystem = signals.language(language).and_then(|row| row.ecosystem);
        let frameworks = signals.frameworks.iter().filter(|row| {
            row.packages.is_empty() || ecosystem.is_none_or(|one| row.packages.contains_key(&one))
        });
        let conditions = frameworks.flat_map(conditions_of).filter(|condition| condition.files.is_empty());
        let calls = signals.migrations.iter().flat_map(|tool| &tool.calls);
        let named = signals.caches.iter().flat_map(|cache| &cache.variables);
        Texts::new(
            needs.chain(calls).chain(named).chain(conditions.flat_map(|condition| &condition.contains)),
        )
    };
    signals.languages.iter().map(|row| (row.id.as_str(), of_language(&row.id))).collect()
}

/// All patterns of the tables with what they mean, and the texts that are looked for in files of given names.
fn meanings(signals: &Signals) -> (Vec<Texts<'_>>, Patterns<'_, Meaning>) {
    let documents = signals.platforms.iter().filter(|row| {
        let keys = [&row.health_keys, &row.port_keys, &row.memory_keys, &row.start_keys, &row.schedule_keys]
            .into_iter()
            .chain([&row.plan_keys, &row.most_instances_keys]);
        row.gives_versions || keys.into_iter().any(|keys| !keys.is_empty())
    });
    let mut all: Vec<(&str, Meaning)> = Vec::new();
    for row in &signals.ci {
        all.extend(row.files.iter().map(|pattern| (pattern.as_str(), Meaning::Ci)));
    }
    for row in documents {
        all.extend(row.files.iter().map(|pattern| (pattern.as_str(), Meaning::Document)));
    }
    for row in &signals.statements {
        all.extend(row.files.iter().map(|pattern| (pattern.as_str(), Meaning::Document)));
    }
    let runners = signals.task_runners.iter().filter(|row| row.task_keys.len() + row.default_keys.len() > 0);
    for row in runners {
        all.extend(row.files.iter().map(|pattern| (pattern.as_str(), Meaning::Document)));
    }
    let managers = &signals.files.process_managers;
    all.extend(managers.iter().map(|pattern| (pattern.as_str(), Meaning::ProcessManager)));
    for tool in &signals.migrations {
        all.extend(tool.migrations.iter().map(|pattern| (pattern.as_str(), Meaning::Migration)));
    }
    all.extend(signals.variables.entrypoints.iter().map(|pattern| (pattern.as_str(), Meaning::Entrypoint)));
    let markers = signals.platforms.iter().chain(&signals.infrastructure).chain(&signals.ci);
    let of_markers = markers.map(|row| (&row.files, &row.contains));
    let of_conditions = conditions(signals).map(|condition| (&condition.files, &condition.contains));
    let of_needs = signals.needs.iter().map(|row| (&row.files, &row.contains));
    let mut probes: Vec<Texts<'_>> = Vec::new();
    for (files, texts) in of_markers.chain(of_conditions).chain(of_needs) {
        if !files.is_empty() && !texts.is_empty() {
            all.extend(files.iter().map(|file| (file.as_str(), Meaning::Probe(probes.len()))));
            probes.push(Texts::new(texts.iter()));
        }
    }
    (probes, Patterns::new(all))
}

/// All names under which settings and addresses know an engine.
fn engines(signals: &Signals) -> BTreeSet<&str> {
    let engines = signals.databases.iter().chain(&signals.caches);
    engines.flat_map(|engine| engine.providers.iter().chain(&engine.schemes)).map(String::as_str).collect()
}

fn conditions(signals: &Signals) -> impl Iterator<Item = &Condition> {
    signals.frameworks.iter().flat_map(conditions_of)
}

fn conditions_of(row: &Framework) -> impl Iterator<Item = &Condition> {
    let server = [&row.static_when, &row.server_when, &row.api_when, &row.asgi_when, &row.found_when];
    server.into_iter().chain([&row.started_when, &row.serves_when, &row.found_when]).flatten()
}

fn sight(pattern: Option<&Regex>, text: &str, into: &mut Vec<Sighting>) {
    let Some(pattern) = pattern else { return };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for found in pattern.find_iter(text) {
        let count = counts.entry(found.as_str()).or_default();
        *count += 1;
        if *count > MOST_SIGHTINGS {
            continue;
        }
        let line = line_text(text, found.start());
        let comment = ["//", "#", "*", "--"].iter().any(|mark| line.trim_start().starts_with(mark));
        if !comment || line.trim_start().starts_with("#[") {
            let line_number = line_at(text, found.start());
            into.push(Sighting { text: found.as_str().to_owned(), line: line_number, seen: line.to_owned() });
        }
    }
}
