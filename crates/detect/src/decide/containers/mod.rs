//! Container builds and compose files → which build is for production, and which component it is of.

mod context;
mod owner;
mod runs;

pub(crate) use context::build_context;
pub(crate) use owner::{assign, brings};
pub(crate) use runs::{brings_program, image};

use siteplan_catalog::signals::Signals;
use siteplan_model::fact::{Certainty, Fact};
use siteplan_model::survey::Containerised;

use crate::commands::is_development_server;
use crate::component::Component;
use crate::evidence::{at, file};
use crate::readers::Record;
use crate::readers::compose::{Compose, ComposeService, image_parts};
use crate::readers::dockerfile::Dockerfile;
use crate::tree::{Tree, folder, is_aside_folder, is_for_development, name, resolve};

/// Judges all container builds and orders all compose files of a tree, once for everybody who asks.
pub(crate) fn sort(tree: &mut Tree, signals: &Signals) {
    let mut builds = Vec::new();
    let mut composes = Vec::new();
    for (path, record) in tree.records() {
        match record {
            Record::Dockerfile(dockerfile) => {
                builds.push((path.to_owned(), purpose(path, dockerfile, signals)));
            }
            Record::Compose(_) if !is_aside_folder(&signals.files, folder(path)) => {
                composes.push((path.to_owned(), is_for_development(&signals.files, path)));
            }
            _ => {}
        }
    }
    composes.sort_by_key(|(path, development)| {
        (*development, !path.contains("prod"), path.matches('/').count(), path.clone())
    });
    tree.builds = builds;
    tree.compose_files = composes;
}

/// All container builds, with what each is for.
pub(crate) fn builds(tree: &Tree) -> impl Iterator<Item = (&str, &Dockerfile, Purpose)> {
    tree.builds.iter().filter_map(|(path, purpose)| match tree.record(path) {
        Some(Record::Dockerfile(dockerfile)) => Some((path.as_str(), dockerfile, *purpose)),
        _ => None,
    })
}

/// What a container build is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The application in production.
    Production,
    /// Developing, testing, an editor's container.
    Development,
    /// A database or proxy with settings of its own.
    Backing,
}

fn purpose(path: &str, dockerfile: &Dockerfile, signals: &Signals) -> Purpose {
    let rules = &signals.files;
    if is_for_development(rules, path) || is_aside_folder(rules, folder(path)) {
        return Purpose::Development;
    }
    if dockerfile.start().is_some_and(|start| {
        is_development_server(rules, &start.value)
            || start.value.contains("run dev")
            || start.value.ends_with(" dev")
    }) {
        return Purpose::Development;
    }
    let base = dockerfile.shipped().last().map(|stage| image_parts(&stage.base).0).unwrap_or_default();
    let engines = signals.databases.iter().chain(&signals.caches);
    let single = dockerfile.stages.len() == 1;
    if engines.into_iter().any(|engine| engine.images.contains(&base)) {
        return Purpose::Backing;
    }
    // A proxy or monitor that is only configured is backing; one that is filled with a built site is the site.
    if single && !is_filled(dockerfile) && rules.backing_images.contains(&base) && !folder(path).is_empty() {
        return Purpose::Backing;
    }
    Purpose::Production
}

/// Whether a build brings more into its image than settings.
fn is_filled(dockerfile: &Dockerfile) -> bool {
    let settings = [
        "conf",
        "template",
        "templates",
        "cnf",
        "cfg",
        "yml",
        "yaml",
        "json",
        "sh",
        "crt",
        "pem",
        "key",
        "nginx",
        "certs",
        "ssl",
    ];
    let configures = |copy: &str| {
        let last = name(copy.trim_end_matches('/')).to_ascii_lowercase();
        last.split(['.', '-', '_']).any(|word| settings.contains(&word) || word.starts_with("conf"))
    };
    let copies = dockerfile.stages.iter().flat_map(|stage| &stage.copies);
    let builds = dockerfile.stages.iter().flat_map(|stage| &stage.runs).any(|run| {
        ["build", "install -r", "npm ", "yarn", "pnpm", "composer"]
            .iter()
            .any(|word| run.value.contains(word))
    });
    builds || copies.into_iter().any(|copy| !configures(copy))
}

/// Whether a compose service is a backing service or proxy, so that it is no component of the application.
pub(crate) fn is_backing(service: &ComposeService, signals: &Signals) -> bool {
    service.image.as_deref().is_some_and(|image| signals.files.backing_images.contains(&image_parts(image).0))
}

/// Whether a service of a compose file is the application, not what stands around it.
pub(crate) fn is_application(service: &ComposeService, signals: &Signals) -> bool {
    if service.build.is_some() {
        return true;
    }
    let Some(image) = service.image.as_deref() else { return false };
    let (name, _) = crate::readers::compose::image_parts(image);
    let engines = signals.databases.iter().chain(&signals.caches);
    !engines.into_iter().any(|engine| engine.images.contains(&name)) && !is_backing(service, signals)
}

/// Compose files that are not beside the application, those for production first, with whether each is for development.
pub(crate) fn compose_files(tree: &Tree) -> impl Iterator<Item = (&str, &Compose, bool)> {
    tree.compose_files.iter().filter_map(|(path, development)| match tree.record(path) {
        Some(Record::Compose(compose)) => Some((path.as_str(), compose, *development)),
        _ => None,
    })
}

/// The folder and the container build of every compose service that is made from the repository.
pub(crate) fn composed(tree: &Tree) -> impl Iterator<Item = (String, String)> {
    compose_files(tree).flat_map(|(path, compose, _)| {
        compose.services.iter().filter_map(move |service| built_from(path, service))
    })
}

/// The folder and the container build that a compose service is made from.
pub(crate) fn built_from(path: &str, service: &ComposeService) -> Option<(String, String)> {
    let context = resolve(folder(path), service.build.as_deref()?)?;
    let dockerfile = service.dockerfile.as_deref().unwrap_or("Dockerfile");
    let dockerfile = resolve(&context, dockerfile)?;
    Some((context, dockerfile))
}

/// The production build of a component.
pub(crate) fn of_component<'t>(
    component: &Component<'t>,
    tree: &'t Tree,
) -> Option<(&'t str, &'t Dockerfile)> {
    let path = component.build?;
    match tree.record(path) {
        Some(Record::Dockerfile(dockerfile)) => Some((path, dockerfile)),
        _ => None,
    }
}

/// Whether a build's name says that it is a base for others or packages for a distribution.
fn is_partial(path: &str) -> bool {
    let partial = ["base", "builder", "build", "rpm", "debian", "deb", "package"];
    path.to_ascii_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).any(|word| partial.contains(&word))
}

/// The field of the Survey.
pub(crate) fn containerised(tree: &Tree, main: Option<&str>) -> Containerised {
    let builds: Vec<_> = builds(tree).collect();
    let any = builds.iter().filter(|(_, _, purpose)| *purpose != Purpose::Backing);
    let production: Vec<_> =
        builds.iter().filter(|(_, _, purpose)| *purpose == Purpose::Production).collect();
    let best = production.iter().min_by_key(|(path, _, _)| {
        (Some(*path) != main, is_partial(path), path.matches('/').count(), path.len(), *path)
    });
    let evidence = match best {
        Some((path, dockerfile, _)) => match dockerfile.start() {
            Some(start) => vec![at(path, start.line, &start.value)],
            None => vec![file(path, "container build")],
        },
        None => {
            any.clone().map(|(path, _, _)| file(path, "container build for development")).take(3).collect()
        }
    };
    Containerised {
        fact: Fact::new(any.count() > 0, Certainty::High, evidence),
        production: best.is_some(),
        dockerfile: best.map(|(path, _, _)| (*path).to_owned()),
    }
}
