//! The health contract → the endpoint for the framework in use, and the contract as OpenAPI.

mod literal;
mod openapi;
mod template;

use siteplan_model::design::{Design, HealthAnswers, ServicePlan};
use siteplan_model::file::{File, Part};

/// The files.
pub(crate) fn files(design: &Design) -> Vec<File> {
    if !design.health.included {
        return Vec::new();
    }
    let services: Vec<&ServicePlan> =
        design.topology.components.iter().filter_map(|component| component.service.as_ref()).collect();
    let first = |at: usize| !services[..at].iter().any(|earlier| shares(earlier, services[at]));
    let mut files: Vec<File> = (0..services.len())
        .filter(|at| first(*at))
        .flat_map(|at| {
            let sharing = services[at..].iter().filter(|other| shares(services[at], other));
            let names: Vec<String> = sharing.map(|plan| format!("`{}`", plan.slug)).collect();
            endpoint(services[at], &names.join(", "))
        })
        .collect();
    files.extend(openapi::file(design, &services));
    files
}

/// Whether two services answer by the very same code: several processes of one folder do.
fn shares(one: &ServicePlan, other: &ServicePlan) -> bool {
    one.health_code == other.health_code
        && one.health_path == other.health_path
        && one.live_path == other.live_path
}

/// The code of the endpoint of the services that share it.
fn endpoint(plan: &ServicePlan, of: &str) -> Vec<File> {
    let (Some(code), Some(ready), Some(live)) = (&plan.health_code, &plan.health_path, &plan.live_path)
    else {
        return Vec::new();
    };
    // Where each path has a file of its own, the file of the live path may be the only one.
    let alone = code.answers == HealthAnswers::Live && code.kit.starts_with("next-");
    let role = if alone { "live" } else { "code" };
    let own = std::iter::once((role, code.file.as_str()));
    let beside = code.beside.iter().map(|(role, path)| (role.as_str(), path.as_str()));
    own.chain(beside)
        .filter_map(|(role, path)| {
            let answered = match (code.answers, role) {
                (_, "routes") => format!("the routes of the health endpoint of {of}"),
                (HealthAnswers::Live, _) | (_, "live") => format!("answers `{live}` of {of}"),
                _ if code.beside.contains_key("live") => format!("answers `{ready}` of {of}"),
                _ => format!("answers `{ready}` and `{live}` of {of}"),
            };
            Some(File {
                part: Part::Health,
                path: path.to_owned(),
                contents: template::render(code, role, ready, live)?,
                purpose: answered,
                syntax: syntax(path).to_owned(),
            })
        })
        .collect()
}

/// The language tag of a file by its ending.
fn syntax(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("ts") => "typescript",
        Some("js" | "mjs") => "javascript",
        Some("py") => "python",
        Some("rb") => "ruby",
        Some("php") => "php",
        Some("java") => "java",
        Some("go") => "go",
        Some("rs") => "rust",
        Some("ex") => "elixir",
        Some("cs") => "csharp",
        _ => "text",
    }
}
