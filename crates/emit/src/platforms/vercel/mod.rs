//! Vercel: `vercel.json`, in the folder of each service.
//!
//! Format: <https://openapi.vercel.sh/vercel.json> (CLI 58.4.4, seen 2026-11-22).

use serde::Serialize;
use siteplan_model::design::ServicePlan;
use siteplan_model::file::{File, Part};

use super::site::{Site, folder, json, schedule};
use crate::yaml::Mapping;

/// Longest command that the format allows.
const LONGEST_COMMAND: usize = 256;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Project<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    framework: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    install_command: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    build_command: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_directory: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    regions: Option<[&'a str; 1]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    crons: Vec<Cron<'a>>,
    git: Git,
}

/// A path that Vercel calls on a schedule.
#[derive(Serialize)]
struct Cron<'a> {
    path: String,
    schedule: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Git {
    deployment_enabled: Enabled,
}

/// For all branches, or for each that is named.
#[derive(Serialize)]
#[serde(untagged)]
enum Enabled {
    Nothing(bool),
    ButFor(Mapping<bool>),
}

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    site.project_files(|service| project(site, service))
}

fn project<'a>(site: &Site<'a>, service: &'a ServicePlan) -> File {
    let framework = service.framework.as_deref().and_then(preset);
    let project = Project {
        schema: "https://openapi.vercel.sh/vercel.json",
        framework,
        install_command: short(service.commands.install.as_deref()),
        build_command: short(service.commands.build.as_deref()),
        // A preset knows where its framework builds to.
        output_directory: if framework.is_none() { service.static_output.as_deref() } else { None },
        regions: site.region().map(|region| [region]),
        crons: crons(site, service),
        git: Git { deployment_enabled: enabled(site) },
    };
    let path =
        folder(service).map_or_else(|| "vercel.json".to_owned(), |folder| format!("{folder}/vercel.json"));
    File {
        part: Part::Platform,
        path,
        contents: json(&project),
        purpose: "how Vercel builds it, with its own deploy-on-push off".to_owned(),
        syntax: "json".to_owned(),
    }
}

/// The pipeline deploys the branch; Vercel's own deployments of it would be a second deployer. Where no previews are planned,
/// those of other branches would be of nobody's design.
fn enabled(site: &Site<'_>) -> Enabled {
    if site.has_previews() {
        Enabled::ButFor([(site.branch().to_owned(), false)].into_iter().collect())
    } else {
        Enabled::Nothing(false)
    }
}

/// The scheduled services, called at the site that users reach first: Vercel runs no command on a schedule.
fn crons<'a>(site: &Site<'a>, service: &ServicePlan) -> Vec<Cron<'a>> {
    let is_main = site.main().is_some_and(|main| main.plan.slug == service.slug);
    let scheduled = site.services.iter().filter(|_| is_main).filter_map(|placed| {
        Some(Cron { path: format!("/api/cron/{}", placed.plan.slug), schedule: schedule(placed.plan)? })
    });
    scheduled.collect()
}

fn short(command: Option<&str>) -> Option<&str> {
    command.filter(|command| command.chars().count() <= LONGEST_COMMAND)
}

/// Vercel's name for a framework, where it has one.
fn preset(framework: &str) -> Option<&'static str> {
    Some(match framework {
        "next" => "nextjs",
        "nuxt" => "nuxtjs",
        "svelte-kit" | "sveltekit" => "sveltekit-1",
        "remix" => "remix",
        "react-router" => "react-router",
        "astro" => "astro",
        "gatsby" => "gatsby",
        "angular" => "angular",
        "vite" => "vite",
        "vitepress" => "vitepress",
        "docusaurus" => "docusaurus-2",
        "eleventy" => "eleventy",
        "hugo" => "hugo",
        "jekyll" => "jekyll",
        "create-react-app" => "create-react-app",
        "solid-start" => "solidstart-1",
        "express" => "express",
        "fastify" => "fastify",
        "hono" => "hono",
        "nest" | "nestjs" => "nestjs",
        "koa" => "koa",
        "fastapi" => "fastapi",
        "flask" => "flask",
        _ => return None,
    })
}
