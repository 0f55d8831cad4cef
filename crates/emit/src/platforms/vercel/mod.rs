//! Vercel: `vercel.json`, in the folder of each service.
//!
//! Format: <https://openapi.vercel.sh/vercel.json> (CLI 58.4.4, seen 2026-11-22).

use serde::Serialize;
use siteplan_model::design::ServicePlan;
use siteplan_model::file::{File, Part};

use super::site::{Site, folder, json};
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
    git: Git,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Git {
    deployment_enabled: Mapping<bool>,
}

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    site.project_files(|service| project(site, service))
}

fn project(site: &Site<'_>, service: &ServicePlan) -> File {
    let framework = service.framework.as_deref().and_then(preset);
    let project = Project {
        schema: "https://openapi.vercel.sh/vercel.json",
        framework,
        install_command: short(service.commands.install.as_deref()),
        build_command: short(service.commands.build.as_deref()),
        // A preset knows where its framework builds to.
        output_directory: if framework.is_none() { service.static_output.as_deref() } else { None },
        regions: site.region().map(|region| [region]),
        // The pipeline deploys the branch; Vercel's own deployments of it would be a second deployer.
        git: Git { deployment_enabled: [(site.branch().to_owned(), false)].into_iter().collect() },
    };
    let path =
        folder(service).map_or_else(|| "vercel.json".to_owned(), |folder| format!("{folder}/vercel.json"));
    File {
        part: Part::Platform,
        path,
        contents: json(&project),
        purpose: "how Vercel builds it, with deploy-on-push of the branch off".to_owned(),
        syntax: "json".to_owned(),
    }
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
