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
    /// A compose service, a URL, a provider: chosen by the repository.
    Chosen,
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
    let server = |engine: &str| is_relational(engine) && engine != "sqlite";
    let chosen_sql = cases.iter().any(|(engine, case)| server(engine) && case.strongest >= Some(Strength::Chosen));
    let drivers = cases.iter().filter(|(engine, case)| is_relational(engine) && case.strongest >= Some(Strength::Driver)).count();
    // The driver of MySQL speaks to MariaDB too.
    let mariadb = cases.get("mariadb").is_some_and(|case| case.strongest >= Some(Strength::DevelopmentImage));
    cases
        .into_iter()
        .filter(|(_, case)| case.strongest > Some(Strength::Hint))
        // SQLite beside a chosen server is the test's or the laptop's.
        .filter(|(engine, case)| !(engine == "sqlite" && chosen_sql && case.strongest < Some(Strength::Chosen)))
        .filter(|(engine, case)| !(engine == "mysql" && mariadb && case.strongest < Some(Strength::Chosen)))
        .map(|(engine, case)| {
            let taken = chosen_sql && case.strongest >= Some(Strength::Chosen) && engine != "sqlite";
            let optional = is_relational(&engine) && drivers > 1 && !taken;
            let (certainty, evidence) = weigh(&case);
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
    (fact.optional, !is_relational(&fact.fact.value), std::cmp::Reverse(fact.fact.certainty), fact.fact.value.clone())
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
pub(crate) fn of_component(component: &Component<'_>, found: &[DatabaseFact], tree: &Tree, signals: &Signals) -> Vec<String> {
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
        Some(Strength::Chosen | Strength::Driver) => Certainty::High,
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
    for (path, compose, development) in compose_files(tree, signals) {
        for service in &compose.services {
            let build = super::containers::built_from(path, service);
            let base = build.and_then(|(_, file)| match tree.record(&file) {
                Some(Record::Dockerfile(dockerfile)) => dockerfile.shipped().last().map(|stage| stage.base.clone()),
                _ => None,
            });
            let Some(image) = base.or_else(|| service.image.clone()) else { continue };
            let (name, tag) = image_parts(&image);
            for engine in engines.iter().filter(|engine| engine.images.contains(&name)) {
                let strength = if development { Strength::DevelopmentImage } else { Strength::Chosen };
                let case = cases.entry(engine.id.clone()).or_default();
                case.add(strength, maybe_at(path, service.line, &image));
                if case.version.is_none() {
                    case.version = tag.as_deref().and_then(image_version);
                }
            }
        }
    }
    cases
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
        engines.iter().find(|engine| engine.providers.contains(&provider.name) || engine.schemes.contains(&provider.name))
    };
    let by_url = |url: &str| {
        let scheme = url.split("://").next().unwrap_or_default();
        let scheme = scheme.strip_prefix("jdbc:").map_or_else(|| scheme.to_owned(), |rest| format!("jdbc:{rest}"));
        engines.iter().find(|engine| engine.schemes.contains(&scheme))
    };
    for path in &component.files {
        match tree.record(path) {
            Some(Record::Prisma(prisma)) => {
                if let Some((provider, line)) = &prisma.provider {
                    for engine in engines.iter().filter(|engine| engine.providers.contains(provider)) {
                        add(engine, Strength::Chosen, at(path, *line, &format!("provider {provider}")));
                    }
                }
            }
            Some(Record::Example(variables)) => {
                for variable in variables.iter().filter(|variable| !variable.commented) {
                    let chosen = by_url(&variable.value).or_else(|| {
                        let connects = variable.name.contains("CONNECTION") || variable.name.contains("ENGINE") || variable.name.contains("DB_TYPE") || variable.name.contains("DIALECT") || variable.name.contains("CACHE_DRIVER") || variable.name.contains("CACHE_STORE");
                        engines.iter().find(|engine| connects && engine.providers.contains(&variable.value))
                    });
                    if let Some(engine) = chosen {
                        // The value may hold a password, so only its scheme is shown.
                        let scheme = variable.value.split("://").next().unwrap_or_default();
                        add(engine, Strength::Chosen, at(path, variable.line, &format!("{}={scheme}", variable.name)));
                    } else if let Some(engine) = engines.iter().find(|engine| engine.variables.contains(&variable.name)) {
                        add(engine, Strength::Hint, at(path, variable.line, &variable.name));
                    }
                }
            }
            Some(Record::AppConfig(config)) if !path.contains("test") => {
                for (url, line) in &config.urls {
                    let scheme = url.split("://").next().unwrap_or_default();
                    if let Some(engine) = by_url(url) {
                        add(engine, Strength::Driver, at(path, *line, &format!("{scheme}://…")));
                    }
                }
                for provider in &config.providers {
                    if let Some(engine) = by_provider(provider) {
                        add(engine, Strength::Driver, at(path, provider.line, &provider.seen));
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
