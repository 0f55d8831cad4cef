//! Fly.io: `fly.toml` for the first app and `fly.<service>.toml` for each further one, shared by all environments, whose apps
//! the pipeline names. An app has one address: each service that is reached from outside is an app of its own, with what
//! else runs from its image as further process groups.
//!
//! Format: <https://fly.io/docs/reference/configuration/> (2026-08-07, seen 2026-11-22).

mod app;

use siteplan_model::file::{File, Part};

use super::site::{Placed, Site};

pub(super) fn files(site: &Site<'_>) -> Vec<File> {
    units(site)
        .iter()
        .enumerate()
        .map(|(at, services)| {
            let lead = services.first().map_or("", |placed| placed.plan.unit());
            let path = if at == 0 { "fly.toml".to_owned() } else { format!("fly.{lead}.toml") };
            let note = if at == 0 { app::schedules(site) } else { String::new() };
            File {
                part: Part::Platform,
                path,
                contents: format!("{note}{}", app::configuration(site, services)),
                purpose: format!("processes, health check and size of the Machines of {lead}"),
                syntax: "toml".to_owned(),
            }
        })
        .collect()
}

/// The services that run all the time, by app. Fly starts a process group again when it ends, so a scheduled service is none.
fn units<'s, 'a>(site: &'s Site<'a>) -> Vec<Vec<&'s Placed<'a>>> {
    let mut units: Vec<Vec<&Placed<'a>>> = Vec::new();
    for placed in site.services.iter().filter(|placed| placed.runs_always()) {
        let known =
            units.iter_mut().find(|unit| unit.iter().any(|one| one.plan.unit() == placed.plan.unit()));
        match known {
            Some(unit) => unit.push(placed),
            None => units.push(vec![placed]),
        }
    }
    // What users reach leads its app.
    for unit in &mut units {
        unit.sort_by_key(|placed| !placed.plan.kind.serves_http());
    }
    units
}
