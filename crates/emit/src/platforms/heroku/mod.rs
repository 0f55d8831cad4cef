//! Heroku: `Procfile` and `app.json`.
//!
//! Formats: <https://devcenter.heroku.com/articles/procfile>, <https://devcenter.heroku.com/articles/app-json-schema> (seen 2026-11-22).

use serde::Serialize;
use siteplan_model::design::{DataResource, ServicePlan};
use siteplan_model::file::{File, Part};
use siteplan_model::survey::ServiceKind;

use super::site::{Site, folder, json, runtime};
use crate::markdown::one_line;
use crate::names::plain;
use crate::yaml::Mapping;

const STACK: &str = "heroku-24";

#[derive(Serialize)]
struct App<'a> {
    name: &'a str,
    stack: &'static str,
    env: Mapping<Config<'a>>,
    formation: Mapping<Dynos<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    addons: Vec<AddOn>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    buildpacks: Vec<Buildpack>,
}

#[derive(Serialize)]
struct Config<'a> {
    required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
}

#[derive(Serialize)]
struct Dynos<'a> {
    quantity: u32,
    size: &'a str,
}

#[derive(Serialize)]
struct AddOn {
    plan: String,
}

#[derive(Serialize)]
struct Buildpack {
    url: &'static str,
}

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    let processes = procfile(site);
    let app = File {
        part: Part::Platform,
        path: "app.json".to_owned(),
        contents: json(&app(site)),
        purpose: "variables, dynos and add-ons, for new apps and review apps".to_owned(),
        syntax: "json".to_owned(),
    };
    // Without a process of its own to name, an application is started as its buildpack does.
    let processes = (!processes.is_empty()).then(|| File {
        part: Part::Platform,
        path: "Procfile".to_owned(),
        contents: processes,
        purpose: if site.services.iter().any(|placed| site.migration(placed.plan).is_some()) {
            "the processes, and the release phase that migrates"
        } else {
            "the processes"
        }
        .to_owned(),
        syntax: "text".to_owned(),
    });
    processes.into_iter().chain([app]).collect()
}

/// One line per process: a command of several lines is joined, so that no line of it is another process.
fn procfile(site: &Site<'_>) -> String {
    let migration =
        site.services.iter().find_map(|placed| Some(in_folder(placed.plan, site.migration(placed.plan)?)));
    let release = migration.map(|command| format!("release: {}\n", one_line(&command)));
    let processes = processes(site).filter_map(|(name, plan)| {
        let start = plan.commands.start.as_deref()?;
        Some(format!("{name}: {}\n", one_line(&in_folder(plan, start))))
    });
    release.into_iter().chain(processes).collect()
}

/// A line that runs in the service's folder: every process starts at the root.
fn in_folder(plan: &ServicePlan, line: &str) -> String {
    match folder(plan) {
        Some(folder) => format!("cd {} && {line}", shlex::try_quote(folder).unwrap_or_default()),
        None => line.to_owned(),
    }
}

/// Heroku routes requests to the process that is called `web`.
fn processes<'s, 'a>(site: &'s Site<'a>) -> impl Iterator<Item = (String, &'a ServicePlan)> + 's {
    let main = site.main().map(|placed| &placed.plan.slug);
    site.services.iter().filter(|placed| placed.plan.kind != ServiceKind::Cron).map(move |placed| {
        let is_main = placed.plan.kind.serves_http() && main == Some(&placed.plan.slug);
        (if is_main { "web".to_owned() } else { plain(&placed.plan.slug) }, placed.plan)
    })
}

fn app<'a>(site: &Site<'a>) -> App<'a> {
    let variables = site.main().map(|placed| site.variables_but_port(placed.plan)).into_iter().flatten();
    // Add-ons set the addresses of what they bring.
    let set_by_hand = variables.filter(|variable| site.data_of(variable).is_none());
    let instances = |plan: &ServicePlan| {
        site.services.iter().find(|placed| placed.plan.slug == plan.slug).map_or(1, |placed| placed.instances)
    };
    let mut buildpacks: Vec<&'static str> = Vec::new();
    for placed in &site.services {
        let url = buildpack(placed.plan);
        buildpacks.extend(url.filter(|url| !buildpacks.contains(url)));
    }
    App {
        name: &site.design.application.slug,
        stack: STACK,
        env: set_by_hand
            .filter(|variable| variable.name.starts_with(|c: char| c.is_ascii_uppercase()))
            .map(|variable| {
                let config = Config { required: variable.required, value: site.shared_literal(variable) };
                (variable.name.clone(), config)
            })
            .collect(),
        formation: processes(site)
            .map(|(name, plan)| (name, Dynos { quantity: instances(plan), size: &plan.size }))
            .collect(),
        addons: site.own_data().filter_map(add_on).chain(scheduler(site)).collect(),
        buildpacks: buildpacks.into_iter().map(|url| Buildpack { url }).collect(),
    }
}

/// The add-on whose dashboard holds the scheduled services.
fn scheduler(site: &Site<'_>) -> Option<AddOn> {
    let is_scheduled = site.services.iter().any(|placed| !placed.runs_always());
    is_scheduled.then(|| AddOn { plan: "scheduler:standard".to_owned() })
}

fn add_on(data: &DataResource) -> Option<AddOn> {
    let service = match data.engine.as_str() {
        "postgres" => "heroku-postgresql",
        "redis" | "valkey" => "heroku-redis",
        _ => return None,
    };
    Some(AddOn { plan: format!("{service}:{}", data.plan_id) })
}

fn buildpack(plan: &ServicePlan) -> Option<&'static str> {
    Some(match runtime(plan.language.as_deref())? {
        "node" => "heroku/nodejs",
        "python" => "heroku/python",
        "go" => "heroku/go",
        "ruby" => "heroku/ruby",
        "java" | "kotlin" => "heroku/java",
        "scala" => "heroku/scala",
        "clojure" => "heroku/clojure",
        "php" => "heroku/php",
        _ => return None,
    })
}
