//! Netlify: `netlify.toml`, in the folder of each service.
//!
//! Format: npm package `@netlify/config` 24.6.0 (seen 2026-11-25), which is what Netlify itself reads the file with. Variables
//! of the file reach the build only; what a function reads at run time is set in the project.

use serde::Serialize;
use siteplan_model::design::ServicePlan;
use siteplan_model::file::{File, Part};
use siteplan_model::survey::ServiceKind;

use super::site::{Site, build_line, folder, routes_in_browser, runtime, schedule};
use crate::yaml::Mapping;

/// Ends a build before it begins.
const NEVER_BUILD: &str = "exit 0";

#[derive(Serialize)]
struct Project<'a> {
    build: Build<'a>,
    context: Contexts,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    functions: Mapping<Function>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    redirects: Vec<Redirect>,
}

#[derive(Serialize)]
struct Build<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publish: Option<&'a str>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    environment: Mapping<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Contexts {
    production: Context,
    branch_deploy: Context,
    #[serde(skip_serializing_if = "Option::is_none")]
    deploy_preview: Option<Context>,
}

#[derive(Serialize)]
struct Context {
    ignore: &'static str,
}

/// A function that Netlify calls on a schedule.
#[derive(Serialize)]
struct Function {
    schedule: String,
}

#[derive(Serialize)]
struct Redirect {
    from: &'static str,
    to: &'static str,
    status: u16,
}

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    site.project_files(|service| project(site, service))
}

fn project(site: &Site<'_>, service: &ServicePlan) -> File {
    let is_static = service.kind == ServiceKind::Static;
    let project = Project {
        build: Build {
            // The CLI in the pipeline installs nothing by itself.
            command: build_line(service),
            // The adapter of a framework that renders on the server knows where it builds to.
            publish: service.static_output.as_deref().filter(|_| is_static),
            environment: environment(site, service),
        },
        // The pipeline deploys; Netlify's own builds would be a second deployer, except those of pull requests where previews
        // are planned.
        context: Contexts {
            production: Context { ignore: NEVER_BUILD },
            branch_deploy: Context { ignore: NEVER_BUILD },
            deploy_preview: (!site.has_previews()).then_some(Context { ignore: NEVER_BUILD }),
        },
        functions: functions(site, service),
        redirects: routes_in_browser(service)
            .then_some(Redirect { from: "/*", to: "/index.html", status: 200 })
            .into_iter()
            .collect(),
    };
    let path =
        folder(service).map_or_else(|| "netlify.toml".to_owned(), |folder| format!("{folder}/netlify.toml"));
    File {
        part: Part::Platform,
        path,
        contents: toml::to_string(&project).expect("strings, numbers and maps always serialise"),
        purpose: "how Netlify builds it, with its own builds of production off".to_owned(),
        syntax: "toml".to_owned(),
    }
}

/// The scheduled services, as functions of the site that users reach first: Netlify runs no command on a schedule.
fn functions(site: &Site<'_>, service: &ServicePlan) -> Mapping<Function> {
    let is_main = site.main().is_some_and(|main| main.plan.slug == service.slug);
    let scheduled = site.services.iter().filter(|_| is_main).filter_map(|placed| {
        let function = Function { schedule: schedule(placed.plan)?.to_owned() };
        Some((placed.plan.slug.clone(), function))
    });
    scheduled.collect()
}

/// What the build reads: the version of Node.js, and the variables whose value all environments share.
fn environment<'a>(site: &Site<'a>, service: &'a ServicePlan) -> Mapping<&'a str> {
    let version =
        service.language_version.as_deref().filter(|_| runtime(service.language.as_deref()) == Some("node"));
    let shared = site
        .variables(service)
        .filter(|variable| variable.when.contains("build"))
        .filter_map(|variable| Some((variable.name.clone(), site.shared_literal(variable)?)));
    version.map(|version| ("NODE_VERSION".to_owned(), version)).into_iter().chain(shared).collect()
}
