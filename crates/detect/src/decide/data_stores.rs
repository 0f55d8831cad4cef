//! Drivers, images, connection URLs, ORM providers → databases and caches, with versions and alternatives.

use std::collections::BTreeMap;

use siteplan_catalog::signals::{Engine, Signals};
use siteplan_model::fact::{Certainty, Evidence, Fact};
use siteplan_model::survey::{DatabaseFact, VersionedFact};

use super::containers::compose_files;
use crate::component::{Component, dependency_evidence};
use crate::evidence::{at, maybe_at};
use crate::readers::Record;
use crate::readers::compose::{image_parts, image_version};
use crate::readers::providers::Provider;
use crate::tree::Tree;

/// How strongly a place speaks for an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// A driver that several engines share, or a variable's name.
    Hint,
    /// A driver in the production dependencies.
    Driver,
    /// A compose service for development.
    DevelopmentImage,
    /// A compose service, a provider: chosen by the repository.
    Chosen,
    /// Said to be the one of production: a setting's default, a compose file for production.
    Stated,
}

/// What speaks for one engine.
#[derive(Debug, Default)]
struct Case {
    strongest: Option<Strength>,
    evidence: Vec<(Strength, Evidence)>,
    version: Option<String>,
}

impl Case {
    fn add(&mut self, strength: Strength, evidence: Evidence) {
        self.strongest = self.strongest.max(Some(strength));
        self.evidence.push((strength, evidence));
    }
}

/// Databases of the whole.
pub(crate) fn databases(components: &[Component<'_>], tree: &Tree, signals: &Signals) -> Vec<DatabaseFact> {
    let cases = cases(&signals.databases, components, tree, signals);
    let mut cases = cases;
    let server = |engine: &str| is_relational(engine) && engine != "sqlite";
    let chosen_sql =
        cases.iter().any(|(engine, case)| server(engine) && case.strongest >= Some(Strength::Chosen));
    // The driver of MySQL speaks to MariaDB too, so what is said of the one is said of the other.
    let mariadb = cases.get("mariadb").is_some_and(|case| case.strongest >= Some(Strength::DevelopmentImage));
    if mariadb
        && cases.get("mysql").is_some_and(|case| case.version.is_none())
        && let (Some(mysql), Some(mariadb)) = (cases.remove("mysql"), cases.get_mut("mariadb"))
    {
        mysql.evidence.into_iter().for_each(|(strength, seen)| mariadb.add(strength, seen));
    }
    let relational = || {
        cases
            .iter()
            .filter(|(engine, case)| is_relational(engine) && case.strongest >= Some(Strength::Driver))
    };
    let strongest = relational().filter_map(|(_, case)| case.strongest).max();
    let equals = relational().filter(|(_, case)| case.strongest == strongest).count();
    let several = relational().count() > 1;
    // Many drivers and no choice: a program that talks to whatever it is pointed at.
    let driven: Vec<String> = cases
        .iter()
        .filter(|(_, case)| case.strongest == Some(Strength::Driver))
        .map(|(engine, _)| engine.clone())
        .collect();
    let any_choice = cases.values().any(|case| case.strongest >= Some(Strength::Chosen));
    // The one that stands out is taken; the others, or all where none does, are alternatives.
    let optional: Vec<String> = relational()
        .filter(|(_, case)| several && !(case.strongest == strongest && equals == 1))
        .map(|(engine, _)| engine.clone())
        .collect();
    cases
        .into_iter()
        .filter(|(_, case)| case.strongest > Some(Strength::Hint))
        // SQLite beside a chosen server is the test's or the laptop's.
        .filter(|(engine, case)| {
            !(engine == "sqlite" && chosen_sql && case.strongest < Some(Strength::Chosen))
        })
        .map(|(engine, case)| {
            let one_of_many = driven.len() >= 4 && !any_choice && driven.contains(&engine);
            let optional = optional.contains(&engine) || one_of_many;
            let (certainty, evidence) = weigh(&case);
            // Drivers alone do not say which of many is used.
            let certainty =
                if optional && case.strongest < Some(Strength::Chosen) { Certainty::Low } else { certainty };
            DatabaseFact { fact: Fact::new(engine, certainty, evidence), version: case.version, optional }
        })
        .collect::<Vec<_>>()
        .into_iter()
        .map(|fact| (order(&fact), fact))
        .collect::<BTreeMap<_, _>>()
        .into_values()
        .collect()
}

fn order(fact: &DatabaseFact) -> (bool, bool, std::cmp::Reverse<Certainty>, String) {
    (
        fact.optional,
        !is_relational(&fact.fact.value),
        std::cmp::Reverse(fact.fact.certainty),
        fact.fact.value.clone(),
    )
}

/// Caches of the whole.
pub(crate) fn caches(components: &[Component<'_>], tree: &Tree, signals: &Signals) -> Vec<VersionedFact> {
    cases(&signals.caches, components, tree, signals)
        .into_iter()
        .filter(|(_, case)| case.strongest > Some(Strength::Hint))
        .map(|(engine, case)| {
            let (certainty, evidence) = weigh(&case);
            VersionedFact { fact: Fact::new(engine, certainty, evidence), version: case.version }
        })
        .collect()
}

/// Engines of one component, from its own drivers and providers alone.
pub(crate) fn of_component(
    component: &Component<'_>,
    found: &[DatabaseFact],
    tree: &Tree,
    signals: &Signals,
) -> Vec<String> {
    let mut own = BTreeMap::new();
    add_drivers(component, &signals.databases, &mut own);
    add_files(component, &signals.databases, tree, &mut own);
    let names = |strength: Strength| {
        found
            .iter()
            .map(|fact| &fact.fact.value)
            .filter(|engine| own.get(*engine).is_some_and(|case: &Case| case.strongest >= Some(strength)))
            .cloned()
            .collect::<Vec<_>>()
    };
    let certain = names(Strength::Driver);
    if certain.is_empty() { names(Strength::Hint) } else { certain }
}

fn is_relational(engine: &str) -> bool {
    matches!(engine, "postgres" | "mysql" | "mariadb" | "sqlite" | "mssql" | "oracle" | "cockroachdb")
}

fn weigh(case: &Case) -> (Certainty, Vec<Evidence>) {
    let certainty = match case.strongest {
        Some(Strength::Stated | Strength::Chosen | Strength::Driver) => Certainty::High,
        Some(Strength::DevelopmentImage) => Certainty::Medium,
        _ => Certainty::Low,
    };
    let mut evidence = case.evidence.clone();
    evidence.sort_by(|a, b| (std::cmp::Reverse(a.0), &a.1).cmp(&(std::cmp::Reverse(b.0), &b.1)));
    evidence.dedup();
    (certainty, evidence.into_iter().map(|(_, seen)| seen).take(6).collect())
}

fn cases(
    engines: &[Engine],
    components: &[Component<'_>],
    tree: &Tree,
    signals: &Signals,
) -> BTreeMap<String, Case> {
    let mut cases: BTreeMap<String, Case> = BTreeMap::new();
    for component in components.iter().filter(|component| !component.aside) {
        add_drivers(component, engines, &mut cases);
        add_files(component, engines, tree, &mut cases);
    }
    for (path, compose, development) in compose_files(tree) {
        for service in &compose.services {
            let build = super::containers::built_from(path, service);
            let base = build.and_then(|(_, file)| match tree.record(&file) {
                Some(Record::Dockerfile(dockerfile)) => {
                    dockerfile.shipped().last().map(|stage| stage.base.clone())
                }
                _ => None,
            });
            let Some(image) = base.or_else(|| service.image.clone()) else { continue };
            let (name, tag) = image_parts(&image);
            for engine in engines.iter().filter(|engine| engine.images.contains(&name)) {
                if compose.serves_only_others(&service.name) {
                    continue;
                }
                let strength = match (development, path.contains("prod")) {
                    (true, _) => Strength::DevelopmentImage,
                    (false, true) => Strength::Stated,
                    (false, false) => Strength::Chosen,
                };
                let case = cases.entry(engine.id.clone()).or_default();
                case.add(strength, maybe_at(path, service.line, &image));
                if case.version.is_none() {
                    case.version = tag.as_deref().and_then(image_version);
                }
            }
        }
    }
    for (engine, version) in ci_versions(engines, tree) {
        if let Some(case) = cases.get_mut(&engine) {
            case.version.get_or_insert(version);
        }
    }
    cases
}

/// Versions of the containers beside CI jobs: what the tests run against is what is meant.
fn ci_versions(engines: &[Engine], tree: &Tree) -> BTreeMap<String, String> {
    let images = tree.records().filter_map(|(_, record)| match record {
        Record::Ci(ci) => Some(ci.jobs.iter().flat_map(|job| &job.services)),
        _ => None,
    });
    images
        .flatten()
        .filter_map(|image| {
            let (name, tag) = image_parts(image);
            let engine = engines.iter().find(|engine| engine.images.contains(&name))?;
            Some((engine.id.clone(), image_version(&tag?)?))
        })
        .collect()
}

fn add_drivers(component: &Component<'_>, engines: &[Engine], cases: &mut BTreeMap<String, Case>) {
    for engine in engines {
        for (path, dependency) in component.production_dependencies(&engine.packages) {
            // What a workspace only declares or an extra only offers is not yet in use.
            let used = dependency.scope == crate::readers::manifest::Scope::Production;
            let strength = if used { Strength::Driver } else { Strength::Hint };
            cases.entry(engine.id.clone()).or_default().add(strength, dependency_evidence(path, dependency));
        }
        for (path, dependency) in component.production_dependencies(&engine.weak_packages) {
            let evidence = dependency_evidence(path, dependency);
            cases.entry(engine.id.clone()).or_default().add(Strength::Driver, evidence);
        }
    }
}

/// Schemas, connection URLs in examples and configurations, and ORM settings in code.
fn add_files(component: &Component<'_>, engines: &[Engine], tree: &Tree, cases: &mut BTreeMap<String, Case>) {
    let mut add = |engine: &Engine, strength: Strength, evidence: Evidence| {
        cases.entry(engine.id.clone()).or_default().add(strength, evidence);
    };
    let by_provider = |provider: &Provider| {
        engines.iter().find(|engine| {
            engine.providers.contains(&provider.name) || engine.schemes.contains(&provider.name)
        })
    };
    let by_url = |url: &str| {
        let scheme = url.split("://").next().unwrap_or_default();
        let scheme =
            scheme.strip_prefix("jdbc:").map_or_else(|| scheme.to_owned(), |rest| format!("jdbc:{rest}"));
        engines.iter().find(|engine| engine.schemes.contains(&scheme))
    };
    for path in &component.files {
        match tree.record(path) {
            Some(Record::Prisma(prisma)) => {
                if let Some((provider, line)) = &prisma.provider {
                    for engine in engines.iter().filter(|engine| engine.providers.contains(provider)) {
                        add(engine, Strength::Stated, at(path, *line, &format!("provider {provider}")));
                    }
                }
            }
            Some(Record::Example(variables)) => {
                for variable in variables.iter().filter(|variable| !variable.commented) {
                    let chosen = by_url(&variable.value).or_else(|| {
                        let connects = variable.name.contains("CONNECTION")
                            || variable.name.contains("ENGINE")
                            || variable.name.contains("DB_TYPE")
                            || variable.name.contains("DIALECT")
                            || variable.name.contains("CACHE_DRIVER")
                            || variable.name.contains("CACHE_STORE");
                        engines.iter().find(|engine| connects && engine.providers.contains(&variable.value))
                    });
                    if let Some(engine) = chosen {
                        // The value may hold a password, so only its scheme is shown.
                        let scheme = variable.value.split("://").next().unwrap_or_default();
                        add(
                            engine,
                            Strength::Stated,
                            at(path, variable.line, &format!("{}={scheme}", variable.name)),
                        );
                    } else if let Some(engine) =
                        engines.iter().find(|engine| engine.variables.contains(&variable.name))
                    {
                        add(engine, Strength::Hint, at(path, variable.line, &variable.name));
                    }
                }
            }
            Some(Record::AppConfig(config)) if !path.contains("test") => {
                for (url, line) in &config.urls {
                    let scheme = url.split("://").next().unwrap_or_default();
                    let about = crate::tree::name(path).contains("database")
                        || crate::tree::name(path).starts_with("application");
                    if let Some(engine) = by_url(url) {
                        add(
                            engine,
                            if about { Strength::Driver } else { Strength::Hint },
                            at(path, *line, &format!("{scheme}://…")),
                        );
                    }
                }
                for provider in &config.providers {
                    if let Some(engine) = by_provider(provider) {
                        // Only the file that is about databases decides on one; others offer choices.
                        let about = crate::tree::name(path).contains("database")
                            || crate::tree::name(path).starts_with("application");
                        add(
                            engine,
                            if about { Strength::Driver } else { Strength::Hint },
                            at(path, provider.line, &provider.seen),
                        );
                    }
                }
            }
            _ => {}
        }
    }
    for (path, source) in &component.sources {
        for provider in &source.providers {
            if let Some(engine) = by_provider(provider) {
                // Django and Ecto name an adapter by its module, which nothing else is called like.
                let strength = if provider.name.contains('.') { Strength::Chosen } else { Strength::Hint };
                add(engine, strength, at(path, provider.line, &provider.seen));
            }
        }
    }
}
