//! Services that a platform runs from an image and that have no `Dockerfile` → the images to build, or why there is none.

mod command;
mod layers;
mod own;
mod stages;
mod tool;

use std::collections::BTreeMap;

use siteplan_catalog::Catalog;
use siteplan_catalog::image::ImageRecipe;
use siteplan_model::design::{ImagePlan, ServicePlan};
use siteplan_model::script::is_variable;
use siteplan_model::survey::{DefaultUse, EnvironmentVariable, ServiceKind, VariableTime};

use crate::command::quoted;
use crate::ground::Ground;
use crate::services::PlacedService;
use crate::{environments, prose, secrets};

pub(crate) use command::inside;
pub(crate) use own::doubts;
use stages::Image;
pub(crate) use tool::lacking;

/// Folders of the repository inside the image.
const ROOT: &str = "/app";

/// What no image needs, whatever it is made of. `.env.example` holds no value of a secret.
const IGNORED: [&str; 11] = [
    ".git",
    ".github",
    ".gitlab-ci.yml",
    "bitbucket-pipelines.yml",
    ".dockerignore",
    "**/Dockerfile",
    "**/.env",
    "**/.env.*",
    "!**/.env.example",
    "**/.DS_Store",
    "**/*.log",
];

/// What siteplan itself writes below the folder of the documents.
const DOCUMENTS: [&str; 4] = [".siteplan", "siteplan.toml", "DEPLOYMENT_TDD.md", "09_DECISIONS.md"];

/// The images to write.
pub(crate) fn images(ground: &Ground<'_>) -> Vec<ImagePlan> {
    let mut plans: Vec<ImagePlan> =
        groups(ground).into_values().filter_map(|group| plan(ground, &group).ok()).collect();
    let has_own = ground.survey.build_files.iter().any(|path| path == ".dockerignore");
    let mut ignored: Vec<String> = IGNORED.iter().map(|pattern| (*pattern).to_owned()).collect();
    let documents = ground.spec_path.trim_start_matches("./").trim_end_matches('/');
    if layers::is_plain(documents) && !documents.is_empty() {
        ignored.extend(DOCUMENTS.iter().map(|name| format!("{documents}/{name}")));
    }
    for pattern in plans.iter_mut().filter_map(|plan| plan.ignored.take()).flatten() {
        if !ignored.contains(&pattern) {
            ignored.push(pattern);
        }
    }
    // One context for all images, so one list; the first carries it.
    if let Some(first) = plans.first_mut().filter(|_| !has_own) {
        first.ignored = Some(ignored);
    }
    plans
}

/// The options by which a build of an image that siteplan plans gets the values that it reads, for one environment: those that
/// are known, and the names of those that the CI must hold.
pub(crate) fn build_arguments(
    ground: &Ground<'_>,
    service: &PlacedService<'_>,
    environment: &str,
) -> Vec<String> {
    if !service.plan.needs_image || service.plan.dockerfile.is_some() {
        return Vec::new();
    }
    let options = public(ground).filter_map(|variable| {
        let own = environments::plain_literal(ground, variable, environment);
        match own {
            Some(value) if argument_default(variable).as_ref() == Some(&value) => None,
            None if variable.default_use == DefaultUse::Code => None,
            Some(value) => Some(format!("--build-arg {}", quoted(&format!("{}={value}", variable.name)))),
            None => Some(format!("--build-arg {}", variable.name)),
        }
    });
    options.collect()
}

/// The value that a build takes where nobody gives another: never one of a developer's machine.
fn argument_default(variable: &EnvironmentVariable) -> Option<String> {
    variable.default.clone().filter(|default| variable.default_use != DefaultUse::None && !default.is_empty())
}

/// The values that builds of planned images cannot do without and that nobody but the CI host can hold.
pub(crate) fn values_of_builds(ground: &Ground<'_>) -> Vec<String> {
    let builds = |service: &PlacedService<'_>| service.plan.needs_image && service.plan.dockerfile.is_none();
    if !ground.services.iter().any(builds) {
        return Vec::new();
    }
    let unknown = public(ground).filter(|variable| {
        let known = environments::plain_literal(ground, variable, crate::ground::PRODUCTION);
        variable.required && known.is_none() && variable.default_use != DefaultUse::Code
    });
    unknown.map(|variable| variable.name.clone()).collect()
}

/// The variables that a build reads and whose values anybody may see.
fn public<'g>(ground: &'g Ground<'_>) -> impl Iterator<Item = &'g EnvironmentVariable> {
    let secret = secrets::required_names(ground);
    ground.survey.environment.iter().filter(move |variable| {
        variable.when != VariableTime::Run
            && !variable.secret
            && !secret.contains(&variable.name)
            && is_variable(&variable.name)
    })
}

/// Why a service that needs an image gets none, one sentence for each.
pub(crate) fn gaps(ground: &Ground<'_>) -> Vec<String> {
    groups(ground)
        .into_iter()
        .filter_map(|(path, group)| {
            let why = plan(ground, &group).err()?;
            let services: Vec<String> = group.iter().map(|service| prose::code(&service.plan.slug)).collect();
            let platform = group.first().map_or("the platform", |service| service.platform.name.as_str());
            Some(format!(
                "{platform} runs {} from a container image, and the repository has no production Dockerfile for it. {why}: write {}.",
                prose::list(&services),
                prose::code(&path),
            ))
        })
        .collect()
}

/// The recipe of a service's image, if the catalog has one.
pub(crate) fn recipe<'c>(catalog: &'c Catalog, plan: &ServicePlan) -> Option<&'c ImageRecipe> {
    let manager = plan.package_manager.as_deref();
    let language = plan.language.as_deref()?;
    catalog.images.values().find(|recipe| recipe.is_for(language, manager))
}

/// The services without an image, by the file that would make it.
fn groups<'g, 'a>(ground: &'g Ground<'a>) -> BTreeMap<String, Vec<&'g PlacedService<'a>>> {
    let mut groups: BTreeMap<String, Vec<&PlacedService<'a>>> = BTreeMap::new();
    for service in
        ground.services.iter().filter(|service| service.plan.needs_image && service.plan.dockerfile.is_none())
    {
        groups.entry(service.plan.dockerfile_path()).or_default().push(service);
    }
    for group in groups.values_mut() {
        group.sort_by_key(|service| !service.plan.kind.serves_http());
    }
    groups
}

fn plan(ground: &Ground<'_>, group: &[&PlacedService<'_>]) -> Result<ImagePlan, String> {
    let Some(first) = group.first() else { return Err("Nothing runs from it".to_owned()) };
    if ground.planned || first.found.is_none() {
        return Err("Its code is not written yet".to_owned());
    }
    let folder = layers::clean(&first.plan.path);
    if !layers::is_plain(&folder) {
        return Err("The name of its folder holds characters that a Dockerfile takes for syntax".to_owned());
    }
    let language = first.plan.language.as_deref();
    let own = recipe(ground.catalog, &first.plan);
    if group
        .iter()
        .any(|service| recipe(ground.catalog, &service.plan).map(|one| &one.id) != own.map(|one| &one.id))
    {
        return Err("Its folder holds services of several languages".to_owned());
    }
    let is_static = first.plan.kind == ServiceKind::Static;
    if own.is_none() && (!is_static || first.plan.commands.build.is_some()) {
        return Err(no_recipe(ground, language, first.plan.package_manager.as_deref()));
    }
    let image = Image { ground, group, folder, recipe: own };
    let stages = image.stages()?;
    let ignored = own.map(|recipe| {
        let below = |pattern: &String| match (pattern.starts_with("**/"), image.folder.as_str()) {
            (false, folder) if !folder.is_empty() => format!("{folder}/{pattern}"),
            _ => pattern.clone(),
        };
        recipe.ignored.iter().map(below).collect()
    });
    Ok(ImagePlan {
        services: group.iter().map(|service| service.plan.slug.clone()).collect(),
        dockerfile: first.plan.dockerfile_path(),
        about: about(ground, group),
        stages,
        ignored,
    })
}

fn no_recipe(ground: &Ground<'_>, language: Option<&str>, manager: Option<&str>) -> String {
    let Some(language) = language else { return "Its language is not known".to_owned() };
    let called = ground.catalog.names.of(language);
    let known =
        ground.catalog.images.values().any(|recipe| recipe.languages.iter().any(|one| one == language));
    match manager.filter(|_| known) {
        Some(manager) => {
            format!("siteplan has no recipe for an image of {called} with {}", prose::code(manager))
        }
        None => format!("siteplan has no recipe for an image of {called}"),
    }
}

/// What the reader of the file must know.
fn about(ground: &Ground<'_>, group: &[&PlacedService<'_>]) -> Vec<String> {
    let plain = |slug: &&str| slug.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let slugs: Vec<&str> = group.iter().map(|service| service.plan.slug.as_str()).filter(plain).collect();
    let mut lines =
        vec![format!("Image of {}. The build context is the repository's root.", prose::list(&slugs))];
    if group.len() > 1 {
        lines.push("The services share it; the platform gives each its command.".to_owned());
    }
    let secrets: Vec<&str> = ground
        .survey
        .environment
        .iter()
        .filter(|variable| variable.secret && variable.when == VariableTime::Build)
        .map(|variable| variable.name.as_str())
        .filter(|name| is_variable(name))
        .collect();
    if !secrets.is_empty() {
        lines.push(format!(
            "The build reads {}: a secret is no build argument, which stays in the image's history. Mount it with `RUN --mount=type=secret`.",
            prose::list(&secrets)
        ));
    }
    lines
}
