//! Drivers, images, connection URLs, ORM settings → what speaks for each engine, and how strongly.

use std::collections::{BTreeMap, BTreeSet};

use siteplan_catalog::signals::{Engine, Signals};
use siteplan_model::fact::Evidence;

use crate::component::{Component, dependency_evidence};
use crate::decide::containers::{built_from, compose_files};
use crate::evidence::{at, maybe_at};
use crate::glob;
use crate::readers::Record;
use crate::readers::compose::{image_parts, image_version};
use crate::readers::providers::Provider;
use crate::tree::{Tree, is_development_source, is_for_development};

/// How strongly a place speaks for an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// A driver that several engines share, or a variable's name.
    Hint,
    /// A driver in the production dependencies.
    Driver,
    /// A compose service for development.
    DevelopmentImage,
    /// The code that sets an ORM up names it.
    Configured,
    /// A compose service, an adapter, an example's address: chosen by the repository.
    Chosen,
    /// Said to be the one of production: a schema, a setting, a compose file for production.
    Stated,
}

/// What speaks for one engine.
#[derive(Debug, Default)]
pub(super) struct Case {
    pub(super) strongest: Option<Strength>,
    pub(super) evidence: Vec<(Strength, Evidence)>,
    pub(super) version: Option<String>,
    /// Whether a setting in code names it, however weakly.
    pub(super) in_settings: bool,
    /// What it stands in besides packages.
    pub(super) stands_in: BTreeSet<Place>,
}

/// Where an engine is named besides packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// A container beside the application outside of development.
    Containers,
    /// A configuration file that is not of development.
    Configuration,
    /// A package that does nothing without it.
    Needing,
}

impl Case {
    pub(super) fn add(&mut self, strength: Strength, evidence: Evidence) {
        self.strongest = self.strongest.max(Some(strength));
        self.evidence.push((strength, evidence));
    }
}

/// What speaks for each of some engines.
pub(super) fn all(
    engines: &[Engine],
    components: &[Component<'_>],
    tree: &Tree,
    signals: &Signals,
) -> BTreeMap<String, Case> {
    let mut cases: BTreeMap<String, Case> = BTreeMap::new();
    for component in components.iter().filter(|component| !component.aside) {
        add_drivers(component, engines, &mut cases);
        add_files(component, engines, signals, &mut cases);
    }
    for (path, compose, development) in compose_files(tree) {
        for service in &compose.services {
            let build = built_from(path, service);
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
                case.stands_in.extend((!development).then_some(Place::Containers));
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

pub(super) fn add_drivers(component: &Component<'_>, engines: &[Engine], cases: &mut BTreeMap<String, Case>) {
    for engine in engines {
        for (path, dependency) in component.production_dependencies(&engine.packages) {
            // What a workspace only declares or an extra only offers is not yet in use.
            let used = dependency.scope == crate::readers::manifest::Scope::Production;
            let strength = if used { Strength::Driver } else { Strength::Hint };
            cases.entry(engine.id.clone()).or_default().add(strength, dependency_evidence(path, dependency));
        }
        if component.production_dependencies(&engine.needing).next().is_some() {
            cases.entry(engine.id.clone()).or_default().stands_in.insert(Place::Needing);
        }
        for (path, dependency) in component.production_dependencies(&engine.weak_packages) {
            let evidence = dependency_evidence(path, dependency);
            cases.entry(engine.id.clone()).or_default().add(Strength::Driver, evidence);
        }
    }
}

/// Schemas, connection URLs in examples and configurations, and ORM settings in code.
pub(super) fn add_files(
    component: &Component<'_>,
    engines: &[Engine],
    signals: &Signals,
    cases: &mut BTreeMap<String, Case>,
) {
    let rules = &signals.files;
    let mut add = |engine: &Engine, strength: Strength, evidence: Evidence, place: Option<Place>| {
        let case = cases.entry(engine.id.clone()).or_default();
        case.stands_in.extend(place);
        case.add(strength, evidence);
    };
    let by_provider = |provider: &Provider| {
        engines.iter().find(|engine| {
            engine.providers.contains(&provider.name) || engine.schemes.contains(&provider.name)
        })
    };
    let by_url = |url: &str| {
        let scheme = url.split("://").next().unwrap_or_default();
        // `jdbc:h2:mem:x` has no `//`: what counts is the part after `jdbc:`.
        let scheme = match scheme.strip_prefix("jdbc:") {
            Some(rest) => format!("jdbc:{}", rest.split(':').next().unwrap_or(rest)),
            None => scheme.to_owned(),
        };
        engines.iter().find(|engine| engine.schemes.contains(&scheme))
    };
    for (path, record) in &component.records {
        match record {
            Record::Prisma(prisma) => {
                if let Some((provider, line)) = &prisma.provider {
                    for engine in engines.iter().filter(|engine| engine.providers.contains(provider)) {
                        add(engine, Strength::Stated, at(path, *line, &format!("provider {provider}")), None);
                    }
                }
            }
            Record::Example(variables) => {
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
                        // A file on disk is what is easy on a laptop; a server is meant.
                        let strength = if engine.embedded { Strength::Driver } else { Strength::Stated };
                        add(
                            engine,
                            strength,
                            at(path, variable.line, &format!("{}={scheme}", variable.name)),
                            None,
                        );
                    } else if let Some(engine) =
                        engines.iter().find(|engine| engine.variables.contains(&variable.name))
                    {
                        add(engine, Strength::Hint, at(path, variable.line, &variable.name), None);
                    }
                }
            }
            Record::AppConfig(config) if !path.contains("test") => {
                let about = is_about_databases(path);
                // What stands below `test:` or `development:`, or in a file of theirs, is not production's.
                let aside = |line: u32| {
                    let key = config.keys.iter().rev().find(|key| key.line <= line);
                    let section = key.and_then(|key| key.path.first());
                    is_for_development(rules, path)
                        || section.is_some_and(|first| rules.development_words.contains(first))
                };
                let strength =
                    |line: u32| if about && !aside(line) { Strength::Driver } else { Strength::Hint };
                for (url, line) in &config.urls {
                    let scheme = url.split("://").next().unwrap_or_default();
                    if let Some(engine) = by_url(url) {
                        let outside = (!aside(*line)).then_some(Place::Configuration);
                        add(engine, strength(*line), at(path, *line, &format!("{scheme}://…")), outside);
                    }
                }
                for provider in &config.providers {
                    // Only the file that is about databases decides on one; others offer choices.
                    if let Some(engine) = by_provider(provider) {
                        let outside = (!aside(provider.line)).then_some(Place::Configuration);
                        add(
                            engine,
                            strength(provider.line),
                            at(path, provider.line, &provider.seen),
                            outside,
                        );
                    }
                }
            }
            _ => {}
        }
    }
    for (path, source) in &component.sources {
        for provider in &source.providers {
            let Some(engine) = by_provider(provider) else { continue };
            let development = is_development_source(rules, path);
            // Django and Ecto name an adapter by its module, which nothing else is called like.
            let strength = if development {
                Strength::Hint
            } else if provider.name.contains('.') {
                Strength::Chosen
            } else if provider.is_setting && glob::any(&rules.orm_files, path) {
                Strength::Stated
            } else if provider.is_setting && source.sets_orm_up {
                Strength::Configured
            } else {
                Strength::Hint
            };
            let case = cases.entry(engine.id.clone()).or_default();
            case.in_settings |= provider.is_setting && source.sets_orm_up && !development;
            case.add(strength, at(path, provider.line, &provider.seen));
        }
    }
}

/// Whether a configuration file is the one that decides on databases.
fn is_about_databases(path: &str) -> bool {
    let name = crate::tree::name(path);
    name.contains("database") || name.starts_with("application")
}
